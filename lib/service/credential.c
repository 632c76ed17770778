/* A credential judged for a claimant. */
#include "service/credential.h"

#include <string.h>

#include "base/budget.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "rules/constraints.h"
#include "service/anchor_doubt.h"
#include "service/encompassed.h"

void credential_free(struct credential *credential)
{
    encompassed_work_free(credential->encompassing);
    kept_path_free(credential->kept);
    path_work_free(credential->work);
    *credential = (struct credential){0};
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

/* Of what URLs gave, each at its place; of nothing, zeros. 0 or STIR_E_INTERNAL. */
static int digest_lists(const struct path *path, uint8_t digest[DIGEST_SHA256_SIZE])
{
    uint8_t all[PATH_MOST][DIGEST_SHA256_SIZE] = {{0}};
    bool any = false;

    for (size_t i = 0; i < path->n; i++) {
        any = any || path->certificates[i]->fetched != NULL;
        memcpy(all[i], path->certificates[i]->fetched_sha256, sizeof all[i]);
    }
    return any ? digest_sha256(all, sizeof all, digest) : 0;
}

static int encompassed_key(const struct credential *credential, const struct path *path,
                           struct encompassed_key *key)
{
    const struct snapshot *snapshot = credential->snapshot;

    *key = (struct encompassed_key){.overhang = delegation_policy(credential).overhang,
                                    .now = credential->now,
                                    .clock = credential->key.clock,
                                    .freshness = snapshot->policy.freshness.window,
                                    .max_age = snapshot->policy.spc_db_max_age,
                                    .source = snapshot->spc};
    return digest_lists(path, key->lists);
}

/* What must be known of the caller's number. Without data there is nobody to ask. 0: that is all;
   BUDGET_GONE. */
static int ask_authority(const struct credential *credential, const struct path *path,
                         struct spc_questions *questions, struct stir_error *error)
{
    const struct claimant *claimant = &credential->claimant;
    struct delegation_policy policy = delegation_policy(credential);

    if (!has_number(claimant) || credential->snapshot->spc == NULL)
        return 0;
    return authority_ask(&credential->caller, path, claimant->text, claimant->signed_at,
                         &policy, questions, error);
}

static int judge_authority(struct credential *credential, const struct path *path,
                           const struct spc_questions *answers, size_t *budget)
{
    const struct claimant *claimant = &credential->claimant;
    struct delegation_policy policy = delegation_policy(credential);

    if (!has_number(claimant) || credential->snapshot->spc == NULL)
        return 0;
    return authority_judge(&credential->caller, path, claimant->text, claimant->signed_at,
                           &policy, answers, budget);
}

/* What is older than policy has it is not said. */
static int put_questions(struct credential *credential, struct spc_questions *questions,
                         struct stir_error *error)
{
    const struct snapshot *snapshot = credential->snapshot;
    int rc = spc_ask(snapshot->spc, questions, error);

    if (rc == 0)
        spc_forget_old(questions, credential->now, snapshot->policy.spc_db_max_age,
                       &credential->oldest);
    return rc;
}

static int warn_old(const struct credential *credential, struct warnings *warnings,
                    struct stir_error *error)
{
    return spc_warn_old(&credential->oldest, credential->now,
                        credential->snapshot->policy.spc_db_max_age, warnings, error);
}

/* What was said of a portion, whose first n questions are the path's. */
static int judge_answers(struct credential *credential, const struct path *path,
                         const struct encompassed_key *key, const struct spc_questions *answers,
                         size_t n, bool with_caller, size_t *budget, struct stir_error *error)
{
    struct encompassed_work *work = credential->encompassing;
    int rc = encompassed_note(work, key, answers, n);

    if (rc < 0)
        return error_no_memory(error);
    if (rc == BUDGET_GONE) { /* from the beginning */
        credential->oldest = (struct spc_oldest){0};
        budget_spend(budget, BUDGET_STEP / 2);
        return rc;
    }
    rc = delegation_walk_judge(&work->walk, path, work->now, answers, budget, error);
    return rc == 0 && with_caller ? judge_authority(credential, path, answers, budget) : rc;
}

/* A portion, the last one with the caller's number: most paths come to one list of questions. 0:
   it was the last; BUDGET_GONE. */
static int judge_portion(struct credential *credential, const struct path *path,
                         const struct encompassed_key *key, size_t *budget,
                         struct stir_error *error)
{
    struct encompassed_work *work = credential->encompassing;
    struct spc_questions questions = {0};
    int rc = delegation_walk_ask(&work->walk, path, work->now, &questions, error);
    const size_t n = questions.n;
    const bool last = rc == 0;

    if (last)
        rc = ask_authority(credential, path, &questions, error);
    if (rc >= 0)
        rc = put_questions(credential, &questions, error);
    if (rc >= 0)
        rc = judge_answers(credential, path, key, &questions, n, last, budget, error);
    spc_questions_free(&questions);
    return rc;
}

/* By the rule, and kept. */
static int settle(struct credential *credential, const struct encompassed_key *key,
                  struct stir_result *result, struct stir_error *finding)
{
    struct delegation_policy policy = delegation_policy(credential);
    struct encompassed_work *work = credential->encompassing;
    struct warnings found = {0};
    int rc = warn_old(credential, &result->warnings, finding);

    credential->caller.full = credential->caller.full || work->walk.full;
    if (rc == 0)
        rc = delegation_walk_settle(&work->walk, &result->path, &policy, &found, finding);
    if (rc >= 0
        && (encompassed_put(credential->kept, key, work, &found, finding) < 0
            || warnings_add_all(&result->warnings, &found) < 0))
        rc = error_no_memory(finding);
    warnings_free(&found);
    return rc;
}

/* As many portions as the budget has. */
static int judge_portions(struct credential *credential, const struct encompassed_key *key,
                          struct stir_result *result, size_t *budget,
                          struct stir_error *finding)
{
    int rc;

    if (credential->encompassing != NULL)
        encompassed_go_on(credential->encompassing, key);
    else
        credential->encompassing = encompassed_begin(credential->kept, key);
    if (credential->encompassing == NULL)
        return error_no_memory(finding);
    do
        rc = judge_portion(credential, &result->path, key, budget, finding);
    while (rc == BUDGET_GONE && *budget > 0);
    if (rc == BUDGET_GONE) {
        if (credential->kept != NULL
            && encompassed_lay(credential->kept, credential->encompassing))
            credential->encompassing = NULL;
        return rc;
    }
    if (rc == 0)
        rc = settle(credential, key, result, finding);
    encompassed_work_free(credential->encompassing);
    credential->encompassing = NULL;
    return rc;
}

/* The caller's number alone, where the lists are known. */
static int judge_caller(struct credential *credential, const struct path *path, size_t *budget,
                        struct stir_error *error)
{
    int rc;

    do {
        struct spc_questions questions = {0};
        rc = ask_authority(credential, path, &questions, error);
        if (rc >= 0)
            rc = put_questions(credential, &questions, error);
        if (rc >= 0)
            rc = judge_authority(credential, path, &questions, budget);
        spc_questions_free(&questions);
    } while (rc == BUDGET_GONE && *budget > 0);
    return rc;
}

/* What was found before, and what of the caller's number is not known yet. */
static int recall(struct credential *credential, const struct warnings *known,
                  struct stir_result *result, size_t *budget, struct stir_error *finding)
{
    struct stir_error error;
    int rc;

    error_clear(&error);
    rc = judge_caller(credential, &result->path, budget, &error);
    if (rc == 0 && warnings_add_all(&result->warnings, known) < 0)
        rc = error_no_memory(&error);
    if (rc == 0)
        rc = warn_old(credential, &result->warnings, &error);
    if (rc < 0)
        error_copy(finding, &error);
    return rc == 0 ? finding->code : rc;
}

static int judge_encompassed(struct credential *credential, struct stir_result *result,
                             size_t *budget, struct stir_error *error)
{
    struct encompassed_key key;
    struct warnings known = {0};
    struct stir_error finding;
    int rc = 0;

    error_clear(&finding);
    if (encompassed_key(credential, &result->path, &key) < 0)
        return error_set(error, STIR_E_INTERNAL, "the path's lists could not be hashed");
    if (credential->kept != NULL)
        rc = encompassed_find(credential->kept, &key, &known, &finding);
    if (rc < 0)
        rc = error_no_memory(&finding);
    else if (rc == 0)
        rc = judge_portions(credential, &key, result, budget, &finding);
    else
        rc = recall(credential, &known, result, budget, &finding);
    warnings_free(&known);
    return rc == BUDGET_GONE ? rc : credential_find(result, rc, &finding, error);
}

static bool type_is_attested(const struct credential *credential)
{
    return credential->claimant.type == PASSPORT_SHAKEN
           && (credential->snapshot->policy.spc_attests & ATTESTS_SHAKEN) != 0;
}

/* ---- The path ---------------------------------------------------------------------------- */

static struct path_terms terms_of(const struct credential *credential)
{
    const struct snapshot *snapshot = credential->snapshot;

    return (struct path_terms){&snapshot->in_force.anchors, snapshot->policy.path_order,
                               credential->now, snapshot->es256};
}

/* Keeps what the list came to. rc is path_build()'s. */
static int keep(struct credential *credential, int rc, const struct path *path,
                const struct warnings *warnings, struct stir_error *finding)
{
    static const struct warnings none;

    if (rc < 0)
        return rc;
    credential->built = true;
    if (path_cache_put(credential->memory->paths, &credential->key, credential->work->chain,
                       &credential->snapshot->in_force.anchors, path,
                       rc == 0 ? warnings : &none, rc == 0 ? NULL : finding, &credential->kept)
        < 0)
        return error_no_memory(finding);
    return rc;
}

/* A step of it, in the caller's turn. */
static int go_on(struct credential *credential, struct body *list, size_t *budget,
                 struct stir_result *result, struct stir_error *finding)
{
    const struct path_terms terms = terms_of(credential);
    struct warnings warnings = {0};

    path_cache_take_up(credential->memory->paths, &credential->key, &credential->work);
    if (credential->work == NULL)
        credential->work = path_work_new(list, credential->snapshot->epoch);
    if (credential->work == NULL)
        return error_no_memory(finding);
    int rc =
        path_work_step(credential->work, &terms, budget, &result->path, &warnings, finding);
    if (rc != BUDGET_GONE)
        rc = keep(credential, rc, &result->path, &warnings, finding);
    if (rc == 0 && warnings_add_all(&result->warnings, &warnings) < 0)
        rc = error_no_memory(finding);
    warnings_free(&warnings);
    return rc;
}

static void forget_work(struct credential *credential)
{
    path_work_free(credential->work);
    credential->work = NULL;
}

/* What was kept, as if it had been built. */
static int repeat(const struct kept_path *kept, struct stir_result *result,
                  struct stir_error *finding)
{
    path_copy(&result->path, &kept->path);
    if (warnings_add_all(&result->warnings, &kept->warnings) < 0)
        return error_no_memory(finding);
    return kept->finding.code == 0 ? 0 : error_copy(finding, &kept->finding);
}

/* Where a trusted list is missing, that is kept, and the path judged by what else it shows. */
static int doubt_anchor(const struct credential *credential, struct stir_result *result,
                        struct stir_error *finding)
{
    int code = anchor_doubt(credential->snapshot, credential->memory, credential->now, finding);

    if (code != STIR_CODE_STATUS_UNKNOWN)
        return code;
    result_find(result, finding);
    error_clear(finding);
    return 0;
}

static int recall_or_go_on(struct credential *credential, struct body *list, size_t *budget,
                           struct stir_result *result, struct stir_error *finding)
{
    struct path_cache *paths = credential->memory->paths;
    struct turn turn = {0};
    int rc = path_cache_find(paths, &credential->key, *budget == 0 ? NULL : &turn,
                             &credential->kept);

    if (rc == BUDGET_GONE)
        return rc;
    rc = rc == 1 ? repeat(credential->kept, result, finding)
                 : go_on(credential, list, budget, result, finding);
    path_cache_leave(paths, &turn, rc == BUDGET_GONE ? credential->work : NULL);
    if (rc != BUDGET_GONE)
        forget_work(credential);
    return rc;
}

/* The other rules on the path itself, in the order of their codes. rc: what building it came to. */
static int judge_certificates(struct credential *credential, int rc, struct stir_result *result,
                              struct stir_error *finding)
{
    const struct policy *policy = &credential->snapshot->policy;
    struct path *path = &result->path;

    if (rc == STIR_CODE_PATH_NO_ANCHOR)
        rc = doubt_anchor(credential, result, finding);
    if (rc == 0)
        rc =
            constraints_check_void(&path->certificates[0]->constraints,
                                   policy->reject_void_constraints, &result->warnings, finding);
    if (rc == 0)
        rc = path_check_times(path, credential->now, credential->claimant.signed_at,
                              &result->warnings, finding);
    path->reference_only = policy->reference_only;
    return rc != 0 ? rc : delegation_check_gaps(path, finding);
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

int credential_judge_list(struct credential *credential, struct body *list, bool shared,
                          size_t *budget, struct stir_result *result, struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    credential->key =
        (struct path_key){list->sha256, shared ? list : NULL, credential->snapshot->epoch,
                          credential->now, memory_now(credential->memory)};
    int rc = recall_or_go_on(credential, list, budget, result, &finding);
    if (rc == BUDGET_GONE)
        return rc;
    rc = judge_certificates(credential, rc, result, &finding);
    return credential_find(result, rc, &finding, error);
}

int credential_judge_path(struct credential *credential, const struct stir_chain *chain,
                          struct stir_result *result, struct stir_error *error)
{
    const struct path_terms terms = terms_of(credential);
    struct stir_error finding;

    error_clear(&finding);
    int rc = path_build(&result->path, chain, terms.anchors, terms.order, terms.now,
                        &result->warnings, &finding);
    rc = judge_certificates(credential, rc, result, &finding);
    return credential_find(result, rc, &finding, error);
}

int credential_judge_delegation(struct credential *credential, struct stir_result *result,
                                size_t *budget, struct stir_error *error)
{
    if (!result->path.anchored)
        return 0;
    credential->attested = authority_is_attested(&result->path, type_is_attested(credential));
    int rc = judge_encompassed(credential, result, budget, error);
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
    return authority_check_tn(&result->path, claimant->text, credential->attested,
                              &credential->caller, &policy, &result->in_spc, finding);
}

int credential_judge_scope(struct credential *credential, struct stir_result *result,
                           struct stir_error *error)
{
    struct stir_error finding;

    /* Its lists by reference were not asked for, and nobody vouches for the others. */
    if (!result->path.anchored)
        return 0;
    error_clear(&finding);
    int rc = check_authority(credential, result, &finding);
    return credential_find(result, rc, &finding, error);
}
