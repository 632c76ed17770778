/* crypto/key: private keys in and out, RFC 6979, every kind of key and signature. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64url.h"
#include "crypto/key.h"
#include "tests/help.h"

static struct stir_key *load_vector(const char *name)
{
    struct stir_error error;
    char *path = help_vector(name);
    struct stir_key *key = stir_key_load(path, &error);

    cr_assert_not_null(key, "%s: %s", name, error.text);
    free(path);
    return key;
}

#define APP_A_INPUT                                                                            \
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bh" \
    "c3Nwb3J0LmNlciJ9.eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM" \
    "3NTQxOCwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEyIn19"

/* requirements.md 2.1: the one signature whose octets are known beforehand. */
Test(key, rfc6979_over_rfc8225_appendix_a)
{
    help_need_corpora();
    struct stir_key *key = load_vector("rfc8225-A1-private.pem");
    uint8_t signature[ES256_SIGNATURE_SIZE];
    struct stir_error error = {0};

    cr_assert_eq(key_sign(key, APP_A_INPUT, strlen(APP_A_INPUT), signature, &error), 0, "%s",
                 error.text);
    char *text = base64url_encode(signature, sizeof signature);
    cr_expect_str_eq(text,
                     "2c_SAul3BxIuvMR3G8VfbFwj6ZoOHBQF-qVaR-Mef0V2ipEhTe0ZYBaLrnhuSRVNwy1Tu-"
                     "tr334XUBdnPYi3tA");
    free(text);
    stir_key_free(key);
}

static struct public_key *public_half(const struct stir_key *key)
{
    struct stir_error error = {0};
    size_t len;
    const void *spki = key_spki(key, &len);
    struct public_key *public_key = public_key_new(&es256_gnutls, spki, len, &error);

    cr_assert_not_null(public_key, "%s", error.text);
    return public_key;
}

Test(key, sec1_and_its_public_half)
{
    help_need_corpora();
    struct stir_key *key = load_vector("rfc8946-A-private.pem");
    char *path = help_vector("rfc8946-A-public.pem");
    size_t len, wanted_len;
    uint8_t *wanted = help_pem(path, &wanted_len);
    const void *spki = key_spki(key, &len);

    cr_expect_eq(len, wanted_len);
    cr_expect(memcmp(spki, wanted, len) == 0);
    free(wanted);
    free(path);
    stir_key_free(key);
}

Test(key, generate_write_read_sign)
{
    struct stir_error error;
    struct stir_key *made = stir_key_generate(&error);
    cr_assert_not_null(made, "%s", error.text);
    cr_expect_eq(key_kind(made), KEY_P256);
    char *pem = stir_key_pem(made, &error);
    cr_assert_not_null(pem, "%s", error.text);
    cr_expect(strstr(pem, "-----BEGIN PRIVATE KEY-----") == pem, "PKCS #8: %s", pem);
    struct stir_key *read = stir_key_parse(pem, STIR_NUL, &error);
    cr_assert_not_null(read, "%s", error.text);
    uint8_t a[ES256_SIGNATURE_SIZE], b[ES256_SIGNATURE_SIZE];
    cr_expect_eq(key_sign(made, "text", 4, a, NULL), 0);
    cr_expect_eq(key_sign(read, "text", 4, b, NULL), 0);
    cr_expect(memcmp(a, b, sizeof a) == 0, "the same key and text, another signature");
    struct public_key *key = public_half(read);
    cr_expect_eq(es256_verify(public_key_es256(key), "text", 4, a), 1);
    cr_expect_eq(es256_verify(public_key_es256(key), "texT", 4, a), 0);
    struct stir_key *same = key_ref(read);
    stir_key_free(read);
    cr_expect_eq(key_sign(same, "text", 4, b, NULL), 0, "the other reference still holds it");
    stir_key_free(same);
    public_key_free(key);
    free(pem);
    stir_key_free(made);
}

/* tests/crypto/keys: made once by openssl, never again. */
static char *key_path(const char *name)
{
    char relative[100];

    snprintf(relative, sizeof relative, "tests/crypto/keys/%s", name);
    return help_source(relative);
}

static struct public_key *read_public(const char *name, struct stir_error *error)
{
    char *path = key_path(name);
    size_t len;
    uint8_t *der = help_pem(path, &len);

    error_clear(error);
    struct public_key *key = public_key_new(&es256_gnutls, der, len, error);
    free(der);
    free(path);
    return key;
}

