/* What changes the cache: what came, what failed, what is said of a body, what is forgotten. */
#include <stdlib.h>
#include <string.h>

#include "fetch/cache_maps.h"

/* Seconds after which a failure is the first again. */
enum { FORGIVEN = 3600 };

/* One that is there already stays: URLs of one body share it. */
static int keep_body(struct cache *cache, struct body *body)
{
    struct segments_key key = {body->sha256, DIGEST_SHA256_SIZE, 0};
    struct kept_body *kept = malloc(sizeof *kept);

    if (kept == NULL)
        return STIR_E_NOMEM;
    *kept = (struct kept_body){
        .entry = {.key = body->sha256,
                  .key_len = DIGEST_SHA256_SIZE,
                  .octets = (uint32_t)(sizeof *kept + sizeof *body + body->len)},
        .body = body_ref(body)};
    struct shard *shard = segments_lock(cache->bodies, &key);
    bool there = segments_find(shard, &key) != NULL;
    if (!there)
        segments_put(shard, &key, &kept->entry);
    segments_unlock(cache->bodies, shard);
    if (there)
        cache_release_kept(&kept->entry);
    return 0;
}

static void forget_in(struct segments *map, struct cache_name *name)
{
    struct shard *shard = segments_lock(map, &name->key);
    struct segments_entry *entry = segments_find(shard, &name->key);

    if (entry != NULL)
        segments_remove(shard, entry);
    segments_unlock(map, shard);
}

static struct place *place_new(const struct cache_name *name)
{
    struct place *place = calloc(1, sizeof *place + name->key.len + 1);

    if (place == NULL)
        return NULL;
    memcpy(place->key, name->octets, name->key.len + 1);
    place->entry = (struct segments_entry){
        .key = place->key,
        .key_len = (uint32_t)name->key.len,
        .octets = (uint32_t)(sizeof *place + name->key.len + 1),
    };
    place->limit = INT64_MAX;
    return place;
}

static void set_life(struct place *place, const struct cache_policy *policy,
                     const struct cache_response *response)
{
    struct cache_life life =
        cache_life_of(policy, place_kind(place), &place->meta, response->requested,
                      response->received, place->entry.hash);

    place->received = response->received;
    place->expires = life.expires;
    place->stale_until = life.stale_until;
    place->due = life.due;
    place->used_since = false;
}

/* The same body keeps what was said of it. */
static void inherit(struct place *place, const struct place *before)
{
    place->used = before->used;
    place->uses = before->uses;
    if (memcmp(place->sha256, before->sha256, sizeof place->sha256) == 0)
        place->limit = before->limit;
}

/* Takes place. */
static void put_place(struct cache *cache, struct cache_name *name, struct place *place,
                      const struct cache_policy *policy, const struct cache_response *response)
{
    struct shard *shard = segments_lock(cache->urls, &name->key);
    const struct place *before = (struct place *)segments_find(shard, &name->key);

    if (before != NULL)
        inherit(place, before);
    place->entry.hash = name->key.hash;
    set_life(place, policy, response);
    segments_put(shard, &name->key, &place->entry);
    segments_unlock(cache->urls, shard);
}

static int put_body(struct cache *cache, struct cache_name *name,
                    const struct cache_policy *policy, const struct cache_response *response)
{
    struct place *place = place_new(name);

    if (place == NULL || keep_body(cache, response->body) < 0) {
        free(place);
        return STIR_E_NOMEM;
    }
    if (response->meta != NULL)
        place->meta = *response->meta;
    memcpy(place->sha256, response->body->sha256, sizeof place->sha256);
    place->octets = response->body->len;
    put_place(cache, name, place, policy, response);
    cache_tally_add(cache, &name->key, TALLY_PUT);
    return 0;
}

/* 304. False: there is nothing of which it could be said. */
static bool freshen(struct cache *cache, struct cache_name *name,
                    const struct cache_policy *policy, const struct cache_response *response)
{
    struct shard *shard = segments_lock(cache->urls, &name->key);
    struct place *place = (struct place *)segments_find(shard, &name->key);

    if (place != NULL) {
        if (response->meta != NULL)
            http_meta_update(&place->meta, response->meta);
        set_life(place, policy, response);
    }
    segments_unlock(cache->urls, shard);
    cache_tally_add(cache, &name->key, TALLY_REVALIDATED);
    return place != NULL;
}

/* After 304: what it was said of. */
static void serve_same(struct cache *cache, struct cache_name *name, int64_t now,
                       struct cache_hit *hit)
{
    struct cache_found found;

    cache_look_up(cache, name, now, false, &found, hit);
    hit->body = found.there ? cache_body(cache, found.sha256, false) : NULL;
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
    struct cache_name name;
    int rc = 0;

