/*
 * The ES256 provider that is always there: GnuTLS.
 *
 * A gnutls_pubkey_t is written while it is made and only read by verification, which GnuTLS
 * promises to be safe in many threads ("Read-only access to objects ... is also thread-safe",
 * GnuTLS manual, Thread safety); so there is no lock here.
 */
#include "crypto/es256.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

static void *key_new(const uint8_t point[ES256_POINT_SIZE])
{
    gnutls_pubkey_t key = NULL;
    uint8_t octets[ES256_POINT_SIZE];

    memcpy(octets, point, sizeof octets);
    gnutls_datum_t x = {octets, ES256_NUMBER_SIZE},
                   y = {octets + ES256_NUMBER_SIZE, ES256_NUMBER_SIZE};
    if (gnutls_pubkey_init(&key) < 0)
        return NULL;
    if (gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y) < 0) {
        gnutls_pubkey_deinit(key);
        return NULL;
    }
    return key;
}

static void key_free(void *key)
{
    gnutls_pubkey_deinit(key);
}

static int verify(const void *key, const uint8_t digest[ES256_DIGEST_SIZE],
                  const uint8_t signature[ES256_SIGNATURE_SIZE])
{
    gnutls_pubkey_t pubkey = (gnutls_pubkey_t)(uintptr_t)key;
    uint8_t octets[ES256_SIGNATURE_SIZE], hash[ES256_DIGEST_SIZE];
    gnutls_datum_t der = {NULL, 0};

    memcpy(octets, signature, sizeof octets);
    memcpy(hash, digest, sizeof hash);
    gnutls_datum_t r = {octets, ES256_NUMBER_SIZE},
                   s = {octets + ES256_NUMBER_SIZE, ES256_NUMBER_SIZE};
    gnutls_datum_t hashed = {hash, sizeof hash};
    int rc = gnutls_encode_rs_value(&der, &r, &s);
    if (rc >= 0)
        rc = gnutls_pubkey_verify_hash2(pubkey, GNUTLS_SIGN_ECDSA_SHA256, 0, &hashed, &der);
    gnutls_free(der.data);
    if (rc >= 0)
        return 1;
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return STIR_E_NOMEM;
    return rc == GNUTLS_E_PK_SIG_VERIFY_FAILED ? 0 : STIR_E_INTERNAL;
}

const struct es256_provider es256_gnutls = {"gnutls", key_new, key_free, verify};
