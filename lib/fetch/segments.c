/* A sharded map of two segments a shard, bounded as a whole. */
#include "fetch/segments.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/ahead.h"
#include "base/keyed_hash.h"
#include "crypto/random.h"

enum {
    /* Of the bounds, in hundredths, what is protected may take: the rest is where what is new
       must find room to be used a second time. */
    PROTECTED_SHARE = 80,
    FEWEST_BUCKETS = 8
};

/* See segments_lead_to(). */
struct lead {
    const void *one, *other;
};

/* From the oldest to the newest. */
struct segment {
    struct segments_entry *oldest, *newest;
    size_t n;
};

struct shard {
    pthread_mutex_t lock; /* of all that follows */
    struct segments *map;
    struct segments_entry **buckets;
    struct lead *leads; /* one a bucket; NULL: the map has none */
    struct segment probation, protected;
    char apart[64]; /* no line of the processor's cache holds two locks */
};

struct segments {
    size_t most_entries, most_octets;
    void (*release)(struct segments_entry *entry);
    bool (*was_used)(struct segments_entry *entry); /* NULL: all uses are known */
    uint8_t key[KEYED_HASH_KEY_SIZE];
    size_t mask; /* buckets of a shard, less one */
    struct segments_entry **buckets;
    struct lead *leads;
    atomic_size_t entries, octets, protected_octets;
    atomic_ullong evicted;
    atomic_ullong turns; /* entries that came to a segment */
    struct shard shards[SEGMENTS_SHARDS];
};

/* Sorts of one key lie apart. */
static const uint64_t ODD = UINT64_C(0x9e3779b97f4a7c15);

static void link_newest(struct segment *segment, struct segments_entry *entry)
{
    entry->older = segment->newest;
    entry->newer = NULL;
    if (segment->newest != NULL)
        segment->newest->newer = entry;
    else
        segment->oldest = entry;
    segment->newest = entry;
    segment->n++;
}

static void unlink_from(struct segment *segment, struct segments_entry *entry)
{
    if (entry->older != NULL)
        entry->older->newer = entry->newer;
    else
        segment->oldest = entry->newer;
    if (entry->newer != NULL)
        entry->newer->older = entry->older;
    else
        segment->newest = entry->older;
    segment->n--;
}

static struct segment *segment_at(struct shard *shard, bool protected)
{
    return protected ? &shard->protected : &shard->probation;
}

static struct segment *segment_of(struct shard *shard, const struct segments_entry *entry)
{
    return segment_at(shard, entry->is_protected);
}

static struct segments_entry **bucket_of(struct shard *shard, uint64_t hash)
{
    return &shard->buckets[hash & shard->map->mask];
}

static struct lead *lead_of(struct shard *shard, uint64_t hash)
{
    return &shard->leads[hash & shard->map->mask];
}

struct segments *segments_new(size_t entries, size_t octets,
                              void (*release)(struct segments_entry *entry))
{
    struct segments *map = calloc(1, sizeof *map);
    size_t buckets = FEWEST_BUCKETS;

    while (buckets < entries / SEGMENTS_SHARDS)
        buckets *= 2;
    if (map == NULL)
        return NULL;
    map->buckets = calloc(SEGMENTS_SHARDS * buckets, sizeof *map->buckets);
    if (map->buckets == NULL || random_octets(map->key, sizeof map->key) < 0) {
        free(map->buckets);
        free(map);
        return NULL;
    }
    map->most_entries = entries;
    map->most_octets = octets;
    map->release = release;
    map->mask = buckets - 1;
    for (size_t i = 0; i < SEGMENTS_SHARDS; i++) {
        map->shards[i].map = map;
        map->shards[i].buckets = &map->buckets[i * buckets];
        pthread_mutex_init(&map->shards[i].lock, NULL);
    }
    return map;
}

void segments_free(struct segments *map)
{
    if (map == NULL)
        return;
    segments_clear(map);
    for (size_t i = 0; i < SEGMENTS_SHARDS; i++)
        pthread_mutex_destroy(&map->shards[i].lock);
    free(map->buckets);
    free(map->leads);
    free(map);
}

bool segments_lead(struct segments *map)
{
    const size_t buckets = map->mask + 1;

    map->leads = calloc(SEGMENTS_SHARDS * buckets, sizeof *map->leads);
    for (size_t i = 0; map->leads != NULL && i < SEGMENTS_SHARDS; i++)
        map->shards[i].leads = &map->leads[i * buckets];
    return map->leads != NULL;
}

void segments_ask(struct segments *map, bool (*was_used)(struct segments_entry *entry))
{
    map->was_used = was_used;
}

