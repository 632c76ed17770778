/* The mint's keys, and what they sign that is no certificate. */
#include "tests/mint_octets.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

struct mint_key {
    struct mint_key *next;
    char *name;
    enum mint_kind kind;
    gnutls_privkey_t key;
    struct octets spki;
};
static struct mint_key *all_keys;

static void check(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "mint: %s: %s\n", what, gnutls_strerror(rc));
    abort();
}

static const struct mint_key *find(const char *name, enum mint_kind kind)
{
    static const struct {
        gnutls_pk_algorithm_t algorithm;
        unsigned bits;
    } kinds[] = {
        [MINT_P256] = {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1)},
        [MINT_P384] = {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP384R1)},
        [MINT_P521] = {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP521R1)},
        [MINT_RSA2048] = {GNUTLS_PK_RSA, 2048},
        [MINT_RSA1024] = {GNUTLS_PK_RSA, 1024},
        [MINT_ED25519] = {GNUTLS_PK_EDDSA_ED25519,
                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519)},
        [MINT_P224] = {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP224R1)}};
    gnutls_pubkey_t public;
    gnutls_datum_t spki;

    for (struct mint_key *key = all_keys; key != NULL; key = key->next)
        if (strcmp(key->name, name) == 0 && key->kind == kind)
            return key;
    struct mint_key *key = keep(sizeof *key);
    key->name = keep_text("%s", name);
    key->kind = kind;
    check(gnutls_privkey_init(&key->key), "key");
    check(gnutls_privkey_generate(key->key, kinds[kind].algorithm, kinds[kind].bits, 0), "key");
    check(gnutls_pubkey_init(&public), "public key");
    check(gnutls_pubkey_import_privkey(public, key->key, 0, 0), "public key");
    check(gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &spki), "public key");
    put(&key->spki, spki.data, spki.size);
    gnutls_free(spki.data);
    gnutls_pubkey_deinit(public);
    key->next = all_keys;
    all_keys = key;
    return key;
}

gnutls_privkey_t mint_private_key(const char *name, enum mint_kind kind)
{
    return find(name, kind)->key;
}

struct octets mint_spki(const char *name, enum mint_kind kind)
{
    return find(name, kind)->spki;
}

const char *mint_pem(const char *label, const void *der, size_t len)
{
    gnutls_datum_t in = {(void *)(uintptr_t)der, (unsigned)len}, out;

    check(gnutls_pem_base64_encode2(label, &in, &out), "PEM");
    char *pem = keep_text("%.*s", (int)out.size, (const char *)out.data);
    gnutls_free(out.data);
    return pem;
}

const char *mint_public_key_pem(const char *name, enum mint_kind kind)
{
    struct octets spki = mint_spki(name, kind);

    return mint_pem("PUBLIC KEY", spki.data, spki.len);
}

const char *mint_key_pem(const char *name, enum mint_kind kind)
{
    gnutls_x509_privkey_t key;
    gnutls_datum_t out;

    check(gnutls_privkey_export_x509(mint_private_key(name, kind), &key), "private key");
    check(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                            &out),
          "private key");
    char *pem = keep_text("%.*s", (int)out.size, (const char *)out.data);
    gnutls_free(out.data);
    gnutls_x509_privkey_deinit(key);
    return pem;
}

/* ---- tokens ---- */

static const char *base64url(const void *data, size_t len)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const uint8_t *octets = data;
    char *text = keep(len * 4 / 3 + 4), *to = text;

    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < n ? octets[i + j] : 0);
        for (size_t j = 0; j <= n; j++)
            *to++ = alphabet[bits >> (18 - 6 * j) & 63];
    }
    return text;
}

/* An INTEGER's content as 32 octets. */
static void fixed(uint8_t to[32], gnutls_datum_t from)
{
    size_t skip = from.size > 32 ? from.size - 32 : 0;

    memset(to, 0, 32);
    memcpy(to + 32 - (from.size - skip), from.data + skip, from.size - skip);
}

static const char *token(const char *header, const char *payload, const char *name,
                         uint8_t change)
{
    const char *input = keep_text("%s.%s", base64url(header, strlen(header)),
                                  base64url(payload, strlen(payload)));
    gnutls_datum_t data = {(void *)(uintptr_t)input, (unsigned)strlen(input)};
    gnutls_datum_t signature, r, s;
    uint8_t raw[64];

    check(gnutls_privkey_sign_data2(mint_private_key(name, MINT_P256), GNUTLS_SIGN_ECDSA_SHA256,
                                    0, &data, &signature),
          "signature");
    check(gnutls_decode_rs_value(&signature, &r, &s), "signature");
    fixed(raw, r);
    fixed(raw + 32, s);
    raw[63] ^= change;
    gnutls_free(signature.data);
    gnutls_free(r.data);
    gnutls_free(s.data);
    return keep_text("%s.%s", input, base64url(raw, sizeof raw));
}

const char *mint_token(const char *header, const char *payload, const char *key)
{
    return token(header, payload, key, 0);
}

const char *mint_token_corrupt(const char *header, const char *payload, const char *key)
{
    return token(header, payload, key, 0x01);
}

const char *mint_shaken_token(const char *x5u, const char *orig, const char *dest, int64_t iat,
                              const char *key)
{
    return mint_token(
        keep_text("{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"%s\"}",
                  x5u),
        keep_text("{\"attest\":\"A\",\"dest\":{\"tn\":[\"%s\"]},\"iat\":%" PRId64
                  ",\"orig\":{\"tn\":\"%s\"},"
                  "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}",
                  dest, iat, orig),
        key);
}

const char *mint_base_token(const char *x5u, const char *orig, const char *dest, int64_t iat,
                            const char *key)
{
    return mint_token(keep_text("{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"%s\"}", x5u),
                      keep_text("{\"dest\":{\"tn\":[\"%s\"]},\"iat\":%" PRId64
                                ",\"orig\":{\"tn\":\"%s\"}}",
                                dest, iat, orig),
                      key);
}

const char *mint_identity_value(const char *token, const char *x5u, const char *ppt)
{
    if (ppt == NULL)
        return keep_text("%s;info=<%s>;alg=ES256", token, x5u);
    return keep_text("%s;info=<%s>;alg=ES256;ppt=\"%s\"", token, x5u, ppt);
}
