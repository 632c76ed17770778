/*
 * Public keys of certificates: which kind they are, and signatures under them.
 *
 * Verification only reads a gnutls_pubkey_t, which GnuTLS promises to be safe in many threads.
 */
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crypto/key.h"
#include "crypto/spki.h"

struct public_key {
    enum key_kind kind;
    char name[48];
    struct es256_key *es256; /* of P-256 keys */
    gnutls_pubkey_t pubkey;  /* NULL: of a form that GnuTLS does not take */
};

enum key_form { FORM_NAMED, FORM_EXPLICIT_CURVE, FORM_COMPRESSED_POINT };

/* What GnuTLS calls malformed though RFC 5480 knows it: a curve by its parameters (forbidden by
   its section 2.1.1), and a compressed point (which a reader may take, section 2.2). -1: it is
   no SubjectPublicKeyInfo. */
static int form_of(struct der spki, enum key_form *form)
{
    static const uint8_t id_ec_public_key[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
    struct der_element info, algorithm, oid, bits;

    *form = FORM_NAMED;
    if (der_only(spki, DER_SEQUENCE, &info) < 0)
        return -1;
    struct der left = info.content;
    if (der_take(&left, DER_SEQUENCE, &algorithm) < 0
        || der_take(&left, DER_BIT_STRING, &bits) < 0 || left.len > 0)
        return -1;
    left = algorithm.content;
    if (der_take(&left, DER_OID, &oid) < 0)
        return -1;
    if (!der_equal(oid.content, (struct der){id_ec_public_key, sizeof id_ec_public_key}))
        return 0;
    if (left.len > 0 && left.data[0] != DER_OID)
        *form = FORM_EXPLICIT_CURVE;
    else if (bits.content.len > 1 && (bits.content.data[1] | 1) == 3)
        *form = FORM_COMPRESSED_POINT;
    return 0;
}

static void set_kind(struct public_key *key, enum key_kind kind, const char *name)
{
    key->kind = kind;
    snprintf(key->name, sizeof key->name, "%s", name);
}

/* Coordinates come without leading zeros and go where x and y belong. */
static int place(uint8_t room[ES256_NUMBER_SIZE], const gnutls_datum_t *number)
{
    if (number->size > ES256_NUMBER_SIZE)
        return -1;
    memset(room, 0, ES256_NUMBER_SIZE);
    memcpy(room + ES256_NUMBER_SIZE - number->size, number->data, number->size);
    return 0;
}

static int make_es256(struct public_key *key, const struct es256_provider *provider,
                      const gnutls_datum_t *x, const gnutls_datum_t *y,
                      struct stir_error *error)
{
    uint8_t point[ES256_POINT_SIZE];
    int not_on_curve = 1;

    if (place(point, x) == 0 && place(point + ES256_NUMBER_SIZE, y) == 0)
        key->es256 = es256_key_new(provider, point, &not_on_curve);
    if (key->es256 != NULL)
        return 0;
    if (not_on_curve)
        return error_set(error, STIR_E_SYNTAX, "the public key is no point of the curve P-256");
    return error_no_memory(error);
}

static int read_curve(struct public_key *key, const struct es256_provider *provider,
                      struct stir_error *error)
{
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0};
    gnutls_ecc_curve_t curve;
    int rc = 0;

    if (gnutls_pubkey_export_ecc_raw2(key->pubkey, &curve, &x, &y, GNUTLS_EXPORT_FLAG_NO_LZ)
        < 0)
        return error_set(error, STIR_E_SYNTAX, "the public key is no point of a curve");
    if (curve == GNUTLS_ECC_CURVE_SECP256R1) {
        set_kind(key, KEY_P256, "P-256");
        rc = make_es256(key, provider, &x, &y, error);
    } else if (gnutls_pubkey_verify_params(key->pubkey) < 0) {
        rc = error_set(error, STIR_E_SYNTAX, "the public key is no point of its curve");
    } else if (curve == GNUTLS_ECC_CURVE_SECP384R1) {
        set_kind(key, KEY_P384, "P-384");
    } else if (curve == GNUTLS_ECC_CURVE_SECP521R1) {
        set_kind(key, KEY_P521, "P-521");
    } else {
        set_kind(key, KEY_UNSUPPORTED, gnutls_ecc_curve_get_name(curve));
    }
    gnutls_free(x.data);
    gnutls_free(y.data);
    return rc;
}

static int read_kind(struct public_key *key, const struct es256_provider *provider,
                     struct der spki, struct stir_error *error)
{
    unsigned bits = 0;
    int algorithm = gnutls_pubkey_get_pk_algorithm(key->pubkey, &bits);

