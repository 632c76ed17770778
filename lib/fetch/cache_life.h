/*
 * For how long what a URL gave may be used, and a failure is remembered: HTTP's rules (RFC 9111),
 * with what policy adds. Pure; seconds.
 */
#ifndef STIR_FETCH_CACHE_LIFE_H
#define STIR_FETCH_CACHE_LIFE_H

#include "base/error.h"
#include "fetch/http_meta.h"

/* What a URL is fetched for. The same URL as two kinds is two entries: what is bounded and judged
   in one way must not come out as the other. */
enum fetch_kind {
    FETCH_CERTIFICATES,
    FETCH_TNAUTHLIST,
    FETCH_CRL,
    FETCH_TRUSTED_LIST,
    FETCH_KINDS /* how many there are */
};

const char *fetch_kind_name(enum fetch_kind kind); /* "certificates", "tnauthlist", ... */

/* What of the policy concerns the cache, by kind; of the snapshot in force when something comes
   or fails. */
struct cache_policy {
    struct {
        int64_t floor;          /* the least life, whatever is said but no-store and no-cache */
        int64_t ceiling;        /* the most */
        int64_t stale_if_error; /* for so long after it expired, when a refresh fails */
    } of[FETCH_KINDS];
};

/* The defaults of policy keys cache_floor and stale_if_error (stir(7)). */
void cache_policy_init(struct cache_policy *policy);

enum {
    /* Everything is kept for so long, no-store too, so that calls which come together do not fetch
       one by one what they may not share later. */
    CACHE_HOLD = 10,
    /* What is past its limit, a signer's notAfter, when it comes: until it is asked for again. */
    CACHE_PAST_LIFE = 300
};

/* Times of a body that came. */
struct cache_life {
    int64_t expires;
    int64_t stale_until; /* when a refresh fails; not before expires */
    int64_t due;         /* when to refresh it ahead, if it is used; INT64_MAX: not */
};

/* spread: any number, of the URL, by which those that came together are refreshed apart. */
struct cache_life cache_life_of(const struct cache_policy *policy, enum fetch_kind kind,
                                const struct http_meta *meta, int64_t requested,
                                int64_t received, uint64_t spread);

enum { CACHE_SENTENCE_SIZE = 256 };

/* How a fetch failed: why, or HTTP's status, or what was wrong with the body. */
struct cache_failure {
    enum stir_failure why;
    int status;          /* HTTP's; 0: none came, or it is not what is wrong */
    int code;            /* enum stir_code of a body that is of no use; 0: it is not that */
    int64_t retry_after; /* seconds, by the host's own word (of 503 and 429); 0: it says none */
    char sentence[CACHE_SENTENCE_SIZE];
};

/* Why, in words: what was found out, or else the status or the kind; room may be used for it. */
enum { CACHE_REASON_SIZE = 40 };
const char *cache_failure_reason(const struct cache_failure *failure,
                                 char room[CACHE_REASON_SIZE]);

/* How long it is remembered the nth time in a row (from 1); 0: not at all. A host's own word counts
   within the bounds of its kind. */
int64_t cache_failure_life(const struct cache_failure *failure, unsigned nth);

#endif
