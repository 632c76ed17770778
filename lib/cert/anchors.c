/* Trust anchors: the certificates that paths may end at. */
#include "cert/anchors.h"

#include <stdlib.h>
#include <string.h>

#include "cert/pem_list.h"

struct adding {
    struct anchors anchors; /* the new ones */
    const struct anchors *old;
    const struct es256_provider *provider;
    int (*judge)(const struct stir_certificate *certificate, int depth,
                 struct stir_error *error);
    int n; /* blocks so far */
    struct stir_error *error;
};

void anchors_free(struct anchors *anchors)
{
    for (size_t i = 0; i < anchors->n; i++)
        certificate_free(anchors->certificates[i]);
    free(anchors->certificates);
    *anchors = (struct anchors){0};
}

static bool has(const struct anchors *anchors, const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < anchors->n; i++)
        if (certificate_equal(anchors->certificates[i], certificate))
            return true;
    return false;
}

static int append(struct anchors *anchors, struct stir_certificate *certificate)
{
    struct stir_certificate **longer =
        realloc(anchors->certificates, (anchors->n + 1) * sizeof *longer);

    if (longer == NULL)
        return STIR_E_NOMEM;
    anchors->certificates = longer;
    longer[anchors->n++] = certificate;
    return 0;
}

/* What can be told now: time is judged at validation. A-34. */
static int judge(const struct stir_certificate *certificate, int depth,
                 struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate_fault(certificate, depth, error) != 0)
        return STIR_E_REFUSED;
    certificate_name(name, certificate, depth);
    if (!certificate->ca)
        error_set_at(
            error, STIR_CODE_ISSUER_NOT_CA, depth,
            "%s is no CA, wanted of a trust anchor: basicConstraints with cA TRUE (RFC "
            "5280 section 4.2.1.9)",
            name);
    else if (!certificate_may(certificate, KEY_USAGE_KEY_CERT_SIGN))
        error_set_at(error, STIR_CODE_KEY_USAGE, depth,
                     "%s: its key usage is %s, wanted of a trust anchor: keyCertSign (RFC 5280 "
                     "section 4.2.1.3)",
                     name, certificate->key_usage_text);
    else
        return 0;
    return STIR_E_REFUSED;
}

/* Whether its key ever signs a list is for each list to show. */
static int judge_crl_signer(const struct stir_certificate *certificate, int depth,
                            struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate_fault(certificate, depth, error) != 0)
        return STIR_E_REFUSED;
    if (certificate_may(certificate, KEY_USAGE_CRL_SIGN))
        return 0;
    error_set_at(error, STIR_CODE_KEY_USAGE, depth,
                 "%s: its key usage is %s, wanted of a CRL anchor: cRLSign (RFC 5280 section "
                 "4.2.1.3)",
                 certificate_name(name, certificate, depth), certificate->key_usage_text);
    return STIR_E_REFUSED;
}

static int add(void *arg, uint8_t *der, size_t len)
{
    struct adding *adding = arg;
    struct stir_certificate *certificate = NULL;
    int rc = certificate_take(der, len, adding->provider, &certificate);

    if (rc == 0)
        rc = adding->judge(certificate, adding->n++, adding->error);
    if (rc == 0 && !has(adding->old, certificate) && !has(&adding->anchors, certificate)) {
        certificate->anchor = true;
        rc = append(&adding->anchors, certificate);
        if (rc == 0)
            certificate = NULL;
    }
    certificate_free(certificate);
    return rc;
}

/* All of from's go over to anchors, or none. */
static int move_all(struct anchors *anchors, struct anchors *from)
{
    if (from->n == 0)
        return 0;
    struct stir_certificate **longer =
        realloc(anchors->certificates, (anchors->n + from->n) * sizeof *longer);
    if (longer == NULL)
        return STIR_E_NOMEM;
    memcpy(longer + anchors->n, from->certificates, from->n * sizeof *longer);
    anchors->certificates = longer;
    anchors->n += from->n;
    from->n = 0;
    return 0;
}

static int add_all(struct anchors *anchors, struct adding *adding, const void *pem, size_t len)
{
    struct stir_error failure;

    error_clear(&failure);
    int rc = pem_list_each(pem, len, true, add, adding, &failure);
    if (rc > 0) /* an x5u-body is a matter of calls, not of this */
        rc = error_set(adding->error, STIR_E_SYNTAX, "trust anchors: %s", failure.text);
    if (rc == 0)
        rc = move_all(anchors, &adding->anchors);
    anchors_free(&adding->anchors);
    return rc == STIR_E_NOMEM ? error_no_memory(adding->error) : rc;
}

int anchors_add_pem(struct anchors *anchors, const void *pem, size_t len,
                    const struct es256_provider *provider, struct stir_error *error)
{
    struct adding adding = {
        .old = anchors, .provider = provider, .judge = judge, .error = error};

    return add_all(anchors, &adding, pem, len);
}

int anchors_add_crl_signers(struct anchors *anchors, const void *pem, size_t len,
                            const struct es256_provider *provider, struct stir_error *error)
{
    struct adding adding = {
        .old = anchors, .provider = provider, .judge = judge_crl_signer, .error = error};

    return add_all(anchors, &adding, pem, len);
}

int anchors_copy(struct anchors *to, const struct anchors *from)
{
    *to = (struct anchors){0};
    if (from->n == 0)
        return 0;
    to->certificates = calloc(from->n, sizeof *to->certificates);
    if (to->certificates == NULL)
        return STIR_E_NOMEM;
    for (; to->n < from->n; to->n++)
        to->certificates[to->n] = certificate_ref(from->certificates[to->n]);
    return 0;
}

const struct stir_certificate *anchors_by_subject(const struct anchors *anchors,
                                                  struct der subject, size_t i)
{
    for (size_t k = 0; k < anchors->n; k++)
        if (der_equal(anchors->certificates[k]->subject, subject) && i-- == 0)
            return anchors->certificates[k];
    return NULL;
}

const struct stir_certificate *anchors_same(const struct anchors *anchors,
                                            const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < anchors->n; i++)
        if (der_equal(anchors->certificates[i]->subject, certificate->subject)
            && der_equal(anchors->certificates[i]->spki, certificate->spki))
            return anchors->certificates[i];
    return NULL;
}
