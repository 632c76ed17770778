/* Runs: flights as one loop has them, from flights_take() to flights_finish(). */
#include "service/drive.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/budget.h"
#include "service/errand.h"
#include "service/feed_arrival.h"
#include "service/hooks.h"
#include "service/retrieval.h"
#include "service/want.h"

enum {
    /* Every second one in 64 parts of the cache is looked through for what expires soon. */
    UPKEEP_MS = 1000,
    /* Refreshes that are begun then: each is a fetch beside those of calls. */
    REFRESHES = 8,
    /* Operations that are told in a dispatch that what they wait for came: a microsecond or two
       each, and no bound says how many wait for one URL. */
    SERVINGS = 2048
};

struct run {
    struct drive *drive;
    struct run *next, **link;
    struct flight *flight;
    struct snapshot *snapshot;
    int64_t begun;     /* fetch_clock() */
    int64_t requested; /* the memory's clock */
    struct fetch *fetch;
    bool conditional;  /* it has validators: 304 may be the answer */
    struct want *want; /* with fetch=caller: what the application serves */
    bool offered;      /* it is not taken yet */
    atomic_bool ended; /* the application ended it */
    /* What came is being read; then it ends so. */
    struct feed_arrival *arrival;
    struct slot_fault fault;
};

/* Who waited for a flight that is over, and what came. */
struct rest {
    struct rest *next;
    struct flight_waiter *waiters;
    struct cache_hit hit;
};

/* ---- Life ---------------------------------------------------------------------------------- */

/* Trust anchors are read here and by a reload, and not in a loop. If there are none, each fetch
   says so. */
static void prepare(struct drive *drive)
{
    struct snapshot *snapshot = verifier_snapshot(drive->verifier, NULL);

    atomic_store(&drive->memory->fetches, true);
    if (snapshot != NULL && snapshot->policy.fetch == FETCH_BY_LIBRARY)
        fetch_policy_prepare(snapshot->fetch, NULL);
    snapshot_free(snapshot);
}

int drive_open(struct drive *drive, struct stir_verifier *verifier, bool waits,
               struct stir_error *error)
{
    struct stir_error own = {0};

    *drive = (struct drive){.verifier = verifier, .waits = waits};
    if ((drive->loop = fetch_loop_new(&own)) == NULL)
        return error_copy(error, &own);
    drive->memory = memory_ref(verifier->memory);
    watch_init(&drive->watch, verifier);
    prepare(drive);
    drive->driven = fetch_clock();
    flights_enter(drive->memory->flights, &drive->flights, drive->driven);
    fetch_loop_wake(drive->loop); /* lists at URLs are due, whether there are calls or not */
    return 0;
}

static void free_run(struct run *run)
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
static void serve_rests(struct drive *drive, size_t *n)
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

void drive_close(struct drive *drive)
{
    size_t all = SIZE_MAX;

    if (drive->loop == NULL)
        return;
    watch_close(&drive->watch);
    while (drive->runs != NULL)
        free_run(drive->runs);
    serve_rests(drive, &all);
    flights_exit(drive->memory->flights, &drive->flights, fetch_clock());
    cache_file_flush(drive->memory, true, NULL);
    fetch_loop_free(drive->loop);
    memory_free(drive->memory);
    drive->loop = NULL;
}

void drive_wake(struct drive *drive)
{
    fetch_loop_wake(drive->loop);
}

bool drive_is_busy(const struct drive *drive)
{
    struct flights_counts counts;

    flights_count(drive->memory->flights, &counts);
    return counts.running + counts.waiting > 0 || drive->rests != NULL
           || watch_is_busy(&drive->watch);
}

/* ---- How a run ends ------------------------------------------------------------------------ */

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
    free_run(run);
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

struct stir_want *drive_want(struct drive *drive)
{
    for (struct run *run = drive->runs; run != NULL; run = run->next)
        if (run->offered) {
            run->offered = false;
            return &run->want->open;
        }
    return NULL;
}

/* When the caller is out of time with it. */
static int64_t want_end_of(const struct run *run)
{
    return run->begun + retrieval_timeout(run->flight->kind);
}

