/* What a deployment may want to hear or decide, shared by reference. */
#include "service/hooks.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
