/*
 * What is odd or wrong with a revocation list, counted by its reader in passing: one walk for
 * judging and for telling. What makes a list unusable is its fault as well (cert/crl.h).
 */
#ifndef STIR_CERT_CRL_FLAWS_H
#define STIR_CERT_CRL_FLAWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum crl_flaw {
    /* Of the list. */
    CRL_FLAW_VERSION,
    CRL_FLAW_ALGORITHMS_DIFFER,
    CRL_FLAW_ALGORITHM,
    CRL_FLAW_NO_NEXT_UPDATE,
    CRL_FLAW_NEXT_UPDATE_FIRST, /* it is not behind thisUpdate */
    CRL_FLAW_NO_ENTRIES,        /* revokedCertificates is there and empty */
    CRL_FLAW_VERSION_EXTENSIONS,
    CRL_FLAW_EXTENSION_TWICE,
    CRL_FLAW_EXTENSION_UNKNOWN, /* and critical */
    CRL_FLAW_DELTA,
    CRL_FLAW_NUMBER,
    CRL_FLAW_NUMBER_CRITICAL,
    CRL_FLAW_AKID_CRITICAL,
    CRL_FLAW_IDP_NOT_CRITICAL,
    CRL_FLAW_IDP_EMPTY,
    CRL_FLAW_NO_REASON,
    CRL_FLAW_SCOPES, /* of users, CAs and attributes alone more than one */
    CRL_FLAW_OF_LISTS = CRL_FLAW_SCOPES,
    /* Of entries. */
    CRL_FLAW_ENTRY_SERIAL, /* that no certificate has */
    CRL_FLAW_ENTRY_LATER,  /* revoked after thisUpdate */
    CRL_FLAW_ENTRY_VERSION_EXTENSIONS,
    CRL_FLAW_ENTRY_EXTENSION_TWICE,
    CRL_FLAW_ENTRY_EXTENSION_UNKNOWN, /* and critical */
    CRL_FLAW_ENTRY_REASON,            /* there is no such one */
    CRL_FLAW_ENTRY_REMOVE,
    CRL_FLAW_ENTRY_UNSPECIFIED, /* said, where absent says it */
    CRL_FLAW_ENTRY_REASON_CRITICAL,
    CRL_FLAW_ENTRY_ISSUER_DIRECT, /* in a list that is not indirect */
    CRL_FLAW_ENTRY_ISSUERS,       /* not one directory name */
    CRL_FLAW_ENTRY_ISSUER_NOT_CRITICAL,
    CRL_FLAW_COUNT
};

/* All zero is none. */
struct crl_flaws {
    struct {
        uint32_t n;
        uint32_t first; /* the first entry's number, from 0 */
    } of[CRL_FLAW_COUNT];
};

/* at: the entry; of a list 0. */
static inline void crl_flaws_add(struct crl_flaws *flaws, enum crl_flaw flaw, size_t at)
{
    if (flaws->of[flaw].n++ == 0)
        flaws->of[flaw].first = (uint32_t)at;
}

static inline bool crl_flaws_has(const struct crl_flaws *flaws, enum crl_flaw flaw)
{
    return flaws->of[flaw].n > 0;
}

#endif
