/*
 * Writing certificates (RFC 5280 section 4.1): what the parts are to say is the issuer's to
 * judge; what they are written like is decided here.
 */
#ifndef STIR_CERT_CERTIFICATE_WRITE_H
#define STIR_CERT_CERTIFICATE_WRITE_H

#include "base/der.h"
#include "base/error.h"
#include "cert/claim_constraints.h"
#include "crypto/key.h"
#include "number/scope.h"

enum { KEY_ID_SIZE = 20 };

/* Everything is borrowed. */
struct certificate_draft {
    struct der serial;          /* content of an INTEGER: positive, 1 to LIMIT_SERIAL octets */
    struct der issuer, subject; /* Names, whole */
    struct der spki;            /* SubjectPublicKeyInfo, whole */
    int64_t not_before, not_after;
    bool ca;                        /* decides basicConstraints and key usage */
    int path_length;                /* -1: none */
    struct der akid;                /* the keyIdentifier; data NULL: no AKI, as in a root */
    const struct stir_scope *scope; /* NULL or empty: no TNAuthList */
    const struct claim_constraints *constraints; /* NULL or not present: none */
    const char *tnauthlist_url; /* id-ad-stirTNList, printable ASCII; NULL: none */
    const char *crl_url;        /* of the one DistributionPoint, printable ASCII; NULL: none */
    struct der crl_issuer;      /* its cRLIssuer, a Name, whole; data NULL: none */
    struct der policies;        /* PolicyInformations, one behind the other; empty: none */
};

/* SHA-1 of the key's bits: RFC 5280 section 4.2.1.2, method 1. 0, STIR_E_SYNTAX (no
   SubjectPublicKeyInfo) or STIR_E_INTERNAL. */
int certificate_key_id(struct der spki, uint8_t id[KEY_ID_SIZE]);
/* What a key of that kind signs certificates with. */
enum signature_kind certificate_signature_by(enum key_kind kind);

/*
 * The certificate, signed by the issuer's key: for free(3). v3; basicConstraints and keyUsage
 * critical (a CA keyCertSign and cRLSign, an end entity digitalSignature alone), SKI, AKI, and
 * not critical certificatePolicies, cRLDistributionPoints, TNAuthList (canonical), its URL, and
 * claim constraints. Times are UTCTime through 2049, else GeneralizedTime. 0; STIR_E_ARGUMENT:
 * a time outside years 0 to 9999, a key that signs no certificates; STIR_E_SYNTAX: spki;
 * STIR_E_NOMEM; STIR_E_INTERNAL.
 */
int certificate_write(const struct certificate_draft *draft, const struct stir_key *key,
                      void **der, size_t *len, struct stir_error *error);
/* The same with a signature that is none, so that it can be read and judged before anything is
   signed. */
int certificate_write_unsigned(const struct certificate_draft *draft, enum signature_kind kind,
                               void **der, size_t *len, struct stir_error *error);

#endif
