/*
 * Private keys: struct stir_key of stir.h.
 *
 * A gnutls_privkey_t "is protected using locks and a single gnutls_privkey_t can be re-used by
 * many threads" (gnutls_privkey_init(3)), and signing here is deterministic (RFC 6979), so that a
 * key needs no lock and no random numbers; unless it is behind PKCS #11, where its device signs.
 */
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/key.h"
#include "crypto/key_private.h"

struct stir_key {
    gnutls_privkey_t privkey;
    gnutls_datum_t spki; /* gnutls_malloc()'s */
    struct public_key *public_key;
    atomic_uint references;
    pid_t owner;    /* a key belongs to the process that made it */
    bool is_remote; /* behind PKCS #11 */
};

static bool is_forked(const struct stir_key *key, struct stir_error *error)
{
    if (key->owner == getpid())
        return false;
    error_set(error, STIR_E_FORKED, "the key was made before fork()");
    return true;
}

/* What the key is, told by its public half. */
static int describe(struct stir_key *key, struct stir_error *error)
{
    gnutls_pubkey_t pubkey = NULL;
    int rc = gnutls_pubkey_init(&pubkey);

    if (rc >= 0)
        rc = gnutls_pubkey_import_privkey(pubkey, key->privkey, 0, 0);
    if (rc >= 0)
        rc = gnutls_pubkey_export2(pubkey, GNUTLS_X509_FMT_DER, &key->spki);
    if (pubkey != NULL)
        gnutls_pubkey_deinit(pubkey);
    if (rc < 0)
        return error_set(error, rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : STIR_E_SYNTAX,
                         "the key has no public half: %s", gnutls_strerror(rc));
    key->public_key = public_key_new(&es256_gnutls, key->spki.data, key->spki.size, error);
    return key->public_key != NULL ? 0 : STIR_E_SYNTAX;
}

/* Empty yet. */
static struct stir_key *new_key(struct stir_error *error)
{
    struct stir_key *key = calloc(1, sizeof *key);

    if (key == NULL || gnutls_privkey_init(&key->privkey) < 0) {
        free(key);
        error_no_memory(error);
        return NULL;
    }
    atomic_init(&key->references, 1);
    key->owner = getpid();
    return key;
}

/* Takes x509 over, also where it fails. */
static struct stir_key *make(gnutls_x509_privkey_t x509, struct stir_error *error)
{
    struct stir_key *key = new_key(error);

    if (key == NULL) {
        gnutls_x509_privkey_deinit(x509);
        return NULL;
    }
    int rc = gnutls_privkey_import_x509(key->privkey, x509, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
    if (rc < 0) {
        gnutls_x509_privkey_deinit(x509);
        error_set(error, STIR_E_INTERNAL, "the key cannot be taken: %s", gnutls_strerror(rc));
    } else if (describe(key, error) == 0) {
        return key;
    }
    stir_key_free(key);
    return NULL;
}

struct stir_key *stir_key_generate(struct stir_error *error)
{
    gnutls_x509_privkey_t x509 = NULL;

    error_clear(error);
    if (gnutls_x509_privkey_init(&x509) < 0) {
        error_no_memory(error);
        return NULL;
    }
    int rc = gnutls_x509_privkey_generate(x509, GNUTLS_PK_ECDSA,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (rc >= 0)
        return make(x509, error);
    gnutls_x509_privkey_deinit(x509);
    error_set(error, STIR_E_INTERNAL, "no key was generated: %s", gnutls_strerror(rc));
    return NULL;
}

static const char *find(const char *pem, size_t len, const char *text)
{
    return memmem(pem, len, text, strlen(text));
}

/* The first block that holds a private key; NULL: none. A file may hold other things before it:
   EC PARAMETERS as OpenSSL writes them, its certificate. */
static const char *first_block(const char *pem, size_t len)
{
    static const char *const labels[] = {"-----BEGIN PRIVATE KEY-----",
                                         "-----BEGIN EC PRIVATE KEY-----",
                                         "-----BEGIN RSA PRIVATE KEY-----"};
    const char *first = NULL;

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const char *found = find(pem, len, labels[i]);
        if (found != NULL && (first == NULL || found < first))
            first = found;
    }
    return first;
}

/* Why there is no key to be read here; 0: there is. */
static int refuse(const char *pem, size_t len, const char *block, struct stir_error *error)
{
    if (find(pem, len, "-----BEGIN ENCRYPTED PRIVATE KEY-----") != NULL
        || find(pem, len, "Proc-Type: 4,ENCRYPTED") != NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "the private key is encrypted, and there is no password to open it "
                         "with; wanted: PKCS #8 or SEC 1 in PEM, not encrypted");
    if (block == NULL && find(pem, len, "-----BEGIN CERTIFICATE-----") != NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "this is a certificate, wanted: its private key in PEM");
    if (block == NULL && find(pem, len, "-----BEGIN PUBLIC KEY-----") != NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "this is a public key, wanted: a private key in PEM");
    if (block == NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "no private key in PEM (PKCS #8 or SEC 1) was found");
    if (first_block(block + 1, len - (size_t)(block + 1 - pem)) != NULL)
        return error_set(error, STIR_E_SYNTAX,
                         "there are several private keys, and which is meant is not said");
    return 0;
}

struct stir_key *stir_key_parse(const void *pem, size_t len, struct stir_error *error)
{
    gnutls_x509_privkey_t x509 = NULL;

