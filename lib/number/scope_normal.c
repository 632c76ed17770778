/* The set that a scope's entries make, made in steps. */
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "number/scope.h"

/* What an entry that is walked counts for. */
enum { WALKED = 4 };

void scope_normalise_begin(struct scope_normalising *normalising, struct stir_scope *scope)
{
    *normalising = (struct scope_normalising){.scope = scope};
    if (scope->normal)
        normalising->stage = SCOPE_NORMAL;
}

void scope_normalise_end(struct scope_normalising *normalising)
{
    free(normalising->merging.ranges);
    for (size_t kind = SCOPE_SPC; kind <= SCOPE_LITERAL; kind++)
        text_sort_free(&normalising->sorts[kind]);
    *normalising = (struct scope_normalising){0};
}

/* Gives back what merging left over. */
static void *shrink(void *data, size_t size)
{
    void *smaller = size == 0 ? NULL : realloc(data, size);

    return smaller != NULL ? smaller : data;
}

/* ---- Its stages: 1: the budget is gone; 0: the stage is done; STIR_E_NOMEM ----------------- */

static int count(struct scope_normalising *normalising, size_t *budget)
{
    struct scope_entry entry;

    while (budget_spend(budget, WALKED)) {
        if (!scope_next(normalising->scope, &normalising->cursor, &entry))
            return 0;
        normalising->n[entry.first <= SCOPE_LITERAL ? entry.first : 2]++;
    }
    return 1;
}

static int make_room(struct scope_normalising *normalising)
{
    for (size_t kind = SCOPE_SPC; kind <= SCOPE_LITERAL; kind++) {
        size_t n = normalising->n[kind];
        const char **texts = n == 0 ? NULL : malloc(n * sizeof *texts);
        if (n > 0 && texts == NULL)
            return STIR_E_NOMEM;
        text_sort_begin(&normalising->sorts[kind], texts, 0);
    }
    normalising->merging.n = 0;
    if (normalising->n[2] == 0)
        return 0;
    normalising->merging.ranges = malloc(normalising->n[2] * sizeof(struct tn_range));
    return normalising->merging.ranges == NULL ? STIR_E_NOMEM : 0;
}

static int begin_collecting(struct scope_normalising *normalising, size_t *budget)
{
    (void)budget;
    normalising->cursor = (struct scope_cursor){0};
    return make_room(normalising);
}

static int collect(struct scope_normalising *normalising, size_t *budget)
{
    struct tn_merging *merging = &normalising->merging;
    struct scope_entry entry;

    while (budget_spend(budget, WALKED)) {
        if (!scope_next(normalising->scope, &normalising->cursor, &entry))
            return 0;
        if (entry.first > SCOPE_LITERAL) {
            merging->ranges[merging->n++] = (struct tn_range){entry.first, entry.last};
        } else {
            struct text_sort *sort = &normalising->sorts[entry.first];
            sort->texts[sort->n++] = entry.text;
        }
    }
    return 1;
}

static int sort_spcs(struct scope_normalising *normalising, size_t *budget)
{
    return text_sort_step(&normalising->sorts[SCOPE_SPC], budget);
}

static int sort_literals(struct scope_normalising *normalising, size_t *budget)
{
    return text_sort_step(&normalising->sorts[SCOPE_LITERAL], budget);
}

/* Each once. */
static int unite(struct scope_normalising *normalising, enum scope_kind kind, size_t *budget)
{
    struct text_sort *sort = &normalising->sorts[kind];
    size_t *at = &normalising->at[kind], *unique = &normalising->unique[kind];

    for (; *at < sort->n; ++*at) {
        if (!budget_spend(budget, WALKED))
            return 1;
        if (*unique == 0 || strcmp(sort->texts[*unique - 1], sort->texts[*at]) != 0)
            sort->texts[(*unique)++] = sort->texts[*at];
    }
    return 0;
}

static int unite_spcs(struct scope_normalising *normalising, size_t *budget)
{
    return unite(normalising, SCOPE_SPC, budget);
}

static int unite_literals(struct scope_normalising *normalising, size_t *budget)
{
    return unite(normalising, SCOPE_LITERAL, budget);
}

static int merge(struct scope_normalising *normalising, size_t *budget)
{
    return tn_merging_step(&normalising->merging, budget) ? 1 : 0;
}

static const char **take_texts(struct scope_normalising *normalising, enum scope_kind kind,
                               size_t *n)
{
    struct text_sort *sort = &normalising->sorts[kind];
    const char **texts = sort->texts;

    sort->texts = NULL;
    *n = normalising->unique[kind];
    return shrink(texts, *n * sizeof *texts);
}

static int give(struct scope_normalising *normalising, size_t *budget)
{
    struct stir_scope *scope = normalising->scope;
    struct tn_merging *merging = &normalising->merging;

    (void)budget;
    scope->spc_set = take_texts(normalising, SCOPE_SPC, &scope->n_spc_set);
    scope->literal_set = take_texts(normalising, SCOPE_LITERAL, &scope->n_literal_set);
    scope->ranges = shrink(merging->ranges, merging->merged * sizeof *merging->ranges);
    scope->n_ranges = merging->merged;
    merging->ranges = NULL;
    scope->normal = true;
    return 0;
}

int scope_normalise_step(struct scope_normalising *normalising, size_t *budget)
{
    static int (*const stages[SCOPE_NORMAL])(struct scope_normalising *, size_t *) = {
        count,         begin_collecting, collect, sort_spcs, unite_spcs,
        sort_literals, unite_literals,   merge,   give};
    int rc = 0;

    while (rc == 0 && normalising->stage < SCOPE_NORMAL)
        if ((rc = stages[normalising->stage](normalising, budget)) == 0)
            normalising->stage++;
    return rc;
}

int scope_normalise(struct stir_scope *scope)
{
    struct scope_normalising normalising;
    size_t all = SIZE_MAX;

    if (scope->normal)
        return 0;
    scope_normalise_begin(&normalising, scope);
    int rc = scope_normalise_step(&normalising, &all);
    scope_normalise_end(&normalising);
    return rc;
}
