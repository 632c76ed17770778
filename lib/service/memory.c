/* What a verifier has learned and been given. */
#include "service/memory.h"

#include <stdlib.h>
#include <time.h>

#include "base/budget.h"

static int64_t wall_clock(void *arg)
{
    struct timespec now;

    (void)arg;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

struct memory *memory_new(void)
{
    struct memory *memory = calloc(1, sizeof *memory);

    if (memory == NULL)
        return NULL;
    atomic_init(&memory->references, 1);
    memory->clock = wall_clock;
    memory->step = BUDGET_STEP;
    supplies_init(&memory->supplies);
    feeds_init(&memory->feeds);
    cache_file_init(&memory->file);
    memory->cache = cache_new(NULL);
    memory->flights = flights_new(NULL);
    memory->paths = path_cache_new();
    memory->replay = replay_new();
    memory->lists = list_cache_new();
    if (memory->cache != NULL && memory->flights != NULL && memory->paths != NULL
        && memory->replay != NULL && memory->lists != NULL)
        return memory;
    memory_free(memory);
    return NULL;
}

struct memory *memory_ref(struct memory *memory)
{
    atomic_fetch_add(&memory->references, 1);
    return memory;
}

void memory_free(struct memory *memory)
{
    if (memory == NULL || atomic_fetch_sub(&memory->references, 1) > 1)
        return;
    supplies_free(&memory->supplies);
    feeds_free(&memory->feeds);
    cache_free(memory->cache);
    cache_file_free(&memory->file);
    flights_free(memory->flights);
    path_cache_free(memory->paths);
    replay_free(memory->replay);
    list_cache_free(memory->lists);
    free(memory);
}

int64_t memory_now(const struct memory *memory)
{
    return memory->clock(memory->clock_arg);
}
