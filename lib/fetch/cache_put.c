/* What changes the cache: what came, what failed, what is said of a body, what is forgotten. */
#include <stdlib.h>
#include <string.h>

#include "fetch/cache_maps.h"

/* Seconds after which a failure is the first again. */
enum { FORGIVEN = 3600 };

/* One that is there already stays: URLs of one body share it. A watcher's; NULL: out of memory. */
static struct body *keep_body(struct cache *cache, struct body *body)
{
    struct segments_key key = {.data = body->sha256, .len = DIGEST_SHA256_SIZE};
    struct kept_body *kept = malloc(sizeof *kept);

    if (kept == NULL)
        return NULL;
    *kept = (struct kept_body){
        .entry = {.key = body->sha256,
                  .key_len = DIGEST_SHA256_SIZE,
                  .octets = (uint32_t)(sizeof *kept + BODY_HEAD + body->len)},
        .body = body_ref(body)};
    struct shard *shard = segments_lock(cache->bodies, &key);
    struct kept_body *before = (struct kept_body *)segments_find(shard, &key);
    if (before == NULL)
        segments_put(shard, &key, &kept->entry);
    struct body *watched = body_watch(before == NULL ? body : before->body);
    segments_unlock(cache->bodies, shard);
    if (before != NULL)
        cache_release_kept(&kept->entry);
    return watched;
}

static void forget_in(struct segments *map, struct segments_key *key)
{
    struct shard *shard = segments_lock(map, key);
    struct segments_entry *entry = segments_find(shard, key);

    if (entry != NULL)
        segments_remove(shard, entry);
    segments_unlock(map, shard);
}

/* With the URL in it, or behind what is seldom read. */
static void set_url(struct place *place, const struct segments_key *key)
{
    char *room = key->len < sizeof place->url ? place->url : place->cold->url;

    memcpy(room, key->data, key->len);
    room[key->len] = '\0';
    place->entry.key = room;
    place->entry.key_len = (uint16_t)key->len;
    place->entry.sort = key->sort;
}

static struct place *place_new(struct cache *cache, const struct segments_key *key)
{
    struct place *place = cells_take(cache->places);
    const size_t more = key->len < sizeof place->url ? 0 : key->len + 1;

    if (place == NULL)
        return NULL;
    place->cold = calloc(1, sizeof *place->cold + more);
    if (place->cold == NULL) {
        cells_give(cache->places, place);
        return NULL;
    }
    place->cold->cells = cache->places;
    set_url(place, key);
    place->entry.octets = (uint32_t)(sizeof *place + sizeof *place->cold + more);
    place->cold->limit = INT64_MAX;
    return place;
}

static void set_life(struct place *place, const struct cache_policy *policy,
                     const struct cache_response *response)
{
    struct cache_life life =
        cache_life_of(policy, place_kind(place), &place->cold->meta, response->requested,
                      response->received, place->entry.hash);

    place->received = response->received;
    place->cold->expires = life.expires;
    place->cold->stale_until = life.stale_until;
    place->due = life.due;
    place->used_since = false;
    cache_settle(place);
}

/* The same body keeps what was said of it. */
static void inherit(struct place *place, const struct place *before)
{
    place->used = before->used;
    place->uses = before->uses;
    if (memcmp(place->body->sha256, before->body->sha256, DIGEST_SHA256_SIZE) == 0)
        place->cold->limit = before->cold->limit;
}

/* Takes place. */
static void put_place(struct cache *cache, struct segments_key *key, struct place *place,
                      const struct cache_policy *policy, const struct cache_response *response)
{
    struct shard *shard = segments_lock(cache->urls, key);
    const struct place *before = (struct place *)segments_find(shard, key);

    if (before != NULL)
        inherit(place, before);
    place->entry.hash = key->hash;
    set_life(place, policy, response);
    segments_put(shard, key, &place->entry);
    segments_unlock(cache->urls, shard);
}

static int put_body(struct cache *cache, struct segments_key *key,
                    const struct cache_policy *policy, const struct cache_response *response)
{
    struct place *place = place_new(cache, key);

    if (place == NULL || (place->body = keep_body(cache, response->body)) == NULL) {
        if (place != NULL)
            place_free(place);
        return STIR_E_NOMEM;
    }
    if (response->meta != NULL)
        place->cold->meta = *response->meta;
    put_place(cache, key, place, policy, response);
    tally_add(&cache->tallies[TALLY_PUT]);
    return 0;
}

/* 304. False: there is nothing of which it could be said. */
static bool freshen(struct cache *cache, struct segments_key *key,
                    const struct cache_policy *policy, const struct cache_response *response)
{
    struct shard *shard = segments_lock(cache->urls, key);
    struct place *place = (struct place *)segments_find(shard, key);

    if (place != NULL) {
        if (response->meta != NULL)
            http_meta_update(&place->cold->meta, response->meta);
        set_life(place, policy, response);
    }
    segments_unlock(cache->urls, shard);
    tally_add(&cache->tallies[TALLY_REVALIDATED]);
    return place != NULL;
}

/* After 304: what it was said of. */
static void serve_same(struct cache *cache, struct segments_key *key, int64_t now,
                       struct cache_hit *hit)
{
    struct cache_found found;

    cache_look_up(cache, key, now, false, &found, hit);
    hit->state = hit->body == NULL ? CACHE_MISS : CACHE_FRESH;
}

static void serve_new(const struct cache_response *response, struct cache_hit *hit)
{
    hit->state = CACHE_FRESH;
    hit->body = body_ref(response->body);
    hit->fetched = response->received;
    hit->expires = response->received + CACHE_HOLD;
    if (response->meta != NULL)
        hit->meta = *response->meta;
    else
        memset(&hit->meta, 0, sizeof hit->meta);
}

