/* json/value, json/scan: strict reading (R7515-1b, R8225-9-6, A-17, A-34), pointers, received
   text. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "json/value.h"

struct load_case {
    const char *desc, *text;
    size_t len;         /* 0: strlen */
    const char *wanted; /* of the sentence; NULL: it is loaded */
};

static const struct load_case load_cases[] = {
    {"object", "{\"a\":1}", 0, NULL},
    {"R8225-9-6: a name twice", "{\"a\":1,\"a\":2}", 0, "twice"},
    {"R8225-9-6: a name twice, the same value", "{\"a\":1,\"a\":1}", 0, "twice"},
    {"a name twice, one of them escaped", "{\"a\":1,\"\\u0061\":2}", 0, "twice"},
    {"a name twice, deep down", "{\"x\":[{\"y\":{\"a\":1,\"a\":2}}]}", 0, "twice"},
    {"the same name in two objects", "{\"x\":{\"a\":1},\"y\":{\"a\":2}}", 0, NULL},
    {"R7515-1b: white space around", " \t\r\n{}\n", 0, NULL},
    {"something behind", "{}x", 0, "follows"},
    {"a second value behind", "{} {}", 0, "follows"},
    {"a NUL behind", "{}\0", 3, "JSON near octet"},
    {"nothing", "", 0, "too early"},
    {"cut", "{\"a\":", 0, "too early"},
    {"cut string", "\"abc", 0, "too early"},
    {"cut escape", "\"abc\\", 0, "RFC 8259"},
    {"R7515-1b: BOM", "\xEF\xBB\xBF{}", 0, "byte order mark"},
    {"UTF-8", "\"\xC3\xA9\"", 0, NULL},
    {"no UTF-8: Latin-1", "\"\xE9\"", 0, "UTF-8"},
    {"R7515-1b: overlong", "\"\xC0\xAF\"", 0, "UTF-8"},
    {"surrogate in UTF-8", "\"\xED\xA0\x80\"", 0, "UTF-8"},
    {"beyond Unicode", "\"\xF4\x90\x80\x80\"", 0, "UTF-8"},
    {"UTF-16", "{\0}\0", 4, "JSON near octet"},
    {"surrogate pair", "\"\\uD83D\\uDCDE\"", 0, NULL},
    {"R7515-1b: lone high surrogate", "\"\\uD83D\"", 0, "RFC 8259"},
    {"lone high surrogate before another escape", "\"\\uD83D\\u0041\"", 0, "RFC 8259"},
    {"lone low surrogate", "\"\\uDCDE\"", 0, "RFC 8259"},
    {"escaped one", "\"\\u0001\"", 0, NULL},
    {"A-34: \\u0000", "\"\\u0000\"", 0, "U+0000"},
    {"A-34: \\u0000 in a name", "{\"a\\u0000b\":1}", 0, "U+0000"},
    {"raw control character", "\"a\nb\"", 0, "JSON near octet"},
    {"raw NUL", "\"a\0b\"", 5, "JSON near octet"},
    {"greatest integer", "9223372036854775807", 0, NULL},
    {"one more", "9223372036854775808", 0, "range"},
    {"least integer", "-9223372036854775808", 0, NULL},
    {"one less", "-9223372036854775809", 0, "range"},
    {"a real too large", "1e999", 0, "range"},
    {"leading zero", "01", 0, "JSON near octet"},
    {"plus", "+1", 0, "RFC 8259"},
    {"bare point", "1.", 0, "RFC 8259"},
    {"NaN", "NaN", 0, "RFC 8259"},
    {"R8225-9-3: literals in lower case", "[true,false,null]", 0, NULL},
    {"R8225-9-3: in upper case", "[TRUE]", 0, "RFC 8259"},
    {"comma at the end of an array", "[1,]", 0, "RFC 8259"},
    {"comma at the end of an object", "{\"a\":1,}", 0, "RFC 8259"},
    {"name without quotes", "{a:1}", 0, "RFC 8259"},
    {"single quotes", "{'a':1}", 0, "RFC 8259"},
    {"comment", "{/**/}", 0, "RFC 8259"},
    {"an escape JSON lacks", "\"\\x41\"", 0, "RFC 8259"},
};

Test(value, load)
{
    for (size_t i = 0; i < sizeof load_cases / sizeof *load_cases; i++) {
        const struct load_case *c = &load_cases[i];
        struct stir_error error = {0};
        struct value *value;
        int rc = value_load(c->text, c->len > 0 ? c->len : strlen(c->text), &value, &error);

        cr_expect_eq(rc, c->wanted == NULL ? 0 : STIR_CODE_JSON_SYNTAX, "%s: %s", c->desc,
                     error.text);
        cr_expect_eq(value != NULL, rc == 0, "%s", c->desc);
        if (c->wanted != NULL)
            cr_expect(strstr(error.text, c->wanted) != NULL, "%s: %s", c->desc, error.text);
        value_free(value);
    }
}