    error_clear(error);
    if (pem == NULL) {
        error_null(error, "pem");
        return NULL;
    }
    if (len == STIR_NUL)
        len = strlen(pem);
    if (len > LIMIT_KEY_FILE) {
        error_set(error, STIR_E_LIMIT, "a private key of more than %d octets", LIMIT_KEY_FILE);
        return NULL;
    }
    const char *block = first_block(pem, len);
    if (refuse(pem, len, block, error) < 0)
        return NULL;
    gnutls_datum_t datum = {(unsigned char *)(uintptr_t)block,
                            (unsigned)(len - (size_t)(block - (const char *)pem))};
    if (gnutls_x509_privkey_init(&x509) < 0) {
        error_no_memory(error);
        return NULL;
    }
    int rc =
        gnutls_x509_privkey_import2(x509, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
    if (rc >= 0)
        return make(x509, error);
    gnutls_x509_privkey_deinit(x509);
    error_set(error, STIR_E_SYNTAX, "the private key cannot be read: %s", gnutls_strerror(rc));
    return NULL;
}

/* A PIN in the URL is nobody's business who reads the sentence. */
static size_t shown_of_url(const char *url)
{
    return strcspn(url, "?");
}

static struct stir_key *load_url(const char *url, struct stir_error *error)
{
    struct stir_key *key = new_key(error);
    char room[SHOWN_SIZE];

    if (key == NULL)
        return NULL;
    key->is_remote = true;
    int rc = gnutls_privkey_import_url(key->privkey, url, 0);
    if (rc < 0)
        error_set(error, rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : STIR_E_FILE, "%s: %s",
                  shown(room, url, shown_of_url(url)), gnutls_strerror(rc));
    else if (describe(key, error) == 0)
        return key;
    stir_key_free(key);
    return NULL;
}

static struct stir_key *load_file(const char *file, struct stir_error *error)
{
    struct stir_error inner;
    char *pem = NULL, room[SHOWN_SIZE];
    size_t len = 0;

    error_clear(&inner);
    if (file_read(file, LIMIT_KEY_FILE, &pem, &len, error) < 0)
        return NULL;
    struct stir_key *key = stir_key_parse(pem, len, &inner);
    if (key == NULL)
        error_set(error, inner.code, "%s: %s", shown(room, file, strlen(file)), inner.text);
    gnutls_memset(pem, 0, len);
    free(pem);
    return key;
}

struct stir_key *stir_key_load(const char *spec, struct stir_error *error)
{
    error_clear(error);
    if (spec == NULL) {
        error_null(error, "spec");
        return NULL;
    }
    return strncmp(spec, "pkcs11:", 7) == 0 ? load_url(spec, error) : load_file(spec, error);
}

struct stir_key *key_ref(const struct stir_key *key)
{
    struct stir_key *same = (struct stir_key *)(uintptr_t)key;

