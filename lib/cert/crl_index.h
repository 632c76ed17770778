/* The index of a revocation list's entries, made in steps: so that a million do not hold up a
   loop. */
#ifndef STIR_CERT_CRL_INDEX_H
#define STIR_CERT_CRL_INDEX_H

#include "cert/crl_entries.h"

struct crl_sorting {
    struct crl_entries *entries;
    size_t n_buckets;
    unsigned stage;
    size_t at;      /* the entry or bucket that the stage is at */
    uint32_t *next; /* free places of the buckets */
};

/* 0 or STIR_E_NOMEM. */
int crl_sorting_begin(struct crl_sorting *sorting, struct crl_entries *entries);
/* True: there is more to do than *budget octets of entries, which are spent. */
bool crl_sorting_step(struct crl_sorting *sorting, size_t *budget);
void crl_sorting_end(struct crl_sorting *sorting); /* all zero is fine */

#endif
