/* base/error, base/text: the first error wins, and what is shown is printable. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

Test(error, first_one_wins)
{
    struct stir_error error;

    error_clear(&error);
    cr_assert_eq(error_set_at(&error, STIR_CODE_CERT_SYNTAX, 2, "first %d", 1),
                 STIR_CODE_CERT_SYNTAX);
    cr_assert_eq(error_set(&error, STIR_E_FILE, "second"), STIR_E_FILE);
    cr_assert_eq(error.code, STIR_CODE_CERT_SYNTAX);
    cr_assert_eq(error.depth, 2);
    cr_assert_str_eq(error.text, "first 1");
    error_clear(NULL);
    cr_assert_eq(error_set(NULL, STIR_E_FILE, "nobody hears"), STIR_E_FILE);
}

Test(error, a_long_sentence_ends_on_a_whole_character)
{
    struct stir_error error;
    char text[301];

    for (size_t start = 0; start < 4; start++) {
        memset(text, 'a', start);
        for (size_t i = start; i < 300; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", i + 3 <= 300 ? 3 : 300 - i);
        text[300] = '\0';
        error_clear(&error);
        error_set(&error, STIR_E_FILE, "%s", text);
        size_t len = strlen(error.text);
        cr_assert_lt(len, sizeof error.text);
        cr_assert_geq(len, sizeof error.text - 3);
        cr_assert_eq((len - start) % 3, 0, "cut inside a character at start %zu", start);
    }
}

static const struct {
    const char *desc, *in;
    size_t len;
    const char *out;
} shown_cases[] = {
    {"plain", "ACME", 4, "ACME"},
    {"backslash", "a\\b", 3, "a\\x5Cb"},
    {"line feed", "a\nb", 3, "a\\x0Ab"},
    {"NUL", "a\0b", 3, "a\\x00b"},
    {"UTF-8", "\xC3\xA9", 2, "\xC3\xA9"},
    {"cut UTF-8", "\xC3", 1, "\\xC3"},
    {"overlong", "\xC0\x80", 2, "\\xC0\\x80"},
    {"surrogate", "\xED\xA0\x80", 3, "\\xED\\xA0\\x80"},
    {"C1 control", "\xC2\x85", 2, "\\xC2\\x85"},
    {"bidirectional override", "\xE2\x80\xAE", 3, "\\xE2\\x80\\xAE"},
    {"emoji", "\xF0\x9F\x93\x9E", 4, "\xF0\x9F\x93\x9E"},
    {"beyond Unicode", "\xF4\x90\x80\x80", 4, "\\xF4\\x90\\x80\\x80"},
};

Test(text, shown)
{
    for (size_t i = 0; i < sizeof shown_cases / sizeof *shown_cases; i++) {
        char *out = text_shown(shown_cases[i].in, shown_cases[i].len);
        cr_expect_str_eq(out, shown_cases[i].out, "%s: %s", shown_cases[i].desc, out);
        free(out);
    }
}

Test(text, shown_in_a_sentence_is_cut)
{
    char room[SHOWN_SIZE], name[200];

    memset(name, 'x', sizeof name);
    shown(room, name, sizeof name);
    cr_assert_eq(strlen(room), SHOWN_SIZE - 1);
    cr_assert_str_eq(room + SHOWN_SIZE - 4, "...");
    shown(room, name, SHOWN_SIZE - 1);
    cr_assert_eq(strspn(room, "x"), SHOWN_SIZE - 1);
}
