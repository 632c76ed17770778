/* number/scope: sets of SPCs and numbers, against cases by hand and a brute-force bitmap. */
#include "number/scope.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/build_scope.h"

/* The set in words: SPCs with !, intervals, literals. */
static const char *words_of(char room[512], const struct stir_scope *scope)
{
    char range[TN_RANGE_SIZE];
    size_t used = 0;

    room[0] = '\0';
    if (scope == NULL)
        return room;
    for (size_t i = 0; i < scope->n_spc_set; i++)
        used += (size_t)sprintf(room + used, " %s!", scope->spc_set[i]);
    for (size_t i = 0; i < scope->n_ranges; i++)
        used += (size_t)sprintf(room + used, " %s", tn_range_text(range, scope->ranges[i]));
    for (size_t i = 0; i < scope->n_literal_set; i++)
        used += (size_t)sprintf(room + used, " %s", scope->literal_set[i]);
    return room[0] == ' ' ? room + 1 : room;
}

static const struct {
    const char *desc, *entries, *set;
} sets[] = {
    {"R9060-4.1-4, A-7: adjacent ranges are one", "1000+500 1500+500", "1000-1999"},
    {"A-7: not adjacent, by one", "1000+499 1500+500", "1000-1498 1500-1999"},
    {"A-7: order and duplicates are nothing", "1500+500 1000+500 1000+500 1200", "1000-1999"},
    {"overlapping", "1000+600 1500+500", "1000-1999"},
    {"one inside another", "1000+1000 1500+10", "1000-1999"},
    {"single numbers join", "1001 1000 1002", "1000-1002"},
    {"up to all nines by a one", "9990+9 9999", "9990-9999"},
    {"lengths do not adjoin", "9 00 99 000", "9 00 99 000"},
    {"A-9: 10 and 11 digits", "2125551212 12125551212", "2125551212 12125551212"},
    {"a leading zero counts", "0100 100", "100 0100"},
    {"A-4: SPCs sorted, by octets, unique", "709j! 709J! 1234! 709J!", "1234! 709J! 709j!"},
    {"A-8: literals sorted, unique", "*67 #31# *67", "#31# *67"},
    {"all kinds", "*67 1000+500 709J! 1500+500", "709J! 1000-1999 *67"},
};

Test(scope, normalise)
{
    char room[512];

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct stir_scope *scope = build_scope(sets[i].entries);
        const char *words = words_of(room, scope);
        cr_expect_str_eq(words, sets[i].set, "%s: %s", sets[i].desc, words);
        cr_expect_eq(scope_normalise(scope), 0, "again");
        scope_free(scope);
    }
}

static const struct {
    const char *desc, *parent, *child, *rest;
} subtractions[] = {
    {"R9060-4-4: equal", "12125551000+1000", "12125551000+1000", ""},
    {"R9060-4-4: a block inside", "12125551000+1000", "12125551500+100", ""},
    {"R9060-4-4: a number inside", "12125551000+1000", "12125551824", ""},
    {"R9060-4-4: one over at the end", "12125551000+1000", "12125551500+501", "12125552000"},
    {"R9060-4-4: one over at the start", "12125551000+1000", "12125550999+10", "12125550999"},
    {"one over at both ends", "1000+10", "0999+12", "0999 1010"},
    {"A-1: overlapping", "1000+1000", "1500+501", "2000"},
    {"nothing in common", "1000+10", "2000+10", "2000-2009"},
    {"A-7: two adjacent entries cover", "1000+500 1500+500", "1400+200", ""},
    {"A-7: two that are not adjacent", "1000+499 1500+500", "1400+200", "1499"},
    {"A-7: the residue", "X! 1000+500", "1400+200", "1500-1599"},
    {"several holes", "10 12 14", "10+6", "11 13 15"},
    {"several children in one interval", "1000+1000", "1000 1500+10 1999", ""},
    {"A-9: another length", "2125551000+1000", "12125551000+1000", "12125551000-12125551999"},
    {"A-4: the same SPC", "709J!", "709J!", ""},
    {"A-4, R8226-9-6: another case", "709J!", "709j!", "709j!"},
    {"A-4: one more SPC", "709J!", "709J! 1234!", "1234!"},
    {"A-4: a prefix is no SPC", "709J!", "709!", "709!"},
    {"A-5: an SPC from numbers", "12125550000+10000", "709J!", "709J!"},
    {"A-2: numbers from an SPC are a rest", "709J!", "12125550000+10",
     "12125550000-12125550009"},
    {"A-8: a literal from a range", "10+80", "*67", "*67"},
    {"A-8: the same literal", "*67", "*67", ""},
    {"A-8: a star is no wildcard", "*", "5", "5"},
    {"A-8: digits are not the literal", "67", "*67", "*67"},
    {"all kinds at once", "A! 10+10 *1", "B! 15+10 *2 A! *1", "B! 20-24 *2"},
};

