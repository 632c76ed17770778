/* Does everything stand ready that calls cannot be judged without? */
#include "service/anchor_doubt.h"
#include "service/verifier.h"

static int not_ready(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_E_NOT_READY, "%s", what);
}

static bool has_current_list(const struct crl_set *set, int64_t clock)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct crl *crl = set->lists[i];
        if (crl->fault.code == 0 && clock <= crl->next_update)
            return true;
    }
    return false;
}

static int check_crls(const struct snapshot *snapshot, struct memory *memory,
                      struct stir_error *error)
{
    if (snapshot->policy.status != STATUS_REQUIRE)
        return 0;
    int rc = feeds_ready(&memory->feeds, &snapshot->urls, FETCH_CRL, error);
    if (rc == 0 && !has_current_list(&snapshot->in_force.crls, memory_now(memory)))
        rc = not_ready(error, "policy status is require, and there is no revocation list that "
                              "is current: every call is status-unknown");
    return rc;
}

static int check_trust(const struct snapshot *snapshot, struct memory *memory,
                       struct stir_error *error)
{
    int rc = anchor_doubt_ready(snapshot, memory, memory_now(memory), error);

    if (rc == 0 && snapshot->in_force.anchors.n == 0)
        rc = not_ready(error, "there is no trust anchor: every call is path-no-anchor");
    return rc;
}

static int check(const struct snapshot *snapshot, struct memory *memory,
                 struct stir_error *error)
{
    struct stir_error trust;

    int rc = check_trust(snapshot, memory, error);
    if (rc == 0)
        rc = check_crls(snapshot, memory, error);
    if (rc < 0)
        return rc;
    error_clear(&trust);
    if (snapshot->policy.fetch == FETCH_BY_LIBRARY
        && fetch_policy_prepare(snapshot->fetch, &trust) < 0)
        return trust.code == STIR_E_NOMEM ? error_no_memory(error)
                                          : not_ready(error, trust.text);
    return 0;
}

int stir_verifier_ready(const struct stir_verifier *verifier, struct stir_error *error)
{
    error_clear(error);
    struct snapshot *snapshot = verifier_snapshot(verifier, error);
    if (snapshot == NULL)
        return verifier_check(verifier, NULL);
    int rc = check(snapshot, verifier->memory, error);
    snapshot_free(snapshot);
    return rc;
}
