/* Four maps: URL to what came and until when it is good, digest to body, URL to failure, hosts. */
#include "fetch/cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/cache_maps.h"

bool cache_key(struct segments_key *key, enum fetch_kind kind, const char *url)
{
    const size_t len = strnlen(url, CACHE_URL_SIZE);

    *key = (struct segments_key){.data = url, .len = len, .sort = (uint8_t)kind};
    return len <= CACHE_URL_MOST;
}

void place_free(struct place *place)
{
    struct cells *cells = place->cold->cells;

    body_unwatch(place->body);
    free(place->cold);
    cells_give(cells, place);
}

static void release_place(struct segments_entry *entry)
{
    place_free((struct place *)entry);
}

/* A failure, or a host. */
static void release(struct segments_entry *entry)
{
    free(entry);
}

void cache_release_kept(struct segments_entry *entry)
{
    body_free(((struct kept_body *)entry)->body);
    free(entry);
}

/* Bodies are used by way of their URLs. */
static bool was_used(struct segments_entry *entry)
{
    return body_was_used(((struct kept_body *)entry)->body);
}

struct cache *cache_new(const struct cache_limits *limits)
{
    static const struct cache_limits none = {0};
    struct cache *cache = calloc(1, sizeof *cache);

    /* What makes an entry stay within 1 KiB, with the longest URL. */
    static_assert(sizeof(struct place) + sizeof(struct cold) + CACHE_URL_SIZE <= 1024,
                  "an entry is too large");
    static_assert(sizeof(struct place) == 3 * CELLS_LINE, "a cell of whole lines");
    if (cache == NULL)
        return NULL;
    if (limits == NULL)
        limits = &none;
    const size_t urls = limits->urls > 0 ? limits->urls : CACHE_URLS;
    cache->urls = segments_new(urls, urls * 1024, release_place);
    cache->bodies =
        segments_new(urls, limits->body_octets > 0 ? limits->body_octets : CACHE_BODY_OCTETS,
                     cache_release_kept);
    const size_t failures = limits->failures > 0 ? limits->failures : CACHE_FAILURES;
    cache->failures = segments_new(failures, failures * 1024, release);
    const size_t hosts = limits->hosts > 0 ? limits->hosts : CACHE_HOSTS;
    cache->hosts = segments_new(hosts, hosts * 1024, release);
    cache->places = cells_new(sizeof(struct place));
    cache->heads = body_cells_new();
    if (cache->places != NULL && cache->heads != NULL && cache->urls != NULL
        && cache->bodies != NULL && cache->failures != NULL && cache->hosts != NULL
        && segments_lead(cache->urls) && due_init(&cache->due, CACHE_DUE) == 0) {
        segments_ask(cache->bodies, was_used);
        return cache;
    }
    cache_free(cache);
    return NULL;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    segments_free(cache->urls);
    segments_free(cache->bodies);
    segments_free(cache->failures);
    segments_free(cache->hosts);
    due_free(&cache->due);
    cells_free(cache->places);
    cells_free(cache->heads);
    free(cache);
}

struct cells *cache_heads(struct cache *cache)
{
    return cache->heads;
}

void cache_hit_clear(struct cache_hit *hit)
{
    body_free(hit->body);
    hit->body = NULL;
    hit->state = CACHE_MISS;
}

static int64_t until_of(const struct place *place, int64_t until)
{
    const int64_t limit = place->cold->limit > place->received
                              ? place->cold->limit
                              : place->received + CACHE_PAST_LIFE;

    return limit < until ? limit : until;
}

/* A response from the future is of a clock that was set back since: nobody knows its age. */
static bool is_good(const struct place *place, int64_t until, int64_t now)
{
    return place->received <= now + CACHE_HOLD && now < until;
}

/* Queued once: not again before the next minute, should who took it be gone. */
static void queue_due(struct cache *cache, struct place *place, int64_t now)
{
    if (due_add(&cache->due, place_kind(place), place_url(place)))
        place->due = now + 60;
}

/* Media types that most responses have: a use need not read the fields for them. */
static const char *const types[] = {NULL, "application/pem-certificate-chain",
                                    "application/pkix-cert", "application/tnauthlist"};

void cache_settle(struct place *place)
{
    const struct http_meta *meta = &place->cold->meta;

    place->until = until_of(place, place->cold->expires);
    place->said = (uint16_t)meta->said;
    place->type = 0;
    for (uint8_t i = 1; i < sizeof types / sizeof *types; i++)
        if (meta->said != 0 && strcmp(meta->content_type, types[i]) == 0)
            place->type = i;
}

static void copy_meta(const struct place *place, bool use, struct http_meta *meta)
{
    if (!use || place->type == 0) {
        *meta = place->cold->meta;
        return;
    }
    /* Field by field: to clear all of the texts takes longer than the rest. */
    meta->said = place->said;
    meta->max_age = meta->s_maxage = meta->age = meta->expires = meta->date = 0;
    meta->retry_in = meta->retry_at = 0;
    meta->etag[0] = meta->last_modified[0] = '\0';
    strcpy(meta->content_type, types[place->type]);
}

