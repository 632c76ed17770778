/* json/value over whole documents: those it takes, and those that it refuses though other readers
   (JSON.parse of JavaScript, json of Python, both asked when this was written) take them.
   R7515-1b, R8225-9-6, A-17, A-34. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"

#define TEXT(text) text, sizeof(text) - 1

static int load(const char *text, size_t len, struct value **value, struct stir_error *error)
{
    char *exact = malloc(len + (len == 0)); /* so that a sanitizer sees the end */

    memcpy(exact, text, len);
    int rc = value_load(exact, len, value, error);
    free(exact);
    return rc;
}

static const struct {
    const char *shows, *text;
    size_t len;
} accepted[] = {
    {"alone_true", TEXT("true")},
    {"alone_false", TEXT("false")},
    {"alone_null", TEXT("null")},
    {"alone_string", TEXT("\"asd\"")},
    {"alone_empty_string", TEXT("\"\"")},
    {"alone_integer", TEXT("42")},
    {"alone_negative_integer", TEXT("-7")},
    {"alone_zero", TEXT("0")},
    {"alone_real", TEXT("1.5")},
    {"alone_empty_array", TEXT("[]")},
    {"alone_empty_object", TEXT("{}")},
    {"space_space_around", TEXT(" [] ")},
    {"space_tab", TEXT("\t[\t]\t")},
    {"space_line_feed", TEXT("\n{\n}\n")},
    {"space_carriage_return", TEXT("\r\n{}\r\n")},
    {"space_between_all", TEXT(" { \"a\" : [ 1 , 2 ] , \"b\" : null } ")},
    {"number_minus_zero", TEXT("-0")},
    {"number_zero_point_zero", TEXT("0.0")},
    {"number_minus_zero_point", TEXT("-0.5")},
    {"number_exponent", TEXT("1e3")},
    {"number_exponent_capital", TEXT("1E3")},
    {"number_exponent_plus", TEXT("1e+3")},
    {"number_exponent_minus", TEXT("1e-3")},
    {"number_fraction_exponent", TEXT("1.25e2")},
    {"number_exponent_leading_zeros", TEXT("1e003")},
    {"number_zero_exponent", TEXT("0e5")},
    {"number_zero_exponent_plus", TEXT("0e+1")},
    {"number_long_fraction", TEXT("0.123456789123456789123456789123456789123456789")},
    {"number_tiny", TEXT("1e-300")},
    {"number_underflow", TEXT("1e-400")},
    {"number_near_most", TEXT("1.7976931348623157e308")},
    {"number_iat", TEXT("1443208345")},
    {"number_greatest_int64", TEXT("9223372036854775807")},
    {"number_least_int64", TEXT("-9223372036854775808")},
    {"number_two_to_53", TEXT("9007199254740993")},
    {"number_in_array_end", TEXT("[1]")},
    {"number_space_behind", TEXT("[1 ]")},
    {"string_ascii", TEXT("\"hello\"")},
    {"string_escape_quote", TEXT("\"\\\"\"")},
    {"string_escape_backslash", TEXT("\"\\\\\"")},
    {"string_escape_slash", TEXT("\"\\/\"")},
    {"string_slash", TEXT("\"/\"")},
    {"string_escapes_short", TEXT("\"\\b\\f\\n\\r\\t\"")},
    {"string_escape_u", TEXT("\"\\u00e9\"")},
    {"string_escape_u_capital", TEXT("\"\\u00E9\"")},
    {"string_escape_u_ascii", TEXT("\"\\u0041\"")},
    {"string_escape_u_quote", TEXT("\"\\u0022\"")},
    {"string_escape_u_backslash", TEXT("\"\\u005c\"")},
    {"string_escape_u_control", TEXT("\"\\u001f\"")},
    {"string_escape_pair", TEXT("\"\\ud83d\\udcde\"")},
    {"string_escape_pair_capital", TEXT("\"\\uD834\\uDD1E\"")},
    {"string_escape_pair_first", TEXT("\"\\ud800\\udc00\"")},
    {"string_escape_pair_last", TEXT("\"\\udbff\\udfff\"")},
    {"string_escaped_backslash_u", TEXT("\"\\\\u0041\"")},
    {"string_noncharacter_escaped", TEXT("\"\\uffff\"")},
    {"string_delete", TEXT("\"\177\"")},
    {"string_brackets", TEXT("\"[]{},:\"")},
    {"string_comment_inside", TEXT("\"/* a */\"")},
    {"string_quote_single", TEXT("\"'\"")},
    {"string_escape_bom", TEXT("\"\\ufeff\"")},
    {"string_replacement_escaped", TEXT("\"\\ufffd\"")},
    {"string_escape_d7ff", TEXT("\"\\ud7ff\"")},
    {"string_escape_e000", TEXT("\"\\ue000\"")},
    {"string_utf8_two", TEXT("\"\303\251\"")},
    {"string_utf8_three", TEXT("\"\342\202\254\"")},
    {"string_utf8_four", TEXT("\"\360\237\223\236\"")},
    {"string_utf8_first_of_two", TEXT("\"\302\200\"")},
    {"string_utf8_first_of_three", TEXT("\"\340\240\200\"")},
    {"string_utf8_first_of_four", TEXT("\"\360\220\200\200\"")},
    {"string_utf8_last", TEXT("\"\364\217\277\277\"")},
    {"string_utf8_noncharacter", TEXT("\"\357\277\277\"")},
    {"string_utf8_before_surrogates", TEXT("\"\355\237\277\"")},
    {"string_utf8_line_separator", TEXT("\"\342\200\250\"")},
    {"string_utf8_bom_inside", TEXT("\"\357\273\277\"")},
    {"string_long", TEXT("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "a\"")},
    {"array_one", TEXT("[1]")},
    {"array_nested", TEXT("[[[]]]")},
    {"array_mixed", TEXT("[null,true,1,\"a\",[],{}]")},
    {"array_strings", TEXT("[\"a\",\"b\"]")},
    {"array_same_twice", TEXT("[1,1]")},
    {"array_objects_same_name", TEXT("[{\"a\":1},{\"a\":2}]")},
    {"array_depth_32",
     TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")},
    {"array_depth_32_twice",
     TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],[[[[[[[[[[[[[[[[[[[["
          "[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")},
    {"object_one", TEXT("{\"a\":1}")},
    {"object_two", TEXT("{\"a\":1,\"b\":2}")},
    {"object_empty_name", TEXT("{\"\":1}")},
    {"object_name_spaces", TEXT("{\" a \":1}")},
    {"object_case_differs", TEXT("{\"a\":1,\"A\":2}")},
    {"object_prefix", TEXT("{\"a\":1,\"aa\":2}")},
    {"object_nested_same_name", TEXT("{\"a\":{\"a\":{\"a\":1}}}")},
    {"object_sibling_same_name", TEXT("{\"x\":{\"a\":1},\"y\":{\"a\":2}}")},
    {"object_escaped_name", TEXT("{\"\\u006frig\":1}")},
    {"object_unsorted", TEXT("{\"orig\":1,\"iat\":2,\"dest\":3}")},
    {"object_name_utf8", TEXT("{\"\303\251\":1}")},
    {"object_name_normal_forms", TEXT("{\"\303\251\":1,\"e\314\201\":2}")},
    {"object_depth_32",
     TEXT("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}}}"
          "}}}}}}}}}}}}}")},
    {"object_proto", TEXT("{\"__proto__\":1}")},
    {"object_name_number_like", TEXT("{\"1\":1}")},
    {"object_passport_header",
     TEXT("{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"https://"
          "cert.example.org/passport.cer\"}")},
    {"object_passport_payload",
     TEXT("{\"attest\":\"A\",\"dest\":{\"tn\":[\"12155551213\"]},\"iat\":1443208345"
          ",\"orig\":{\"tn\":\"12155551212\"},\"origid\":\"123e4567-e89b-12d3-a4"
          "56-426655440000\"}")},
    {"object_and_array_depth_32",
     TEXT("[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":"
          "[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":1}]}]}]}]}]}]}]}]}]}]}]}"
          "]}]}]}]}]")},
};

