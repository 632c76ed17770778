/* cert/certificate: what it says of itself, strange names, limits, every bit of one turned. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/certificate.h"
#include "tests/mint.h"

static struct stir_certificate *read_der(const void *der, size_t len)
{
    struct stir_certificate *certificate = NULL;

    cr_assert_eq(certificate_new(der, len, &es256_gnutls, &certificate), 0);
    cr_assert_not_null(certificate);
    return certificate;
}

static const char *text_of(const struct stir_certificate *certificate, const char *name)
{
    const char *text = stir_certificate_text(certificate, name);

    return text != NULL ? text : "(none)";
}

/* ---- what it says of itself ---- */

static struct stir_certificate *minted(const struct mint *spec, const struct mint *issuer)
{
    const struct minted *made = mint_make(spec, issuer);

    return read_der(made->der, made->len);
}

static const struct mint full = {
    .subject = "C=US,O=ACME,CN=ACME delegate",
    .serial_hex = "00FF01",
    .not_before = MINT_NOW,
    .not_after_raw = "20991231235959Z",
    .ca = MINT_NO,
    .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_NON_REPUDIATION,
    .skid = "0102",
    .akid = "AABB",
    .akid_serial_hex = "07",
    .tnauthlist = "709J,12155551200+100,t*67",
    .constraints = "+attest,-priority,attest=A,attest=B",
    .stir_tn_list = "https://a.example/list",
    .san = "dns:example.com,uri:sip:example.com",
};

static const struct {
    const char *field, *text;
} full_texts[] = {
    {"subject", "CN=ACME delegate,O=ACME,C=US"},
    {"issuer", "CN=Test SHAKEN ROOT,O=Test,C=US"},
    {"serial", "ff01"},
    {"not_before", "2026-01-01T00:00:00Z"},
    {"not_after", "2099-12-31T23:59:59Z"},
    {"ca", "false"},
    {"path_length", "(none)"},
    {"skid", "0102"},
    {"akid", "aabb"},
    {"key", "P-256"},
    {"signature", "ECDSA with SHA-256"},
    {"key_usage", "digitalSignature, nonRepudiation"},
    {"tnauthlist_url", "https://a.example/list"},
    {"must_include", "attest"},
    {"permitted", "attest=A, attest=B"},
    {"must_exclude", "priority"},
    {"anchor", "false"},
    {"no such field", "(none)"},
};

Test(certificate, texts)
{
    struct stir_certificate *certificate = minted(&full, &mint_root);

    cr_expect_eq(certificate->fault.code, 0, "%s", certificate->fault.text);
    for (size_t i = 0; i < sizeof full_texts / sizeof *full_texts; i++)
        cr_expect_str_eq(text_of(certificate, full_texts[i].field), full_texts[i].text,
                         "%s: %s", full_texts[i].field,
                         text_of(certificate, full_texts[i].field));
    cr_expect_eq(strlen(text_of(certificate, "sha256")), 64);
    cr_expect_eq(strlen(text_of(certificate, "spki_sha256")), 64);
    cr_expect_eq(stir_certificate_not_after(certificate), INT64_C(4102444799));
    cr_expect_eq(stir_certificate_scope(certificate), certificate->scope);
    cr_expect_str_eq(certificate->common_name, "ACME delegate");
    cr_expect_eq(certificate->n_dns_names, 1);
    cr_expect_str_eq(certificate->dns_names[0], "example.com");
    cr_expect_eq(certificate->n_uris, 1);
    cr_expect_str_eq(certificate->uris[0], "sip:example.com");
    cr_expect_eq(certificate->akid_serial.len, 1);
    cr_expect_not_null(certificate->akid_issuer.data);
    cr_expect(certificate_is_listed(certificate));
    cr_expect_not(certificate_is_self_issued(certificate));
    cr_expect(certificate_may(certificate, KEY_USAGE_DIGITAL_SIGNATURE));
    cr_expect_not(certificate_may(certificate, KEY_USAGE_KEY_CERT_SIGN));
    certificate_free(certificate);
}

Test(certificate, of_a_root)
{
    const struct mint spec = {
        .subject = "Root", .path_length = MINT_PATH_LENGTH(2), .key_usage = MINT_KU_ABSENT};
    struct stir_certificate *certificate = minted(&spec, NULL);

    cr_expect_str_eq(text_of(certificate, "ca"), "true");
    cr_expect_str_eq(text_of(certificate, "path_length"), "2");
    cr_expect_str_eq(text_of(certificate, "key_usage"), "(none)");
    cr_expect_str_eq(text_of(certificate, "akid"), "(none)");
    cr_expect(certificate_may(certificate, KEY_USAGE_CRL_SIGN), "A-34: absent permits all");
    cr_expect(certificate_is_self_issued(certificate));
    cr_expect_not(certificate_is_listed(certificate));
    certificate_free(certificate);
}

