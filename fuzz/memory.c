/* Memory that fails when told to: linked with --wrap=malloc and the like. */
#include "fuzz/fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct {
    bool counting, all_after, failed;
    enum fuzz_kind kind;
    size_t nth, calls[FUZZ_KINDS];
} plan;

void fuzz_fail(enum fuzz_kind kind, size_t nth, bool all_after)
{
    memset(&plan, 0, sizeof plan);
    plan.counting = true;
    plan.kind = kind;
    plan.nth = nth;
    plan.all_after = all_after;
}

void fuzz_fail_no_more(size_t calls[FUZZ_KINDS])
{
    memcpy(calls, plan.calls, sizeof plan.calls);
    memset(&plan, 0, sizeof plan);
}

bool fuzz_has_failed(void)
{
    return plan.failed;
}

size_t fuzz_turn(void)
{
    return plan.nth;
}

bool fuzz_strikes(enum fuzz_kind kind)
{
    if (!plan.counting)
        return false;
    size_t call = ++plan.calls[kind];
    bool strikes = kind == plan.kind && plan.nth > 0
                   && (call == plan.nth || (plan.all_after && call > plan.nth));
    plan.failed |= strikes;
    return strikes;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return fuzz_strikes(FUZZ_MEMORY) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fuzz_strikes(FUZZ_MEMORY) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fuzz_strikes(FUZZ_MEMORY) ? NULL : __real_realloc(old, size);
}

struct json_t *fuzz_json(const char *text, size_t len)
{
    bool counting = plan.counting;

    plan.counting = false;
    json_t *json = json_loadb(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    plan.counting = counting;
    return json;
}

void fuzz_memory_init(void)
{
    static bool done;

    if (done)
        return;
    done = true;
    json_set_alloc_funcs(__wrap_malloc, free);
    /* The order of members must not depend on the process. */
    json_object_seed(1);
}
