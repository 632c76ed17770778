/* What a deployment may want to hear or decide, shared by reference. */
#include "service/hooks.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct hooks {
    atomic_uint references;
    struct stir_hooks hooks;
};

struct hooks *hooks_new(const struct stir_hooks *hooks)
{
    struct hooks *made = calloc(1, sizeof *made);
    size_t size = hooks->size;

    if (made == NULL)
        return NULL;
    /* What an older or newer caller's struct has of ours. */
    memcpy(&made->hooks, hooks, size < sizeof made->hooks ? size : sizeof made->hooks);
    atomic_init(&made->references, 1);
    return made;
}

struct hooks *hooks_ref(struct hooks *hooks)
{
    if (hooks != NULL)
        atomic_fetch_add(&hooks->references, 1);
    return hooks;
}

void hooks_free(struct hooks *hooks)
{
    if (hooks == NULL || atomic_fetch_sub(&hooks->references, 1) > 1)
        return;
    if (hooks->hooks.release != NULL)
        hooks->hooks.release(hooks->hooks.arg);
    free(hooks);
}

const struct stir_hooks *hooks_get(const struct hooks *hooks)
{
    static const struct stir_hooks none;

    return hooks == NULL ? &none : &hooks->hooks;
}

void hooks_log(const struct hooks *hooks, enum stir_level level, const char *format, ...)
{
    const struct stir_hooks *set = hooks_get(hooks);
    char line[512];
    va_list args;

    if (set->log == NULL)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    set->log(set->arg, level, line);
}

void hooks_log_fetch(const struct hooks *hooks, const char *url, const struct cache_hit *hit)
{
    char room[CACHE_REASON_SIZE], name[SHOWN_SIZE];

    if (hooks_get(hooks)->log == NULL)
        return;
    shown(name, url, strlen(url));
    if (hit->state == CACHE_STALE)
        hooks_log(hooks, STIR_LOG_WARNING, "%s: %s: a copy that has expired is used", name,
                  cache_failure_reason(&hit->failure, room));
    else if (hit->state == CACHE_FAILED)
        hooks_log(hooks, STIR_LOG_NOTICE, "%s: %s", name,
                  cache_failure_reason(&hit->failure, room));
}
