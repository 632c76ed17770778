/* A PEM list as it came, signer first: struct stir_chain of stir.h. What is wrong with the body
   is kept in it, for a path to say. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cert/chain.h"
#include "cert/pem_list.h"

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
