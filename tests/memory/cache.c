/* The cache and its flights, and the octets of a record, with every request for memory refused in
   turn: who waits is served all the same. */
#include <stdlib.h>
#include <string.h>

#include "fetch/flights.h"
#include "fetch/store.h"
#include "tests/memory/every.h"

enum { CLOCK = 1800000000, WRONG = 1 };

static const char url[] = "https://a.example/c.pem";

/* 0, or STIR_E_NOMEM: not kept; WRONG: who waits was not served. */
static int put(struct cache *cache, const struct cache_policy *policy, struct body *body)
{
    const struct http_meta meta = {.etag = "\"1\""};
    struct cache_hit hit;
    int rc = cache_put(cache, FETCH_CERTIFICATES, url, policy,
                       &(struct cache_response){200, &meta, body, CLOCK, CLOCK}, &hit);

    if (hit.state != CACHE_FRESH || hit.body != body)
        rc = WRONG;
    cache_hit_clear(&hit);
    return rc;
}

static int fail(struct cache *cache)
{
    const struct cache_failure failure = {.why = STIR_FAILURE_TIMEOUT};
    struct cache_hit hit;
    int rc = cache_fail(cache, FETCH_TNAUTHLIST, url, &failure, CLOCK, &hit);

    if (hit.state != CACHE_FAILED)
        rc = WRONG;
    cache_hit_clear(&hit);
    return rc;
}

/* A use late in its life queues it, if there is memory; and finds it in any case. */
static int find(struct cache *cache)
{
    char due[CACHE_URL_SIZE];
    enum fetch_kind kind;
    struct cache_hit hit;
    int rc = cache_find(cache, FETCH_CERTIFICATES, url, CLOCK + 86000, &hit) == CACHE_FRESH
                 ? 0
                 : WRONG;

    cache_hit_clear(&hit);
    if (rc == 0 && !cache_take_due(cache, &kind, due))
        rc = STIR_E_NOMEM;
    return rc;
}

static int run_cache(const void *arg)
{
    struct cache_policy policy;
    struct cache *cache = cache_new(NULL);
    struct body *body = cache == NULL ? NULL : body_new("chain", 5);
    int rc = body == NULL ? STIR_E_NOMEM : 0;

    (void)arg;
    cache_policy_init(&policy);
    if (rc == 0)
        rc = put(cache, &policy, body);
    if (rc == 0)
        rc = find(cache);
    if (rc == 0)
        rc = fail(cache);
    if (rc == 0) {
        cache_know_host(cache, "a.example");
        rc = cache_host_is_known(cache, "a.example") ? 0 : STIR_E_NOMEM;
    }
    body_free(body);
    cache_free(cache);
    return rc;
}

/* A loop takes what was wanted; want of memory leaves it for later. */
static int fly(struct flights *flights)
{
    struct flight_waiter waiter = {0};
    struct flight_loop loop = {0};
    struct flight *flight = NULL;
    int rc =
        flights_join(flights, FETCH_CERTIFICATES, url, "a.example", true, &waiter, 0, NULL);

    if (rc < 0)
        return rc;
    flights_enter(flights, &loop, 0);
    for (int tries = 0; flight == NULL && tries < 2; tries++)
        flight = flights_take(flights, &loop, 0);
    rc = flight != NULL
                 && flights_finish(flights, flight, SLOT_GOOD, (struct slot_fault){0}, 0)
                        == &waiter
             ? 0
             : WRONG;
    flights_exit(flights, &loop, 0);
    return rc;
}

static int run_flights(const void *arg)
{
    struct flights *flights = flights_new(NULL);
    int rc = flights == NULL ? STIR_E_NOMEM : fly(flights);

    (void)arg;
    flights_free(flights);
    return rc;
}

static int run_record(const void *arg)
{
    struct store_record record = {.url = url, .requested = CLOCK, .received = CLOCK}, found;
    char *found_url = NULL;
    size_t len;

    (void)arg;
    record.body = body_new("chain", 5);
    void *data = record.body == NULL ? NULL : store_encode(&record, &len);
    int rc =
        data == NULL ? STIR_E_NOMEM : store_decode(data, len, NULL, &found, &found_url, NULL);
    if (rc == 0)
        body_free(found.body);
    free(found_url);
    free(data);
    body_free(record.body);
    return rc;
}

int main(void)
{
    every_request("a cache", run_cache, NULL, 0);
    every_request("flights", run_flights, NULL, 0);
    every_request("a record of the cache's file", run_record, NULL, 0);
    return every_status();
}
