/* sip/number_plan: R8224-8.3-2, A-9. */
#include <criterion/criterion.h>
#include <string.h>

#include "sip/number_plan.h"

static const struct {
    const char *desc;
    enum number_plan plan;
    bool global;
    const char *in, *out;
} cases[] = {
    {"national", NUMBER_PLAN_NANP, false, "2155551212", "12155551212"},
    {"national, but written with +", NUMBER_PLAN_NANP, true, "2155551212", "2155551212"},
    {"national, without a plan", NUMBER_PLAN_NONE, false, "2155551212", "2155551212"},
    {"with country code", NUMBER_PLAN_NANP, false, "12155551212", "12155551212"},
    {"area code 155", NUMBER_PLAN_NANP, false, "1555551212", "1555551212"},
    {"exchange 155", NUMBER_PLAN_NANP, false, "2151551212", "2151551212"},
    {"area code 295", NUMBER_PLAN_NANP, false, "2955551212", "2955551212"},
    {"nine digits", NUMBER_PLAN_NANP, false, "215555121", "215555121"},
    {"international prefix", NUMBER_PLAN_NANP, false, "011442071838750", "442071838750"},
    {"international prefix after a +", NUMBER_PLAN_NANP, true, "0114420718", "0114420718"},
    {"nothing but the prefix", NUMBER_PLAN_NANP, false, "011", "011"},
    {"emergency", NUMBER_PLAN_NANP, false, "911", "911"},
    {"service code", NUMBER_PLAN_NANP, false, "*67", "*67"},
    {"ten characters with a star", NUMBER_PLAN_NANP, false, "215555121*", "215555121*"},
};

Test(number_plan, complete)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char number[32];
        strcpy(number, cases[i].in);
        number_plan_complete(cases[i].plan, cases[i].global, number, sizeof number);
        cr_expect_str_eq(number, cases[i].out, "%s: %s", cases[i].desc, number);
    }
}

Test(number_plan, no_room_no_change)
{
    char number[11] = "2155551212";

    number_plan_complete(NUMBER_PLAN_NANP, false, number, sizeof number);
    cr_assert_str_eq(number, "2155551212");
}
