/* A PEM list as it came, signer first: struct stir_chain of stir.h. What is wrong with the body
   is kept in it, for a path to say. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cert/pem_list.h"

struct filling {
    struct stir_chain *chain;
    const struct es256_provider *provider;
};

static int count(void *arg, uint8_t *der, size_t len)
{
    size_t *n = arg;

    (void)len;
    free(der);
    ++*n;
    return 0;
}

static int add(void *arg, uint8_t *der, size_t len)
{
    struct filling *filling = arg;
    struct stir_chain *chain = filling->chain;
    int rc = certificate_take(der, len, filling->provider, &chain->certificates[chain->n]);

    if (rc == 0)
        chain->n++;
    return rc;
}

static int add_der(struct filling *filling, const char *body, size_t len)
{
    uint8_t *der = (uint8_t *)text_copy(body, len);

    return der == NULL ? STIR_E_NOMEM : add(filling, der, len);
}

static bool is_der(const char *body, size_t len)
{
    return len > 0 && body[0] == DER_SEQUENCE;
}

/* No certificate is read before the whole body is known to be a list, and short enough. */
static int fill(struct filling *filling, const char *body, size_t len, bool der_too)
{
    struct stir_error *fault = &filling->chain->fault;
    size_t n = 0;

    if (len > LIMIT_PEM_LIST)
        return error_set(fault, STIR_CODE_X5U_BODY,
                         "the certificate list has more than %d octets", LIMIT_PEM_LIST);
    if (der_too && is_der(body, len))
        return add_der(filling, body, len);
    int rc = pem_list_each(body, len, false, count, &n, fault);
    if (rc == 0 && n > LIMIT_CERTIFICATES)
        rc = error_set(fault, STIR_CODE_LIST_TOO_LONG,
                       "the certificate list has %zu certificates, wanted: at most %d", n,
                       LIMIT_CERTIFICATES);
    return rc == 0 ? pem_list_each(body, len, false, add, filling, fault) : rc;
}

int chain_new(const void *body, size_t len, bool der_too, const struct es256_provider *provider,
              struct stir_chain **chain)
{
    struct filling filling = {calloc(1, sizeof *filling.chain), provider};

    *chain = NULL;
    if (filling.chain == NULL)
        return STIR_E_NOMEM;
    error_clear(&filling.chain->fault);
    int rc = fill(&filling, body, len, der_too);
    if (rc < 0) {
        stir_chain_free(filling.chain);
        return rc;
    }
    *chain = filling.chain;
    return 0;
}

struct stir_chain *chain_of(struct stir_certificate *const *certificates, size_t n)
{
    struct stir_chain *chain = calloc(1, sizeof *chain);

    if (chain == NULL || n > LIMIT_CERTIFICATES) {
        free(chain);
        return NULL;
    }
    error_clear(&chain->fault);
    for (size_t i = 0; i < n; i++)
        chain->certificates[i] = certificates[i];
    chain->n = n;
    return chain;
}

void stir_chain_free(struct stir_chain *chain)
{
    if (chain == NULL)
        return;
    for (size_t i = 0; i < chain->n; i++)
        certificate_free(chain->certificates[i]);
    free(chain);
}

struct stir_chain *stir_chain_parse(const void *pem, size_t len, struct stir_error *error)
{
    struct stir_chain *chain = NULL;

    error_clear(error);
    if (pem == NULL) {
        error_null(error, "pem");
        return NULL;
    }
    int rc = chain_new(pem, len == STIR_NUL ? strlen(pem) : len, false, &es256_gnutls, &chain);
    if (rc == STIR_E_NOMEM)
        error_no_memory(error);
    else if (rc < 0)
        error_set(error, rc, "the certificates cannot be read");
    return chain;
}

/* A file that is too long is a list that is wrong, not one that could not be read. */
struct stir_chain *stir_chain_load(const char *file, struct stir_error *error)
{
    struct stir_error failure;
    struct stir_chain *chain = NULL;
    char *body = NULL;
    size_t len = 0;

    error_clear(error);
    error_clear(&failure);
    if (file == NULL) {
        error_null(error, "file");
        return NULL;
    }
    int rc = file_read(file, LIMIT_PEM_LIST, &body, &len, &failure);
    if (rc == STIR_E_LIMIT) {
        chain = chain_of(NULL, 0);
        if (chain == NULL)
            error_no_memory(error);
        else
            error_set(&chain->fault, STIR_CODE_X5U_BODY,
                      "the certificate list has more than %d octets", LIMIT_PEM_LIST);
    } else if (rc < 0) {
        error_copy(error, &failure);
    } else {
        chain = stir_chain_parse(body, len, error);
    }
    free(body);
    return chain;
}

const struct stir_certificate *stir_chain_certificate(const struct stir_chain *chain,
                                                      size_t depth)
{
    return chain != NULL && depth < chain->n ? chain->certificates[depth] : NULL;
}

char *stir_chain_pem(const struct stir_chain *chain, struct stir_error *error)
{
    struct text text = {0};

    error_clear(error);
    if (chain == NULL) {
        error_null(error, "chain");
        return NULL;
    }
    if (chain->n == 0) {
        error_set(error, STIR_E_ARGUMENT, "the chain has no certificate: %s",
                  chain->fault.text);
        return NULL;
    }
    for (size_t i = 0; i < chain->n; i++) {
        char *one =
            pem_list_write(chain->certificates[i]->der.data, chain->certificates[i]->der.len);
        text.failed |= one == NULL;
        text_add(&text, one != NULL ? one : "");
        free(one);
    }
    char *pem = text_take(&text);
    if (pem == NULL)
        error_no_memory(error);
    return pem;
}
