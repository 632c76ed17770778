/*
 * A thousand calls over a hundred URLs on a hundred names, none of them seen before, through one
 * fetcher: how long until the last verdict where the server delays each answer by 500 ms, and where
 * it does not; and the longest that one dispatch kept the event loop.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/measure.h"
#include "tests/site.h"

enum { NAMES = 100, CALLS = 1000, DELAY_MS = 500, TURNS = 5 };

static struct stir_call *calls[NAMES];

static double now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

struct longest {
    double wall, own; /* ms: by the wall, and of the processor */
};

static void dispatch(struct stir_fetcher *fetcher, struct longest *longest)
{
    double wall = now(CLOCK_MONOTONIC), own = now(CLOCK_THREAD_CPUTIME_ID);

    measure_need(stir_fetcher_dispatch(fetcher, NULL) == 0, "dispatch");
    wall = now(CLOCK_MONOTONIC) - wall;
    own = now(CLOCK_THREAD_CPUTIME_ID) - own;
    if (wall > longest->wall)
        longest->wall = wall;
    if (own > longest->own)
        longest->own = own;
}

static void add_calls(struct stir_verifier *verifier, struct stir_fetcher *fetcher)
{
    struct stir_error error;

    for (int i = 0; i < CALLS; i++) {
        struct stir_op *op = stir_op_new(verifier, calls[i % NAMES], MINT_NOW, &error);
        measure_need(op != NULL, error.text);
        measure_need(stir_fetcher_add(fetcher, op, 30000, NULL, &error) == 0, error.text);
    }
}

static int take_done(struct stir_fetcher *fetcher)
{
    struct stir_op *op;
    int n = 0;

    for (; (op = stir_fetcher_next(fetcher, NULL)) != NULL; n++) {
        const struct stir_result *result = stir_op_result(op);
        measure_need(stir_result_verdict(result) == STIR_VALID, stir_result_detail(result));
        stir_op_free(op);
    }
    return n;
}

/* Milliseconds until all are done. */
static double run(const struct site *site, struct longest *longest)
{
    struct stir_verifier *verifier = site_verifier(site);
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);
    int left = CALLS;

    measure_need(fetcher != NULL, "a fetcher");
    double begun = now(CLOCK_MONOTONIC);
    add_calls(verifier, fetcher);
    while (left > 0) {
        struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
        measure_need(poll(&fd, 1, 30000) == 1, "nothing happens");
        dispatch(fetcher, longest);
        left -= take_done(fetcher);
    }
    double took = now(CLOCK_MONOTONIC) - begun;
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    return took;
}

static void make_calls(struct server *server)
{
    char host[64];

    for (int i = 0; i < NAMES; i++) {
        snprintf(host, sizeof host, "h%d.stir.test", i);
        char *url = server_url_of(server, host, "/list.pem");
        calls[i] = site_call(url);
        free(url);
    }
}

int main(void)
{
    const char *why = NULL;
    struct server *server = server_start(&why);
    struct longest longest = {0, 0};
    struct site site;
    char rule[32];
    int missed = 0;

    measure_need(server != NULL, why);
    site_open(&site, server, NULL);
    make_calls(server);
    snprintf(rule, sizeof rule, "delay=%d", DELAY_MS);
    for (int i = 0; i < TURNS; i++) {
        server_rule(server, "/list.pem", "");
        double without = run(&site, &longest);
        server_rule(server, "/list.pem", rule);
        double with = run(&site, &longest);
        bool good = with <= DELAY_MS + 2 * without;
        missed += !good;
        printf("%d calls, %d names: %.0f ms; where the server delays %d ms: %.0f ms (goal "
               "%.0f)%s\n",
               CALLS, NAMES, without, DELAY_MS, with, DELAY_MS + 2 * without,
               good ? "" : ": MISSED");
    }
    printf("the longest dispatch: %.1f ms of the processor, %.1f ms by the wall (goal 20)%s\n",
           longest.own, longest.wall, longest.own <= 20 ? "" : ": MISSED");
    site_close(&site);
    server_stop(server);
    return missed > TURNS / 2 || longest.own > 20;
}
