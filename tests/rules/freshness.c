/* rules/freshness: iat, Date, exp and nbf against a clock (R8224-6.2-4, R8225-10.1-1, R7519-1,
 */
#include <criterion/criterion.h>
#include <string.h>

#include "rules/freshness.h"

/* RFC 8224 section 5.1's Date. */
#define NOW INT64_C(1443208345)
#define DATE "Fri, 25 Sep 2015 19:12:25 GMT"

struct fresh_case {
    const char *desc;
    int64_t iat;
    const char *date;
    int64_t now;
    int code;
    const char *wanted; /* of the sentence, or of the warning where it is taken */
    bool require_date;
};

static const struct fresh_case fresh_cases[] = {
    {"now", NOW, DATE, NOW, 0, NULL, false},
    {"A-26: 60 s old", NOW, DATE, NOW + 60, 0, NULL, false},
    {"A-26: 61 s old", NOW, DATE, NOW + 61, STIR_CODE_STALE_IAT, "61 s before now", false},
    {"60 s ahead", NOW, DATE, NOW - 60, 0, NULL, false},
    {"R8224-6.2-4: 61 s ahead", NOW, DATE, NOW - 61, STIR_CODE_STALE_IAT, "61 s after now",
     false},
    {"the sentence gives the time", NOW, DATE, 0, STIR_CODE_STALE_IAT, "2015-09-25T19:12:25Z",
     false},
    {"the greatest distance", INT64_C(1) << 53, DATE, INT64_MIN, STIR_CODE_STALE_IAT,
     "after now", false},

    {"A-26: no Date", NOW, NULL, NOW, 0, "date-differs: the call has no Date", false},
    {"no Date, and it must be", NOW, NULL, NOW, STIR_CODE_STALE_DATE, "no Date", true},
    {"no date at all", NOW, "yesterday", NOW, 0, "date-differs: Date \"yesterday\" is no date",
     false},
    {"no date at all, and it must be", NOW, "yesterday", NOW, STIR_CODE_STALE_DATE,
     "\"yesterday\"", true},
    {"R8224-6.2-4: Date stale, iat fresh", NOW, "Fri, 25 Sep 2015 18:12:25 GMT", NOW, 0,
     "date-differs: Date is 2015-09-25T18:12:25Z, 3600 s before now", false},
    {"Date stale, and it must not be", NOW, "Fri, 25 Sep 2015 18:12:25 GMT", NOW,
     STIR_CODE_STALE_DATE, "3600 s before now", true},
    {"Date 61 s ahead", NOW, "Fri, 25 Sep 2015 19:13:26 GMT", NOW, STIR_CODE_STALE_DATE,
     "61 s after now", true},
    {"Date 60 s ahead", NOW, "Fri, 25 Sep 2015 19:13:25 GMT", NOW, 0, "60 s after iat", true},
    {"a Date that differs and is fresh", NOW, "Fri, 25 Sep 2015 19:12:20 GMT", NOW, 0,
     "date-differs: Date is 5 s before iat", false},
    {"the same where Date must be fresh", NOW, "Fri, 25 Sep 2015 19:12:20 GMT", NOW, 0,
     "date-differs: Date is 5 s before iat", true},
    {"the same as iat", NOW, DATE, NOW, 0, NULL, true},
    {"stale iat before stale Date", NOW, "yesterday", NOW + 61, STIR_CODE_STALE_IAT, "iat",
     true},
};

Test(freshness, iat_and_date)
{
    for (size_t i = 0; i < sizeof fresh_cases / sizeof *fresh_cases; i++) {
        const struct fresh_case *c = &fresh_cases[i];
        struct freshness_policy policy = {60, c->require_date};
        struct passport passport = {.iat = c->iat};
        struct warnings warnings = {0};
        struct stir_error error = {0};
        int rc = freshness_check(&passport, c->date, c->now, &policy, &warnings, &error);
        const char *said = rc != 0 ? error.text : warnings.n > 0 ? warnings.lines[0] : NULL;

        cr_expect_eq(rc, c->code, "%s: %s", c->desc, error.text);
        cr_expect_eq(said != NULL, c->wanted != NULL, "%s: %s", c->desc, said);
        if (c->wanted != NULL && said != NULL)
            cr_expect(strstr(said, c->wanted) != NULL, "%s: %s", c->desc, said);
        warnings_free(&warnings);
    }
}

Test(freshness, window_is_obeyed)
{
    struct passport passport = {.iat = NOW};
    static const struct {
        int64_t window, now;
        int code;
    } cases[] = {
        {0, NOW, 0},
        {0, NOW + 1, STIR_CODE_STALE_IAT},
        {5, NOW + 5, 0},
        {5, NOW + 6, STIR_CODE_STALE_IAT},
        {86400, NOW - 86400, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct freshness_policy policy = {cases[i].window, false};
        cr_expect_eq(freshness_check(&passport, DATE, cases[i].now, &policy, NULL, NULL),
                     cases[i].code, "case %zu", i);
    }
}

static const struct {
    const char *desc;
    bool has_exp;
    int64_t exp;
    bool has_nbf;
    int64_t nbf;
    int code;
} validity_cases[] = {
    {"neither", false, 0, false, 0, 0},
    {"R7519-1: exp to come", true, NOW + 1, false, 0, 0},
    {"exp is now", true, NOW, false, 0, STIR_CODE_TOKEN_EXPIRED},
    {"exp is past", true, NOW - 1, false, 0, STIR_CODE_TOKEN_EXPIRED},
    {"R7519-1: nbf is now", false, 0, true, NOW, 0},
    {"nbf to come", false, 0, true, NOW + 1, STIR_CODE_TOKEN_NOT_YET_VALID},
    {"both wrong", true, NOW - 1, true, NOW + 1, STIR_CODE_TOKEN_EXPIRED},
    {"both right", true, NOW + 1, true, NOW, 0},
};

Test(freshness, exp_and_nbf)
{
    static const struct freshness_policy policy = {60, false};

    for (size_t i = 0; i < sizeof validity_cases / sizeof *validity_cases; i++) {
        struct passport passport = {.iat = NOW,
                                    .has_exp = validity_cases[i].has_exp,
                                    .exp = validity_cases[i].exp,
                                    .has_nbf = validity_cases[i].has_nbf,
                                    .nbf = validity_cases[i].nbf};
        struct stir_error error = {0};

        cr_expect_eq(freshness_check(&passport, DATE, NOW, &policy, NULL, &error),
                     validity_cases[i].code, "%s: %s", validity_cases[i].desc, error.text);
    }
}
