/* Certificates with the TNAuthList that their URL gave. */
#include "service/list_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/limits.h"
#include "cert/tnauthlist.h"
#include "crypto/digest.h"
#include "service/turns.h"

/* A list as it is read, or as it was. */
struct kept_list {
    atomic_uint references;
    uint8_t sha256[DIGEST_SHA256_SIZE];
    size_t octets;
    uint64_t asked; /* when, by the cache's count; under the cache's lock */
    /* What follows is whose turn it is, until then; and then nobody's any more. */
    atomic_bool done;
    struct body *body; /* while it is read */
    struct tnauthlist_reader *reader;
    struct stir_scope *scope; /* NULL: it is no list, or not read yet */
    struct stir_error fault;
};

/* A certificate with such a list. */
struct slot {
    uint8_t certificate[DIGEST_SHA256_SIZE], list[DIGEST_SHA256_SIZE];
    struct stir_certificate *with; /* NULL: free */
    uint64_t asked;
};

struct list_cache {
    struct turns turns;   /* to read on */
    pthread_mutex_t lock; /* of what follows */
    struct kept_list *lists[LIMIT_CACHED_LISTS];
    size_t octets; /* that they were read from */
    struct slot slots[LIMIT_CACHED_LISTS];
    uint64_t count;
};

/* ---- Life ---------------------------------------------------------------------------------- */

struct list_cache *list_cache_new(void)
{
    struct list_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return NULL;
    turns_init(&cache->turns);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static struct kept_list *kept_list_new(struct body *body)
{
    struct kept_list *list = calloc(1, sizeof *list);

    if (list == NULL)
        return NULL;
    list->reader = tnauthlist_reader_new((struct der){(const uint8_t *)body->data, body->len});
    if (list->reader == NULL) {
        free(list);
        return NULL;
    }
    atomic_init(&list->references, 1);
    memcpy(list->sha256, body->sha256, sizeof list->sha256);
    list->octets = body->len;
    list->body = body_ref(body);
    error_clear(&list->fault);
    return list;
}

static void kept_list_free(struct kept_list *list)
{
    if (list == NULL || atomic_fetch_sub(&list->references, 1) > 1)
        return;
    tnauthlist_reader_free(list->reader);
    body_free(list->body);
    scope_free(list->scope);
    free(list);
}

void list_cache_free(struct list_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++) {
        certificate_free(cache->slots[i].with);
        kept_list_free(cache->lists[i]);
    }
    turns_free(&cache->turns);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* ---- Lists, all under the cache's lock ----------------------------------------------------- */

static struct kept_list **place_of(struct list_cache *cache, const struct body *body)
{
    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++)
        if (cache->lists[i] != NULL
            && memcmp(cache->lists[i]->sha256, body->sha256, sizeof body->sha256) == 0)
            return &cache->lists[i];
    return NULL;
}

/* And what certificates have of it. */
static void drop(struct list_cache *cache, struct kept_list **place)
{
    struct kept_list *list = *place;

    *place = NULL;
    cache->octets -= list->octets;
    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++) {
        struct slot *slot = &cache->slots[i];
        if (slot->with != NULL && memcmp(slot->list, list->sha256, sizeof slot->list) == 0) {
            certificate_free(slot->with);
            *slot = (struct slot){0};
        }
    }
    kept_list_free(list);
}

static struct kept_list **oldest_list(struct list_cache *cache)
{
    struct kept_list **oldest = NULL;

    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++)
        if (cache->lists[i] != NULL
            && (oldest == NULL || cache->lists[i]->asked < (*oldest)->asked))
            oldest = &cache->lists[i];
    return oldest;
}

static struct kept_list **free_place(struct list_cache *cache)
{
    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++)
        if (cache->lists[i] == NULL)
            return &cache->lists[i];
    struct kept_list **place = oldest_list(cache);
    drop(cache, place);
    return place;
}

static void add(struct list_cache *cache, struct kept_list *list)
{
    while (cache->octets > 0 && cache->octets + list->octets > LIMIT_CACHED_LISTS_OCTETS)
        drop(cache, oldest_list(cache));
    *free_place(cache) = list;
    cache->octets += list->octets;
    atomic_fetch_add(&list->references, 1);
}

/* A reference; NULL: out of memory. */
static struct kept_list *take(struct list_cache *cache, struct body *body)
{
    struct kept_list *list;

    if (cache == NULL)
        return kept_list_new(body);
    pthread_mutex_lock(&cache->lock);
    struct kept_list **place = place_of(cache, body);
    if (place != NULL) {
        list = *place;
        atomic_fetch_add(&list->references, 1);
    } else if ((list = kept_list_new(body)) != NULL) {
        add(cache, list);
    }
    if (list != NULL)
        list->asked = ++cache->count;
    pthread_mutex_unlock(&cache->lock);
    return list;
}

/* What could not be read for want of memory is read anew. */
static void give_up(struct list_cache *cache, const struct body *body)
{
    if (cache == NULL)
        return;
    pthread_mutex_lock(&cache->lock);
    struct kept_list **place = place_of(cache, body);
    if (place != NULL)
        drop(cache, place);
    pthread_mutex_unlock(&cache->lock);
}