Test(scope, subtract)
{
    char room[512];

    for (size_t i = 0; i < sizeof subtractions / sizeof *subtractions; i++) {
        struct stir_scope *parent = build_scope(subtractions[i].parent);
        struct stir_scope *child = build_scope(subtractions[i].child);
        struct stir_scope *rest = NULL;
        cr_assert_eq(scope_subtract(child, parent, &rest), 0);
        const char *words = words_of(room, rest);
        cr_expect_str_eq(words, subtractions[i].rest, "%s: %s", subtractions[i].desc, words);
        cr_expect_eq(rest == NULL, subtractions[i].rest[0] == '\0', "%s", subtractions[i].desc);
        scope_free(rest);
        scope_free(child);
        scope_free(parent);
    }
}

static const struct {
    const char *desc, *text;
    size_t len;
    bool good;
} spcs[] = {
    {"A-30: anything printable", "a b,~ !", 7, true},
    {"A-30: empty", "", 0, false},
    {"A-30: a control character", "70\n", 3, false},
    {"A-30: DEL", "70\x7F", 3, false},
    {"A-30: a NUL", "70\0J", 4, false},
    {"A-25: beyond IA5", "70\xC3\xA9", 4, false},
};

Test(scope, spc_octets)
{
    struct stir_scope *scope = scope_new();

    for (size_t i = 0; i < sizeof spcs / sizeof *spcs; i++)
        cr_expect_eq(scope_add_spc(scope, spcs[i].text, spcs[i].len),
                     spcs[i].good ? 0 : STIR_E_SYNTAX, "%s", spcs[i].desc);
    cr_expect_eq(scope->n_entries, 1, "what was refused was not added");
    cr_expect_eq(scope_add_tn(scope, "+1", 2), STIR_E_SYNTAX, "A-9");
    cr_expect_eq(scope_add_tn(scope, "", 0), STIR_E_SYNTAX);
    cr_expect_eq(scope_add_range(scope, (struct tn_range){20, 20}), STIR_E_SYNTAX);
    cr_expect_eq(scope->n_entries, 1, "what was refused was not added");
    scope_free(scope);
    scope_free(NULL);
}

Test(scope, questions)
{
    struct stir_scope *empty = build_scope(""), *spc = build_scope("709J!");
    struct stir_scope *mixed = build_scope("709J! 10+5 12+5 *67 #");

    cr_expect(scope_is_empty(empty));
    cr_expect(!scope_is_spcs_only(empty));
    cr_expect_eq(scope_count(empty), 0);
    cr_expect(!scope_is_empty(spc));
    cr_expect(scope_is_spcs_only(spc));
    cr_expect(!scope_is_spcs_only(mixed));
    cr_expect(scope_has_spc(mixed, "709J"));
    cr_expect(!scope_has_spc(mixed, "709j"));
    cr_expect(scope_has_literal(mixed, "*67"));
    cr_expect(!scope_has_literal(mixed, "*6"));
    cr_expect(scope_has_tn(mixed, "16", 2));
    cr_expect(!scope_has_tn(mixed, "17", 2));
    cr_expect(!scope_has_tn(mixed, "016", 3));
    cr_expect(scope_has_tn(mixed, "*67", 3));
    cr_expect(!scope_has_tn(mixed, "*68", 3));
    cr_expect(!scope_has_tn(mixed, "1234567890123456", 16), "A-9: never covered");
    cr_expect_eq(scope_count(mixed), 9);
    scope_free(empty);
    scope_free(spc);
    scope_free(mixed);
}

Test(scope, a_set_ends_with_the_next_entry)
{
    struct stir_scope *scope = build_scope("10+5");

    build_scope_add(scope, "15");
    cr_expect(!scope->normal);
    cr_assert_eq(scope_normalise(scope), 0);
    cr_expect(scope_has_tn(scope, "15", 2));
    scope_free(scope);
}