/* What is accepted can be written, and what was written says the same. */
static void expect_round_trip(const char *shows, const struct value *value)
{
    struct stir_error error = {0};
    struct value *again;
    char *text = value_dump(value);

    cr_assert_not_null(text, "%s", shows);
    cr_expect_eq(value_load(text, strlen(text), &again, &error), 0, "%s: %s: %s", shows, text,
                 error.text);
    char *text_again = value_dump(again);
    cr_expect_str_eq(text_again, text, "%s", shows);
    free(text_again);
    value_free(again);
    free(text);
}

Test(documents, accepted)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct stir_error error = {0};
        struct value *value;
        int rc = load(accepted[i].text, accepted[i].len, &value, &error);

        cr_expect_eq(rc, 0, "%s: %s", accepted[i].shows, error.text);
        if (rc == 0)
            expect_round_trip(accepted[i].shows, value);
        value_free(value);
    }
}

/* Where we are stricter, and why. */
static const struct {
    const char *shows, *text;
    size_t len;
    const char *why;
} stricter[] = {
    {"number_beyond_int64", TEXT("9223372036854775808"),
     "a number that is not kept exactly could mean two things: refused"},
    {"number_below_int64", TEXT("-9223372036854775809"), "as beyond int64"},
    {"number_hundred_digits",
     TEXT("111111111111111111111111111111111111111111111111111111111111111111111111111111111111"
          "1111111111111111"),
     "as beyond int64"},
    {"number_beyond_int64_in_object", TEXT("{\"iat\":18446744073709551616}"),
     "as beyond int64"},
    {"number_overflow", TEXT("1e400"), "infinity is no JSON number; JavaScript makes it one"},
    {"number_overflow_negative", TEXT("-1e309"), "infinity again"},
    {"string_u0000", TEXT("\"\\u0000\""),
     "a string in C ends there: what follows would be hidden (A-34)"},
    {"string_u0000_inside", TEXT("\"a\\u0000b\""), "a string in C ends there"},
    {"string_u0000_in_name", TEXT("{\"a\\u0000\":1}"), "two names that look the same in C"},
    {"string_u0000_capital", TEXT("{\"x\":[\"\\u0000\"]}"), "at any depth"},
    {"string_surrogate_lone_high", TEXT("\"\\ud800\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_lone_low", TEXT("\"\\udc00\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_high_then_letter", TEXT("\"\\ud800a\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_high_high", TEXT("\"\\ud800\\ud800\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_low_high", TEXT("\"\\udc00\\ud800\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_high_then_escape", TEXT("\"\\ud800\\n\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_high_then_u_no_low", TEXT("\"\\ud800\\u0041\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_lone_low_in_name", TEXT("{\"\\udfff\":1}"),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_lone_high_in_name", TEXT("{\"\\udbff\":1}"),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"string_surrogate_pair_and_lone", TEXT("\"\\ud83d\\udcde\\ud83d\""),
     "no Unicode text (RFC 7493): UTF-8 cannot hold it"},
    {"array_depth_33",
     TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
     "more than 32 deep (LIM-1)"},
    {"array_depth_33_in_object",
     TEXT("{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"),
     "more than 32 deep"},
    {"array_depth_200",
     TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
          "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
          "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
          "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
          "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
     "more than 32 deep"},
    {"object_name_twice", TEXT("{\"a\":1,\"a\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_same_value", TEXT("{\"a\":1,\"a\":1}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_apart", TEXT("{\"a\":1,\"b\":2,\"a\":3}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_escaped", TEXT("{\"a\":1,\"\\u0061\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_empty", TEXT("{\"\":1,\"\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_nested", TEXT("{\"x\":{\"a\":1,\"a\":2}}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_in_array", TEXT("[{\"a\":1,\"a\":2}]"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_null", TEXT("{\"a\":null,\"a\":null}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_objects", TEXT("{\"a\":{},\"a\":{}}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_alg", TEXT("{\"alg\":\"none\",\"typ\":\"passport\",\"alg\":\"ES256\"}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_slash", TEXT("{\"a/b\":1,\"a\\/b\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_utf8", TEXT("{\"\303\251\":1,\"\\u00e9\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_pair", TEXT("{\"\360\237\223\236\":1,\"\\ud83d\\udcde\":2}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_thrice", TEXT("{\"orig\":1,\"orig\":2,\"orig\":3}"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_name_twice_deep", TEXT("[[[{\"a\":[{\"b\":0,\"b\":0}]}]]]"),
     "a member name occurs once (R8225-9-6, RFC 7515 section 4): readers differ in which "
     "counts"},
    {"object_depth_33",
     TEXT("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}"
          "}}}}}}}}}}}}}}}}}}}"),
     "more than 32 deep"},
    {"object_and_array_depth_34",
     TEXT("[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":"
          "[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":1}]}]}]}]}]}]}]}]}"
          "]}]}]}]}]}]}]}]}]"),
     "more than 32 deep"},
};

Test(documents, refused_by_us_alone)
{
    for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++) {
        struct stir_error error = {0};
        struct value *value;

        cr_expect_eq(load(stricter[i].text, stricter[i].len, &value, &error),
                     STIR_CODE_JSON_SYNTAX, "%s: %s", stricter[i].shows, stricter[i].why);
        cr_expect_null(value);
    }
}
