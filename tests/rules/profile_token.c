/* rules/profile_token: A74-1 and A92-4, each rule broken by a token that differs in one member from
   one that keeps them all. */
#include "rules/profile_token.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define HEADER                                                                                 \
    "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"https://a/\"}"
#define CLAIMS(more) "{\"attest\":\"A\",\"dest\":{\"tn\":[\"1\"]},\"iat\":1," more "}"
#define FIVE CLAIMS("\"orig\":{\"tn\":\"2\"},\"origid\":\"x\"")
#define BASE_HEADER "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"https://a/\"}"
#define BASE_CLAIMS "{\"dest\":{\"tn\":[\"1\"]},\"iat\":1,\"orig\":{\"tn\":\"2\"}}"
#define A80 PROFILE_ATIS80
#define A92 PROFILE_ATIS92

static const struct {
    const char *desc, *header, *payload;
    enum passport_type type;
    enum profile profile;
    bool compact;
    const char *says; /* "rule: found"; NULL: it breaks none */
} cases[] = {
    {"A74-1: header and claims as they have to be", HEADER, FIVE, PASSPORT_SHAKEN, A80, false,
     NULL},
    {"A74-1: the same under atis92", HEADER, FIVE, PASSPORT_SHAKEN, A92, false, NULL},
    {"A74-1: a further member of the header",
     "{\"alg\":\"ES256\",\"kid\":\"1\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"https:"
     "//"
     "a/\"}",
     FIVE, PASSPORT_SHAKEN, A80, false, "token-header: alg, kid, ppt, typ, x5u"},
    {"A74-1: an x5c beside x5u",
     "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5c\":[],\"x5u\":\"https://"
     "a/\"}",
     FIVE, PASSPORT_SHAKEN, A92, false, "token-header: alg, ppt, typ, x5c, x5u"},
    {"A74-1: one too few", "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"x5u\":\"https://a/\"}",
     FIVE, PASSPORT_SHAKEN, A80, false, "token-header: alg, ppt, x5u"},
    {"A74-1: one for another",
     "{\"alg\":\"ES256\",\"cty\":\"passport\",\"ppt\":\"shaken\",\"x5u\":\"https://a/\"}", FIVE,
     PASSPORT_SHAKEN, A80, false, "token-header: alg, cty, ppt, x5u"},
    {"none of it under rfc", "{\"alg\":\"ES256\",\"kid\":\"1\",\"ppt\":\"shaken\"}", "{}",
     PASSPORT_SHAKEN, PROFILE_RFC, false, NULL},
    {"A74-1: a further claim", HEADER,
     CLAIMS("\"mky\":[],\"orig\":{\"tn\":\"2\"},\"origid\":\"x\""), PASSPORT_SHAKEN, A80, false,
     "token-claims: attest, dest, iat, mky, orig, origid"},
    {"A74-1: a claim too few", HEADER, CLAIMS("\"orig\":{\"tn\":\"2\"}"), PASSPORT_SHAKEN, A92,
     false, "token-claims: attest, dest, iat, orig"},
    {"a name that is no text to be printed", HEADER,
     CLAIMS("\"\\u0007\":1,\"orig\":{\"tn\":\"2\"},\"origid\":\"x\""), PASSPORT_SHAKEN, A80,
     false, "token-claims: attest, dest, iat, \\x07, orig, origid"},
    {"A74-1: no claims at all", HEADER, "{}", PASSPORT_SHAKEN, A80, false,
     "token-claims: none"},
    {"more than there is room for", HEADER,
     "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,"
     "\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\":1,\"c\":1}",
     PASSPORT_SHAKEN, A80, false, "token-claims: aaaa"},
    {"A74-1: ppt is not shaken", BASE_HEADER, BASE_CLAIMS, PASSPORT_BASE, A80, false,
     "token-ppt: absent"},
    {"A74-1: a type that is not known", "{\"ppt\":\"rcd\"}", BASE_CLAIMS, PASSPORT_BASE, A80,
     false, "token-ppt: rcd"},
    {"A92-4: which delegates sign", BASE_HEADER, BASE_CLAIMS, PASSPORT_BASE, A92, false, NULL},
    {"A74-1: the compact form", NULL, NULL, PASSPORT_SHAKEN, A80, true,
     "token-form: the compact form"},
    {"A74-1: also under atis92", BASE_HEADER, BASE_CLAIMS, PASSPORT_BASE, A92, true,
     "token-form: the compact form"},
};