    if (hit == NULL)
        hit = &unused;
    cache_hit_init(hit);
    const bool fits = cache_name(&name, kind, url);
    if (response->body != NULL) {
        serve_new(response, hit);
        rc = fits ? put_body(cache, &name, policy, response) : 0;
    } else if (fits && freshen(cache, &name, policy, response)) {
        serve_same(cache, &name, response->received, hit);
    }
    if (fits)
        forget_in(cache->failures, &name);
    if (hit == &unused)
        cache_hit_clear(&unused);
    return rc;
}

/* Takes failed; soon after one before it, it holds for longer. Until when. */
static int64_t put_failed(struct cache *cache, struct cache_name *name,
                          struct failed_place *failed, int64_t now)
{
    struct shard *shard = segments_lock(cache->failures, &name->key);
    const struct failed_place *before = (struct failed_place *)segments_find(shard, &name->key);

    failed->nth = before == NULL || before->until + FORGIVEN < now ? 1 : before->nth + 1;
    failed->until = now + cache_failure_life(&failed->failure, failed->nth);
    const int64_t until = failed->until;
    segments_put(shard, &name->key, &failed->entry);
    segments_unlock(cache->failures, shard);
    return until;
}

/* A refresh ahead that failed is not tried again before the failure is forgotten. */
static void postpone(struct cache *cache, struct cache_name *name, int64_t until)
{
    struct shard *shard = segments_lock(cache->urls, &name->key);
    struct place *place = (struct place *)segments_find(shard, &name->key);

    if (place != NULL && place->due < until)
        place->due = until;
    segments_unlock(cache->urls, shard);
}

static int remember(struct cache *cache, struct cache_name *name,
                    const struct cache_failure *failure, int64_t now)
{
    struct failed_place *failed = calloc(1, sizeof *failed + name->key.len + 1);

    if (failed == NULL)
        return STIR_E_NOMEM;
    memcpy(failed->key, name->octets, name->key.len + 1);
    failed->entry = (struct segments_entry){
        .key = failed->key,
        .key_len = (uint32_t)name->key.len,
        .octets = (uint32_t)(sizeof *failed + name->key.len + 1),
    };
    failed->at = now;
    failed->failure = *failure;
    postpone(cache, name, put_failed(cache, name, failed, now));
    cache_tally_add(cache, &name->key, TALLY_FAILURES);
    return 0;
}

/* Of what was there before the failure. */
static void serve_old(struct cache *cache, struct cache_name *name, int64_t now,
                      struct cache_hit *hit)
{
    struct cache_found found;

    cache_look_up(cache, name, now, false, &found, hit);
    if (!found.there || !(found.good || found.may_be_stale))
        return;
    hit->body = cache_body(cache, found.sha256, false);
    if (hit->body != NULL)
        hit->state = found.good ? CACHE_FRESH : CACHE_STALE;
}

int cache_fail(struct cache *cache, enum fetch_kind kind, const char *url,
               const struct cache_failure *failure, int64_t now, struct cache_hit *hit)
{
    struct cache_hit unused;
    struct cache_name name;
    int rc = 0;

    if (hit == NULL)
        hit = &unused;
    cache_hit_init(hit);
    hit->failure = *failure;
    hit->state = CACHE_FAILED;
    if (cache_name(&name, kind, url)) {
        if (cache_failure_life(failure, 1) > 0)
            rc = remember(cache, &name, failure, now);
        serve_old(cache, &name, now, hit);
    }
    if (hit == &unused)
        cache_hit_clear(&unused);
    return rc;
}

/* The place of the URL, if it is of that body. */
static void lower(struct cache *cache, enum fetch_kind kind, const char *url,
                  const uint8_t *sha256, int64_t until, bool for_good)
{
    struct cache_name name;

    if (!cache_name(&name, kind, url))
        return;
    struct shard *shard = segments_lock(cache->urls, &name.key);
    struct place *place = (struct place *)segments_find(shard, &name.key);
    if (place != NULL && memcmp(place->sha256, sha256, sizeof place->sha256) == 0) {
        if (for_good && until < place->limit)
            place->limit = until;
        if (!for_good && until < place->expires)
            place->expires = until;
        if (!for_good && until < place->stale_until)
            place->stale_until = until;
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
    struct cache_name name;

    if (url == NULL) {
        segments_clear(cache->urls);
        segments_clear(cache->bodies);
        segments_clear(cache->failures);
        due_clear(&cache->due);
        return;
    }
    for (unsigned kind = 0; kind < FETCH_KINDS; kind++)
        if (cache_name(&name, (enum fetch_kind)kind, url)) {
            forget_in(cache->urls, &name);
            forget_in(cache->failures, &name);
        }
}

void cache_forget_failures(struct cache *cache)
{
    segments_clear(cache->failures);
}
