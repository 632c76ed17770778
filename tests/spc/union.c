/* spc/union: per number, any yes is a yes, then any no is a no, otherwise unknown. */
#include <criterion/criterion.h>
#include <string.h>

#include "spc/csv.h"
#include "spc/union.h"

static struct spc_source *source_of(const char *rows)
{
    struct csv *csv = NULL;
    struct stir_resolver resolver;
    struct stir_error error;

    error_clear(&error);
    cr_assert_eq(csv_parse(rows, strlen(rows), &csv, &error), 0, "%s", error.text);
    csv_resolver(csv, &resolver);
    return spc_source_new(&resolver);
}

static const struct {
    const char *desc, *spc, *tn;
    enum stir_answer answer;
} cases[] = {
    {"of the first", "A", "1000", STIR_YES},
    {"of the second", "A", "1500", STIR_YES},
    {"of neither", "A", "1200", STIR_NO},
    {"an SPC of the first alone", "B", "2000", STIR_YES},
    {"an SPC of the first alone, another number", "B", "2001", STIR_NO},
    {"an SPC of the second alone", "C", "3000", STIR_YES},
    {"an SPC of neither", "D", "1000", STIR_UNKNOWN},
};

Test(spc_union, per_number)
{
    struct spc_source *first = source_of("spc,first,last\nA,1000,1099\nB,2000,2000\n"),
                      *second = source_of("spc,first,last\nA,1500,1599\nC,3000,3000\n"),
                      *both = spc_source_union(first, second),
                      *turned = spc_source_union(second, first);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int turn = 0; turn < 2; turn++) {
            struct spc_questions questions = {0};
            uint64_t tn = tn_parse(cases[i].tn, strlen(cases[i].tn));
            struct tn_range range = {tn, tn};
            spc_questions_add(&questions, cases[i].spc, range, 0);
            cr_assert_eq(spc_ask(turn ? turned : both, &questions, NULL), 0);
            cr_expect_eq(spc_judge(&questions, &cases[i].spc, 1, range, 0, NULL),
                         cases[i].answer, "%s", cases[i].desc);
            spc_questions_free(&questions);
        }
    spc_source_free(first);
    spc_source_free(second);
    spc_source_free(turned);
    spc_source_free(both);
}

/* What both keep is kept, by a generation that changes with either's (stir_want_keep()). */
struct keeper {
    uint64_t generation;
    int64_t seconds;
    bool keeps;
    int64_t as_of; /* 0: it does not say */
    bool silent;   /* it knows nothing */
};

#define KEEPS(g, s, k)                                                                         \
    {                                                                                          \
        .generation = (g), .seconds = (s), .keeps = (k)                                        \
    }

static int say_yes(void *arg, struct stir_want *want, struct stir_error *error)
{
    const struct keeper *keeper = arg;

    (void)error;
    if (!keeper->silent)
        stir_want_answer(want, 0, want->questions[0].first, want->questions[0].last, STIR_YES);
    if (keeper->as_of != 0)
        stir_want_as_of(want, 0, keeper->as_of);
    if (keeper->keeps)
        stir_want_keep(want, 0, keeper->generation, keeper->seconds);
    return 0;
}

static uint64_t generation_of(void *arg, const char *spc)
{
    (void)spc;
    return ((const struct keeper *)arg)->generation;
}

