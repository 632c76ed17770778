/*
 * Concatenated PEM, application/pem-certificate-chain (RFC 8555 section 9.1, R9060-7-2, A-22,
 * its blocks, and base64 by itself.
 */
#ifndef STIR_CERT_PEM_LIST_H
#define STIR_CERT_PEM_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

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

/* Base64 that comes in pieces. */
struct pem_base64 {
    uint8_t *octets;
    size_t n;
    uint32_t bits;
    unsigned characters, padding; /* of the quantum under way; of the whole */
};
/* The same in steps, so that 1 MiB of it does not hold up a loop: the text stays until the end. */
struct pem_reader {
    const char *line, *at, *end; /* at: in that line, up to which it was read */
    size_t number, begin;        /* of lines: that were read; with the block's BEGIN */
    enum pem_label label;
    bool any_text;
    struct pem_base64 block; /* octets NULL: outside */
    size_t n;                /* blocks so far */
};
void pem_reader_begin(struct pem_reader *reader, const char *pem, size_t len,
                      enum pem_label label, bool any_text);
/* Spends *budget (base/budget.h), by octets. BUDGET_GONE: it is to be called again; otherwise as
   above, and it is done. */
int pem_reader_step(struct pem_reader *reader, size_t *budget, pem_block *each, void *arg,
                    struct stir_error *error);
void pem_reader_end(struct pem_reader *reader);

/* What a text of base64 holds (RFC 4648 section 4, padded, nothing else in it), for free(3). 0; 1:
   it is none, or holds nothing; STIR_E_NOMEM. */
int base64_octets(const char *text, size_t len, uint8_t **octets, size_t *n);
/* One CERTIFICATE block, 64 characters a line, for free(3). NULL: out of memory. */
char *pem_list_write(const void *der, size_t len);

#endif
