/* struct stir_signer: one credential, prechecked and then signed with (RFC 8224 section 6.1, RFC
   9060 section 5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "rules/constraints.h"
#include "rules/profile_token.h"
#include "service/credential.h"
#include "service/lists.h"
#include "service/passports.h"
#include "service/status.h"
#include "service/verifier.h"
#include "sip/identity_header.h"
#include "token/jws.h"

struct stir_signer {
    pid_t process;
    const struct stir_verifier *verifier; /* NULL: default policy, no anchors */
    struct stir_chain *chain;             /* NULL: the caller vouches for the certificate */
    struct stir_key *key;
    char *x5u;
};

static struct stir_chain *share_chain(const struct stir_chain *chain)
{
    struct stir_chain *copy = malloc(sizeof *copy);

    if (copy == NULL)
        return NULL;
    *copy = *chain;
    for (size_t i = 0; i < copy->n; i++)
        certificate_ref(copy->certificates[i]);
    return copy;
}

/* Takes nothing on failure but what signer_free() frees. */
static int fill(struct stir_signer *signer, const struct stir_chain *chain,
                const struct stir_key *key, const char *x5u)
{
    if (chain != NULL && (signer->chain = share_chain(chain)) == NULL)
        return STIR_E_NOMEM;
    if (key != NULL)
        signer->key = key_ref(key);
    if (x5u != NULL && (signer->x5u = text_copy(x5u, strlen(x5u))) == NULL)
        return STIR_E_NOMEM;
    return 0;
}

struct stir_signer *stir_signer_new(struct stir_verifier *verifier,
                                    const struct stir_chain *chain, const struct stir_key *key,
                                    const char *x5u, struct stir_error *error)
{
    error_clear(error);
    if (chain == NULL && key == NULL) {
        error_null(error, "chain and key: one of them");
        return NULL;
    }
    struct stir_signer *signer = calloc(1, sizeof *signer);
    if (signer == NULL || fill(signer, chain, key, x5u) < 0) {
        stir_signer_free(signer);
        error_no_memory(error);
        return NULL;
    }
    signer->process = getpid();
    signer->verifier = verifier;
    return signer;
}

void stir_signer_free(struct stir_signer *signer)
{
    if (signer == NULL)
        return;
    stir_chain_free(signer->chain);
    stir_key_free(signer->key);
    free(signer->x5u);
    free(signer);
}

static int check(const struct stir_signer *signer, struct stir_error *error)
{
    if (signer == NULL)
        return error_null(error, "signer");
    if (signer->process != getpid())
        return error_set(error, STIR_E_FORKED, "the signer was made before fork()");
    return 0;
}

static struct snapshot *snapshot_for(const struct stir_signer *signer, struct stir_error *error)
{
    struct snapshot *snapshot;

    if (signer->verifier != NULL)
        return verifier_snapshot(signer->verifier, error);
    if ((snapshot = snapshot_default()) == NULL)
        error_no_memory(error);
    return snapshot;
}

/* ---- The token as it will be --------------------------------------------------------------- */

/* A token to be signed: its texts, and the same read back by the rules a verifier has. */
struct draft {
    char *header, *payload, *signing_input;
    struct jws jws;
    struct passport passport;
    bool complete; /* has dest: a token, not only a question about a number */
};

static void draft_free(struct draft *draft)
{
    free(draft->header);
    free(draft->payload);
    free(draft->signing_input);
    jws_free(&draft->jws);
    passport_free(&draft->passport);
}

static int draft_make(struct draft *draft, const struct stir_passport *passport,
                      const char *x5u, int64_t now, struct stir_error *error)
{
    int rc = passports_payload(passport, &now, &draft->payload, error);

    if (rc < 0)
        return rc;
    draft->header = passport_header_text(passports_ppt(passport), x5u);
    if (draft->header == NULL)
        return error_no_memory(error);
    draft->signing_input = jws_signing_input(draft->header, draft->payload);
    if (draft->signing_input == NULL
        || jws_rebuild(&draft->jws, draft->header, draft->payload) < 0)
        return error_no_memory(error);
    draft->complete = passports_has_dest(passport);
    return 0;
}

