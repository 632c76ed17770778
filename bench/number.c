/*
 * How long sets of numbers take: normalised, compared, looked up in. Times grow with n log n at
 * most, which the ratio of each line to the one before shows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "number/scope.h"

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed >> 20;
}

/* n intervals of 50 in every 100 numbers, in no order; every second one only where thin. */
static struct stir_scope *make(size_t n, bool thin)
{
    struct stir_scope *scope = scope_new();

    if (scope == NULL || scope_reserve(scope, n) < 0)
        exit(1);
    for (size_t i = 0; i < n; i++) {
        uint64_t first = tn_make(11, 12000000000 + next_random() % n * (thin ? 200 : 100));
        if (scope_add_range(scope, (struct tn_range){first, first + (thin ? 9 : 49)}) < 0)
            exit(1);
    }
    return scope;
}

static double look_up(const struct stir_scope *scope, size_t n)
{
    enum { TIMES = 1000000 };
    size_t found = 0;
    double start = seconds();

    for (int i = 0; i < TIMES; i++)
        found +=
            scope_find(scope, tn_make(11, 12000000000 + next_random() % (n * 100))) != NULL;
    return found > 0 ? (seconds() - start) * 1e9 / TIMES : 0;
}

static void run(size_t n, double before[2])
{
    struct stir_scope *parent = make(n, false), *child = make(n, true), *rest = NULL;
    double start = seconds();

    if (scope_normalise(parent) < 0 || scope_normalise(child) < 0)
        exit(1);
    double normal = seconds() - start;
    start = seconds();
    if (scope_subtract(child, parent, &rest) < 0)
        exit(1);
    double compared = seconds() - start;
    printf("%8zu entries each: normalised in %8.3f ms (x%.1f), compared in %8.3f ms (x%.1f), "
           "looked up in %4.0f ns\n",
           n, normal * 1e3, before[0] > 0 ? normal / before[0] : 0, compared * 1e3,
           before[1] > 0 ? compared / before[1] : 0, look_up(parent, n));
    before[0] = normal;
    before[1] = compared;
    scope_free(parent);
    scope_free(child);
    scope_free(rest);
}

int main(void)
{
    double before[2] = {0, 0};

    for (size_t n = 1000; n <= 1000000; n *= 10)
        run(n, before);
    return 0;
}
