/*
 * How long an SPC csv of 1.5 million lines in no order takes to load (the goal is 2 seconds), and
 * a look-up in it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "spc/csv.h"

enum { LINES = 1500000, SPCS = 3000, LOOK_UPS = 1000000, LINE = 32 };

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

static uint64_t random_below(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 20) % n;
}

/* Every other one is a block of 1,000, the rest are ported numbers. */
static size_t write_all(char *text)
{
    size_t len = (size_t)sprintf(text, "spc,first,last\n");

    for (int i = 0; i < LINES; i++) {
        uint64_t any = random_below(8000000000);
        uint64_t first = 12000000000 + (i % 2 == 0 ? any - any % 1000 : any);
        len += (size_t)sprintf(text + len, "%04u,%" PRIu64 ",%" PRIu64 "\n",
                               (unsigned)random_below(SPCS), first,
                               i % 2 == 0 ? first + 999 : first);
    }
    return len;
}

int main(void)
{
    char *text = malloc((size_t)LINES * LINE + LINE);
    struct stir_error error = {0};
    struct rusage usage;
    struct csv *csv = NULL;
    size_t yes = 0;

    if (text == NULL)
        return 1;
    size_t len = write_all(text);
    double start = seconds();
    if (csv_parse(text, len, &csv, &error) != 0) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    double loaded = seconds() - start;
    start = seconds();
    for (int i = 0; i < LOOK_UPS; i++) {
        char spc[8];
        snprintf(spc, sizeof spc, "%04u", (unsigned)random_below(SPCS));
        yes += csv_answer(csv, spc, tn_make(11, 12000000000 + random_below(8000000000)))
               == STIR_YES;
    }
    double looked_up = seconds() - start;
    getrusage(RUSAGE_SELF, &usage);
    printf("%d lines, %.1f MB: %.2f s (%.1f M lines/s), a look-up %.0f ns (%zu yes), peak %.0f "
           "MB with the text\n",
           LINES, (double)len / 1e6, loaded, LINES / loaded / 1e6, looked_up * 1e9 / LOOK_UPS,
           yes, (double)usage.ru_maxrss / 1e3);
    csv_free(csv);
    free(text);
    return 0;
}
