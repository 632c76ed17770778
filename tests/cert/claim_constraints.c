/* cert/claim_constraints: RFC 8226 section 8, RFC 9118 section 3, strict DER. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/claim_constraints.h"
#include "tests/help.h"

static void add_names(struct text *text, const char *label, const struct claim_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        text_addf(text, "%s%s ", label, names->names[i]);
}

/* "+name -name name=value": what was read, on one line. */
static char *words(const struct claim_constraints *constraints)
{
    struct text text = {0};

    add_names(&text, "+", &constraints->must_include);
    add_names(&text, "-", &constraints->must_exclude);
    for (size_t i = 0; i < constraints->n_permitted; i++)
        for (size_t k = 0; k < constraints->permitted[i].n_values; k++)
            text_addf(&text, "%s=%s ", constraints->permitted[i].name,
                      constraints->permitted[i].values[k]);
    return text_take(&text);
}

/* The vector of RFC 9118 figure 1, and that of pyasn1-alt-modules tests/test_rfc8226.py. */
#define RFC9118_VECTOR                                                                         \
    "3040A00E300C160A636F6E666964656E6365A120301E301C160A636F6E666964656E6365300E0C0468696768" \
    "0C066D656469756DA20C300A16087072696F72697479"
#define PYASN1_VECTOR                                                                          \
    "303da00730051603666f6fa132303030191603666f6f30120c04666f6f310c04666f6f320c04666f6f333013" \
    "1603626172300c0c04626172310c0462617232"

static const struct {
    const char *desc, *hex;
    bool enhanced;
    const char *words;
} good[] = {
    {"R8226-8-2: mustInclude", "3009 a007 3005 1603 666f6f", false, "+foo "},
    {"R8226-8-3: permittedValues", "3011 a10f 300d 300b 1603 666f6f 3004 0c02 7879", false,
     "foo=xy "},
    {"R9118-3-1: the published certificate", RFC9118_VECTOR, true,
     "+confidence -priority confidence=high confidence=medium "},
    {"another implementation's", PYASN1_VECTOR, false,
     "+foo foo=foo1 foo=foo2 foo=foo3 bar=bar1 bar=bar2 "},
    {"the same as an enhanced one (R9118-3-2, R9118-3-3)", PYASN1_VECTOR, true,
     "+foo foo=foo1 foo=foo2 foo=foo3 bar=bar1 bar=bar2 "},
    {"R9118-3-4: mustExclude alone", "3009 a207 3005 1603 666f6f", true, "-foo "},
    {"A-15: a claim listed twice",
     "301c a11a 3018 300a 1603 666f6f 3003 0c01 78"
     "300a 1603 666f6f 3003 0c01 79",
     false, "foo=x foo=y "},
    {"A-15: claims in no order, one of them twice",
     "302d a12b 3029 3008 1601 62 3003 0c01 78 3008 1601 61 3003 0c01 79"
     "3009 1602 6162 3003 0c01 7a 3008 1601 61 3003 0c01 77",
     false, "b=x a=y a=w ab=z "},
    {"an empty value", "300f a10d 300b 3009 1603 666f6f 3002 0c00", false, "foo= "},
    {"a value beyond ASCII", "3011 a10f 300d 300b 1603 666f6f 3004 0c02 c3a9", false,
     "foo=\xC3\xA9 "},
    {"case matters", "300e a00c 300a 1603 666f6f 1603 464f4f", false, "+foo +FOO "},
};

Test(claim_constraints, good)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct claim_constraints constraints;
        struct stir_error error = {0};
        size_t len, again_len;
        uint8_t *der = help_unhex(good[i].hex, &len);
        int result = claim_constraints_parse((struct der){der, len}, good[i].enhanced,
                                             &constraints, &error);
        cr_expect_eq(result, 0, "%s: %s", good[i].desc, error.text);
        char *found = words(&constraints);
        cr_expect_str_eq(found, good[i].words, "%s: %s", good[i].desc, found);
        cr_expect(constraints.present);
        cr_expect_eq(constraints.enhanced, good[i].enhanced);
        void *again = claim_constraints_encode(&constraints, &again_len, &error);
        if (strstr(good[i].desc, "A-15") == NULL) {
            cr_expect_eq(again_len, len, "%s: %zu", good[i].desc, again_len);
            cr_expect_arr_eq(again, der, len, "%s", good[i].desc);
        }
        free(again);
        free(found);
        free(der);
        claim_constraints_free(&constraints);
    }
}