    if (algorithm < 0)
        return error_set(error, STIR_E_SYNTAX, "the public key cannot be read: %s",
                         gnutls_strerror(algorithm));
    if (algorithm == GNUTLS_PK_ECDSA)
        return read_curve(key, provider, error);
    bool rsa = algorithm == GNUTLS_PK_RSA || algorithm == GNUTLS_PK_RSA_PSS;
    /* No authority makes moduli of broken octets; what has one was made by hand. */
    bool fits = bits >= LIMIT_RSA_BITS_LEAST && bits <= LIMIT_RSA_BITS_MOST && bits % 8 == 0;
    bool quick = spki_is_quick(spki);
    if (rsa && fits && quick)
        key->kind = KEY_RSA;
    const char *name =
        rsa ? "RSA" : gnutls_pk_algorithm_get_name((gnutls_pk_algorithm_t)algorithm);
    snprintf(key->name, sizeof key->name, "%s %u%s", name != NULL ? name : "unknown", bits,
             rsa && fits && !quick ? " with a long exponent" : "");
    return 0;
}

/* Known to be a key, but of no kind that matters here: it is judged where it is used. */
static bool is_unknown_kind(int rc)
{
    return rc == GNUTLS_E_ECC_UNSUPPORTED_CURVE || rc == GNUTLS_E_UNKNOWN_PK_ALGORITHM
           || rc == GNUTLS_E_UNKNOWN_ALGORITHM || rc == GNUTLS_E_UNIMPLEMENTED_FEATURE;
}

static int import(struct public_key *key, const struct es256_provider *provider,
                  struct der spki, struct stir_error *error)
{
    gnutls_datum_t datum = {(unsigned char *)(uintptr_t)spki.data, (unsigned)spki.len};

    if (gnutls_pubkey_init(&key->pubkey) < 0)
        return error_no_memory(error);
    int rc = gnutls_pubkey_import(key->pubkey, &datum, GNUTLS_X509_FMT_DER);
    if (rc == GNUTLS_E_MEMORY_ERROR)
        return error_no_memory(error);
    if (rc >= 0)
        return read_kind(key, provider, spki, error);
    if (!is_unknown_kind(rc))
        return error_set(error, STIR_E_SYNTAX, "the public key cannot be read: %s",
                         gnutls_strerror(rc));
    gnutls_pubkey_deinit(key->pubkey);
    key->pubkey = NULL;
    set_kind(key, KEY_UNSUPPORTED, "of an unknown algorithm or curve");
    return 0;
}

struct public_key *public_key_new(const struct es256_provider *provider, const void *spki,
                                  size_t len, struct stir_error *error)
{
    struct public_key *key = calloc(1, sizeof *key);
    struct der der = {spki, len};
    enum key_form form;
    int rc = 0;

    if (key == NULL) {
        error_no_memory(error);
        return NULL;
    }
    if (form_of(der, &form) < 0)
        rc = error_set(error, STIR_E_SYNTAX, "there is no SubjectPublicKeyInfo");
    else if (len > LIMIT_PUBLIC_KEY)
        set_kind(key, KEY_UNSUPPORTED, "of more octets than are looked at");
    else if (form == FORM_EXPLICIT_CURVE)
        set_kind(key, KEY_UNSUPPORTED, "EC with explicit parameters");
    else if (form == FORM_COMPRESSED_POINT)
        set_kind(key, KEY_UNSUPPORTED, "EC with a compressed point");
    else
        rc = import(key, provider, der, error);
    if (rc == 0)
        return key;
    public_key_free(key);
    return NULL;
}

void public_key_free(struct public_key *key)
{
    if (key == NULL)
        return;
    es256_key_free(key->es256);
    if (key->pubkey != NULL)
        gnutls_pubkey_deinit(key->pubkey);
    free(key);
}

enum key_kind public_key_kind(const struct public_key *key)
{
    return key->kind;
}

const char *public_key_name(const struct public_key *key)
{
    return key->name;
}

const struct es256_key *public_key_es256(const struct public_key *key)
{
    return key->es256;
}