/* The rules on the token alone, as its verifier will apply them. */
static int draft_judge(struct draft *draft, const struct policy *policy,
                       struct stir_error *finding)
{
    struct passport *passport = &draft->passport;
    int rc = passport_parse_header(&draft->jws, passport, finding);

    if (rc == 0)
        rc = passport_check_ppt(passport, finding);
    if (rc == 0)
        rc = passport_parse_payload(&draft->jws, passport, finding);
    if (rc == 0)
        rc = passport_check_claims(passport, policy->any_origid, finding);
    const struct profile_token token = {false, passport->type, passport->header,
                                        passport->payload};
    return rc != 0 ? rc : profile_judge_token(&token, policy->profile, NULL, finding);
}

/* ---- Precheck ------------------------------------------------------------------------------ */

/* The key that would sign must be the certificate's. What the certificate is otherwise is for the
   path to say. */
static int judge_key(const struct stir_signer *signer, struct stir_result *result,
                     struct stir_error *error)
{
    struct stir_error finding;
    char name[CERTIFICATE_NAME_SIZE];

    if (signer->key == NULL || signer->chain->n == 0)
        return 0;
    const struct stir_certificate *certificate = signer->chain->certificates[0];
    struct der spki;
    spki.data = key_spki(signer->key, &spki.len);
    if (certificate->fault.code != 0 || der_equal(spki, certificate->spki))
        return 0;
    error_clear(&finding);
    int rc = error_set_at(&finding, STIR_CODE_SIGNER_KEY, 0,
                          "%s is not for the key that would sign (RFC 8224 section 6.1)",
                          certificate_name(name, certificate, 0));
    return credential_find(result, rc, &finding, error);
}

static int judge_path(const struct stir_signer *signer, struct credential *credential,
                      struct stir_result *result, struct stir_error *error)
{
    const struct stir_chain *chain = signer->chain;
    int rc = credential_find(result, chain->fault.code, &chain->fault, error);

    if (rc == 0)
        rc = judge_key(signer, result, error);
    if (rc == 0)
        rc = credential_judge_path(credential, chain, result, error);
    if (rc == 0 && result->path.anchored)
        rc = lists_from_memory(signer->verifier != NULL ? signer->verifier->memory : NULL,
                               credential->snapshot, result, error);
    size_t all = SIZE_MAX;
    return rc != 0 ? rc : credential_judge_delegation(credential, result, &all, error);
}

/* Claims that the certificate constrains; of a mere question about a number there are none. */
static int judge_claims(const struct draft *draft, struct stir_result *result,
                        struct stir_error *error)
{
    struct stir_error finding;

    if (draft == NULL || !draft->complete)
        return 0;
    error_clear(&finding);
    int rc = constraints_check(&result->path.certificates[0]->constraints, &draft->passport,
                               &finding);
    return credential_find(result, rc, &finding, error);
}

static void say_valid(struct stir_result *result, const struct credential *credential)
{
    char name[CERTIFICATE_NAME_SIZE], orig[SHOWN_SIZE];
    const char *who = credential->claimant.text;

    if (result->finding.code != 0)
        return;
    certificate_name(name, result->path.certificates[0], 0);
    if (who == NULL)
        snprintf(result->finding.text, sizeof result->finding.text,
                 "%s has a path to a trust anchor (RFC 9060 section 6)", name);
    else
        snprintf(result->finding.text, sizeof result->finding.text,
                 credential->attested ? "%s may attest %s as the provider's own word "
                                        "(RFC 8588 section 4)"
                                      : "%s has authority over %s (RFC 8226 section 9)",
                 name, shown(orig, who, strlen(who)));
}

