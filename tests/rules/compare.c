/* rules/compare: token against call (R8224-6.2.4-1, R8225-10.1-1, A-27, A-28). */
#include <criterion/criterion.h>
#include <string.h>

#include "rules/compare.h"

struct compare_case {
    const char *desc;
    struct passport_identity claimed[3];
    bool is_tn;
    const char *actual;
    bool orig_same, dest_same;
};

static const struct compare_case compare_cases[] = {
    {"the same number", {{true, "12155551212"}}, true, "12155551212", true, true},
    {"another number", {{true, "12155551212"}}, true, "12155551213", false, false},
    {"a number of another length", {{true, "12155551212"}}, true, "2155551212", false, false},
    {"R8225-10.1-1: one of several",
     {{true, "12155551213"}, {true, "12155551212"}},
     true,
     "12155551212",
     false,
     true},
    {"none of several",
     {{true, "12155551213"}, {false, "sip:a@b"}},
     true,
     "12155551212",
     false,
     false},
    {"the same URI",
     {{false, "sip:alice@example.com"}},
     false,
     "sip:alice@example.com",
     true,
     true},
    {"another host",
     {{false, "sip:alice@example.com"}},
     false,
     "sip:alice@example.net",
     false,
     false},
    {"sips is not sip",
     {{false, "sip:alice@example.com"}},
     false,
     "sips:alice@example.com",
     false,
     false},
    {"a URI that is not canonical",
     {{false, "sip:Alice@example.com"}},
     false,
     "sip:alice@example.com",
     false,
     false},
    {"A-28: number and URI with the same text",
     {{false, "12155551212"}},
     true,
     "12155551212",
     false,
     false},
    {"a URI behind numbers",
     {{true, "1"}, {true, "2"}, {false, "sip:a@b"}},
     false,
     "sip:a@b",
     false,
     true},
};

Test(compare, each)
{
    for (size_t i = 0; i < sizeof compare_cases / sizeof *compare_cases; i++) {
        const struct compare_case *c = &compare_cases[i];
        struct passport passport = {.orig = c->claimed[0],
                                    .dest = (struct passport_identity *)(uintptr_t)c->claimed};
        struct identity actual = {c->is_tn, (char *)(uintptr_t)c->actual};
        struct stir_error orig = {0}, dest = {0};

        while (passport.n_dest < 3 && c->claimed[passport.n_dest].text != NULL)
            passport.n_dest++;
        cr_expect_eq(compare_orig(&passport, &actual, &orig),
                     c->orig_same ? 0 : STIR_CODE_ORIG_MISMATCH, "%s: %s", c->desc, orig.text);
        cr_expect_eq(compare_dest(&passport, &actual, &dest),
                     c->dest_same ? 0 : STIR_CODE_DEST_MISMATCH, "%s: %s", c->desc, dest.text);
        if (!c->orig_same)
            cr_expect(strstr(orig.text, c->actual) != NULL
                          && strstr(orig.text, c->claimed[0].text) != NULL,
                      "%s: %s", c->desc, orig.text);
    }
}
