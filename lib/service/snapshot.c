/* A configuration as operations see it. */
#include "service/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "service/config.h"

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->references, 1);
    return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL || atomic_fetch_sub(&snapshot->references, 1) > 1)
        return;
    trust_set_free(&snapshot->configured);
    feed_urls_free(&snapshot->urls);
    trust_set_free(&snapshot->in_force);
    spc_source_free(snapshot->spc);
    fetch_policy_free(snapshot->fetch);
    decisions_free(&snapshot->decisions);
    hooks_free(snapshot->hooks);
    signers_free(snapshot->signers);
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
    snapshot->fetch = fetch_policy_new();
    if (snapshot->fetch != NULL)
        return snapshot;
    snapshot_free(snapshot);
    return NULL;
}

/* What fetches keep, of the values and the certificates that were set. */
static int fill_fetch(struct fetch_policy *fetch, const struct stir_config *config)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < policy_key_count(); i++)
        if (config->values[i] != NULL)
            rc = policy_set_fetch(fetch, i, config->values[i]);
    for (size_t i = 0; rc == 0 && i < config->n_fetch_cas; i++)
        rc = fetch_policy_add_ca(fetch, config->fetch_cas[i]->data, config->fetch_cas[i]->len,
                                 NULL);
    return rc;
}

struct snapshot *snapshot_new(const struct stir_config *config)
{
    struct snapshot *snapshot = snapshot_default();

    if (snapshot == NULL)
        return NULL;
    snapshot->policy = config->policy;
    if (config->spc != NULL)
        snapshot->spc = spc_source_ref(config->spc);
    snapshot->hooks = hooks_ref(config->hooks);
    if (trust_set_copy(&snapshot->configured, &config->trust) == 0
        && feed_urls_copy(&snapshot->urls, &config->urls) == 0
        && decisions_copy(&snapshot->decisions, &config->decisions) == 0
        && fill_fetch(snapshot->fetch, config) == 0)
        return snapshot;
    snapshot_free(snapshot);
    return NULL;
}

struct snapshot *snapshot_copy(const struct snapshot *of)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);

    if (snapshot == NULL)
        return NULL;
    atomic_init(&snapshot->references, 1);
    snapshot->epoch = of->epoch;
    snapshot->policy = of->policy;
    snapshot->es256 = of->es256;
    snapshot->spc = of->spc == NULL ? NULL : spc_source_ref(of->spc);
    snapshot->hooks = hooks_ref(of->hooks);
    snapshot->signers = of->signers == NULL ? NULL : signers_ref(of->signers);
    snapshot->fetch = fetch_policy_ref(of->fetch);
    if (trust_set_copy(&snapshot->configured, &of->configured) == 0
        && feed_urls_copy(&snapshot->urls, &of->urls) == 0
        && decisions_copy(&snapshot->decisions, &of->decisions) == 0)
        return snapshot;
    snapshot_free(snapshot);
    return NULL;
}

int snapshot_add_signers(struct snapshot *snapshot, const struct stir_config *config,
                         const struct snapshot *before, struct stir_error *error)
{
    const char *path = stir_config_get(config, "signers_file");

    if (*path == '\0' && hooks_get(config->hooks)->first_seen == NULL)
        return 0;
    if (before != NULL && before->signers != NULL
        && strcmp(signers_path(before->signers), path) == 0)
        snapshot->signers = signers_ref(before->signers);
    else
        snapshot->signers = signers_new(path, error);
    return snapshot->signers != NULL ? 0 : STIR_E_FILE;
}
