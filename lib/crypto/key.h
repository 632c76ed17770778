/* Public keys of certificates, and private keys that sign: GnuTLS, but ES256 by its provider. */
#ifndef STIR_CRYPTO_KEY_H
#define STIR_CRYPTO_KEY_H

#include "base/error.h"
#include "crypto/es256.h"

/* What a certificate or a signature is made with, as far as it matters here. */
enum key_kind {
    KEY_UNSUPPORTED,
    KEY_P256,
    KEY_P384,
    KEY_P521,
    /* Of LIMIT_RSA_BITS_LEAST to LIMIT_RSA_BITS_MOST bits, in whole octets, with an exponent of at
       most LIMIT_RSA_EXPONENT octets. */
    KEY_RSA
};

enum signature_kind {
    SIGNATURE_UNSUPPORTED,
    SIGNATURE_ECDSA_SHA256,
    SIGNATURE_ECDSA_SHA384,
    SIGNATURE_ECDSA_SHA512,
    SIGNATURE_RSA_SHA256,
    SIGNATURE_RSA_SHA384,
    SIGNATURE_RSA_SHA512,
    SIGNATURE_RSA_PSS_SHA256,
    SIGNATURE_RSA_PSS_SHA384,
    SIGNATURE_RSA_PSS_SHA512
};

/* SHA-512's. */
enum { DIGEST_LARGEST_SIZE = 64 };
/* data's digest by the hash of that kind, zeros behind it. 0, STIR_E_ARGUMENT (unsupported) or
   STIR_E_INTERNAL. */
int signature_digest(enum signature_kind kind, const void *data, size_t len,
                     uint8_t digest[DIGEST_LARGEST_SIZE]);
/* The same of data that comes in pieces (crypto/digest.h). NULL: unsupported, or out of memory. */
struct digest_stream *signature_digest_begin(enum signature_kind kind);

struct public_key; /* immutable */

/* From the DER of a SubjectPublicKeyInfo. NULL: out of memory, or GnuTLS reads no key there
   (error: STIR_E_NOMEM, STIR_E_SYNTAX). A key that is none of ours, or over LIMIT_PUBLIC_KEY, is
   made, of kind KEY_UNSUPPORTED. P-256 keys verify through the provider. */
struct public_key *public_key_new(const struct es256_provider *provider, const void *spki,
                                  size_t len, struct stir_error *error);
void public_key_free(struct public_key *key);
enum key_kind public_key_kind(const struct public_key *key);
/* "P-256", "RSA 2048", ...: for people. Static or the key's own. */
const char *public_key_name(const struct public_key *key);
/* NULL unless it is on P-256. */
const struct es256_key *public_key_es256(const struct public_key *key);
/* Is that the signature of data, of that kind, by this key? 1, 0 (also where the kind does not
   fit the key), negative STIR_E_*. */
int public_key_verify(const struct public_key *key, enum signature_kind kind, const void *data,
                      size_t len, const void *signature, size_t signature_len);

/* The same of data's digest, as signature_digest() gives it: where data is not kept. */
int public_key_verify_digest(const struct public_key *key, enum signature_kind kind,
                             const uint8_t digest[DIGEST_LARGEST_SIZE], const void *signature,
                             size_t signature_len);

/* The same of an RSA-PSS signature whose salt has so many octets (RFC 4055 section 3.1). 0 also
   where the key is bound to another hash, or to longer salts. */
int public_key_verify_pss(const struct public_key *key, enum signature_kind kind, unsigned salt,
                          const uint8_t digest[DIGEST_LARGEST_SIZE], const void *signature,
                          size_t signature_len);
bool signature_is_pss(enum signature_kind kind);

/* A private key: struct stir_key of stir.h, whose public functions are in key_private.c.
   Immutable, so that any number of threads may sign. Only P-256 keys are made or taken as keys
   that sign tokens; others are held and judged later (signer-key). */

/* The DER of its SubjectPublicKeyInfo, borrowed. */
const void *key_spki(const struct stir_key *key, size_t *len);
enum key_kind key_kind(const struct stir_key *key);
/* ES256 over data, deterministic (RFC 6979), raw r and s. STIR_E_ARGUMENT: no P-256 key. */
int key_sign(const struct stir_key *key, const void *data, size_t len,
             uint8_t signature[ES256_SIGNATURE_SIZE], struct stir_error *error);
/* The same as ECDSA-Sig-Value for certificates; P-384 (SHA-384), P-521 (SHA-512) and RSA (PKCS#1
   v1.5, SHA-256) keys too. *kind says what it made. signature is the caller's to free. */
int key_sign_certificate(const struct stir_key *key, const void *data, size_t len,
                         enum signature_kind *kind, void **signature, size_t *signature_len,
                         struct stir_error *error);
/* Another reference to the same key: free both. */
struct stir_key *key_ref(const struct stir_key *key);

#endif
