/* service/passports: PASSporTs made claim by claim or from a call, and received ones. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "service/passports.h"
#include "sip/call.h"

static struct stir_passport *make(const char *ppt)
{
    struct stir_error error;
    struct stir_passport *passport = stir_passport_new(ppt, NULL, &error);

    cr_assert_not_null(passport, "%s", error.text);
    return passport;
}

static void expect_payload(const struct stir_passport *passport, const char *wanted,
                           const char *desc)
{
    struct stir_error error;
    char *payload;

    error_clear(&error);
    cr_assert_eq(passports_payload(passport, NULL, &payload, &error), 0, "%s", error.text);
    cr_expect_str_eq(payload, wanted, "%s: %s", desc, payload);
    free(payload);
}

struct set_case {
    const char *desc, *claim, *value;
    int rc;
    const char *payload; /* or, where it fails, of the sentence */
};

static const struct set_case set_cases[] = {
    {"a number", "orig", "12155551212", 0, "{\"orig\":{\"tn\":\"12155551212\"}}"},
    {"R8224-8.3-1: as dialled", "orig", "+1 (215) 555-1212", 0,
     "{\"orig\":{\"tn\":\"12155551212\"}}"},
    {"a tel URI", "orig", "tel:+1-215-555-1212", 0, "{\"orig\":{\"tn\":\"12155551212\"}}"},
    {"R8224-8.5-1: a SIP URI", "orig", "SIP:Alice@EXAMPLE.com:5060;x=y", 0,
     "{\"orig\":{\"uri\":\"sip:alice@example.com\"}}"},
    {"no identity", "orig", "Alice", STIR_E_SYNTAX, ""},
    {"R8224-4.1-6: dest is of arrays", "dest", "12155551213", 0,
     "{\"dest\":{\"tn\":[\"12155551213\"]}}"},
    {"R8225-5.1.1: iat is a number", "iat", "1443208345", 0, "{\"iat\":1443208345}"},
    {"RFC 3339", "iat", "2015-09-25T19:12:25Z", 0, "{\"iat\":1443208345}"},
    {"a SIP Date", "iat", "Fri, 25 Sep 2015 19:12:25 GMT", 0, "{\"iat\":1443208345}"},
    {"no date", "iat", "now", STIR_E_SYNTAX, "iat \"now\""},
    {"exp", "exp", "7", 0, "{\"exp\":7}"},
    {"nbf", "nbf", "7", 0, "{\"nbf\":7}"},
    {"attest", "attest", "A", 0, "{\"attest\":\"A\"}"},
    {"what is wrong is for the precheck", "attest", "D", 0, "{\"attest\":\"D\"}"},
    {"origid", "origid", "123e4567-e89b-12d3-a456-426655440000", 0,
     "{\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}"},
    {"any other is text", "x", "7\"", 0, "{\"x\":\"7\\\"\"}"},
    {"no UTF-8", "x", "\xFF", STIR_E_SYNTAX, "\\xFF"},
    {"R8225-5: the name is no ASCII", "\xC3\xA9", "x", STIR_E_ARGUMENT, "ASCII"},
    {"no name", "", "x", STIR_E_ARGUMENT, "no name"},
    {"no claim", NULL, "x", STIR_E_ARGUMENT, "claim is NULL"},
    {"no value", "x", NULL, STIR_E_ARGUMENT, "value is NULL"},
};

Test(passports, set)
{
    for (size_t i = 0; i < sizeof set_cases / sizeof *set_cases; i++) {
        const struct set_case *c = &set_cases[i];
        struct stir_passport *passport = make("");
        struct stir_error error;

        cr_expect_eq(stir_passport_set(passport, c->claim, c->value, &error), c->rc, "%s: %s",
                     c->desc, error.text);
        if (c->rc == 0)
            expect_payload(passport, c->payload, c->desc);
        else
            cr_expect(strstr(error.text, c->payload) != NULL, "%s: %s", c->desc, error.text);
        if (c->rc != 0)
            expect_payload(passport, "{}", c->desc);
        stir_passport_free(passport);
    }
}

