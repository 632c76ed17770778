/*
 * Certificates, tokens and Identity values for tests, with any content and any fault.
 *
 * A certificate is made from a struct mint and its issuer's. What is left zero is filled in so
 * that the certificate is good for its place; a case that shall be refused therefore differs
 * from one that is accepted in a single field. Nothing of libstir is used: the DER is written
 * here and GnuTLS signs, so that no mistake of the library can hide behind the same mistake in
 * its tests. Octets are given as hexadecimal text. Whatever is returned is borrowed and lives as
 * long as the process; want of memory aborts.
 */
#ifndef STIR_TESTS_MINT_H
#define STIR_TESTS_MINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The clock of the tests, and the validity of what says nothing of it; it covers any real time
   of the next years too, because certtool cannot be told another. */
#define MINT_NOW INT64_C(1767225600)        /* 2026-01-01T00:00:00Z */
#define MINT_NOT_BEFORE INT64_C(1735689600) /* 2025-01-01T00:00:00Z */
#define MINT_NOT_AFTER INT64_C(2366841600)  /* 2045-01-01T00:00:00Z */

enum mint_kind {
    MINT_P256,
    MINT_P384,
    MINT_P521,
    MINT_RSA2048,
    MINT_RSA1024,
    MINT_ED25519,
    MINT_P224
};

enum mint_yes { MINT_DEFAULT, MINT_YES, MINT_NO };

/* How a certificate is signed; the default fits its issuer's key (SHA-256 with P-256 and RSA,
   SHA-384 with P-384, SHA-512 with P-521). */
enum mint_algorithm {
    MINT_FITTING,
    MINT_ECDSA_SHA1,
    MINT_ECDSA_SHA256,
    MINT_ECDSA_SHA384,
    MINT_ECDSA_SHA512,
    MINT_RSA_SHA1,
    MINT_RSA_SHA256,
    MINT_RSA_SHA384,
    MINT_RSA_SHA512,
    MINT_RSA_PSS_SHA256,
    MINT_RSA_PSS_SHA384,
    MINT_RSA_PSS_SHA512,
    MINT_EDDSA
};

enum { /* key_usage: the nine bits of RFC 5280, or that there is no such extension */
       MINT_KU_DIGITAL_SIGNATURE = 1,
       MINT_KU_NON_REPUDIATION = 2,
       MINT_KU_KEY_ENCIPHERMENT = 4,
       MINT_KU_KEY_CERT_SIGN = 32,
       MINT_KU_CRL_SIGN = 64,
       MINT_KU_ABSENT = -1
};

#define MINT_PATH_LENGTH(n) ((n) + 1)

/* One more extension: extnValue's content in hex. An array of them ends with .oid NULL. */
struct mint_extension {
    const char *oid;
    bool critical;
    const char *hex;
};

struct mint {
    /* "ACME" is a CN; "C=US,O=ACME,CN=ACME SHAKEN" is what it says (C, O, OU, L, ST, CN,
       serialNumber; values without comma). "" is the empty name. */
    const char *subject;
    const char *subject_hex; /* a whole Name instead */
    const char *issuer_name; /* other than the issuer's subject */

    const char *key;      /* keys have names; NULL: the subject's */
    enum mint_kind kind;  /* of key */
    const char *spki_hex; /* a whole SubjectPublicKeyInfo instead */

    int version;            /* 1, 2, 3 (the default) or as written; -1: the field is left out */
    const char *serial_hex; /* content of the INTEGER; NULL: made of subject and key */
    int64_t not_before;     /* 0: MINT_NOT_BEFORE */
    int64_t not_after;      /* 0: MINT_NOT_AFTER */
    const char *not_after_raw; /* 13 characters: UTCTime, otherwise GeneralizedTime */
    bool unique_id;            /* issuerUniqueID */

