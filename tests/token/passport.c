/* token/passport: the JOSE header of a PASSporT (R8225-4.1 to -4.3, R8225-8.1-1, R7515-1b,
   R7515-2, R7515-4), its deterministic form, published tokens (requirements 2.1). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "json/value.h"
#include "tests/help.h"
#include "token/passport.h"

/* A token of these, with a signature of zeros. */
static struct jws make(const char *header, const char *payload)
{
    static const uint8_t signature[64];
    char *input = jws_signing_input(header, payload);
    char *token = jws_write(input, signature, false);
    struct stir_error error = {0};
    struct jws jws;

    cr_assert_eq(jws_parse(token, strlen(token), &jws, &error), 0, "%s", error.text);
    free(input);
    free(token);
    return jws;
}

/* All the rules of a token, in the order of design.md. */
static int check(const struct jws *jws, struct passport *passport, struct stir_error *error)
{
    int rc = passport_parse_header(jws, passport, error);

    if (rc == 0)
        rc = passport_check_crit(passport, error);
    if (rc == 0)
        rc = passport_check_typ(passport, error);
    if (rc == 0)
        rc = passport_check_ppt(passport, error);
    if (rc == 0)
        rc = passport_check_alg(passport, error);
    if (rc == 0)
        rc = passport_check_x5u(passport, false, error);
    if (rc == 0)
        rc = passport_parse_payload(jws, passport, error);
    if (rc == 0)
        rc = passport_check_claims(passport, false, error);
    return rc;
}

#define TYP "\"typ\":\"passport\""
#define ALG "\"alg\":\"ES256\""
#define X5U "\"x5u\":\"https://cert.example.org/passport.cer\""
#define BASE_PAYLOAD                                                                           \
    "{\"dest\":{\"tn\":[\"12155551213\"]},\"iat\":1443208345,\"orig\":{\"tn\":"                \
    "\"12155551212\"}}"

struct header_case {
    const char *desc, *header;
    int code;
    const char *wanted; /* of the sentence */
};