struct shard *segments_lock(struct segments *map, struct segments_key *key)
{
    key->hash = keyed_hash(map->key, key->data, key->len) + key->sort * ODD;
    /* Other bits of the hash than those that choose the bucket. */
    struct shard *shard = &map->shards[key->hash >> 32 & (SEGMENTS_SHARDS - 1)];
    ahead_read(bucket_of(shard, key->hash));
    if (shard->leads != NULL)
        ahead_read(lead_of(shard, key->hash));
    pthread_mutex_lock(&shard->lock);
    return shard;
}

static void set_protected(struct shard *shard, struct segments_entry *entry, bool protect)
{
    unlink_from(segment_of(shard, entry), entry);
    entry->is_protected = protect;
    entry->turn = atomic_fetch_add(&shard->map->turns, 1);
    link_newest(segment_of(shard, entry), entry);
    if (protect)
        atomic_fetch_add(&shard->map->protected_octets, entry->octets);
    else
        atomic_fetch_sub(&shard->map->protected_octets, entry->octets);
}

static bool was_used(const struct shard *shard, struct segments_entry *entry)
{
    return shard->map->was_used != NULL && shard->map->was_used(entry);
}

static void renew_protected(struct shard *shard, struct segments_entry *entry)
{
    entry->turn = atomic_load_explicit(&shard->map->turns, memory_order_relaxed);
    unlink_from(&shard->protected, entry);
    link_newest(&shard->protected, entry);
}

static bool is_too_full(const struct shard *shard)
{
    const struct segments *map = shard->map;
    const size_t entries = map->most_entries * PROTECTED_SHARE / 100 / SEGMENTS_SHARDS,
                 octets = map->most_octets / 100 * PROTECTED_SHARE;

    return shard->protected.n > 1
           && (shard->protected.n > entries || atomic_load(&map->protected_octets) > octets);
}

/* What is protected beyond its share is on probation again, unless it was used meanwhile; of that
   too, when all was asked once. */
static void demote(struct shard *shard)
{
    for (size_t chances = shard->protected.n; is_too_full(shard);) {
        struct segments_entry *oldest = shard->protected.oldest;
        if (chances > 0 && was_used(shard, oldest)) {
            chances--;
            renew_protected(shard, oldest);
        } else {
            set_protected(shard, oldest, false);
        }
    }
}

/* It becomes the newest, and protected. */
static void renew(struct shard *shard, struct segments_entry *entry)
{
    if (entry->is_protected) {
        renew_protected(shard, entry);
    } else {
        set_protected(shard, entry, true);
        demote(shard);
    }
}

static bool is_over(struct segments *map)
{
    return atomic_load(&map->entries) > map->most_entries
           || atomic_load(&map->octets) > map->most_octets;
}

/* The shard with the oldest of all; NULL: none has any. */
static struct shard *find_oldest(struct segments *map, bool protected)
{
    struct shard *found = NULL;
    uint64_t least = UINT64_MAX;

    for (size_t i = 0; i < SEGMENTS_SHARDS; i++) {
        struct shard *shard = &map->shards[i];
        pthread_mutex_lock(&shard->lock);
        const struct segments_entry *oldest = segment_at(shard, protected)->oldest;
        if (oldest != NULL && oldest->turn < least) {
            least = oldest->turn;
            found = shard;
        }
        pthread_mutex_unlock(&shard->lock);
    }
    return found;
}

/* One that was used meanwhile is the newest instead, as often as chances says. */
static void push_out_of(struct shard *shard, bool protected, size_t *chances)
{
    struct segments_entry *oldest = segment_at(shard, protected)->oldest;

    if (oldest == NULL)
        return;
    if (*chances > 0 && was_used(shard, oldest)) {
        --*chances;
        renew(shard, oldest);
        return;
    }
    segments_remove(shard, oldest);
    atomic_fetch_add(&shard->map->evicted, 1);
}

/* False: there is none. */
static bool push_out(struct segments *map, bool protected, size_t *chances)
{
    struct shard *shard = find_oldest(map, protected);

    if (shard == NULL)
        return false;
    pthread_mutex_lock(&shard->lock);
    push_out_of(shard, protected, chances);
    pthread_mutex_unlock(&shard->lock);
    return true;
}

/* Of what is protected only where nothing else is left. */
static void trim(struct segments *map)
{
    /* Each is asked once: what is used on and on must not hold this up for ever. */
    size_t chances = segments_entries(map);

    while (is_over(map) && push_out(map, false, &chances))
        continue;
    while (is_over(map) && push_out(map, true, &chances))
        continue;
}

void segments_unlock(struct segments *map, struct shard *shard)
{
    pthread_mutex_unlock(&shard->lock);
    if (is_over(map))
        trim(map);
}