/* R8225-5.2.1-2: set again and again, dest grows, in order; orig is replaced. */
Test(passports, dest_adds)
{
    static const struct {
        const char *claim, *value;
    } steps[] = {
        {"dest", "sip:carol@example.com"}, {"dest", "+12155551214"}, {"dest", "12155551213"},
        {"dest", "sip:bob@example.com"},   {"dest", "+12155551214"}, {"orig", "1"},
        {"orig", "sip:alice@example.com"},
    };
    struct stir_passport *passport = make("");

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        cr_assert_eq(stir_passport_set(passport, steps[i].claim, steps[i].value, NULL), 0);
    expect_payload(passport,
                   "{\"dest\":{\"tn\":[\"12155551213\",\"12155551214\"],\"uri\":["
                   "\"sip:bob@example.com\",\"sip:carol@example.com\"]},"
                   "\"orig\":{\"uri\":\"sip:alice@example.com\"}}",
                   "dest");
    stir_passport_free(passport);
}

/* R8588-8: attest, dest, iat, orig, origid, whatever the order they were given in. */
Test(passports, shaken_in_order)
{
    struct stir_passport *passport = make("shaken");
    struct passport_identity orig;
    int64_t iat;

    cr_expect_not(passports_orig(passport, &orig));
    cr_expect_not(passports_has_dest(passport));
    cr_expect_not(passports_iat(passport, &iat));
    stir_passport_set(passport, "origid", "123e4567-e89b-12d3-a456-426655440000", NULL);
    stir_passport_set(passport, "iat", "1443208345", NULL);
    stir_passport_set(passport, "orig", "12155551212", NULL);
    stir_passport_set(passport, "dest", "12155551213", NULL);
    stir_passport_set(passport, "attest", "A", NULL);
    expect_payload(passport,
                   "{\"attest\":\"A\",\"dest\":{\"tn\":[\"12155551213\"]},\"iat\":1443208345,"
                   "\"orig\":{\"tn\":\"12155551212\"},"
                   "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}",
                   "shaken");
    cr_expect_str_eq(passports_ppt(passport), "shaken");
    cr_expect(passports_orig(passport, &orig) && orig.is_tn);
    cr_expect_str_eq(orig.text, "12155551212");
    cr_expect(passports_has_dest(passport));
    cr_expect(passports_iat(passport, &iat) && iat == 1443208345);
    stir_passport_free(passport);
}