/* ---- Reading, in turns --------------------------------------------------------------------- */

static void end_reading(struct kept_list *list, int rc)
{
    if (rc == 0)
        list->scope = tnauthlist_reader_take(list->reader, NULL);
    tnauthlist_reader_free(list->reader);
    body_free(list->body);
    list->reader = NULL;
    list->body = NULL;
    atomic_store(&list->done, true);
}

/* 0, BUDGET_GONE, or STIR_E_NOMEM; the list's fault may be set. */
static int read_on(struct kept_list *list, size_t *budget)
{
    if (list->reader == NULL)
        return 0;
    int rc = tnauthlist_reader_step(list->reader, budget, &list->fault);
    if (rc == 0 && !tnauthlist_reader_is_done(list->reader))
        return BUDGET_GONE;
    if (rc >= 0)
        end_reading(list, rc);
    return rc < 0 ? rc : 0;
}

/* The same of one that others want, too. */
static int read_in_turn(struct list_cache *cache, struct kept_list *list, size_t *budget)
{
    struct turn turn = {0};
    enum turn_end end = TURN_WAITED;

    for (bool waits = true; end == TURN_WAITED && !atomic_load(&list->done); waits = false)
        end =
            *budget == 0 ? TURN_BUSY : turns_take(&cache->turns, list->sha256, 0, waits, &turn);
    if (end != TURN_TAKEN)
        return end == TURN_BUSY ? BUDGET_GONE : 0;
    int rc = read_on(list, budget);
    turns_leave(&cache->turns, &turn);
    return rc;
}

/* The scope: a reference. 0, STIR_CODE_TNAUTHLIST_SYNTAX, BUDGET_GONE, negative. */
static int open_scope(struct list_cache *cache, struct body *body, size_t *budget,
                      struct stir_scope **scope, struct stir_error *error)
{
    struct kept_list *list = take(cache, body);

    if (list == NULL)
        return error_no_memory(error);
    int rc = cache == NULL ? read_on(list, budget) : read_in_turn(cache, list, budget);
    if (rc == 0 && list->scope != NULL)
        *scope = scope_ref(list->scope);
    else if (rc == 0)
        rc = error_copy(error, &list->fault);
    kept_list_free(list);
    if (rc >= 0)
        return rc;
    give_up(cache, body);
    return error_no_memory(error);
}

/* ---- Certificates, under the cache's lock -------------------------------------------------- */

static bool is_of(const struct slot *slot, const struct stir_certificate *certificate,
                  const struct body *body)
{
    return slot->with != NULL
           && memcmp(slot->certificate, certificate->sha256, sizeof slot->certificate) == 0
           && memcmp(slot->list, body->sha256, sizeof slot->list) == 0
           && slot->with->anchor == certificate->anchor;
}

static struct stir_certificate *find(struct list_cache *cache,
                                     const struct stir_certificate *certificate,
                                     const struct body *body)
{
    struct stir_certificate *found = NULL;

    pthread_mutex_lock(&cache->lock);
    struct kept_list **list = place_of(cache, body);
    for (size_t i = 0; found == NULL && list != NULL && i < LIMIT_CACHED_LISTS; i++)
        if (is_of(&cache->slots[i], certificate, body)) {
            found = certificate_ref(cache->slots[i].with);
            (*list)->asked = cache->slots[i].asked = ++cache->count;
        }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static struct slot *oldest_slot(struct list_cache *cache)
{
    struct slot *oldest = &cache->slots[0];

    for (size_t i = 1; i < LIMIT_CACHED_LISTS; i++)
        if (cache->slots[i].asked < oldest->asked) /* a free one was never asked for */
            oldest = &cache->slots[i];
    return oldest;
}

/* While its list is. */
static void keep(struct list_cache *cache, struct stir_certificate *with,
                 const struct body *body)
{
    pthread_mutex_lock(&cache->lock);
    if (place_of(cache, body) != NULL) {
        struct slot *slot = oldest_slot(cache);
        certificate_free(slot->with);
        memcpy(slot->certificate, with->sha256, sizeof slot->certificate);
        memcpy(slot->list, body->sha256, sizeof slot->list);
        slot->with = certificate_ref(with);
        slot->asked = ++cache->count;
    }
    pthread_mutex_unlock(&cache->lock);
}

int list_cache_open(struct list_cache *cache, const struct stir_certificate *certificate,
                    struct body *body, size_t *budget, struct stir_certificate **with,
                    struct stir_error *error)
{
    struct stir_scope *scope = NULL;

    *with = cache == NULL ? NULL : find(cache, certificate, body);
    if (*with != NULL)
        return 0;
    int rc = open_scope(cache, body, budget, &scope, error);
    if (rc != 0)
        return rc;
    rc = certificate_with_list(certificate, scope, body->sha256, with);
    if (rc < 0) {
        scope_free(scope);
        return error_no_memory(error);
    }
    if (cache != NULL)
        keep(cache, *with, body);
    return 0;
}