static const struct {
    const char *desc, *file, *name;
    enum key_kind kind;
} kinds[] = {
    {"P-256", "p256.pub", "P-256", KEY_P256},
    {"P-384", "p384.pub", "P-384", KEY_P384},
    {"P-521", "p521.pub", "P-521", KEY_P521},
    {"RSA", "rsa2048.pub", "RSA 2048", KEY_RSA},
    {"RSA whose key says PSS", "pss.pub", "RSA 2048", KEY_RSA},
    {"RSA with an exponent of four octets", "rsa-exponent-4.pub", "RSA 2048", KEY_RSA},
    {"RSA with one of five, by which a check takes as long as strangers like",
     "rsa-exponent-5.pub", "RSA 2048 with a long exponent", KEY_UNSUPPORTED},
    {"A-34: RSA, too short", "rsa1024.pub", "RSA 1024", KEY_UNSUPPORTED},
    {"P-224", "p224.pub", "SECP224R1", KEY_UNSUPPORTED},
    {"a curve that GnuTLS has not", "secp256k1.pub", "unknown", KEY_UNSUPPORTED},
    {"another one", "brainpool256.pub", "unknown", KEY_UNSUPPORTED},
    {"P-256 by its parameters", "explicit.pub", "explicit", KEY_UNSUPPORTED},
    {"P-256, a compressed point", "compressed.pub", "compressed", KEY_UNSUPPORTED},
    {"Ed25519", "ed25519.pub", "Ed", KEY_UNSUPPORTED},
};

Test(key, kinds_of_public_keys)
{
    struct stir_error error;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct public_key *key = read_public(kinds[i].file, &error);
        cr_expect_not_null(key, "%s: %s", kinds[i].desc, error.text);
        if (key == NULL)
            continue;
        cr_expect_eq(public_key_kind(key), kinds[i].kind, "%s", kinds[i].desc);
        cr_expect(strstr(public_key_name(key), kinds[i].name) != NULL, "%s: %s", kinds[i].desc,
                  public_key_name(key));
        cr_expect_eq(public_key_es256(key) != NULL, kinds[i].kind == KEY_P256);
        public_key_free(key);
    }
}

#define P256_HEAD "3059301306072a8648ce3d020106082a8648ce3d030107034200"
#define GX "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define GY "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define GY_WRONG "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f4"

static const struct {
    const char *desc, *hex;
    bool good;
} spkis[] = {
    {"the generator", P256_HEAD "04" GX GY, true},
    {"R7515-3: beside the curve", P256_HEAD "04" GX GY_WRONG, false},
    {"an octet behind", P256_HEAD "04" GX GY "00", false},
    {"a hybrid point", P256_HEAD "07" GX GY, false},
    {"empty", "", false},
    {"a SEQUENCE of nothing", "3000", false},
    {"no point", "3019301306072a8648ce3d020106082a8648ce3d03010703020000", false},
};

Test(key, public_keys_that_are_none)
{
    for (size_t i = 0; i < sizeof spkis / sizeof *spkis; i++) {
        struct stir_error error = {0};
        size_t len;
        uint8_t *der = help_unhex(spkis[i].hex, &len);
        struct public_key *key = public_key_new(&es256_gnutls, der, len, &error);

        cr_expect_eq(key != NULL, spkis[i].good, "%s: %s", spkis[i].desc, error.text);
        cr_expect_eq(error.code, spkis[i].good ? 0 : STIR_E_SYNTAX, "%s: %s", spkis[i].desc,
                     error.text);
        public_key_free(key);
        free(der);
    }
}

static const char *const signature_names[] = {
    "unsupported", "ecdsa-sha256", "ecdsa-sha384",   "ecdsa-sha512",   "rsa-sha256",
    "rsa-sha384",  "rsa-sha512",   "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512"};

/* By data, and by its digest, which certificates are verified by: the same. */
static int verify(const struct public_key *key, enum signature_kind kind, const char *text,
                  const uint8_t *signature, size_t len)
{
    uint8_t digest[DIGEST_LARGEST_SIZE];
    int found = public_key_verify(key, kind, text, strlen(text), signature, len);

    cr_expect_eq(signature_digest(kind, text, strlen(text), digest),
                 kind == SIGNATURE_UNSUPPORTED ? STIR_E_ARGUMENT : 0);
    cr_expect_eq(public_key_verify_digest(key, kind, digest, signature, len), found, "%s as %s",
                 public_key_name(key), signature_names[kind]);
    return found;
}

/* Every kind against one signature of openssl's: only its own is taken, and only unaltered.
   R8226-4-1, A-34. */
