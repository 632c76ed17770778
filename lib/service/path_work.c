/* Paths that are half made, and where they lie. */
#include "service/path_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "cert/chain.h"

/* ---- One ----------------------------------------------------------------------------------- */

struct path_work *path_work_new(struct body *body, uint64_t epoch)
{
    struct path_work *work = calloc(1, sizeof *work);

    if (work == NULL)
        return NULL;
    atomic_init(&work->references, 1);
    memcpy(work->digest, body->sha256, sizeof work->digest);
    work->epoch = epoch;
    work->body = body_ref(body);
    return work;
}

static void end_reading(struct path_work *work)
{
    chain_reader_free(work->reader);
    work->reader = NULL;
    body_free(work->body);
    work->body = NULL;
}

void path_work_free(struct path_work *work)
{
    if (work == NULL || atomic_fetch_sub(&work->references, 1) > 1)
        return;
    end_reading(work);
    stir_chain_free(work->chain);
    free(work);
}

/* A body in DER is here by its media type alone (want_body()). */
static int read_on(struct path_work *work, const struct es256_provider *provider,
                   size_t *budget)
{
    const struct body *body = work->body;

    if (work->reader == NULL)
        work->reader = chain_reader_new(body->data, body->len, true, provider);
    if (work->reader == NULL)
        return STIR_E_NOMEM;
    int rc = chain_reader_step(work->reader, budget);
    if (rc != 0)
        return rc;
    work->chain = chain_reader_take(work->reader);
    end_reading(work);
    return 0;
}

int path_work_step(struct path_work *work, const struct path_terms *terms, size_t *budget,
                   struct path *path, struct warnings *warnings, struct stir_error *error)
{
    const size_t before = *budget;
    int rc = work->chain == NULL ? read_on(work, terms->provider, budget) : 0;

    if (rc < 0)
        error_set(error, rc, "the certificates could not be read");
    if (rc == 0)
        rc = path_build_some(path, work->chain, terms->anchors, terms->order, terms->now,
                             &work->known, budget, warnings, error);
    work->spent += before - *budget;
    return rc;
}

/* ---- Places -------------------------------------------------------------------------------- */

void path_works_init(struct path_works *works)
{
    *works = (struct path_works){.count = 0};
    pthread_mutex_init(&works->lock, NULL);
}

void path_works_free(struct path_works *works)
{
    for (size_t i = 0; i < LIMIT_HALF_MADE; i++)
        path_work_free(works->places[i]);
    pthread_mutex_destroy(&works->lock);
}

/* Under the lock. NULL: it is not there. */
static struct path_work **place_of(struct path_works *works, const uint8_t *digest,
                                   uint64_t epoch)
{
    for (size_t i = 0; i < LIMIT_HALF_MADE; i++) {
        struct path_work **place = &works->places[i];
        if (*place != NULL && (*place)->epoch == epoch
            && memcmp((*place)->digest, digest, sizeof(*place)->digest) == 0)
            return place;
    }
    return NULL;
}

struct path_work *path_works_take(struct path_works *works, const uint8_t *digest,
                                  uint64_t epoch)
{
    struct path_work *work = NULL;

    pthread_mutex_lock(&works->lock);
    struct path_work **place = place_of(works, digest, epoch);
    if (place != NULL) {
        work = *place;
        *place = NULL;
    }
    pthread_mutex_unlock(&works->lock);
    return work;
}

/* Under the lock: one that is free, or else the oldest. */
static struct path_work **worst_place(struct path_works *works)
{
    struct path_work **worst = &works->places[0];

    for (size_t i = 1; i < LIMIT_HALF_MADE && *worst != NULL; i++)
        if (works->places[i] == NULL || works->places[i]->laid < (*worst)->laid)
            worst = &works->places[i];
    return worst;
}

void path_works_lay(struct path_works *works, struct path_work *work)
{
    atomic_fetch_add(&work->references, 1);
    pthread_mutex_lock(&works->lock);
    struct path_work **place = place_of(works, work->digest, work->epoch);
    if (place == NULL)
        place = worst_place(works);
    struct path_work *before = *place;
    work->laid = ++works->count;
    *place = work;
    pthread_mutex_unlock(&works->lock);
    path_work_free(before);
}

size_t path_works_count(struct path_works *works)
{
    size_t n = 0;

    pthread_mutex_lock(&works->lock);
    for (size_t i = 0; i < LIMIT_HALF_MADE; i++)
        n += works->places[i] != NULL;
    pthread_mutex_unlock(&works->lock);
    return n;
}
