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
