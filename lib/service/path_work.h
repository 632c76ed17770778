/*
 * struct path_work: what a list of certificates comes to, half made: read up to here, and the
 * signatures that were checked. A step spends a budget (base/budget.h) and leaves the rest.
 *
 * It is worked at by whoever has the turn at its list (path_cache.h), held by the operations that
 * are in the middle of it, and for others that want the same list, now or when those are gone, by a
 * bounded number of places (struct path_works).
 *
 * It holds all that it points to: the body while that is read, then the certificates. Of anchors it
 * holds nothing: what is known of signatures is known by the issuer's key (cert/path.h), and the
 * certificates of a path are counted. So a work of an epoch that is gone is a piece of memory that
 * nobody asks for, and gives way.
 */
#ifndef STIR_SERVICE_PATH_WORK_H
#define STIR_SERVICE_PATH_WORK_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "cert/path.h"
#include "fetch/body.h"

/* Under what a path is built: the epoch's, but for the time. */
struct path_terms {
    const struct anchors *anchors;
    enum path_order order;
    int64_t now;
    const struct es256_provider *provider;
};

struct path_work {
    atomic_uint references;
    uint8_t digest[DIGEST_SHA256_SIZE];
    uint64_t epoch;
    struct body *body;           /* NULL: it is read */
    struct chain_reader *reader; /* NULL: not begun, or read */
    struct stir_chain *chain;    /* NULL: not read yet */
    struct path_signatures known;
    size_t spent;  /* on it, so far */
    uint64_t laid; /* when, by the works' count; under their lock */
};

/* NULL: out of memory. */
struct path_work *path_work_new(struct body *body, uint64_t epoch);
void path_work_free(struct path_work *work); /* one reference; NULL is fine */
/*
 * Goes on with it. 0 or an enum stir_code: as path_build() has it, with what it fills; BUDGET_GONE;
 * negative: nothing comes of it. Of one that is done it comes to the same again.
 */
int path_work_step(struct path_work *work, const struct path_terms *terms, size_t *budget,
                   struct path *path, struct warnings *warnings, struct stir_error *error);

/* Where half-made works lie: all zero is none. */
struct path_works {
    pthread_mutex_t lock; /* of what follows */
    struct path_work *places[LIMIT_HALF_MADE];
    uint64_t count;
};

void path_works_init(struct path_works *works);
void path_works_free(struct path_works *works);
/* What lies there of this list, which it does no more: its reference. NULL: nothing. */
struct path_work *path_works_take(struct path_works *works, const uint8_t *digest,
                                  uint64_t epoch);
/* Takes a reference. The one that was laid there first gives way. */
void path_works_lay(struct path_works *works, struct path_work *work);
size_t path_works_count(struct path_works *works);

#endif