Test(spc_union, keeps_what_both_keep)
{
    static const char *const spc[] = {"A"};
    static const struct {
        const char *desc;
        struct keeper first, second;
        bool generation;
        int64_t seconds;
    } lives[] = {
        {"both by generation", KEEPS(1, 0, true), KEEPS(2, 0, true), true, 0},
        {"the second does not keep", KEEPS(1, 0, true), KEEPS(2, 0, false), false, 0},
        {"the first does not keep", KEEPS(1, 0, false), KEEPS(2, 0, true), false, 0},
        {"by seconds, the sooner is the second's", KEEPS(0, 30, true), KEEPS(0, 20, true),
         false, 20},
        {"by seconds, the sooner is the first's", KEEPS(0, 20, true), KEEPS(0, 30, true), false,
         20},
        {"the second by seconds", KEEPS(1, 0, true), KEEPS(0, 20, true), true, 20},
        {"the first by seconds", KEEPS(0, 20, true), KEEPS(1, 0, true), true, 20},
        {"neither", KEEPS(0, 0, false), KEEPS(0, 0, false), false, 0},
    };

    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        struct keeper first = lives[i].first, second = lives[i].second;
        struct stir_resolver a = {.size = sizeof a,
                                  .arg = &first,
                                  .answer = say_yes,
                                  .generation = generation_of},
                             b = a;
        struct spc_questions questions = {0};
        const struct tn_range range = {tn_parse("1000", 4), tn_parse("1000", 4)};
        b.arg = &second;
        struct spc_source *sources[2] = {spc_source_new(&a), spc_source_new(&b)},
                          *both = spc_source_union(sources[0], sources[1]);
        cr_assert_eq(spc_questions_add(&questions, "A", range, 0), 0);
        cr_assert_eq(spc_ask(both, &questions, NULL), 0);
        uint64_t before = spc_source_generation(both, "A");
        cr_expect_eq(spc_judge(&questions, spc, 1, range, 0, NULL), STIR_YES, "%s",
                     lives[i].desc);
        cr_expect_eq(questions.answers[0].generation, lives[i].generation ? before : 0, "%s",
                     lives[i].desc);
        cr_expect_eq(questions.answers[0].seconds, lives[i].seconds, "%s", lives[i].desc);
        first.generation++;
        cr_expect_neq(spc_source_generation(both, "A"), before, "%s", lives[i].desc);
        before = spc_source_generation(both, "A");
        second.generation++;
        cr_expect_neq(spc_source_generation(both, "A"), before, "%s", lives[i].desc);
        spc_questions_free(&questions);
        spc_source_free(both);
        spc_source_free(sources[0]);
        spc_source_free(sources[1]);
    }
}

/* An interval that lies in both sources' data in turn is covered. */
Test(spc_union, an_interval_in_pieces)
{
    struct spc_source *first = source_of("spc,first,last\nA,1000,1049\n"),
                      *second = source_of("spc,first,last\nA,1050,1099\n"),
                      *both = spc_source_union(first, second);
    static const char *const spc[] = {"A"};
    struct tn_range inside = {tn_parse("1000", 4), tn_parse("1099", 4)},
                    beyond = {tn_parse("1000", 4), tn_parse("1100", 4)}, witness;
    struct spc_questions questions = {0};

    spc_questions_add(&questions, "A", inside, 0);
    spc_questions_add(&questions, "A", beyond, 0);
    cr_assert_eq(spc_ask(both, &questions, NULL), 0);
    cr_assert_eq(spc_judge(&questions, spc, 1, inside, 0, NULL), STIR_YES);
    cr_assert_eq(spc_judge(&questions, spc, 1, beyond, 0, &witness), STIR_NO);
    cr_assert_eq(witness.first, tn_parse("1100", 4));
    spc_questions_free(&questions);
    spc_source_free(first);
    spc_source_free(second);
    spc_source_free(both);
}

/* what both say is as old as the older of the two; who says nothing makes nothing old. */
Test(spc_union, is_as_old_as_the_older)
{
    static const char *const spc[] = {"A"};
    static const struct {
        const char *desc;
        struct keeper first, second;
        int64_t as_of; /* 0: it is not known */
    } ages[] = {
        {"the second", {.as_of = 20}, {.as_of = 10}, 10},
        {"the first", {.as_of = 10}, {.as_of = 20}, 10},
        {"the second does not say", {.as_of = 10}, {.as_of = 0}, 10},
        {"the first does not say", {.as_of = 0}, {.as_of = 10}, 10},
        {"neither says", {.as_of = 0}, {.as_of = 0}, 0},
        {"the older, the second, knows nothing",
         {.as_of = 20},
         {.as_of = 10, .silent = true},
         20},
        {"the older, the first, knows nothing",
         {.as_of = 10, .silent = true},
         {.as_of = 20},
         20},
    };

    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        struct keeper first = ages[i].first, second = ages[i].second;
        struct stir_resolver a = {.size = sizeof a, .arg = &first, .answer = say_yes}, b = a;
        struct spc_questions questions = {0};
        const struct tn_range range = {tn_parse("1000", 4), tn_parse("1000", 4)};
        b.arg = &second;
        struct spc_source *sources[2] = {spc_source_new(&a), spc_source_new(&b)},
                          *both = spc_source_union(sources[0], sources[1]);
        cr_assert_eq(spc_questions_add(&questions, "A", range, 0), 0);
        cr_assert_eq(spc_ask(both, &questions, NULL), 0);
        cr_expect_eq(spc_judge(&questions, spc, 1, range, 0, NULL), STIR_YES, "%s",
                     ages[i].desc);
        cr_expect_eq(questions.answers[0].as_of, ages[i].as_of, "%s", ages[i].desc);
        spc_questions_free(&questions);
        spc_source_free(both);
        spc_source_free(sources[0]);
        spc_source_free(sources[1]);
    }
}
