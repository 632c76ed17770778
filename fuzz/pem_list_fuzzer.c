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

/* In steps of one to 2,000 octets, which what is read says: it comes to the same. */
static int read_in_steps(const uint8_t *data, size_t len, bool der_too,
                         const struct stir_chain *whole)
{
    size_t step = 1 + (len > 0 ? data[len / 2] * 8u : 0), budget;
    struct chain_reader *reader = chain_reader_new(data, len, der_too, &es256_gnutls);
    int rc = reader == NULL ? STIR_E_NOMEM : BUDGET_GONE;

    while (rc == BUDGET_GONE) {
        budget = step;
        rc = chain_reader_step(reader, &budget);
        FUZZ_ALWAYS(rc != BUDGET_GONE || budget == 0);
    }
    struct stir_chain *chain = rc == 0 ? chain_reader_take(reader) : NULL;
    chain_reader_free(reader);
    if (chain == NULL)
        return rc;
    FUZZ_EXPECT(chain->fault.code == whole->fault.code && chain->n == whole->n
                && strcmp(chain->fault.text, whole->fault.text) == 0);
    for (size_t i = 0; i < chain->n && i < whole->n; i++) {
        const struct stir_certificate *one = chain->certificates[i],
                                      *other = whole->certificates[i];
        FUZZ_EXPECT(certificate_equal(one, other) && one->fault.code == other->fault.code
                    && strcmp(one->fault.text, other->fault.text) == 0
                    && memcmp(one->tbs_digest, other->tbs_digest, sizeof one->tbs_digest) == 0
                    && (one->scope == NULL) == (other->scope == NULL));
    }
    stir_chain_free(chain);
    return 0;
}

static void check(const uint8_t *data, size_t len, bool der_too, const struct stir_chain *chain)
{
    struct stir_error fault;

    error_clear(&fault);
    int rc = chain_check(data, len, der_too, &fault);
    FUZZ_ALWAYS(rc == 0 || rc == STIR_E_NOMEM);
    if (rc == 0)
        FUZZ_EXPECT(fault.code == chain->fault.code
                    && strcmp(fault.text, chain->fault.text) == 0);
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
    check(data, len, der_too, chain);
    int of_steps = read_in_steps(data, len, der_too, chain);
    FUZZ_EXPECT(of_steps == 0);
    stir_chain_free(chain);
    return of_steps < 0 ? of_steps : rc;
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
