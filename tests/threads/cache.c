/*
 * One cache and its flights in eight threads: they want, fetch, fail, revalidate, forget and
 * list at once, and what is served is always of the URL that was asked for. Under
 * ThreadSanitizer, no race either.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/cache.h"
#include "fetch/flights.h"

enum { THREADS = 8, ROUNDS = 4000, URLS = 40, CLOCK = 1800000000 };

static struct cache *cache;
static struct flights *flights;
static struct cache_policy policy;
static atomic_llong now = CLOCK;
static atomic_int failures, served, fetched;

static void fail(const char *what, const char *url)
{
    if (failures++ < 10)
        printf("FAIL: %s: %s\n", what, url);
}

/* Who waits: of its flight, and of whoever may take it out again. */
struct call {
    struct flight_waiter waiter;
    atomic_uint references;
    char url[32];
};

static void call_free(struct call *call)
{
    if (atomic_fetch_sub(&call->references, 1) == 1)
        free(call);
}

/* The body of a URL begins with it. */
static void check(const struct cache_hit *hit, const char *url)
{
    if (hit->body != NULL && strncmp(hit->body->data, url, strlen(url)) != 0)
        fail("served with another's body", url);
}

/* What is pinned to a body says of which URL it is. */
struct note {
    struct pinned pinned;
    char url[32];
};

static atomic_int notes;

static void free_note(struct pinned *pinned)
{
    notes--;
    free((struct note *)pinned);
}

static void pin_note(struct body *body, const char *url)
{
    struct note *note = calloc(1, sizeof *note);

    if (note == NULL)
        return;
    notes++;
    note->pinned = (struct pinned){1, free_note};
    strcpy(note->url, url);
    body_pin(body, &note->pinned);
    pinned_free(&note->pinned);
}

static void check_note(struct body *body, const char *url, unsigned what)
{
    struct pinned *pinned = body_pinned(body);

    if (pinned != NULL && strcmp(((struct note *)pinned)->url, url) != 0)
        fail("another's is pinned", url);
    if (pinned != NULL && what == 0)
        body_unpin(body, pinned);
    if (what == 1)
        pin_note(body, url);
    pinned_free(pinned);
}

static unsigned any(unsigned *seed, unsigned n)
{
    return (unsigned)rand_r(seed) % n;
}

/* What a loop does with a flight: 200, 304, or a failure. */
static void end(struct flight *flight, unsigned *seed)
{
    const int64_t time = now;
    struct cache_validators validators;
    struct http_meta meta = {.said = HTTP_MAX_AGE, .max_age = any(seed, 3) * 100000};
    struct cache_failure failure = {.why = any(seed, 2) == 0 ? STIR_FAILURE_TIMEOUT
                                                             : STIR_FAILURE_CANCELLED};
    struct cache_hit hit;
    char text[64];
    struct body *body = NULL;
    const unsigned what = any(seed, 6);
    int rc;

    if (flight->refused || what == 0) {
        rc = cache_fail(cache, flight->kind, flight->url, &failure, time, &hit);
    } else {
        snprintf(text, sizeof text, "%s%u", flight->url, any(seed, 2));
        bool same = what < 3 && cache_validators(cache, flight->kind, flight->url, &validators);
        body = same ? NULL : body_new(text, strlen(text) + 1);
        rc = cache_put(cache, flight->kind, flight->url, &policy,
                       &(struct cache_response){same ? 304 : 200, &meta, body, time, time},
                       &hit);
    }
    if (rc < 0)
        fail("out of memory", flight->url);
    check(&hit, flight->url);
    fetched++;
    for (struct flight_waiter *
             waiter = flights_finish(flights, flight, what == 0 ? SLOT_HOST_FAILED : SLOT_GOOD,
                                     (struct slot_fault){0}, time / 4),
            *next;
         waiter != NULL; waiter = next) {
        struct call *call = (struct call *)waiter;
        next = waiter->next;
        check(&hit, call->url);
        served++;
        call_free(call);
    }
    cache_hit_clear(&hit);
    body_free(body);
}

static void want(const char *url, const char *host, unsigned *seed)
{
    struct call *call = calloc(1, sizeof *call);

    if (call == NULL)
        return;
    strcpy(call->url, url);
    call->references = 2;
    int rc = flights_join(flights, FETCH_CERTIFICATES, url, host,
                          cache_host_is_known(cache, host), &call->waiter, now / 4, NULL);
    if (rc < 0 || (any(seed, 4) == 0 && flights_leave(flights, &call->waiter)))
        call_free(call); /* the flight's */
    call_free(call);
}

static bool count(void *arg, const struct cache_row *row)
{
    *(size_t *)arg += strlen(row->url);
    return true;
}

/* What happens now and then. */
static void upkeep(const char *url, const char *host, unsigned *seed)
{
    enum fetch_kind kind;
    char due[CACHE_URL_SIZE];
    struct cache_counts counts;
    size_t octets = 0;

    switch (any(seed, 40)) {
    case 0:
        cache_forget(cache, any(seed, 20) == 0 ? NULL : url);
        break;
    case 1:
        cache_forget_failures(cache);
        break;
    case 2:
        cache_each(cache, count, &octets);
        cache_count(cache, &counts);
        break;
    case 3:
        cache_know_host(cache, host);
        break;
    case 4:
        cache_sweep(cache, now);
        while (cache_take_due(cache, &kind, due))
            flights_join(flights, kind, due, "h0", true, NULL, now / 4, NULL);
        break;
    case 5:
        now += any(seed, 4000);
        break;
    }
}

static void *work(void *arg)
{
    unsigned seed = (unsigned)(size_t)arg;
    struct flight_loop loop = {0};
    struct flight *flight;
    struct cache_hit hit;
    char url[32], host[8];

    flights_enter(flights, &loop, now / 4);
    for (int i = 0; i < ROUNDS; i++) {
        const unsigned u = any(&seed, URLS);
        snprintf(url, sizeof url, "https://h%u/%u.pem;", u % 7, u);
        snprintf(host, sizeof host, "h%u", u % 7);
        enum cache_state state = cache_find(cache, FETCH_CERTIFICATES, url, now, &hit);
        check(&hit, url);
        if (hit.body != NULL && any(&seed, 9) == 0)
            cache_limit(cache, FETCH_CERTIFICATES, url, hit.body->sha256, now + 5000);
        if (hit.body != NULL)
            check_note(hit.body, url, any(&seed, 6));
        cache_hit_clear(&hit);
        if (state == CACHE_MISS || state == CACHE_OLD)
            want(url, host, &seed);
        while ((flight = flights_take(flights, &loop, now / 4)) != NULL)
            end(flight, &seed);
        upkeep(url, host, &seed);
    }
    flights_exit(flights, &loop, now / 4);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    struct flight_loop last = {0};
    struct flight *flight;
    unsigned seed = 99;

    cache = cache_new(&(struct cache_limits){.urls = 30, .body_octets = 20000, .failures = 20});
    flights = flights_new(NULL);
    cache_policy_init(&policy);
    policy.of[FETCH_CERTIFICATES].floor = 60;
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)) != 0)
            return 1;
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    /* Who still waits. */
    flights_enter(flights, &last, now / 4);
    for (int i = 0; i < 1000; i++, now += 1000)
        while ((flight = flights_take(flights, &last, now / 4)) != NULL)
            end(flight, &seed);
    flights_exit(flights, &last, now / 4);
    if (fetched < 100 || served < 100)
        fail("hardly anything happened", "");
    flights_free(flights);
    cache_free(cache);
    if (notes != 0)
        fail("what was pinned is still there", "");
    return failures == 0 ? 0 : 1;
}
