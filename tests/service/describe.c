/* service/describe: everything is recognised by its content and told of, also where it is wrong. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "stir.h"
#include "tests/help.h"
#include "tests/mint.h"

static char *told(const void *data, size_t len, enum stir_form form)
{
    struct stir_error error;
    char *text = stir_describe(data, len, form, &error);

    cr_assert_not_null(text, "%d: %s", error.code, error.text);
    return text;
}

static json_t *told_json(const void *data, size_t len)
{
    char *text = told(data, len, STIR_JSON);
    json_t *json = json_loads(text, 0, NULL);

    cr_assert_not_null(json, "%s", text);
    free(text);
    return json;
}

static const char *text_at(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text == NULL ? "(none)" : text;
}

static void expect_lines(const char *text, const char *const *lines, const char *desc)
{
    for (size_t i = 0; lines[i] != NULL; i++)
        cr_expect_not_null(strstr(text, lines[i]), "%s: no \"%s\" in:\n%s", desc, lines[i],
                           text);
}

/* ---- Certificates ---- */

Test(describe, certificate)
{
    static const char *const lines[] = {
        "certificate 0\n  subject         CN=",
        "\n  key             P-256\n",
        "\n  CA              no\n",
        "\n  not before      2025-01-01T00:00:00Z\n",
        "\n  TNAuthList      SPC 709J\n"
        "                  range 12155550000 +10000 (12155550000 to 12155559999)\n"
        "                  TN 7035551212\n"
        "                  total 3 entries: 1 SPC, 10001 numbers\n",
        "\n  must include    attest\n",
        "\n  permitted\n    attest          A, B\n",
        "\n  must exclude    rcd\n",
        NULL};
    struct mint spec = mint_delegate;
    spec.tnauthlist = "709J,12155550000+10000,t7035551212";
    spec.constraints = "+attest,-rcd,attest=A,attest=B";
    const struct minted *made = mint_make(&spec, &mint_spc_ca);
    char *pem = told(made->pem, strlen(made->pem), STIR_TEXT);
    char *der = told(made->der, made->len, STIR_TEXT);

    expect_lines(pem, lines, "PEM");
    cr_expect_str_eq(pem, der);
    cr_expect_null(strstr(pem, "fault"));
    cr_expect_null(strstr(pem, " \n"), "blanks at the end of a line:\n%s", pem);
    free(pem);
    free(der);
}

Test(describe, certificate_as_json)
{
    struct mint spec = mint_delegate;
    spec.tnauthlist = "709J,12155550000+10000,t7035551212";
    const struct minted *made = mint_make(&spec, &mint_spc_ca);
    json_t *json = told_json(made->pem, strlen(made->pem));
    json_t *list = json_loads("[{\"spc\":\"709J\"},{\"first\":\"12155550000\",\"last\":"
                              "\"12155559999\"},{\"tn\":\"7035551212\"}]",
                              0, NULL);
    json_t *total = json_loads("{\"entries\":3,\"spcs\":1,\"numbers\":10001}", 0, NULL);

    cr_expect_str_eq(text_at(json, "kind"), "certificate");
    cr_expect_eq(json_integer_value(json_object_get(json, "depth")), 0);
    cr_expect(json_equal(json_object_get(json, "tnauthlist"), list));
    cr_expect(json_equal(json_object_get(json, "tnauthlist_total"), total));
    cr_expect(json_is_false(json_object_get(json, "ca")));
    cr_expect(json_is_null(json_object_get(json, "path_length")));
    cr_expect(json_is_null(json_object_get(json, "must_include")));
    cr_expect(json_is_null(json_object_get(json, "fault")));
    cr_expect_str_eq(text_at(json, "not_after"), "2045-01-01T00:00:00Z");
    json_decref(json);
    json_decref(list);
    json_decref(total);
}

Test(describe, several_certificates)
{
    const struct minted *leaf = mint_make(&mint_delegate, &mint_spc_ca);
    const struct minted *ca = mint_make(&mint_spc_ca, &mint_sti_ca);
    const char *pem = mint_pem_list(leaf, ca, NULL);
    json_t *json = told_json(pem, strlen(pem));
    char *text = told(pem, STIR_NUL, STIR_TEXT);

    cr_assert_eq(json_array_size(json), 2);
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(json, 1), "depth")), 1);
    cr_expect(json_is_true(json_object_get(json_array_get(json, 1), "ca")));
    cr_expect_not_null(strstr(text, "\n\ncertificate 1\n"), "%s", text);
    cr_expect_not_null(strstr(text, "\n  CA              yes\n"), "%s", text);
    free(text);
    json_decref(json);
}

