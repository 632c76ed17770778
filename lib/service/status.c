/* The stage status: is the credential still good, whatever its path says? */
#include "service/status.h"

#include "rules/revocation.h"

/* ---- The operator's decisions -------------------------------------------------------------- */

static int denied(const struct stir_certificate *signer, const char *by,
                  struct stir_error *finding)
{
    char name[CERTIFICATE_NAME_SIZE];

    return error_set_at(finding, STIR_CODE_SIGNER_DENIED, 0, "%s is denied by %s",
                        certificate_name(name, signer, 0), by);
}

static int held(const struct stir_certificate *signer, const char *by,
                struct stir_error *finding)
{
    char name[CERTIFICATE_NAME_SIZE];

    return error_set_at(finding, STIR_CODE_SIGNER_HELD, 0,
                        "%s is held by %s until it is decided",
                        certificate_name(name, signer, 0), by);
}

/* What key decisions says of whom no line of it names. */
static int judge_others(const struct snapshot *snapshot, const struct stir_certificate *signer,
                        struct stir_error *finding)
{
    static const char by[] = "the operator, as all whom no line of key decisions names";

    switch (snapshot->decisions.others) {
    case DECISION_DENY:
        return denied(signer, by, finding);
    case DECISION_HOLD:
        return held(signer, by, finding);
    case DECISION_NONE:
    case DECISION_ALLOW:
        break;
    }
    return 0;
}

static enum signer_state ask_hook(const struct stir_hooks *hooks,
                                  const struct stir_certificate *signer)
{
    switch (hooks->first_seen(hooks->arg, signer)) {
    case STIR_ACCEPT:
        return SIGNER_ACCEPTED;
    case STIR_REFUSE:
        return SIGNER_REFUSED;
    case STIR_HOLD:
        break;
    }
    return SIGNER_HELD;
}

/* What was decided of a signer that no line names, asking the hook where it has not said yes or
   no. Of a precheck, which is of the caller's own credential, nobody is asked. */
static enum signer_state state_of(const struct credential *credential,
                                  const struct stir_certificate *signer)
{
    const struct snapshot *snapshot = credential->snapshot;
    const struct stir_hooks *hooks = hooks_get(snapshot->hooks);
    enum signer_state state = SIGNER_UNDECIDED;

    if (snapshot->signers != NULL)
        signers_find(snapshot->signers, signer, &state);
    if (state < SIGNER_ACCEPTED && hooks->first_seen != NULL && credential->memory != NULL)
        state = ask_hook(hooks, signer);
    return state;
}

static int note(const struct credential *credential, const struct stir_certificate *signer,
                enum signer_state state, struct stir_error *finding)
{
    struct signers *signers = credential->snapshot->signers;

    if (signers == NULL || credential->memory == NULL)
        return 0;
    int rc = signers_note(signers, signer, state, memory_now(credential->memory));
    return rc < 0 ? error_no_memory(finding) : 0;
}

static int judge_unnamed(const struct credential *credential,
                         const struct stir_certificate *signer, struct stir_error *finding)
{
    enum signer_state state = state_of(credential, signer);
    int rc = note(credential, signer, state, finding);

    if (rc < 0)
        return rc;
    switch (state) {
    case SIGNER_REFUSED:
        return denied(signer, "hook first_seen", finding);
    case SIGNER_HELD:
        return held(signer, "hook first_seen", finding);
    case SIGNER_ACCEPTED:
        return 0;
    case SIGNER_UNDECIDED:
        break;
    }
    return judge_others(credential->snapshot, signer, finding);
}

/* Deny beats allow beats what the hook said beats what is said of others. */
static int judge_decisions(const struct credential *credential, struct stir_result *result,
                           struct stir_error *error)
{
    const struct stir_certificate *signer = result->path.certificates[0];
    struct stir_error finding;
    int rc = 0;

    error_clear(&finding);
    switch (decisions_of_path(&credential->snapshot->decisions, &result->path, &finding)) {
    case DECISION_DENY:
        rc = STIR_CODE_SIGNER_DENIED;
        break;
    case DECISION_ALLOW:
        rc = note(credential, signer, SIGNER_UNDECIDED, &finding);
        break;
    case DECISION_NONE:
    case DECISION_HOLD:
        rc = judge_unnamed(credential, signer, &finding);
        break;
    }
    return credential_find(result, rc, &finding, error);
}

/* ---- Revocation ---------------------------------------------------------------------------- */

static int judge_revocation(const struct credential *credential, struct stir_result *result,
                            struct stir_error *error)
{
    const struct snapshot *snapshot = credential->snapshot;
    struct stir_error finding;

    error_clear(&finding);
    int rc = revocation_check(&result->path, &snapshot->in_force.crls, snapshot->policy.status,
                              credential->now, &finding);
    return credential_find(result, rc, &finding, error);
}

int credential_judge_status(const struct credential *credential, struct stir_result *result,
                            struct stir_error *error)
{
    if (!result->path.anchored)
        return 0;
    int rc = judge_decisions(credential, result, error);
    return rc != 0 ? rc : judge_revocation(credential, result, error);
}