/* GNUTLS_SIGN_UNKNOWN where the kind of signature does not fit the kind of key. */
static gnutls_sign_algorithm_t algorithm_of(enum key_kind key, enum signature_kind kind)
{
    static const struct {
        gnutls_sign_algorithm_t algorithm;
        bool rsa;
    } known[] = {
        [SIGNATURE_ECDSA_SHA256] = {GNUTLS_SIGN_ECDSA_SHA256, false},
        [SIGNATURE_ECDSA_SHA384] = {GNUTLS_SIGN_ECDSA_SHA384, false},
        [SIGNATURE_ECDSA_SHA512] = {GNUTLS_SIGN_ECDSA_SHA512, false},
        [SIGNATURE_RSA_SHA256] = {GNUTLS_SIGN_RSA_SHA256, true},
        [SIGNATURE_RSA_SHA384] = {GNUTLS_SIGN_RSA_SHA384, true},
        [SIGNATURE_RSA_SHA512] = {GNUTLS_SIGN_RSA_SHA512, true},
        [SIGNATURE_RSA_PSS_SHA256] = {GNUTLS_SIGN_RSA_PSS_SHA256, true},
        [SIGNATURE_RSA_PSS_SHA384] = {GNUTLS_SIGN_RSA_PSS_SHA384, true},
        [SIGNATURE_RSA_PSS_SHA512] = {GNUTLS_SIGN_RSA_PSS_SHA512, true},
    };

    if (key == KEY_UNSUPPORTED || kind == SIGNATURE_UNSUPPORTED
        || known[kind].rsa != (key == KEY_RSA))
        return GNUTLS_SIGN_UNKNOWN;
    return known[kind].algorithm;
}

static gnutls_digest_algorithm_t hash_of(enum signature_kind kind)
{
    static const gnutls_digest_algorithm_t hashes[] = {
        [SIGNATURE_UNSUPPORTED] = GNUTLS_DIG_UNKNOWN,
        [SIGNATURE_ECDSA_SHA256] = GNUTLS_DIG_SHA256,
        [SIGNATURE_ECDSA_SHA384] = GNUTLS_DIG_SHA384,
        [SIGNATURE_ECDSA_SHA512] = GNUTLS_DIG_SHA512,
        [SIGNATURE_RSA_SHA256] = GNUTLS_DIG_SHA256,
        [SIGNATURE_RSA_SHA384] = GNUTLS_DIG_SHA384,
        [SIGNATURE_RSA_SHA512] = GNUTLS_DIG_SHA512,
        [SIGNATURE_RSA_PSS_SHA256] = GNUTLS_DIG_SHA256,
        [SIGNATURE_RSA_PSS_SHA384] = GNUTLS_DIG_SHA384,
        [SIGNATURE_RSA_PSS_SHA512] = GNUTLS_DIG_SHA512,
    };

    return hashes[kind];
}

/* GnuTLS takes an ECDSA-Sig-Value in BER, too; certificates are DER. */
static bool is_der(enum key_kind key, struct der signature)
{
    struct der r, s;

    return key == KEY_RSA || es256_signature_split(signature, &r, &s) == 0;
}

int public_key_verify(const struct public_key *key, enum signature_kind kind, const void *data,
                      size_t len, const void *signature, size_t signature_len)
{
    gnutls_sign_algorithm_t algorithm = algorithm_of(key->kind, kind);
    struct der der = {signature, signature_len};

    if (algorithm == GNUTLS_SIGN_UNKNOWN || len > UINT32_MAX || signature_len > UINT32_MAX)
        return 0;
    if (key->kind == KEY_P256 && kind == SIGNATURE_ECDSA_SHA256)
        return es256_verify_der(key->es256, data, len, signature, signature_len);
    if (!is_der(key->kind, der))
        return 0;
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)data, (unsigned)len};
    gnutls_datum_t value = {(unsigned char *)(uintptr_t)signature, (unsigned)signature_len};
    int rc = gnutls_pubkey_verify_data2(key->pubkey, algorithm, 0, &text, &value);
    return rc >= 0 ? 1 : rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : 0;
}

int signature_digest(enum signature_kind kind, const void *data, size_t len,
                     uint8_t digest[DIGEST_LARGEST_SIZE])
{
    gnutls_digest_algorithm_t hash = hash_of(kind);

    memset(digest, 0, DIGEST_LARGEST_SIZE);
    if (hash == GNUTLS_DIG_UNKNOWN)
        return STIR_E_ARGUMENT;
    return gnutls_hash_fast(hash, data, len, digest) == 0 ? 0 : STIR_E_INTERNAL;
}

struct digest_stream *signature_digest_begin(enum signature_kind kind)
{
    gnutls_digest_algorithm_t hash = hash_of(kind);
    gnutls_hash_hd_t handle;

    if (hash == GNUTLS_DIG_UNKNOWN || gnutls_hash_init(&handle, hash) != 0)
        return NULL;
    return (struct digest_stream *)handle;
}