/* Each differs in one thing from one above. */
static const struct {
    const char *desc, *hex;
    bool enhanced;
    const char *sentence;
} bad[] = {
    {"no octets", "", false, "found nothing"},
    {"R8226-8-4: no member", "3000", false, "empty"},
    {"no member, enhanced", "3000", true, "(RFC 9118 section 3)"},
    {"R8226-8-4: no name", "3004 a002 3000", false, "a SEQUENCE (mustInclude) is empty"},
    {"R8226-8-4: no permit", "3004 a102 3000", false, "a SEQUENCE (permittedValues) is empty"},
    {"R8226-8-4: no value", "300d a10b 3009 3007 1603 666f6f 3000", false,
     "a SEQUENCE (permitted values) is empty"},
    {"R9118-3-4: mustExclude without a name", "3004 a202 3000", true, "mustExclude"},
    {"A-16, R9118-3-1: mustExclude in a plain one", "3009 a207 3005 1603 666f6f", false,
     "tag A2 is none of its members'"},
    {"a fourth member", "3009 a307 3005 1603 666f6f", true, "tag A3"},
    {"octets behind", "3009 a007 3005 1603 666f6f 00", false, "1 octets behind"},
    {"octets behind the names", "300a a008 3005 1603 666f6f 00", false, "1 octets behind"},
    {"octets behind the values", "3012 a110 300e 300c 1603 666f6f 3004 0c02 7879 00", false,
     "1 octets behind"},
    {"members in another order",
     "3018 a10b 3009 3007 1601 66 3002 0c00 a009 3007 1605 666f6f6f6f", false,
     "tag A0 stands behind A1"},
    {"a member twice", "3012 a007 3005 1603 666f6f a007 3005 1603 666f6f", false,
     "tag A0 stands behind A0"},
    {"A-25: implicit tags", "3007 a005 1603 666f6f", false, "found tag 16"},
    {"A-25: implicit SEQUENCE OF", "3007 8005 1603 666f6f", false, "tag 80"},
    {"a name that is UTF8String", "3009 a007 3005 0c03 666f6f", false, "found tag 0C"},
    {"a value that is IA5String", "3011 a10f 300d 300b 1603 666f6f 3004 1602 7879", false,
     "found tag 16"},
    {"R9118-3-6: a name beyond ASCII", "3009 a007 3005 1603 66c3a9", false, "\"f\xC3\xA9\""},
    {"a name with NUL", "3009 a007 3005 1603 660066", false, "\"f\\x00f\""},
    {"a name with a line feed", "3009 a007 3005 1603 660a66", false, "\"f\\x0Af\""},
    {"an empty name", "3006 a004 3002 1600", false, "claim name \"\""},
    {"an empty name of a permit", "300e a10c 300a 3008 1600 3004 0c02 7879", false,
     "claim name \"\""},
    {"a value that is no UTF-8", "3011 a10f 300d 300b 1603 666f6f 3004 0c02 78e9", false,
     "value \"x\\xE9\""},
    {"a value with NUL", "3011 a10f 300d 300b 1603 666f6f 3004 0c02 7800", false,
     "value \"x\\x00\""},
    {"BER: a long length", "308109 a007 3005 1603 666f6f", false, "length"},
    {"BER: an indefinite length", "3080 a007 3005 1603 666f6f 0000", false, "length"},
    {"a length beyond the member", "3009 a007 3005 1604 666f6f", false, "length"},
    {"a length beyond the end", "300a a007 3005 1603 666f6f", false, "length"},
    {"a SET", "3109 a007 3005 1603 666f6f", false, "found tag 31"},
};

Test(claim_constraints, bad)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct claim_constraints constraints;
        struct stir_error error = {0};
        size_t len;
        uint8_t *der = help_unhex(bad[i].hex, &len);
        der = realloc(der, len > 0 ? len : 1);
        int result = claim_constraints_parse((struct der){der, len}, bad[i].enhanced,
                                             &constraints, &error);
        cr_expect_eq(result, STIR_CODE_CONSTRAINTS_SYNTAX, "%s: %d", bad[i].desc, result);
        cr_expect_not_null(strstr(error.text, bad[i].sentence), "%s: %s", bad[i].desc,
                           error.text);
        cr_expect_not(constraints.present, "%s", bad[i].desc);
        free(der);
        claim_constraints_free(&constraints);
    }
}