    enum mint_yes ca;                /* default: what has no issuer is a CA */
    int path_length;                 /* MINT_PATH_LENGTH(0); 0: no limit */
    enum mint_yes basic_constraints; /* MINT_NO: the extension is left out */
    const char *basic_constraints_hex;
    int key_usage; /* MINT_KU_*; 0: keyCertSign and cRLSign of a CA, digitalSignature else */
    const char *key_usage_hex;
    const char *skid; /* hex; NULL: SHA-1 of the key; "": left out */
    const char *akid; /* hex; NULL: the issuer's SKID (a root has none); "": left out */
    const char *akid_serial_hex; /* adds authorityCertIssuer and this serial number */
    const char *akid_issuer;     /* that issuer's name; NULL: the issuer's subject */
    const char *akid_hex;        /* the whole extension */

    /* "709J,12155550000+100,t12155551212": an SPC, a range by first and count, a number. */
    const char *tnauthlist;
    const char *tnauthlist_hex;
    bool tnauthlist_critical;
    /* "+attest,-priority,attest=A,attest=B": mustInclude, mustExclude, permittedValues. With a
       mustExclude it is the Enhanced one. */
    const char *constraints;
    bool constraints_enhanced;   /* the Enhanced one anyway */
    const char *constraints_hex; /* JWTClaimConstraints */
    const char *enhanced_hex;    /* EnhancedJWTClaimConstraints */
    const char *stir_tn_list;    /* AIA with id-ad-stirTNList and this URI */
    const char *san;             /* "dns:example.com,uri:sip:example.com,ip4:1.2.3.4" */
    const struct mint_extension *extensions;
    const char *duplicate;    /* the extension of this OID is written twice, same octets */
    bool no_extensions;       /* no extensions field at all */
    bool extensions_empty;    /* one, but an empty list */
    const char *tbs_more_hex; /* behind the extensions */

    enum mint_algorithm algorithm;
    bool ecdsa_null;               /* NULL as ECDSA parameters, inside and outside */
    const char *tbs_algorithm_hex; /* AlgorithmIdentifier inside */
    const char *algorithm_hex;     /* and outside */
    const char *signing_key;       /* another key than the issuer's, of the issuer's kind */
    bool corrupt;                  /* the signature's last bit is turned */
    const char *more_hex;          /* behind the certificate */
};

struct minted {
    const uint8_t *der;
    size_t len;
    const char *pem;
};

/* A certificate; issuer NULL: signed by its own key. The issuer must be the struct from which
   the issuer's certificate was made, or one like it. */
const struct minted *mint_make(const struct mint *spec, const struct mint *issuer);

/* A hierarchy to copy and bend: a root; under it an STI-CA without a list; under that a
   provider's CA with SPC 709J and 12155550000+10000; under that an enterprise's delegate with
   12155551200+100. mint_shaken is a provider's end entity with SPC 709J under mint_sti_ca. */
extern const struct mint mint_root, mint_sti_ca, mint_spc_ca, mint_delegate, mint_shaken;

/* certificates' PEM, concatenated in this order; the last argument is NULL. */
const char *mint_pem_list(const struct minted *first, ...);
const char *mint_pem_list_n(const struct minted *const *certificates, size_t n);
/* PEM of anything. */
const char *mint_pem(const char *label, const void *der, size_t len);

/* The private key of that name: PKCS#8 PEM; the SubjectPublicKeyInfo as PEM. */
const char *mint_key_pem(const char *name, enum mint_kind kind);
const char *mint_public_key_pem(const char *name, enum mint_kind kind);

/* H.P.S over these octets, signed ES256 by a P-256 key (for a spec: its .key, or its subject). */
const char *mint_token(const char *header, const char *payload, const char *key);
/* The same with the signature's last octet changed. */
const char *mint_token_corrupt(const char *header, const char *payload, const char *key);
/* A shaken PASSporT for these numbers (attest A), and a base one. */
const char *mint_shaken_token(const char *x5u, const char *orig, const char *dest, int64_t iat,
                              const char *key);
const char *mint_base_token(const char *x5u, const char *orig, const char *dest, int64_t iat,
                            const char *key);
/* The certificates of PEM as the JSON value of member x5c. */
const char *mint_x5c(const char *pem);
/* TOKEN;info=<x5u>;alg=ES256;ppt="PPT" (ppt NULL: without). */
const char *mint_identity_value(const char *token, const char *x5u, const char *ppt);

#endif
