/* Revocation lists as they come in: in DER or PEM, one or several, read in steps. */
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/limits.h"
#include "cert/crl_steps.h"
#include "cert/pem_list.h"

/* A list's octets that were decoded from PEM. */
struct block {
    uint8_t *der;
    size_t len;
};

struct crl_set_reader {
    const void *data;
    size_t len, pem_most;
    const char *source;
    bool opened; /* what of it are lists is known */
    struct block *blocks;
    size_t n_blocks, of_block; /* which one is next */
    bool single;               /* data is the list, in DER */
    struct crl_reader *reader; /* of the list under way */
    struct crl_set lists;      /* so far */
};

struct crl_set_reader *crl_set_reader_new(const void *data, size_t len, const char *source,
                                          size_t pem_most)
{
    struct crl_set_reader *reader = calloc(1, sizeof *reader);

    if (reader != NULL)
        *reader = (struct crl_set_reader){
            .data = data, .len = len, .source = source, .pem_most = pem_most};
    return reader;
}

void crl_set_reader_free(struct crl_set_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->n_blocks; i++)
        free(reader->blocks[i].der);
    free(reader->blocks);
    crl_reader_free(reader->reader);
    crl_set_free(&reader->lists);
    free(reader);
}

/* ---- What of it are lists ------------------------------------------------------------------ */

static int add_block(void *arg, uint8_t *der, size_t len)
{
    struct crl_set_reader *reader = arg;
    struct block *longer = realloc(reader->blocks, (reader->n_blocks + 1) * sizeof *longer);

    if (longer == NULL) {
        free(der);
        return STIR_E_NOMEM;
    }
    reader->blocks = longer;
    longer[reader->n_blocks++] = (struct block){der, len};
    return 0;
}

static bool is_pem(const void *data, size_t len)
{
    return memmem(data, len < 65536 ? len : 65536, "-----BEGIN ", 11) != NULL;
}

static int open_pem(struct crl_set_reader *reader, struct stir_error *error)
{
    struct stir_error inner;

    error_clear(&inner);
    if (reader->len > reader->pem_most)
        return error_set(
            error, STIR_E_LIMIT,
            "CRL: %zu octets of PEM, wanted: at most %zu, or DER (RFC 5280 section "
            "4.2.1.13)",
            reader->len, reader->pem_most);
    int rc =
        pem_blocks_each(reader->data, reader->len, PEM_CRL, true, add_block, reader, &inner);
    if (rc > 0) /* an x5u-body is a matter of calls, not of this */
        return error_set(error, STIR_E_SYNTAX, "CRL: %s", inner.text);
    return rc < 0 ? error_no_memory(error) : 0;
}

static int open_data(struct crl_set_reader *reader, size_t *budget, struct stir_error *error)
{
    int rc = 0;

    reader->opened = true;
    if (is_pem(reader->data, reader->len)) {
        rc = open_pem(reader, error);
        budget_spend(budget, reader->len);
    } else {
        reader->single = true;
        rc = add_block(reader, NULL, 0) < 0 ? error_no_memory(error) : 0;
    }
    return rc;
}

/* ---- One after the other ------------------------------------------------------------------- */

static int begin_list(struct crl_set_reader *reader, struct stir_error *error)
{
    const struct block *block = &reader->blocks[reader->of_block];
    struct der der = {block->der, block->len};

    if (reader->lists.n == LIMIT_CRLS)
        return error_set(error, STIR_E_LIMIT, "more than %d CRLs", LIMIT_CRLS);
    if (reader->single)
        der = (struct der){reader->data, reader->len};
    reader->reader = crl_reader_new(der, reader->source);
    return reader->reader == NULL ? error_no_memory(error) : 0;
}

static int end_list(struct crl_set_reader *reader, struct stir_error *error)
{
    struct crl *crl = crl_reader_take(reader->reader);

    crl_reader_free(reader->reader);
    reader->reader = NULL;
    free(reader->blocks[reader->of_block].der);
    reader->blocks[reader->of_block++].der = NULL;
    if (crl_set_put(&reader->lists, crl) == 0)
        return 0;
    crl_free(crl);
    return error_no_memory(error);
}

static int read_list(struct crl_set_reader *reader, size_t *budget, struct stir_error *error)
{
    struct stir_error inner;
    int rc = reader->reader == NULL ? begin_list(reader, error) : 0;

    if (rc < 0)
        return rc;
    error_clear(&inner);
    rc = crl_reader_step(reader->reader, budget, &inner);
    if (rc < 0)
        return error_set(error, rc, "CRL: %s", inner.text);
    return rc == 0 ? end_list(reader, error) : 0;
}

int crl_set_reader_step(struct crl_set_reader *reader, size_t budget, struct stir_error *error)
{
    int rc = reader->opened ? 0 : open_data(reader, &budget, error);

    while (rc == 0 && budget > 0 && reader->of_block < reader->n_blocks)
        rc = read_list(reader, &budget, error);
    return rc < 0 ? rc : reader->of_block < reader->n_blocks;
}

int crl_set_reader_take(struct crl_set_reader *reader, struct crl_set *set,
                        struct stir_error *error)
{
    return crl_set_add_lists(set, &reader->lists, error);
}

int crl_set_add(struct crl_set *set, const void *data, size_t len, const char *source,
                struct stir_error *error)
{
    struct crl_set_reader *reader = crl_set_reader_new(data, len, source, SIZE_MAX);

    if (reader == NULL)
        return error_no_memory(error);
    int rc = crl_set_reader_step(reader, SIZE_MAX, error);
    if (rc == 0)
        rc = crl_set_reader_take(reader, set, error);
    crl_set_reader_free(reader);
    return rc;
}
