/*
 * Certification requests (PKCS #10, RFC 2986): who asks for a certificate, and for which.
 *
 * Name and key are taken as the octets that were signed; the signature and the extension
 * request (RFC 2985 section 5.4.2) are GnuTLS's. What the STIR extensions hold is not judged
 * here.
 */
#ifndef STIR_CRYPTO_CSR_H
#define STIR_CRYPTO_CSR_H

#include "base/der.h"
#include "base/error.h"

/* The value of an extension asked for; data NULL: not asked for. */
struct csr_extension {
    uint8_t *data;
    size_t len;
    bool critical;
};

enum { CSR_OID_SIZE = 64 };

/* All zero is none. */
struct csr {
    uint8_t *octets;          /* the request's DER, which the two point into */
    struct der subject, spki; /* Name (perhaps empty) and SubjectPublicKeyInfo, whole */
    bool ca;                  /* basicConstraints cA TRUE is asked for */
    int path_length;          /* -1: none */
    struct csr_extension tnauthlist, constraints, enhanced_constraints;
    bool has_key_usage, may_sign_certificates; /* keyUsage, and keyCertSign in it */
    char critical
        [CSR_OID_SIZE]; /* the first critical extension but these and keyUsage; "": none */
};

/*
 * PEM or DER. 0; STIR_E_SYNTAX: no request, trailing octets, an extension twice;
 * STIR_CODE_BAD_SIGNATURE: not signed by the key it names; STIR_E_LIMIT: over
 * LIMIT_PEM_LIST; STIR_E_NOMEM. csr_free() is due in every case.
 */
int csr_read(const void *data, size_t len, struct csr *csr, struct stir_error *error);
void csr_free(struct csr *csr);

#endif
