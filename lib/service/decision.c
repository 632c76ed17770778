/* Which of several Identity headers decides about the call. */
#include "service/decision.h"

#include "base/code.h"

/* A header of a type that is not known is ignored (R8224-6.2-1). */
static bool counts(const struct stir_result *identity)
{
    return identity->finding.code != STIR_CODE_PPT_UNSUPPORTED;
}

static int first_with_verdict(const struct stir_result *call, enum stir_verdict verdict)
{
    for (size_t i = 0; i < call->n_identities; i++)
        if (counts(call->identities[i])
            && code_verdict(call->identities[i]->finding.code) == verdict)
            return (int)i;
    return -1;
}

static int status_of(const struct stir_result *identity)
{
    return code_find(identity->finding.code)->sip_status;
}

static int first_with_status(const struct stir_result *call, int status)
{
    for (size_t i = 0; i < call->n_identities; i++)
        if (counts(call->identities[i]) && status_of(call->identities[i]) == status)
            return (int)i;
    return -1;
}

/* R8224-6.2.2-1: 436 says that no credential at all could be had. */
static bool all_are_436(const struct stir_result *call)
{
    for (size_t i = 0; i < call->n_identities; i++)
        if (counts(call->identities[i]) && status_of(call->identities[i]) != 436)
            return false;
    return true;
}

/* Of headers that are all invalid: the first with the status that the call would get. */
static int first_invalid(const struct stir_result *call)
{
    static const int statuses[] = {437, 438, 403};

    if (all_are_436(call))
        return first_with_status(call, 436);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        int found = first_with_status(call, statuses[i]);
        if (found >= 0)
            return found;
    }
    return first_with_verdict(call, STIR_INVALID);
}

static int decide(struct stir_result *call)
{
    int found = first_with_verdict(call, STIR_VALID);

    if (found >= 0)
        return found;
    found = first_with_verdict(call, STIR_INDETERMINATE);
    if (found < 0)
        found = first_invalid(call);
    else if (status_of(call->identities[found]) == 436)
        call->status_withheld = !all_are_436(call);
    return found >= 0 ? found : 0; /* only unsupported types: the first says so */
}

void decision_make(struct stir_result *call)
{
    if (call->n_identities == 0)
        error_set(&call->finding, STIR_CODE_NO_IDENTITY,
                  "the call has no Identity header (RFC 8224 section 6.2)");
    else
        call->decided_by = decide(call);
}
