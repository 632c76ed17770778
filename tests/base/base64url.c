/* base/base64url: one text for one string of octets, and nothing else is taken (RFC 7515
   section 2, section 10 of the requirements). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"

/* RFC 4648 section 10 without padding, RFC 7515 appendix C, and both characters of its own. */
static const struct {
    const char *octets;
    size_t len;
    const char *text;
} pairs[] = {
    {"", 0, ""},
    {"f", 1, "Zg"},
    {"fo", 2, "Zm8"},
    {"foo", 3, "Zm9v"},
    {"foob", 4, "Zm9vYg"},
    {"fooba", 5, "Zm9vYmE"},
    {"foobar", 6, "Zm9vYmFy"},
    {"\x03\xEC\xFF\xE0\xC1", 5, "A-z_4ME"},
    {"\xFF\xFF\xFF", 3, "____"},
    {"\xFB\xEF\xBE", 3, "----"},
    {"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", 30,
     "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"},
};

Test(base64url, pairs)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t len = strlen(pairs[i].text);
        uint8_t *out = malloc(base64url_decoded_size(len) + 1);
        char *text = base64url_encode(pairs[i].octets, pairs[i].len);
        cr_expect_str_eq(text, pairs[i].text, "%s: %s", pairs[i].text, text);
        cr_expect_eq(base64url_decoded_size(len), pairs[i].len, "%s", pairs[i].text);
        cr_expect_eq(base64url_decode(pairs[i].text, len, out), 0, "%s", pairs[i].text);
        cr_expect_arr_eq(out, pairs[i].octets, pairs[i].len, "%s", pairs[i].text);
        free(out);
        free(text);
    }
}

static const struct {
    const char *desc, *text;
} refused[] = {
    {"padding", "Zg=="},
    {"one = of padding", "Zm8="},
    {"length 1", "Z"},
    {"length 5", "Zm9vY"},
    {"space", "Zm9 "},
    {"line feed behind", "Zm9v\n"},
    {"line feed within", "Zm9v\nYm"},
    {"+ of plain base64", "A+z_4ME"},
    {"/ of plain base64", "A-z/4ME"},
    {"trailing bits of one octet", "Zh"},
    {"the highest trailing bit of one octet", "Zo"},
    {"trailing bits of two octets", "Zm9"},
    {"an octet over 0x7F", "Zm9\xFF"},
    {"the character before A", "@AAA"},
    {"the character before a", "`AAA"},
    {"the character behind z", "{AAA"},
    {"the character behind 9", ":AAA"},
};

Test(base64url, refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        size_t len = strlen(refused[i].text);
        uint8_t *out = malloc(base64url_decoded_size(len) + 1);
        cr_expect_eq(base64url_decode(refused[i].text, len, out), -1, "%s", refused[i].desc);
        free(out);
    }
}

Test(base64url, a_NUL_is_no_end)
{
    uint8_t out[8];

    cr_assert_eq(base64url_decode("Zm\0v", 4, out), -1);
}

/* All texts of two and of three characters: as many are taken as there are octets, and each
   says its own. */
Test(base64url, every_short_text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t taken[4] = {0};

    for (size_t i = 0; i < (size_t)64 * 64 * 64; i++) {
        char text[4] = {alphabet[i / 4096], alphabet[i / 64 % 64], alphabet[i % 64], 0};
        uint8_t out[2];
        for (size_t len = 3; len >= (i % 64 == 0 ? 2u : 3u); len--) {
            if (base64url_decode(text, len, out) != 0)
                continue;
            taken[len]++;
            char *again = base64url_encode(out, len - 1);
            cr_assert_eq(strncmp(again, text, len), 0, "%s: %s", text, again);
            cr_assert_eq(strlen(again), len);
            free(again);
        }
    }
    cr_assert_eq(taken[2], 256);
    cr_assert_eq(taken[3], 65536);
}
