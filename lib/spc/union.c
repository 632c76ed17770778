/* Several sources of SPC data as one. */
#include "spc/union.h"

#include <stdlib.h>

struct both {
    struct spc_source *members[2];
};

/* Hands on what a member said, of one kind only. */
static void repeat(struct stir_want *want, const struct spc_answers *answers,
                   enum stir_answer kind)
{
    for (size_t i = 0; i < want->n_questions; i++)
        for (size_t j = 0; j < answers[i].n; j++)
            if (answers[i].said[j].answer == kind)
                stir_want_answer(want, i, answers[i].said[j].first, answers[i].said[j].last,
                                 kind);
}

/* The questions again, with answers of their own. */
static int ask(struct spc_source *member, const struct stir_want *want,
               struct spc_answers *answers, struct stir_error *error)
{
    struct spc_questions questions = {.questions = (struct stir_question *)want->questions,
                                      .answers = answers,
                                      .n = want->n_questions};

    return spc_ask(member, &questions, error);
}

static void free_answers(struct spc_answers *answers, size_t n)
{
    for (size_t i = 0; answers != NULL && i < n; i++)
        free(answers[i].said);
    free(answers);
}

/* One of two, so that no change of either goes unseen; 0 stays 0. */
static uint64_t combine(uint64_t first, uint64_t second)
{
    uint64_t both = first * UINT64_C(0x9E3779B97F4A7C15) ^ second;

    return both == 0 && (first | second) != 0 ? 1 : both;
}

/* Of two that both have an end, the sooner. */
static int64_t sooner(int64_t first, int64_t second)
{
    return first == 0 || (second != 0 && second < first) ? second : first;
}

/* As old as the oldest that has something to say of it. */
static void date(struct stir_want *want, struct spc_answers *const answers[2])
{
    for (size_t i = 0; i < want->n_questions; i++)
        for (size_t k = 0; k < 2; k++)
            if (answers[k][i].n > 0 && answers[k][i].as_of != 0)
                stir_want_as_of(want, i, answers[k][i].as_of);
}

/* What both members keep is kept: for as long as each keeps it. */
static void keep(struct stir_want *want, struct spc_answers *const answers[2])
{
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct spc_answers *first = &answers[0][i], *second = &answers[1][i];
        if ((first->generation != 0 || first->seconds != 0)
            && (second->generation != 0 || second->seconds != 0))
            stir_want_keep(want, i, combine(first->generation, second->generation),
                           sooner(first->seconds, second->seconds));
    }
}

static uint64_t generation(void *arg, const char *spc)
{
    struct both *both = arg;

    return combine(spc_source_generation(both->members[0], spc),
                   spc_source_generation(both->members[1], spc));
}

/* What is said first stays, so that every yes comes before any no. */
static int answer(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct both *both = arg;
    struct spc_answers *answers[2] = {NULL, NULL};
    int rc = 0;

    for (int i = 0; i < 2 && rc == 0; i++) {
        answers[i] = calloc(want->n_questions, sizeof *answers[i]);
        rc = answers[i] == NULL ? STIR_E_NOMEM : ask(both->members[i], want, answers[i], error);
    }
    for (int i = 0; i < 2 && rc == 0; i++)
        repeat(want, answers[i], STIR_YES);
    for (int i = 0; i < 2 && rc == 0; i++)
        repeat(want, answers[i], STIR_NO);
    if (rc == 0) {
        keep(want, answers);
        date(want, answers);
    }
    for (int i = 0; i < 2; i++)
        free_answers(answers[i], want->n_questions);
    return rc;
}

static void release(void *arg)
{
    struct both *both = arg;

    spc_source_free(both->members[0]);
    spc_source_free(both->members[1]);
    free(both);
}

struct spc_source *spc_source_union(struct spc_source *first, struct spc_source *second)
{
    struct both *both = calloc(1, sizeof *both);
    struct stir_resolver resolver = {.size = sizeof resolver,
                                     .arg = both,
                                     .answer = answer,
                                     .generation = generation,
                                     .release = release};
    struct spc_source *source = both == NULL ? NULL : spc_source_new(&resolver);

    if (source == NULL) {
        free(both);
        return NULL;
    }
    both->members[0] = spc_source_ref(first);
    both->members[1] = spc_source_ref(second);
    return source;
}
