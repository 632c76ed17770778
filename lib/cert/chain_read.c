/* A PEM list is read: its blocks first, and the certificates when the whole is known to be a list,
   and short enough. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/chain.h"
#include "cert/pem_list.h"

struct chain_reader {
    const char *body;
    size_t len;
    bool der_too, decoded;
    const struct es256_provider *provider;
    struct pem_reader pem;
    struct stir_chain *chain;
    struct der_octets {
        uint8_t *data;
        size_t len;
    } blocks[LIMIT_CERTIFICATES]; /* of certificates that are not read yet */
    size_t n_blocks;              /* of all that were found */
    struct certificate_reader *reading;
};

static int count(void *arg, uint8_t *der, size_t len)
{
    size_t *n = arg;

    (void)len;
    free(der);
    ++*n;
    return 0;
}

static int keep_block(void *arg, uint8_t *der, size_t len)
{
    struct chain_reader *reader = arg;

    if (reader->n_blocks < LIMIT_CERTIFICATES)
        reader->blocks[reader->n_blocks] = (struct der_octets){der, len};
    else
        free(der);
    reader->n_blocks++;
    return 0;
}

static bool is_der(const char *body, size_t len)
{
    return len > 0 && body[0] == DER_SEQUENCE;
}

static int judge_length(size_t len, struct stir_error *fault)
{
    if (len <= LIMIT_PEM_LIST)
        return 0;
    return error_set(fault, STIR_CODE_X5U_BODY, "the certificate list has more than %d octets",
                     LIMIT_PEM_LIST);
}

static int judge_number(size_t n, struct stir_error *fault)
{
    if (n <= LIMIT_CERTIFICATES)
        return 0;
    return error_set(fault, STIR_CODE_LIST_TOO_LONG,
                     "the certificate list has %zu certificates, wanted: at most %d", n,
                     LIMIT_CERTIFICATES);
}

int chain_check(const void *body, size_t len, bool der_too, struct stir_error *fault)
{
    size_t n = 0;
    int rc = judge_length(len, fault);

    if (rc != 0 || (der_too && is_der(body, len)))
        return 0;
    rc = pem_list_each(body, len, false, count, &n, fault);
    if (rc == 0)
        judge_number(n, fault);
    return rc < 0 ? rc : 0;
}

/* ---- In steps ------------------------------------------------------------------------------ */

struct chain_reader *chain_reader_new(const void *body, size_t len, bool der_too,
                                      const struct es256_provider *provider)
{
    struct chain_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->body = body;
    reader->len = len;
    reader->der_too = der_too;
    reader->provider = provider;
    pem_reader_begin(&reader->pem, body, len, PEM_CERTIFICATE, false);
    reader->chain = chain_of(NULL, 0);
    if (reader->chain != NULL)
        return reader;
    free(reader);
    return NULL;
}

static void free_blocks(struct chain_reader *reader)
{
    for (size_t i = 0; i < LIMIT_CERTIFICATES; i++) {
        free(reader->blocks[i].data);
        reader->blocks[i].data = NULL;
    }
    reader->n_blocks = 0;
}

void chain_reader_free(struct chain_reader *reader)
{
    if (reader == NULL)
        return;
    free_blocks(reader);
    pem_reader_end(&reader->pem);
    certificate_reader_free(reader->reading);
    stir_chain_free(reader->chain);
    free(reader);
}

/* The body as blocks. */
static int decode(struct chain_reader *reader, size_t *budget, struct stir_error *fault)
{
    int rc = judge_length(reader->len, fault);

    if (rc != 0)
        return rc;
    if (reader->der_too && is_der(reader->body, reader->len)) {
        uint8_t *der = (uint8_t *)text_copy(reader->body, reader->len);
        return der == NULL ? STIR_E_NOMEM : keep_block(reader, der, reader->len);
    }
    rc = pem_reader_step(&reader->pem, budget, keep_block, reader, fault);
    return rc == 0 ? judge_number(reader->n_blocks, fault) : rc;
}

/* What is wrong with the list is in its fault, and nothing of it is read. */
static int decode_all(struct chain_reader *reader, size_t *budget)
{
    int rc = decode(reader, budget, &reader->chain->fault);

    if (rc < 0 || rc == BUDGET_GONE)
        return rc;
    reader->decoded = true;
    if (rc != 0)
        free_blocks(reader);
    return 0;
}

static int read_certificate(struct chain_reader *reader, size_t *budget)
{
    struct stir_chain *chain = reader->chain;
    struct der_octets *block = &reader->blocks[chain->n];

    if (reader->reading == NULL) {
        reader->reading = certificate_reader_new(block->data, block->len, reader->provider);
        block->data = NULL;
    }
    if (reader->reading == NULL)
        return STIR_E_NOMEM;
    int rc = certificate_reader_step(reader->reading, budget);
    if (rc != 0)
        return rc;
    chain->certificates[chain->n++] = certificate_reader_take(reader->reading);
    certificate_reader_free(reader->reading);
    reader->reading = NULL;
    return 0;
}

int chain_reader_step(struct chain_reader *reader, size_t *budget)
{
    int rc = reader->decoded ? 0 : decode_all(reader, budget);

    while (rc == 0 && reader->chain->n < reader->n_blocks)
        rc = read_certificate(reader, budget);
    return rc;
}

struct stir_chain *chain_reader_take(struct chain_reader *reader)
{
    struct stir_chain *chain = reader->chain;

    reader->chain = NULL;
    return chain;
}

int chain_new(const void *body, size_t len, bool der_too, const struct es256_provider *provider,
              struct stir_chain **chain)
{
    struct chain_reader *reader = chain_reader_new(body, len, der_too, provider);
    size_t all = SIZE_MAX;

    *chain = NULL;
    if (reader == NULL)
        return STIR_E_NOMEM;
    int rc = chain_reader_step(reader, &all);
    if (rc == 0)
        *chain = chain_reader_take(reader);
    chain_reader_free(reader);
    return rc;
}
