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

/* A digest of octets that come in pieces. */
struct digest_stream;

struct digest_stream *digest_sha256_begin(void); /* NULL: out of memory */
int digest_add(struct digest_stream *stream, const void *data, size_t len); /* as above */
/* Ends it; digest has room for the kind that was begun. NULL is fine. */
void digest_end(struct digest_stream *stream, uint8_t *digest);
void digest_drop(struct digest_stream *stream); /* NULL is fine */

#endif
