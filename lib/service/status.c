/* The stage status: is the credential still good, whatever its path says? */
#include "service/status.h"

#include "rules/revocation.h"

static int judge_revocation(const struct credential *credential, struct stir_result *result,
                            struct stir_error *error)
{
    const struct snapshot *snapshot = credential->snapshot;
    struct stir_error finding;

    error_clear(&finding);
    int rc = revocation_check(&result->path, &snapshot->crls, snapshot->policy.status,
                              credential->now, &finding);
    return credential_find(result, rc, &finding, error);
}

int credential_judge_status(const struct credential *credential, struct stir_result *result,
                            struct stir_error *error)
{
    if (!result->path.anchored)
        return 0;
    return judge_revocation(credential, result, error);
}
