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
 * One list is built once, in turns (turns.h). A turn lasts one step, which a budget bounds
 * (base/budget.h): usual lists take less, and of others the rest is left half made
 * (path_work.h) for whoever takes the next turn, in whichever operation and thread. So who
 * finds the turn taken waits no longer than for a step; then he looks again, and goes on
 * himself, or comes back later where another was faster. A work whose operations are gone lies
 * here until somebody asks for its list, or LIMIT_HALF_MADE younger ones do. Any number of
 * threads may ask at once.
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
#include "service/path_work.h"
#include "service/turns.h"

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
    /* Its references, and with what follows, in a line of their own, what every call asks. */
    _Alignas(CELLS_LINE) struct pinned pinned;
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
    struct encompassed_work *work;      /* half made; NULL: none, or somebody is at it */
    struct cells *cells;                /* whose it is */
};

void kept_path_free(struct kept_path *kept); /* one reference; NULL is fine */

struct path_cache *path_cache_new(void); /* NULL: out of memory */
void path_cache_free(struct path_cache *cache);

/* 1: *kept is a reference. 0: it is the caller's turn to build it, for a step, which ends with
   path_cache_leave(); key->digest must last until then. BUDGET_GONE: another is building it; or
   turn is NULL, since the caller could do nothing with it. */
int path_cache_find(struct path_cache *cache, const struct path_key *key, struct turn *turn,
                    struct kept_path **kept);
/* In the caller's turn: what others made of it, in place of what he has himself (NULL: nothing), if
   it got further. */
void path_cache_take_up(struct path_cache *cache, const struct path_key *key,
                        struct path_work **work);
/* The turn is over. half_made: for the next one to go on with; NULL: there is nothing of the kind.
   Fine where no turn was taken. */
void path_cache_leave(struct path_cache *cache, struct turn *turn, struct path_work *half_made);
/*
 * Keeps what path_build() made of the chain at key->now: finding NULL: it is good. Not in place of
 * what a later epoch found. *kept is a reference. 0 or STIR_E_NOMEM.
 */
int path_cache_put(struct path_cache *cache, const struct path_key *key,
                   const struct stir_chain *chain, const struct anchors *anchors,
                   const struct path *path, const struct warnings *warnings,
                   const struct stir_error *finding, struct kept_path **kept);

/* Paths kept, good and refused, and the octets they take, by estimate; those that lie half
   made; how many turns were taken, and waited for. */
struct path_cache_counts {
    size_t good, refused, octets, interned, half_made;
    uint64_t hits, built, turns, waited;
};
void path_cache_count(struct path_cache *cache, struct path_cache_counts *counts);

#endif
