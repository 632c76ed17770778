/* cert/pem_list: a body at x5u, and a bundle of anchors. */
#include <stdlib.h>
#include <string.h>

#include "cert/anchors.h"
#include "cert/chain.h"
#include "cert/pem_list.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_again(const struct stir_chain *chain)
{
    struct stir_chain *again = NULL;
    char *pem = stir_chain_pem(chain, NULL);

    FUZZ_EXPECT(pem != NULL);
    if (pem != NULL)
        again = stir_chain_parse(pem, STIR_NUL, NULL);
    FUZZ_EXPECT(again != NULL && again->fault.code == 0 && again->n == chain->n);
    for (size_t i = 0; again != NULL && i < again->n; i++)
        FUZZ_EXPECT(certificate_equal(chain->certificates[i], again->certificates[i]));
    stir_chain_free(again);
    free(pem);
}

static int read_chain(const uint8_t *data, size_t len, bool der_too)
{
    struct stir_chain *chain = NULL;

    int rc = chain_new(data, len, der_too, &es256_gnutls, &chain);
    FUZZ_ALWAYS((rc == 0) == (chain != NULL));
    if (rc != 0)
        return rc;
    FUZZ_ALWAYS(fuzz_is_line(chain->fault.text) && chain->n <= 10);
    FUZZ_ALWAYS((chain->fault.code == 0) == (chain->n > 0));
    rc = chain->fault.code;
    if (rc == 0)
        expect_again(chain);
    stir_chain_free(chain);
    return rc;
}

/* Adding what is there changes nothing, and what is refused adds nothing. */
static int read_anchors(const uint8_t *data, size_t len)
{
    struct anchors anchors = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = anchors_add_pem(&anchors, data, len, &es256_gnutls, &error);
    size_t n = anchors.n;
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (n > 0));
    if (rc == 0) {
        FUZZ_EXPECT(anchors_add_pem(&anchors, data, len, &es256_gnutls, &error) == 0);
        FUZZ_ALWAYS(anchors.n == n);
    }
    for (size_t i = 0; i < n; i++)
        FUZZ_ALWAYS(anchors.certificates[i]->anchor && anchors.certificates[i]->ca
                    && anchors.certificates[i]->fault.code == 0);
    anchors_free(&anchors);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    int body = read_chain(data, len, false);
    int either = read_chain(data, len, true);
    int bundle = read_anchors(data, len);

    /* What is a body is one where DER would do, too. */
    FUZZ_EXPECT(body != 0 || either == 0);
    if (body == STIR_E_NOMEM || either == STIR_E_NOMEM || bundle == STIR_E_NOMEM)
        return STIR_E_NOMEM;
    return body;
}
