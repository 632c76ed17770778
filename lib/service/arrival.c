/* A credential whose list came through a want, or in the token itself. */
#include "service/arrival.h"

#include <stdio.h>

#include "base/budget.h"
#include "cert/chain.h"
#include "service/retrieval.h"
#include "service/status.h"

/* What there is to be said of how it came, once. 0; 1: stop; negative. */
static int judge_form(const struct credential *credential, const struct want *want,
                      struct stir_result *result, struct stir_error *error)
{
    struct stir_error finding;

    if (want == NULL) /* of what the token brought, there is nothing but its octets */
        return 0;
    error_clear(&finding);
    int rc = want_judge_form(want, credential->snapshot->policy.reject_media, &result->warnings,
                             &finding);
    if (rc == 0)
        rc = want_judge_failure(want, &finding);
    return credential_find(result, rc, &finding, error) < 0 ? rc : rc != 0;
}

/* One certificate in DER that did not come as one is no list, and nothing that is kept. */
static int judge_no_list(struct credential *credential, const struct body *body,
                         struct stir_result *result, struct stir_error *error)
{
    struct stir_chain *chain;
    int rc = chain_new(body->data, body->len, false, credential->snapshot->es256, &chain);

    if (rc < 0)
        return error_set(error, rc, "the certificates could not be read");
    rc = credential_judge_path(credential, chain, result, error);
    stir_chain_free(chain);
    return rc;
}

/* The cache learns what its body was good for; of one that is known, it has learned that. */
static void learn(const struct credential *credential, const struct want *want,
                  const struct stir_result *result)
{
    if (want == NULL || credential->key.digest == NULL
        || (want->from_memory && !credential->built))
        return;
    if (result->path.anchored && result->finding.code == 0)
        retrieval_praise(want->memory, want->kind, want->url, credential->key.digest,
                         result->path.certificates[0]->not_after);
    else if (result->finding.code != STIR_CODE_PATH_NO_ANCHOR
             && result->finding.code != STIR_CODE_STATUS_UNKNOWN)
        retrieval_doubt(want->memory, want->kind, want->url, credential->key.digest);
}

/* one certificate in DER is no list, which is what a delegate has to send (R9060-7-2). */
static int judge_single(const struct want *want, struct stir_result *result,
                        struct stir_error *error)
{
    struct stir_error finding;
    char name[CERTIFICATE_NAME_SIZE];

    if (want == NULL || !want_is_single(want) || !path_is_delegated(&result->path))
        return 0;
    error_clear(&finding);
    int rc = error_set(&finding, STIR_CODE_X5U_BODY,
                       "%s is a delegate, and came alone in DER, wanted: a list in PEM "
                       "(RFC 9060 section 7)",
                       certificate_name(name, result->path.certificates[0], 0));
    return credential_find(result, rc, &finding, error);
}

/* What needs the certificates alone. */
static int judge_path(struct arrival *arrival, struct want *want, size_t *budget,
                      struct stir_result *result, struct stir_error *error)
{
    struct credential *credential = &arrival->credential;
    struct body *list = want == NULL ? arrival->inlined : want_body(want);
    int rc = list == NULL
                 ? judge_no_list(credential, want->came.body, result, error)
                 : credential_judge_list(credential, list, want != NULL, budget, result, error);

    if (rc == BUDGET_GONE)
        return rc;
    if (rc >= 0)
        learn(credential, want, result);
    return rc == 0 ? judge_single(want, result, error) : rc;
}

/* Each of the stages: 0: the next one; BUDGET_GONE or ARRIVAL_WAITS: this one again; otherwise the
   end, as arrival_step() has it. */

static int begin(struct arrival *arrival, const struct want *want,
                 const struct want_source *lists, int64_t now, struct stir_result *result,
                 struct stir_error *error)
{
    struct credential *credential = &arrival->credential;

    credential->snapshot = lists->snapshot;
    credential->memory = lists->memory;
    credential->now = now;
    return judge_form(credential, want, result, error);
}

static int step_path(struct arrival *arrival, struct want *want,
                     const struct want_source *lists, struct stir_result *result,
                     struct stir_error *error)
{
    int rc = judge_path(arrival, want, lists->budget, result, error);

    if (rc == 0 && result->path.anchored)
        rc = lists_begin(&arrival->lists, &result->path, lists, error);
    return rc;
}

static int step_lists(struct arrival *arrival, const struct want_source *lists,
                      struct stir_result *result, struct stir_error *error)
{
    int rc = lists_advance(&arrival->lists, &result->path, lists, error);

    if (rc == 0)
        return ARRIVAL_WAITS;
    return rc == 1 ? lists_apply(&arrival->lists, result, error) : rc;
}

static int step(struct arrival *arrival, struct want *want, const struct want_source *lists,
                int64_t now, struct stir_result *result, struct stir_error *error)
{
    switch (arrival->stage) {
    case ARRIVAL_NEW:
        return begin(arrival, want, lists, now, result, error);
    case ARRIVAL_PATH:
        return step_path(arrival, want, lists, result, error);
    case ARRIVAL_LISTS:
        return step_lists(arrival, lists, result, error);
    case ARRIVAL_DELEGATION:
        return credential_judge_delegation(&arrival->credential, result, lists->budget, error);
    case ARRIVAL_JUDGED:
        break;
    }
    return 0;
}

int arrival_step(struct arrival *arrival, struct want *want, const struct want_source *lists,
                 int64_t now, struct stir_result *result, struct stir_error *error)
{
    int rc = 0;

    while (arrival->stage != ARRIVAL_JUDGED
           && (rc = step(arrival, want, lists, now, result, error)) == 0)
        arrival->stage++;
    arrival->reading = rc == BUDGET_GONE;
    return rc == BUDGET_GONE ? ARRIVAL_WAITS : rc;
}

int arrival_step_alone(struct arrival *arrival, struct want *want,
                       const struct want_source *lists, int64_t now, struct stir_result *result,
                       struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    arrival->credential.claimant.signed_at = now;
    int rc = arrival_step(arrival, want, lists, now, result, error);
    if (rc == ARRIVAL_WAITS)
        return rc;
    if (rc == 0)
        rc = credential_judge_status(&arrival->credential, result, error);
    if (rc == 0 && result->finding.code == 0)
        snprintf(result->finding.text, sizeof result->finding.text,
                 "%s has a path to a trust anchor (RFC 9060 section 6)",
                 certificate_name(name, result->path.certificates[0], 0));
    arrival_free(arrival);
    return rc < 0 ? rc : 0;
}

bool arrival_gets_on(const struct arrival *arrival, struct want *want)
{
    if (arrival->stage == ARRIVAL_NEW)
        return want == NULL || want_is_ended(want);
    return arrival->reading
           || (arrival->stage == ARRIVAL_LISTS && lists_have_come(&arrival->lists));
}

void arrival_free(struct arrival *arrival)
{
    lists_free(&arrival->lists);
    credential_free(&arrival->credential);
    body_free(arrival->inlined); /* behind the credential, whose key points into it */
    arrival->inlined = NULL;
}
