/* fetch/flights: one fetch a URL, in turn, whoever drives. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/flights.h"

enum { NOW = 1000000 };

static struct flights *flights;
static struct flight_loop loop, other;

static void begin(void)
{
    flights = flights_new(&(struct slots_limits){.all = 8, .per_host = 3, .hosts = 100});
    flights_enter(flights, &loop, NOW);
    flights_enter(flights, &other, NOW);
}

static void end(void)
{
    flights_exit(flights, &loop, NOW);
    flights_exit(flights, &other, NOW);
    flights_free(flights);
}

TestSuite(flights, .init = begin, .fini = end);

static int join(const char *url, const char *host, bool known, struct flight_waiter *waiter,
                int64_t now)
{
    return flights_join(flights, FETCH_CERTIFICATES, url, host, known, waiter, now, NULL);
}

static struct flight_waiter *finish(struct flight *flight, int64_t now)
{
    return flights_finish(flights, flight, SLOT_GOOD, (struct slot_fault){0}, now);
}

static size_t count(const struct flight_waiter *waiter)
{
    size_t n = 0;

    for (; waiter != NULL; waiter = waiter->next)
        n++;
    return n;
}

/* Who wants what is under way waits for it; all are served, in their order. */
Test(flights, one_for_all)
{
    struct flight_waiter waiters[5] = {{0}}, late = {0};

    cr_expect_eq(join("u", "h", false, &waiters[0], NOW), 1);
    cr_expect_eq(join("u", "h", false, &waiters[1], NOW), 0);
    struct flight *flight = flights_take(flights, &loop, NOW);
    cr_assert_not_null(flight);
    cr_expect_str_eq(flight->url, "u");
    cr_expect_str_eq(flight->host, "h");
    cr_expect_eq(flight->kind, FETCH_CERTIFICATES);
    cr_expect_not(flight->refused);
    cr_expect_null(flights_take(flights, &loop, NOW));
    for (int i = 2; i < 5; i++)
        cr_expect_eq(join("u", "h", false, &waiters[i], NOW), 0);
    cr_expect(flights_leave(flights, &waiters[2]));
    cr_expect_not(flights_leave(flights, &waiters[2]), "once");
    struct flight_waiter *served = finish(flight, NOW);
    cr_expect_eq(count(served), 4);
    cr_expect_eq(served, &waiters[0]);
    cr_expect_eq(served->next->next, &waiters[3]);
    cr_expect_not(flights_leave(flights, &waiters[0]), "it was handed out");
    cr_expect_eq(join("u", "h", false, &late, NOW), 1, "the next is another flight");
    cr_expect(flights_leave(flights, &late));
}

/* The kind, and every octet of the URL, make a flight. */
Test(flights, key)
{
    struct flight_waiter waiters[4] = {{0}};

    cr_expect_eq(join("https://a/1", "a", false, &waiters[0], NOW), 1);
    cr_expect_eq(join("https://a/11", "a", false, &waiters[1], NOW), 1);
    cr_expect_eq(join("https://a/", "a", false, &waiters[2], NOW), 1);
    cr_expect_eq(flights_join(flights, FETCH_TNAUTHLIST, "https://a/1", "a", false, &waiters[3],
                              NOW, NULL),
                 1);
}

/* Nobody need wait: a refresh, or one whose operation is gone. */
Test(flights, without_waiters)
{
    struct flight_waiter waiter = {0};

    cr_expect_eq(join("u", "h", true, NULL, NOW), 1);
    cr_expect_eq(join("u", "h", true, NULL, NOW), 0);
    struct flight *flight = flights_take(flights, &loop, NOW);
    cr_assert_not_null(flight);
    cr_expect_eq(join("u", "h", true, &waiter, NOW), 0);
    flights_leave(flights, &waiter);
    cr_expect_null(finish(flight, NOW));
}

/* Known hosts come before strangers who came before them; a flight rises when its host becomes
   known. */
