/* cert/certificate: real certificates against what another reader recorded of them. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/certificate.h"
#include "json/value.h"
#include "tests/chain_steps.h"
#include "tests/help.h"

static struct stir_certificate *read_der(const void *der, size_t len)
{
    struct stir_certificate *certificate = NULL;

    cr_assert_eq(certificate_new(der, len, &es256_gnutls, &certificate), 0);
    cr_assert_not_null(certificate);
    return certificate;
}

static struct stir_certificate *read_file(char *path)
{
    size_t len;
    uint8_t *der = help_pem(path, &len);
    struct stir_certificate *certificate = read_der(der, len);

    if (rand() % 32 == 0)
        chain_steps_expect(der, len, true, path);
    free(der);
    free(path);
    return certificate;
}

static struct stir_certificate *read_corpus(const char *folder, const char *sha256)
{
    char relative[200];

    snprintf(relative, sizeof relative, "%s/%s.pem", folder, sha256);
    return read_file(help_corpus(relative));
}

static const char *text_of(const struct stir_certificate *certificate, const char *name)
{
    const char *text = stir_certificate_text(certificate, name);

    return text != NULL ? text : "(none)";
}

/* ---- the production certificates against what another reader recorded (A-33) ---- */

static const char *member(const struct value *object, const char *name)
{
    const char *text = value_string(value_member(object, name));

    return text != NULL ? text : "(none)";
}

/* RFC 4514 the other way round, without its escapes: "C=US, O=ACME, Inc, CN=x", as the records
   have it; GnuTLS's EMAIL is their emailAddress. */
static char *forward(const char *rfc4514)
{
    char *parts[32], *copy = strdup(rfc4514), *at = copy, *to;
    struct text text = {0};
    size_t n = 0;

    parts[n++] = to = at;
    for (; *at != '\0'; at++)
        if (*at == '\\' && at[1] != '\0') {
            *to++ = *++at;
        } else if (*at == ',') {
            *to++ = '\0';
            parts[n++] = to;
        } else {
            *to++ = *at;
        }
    *to = '\0';
    while (n-- > 0)
        text_addf(&text, "%s%s%s", strncmp(parts[n], "EMAIL=", 6) == 0 ? "emailAddress=" : "",
                  parts[n] + (strncmp(parts[n], "EMAIL=", 6) == 0 ? 6 : 0), n > 0 ? ", " : "");
    free(copy);
    return text_take(&text);
}

static void expect_name(const struct stir_certificate *certificate, const char *field,
                        const struct value *record)
{
    char *found = forward(text_of(certificate, field));

    cr_expect_str_eq(found, member(record, field), "%s: %s", member(record, "sha256"), found);
    free(found);
}

/* "20230227134056Z" of "2023-02-27T13:40:56Z". */
static void expect_time(const struct stir_certificate *certificate, const char *field,
                        const struct value *record)
{
    char found[32];
    size_t n = 0;

    for (const char *at = text_of(certificate, field); *at != '\0' && n < 31; at++)
        if (strchr("-:T", *at) == NULL)
            found[n++] = *at;
    found[n] = '\0';
    cr_expect_str_eq(found, member(record, field), "%s: %s", member(record, "sha256"), found);
}

static void expect_common(const struct stir_certificate *certificate,
                          const struct value *record)
{
    const char *sha256 = member(record, "sha256");

    cr_expect_eq(certificate->fault.code, 0, "%s: %s", sha256, certificate->fault.text);
    cr_expect_str_eq(text_of(certificate, "sha256"), sha256);
    expect_name(certificate, "subject", record);
    expect_name(certificate, "issuer", record);
    expect_time(certificate, "not_before", record);
    expect_time(certificate, "not_after", record);
}

static void expect_entry(const struct stir_scope *scope, size_t i, const struct value *entry,
                         const char *sha256)
{
    const char *kind = value_string(value_at(entry, 0));

    cr_assert_str_eq(kind, "spc", "%s: no other kind is among them", sha256);
    cr_assert_lt(i, scope->n_entries, "%s", sha256);
    cr_assert_eq(scope_entry_at(scope, i).first, SCOPE_SPC);
    cr_expect_str_eq(scope_entry_at(scope, i).text, value_string(value_at(entry, 1)));
}

static void check_leaf(const struct value *record)
{
    const char *sha256 = member(record, "sha256"), *serial = member(record, "serial");
    struct stir_certificate *certificate = read_corpus("shaken/leaf", sha256);
    const struct value *list = value_member(record, "tnauthlist");

    expect_common(certificate, record);
    cr_expect_str_eq(text_of(certificate, "serial"),
                     serial + (strncmp(serial, "00", 2) == 0 ? 2 : 0));
    cr_assert_not_null(certificate->scope, "%s", sha256);
    cr_expect_eq(certificate->scope->n_entries, value_size(list), "%s", sha256);
    for (size_t i = 0; i < value_size(list); i++)
        expect_entry(certificate->scope, i, value_at(list, i), sha256);
    cr_expect_eq(public_key_kind(certificate->key), KEY_P256, "%s", sha256);
    cr_expect_not(certificate->ca, "%s", sha256);
    cr_expect(certificate_may(certificate, KEY_USAGE_DIGITAL_SIGNATURE), "%s", sha256);
    cr_expect_not_null(certificate->akid.data, "%s", sha256);
    certificate_free(certificate);
}

Test(certificate_corpora, production_leaves)
{
    help_need_corpora();
    char *path = help_corpus("shaken/leaf.jsonl"), *text = help_read(path, NULL), *save = NULL;
    size_t n = 0;

    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save), n++) {
        struct value *record = NULL;
        cr_assert_eq(value_load(line, strlen(line), &record, NULL), 0);
        check_leaf(record);
        value_free(record);
    }
    cr_expect_eq(n, 384);
    free(text);
    free(path);
}