/* LIM-1: also where brackets hide in strings, and where jansson would have recursed deeper. */
Test(value, depth)
{
    static const struct {
        const char *desc, *open, *close;
        size_t times;
        bool fits;
    } cases[] = {
        {"arrays", "[", "]", LIMIT_JSON_DEPTH, true},
        {"arrays, one more", "[", "]", LIMIT_JSON_DEPTH + 1, false},
        {"objects", "{\"a\":", "}", LIMIT_JSON_DEPTH, true},
        {"objects, one more", "{\"a\":", "}", LIMIT_JSON_DEPTH + 1, false},
        {"brackets in strings", "[\"[[\\\"[\",", "]", LIMIT_JSON_DEPTH, true},
        {"far more", "[", "]", 100000, false},
        {"never closed", "[", "", 100000, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t open = strlen(cases[i].open), close = strlen(cases[i].close);
        char *text = malloc(cases[i].times * (open + close) + 2), *end = text;
        struct stir_error error = {0};
        struct value *value;

        for (size_t k = 0; k < cases[i].times; k++, end += open)
            memcpy(end, cases[i].open, open);
        *end++ = '1';
        for (size_t k = 0; k < cases[i].times; k++, end += close)
            memcpy(end, cases[i].close, close);
        int rc = value_load(text, (size_t)(end - text), &value, &error);
        cr_expect_eq(rc == 0, cases[i].fits, "%s: %s", cases[i].desc, error.text);
        if (!cases[i].fits)
            cr_expect(strstr(error.text, "32 deep") != NULL, "%s: %s", cases[i].desc,
                      error.text);
        value_free(value);
        free(text);
    }
}

/* Values, which take jansson far more memory than their two octets; commas in strings are none. */
Test(value, number_of_values)
{
    static const struct {
        const char *desc, *each;
        size_t times;
        bool fits;
    } cases[] = {
        {"elements", "1,", LIMIT_JSON_VALUES - 2, true},
        {"elements, one more", "1,", LIMIT_JSON_VALUES - 1, false},
        {"commas in strings", "\",,\\\",\",", LIMIT_JSON_VALUES - 2, true},
        {"far more", "1,", 100000, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t each = strlen(cases[i].each);
        char *text = malloc(cases[i].times * each + 3), *end = text;
        struct stir_error error = {0};
        struct value *value;

        *end++ = '[';
        for (size_t k = 0; k < cases[i].times; k++, end += each)
            memcpy(end, cases[i].each, each);
        memcpy(end, "1]", 2);
        int rc = value_load(text, (size_t)(end + 2 - text), &value, &error);
        cr_expect_eq(rc == 0, cases[i].fits, "%s: %s", cases[i].desc, error.text);
        if (!cases[i].fits)
            cr_expect(strstr(error.text, "256 values") != NULL, "%s: %s", cases[i].desc,
                      error.text);
        value_free(value);
        free(text);
    }
}

static struct value *load(const char *text)
{
    struct stir_error error = {0};
    struct value *value;

    cr_assert_eq(value_load(text, strlen(text), &value, &error), 0, "%s: %s", text, error.text);
    return value;
}

Test(value, kinds)
{
    static const enum value_kind kinds[] = {VALUE_NULL,    VALUE_BOOLEAN, VALUE_BOOLEAN,
                                            VALUE_INTEGER, VALUE_REAL,    VALUE_REAL,
                                            VALUE_STRING,  VALUE_ARRAY,   VALUE_OBJECT};
    struct value *value = load("[null,true,false,-7,7.0,7e0,\"s\",[1,2],{\"b\":1,\"a\":2}]");
    const struct value *member;
    int64_t integer = 0;

    cr_assert_eq(value_size(value), sizeof kinds / sizeof *kinds);
    for (size_t i = 0; i < value_size(value); i++)
        cr_expect_eq(value_kind(value_at(value, i)), kinds[i], "element %zu", i);
    cr_expect(value_is_true(value_at(value, 1)));
    cr_expect(!value_is_true(value_at(value, 2)));
    cr_expect(value_integer(value_at(value, 3), &integer));
    cr_expect_eq(integer, -7);
    cr_expect(!value_integer(value_at(value, 4), &integer));
    cr_expect_str_eq(value_string(value_at(value, 6)), "s");
    cr_expect_null(value_string(value_at(value, 3)));
    cr_expect_eq(value_size(value_at(value, 7)), 2);
    cr_expect_str_eq(value_name(value_at(value, 8), 0, &member), "b");
    cr_expect_str_eq(value_name(value_at(value, 8), 1, &member), "a");
    cr_expect(value_integer(member, &integer) && integer == 2);
    cr_expect_null(value_name(value_at(value, 8), 2, &member));
    cr_expect_null(value_name(value_at(value, 3), 0, &member));
    cr_expect_null(value_at(value, 9));
    cr_expect_null(value_member(value, "a"));
    cr_expect_null(value_member(value_at(value, 8), "c"));
    cr_expect_not_null(value_member(value_at(value, 8), "a"));
    value_free(value);
}

Test(value, a_reference_outlives_the_first)
{
    struct value *value = load("{\"a\":1}"), *again = value_ref(value);

    value_free(value);
    cr_expect_not_null(value_member(again, "a"));
    value_free(again);
    value_free(NULL);
}

static const struct {
    const char *pointer, *wanted; /* NULL: nothing there */
} pointer_cases[] = {
    {"/orig/tn", "\"12155551212\""},
    {"/dest/tn/1", "\"2\""},
    {"/dest/tn/2", NULL},
    {"/dest/tn/01", NULL},
    {"/dest/tn/-", NULL},
    {"/dest/tn/", NULL},
    {"/dest/tn/0/x", NULL},
    {"/a~1b", "1"},
    {"/m~0n", "2"},
    {"/m~n", NULL},
    {"/m~", NULL},
    {"/", "3"},
    {"orig", NULL},
    {"/ori", NULL},
    {"/origi", NULL},
    {"/dest/tn/99999999999999999999", NULL},
};

Test(value, pointer)
{
    struct value *value =
        load("{\"orig\":{\"tn\":\"12155551212\"},\"dest\":{\"tn\":[\"1\",\"2\"]},"
             "\"a/b\":1,\"m~n\":2,\"\":3}");

    cr_expect_eq(value_pointer(value, ""), value);
    for (size_t i = 0; i < sizeof pointer_cases / sizeof *pointer_cases; i++) {
        const struct value *found = value_pointer(value, pointer_cases[i].pointer);
        char *text = found == NULL ? NULL : value_dump(found);

        if (pointer_cases[i].wanted == NULL)
            cr_expect_null(found, "%s", pointer_cases[i].pointer);
        else
            cr_expect(text != NULL && strcmp(text, pointer_cases[i].wanted) == 0, "%s: %s",
                      pointer_cases[i].pointer, text == NULL ? "nothing" : text);
        free(text);
    }
    value_free(value);
}

static const struct {
    const char *desc, *text, *name, *wanted;
} text_cases[] = {
    {"first", "{\"iat\":1e9,\"b\":2}", "iat", "1e9"},
    {"last", "{\"b\":2,\"iat\":1.50}", "iat", "1.50"},
    {"spaces", " { \"iat\" : -0 \n, \"b\" :2 } ", "iat", "-0"},
    {"last with a space behind", "{\"b\":2,\"iat\": 7 }", "iat", "7"},
    {"a string with quote and brace", "{\"a\":\"\\\"}\",\"b\":true}", "b", "true"},
    {"a string", "{\"a\":\"\\\"}\",\"b\":true}", "a", "\"\\\"}\""},
    {"behind what nests", "{\"a\":[{\"b\":[1,{}]},\"]\"],\"b\":3}", "b", "3"},
    {"what nests", "{\"b\":{\"b\":[1,2]},\"c\":1}", "b", "{\"b\":[1,2]}"},
    {"only the top level", "{\"a\":{\"b\":1}}", "b", NULL},
    {"an escaped name", "{\"\\u0069at\":5}", "iat", "5"},
    {"a longer name", "{\"iatx\":5}", "iat", NULL},
    {"a shorter name", "{\"ia\":5}", "iat", NULL},
    {"empty", "{ }", "iat", NULL},
    {"no object", "[\"iat\",1]", "iat", NULL},
};

Test(value, member_text)
{
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        const char *start = "", *text = text_cases[i].text, *wanted = text_cases[i].wanted;
        size_t len = 0;
        bool found = value_member_text(text, strlen(text), text_cases[i].name, &start, &len);

        value_free(load(text));
        cr_expect_eq(found, wanted != NULL, "%s", text_cases[i].desc);
        if (found && wanted != NULL)
            cr_expect(len == strlen(wanted) && memcmp(start, wanted, len) == 0, "%s: %.*s",
                      text_cases[i].desc, (int)len, start);
    }
}

Test(value, making)
{
    struct value *object = value_new_object(), *array = value_new_array();
    char *text;

    cr_expect_eq(value_set(object, "z", value_new_integer(INT64_MAX)), 0);
    cr_expect_eq(value_append(array, value_new_string("s")), 0);
    cr_expect_eq(value_append(array, value_new_string(NULL)), 0);
    cr_expect_eq(value_append(array, value_new_boolean(false)), 0);
    cr_expect_eq(value_append(array, value_new_null()), 0);
    cr_expect_eq(value_set(object, "a", array), 0);
    cr_expect_eq(value_set(object, "none", NULL), STIR_E_NOMEM);
    text = value_dump(object);
    cr_expect_str_eq(text, "{\"a\":[\"s\",null,false,null],\"z\":9223372036854775807}");
    free(text);
    value_free(object);
}
