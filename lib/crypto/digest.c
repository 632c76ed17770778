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

/* ---- In pieces: a stream is GnuTLS's handle ------------------------------------------------ */

struct digest_stream *digest_sha256_begin(void)
{
    gnutls_hash_hd_t handle;

    return gnutls_hash_init(&handle, GNUTLS_DIG_SHA256) == 0 ? (struct digest_stream *)handle
                                                             : NULL;
}

int digest_add(struct digest_stream *stream, const void *data, size_t len)
{
    if (len == 0)
        return 0;
    return gnutls_hash((gnutls_hash_hd_t)stream, data, len) == 0 ? 0 : STIR_E_INTERNAL;
}

void digest_end(struct digest_stream *stream, uint8_t *digest)
{
    if (stream != NULL)
        gnutls_hash_deinit((gnutls_hash_hd_t)stream, digest);
}

void digest_drop(struct digest_stream *stream)
{
    digest_end(stream, NULL);
}