/* Whose authority is asked for, and when the token says that it was made. */
static struct claimant claimant_of(const struct stir_passport *passport, int64_t now)
{
    struct claimant claimant = {.signed_at = now};
    struct passport_identity orig;

    if (passport == NULL)
        return claimant;
    if (strcmp(passports_ppt(passport), "shaken") == 0)
        claimant.type = PASSPORT_SHAKEN;
    passports_iat(passport, &claimant.signed_at);
    if (passports_orig(passport, &orig)) {
        claimant.is_tn = orig.is_tn;
        claimant.text = orig.text;
    }
    return claimant;
}

static int judge(const struct stir_signer *signer, const struct stir_passport *passport,
                 const struct draft *draft, const struct snapshot *snapshot, int64_t now,
                 struct stir_result *result, struct stir_error *error)
{
    struct credential credential = {.snapshot = snapshot, .now = now};

    credential.claimant = claimant_of(passport, now);
    int rc = judge_path(signer, &credential, result, error);
    if (rc == 0)
        rc = credential_judge_status(&credential, result, error);
    if (rc == 0)
        rc = credential_judge_scope(&credential, result, error);
    if (rc == 0)
        rc = judge_claims(draft, result, error);
    say_valid(result, &credential);
    credential_free(&credential);
    return rc;
}

/* What is wrong with the token itself; of a question about a number, nothing. */
static int judge_draft(struct draft *draft, const struct policy *policy, int64_t now,
                       struct stir_result *result, struct stir_error *error)
{
    struct stir_error finding;

    if (!draft->complete)
        return 0;
    error_clear(&finding);
    int rc = draft_judge(draft, policy, &finding);
    if (rc == 0)
        rc = freshness_check_unsent(&draft->passport, now, &policy->freshness, &finding);
    return credential_find(result, rc, &finding, error);
}

static struct stir_result *precheck(const struct stir_signer *signer,
                                    const struct stir_passport *passport,
                                    const struct snapshot *snapshot, int64_t now,
                                    struct stir_error *error)
{
    struct stir_result *result = result_new(&snapshot->policy);
    struct draft draft = {0};
    int rc = 0;

    if (result == NULL) {
        error_no_memory(error);
        return NULL;
    }
    result->is_precheck = true;
    if (passport != NULL)
        rc = draft_make(&draft, passport, signer->x5u, now, error);
    if (rc == 0 && passport != NULL)
        rc = judge_draft(&draft, &snapshot->policy, now, result, error);
    if (rc == 0)
        rc = judge(signer, passport, passport == NULL ? NULL : &draft, snapshot, now, result,
                   error);
    draft_free(&draft);
    if (rc < 0) {
        result_free(result);
        return NULL;
    }
    return result;
}

struct stir_result *stir_signer_precheck(const struct stir_signer *signer,
                                         const struct stir_passport *passport, int64_t now,
                                         int timeout_ms, struct stir_error *error)
{
    struct stir_result *result = NULL;

    (void)timeout_ms; /* nothing here takes longer than judging does */
    error_clear(error);
    if (check(signer, error) < 0)
        return NULL;
    if (signer->chain == NULL) {
        error_set(error, STIR_E_ARGUMENT, "the signer has no certificates to be prechecked");
        return NULL;
    }
    struct snapshot *snapshot = snapshot_for(signer, error);
    if (snapshot == NULL)
        return NULL;
    result = precheck(signer, passport, snapshot, now, error);
    snapshot_free(snapshot);
    return result;
}

/* ---- Sign ---------------------------------------------------------------------------------- */

static int refuse(const struct stir_error *finding, struct stir_error *error)
{
    error_copy(error, finding);
    return STIR_E_REFUSED;
}

/* R9060-5-1: an authentication service does not use a credential that its verifiers would
   refuse. */
