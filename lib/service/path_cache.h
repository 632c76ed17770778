/*
 * struct path_cache: what lists of certificates came to, by the SHA-256 of their octets.
 *
 * What is kept is what path_build() says of a list, good or not, which rests on nothing but these
 * octets, the snapshot's anchors and order (the epoch), and which certificates are valid at the
 * time of the call. So it holds under one epoch, and for the times in which none of the list's
 * certificates and no anchor begins or ends to be valid; otherwise the list is read and judged
 * anew, from the body, which is kept elsewhere: a reload costs no fetch.
 *
 * A hit skips the building of the path and nothing else: times, lists, status (revocation, the
 * operator's decisions), scope, constraints and the token's signature are asked of every call.
 * Whether each list is encompassed by its parent's is kept with the path, by what the SPC data
 * said and for as long as that data says it stays so (encompassed_*()).
 *
 * A good path is pinned to the body that it was made of (body.h), so that who has the body from the
 * cache has the path too, and need not look for its digest; what is pinned is asked the same
 * questions, and what the map pushes out is pinned no more.
 *
 * Good paths stand in a map in segments: new ones on probation, so that a flood of lists, for each
 * of which somebody must have had a certificate of a trusted authority, pushes out itself before
 * what is in use. Refused ones stand in a small one of their own, for REFUSED_SECONDS. What is kept
 * has no GnuTLS object; certificates of authorities are shared between paths (interned.h).
 *
 * One list is built once: who asks for it while another thread builds it waits for that, which
 * takes as long as building it would. Any number of threads may ask at once.
 */
#ifndef STIR_SERVICE_PATH_CACHE_H
#define STIR_SERVICE_PATH_CACHE_H

#include <pthread.h>

#include "cert/path.h"
#include "cert/chain.h"
#include "crypto/digest.h"
#include "fetch/body.h"
#include "fetch/segments.h"
#include "rules/delegation.h"

/* How long a refusal is kept, in seconds: the same list again within a storm of calls. */
enum { REFUSED_SECONDS = 60 };

struct path_cache;

/* Which list, under what. */
struct path_key {
    const uint8_t *digest; /* SHA-256 of the body */
    struct body *body;     /* the same, which finds it sooner; NULL: by its digest */
    uint64_t epoch;        /* the snapshot's */
    int64_t now, clock;    /* the call's, the memory's */
};

/* What a list came to: immutable, shared by reference, but for what was found out about
   encompassing. */
struct kept_path {
    struct segments_entry entry; /* first: the map's */
    struct pinned pinned;        /* its references */
    uint64_t epoch;
    int64_t from, to;  /* times of calls, both included */
    int64_t until;     /* by the memory's clock */
    atomic_bool used;  /* by way of the body */
    struct body *body; /* watched, to which it is pinned, under the map's lock; NULL: none */
    uint8_t digest[DIGEST_SHA256_SIZE];
    struct stir_error finding; /* code 0: a good path */
    struct path path;
    struct warnings warnings;
    pthread_mutex_t lock;               /* of what follows */
    struct encompassed *encompassed[2]; /* by enum spc_overhang */
    struct cells *cells;                /* whose it is */
};

void kept_path_free(struct kept_path *kept); /* one reference; NULL is fine */

/* Who builds a path: zero before, and part of whoever does. */
struct path_turn {
    struct path_turn *next;
    const uint8_t *digest;
    uint64_t epoch;
    bool taken;
};

struct path_cache *path_cache_new(void); /* NULL: out of memory */
void path_cache_free(struct path_cache *cache);

/* 1: *kept is a reference. 0: it is the caller's turn to build it, which ends with
   path_cache_leave(); key->digest must last until then. */
int path_cache_find(struct path_cache *cache, const struct path_key *key,
                    struct path_turn *turn, struct kept_path **kept);
/* Whoever waits looks again, and builds if there still is nothing. Fine where no turn was taken. */
void path_cache_leave(struct path_cache *cache, struct path_turn *turn);
/*
 * Keeps what path_build() made of the chain at key->now: finding NULL: it is good. Not in place of
 * what a later epoch found. *kept is a reference. 0 or STIR_E_NOMEM.
 */
int path_cache_put(struct path_cache *cache, const struct path_key *key,
                   const struct stir_chain *chain, const struct anchors *anchors,
                   const struct path *path, const struct warnings *warnings,
                   const struct stir_error *finding, struct kept_path **kept);

/* Paths kept, good and refused, and the octets they take, by estimate. */
struct path_cache_counts {
    size_t good, refused, octets, interned;
    uint64_t hits, built, waited;
};
void path_cache_count(struct path_cache *cache, struct path_cache_counts *counts);

#endif