/* What is wrong with a certificate is told, and the rest of it too. */
static const struct {
    const char *desc, *tnauthlist_hex, *code;
} faults[] = {
    {"R8226-9-3", "3000", "tnauthlist-syntax"},
    {"A-30", "3004a0021600", "tnauthlist-syntax"},
    {"none", "3008a00616043730394a", NULL},
};

Test(describe, faults)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct mint spec = mint_delegate;
        spec.tnauthlist = NULL;
        spec.tnauthlist_hex = faults[i].tnauthlist_hex;
        const struct minted *made = mint_make(&spec, &mint_spc_ca);
        json_t *json = told_json(made->der, made->len), *fault = json_object_get(json, "fault");
        char *text = told(made->der, made->len, STIR_TEXT);
        cr_expect_eq(json_is_null(fault), faults[i].code == NULL, "%s", faults[i].desc);
        cr_expect_neq(strcmp(text_at(json, "subject"), "(none)"), 0, "%s", faults[i].desc);
        if (faults[i].code != NULL) {
            cr_expect_str_eq(text_at(fault, "code"), faults[i].code, "%s", faults[i].desc);
            cr_expect_not_null(
                strstr(text, "\n  fault           tnauthlist-syntax: certificate"), "%s", text);
        }
        free(text);
        json_decref(json);
    }
}

Test(describe, a_certificate_that_is_hardly_one)
{
    static const char pem[] =
        "-----BEGIN CERTIFICATE-----\nMAIwAA==\n-----END CERTIFICATE-----\n";
    json_t *json = told_json(pem, strlen(pem));
    char *text = told(pem, strlen(pem), STIR_TEXT);

    cr_expect_str_eq(text_at(json, "kind"), "certificate");
    cr_expect_str_eq(text_at(json_object_get(json, "fault"), "code"), "cert-syntax");
    cr_expect_not_null(strstr(text, "fault           cert-syntax"), "%s", text);
    free(text);
    json_decref(json);
}

/* ---- Lists, revocation lists, requests ---- */

Test(describe, tnauthlist)
{
    size_t len;
    uint8_t *der = help_unhex("3024a00616043730394aa1133011160b31323135353535303030300202"
                              "2710a20516032a3637",
                              &len);
    char *text = told(der, len, STIR_TEXT);
    json_t *json = told_json(der, len);
    json_t *wanted = json_loads("{\"kind\":\"tnauthlist\",\"tnauthlist\":[{\"spc\":\"709J\"},"
                                "{\"first\":\"12155550000\",\"last\":\"12155559999\"},"
                                "{\"tn\":\"*67\"}],\"tnauthlist_total\":{\"entries\":3,"
                                "\"spcs\":1,\"numbers\":10001}}",
                                0, NULL);

    cr_expect_str_eq(text, "TNAuthList\n"
                           "  TNAuthList      SPC 709J\n"
                           "                  range 12155550000 +10000 (12155550000 to "
                           "12155559999)\n"
                           "                  TN *67\n"
                           "                  total 3 entries: 1 SPC, 10001 numbers\n");
    cr_expect(json_equal(json, wanted));
    json_decref(json);
    json_decref(wanted);
    free(text);
    free(der);
}

/* An SPC holds a backslash: it is written \x5C, once. */
Test(describe, tnauthlist_of_an_odd_spc)
{
    size_t len;
    uint8_t *der = help_unhex("3007a0051603615c62", &len);
    char *text = told(der, len, STIR_TEXT);

    cr_expect_not_null(strstr(text, "SPC a\\x5Cb\n"), "%s", text);
    free(text);
    free(der);
}

/* openssl ca -gencrl, nextUpdate a GeneralizedTime. */
static const char crl[] = "-----BEGIN X509 CRL-----\n"
                          "MIIBIzCBygIBATAKBggqhkjOPQQDAjAvMQswCQYDVQQGEwJVUzEPMA0GA1UECgwG\n"
                          "QSwgSW5jMQ8wDQYDVQQDDAZDcmwgQ2EXDTI2MDEwMTAwMDAwMFoYDzIwNTIwMjAx\n"
                          "MDAwMDAwWjA3MBICAQEXDTI2MDEwMTAwMDAwMFowIQICCgsXDTI2MDEwMjAwMDAw\n"
                          "MFowDDAKBgNVHRUEAwoBAaAvMC0wHwYDVR0jBBgwFoAUr8DlXyfm4K/1+nIHH5ra\n"
                          "q7yq7A8wCgYDVR0UBAMCAQIwCgYIKoZIzj0EAwIDSAAwRQIhANSyzyBvlFVVA5dt\n"
                          "dV6TQAnFBqTvGOJQDvdN898OdCWEAiBtplSZxtCgoj/iCydtkHuokb6bgzpu2cHm\n"
                          "loKvLXiz6Q==\n"
                          "-----END X509 CRL-----\n";
