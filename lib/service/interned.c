/* Certificates that many paths have in common, held once, in a table by their digest. */
#include "service/interned.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum { BUCKETS = LIMIT_INTERNED };

struct held {
    struct held *next;
    struct stir_certificate *certificate;
};

struct interned {
    pthread_mutex_t lock; /* of what follows */
    size_t n;
    struct held *buckets[BUCKETS];
};

struct interned *interned_new(void)
{
    struct interned *interned = calloc(1, sizeof *interned);

    if (interned != NULL)
        pthread_mutex_init(&interned->lock, NULL);
    return interned;
}

static void drop(struct interned *interned, struct held **link)
{
    struct held *held = *link;

    *link = held->next;
    certificate_free(held->certificate);
    free(held);
    interned->n--;
}

void interned_free(struct interned *interned)
{
    if (interned == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (interned->buckets[i] != NULL)
            drop(interned, &interned->buckets[i]);
    pthread_mutex_destroy(&interned->lock);
    free(interned);
}

/* The digest is a stranger's to choose within what an authority signs, which bounds what he can
   heap up in one bucket as well as in all. */
static struct held **bucket_of(struct interned *interned,
                               const struct stir_certificate *certificate)
{
    size_t i = (size_t)certificate->sha256[0] << 8 | certificate->sha256[1];

    return &interned->buckets[i % BUCKETS];
}

/* Whatever no path holds any more. */
static void sweep(struct interned *interned)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct held **link = &interned->buckets[i]; *link != NULL;)
            if (atomic_load(&(*link)->certificate->references_held) == 1)
                drop(interned, link);
            else
                link = &(*link)->next;
}

/* Holds it; where there is no room or no memory, each path has its own. */
static void hold(struct interned *interned, struct stir_certificate *certificate)
{
    if (interned->n == LIMIT_INTERNED)
        sweep(interned);
    struct held *held = interned->n < LIMIT_INTERNED ? malloc(sizeof *held) : NULL;
    if (held == NULL)
        return;
    struct held **bucket = bucket_of(interned, certificate);
    *held = (struct held){*bucket, certificate_ref(certificate)};
    *bucket = held;
    interned->n++;
}

static void share_one(struct interned *interned, struct stir_certificate **place)
{
    struct held *held = *bucket_of(interned, *place);

    while (held != NULL && !certificate_equal(held->certificate, *place))
        held = held->next;
    if (held == NULL) {
        hold(interned, *place);
    } else if (held->certificate != *place) {
        certificate_free(*place);
        *place = certificate_ref(held->certificate);
    }
}

void interned_share(struct interned *interned, struct path *path)
{
    pthread_mutex_lock(&interned->lock);
    for (size_t i = 1; i < path->n; i++)
        if (!path->certificates[i]->anchor)
            share_one(interned, &path->certificates[i]);
    pthread_mutex_unlock(&interned->lock);
}

size_t interned_count(struct interned *interned)
{
    pthread_mutex_lock(&interned->lock);
    size_t n = interned->n;
    pthread_mutex_unlock(&interned->lock);
    return n;
}