static int check_credential(const struct stir_signer *signer,
                            const struct stir_passport *passport,
                            const struct snapshot *snapshot, int64_t now,
                            struct stir_error *error)
{
    if (signer->chain == NULL)
        return 0;
    struct stir_result *result = precheck(signer, passport, snapshot, now, error);
    if (result == NULL)
        return STIR_E_NOMEM;
    int rc = 0;
    if (stir_result_verdict(result) != STIR_VALID)
        rc = refuse(&result->finding, error);
    result_free(result);
    return rc;
}

/* R8225-8.1-2, R8224-9-1: what a verifier cannot rebuild from the call has no compact form. */
static int check_compact(const struct draft *draft, struct stir_error *error)
{
    static const char *const rebuilt[] = {"dest", "iat", "mky", "orig"};
    const struct value *payload = draft->passport.payload, *member;
    char shown_name[SHOWN_SIZE];

    if (draft->passport.type != PASSPORT_BASE)
        return error_set(error, STIR_CODE_COMPACT_NOT_ALLOWED,
                         "ppt %s has no compact form (RFC 8588 section 3)",
                         draft->passport.ppt);
    for (size_t i = 0; i < value_size(payload); i++) {
        const char *name = value_name(payload, i, &member);
        size_t j = 0;
        while (j < 4 && strcmp(name, rebuilt[j]) != 0)
            j++;
        if (j == 4)
            return error_set(error, STIR_CODE_COMPACT_NOT_REBUILDABLE,
                             "claim %s cannot be rebuilt from a call (RFC 8224 section 9)",
                             shown(shown_name, name, strlen(name)));
    }
    return 0;
}

static int check_draft(struct draft *draft, const struct policy *policy, int flags,
                       struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    int rc = draft_judge(draft, policy, &finding);
    if (rc == 0 && (flags & STIR_COMPACT) != 0)
        rc = check_compact(draft, &finding);
    if (rc <= 0)
        return rc < 0 ? error_copy(error, &finding) : 0;
    return refuse(&finding, error);
}

static char *write_identity(const struct stir_signer *signer, const struct draft *draft,
                            int flags, struct stir_error *error)
{
    uint8_t signature[ES256_SIGNATURE_SIZE];
    char *identity = NULL;

    if (key_sign(signer->key, draft->signing_input, strlen(draft->signing_input), signature,
                 error)
        < 0)
        return NULL;
    char *token = jws_write(draft->signing_input, signature, (flags & STIR_COMPACT) != 0);
    if (token != NULL)
        identity = identity_header_write(token, signer->x5u, draft->passport.ppt);
    free(token);
    if (identity == NULL)
        error_no_memory(error);
    return identity;
}

static char *sign(const struct stir_signer *signer, const struct stir_passport *passport,
                  const struct snapshot *snapshot, int64_t now, int flags,
                  struct stir_error *error)
{
    struct draft draft = {0};
    char *identity = NULL;

    if (draft_make(&draft, passport, signer->x5u, now, error) == 0
        && check_draft(&draft, &snapshot->policy, flags, error) == 0
        && check_credential(signer, passport, snapshot, now, error) == 0)
        identity = write_identity(signer, &draft, flags, error);
    draft_free(&draft);
    return identity;
}

char *stir_signer_sign(const struct stir_signer *signer, const struct stir_passport *passport,
                       int64_t now, int flags, struct stir_error *error)
{
    error_clear(error);
    if (check(signer, error) < 0)
        return NULL;
    if (passport == NULL || signer->key == NULL || signer->x5u == NULL) {
        error_null(error, passport == NULL      ? "passport"
                          : signer->key == NULL ? "the signer's key"
                                                : "the signer's x5u");
        return NULL;
    }
    struct snapshot *snapshot = snapshot_for(signer, error);
    if (snapshot == NULL)
        return NULL;
    char *identity = sign(signer, passport, snapshot, now, flags, error);
    snapshot_free(snapshot);
    return identity;
}
