/* Message digests, by GnuTLS. */
#include "crypto/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "stir.h"

int digest_sha256(const void *data, size_t len, uint8_t digest[DIGEST_SHA256_SIZE])
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, digest) == 0 ? 0 : STIR_E_INTERNAL;
}

int digest_sha1(const void *data, size_t len, uint8_t digest[DIGEST_SHA1_SIZE])
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA1, data, len, digest) == 0 ? 0 : STIR_E_INTERNAL;
}
