/* service/scope: struct stir_scope as callers see it. What its set is, is tested in
   number/scope; its DER in cert/tnauthlist. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "stir.h"
#include "tests/help.h"

/* "709J,12155550000+100,t12155551212,t*67" */
static struct stir_scope *made(const char *words)
{
    struct stir_scope *scope = stir_scope_new();
    char *copy = strdup(words), *at = copy, *word;

    while ((word = strsep(&at, ",")) != NULL) {
        char *plus = strchr(word, '+');
        int result = 0;
        if (plus != NULL) {
            *plus = '\0';
            result = stir_scope_add_range(scope, word, strtoul(plus + 1, NULL, 10), NULL);
        } else if (*word == 't') {
            result = stir_scope_add_tn(scope, word + 1, NULL);
        } else if (*word != '\0') {
            result = stir_scope_add_spc(scope, word, NULL);
        }
        cr_assert_eq(result, 0, "%s", words);
    }
    free(copy);
    return scope;
}

Test(scope, entries_in_the_order_they_were_added)
{
    struct stir_scope *scope = made("709J,12155550000+100,t12155551212,t*67");
    struct stir_entry entry;

    cr_assert(stir_scope_entry(scope, 0, &entry));
    cr_assert_str_eq(entry.spc, "709J");
    cr_assert_str_eq(entry.first, "");
    cr_assert_eq(entry.count, 0);
    cr_assert(stir_scope_entry(scope, 1, &entry));
    cr_assert_null(entry.spc);
    cr_assert_str_eq(entry.first, "12155550000");
    cr_assert_str_eq(entry.last, "12155550099");
    cr_assert_eq(entry.count, 100);
    cr_assert(stir_scope_entry(scope, 2, &entry));
    cr_assert_str_eq(entry.first, "12155551212");
    cr_assert_str_eq(entry.last, "12155551212");
    cr_assert_eq(entry.count, 1);
    cr_assert(stir_scope_entry(scope, 3, &entry));
    cr_assert_str_eq(entry.first, "*67");
    cr_assert_str_eq(entry.last, "*67");
    cr_assert_eq(entry.count, 1);
    cr_assert_not(stir_scope_entry(scope, 4, &entry));
    cr_assert_not(stir_scope_entry(NULL, 0, &entry));
    stir_scope_free(scope);
}

static const struct {
    const char *desc, *first;
    uint64_t count;
    int result;
} ranges[] = {
    {"R8226-9-5, A-6: 10/89", "10", 89, 0},
    {"R8226-9-5, A-6: 10/90", "10", 90, STIR_E_SYNTAX},
    {"R8226-9-3: count 2", "10", 2, 0},
    {"R8226-9-3: count 1", "10", 1, STIR_E_SYNTAX},
    {"R8226-9-4: a literal", "*0", 2, STIR_E_SYNTAX},
    {"A-6: a count that would wrap", "10", UINT64_MAX, STIR_E_SYNTAX},
    {"no digits", "", 2, STIR_E_SYNTAX},
};

Test(scope, ranges)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct stir_scope *scope = stir_scope_new();
        struct stir_error error = {0};
        int result = stir_scope_add_range(scope, ranges[i].first, ranges[i].count, &error);
        cr_expect_eq(result, ranges[i].result, "%s: %d", ranges[i].desc, result);
        cr_expect_eq(error.code, ranges[i].result, "%s: %s", ranges[i].desc, error.text);
        stir_scope_free(scope);
    }
}

Test(scope, adds_no_rubbish)
{
    struct stir_scope *scope = stir_scope_new();
    struct stir_error error = {0};
    struct stir_entry entry;

    cr_assert_eq(stir_scope_add_spc(scope, "", &error), STIR_E_SYNTAX); /* */
    cr_assert_eq(stir_scope_add_spc(scope, "a\n", &error), STIR_E_SYNTAX);
    cr_assert_not_null(strstr(error.text, "SPC \"a\\x0A\""), "%s", error.text);
    cr_assert_eq(stir_scope_add_tn(scope, "+1", &error), STIR_E_SYNTAX); /* */
    cr_assert_not_null(strstr(error.text, "number \"+1\""), "%s", error.text);
    cr_assert_eq(stir_scope_add_spc(NULL, "a", &error), STIR_E_ARGUMENT);
    cr_assert_eq(stir_scope_add_tn(scope, NULL, &error), STIR_E_ARGUMENT);
    cr_assert_eq(stir_scope_add_range(scope, NULL, 2, &error), STIR_E_ARGUMENT);
    cr_assert_not(stir_scope_entry(scope, 0, &entry));
    stir_scope_free(scope);
}

