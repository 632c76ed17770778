/* number/tn: numbers and intervals of them (A-6, A-9, R8226-9-3 to -5). */
#include "number/tn.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *desc, *text;
    bool number, digits;
} forms[] = {
    {"one digit", "7", true, true},
    {"R8226-9-3: 15 digits", "123456789012345", true, true},
    {"R8226-9-3: 16 digits", "1234567890123456", false, false},
    {"R8226-9-3: nothing", "", false, false},
    {"R8226-9-3, A-9: a plus", "+12155551212", false, false},
    {"A-8: a star", "*67", true, false},
    {"A-8: a hash", "#31#", true, false},
    {"A-8: only stars, 15", "***************", true, false},
    {"A-8: only stars, 16", "****************", false, false},
    {"a letter", "1215555121A", false, false},
    {"a space", "1215 5551212", false, false},
    {"A-9: 911 as it stands", "911", true, true},
    {"before 0", "12/5", false, false},
    {"behind 9", "12:5", false, false},
};

Test(tn, forms)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t len = strlen(forms[i].text);
        cr_expect_eq(tn_is_number(forms[i].text, len), forms[i].number, "%s", forms[i].desc);
        cr_expect_eq(tn_is_digits(forms[i].text, len), forms[i].digits, "%s", forms[i].desc);
    }
}

Test(tn, a_nul_inside_is_no_digit)
{
    cr_expect(!tn_is_number("1\0002", 3));
    cr_expect_eq(tn_parse("1\0002", 3), 0);
}

/* A number is its digit count and its value. */
static const struct {
    const char *text;
    int digits;
    uint64_t value;
} values[] = {
    {"0", 1, 0},
    {"9", 1, 9},
    {"00", 2, 0},
    {"99", 2, 99},
    {"100", 3, 100},
    {"0100", 4, 100},
    {"12155551212", 11, UINT64_C(12155551212)},
    {"000000000000000", 15, 0},
    {"999999999999999", 15, UINT64_C(999999999999999)},
};

Test(tn, digit_count_and_value)
{
    char room[TN_SIZE];
    uint64_t before = 0;

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        uint64_t tn = tn_parse(values[i].text, strlen(values[i].text));
        cr_expect_eq(tn_digits(tn), values[i].digits, "%s", values[i].text);
        cr_expect_eq(tn_value(tn), values[i].value, "%s", values[i].text);
        cr_expect_eq(tn_make(values[i].digits, values[i].value), tn, "%s", values[i].text);
        cr_expect_str_eq(tn_text(room, tn), values[i].text);
        cr_expect_gt(tn, before, "%s sorts behind the one before", values[i].text);
        before = tn;
    }
    cr_expect_neq(tn_parse("0100", 4), tn_parse("100", 3));
    cr_expect_eq(tn_make(2, 100), 0, "100 in two digits");
    cr_expect_eq(tn_make(0, 0), 0, "no digits");
    cr_expect_eq(tn_make(16, 0), 0, "16 digits");
    cr_expect_eq(tn_digits(9), 0, "no number's integer");
    cr_expect_eq(tn_digits(20), 0, "no number's integer");
}

Test(tn, lengths_never_adjoin)
{
    char nines[] = "999999999999999", zeros[] = "000000000000000";

    for (size_t digits = 1; digits < 15; digits++)
        cr_expect_lt(tn_parse(nines, digits) + 1, tn_parse(zeros, digits + 1), "%zu", digits);
}

/* R8226-9-5, A-6: start + count < 10^D, literally. */
static const struct {
    const char *start;
    uint64_t count;
    const char *range; /* NULL: refused */
} ranges[] = {
    {"9990", 9, "9990-9998"},
    {"9990", 10, NULL},
    {"9990", 20, NULL},
    {"10", 89, "10-98"},
    {"10", 90, NULL},
    {"10", 91, NULL},
    {"0", 9, "0-8"},
    {"0", 10, NULL},
    {"0100", 2, "0100-0101"},
    {"0100", 1, NULL},
    {"0100", 0, NULL},
    {"12155551000", 1000, "12155551000-12155551999"},
    {"000000000000000", UINT64_C(999999999999999), "000000000000000-999999999999998"},
    {"000000000000000", UINT64_C(1000000000000000), NULL},
    {"999999999999997", 2, "999999999999997-999999999999998"},
    {"999999999999998", 2, NULL},
    {"1", UINT64_MAX, NULL},
    {"9", UINT64_MAX - 8, NULL},
    {"1000000000000000", 2, NULL},
    {"#12", 2, NULL}, /* R8226-9-4 */
    {"12*", 2, NULL}, /* R8226-9-4 */
    {"+12", 2, NULL}, /* A-9 */
    {"", 2, NULL},
};

Test(tn, range_make)
{
    char room[TN_RANGE_SIZE];

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct tn_range range = {0, 0};
        bool made =
            tn_range_make(ranges[i].start, strlen(ranges[i].start), ranges[i].count, &range);
        cr_expect_eq(made, ranges[i].range != NULL, "%s/%" PRIu64, ranges[i].start,
                     ranges[i].count);
        if (made && ranges[i].range != NULL)
            cr_expect_str_eq(tn_range_text(room, range), ranges[i].range);
    }
}

Test(tn, range_ends)
{
    char room[TN_RANGE_SIZE];
    struct tn_range one = {tn_make(11, 12155551300), tn_make(11, 12155551300)};

    cr_expect(tn_range_is(one));
    cr_expect_str_eq(tn_range_text(room, one), "12155551300");
    cr_expect(!tn_range_is((struct tn_range){one.first, one.first - 1}), "backwards");
    cr_expect(!tn_range_is((struct tn_range){tn_make(1, 9), tn_make(2, 0)}), "two lengths");
    cr_expect(!tn_range_is((struct tn_range){1, 1}), "no numbers");
    cr_expect(!tn_range_is((struct tn_range){20, 20}), "no numbers");
}

Test(tn, ranges_merge_and_from)
{
    struct tn_range r[] = {{150, 159}, {130, 139}, {140, 149}, {131, 132}, {170, 170}};

    cr_assert_eq(tn_ranges_merge(r, 0), 0);
    cr_assert_eq(tn_ranges_merge(r, 5), 2);
    cr_expect(r[0].first == 130 && r[0].last == 159 && r[1].first == 170 && r[1].last == 170);
    cr_expect_eq(tn_ranges_from(r, 2, 100), 0);
    cr_expect_eq(tn_ranges_from(r, 2, 159), 0);
    cr_expect_eq(tn_ranges_from(r, 2, 160), 1);
    cr_expect_eq(tn_ranges_from(r, 2, 170), 1);
    cr_expect_eq(tn_ranges_from(r, 2, 171), 2);
}
