/* token/jws: the compact serialisation (R7515-1, R7515-3, R8225-7-1, LIM-1). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "json/value.h"
#include "tests/help.h"
#include "token/jws.h"
#include "token/passport.h"

#define H "eyJhIjoxfQ" /* {"a":1} */
#define P "eyJiIjoyfQ"
#define S                                                                                      \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw"
#define S63                                                                                    \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-"

struct parse_case {
    const char *desc, *token, *wanted; /* of the sentence; NULL: it is taken */
};

static const struct parse_case parse_cases[] = {
    {"full form", H "." P "." S, NULL},
    {"R8225-7-1: compact form", ".." S, NULL},
    {"R7515-1: two segments", H "." P, "three segments"},
    {"four segments", H "." P "." S ".", "three segments"},
    {"four segments, the last with text", H "." P "." S "." S, "three segments"},
    {"JWE's five", H "." P "." S ".." S, "three segments"},
    {"none", "", "three segments"},
    {"one dot and a signature", "." S, "three segments"},
    {"no header", "." P "." S, "header is empty"},
    {"no payload", H ".." S, "payload is empty"},
    {"no signature", H "." P ".", "0 octets"},
    {"compact without signature", "..", "0 octets"},
    {"R7515-1: padding of the header", "eyJhIjoxfQ==." P "." S,
     "\"=\" at offset 10 of its header"},
    {"padding of the signature", H "." P "." S "==", "octets, not 64"},
    {"R7515-1: + of plain base64", H ".eyJi+joyfQ." S, "\"+\" at offset 4 of its payload"},
    {"/ of plain base64", H ".eyJi/joyfQ." S, "\"/\" at offset 4"},
    {"white space in front", " " H "." P "." S, "\" \" at offset 0 of its header"},
    {"line feed behind", H "." P "." S "\n", "not 64"},
    {"R7515-1: bits behind the last octet", "eyJhIjoxfR." P "." S, "zero bits"},
    {"a character too many", "eyJhIjoxf." P "." S, "zero bits"},
    {"no ASCII", "eyJhIjoxf\xC3." P "." S, "\\xC3"},
    {"R7515-3: 63 octets", H "." P "." S63, "63 octets, not 64"},
    {"65 octets", H "." P "." S63 "PwA", "65 octets, not 64"},
    {"bits behind the signature's last octet", H "." P "." S63 "Px", "zero bits"},
    {"R7515-3: DER",
     H "." P ".MEUCIQDlwDQ4fIw_t7NqZR3lz2RX4WsbF3HiFsZc52mVCS62ugIgJPrZ_iPn9sgEG9j-QixKbpZf7Th"
       "TVZUn-XCBDaVqqrg",
     "octets, not 64"},
    {"JSON serialisation (R8225-6-1)", "{\"payload\":\"" P "\"}", "three segments"},
};

Test(jws, parse)
{
    for (size_t i = 0; i < sizeof parse_cases / sizeof *parse_cases; i++) {
        const struct parse_case *c = &parse_cases[i];
        struct stir_error error = {0};
        struct jws jws;
        int rc = jws_parse(c->token, strlen(c->token), &jws, &error);

        cr_expect_eq(rc, c->wanted == NULL ? 0 : STIR_CODE_TOKEN_SYNTAX, "%s: %s", c->desc,
                     error.text);
        if (c->wanted != NULL)
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
        jws_free(&jws);
    }
}

Test(jws, what_was_parsed)
{
    struct stir_error error = {0};
    struct jws jws;

    cr_assert_eq(jws_parse(H "." P "." S, strlen(H "." P "." S), &jws, &error), 0);
    cr_expect_str_eq(jws.token, H "." P "." S);
    cr_expect_eq(jws.signing_len, strlen(H "." P));
    cr_expect_str_eq(jws.header, "{\"a\":1}");
    cr_expect_eq(jws.header_len, 7);
    cr_expect_str_eq(jws.payload, "{\"b\":2}");
    for (size_t i = 0; i < 64; i++)
        cr_expect_eq(jws.signature[i], i);
    cr_expect(!jws.compact);
    jws_free(&jws);
}

