/* struct stir_issuer: a CA's certificate and key, and what it issues. */
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "service/issuing.h"

void stir_issuer_free(struct stir_issuer *issuer)
{
    if (issuer == NULL)
        return;
    stir_chain_free(issuer->chain);
    stir_key_free(issuer->key);
    free(issuer);
}

/* The same certificates, and the same fault. */
static struct stir_chain *copy_chain(const struct stir_chain *chain)
{
    struct stir_certificate *certificates[LIMIT_CERTIFICATES];
    struct stir_chain *copy;

    for (size_t i = 0; i < chain->n; i++)
        certificates[i] = certificate_ref(chain->certificates[i]);
    copy = chain_of(certificates, chain->n);
    if (copy != NULL) {
        copy->fault = chain->fault;
        return copy;
    }
    for (size_t i = 0; i < chain->n; i++)
        certificate_free(certificates[i]);
    return NULL;
}

/* Does the certificate's key verify what this one signs? Octets of two SubjectPublicKeyInfos may
   differ while the key is the same. */
static int try_key(const struct stir_key *key, const struct stir_chain *chain, bool *fits,
                   struct stir_error *error)
{
    static const char probe[] = "whose key is this";
    enum signature_kind kind;
    void *signature = NULL;
    size_t len;
    int rc;

    if (chain->n == 0 || chain->certificates[0]->key == NULL
        || certificate_signature_by(key_kind(key)) == SIGNATURE_UNSUPPORTED)
        return 0;
    rc = key_sign_certificate(key, probe, sizeof probe, &kind, &signature, &len, error);
    if (rc == 0)
        rc = public_key_verify(chain->certificates[0]->key, kind, probe, sizeof probe,
                               signature, len);
    *fits = rc == 1;
    free(signature);
    return rc < 0 ? error_set(error, rc, "issuer: its key could not be tried") : 0;
}

static int fill(struct stir_issuer *issuer, const struct stir_chain *chain,
                const struct stir_key *key, struct stir_error *error)
{
    issuer->process = getpid();
    issuer->key = key_ref(key);
    if (chain == NULL)
        return 0;
    issuer->chain = copy_chain(chain);
    if (issuer->chain == NULL)
        return error_no_memory(error);
    return try_key(key, chain, &issuer->key_fits, error);
}

struct stir_issuer *stir_issuer_new(struct stir_verifier *verifier,
                                    const struct stir_chain *chain, const struct stir_key *key,
                                    struct stir_error *error)
{
    struct stir_issuer *issuer;

    error_clear(error);
    if (key == NULL) {
        error_null(error, "key");
        return NULL;
    }
    issuer = calloc(1, sizeof *issuer);
    if (issuer == NULL) {
        error_no_memory(error);
        return NULL;
    }
    issuer->verifier = verifier;
    if (fill(issuer, chain, key, error) == 0)
        return issuer;
    stir_issuer_free(issuer);
    return NULL;
}

/* ---- Issuing ----------------------------------------------------------------------------- */

struct stir_result *stir_issuer_precheck(const struct stir_issuer *issuer,
                                         const struct stir_request *request, int64_t now,
                                         int timeout_ms, struct stir_error *error)
{
    struct issuing issuing = {.issuer = issuer, .request = request, .now = now};
    struct stir_result *result = NULL;

    (void)timeout_ms; /* SPC data answers at once */
    error_clear(error);
    if (issuing_judge(&issuing, error) == 0) {
        result = issuing.result;
        issuing.result = NULL;
        path_copy(&result->path, &issuing.path);
    }
    issuing_free(&issuing);
    return result;
}

static struct stir_chain *sign(const struct issuing *issuing, struct stir_error *error)
{
    struct stir_certificate *certificates[LIMIT_CERTIFICATES] = {NULL};
    const struct stir_chain *above = issuing->issuer->chain;
    struct stir_chain *chain = NULL;
    void *der = NULL;
    size_t len, n = 1;

    if (certificate_write(&issuing->draft, issuing->issuer->key, &der, &len, error) < 0)
        return NULL;
    int rc = certificate_new(der, len, issuing->snapshot->es256, &certificates[0]);
    free(der);
    if (rc < 0) {
        error_set(error, rc, "issuer: the certificate could not be read back");
        return NULL;
    }
    for (size_t i = 0; above != NULL && i < above->n; i++)
        certificates[n++] = certificate_ref(above->certificates[i]);
    chain = chain_of(certificates, n);
    for (size_t i = 0; chain == NULL && i < n; i++)
        certificate_free(certificates[i]);
    if (chain == NULL)
        error_no_memory(error);
    return chain;
}

struct stir_chain *stir_issuer_issue(const struct stir_issuer *issuer,
                                     const struct stir_request *request, int64_t now, int flags,
                                     struct stir_error *error)
{
    struct issuing issuing = {.issuer = issuer, .request = request, .now = now};
    struct stir_chain *chain = NULL;

    error_clear(error);
    if (issuing_judge(&issuing, error) == 0) {
        const struct stir_error *finding = &issuing.result->finding;
        if (finding->code == 0 || (issuing.writable && (flags & STIR_FORCE) != 0))
            chain = sign(&issuing, error);
        else
            error_copy(error, finding);
    }
    issuing_free(&issuing);
    return chain;
}