/* openssl req -new */
static const char csr[] = "-----BEGIN CERTIFICATE REQUEST-----\n"
                          "MIHkMIGLAgEAMCkxGDAWBgNVBAMMD0FDTUUgLCBkZWxlZ2F0ZTENMAsGA1UECgwE\n"
                          "QUNNRTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABM+pnvwKhZ+FhwPiCRYey1ix\n"
                          "JcjkXCKp0evqVWUiiacIt5fSQJ+nwk+WgCydomCif0wCrUf+qqCl5t0Tm192q+yg\n"
                          "ADAKBggqhkjOPQQDAgNIADBFAiEAhWQl+0aBScCDJnKNoJX2zrfTuNe1nC6d8a19\n"
                          "OY5cBtMCIGP5HSs/a9+TDEIN+hFOfnQEBGzLTsPbEoZi4IYm7NAo\n"
                          "-----END CERTIFICATE REQUEST-----\n";

static const struct {
    const char *desc, *pem, *text;
} others[] = {
    {"crl", crl,
     "certificate revocation list\n"
     "  issuer          CN=Crl Ca,O=A\\, Inc,C=US\n"
     "  number          2\n"
     "  this update     2026-01-01T00:00:00Z\n"
     "  next update     2052-02-01T00:00:00Z\n"
     "  signature       ECDSA with SHA-256\n"
     "  AKID            afc0e55f27e6e0aff5fa72071f9adaabbcaaec0f\n"
     "  indirect        no\n"
     "  entries         2\n"
     "  issuers         1\n"
     "  reasons\n"
     "    unspecified     1\n"
     "    keyCompromise   1\n"},
    {"csr", csr,
     "certification request\n"
     "  subject         O=ACME,CN=ACME \\, delegate\n"
     "  key             P-256\n"
     "  CA              no\n"},
};

/* The octets of the one PEM block. */
static uint8_t *der_of(const char *pem, size_t *len)
{
    char *text = strdup(strchr(pem, '\n') + 1), *to = text;
    size_t n = 0;

    strstr(text, "-----END")[0] = '\0';
    for (const char *c = text; *c != '\0' && *c != '='; c++)
        if (*c != '\n')
            *to++ = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    n = (size_t)(to - text);
    uint8_t *der = malloc(base64url_decoded_size(n));
    cr_assert_eq(base64url_decode(text, n, der), 0);
    *len = base64url_decoded_size(n);
    free(text);
    return der;
}

Test(describe, revocation_list_and_request)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t len;
        uint8_t *der = der_of(others[i].pem, &len);
        char *pem_text = told(others[i].pem, STIR_NUL, STIR_TEXT);
        char *der_text = told(der, len, STIR_TEXT);
        json_t *json = told_json(der, len);
        cr_expect_str_eq(pem_text, others[i].text, "%s", pem_text);
        cr_expect_str_eq(der_text, others[i].text, "%s", der_text);
        cr_expect_str_eq(text_at(json, "kind"), others[i].desc);
        json_decref(json);
        free(pem_text);
        free(der_text);
        free(der);
    }
}

/* ---- Tokens ---- */

#define X5U "https://cert.example.org/p.cer"

Test(describe, token)
{
    static const char *const lines[] = {
        "PASSporT, not verified\n  form            full\n",
        "\n  header\n    alg             ES256\n",
        "\n    x5u             " X5U "\n",
        "\n    attest          A\n",
        "\n    dest            {\"tn\":[\"12155550199\"]}\n",
        "\n    iat             1767225600 (2026-01-01T00:00:00Z)\n",
        "\n  signature       ",
        NULL};
    const char *token = mint_shaken_token(X5U, "12155550100", "12155550199", MINT_NOW, "k");
    char *text = told(token, strlen(token), STIR_TEXT);
    char *blanks = NULL;

    expect_lines(text, lines, "token");
    cr_expect_null(strstr(text, "problem"), "%s", text);
    cr_assert(asprintf(&blanks, "\n %s \r\n", token) > 0);
    char *same = told(blanks, strlen(blanks), STIR_TEXT);
    cr_expect_str_eq(same, text);
    free(same);
    free(blanks);
    free(text);
}

