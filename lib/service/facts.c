/* What of a call its tokens are compared with: caller, called, and To. */
#include <string.h>

#include "base/text.h"
#include "service/judgement.h"

void facts_free(struct facts *facts)
{
    identity_free(&facts->caller.identity);
    identity_free(&facts->called.identity);
    identity_free(&facts->to);
}

static int canonical(struct identity *identity, const char *value, const struct policy *policy,
                     struct stir_error *problem)
{
    return identity_canonical(value, strlen(value), policy->numeric_user_is_tn,
                              policy->number_plan, identity, problem);
}

/* Fills one side. What cannot be read as an identity is not the caller's mistake: it can only
   be somebody else's than the token's. */
static int take(struct caller_facts *side, const char *header, const char *value,
                const char *key, const struct policy *policy, struct stir_error *error)
{
    side->header = header;
    if (value == NULL)
        return error_set(error, STIR_E_ARGUMENT,
                         "the call has no %s, which policy %s compares: give it, or set the "
                         "policy to off",
                         header, key);
    error_clear(&side->problem);
    int rc = canonical(&side->identity, value, policy, &side->problem);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : 0;
}

static int take_caller(struct facts *facts, const struct stir_call *call,
                       const struct policy *policy, struct stir_error *error)
{
    if (policy->orig_check == ORIG_CHECK_OFF)
        return 0;
    if (policy->orig_check == ORIG_CHECK_PAI && call->pai != NULL)
        return take(&facts->caller, "P-Asserted-Identity", call->pai, "orig_check", policy,
                    error);
    return take(&facts->caller, "From", call->from, "orig_check", policy, error);
}

static int take_called(struct facts *facts, const struct stir_call *call,
                       const struct policy *policy, struct stir_error *error)
{
    if (policy->dest_check == DEST_CHECK_OFF)
        return 0;
    if (policy->dest_check == DEST_CHECK_REQUEST_URI)
        return take(&facts->called, "Request-URI", call->request_uri, "dest_check", policy,
                    error);
    return take(&facts->called, "To", call->to, "dest_check", policy, error);
}

/* Without it no call can be told from another. */
static int check_call_id(const struct stir_call *call, const struct policy *policy,
                         struct stir_error *error)
{
    if (!policy->replay || (call->call_id != NULL && *call->call_id != '\0'))
        return 0;
    return error_set(error, STIR_E_ARGUMENT,
                     "the call has no Call-ID, by which policy replay tells calls apart: give "
                     "it, or set the policy to off");
}

int facts_of(struct facts *facts, const struct stir_call *call, const struct policy *policy,
             struct stir_error *error)
{
    int rc = check_call_id(call, policy, error);

    if (rc == 0)
        rc = take_caller(facts, call, policy, error);
    if (rc == 0)
        rc = take_called(facts, call, policy, error);
    if (rc == 0 && call->to != NULL
        && canonical(&facts->to, call->to, policy, NULL) == STIR_E_NOMEM)
        rc = error_no_memory(error);
    if (rc < 0)
        facts_free(facts);
    return rc;
}
