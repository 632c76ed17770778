/* Texts put in order, in steps. */
#include "number/text_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "stir.h"

/* What comparing two texts counts for: neighbours, and such as lie anywhere in memory. */
enum { WALKED = 4, COMPARED = 6 };

/* A stranger's texts may be long, and alike up to their ends. */
static int compare(const char *a, const char *b, size_t *budget)
{
    enum { SHORT = 64, OCTETS_AT_ONCE = 32 };
    int difference = strncmp(a, b, SHORT);

    if (difference != 0)
        return difference;
    budget_spend(budget, strlen(a) / OCTETS_AT_ONCE);
    return strcmp(a, b);
}

void text_sort_begin(struct text_sort *sort, const char **texts, size_t n)
{
    *sort = (struct text_sort){.texts = texts, .n = n};
}

void text_sort_free(struct text_sort *sort)
{
    free(sort->texts);
    free(sort->spare);
    *sort = (struct text_sort){0};
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void begin_pair(struct text_sort *sort, size_t from)
{
    sort->from = sort->left = sort->at = from;
    sort->right = least(from + sort->width, sort->n);
}

/* False: the budget is gone. */
static bool find_disorder(struct text_sort *sort, size_t *budget)
{
    for (; sort->at + 1 < sort->n; sort->at++) {
        if (!budget_spend(budget, WALKED))
            return false;
        if (compare(sort->texts[sort->at], sort->texts[sort->at + 1], budget) > 0) {
            sort->width = 1;
            begin_pair(sort, 0);
            return true;
        }
    }
    sort->width = sort->n;
    return true;
}

/* The next one of two neighbours that are sorted. */
static void merge_one(struct text_sort *sort, size_t *budget)
{
    size_t middle = least(sort->from + sort->width, sort->n);
    size_t end = least(middle + sort->width, sort->n);
    bool of_left =
        sort->right == end
        || (sort->left < middle
            && compare(sort->texts[sort->left], sort->texts[sort->right], budget) <= 0);

    sort->spare[sort->at++] = sort->texts[of_left ? sort->left++ : sort->right++];
    if (sort->at == end)
        begin_pair(sort, end);
}

static void next_width(struct text_sort *sort)
{
    const char **merged = sort->spare;

    sort->spare = sort->texts;
    sort->texts = merged;
    sort->width *= 2;
    begin_pair(sort, 0);
}

int text_sort_step(struct text_sort *sort, size_t *budget)
{
    if (sort->width == 0 && !find_disorder(sort, budget))
        return 1;
    if (sort->width < sort->n && sort->spare == NULL
        && (sort->spare = malloc(sort->n * sizeof *sort->spare)) == NULL)
        return STIR_E_NOMEM;
    while (sort->width < sort->n) {
        if (!budget_spend(budget, COMPARED))
            return 1;
        merge_one(sort, budget);
        if (sort->at == sort->n)
            next_width(sort);
    }
    return 0;
}
