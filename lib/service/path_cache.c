/* What lists of certificates came to: two maps of shared, immutable entries, and who is building
   one now. */
#include "service/path_cache.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/cells.h"
#include "base/limits.h"
#include "base/tally.h"
#include "service/encompassed.h"
#include "service/interned.h"

struct path_cache {
    struct segments *good, *refused;
    struct interned *interned;
    struct cells *cells; /* of what is kept */
    struct tally hits;
    _Atomic uint64_t built;
    struct turns turns;
    struct path_works works;
};

/* ---- Entries ----------------------------------------------------------------------------- */

static struct kept_path *kept_of(struct pinned *pinned)
{
    return (struct kept_path *)((char *)pinned - offsetof(struct kept_path, pinned));
}

void kept_path_free(struct kept_path *kept)
{
    if (kept != NULL)
        pinned_free(&kept->pinned);
}

static void destroy(struct pinned *pinned)
{
    struct kept_path *kept = kept_of(pinned);

    body_unwatch(kept->body);
    path_free(&kept->path);
    warnings_free(&kept->warnings);
    for (size_t i = 0; i < 2; i++)
        encompassed_free(kept->encompassed[i]);
    encompassed_work_free(kept->work);
    pthread_mutex_destroy(&kept->lock);
    cells_give(kept->cells, kept);
}

static struct kept_path *kept_ref(struct kept_path *kept)
{
    atomic_fetch_add_explicit(&kept->pinned.references, 1, memory_order_relaxed);
    return kept;
}

/* To this body, and no other any more: all under the map's lock. NULL: to none. */
static void pin_to(struct kept_path *kept, struct body *body)
{
    struct body *before = kept->body;

    if (before == body)
        return;
    kept->body = body == NULL ? NULL : body_watch(body);
    if (body != NULL)
        body_pin(body, &kept->pinned);
    if (before != NULL)
        body_unpin(before, &kept->pinned);
    body_unwatch(before);
}

static void release(struct segments_entry *entry)
{
    struct kept_path *kept = (struct kept_path *)entry;

    pin_to(kept, NULL);
    kept_path_free(kept);
}

static bool was_used(struct segments_entry *entry)
{
    return atomic_exchange_explicit(&((struct kept_path *)entry)->used, false,
                                    memory_order_relaxed);
}

/* Narrows it to one side of what ends then. */
static void narrow_until(struct kept_path *kept, int64_t end, int64_t now)
{
    if (end >= now && end < kept->to)
        kept->to = end;
    if (end < now && end + 1 > kept->from)
        kept->from = end + 1;
}

/* Narrows the time around now to where this certificate is as valid, or not, as it is now. */
static void narrow(struct kept_path *kept, const struct stir_certificate *certificate,
                   int64_t now)
{
    const int64_t begin = certificate->not_before, end = certificate->not_after;

    if (begin <= now && begin > kept->from)
        kept->from = begin;
    if (begin > now && begin - 1 < kept->to)
        kept->to = begin - 1;
    if (end >= now && end < kept->to)
        kept->to = end;
    if (end < now && end + 1 > kept->from)
        kept->from = end + 1;
}

/* By estimate: what is the certificate's own. The entries of its list, packed, take less than
   their DER. */
static size_t octets_of(const struct stir_certificate *certificate)
{
    size_t octets = sizeof *certificate + 2 * certificate->der.len + 512;

    if (certificate->scope != NULL)
        octets += certificate->scope->n_ranges * sizeof *certificate->scope->ranges
                  + certificate->scope->n_spc_set * sizeof *certificate->scope->spc_set;
    return octets;
}

static uint32_t octets_kept(const struct kept_path *kept)
{
    size_t octets = sizeof *kept + kept->warnings.n * 128;

    if (kept->path.n > 0)
        octets += octets_of(kept->path.certificates[0]);
    return octets < UINT32_MAX ? (uint32_t)octets : UINT32_MAX;
}

static struct kept_path *make(struct cells *cells, const struct path_key *key,
                              const struct stir_chain *chain, const struct anchors *anchors,
                              const struct path *path, const struct warnings *warnings)
{
    struct kept_path *kept = cells_take(cells);

    if (kept == NULL)
        return NULL;
    kept->cells = cells;
    atomic_init(&kept->pinned.references, 1);
    kept->pinned.free = destroy;
    pthread_mutex_init(&kept->lock, NULL);
    memcpy(kept->digest, key->digest, sizeof kept->digest);
    kept->epoch = key->epoch;
    kept->from = INT64_MIN;
    kept->to = INT64_MAX;
    kept->until = INT64_MAX;
    for (size_t i = 0; i < chain->n; i++)
        narrow(kept, chain->certificates[i], key->now);
    for (size_t i = 0; i < anchors->n; i++) {
        narrow(kept, anchors->certificates[i], key->now);
        narrow_until(kept, anchors->origins[i].until, key->now);
    }
    path_copy(&kept->path, path);
    if (warnings_add_all(&kept->warnings, warnings) == 0)
        return kept;
    kept_path_free(kept);
    return NULL;
}

/* ---- The cache --------------------------------------------------------------------------- */

struct path_cache *path_cache_new(void)
{
    struct path_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return NULL;
    turns_init(&cache->turns);
    path_works_init(&cache->works);
    cache->good = segments_new(LIMIT_CACHED_PATHS, LIMIT_CACHED_PATHS_OCTETS, release);
    cache->refused = segments_new(LIMIT_REFUSED_PATHS, LIMIT_REFUSED_PATHS_OCTETS, release);
    cache->interned = interned_new();
    cache->cells =
        cells_new((sizeof(struct kept_path) + CELLS_LINE - 1) / CELLS_LINE * CELLS_LINE);
    if (cache->cells != NULL && cache->good != NULL && cache->refused != NULL
        && cache->interned != NULL) {
        segments_ask(cache->good, was_used);
        return cache;
    }
    path_cache_free(cache);
    return NULL;
}

