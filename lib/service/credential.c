/* A credential judged for a claimant. */
#include "service/credential.h"

#include "base/text.h"
#include "rules/constraints.h"

void credential_free(struct credential *credential)
{
    spc_questions_free(&credential->answers);
}

int credential_find(struct stir_result *result, int rc, const struct stir_error *finding,
                    struct stir_error *error)
{
    if (rc < 0) {
        error_copy(error, finding);
        return error_set(error, rc, "the judgement could not be made");
    }
    if (rc == 0)
        return 0;
    return result_find(result, finding) ? 1 : 0;
}

static bool has_number(const struct claimant *claimant)
{
    return claimant->text != NULL && claimant->is_tn;
}

/* An over-claim by the data of the day is a warning where policy lets the calling number decide;
   without a calling number there is nothing that could. */
static struct delegation_policy delegation_policy(const struct credential *credential)
{
    struct delegation_policy policy = credential->snapshot->policy.delegation;

    if (!has_number(&credential->claimant))
        policy.overhang = SPC_OVERHANG_CERTIFICATE;
    return policy;
}

/* What is asked of SPC data is one list for the whole path and the caller. Without data there is
   nobody to ask: all stays unknown, and the list, which may be long, need not be made. */
static int ask(struct credential *credential, const struct path *path, struct stir_error *error)
{
    const struct claimant *claimant = &credential->claimant;
    struct delegation_policy policy = delegation_policy(credential);

    if (credential->snapshot->spc == NULL)
        return 0;
    int rc = delegation_ask(path, credential->now, &credential->answers, error);

    if (rc == 0 && has_number(claimant))
        rc = authority_ask(path, claimant->text, claimant->signed_at, &policy,
                           &credential->answers, error);
    return rc < 0 ? rc : spc_ask(credential->snapshot->spc, &credential->answers, error);
}

static int judge_encompassed(struct credential *credential, struct stir_result *result,
                             struct stir_error *error)
{
    struct delegation_policy policy = delegation_policy(credential);
    struct stir_error finding;

    error_clear(&finding);
    int rc = ask(credential, &result->path, error);
    if (rc < 0)
        return rc;
    rc = delegation_check_encompassed(&result->path, credential->now, &credential->answers,
                                      &policy, &result->warnings, &finding);
    return credential_find(result, rc, &finding, error);
}

static bool type_is_attested(const struct credential *credential)
{
    return credential->claimant.type == PASSPORT_SHAKEN
           && (credential->snapshot->policy.spc_attests & ATTESTS_SHAKEN) != 0;
}

static int build(const struct credential *credential, const struct stir_chain *chain,
                 struct stir_result *result, struct stir_error *finding)
{
    const struct snapshot *snapshot = credential->snapshot;
    struct warnings warnings = {0};
    int rc = path_build(&result->path, chain, &snapshot->anchors, snapshot->policy.path_order,
                        credential->now, &warnings, finding);

    if (rc != 0)
        goto out;
    if (credential->list_digest != NULL)
        rc = path_cache_put(credential->memory->paths, credential->list_digest, snapshot->epoch,
                            credential->now, chain, &snapshot->anchors, &result->path,
                            &warnings);
    if (rc == 0)
        rc = warnings_add_all(&result->warnings, &warnings);
    if (rc < 0)
        error_no_memory(finding);
out:
    warnings_free(&warnings);
    return rc;
}

/* The rules on the path itself, in the order of their codes. */
static int judge_certificates(struct credential *credential, const struct stir_chain *chain,
                              struct stir_result *result, struct stir_error *finding)
{
    const struct policy *policy = &credential->snapshot->policy;
    struct path *path = &result->path;
    int rc = chain != NULL ? build(credential, chain, result, finding) : 0;

    if (rc == 0)
        rc =
            constraints_check_void(&path->certificates[0]->constraints,
                                   policy->reject_void_constraints, &result->warnings, finding);
    if (rc == 0)
        rc = path_check_times(path, credential->now, credential->claimant.signed_at,
                              &result->warnings, finding);
    return rc != 0 ? rc : delegation_check_lists(path, finding);
}

static int judge_profile(const struct credential *credential, struct stir_result *result,
                         struct stir_error *error)
{
    bool shaken =
        credential->claimant.text != NULL && credential->claimant.type == PASSPORT_SHAKEN;
    struct stir_error finding;

    error_clear(&finding);
    int rc = profile_check_path(&result->path, credential->snapshot->policy.profile, shaken,
                                &result->warnings, &finding);
    return credential_find(result, rc, &finding, error);
}

int credential_judge_path(struct credential *credential, const struct stir_chain *chain,
                          struct stir_result *result, struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    int rc = judge_certificates(credential, chain, result, &finding);
    if ((rc = credential_find(result, rc, &finding, error)) != 0)
        return rc;
    if (!result->path.anchored)
        return 0;
    credential->attested = authority_is_attested(&result->path, type_is_attested(credential));
    rc = judge_encompassed(credential, result, error);
    return rc != 0 ? rc : judge_profile(credential, result, error);
}

static int check_authority(const struct credential *credential, struct stir_result *result,
                           struct stir_error *finding)
{
    const struct claimant *claimant = &credential->claimant;
    struct delegation_policy policy = delegation_policy(credential);

    if (policy.require_delegate && !path_is_delegated(&result->path))
        return error_set_at(finding, STIR_CODE_NO_TN_AUTHORITY, 0,
                            "the signer is no delegate, which policy require_delegate asks for "
                            "(RFC 9060 section 4)");
    if (claimant->text == NULL)
        return 0;
    if (!claimant->is_tn)
        return authority_check_uri(&result->path, claimant->text, finding);
    return authority_check_tn(&result->path, claimant->text, claimant->signed_at,
                              credential->attested, &credential->answers, &policy,
                              &result->in_spc, finding);
}

int credential_judge_scope(struct credential *credential, struct stir_result *result,
                           struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    int rc = check_authority(credential, result, &finding);
    return credential_find(result, rc, &finding, error);
}
