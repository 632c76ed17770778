/* GnuTLS that fails when told to, and whose signatures answer as told: linked with --wrap for each
   function below, which fuzz/local.am lists. */
#include "fuzz/fuzz.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>

static struct {
    bool told;
    uint64_t good;
    size_t checks, said_good;
} signatures;

void fuzz_signatures_answer(uint64_t good)
{
    signatures.told = true;
    signatures.good = good;
    signatures.checks = signatures.said_good = 0;
}

void fuzz_signatures_calculate(void)
{
    signatures.told = false;
    signatures.checks = signatures.said_good = 0;
}

size_t fuzz_signatures_good(void)
{
    return signatures.said_good;
}

static int failure(void)
{
    static const int codes[] = {GNUTLS_E_MEMORY_ERROR, GNUTLS_E_INTERNAL_ERROR,
                                GNUTLS_E_RANDOM_FAILED, GNUTLS_E_LIB_IN_ERROR_STATE};

    return codes[fuzz_turn() % (sizeof codes / sizeof *codes)];
}

/* RESULT NAME(PARAMETERS) fails, or is GnuTLS's with these arguments. */
#define FAILING(name, parameters, arguments)                                                   \
    int __real_##name parameters;                                                              \
    int __wrap_##name parameters;                                                              \
    int __wrap_##name parameters                                                               \
    {                                                                                          \
        return fuzz_strikes(FUZZ_CRYPTO) ? failure() : __real_##name arguments;                \
    }

/* The same of a function that checks a signature. */
#define CHECKING(name, parameters, arguments)                                                  \
    int __real_##name parameters;                                                              \
    int __wrap_##name parameters;                                                              \
    int __wrap_##name parameters                                                               \
    {                                                                                          \
        if (fuzz_strikes(FUZZ_CRYPTO))                                                         \
            return failure();                                                                  \
        int rc = !signatures.told ? __real_##name arguments                                    \
                 : signatures.good >> signatures.checks++ % 64 & 1                             \
                     ? 0                                                                       \
                     : GNUTLS_E_PK_SIG_VERIFY_FAILED;                                          \
        signatures.said_good += rc >= 0;                                                       \
        return rc;                                                                             \
    }

FAILING(gnutls_hash_fast,
        (gnutls_digest_algorithm_t algorithm, const void *data, size_t len, void *digest),
        (algorithm, data, len, digest))
FAILING(gnutls_rnd, (gnutls_rnd_level_t level, void *data, size_t len), (level, data, len))
FAILING(gnutls_encode_rs_value,
        (gnutls_datum_t * value, const gnutls_datum_t *r, const gnutls_datum_t *s),
        (value, r, s))
FAILING(gnutls_pem_base64_decode2,
        (const char *header, const gnutls_datum_t *text, gnutls_datum_t *data),
        (header, text, data))
FAILING(gnutls_pubkey_init, (gnutls_pubkey_t * key), (key))
FAILING(gnutls_pubkey_import,
        (gnutls_pubkey_t key, const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format),
        (key, data, format))
FAILING(gnutls_pubkey_export2,
        (gnutls_pubkey_t key, gnutls_x509_crt_fmt_t format, gnutls_datum_t *out),
        (key, format, out))
FAILING(gnutls_pubkey_export_ecc_raw2,
        (gnutls_pubkey_t key, gnutls_ecc_curve_t *curve, gnutls_datum_t *x, gnutls_datum_t *y,
         unsigned flags),
        (key, curve, x, y, flags))
FAILING(gnutls_pubkey_get_pk_algorithm, (gnutls_pubkey_t key, unsigned *bits), (key, bits))
FAILING(gnutls_pubkey_import_ecc_raw,
        (gnutls_pubkey_t key, gnutls_ecc_curve_t curve, const gnutls_datum_t *x,
         const gnutls_datum_t *y),
        (key, curve, x, y))
FAILING(gnutls_pubkey_verify_params, (gnutls_pubkey_t key), (key))
FAILING(gnutls_subject_alt_names_init, (gnutls_subject_alt_names_t * names), (names))
FAILING(gnutls_subject_alt_names_get,
        (gnutls_subject_alt_names_t names, unsigned i, unsigned *type, gnutls_datum_t *name,
         gnutls_datum_t *oid),
        (names, i, type, name, oid))
FAILING(gnutls_x509_crq_init, (gnutls_x509_crq_t * request), (request))
FAILING(gnutls_x509_crq_import,
        (gnutls_x509_crq_t request, const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format),
        (request, data, format))
FAILING(gnutls_x509_crq_get_basic_constraints,
        (gnutls_x509_crq_t request, unsigned *critical, unsigned *ca, int *path_length),
        (request, critical, ca, path_length))
FAILING(gnutls_x509_crq_get_extension_by_oid2,
        (gnutls_x509_crq_t request, const char *oid, unsigned i, gnutls_datum_t *out,
         unsigned *critical),
        (request, oid, i, out, critical))
FAILING(gnutls_x509_crt_init, (gnutls_x509_crt_t * certificate), (certificate))
FAILING(gnutls_x509_crt_import,
        (gnutls_x509_crt_t certificate, const gnutls_datum_t *data,
         gnutls_x509_crt_fmt_t format),
        (certificate, data, format))
FAILING(gnutls_x509_dn_init, (gnutls_x509_dn_t * name), (name))
FAILING(gnutls_x509_dn_import, (gnutls_x509_dn_t name, const gnutls_datum_t *data),
        (name, data))
FAILING(gnutls_x509_dn_get_str2, (gnutls_x509_dn_t name, gnutls_datum_t *text, unsigned flags),
        (name, text, flags))
FAILING(gnutls_x509_dn_export2,
        (gnutls_x509_dn_t name, gnutls_x509_crt_fmt_t format, gnutls_datum_t *out),
        (name, format, out))
FAILING(gnutls_x509_dn_set_str, (gnutls_x509_dn_t name, const char *text, const char **error),
        (name, text, error))
FAILING(gnutls_x509_ext_import_basic_constraints,
        (const gnutls_datum_t *extension, unsigned *ca, int *path_length),
        (extension, ca, path_length))
FAILING(gnutls_x509_ext_import_key_usage, (const gnutls_datum_t *extension, unsigned *usage),
        (extension, usage))
FAILING(gnutls_x509_ext_import_subject_alt_names,
        (const gnutls_datum_t *extension, gnutls_subject_alt_names_t names, unsigned flags),
        (extension, names, flags))
FAILING(gnutls_x509_rdn_get2,
        (const gnutls_datum_t *name, gnutls_datum_t *text, unsigned flags), (name, text, flags))
FAILING(gnutls_x509_rdn_get_by_oid,
        (const gnutls_datum_t *name, const char *oid, unsigned i, unsigned raw, void *data,
         size_t *len),
        (name, oid, i, raw, data, len))

CHECKING(gnutls_pubkey_verify_data2,
         (gnutls_pubkey_t key, gnutls_sign_algorithm_t algorithm, unsigned flags,
          const gnutls_datum_t *data, const gnutls_datum_t *signature),
         (key, algorithm, flags, data, signature))
CHECKING(gnutls_pubkey_verify_hash2,
         (gnutls_pubkey_t key, gnutls_sign_algorithm_t algorithm, unsigned flags,
          const gnutls_datum_t *digest, const gnutls_datum_t *signature),
         (key, algorithm, flags, digest, signature))
CHECKING(gnutls_x509_crq_verify, (gnutls_x509_crq_t request, unsigned flags), (request, flags))