int cache_put(struct cache *cache, enum fetch_kind kind, const char *url,
              const struct cache_policy *policy, const struct cache_response *response,
              struct cache_hit *hit)
{
    struct cache_hit unused;
    struct segments_key key;
    int rc = 0;

    if (hit == NULL)
        hit = &unused;
    cache_hit_init(hit);
    const bool fits = cache_key(&key, kind, url);
    if (response->body != NULL) {
        serve_new(response, hit);
        rc = fits ? put_body(cache, &key, policy, response) : 0;
    } else if (fits && freshen(cache, &key, policy, response)) {
        serve_same(cache, &key, response->received, hit);
    }
    if (fits)
        forget_in(cache->failures, &key);
    if (hit == &unused)
        cache_hit_clear(&unused);
    return rc;
}

/* Takes failed; soon after one before it, it holds for longer. Until when. */
static int64_t put_failed(struct cache *cache, struct segments_key *key,
                          struct failed_place *failed, int64_t now)
{
    struct shard *shard = segments_lock(cache->failures, key);
    const struct failed_place *before = (struct failed_place *)segments_find(shard, key);

    failed->nth = before == NULL || before->until + FORGIVEN < now ? 1 : before->nth + 1;
    failed->until = now + cache_failure_life(&failed->failure, failed->nth);
    const int64_t until = failed->until;
    segments_put(shard, key, &failed->entry);
    segments_unlock(cache->failures, shard);
    return until;
}

/* A refresh ahead that failed is not tried again before the failure is forgotten. */
static void postpone(struct cache *cache, struct segments_key *key, int64_t until)
{
    struct shard *shard = segments_lock(cache->urls, key);
    struct place *place = (struct place *)segments_find(shard, key);

    if (place != NULL && place->due < until)
        place->due = until;
    segments_unlock(cache->urls, shard);
}

static int remember(struct cache *cache, struct segments_key *key,
                    const struct cache_failure *failure, int64_t now)
{
    struct failed_place *failed = calloc(1, sizeof *failed + key->len + 1);

    if (failed == NULL)
        return STIR_E_NOMEM;
    memcpy(failed->url, key->data, key->len);
    failed->entry = (struct segments_entry){
        .key = failed->url,
        .key_len = (uint16_t)key->len,
        .octets = (uint32_t)(sizeof *failed + key->len + 1),
        .sort = key->sort,
    };
    failed->at = now;
    failed->failure = *failure;
    postpone(cache, key, put_failed(cache, key, failed, now));
    tally_add(&cache->tallies[TALLY_FAILURES]);
    return 0;
}

/* Of what was there before the failure. */
static void serve_old(struct cache *cache, struct segments_key *key, int64_t now,
                      struct cache_hit *hit)
{
    struct cache_found found;

    cache_look_up(cache, key, now, false, &found, hit);
    if (hit->body == NULL)
        return;
    if (found.good || found.may_be_stale) {
        hit->state = found.good ? CACHE_FRESH : CACHE_STALE;
        return;
    }
    body_free(hit->body);
    hit->body = NULL;
}

int cache_fail(struct cache *cache, enum fetch_kind kind, const char *url,
               const struct cache_failure *failure, int64_t now, struct cache_hit *hit)
{
    struct cache_hit unused;
    struct segments_key key;
    int rc = 0;

    if (hit == NULL)
        hit = &unused;
    cache_hit_init(hit);
    hit->failure = *failure;
    hit->state = CACHE_FAILED;
    if (cache_key(&key, kind, url)) {
        if (cache_failure_life(failure, 1) > 0)
            rc = remember(cache, &key, failure, now);
        serve_old(cache, &key, now, hit);
    }
    if (hit == &unused)
        cache_hit_clear(&unused);
    return rc;
}

/* The place of the URL, if it is of that body. */
static void lower(struct cache *cache, enum fetch_kind kind, const char *url,
                  const uint8_t *sha256, int64_t until, bool for_good)
{
    struct segments_key key;

    if (!cache_key(&key, kind, url))
        return;
    struct shard *shard = segments_lock(cache->urls, &key);
    struct place *place = (struct place *)segments_find(shard, &key);
    if (place != NULL && memcmp(place->body->sha256, sha256, DIGEST_SHA256_SIZE) == 0) {
        struct cold *cold = place->cold;
        if (for_good && until < cold->limit)
            cold->limit = until;
        if (!for_good && until < cold->expires)
            cold->expires = until;
        if (!for_good && until < cold->stale_until)
            cold->stale_until = until;
        cache_settle(place);
    }
    segments_unlock(cache->urls, shard);
}

void cache_limit(struct cache *cache, enum fetch_kind kind, const char *url,
                 const uint8_t sha256[DIGEST_SHA256_SIZE], int64_t until)
{
    lower(cache, kind, url, sha256, until, true);
}

void cache_hasten(struct cache *cache, enum fetch_kind kind, const char *url,
                  const uint8_t sha256[DIGEST_SHA256_SIZE], int64_t until)
{
    lower(cache, kind, url, sha256, until, false);
}

void cache_forget(struct cache *cache, const char *url)
{
    struct segments_key key;

    if (url == NULL) {
        segments_clear(cache->urls);
        segments_clear(cache->bodies);
        segments_clear(cache->failures);
        due_clear(&cache->due);
        return;
    }
    for (unsigned kind = 0; kind < FETCH_KINDS; kind++)
        if (cache_key(&key, (enum fetch_kind)kind, url)) {
            forget_in(cache->urls, &key);
            forget_in(cache->failures, &key);
        }
}

void cache_forget_failures(struct cache *cache)
{
    segments_clear(cache->failures);
}
