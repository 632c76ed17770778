/* rules/constraints: what a certificate demands, permits and forbids (R8226-8-2, R8226-8-3,
   R9118-3-2 to -5, A-15, A-34), whatever the signature says (R9118-8-3). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "rules/constraints.h"
#include "tests/help.h"

#define BASE                                                                                   \
    "\"dest\":{\"tn\":[\"12155551213\"]},\"iat\":1443208345,\"orig\":{\"tn\":\"12155551212\"}"

/* Lists of at most three, ended by NULL. */
struct constraint_case {
    const char *desc;
    const char *include[4], *exclude[4];
    const char *permit, *values[4];
    const char *payload;
    int code;
    const char *wanted;
};

static const struct constraint_case constraint_cases[] = {
    {"none", {NULL}, {NULL}, NULL, {NULL}, "{" BASE "}", 0, NULL},
    {"R8226-8-2: demanded and there",
     {"confidence"},
     {NULL},
     NULL,
     {NULL},
     "{" BASE ",\"confidence\":null}",
     0,
     NULL},
    {"R8226-8-2: demanded and absent",
     {"confidence"},
     {NULL},
     NULL,
     {NULL},
     "{" BASE "}",
     STIR_CODE_CLAIM_MISSING,
     "certificate 0 demands the claim confidence"},
    {"R9118-3-2: the second of them absent",
     {"iat", "x"},
     {NULL},
     NULL,
     {NULL},
     "{" BASE "}",
     STIR_CODE_CLAIM_MISSING,
     "the claim x"},
    {"A-15: case of the name",
     {"Confidence"},
     {NULL},
     NULL,
     {NULL},
     "{" BASE ",\"confidence\":1}",
     STIR_CODE_CLAIM_MISSING,
     "Confidence"},
    {"A-15: deeper is not there",
     {"tn"},
     {NULL},
     NULL,
     {NULL},
     "{" BASE "}",
     STIR_CODE_CLAIM_MISSING,
     "tn"},
    {"R8226-8-2: iat is demanded in any case",
     {"x"},
     {NULL},
     NULL,
     {NULL},
     "{\"dest\":{},\"orig\":{},\"x\":1}",
     STIR_CODE_CLAIM_MISSING,
     "the claim iat"},

    {"R8226-8-3: permitted",
     {NULL},
     {NULL},
     "confidence",
     {"high", "medium"},
     "{" BASE ",\"confidence\":\"medium\"}",
     0,
     NULL},
    {"R8226-8-3: another value",
     {NULL},
     {NULL},
     "confidence",
     {"high", "medium"},
     "{" BASE ",\"confidence\":\"low\"}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "claim confidence is \"low\"; certificate 0 permits \"high\" and other values"},
    {"R9118-3-3: the beginning of one",
     {NULL},
     {NULL},
     "confidence",
     {"high"},
     "{" BASE ",\"confidence\":\"hig\"}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "\"high\" alone"},
    {"R8226-8-3, A-15: absent", {NULL}, {NULL}, "confidence", {"high"}, "{" BASE "}", 0, NULL},
    {"absent, and demanded too",
     {"confidence"},
     {NULL},
     "confidence",
     {"high"},
     "{" BASE "}",
     STIR_CODE_CLAIM_MISSING,
     "confidence"},
    {"A-15: a string's content, unescaped",
     {NULL},
     {NULL},
     "x",
     {"a/\xC3\xA9\""},
     "{" BASE ",\"x\":\"a\\/\\u00e9\\u0022\"}",
     0,
     NULL},
    {"A-15: no quotes",
     {NULL},
     {NULL},
     "x",
     {"\"high\""},
     "{" BASE ",\"x\":\"high\"}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "high"},
    {"A-15: octets, no normalisation",
     {NULL},
     {NULL},
     "x",
     {"e\xCC\x81"},
     "{" BASE ",\"x\":\"\xC3\xA9\"}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "x is"},
    {"A-15: an object in deterministic form",
     {NULL},
     {NULL},
     "x",
     {"{\"a\":1,\"b\":[2,3]}"},
     "{" BASE ",\"x\": { \"b\" : [2, 3], \"a\":1}}",
     0,
     NULL},
    {"array order counts",
     {NULL},
     {NULL},
     "x",
     {"[2,3]"},
     "{" BASE ",\"x\":[3,2]}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "[3,2]"},
    {"true and null", {NULL}, {NULL}, "x", {"true", "null"}, "{" BASE ",\"x\":null}", 0, NULL},
    {"false",
     {NULL},
     {NULL},
     "x",
     {"true", "null"},
     "{" BASE ",\"x\":false}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "\"false\""},
    {"A-34: a number by its received text",
     {NULL},
     {NULL},
     "x",
     {"1.50"},
     "{" BASE ",\"x\":1.50}",
     0,
     NULL},
    {"A-34: the same number, other text",
     {NULL},
     {NULL},
     "x",
     {"1.5"},
     "{" BASE ",\"x\":1.50}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "\"1.50\""},
    {"A-34: an exponent", {NULL}, {NULL}, "x", {"1e2"}, "{" BASE ",\"x\":1e2}", 0, NULL},
    {"A-34: its value",
     {NULL},
     {NULL},
     "x",
     {"100"},
     "{" BASE ",\"x\":1e2}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "\"1e2\""},
    {"a string is no number, but its content is text",
     {NULL},
     {NULL},
     "x",
     {"1"},
     "{" BASE ",\"x\":\"1\"}",
     0,
     NULL},
    {"A-15: orig", {NULL}, {NULL}, "orig", {"{\"tn\":\"12155551212\"}"}, "{" BASE "}", 0, NULL},
    {"A-15: another orig",
     {NULL},
     {NULL},
     "orig",
     {"{\"tn\":\"12155551213\"}"},
     "{" BASE "}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "orig"},
    {"orig's number alone is not its text",
     {NULL},
     {NULL},
     "orig",
     {"12155551212"},
     "{" BASE "}",
     STIR_CODE_CLAIM_NOT_PERMITTED,
     "orig"},
    {"A-15: dest",
     {NULL},
     {NULL},
     "dest",
     {"{\"tn\":[\"12155551213\"]}"},
     "{" BASE "}",
     0,
     NULL},
    {"A-15: iat", {NULL}, {NULL}, "iat", {"1443208345"}, "{" BASE "}", 0, NULL},

    {"R9118-3-4: forbidden and absent",
     {NULL},
     {"priority"},
     NULL,
     {NULL},
     "{" BASE "}",
     0,
     NULL},
    {"R9118-3-4: forbidden and there",
     {NULL},
     {"priority"},
     NULL,
     {NULL},
     "{" BASE ",\"priority\":null}",
     STIR_CODE_CLAIM_EXCLUDED,
     "certificate 0 forbids the claim priority"},
    {"R9118-8-2: demanded and forbidden",
     {"x"},
     {"x"},
     NULL,
     {NULL},
     "{" BASE ",\"x\":1}",
     STIR_CODE_CLAIM_EXCLUDED,
     "x"},
    {"R9118-3-5: voided by iat", {"x"}, {"iat"}, NULL, {NULL}, "{" BASE "}", 0, NULL},
    {"R9118-3-5: voided by orig",
     {"x"},
     {"y", "orig"},
     "z",
     {"1"},
     "{" BASE ",\"y\":1,\"z\":2}",
     0,
     NULL},
    {"R9118-3-5: voided by dest", {"x"}, {"dest"}, NULL, {NULL}, "{" BASE "}", 0, NULL},
};

static void fill(struct claim_constraints *constraints, const struct constraint_case *c)
{
    constraints->present = true;
    for (size_t i = 0; c->include[i] != NULL; i++)
        cr_assert_eq(claim_constraints_add_include(constraints, c->include[i]), 0);
    for (size_t i = 0; c->exclude[i] != NULL; i++)
        cr_assert_eq(claim_constraints_add_exclude(constraints, c->exclude[i]), 0);
    for (size_t i = 0; c->values[i] != NULL; i++)
        cr_assert_eq(claim_constraints_add_permit(constraints, c->permit, c->values[i]), 0);
}

static struct passport parse(const char *payload)
{
    struct jws jws = {.payload = (char *)(uintptr_t)payload, .payload_len = strlen(payload)};
    struct passport passport = {0};
    struct stir_error error = {0};

    cr_assert_eq(passport_parse_payload(&jws, &passport, &error), 0, "%s: %s", payload,
                 error.text);
    return passport;
}

Test(constraints, each)
{
    for (size_t i = 0; i < sizeof constraint_cases / sizeof *constraint_cases; i++) {
        const struct constraint_case *c = &constraint_cases[i];
        struct claim_constraints constraints = {0};
        struct passport passport = parse(c->payload);
        struct stir_error error = {0};

        fill(&constraints, c);
        cr_expect_eq(constraints_check(&constraints, &passport, &error), c->code, "%s: %s",
                     c->desc, error.text);
        if (c->wanted != NULL) {
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
            cr_expect_eq(error.depth, 0, "%s", c->desc);
        }
        passport_free(&passport);
        claim_constraints_free(&constraints);
    }
}

Test(constraints, absent_extension)
{
    static const struct claim_constraints none;
    struct passport passport = parse("{}");

    cr_expect_eq(constraints_check(&none, &passport, NULL), 0);
    cr_expect_eq(constraints_check_void(&none, true, NULL, NULL), 0);
    passport_free(&passport);
}

/* R9118-3-5, policy constraints_void. */
Test(constraints, void_ones)
{
    static const char *const baseline[] = {"iat", "orig", "dest", "x"};

    for (size_t i = 0; i < sizeof baseline / sizeof *baseline; i++) {
        struct claim_constraints constraints = {.present = true};
        struct warnings warnings = {0};
        struct stir_error error = {0};
        bool voids = strcmp(baseline[i], "x") != 0;

        cr_assert_eq(claim_constraints_add_exclude(&constraints, baseline[i]), 0);
        cr_expect_eq(constraints_check_void(&constraints, false, &warnings, &error), 0);
        cr_expect_eq(warnings.n, voids ? 1 : 0, "%s", baseline[i]);
        cr_expect_eq(constraints_check_void(&constraints, true, &warnings, &error),
                     voids ? STIR_CODE_CONSTRAINTS_SYNTAX : 0, "%s", baseline[i]);
        if (voids) {
            cr_expect(strstr(warnings.lines[0], "constraints-void: ") == warnings.lines[0]);
            cr_expect_eq(error.depth, 0);
        }
        warnings_free(&warnings);
        claim_constraints_free(&constraints);
    }
}

/* The extension of RFC 9118's certificate, as it was printed: confidence is demanded, high or
   medium, and priority forbidden. */
Test(constraints, rfc9118_example)
{
    static const struct {
        const char *payload;
        int code;
    } cases[] = {
        {"{" BASE ",\"confidence\":\"high\"}", 0},
        {"{" BASE ",\"confidence\":\"medium\"}", 0},
        {"{" BASE ",\"confidence\":\"low\"}", STIR_CODE_CLAIM_NOT_PERMITTED},
        {"{" BASE "}", STIR_CODE_CLAIM_MISSING},
        {"{" BASE ",\"confidence\":\"high\",\"priority\":\"x\"}", STIR_CODE_CLAIM_EXCLUDED},
    };
    struct claim_constraints constraints = {0};
    size_t len;
    uint8_t *der = help_unhex("3040A00E300C160A636F6E666964656E6365A120301E301C160A636F6E666964"
                              "656E6365300E0C04686967680C066D656469756DA20C300A16087072696F7269"
                              "7479",
                              &len);

    cr_assert_eq(claim_constraints_parse((struct der){der, len}, true, &constraints, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct passport passport = parse(cases[i].payload);
        cr_expect_eq(constraints_check(&constraints, &passport, NULL), cases[i].code, "%s",
                     cases[i].payload);
        passport_free(&passport);
    }
    claim_constraints_free(&constraints);
    free(der);
}
