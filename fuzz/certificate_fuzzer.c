/* cert/certificate: any octets make a certificate, whose fault says what is wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "cert/certificate.h"
#include "cert/path.h"
#include "crypto/tls_guard.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_texts(const struct stir_certificate *certificate)
{
    static const char *const names[] = {
        "subject",      "issuer",    "serial",       "sha256",      "spki_sha256",
        "not_before",   "not_after", "ca",           "path_length", "skid",
        "akid",         "key",       "signature",    "key_usage",   "tnauthlist_url",
        "must_include", "permitted", "must_exclude", "anchor",      "none"};
    char room[CERTIFICATE_NAME_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        FUZZ_ALWAYS(fuzz_is_line(stir_certificate_text(certificate, names[i])));
    FUZZ_ALWAYS(fuzz_is_line(certificate_name(room, certificate, 0)));
    FUZZ_EXPECT(stir_certificate_text(certificate, "sha256") != NULL);
    stir_certificate_not_after(certificate);
}

static void expect_fault(const struct stir_certificate *certificate)
{
    struct stir_error error;

    error_clear(&error);
    FUZZ_ALWAYS(certificate_fault(certificate, 3, &error) == certificate->fault.code);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    FUZZ_ALWAYS(certificate->fault.code == 0
                || (error.depth == 3 && strstr(error.text, "certificate 3") != NULL));
}

static bool is_inside(struct der part, struct der whole)
{
    return part.data == NULL
           || (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

static void expect_parts(const struct stir_certificate *certificate)
{
    struct der whole = certificate->der;

    FUZZ_ALWAYS(is_inside(certificate->tbs, whole) && is_inside(certificate->serial, whole)
                && is_inside(certificate->issuer, whole)
                && is_inside(certificate->subject, whole) && is_inside(certificate->spki, whole)
                && is_inside(certificate->signature, whole)
                && is_inside(certificate->skid, whole) && is_inside(certificate->akid, whole)
                && is_inside(certificate->akid_issuer, whole)
                && is_inside(certificate->akid_serial, whole));
}

/* One without a fault has all that a path asks of it. */
static int expect_good(const struct stir_certificate *certificate)
{
    struct stir_error error;

    FUZZ_ALWAYS(certificate->key != NULL && certificate->tbs.len > 0
                && certificate->signature.len > 0 && certificate->label != NULL);
    FUZZ_EXPECT(stir_certificate_text(certificate, "subject") != NULL
                && stir_certificate_text(certificate, "issuer") != NULL);
    FUZZ_ALWAYS(certificate->scope == NULL || certificate->scope->normal);
    error_clear(&error);
    path_check_pair(certificate, certificate, 0, false, &error);
    int rc = path_check_signature(certificate, certificate, 0, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    return rc < 0 ? rc : 0;
}

/* As the message of a TLS server, and as the certificate in one. */
static void expect_guard(const uint8_t *data, size_t len)
{
    enum { HEAD = 6 };
    uint8_t *message = malloc(HEAD + len);

    for (int is_13 = 0; is_13 < 2; is_13++) {
        const char *why = tls_guard_refusal(data, len, is_13);
        FUZZ_ALWAYS(why == NULL || fuzz_is_line(why));
    }
    if (message == NULL)
        return;
    for (size_t i = 0; i < HEAD; i++)
        message[i] = (uint8_t)((i < 3 ? len + 3 : len) >> (8 * (2 - i % 3)));
    memcpy(message + HEAD, data, len);
    const char *why = tls_guard_refusal(message, HEAD + len, false);
    FUZZ_ALWAYS(why == NULL || fuzz_is_line(why));
    free(message);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_certificate *certificate = NULL;
    size_t der_len = 0;

    expect_guard(data, len);
    int rc = certificate_new(data, len, &es256_gnutls, &certificate);
    FUZZ_ALWAYS((rc == 0) == (certificate != NULL));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_E_NOMEM || rc == STIR_E_INTERNAL);
    if (rc != 0)
        return rc;
    const void *der = stir_certificate_der(certificate, &der_len);
    FUZZ_ALWAYS(der_len == len && (len == 0 || memcmp(der, data, len) == 0));
    expect_fault(certificate);
    expect_parts(certificate);
    expect_texts(certificate);
    rc = certificate->fault.code;
    if (rc == 0)
        rc = expect_good(certificate);
    certificate_free(certificate);
    return rc;
}
