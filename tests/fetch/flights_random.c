/* fetch/flights: random steps of three loops and many who wait, against what must hold always. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/flights.h"

enum { LOOPS = 3, URLS = 12, HOSTS = 5, WAITERS = 60, HELD = 400, ALL = 6, PER_HOST = 2 };

/* A hold of a loop, as the test knows it. */
struct held {
    struct flight *flight; /* NULL: none */
    int loop, url;
};

struct state {
    struct flights *flights;
    struct flight_loop loops[LOOPS];
    bool driven[LOOPS];
    struct flight_waiter waiters[WAITERS];
    int waits_for[WAITERS]; /* a URL; -1: none */
    struct held held[HELD];
    int64_t now;
    unsigned seed;
    size_t served, left, over;
};

static int any(struct state *state, int n)
{
    return rand_r(&state->seed) % n;
}

static bool is_known(int url)
{
    return url % HOSTS < 2;
}

static void join(struct state *state)
{
    const int w = any(state, WAITERS), u = any(state, URLS);
    char url[16], host[16];

    if (state->waits_for[w] >= 0)
        return;
    snprintf(url, sizeof url, "u%d", u);
    snprintf(host, sizeof host, "h%d", u % HOSTS);
    int rc = flights_join(state->flights, FETCH_CERTIFICATES, url, host, is_known(u),
                          &state->waiters[w], state->now, NULL);
    cr_assert(rc >= 0 || rc == STIR_E_REFUSED);
    if (rc >= 0)
        state->waits_for[w] = u;
}

static void leave(struct state *state)
{
    const int w = any(state, WAITERS);

    cr_assert_eq(flights_leave(state->flights, &state->waiters[w]), state->waits_for[w] >= 0);
    state->left += state->waits_for[w] >= 0;
    state->waits_for[w] = -1;
}

static void take(struct state *state, int l)
{
    struct held *free_one = state->held;

    if (!state->driven[l])
        return;
    while (free_one->flight != NULL)
        free_one++;
    struct flight *flight = flights_take(state->flights, &state->loops[l], state->now);
    if (flight == NULL)
        return;
    *free_one = (struct held){flight, l, atoi(flight->url + 1)};
    cr_assert_eq(flight->known, is_known(free_one->url));
}

/* All who wait for the URL are served, or none. */
static void serve(struct state *state, int url, struct flight_waiter *waiter)
{
    size_t wanted = 0, found = 0;

    for (int w = 0; w < WAITERS; w++)
        wanted += state->waits_for[w] == url;
    for (; waiter != NULL; waiter = waiter->next, found++) {
        const ptrdiff_t w = waiter - state->waiters;
        cr_assert_eq(state->waits_for[w], url, "served with what it did not want, or twice");
        state->waits_for[w] = -1;
    }
    cr_assert(found == 0 || found == wanted);
    state->served += found;
}

static void finish(struct state *state, int h)
{
    struct held *held = &state->held[h];

    if (held->flight == NULL || !state->driven[held->loop])
        return;
    const enum slot_end how =
        held->flight->refused ? SLOT_NOTHING : (enum slot_end)any(state, 3);
    serve(
        state, held->url,
        flights_finish(state->flights, held->flight, how, (struct slot_fault){0}, state->now));
    held->flight = NULL;
}

/* It ends and comes anew; its fetches were cancelled. */
static void restart(struct state *state, int l)
{
    flights_exit(state->flights, &state->loops[l], state->now);
    for (int h = 0; h < HELD; h++)
        if (state->held[h].flight != NULL && state->held[h].loop == l)
            state->held[h].flight = NULL;
    flights_enter(state->flights, &state->loops[l], state->now);
    state->driven[l] = true;
}

static void check(struct state *state)
{
    struct flights_counts counts;

    flights_count(state->flights, &counts);
    cr_assert_leq(counts.running + counts.waiting, URLS, "one flight a URL");
    int64_t due = flights_due(state->flights, &state->loops[0]);
    cr_assert_gt(due, 0);
}

static void step(struct state *state)
{
    const int l = any(state, LOOPS);

    state->now += any(state, 40);
    for (int i = 0; i < LOOPS; i++)
        if (state->driven[i])
            flights_drive(state->flights, &state->loops[i], state->now);
    switch (any(state, 8)) {
    case 0:
    case 1:
    case 2:
        join(state);
        break;
    case 3:
        leave(state);
        break;
    case 4:
    case 5:
        take(state, l);
        break;
    case 6:
        finish(state, any(state, HELD) % 20);
        break;
    case 7:
        if (any(state, 100) == 0)
            restart(state, l);
        else if (any(state, 100) == 0)
            state->driven[l] = !state->driven[l];
        break;
    }
    check(state);
}

/* In the end everyone who still waits is served, whatever was left behind. */
static void drain(struct state *state)
{
    for (int round = 0; round < 100; round++) {
        state->now += SLOTS_BACK_OFF_MOST_MS;
        for (int l = 0; l < LOOPS; l++)
            state->driven[l] = true;
        for (int n = 0; n < URLS; n++) {
            take(state, 0);
            for (int h = 0; h < HELD; h++)
                if (state->held[h].flight != NULL)
                    serve(state, state->held[h].url,
                          flights_finish(state->flights, state->held[h].flight, SLOT_GOOD,
                                         (struct slot_fault){0}, state->now)),
                        state->held[h].flight = NULL;
        }
    }
    for (int w = 0; w < WAITERS; w++)
        cr_expect_lt(state->waits_for[w], 0, "%d still waits for %d", w, state->waits_for[w]);
}

Test(flights, random)
{
    for (unsigned seed = 1; seed <= 5; seed++) {
        static struct state state;
        struct flights_counts counts;
        memset(&state, 0, sizeof state);
        state.seed = seed;
        state.now = 1000000;
        state.flights =
            flights_new(&(struct slots_limits){.all = ALL, .per_host = PER_HOST, .hosts = 3});
        for (int w = 0; w < WAITERS; w++)
            state.waits_for[w] = -1;
        for (int l = 0; l < LOOPS; l++) {
            flights_enter(state.flights, &state.loops[l], state.now);
            state.driven[l] = true;
        }
        for (int i = 0; i < 30000; i++)
            step(&state);
        drain(&state);
        flights_count(state.flights, &counts);
        cr_expect_gt(counts.taken_over, 3, "%llu", (unsigned long long)counts.taken_over);
        cr_expect_gt(counts.refused, 100);
        cr_expect_gt(state.served, 500, "%zu", state.served);
        for (int l = 0; l < LOOPS; l++)
            flights_exit(state.flights, &state.loops[l], state.now);
        flights_free(state.flights);
    }
}
