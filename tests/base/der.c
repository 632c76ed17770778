/* base/der: what is DER is walked, what is only BER is refused (A-25, X.690 section 10). */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "tests/help.h"

static const struct {
    const char *desc, *hex;
    int result;
    uint8_t tag;
    size_t content, rest;
} next_cases[] = {
    {"an empty SEQUENCE", "3000", 0, 0x30, 0, 0},
    {"nothing", "", -1, 0, 0, 0},
    {"a tag and no length", "30", -1, 0, 0, 0},
    {"something behind it is left", "020105ff", 0, 0x02, 1, 1},
    {"one octet short", "0202 05", -1, 0, 0, 0},
    {"high tag number form", "1f1f00", -1, 0, 0, 0},
    {"the number below it", "1e00", 0, 0x1e, 0, 0},
    {"end-of-contents", "0000", -1, 0, 0, 0},
    {"indefinite length", "3080 0500 0000", -1, 0, 0, 0},
    {"length 127, short form", "047f*127", 0, 0x04, 127, 0},
    {"length 127, long form", "04817f*127", -1, 0, 0, 0},
    {"length 128, one octet", "048180*128", 0, 0x04, 128, 0},
    {"length 128, two octets", "04820080*128", -1, 0, 0, 0},
    {"length 255, one octet", "0481ff*255", 0, 0x04, 255, 0},
    {"length 256, two octets", "04820100*256", 0, 0x04, 256, 0},
    {"length 256, three octets", "0483000100*256", -1, 0, 0, 0},
    {"length 65536", "0483010000*65536", 0, 0x04, 65536, 0},
    {"length 65536, one short", "0483010000*65535", -1, 0, 0, 0},
    {"length over INT_MAX", "048480000000*9", -1, 0, 0, 0},
    {"length over 64 bits", "0489ffffffffffffffffff*9", -1, 0, 0, 0},
    {"length 2^64 - 1", "0488ffffffffffffffff*9", -1, 0, 0, 0},
    {"reserved length octet", "04ff*255", -1, 0, 0, 0},
    {"length octets that are not there", "0482", -1, 0, 0, 0},
    {"context tag", "a003020100", 0, 0xa0, 3, 0},
    {"context tag, primitive", "8201 00", 0, 0x82, 1, 0},
};

/* Hex, and behind a star how many zero octets follow. In memory of exactly that size, so that
   the address sanitizer sees a step too far. */
static uint8_t *octets_of(const char *hex, size_t *len)
{
    char *copy = strdup(hex), *star = strchr(copy, '*');
    size_t zeros = star != NULL ? strtoul(star + 1, NULL, 10) : 0, head;

    if (star != NULL)
        *star = '\0';
    uint8_t *front = help_unhex(copy, &head);
    uint8_t *octets = calloc(1, head + zeros > 0 ? head + zeros : 1);
    memcpy(octets, front, head);
    octets = realloc(octets, head + zeros > 0 ? head + zeros : 1);
    free(front);
    free(copy);
    *len = head + zeros;
    return octets;
}

Test(der, next)
{
    for (size_t i = 0; i < sizeof next_cases / sizeof *next_cases; i++) {
        const char *desc = next_cases[i].desc;
        size_t len;
        uint8_t *octets = octets_of(next_cases[i].hex, &len);
        struct der left = {octets, len};
        struct der_element element;
        int result = der_next(&left, &element);
        cr_expect_eq(result, next_cases[i].result, "%s: %d", desc, result);
        if (result == 0 && next_cases[i].result == 0) {
            cr_expect_eq(element.tag, next_cases[i].tag, "%s: tag %02x", desc, element.tag);
            cr_expect_eq(element.content.len, next_cases[i].content, "%s", desc);
            cr_expect_eq(left.len, next_cases[i].rest, "%s", desc);
            cr_expect_eq(element.whole.data, octets, "%s", desc);
            cr_expect_eq(element.whole.len + left.len, len, "%s", desc);
        } else {
            cr_expect_eq(left.data, octets, "%s: left moved", desc);
            cr_expect_eq(left.len, len, "%s: left moved", desc);
        }
        free(octets);
    }
}

Test(der, next_takes_no_more_than_an_int_can_count)
{
    static const uint8_t octets[] = {0x05, 0x00};
    struct der left = {octets, (size_t)INT_MAX + 1};
    struct der_element element;

    cr_assert_eq(der_next(&left, &element), -1);
    left.len = 2;
    cr_assert_eq(der_next(&left, &element), 0);
}

