/*
 * Certificate revocation lists for tests, as mint.h makes certificates: what is left zero is
 * filled in so that the list is good, the DER is written here and GnuTLS signs.
 */
#ifndef STIR_TESTS_MINT_CRL_H
#define STIR_TESTS_MINT_CRL_H

#include "tests/mint.h"

/* "BOOLEAN TRUE at [4]": an indirect list for everything. */
#define MINT_IDP_INDIRECT "30038401FF"
#define MINT_THIS_UPDATE (MINT_NOW - 86400)
#define MINT_NEXT_UPDATE (MINT_NOW + 86400)

/* One entry: of a certificate, or of a serial number. */
struct mint_revoked {
    const struct mint *certificate;
    const char *serial_hex;
    int64_t date; /* 0: MINT_NOW - 1000 */
    const char *date_raw;
    const char *reason_hex; /* content of the ENUMERATED; NULL: no such extension */
    const char *issuer;     /* certificateIssuer's directory name, as a subject in mint.h */
    const struct mint_extension *extensions;
    bool extensions_empty;
};

struct mint_crl {
    int version;            /* as written, 2 by default; -1: the field is left out */
    const char *number_hex; /* content of cRLNumber; NULL: 01; "": left out */
    int64_t this_update;    /* 0: MINT_THIS_UPDATE */
    int64_t next_update;    /* 0: MINT_NEXT_UPDATE; -1: left out */
    const char *this_raw;
    const char *issuer_name; /* other than the signer's subject */
    const char *akid;        /* hex; NULL: the signer's SKID; "": left out */
    const char *idp_hex;     /* IssuingDistributionPoint, critical; NULL: none */
    bool idp_not_critical;
    const struct mint_extension *extensions;
    bool no_extensions, extensions_empty;
    struct mint_revoked revoked[8]; /* up to one of zeros */
    bool revoked_empty;             /* an empty list rather than none */
    const char *revoked_hex;        /* the list's content instead */

    enum mint_algorithm algorithm;
    const char *tbs_algorithm_hex, *algorithm_hex;
    const char *signing_key; /* another key than the signer's, of the same kind */
    bool corrupt;
    const char *more_hex;     /* behind the list */
    const char *tbs_more_hex; /* behind the extensions */
};

/* pem is "X509 CRL". */
const struct minted *mint_crl(const struct mint_crl *spec, const struct mint *signer);

#endif
