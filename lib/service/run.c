/* Flights as one loop has them. */
#include "service/run.h"

#include <stdlib.h>

#include "base/budget.h"
#include "service/errand.h"
#include "service/feed_arrival.h"
#include "service/hooks.h"
#include "service/retrieval.h"
#include "service/want.h"

/* Who waited for a flight that is over, and what came. */
struct rest {
    struct rest *next;
    struct flight_waiter *waiters;
    struct cache_hit hit;
};

/* ---- Its end ----------------------------------------------------------------------------------- */

void run_free(struct run *run)
{
    *run->link = run->next;
    if (run->next != NULL)
        run->next->link = run->link;
    fetch_cancel(run->fetch);
    feed_arrival_free(run->arrival);
    if (run->want != NULL) {
        want_on_end(run->want, NULL, NULL);
        if (run->offered)
            stir_want_fail(&run->want->open, STIR_FAILURE_CANCELLED);
        want_free(run->want);
    }
    snapshot_free(run->snapshot);
    free(run);
}

/* Serves as many as it may; the first rests go first. */
void run_serve_rests(struct drive *drive, size_t *n)
{
    while (drive->rests != NULL && *n > 0) {
        struct rest *rest = drive->rests;
        rest->waiters = errands_serve(rest->waiters, &rest->hit, n);
        if (rest->waiters != NULL)
            return;
        drive->rests = rest->next;
        cache_hit_clear(&rest->hit);
        free(rest);
    }
}

/* That a host is overloaded, or what is behind it gone. Others are of the one URL, 500 too:
   strangers choose URLs, and must not find one by which a host of good certificates is left
   alone. */
static bool is_of_the_host(int status)
{
    return status == 429 || (status >= 502 && status <= 504);
}

/* What it says of the host. */
static enum slot_end slot_end_of(struct slot_fault fault)
{
    if (fault.status != 0)
        return is_of_the_host(fault.status) ? SLOT_HOST_FAILED : SLOT_GOOD;
    switch (fault.why) {
    case STIR_FAILURE_CANCELLED:
        return SLOT_NOTHING;
    case STIR_FAILURE_TOO_LARGE:
    case STIR_FAILURE_ENCODING:
        return SLOT_GOOD;
    default:
        return SLOT_HOST_FAILED;
    }
}

/* Where there is no memory for that, all are served at once. */
static void leave_rest(struct drive *drive, struct flight_waiter *waiters,
                       const struct cache_hit *hit)
{
    struct rest *rest = malloc(sizeof *rest), **last = &drive->rests;
    size_t all = SIZE_MAX;

    if (rest == NULL) {
        errands_serve(waiters, hit, &all);
        return;
    }
    *rest = (struct rest){.waiters = waiters, .hit = *hit};
    if (hit->body != NULL)
        body_ref(hit->body);
    while (*last != NULL)
        last = &(*last)->next;
    *last = rest;
}

/* Serves all who wait, or as many as there is time for now, and ends the run. */
static void land(struct run *run, enum slot_end end, struct slot_fault fault,
                 const struct cache_hit *hit)
{
    struct flights *flights = run->drive->memory->flights;
    struct flight_waiter *waiters =
        flights_finish(flights, run->flight, end, fault, fetch_clock());

    waiters = errands_serve(waiters, hit, &run->drive->servings);
    if (waiters != NULL)
        leave_rest(run->drive, waiters, hit);
    run_free(run);
}

/* The same of one that was tried: said once, however many waited. */
static void finish(struct run *run, struct slot_fault fault, const struct cache_hit *hit)
{
    if (run->snapshot != NULL)
        hooks_log_fetch(run->snapshot->hooks, run->flight->url, hit);
    land(run, slot_end_of(fault), fault, hit);
}