Test(certificate, listed_by_reference_alone)
{
    const struct mint spec = {.subject = "ACME", .stir_tn_list = "https://a.example/list"};
    struct stir_certificate *certificate = minted(&spec, NULL);

    cr_expect(certificate_is_listed(certificate), "R9060-4-1, A-10");
    cr_expect_null(certificate->scope);
    cr_expect_str_eq(certificate->references[0], "https://a.example/list");
    certificate_free(certificate);
}

/* One AttributeTypeAndValue, CN, as a whole Name. */
#define CN(set, sequence, string) "30" set "31" sequence "30" string "0603550403"

static const struct {
    const char *desc, *subject_hex, *subject, *name;
    bool has_common_name;
} names[] = {
    {"plain", CN("0c", "0a", "08") "0c0141", "CN=A", "certificate 0 \"A\"", true},
    {"a comma", CN("0e", "0c", "0a") "0c03412c42", "CN=A\\,B", "certificate 0 \"A,B\"", true},
    {"a backslash", CN("0e", "0c", "0a") "0c03415c42", "CN=A\\\\B", "certificate 0 \"A\\x5CB\"",
     true},
    {"a line feed", CN("0e", "0c", "0a") "0c03410a42", "CN=A\\0AB", "certificate 0 \"A\\x0AB\"",
     true},
    {"what looks like one", CN("0f", "0d", "0b") "0c04 5c783041", "CN=\\\\x0A",
     "certificate 0 \"\\x5Cx0A\"", true},
    {"the right-to-left override", CN("10", "0e", "0c") "0c0541e280ae42", "CN=A\\E2\\80\\AEB",
     "certificate 0 \"A\\xE2\\x80\\xAEB\"", true},
    {"the empty name", "3000", "", "certificate 0", false},
};

Test(certificate, strange_names)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct mint spec = {.subject_hex = names[i].subject_hex};
        struct stir_certificate *certificate = minted(&spec, &mint_root);
        char room[CERTIFICATE_NAME_SIZE];

        cr_expect_eq(certificate->fault.code, 0, "%s: %s", names[i].desc,
                     certificate->fault.text);
        cr_expect_str_eq(text_of(certificate, "subject"), names[i].subject, "%s: %s",
                         names[i].desc, text_of(certificate, "subject"));
        cr_expect_str_eq(certificate_name(room, certificate, 0), names[i].name, "%s: %s",
                         names[i].desc, room);
        cr_expect_eq(certificate->common_name != NULL, names[i].has_common_name, "%s",
                     names[i].desc);
        certificate_free(certificate);
    }
}

/* A NUL must not end a name early. */
Test(certificate, nul_in_a_name)
{
    const struct mint_extension san[] = {
        {"2.5.29.17", false, "3014 8205612e6200 63 82 05 622e636f6d 8104 61406200"}, {NULL}};
    const struct mint spec = {.subject_hex = CN("0e", "0c", "0a") "0c03410042",
                              .extensions = san};
    struct stir_certificate *certificate = minted(&spec, &mint_root);

    cr_expect_null(certificate->common_name, "%s", certificate->common_name);
    for (size_t i = 0; i < certificate->n_dns_names; i++)
        cr_expect_str_eq(certificate->dns_names[i], "b.com");
    certificate_free(certificate);
}

Test(certificate, nothing_to_look_at)
{
    struct stir_certificate *certificate = read_der("", 0);
    char room[CERTIFICATE_NAME_SIZE];
    size_t len = 1;

    cr_expect_eq(certificate->fault.code, STIR_CODE_CERT_SYNTAX);
    cr_expect_str_eq(text_of(certificate, "subject"), "(none)");
    cr_expect_str_eq(text_of(certificate, "not_before"), "(none)");
    cr_expect_str_eq(text_of(certificate, "key"), "(none)");
    cr_expect_str_eq(certificate_name(room, certificate, -1), "certificate");
    cr_expect_not(certificate_is_self_issued(certificate));
    certificate_free(certificate);
    cr_expect_null(stir_certificate_text(NULL, "subject"));
    cr_expect_null(stir_certificate_der(NULL, &len));
    cr_expect_eq(len, 0);
    cr_expect_null(stir_certificate_scope(NULL));
    cr_expect_eq(stir_certificate_not_after(NULL), 0);
    certificate_free(NULL);
}

