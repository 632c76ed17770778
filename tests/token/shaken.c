/* token/shaken: attest and origid (R8588-4, R8588-5, A-34). */
#include <criterion/criterion.h>
#include <string.h>

#include "token/shaken.h"

static const struct {
    const char *desc, *payload, *found; /* found: NULL: good */
} attest_cases[] = {
    /* A74-7: what A, B and C say is the provider's to know; that it is one of them is ours. */
    {"A74-7: A", "{\"attest\":\"A\"}", NULL},
    {"B", "{\"attest\":\"B\"}", NULL},
    {"C", "{\"attest\":\"C\"}", NULL},
    {"R8588-4: lower case", "{\"attest\":\"a\"}", "attest is \"a\""},
    {"R8588-4: another letter", "{\"attest\":\"D\"}", "attest is \"D\""},
    {"two letters", "{\"attest\":\"AB\"}", "attest is \"AB\""},
    {"a blank behind", "{\"attest\":\"A \"}", "attest is \"A \""},
    {"empty", "{\"attest\":\"\"}", "attest is \"\""},
    {"R8588-4: absent", "{}", "attest is absent"},
    {"null", "{\"attest\":null}", "attest is null"},
    {"an array", "{\"attest\":[\"A\"]}", "attest is an array"},
    {"another name", "{\"Attest\":\"A\"}", "attest is absent"},
};

static const struct {
    const char *desc, *payload, *found;
    bool any_takes_it;
} origid_cases[] = {
    {"a UUID", "{\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}", NULL, true},
    {"R8588-5: in upper case", "{\"origid\":\"123E4567-E89B-12D3-A456-426655440000\"}", NULL,
     true},
    {"R8588-5: no UUID", "{\"origid\":\"13131313\"}", "origid is \"13131313\"", true},
    {"a digit too few", "{\"origid\":\"123e4567-e89b-12d3-a456-42665544000\"}", "origid is",
     true},
    {"a digit too many", "{\"origid\":\"123e4567-e89b-12d3-a456-4266554400000\"}", "is", true},
    {"no hexadecimal digit", "{\"origid\":\"123e4567-e89b-12d3-a456-42665544000g\"}", "is",
     true},
    {"a dash elsewhere", "{\"origid\":\"123e45678-e89-12d3-a456-426655440000\"}", "is", true},
    {"in braces", "{\"origid\":\"{123e4567-e89b-12d3-a456-426655440000}\"}", "is", true},
    {"empty", "{\"origid\":\"\"}", "origid is \"\"", false},
    {"R8588-5: absent", "{}", "origid is absent", false},
    {"a number", "{\"origid\":13131313}", "origid is a number", false},
};

static struct value *load(const char *text)
{
    struct value *value;

    cr_assert_eq(value_load(text, strlen(text), &value, NULL), 0, "%s", text);
    return value;
}

Test(shaken, attest)
{
    for (size_t i = 0; i < sizeof attest_cases / sizeof *attest_cases; i++) {
        const char *found = attest_cases[i].found, *attest = NULL;
        struct value *payload = load(attest_cases[i].payload);
        struct stir_error error = {0};

        cr_expect_eq(shaken_check_attest(payload, &attest, &error),
                     found == NULL ? 0 : STIR_CODE_ATTEST_SYNTAX, "%s", attest_cases[i].desc);
        cr_expect_eq(attest != NULL, found == NULL, "%s", attest_cases[i].desc);
        if (found != NULL)
            cr_expect(strstr(error.text, found) != NULL, "%s: %s", attest_cases[i].desc,
                      error.text);
        value_free(payload);
    }
}

Test(shaken, origid)
{
    for (size_t i = 0; i < sizeof origid_cases / sizeof *origid_cases; i++) {
        const char *found = origid_cases[i].found, *origid = NULL;
        struct value *payload = load(origid_cases[i].payload);
        struct stir_error error = {0};

        cr_expect_eq(shaken_check_origid(payload, false, &origid, &error),
                     found == NULL ? 0 : STIR_CODE_ORIGID_SYNTAX, "%s", origid_cases[i].desc);
        cr_expect_eq(origid != NULL, found == NULL, "%s", origid_cases[i].desc);
        if (found != NULL)
            cr_expect(strstr(error.text, found) != NULL, "%s: %s", origid_cases[i].desc,
                      error.text);
        cr_expect_eq(shaken_check_origid(payload, true, &origid, NULL),
                     origid_cases[i].any_takes_it ? 0 : STIR_CODE_ORIGID_SYNTAX, "%s: any",
                     origid_cases[i].desc);
        value_free(payload);
    }
}
