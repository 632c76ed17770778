/*
 * ES256 as far as no provider is needed: r and s within their range, ECDSA-Sig-Value in strict
 * DER, the point on the curve.
 */
#include "crypto/es256.h"

#include <gnutls/abstract.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "crypto/digest.h"

struct es256_key {
    const struct es256_provider *provider;
    void *key;
};

/* The order n of P-256 (FIPS 186-4 D.1.2.3). */
static const uint8_t order[ES256_NUMBER_SIZE] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
    0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

/* Is the point on P-256 (and not the one at infinity)? 1, 0, STIR_E_NOMEM. */
static int check_point(const uint8_t point[ES256_POINT_SIZE])
{
    gnutls_pubkey_t key = NULL;
    uint8_t octets[ES256_POINT_SIZE];
    int rc;

    memcpy(octets, point, sizeof octets);
    gnutls_datum_t x = {octets, ES256_NUMBER_SIZE},
                   y = {octets + ES256_NUMBER_SIZE, ES256_NUMBER_SIZE};
    if (gnutls_pubkey_init(&key) < 0)
        return STIR_E_NOMEM;
    rc = gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y);
    if (rc >= 0)
        rc = gnutls_pubkey_verify_params(key);
    gnutls_pubkey_deinit(key);
    return rc >= 0 ? 1 : rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : 0;
}

struct es256_key *es256_key_new(const struct es256_provider *provider,
                                const uint8_t point[ES256_POINT_SIZE], int *not_on_curve)
{
    int on_curve = check_point(point);

    if (not_on_curve != NULL)
        *not_on_curve = on_curve == 0;
    if (on_curve != 1)
        return NULL;
    struct es256_key *key = calloc(1, sizeof *key);
    if (key == NULL)
        return NULL;
    key->provider = provider;
    key->key = provider->key_new(point);
    if (key->key == NULL) {
        free(key);
        return NULL;
    }
    return key;
}

void es256_key_free(struct es256_key *key)
{
    if (key == NULL)
        return;
    key->provider->key_free(key->key);
    free(key);
}

/* 0 < number < n. Providers differ in what they do outside, so it is settled here (R7515-3). */
static bool in_range(const uint8_t number[ES256_NUMBER_SIZE])
{
    static const uint8_t zero[ES256_NUMBER_SIZE];

    return memcmp(number, zero, sizeof zero) > 0 && memcmp(number, order, sizeof order) < 0;
}

int es256_verify(const struct es256_key *key, const void *data, size_t len,
                 const uint8_t signature[ES256_SIGNATURE_SIZE])
{
    uint8_t digest[ES256_DIGEST_SIZE];

    if (!in_range(signature) || !in_range(signature + ES256_NUMBER_SIZE))
        return 0;
    int rc = digest_sha256(data, len, digest);
    if (rc < 0)
        return rc;
    return key->provider->verify(key->key, digest, signature);
}

/* A positive INTEGER in as few octets as it needs; number is without the sign's octet. */
static int take_positive(struct der *left, struct der *number)
{
    struct der_element element;

    if (der_take(left, DER_INTEGER, &element) < 0 || element.content.len == 0)
        return -1;
    *number = element.content;
    if (number->data[0] >= 0x80)
        return -1;
    if (number->data[0] != 0)
        return 0;
    number->data++;
    number->len--;
    return number->len > 0 && number->data[0] >= 0x80 ? 0 : -1;
}

int es256_signature_split(struct der signature, struct der *r, struct der *s)
{
    struct der_element sequence;

    if (der_only(signature, DER_SEQUENCE, &sequence) < 0)
        return -1;
    struct der left = sequence.content;
    if (take_positive(&left, r) < 0 || take_positive(&left, s) < 0)
        return -1;
    return left.len == 0 ? 0 : -1;
}

int es256_signature_from_der(struct der der, uint8_t signature[ES256_SIGNATURE_SIZE])
{
    struct der r, s;

    if (es256_signature_split(der, &r, &s) < 0 || r.len > ES256_NUMBER_SIZE
        || s.len > ES256_NUMBER_SIZE)
        return -1;
    memset(signature, 0, ES256_SIGNATURE_SIZE);
    memcpy(signature + ES256_NUMBER_SIZE - r.len, r.data, r.len);
    memcpy(signature + ES256_SIGNATURE_SIZE - s.len, s.data, s.len);
    return 0;
}

int es256_verify_digest_der(const struct es256_key *key,
                            const uint8_t digest[ES256_DIGEST_SIZE], const uint8_t *signature,
                            size_t signature_len)
{
    struct der der = {signature, signature_len};
    uint8_t raw[ES256_SIGNATURE_SIZE];

    if (es256_signature_from_der(der, raw) < 0 || !in_range(raw)
        || !in_range(raw + ES256_NUMBER_SIZE))
        return 0;
    return key->provider->verify(key->key, digest, raw);
}

int es256_verify_der(const struct es256_key *key, const void *data, size_t len,
                     const uint8_t *signature, size_t signature_len)
{
    struct der der = {signature, signature_len};
    uint8_t raw[ES256_SIGNATURE_SIZE];

    if (es256_signature_from_der(der, raw) < 0)
        return 0;
    return es256_verify(key, data, len, raw);
}
