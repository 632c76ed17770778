/* A fetcher driven by a loop, and the longest that one dispatch kept that loop. */
#include "bench/dispatch.h"

#include <poll.h>
#include <stdio.h>

#include "bench/measure.h"
#include "tests/mint.h"

/* Longer than whatever is awaited takes on a machine that others use. */
enum { WAIT_MS = 30000 };

double dispatch_now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

void dispatch_once(struct stir_fetcher *fetcher, struct longest *longest)
{
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};

    measure_need(poll(&fd, 1, WAIT_MS) == 1, "nothing happens");
    double wall = dispatch_now(CLOCK_MONOTONIC), own = dispatch_now(CLOCK_THREAD_CPUTIME_ID);
    measure_need(stir_fetcher_dispatch(fetcher, NULL) == 0, "dispatch");
    wall = dispatch_now(CLOCK_MONOTONIC) - wall;
    own = dispatch_now(CLOCK_THREAD_CPUTIME_ID) - own;
    longest->steps++;
    if (wall > longest->wall)
        longest->wall = wall;
    if (own > longest->own)
        longest->own = own;
}

int dispatch_take(struct stir_fetcher *fetcher, enum stir_verdict verdict, int *others)
{
    struct stir_op *op;
    int n = 0;

    for (; (op = stir_fetcher_next(fetcher, NULL)) != NULL; n++) {
        const struct stir_result *result = stir_op_result(op);
        bool good = stir_result_verdict(result) == verdict;
        measure_need(good || others != NULL, stir_result_detail(result));
        if (!good)
            ++*others;
        stir_op_free(op);
    }
    return n;
}

void dispatch_add(struct stir_verifier *verifier, struct stir_fetcher *fetcher,
                  struct stir_call *const *calls, int n)
{
    struct stir_error error;

    for (int i = 0; i < n; i++) {
        struct stir_op *op = stir_op_new(verifier, calls[i], MINT_NOW, &error);
        measure_need(op != NULL, error.text);
        measure_need(stir_fetcher_add(fetcher, op, WAIT_MS, NULL, &error) == 0, error.text);
    }
}

int dispatch_say(const char *what, const struct longest *longest)
{
    bool good = longest->own <= DISPATCH_GOAL_MS;

    printf(
        "%s: %u dispatches, the longest %.1f ms of the processor (goal %d)%s, %.1f ms by the "
        "wall\n",
        what, longest->steps, longest->own, DISPATCH_GOAL_MS, good ? "" : ": MISSED",
        longest->wall);
    return !good;
}
