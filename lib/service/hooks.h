/* struct stir_hooks as a configuration and its snapshots hold them: shared by reference. */
#ifndef STIR_SERVICE_HOOKS_H
#define STIR_SERVICE_HOOKS_H

#include "base/error.h"
#include "fetch/cache.h"

struct hooks;

struct hooks *hooks_new(const struct stir_hooks *hooks); /* NULL: out of memory */
struct hooks *hooks_ref(struct hooks *hooks);            /* NULL is fine */
void hooks_free(struct hooks *hooks); /* the last reference calls release; NULL is fine */
/* What was set, with NULL for what was not; of NULL, nothing was. */
const struct stir_hooks *hooks_get(const struct hooks *hooks);

/* A line for hook log, if there is one. Strangers' text goes through shown() before. */
void hooks_log(const struct hooks *hooks, enum stir_level level, const char *format, ...)
    STIR_PRINTF(3, 4);
/* That a fetch of url failed, if it did. */
void hooks_log_fetch(const struct hooks *hooks, const char *url, const struct cache_hit *hit);

#endif