Test(flights, known_first)
{
    static const char *const wanted[] = {"k1", "k2", "s2", "s1", "s3"};
    struct flight *flight;
    size_t i = 0;

    join("s1", "s1", false, NULL, NOW);
    join("s2", "s2", false, NULL, NOW);
    join("s3", "s3", false, NULL, NOW);
    join("k1", "k1", true, NULL, NOW);
    join("k2", "k2", true, NULL, NOW);
    join("s2", "s2", true, NULL, NOW);
    for (; (flight = flights_take(flights, &loop, NOW)) != NULL; i++) {
        cr_assert_lt(i, 5);
        cr_expect_str_eq(flight->url, wanted[i]);
    }
    cr_expect_eq(i, 5);
}

/* Slow strangers without number take half the slots, and not those of known hosts. */
Test(flights, strangers_do_not_starve)
{
    struct flights_counts counts;
    char name[32];
    int strangers = 0, known = 0, full = 0;

    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        full += join(name, name, false, NULL, NOW) == STIR_E_LIMIT;
    }
    cr_expect_eq(full, 5000 - FLIGHTS_WAITING);
    while (flights_take(flights, &loop, NOW) != NULL)
        strangers++;
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "k%d", i);
        cr_expect_eq(join(name, name, true, NULL, NOW), 1, "their queue is their own");
    }
    while (flights_take(flights, &loop, NOW) != NULL)
        known++;
    cr_expect_eq(strangers, 4);
    cr_expect_eq(known, 4);
    flights_count(flights, &counts);
    cr_expect_eq(counts.running, 8);
    cr_expect_eq(counts.waiting, FLIGHTS_WAITING - 4 + 6);
    cr_expect_eq(counts.full, 5000 - FLIGHTS_WAITING);
}

/* A host that takes no more does not hold up those behind it. */
Test(flights, full_host)
{
    struct flight *flight, *last = NULL;
    char name[32];
    int n = 0;

    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "same/%d", i);
        join(name, "same", true, NULL, NOW);
    }
    join("other", "other", true, NULL, NOW);
    for (; (flight = flights_take(flights, &loop, NOW)) != NULL; n++)
        last = flight;
    cr_expect_eq(n, 4);
    cr_expect_str_eq(last->url, "other");
}

/* A host that failed is left alone: who asks is told at once, and so is who waits already. */
Test(flights, left_alone)
{
    struct flight_waiter waiters[5] = {{0}};
    const struct slot_fault said = {.status = 503};
    struct slot_fault fault = {0};
    char name[32];

    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "u%d", i);
        join(name, "h", true, &waiters[i], NOW);
    }
    struct flight *first = flights_take(flights, &loop, NOW);
    cr_expect_eq(count(flights_finish(flights, first, SLOT_HOST_FAILED, said, NOW + 10)), 1);
    cr_expect_eq(flights_join(flights, FETCH_CERTIFICATES, "u0", "h", true, &waiters[4],
                              NOW + 10, &fault),
                 STIR_E_REFUSED);
    cr_expect_eq(fault.status, 503);
    cr_expect_not(flights_leave(flights, &waiters[4]), "nobody waits");
    struct flight *refused = flights_take(flights, &loop, NOW + 10);
    cr_assert_not_null(refused);
    cr_expect(refused->refused);
    cr_expect_eq(refused->fault.status, 503);
    cr_expect_eq(count(flights_finish(flights, refused, SLOT_NOTHING, said, NOW + 10)), 1);
    struct flight *tried = flights_take(flights, &loop, NOW + 1010);
    cr_assert_not_null(tried);
    cr_expect_not(tried->refused, "it is tried again");
    cr_expect_null(flights_take(flights, &loop, NOW + 1010), "by one");
    finish(tried, NOW + 1020);
    cr_expect_not_null(flights_take(flights, &loop, NOW + 1020));
}

/* A loop that is not driven loses its flights to one that is; what it still brings is welcome,
   what it fails in is not heard. */