Test(der, take)
{
    static const uint8_t octets[] = {0x01, 0x01, 0xFF, 0x05, 0x00};
    struct der left = {octets, sizeof octets};
    struct der_element element;
    bool present = true;

    cr_assert_eq(der_take(&left, DER_INTEGER, &element), -1);
    cr_assert_eq(left.len, sizeof octets);
    cr_assert_eq(der_take_optional(&left, DER_INTEGER, &element, &present), 0);
    cr_assert_not(present);
    cr_assert_eq(left.len, sizeof octets);
    cr_assert_eq(der_take_optional(&left, DER_BOOLEAN, &element, &present), 0);
    cr_assert(present);
    cr_assert_eq(left.len, 2);
    cr_assert_eq(der_only(left, DER_NULL, &element), 0);
    cr_assert_eq(der_only((struct der){octets, sizeof octets}, DER_BOOLEAN, &element), -1,
                 "something is behind it");
    cr_assert_eq(der_take(&left, DER_NULL, &element), 0);
    cr_assert_eq(der_take(&left, DER_NULL, &element), -1);
    cr_assert_eq(der_take_optional(&left, DER_NULL, &element, &present), 0);
    cr_assert_not(present);
}

Test(der, take_optional_of_what_is_broken)
{
    static const uint8_t octets[] = {0x05, 0x01};
    struct der left = {octets, sizeof octets};
    struct der_element element;
    bool present = false;

    cr_assert_eq(der_take_optional(&left, DER_NULL, &element, &present), -1);
    cr_assert(present);
}

static const struct {
    const char *desc, *hex;
    int result;
    uint64_t value;
    bool too_large;
} unsigned_cases[] = {
    {"0", "00", 0, 0, false},
    {"127", "7f", 0, 127, false},
    {"128", "0080", 0, 128, false},
    {"-128", "80", -1, 0, false},
    {"-1", "ff", -1, 0, false},
    {"127 with a zero too many", "007f", -1, 0, false},
    {"0 with a zero too many", "0000", -1, 0, false},
    {"128 with a zero too many", "000080", -1, 0, false},
    {"no octets", "", -1, 0, false},
    {"10^15", "038d7ea4c68000", 0, 1000000000000000, false},
    {"2^63", "008000000000000000", 0, (uint64_t)1 << 63, false},
    {"2^64 - 1", "00ffffffffffffffff", 0, UINT64_MAX, false},
    {"2^64", "010000000000000000", 0, UINT64_MAX, true},
    {"2^71", "00800000000000000000", 0, UINT64_MAX, true},
    {"-2^64", "ff0000000000000000", -1, 0, false},
};

Test(der, unsigned_integer)
{
    for (size_t i = 0; i < sizeof unsigned_cases / sizeof *unsigned_cases; i++) {
        const char *desc = unsigned_cases[i].desc;
        size_t len;
        uint8_t *octets = help_unhex(unsigned_cases[i].hex, &len);
        uint64_t value = 1;
        bool too_large = true;
        int result = der_unsigned((struct der){octets, len}, &value, &too_large);
        cr_expect_eq(result, unsigned_cases[i].result, "%s", desc);
        cr_expect_eq(value, unsigned_cases[i].value, "%s: %ju", desc, (uintmax_t)value);
        cr_expect_eq(too_large, unsigned_cases[i].too_large, "%s", desc);
        free(octets);
    }
}

Test(der, boolean)
{
    bool value = false;

    cr_assert_eq(der_boolean((struct der){(const uint8_t *)"\xFF", 1}, &value), 0);
    cr_assert(value);
    cr_assert_eq(der_boolean((struct der){(const uint8_t *)"\x00", 1}, &value), 0);
    cr_assert_not(value);
    cr_assert_eq(der_boolean((struct der){(const uint8_t *)"\x01", 1}, &value), -1);
    cr_assert_eq(der_boolean((struct der){(const uint8_t *)"\xFF\xFF", 2}, &value), -1);
    cr_assert_eq(der_boolean((struct der){NULL, 0}, &value), -1);
}

