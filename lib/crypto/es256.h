/*
 * ES256 verification (RFC 7518 section 3.4: ECDSA, P-256, SHA-256, raw r and s) by a provider.
 *
 * GnuTLS is the provider that is always there. A key is made once, when a path is validated, and
 * used for every call after.
 */
#ifndef STIR_CRYPTO_ES256_H
#define STIR_CRYPTO_ES256_H

#include <stddef.h>
#include <stdint.h>

#include "base/der.h"
#include "stir.h"

enum {
    ES256_NUMBER_SIZE = 32, /* r, s, x or y: big-endian */
    ES256_POINT_SIZE = 64,
    ES256_SIGNATURE_SIZE = 64,
    ES256_DIGEST_SIZE = 32
};

/* One file a provider. All functions may be called from many threads at once. */
struct es256_provider {
    const char *name;
    /* From the point x, y, known to be on the curve. NULL: out of memory. */
    void *(*key_new)(const uint8_t point[ES256_POINT_SIZE]);
    void (*key_free)(void *key);
    /* 1 good, 0 not good, negative STIR_E_*: could not tell. */
    int (*verify)(const void *key, const uint8_t digest[ES256_DIGEST_SIZE],
                  const uint8_t signature[ES256_SIGNATURE_SIZE]);
};

extern const struct es256_provider es256_gnutls;

struct es256_key; /* immutable: any number of threads may verify with one */

/* NULL: out of memory, or the point is not on P-256 (then *not_on_curve, if not NULL, is 1). */
struct es256_key *es256_key_new(const struct es256_provider *provider,
                                const uint8_t point[ES256_POINT_SIZE], int *not_on_curve);
void es256_key_free(struct es256_key *key);

/* 1 good; 0 not good (r or s is 0 or not below the order, among others); negative STIR_E_*. */
int es256_verify(const struct es256_key *key, const void *data, size_t len,
                 const uint8_t signature[ES256_SIGNATURE_SIZE]);
/* The same for an ECDSA-Sig-Value in DER, strictly: what certificates carry. */
int es256_verify_der(const struct es256_key *key, const void *data, size_t len,
                     const uint8_t *signature, size_t signature_len);

/* The same of data's SHA-256. */
int es256_verify_digest_der(const struct es256_key *key,
                            const uint8_t digest[ES256_DIGEST_SIZE], const uint8_t *signature,
                            size_t signature_len);

/* An ECDSA-Sig-Value of any curve into r and s, without leading zeros: strict DER, positive
   numbers, nothing behind. 0 or -1. */
int es256_signature_split(struct der signature, struct der *r, struct der *s);
/* The same as raw r and s. -1 also where one of them is too long. */
int es256_signature_from_der(struct der der, uint8_t signature[ES256_SIGNATURE_SIZE]);

#endif