static const struct header_case header_cases[] = {
    {"base, R8224-4.1-10", "{" ALG "," TYP "," X5U "}", 0, NULL},
    {"R7515-4: jwk, jku and kid are no source of keys",
     "{" ALG ",\"jku\":\"https://evil.example/\",\"jwk\":{\"kty\":\"EC\"},\"kid\":\"1\"," TYP
     "," X5U "}",
     0, NULL},
    {"unknown member", "{" ALG "," TYP "," X5U ",\"zzz\":[1]}", 0, NULL},
    {"x5c is not looked at", "{" ALG "," TYP ",\"x5c\":[\"MII\"]," X5U "}", 0, NULL},

    {"R7515-1b: no JSON", "{" ALG "," TYP "," X5U, STIR_CODE_JSON_SYNTAX,
     "header of the token"},
    {"an array", "[]", STIR_CODE_JSON_SYNTAX, "an array, not an object"},
    {"a string", "\"ES256\"", STIR_CODE_JSON_SYNTAX, "a string, not an object"},
    {"R7515-1: a name twice", "{" ALG "," ALG "," TYP "," X5U "}", STIR_CODE_JSON_SYNTAX,
     "twice"},
    {"R7515-1b: BOM", "\xEF\xBB\xBF{" ALG "," TYP "," X5U "}", STIR_CODE_JSON_SYNTAX,
     "byte order"},
    {"R7515-1b: overlong UTF-8", "{" ALG "," TYP "," X5U ",\"a\":\"\xC0\x80\"}",
     STIR_CODE_JSON_SYNTAX, "UTF-8"},
    {"A-34: \\u0000", "{" ALG "," TYP "," X5U ",\"a\":\"\\u0000\"}", STIR_CODE_JSON_SYNTAX,
     "U+0000"},
    {"trailing octets", "{" ALG "," TYP "," X5U "}x", STIR_CODE_JSON_SYNTAX, "follows"},

    {"R7515-2: crit", "{" ALG ",\"crit\":[\"exp\"],\"exp\":1," TYP "," X5U "}",
     STIR_CODE_CRIT_UNSUPPORTED, "has crit"},
    {"an empty crit", "{" ALG ",\"crit\":[]," TYP "," X5U "}", STIR_CODE_CRIT_UNSUPPORTED,
     "crit"},
    {"crit is no array", "{" ALG ",\"crit\":null," TYP "," X5U "}", STIR_CODE_CRIT_UNSUPPORTED,
     "crit"},
    {"R7515-2: b64 without crit", "{" ALG ",\"b64\":true," TYP "," X5U "}",
     STIR_CODE_CRIT_UNSUPPORTED, "b64"},
    {"crit before all that follows", "{\"crit\":[\"b64\"]}", STIR_CODE_CRIT_UNSUPPORTED,
     "crit"},

    {"R8225-4.1: JWT", "{" ALG ",\"typ\":\"JWT\"," X5U "}", STIR_CODE_TYP_NOT_PASSPORT,
     "typ is JWT, not passport"},
    {"another case", "{" ALG ",\"typ\":\"PASSporT\"," X5U "}", STIR_CODE_TYP_NOT_PASSPORT,
     "PASSporT"},
    {"a media type", "{" ALG ",\"typ\":\"application/passport\"," X5U "}",
     STIR_CODE_TYP_NOT_PASSPORT, "typ"},
    {"absent typ", "{" ALG "," X5U "}", STIR_CODE_TYP_NOT_PASSPORT, "typ is absent"},
    {"typ is an array", "{" ALG ",\"typ\":[\"passport\"]," X5U "}", STIR_CODE_TYP_NOT_PASSPORT,
     "typ is an array"},

    {"R8225-8.1-1: unknown ppt", "{" ALG ",\"ppt\":\"zzz\"," TYP "," X5U "}",
     STIR_CODE_PPT_UNSUPPORTED, "ppt is zzz"},
    {"a type that is not built yet", "{" ALG ",\"ppt\":\"div\"," TYP "," X5U "}",
     STIR_CODE_PPT_UNSUPPORTED, "div"},
    {"another case", "{" ALG ",\"ppt\":\"SHAKEN\"," TYP "," X5U "}", STIR_CODE_PPT_UNSUPPORTED,
     "SHAKEN"},
    {"empty ppt", "{" ALG ",\"ppt\":\"\"," TYP "," X5U "}", STIR_CODE_PPT_UNSUPPORTED, "empty"},
    {"ppt is an array", "{" ALG ",\"ppt\":[\"shaken\"]," TYP "," X5U "}",
     STIR_CODE_PPT_UNSUPPORTED, "an array"},
    {"ppt is null", "{" ALG ",\"ppt\":null," TYP "," X5U "}", STIR_CODE_PPT_UNSUPPORTED,
     "null"},

    {"R8225-4.2: none", "{\"alg\":\"none\"," TYP "," X5U "}", STIR_CODE_ALG_UNSUPPORTED,
     "alg is none, not ES256"},
    {"HS256", "{\"alg\":\"HS256\"," TYP "," X5U "}", STIR_CODE_ALG_UNSUPPORTED, "HS256"},
    {"ES384", "{\"alg\":\"ES384\"," TYP "," X5U "}", STIR_CODE_ALG_UNSUPPORTED, "ES384"},
    {"another case", "{\"alg\":\"es256\"," TYP "," X5U "}", STIR_CODE_ALG_UNSUPPORTED, "es256"},
    {"absent alg", "{" TYP "," X5U "}", STIR_CODE_ALG_UNSUPPORTED, "absent"},
    {"what is shown is printable", "{\"alg\":\"a\\u0007\\\\\"," TYP "," X5U "}",
     STIR_CODE_ALG_UNSUPPORTED, "a\\x07\\x5C"},

    {"R8225-4.3: absent x5u", "{" ALG "," TYP "}", STIR_CODE_X5U_MISSING, "x5u is absent"},
    {"empty x5u", "{" ALG "," TYP ",\"x5u\":\"\"}", STIR_CODE_X5U_MISSING, "empty"},
    {"x5u is an array", "{" ALG "," TYP ",\"x5u\":[\"https://a/\"]}", STIR_CODE_X5U_MISSING,
     "an array"},
    {"A-21: x5c alone", "{" ALG "," TYP ",\"x5c\":[\"MII\"]}", STIR_CODE_X5U_MISSING, "absent"},
};

