/*
 * Times of several contenders that are measured in turns, so that what else the machine does
 * meets all of them; the first one is what the others are measured by.
 */
#ifndef STIR_BENCH_MEASURE_H
#define STIR_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

struct contender {
    const char *name;
    void (*prepare)(void *arg); /* before each run, and not measured; NULL: nothing */
    void (*run)(void *arg);
    void *arg;
    double goal;    /* the ratio to reach; 0: none */
    double seconds; /* of one run, the median: the answer */
};

enum { MEASURE_TURNS = 41 };

/* Fills in the seconds: each turn runs every contender so often. */
void measure(struct contender *contenders, size_t n, int turns, int runs);
/* Prints a line for each: its time and its ratio to the first. Returns 1 where a goal was missed,
   otherwise 0. */
int measure_print(const struct contender *contenders, size_t n);

/* The time that the process has used: machines are shared. */
double measure_clock(void);
/* Every octet read, one after the other (FNV-1a): what lists are measured by. */
uint64_t measure_walk(const void *data, size_t len);
/* Keeps what is computed from being left out. */
void measure_keep(uint64_t value);
/* Says what went wrong and ends the program. */
void measure_need(int good, const char *what) __attribute__((noinline));
/* Equally distributed below n, the same in every run. */
uint64_t measure_random(uint64_t n);

#endif
