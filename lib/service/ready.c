/* Does everything stand ready that calls cannot be judged without? */
#include "service/verifier.h"

static int not_ready(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_E_NOT_READY, "%s", what);
}

static bool has_current_list(const struct crl_view *view, int64_t clock)
{
    for (size_t i = 0; view != NULL && i < view->set.n; i++) {
        const struct crl *crl = view->set.lists[i];
        if (crl->fault.code == 0 && clock <= crl->next_update)
            return true;
    }
    return false;
}

static int check_lists(const struct snapshot *snapshot, struct memory *memory,
                       struct stir_error *error)
{
    if (snapshot->policy.status != STATUS_REQUIRE)
        return 0;
    int rc = crl_feeds_ready(&memory->crls, &snapshot->crls, error);
    struct crl_view *view = crl_force_get(&snapshot->force);
    if (rc == 0 && !has_current_list(view, memory_now(memory)))
        rc = not_ready(error, "policy status is require, and there is no revocation list that "
                              "is current: every call is status-unknown");
    crl_view_free(view);
    return rc;
}

static int check(const struct snapshot *snapshot, struct memory *memory,
                 struct stir_error *error)
{
    struct stir_error trust;

    if (snapshot->anchors.n == 0)
        return not_ready(error, "there is no trust anchor: every call is path-no-anchor");
    int rc = check_lists(snapshot, memory, error);
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
