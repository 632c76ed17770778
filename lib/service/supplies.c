/* Bodies that the caller gave for URLs. */
#include "service/supplies.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "stir.h"

void supplies_init(struct supplies *supplies)
{
    *supplies = (struct supplies){.supplies = NULL};
    pthread_mutex_init(&supplies->lock, NULL);
}

void supplies_free(struct supplies *supplies)
{
    for (size_t i = 0; i < supplies->n; i++) {
        free(supplies->supplies[i].url);
        body_free(supplies->supplies[i].body);
    }
    free(supplies->supplies);
    pthread_mutex_destroy(&supplies->lock);
}

static bool same_url(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static struct supply *find(const struct supplies *supplies, const char *url)
{
    for (size_t i = 0; i < supplies->n; i++)
        if (same_url(supplies->supplies[i].url, url))
            return &supplies->supplies[i];
    return NULL;
}

/* Takes url and body on success. */
static int add(struct supplies *supplies, char *url, struct body *body)
{
    struct supply *more =
        realloc(supplies->supplies, (supplies->n + 1) * sizeof *supplies->supplies);

    if (more == NULL)
        return STIR_E_NOMEM;
    supplies->supplies = more;
    more[supplies->n++] = (struct supply){url, body};
    return 0;
}

/* Takes url and body on success. */
static int put(struct supplies *supplies, char *url, struct body *body)
{
    struct supply *supply = find(supplies, url);

    if (supply == NULL)
        return add(supplies, url, body);
    body_free(supply->body);
    supply->body = body;
    free(url);
    return 0;
}

int supplies_put(struct supplies *supplies, const char *url, struct body *body)
{
    char *copy = url == NULL ? NULL : text_copy(url, strlen(url));

    if (url != NULL && copy == NULL)
        return STIR_E_NOMEM;
    pthread_mutex_lock(&supplies->lock);
    int rc = put(supplies, copy, body);
    pthread_mutex_unlock(&supplies->lock);
    if (rc < 0)
        free(copy);
    return rc;
}

struct body *supplies_find(struct supplies *supplies, const char *url, bool every)
{
    if (atomic_load_explicit(&supplies->n, memory_order_relaxed) == 0)
        return NULL;
    pthread_mutex_lock(&supplies->lock);
    const struct supply *supply = find(supplies, url);
    if (supply == NULL && every)
        supply = find(supplies, NULL);
    struct body *body = supply == NULL ? NULL : body_ref(supply->body);
    pthread_mutex_unlock(&supplies->lock);
    return body;
}