static void copy_place(const struct place *place, int64_t now, bool use,
                       struct cache_found *found, struct cache_hit *hit)
{
    found->there = true;
    found->good = is_good(place, place->until, now);
    found->may_be_stale =
        found->good || is_good(place, until_of(place, place->cold->stale_until), now);
    hit->fetched = place->received;
    hit->expires = place->until;
    copy_meta(place, use, &hit->meta);
    hit->body = body_recover(place->body); /* last, as its line is on its way */
}

/* The body's head and what is pinned to it are far away: with the place, the next time, both at
   once. */
static void note_use(struct shard *shard, struct place *place, int64_t now)
{
    segments_lead_to(shard, &place->entry, place->body, body_glance(place->body));
    body_use(place->body);
    place->used = now;
    place->uses++;
    place->used_since = true;
}

void cache_look_up(struct cache *cache, struct segments_key *key, int64_t now, bool use,
                   struct cache_found *found, struct cache_hit *hit)
{
    struct shard *shard = segments_lock(cache->urls, key);
    struct place *place = (struct place *)segments_find(shard, key);

    found->there = false;
    if (place != NULL) {
        copy_place(place, now, use, found, hit);
        if (use) {
            segments_use(shard, &place->entry);
            note_use(shard, place, now);
            if (place_is_due(place, now))
                queue_due(cache, place, now);
        }
    }
    segments_unlock(cache->urls, shard);
}

/* Remembered and not yet to be tried again. */
static bool find_failure(struct cache *cache, struct segments_key *key, int64_t now,
                         struct cache_hit *hit)
{
    struct shard *shard = segments_lock(cache->failures, key);
    struct failed_place *failed = (struct failed_place *)segments_find(shard, key);
    bool holds = failed != NULL && failed->at <= now + CACHE_HOLD && now < failed->until;

    if (holds) {
        hit->failure = failed->failure;
        hit->fetched = failed->at;
        hit->expires = failed->until;
        failed->used = now;
        failed->uses++;
    }
    segments_unlock(cache->failures, shard);
    return holds;
}

static enum cache_state judge(struct cache *cache, struct segments_key *key, int64_t now,
                              const struct cache_found *found, struct cache_hit *hit)
{
    const bool has_body = hit->body != NULL;

    if (has_body && found->good)
        return CACHE_FRESH;
    const int64_t fetched = hit->fetched, expires = hit->expires;
    const bool failed = find_failure(cache, key, now, hit);
    if (has_body && failed && found->may_be_stale) {
        hit->fetched = fetched;
        hit->expires = expires;
        return CACHE_STALE;
    }
    body_free(hit->body);
    hit->body = NULL;
    if (failed)
        return CACHE_FAILED;
    return has_body ? CACHE_OLD : CACHE_MISS;
}

void cache_hit_init(struct cache_hit *hit)
{
    hit->state = CACHE_MISS;
    hit->body = NULL;
    hit->fetched = hit->expires = 0;
}

static const enum cache_tally tally_of[] = {
    [CACHE_MISS] = TALLY_MISSES, [CACHE_FRESH] = TALLY_HITS,    [CACHE_STALE] = TALLY_STALE,
    [CACHE_OLD] = TALLY_MISSES,  [CACHE_FAILED] = TALLY_FAILED,
};

enum cache_state cache_find(struct cache *cache, enum fetch_kind kind, const char *url,
                            int64_t now, struct cache_hit *hit)
{
    struct segments_key key;
    struct cache_found found;

    cache_hit_init(hit);
    if (!cache_key(&key, kind, url))
        return hit->state;
    cache_look_up(cache, &key, now, true, &found, hit);
    hit->state = judge(cache, &key, now, &found, hit);
    tally_add(&cache->tallies[tally_of[hit->state]]);
    return hit->state;
}

enum cache_state cache_find_loaded(struct cache *cache, enum fetch_kind kind, const char *url,
                                   int64_t now, struct cache_hit *hit)
{
    const enum cache_state before = hit->state;
    struct segments_key key;
    struct cache_found found;

    cache_hit_clear(hit);
    cache_hit_init(hit);
    if (!cache_key(&key, kind, url))
        return hit->state;
    cache_look_up(cache, &key, now, true, &found, hit);
    hit->state = judge(cache, &key, now, &found, hit);
    tally_take(&cache->tallies[tally_of[before]]);
    tally_take(&cache->tallies[TALLY_PUT]);
    tally_add(&cache->tallies[hit->state == CACHE_FRESH ? TALLY_LOADED : tally_of[hit->state]]);
    return hit->state;
}

bool cache_validators(struct cache *cache, enum fetch_kind kind, const char *url,
                      struct cache_validators *validators)
{
    struct segments_key key;
    struct cache_found found;
    struct cache_hit hit;

    cache_hit_init(&hit);
    *validators = (struct cache_validators){0};
    if (!cache_key(&key, kind, url))
        return false;
    cache_look_up(cache, &key, 0, false, &found, &hit);
    if (hit.body == NULL)
        return false;
    body_free(hit.body);
    memcpy(validators->etag, hit.meta.etag, sizeof validators->etag);
    memcpy(validators->last_modified, hit.meta.last_modified, sizeof validators->last_modified);
    return true;
}
