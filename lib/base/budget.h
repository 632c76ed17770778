/*
 * Work in slices: what must not hold up an event loop is done in steps, each of which spends a
 * budget, in octets looked at or moved, and stops when that is gone. A step that was given anything
 * gets on; SIZE_MAX is all at once.
 */
#ifndef STIR_BASE_BUDGET_H
#define STIR_BASE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

enum {
    /* A tenth of a millisecond of most work. */
    BUDGET_SLICE = 16 * 1024,
    /* What a step of an operation spends: some three milliseconds. What takes less, as all that is
       usual does, is never interrupted. */
    BUDGET_STEP = 24 * BUDGET_SLICE,
    /* A check of a signature by a P-256 key. */
    BUDGET_P256 = 2 * BUDGET_SLICE,
    /* What a function returns that stopped because the budget was gone, and is to be called again:
       no enum stir_code, and no failure. */
    BUDGET_GONE = 1 << 20
};

/* False: it is gone already. What exceeds it is spent all the same. */
static inline bool budget_spend(size_t *budget, size_t octets)
{
    if (*budget == 0)
        return false;
    *budget -= *budget < octets ? *budget : octets;
    return true;
}

#endif
