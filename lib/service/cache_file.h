/*
 * The cache's file (policy cache_file) behind the cache: what is not in memory is looked for there,
 * and what comes is kept there, as octets with their HTTP metadata. What is read back is judged
 * like a response of the network, and its path validated as if just fetched.
 *
 * A file that cannot be used is no reason not to verify: the verifier does without, and says why
 * in its statistics.
 */
#ifndef STIR_SERVICE_CACHE_FILE_H
#define STIR_SERVICE_CACHE_FILE_H

#include <pthread.h>

#include "fetch/store.h"

struct memory;

struct cache_file {
    pthread_mutex_t lock; /* of what follows */
    char *path;           /* as it was set; NULL: none */
    struct store *store;  /* NULL: none, or it could not be opened */
    struct stir_error trouble;
    int64_t flushed; /* when last */
};

void cache_file_init(struct cache_file *file);
void cache_file_free(struct cache_file *file); /* writes what waits */
/* From now on that one ("none" or NULL: none); the same one stays open. 0 or STIR_E_NOMEM: that it
   cannot be opened is no failure here. */
int cache_file_use(struct cache_file *file, const char *path);
/* A reference; NULL: there is none, and error says why if it should be. */
struct store *cache_file_store(struct cache_file *file, struct stir_error *error);

/* Looks for it, where hit, which is memory's word, is of no use, and puts it into the cache: what
   is not in memory, or what another process got since it expired or failed here. False: the file
   has nothing better. */
bool cache_file_load(struct memory *memory, const struct cache_policy *policy,
                     enum fetch_kind kind, const char *url, const struct cache_hit *hit);
/* What the file has of it; record->body is then the caller's reference. */
bool cache_file_get(struct memory *memory, enum fetch_kind kind, const char *url,
                    struct store_record *record);
/* What came, as the cache has it now. */
void cache_file_keep(struct memory *memory, enum fetch_kind kind, const char *url,
                     int64_t requested, const struct cache_hit *hit);
/* Commits what has waited for some seconds (now: whatever waits); the disk is not waited for. 0
   where nothing is due. [any thread] */
int cache_file_flush(struct memory *memory, bool now, struct stir_error *error);

#endif