/* LIM-1 */
Test(jws, longest)
{
    char *token = malloc(LIMIT_TOKEN + 1);
    struct stir_error error = {0};
    struct jws jws;

    for (size_t len = LIMIT_TOKEN; len <= LIMIT_TOKEN + 1; len++) {
        size_t payload = len - strlen(H ".." S);
        strcpy(token, H ".");
        memset(token + strlen(H "."), 'A', payload);
        memcpy(token + strlen(H ".") + payload, "." S, strlen("." S));
        int rc = jws_parse(token, len, &jws, &error);
        cr_expect_eq(rc, len > LIMIT_TOKEN ? STIR_CODE_TOKEN_SYNTAX : 0, "%zu: %s", len,
                     error.text);
        jws_free(&jws);
    }
    cr_expect(strstr(error.text, "our limit") != NULL, "%s", error.text);
    free(token);
}

/* R8225-7-1 and back: what was compact is the full form after rebuilding. */
Test(jws, rebuild_and_write)
{
    struct stir_error error = {0};
    struct jws jws;

    cr_assert_eq(jws_parse(".." S, strlen(".." S), &jws, &error), 0);
    cr_expect(jws.compact);
    cr_expect_null(jws.header);
    cr_assert_eq(jws_rebuild(&jws, "{\"a\":1}", "{\"b\":2}"), 0);
    cr_expect_str_eq(jws.token, H "." P "." S);
    cr_expect_eq(jws.signing_len, strlen(H "." P));
    cr_expect_str_eq(jws.header, "{\"a\":1}");
    cr_expect_str_eq(jws.payload, "{\"b\":2}");
    cr_expect(jws.compact);
    char *full = jws_write(H "." P, jws.signature, false);
    char *compact = jws_write(H "." P, jws.signature, true);
    cr_expect_str_eq(full, H "." P "." S);
    cr_expect_str_eq(compact, ".." S);
    free(full);
    free(compact);
    jws_free(&jws);
}

/* What Wycheproof's ES256 cases with a broken form come to; in the others the signature, or the
   JWK, is at fault, or nothing. */
static int expected_of(const char *comment)
{
    static const struct {
        const char *comment;
        int code;
    } rows[] = {
        {"rejectsMissingSignature", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingSignatureAndSeparator", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingPayload", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingPayloadAndSeparator", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingHeader", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingHeaderAndSeparator", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingHeaderAndSignature", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsMissingHeaderSignatureAndSeparators", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsEmptyString", STIR_CODE_TOKEN_SYNTAX},
        {"rejectsSymmetryConfusionAttacks_aesKeyFromEcVerificationKeyBytes",
         STIR_CODE_TOKEN_SYNTAX}, /* an HMAC has 32 octets */
        {"SignatureTooLong", STIR_CODE_TOKEN_SYNTAX},
        {"TrailingZeros", STIR_CODE_TOKEN_SYNTAX},
        {"RisTooBig", STIR_CODE_TOKEN_SYNTAX},
        {"SisTooBig", STIR_CODE_TOKEN_SYNTAX},
        {"IntegerOverflow", STIR_CODE_TOKEN_SYNTAX},
        {"BufferOverflow", STIR_CODE_TOKEN_SYNTAX},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].comment, comment) == 0)
            return rows[i].code;
    return 0;
}

Test(jws, wycheproof)
{
    size_t len = 0, n = 0, refused = 0;
    struct value *cases;

    help_need_corpora();
    char *path = help_corpus("wycheproof/es256_jws.json"), *text = help_read(path, &len);
    cr_assert_not_null(text);
    cr_assert_eq(value_load(text, len, &cases, NULL), 0);
    for (; n < value_size(cases); n++) {
        const struct value *one = value_at(cases, n);
        const char *comment = value_string(value_member(one, "comment"));
        const char *token = value_string(value_member(one, "jws"));
        struct stir_error error = {0};
        struct jws jws;
        int rc = jws_parse(token, strlen(token), &jws, &error);

        cr_expect_eq(rc, expected_of(comment), "%s: %s", comment, error.text);
        if (strcmp(value_string(value_member(one, "result")), "valid") == 0)
            cr_expect_eq(rc, 0, "%s: %s", comment, error.text);
        refused += rc != 0;
        jws_free(&jws);
    }
    cr_expect_eq(n, 56);
    cr_expect_gt(refused, 20, "%zu", refused);
    value_free(cases);
    free(text);
    free(path);
}