struct found {
    size_t n;
    char said[200];
};

static int gather(void *arg, const struct profile_finding *finding)
{
    struct found *found = arg;

    found->n++;
    cr_expect_eq(finding->severity, SEVERITY_ERROR);
    snprintf(found->said, sizeof found->said, "%s: %s", finding->rule, finding->found);
    return 0;
}

static struct value *load(const char *text)
{
    struct value *value = NULL;

    if (text != NULL)
        cr_assert_eq(value_load(text, strlen(text), &value, NULL), 0, "%s", text);
    return value;
}

Test(profile_token, each)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value *header = load(cases[i].header), *payload = load(cases[i].payload);
        const struct profile_token token = {cases[i].compact, cases[i].type, header, payload};
        struct found found = {0};
        struct warnings warnings = {0};
        struct stir_error error;
        error_clear(&error);
        cr_expect_eq(profile_check_token(&token, cases[i].profile, gather, &found), 0);
        cr_expect_eq(found.n, cases[i].says != NULL, "%s: %s", cases[i].desc, found.said);
        if (cases[i].says != NULL)
            cr_expect_eq(strncmp(found.said, cases[i].says, strlen(cases[i].says)), 0, "%s: %s",
                         cases[i].desc, found.said);
        int rc = profile_judge_token(&token, cases[i].profile, &warnings, &error);
        cr_expect_eq(rc, cases[i].says != NULL ? STIR_CODE_PROFILE : 0, "%s", cases[i].desc);
        cr_expect_eq(error.depth, -1);
        cr_expect_eq(warnings.n, 0);
        value_free(header);
        value_free(payload);
    }
}

Test(profile_token, sentence)
{
    const struct profile_token token = {.compact = true, .type = PASSPORT_SHAKEN};
    struct stir_error error;

    error_clear(&error);
    profile_judge_token(&token, A80, NULL, &error);
    cr_expect_str_eq(error.text,
                     "the token: token-form: wanted the full form, found the compact "
                     "form (ATIS-1000074)");
}

/* A92-4: delegates sign no shaken PASSporT; what providers and CAs of theirs sign is for others to
   say. */
Test(profile_token, by_whom)
{
    static const struct {
        enum passport_type type;
        unsigned position;
        enum profile profile;
        size_t n;
    } rows[] = {
        {PASSPORT_SHAKEN, POSITION_DELEGATE, A92, 1},
        {PASSPORT_SHAKEN, POSITION_DELEGATE_CA, A92, 1},
        {PASSPORT_SHAKEN, POSITION_END_ENTITY, A92, 0},
        {PASSPORT_BASE, POSITION_DELEGATE, A92, 0},
        {PASSPORT_SHAKEN, POSITION_DELEGATE, PROFILE_RFC, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct profile_token token = {.type = rows[i].type};
        struct found found = {0};
        profile_check_signed(&token, rows[i].position, rows[i].profile, gather, &found);
        cr_expect_eq(found.n, rows[i].n, "row %zu", i);
    }
}

/* No row without a case. */
Test(profile_token, every_rule_has_a_case)
{
    const struct profile_token_rule *rule;

    for (size_t i = 0; (rule = profile_token_rule(i)) != NULL; i++) {
        bool found = strcmp(rule->name, "delegate-shaken") == 0; /* by_whom */
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
            found |= cases[k].says != NULL
                     && strncmp(cases[k].says, rule->name, strlen(rule->name)) == 0;
        cr_expect(found, "no case breaks %s", rule->name);
    }
}
