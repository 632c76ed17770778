/*
 * The body at x5u: concatenated PEM, application/pem-certificate-chain (RFC 8555 section 9.1,
 * R9060-7-2, A-22, A-34). struct stir_chain of stir.h, whose public functions are in chain.c.
 */
#ifndef STIR_CERT_PEM_LIST_H
#define STIR_CERT_PEM_LIST_H

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

typedef int pem_block(void *arg, uint8_t *der, size_t der_len);
/*
 * Calls each, which takes der over (malloc'd), for every CERTIFICATE block, in order, until it
 * returns other than 0, which is then returned. Otherwise 0, STIR_CODE_X5U_BODY (no block, another
 * label, text between blocks, headers, bad base64; the line is named) or STIR_E_NOMEM. any_text:
 * explanatory text and other blocks are skipped, as in CA bundles (for anchors, not for bodies).
 */
int pem_list_each(const char *pem, size_t len, bool any_text, pem_block *each, void *arg,
                  struct stir_error *error);
enum pem_label { PEM_CERTIFICATE, PEM_CRL };
/* The same of blocks with this label. */
int pem_blocks_each(const char *pem, size_t len, enum pem_label label, bool any_text,
                    pem_block *each, void *arg, struct stir_error *error);
/* What a text of base64 holds (RFC 4648 section 4, padded, nothing else in it), for free(3). 0; 1: it
   is none, or holds nothing; STIR_E_NOMEM. */
int base64_octets(const char *text, size_t len, uint8_t **octets, size_t *n);
/* One CERTIFICATE block, 64 characters a line, for free(3). NULL: out of memory. */
char *pem_list_write(const void *der, size_t len);

#endif