Test(flights, taken_over)
{
    static const struct {
        const char *desc;
        enum slot_end late;
        size_t late_served, served;
    } cases[] = {{"late and good", SLOT_GOOD, 1, 0},
                 {"late and failed", SLOT_HOST_FAILED, 0, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct flight_waiter waiter = {0};
        const int64_t now = NOW + (int64_t)i * 100000;
        flights_drive(flights, &loop, now);
        cr_expect_eq(join("u", "h", true, &waiter, now), 1);
        struct flight *left = flights_take(flights, &loop, now);
        cr_expect_eq(flights_due(flights, &other), now + FLIGHTS_LEASE_MS + 1);
        cr_expect_eq(flights_due(flights, &loop), INT64_MAX, "its own is no news");
        cr_expect_null(flights_take(flights, &other, now + FLIGHTS_LEASE_MS));
        struct flight *taken = flights_take(flights, &other, now + FLIGHTS_LEASE_MS + 1);
        cr_assert_not_null(taken);
        cr_expect_str_eq(taken->url, "u");
        cr_expect_null(flights_take(flights, &loop, now + FLIGHTS_LEASE_MS + 2));
        size_t late = count(
            flights_finish(flights, left, cases[i].late, (struct slot_fault){0}, now + 5000));
        cr_expect_eq(late, cases[i].late_served, "%s", cases[i].desc);
        size_t served = count(finish(taken, now + 5001));
        cr_expect_eq(served, cases[i].served, "%s", cases[i].desc);
    }
    struct flights_counts counts;
    flights_count(flights, &counts);
    cr_expect_eq(counts.running, 0);
    cr_expect_eq(counts.taken_over, 2);
}

/* A loop that ends leaves its flights to the others, first in turn. */
Test(flights, exit)
{
    struct flight_waiter waiters[2] = {{0}};

    join("u", "h", true, &waiters[0], NOW);
    cr_expect_not_null(flights_take(flights, &loop, NOW));
    join("v", "h", true, &waiters[1], NOW);
    flights_exit(flights, &loop, NOW);
    struct flight *flight = flights_take(flights, &other, NOW);
    cr_assert_not_null(flight);
    cr_expect_str_eq(flight->url, "u");
    cr_expect_eq(count(finish(flight, NOW)), 1);
}

/* What nobody waits for any more goes from the queue, but not at once: the next call may want
   it. */
Test(flights, orphans)
{
    struct flight_waiter waiter = {0}, stays = {0};
    struct flights_counts counts;

    join("u", "h", false, &waiter, NOW);
    join("v", "h", false, &stays, NOW);
    flights_leave(flights, &waiter);
    for (int i = 0; i < 8; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%d", i);
        join(name, name, true, NULL, NOW);
        cr_assert_not_null(flights_take(flights, &loop, NOW));
    }
    cr_expect_null(flights_take(flights, &loop, NOW + FLIGHTS_ORPHAN_MS));
    flights_count(flights, &counts);
    cr_expect_eq(counts.waiting, 2);
    cr_expect_null(flights_take(flights, &loop, NOW + FLIGHTS_ORPHAN_MS + 1));
    flights_count(flights, &counts);
    cr_expect_eq(counts.waiting, 1);
    flights_leave(flights, &stays);
}

/* 100 threads want one URL, two drive: one fetch, and everyone is served once. */
struct call {
    struct flight_waiter waiter;
    atomic_int served;
};

static struct call calls[100];
static atomic_int joined, done, fetched;

static void *want(void *arg)
{
    struct call *call = arg;

    join("cold", "h", false, &call->waiter, NOW);
    joined++;
    return NULL;
}

static void *drive(void *arg)
{
    while (done < 100) {
        struct flight *flight = flights_take(flights, arg, NOW);
        if (flight == NULL)
            continue;
        fetched++;
        while (joined < 100)
            sched_yield();
        for (struct flight_waiter *waiter = finish(flight, NOW), *next; waiter != NULL;
             waiter = next) {
            next = waiter->next;
            ((struct call *)waiter)->served++;
            done++;
        }
    }
    return NULL;
}

Test(flights, hundred_threads)
{
    pthread_t threads[102];

    for (size_t i = 0; i < 2; i++)
        pthread_create(&threads[100 + i], NULL, drive, i == 0 ? &loop : &other);
    for (size_t i = 0; i < 100; i++)
        pthread_create(&threads[i], NULL, want, &calls[i]);
    for (size_t i = 0; i < 102; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(fetched, 1);
    for (size_t i = 0; i < 100; i++)
        cr_expect_eq(calls[i].served, 1);
}
