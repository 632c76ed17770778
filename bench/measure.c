/* Times of several contenders that are measured in turns. */
#include "bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The processor's time, since machines are shared. */
double measure_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void measure_need(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}

static double once(const struct contender *contender, int runs)
{
    double took = 0;

    for (int i = 0; i < runs; i++) {
        if (contender->prepare != NULL)
            contender->prepare(contender->arg);
        double start = measure_clock();
        contender->run(contender->arg);
        took += measure_clock() - start;
    }
    return took / runs;
}

static int compare(const void *a, const void *b)
{
    const double *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

void measure(struct contender *contenders, size_t n, int turns, int runs)
{
    double *took = calloc(n * (size_t)turns, sizeof *took);

    measure_need(took != NULL, "memory");
    for (size_t i = 0; i < n; i++)
        once(&contenders[i], 1);
    for (int turn = 0; turn < turns; turn++)
        for (size_t i = 0; i < n; i++)
            took[i * (size_t)turns + (size_t)turn] = once(&contenders[i], runs);
    for (size_t i = 0; i < n; i++) {
        double *own = took + i * (size_t)turns;
        qsort(own, (size_t)turns, sizeof *own, compare);
        contenders[i].seconds = own[turns / 2];
    }
    free(took);
}

int measure_print(const struct contender *contenders, size_t n)
{
    int missed = 0;

    for (size_t i = 0; i < n; i++) {
        double ratio = contenders[i].seconds / contenders[0].seconds;
        printf("  %-44s %10.1f us %8.2f", contenders[i].name, contenders[i].seconds * 1e6,
               ratio);
        if (contenders[i].goal > 0)
            printf("  (goal %.2f%s)", contenders[i].goal,
                   ratio > contenders[i].goal ? ": MISSED" : "");
        printf("\n");
        missed |= contenders[i].goal > 0 && ratio > contenders[i].goal;
    }
    return missed;
}

uint64_t measure_walk(const void *data, size_t len)
{
    const uint8_t *octets = data;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ octets[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static volatile uint64_t kept;

void measure_keep(uint64_t value)
{
    kept ^= value;
}

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

uint64_t measure_random(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 20) % n;
}