static void check_signature(const char *file, const char *name, const char *hex)
{
    struct stir_error error;
    size_t len;
    uint8_t *signature = help_unhex(hex, &len);
    struct public_key *key = read_public(file, &error);

    cr_assert_not_null(key, "%s: %s", file, error.text);
    bool usable = public_key_kind(key) != KEY_UNSUPPORTED;
    for (int kind = SIGNATURE_UNSUPPORTED; kind <= SIGNATURE_RSA_PSS_SHA512; kind++) {
        int wanted = usable && strcmp(name, signature_names[kind]) == 0;
        int found = verify(key, kind, "signed by openssl", signature, len);
        cr_expect_eq(found, wanted, "%s %s as %s: %d", file, name, signature_names[kind],
                     found);
        cr_expect_neq(verify(key, kind, "signed by OpenSSL", signature, len), 1);
        cr_expect_neq(verify(key, kind, "signed by openssl", signature, len - 1), 1);
        signature[len - 5] ^= 4;
        cr_expect_neq(verify(key, kind, "signed by openssl", signature, len), 1);
        signature[len - 5] ^= 4;
    }
    public_key_free(key);
    free(signature);
}

Test(key, signatures_of_openssl)
{
    char *path = key_path("signatures.txt"), *text = help_read(path, NULL);
    char file[32], name[32], hex[1200];
    int n = 0, taken;

    cr_assert_not_null(text);
    for (char *at = text; sscanf(at, "%31s %31s %1199s\n%n", file, name, hex, &taken) == 3;
         at += taken, n++)
        check_signature(file, name, hex);
    cr_expect_eq(n, 19);
    free(text);
    free(path);
}

/* GnuTLS would take an ECDSA-Sig-Value in BER for the larger curves. */
Test(key, ber_signatures_are_refused)
{
    struct stir_error error = {0};
    char *path = key_path("p384.key");
    struct stir_key *key = stir_key_load(path, &error);
    enum signature_kind kind;
    uint8_t longer[200] = {0x30, 0x81};
    void *made = NULL;
    size_t len = 0;

    cr_assert_not_null(key, "%s", error.text);
    cr_assert_eq(key_sign_certificate(key, "x", 1, &kind, &made, &len, &error), 0);
    memcpy(longer + 2, (uint8_t *)made + 1, len - 1);
    struct public_key *half = public_half(key);
    cr_expect_eq(verify(half, kind, "x", made, len), 1);
    cr_expect_eq(verify(half, kind, "x", longer, len + 1), 0);
    public_key_free(half);
    stir_key_free(key);
    free(made);
    free(path);
}

/* stir_key_load() and what certificates are signed with. */
static const struct {
    const char *desc, *file;
    int code;                 /* of loading */
    const char *sentence;     /* then */
    enum signature_kind kind; /* otherwise: SIGNATURE_UNSUPPORTED is STIR_E_ARGUMENT */
} loads[] = {
    {"P-256", "p256.key", 0, NULL, SIGNATURE_ECDSA_SHA256},
    {"P-384", "p384.key", 0, NULL, SIGNATURE_ECDSA_SHA384},
    {"P-521", "p521.key", 0, NULL, SIGNATURE_ECDSA_SHA512},
    {"RSA", "rsa2048.key", 0, NULL, SIGNATURE_RSA_SHA256},
    {"RSA, too short: held, judged later", "rsa1024.key", 0, NULL, SIGNATURE_UNSUPPORTED},
    {"Ed25519: held, judged later", "ed25519.key", 0, NULL, SIGNATURE_UNSUPPORTED},
    {"encrypted PKCS #8", "encrypted-pkcs8.key", STIR_E_SYNTAX, "encrypted", 0},
    {"encrypted SEC 1", "encrypted-sec1.key", STIR_E_SYNTAX, "encrypted", 0},
    {"a public key", "p256.pub", STIR_E_SYNTAX, "public key", 0},
    {"something else", "signatures.txt", STIR_E_SYNTAX, "no private key", 0},
    {"no file", "absent.key", STIR_E_FILE, "No such file", 0},
};

static void check_signing(const struct stir_key *key, enum signature_kind wanted,
                          const char *desc)
{
    struct stir_error error = {0};
    enum signature_kind kind = SIGNATURE_UNSUPPORTED;
    void *signature = NULL;
    size_t len = 0;
    uint8_t raw[ES256_SIGNATURE_SIZE];
    int rc = key_sign_certificate(key, "text", 4, &kind, &signature, &len, &error);

    cr_expect_eq(rc, wanted == SIGNATURE_UNSUPPORTED ? STIR_E_ARGUMENT : 0, "%s: %s", desc,
                 error.text);
    cr_expect_eq(kind, wanted, "%s", desc);
    cr_expect_eq(key_sign(key, "text", 4, raw, NULL),
                 wanted == SIGNATURE_ECDSA_SHA256 ? 0 : STIR_E_ARGUMENT, "%s", desc);
    if (rc != 0)
        return;
    struct public_key *half = public_half(key);
    cr_expect_eq(public_key_verify(half, kind, "text", 4, signature, len), 1, "%s", desc);
    public_key_free(half);
    free(signature);
}