Test(scope, parse_and_encode)
{
    struct stir_error error = {0};
    size_t len, again_len;
    uint8_t *der = help_unhex("3008A00616043730394A", &len);
    struct stir_scope *scope = stir_scope_parse(der, len, &error);

    cr_assert_not_null(scope, "%s", error.text);
    uint8_t *again = stir_scope_encode(scope, &again_len, &error);
    cr_assert_eq(again_len, len);
    cr_assert_arr_eq(again, der, len);
    free(again);
    stir_scope_free(scope);

    der[2] = 0xA3; /* R8226-9-3 */
    cr_assert_null(stir_scope_parse(der, len, &error));
    cr_assert_eq(error.code, STIR_CODE_TNAUTHLIST_SYNTAX);
    cr_assert_null(stir_scope_parse(NULL, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    scope = stir_scope_new();
    cr_assert_null(stir_scope_encode(scope, &len, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_eq(len, 0);
    stir_scope_free(scope);
    free(der);
}

/* What is added after a question counts in the next one. */
Test(scope, may_grow_between_questions)
{
    struct stir_scope *scope = made("12155550000+100");

    cr_assert_eq(stir_scope_covers(scope, "12155550100", NULL), STIR_NO);
    cr_assert_eq(stir_scope_add_tn(scope, "12155550100", NULL), 0);
    cr_assert_eq(stir_scope_covers(scope, "12155550100", NULL), STIR_YES);
    stir_scope_free(scope);
}

static const struct {
    const char *desc, *scope, *tn;
    int answer;
} covered[] = {
    {"the first", "12155550000+100", "12155550000", STIR_YES},
    {"the last", "12155550000+100", "12155550099", STIR_YES},
    {"one beyond", "12155550000+100", "12155550100", STIR_NO},
    {"an SPC may have it", "709J", "12155550100", STIR_UNKNOWN},
    {"an SPC is not asked for a literal (A-8)", "709J", "*67", STIR_NO},
    {"a literal (A-8)", "t*67", "*67", STIR_YES},
    {"A-9: no country code is added", "12155550000+100", "2155550000", STIR_NO},
    {"A-9: no number", "12155550000+100", "+12155550000", STIR_E_SYNTAX},
    {"nothing", "", "1", STIR_NO},
};

Test(scope, covers)
{
    for (size_t i = 0; i < sizeof covered / sizeof *covered; i++) {
        struct stir_scope *scope = made(covered[i].scope);
        int answer = stir_scope_covers(scope, covered[i].tn, NULL);
        cr_expect_eq(answer, covered[i].answer, "%s: %d", covered[i].desc, answer);
        stir_scope_free(scope);
    }
    cr_expect_eq(stir_scope_covers(NULL, "1", NULL), STIR_E_ARGUMENT);
}

static const struct {
    const char *desc, *parent, *child;
    int answer;
    const char *first; /* of rest; NULL: no rest. An SPC: itself */
} pairs[] = {
    {"the same", "709J,12155550000+100", "12155550000+100,709J", STIR_YES, NULL},
    {"A-7: over two that meet", "1000+500,1500+500", "1400+200", STIR_YES, NULL},
    {"A-1: beyond", "1000+500", "1400+200", STIR_NO, "1500"},
    {"A-3: beyond, but there is an SPC", "1000+500,709J", "1400+200", STIR_UNKNOWN, "1500"},
    {"A-4: another SPC", "709J", "709j", STIR_NO, "709j"},
    {"A-5: an SPC under numbers", "12125550000+10000", "709J", STIR_NO, "709J"},
    {"A-8: a literal under an SPC", "709J", "t*67", STIR_NO, "*67"},
    {"A-8: a literal under itself", "t*67", "t*67", STIR_YES, NULL},
    {"a literal beats what is unknown", "709J", "1400+200,t*67", STIR_NO, "1400"},
};

Test(scope, encompasses)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct stir_scope *parent = made(pairs[i].parent), *child = made(pairs[i].child), *rest;
        struct stir_entry entry = {0};
        int answer = stir_scope_encompasses(parent, child, &rest, NULL);
        cr_expect_eq(answer, pairs[i].answer, "%s: %d", pairs[i].desc, answer);
        cr_expect_eq(stir_scope_encompasses(parent, child, NULL, NULL), answer);
        cr_expect_eq(rest == NULL, pairs[i].first == NULL, "%s", pairs[i].desc);
        if (rest != NULL && pairs[i].first != NULL) {
            stir_scope_entry(rest, 0, &entry);
            cr_expect_str_eq(entry.spc != NULL ? entry.spc : entry.first, pairs[i].first, "%s",
                             pairs[i].desc);
        }
        stir_scope_free(rest);
        stir_scope_free(parent);
        stir_scope_free(child);
    }
}

Test(scope, encompasses_nothing_that_is_NULL)
{
    struct stir_scope *scope = stir_scope_new(), *rest = scope;

    cr_assert_eq(stir_scope_encompasses(scope, NULL, &rest, NULL), STIR_E_ARGUMENT);
    cr_assert_null(rest);
    cr_assert_eq(stir_scope_encompasses(NULL, scope, NULL, NULL), STIR_E_ARGUMENT);
    stir_scope_free(scope);
    stir_scope_free(NULL);
}
