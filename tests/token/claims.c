/* token/claims: the claims of a PASSporT, and what 56 published tokens come to (R8225-5.1.1 to
   -5.2.2, R8225-8.3-1, R8224-4.1-5 to -7, R7519-1, A-9, A-26, A-34). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "tests/help.h"
#include "token/passport.h"

#define DEST "\"dest\":{\"tn\":[\"12155551213\"]}"
#define IAT "\"iat\":1443208345"
#define ORIG "\"orig\":{\"tn\":\"12155551212\"}"
#define ORIGID "\"origid\":\"123e4567-e89b-12d3-a456-426655440000\""
#define DIG1 "021ACC5427ABEB9C533F3E4B652E7D463F5442CD54F17A03A27DF9B07F4619B2"
#define DIG2 "4AADB9B13F82183B540212DF3E5D496B19E57CAB3E4B652E7D463F5442CD54F1"

struct claim_case {
    const char *desc, *payload;
    int code;
    const char *wanted; /* of the sentence */
    bool shaken;
};

/* Each twin differs in one thing from the first. */
static const struct claim_case claim_cases[] = {
    {"base", "{" DEST "," IAT "," ORIG "}", 0, NULL, false},
    {"R8225-8.3-1: unknown claims", "{" DEST "," IAT "," ORIG ",\"x\":{\"y\":[1.5]}}", 0, NULL,
     false},
    {"R8225-5: a name that is no ASCII", "{" DEST "," IAT "," ORIG ",\"\xC3\xA9\":1}", 0, NULL,
     false},
    {"attest does not concern the base", "{\"attest\":7," DEST "," IAT "," ORIG "}", 0, NULL,
     false},

    {"R8225-5.1.1: iat a string", "{" DEST ",\"iat\":\"1443208345\"," ORIG "}",
     STIR_CODE_IAT_SYNTAX, "iat is a string", false},
    {"R7519-1: with a fraction", "{" DEST ",\"iat\":1.5," ORIG "}", STIR_CODE_IAT_SYNTAX,
     "iat is 1.5,", false},
    {"A-17: a fraction of nothing", "{" DEST ",\"iat\":1443208345.0," ORIG "}",
     STIR_CODE_IAT_SYNTAX, "iat is 1443208345.0,", false},
    {"A-17: an exponent", "{" DEST ",\"iat\":1e9," ORIG "}", STIR_CODE_IAT_SYNTAX,
     "iat is 1e9,", false},
    {"A-26: negative", "{" DEST ",\"iat\":-1," ORIG "}", STIR_CODE_IAT_SYNTAX, "iat is -1,",
     false},
    {"nought", "{" DEST ",\"iat\":0," ORIG "}", 0, NULL, false},
    {"A-26: 2^53", "{" DEST ",\"iat\":9007199254740992," ORIG "}", 0, NULL, false},
    {"A-26: above 2^53", "{" DEST ",\"iat\":9007199254740993," ORIG "}", STIR_CODE_IAT_SYNTAX,
     "iat is 9007199254740993,", false},
    {"R8224-4.1-7: no iat", "{" DEST "," ORIG "}", STIR_CODE_IAT_SYNTAX, "iat is absent",
     false},
    {"iat null", "{" DEST ",\"iat\":null," ORIG "}", STIR_CODE_IAT_SYNTAX, "iat is null",
     false},
    {"iat an array", "{" DEST ",\"iat\":[1]," ORIG "}", STIR_CODE_IAT_SYNTAX, "an array",
     false},

    {"a URI", "{" DEST "," IAT ",\"orig\":{\"uri\":\"sip:alice@example.com\"}}", 0, NULL,
     false},
    {"another scheme", "{" DEST "," IAT ",\"orig\":{\"uri\":\"im:alice\"}}", 0, NULL, false},
    {"a number with * and #", "{" DEST "," IAT ",\"orig\":{\"tn\":\"*67#\"}}", 0, NULL, false},
    {"A-9: a long number is legal",
     "{" DEST "," IAT ",\"orig\":{\"tn\":\"12345678901234567890\"}}", 0, NULL, false},
    {"R8225-5.2.1-1: no orig", "{" DEST "," IAT "}", STIR_CODE_ORIG_SYNTAX, "orig is absent",
     false},
    {"R8224-4.1-5, A-34: two members",
     "{" DEST "," IAT ",\"orig\":{\"tn\":\"12155551212\",\"uri\":\"sip:a@b\"}}",
     STIR_CODE_ORIG_SYNTAX, "2 members", false},
    {"A-34: an unknown second member",
     "{" DEST "," IAT ",\"orig\":{\"tn\":\"12155551212\",\"x\":1}}", STIR_CODE_ORIG_SYNTAX,
     "2 members", false},
    {"no member", "{" DEST "," IAT ",\"orig\":{}}", STIR_CODE_ORIG_SYNTAX, "0 members", false},
    {"another member", "{" DEST "," IAT ",\"orig\":{\"TN\":\"12155551212\"}}",
     STIR_CODE_ORIG_SYNTAX, "neither", false},
    {"R8225-5.2.1-1: an array in it", "{" DEST "," IAT ",\"orig\":{\"tn\":[\"12155551212\"]}}",
     STIR_CODE_ORIG_SYNTAX, "tn is an array", false},
    {"an array", "{" DEST "," IAT ",\"orig\":[{\"tn\":\"12155551212\"}]}",
     STIR_CODE_ORIG_SYNTAX, "orig is an array", false},
    {"a string", "{" DEST "," IAT ",\"orig\":\"12155551212\"}", STIR_CODE_ORIG_SYNTAX,
     "orig is a string", false},
    {"a number of JSON", "{" DEST "," IAT ",\"orig\":{\"tn\":12155551212}}",
     STIR_CODE_ORIG_SYNTAX, "tn is a number", false},
    {"R8225-5.2.1.1, A-9: a plus", "{" DEST "," IAT ",\"orig\":{\"tn\":\"+12155551212\"}}",
     STIR_CODE_ORIG_SYNTAX, "\"+12155551212\" is not canonical", false},
    {"separators", "{" DEST "," IAT ",\"orig\":{\"tn\":\"1-215-555-1212\"}}",
     STIR_CODE_ORIG_SYNTAX, "not canonical", false},
    {"letters", "{" DEST "," IAT ",\"orig\":{\"tn\":\"Bob\"}}", STIR_CODE_ORIG_SYNTAX,
     "not canonical", false},
    {"digits of another script", "{" DEST "," IAT ",\"orig\":{\"tn\":\"\xD9\xA1\xD9\xA2\"}}",
     STIR_CODE_ORIG_SYNTAX, "not canonical", false},
    {"an empty number", "{" DEST "," IAT ",\"orig\":{\"tn\":\"\"}}", STIR_CODE_ORIG_SYNTAX,
     "not canonical", false},
    {"R8225-5.2.1.2: a number as URI", "{" DEST "," IAT ",\"orig\":{\"uri\":\"12155551212\"}}",
     STIR_CODE_ORIG_SYNTAX, "no URI", false},
    {"an empty URI", "{" DEST "," IAT ",\"orig\":{\"uri\":\"\"}}", STIR_CODE_ORIG_SYNTAX,
     "no URI", false},
    {"no scheme", "{" DEST "," IAT ",\"orig\":{\"uri\":\":a@b\"}}", STIR_CODE_ORIG_SYNTAX,
     "no URI", false},
    {"nothing behind the scheme", "{" DEST "," IAT ",\"orig\":{\"uri\":\"sip:\"}}",
     STIR_CODE_ORIG_SYNTAX, "no URI", false},
    {"a blank in a URI", "{" DEST "," IAT ",\"orig\":{\"uri\":\"sip:a b@c\"}}",
     STIR_CODE_ORIG_SYNTAX, "no URI", false},

    {"R8225-5.2.1-2: both kinds",
     "{\"dest\":{\"tn\":[\"1\",\"2\"],\"uri\":[\"sip:a@b\"]}," IAT "," ORIG "}", 0, NULL,
     false},
    {"A-34: unknown members of dest", "{\"dest\":{\"tn\":[\"1\"],\"x\":[]}," IAT "," ORIG "}",
     0, NULL, false},
    {"no dest", "{" IAT "," ORIG "}", STIR_CODE_DEST_SYNTAX, "dest is absent", false},
    {"R8224-4.1-6: an array", "{\"dest\":[{\"tn\":[\"1\"]}]," IAT "," ORIG "}",
     STIR_CODE_DEST_SYNTAX, "dest is an array", false},
    {"R8225-5.2.1-2: empty", "{\"dest\":{}," IAT "," ORIG "}", STIR_CODE_DEST_SYNTAX, "neither",
     false},
    {"R8225-5.2.1-2: an empty array", "{\"dest\":{\"tn\":[]}," IAT "," ORIG "}",
     STIR_CODE_DEST_SYNTAX, "empty array", false},
    {"an empty array beside a full one",
     "{\"dest\":{\"tn\":[\"1\"],\"uri\":[]}," IAT "," ORIG "}", STIR_CODE_DEST_SYNTAX,
     "uri is an empty array", false},
    {"R8224-4.1-6: a string in place of the array",
     "{\"dest\":{\"tn\":\"12155551213\"}," IAT "," ORIG "}", STIR_CODE_DEST_SYNTAX,
     "tn is a string", false},
    {"a number of JSON among them", "{\"dest\":{\"tn\":[\"1\",2]}," IAT "," ORIG "}",
     STIR_CODE_DEST_SYNTAX, "tn is a number", false},
    {"A-9: a plus among them", "{\"dest\":{\"tn\":[\"1\",\"+2\"]}," IAT "," ORIG "}",
     STIR_CODE_DEST_SYNTAX, "\"+2\" is not canonical", false},
    {"no URI among them", "{\"dest\":{\"uri\":[\"alice\"]}," IAT "," ORIG "}",
     STIR_CODE_DEST_SYNTAX, "no URI", false},

    {"shaken", "{\"attest\":\"A\"," DEST "," IAT "," ORIG "," ORIGID "}", 0, NULL, true},
    {"R8588-8: in another order", "{" ORIGID "," ORIG "," IAT "," DEST ",\"attest\":\"C\"}", 0,
     NULL, true},
    {"R8588-4: attest D", "{\"attest\":\"D\"," DEST "," IAT "," ORIG "," ORIGID "}",
     STIR_CODE_ATTEST_SYNTAX, "\"D\"", true},
    {"R8588-4: no attest", "{" DEST "," IAT "," ORIG "," ORIGID "}", STIR_CODE_ATTEST_SYNTAX,
     "absent", true},
    {"R8588-5: origid no UUID",
     "{\"attest\":\"A\"," DEST "," IAT "," ORIG ",\"origid\":\"ref\"}", STIR_CODE_ORIGID_SYNTAX,
     "\"ref\"", true},
    {"dest before attest", "{\"attest\":\"D\",\"dest\":{}," IAT "," ORIG "," ORIGID "}",
     STIR_CODE_DEST_SYNTAX, "dest", true},

    {"R7519-1: exp and nbf", "{" DEST ",\"exp\":2," IAT ",\"nbf\":1," ORIG "}", 0, NULL, false},
    {"exp a string", "{" DEST ",\"exp\":\"2\"," IAT "," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "exp is a string", false},
    {"exp negative", "{" DEST ",\"exp\":-2," IAT "," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "exp is -2", false},
    {"nbf with a fraction", "{" DEST "," IAT ",\"nbf\":1.5," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "nbf is 1.5", false},
    {"nbf null", "{" DEST "," IAT ",\"nbf\":null," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "nbf is null", false},

    {"R8225-5.2.2: mky, 021A first",
     "{" DEST "," IAT ",\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"" DIG1
     "\"},{\"alg\":\"sha-256\",\"dig\":\"" DIG2 "\"}]," ORIG "}",
     0, NULL, false},
    {"R8225-5.2.2: 4AAD first",
     "{" DEST "," IAT ",\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"" DIG2
     "\"},{\"alg\":\"sha-256\",\"dig\":\"" DIG1 "\"}]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "element 1 is not in order", false},
    {"sorted by alg with dig behind: sha-1 and A0, sha-1A and 00",
     "{" DEST "," IAT
     ",\"mky\":[{\"alg\":\"sha-1A\",\"dig\":\"00\"},{\"alg\":\"sha-1\",\"dig\":\"A0FF\"}]," ORIG
     "}",
     0, NULL, false},
    {"the same the other way round",
     "{" DEST "," IAT
     ",\"mky\":[{\"alg\":\"sha-1\",\"dig\":\"A0FF\"},{\"alg\":\"sha-1A\",\"dig\":\"00\"}]," ORIG
     "}",
     STIR_CODE_CLAIM_SYNTAX, "order", false},
    {"the same fingerprint twice",
     "{" DEST "," IAT
     ",\"mky\":[{\"alg\":\"a\",\"dig\":\"00\"},{\"alg\":\"a\",\"dig\":\"00\"}]," ORIG "}",
     0, NULL, false},
    {"a beginning of the next",
     "{" DEST "," IAT
     ",\"mky\":[{\"alg\":\"a\",\"dig\":\"00\"},{\"alg\":\"a\",\"dig\":\"0000\"}]," ORIG "}",
     0, NULL, false},
    {"a beginning of the one before",
     "{" DEST "," IAT
     ",\"mky\":[{\"alg\":\"a\",\"dig\":\"0000\"},{\"alg\":\"a\",\"dig\":\"00\"}]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "order", false},
    {"colons in dig",
     "{" DEST "," IAT ",\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"02:1A\"}]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "element 0", false},
    {"half an octet",
     "{" DEST "," IAT ",\"mky\":[{\"alg\":\"sha-256\",\"dig\":\"021\"}]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "element 0", false},
    {"no alg", "{" DEST "," IAT ",\"mky\":[{\"dig\":\"02\"}]," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "element 0", false},
    {"a third member",
     "{" DEST "," IAT ",\"mky\":[{\"alg\":\"a\",\"dig\":\"02\",\"x\":1}]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "element 0", false},
    {"elements that are no objects", "{" DEST "," IAT ",\"mky\":[\"a\",\"b\"]," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "element 0", false},
    {"an object", "{" DEST "," IAT ",\"mky\":{\"alg\":\"a\",\"dig\":\"02\"}," ORIG "}",
     STIR_CODE_CLAIM_SYNTAX, "mky is an object", false},
    {"empty mky", "{" DEST "," IAT ",\"mky\":[]," ORIG "}", STIR_CODE_CLAIM_SYNTAX,
     "mky is empty", false},
};

static int check(const char *payload, bool shaken, struct passport *passport,
                 struct stir_error *error)
{
    struct jws jws = {.payload = (char *)(uintptr_t)payload, .payload_len = strlen(payload)};

    cr_assert_eq(passport_parse_payload(&jws, passport, error), 0, "%s", error->text);
    passport->type = shaken ? PASSPORT_SHAKEN : PASSPORT_BASE;
    return passport_check_claims(passport, false, error);
}

Test(claims, each)
{
    for (size_t i = 0; i < sizeof claim_cases / sizeof *claim_cases; i++) {
        const struct claim_case *c = &claim_cases[i];
        struct passport passport = {0};
        struct stir_error error = {0};

        cr_expect_eq(check(c->payload, c->shaken, &passport, &error), c->code, "%s: %s",
                     c->desc, error.text);
        if (c->wanted != NULL)
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
        passport_free(&passport);
    }
}

Test(claims, what_was_read)
{
    struct passport passport = {0};
    struct stir_error error = {0};

    cr_assert_eq(
        check("{\"attest\":\"B\",\"dest\":{\"uri\":[\"sip:a@b\"],\"tn\":[\"2\",\"1\"]},"
              "\"exp\":8,\"iat\":7,\"nbf\":6,\"orig\":{\"uri\":\"sip:c@d\"}," ORIGID "}",
              true, &passport, &error),
        0, "%s", error.text);
    cr_expect_eq(passport.iat, 7);
    cr_expect(passport.has_exp && passport.exp == 8 && passport.has_nbf && passport.nbf == 6);
    cr_expect_not(passport.orig.is_tn);
    cr_expect_str_eq(passport.orig.text, "sip:c@d");
    cr_assert_eq(passport.n_dest, 3);
    cr_expect(passport.dest[0].is_tn && passport.dest[1].is_tn && !passport.dest[2].is_tn);
    cr_expect_str_eq(passport.dest[0].text, "2");
    cr_expect_str_eq(passport.dest[2].text, "sip:a@b");
    cr_expect_str_eq(passport.attest, "B");
    cr_expect_str_eq(passport.origid, "123e4567-e89b-12d3-a456-426655440000");
    passport_free(&passport);
}

/*
 * corpora/passports: each token's first finding here. why is given where that is another verdict
 * than the recorded reading of the claims ("note:" entries and x5u over http, which is for the
 * fetching to refuse, are none).
 */
static const struct {
    const char *id;
    int code;
    const char *why;
} corpus[] = {
    {"t000", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t014", STIR_CODE_IAT_SYNTAX, NULL},
    {"t015", STIR_CODE_IAT_SYNTAX, NULL},
    {"t016", STIR_CODE_IAT_SYNTAX, NULL},
    {"t017", STIR_CODE_IAT_SYNTAX, NULL},
    {"t018", STIR_CODE_TOKEN_SYNTAX, NULL}, /* RS256: 512 octets of signature */
    {"t019", 0, NULL},
    {"t097", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t098", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t099", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t100", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t101", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t102", 0, NULL},
    {"t103", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t104", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t105", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t106", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t107", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t108", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t109", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t110", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t111", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t112", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t113", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t114", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t115", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t116", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t117", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t118", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t119", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t120", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t121", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t122", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t123", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t124", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t125", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t126", 0, NULL},
    {"t127", 0, NULL},
    {"t128", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t129", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t130", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t131", STIR_CODE_ORIGID_SYNTAX, "no UUID"},
    {"t132", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t133", STIR_CODE_JSON_SYNTAX, NULL},
    {"t134", STIR_CODE_PPT_UNSUPPORTED, "div is not built yet"},
    {"t135", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t136", STIR_CODE_IAT_SYNTAX, NULL},
    {"t137", STIR_CODE_IAT_SYNTAX, NULL},
    {"t138", STIR_CODE_ORIG_SYNTAX, NULL},
    {"t139", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t140", STIR_CODE_PPT_UNSUPPORTED, NULL},
    {"t141", STIR_CODE_TYP_NOT_PASSPORT, NULL},
    {"t142", STIR_CODE_JSON_SYNTAX, NULL},
    {"t143", STIR_CODE_ALG_UNSUPPORTED, NULL},
    {"t144", STIR_CODE_JSON_SYNTAX, NULL},
    {"t145", STIR_CODE_TYP_NOT_PASSPORT, NULL},
};

static int check_all(const char *token, bool any_origid, struct stir_error *error)
{
    struct passport passport = {0};
    struct jws jws;
    int rc = jws_parse(token, strlen(token), &jws, error);

    if (rc == 0)
        rc = passport_parse_header(&jws, &passport, error);
    if (rc == 0)
        rc = passport_check_crit(&passport, error);
    if (rc == 0)
        rc = passport_check_typ(&passport, error);
    if (rc == 0)
        rc = passport_check_ppt(&passport, error);
    if (rc == 0)
        rc = passport_check_alg(&passport, error);
    if (rc == 0)
        rc = passport_check_x5u(&passport, false, error);
    if (rc == 0)
        rc = passport_parse_payload(&jws, &passport, error);
    if (rc == 0)
        rc = passport_check_claims(&passport, any_origid, error);
    passport_free(&passport);
    jws_free(&jws);
    return rc;
}

static bool recorded_clean(const struct value *problems)
{
    for (size_t i = 0; i < value_size(problems); i++) {
        const char *problem = value_string(value_at(problems, i));
        if (strncmp(problem, "note:", 5) != 0 && strcmp(problem, "x5u-not-https") != 0)
            return false;
    }
    return true;
}

static void check_line(const char *line, size_t len, size_t i)
{
    struct stir_error error = {0};
    struct value *record;

    cr_assert_eq(value_load(line, len, &record, &error), 0, "%s", error.text);
    const char *id = value_string(value_member(record, "id"));
    const char *token = value_string(value_member(record, "token"));
    bool clean = recorded_clean(value_member(record, "claims_problems"));
    cr_assert_str_eq(id, corpus[i].id);
    cr_expect_eq(check_all(token, false, &error), corpus[i].code, "%s: %s", id, error.text);
    cr_expect_eq(clean != (corpus[i].code == 0), corpus[i].why != NULL, "%s: a difference", id);
    if (corpus[i].code == STIR_CODE_ORIGID_SYNTAX) /* the README's correction */
        cr_expect_eq(check_all(token, true, &error), 0, "%s: origid = any", id);
    value_free(record);
}

Test(claims, corpus)
{
    size_t len = 0, n = 0;

    help_need_corpora();
    char *path = help_corpus("passports/tokens.jsonl"), *text = help_read(path, &len);
    cr_assert_not_null(text);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, n++) {
        cr_assert_lt(n, sizeof corpus / sizeof *corpus);
        check_line(line, (size_t)(end - line), n);
    }
    cr_expect_eq(n, sizeof corpus / sizeof *corpus);
    free(text);
    free(path);
}
