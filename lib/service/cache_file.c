/* The cache's file, read through and written behind. */
#include "service/cache_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/retrieval.h"
#include "service/verifier.h"

/* A commit in so many seconds at most: what is lost with the process is fetched again. */
enum { FLUSH_SECONDS = 5 };

void cache_file_init(struct cache_file *file)
{
    *file = (struct cache_file){0};
    pthread_mutex_init(&file->lock, NULL);
}

void cache_file_free(struct cache_file *file)
{
    store_free(file->store);
    free(file->path);
    pthread_mutex_destroy(&file->lock);
}

int cache_file_use(struct cache_file *file, const char *path)
{
    struct stir_error trouble;
    struct store *store = NULL;
    char *copy = NULL;

    error_clear(&trouble);
    if (path != NULL && strcmp(path, "none") != 0) {
        copy = text_copy(path, strlen(path));
        if (copy == NULL)
            return STIR_E_NOMEM;
        store = store_open(path, &trouble);
        if (store == NULL && trouble.code == STIR_E_NOMEM) {
            free(copy);
            return STIR_E_NOMEM;
        }
    }
    pthread_mutex_lock(&file->lock);
    struct store *before = file->store;
    char *old = file->path;
    file->store = store;
    file->path = copy;
    file->trouble = trouble;
    pthread_mutex_unlock(&file->lock);
    store_free(before);
    free(old);
    return 0;
}

struct store *cache_file_store(struct cache_file *file, struct stir_error *error)
{
    pthread_mutex_lock(&file->lock);
    struct store *store = file->store == NULL ? NULL : store_ref(file->store);
    if (store == NULL && file->trouble.code != 0)
        error_copy(error, &file->trouble);
    pthread_mutex_unlock(&file->lock);
    return store;
}

/* The record came after what memory has. */
static bool is_news(const struct store_record *record, const struct cache_hit *hit)
{
    if (hit->state == CACHE_FAILED)
        return record->received >= hit->fetched;
    return hit->state == CACHE_MISS || record->received > hit->fetched;
}

static int put_record(struct memory *memory, const struct cache_policy *policy,
                      const struct store_record *record)
{
    struct cache_failure failure;
    const struct cache_response response = {200, &record->meta, record->body, record->requested,
                                            record->received};
    /* Rubbish counts as not there: a fetch may bring better. */
    int rc = retrieval_judge(record->kind, &response, &failure);

    return rc == 0
               ? cache_put(memory->cache, record->kind, record->url, policy, &response, NULL)
               : rc;
}

bool cache_file_get(struct memory *memory, enum fetch_kind kind, const char *url,
                    struct store_record *record)
{
    struct store *store = cache_file_store(&memory->file, NULL);
    bool found = store != NULL
                 && store_get(store, kind, url, cache_heads(memory->cache), record, NULL) == 1;

    store_free(store);
    return found;
}

bool cache_file_load(struct memory *memory, const struct cache_policy *policy,
                     enum fetch_kind kind, const char *url, const struct cache_hit *hit)
{
    struct store_record record;

    if (hit->state == CACHE_FRESH || !cache_file_get(memory, kind, url, &record))
        return false;
    bool found = is_news(&record, hit) && put_record(memory, policy, &record) == 0;
    body_free(record.body);
    return found;
}

void cache_file_keep(struct memory *memory, enum fetch_kind kind, const char *url,
                     int64_t requested, const struct cache_hit *hit)
{
    struct store *store = NULL;

    /* What is private is nobody else's (RFC 9111 section 5.2.2.5). */
    if (hit->state == CACHE_FRESH && (hit->meta.said & HTTP_NO_STORE) == 0
        && strlen(url) <= CACHE_URL_MOST && !store_is_long(kind, hit->body->len))
        store = cache_file_store(&memory->file, NULL);
    if (store == NULL)
        return;
    const struct store_record record = {.kind = kind,
                                        .url = url,
                                        .requested = requested,
                                        .received = hit->fetched,
                                        .meta = hit->meta,
                                        .body = hit->body};
    /* Want of memory costs a fetch by another process. */
    store_put(store, &record, NULL);
    store_free(store);
}

int cache_file_flush(struct memory *memory, bool now, struct stir_error *error)
{
    struct cache_file *file = &memory->file;
    const int64_t time = memory_now(memory);

    pthread_mutex_lock(&file->lock);
    const bool is_due =
        file->store != NULL && store_is_waiting(file->store)
        && (now || time >= file->flushed + FLUSH_SECONDS || time < file->flushed);
    struct store *store = is_due ? store_ref(file->store) : NULL;
    if (is_due)
        file->flushed = time;
    pthread_mutex_unlock(&file->lock);
    int rc = store == NULL ? 0 : store_flush(store, error);
    store_free(store);
    return rc;
}

int stir_verifier_forget(struct stir_verifier *verifier, const char *url,
                         struct stir_error *error)
{
    struct stir_error trouble;

    error_clear(error);
    error_clear(&trouble);
    int rc = verifier_check(verifier, error);
    if (rc < 0)
        return rc;
    cache_forget(verifier->memory->cache, url);
    feeds_hasten(&verifier->memory->feeds, url);
    struct store *store = cache_file_store(&verifier->memory->file, &trouble);
    if (store != NULL)
        rc = store_drop(store, url, error);
    else if (trouble.code != 0)
        rc = error_copy(error, &trouble);
    store_free(store);
    return rc < 0 ? rc : 0;
}