/* The first rule that a token breaks is told, and what could be read all the same. */
static const struct {
    const char *desc, *header, *payload, *code, *line;
} problems[] = {
    {"good", "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}",
     "{\"dest\":{\"tn\":[\"1\"]},\"iat\":1,\"orig\":{\"tn\":\"2\"}}", NULL, "{\"tn\":\"2\"}"},
    {"alg", "{\"alg\":\"none\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}",
     "{\"dest\":{\"tn\":[\"1\"]},\"iat\":1,\"orig\":{\"tn\":\"2\"}}", "alg-unsupported",
     "{\"tn\":\"2\"}"},
    {"iat", "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}",
     "{\"dest\":{\"tn\":[\"1\"]},\"iat\":\"1\",\"orig\":{\"tn\":\"2\"}}", "iat-syntax",
     "iat             1\n"},
    {"payload", "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}", "{",
     "json-syntax", "alg             ES256"},
    {"header", "[]", "{\"dest\":{\"tn\":[\"1\"]},\"iat\":1,\"orig\":{\"tn\":\"2\"}}",
     "json-syntax", "PASSporT"},
    {"a stranger's control characters",
     "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" X5U "\",\"a\\nb\":\"c\\u001b[2J\"}",
     "{\"dest\":{\"tn\":[\"1\"]},\"iat\":1,\"orig\":{\"tn\":\"2\"}}", NULL,
     "    a\\x0Ab          c\\x1B[2J\n"},
};

Test(describe, problems_of_tokens)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        const char *token = mint_token(problems[i].header, problems[i].payload, "k");
        char *text = told(token, strlen(token), STIR_TEXT);
        json_t *json = told_json(token, strlen(token));
        json_t *problem = json_object_get(json, "problem");
        cr_expect_eq(json_is_null(problem), problems[i].code == NULL, "%s: %s",
                     problems[i].desc, text);
        if (problems[i].code != NULL)
            cr_expect_str_eq(text_at(problem, "code"), problems[i].code, "%s",
                             problems[i].desc);
        cr_expect(json_is_false(json_object_get(json, "verified")));
        cr_expect_not_null(strstr(text, problems[i].line), "%s: %s", problems[i].desc, text);
        json_decref(json);
        free(text);
    }
}

