/*
 * The entries of a revocation list as an index: 32 octets an entry, sorted by a keyed hash of the
 * serial number, so that any number of threads look one up among a million in less than a
 * microsecond; whose serial number it is is asked only where there is such a one.
 *
 * Issuers are those of an indirect list (R5280-5-3): a certificateIssuer holds for its entry and
 * for all that follow it until the next one.
 */
#ifndef STIR_CERT_CRL_ENTRIES_H
#define STIR_CERT_CRL_ENTRIES_H

#include "base/der.h"
#include "base/error.h"
#include "base/limits.h"
#include "cert/crl_flaws.h"

/* CRLReason (RFC 5280 section 5.3.1). */
enum {
    CRL_REASON_UNSPECIFIED = 0,
    CRL_REASON_HOLD = 6,
    CRL_REASON_REMOVE = 8,
    CRL_REASON_LAST = 10
};

struct crl_entry {
    uint8_t serial[LIMIT_SERIAL]; /* zeros behind len octets */
    uint8_t len;
    uint8_t reason;
    uint16_t issuer;
    int64_t date; /* of revocation */
};

struct crl_issuer {
    uint8_t *form; /* canonical (cert/name_canonical.h) */
    size_t len;
    size_t n; /* entries of his, in the list */
};

/* All zero is none. */
struct crl_entries {
    struct crl_entry *sorted;
    size_t n;     /* in sorted: of serial numbers that a certificate may have here */
    size_t count; /* in the list */
    size_t by_reason[CRL_REASON_LAST + 1]; /* of count; one without a reason is unspecified */
    uint64_t key;     /* of the hash, so that nobody can choose numbers that fall together */
    unsigned bits;    /* of the hash that are a bucket's number */
    uint32_t *starts; /* where in sorted each bucket begins, and the last one ends */
    struct crl_issuer *issuers; /* 0 is the list's own */
    size_t n_issuers;
};

/* How strictly the entries are read: what the list's head says of itself. */
struct crl_entries_kind {
    bool indirect;   /* may have certificateIssuer */
    bool extensions; /* version 2: may have any */
    int64_t this_update;
};

void crl_entries_free(struct crl_entries *entries);
/*
 * Reading revokedCertificates' content in a list of that issuer, in steps of some octets' work,
 * so that a million of them do not hold up a loop. fault is set where all of it can be read,
 * but no status may rest on it (RFC 5280 section 5.3). entries, flaws, fault and octets stay
 * until the end. NULL: out of memory.
 */
struct crl_entries_reader;
struct crl_entries_reader *crl_entries_begin(struct crl_entries *entries, struct der revoked,
                                             struct der issuer, struct crl_entries_kind kind,
                                             struct crl_flaws *flaws, struct stir_error *fault);
/* 1: there is more than *budget, which is spent; 0: they are read and
   sorted; STIR_E_SYNTAX, STIR_E_LIMIT, STIR_E_NOMEM: nothing comes of it. */
int crl_entries_step(struct crl_entries_reader *reader, size_t *budget,
                     struct stir_error *error);
void crl_entries_end(struct crl_entries_reader *reader); /* NULL is fine */
/* Issuers that have entries. */
size_t crl_entries_issuers(const struct crl_entries *entries);
/* The entry of a certificate by its issuer's Name and its serial number (the INTEGER's content);
   NULL: there is none. */
const struct crl_entry *crl_entries_find(const struct crl_entries *entries, struct der issuer,
                                         struct der serial);
/* "keyCompromise". */
const char *crl_reason_name(unsigned reason);

#endif
