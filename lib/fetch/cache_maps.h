/* What the cache's maps hold: for cache.c, which looks up, cache_put.c and cache_view.c. */
#ifndef STIR_FETCH_CACHE_MAPS_H
#define STIR_FETCH_CACHE_MAPS_H

#include <stdatomic.h>

#include "base/cells.h"
#include "base/tally.h"
#include "fetch/cache.h"
#include "fetch/due.h"
#include "fetch/segments.h"

/* A URL that gave something: a cell of what a look-up reads, with the URL too where it is no longer
   than nearly all are. What is seldom read lies elsewhere: of many thousands of these, the
   processor's own cache holds the more the smaller they are. */
struct place {
    struct segments_entry entry; /* of the sort of its kind */
    struct body *body;           /* watched */
    struct cold *cold;
    int64_t received, due;
    int64_t until; /* it is good: by expires and limit */
    int64_t used;  /* with what follows, what a use writes */
    uint32_t uses;
    bool used_since; /* received */
    uint8_t type;    /* by its fields, as is said: see cache_settle() */
    uint16_t said;
    char url[80];
};

struct cold {
    struct cells *cells; /* whose the place is */
    int64_t expires, stale_until;
    int64_t limit; /* of the body, whatever HTTP says; INT64_MAX: none */
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

struct cache {
    struct segments *urls, *bodies, *failures, *hosts;
    struct cells *places, *heads;
    struct due due;
    atomic_uint swept; /* shards so far */
    struct tally tallies[TALLIES];
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
void place_free(struct place *place);
/* After its times or fields were changed: what a look-up reads of them. */
void cache_settle(struct place *place);
/* Of a struct kept_body. */
void cache_release_kept(struct segments_entry *entry);

/* In the end of a life in which it was used. */
static inline bool place_is_due(const struct place *place, int64_t now)
{
    return place->used_since && now >= place->due && now < place->cold->expires;
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