Test(passports, set_json)
{
    static const struct {
        const char *desc, *claim, *json;
        int rc;
        const char *payload;
    } cases[] = {
        {"an object, sorted", "x", " {\"b\":[2,1], \"a\":null}", 0,
         "{\"x\":{\"a\":null,\"b\":[2,1]}}"},
        {"a number", "x", "7", 0, "{\"x\":7}"},
        {"dest as it is", "dest", "{\"tn\":\"1\"}", 0, "{\"dest\":{\"tn\":\"1\"}}"},
        {"no JSON", "x", "{", STIR_E_SYNTAX, "x: JSON"},
        {"R8225-9-6: a name twice", "x", "{\"a\":1,\"a\":2}", STIR_E_SYNTAX, "twice"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_passport *passport = make("");
        struct stir_error error;

        cr_expect_eq(stir_passport_set_json(passport, cases[i].claim, cases[i].json, &error),
                     cases[i].rc, "%s: %s", cases[i].desc, error.text);
        if (cases[i].rc == 0)
            expect_payload(passport, cases[i].payload, cases[i].desc);
        else
            cr_expect(strstr(error.text, cases[i].payload) != NULL, "%s: %s", cases[i].desc,
                      error.text);
        stir_passport_free(passport);
    }
}

Test(passports, types)
{
    struct stir_error error;

    cr_expect_null(stir_passport_new("zzz", NULL, &error));
    cr_expect_eq(error.code, STIR_E_UNSUPPORTED);
    cr_expect(strstr(error.text, "zzz") != NULL, "%s", error.text);
    cr_expect_null(stir_passport_new("Shaken", NULL, NULL));
    struct stir_passport *passport = stir_passport_new(NULL, NULL, &error);
    cr_expect_str_eq(passports_ppt(passport), "");
    stir_passport_free(passport);
    stir_passport_free(NULL);
}

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

struct call_case {
    const char *desc, *from, *pai, *to, *date, *body;
    const char *payload; /* NULL: it fails */
};

static const struct call_case call_cases[] = {
    {"R8224-4.1-5 to -7", "<sip:12155551212@example.com;user=phone>", NULL,
     "<sip:alice@example.com>", "Fri, 25 Sep 2015 19:12:25 GMT", NULL,
     "{\"dest\":{\"uri\":[\"sip:alice@example.com\"]},\"iat\":1443208345,"
     "\"orig\":{\"tn\":\"12155551212\"}}"},
    {"R8224-6.1-1: P-Asserted-Identity before From", "<sip:1@a>", "<tel:+12155551212>",
     "12155551213", NULL, NULL,
     "{\"dest\":{\"tn\":[\"12155551213\"]},\"orig\":{\"tn\":\"12155551212\"}}"},
    {"R8224-4.1-9: fingerprints", "12155551212", NULL, "12155551213", NULL,
     "a=fingerprint:sha-256 4A:AD\r\na=fingerprint:sha-256 02:1A\r\n",
     "{\"dest\":{\"tn\":[\"12155551213\"]},\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"021A\"},"
     "{\"alg\":\"sha-256\",\"dig\":\"4AAD\"}],\"orig\":{\"tn\":\"12155551212\"}}"},
    {"nothing of it", NULL, NULL, NULL, NULL, NULL, "{}"},
    {"From is no identity", "Anonymous", NULL, "12155551213", NULL, NULL, NULL},
    {"To is none", "12155551212", NULL, "x", NULL, NULL, NULL},
    {"Date is none", "12155551212", NULL, "12155551213", "soon", NULL, NULL},
    {"the SDP is broken", "12155551212", NULL, "12155551213", NULL,
     "a=fingerprint:sha-256 4A:A\r\n", NULL},
};

Test(passports, from_a_call)
{
    for (size_t i = 0; i < sizeof call_cases / sizeof *call_cases; i++) {
        const struct call_case *c = &call_cases[i];
        struct stir_call call = {.from = text(c->from),
                                 .pai = text(c->pai),
                                 .to = text(c->to),
                                 .date = text(c->date),
                                 .body = text(c->body),
                                 .body_len = c->body == NULL ? 0 : strlen(c->body)};
        struct stir_error error;
        struct stir_passport *passport = stir_passport_new("", &call, &error);

        cr_expect_eq(passport != NULL, c->payload != NULL, "%s: %s", c->desc, error.text);
        if (passport != NULL && c->payload != NULL)
            expect_payload(passport, c->payload, c->desc);
        else
            cr_expect_eq(error.code, STIR_E_SYNTAX, "%s: %d", c->desc, error.code);
        stir_passport_free(passport);
    }
}

#define TOKEN                                                                                  \
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly93d3cuZXhhbXBsZS5jb20vY2Vy" \
    "dC5jZXIifQ."                                                                              \
    "eyJkZXN0Ijp7InRuIjpbIjEyMTU1NTUxMjEzIl19LCJpYXQiOjE0NDMyMDgzNDUsIm9yaWciOnsidG4iOiIxMjE1" \
    "NTU1MTIxMiJ9fQ"
#define SIGNATURE                                                                              \
    "1bEzkzcNbKvgz4QoMx0_DJ2T8qFMDC1sPqHPXl1WvbauzRJRvYlZqQ0qgGTlS8tJ_wXjVe07Z3wvDrdApHhhYw"

Test(passports, received)
{
    static const struct {
        const char *pointer, *wanted;
    } cases[] = {
        {"/header/x5u", "https://www.example.com/cert.cer"},
        {"/header/alg", "ES256"},
        {"/header/ppt", NULL},
        {"/payload/orig/tn", "12155551212"},
        {"/payload/dest/tn/0", "12155551213"},
        {"/payload/dest", "{\"tn\":[\"12155551213\"]}"},
        {"/payload/iat", "1443208345"},
        {"/payload/iat/0", NULL},
        {"/parameters/info", "https://www.example.com/other.cer"},
        {"/parameters/alg", NULL},
        {"/parametersx", NULL},
        {"/payloads/iat", NULL},
        {"", NULL},
        {"/", NULL},
    };
    struct stir_error error;
    const char *value = TOKEN "." SIGNATURE ";info=<https://www.example.com/other.cer>";
    struct stir_passport *passport = stir_passport_parse(value, STIR_NUL, &error);

    cr_assert_not_null(passport, "%s", error.text);
    cr_expect_str_eq(passports_ppt(passport), "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found = stir_passport_unverified(passport, cases[i].pointer);
        if (cases[i].wanted == NULL)
            cr_expect_null(found, "%s: %s", cases[i].pointer, found);
        else
            cr_expect(found != NULL && strcmp(found, cases[i].wanted) == 0, "%s: %s",
                      cases[i].pointer, found == NULL ? "nothing" : found);
        cr_expect_eq(stir_passport_unverified(passport, cases[i].pointer), found, "the same");
    }
    stir_passport_free(passport);
    cr_expect_null(stir_passport_unverified(NULL, "/header"));
}

Test(passports, received_in_other_forms)
{
    static const struct {
        const char *desc, *text;
        int code;
    } cases[] = {
        {"a bare token", TOKEN "." SIGNATURE, 0},
        {"with the header's name", "Identity: " TOKEN "." SIGNATURE ";info=<https://a/>", 0},
        {"compact", ".." SIGNATURE ";info=<https://a/>", 0},
        {"a token cut", TOKEN, STIR_CODE_TOKEN_SYNTAX},
        {"a parameter twice", TOKEN "." SIGNATURE ";alg=ES256;alg=ES256",
         STIR_CODE_IDENTITY_SYNTAX},
        {"no JSON", "e30." SIGNATURE "." SIGNATURE, STIR_CODE_JSON_SYNTAX},
        {"nothing", "", STIR_CODE_IDENTITY_SYNTAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error;
        struct stir_passport *passport = stir_passport_parse(cases[i].text, STIR_NUL, &error);
        cr_expect_eq(error.code, cases[i].code, "%s: %s", cases[i].desc, error.text);
        cr_expect_eq(passport != NULL, cases[i].code == 0, "%s", cases[i].desc);
        stir_passport_free(passport);
    }
    cr_expect_null(stir_passport_parse(NULL, 0, NULL));
}

Test(passports, compact_has_no_claims)
{
    struct stir_error error;
    struct stir_passport *passport =
        stir_passport_parse(".." SIGNATURE ";info=<https://a/>;ppt=shaken", STIR_NUL, &error);
    char *payload;

    cr_assert_not_null(passport, "%s", error.text);
    cr_expect_str_eq(passports_ppt(passport), "shaken");
    cr_expect_str_eq(stir_passport_unverified(passport, "/parameters/ppt"), "shaken");
    cr_expect_null(stir_passport_unverified(passport, "/payload"));
    cr_expect_eq(stir_passport_set(passport, "x", "1", &error), STIR_E_ARGUMENT);
    cr_expect_eq(passports_payload(passport, NULL, &payload, NULL), STIR_E_ARGUMENT);
    stir_passport_free(passport);
}

/* A type of a later version can be looked at, and not signed. */
Test(passports, unsupported_type_received)
{
    /* {"ppt":"zzz"}, {"ppt":7}; {"a":1} */
    static const char *const headers[] = {"eyJwcHQiOiJ6enoifQ", "eyJwcHQiOjd9"};

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct stir_error error;
        char token[256], *payload;
        snprintf(token, sizeof token, "%s.eyJhIjoxfQ.%s", headers[i], SIGNATURE);
        struct stir_passport *passport = stir_passport_parse(token, STIR_NUL, &error);

        cr_assert_not_null(passport, "%s", error.text);
        cr_expect_str_eq(stir_passport_unverified(passport, "/payload/a"), "1");
        cr_expect_eq(passports_payload(passport, NULL, &payload, &error), STIR_E_UNSUPPORTED);
        cr_expect(strstr(error.text, i == 0 ? "zzz" : "no string") != NULL, "%s", error.text);
        stir_passport_free(passport);
    }
}