    atomic_fetch_add(&same->references, 1);
    return same;
}

void stir_key_free(struct stir_key *key)
{
    if (key == NULL || atomic_fetch_sub(&key->references, 1) > 1)
        return;
    public_key_free(key->public_key);
    gnutls_free(key->spki.data);
    gnutls_privkey_deinit(key->privkey);
    free(key);
}

char *stir_key_pem(const struct stir_key *key, struct stir_error *error)
{
    error_clear(error);
    if (key == NULL) {
        error_null(error, "key");
        return NULL;
    }
    if (is_forked(key, error))
        return NULL;
    if (key->is_remote) {
        error_set(error, STIR_E_UNSUPPORTED, "a key behind PKCS #11 is not written");
        return NULL;
    }
    return key_private_pem(key->privkey, key_kind(key) == KEY_P256, error);
}

const void *key_spki(const struct stir_key *key, size_t *len)
{
    *len = key->spki.size;
    return key->spki.data;
}

enum key_kind key_kind(const struct stir_key *key)
{
    return public_key_kind(key->public_key);
}

static int sign(const struct stir_key *key, gnutls_sign_algorithm_t algorithm, unsigned flags,
                const void *data, size_t len, gnutls_datum_t *signature,
                struct stir_error *error)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)data, (unsigned)len};

    if (is_forked(key, error))
        return STIR_E_FORKED;
    if (key->is_remote) /* the device's own random numbers */
        flags &= ~(unsigned)GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE;
    if (len > UINT32_MAX)
        return error_set(error, STIR_E_LIMIT, "more than 4 GiB cannot be signed");
    int rc = gnutls_privkey_sign_data2(key->privkey, algorithm, flags, &text, signature);
    if (rc >= 0)
        return 0;
    return error_set(error, rc == GNUTLS_E_MEMORY_ERROR ? STIR_E_NOMEM : STIR_E_INTERNAL,
                     "signing failed: %s", gnutls_strerror(rc));
}

int key_sign(const struct stir_key *key, const void *data, size_t len,
             uint8_t signature[ES256_SIGNATURE_SIZE], struct stir_error *error)
{
    gnutls_datum_t out = {NULL, 0};

    if (key_kind(key) != KEY_P256)
        return error_set(error, STIR_E_ARGUMENT, "the key is %s, wanted: P-256 for ES256",
                         public_key_name(key->public_key));
    int rc = sign(key, GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE, data, len,
                  &out, error);
    if (rc < 0)
        return rc;
    if (es256_signature_from_der((struct der){out.data, out.size}, signature) < 0)
        rc = error_set(error, STIR_E_INTERNAL, "GnuTLS made a signature that is no DER");
    gnutls_free(out.data);
    return rc;
}

int key_sign_certificate(const struct stir_key *key, const void *data, size_t len,
                         enum signature_kind *kind, void **signature, size_t *signature_len,
                         struct stir_error *error)
{
    static const struct {
        enum signature_kind kind;
        gnutls_sign_algorithm_t algorithm;
        unsigned flags;
    } ways[] = {
        [KEY_P256] = {SIGNATURE_ECDSA_SHA256, GNUTLS_SIGN_ECDSA_SHA256,
                      GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE},
        [KEY_P384] = {SIGNATURE_ECDSA_SHA384, GNUTLS_SIGN_ECDSA_SHA384,
                      GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE},
        [KEY_P521] = {SIGNATURE_ECDSA_SHA512, GNUTLS_SIGN_ECDSA_SHA512,
                      GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE},
        [KEY_RSA] = {SIGNATURE_RSA_SHA256, GNUTLS_SIGN_RSA_SHA256, 0},
    };
    gnutls_datum_t out = {NULL, 0};
    enum key_kind of = key_kind(key);

    if (of == KEY_UNSUPPORTED)
        return error_set(error, STIR_E_ARGUMENT,
                         "the key is %s, wanted: P-256, P-384, P-521, or RSA of %d to %d bits",
                         public_key_name(key->public_key), LIMIT_RSA_BITS_LEAST,
                         LIMIT_RSA_BITS_MOST);
    int rc = sign(key, ways[of].algorithm, ways[of].flags, data, len, &out, error);
    if (rc < 0)
        return rc;
    *kind = ways[of].kind;
    *signature_len = out.size;
    *signature = text_copy(out.data, out.size);
    gnutls_free(out.data);
    return *signature != NULL ? 0 : error_no_memory(error);
}
