/* Counts in several places. */
#include "base/tally.h"

#include <sched.h>
#include <stdatomic.h>

/* A thread that is moved meanwhile writes to another's place, which is right, too. So is that of an
   error. */
static void add(struct tally *tally, uint64_t n)
{
    atomic_fetch_add_explicit(&tally->places[(unsigned)sched_getcpu() % TALLY_PLACES].n, n,
                              memory_order_relaxed);
}

void tally_add(struct tally *tally)
{
    add(tally, 1);
}

void tally_take(struct tally *tally)
{
    add(tally, UINT64_MAX);
}

/* A place alone may be less than none. */
uint64_t tally_sum(struct tally *tally)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < TALLY_PLACES; i++)
        n += atomic_load_explicit(&tally->places[i].n, memory_order_relaxed);
    return n;
}