int public_key_verify_digest(const struct public_key *key, enum signature_kind kind,
                             const uint8_t digest[DIGEST_LARGEST_SIZE], const void *signature,
                             size_t signature_len)
{
    gnutls_sign_algorithm_t algorithm = algorithm_of(key->kind, kind);
    struct der der = {signature, signature_len};

    if (algorithm == GNUTLS_SIGN_UNKNOWN || signature_len > UINT32_MAX)
        return 0;
    if (key->kind == KEY_P256 && kind == SIGNATURE_ECDSA_SHA256)
        return es256_verify_digest_der(key->es256, digest, signature, signature_len);
    if (!is_der(key->kind, der))
        return 0;
    gnutls_datum_t hash = {(unsigned char *)(uintptr_t)digest,
                           (unsigned)gnutls_hash_get_len(hash_of(kind))};
    gnutls_datum_t value = {(unsigned char *)(uintptr_t)signature, (unsigned)signature_len};
    int rc = gnutls_pubkey_verify_hash2(key->pubkey, algorithm, 0, &hash, &value);
    return rc >= 0 ? 1 : rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : 0;
}

/* ---- RSA-PSS --------------------------------------------------------------------------- */

bool signature_is_pss(enum signature_kind kind)
{
    return kind == SIGNATURE_RSA_PSS_SHA256 || kind == SIGNATURE_RSA_PSS_SHA384
           || kind == SIGNATURE_RSA_PSS_SHA512;
}

/* A key of PSS may be bound to a hash, and to salts not shorter than one (RFC 4055 section 3.1).
   1, 0 or STIR_E_NOMEM. */
static int is_allowed(gnutls_pubkey_t key, gnutls_digest_algorithm_t hash, unsigned salt)
{
    gnutls_digest_algorithm_t bound = GNUTLS_DIG_UNKNOWN;
    gnutls_x509_spki_t spki;
    unsigned least = 0;

    if (gnutls_x509_spki_init(&spki) < 0)
        return STIR_E_NOMEM;
    bool is_bound = gnutls_pubkey_get_spki(key, spki, 0) >= 0
                    && gnutls_x509_spki_get_rsa_pss_params(spki, &bound, &least) >= 0
                    && bound != GNUTLS_DIG_UNKNOWN;
    gnutls_x509_spki_deinit(spki);
    return !is_bound || (bound == hash && salt >= least);
}

/* GnuTLS holds the salt's length in the key; this one is read by many threads, so a copy of its
   numbers gets it. */
static int copy_for_salt(gnutls_pubkey_t key, gnutls_digest_algorithm_t hash, unsigned salt,
                         gnutls_pubkey_t *copy)
{
    gnutls_datum_t modulus = {NULL, 0}, exponent = {NULL, 0};
    gnutls_x509_spki_t spki = NULL;
    int rc = gnutls_pubkey_export_rsa_raw2(key, &modulus, &exponent, 0);

    if (rc >= 0)
        rc = gnutls_pubkey_init(copy);
    if (rc >= 0)
        rc = gnutls_pubkey_import_rsa_raw(*copy, &modulus, &exponent);
    if (rc >= 0)
        rc = gnutls_x509_spki_init(&spki);
    if (rc >= 0) {
        gnutls_x509_spki_set_rsa_pss_params(spki, hash, salt);
        rc = gnutls_pubkey_set_spki(*copy, spki, 0);
    }
    gnutls_x509_spki_deinit(spki);
    gnutls_free(modulus.data);
    gnutls_free(exponent.data);
    return rc;
}

int public_key_verify_pss(const struct public_key *key, enum signature_kind kind, unsigned salt,
                          const uint8_t digest[DIGEST_LARGEST_SIZE], const void *signature,
                          size_t signature_len)
{
    gnutls_digest_algorithm_t hash = hash_of(kind);
    gnutls_pubkey_t copy = NULL;

    if (key->kind != KEY_RSA || !signature_is_pss(kind) || signature_len > UINT32_MAX)
        return 0;
    int allowed = is_allowed(key->pubkey, hash, salt);
    if (allowed != 1)
        return allowed;
    gnutls_datum_t hashed = {(unsigned char *)(uintptr_t)digest,
                             (unsigned)gnutls_hash_get_len(hash)};
    gnutls_datum_t value = {(unsigned char *)(uintptr_t)signature, (unsigned)signature_len};
    int rc = copy_for_salt(key->pubkey, hash, salt, &copy);
    if (rc >= 0)
        rc =
            gnutls_pubkey_verify_hash2(copy, algorithm_of(key->kind, kind), 0, &hashed, &value);
    if (copy != NULL)
        gnutls_pubkey_deinit(copy);
    return rc >= 0 ? 1 : rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : 0;
}
