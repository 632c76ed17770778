/* token/jws: the compact serialisation (R7515-1, R7515-3, R8225-7-1, LIM-1). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "base/limits.h"
#include "crypto/es256.h"
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

/*
 * Wycheproof's ES256 cases: the form by jws_parse(), then the signature. What is not taken for
 * its form: every other case must agree by its signature.
 */
static const char *const ill_formed[] = {
    "rejectsMissingSignature",
    "rejectsMissingSignatureAndSeparator",
    "rejectsMissingPayload",
    "rejectsMissingPayloadAndSeparator",
    "rejectsMissingHeader",
    "rejectsMissingHeaderAndSeparator",
    "rejectsMissingHeaderAndSignature",
    "rejectsMissingHeaderSignatureAndSeparators",
    "rejectsEmptyString",
    "rejectsSymmetryConfusionAttacks_aesKeyFromEcVerificationKeyBytes", /* HMAC: 32 octets */
    "SignatureTooLong",
    "TrailingZeros",
    "RisTooBig",
    "SisTooBig",
    "IntegerOverflow",
    "BufferOverflow",
};

/* Where the signature is good though Wycheproof's case is invalid, and why. A row that is no
   difference any more fails. */
static const struct {
    const char *comment, *why;
} differing[] = {
    {"rejectWrongUse",
     "the JWK says \"use\": \"enc\"; keys come in certificates, by key usage"},
    {"rejectWrongKeyOps", "the JWK says \"key_ops\": [\"encrypt\"]; no JWK is read"},
};

static bool is_ill_formed(const char *comment)
{
    for (size_t i = 0; i < sizeof ill_formed / sizeof *ill_formed; i++)
        if (strcmp(ill_formed[i], comment) == 0)
            return true;
    return false;
}

static bool is_difference(const char *comment)
{
    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        if (strcmp(differing[i].comment, comment) == 0)
            return true;
    return false;
}

/* x and y of a JWK; NULL: it is no key on P-256. */
static struct es256_key *jwk_key(const struct value *jwk)
{
    uint8_t point[ES256_POINT_SIZE + 4];
    const char *x = value_string(value_member(jwk, "x"));
    const char *y = value_string(value_member(jwk, "y"));

    if (x == NULL || y == NULL || base64url_decoded_size(strlen(x)) != ES256_NUMBER_SIZE
        || base64url_decoded_size(strlen(y)) != ES256_NUMBER_SIZE
        || base64url_decode(x, strlen(x), point) != 0
        || base64url_decode(y, strlen(y), point + ES256_NUMBER_SIZE) != 0)
        return NULL;
    return es256_key_new(&es256_gnutls, point, NULL);
}

/* 1: form and signature are good; 0: the signature is not; negative: the form is not. */
static int judge_jws(const struct value *one)
{
    const char *token = value_string(value_member(one, "jws"));
    struct es256_key *key = jwk_key(value_member(one, "jwk"));
    struct stir_error error = {0};
    struct jws jws;
    int found = -1;

    if (jws_parse(token, strlen(token), &jws, &error) == 0)
        found = key == NULL ? 0 : es256_verify(key, token, jws.signing_len, jws.signature);
    es256_key_free(key);
    jws_free(&jws);
    return found;
}

/* R7515-1, R7515-3 */
Test(jws, wycheproof)
{
    size_t n = 0, differences = 0, ill = 0;

    help_need_corpora();
    struct value *cases = help_json(help_corpus("wycheproof/es256_jws.json"));
    for (; n < value_size(cases); n++) {
        const struct value *one = value_at(cases, n);
        const char *comment = value_string(value_member(one, "comment"));
        bool valid = strcmp(value_string(value_member(one, "result")), "valid") == 0;
        int found = judge_jws(one);

        cr_expect_eq(found < 0, is_ill_formed(comment), "%s: %d", comment, found);
        cr_expect_eq((found == 1) == valid, !is_difference(comment), "%s: %d", comment, found);
        ill += found < 0;
        differences += is_difference(comment);
    }
    cr_expect_eq(n, 56);
    cr_expect_gt(ill, 20, "%zu", ill);
    cr_expect_eq(differences, sizeof differing / sizeof *differing);
    value_free(cases);
}
