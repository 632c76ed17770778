/*
 * A map in segments, for what strangers may fill: what is new is on probation, what is used
 * again is protected, and what is protected goes last. So a flood of keys that are used once
 * pushes out only itself, the oldest first. Bounded in entries and in octets, sharded so that
 * threads do not queue on one lock.
 *
 * Keys are strangers' choice, so they are hashed with a key of the map's own (SipHash): nobody
 * outside can make many fall into one place. Equal is what is equal in every octet, never what
 * only has the same hash.
 *
 * What is kept begins with a struct segments_entry. It is looked at and changed between
 * segments_lock() of its key and segments_unlock(), one shard at a time.
 */
#ifndef STIR_FETCH_SEGMENTS_H
#define STIR_FETCH_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segments;
struct shard;

/* First member of what is kept. The owner sets key, key_len, sort and octets; the rest is the
   map's. */
struct segments_entry {
    uint64_t hash;
    struct segments_entry *next;          /* in its bucket */
    const void *key;                      /* the entry's own */
    uint64_t turn;                        /* when it came to its segment */
    struct segments_entry *older, *newer; /* in its segment */
    uint32_t octets;                      /* all that the entry keeps in memory */
    uint16_t key_len;
    uint8_t sort;
    bool is_protected;
};

struct segments_key {
    const void *data;
    size_t len;
    uint8_t sort; /* the same octets of another sort are another key */
    uint64_t hash;
};

/* release frees an entry that is pushed out, replaced or removed; it is called under a lock and
   must not call back. NULL: out of memory (or of randomness). */
struct segments *segments_new(size_t entries, size_t octets,
                              void (*release)(struct segments_entry *entry));
/* For entries that are also used without being looked up here: before one is put on probation or
   pushed out, it is asked whether it was used since it was asked last. Called under a lock. */
void segments_ask(struct segments *map, bool (*was_used)(struct segments_entry *entry));
/* For a map of many that are looked up at random, each of which leads to what lies elsewhere (see
   segments_lead_to()). False: out of memory. */
bool segments_lead(struct segments *map);
void segments_free(struct segments *map);

/* key gets the hash; data stays the caller's. */
struct shard *segments_lock(struct segments *map, struct segments_key *key);
/* Pushes out, here or elsewhere, what is beyond the bounds. */
void segments_unlock(struct segments *map, struct shard *shard);
/* NULL: it is not there. This alone is no use of it. */
struct segments_entry *segments_find(struct shard *shard, const struct segments_key *key);
/* Whoever found the entry will write there next: it is fetched into the processor's cache while the
   entry is looked for the next time. Never read by this; another entry's may take its place. */
void segments_lead_to(struct shard *shard, const struct segments_entry *entry, const void *one,
                      const void *other);
/* It was used: it becomes the newest, and protected. */
void segments_use(struct shard *shard, struct segments_entry *entry);
/* Takes entry, which replaces one of its key and then inherits its segment. */
void segments_put(struct shard *shard, const struct segments_key *key,
                  struct segments_entry *entry);
void segments_remove(struct shard *shard, struct segments_entry *entry);
void segments_clear(struct segments *map);

/* Calls visit for each entry of n shards from first on, under its shard's lock, so that a walk
   over a large map need not be made at once. False of visit ends the walk. */
enum { SEGMENTS_SHARDS = 64 };
void segments_walk(struct segments *map, size_t first, size_t n,
                   bool (*visit)(void *arg, struct segments_entry *entry), void *arg);
size_t segments_entries(const struct segments *map);
size_t segments_octets(const struct segments *map);
/* How many were pushed out. */
uint64_t segments_evicted(const struct segments *map);

#endif
