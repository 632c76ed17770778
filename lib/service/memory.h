/*
 * struct memory: what a verifier has learned and been given, apart from any configuration: bodies
 * and failures by URL, fetches under way, validated paths, tokens seen.
 *
 * Shared by reference between the verifier, its operations and their wants, so that a body which
 * comes late, when the operation is gone, still serves later calls. It survives reloads: what it
 * holds either rests on no configuration, or remembers under which it was found. Every part has
 * locks of its own and may be used from any thread.
 */
#ifndef STIR_SERVICE_MEMORY_H
#define STIR_SERVICE_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "fetch/cache.h"
#include "service/cache_file.h"
#include "fetch/flights.h"
#include "service/list_cache.h"
#include "service/feeds.h"
#include "service/path_cache.h"
#include "service/replay.h"
#include "service/supplies.h"

struct memory {
    atomic_uint references;
    _Atomic uint64_t epochs; /* how many snapshots there were */
    /* Seconds since 1970: what was fetched ages by this clock, whatever time calls are judged at
       (op's now). Tests set it, before anything else uses the memory. */
    int64_t (*clock)(void *arg);
    void *clock_arg;
    size_t step; /* what a step of an operation spends: BUDGET_STEP. Tests set it, too */
    struct supplies supplies;
    struct cache *cache;
    struct cache_file file;
    struct flights *flights; /* each URL is fetched once, whoever drives */
    atomic_bool fetches;     /* some loop does */
    struct path_cache *paths;
    struct replay *replay;
    struct list_cache *lists;
    struct feeds feeds; /* lists that come from URLs */
};

struct memory *memory_new(void); /* NULL: out of memory */
struct memory *memory_ref(struct memory *memory);
void memory_free(struct memory *memory); /* one reference */
/* By its clock. */
int64_t memory_now(const struct memory *memory);

#endif
