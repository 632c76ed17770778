/* A fetcher driven by a loop, and the longest that one dispatch kept that loop. */
#ifndef STIR_BENCH_DISPATCH_H
#define STIR_BENCH_DISPATCH_H

#include <time.h>

#include "stir.h"

enum { DISPATCH_GOAL_MS = 20 };

struct longest {
    double wall, own; /* ms: by the wall, and of the processor */
    unsigned steps;
};

/* Milliseconds. */
double dispatch_now(clockid_t clock);
/* Waits until the fetcher's descriptor is ready, and dispatches. */
void dispatch_once(struct stir_fetcher *fetcher, struct longest *longest);
/* Takes what is done, each of this verdict; others are counted, or end the program where others is
   NULL. How many. */
int dispatch_take(struct stir_fetcher *fetcher, enum stir_verdict verdict, int *others);
/* Adds n operations of one call each to a verifier of the fetcher's. */
void dispatch_add(struct stir_verifier *verifier, struct stir_fetcher *fetcher,
                  struct stir_call *const *calls, int n);
/* Prints a line. 1: the goal is missed. */
int dispatch_say(const char *what, const struct longest *longest);

#endif
