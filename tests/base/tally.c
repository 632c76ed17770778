/* base/tally: nothing is lost, whichever processor it was counted on. */
#include "base/tally.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum { THREADS = 4, TURNS = 20000 };

static void *count(void *arg)
{
    struct tally *tallies = arg;

    for (int i = 0; i < TURNS; i++) {
        tally_add(&tallies[0]);
        tally_add(&tallies[1]);
        tally_take(&tallies[1]);
    }
    return NULL;
}

Test(tally, adds_up)
{
    struct tally tallies[2] = {0};
    pthread_t threads[THREADS];

    cr_expect_eq(tally_sum(&tallies[0]), 0);
    tally_add(&tallies[1]);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, count, tallies), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(tally_sum(&tallies[0]), THREADS * TURNS);
    cr_expect_eq(tally_sum(&tallies[1]), 1, "what was taken is not there");
}
