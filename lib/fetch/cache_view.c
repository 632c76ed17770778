/* The cache seen from outside: hosts it knows, what is due, what is listed and counted. */
#include <stdlib.h>
#include <string.h>

#include "fetch/cache_maps.h"

enum { HOST_MOST = 255 };

/* Lower case. False: no host has so long a name. */
static bool host_key(const char *host, char room[HOST_MOST + 1], struct segments_key *key)
{
    const size_t len = strnlen(host, HOST_MOST + 1);

    if (len > HOST_MOST)
        return false;
    for (size_t i = 0; i < len; i++)
        room[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + ('a' - 'A')) : host[i];
    *key = (struct segments_key){.data = room, .len = len};
    return true;
}

static struct known_host *host_new(const struct segments_key *key)
{
    struct known_host *known = calloc(1, sizeof *known + key->len);

    if (known == NULL)
        return NULL;
    memcpy(known->name, key->data, key->len);
    known->entry = (struct segments_entry){
        .key = known->name,
        .key_len = (uint16_t)key->len,
        .octets = (uint32_t)(sizeof *known + key->len),
    };
    return known;
}

bool cache_host_is_known(struct cache *cache, const char *host)
{
    char room[HOST_MOST + 1];
    struct segments_key key;

    if (!host_key(host, room, &key))
        return false;
    struct shard *shard = segments_lock(cache->hosts, &key);
    struct segments_entry *entry = segments_find(shard, &key);
    if (entry != NULL)
        segments_use(shard, entry);
    segments_unlock(cache->hosts, shard);
    return entry != NULL;
}

/* Want of memory leaves it a stranger. */
void cache_know_host(struct cache *cache, const char *host)
{
    char room[HOST_MOST + 1];
    struct segments_key key;

    if (cache_host_is_known(cache, host) || !host_key(host, room, &key))
        return;
    struct known_host *known = host_new(&key);
    if (known == NULL)
        return;
    struct shard *shard = segments_lock(cache->hosts, &key);
    segments_put(shard, &key, &known->entry);
    segments_unlock(cache->hosts, shard);
}

bool cache_take_due(struct cache *cache, enum fetch_kind *kind, char url[CACHE_URL_SIZE])
{
    struct due_item item;

    if (!due_take(&cache->due, &item))
        return false;
    *kind = item.kind;
    memcpy(url, item.url, strlen(item.url) + 1);
    free(item.url);
    return true;
}

struct sweep {
    struct cache *cache;
    int64_t now;
};

static bool sweep_place(void *arg, struct segments_entry *entry)
{
    const struct sweep *sweep = arg;
    struct place *place = (struct place *)entry;

    if (place_is_due(place, sweep->now)
        && due_add(&sweep->cache->due, place_kind(place), place_url(place)))
        place->due = sweep->now + 60;
    return true;
}

void cache_sweep(struct cache *cache, int64_t now)
{
    struct sweep sweep = {cache, now};

    segments_walk(cache->urls, atomic_fetch_add(&cache->swept, 1) % SEGMENTS_SHARDS, 1,
                  sweep_place, &sweep);
}

struct viewer {
    bool (*visit)(void *arg, const struct cache_row *row);
    void *arg;
    bool more;
};

static bool view_place(void *arg, struct segments_entry *entry)
{
    struct viewer *viewer = arg;
    const struct place *place = (const struct place *)entry;
    const struct cold *cold = place->cold;
    struct cache_row row = {
        .kind = place_kind(place),
        .url = place_url(place),
        .sha256 = place->body->sha256,
        .fetched = place->received,
        .expires = cold->expires < cold->limit ? cold->expires : cold->limit,
        .used = place->used,
        .uses = place->uses,
        .octets = place->body->len,
        .meta = &cold->meta,
    };

    return viewer->more = viewer->visit(viewer->arg, &row);
}

static bool view_failed(void *arg, struct segments_entry *entry)
{
    struct viewer *viewer = arg;
    const struct failed_place *failed = (const struct failed_place *)entry;
    struct cache_row row = {
        .kind = (enum fetch_kind)entry->sort,
        .url = failed->url,
        .fetched = failed->at,
        .expires = failed->until,
        .used = failed->used,
        .uses = failed->uses,
        .failure = &failed->failure,
    };

    return viewer->more = viewer->visit(viewer->arg, &row);
}

void cache_each(struct cache *cache, bool (*visit)(void *arg, const struct cache_row *row),
                void *arg)
{
    struct viewer viewer = {visit, arg, true};

    segments_walk(cache->urls, 0, SEGMENTS_SHARDS, view_place, &viewer);
    if (viewer.more)
        segments_walk(cache->failures, 0, SEGMENTS_SHARDS, view_failed, &viewer);
}

void cache_count(struct cache *cache, struct cache_counts *counts)
{
    *counts = (struct cache_counts){
        .hits = tally_sum(&cache->tallies[TALLY_HITS]),
        .misses = tally_sum(&cache->tallies[TALLY_MISSES]),
        .stale = tally_sum(&cache->tallies[TALLY_STALE]),
        .failed = tally_sum(&cache->tallies[TALLY_FAILED]),
        .loaded = tally_sum(&cache->tallies[TALLY_LOADED]),
        .put = tally_sum(&cache->tallies[TALLY_PUT]),
        .revalidated = tally_sum(&cache->tallies[TALLY_REVALIDATED]),
        .failures = tally_sum(&cache->tallies[TALLY_FAILURES]),
        .evicted = segments_evicted(cache->urls) + segments_evicted(cache->bodies)
                   + segments_evicted(cache->failures),
        .urls = segments_entries(cache->urls),
        .bodies = segments_entries(cache->bodies),
        .body_octets = segments_octets(cache->bodies),
        .failures_kept = segments_entries(cache->failures),
        .hosts = segments_entries(cache->hosts),
    };
}
