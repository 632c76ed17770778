/* One loop: what it drives, and when it looks for what is to be refreshed. */
#include "service/drive.h"

#include <stdatomic.h>
#include <stdio.h>

#include "service/cache_file.h"
#include "service/feed_arrival.h"
#include "service/hooks.h"
#include "service/run.h"

enum {
    /* Every second one in 64 parts of the cache is looked through for what expires soon. */
    UPKEEP_MS = 1000,
    /* Refreshes that are begun then: each is a fetch beside those of calls. */
    REFRESHES = 8,
    /* Operations that are told in a dispatch that what they wait for came: a microsecond or two
       each, and no bound says how many wait for one URL. */
    SERVINGS = 2048
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

void drive_close(struct drive *drive)
{
    size_t all = SIZE_MAX;

    if (drive->loop == NULL)
        return;
    watch_close(&drive->watch);
    while (drive->runs != NULL)
        run_free(drive->runs);
    run_serve_rests(drive, &all);
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

struct stir_want *drive_want(struct drive *drive)
{
    struct stir_want *want = NULL;

    for (struct run *run = drive->runs; want == NULL && run != NULL; run = run->next)
        want = run_want(run);
    return want;
}

/* ---- What is under way --------------------------------------------------------------------- */

static void look_after_all(struct drive *drive)
{
    for (struct run *run = drive->runs, *next; run != NULL; run = next) {
        next = run->next;
        run_look_after(run);
    }
}

/* True: there is more to read than one slice of each. */
static bool read_slices(struct drive *drive)
{
    bool more = watch_step(&drive->watch);

    for (struct run *run = drive->runs, *next; run != NULL; run = next) {
        next = run->next;
        if (run_read(run))
            more = true;
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

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When the first is to be looked after. */
static int64_t due(const struct drive *drive)
{
    int64_t at = watch_is_busy(&drive->watch) || drive->rests != NULL ? 0 : INT64_MAX;

    for (const struct run *run = drive->runs; run != NULL; run = run->next)
        at = least(at, run_due(run));
    return at;
}

/* ---- What is refreshed --------------------------------------------------------------------- */

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

/* ---- All of it ------------------------------------------------------------------------------ */

void drive_dispatch(struct drive *drive, int64_t until, int64_t alarm)
{
    struct flights *flights = drive->memory->flights;
    int64_t now = fetch_clock();
    struct flight *flight;

    if (now - drive->driven > FLIGHTS_LEASE_MS)
        drive->resumed = now;
    drive->driven = now;
    drive->servings = SERVINGS;
    run_serve_rests(drive, &drive->servings);
    flights_drive(flights, &drive->flights, now);
    fetch_and_read(drive, until);
    keep_up(drive, now);
    while ((flight = flights_take(flights, &drive->flights, now)) != NULL)
        run_begin(drive, flight);
    alarm = least(alarm, least(due(drive), flights_due(flights, &drive->flights)));
    fetch_loop_alarm(drive->loop, least(alarm, drive->next_upkeep));
}