void path_cache_free(struct path_cache *cache)
{
    if (cache == NULL)
        return;
    segments_free(cache->good);
    segments_free(cache->refused);
    interned_free(cache->interned);
    cells_free(cache->cells);
    turns_free(&cache->turns);
    path_works_free(&cache->works);
    free(cache);
}

static bool holds(const struct kept_path *kept, const struct path_key *key)
{
    return kept->epoch == key->epoch && kept->from <= key->now && key->now <= kept->to
           && key->clock < kept->until;
}

static struct kept_path *look_up(struct segments *map, const struct path_key *key)
{
    struct segments_key place = {.data = key->digest, .len = DIGEST_SHA256_SIZE};
    struct shard *shard = segments_lock(map, &place);
    struct kept_path *kept = (struct kept_path *)segments_find(shard, &place);

    if (kept != NULL && holds(kept, key)) {
        segments_use(shard, &kept->entry);
        kept_ref(kept);
        if (kept->finding.code == 0 && key->body != NULL)
            pin_to(kept, key->body);
    } else {
        kept = NULL;
    }
    segments_unlock(map, shard);
    return kept;
}

/* What is pinned to the body, which nothing but this file does. */
static struct kept_path *recall(const struct path_key *key)
{
    struct pinned *pinned = key->body == NULL ? NULL : body_pinned(key->body);
    struct kept_path *kept = pinned == NULL ? NULL : kept_of(pinned);

    if (kept != NULL && holds(kept, key)) {
        atomic_store_explicit(&kept->used, true, memory_order_relaxed);
        return kept;
    }
    kept_path_free(kept);
    return NULL;
}

static struct kept_path *look_up_both(struct path_cache *cache, const struct path_key *key)
{
    struct kept_path *kept = recall(key);

    if (kept == NULL)
        kept = look_up(cache->good, key);
    return kept != NULL ? kept : look_up(cache->refused, key);
}

/* ---- Turns ------------------------------------------------------------------------------- */

int path_cache_find(struct path_cache *cache, const struct path_key *key, struct turn *turn,
                    struct kept_path **kept)
{
    enum turn_end end = TURN_WAITED;
    bool waits = true;

    /* Once more when the turn is taken: whoever built it may have left just before. */
    while ((*kept = look_up_both(cache, key)) == NULL && end == TURN_WAITED) {
        end = turn == NULL ? TURN_BUSY
                           : turns_take(&cache->turns, key->digest, key->epoch, waits, turn);
        waits = false;
    }
    if (*kept == NULL)
        return end == TURN_TAKEN ? 0 : BUDGET_GONE;
    if (turn != NULL)
        turns_leave(&cache->turns, turn);
    tally_add(&cache->hits);
    return 1;
}

void path_cache_take_up(struct path_cache *cache, const struct path_key *key,
                        struct path_work **work)
{
    struct path_work *laid = path_works_take(&cache->works, key->digest, key->epoch);

    if (laid == NULL || (*work != NULL && (*work)->spent >= laid->spent)) {
        path_work_free(laid);
        return;
    }
    path_work_free(*work);
    *work = laid;
}

void path_cache_leave(struct path_cache *cache, struct turn *turn, struct path_work *half_made)
{
    if (turn->taken && half_made != NULL)
        path_works_lay(&cache->works, half_made);
    turns_leave(&cache->turns, turn);
}

/* Unless a later epoch was there first. */
static void put(struct segments *map, struct kept_path *kept, struct body *body)
{
    struct segments_key place = {.data = kept->digest, .len = DIGEST_SHA256_SIZE};
    struct shard *shard = segments_lock(map, &place);
    struct kept_path *before = (struct kept_path *)segments_find(shard, &place);

    if (before == NULL || before->epoch <= kept->epoch) {
        segments_put(shard, &place, &kept_ref(kept)->entry);
        pin_to(kept, body);
    }
    segments_unlock(map, shard);
}

int path_cache_put(struct path_cache *cache, const struct path_key *key,
                   const struct stir_chain *chain, const struct anchors *anchors,
                   const struct path *path, const struct warnings *warnings,
                   const struct stir_error *finding, struct kept_path **kept)
{
    struct kept_path *made = make(cache->cells, key, chain, anchors, path, warnings);

    *kept = NULL;
    if (made == NULL)
        return STIR_E_NOMEM;
    error_clear(&made->finding);
    if (finding != NULL) {
        made->finding = *finding;
        made->until = key->clock + REFUSED_SECONDS;
    }
    interned_share(cache->interned, &made->path);
    made->entry.key = made->digest;
    made->entry.key_len = sizeof made->digest;
    made->entry.octets = octets_kept(made);
    if (finding == NULL)
        put(cache->good, made, key->body);
    else
        put(cache->refused, made, NULL);
    atomic_fetch_add_explicit(&cache->built, 1, memory_order_relaxed);
    *kept = made;
    return 0;
}

void path_cache_count(struct path_cache *cache, struct path_cache_counts *counts)
{
    *counts = (struct path_cache_counts){
        .good = segments_entries(cache->good),
        .refused = segments_entries(cache->refused),
        .octets = segments_octets(cache->good) + segments_octets(cache->refused),
        .interned = interned_count(cache->interned),
        .hits = tally_sum(&cache->hits),
        .built = atomic_load(&cache->built),
        .half_made = path_works_count(&cache->works),
    };
    turns_count(&cache->turns, &counts->turns, &counts->waited);
}
