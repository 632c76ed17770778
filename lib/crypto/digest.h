/* Message digests, by GnuTLS. */
#ifndef STIR_CRYPTO_DIGEST_H
#define STIR_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SHA1_SIZE = 20, DIGEST_SHA256_SIZE = 32 };

/* 0 or STIR_E_INTERNAL. */
int digest_sha256(const void *data, size_t len, uint8_t digest[DIGEST_SHA256_SIZE]);
/* The same; for key identifiers alone (RFC 5280 section 4.2.1.2), where nothing rests on it. */
int digest_sha1(const void *data, size_t len, uint8_t digest[DIGEST_SHA1_SIZE]);

#endif