Test(key, load)
{
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        struct stir_error error;
        char *path = key_path(loads[i].file);
        struct stir_key *key = stir_key_load(path, &error);

        cr_expect_eq(error.code, loads[i].code, "%s: %s", loads[i].desc, error.text);
        cr_expect_eq(key != NULL, loads[i].code == 0, "%s: %s", loads[i].desc, error.text);
        if (loads[i].sentence != NULL)
            cr_expect(strstr(error.text, loads[i].sentence) != NULL, "%s: %s", loads[i].desc,
                      error.text);
        if (key != NULL)
            check_signing(key, loads[i].kind, loads[i].desc);
        stir_key_free(key);
        free(path);
    }
}

/* Texts around the key of a file, which openssl writes so. */
static const struct {
    const char *desc, *before, *after;
    const char *sentence; /* NULL: it is taken */
} around[] = {
    {"nothing", "", "", NULL},
    {"EC PARAMETERS",
     "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n", "",
     NULL},
    {"a certificate behind", "",
     "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", NULL},
    {"another key behind", "",
     "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n", "several"},
};

Test(key, what_stands_beside_a_key)
{
    char *path = key_path("p256.key"), *pem = help_read(path, NULL), text[4096];
    struct stir_error error;

    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        snprintf(text, sizeof text, "%s%s%s", around[i].before, pem, around[i].after);
        struct stir_key *key = stir_key_parse(text, STIR_NUL, &error);
        cr_expect_eq(key != NULL, around[i].sentence == NULL, "%s: %s", around[i].desc,
                     error.text);
        if (around[i].sentence != NULL)
            cr_expect(strstr(error.text, around[i].sentence) != NULL, "%s", error.text);
        stir_key_free(key);
    }
    free(pem);
    free(path);
}

static const struct {
    const char *desc, *pem, *sentence;
} not_keys[] = {
    {"empty", "", "no private key"},
    {"a certificate", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
     "this is a certificate"},
    {"rubbish in a key's clothes",
     "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "cannot be read"},
    {"cut", "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49", "cannot be read"},
};

Test(key, parse_refuses)
{
    struct stir_error error;

    for (size_t i = 0; i < sizeof not_keys / sizeof *not_keys; i++) {
        cr_expect_null(stir_key_parse(not_keys[i].pem, STIR_NUL, &error), "%s",
                       not_keys[i].desc);
        cr_expect_eq(error.code, STIR_E_SYNTAX, "%s: %s", not_keys[i].desc, error.text);
        cr_expect(strstr(error.text, not_keys[i].sentence) != NULL, "%s: %s", not_keys[i].desc,
                  error.text);
    }
    cr_expect_null(stir_key_parse(NULL, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_key_load(NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_key_pem(NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    stir_key_free(NULL);
    char *large = calloc(1, 70000);
    cr_expect_null(stir_key_parse(large, 70000, &error));
    cr_expect_eq(error.code, STIR_E_LIMIT, "%s", error.text);
    free(large);
}

Test(key, is_not_for_a_child)
{
    struct stir_key *key = stir_key_generate(NULL);
    uint8_t signature[ES256_SIGNATURE_SIZE];
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(key_sign(key, "x", 1, signature, NULL) == STIR_E_FORKED
                      && stir_key_pem(key, NULL) == NULL
                  ? 0
                  : 1);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    stir_key_free(key);
}

/* RFC 5915 section 3: a P-256 scalar is 32 octets, whatever its first bit; openssl's own files are
   of that form and size. */
Test(key, written_in_the_fixed_size_of_rfc_5915)
{
    for (int i = 0; i < 32; i++) {
        struct stir_error error;
        struct stir_key *key = stir_key_generate(&error), *again;
        char *pem = stir_key_pem(key, &error);
        cr_assert_not_null(pem, "%s", error.text);
        cr_expect_eq(strlen(pem), 241, "%zu", strlen(pem));
        again = stir_key_parse(pem, STIR_NUL, &error);
        cr_assert_not_null(again, "%s", error.text);
        size_t len, again_len;
        const void *spki = key_spki(key, &len), *again_spki = key_spki(again, &again_len);
        cr_expect(len == again_len && memcmp(spki, again_spki, len) == 0);
        free(pem);
        stir_key_free(again);
        stir_key_free(key);
    }
}
