/* A suite with undefined behaviour, which must not end as one that passed. */
#include <criterion/criterion.h>
#include <limits.h>

Test(canary, overflow)
{
    volatile int most = INT_MAX;

    most = most + 1;
    cr_expect_lt(most, 0);
}
