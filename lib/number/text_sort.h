/*
 * Texts put in the order of their octets, in steps: a list of a million that a stranger sent
 * must not hold up a loop. By merging, so that no order makes it quadratic; what is in order
 * already, as most lists are, takes one walk and no room.
 */
#ifndef STIR_NUMBER_TEXT_SORT_H
#define STIR_NUMBER_TEXT_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct text_sort {
    const char **texts, **spare; /* both for free(3); spare NULL: it was not needed so far */
    size_t n;
    size_t width;             /* of what is sorted; 0: not known to be out of order */
    size_t from, left, right; /* two of that width begin at from; what is left of each */
    size_t at;                /* the next text; or place in spare */
};

/* Takes n texts, malloc'd. */
void text_sort_begin(struct text_sort *sort, const char **texts, size_t n);
/* 1: there is more to do than that budget (base/budget.h), which is spent; 0: sort->texts are in
   order; STIR_E_NOMEM. */
int text_sort_step(struct text_sort *sort, size_t *budget);
void text_sort_free(struct text_sort *sort); /* all zero is fine */

#endif