Test(passport, header)
{
    for (size_t i = 0; i < sizeof header_cases / sizeof *header_cases; i++) {
        const struct header_case *c = &header_cases[i];
        struct jws jws = make(c->header, BASE_PAYLOAD);
        struct passport passport = {0};
        struct stir_error error = {0};

        cr_expect_eq(check(&jws, &passport, &error), c->code, "%s: %s", c->desc, error.text);
        if (c->wanted != NULL)
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
        if (strstr(c->header, "x5c") != NULL)
            cr_expect(passport.x5c != NULL, "%s", c->desc);
        passport_free(&passport);
        jws_free(&jws);
    }
}

Test(passport, payload_is_an_object)
{
    static const char *const payloads[] = {"[]", "null", "{\"iat\":1,\"iat\":2}", "{", "{}{}"};

    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        struct jws jws = make("{" ALG "," TYP "," X5U "}", payloads[i]);
        struct passport passport = {0};
        struct stir_error error = {0};

        cr_expect_eq(check(&jws, &passport, &error), STIR_CODE_JSON_SYNTAX, "%s: %s",
                     payloads[i], error.text);
        cr_expect(strstr(error.text, "payload of the token") == error.text, "%s", error.text);
        passport_free(&passport);
        jws_free(&jws);
    }
}

Test(passport, supported)
{
    cr_expect(passport_ppt_is_supported(NULL));
    cr_expect(passport_ppt_is_supported(""));
    cr_expect(passport_ppt_is_supported("shaken"));
    cr_expect(!passport_ppt_is_supported("Shaken"));
    cr_expect(!passport_ppt_is_supported("div"));
    cr_expect(!passport_ppt_is_supported("msec")); /* */
}

/* R8225-7-2, A-17: received octets are verified, so another order is no reason to refuse unless
   policy strict_json says so. */