Test(describe, identity_values)
{
    const char *token = mint_shaken_token(X5U, "12155550100", "12155550199", MINT_NOW, "k");
    const char *value = mint_identity_value(token, X5U, "shaken");
    char *lines = NULL;

    cr_assert(asprintf(&lines,
                       "Identity: %s\r\n"
                       "\r\n"
                       "y : ..%s;info=<" X5U ">;\r\n alg=ES256\r\n"
                       "%s\n"
                       "identity: rubbish\n",
                       value, strrchr(token, '.') + 1, value)
              > 0);
    json_t *json = told_json(lines, strlen(lines));
    cr_assert_eq(json_array_size(json), 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(text_at(json_array_get(json, i), "kind"), "identity");
    cr_expect_str_eq(text_at(json_array_get(json, 0), "info"), X5U);
    cr_expect_str_eq(text_at(json_array_get(json, 0), "ppt"), "shaken");
    cr_expect_str_eq(text_at(json_array_get(json, 0), "form"), "full");
    cr_expect_str_eq(text_at(json_array_get(json, 1), "form"), "compact");
    cr_expect_str_eq(text_at(json_array_get(json, 1), "alg"), "ES256");
    cr_expect(json_is_null(json_object_get(json_array_get(json, 1), "header")));
    cr_expect(json_equal(json_array_get(json, 0), json_array_get(json, 2)));
    cr_expect(json_is_object(json_object_get(json_array_get(json, 3), "problem")));
    json_decref(json);
    free(lines);
}

/* ---- What is none of them ---- */

static const struct {
    const char *desc, *data;
    size_t len;
    int code;
    const char *sentence;
} refused[] = {
    {"empty", "", 0, STIR_E_SYNTAX, "nothing in it"},
    {"blank lines", "\r\n \n", 4, STIR_E_SYNTAX, "nothing in it"},
    {"prose", "hello", 5, STIR_E_SYNTAX, "\"hello\": wanted certificates"},
    {"two dots in prose", "a.b.c d", 7, STIR_E_SYNTAX, "wanted certificates"},
    {"binary", "\x01\x02\x00\xFF", 4, STIR_E_SYNTAX, "\"\\x01\\x02\\x00\\xFF\""},
    {"a key", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", 57,
     STIR_E_SYNTAX, "PEM block \"PRIVATE KEY\": wanted CERTIFICATE"},
    {"a key in DER", "\x30\x03\x02\x01\x00", 5, STIR_E_SYNTAX, "DER of a key"},
    {"DER that is none", "\x30\x80\x00\x00", 4, STIR_E_SYNTAX, "begins like DER"},
    {"octets behind DER", "\x30\x02\x30\x00\x00", 5, STIR_E_SYNTAX, "begins like DER"},
    {"something signed", "\x30\x02\x30\x00", 4, STIR_E_SYNTAX, "no certificate"},
    {"an empty TNAuthList (R8226-9-3)", "\x30\x00", 2, STIR_CODE_TNAUTHLIST_SYNTAX, "no entry"},
    {"an implicit TNAuthList (A-25)", "\x30\x03\x80\x01\x31", 5, STIR_CODE_TNAUTHLIST_SYNTAX,
     "implicit tag 80"},
    {"a cut token's dot", "eyJhbGciOiJFUzI1NiJ9.e30", 24, STIR_E_SYNTAX, "wanted certificates"},
};

Test(describe, refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct stir_error error;
        char *data = malloc(refused[i].len + 1); /* of that size, for the sanitizer */
        memcpy(data, refused[i].data, refused[i].len);
        data = realloc(data, refused[i].len > 0 ? refused[i].len : 1);
        char *text = stir_describe(data, refused[i].len, STIR_TEXT, &error);
        cr_expect_null(text, "%s: %s", refused[i].desc, text);
        cr_expect_eq(error.code, refused[i].code, "%s: %d", refused[i].desc, error.code);
        cr_expect_not_null(strstr(error.text, refused[i].sentence), "%s: %s", refused[i].desc,
                           error.text);
        free(text);
        free(data);
    }
}

Test(describe, arguments)
{
    struct stir_error error;

    cr_expect_null(stir_describe(NULL, 0, STIR_TEXT, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_describe("x", 1, (enum stir_form)7, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_describe("x", 1, STIR_TEXT, NULL));
}

/* ---- Real ones ---- */

/* Header and payload of every token of the corpus are those that others read. */
static void check_token(const json_t *line)
{
    const char *token = json_string_value(json_object_get(line, "token"));
    const json_t *header = json_object_get(line, "header"), *payload;

    if (token == NULL || !json_is_object(header))
        return;
    payload = json_object_get(line, "payload");
    json_t *json = told_json(token, strlen(token));
    cr_expect_str_eq(text_at(json, "kind"), "passport");
    if (!json_is_null(json_object_get(json, "header")))
        cr_expect(json_equal(json_object_get(json, "header"), header), "%s", token);
    if (!json_is_null(json_object_get(json, "payload")))
        cr_expect(json_equal(json_object_get(json, "payload"), payload), "%s", token);
    json_decref(json);
}

Test(describe, tokens_of_the_corpus)
{
    help_need_corpora();
    char *path = help_corpus("passports/tokens.jsonl"), *data = help_read(path, NULL),
         *at = data;
    char *line;
    size_t n = 0;

    while ((line = strsep(&at, "\n")) != NULL) {
        json_t *json = json_loads(line, 0, NULL);
        if (json != NULL) {
            check_token(json);
            n++;
        }
        json_decref(json);
    }
    cr_expect_eq(n, 56);
    free(data);
    free(path);
}

/* The certificate of RFC 9118 figure 1. */
Test(describe, published_certificate)
{
    static const char *const lines[] = {
        "SPC 1234\n",
        "must include    confidence\n",
        "confidence      high, medium\n",
        "must exclude    priority\n",
        "subject         CN=SHAKEN,OU=VoIP,O=Bogus Example Telecom,L=Herndon,ST=VA,C=US\n",
        NULL};
    help_need_corpora();
    char *path = help_vector("rfc9118-figure1-cert.pem"), *pem = help_read(path, NULL);

    cr_assert_not_null(pem, "%s", path);
    char *text = told(pem, STIR_NUL, STIR_TEXT);
    expect_lines(text, lines, "RFC 9118");
    free(text);
    free(pem);
    free(path);
}