static void fail(struct run *run, enum stir_failure why, const char *sentence)
{
    struct cache_hit hit = {.state = CACHE_FAILED};

    if (feed_kind_of(run->flight->kind) != NULL)
        feed_arrival_fail(run->drive->verifier, run->flight->kind, run->flight->url, why,
                          sentence);
    retrieval_fail(run->drive->memory, run->flight->kind, run->flight->url, why, sentence,
                   &hit);
    finish(run, (struct slot_fault){.why = why}, &hit);
    cache_hit_clear(&hit);
}

/* ---- By the library ------------------------------------------------------------------------ */

static void on_response(void *arg, const struct fetch_response *response);

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

static void find_validators(const struct run *run, struct cache_validators *validators)
{
    struct memory *memory = run->drive->memory;

    if (feed_kind_of(run->flight->kind) != NULL)
        feeds_validators(&memory->feeds, run->flight->kind, run->flight->url, validators);
    else
        cache_validators(memory->cache, run->flight->kind, run->flight->url, validators);
}

static int fetch(struct run *run, bool revalidate)
{
    struct cache_validators validators = {0};
    struct fetch_request request = {.url = run->flight->url,
                                    .accept = retrieval_accept(run->flight->kind),
                                    .limit = retrieval_limit(run->flight->kind),
                                    .heads = cache_heads(run->drive->memory->cache),
                                    .timeout_ms = retrieval_timeout(run->flight->kind)};

    if (revalidate) {
        find_validators(run, &validators);
        request.if_none_match = or_null(validators.etag);
        request.if_modified_since = or_null(validators.last_modified);
    }
    run->conditional = request.if_none_match != NULL || request.if_modified_since != NULL;
    run->begun = fetch_clock();
    run->requested = memory_now(run->drive->memory);
    run->fetch =
        fetch_start(run->drive->loop, run->snapshot->fetch, &request, on_response, run);
    return run->fetch == NULL ? STIR_E_NOMEM : 0;
}

/* The loop stood still while it was under way: what looks like the host's silence may have been
   ours. Once, since begun is later then. */
static bool is_starved(const struct run *run, enum stir_failure why)
{
    return (why == STIR_FAILURE_TIMEOUT || why == STIR_FAILURE_BROKEN)
           && run->begun <= run->drive->resumed;
}

static void put(struct run *run, const struct fetch_response *response)
{
    struct memory *memory = run->drive->memory;
    const struct slot_fault fault = {.status = response->status};
    struct cache_hit hit = {.state = CACHE_FAILED, .failure.status = response->status};
    struct cache_response came = {.status = response->status,
                                  .meta = response->meta,
                                  .body = response->status == 304 ? NULL : response->body,
                                  .requested = run->requested,
                                  .received = memory_now(memory)};
    if (feed_kind_of(run->flight->kind) != NULL) {
        run->arrival =
            feed_arrival_put(run->drive->verifier, run->flight->kind, run->flight->url, &came);
        run->fault = fault;
        if (response->status == 200 || response->status == 304)
            hit.state = CACHE_MISS; /* nothing failed that is to be said */
        if (run->arrival == NULL)
            finish(run, fault, &hit);
        return;
    }
    int rc = retrieval_put(memory, &run->snapshot->policy.cache, run->flight->kind,
                           run->flight->url, &came, &hit);

    if (rc < 0 && hit.state == CACHE_MISS) /* out of memory: nobody had it */
        hit.state = CACHE_FAILED;
    /* What was to be found the same is gone meanwhile. */
    if (rc == 0 && hit.state == CACHE_MISS && response->status == 304 && fetch(run, false) == 0)
        return;
    finish(run, fault, &hit);
    cache_hit_clear(&hit);
}

static void on_response(void *arg, const struct fetch_response *response)
{
    struct run *run = arg;

    run->fetch = NULL;
    if (response->status == 304 && !run->conditional) /* and it would say so again, for ever */
        fail(run, STIR_FAILURE_BROKEN, "found status 304, of a body that was never here");
    else if (response->status != 0)
        put(run, response);
    else if (!is_starved(run, response->why) || fetch(run, true) < 0)
        fail(run, response->why, response->sentence);
}