Test(passport, deterministic_form)
{
    static const struct {
        const char *desc, *header, *payload, *part; /* NULL: it is in the form */
    } cases[] = {
        {"in the form", "{" ALG "," TYP "," X5U "}", BASE_PAYLOAD, NULL},
        {"header out of order", "{" TYP "," ALG "," X5U "}", BASE_PAYLOAD, "header"},
        {"white space in the header", "{" ALG ", " TYP "," X5U "}", BASE_PAYLOAD, "header"},
        {"line feed behind the payload", "{" ALG "," TYP "," X5U "}", BASE_PAYLOAD "\n",
         "payload"},
        {"payload out of order", "{" ALG "," TYP "," X5U "}",
         "{\"iat\":1,\"dest\":{\"tn\":[\"1\"]},\"orig\":{\"tn\":\"1\"}}", "payload"},
        {"escapes that need not be", "{" ALG "," TYP ",\"x5u\":\"https:\\/\\/a\\/\"}",
         BASE_PAYLOAD, "header"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct jws jws = make(cases[i].header, cases[i].payload);
        struct passport passport = {0};
        struct warnings warnings = {0};
        struct stir_error error = {0};
        bool fine = cases[i].part == NULL;

        cr_assert_eq(check(&jws, &passport, &error), 0, "%s: %s", cases[i].desc, error.text);
        cr_expect_eq(passport_check_deterministic(&jws, &passport, false, &warnings, &error),
                     0);
        cr_expect_eq(warnings.n, fine ? 0 : 1, "%s", cases[i].desc);
        cr_expect_eq(passport_check_deterministic(&jws, &passport, true, &warnings, &error),
                     fine ? 0 : STIR_CODE_JSON_SYNTAX, "%s", cases[i].desc);
        if (!fine) {
            cr_expect(strstr(warnings.lines[0], "non-deterministic: ") == warnings.lines[0],
                      "%s", warnings.lines[0]);
            cr_expect(strstr(error.text, cases[i].part) == error.text, "%s: %s", cases[i].desc,
                      error.text);
        }
        warnings_free(&warnings);
        passport_free(&passport);
        jws_free(&jws);
    }
}

/* R8225-9-1, R8225-9-2, R8224-4.1-1: the header of RFC 8225 appendix A, and of shaken. */
Test(passport, header_text)
{
    char *text = passport_header_text(NULL, "https://cert.example.org/passport.cer");

    cr_expect_str_eq(text, "{" ALG "," TYP "," X5U "}");
    free(text);
    text = passport_header_text("", "https://cert.example.org/passport.cer");
    cr_expect_str_eq(text, "{" ALG "," TYP "," X5U "}");
    free(text);
    text = passport_header_text("shaken", "https://cert.example.org/passport.cer");
    cr_expect_str_eq(text, "{" ALG ",\"ppt\":\"shaken\"," TYP "," X5U "}");
    free(text);
}

/* RFC 8225 appendix A: its signing input is reproducible, octet by octet (R8225-6-1). */
Test(passport, appendix_a)
{
    static const char input[] = "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly"
                                "9jZXJ0LmV4YW1wbGUub3JnL3Bh"
                                "c3Nwb3J0LmNlciJ9."
                                "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdC"
                                "I6MTQ3MTM3NTQxOCwib3JpZyI6"
                                "eyJ0biI6IjEyMTU1NTUxMjEyIn19";
    static const char claims[] = "{ \"orig\": {\"tn\":\"12155551212\"}, \"iat\": 1471375418,\n"
                                 "  \"dest\": {\"uri\":[\"sip:alice@example.com\"]} }";
    struct value *payload;

    cr_assert_eq(value_load(claims, strlen(claims), &payload, NULL), 0);
    char *header_text = passport_header_text(NULL, "https://cert.example.org/passport.cer");
    char *payload_text = value_dump(payload),
         *made = jws_signing_input(header_text, payload_text);
    cr_expect_str_eq(made, input);
    free(made);
    free(payload_text);
    free(header_text);
    value_free(payload);
}

/* What the published tokens come to here, as found in requirements 2.1: signatures apart. */
static const struct {
    const char *name;
    int code;
} published[] = {
    {"8946-s3-div", STIR_CODE_PPT_UNSUPPORTED}, /* div is not built yet */
    {"8946-opt", 0},
    {"8946-div-o", STIR_CODE_PPT_UNSUPPORTED},
    {"8443", STIR_CODE_PPT_UNSUPPORTED}, /* rph is not built yet; its payload is no JSON */
    {"8225-appA", 0},
    {"8225-s7.1", STIR_CODE_IAT_SYNTAX}, /* R8225-5.1.1: iat is a string, errata 5985, 6656 */
};

Test(passport, published_tokens)
{
    size_t len = 0;
    struct value *tokens;

    help_need_corpora();
    char *path = help_vector("passports.json"), *text = help_read(path, &len);
    cr_assert_not_null(text);
    cr_assert_eq(value_load(text, len, &tokens, NULL), 0);
    cr_expect_eq(value_size(tokens), sizeof published / sizeof *published);
    for (size_t i = 0; i < value_size(tokens); i++) {
        const char *name = value_string(value_member(value_at(tokens, i), "name"));
        const char *token = value_string(value_member(value_at(tokens, i), "token"));
        struct passport passport = {0};
        struct stir_error error = {0};
        struct jws jws;

        cr_expect_str_eq(name, published[i].name);
        cr_assert_eq(jws_parse(token, strlen(token), &jws, &error), 0, "%s: %s", name,
                     error.text);
        cr_expect_eq(check(&jws, &passport, &error), published[i].code, "%s: %s", name,
                     error.text);
        if (published[i].code == 0) {
            cr_expect_eq(passport_check_deterministic(&jws, &passport, true, NULL, &error), 0,
                         "%s", name);
            cr_expect_str_eq(passport.orig.text, "12155551212");
            cr_expect_eq(passport.n_dest, 1);
        }
        passport_free(&passport);
        jws_free(&jws);
    }
    value_free(tokens);
    free(text);
    free(path);
}
