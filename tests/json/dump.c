/* json/dump: the deterministic form of RFC 8225 section 9, and what tools print. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"

static const struct {
    const char *desc, *in, *out;
} dump_cases[] = {
    {"R8225-9-1: no white space", " { \"a\" : [ 1 , 2 ] }\n", "{\"a\":[1,2]}"},
    {"R8225-9-2: members sorted", "{\"origid\":1,\"iat\":2,\"attest\":3,\"orig\":4,\"dest\":5}",
     "{\"attest\":3,\"dest\":5,\"iat\":2,\"orig\":4,\"origid\":1}"},
    {"R8225-9-2: a prefix first, upper case before lower", "{\"ab\":1,\"a\":2,\"B\":3,\"\":4}",
     "{\"\":4,\"B\":3,\"a\":2,\"ab\":1}"},
    /* U+FF5E is the lesser code point, though its UTF-16 is greater than U+1F4DE's. */
    {"R8225-9-2: by code point, not UTF-16", "{\"\\uD83D\\uDCDE\":1,\"\xEF\xBD\x9E\":2}",
     "{\"\xEF\xBD\x9E\":2,\"\xF0\x9F\x93\x9E\":1}"},
    {"R8225-9-3: literals", "[true,false,null]", "[true,false,null]"},
    {"R8225-9-4: integers", "[0,-1,1443208345]", "[0,-1,1443208345]"},
    {"R8225-9-5: into members and elements, arrays stay",
     "{\"b\":[{\"d\":1,\"c\":2},\"z\",\"a\"],\"a\":{\"y\":1,\"x\":2}}",
     "{\"a\":{\"x\":2,\"y\":1},\"b\":[{\"c\":2,\"d\":1},\"z\",\"a\"]}"},
    {"A-17: mandatory escapes alone", "\"\\u0022\\u005c\\/\\u0041\\u00e9\\u001f\\n\\u007f\"",
     "\"\\\"\\\\/A\xC3\xA9\\u001F\\n\x7F\""},
    {"reals by the fewest digits that say all of a text's",
     "[0.1,1.5,100.0,0.30000000000000004,1E300]",
     "[0.10000000000000001,1.5,100,0.30000000000000004,1.0000000000000001e300]"},
    {"a real alone", "0.1", "0.1"},
    /* As JSON.stringify() of Node writes what JSON.parse() read. */
    {"R8225-9-4: whole numbers", "[1e2,100.0,-0.0,0e0,-7e0,1.5e1,25e-1,-1E3,0.5e1]",
     "[100,100,0,0,-7,15,2.5,-1000,5]"},
    {"R8225-9-4: up to 2^53",
     "[9007199254740991.0,9007199254740992e0,1e15,-9007199254740992.0]",
     "[9007199254740991,9007199254740992,1000000000000000,-9007199254740992]"},
    {"R8225-9-4, R8225-9-5: in objects in arrays", "[{\"b\":[1.0,0.5],\"a\":{\"c\":2e1}}]",
     "[{\"a\":{\"c\":20},\"b\":[1,0.5]}]"},
    {"beyond, where a real is one of several integers", "[1e17]", "[1e17]"},
    {"empty", "{\"a\":{},\"b\":[]}", "{\"a\":{},\"b\":[]}"},
};

static struct value *load(const char *text)
{
    struct stir_error error = {0};
    struct value *value;

    cr_assert_eq(value_load(text, strlen(text), &value, &error), 0, "%s: %s", text, error.text);
    return value;
}

Test(dump, deterministic)
{
    for (size_t i = 0; i < sizeof dump_cases / sizeof *dump_cases; i++) {
        struct value *value = load(dump_cases[i].in);
        char *text = value_dump(value);

        cr_expect_str_eq(text, dump_cases[i].out, "%s: %s", dump_cases[i].desc, text);
        value_free(value);
        /* What is in the form stays as it is. */
        value = load(text);
        size_t len = strlen(text);
        cr_expect_eq(value_is_deterministic(value, text, len), 1, "%s", dump_cases[i].desc);
        cr_expect_eq(value_is_deterministic(value, text, len - 1), 0, "%s: shorter",
                     dump_cases[i].desc);
        cr_expect_eq(value_is_deterministic(value, text, len + 1), 0, "%s: longer",
                     dump_cases[i].desc);
        text[len / 2] ^= 1;
        cr_expect_eq(value_is_deterministic(value, text, len), 0, "%s: other",
                     dump_cases[i].desc);
        text[len / 2] ^= 1;
        char *again = value_dump(value);
        cr_expect_str_eq(again, text, "%s: %s", dump_cases[i].desc, again);
        free(again);
        free(text);
        value_free(value);
    }
}

/* However many digits the others of its text need, a number comes out as the one that it was, read
   by what is not ours. */
Test(dump, keeps_every_real)
{
    static const char *const others[] = {"1", "0.1", "0.30000000000000004", "1e300", "5e-324"};
    char *(*const forms[])(const struct value *value) = {value_dump, value_dump_pretty,
                                                         value_dump_line};
    uint64_t bits = 1;

    for (size_t i = 0; i < 500; i++) {
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double real = 0;
        char in[128];
        memcpy(&real, &bits, sizeof real);
        if (!isfinite(real))
            continue;
        if (i % 2 == 0) /* few digits, and of a size at which some are whole */
            real = (double)(bits >> 40) / (double)(1 << i % 25);
        snprintf(in, sizeof in, "[%.17e,%s]", real,
                 others[i % (sizeof others / sizeof *others)]);
        struct value *value = load(in);
        for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
            char *text = forms[form](value);
            cr_expect_eq(strtod(text + strspn(text, "[ \n"), NULL), real, "%s: %s", in, text);
            free(text);
        }
        value_free(value);
    }
}

Test(dump, for_people_in_the_order_given)
{
    struct value *value = load("{\"b\":[1,{\"d\":2,\"c\":3}],\"a\":\"/\"}");
    char *pretty = value_dump_pretty(value), *line = value_dump_line(value);

    cr_expect_str_eq(pretty, "{\n  \"b\": [\n    1,\n    {\n      \"d\": 2,\n      \"c\": 3\n"
                             "    }\n  ],\n  \"a\": \"/\"\n}");
    cr_expect_str_eq(line, "{\"b\":[1,{\"d\":2,\"c\":3}],\"a\":\"/\"}");
    free(pretty);
    free(line);
    value_free(value);
}
