/* The paths that one snapshot has found good: a few for each value of the digest's
   first octet, of which the one not asked for the longest gives way. */
#include "service/path_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum { SETS = 256, WAYS = LIMIT_CACHED_PATHS / SETS };

/* Immutable but for its references. */
struct entry {
    atomic_uint references;
    uint8_t digest[DIGEST_SHA256_SIZE];
    uint64_t epoch;
    int64_t from, to; /* both ends are included */
    struct path path;
    struct warnings warnings;
};

struct slot {
    struct entry *entry;
    uint64_t asked; /* when, by the cache's count */
};

struct path_cache {
    pthread_mutex_t lock; /* of all that follows */
    uint64_t count;
    struct slot slots[SETS][WAYS];
};

static void release(struct entry *entry)
{
    if (entry == NULL || atomic_fetch_sub(&entry->references, 1) > 1)
        return;
    path_free(&entry->path);
    warnings_free(&entry->warnings);
    free(entry);
}

struct path_cache *path_cache_new(void)
{
    struct path_cache *cache = calloc(1, sizeof *cache);

    if (cache != NULL)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void path_cache_free(struct path_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < SETS; i++)
        for (size_t k = 0; k < WAYS; k++)
            release(cache->slots[i][k].entry);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static bool is_of(const struct slot *slot, const uint8_t *digest)
{
    return slot->entry != NULL
           && memcmp(slot->entry->digest, digest, sizeof slot->entry->digest) == 0;
}

/* A reference; NULL: it is not there for this time. */
static struct entry *look_up(struct path_cache *cache, const uint8_t *digest, uint64_t epoch,
                             int64_t now)
{
    struct slot *set = cache->slots[digest[0]];
    struct entry *found = NULL;

    pthread_mutex_lock(&cache->lock);
    for (size_t k = 0; found == NULL && k < WAYS; k++)
        if (is_of(&set[k], digest) && set[k].entry->epoch == epoch && set[k].entry->from <= now
            && now <= set[k].entry->to) {
            found = set[k].entry;
            atomic_fetch_add(&found->references, 1);
            set[k].asked = ++cache->count;
        }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

int path_cache_find(struct path_cache *cache, const uint8_t digest[DIGEST_SHA256_SIZE],
                    uint64_t epoch, int64_t now, struct path *path, struct warnings *warnings)
{
    struct entry *entry = look_up(cache, digest, epoch, now);

    if (entry == NULL)
        return 0;
    int rc = warnings_add_all(warnings, &entry->warnings);
    if (rc == 0)
        path_copy(path, &entry->path);
    release(entry);
    return rc == 0 ? 1 : rc;
}

/* Narrows the time around now to where this certificate is as valid, or not, as it is now. */
static void narrow(struct entry *entry, const struct stir_certificate *certificate, int64_t now)
{
    const int64_t begin = certificate->not_before, end = certificate->not_after;

    if (begin <= now && begin > entry->from)
        entry->from = begin;
    if (begin > now && begin - 1 < entry->to)
        entry->to = begin - 1;
    if (end >= now && end < entry->to)
        entry->to = end;
    if (end < now && end + 1 > entry->from)
        entry->from = end + 1;
}

static struct entry *make(const uint8_t *digest, int64_t now, const struct stir_chain *chain,
                          const struct anchors *anchors, const struct path *path,
                          const struct warnings *warnings)
{
    struct entry *entry = calloc(1, sizeof *entry);

    if (entry == NULL)
        return NULL;
    atomic_init(&entry->references, 1);
    memcpy(entry->digest, digest, sizeof entry->digest);
    entry->from = INT64_MIN;
    entry->to = INT64_MAX;
    for (size_t i = 0; i < chain->n; i++)
        narrow(entry, chain->certificates[i], now);
    for (size_t i = 0; i < anchors->n; i++)
        narrow(entry, anchors->certificates[i], now);
    path_copy(&entry->path, path);
    if (warnings_add_all(&entry->warnings, warnings) == 0)
        return entry;
    release(entry);
    return NULL;
}

/* Where the list is already (for another time, or put by another thread), otherwise a free one,
   otherwise the one not asked for the longest. */
static struct slot *choose(struct slot *set, const uint8_t *digest)
{
    struct slot *oldest = &set[0];

    for (size_t k = 0; k < WAYS; k++) {
        if (is_of(&set[k], digest))
            return &set[k];
        if (set[k].asked < oldest->asked) /* a free one was never asked for */
            oldest = &set[k];
    }
    return oldest;
}

int path_cache_put(struct path_cache *cache, const uint8_t digest[DIGEST_SHA256_SIZE],
                   uint64_t epoch, int64_t now, const struct stir_chain *chain,
                   const struct anchors *anchors, const struct path *path,
                   const struct warnings *warnings)
{
    struct entry *entry = make(digest, now, chain, anchors, path, warnings);

    if (entry == NULL)
        return STIR_E_NOMEM;
    entry->epoch = epoch;
    pthread_mutex_lock(&cache->lock);
    struct slot *slot = choose(cache->slots[digest[0]], digest);
    struct entry *before = slot->entry;
    *slot = (struct slot){entry, ++cache->count};
    pthread_mutex_unlock(&cache->lock);
    release(before);
    return 0;
}