/* No strict prefix of a good one is good, and nothing good has an octet behind it. */
Test(claim_constraints, prefixes)
{
    struct claim_constraints constraints;
    size_t len;
    uint8_t *der = help_unhex(RFC9118_VECTOR "00", &len);

    for (size_t i = 0; i <= len; i++) {
        int result = claim_constraints_parse((struct der){der, i}, true, &constraints, NULL);
        cr_expect_eq(result, i == len - 1 ? 0 : STIR_CODE_CONSTRAINTS_SYNTAX, "%zu octets", i);
        claim_constraints_free(&constraints);
    }
    free(der);
}

/* R9118-3-5: who excludes what every token has constrains nothing. */
static const struct {
    const char *name;
    bool is_void;
} exclusions[] = {{"iat", true},  {"orig", true}, {"dest", true}, {"iat2", false},
                  {"IAT", false}, {"mky", false}, {"des", false}};

Test(claim_constraints, void_ones)
{
    for (size_t i = 0; i < sizeof exclusions / sizeof *exclusions; i++) {
        struct claim_constraints constraints = {0};
        cr_assert_eq(claim_constraints_add_include(&constraints, "iat"), 0);
        cr_expect_not(claim_constraints_are_void(&constraints));
        cr_assert_eq(claim_constraints_add_exclude(&constraints, "priority"), 0);
        cr_assert_eq(claim_constraints_add_exclude(&constraints, exclusions[i].name), 0);
        cr_expect_eq(claim_constraints_are_void(&constraints), exclusions[i].is_void, "%s",
                     exclusions[i].name);
        claim_constraints_free(&constraints);
    }
}