/* R8226-5.2-1: lists are long; texts stay where they are while more are added. */
Test(scope, many_entries)
{
    struct stir_scope *scope = scope_new();
    char text[16];

    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "S%d", i);
        cr_assert_eq(scope_add_spc(scope, text, strlen(text)), 0);
        snprintf(text, sizeof text, "%05d", 99999 - i * 2);
        cr_assert_eq(scope_add_tn(scope, text, 5), 0);
    }
    cr_assert_eq(scope_normalise(scope), 0);
    cr_expect_eq(scope->n_entries, 40000);
    cr_expect_eq(scope->n_spc_set, 20000);
    cr_expect_eq(scope->n_ranges, 20000);
    cr_expect_str_eq(scope_entry_at(scope, 0).text, "S0");
    cr_expect(scope_has_spc(scope, "S19999"));
    scope_free(scope);
}

/* ---- Against brute force ---- */

/* Every number of 1 to 3 digits, then SPCs and literals. */
enum { NUMBERS = 10 + 100 + 1000, TEXTS = 4, UNIVERSE = NUMBERS + 2 * TEXTS, ENTRIES = 12 };

static const char *const spc_names[TEXTS] = {"0", "709J", "709j", "X"};
static const char *const literals[TEXTS] = {"#", "*", "*6", "**"};

struct bitmap {
    bool has[UNIVERSE];
};

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

static unsigned random_below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 32) % n);
}

static int offset(int digits)
{
    return digits == 1 ? 0 : digits == 2 ? 10 : 110;
}

static int power(int digits)
{
    return digits == 1 ? 10 : digits == 2 ? 100 : 1000;
}

static const char *text_of(char room[4], int bit)
{
    int digits = bit < 10 ? 1 : bit < 110 ? 2 : 3;

    snprintf(room, 4, "%0*d", digits, (bit - offset(digits)) % 1000);
    return room;
}

static void add_random(struct stir_scope *scope, struct bitmap *bitmap)
{
    unsigned kind = random_below(10), which = random_below(TEXTS);
    int digits = 1 + (int)random_below(3);
    int first = (int)random_below((unsigned)power(digits)), count;
    struct tn_range range;
    char text[4];

    text_of(text, offset(digits) + first);
    if (kind == 0) {
        cr_assert_eq(scope_add_spc(scope, spc_names[which], strlen(spc_names[which])), 0);
        bitmap->has[NUMBERS + which] = true;
    } else if (kind == 1) {
        cr_assert_eq(scope_add_tn(scope, literals[which], strlen(literals[which])), 0);
        bitmap->has[NUMBERS + TEXTS + which] = true;
    } else if (kind < 5) {
        cr_assert_eq(scope_add_tn(scope, text, (size_t)digits), 0);
        bitmap->has[offset(digits) + first] = true;
    } else {
        count = (int)random_below((unsigned)power(digits) / (kind == 5 ? 1 : 5) + 2);
        bool good = count >= 2 && first + count < power(digits); /* R8226-9-5 */
        cr_assert_eq(tn_range_make(text, (size_t)digits, (uint64_t)count, &range), good,
                     "%s/%d", text, count);
        if (!good)
            return;
        cr_assert_eq(scope_add_range(scope, range), 0);
        for (int i = 0; i < count; i++)
            bitmap->has[offset(digits) + first + i] = true;
    }
}

static struct stir_scope *random_scope(struct bitmap *bitmap)
{
    struct stir_scope *scope = scope_new();

    cr_assert_not_null(scope);
    *bitmap = (struct bitmap){0};
    for (unsigned n = random_below(ENTRIES); n > 0; n--)
        add_random(scope, bitmap);
    cr_assert_eq(scope_normalise(scope), 0);
    return scope;
}

/* Is the scope's set the bitmap's, interval by interval, in order? The first interval is the
   witness of what is not covered. */
static bool is_bitmap(const struct stir_scope *scope, const struct bitmap *bitmap)
{
    size_t n = 0, n_spcs = 0, n_literals = 0;
    char first[4], last[4], room[TN_SIZE];

    for (int bit = 0; bit < NUMBERS; bit++) {
        if (!bitmap->has[bit])
            continue;
        int end = bit;
        while (end + 1 < NUMBERS && bitmap->has[end + 1] && end + 1 != 10 && end + 1 != 110)
            end++;
        if (n >= scope->n_ranges
            || strcmp(tn_text(room, scope->ranges[n].first), text_of(first, bit)) != 0
            || strcmp(tn_text(room, scope->ranges[n].last), text_of(last, end)) != 0)
            return false;
        n++;
        bit = end;
    }
    for (int i = 0; i < TEXTS; i++) {
        if (scope_has_spc(scope, spc_names[i]) != bitmap->has[NUMBERS + i]
            || scope_has_literal(scope, literals[i]) != bitmap->has[NUMBERS + TEXTS + i])
            return false;
        n_spcs += bitmap->has[NUMBERS + i];
        n_literals += bitmap->has[NUMBERS + TEXTS + i];
    }
    return n == scope->n_ranges && n_spcs == scope->n_spc_set
           && n_literals == scope->n_literal_set;
}