/* It ends by the caller's word, or by its time. */
static void look_after(struct run *run)
{
    struct cache_hit hit = {.state = CACHE_FAILED};

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

static void look_after_all(struct drive *drive)
{
    for (struct run *run = drive->runs, *next; run != NULL; run = next) {
        next = run->next;
        if (run->want != NULL && run->arrival == NULL)
            look_after(run);
    }
}

/* ---- What is read -------------------------------------------------------------------------- */

/* Nothing failed that is to be said. */
static void end_reading(struct run *run)
{
    struct cache_hit hit = {.state = CACHE_MISS};

    finish(run, run->fault, &hit);
}

/* True: there is more to read than one slice of each. */
static bool read_slices(struct drive *drive)
{
    bool more = watch_step(&drive->watch);

    for (struct run *run = drive->runs, *next; run != NULL; run = next) {
        next = run->next;
        if (run->arrival == NULL)
            continue;
        if (feed_arrival_step(run->arrival, BUDGET_SLICE))
            more = true;
        else
            end_reading(run);
    }
    return more;
}

/* All of them, in turns, while there is time; the rest is due at once. */
static void read_some(struct drive *drive, int64_t until)
{
    while (fetch_clock() < until && read_slices(drive))
        continue;
}

/* Fetches, and reads what came; if the one left no time for the other, that is first the next
   time. */
static void fetch_and_read(struct drive *drive, int64_t until)
{
    const bool reads_first = drive->reads_first;

    if (reads_first)
        read_some(drive, until);
    fetch_loop_dispatch(drive->loop, until);
    look_after_all(drive);
    drive->reads_first = !reads_first && fetch_clock() >= until;
    if (!reads_first)
        read_some(drive, until);
}

/* When the first that the caller has is out of time; now, where something is being read. */
static int64_t due(const struct drive *drive)
{
    int64_t at = watch_is_busy(&drive->watch) || drive->rests != NULL ? 0 : INT64_MAX;

    for (const struct run *run = drive->runs; run != NULL; run = run->next)
        if (run->arrival != NULL)
            return 0;
        else if (run->want != NULL && want_end_of(run) < at)
            at = want_end_of(run);
    return at;
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

static void begin(struct drive *drive, struct flight *flight)
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

/* What expires soon and is used is fetched before it does. */
static void refresh(struct drive *drive, int64_t now)
{
    struct memory *memory = drive->memory;
    struct snapshot *snapshot = verifier_snapshot(drive->verifier, NULL);
    char text[CACHE_URL_SIZE], authority[URL_AUTHORITY_SIZE];
    enum fetch_kind kind;
    struct url url;

    cache_sweep(memory->cache, memory_now(memory));
    for (int i = 0; i < REFRESHES && snapshot->policy.fetch != FETCH_BY_NOBODY
                    && cache_take_due(memory->cache, &kind, text);
         i++)
        if (url_judge(text, fetch_policy_url(snapshot->fetch), &url, NULL) == 0)
            flights_join(memory->flights, kind, text, url_authority(&url, authority),
                         cache_host_is_known(memory->cache, url.host), NULL, now, NULL);
    snapshot_free(snapshot);
}

static void refuse_feed(struct drive *drive, const struct snapshot *snapshot,
                        const struct feed_url *feed, const struct stir_error *refusal)
{
    struct cache_hit hit = {.state = CACHE_FAILED, .failure.why = STIR_FAILURE_ADDRESS};

    snprintf(hit.failure.sentence, sizeof hit.failure.sentence, "%s", refusal->text);
    hooks_log_fetch(snapshot->hooks, feed->url, &hit);
    feed_arrival_fail(drive->verifier, feed->kind, feed->url, STIR_FAILURE_ADDRESS,
                      refusal->text);
}

static void begin_feed(struct drive *drive, const struct snapshot *snapshot,
                       const struct feed_url *feed, int64_t now)
{
    struct stir_error refusal;
    struct url parts;

    error_clear(&refusal);
    if (url_judge(feed->url, fetch_policy_url(snapshot->fetch), &parts, &refusal) != 0)
        refuse_feed(drive, snapshot, feed, &refusal);
    else
        flights_join(drive->memory->flights, feed->kind, feed->url, parts.host, true, NULL, now,
                     NULL);
}

/* Lists at URLs whose time has come. */
static void refresh_feeds(struct drive *drive, int64_t now)
{
    struct memory *memory = drive->memory;
    struct snapshot *snapshot = verifier_snapshot(drive->verifier, NULL);
    const struct feed_urls *urls = &snapshot->urls;

    for (size_t i = 0; snapshot->policy.fetch != FETCH_BY_NOBODY && i < urls->n; i++)
        if (!urls->list[i].file
            && feeds_due(&memory->feeds, &urls->list[i], memory_now(memory)))
            begin_feed(drive, snapshot, &urls->list[i], now);
    snapshot_free(snapshot);
}

static void keep_up(struct drive *drive, int64_t now)
{
    if (now < drive->next_upkeep)
        return;
    drive->next_upkeep = now + UPKEEP_MS;
    refresh(drive, now);
    /* Its trouble shows in the listings. */
    if (drive->waits)
        cache_file_flush(drive->memory, false, NULL);
    refresh_feeds(drive, now);
    watch_look(&drive->watch);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void drive_dispatch(struct drive *drive, int64_t until, int64_t alarm)
{
    struct flights *flights = drive->memory->flights;
    int64_t now = fetch_clock();
    struct flight *flight;

    if (now - drive->driven > FLIGHTS_LEASE_MS)
        drive->resumed = now;
    drive->driven = now;
    drive->servings = SERVINGS;
    serve_rests(drive, &drive->servings);
    flights_drive(flights, &drive->flights, now);
    fetch_and_read(drive, until);
    keep_up(drive, now);
    while ((flight = flights_take(flights, &drive->flights, now)) != NULL)
        begin(drive, flight);
    alarm = least(alarm, least(due(drive), flights_due(flights, &drive->flights)));
    fetch_loop_alarm(drive->loop, least(alarm, drive->next_upkeep));
}