static void expect_key_usage(const struct stir_certificate *certificate,
                             const struct value *wanted)
{
    struct text text = {0};

    if (value_kind(wanted) != VALUE_ARRAY) {
        cr_expect_not(certificate->has_key_usage);
        return;
    }
    for (size_t i = 0; i < value_size(wanted); i++)
        text_addf(&text, "%s%s", i > 0 ? ", " : "", value_string(value_at(wanted, i)));
    cr_expect_str_eq(text_of(certificate, "key_usage"), text.data);
    text_free(&text);
}

static void check_ca(const struct value *record)
{
    const char *sha256 = member(record, "sha256");
    struct stir_certificate *certificate = read_corpus("shaken/ca", sha256);
    const char *akid = value_string(value_pointer(record, "/aki/80"));
    int64_t path_length = -1;

    expect_common(certificate, record);
    value_integer(value_member(record, "pathlen"), &path_length);
    cr_expect_eq(certificate->path_length, path_length, "%s", sha256);
    cr_expect_str_eq(text_of(certificate, "skid"), member(record, "ski"), "%s", sha256);
    cr_expect_str_eq(text_of(certificate, "akid"), akid != NULL ? akid : "(none)", "%s",
                     sha256);
    expect_key_usage(certificate, value_member(record, "ku"));
    cr_expect(certificate->ca, "%s", sha256);
    cr_expect(certificate_may(certificate, KEY_USAGE_KEY_CERT_SIGN), "%s", sha256);
    cr_expect_eq(certificate_is_self_issued(certificate),
                 value_is_true(value_member(record, "root")), "%s", sha256);
    cr_expect_null(certificate->scope);
    cr_expect_eq(certificate->signature_kind, SIGNATURE_ECDSA_SHA256);
    certificate_free(certificate);
}

Test(certificate_corpora, production_cas)
{
    help_need_corpora();
    struct value *all = help_json(help_corpus("shaken/ca.json"));

    cr_expect_eq(value_size(all), 18);
    for (size_t i = 0; i < value_size(all); i++)
        check_ca(value_at(all, i));
    value_free(all);
}

/* ---- the certificates of corpora/tnauthlist ---- */

/* Those with a fault, as their names say; the others have none. */
static const struct {
    const char *file;
    int code;
    const char *sentence;
} odd[] = {
    {"zlint-shakenCaVersion2.", STIR_CODE_CERT_SYNTAX, "version 2"},
    {"zlint-shakenCertV2.", STIR_CODE_CERT_SYNTAX, "version 2"},
    {"zlint-shakenSerialNumberNegative.", STIR_CODE_CERT_SYNTAX, "negative"},
    {"zlint-shakenCaSerialNegative.", STIR_CODE_CERT_SYNTAX, "negative"},
    {"zlint-shakenCertEmpty.", STIR_CODE_CERT_SYNTAX, "list of one or more"},
    {"zlint-shakenTNAuthEmpty.", STIR_CODE_TNAUTHLIST_SYNTAX, "no entry"},
    {"zlint-shakenTNAuthEmptyString.", STIR_CODE_TNAUTHLIST_SYNTAX, "SPC is empty"},
    {"zlint-shakenSigAlgSHA1.", STIR_CODE_CERT_ALGORITHM, "1.2.840.10045.4.1"},
    {"zlint-shakenCaSigAlgSHA1.", STIR_CODE_CERT_ALGORITHM, "1.2.840.10045.4.1"},
    {"zlint-shakenCaSubjectCN.", STIR_CODE_CERT_ALGORITHM, "1.2.840.10045.4.1"},
};

static void check_vector(const char *file)
{
    char relative[300];
    int code = 0;
    const char *sentence = "";

    snprintf(relative, sizeof relative, "tnauthlist/certs/%s", file);
    struct stir_certificate *certificate = read_file(help_corpus(relative));
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (strncmp(odd[i].file, file, strlen(odd[i].file)) == 0) {
            code = odd[i].code;
            sentence = odd[i].sentence;
        }
    cr_expect_eq(certificate->fault.code, code, "%s: %s", file, certificate->fault.text);
    cr_expect(strstr(certificate->fault.text, sentence) != NULL, "%s: %s", file,
              certificate->fault.text);
    certificate_free(certificate);
}

Test(certificate_corpora, tnauthlist_vectors)
{
    help_need_corpora();
    char *path = help_corpus("tnauthlist/certs");
    DIR *folder = opendir(path);
    int n = 0;

    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strstr(entry->d_name, ".pem") != NULL) {
            check_vector(entry->d_name);
            n++;
        }
    cr_expect_eq(n, 71);
    closedir(folder);
    free(path);
}

/* RFC 9118's own certificate: appendix A says what is in it. */
Test(certificate_corpora, rfc9118_figure1)
{
    help_need_corpora();
    struct stir_certificate *certificate = read_file(help_vector("rfc9118-figure1-cert.pem"));

    cr_expect_eq(certificate->fault.code, 0, "%s", certificate->fault.text);
    cr_assert_not_null(certificate->scope);
    cr_expect_eq(certificate->scope->n_entries, 1);
    cr_expect_str_eq(scope_entry_at(certificate->scope, 0).text, "1234");
    cr_expect(certificate->constraints.enhanced, "R9118-3-1");
    cr_expect_str_eq(text_of(certificate, "must_include"), "confidence");
    cr_expect_str_eq(text_of(certificate, "permitted"), "confidence=high, confidence=medium");
    cr_expect_str_eq(text_of(certificate, "must_exclude"), "priority");
    cr_expect_str_eq(text_of(certificate, "signature"), "ECDSA with SHA-256");
    certificate_free(certificate);
}