static void check_membership(const struct stir_scope *scope, const struct bitmap *bitmap)
{
    char text[4];

    for (int i = 0; i < 20; i++) {
        int bit = (int)random_below(NUMBERS);
        text_of(text, bit);
        cr_assert_eq(scope_has_tn(scope, text, strlen(text)), bitmap->has[bit], "%s", text);
    }
}

static void check_rest(const struct stir_scope *child, const struct bitmap *of_child,
                       const struct stir_scope *parent, const struct bitmap *of_parent)
{
    struct stir_scope *rest = NULL;
    struct bitmap left;
    bool any = false;
    char room[512];

    for (int i = 0; i < UNIVERSE; i++)
        any |= left.has[i] = of_child->has[i] && !of_parent->has[i];
    cr_assert_eq(scope_subtract(child, parent, &rest), 0);
    cr_assert_eq(rest != NULL, any);
    if (rest != NULL)
        cr_assert(is_bitmap(rest, &left), "%s", words_of(room, rest));
    scope_free(rest);
}

/* The entries of both, alternately, backwards: the union, whatever the order. */
static void check_union(const struct stir_scope *a, const struct bitmap *of_a,
                        const struct stir_scope *b, const struct bitmap *of_b)
{
    const struct stir_scope *const both[] = {a, b};
    struct stir_scope *all = scope_new();
    struct bitmap either;

    for (int i = 0; i < UNIVERSE; i++)
        either.has[i] = of_a->has[i] || of_b->has[i];
    for (size_t i = ENTRIES; i-- > 0;) {
        for (int j = 0; j < 2; j++) {
            if (i >= both[j]->n_entries)
                continue;
            struct scope_entry e = scope_entry_at(both[j], i);
            if (e.first == SCOPE_SPC)
                cr_assert_eq(scope_add_spc(all, e.text, strlen(e.text)), 0);
            else if (e.first == SCOPE_LITERAL)
                cr_assert_eq(scope_add_tn(all, e.text, strlen(e.text)), 0);
            else
                cr_assert_eq(scope_add_range(all, (struct tn_range){e.first, e.last}), 0);
        }
    }
    cr_assert_eq(scope_normalise(all), 0);
    cr_assert(is_bitmap(all, &either));
    check_rest(a, of_a, all, &either);
    scope_free(all);
}

/* 10^5 random sets, in pairs: sets, unions, what is left, the first interval left. */
Test(scope, brute_force)
{
    for (int i = 0; i < 50000; i++) {
        struct bitmap of_a, of_b;
        struct stir_scope *a = random_scope(&of_a), *b = random_scope(&of_b);
        cr_assert(is_bitmap(a, &of_a), "set %d", i);
        cr_assert(is_bitmap(b, &of_b), "set %d", i);
        check_membership(a, &of_a);
        check_rest(a, &of_a, b, &of_b);
        check_rest(b, &of_b, a, &of_a);
        check_rest(a, &of_a, a, &of_a);
        check_union(a, &of_a, b, &of_b);
        scope_free(a);
        scope_free(b);
    }
}

/* Sorting by hand, on long lists: against qsort. */
static int compare_ranges(const void *a, const void *b)
{
    const struct tn_range *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

Test(scope, long_lists_against_qsort)
{
    enum { N = 3000 };
    static struct tn_range ranges[N], sorted[N];

    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < N; i++) {
            uint64_t first = tn_make(7, random_below(10000000 / (1 + (unsigned)round)));
            ranges[i] = (struct tn_range){first, first + random_below(3)};
        }
        memcpy(sorted, ranges, sizeof sorted);
        qsort(sorted, N, sizeof *sorted, compare_ranges);
        size_t n = tn_ranges_merge(ranges, N), at = 0;
        for (size_t i = 1; i < n; i++)
            cr_assert_gt(ranges[i].first, ranges[i - 1].last + 1);
        for (int i = 0; i < N; i++) {
            while (at < n && ranges[at].last < sorted[i].first)
                at++;
            cr_assert(at < n && ranges[at].first <= sorted[i].first
                      && ranges[at].last >= sorted[i].last);
        }
    }
}