Test(certificate, the_octets_are_kept)
{
    const struct minted *made = mint_make(&full, &mint_root);
    struct stir_certificate *a = read_der(made->der, made->len), *b = certificate_ref(a);
    struct stir_certificate *other = minted(&mint_root, NULL);
    size_t len;
    const void *der = stir_certificate_der(a, &len);

    cr_expect_eq(len, made->len);
    cr_expect(memcmp(der, made->der, len) == 0);
    cr_expect(certificate_equal(a, b));
    cr_expect_not(certificate_equal(a, other));
    certificate_free(a);
    cr_expect_str_eq(text_of(b, "serial"), "ff01", "the other reference still holds it");
    certificate_free(b);
    certificate_free(other);
}

/* A certificate in a cached path is asked by many threads. */
static void *ask(void *certificate)
{
    return (void *)(uintptr_t)stir_certificate_text(certificate, "sha256");
}

Test(certificate, texts_are_for_many_threads)
{
    for (int round = 0; round < 20; round++) {
        struct stir_certificate *certificate = minted(&mint_root, NULL);
        pthread_t threads[4];
        void *texts[4];

        for (size_t i = 0; i < 4; i++)
            cr_assert_eq(pthread_create(&threads[i], NULL, ask, certificate), 0);
        for (size_t i = 0; i < 4; i++)
            pthread_join(threads[i], &texts[i]);
        for (size_t i = 1; i < 4; i++)
            cr_expect_eq(texts[i], texts[0]);
        certificate_free(certificate);
    }
}

/* ---- what a stranger can do ---- */

static void look_at_everything(const uint8_t *der, size_t len)
{
    struct stir_certificate *certificate = read_der(der, len);
    char room[CERTIFICATE_NAME_SIZE];

    for (size_t i = 0; i < sizeof full_texts / sizeof *full_texts; i++)
        stir_certificate_text(certificate, full_texts[i].field);
    certificate_name(room, certificate, 0);
    certificate_fault(certificate, 0, NULL);
    certificate_free(certificate);
}

Test(certificate, every_bit_and_every_length, .timeout = 300)
{
    const struct minted *made = mint_make(&full, &mint_root);
    uint8_t *der = malloc(made->len);

    memcpy(der, made->der, made->len);
    for (size_t bit = 0; bit < made->len * 8; bit++) {
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        look_at_everything(der, made->len);
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < made->len; len++) {
        uint8_t *cut = malloc(len + 1); /* so that a sanitizer sees the end */
        memcpy(cut, made->der, len);
        look_at_everything(cut, len);
        free(cut);
    }
    free(der);
}

/* The same extension n times, each under another OID. */
static const struct minted *with_extensions(size_t n)
{
    static char oids[200][16];
    static struct mint_extension extensions[201];

    memset(extensions, 0, sizeof extensions);
    for (size_t i = 0; i < n; i++) {
        snprintf(oids[i], sizeof oids[i], "1.2.3.%zu", i);
        extensions[i] = (struct mint_extension){oids[i], false, "0500"};
    }
    return mint_make(&(struct mint){.subject = "ACME", .extensions = extensions}, NULL);
}

/* LIMIT_EXTENSIONS, LIMIT_CERTIFICATE; below, LIMIT_NAME, LIMIT_NAME_ATTRIBUTES,
   LIMIT_ALTERNATIVE_NAMES, LIMIT_ACCESS_DESCRIPTIONS and LIMIT_PUBLIC_KEY. */
Test(certificate, limits)
{
    const struct minted *made = with_extensions(LIMIT_EXTENSIONS - 3);
    struct stir_certificate *certificate = read_der(made->der, made->len);
    uint8_t *large = calloc(1, LIMIT_CERTIFICATE + 1);

    cr_expect_eq(certificate->fault.code, 0, "%s", certificate->fault.text);
    certificate_free(certificate);
    made = with_extensions(LIMIT_EXTENSIONS - 2);
    certificate = read_der(made->der, made->len);
    cr_expect_eq(certificate->fault.code, STIR_CODE_CERT_SYNTAX);
    cr_expect(strstr(certificate->fault.text, "64 extensions") != NULL, "%s",
              certificate->fault.text);
    certificate_free(certificate);
    certificate = read_der(large, LIMIT_CERTIFICATE + 1);
    cr_expect(strstr(certificate->fault.text, "1048577 octets") != NULL, "%s",
              certificate->fault.text);
    certificate_free(certificate);
    free(large);
}

static char *repeated(const char *one, const char *between, size_t n)
{
    struct text text = {0};

    for (size_t i = 0; i < n; i++)
        text_addf(&text, "%s%s", i > 0 ? between : "", one);
    return text_take(&text);
}