struct segments_entry *segments_find(struct shard *shard, const struct segments_key *key)
{
    struct segments_entry *entry = *bucket_of(shard, key->hash);

    /* What is written at a use of the largest lies in its second line. */
    if (entry != NULL) {
        ahead_write((const char *)entry + 64);
        ahead_read((const char *)entry + 128);
    }
    if (shard->leads != NULL) {
        const struct lead *lead = lead_of(shard, key->hash);
        ahead_write(lead->one);
        ahead_write(lead->other);
    }
    while (entry != NULL
           && (entry->hash != key->hash || entry->key_len != key->len
               || entry->sort != key->sort || memcmp(entry->key, key->data, key->len) != 0))
        entry = entry->next;
    return entry;
}

/* Of what does not change nothing is written: threads would fetch its line from each other. */
void segments_lead_to(struct shard *shard, const struct segments_entry *entry, const void *one,
                      const void *other)
{
    struct lead *lead = lead_of(shard, entry->hash);

    if (lead->one != one || lead->other != other)
        *lead = (struct lead){one, other};
}

/* Have others come since it was the newest, so many that it would soon be the oldest? While none
   comes, a use writes to no other entry than its own, and threads do not fetch each other's. */
static bool has_aged(const struct shard *shard, const struct segments_entry *entry)
{
    const uint64_t since =
        atomic_load_explicit(&shard->map->turns, memory_order_relaxed) - entry->turn;

    return since > atomic_load_explicit(&shard->map->entries, memory_order_relaxed) / 8;
}

void segments_use(struct shard *shard, struct segments_entry *entry)
{
    if (!entry->is_protected || has_aged(shard, entry))
        renew(shard, entry);
}

void segments_put(struct shard *shard, const struct segments_key *key,
                  struct segments_entry *entry)
{
    struct segments *map = shard->map;
    struct segments_entry *before = segments_find(shard, key), **bucket;

    entry->hash = key->hash;
    entry->is_protected = before != NULL && before->is_protected;
    entry->turn = atomic_fetch_add(&map->turns, 1);
    if (before != NULL)
        segments_remove(shard, before);
    bucket = bucket_of(shard, key->hash);
    entry->next = *bucket;
    *bucket = entry;
    link_newest(segment_of(shard, entry), entry);
    atomic_fetch_add(&map->entries, 1);
    atomic_fetch_add(&map->octets, entry->octets);
    if (entry->is_protected) {
        atomic_fetch_add(&map->protected_octets, entry->octets);
        demote(shard);
    }
}

void segments_remove(struct shard *shard, struct segments_entry *entry)
{
    struct segments *map = shard->map;
    struct segments_entry **link = bucket_of(shard, entry->hash);

    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    unlink_from(segment_of(shard, entry), entry);
    atomic_fetch_sub(&map->entries, 1);
    atomic_fetch_sub(&map->octets, entry->octets);
    if (entry->is_protected)
        atomic_fetch_sub(&map->protected_octets, entry->octets);
    map->release(entry);
}

static void clear(struct shard *shard, struct segment *segment)
{
    while (segment->oldest != NULL)
        segments_remove(shard, segment->oldest);
}

void segments_clear(struct segments *map)
{
    for (size_t i = 0; i < SEGMENTS_SHARDS; i++) {
        struct shard *shard = &map->shards[i];
        pthread_mutex_lock(&shard->lock);
        clear(shard, &shard->probation);
        clear(shard, &shard->protected);
        pthread_mutex_unlock(&shard->lock);
    }
}

static bool walk(const struct segment *segment,
                 bool (*visit)(void *arg, struct segments_entry *entry), void *arg)
{
    for (struct segments_entry *entry = segment->oldest; entry != NULL; entry = entry->newer)
        if (!visit(arg, entry))
            return false;
    return true;
}

void segments_walk(struct segments *map, size_t first, size_t n,
                   bool (*visit)(void *arg, struct segments_entry *entry), void *arg)
{
    bool more = true;

    for (size_t i = 0; more && i < n; i++) {
        struct shard *shard = &map->shards[(first + i) % SEGMENTS_SHARDS];
        pthread_mutex_lock(&shard->lock);
        more = walk(&shard->probation, visit, arg) && walk(&shard->protected, visit, arg);
        pthread_mutex_unlock(&shard->lock);
    }
}

size_t segments_entries(const struct segments *map)
{
    return atomic_load(&map->entries);
}

size_t segments_octets(const struct segments *map)
{
    return atomic_load(&map->octets);
}

uint64_t segments_evicted(const struct segments *map)
{
    return atomic_load(&map->evicted);
}
