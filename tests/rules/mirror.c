/* rules/mirror: the header's parameters against the JOSE header (R8224-4.1-2 to -4, A-18). */
#include <criterion/criterion.h>
#include <string.h>

#include "rules/mirror.h"

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static const struct {
    const char *desc, *parameter, *member;
    int code;
    bool warns;
} ppt_cases[] = {
    {"R8224-4.1-4: equal", "shaken", "shaken", 0, false},
    {"neither", NULL, NULL, 0, false},
    {"A-18: the parameter is missing", NULL, "shaken", 0, true},
    {"A-18: the token has none", "shaken", NULL, STIR_CODE_PPT_MISMATCH, false},
    {"an empty parameter is there", "", NULL, STIR_CODE_PPT_MISMATCH, false},
    {"R8224-4.1-4: another", "div", "shaken", STIR_CODE_PPT_MISMATCH, false},
    {"R8224-4-4: compared exactly", "SHAKEN", "shaken", STIR_CODE_PPT_MISMATCH, false},
    {"a beginning", "shake", "shaken", STIR_CODE_PPT_MISMATCH, false},
};

Test(mirror, ppt)
{
    for (size_t i = 0; i < sizeof ppt_cases / sizeof *ppt_cases; i++) {
        struct identity_header header = {.ppt = text(ppt_cases[i].parameter)};
        struct passport passport = {.ppt = ppt_cases[i].member};
        struct warnings warnings = {0};
        struct stir_error error = {0};

        cr_expect_eq(mirror_check_ppt(&header, &passport, &warnings, &error), ppt_cases[i].code,
                     "%s: %s", ppt_cases[i].desc, error.text);
        cr_expect_eq(warnings.n, ppt_cases[i].warns ? 1 : 0, "%s", ppt_cases[i].desc);
        if (ppt_cases[i].warns)
            cr_expect_str_eq(warnings.lines[0],
                             "ppt-parameter-missing: Identity has no parameter ppt, but the "
                             "token's ppt is shaken (RFC 8224 section 4.1)");
        warnings_free(&warnings);
    }
}

static const struct {
    const char *desc, *parameter, *member;
    bool same;
} alg_cases[] = {
    {"R8224-4.1-2: equal", "ES256", "ES256", true},
    {"R8224-4.1-2: absent means ES256", NULL, "ES256", true},
    {"R8224-4.1-2: ES384 in the parameter", "ES384", "ES256", false},
    {"absent, and another in the token", NULL, "ES384", false},
    {"empty", "", "ES256", false},
    {"R8224-4-4: compared exactly", "es256", "ES256", false},
};

Test(mirror, alg)
{
    for (size_t i = 0; i < sizeof alg_cases / sizeof *alg_cases; i++) {
        struct identity_header header = {.alg = text(alg_cases[i].parameter)};
        struct passport passport = {.alg = alg_cases[i].member};
        struct stir_error error = {0};

        cr_expect_eq(mirror_check_alg(&header, &passport, &error),
                     alg_cases[i].same ? 0 : STIR_CODE_ALG_MISMATCH, "%s: %s",
                     alg_cases[i].desc, error.text);
    }
}

static const struct {
    const char *desc, *parameter, *member;
    bool same;
} x5u_cases[] = {
    {"R8224-4.1-3: equal", "https://cert.example.org/a", "https://cert.example.org/a", true},
    {"R8224-4.1-3: case of the host", "https://CERT.example.org/a",
     "https://cert.example.org/a", false},
    {"a port that changes nothing", "https://cert.example.org:443/a",
     "https://cert.example.org/a", false},
    {"a slash behind", "https://cert.example.org/a/", "https://cert.example.org/a", false},
    {"percent-encoding", "https://cert.example.org/%61", "https://cert.example.org/a", false},
};

Test(mirror, x5u)
{
    for (size_t i = 0; i < sizeof x5u_cases / sizeof *x5u_cases; i++) {
        struct identity_header header = {.info = text(x5u_cases[i].parameter)};
        struct passport passport = {.x5u = x5u_cases[i].member};
        struct stir_error error = {0};

        cr_expect_eq(mirror_check_x5u(&header, &passport, &error),
                     x5u_cases[i].same ? 0 : STIR_CODE_X5U_MISMATCH, "%s: %s",
                     x5u_cases[i].desc, error.text);
        if (!x5u_cases[i].same)
            cr_expect(strstr(error.text, x5u_cases[i].parameter) != NULL
                          && strstr(error.text, x5u_cases[i].member) != NULL,
                      "%s: %s", x5u_cases[i].desc, error.text);
    }
}
