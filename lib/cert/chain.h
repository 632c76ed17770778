/*
 * The list of certificates at x5u (R9060-7-2, A-22, A-34), signer first, as it came: struct
 * stir_chain of stir.h, whose public functions are in chain.c; its readers are in chain_read.c.
 */
#ifndef STIR_CERT_CHAIN_H
#define STIR_CERT_CHAIN_H

#include "base/budget.h"
#include "base/error.h"
#include "cert/certificate.h"

struct stir_chain {
    /* What is wrong with the body as a whole: STIR_CODE_X5U_BODY or STIR_CODE_LIST_TOO_LONG;
       then n is 0. What is wrong with a certificate is in that certificate. */
    struct stir_error fault;
    struct stir_certificate *certificates[10]; /* LIMIT_CERTIFICATES */
    size_t n;
};

/* 0, with fault telling whether the body was one; STIR_E_NOMEM; STIR_E_INTERNAL. A single DER
   certificate is taken where der_too says so (A-22: application/pkix-cert). */
int chain_new(const void *body, size_t len, bool der_too, const struct es256_provider *provider,
              struct stir_chain **chain);
/* Takes the references in certificates. NULL: out of memory (then nothing was taken). */
struct stir_chain *chain_of(struct stir_certificate *const *certificates, size_t n);

/* The same as chain_new() in steps, so that a list of 1 MiB does not hold up a loop: the body's
   octets stay until the end. NULL: out of memory. */
struct chain_reader;
struct chain_reader *chain_reader_new(const void *body, size_t len, bool der_too,
                                      const struct es256_provider *provider);
/* Spends *budget (base/budget.h). 0: it is done; BUDGET_GONE: it is to be called again;
   STIR_E_NOMEM or STIR_E_INTERNAL: nothing comes of it. */
int chain_reader_step(struct chain_reader *reader, size_t *budget);
/* The list, once, when it is done. */
struct stir_chain *chain_reader_take(struct chain_reader *reader);
void chain_reader_free(struct chain_reader *reader); /* NULL is fine */

/* Is it a list at all? No certificate is read. 0, with fault as chain_new() would have it;
   STIR_E_NOMEM. */
int chain_check(const void *body, size_t len, bool der_too, struct stir_error *fault);

#endif