/* ---- By the caller ------------------------------------------------------------------------- */

static void on_want_ended(void *arg)
{
    struct run *run = arg;

    atomic_store(&run->ended, true);
    drive_wake(run->drive);
}

static int offer(struct run *run)
{
    run->want = want_new_to_fetch(run->drive->memory, run->snapshot, run->flight->kind,
                                  run->flight->url);
    if (run->want == NULL)
        return STIR_E_NOMEM;
    run->begun = fetch_clock();
    run->offered = true;
    want_hand_out(run->want);
    want_on_end(run->want, on_want_ended, run);
    return 0;
}

struct stir_want *run_want(struct run *run)
{
    if (!run->offered)
        return NULL;
    run->offered = false;
    return &run->want->open;
}

/* When the caller is out of time with it. */
static int64_t want_end_of(const struct run *run)
{
    return run->begun + retrieval_timeout(run->flight->kind);
}

/* It ends by the caller's word, or by its time. */
void run_look_after(struct run *run)
{
    struct cache_hit hit = {.state = CACHE_FAILED};

    if (run->want == NULL || run->arrival != NULL)
        return;
    if (!atomic_load(&run->ended) && fetch_clock() < want_end_of(run))
        return;
    if (!want_is_ended(run->want)) {
        fail(run, STIR_FAILURE_TIMEOUT, "the application's client did not end it in time");
        return;
    }
    want_came(run->want, &hit);
    run->fault = (struct slot_fault){hit.failure.why, hit.failure.status};
    if (feed_kind_of(run->flight->kind) != NULL)
        run->arrival = feed_arrival_put_hit(run->drive->verifier, run->flight->kind,
                                            run->flight->url, &hit);
    if (run->arrival == NULL)
        finish(run, run->fault, &hit);
    cache_hit_clear(&hit);
}

int64_t run_due(const struct run *run)
{
    if (run->arrival != NULL)
        return 0;
    return run->want != NULL ? want_end_of(run) : INT64_MAX;
}

/* ---- What is read -------------------------------------------------------------------------- */

bool run_read(struct run *run)
{
    struct cache_hit hit = {.state = CACHE_MISS}; /* nothing failed that is to be said */

    if (run->arrival == NULL)
        return false;
    if (feed_arrival_step(run->arrival, BUDGET_SLICE))
        return true;
    finish(run, run->fault, &hit);
    return false;
}

/* ---- What is taken ------------------------------------------------------------------------- */

static struct run *run_new(struct drive *drive, struct flight *flight)
{
    struct run *run = calloc(1, sizeof *run);

    if (run == NULL)
        return NULL;
    run->snapshot = verifier_snapshot(drive->verifier, NULL);
    run->drive = drive;
    run->flight = flight;
    run->next = drive->runs;
    run->link = &drive->runs;
    if (run->next != NULL)
        run->next->link = &run->next;
    drive->runs = run;
    return run;
}

void run_begin(struct drive *drive, struct flight *flight)
{
    struct run *run = run_new(drive, flight);
    int rc = STIR_E_UNSUPPORTED;

    if (run == NULL) {
        struct cache_hit hit = {.state = CACHE_FAILED};
        size_t all = SIZE_MAX;
        errands_serve(flights_finish(drive->memory->flights, flight, SLOT_NOTHING,
                                     (struct slot_fault){0}, fetch_clock()),
                      &hit, &all);
        return;
    }
    if (flight->refused) {
        struct cache_hit hit;
        errand_refused(drive->memory, flight->kind, flight->url, flight->fault, &hit);
        land(run, SLOT_NOTHING, flight->fault, &hit);
        cache_hit_clear(&hit);
        return;
    }
    if (run->snapshot->policy.fetch == FETCH_BY_LIBRARY)
        rc = fetch(run, true);
    else if (run->snapshot->policy.fetch == FETCH_BY_CALLER)
        rc = offer(run);
    if (rc < 0)
        fail(run, STIR_FAILURE_CANCELLED, NULL);
}