static void expect_limit(const struct mint *spec, const char *sentence)
{
    struct stir_certificate *certificate = minted(spec, NULL);

    cr_expect_eq(certificate->fault.code, sentence == NULL ? 0 : STIR_CODE_CERT_SYNTAX, "%s",
                 certificate->fault.text);
    if (sentence != NULL)
        cr_expect(strstr(certificate->fault.text, sentence) != NULL, "%s",
                  certificate->fault.text);
    certificate_free(certificate);
}

/* Lists by reference at https://a, as often as that; of those that are too many the first are read
   all the same, so that it can be shown. */
static void expect_limit_of_access(size_t n, const char *sentence)
{
    char *all = repeated("301506082b0601050507300e860968747470733a2f2f61", "", n), *hex = NULL;

    cr_assert_gt(asprintf(&hex, "3082%04zx%s", n * 23, all), 0);
    struct mint_extension extensions[] = {{"1.3.6.1.5.5.7.1.1", false, hex},
                                          {NULL, false, NULL}};
    const struct mint spec = {.subject = "a", .extensions = extensions};
    struct stir_certificate *certificate = minted(&spec, NULL);
    cr_expect_eq(certificate->n_references, LIMIT_ACCESS_DESCRIPTIONS);
    certificate_free(certificate);
    expect_limit(&spec, sentence);
    free(all);
    free(hex);
}

Test(certificate, limits_of_names)
{
    char *few = repeated("CN=ACME", ",", 64), *many = repeated("CN=ACME", ",", 65);
    char *few_sans = repeated("dns:example.com", ",", 128);
    char *many_sans = repeated("dns:example.com", ",", 129);
    char *sets = repeated("3100", "", 65), *large = repeated("a", "", 4200);
    char *hex = NULL, *cn = NULL;

    cr_assert_gt(asprintf(&hex, "308182%s", sets), 0);
    cr_assert_gt(asprintf(&cn, "CN=%s", large), 0);
    expect_limit(&(struct mint){.subject = few, .key = "a"}, NULL);
    expect_limit(&(struct mint){.subject = many, .key = "a"}, "more than 64 attributes");
    expect_limit(&(struct mint){.subject_hex = hex, .key = "a"}, "more than 64 attributes");
    expect_limit(&(struct mint){.subject = cn, .key = "a"}, "more than 4096");
    expect_limit(&(struct mint){.subject = "a", .san = few_sans}, NULL);
    expect_limit(&(struct mint){.subject = "a", .san = many_sans}, "more than 128");
    expect_limit_of_access(LIMIT_ACCESS_DESCRIPTIONS, NULL);
    expect_limit_of_access(LIMIT_ACCESS_DESCRIPTIONS + 1, "more than 128 descriptions");
    free(few);
    free(many);
    free(few_sans);
    free(many_sans);
    free(sets);
    free(hex);
    free(large);
    free(cn);
}

/* RSA whose modulus makes its SubjectPublicKeyInfo so long. */
static void expect_limit_of_key(size_t len, const char *name)
{
    static const char head[] = "300d06092a864886f70d010101050003", e[] = "0203010001";
    char *modulus = repeated("81", "", len - 38), *hex = NULL;

    cr_assert_gt(asprintf(&hex, "3082%04zx%s82%04zx003082%04zx0282%04zx00%s%s", len - 4, head,
                          len - 23, len - 28, len - 37, modulus, e),
                 0);
    struct stir_certificate *certificate =
        minted(&(struct mint){.subject = "a", .spki_hex = hex}, NULL);
    cr_expect_eq(certificate->spki.len, len, "%zu", certificate->spki.len);
    cr_expect_eq(public_key_kind(certificate->key), KEY_UNSUPPORTED);
    cr_expect(strstr(public_key_name(certificate->key), name) != NULL, "%s",
              public_key_name(certificate->key));
    certificate_free(certificate);
    free(modulus);
    free(hex);
}

Test(certificate, limits_of_keys)
{
    expect_limit_of_key(LIMIT_PUBLIC_KEY, "RSA 1");
    expect_limit_of_key(LIMIT_PUBLIC_KEY + 1, "more octets");
}

/* R8226-5.2-1: a list may be long. */
Test(certificate, ten_thousand_entries)
{
    struct text text = {0};

    for (int i = 0; i < 10000; i++)
        text_addf(&text, "%s%d+50", i > 0 ? "," : "", 1215000000 + i * 100);
    struct stir_certificate *certificate =
        minted(&(struct mint){.subject = "ACME", .tnauthlist = text.data}, NULL);
    cr_expect_eq(certificate->fault.code, 0, "%s", certificate->fault.text);
    cr_assert_not_null(certificate->scope);
    cr_expect_eq(certificate->scope->n_entries, 10000);
    certificate_free(certificate);
    text_free(&text);
}
