/* struct stir_verifier: the snapshot in force, and the bodies that were supplied. */
#include "service/verifier.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "service/config.h"

struct supply {
    char *url; /* NULL: for every URL */
    struct body *body;
};

struct stir_verifier {
    pid_t process; /* that made it: a child's copy of the lock may be held by nobody */
    pthread_mutex_t lock;
    struct snapshot *current;
    struct supply *supplies;
    size_t n_supplies;
};

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->references, 1);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL || atomic_fetch_sub(&snapshot->references, 1) > 1)
        return;
    anchors_free(&snapshot->anchors);
    crl_set_free(&snapshot->crls);
    spc_source_free(snapshot->spc);
    path_cache_free(snapshot->paths);
    free(snapshot);
}

struct snapshot *snapshot_default(void)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);

    if (snapshot == NULL)
        return NULL;
    atomic_init(&snapshot->references, 1);
    snapshot->es256 = &es256_gnutls;
    policy_init(&snapshot->policy);
    return snapshot;
}

static struct snapshot *snapshot_of(const struct stir_config *config)
{
    struct snapshot *snapshot = snapshot_default();

    if (snapshot == NULL)
        return NULL;
    snapshot->policy = config->policy;
    if (config->spc != NULL)
        snapshot->spc = spc_source_ref(config->spc);
    snapshot->paths = path_cache_new();
    if (snapshot->paths == NULL || anchors_copy(&snapshot->anchors, &config->anchors) < 0
        || crl_set_copy(&snapshot->crls, &config->crls) < 0) {
        snapshot_free(snapshot);
        return NULL;
    }
    return snapshot;
}

struct stir_verifier *stir_verifier_new(const struct stir_config *config,
                                        struct stir_error *error)
{
    struct stir_verifier *verifier = NULL;

    error_clear(error);
    if (config == NULL) {
        error_null(error, "config");
        return NULL;
    }
    verifier = calloc(1, sizeof *verifier);
    if (verifier == NULL || (verifier->current = snapshot_of(config)) == NULL) {
        free(verifier);
        error_no_memory(error);
        return NULL;
    }
    verifier->process = getpid();
    pthread_mutex_init(&verifier->lock, NULL);
    return verifier;
}

void stir_verifier_free(struct stir_verifier *verifier)
{
    if (verifier == NULL)
        return;
    snapshot_free(verifier->current);
    for (size_t i = 0; i < verifier->n_supplies; i++) {
        free(verifier->supplies[i].url);
        body_free(verifier->supplies[i].body);
    }
    free(verifier->supplies);
    pthread_mutex_destroy(&verifier->lock);
    free(verifier);
}

static int check(const struct stir_verifier *verifier, struct stir_error *error)
{
    if (verifier == NULL)
        return error_null(error, "verifier");
    if (verifier->process != getpid())
        return error_set(error, STIR_E_FORKED,
                         "the verifier was made before fork(): make one in the child");
    return 0;
}

/* The lock is no part of what a const verifier promises. */
static pthread_mutex_t *lock_of(const struct stir_verifier *verifier)
{
    return (pthread_mutex_t *)&verifier->lock;
}

struct snapshot *verifier_snapshot(const struct stir_verifier *verifier,
                                   struct stir_error *error)
{
    if (check(verifier, error) < 0)
        return NULL;
    pthread_mutex_lock(lock_of(verifier));
    struct snapshot *snapshot = snapshot_ref(verifier->current);
    pthread_mutex_unlock(lock_of(verifier));
    return snapshot;
}

int stir_verifier_reload(struct stir_verifier *verifier, const struct stir_config *config,
                         struct stir_error *error)
{
    error_clear(error);
    if (config == NULL)
        return error_null(error, "config");
    int rc = check(verifier, error);
    if (rc < 0)
        return rc;
    struct snapshot *snapshot = snapshot_of(config);
    if (snapshot == NULL)
        return error_no_memory(error);
    pthread_mutex_lock(&verifier->lock);
    struct snapshot *old = verifier->current;
    verifier->current = snapshot;
    pthread_mutex_unlock(&verifier->lock);
    snapshot_free(old);
    return 0;
}

static bool same_url(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static struct supply *find_supply(const struct stir_verifier *verifier, const char *url)
{
    for (size_t i = 0; i < verifier->n_supplies; i++)
        if (same_url(verifier->supplies[i].url, url))
            return &verifier->supplies[i];
    return NULL;
}

struct body *verifier_body(const struct stir_verifier *verifier, const char *url)
{
    pthread_mutex_lock(lock_of(verifier));
    const struct supply *supply = find_supply(verifier, url);
    if (supply == NULL)
        supply = find_supply(verifier, NULL);
    struct body *body = supply == NULL ? NULL : body_ref(supply->body);
    pthread_mutex_unlock(lock_of(verifier));
    return body;
}

/* Takes url and body on success. */
static int add_supply(struct stir_verifier *verifier, char *url, struct body *body)
{
    struct supply *supplies =
        realloc(verifier->supplies, (verifier->n_supplies + 1) * sizeof *supplies);

    if (supplies == NULL)
        return STIR_E_NOMEM;
    verifier->supplies = supplies;
    supplies[verifier->n_supplies++] = (struct supply){url, body};
    return 0;
}

/* Takes url and body on success. */
static int put_supply(struct stir_verifier *verifier, char *url, struct body *body)
{
    struct supply *supply = find_supply(verifier, url);

    if (supply == NULL)
        return add_supply(verifier, url, body);
    body_free(supply->body);
    supply->body = body;
    free(url);
    return 0;
}

int stir_verifier_supply(struct stir_verifier *verifier, const char *url, const void *data,
                         size_t len, struct stir_error *error)
{
    error_clear(error);
    int rc = check(verifier, error);
    if (rc < 0)
        return rc;
    if (data == NULL)
        return error_null(error, "body");
    char *copy = url == NULL ? NULL : text_copy(url, strlen(url));
    struct body *body = body_new(data, len == STIR_NUL ? strlen(data) : len);
    rc = STIR_E_NOMEM;
    if (body != NULL && (url == NULL || copy != NULL)) {
        pthread_mutex_lock(&verifier->lock);
        rc = put_supply(verifier, copy, body);
        pthread_mutex_unlock(&verifier->lock);
    }
    if (rc == 0)
        return 0;
    free(copy);
    body_free(body);
    return error_no_memory(error);
}