static const struct {
    const char *desc, *text;
    size_t len;
    bool utf8;
} text_cases[] = {
    {"empty", "", 0, true},
    {"ASCII", "709J\x7F", 5, true},
    {"NUL", "\0", 1, true},
    {"two octets", "\xC3\xA9", 2, true},
    {"least of three", "\xE0\xA0\x80", 3, true},
    {"overlong of three", "\xE0\x9F\xBF", 3, false},
    {"overlong of two", "\xC1\xBF", 2, false},
    {"before the surrogates", "\xED\x9F\xBF", 3, true},
    {"a surrogate", "\xED\xA0\x80", 3, false},
    {"least of four", "\xF0\x90\x80\x80", 4, true},
    {"overlong of four", "\xF0\x8F\xBF\xBF", 4, false},
    {"U+10FFFF", "\xF4\x8F\xBF\xBF", 4, true},
    {"U+110000", "\xF4\x90\x80\x80", 4, false},
    {"cut", "a\xE2\x82", 3, false},
    {"a bad third octet", "\xE2\x82\x41", 3, false},
    {"a lone continuation", "\x80", 1, false},
    {"behind a good one", "\xE2\x82\xAC\xFF", 4, false},
};

Test(der, texts)
{
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        uint8_t *copy = malloc(text_cases[i].len + 1); /* for the sanitizer: no NUL behind */
        struct der der = {copy, text_cases[i].len};
        memcpy(copy, text_cases[i].text, der.len);
        copy = realloc(copy, der.len > 0 ? der.len : 1);
        der.data = copy;
        cr_expect_eq(der_is_utf8(der), text_cases[i].utf8, "%s", text_cases[i].desc);
        free(copy);
    }
}

Test(der, equal)
{
    struct der a = {(const uint8_t *)"abc", 3}, b = {(const uint8_t *)"abd", 3};

    cr_assert(der_equal(a, a));
    cr_assert_not(der_equal(a, b));
    cr_assert(der_equal((struct der){a.data, 2}, (struct der){b.data, 2}));
    cr_assert_not(der_equal(a, (struct der){a.data, 2}));
    cr_assert(der_equal((struct der){NULL, 0}, (struct der){a.data, 0}));
}

/* openssl asn1parse -genstr wrote these. */
static const struct {
    uint64_t value;
    const char *hex;
} written[] = {
    {0, "020100"},
    {127, "02017f"},
    {128, "02020080"},
    {788, "02020314"},
    {65535, "020300ffff"},
    {1000000000000000, "0207038d7ea4c68000"},
    {UINT64_MAX, "020900ffffffffffffffff"},
};

Test(der, writes_integers)
{
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct der_writer writer = {0};
        size_t len, wanted;
        der_write_unsigned(&writer, written[i].value);
        uint8_t *der = der_writer_take(&writer, &len),
                *other = help_unhex(written[i].hex, &wanted);
        cr_expect_eq(len, wanted, "%s", written[i].hex);
        cr_expect_arr_eq(der, other, wanted, "%s", written[i].hex);
        free(der);
        free(other);
    }
}

/* An IA5String inside [2], and nothing else. */
static int read_wrapped(const uint8_t *der, size_t len, struct der_element *element)
{
    if (der_only((struct der){der, len}, DER_CONTEXT(2), element) != 0)
        return -1;
    return der_only(element->content, DER_IA5_STRING, element);
}

/* Whatever length: what is written is read, one octet less is not. */
Test(der, writes_what_it_reads)
{
    static const size_t lengths[] = {0,   1,   126, 127,   128,   129,
                                     255, 256, 257, 65535, 65536, 70000};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct der_writer writer = {0};
        struct der_element element;
        size_t n = lengths[i], len;
        uint8_t *content = malloc(n + 1);
        memset(content, 'x', n);
        der_write(&writer, DER_NULL, NULL, 0);
        der_write(&writer, DER_IA5_STRING, content, n);
        der_wrap(&writer, DER_CONTEXT(2), 2);
        uint8_t *der = der_writer_take(&writer, &len);
        cr_assert_not_null(der);
        cr_expect_eq(read_wrapped(der + 2, len - 2, &element), 0, "%zu", n);
        cr_expect_eq(element.content.len, n, "%zu", n);
        cr_expect_arr_eq(element.content.data, content, n, "%zu", n);
        cr_expect_eq(read_wrapped(der + 2, len - 3, &element), -1, "%zu", n);
        free(der);
        free(content);
    }
}

Test(der, writes_nothing)
{
    struct der_writer writer = {0};
    size_t len = 7;

    cr_assert_null(der_writer_take(&writer, &len));
    cr_assert_eq(len, 0);
    der_write(&writer, DER_NULL, NULL, 0);
    writer.failed = true;
    cr_assert_null(der_writer_take(&writer, &len));
    cr_assert_null(writer.data);
}
