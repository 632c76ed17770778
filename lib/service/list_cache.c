/* Certificates with the TNAuthList that their URL gave. */
#include "service/list_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cert/tnauthlist.h"
#include "crypto/digest.h"

struct slot {
    uint8_t certificate[DIGEST_SHA256_SIZE], list[DIGEST_SHA256_SIZE];
    struct stir_certificate *with; /* NULL: free */
    size_t octets;                 /* of the list */
    uint64_t asked;                /* when, by the cache's count */
};

struct list_cache {
    pthread_mutex_t lock; /* of what follows */
    struct slot slots[LIMIT_CACHED_LISTS];
    size_t octets;
    uint64_t count;
};

struct list_cache *list_cache_new(void)
{
    struct list_cache *cache = calloc(1, sizeof *cache);

    if (cache != NULL)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void list_cache_free(struct list_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++)
        certificate_free(cache->slots[i].with);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

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
    for (size_t i = 0; found == NULL && i < LIMIT_CACHED_LISTS; i++)
        if (is_of(&cache->slots[i], certificate, body)) {
            found = certificate_ref(cache->slots[i].with);
            cache->slots[i].asked = ++cache->count;
        }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static struct slot *oldest(struct list_cache *cache)
{
    struct slot *oldest = &cache->slots[0];

    for (size_t i = 1; i < LIMIT_CACHED_LISTS; i++)
        if (cache->slots[i].asked < oldest->asked) /* a free one was never asked for */
            oldest = &cache->slots[i];
    return oldest;
}

static void empty(struct list_cache *cache, struct slot *slot)
{
    certificate_free(slot->with);
    cache->octets -= slot->octets;
    *slot = (struct slot){0};
}

/* The oldest that holds something. */
static struct slot *oldest_full(struct list_cache *cache)
{
    struct slot *found = NULL;

    for (size_t i = 0; i < LIMIT_CACHED_LISTS; i++)
        if (cache->slots[i].with != NULL
            && (found == NULL || cache->slots[i].asked < found->asked))
            found = &cache->slots[i];
    return found;
}

static void keep(struct list_cache *cache, struct stir_certificate *with,
                 const struct body *body)
{
    if (body->len > LIMIT_CACHED_LISTS_OCTETS)
        return;
    pthread_mutex_lock(&cache->lock);
    while (cache->octets + body->len > LIMIT_CACHED_LISTS_OCTETS)
        empty(cache, oldest_full(cache));
    struct slot *slot = oldest(cache);
    empty(cache, slot);
    memcpy(slot->certificate, with->sha256, sizeof slot->certificate);
    memcpy(slot->list, body->sha256, sizeof slot->list);
    slot->with = certificate_ref(with);
    slot->octets = body->len;
    slot->asked = ++cache->count;
    cache->octets += body->len;
    pthread_mutex_unlock(&cache->lock);
}

static int read_list(const struct stir_certificate *certificate, const struct body *body,
                     const struct es256_provider *provider, struct stir_certificate **with,
                     struct stir_error *error)
{
    struct stir_scope *scope = NULL;
    struct der der = {(const uint8_t *)body->data, body->len};
    int rc = tnauthlist_parse(der, &scope, NULL, error);

    if (rc == 0 && (rc = certificate_with_list(certificate, scope, provider, with)) < 0)
        scope_free(scope);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}

int list_cache_open(struct list_cache *cache, const struct stir_certificate *certificate,
                    const struct body *body, const struct es256_provider *provider,
                    struct stir_certificate **with, struct stir_error *error)
{
    *with = cache == NULL ? NULL : find(cache, certificate, body);
    if (*with != NULL)
        return 0;
    int rc = read_list(certificate, body, provider, with, error);
    if (rc == 0 && cache != NULL)
        keep(cache, *with, body);
    return rc;
}
