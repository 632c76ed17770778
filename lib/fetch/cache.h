/*
 * What URLs gave: URL to digest and freshness, digest to body, and which URLs failed, apart from
 * those, so that no failure displaces what is good. Which hosts served a path that validated.
 *
 * It keeps octets and says how long they may be used (RFC 9111, R9111-1, R8224-7.2-1); it judges
 * nothing. A body from here is as strange as one from the network: whoever uses it validates
 * it, or finds its digest among the paths that he validated.
 *
 * Thread-safe. now is always the clock that saw the responses (the verifier's own, seconds since
 * 1970), never the time of a call.
 */
#ifndef STIR_FETCH_CACHE_H
#define STIR_FETCH_CACHE_H

#include "base/error.h"
#include "fetch/body.h"
#include "fetch/cache_life.h"

struct cache;

enum {
    /* Octets of a URL that is kept: real ones have 71, the longest 106. With validators an entry
       stays within 1 KiB. What is longer is fetched but not kept. */
    CACHE_URL_MOST = 512,
    CACHE_URL_SIZE = CACHE_URL_MOST + 1,
    /* Nearly twice the 17,839 URLs of the field. */
    CACHE_URLS = 32 * 1024,
    /* Twice the bodies of all those, and room for lists by reference. */
    CACHE_BODY_OCTETS = 128 * 1024 * 1024,
    /* 7 % of the field's URLs are dead; the rest is room for what strangers make up. */
    CACHE_FAILURES = 16 * 1024,
    /* 252 hosts serve the field. */
    CACHE_HOSTS = 4 * 1024,
    /* Refreshes that wait to be taken. */
    CACHE_DUE = 1024
};

/* Bounds; zero: the default of each. */
struct cache_limits {
    size_t urls, body_octets, failures, hosts;
};

/* NULL: out of memory. limits may be NULL. */
struct cache *cache_new(const struct cache_limits *limits);
void cache_free(struct cache *cache);
/* For the heads of bodies that it will keep (body.h); they may outlive it. */
struct cells *cache_heads(struct cache *cache);

enum cache_state {
    CACHE_MISS,  /* it must be fetched */
    CACHE_FRESH, /* body may be used */
    CACHE_STALE, /* body may be used, since a refresh failed (stale_if_error) */
    CACHE_OLD,   /* there is a body, not to be used until it is found the same: fetch with
                    cache_validators() */
    CACHE_FAILED /* it failed of late, and is not tried again yet: failure says how */
};

struct cache_hit {
    enum cache_state state;
    struct body *body; /* a reference; FRESH and STALE only */
    /* Of cache_find(): what is asked of every use, which fields came and the content type,
       unless that is an odd one; then, and of what came just now, all of it. */
    struct http_meta meta;
    int64_t fetched, expires; /* of body; of a failure: when it failed, and is tried again */
    struct cache_failure failure; /* FAILED; STALE: of the refresh */
};

/* A use of it. hit is to be cleared. */
enum cache_state cache_find(struct cache *cache, enum fetch_kind kind, const char *url,
                            int64_t now, struct cache_hit *hit);
/* The same once more, after a file's record was put that it had not found (hit): counted as one
   look-up, which the file answered, and the record as no response. */
enum cache_state cache_find_loaded(struct cache *cache, enum fetch_kind kind, const char *url,
                                   int64_t now, struct cache_hit *hit);
void cache_hit_clear(struct cache_hit *hit);

/* By what to ask for it again, "" where there is none; false: there is no body to keep. */
struct cache_validators {
    char etag[HTTP_ETAG_SIZE], last_modified[HTTP_DATE_SIZE];
};
bool cache_validators(struct cache *cache, enum fetch_kind kind, const char *url,
                      struct cache_validators *validators);

/* What a fetch brought: status 200 (or 0, of what HTTP did not bring), or 304, which has no body
   and finds the old one the same. */
struct cache_response {
    int status;
    const struct http_meta *meta; /* NULL: no fields */
    struct body *body;            /* borrowed; NULL: 304 */
    int64_t requested, received;
};

/*
 * Keeps it. hit, if not NULL, gets what the waiters of the fetch are served with, kept or not:
 * FRESH; or MISS after 304 if the old body is gone meanwhile: fetch without validators. A body
 * that is of no use (no PEM list) is not put but failed, so that it displaces nothing. 0 or
 * STIR_E_NOMEM (then it is not kept, but hit is served).
 */
int cache_put(struct cache *cache, enum fetch_kind kind, const char *url,
              const struct cache_policy *policy, const struct cache_response *response,
              struct cache_hit *hit);
/*
 * Remembers that it failed, for a time by kind of failure that doubles while it goes on; CANCELLED
 * is not remembered. hit, if not NULL, gets what the waiters are served with: FRESH or STALE, of
 * what was there before; or FAILED. 0 or STIR_E_NOMEM (hit is served all the same).
 */
int cache_fail(struct cache *cache, enum fetch_kind kind, const char *url,
               const struct cache_failure *failure, int64_t now, struct cache_hit *hit);
/*
 * The body is not used from url after that time, whatever HTTP and policy say, nor when it is
 * found the same again: its signer's notAfter. One that is past it when it comes is kept for
 * CACHE_PAST_LIFE, or every call would fetch it. sha256: the body it is said of; another one
 * meanwhile is not touched. Only ever lowers.
 */
void cache_limit(struct cache *cache, enum fetch_kind kind, const char *url,
                 const uint8_t sha256[DIGEST_SHA256_SIZE], int64_t until);
/* The same for this time alone: soon, for a path that did not validate and may be mended. */
void cache_hasten(struct cache *cache, enum fetch_kind kind, const char *url,
                  const uint8_t sha256[DIGEST_SHA256_SIZE], int64_t until);

/* Forgets what url gave, of every kind, failures too; NULL: all. */
void cache_forget(struct cache *cache, const char *url);
/* Forgets the failures alone: a new policy may allow what the old one refused. */
void cache_forget_failures(struct cache *cache);

/* A host that served a path which validated: its fetches come before strangers'. Any case. */
void cache_know_host(struct cache *cache, const char *host);
bool cache_host_is_known(struct cache *cache, const char *host);

/*
 * Refresh ahead of expiry: what was used since it was fetched and is in the last tenth of its life
 * (a little earlier or later by URL, so that what was warmed together does not expire together) is
 * found by its use, or by cache_sweep(), and queued once. The queue is bounded: what does not fit
 * is found again.
 */
bool cache_take_due(struct cache *cache, enum fetch_kind *kind, char url[CACHE_URL_SIZE]);
/* Looks through a part of the cache, another each time, all of it in 64 calls; some 20 us. */
void cache_sweep(struct cache *cache, int64_t now);

/* What is there, for listings: borrowed, under a lock; visit must not call back. */
struct cache_row {
    enum fetch_kind kind;
    const char *url;
    const uint8_t *sha256; /* NULL: a failure */
    int64_t fetched, expires;
    int64_t used; /* when last; 0: not yet */
    uint64_t uses;
    size_t octets;                /* of the body */
    const struct http_meta *meta; /* NULL: a failure */
    const struct cache_failure *failure;
};
void cache_each(struct cache *cache, bool (*visit)(void *arg, const struct cache_row *row),
                void *arg);

struct cache_counts {
    uint64_t hits, misses, stale, failed; /* of cache_find(); misses: MISS and OLD */
    uint64_t loaded;                      /* look-ups that a file's record answered */
    uint64_t put, revalidated, failures, evicted;
    size_t urls, bodies, body_octets, failures_kept, hosts;
};
void cache_count(struct cache *cache, struct cache_counts *counts);

#endif
