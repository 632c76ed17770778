/* What the cache's maps hold: for cache.c, which looks up, cache_put.c and cache_view.c. */
#ifndef STIR_FETCH_CACHE_MAPS_H
#define STIR_FETCH_CACHE_MAPS_H

#include <stdatomic.h>

#include "base/cells.h"
#include "fetch/cache.h"
#include "fetch/due.h"
#include "fetch/segments.h"

/* A URL that gave something: a cell, with the URL too where it is no longer than nearly all are,
   so that a look-up reads one place. */
struct place {
    struct segments_entry entry; /* of the sort of its kind */
    struct body *body;           /* watched */
    const char *pinned;          /* to it, when it was last looked at: never read by this */
    struct cold *cold;
    struct cells *cells; /* whose it is */
    int64_t received, expires, stale_until, due;
    int64_t limit; /* of the body, whatever HTTP says; INT64_MAX: none */
    int64_t used;  /* with what follows, what a use writes */
    uint32_t uses;
    bool used_since; /* received */
    uint8_t type;    /* see cache_note_type() */
    uint16_t said;   /* of the fields */
    char url[104];
};

struct cold {
    struct http_meta meta;
    char url[]; /* one that is longer */
};

/* A URL that failed. */
struct failed_place {
    struct segments_entry entry;
    int64_t at, until; /* when it failed, and is tried again */
    int64_t used;
    uint64_t uses;
    unsigned nth; /* in a row */
    struct cache_failure failure;
    char url[];
};

struct kept_body {
    struct segments_entry entry;
    struct body *body;
};

struct known_host {
    struct segments_entry entry;
    char name[];
};

enum cache_tally {
    TALLY_HITS,
    TALLY_MISSES,
    TALLY_STALE,
    TALLY_FAILED,
    TALLY_LOADED,
    TALLY_PUT,
    TALLY_REVALIDATED,
    TALLY_FAILURES,
    TALLIES /* how many there are */
};

/* Counters in several places, lest all threads write to one. */
enum { CACHE_TALLIES = 16 };
struct tally_place {
    atomic_ullong n[TALLIES];
    char apart[64];
};

struct cache {
    struct segments *urls, *bodies, *failures, *hosts;
    struct cells *places, *heads;
    struct due due;
    atomic_uint swept; /* shards so far */
    struct tally_place tallies[CACHE_TALLIES];
};

/* The URL, whole, of the sort of the kind. False: it is too long to be kept. */
bool cache_key(struct segments_key *key, enum fetch_kind kind, const char *url);

/* What is known of a URL, copied out of the maps. */
struct cache_found {
    bool there, good, may_be_stale;
};

/* hit gets times and fields where it is there, and the body, unless it was pushed out. */
void cache_look_up(struct cache *cache, struct segments_key *key, int64_t now, bool use,
                   struct cache_found *found, struct cache_hit *hit);
void cache_hit_init(struct cache_hit *hit);
void cache_tally_add(struct cache *cache, const struct segments_key *key,
                     enum cache_tally what);
void place_free(struct place *place);
/* After its fields were changed. */
void cache_note_type(struct place *place);
/* Of a struct kept_body. */
void cache_release_kept(struct segments_entry *entry);

/* In the end of a life in which it was used. */
static inline bool place_is_due(const struct place *place, int64_t now)
{
    return place->used_since && now >= place->due && now < place->expires;
}

static inline enum fetch_kind place_kind(const struct place *place)
{
    return (enum fetch_kind)place->entry.sort;
}

static inline const char *place_url(const struct place *place)
{
    return place->entry.key;
}

#endif