Test(claim_constraints, made_and_encoded)
{
    struct claim_constraints constraints = {0};
    struct stir_error error = {0};
    size_t len, wanted;
    uint8_t *vector = help_unhex(RFC9118_VECTOR, &wanted);

    cr_assert_null(claim_constraints_encode(&constraints, &len, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_eq(claim_constraints_add_permit(&constraints, "confidence", "high"), 0);
    cr_assert_not(constraints.enhanced);
    cr_assert_eq(claim_constraints_add_permit(&constraints, "confidence", "medium"), 0);
    cr_assert_eq(claim_constraints_add_exclude(&constraints, "priority"), 0);
    cr_assert(constraints.enhanced);
    cr_assert_eq(claim_constraints_add_include(&constraints, "confidence"), 0);
    uint8_t *der = claim_constraints_encode(&constraints, &len, NULL);
    cr_assert_eq(len, wanted);
    cr_assert_arr_eq(der, vector, wanted);
    free(der);
    free(vector);
    claim_constraints_free(&constraints);
}

Test(claim_constraints, adds_nothing_it_would_not_read)
{
    struct claim_constraints constraints = {0};

    cr_assert_eq(claim_constraints_add_include(&constraints, ""), STIR_E_SYNTAX);
    cr_assert_eq(claim_constraints_add_include(&constraints, "\xC3\xA9"), STIR_E_SYNTAX);
    cr_assert_eq(claim_constraints_add_exclude(&constraints, "a\nb"), STIR_E_SYNTAX);
    cr_assert_eq(claim_constraints_add_permit(&constraints, "", "x"), STIR_E_SYNTAX);
    cr_assert_eq(claim_constraints_add_permit(&constraints, "a", "\xFF"), STIR_E_SYNTAX);
    cr_assert_not(constraints.present);
    cr_assert_eq(constraints.n_permitted, 0);
}

Test(claim_constraints, limits)
{
    struct claim_constraints constraints = {0}, read;
    struct stir_error error = {0};
    char name[16];
    size_t len;

    for (int i = 0; i < LIMIT_CONSTRAINED_CLAIMS; i++) {
        snprintf(name, sizeof name, "claim%d", i);
        cr_assert_eq(claim_constraints_add_include(&constraints, name), 0);
        cr_assert_eq(claim_constraints_add_permit(&constraints, name, "x"), 0);
    }
    cr_assert_eq(claim_constraints_add_include(&constraints, "more"), STIR_E_LIMIT);
    cr_assert_eq(claim_constraints_add_permit(&constraints, "more", "x"), STIR_E_LIMIT);
    uint8_t *der = claim_constraints_encode(&constraints, &len, NULL);
    cr_assert_eq(claim_constraints_parse((struct der){der, len}, false, &read, &error), 0, "%s",
                 error.text);
    cr_assert_eq(read.must_include.n, LIMIT_CONSTRAINED_CLAIMS);
    cr_assert_eq(read.n_permitted, LIMIT_CONSTRAINED_CLAIMS);
    claim_constraints_free(&read);
    claim_constraints_free(&constraints);
    free(der);
}

static int parse_many(uint8_t tag, size_t names, size_t values, struct stir_error *error)
{
    struct der_writer writer = {0};
    struct claim_constraints read;
    size_t len;

    for (size_t i = 0; i < names; i++)
        der_write(&writer, DER_IA5_STRING, "a", 1);
    for (size_t i = 0; i < values; i++)
        der_write(&writer, DER_UTF8_STRING, NULL, 0);
    if (values > 0) {
        der_wrap(&writer, DER_SEQUENCE, 3);
        der_wrap(&writer, DER_SEQUENCE, 0);
    }
    der_wrap(&writer, DER_SEQUENCE, 0);
    der_wrap(&writer, tag, 0);
    der_wrap(&writer, DER_SEQUENCE, 0);
    uint8_t *der = der_writer_take(&writer, &len);
    int result = claim_constraints_parse((struct der){der, len}, false, &read, error);
    claim_constraints_free(&read);
    free(der);
    return result;
}

Test(claim_constraints, limits_of_what_is_read)
{
    struct stir_error error = {0};

    cr_assert_eq(parse_many(DER_CONTEXT(0), LIMIT_CONSTRAINED_CLAIMS, 0, &error), 0);
    cr_assert_eq(parse_many(DER_CONTEXT(1), 1, LIMIT_PERMITTED_VALUES, &error), 0);
    cr_assert_eq(parse_many(DER_CONTEXT(0), LIMIT_CONSTRAINED_CLAIMS + 1, 0, &error),
                 STIR_CODE_CONSTRAINTS_SYNTAX);
    cr_assert_not_null(strstr(error.text, "more than 1024 claims"), "%s", error.text);
    cr_assert_eq(parse_many(DER_CONTEXT(1), 1, LIMIT_PERMITTED_VALUES + 1, NULL),
                 STIR_CODE_CONSTRAINTS_SYNTAX);
}

/* The file that the corpora keep is the vector above. */
Test(claim_constraints, corpus)
{
    help_need_corpora();
    char *path = help_corpus("tnauthlist/jwtclaimconstraints.json");
    json_t *file = json_load_file(path, 0, NULL);
    const char *key;
    json_t *value;
    size_t n = 0;

    cr_assert_not_null(file);
    json_object_foreach(file, key, value)
    {
        if (strstr(key, "1.3.6.1.5.5.7.1.27") == NULL)
            continue;
        cr_expect_str_eq(json_string_value(value), PYASN1_VECTOR);
        n++;
    }
    cr_assert_eq(n, 1);
    json_decref(file);
    free(path);
}

/* Random ones, there and back. */
Test(claim_constraints, round_trip)
{
    static const char *const names[] = {"a", "rcd", "rcdi", "attest", "origid", "x y", "~"};
    static const char *const values[] = {"", "A", "B", "\xE2\x82\xAC", "{\"nam\":\"x\"}"};

    srand(8226);
    for (int round = 0; round < 2000; round++) {
        struct claim_constraints made = {0}, read;
        size_t len, again_len;
        for (int i = rand() % 8; i >= 0; i--) {
            const char *name = names[rand() % 7];
            int kind = rand() % 3;
            int result = kind == 0 ? claim_constraints_add_include(&made, name)
                         : kind == 1
                             ? claim_constraints_add_exclude(&made, name)
                             : claim_constraints_add_permit(&made, name, values[rand() % 5]);
            cr_assert_eq(result, 0);
        }
        uint8_t *der = claim_constraints_encode(&made, &len, NULL);
        cr_assert_eq(
            claim_constraints_parse((struct der){der, len}, made.enhanced, &read, NULL), 0);
        char *a = words(&made), *b = words(&read);
        cr_assert_str_eq(a, b);
        uint8_t *again = claim_constraints_encode(&read, &again_len, NULL);
        cr_assert_eq(len, again_len);
        cr_assert_arr_eq(der, again, len);
        free(a);
        free(b);
        free(der);
        free(again);
        claim_constraints_free(&made);
        claim_constraints_free(&read);
    }
}
