/* struct stir_verifier: the snapshot in force, and the memory beside it. */
#include "service/verifier.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/config.h"
#include "service/enforce.h"
#include "service/feed_arrival.h"
#include "service/hooks.h"

static struct snapshot *next_snapshot(struct stir_verifier *verifier,
                                      const struct stir_config *config,
                                      const struct snapshot *before, struct stir_error *error)
{
    struct snapshot *snapshot = snapshot_new(config);

    if (snapshot == NULL
        || (snapshot->policy.replay && replay_prepare(verifier->memory->replay) < 0)) {
        snapshot_free(snapshot);
        snapshot = NULL;
        error_no_memory(error);
    } else if (snapshot_add_signers(snapshot, config, before, error) < 0) {
        snapshot_free(snapshot);
        snapshot = NULL;
    }
    return snapshot;
}

/* That the cache's file cannot be used: the verifier does without. */
static void log_file(struct stir_verifier *verifier, const struct stir_config *config)
{
    struct stir_error trouble;

    error_clear(&trouble);
    store_free(cache_file_store(&verifier->memory->file, &trouble));
    if (trouble.code != 0)
        hooks_log(config->hooks, STIR_LOG_WARNING, "cache_file is not used: %s", trouble.text);
}

static int set_up(struct stir_verifier *verifier, const struct stir_config *config,
                  struct stir_error *error)
{
    verifier->process = getpid();
    pthread_mutex_init(&verifier->lock, NULL);
    verifier->memory = memory_new();
    verifier->keeper = keeper_new(verifier);
    if (verifier->memory == NULL || verifier->keeper == NULL
        || cache_file_use(&verifier->memory->file, stir_config_get(config, "cache_file")) < 0)
        return error_no_memory(error);
    log_file(verifier, config);
    struct snapshot *snapshot = next_snapshot(verifier, config, NULL, error);
    int rc = snapshot == NULL ? STIR_E_NOMEM : enforce_configuration(verifier, snapshot, error);
    if (rc != 0)
        snapshot_free(snapshot);
    else
        feed_arrival_recall(verifier);
    return rc;
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
    if (verifier == NULL) {
        error_no_memory(error);
        return NULL;
    }
    if (set_up(verifier, config, error) == 0)
        return verifier;
    stir_verifier_free(verifier);
    return NULL;
}

void stir_verifier_free(struct stir_verifier *verifier)
{
    if (verifier == NULL)
        return;
    keeper_free(verifier->keeper);
    snapshot_free(verifier->current);
    memory_free(verifier->memory);
    pthread_mutex_destroy(&verifier->lock);
    free(verifier);
}

int verifier_check(const struct stir_verifier *verifier, struct stir_error *error)
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
    if (verifier_check(verifier, error) < 0)
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
    int rc = verifier_check(verifier, error);
    if (rc < 0)
        return rc;
    struct stir_error failure;
    error_clear(&failure);
    struct snapshot *before = verifier_snapshot(verifier, error);
    struct snapshot *snapshot = next_snapshot(verifier, config, before, &failure);
    snapshot_free(before);
    if (snapshot == NULL)
        return error_copy(error, &failure);
    /* Here it holds up nobody's loop. */
    if (atomic_load(&verifier->memory->fetches) && snapshot->policy.fetch == FETCH_BY_LIBRARY)
        fetch_policy_prepare(snapshot->fetch, NULL);
    if ((rc = enforce_configuration(verifier, snapshot, error)) != 0) {
        snapshot_free(snapshot);
        return rc;
    }
    hooks_log(config->hooks, STIR_LOG_NOTICE, "a new configuration is in force");
    /* What one policy refused another may allow. */
    cache_forget_failures(verifier->memory->cache);
    if (cache_file_use(&verifier->memory->file, stir_config_get(config, "cache_file")) < 0)
        return error_no_memory(error);
    log_file(verifier, config);
    feed_arrival_recall(verifier);
    return 0;
}

bool stir_verifier_may_connect(const struct stir_verifier *verifier, const char *address)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    struct address parsed;
    bool may = snapshot != NULL && address != NULL && address_parse(address, &parsed)
               && address_refusal(&parsed, fetch_policy_address(snapshot->fetch)) == NULL;

    snapshot_free(snapshot);
    return may;
}

int stir_verifier_supply(struct stir_verifier *verifier, const char *url, const void *data,
                         size_t len, struct stir_error *error)
{
    error_clear(error);
    int rc = verifier_check(verifier, error);
    if (rc < 0)
        return rc;
    if (data == NULL)
        return error_null(error, "body");
    struct body *body = body_new(data, len == STIR_NUL ? strlen(data) : len);
    if (body != NULL && supplies_put(&verifier->memory->supplies, url, body) == 0)
        return 0;
    body_free(body);
    return error_no_memory(error);
}
