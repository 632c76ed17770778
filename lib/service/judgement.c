/* The judgement of one Identity header value. */
#include "service/judgement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/text.h"
#include "fetch/url.h"
#include "rules/compact.h"
#include "rules/compare.h"
#include "rules/constraints.h"
#include "rules/mirror.h"
#include "rules/profile_token.h"
#include "rules/x5c.h"
#include "service/arrival.h"
#include "service/status.h"

void judgement_free(struct judgement *judgement)
{
    identity_header_free(&judgement->header);
    jws_free(&judgement->jws);
    passport_free(&judgement->passport);
    arrival_free(&judgement->arrival);
}

/* ---- Header ----------------------------------------------------------------------------- */

static int check_ppt_parameter(const struct identity_header *header, struct stir_error *finding)
{
    char ppt[SHOWN_SIZE];

    if (passport_ppt_is_supported(header->ppt))
        return 0;
    return error_set(
        finding, STIR_CODE_PPT_UNSUPPORTED,
        "ppt parameter: wanted shaken or none, found \"%s\" (RFC 8224 section 6.2)",
        shown(ppt, header->ppt, strlen(header->ppt)));
}

static int judge_header(struct judgement *judgement, const char *value,
                        struct stir_error *finding)
{
    struct identity_header *header = &judgement->header;
    int rc = identity_header_parse(value, strlen(value), header, finding);

    if (rc == 0)
        rc = check_ppt_parameter(header, finding);
    return rc != 0 ? rc : identity_header_check_info(header, finding);
}

/* ---- Token ------------------------------------------------------------------------------ */

static const struct identity *identity_or_null(const struct identity *identity)
{
    return identity->text == NULL ? NULL : identity;
}

static int open_token(struct judgement *judgement, const struct stir_call *call,
                      const struct facts *facts, struct stir_error *finding)
{
    struct identity_header *header = &judgement->header;
    struct jws *jws = &judgement->jws;
    int rc = jws_parse(header->token, strlen(header->token), jws, finding);

    if (rc == 0) { /* the token, which may be long, is held once */
        free(header->token);
        header->token = NULL;
    }
    if (rc != 0 || !jws->compact)
        return rc;
    rc = compact_check_allowed(header, finding);
    return rc != 0 ? rc
                   : compact_rebuild(jws, header, identity_or_null(&facts->caller.identity),
                                     identity_or_null(&facts->to), call, finding);
}

static int check_jose(struct judgement *judgement, const struct policy *policy,
                      struct stir_error *finding)
{
    struct passport *passport = &judgement->passport;
    const struct identity_header *header = &judgement->header;
    struct warnings *warnings = &judgement->result->warnings;
    int rc = passport_parse_header(&judgement->jws, passport, finding);

    if (rc == 0)
        rc = passport_check_crit(passport, finding);
    if (rc == 0)
        rc = passport_check_typ(passport, finding);
    if (rc == 0)
        rc = passport_check_ppt(passport, finding);
    if (rc == 0)
        rc = mirror_check_ppt(header, passport, warnings, finding);
    if (rc == 0)
        rc = passport_check_alg(passport, finding);
    if (rc == 0)
        rc = mirror_check_alg(header, passport, finding);
    if (rc == 0)
        rc = passport_check_x5u(passport, policy->prefer_x5c, finding);
    return rc != 0 ? rc : mirror_check_x5u(header, passport, finding);
}

static int check_payload(struct judgement *judgement, const struct policy *policy,
                         struct stir_error *finding)
{
    struct passport *passport = &judgement->passport;
    struct warnings *warnings = &judgement->result->warnings;
    int rc = passport_parse_payload(&judgement->jws, passport, finding);

    if (rc == 0)
        rc = passport_check_claims(passport, policy->any_origid, finding);
    if (rc == 0)
        rc = passport_check_deterministic(&judgement->jws, passport,
                                          policy->reject_non_deterministic, warnings, finding);
    if (rc == 0 && passport->x5c != NULL && !policy->prefer_x5c)
        rc = warnings_add(warnings, WARNING_X5C_IGNORED,
                          "the token has x5c, and policy x5c is off: x5u decides");
    return rc;
}

static int judge_token(struct judgement *judgement, const struct stir_call *call,
                       const struct facts *facts, const struct policy *policy,
                       struct stir_error *finding)
{
    int rc = open_token(judgement, call, facts, finding);

    if (rc == 0)
        rc = check_jose(judgement, policy, finding);
    return rc != 0 ? rc : check_payload(judgement, policy, finding);
}

/* ---- Comparison ------------------------------------------------------------------------- */

/* Notes what a claim was compared with. */
static int note(char **compared, const struct identity *identity, struct stir_error *finding)
{
    *compared = text_shown(identity->text, strlen(identity->text));
    return *compared == NULL ? error_no_memory(finding) : 0;
}

typedef int compare_rule(const struct passport *passport, const struct identity *identity,
                         struct stir_error *error);

static int compare(const struct judgement *judgement, const struct caller_facts *side,
                   compare_rule *rule, int code, char **compared, struct stir_error *finding)
{
    if (side->header == NULL)
        return warnings_add(&judgement->result->warnings, WARNING_NOT_COMPARED,
                            "policy %s is off, so the token's %s was compared with nothing",
                            code == STIR_CODE_ORIG_MISMATCH ? "orig_check" : "dest_check",
                            code == STIR_CODE_ORIG_MISMATCH ? "orig" : "dest");
    if (side->identity.text == NULL)
        return error_set(finding, code, "the call's %s is no identity: %.180s", side->header,
                         side->problem.text);
    int rc = note(compared, &side->identity, finding);
    return rc != 0 ? rc : rule(&judgement->passport, &side->identity, finding);
}

static int judge_comparison(struct judgement *judgement, const struct facts *facts,
                            struct stir_error *finding)
{
    struct stir_result *result = judgement->result;
    int rc = compare(judgement, &facts->caller, compare_orig, STIR_CODE_ORIG_MISMATCH,
                     &result->compared_orig, finding);

    return rc != 0 ? rc
                   : compare(judgement, &facts->called, compare_dest, STIR_CODE_DEST_MISMATCH,
                             &result->compared_dest, finding);
}

/* ---- Replay ----------------------------------------------------------------------------- */

static int replayed(struct stir_error *finding)
{
    return error_set(finding, STIR_CODE_REPLAYED,
                     "the token was valid in another call before (RFC 8224 section 12.1)");
}

static int judge_replay(struct judgement *judgement, const struct stir_call *call,
                        struct memory *memory, struct stir_error *finding)
{
    int rc = replay_key_of(&judgement->replay, &judgement->jws, call->call_id);

    if (rc < 0)
        return error_set(finding, rc, "the digest of the token could not be made");
    return replay_is_known(memory->replay, &judgement->replay) ? replayed(finding) : 0;
}

/* Of two calls that come at once with one token, one is the first. */
static int claim(struct judgement *judgement, struct memory *memory, struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    int rc = replay_claim(memory->replay, &judgement->replay);
    if (rc < 0)
        return error_no_memory(error);
    if (rc == 1)
        rc = replayed(&finding);
    return credential_find(judgement->result, rc, &finding, error);
}

/* ---- Certificates in the token ------------------------------------------------------------ */

/* with policy x5c=prefer they are the list, and what is at x5u is not asked for, also where
   they are good for nothing: who could break them could choose otherwise. */
static int take_x5c(struct judgement *judgement, const struct policy *policy,
                    struct stir_error *finding)
{
    char *pem = NULL;

    if (!policy->prefer_x5c || judgement->passport.x5c == NULL)
        return 0;
    int rc = x5c_pem(judgement->passport.x5c, &pem, finding);
    if (rc == 0 && (judgement->arrival.inlined = body_new(pem, strlen(pem))) == NULL)
        rc = error_no_memory(finding);
    free(pem);
    return rc;
}

/* ---- Profile ---------------------------------------------------------------------------- */

/* What it asks of the token alone: with a code of stage path, but before anything is fetched. */
static int judge_profile(const struct judgement *judgement, const struct policy *policy,
                         struct stir_error *finding)
{
    const struct passport *passport = &judgement->passport;
    const struct profile_token token = {judgement->jws.compact, passport->type,
                                        passport->header, passport->payload};

    return profile_judge_token(&token, policy->profile, &judgement->result->warnings, finding);
}

/* ---- The stages before retrieval --------------------------------------------------------- */

/* What was looked at: of the token where it got so far, otherwise of the parameters. */
static int remember(struct judgement *judgement, struct stir_error *error)
{
    const struct passport *passport = &judgement->passport;
    const struct identity_header *header = &judgement->header;
    struct stir_result *result = judgement->result;
    const char *ppt = passport->header != NULL ? passport->ppt : header->ppt;
    const char *x5u = passport->x5u != NULL ? passport->x5u : header->info;

    if (judgement->arrival.inlined != NULL)
        x5u = passport->x5u; /* nobody looked at info */
    if (ppt == NULL && (header->token != NULL || judgement->jws.token != NULL))
        ppt = "";
    if (ppt != NULL && (result->ppt = text_shown(ppt, strlen(ppt))) == NULL)
        return error_no_memory(error);
    if (x5u != NULL && (result->x5u = text_shown(x5u, strlen(x5u))) == NULL)
        return error_no_memory(error);
    return 0;
}

/* Of a token there stays what is yet to be asked for: what is signed, and the claims, as text
   and the result's. */
static int condense(struct judgement *judgement, struct stir_error *error)
{
    struct jws *jws = &judgement->jws;
    struct stir_result *result = judgement->result;

    if (judgement->passport.payload != NULL) {
        result->payload_text = jws->payload;
        result->payload_len = jws->payload_len;
        jws->payload = NULL;
    }
    free(jws->header);
    jws->header = NULL;
    return passport_forget_values(&judgement->passport) < 0 ? error_no_memory(error) : 0;
}

static int judge_offline(struct judgement *judgement, const char *value,
                         const struct stir_call *call, const struct facts *facts,
                         const struct policy *policy, struct memory *memory, int64_t now,
                         struct stir_error *finding)
{
    int rc = judge_header(judgement, value, finding);

    if (rc == 0)
        rc = judge_token(judgement, call, facts, policy, finding);
    if (rc == 0)
        rc = freshness_check(&judgement->passport, call->date, now, &policy->freshness,
                             &judgement->result->warnings, finding);
    if (rc == 0 && policy->replay)
        rc = judge_replay(judgement, call, memory, finding);
    if (rc == 0)
        rc = judge_comparison(judgement, facts, finding);
    if (rc == 0 && policy->profile != PROFILE_RFC && judgement->passport.x5u != NULL)
        /* A74-2, whoever has the body */
        rc = url_judge(judgement->passport.x5u, &url_policy_default, NULL, finding);
    if (rc == 0)
        rc = take_x5c(judgement, policy, finding);
    return rc != 0 ? rc : judge_profile(judgement, policy, finding);
}

int judgement_begin(struct judgement *judgement, const char *value,
                    const struct stir_call *call, const struct facts *facts,
                    const struct snapshot *snapshot, struct memory *memory, int64_t now,
                    struct stir_error *error)
{
    struct stir_error finding;

    error_clear(&finding);
    int rc =
        judge_offline(judgement, value, call, facts, &snapshot->policy, memory, now, &finding);
    if (rc >= 0 && (remember(judgement, error) < 0 || condense(judgement, error) < 0))
        return STIR_E_NOMEM;
    judgement->done = rc > 0;
    rc = credential_find(judgement->result, rc, &finding, error);
    return rc < 0 ? rc : 0;
}

/* ---- The stages after it ----------------------------------------------------------------- */

static int judge_signature(struct judgement *judgement, struct stir_error *error)
{
    const struct stir_certificate *signer = judgement->result->path.certificates[0];
    const struct jws *jws = &judgement->jws;
    struct stir_error finding;
    char name[CERTIFICATE_NAME_SIZE];

    error_clear(&finding);
    int rc = es256_verify(public_key_es256(signer->key), jws->token, jws->signing_len,
                          jws->signature);
    if (rc < 0)
        return error_set(error, rc, "the signature could not be checked");
    if (rc == 1)
        return 0;
    rc = error_set_at(&finding, STIR_CODE_BAD_SIGNATURE, 0,
                      "the token is not signed by the key of %s (RFC 8225 section 6)",
                      certificate_name(name, signer, 0));
    return credential_find(judgement->result, rc, &finding, error);
}

static int judge_constraints(struct judgement *judgement, struct stir_error *error)
{
    const struct stir_certificate *signer = judgement->result->path.certificates[0];
    struct stir_error finding;

    if (!signer->constraints.present)
        return 0;
    error_clear(&finding);
    int rc = passport_recall_payload(&judgement->passport, &finding);
    if (rc == 0)
        rc = constraints_check(&signer->constraints, &judgement->passport, &finding);
    return credential_find(judgement->result, rc, &finding, error);
}

/* Policy min_attest: a token that attests nothing attests less than any letter. */
static int judge_attest(struct judgement *judgement, enum min_attest least,
                        struct stir_error *error)
{
    static const char letters[] = "?ABC";
    const char *attest = judgement->passport.attest;
    struct stir_error finding;

    if (least == MIN_ATTEST_NONE || (attest != NULL && attest[0] <= letters[least]))
        return 0;
    error_clear(&finding);
    int rc = error_set(&finding, STIR_CODE_ATTEST_TOO_LOW,
                       "attest: policy min_attest wants %c or better, found %s", letters[least],
                       attest != NULL ? attest : "none");
    return credential_find(judgement->result, rc, &finding, error);
}

/* The sentence of a valid one: who signed, and what gives it the right. */
static void say_valid(struct judgement *judgement, const struct credential *credential)
{
    struct stir_result *result = judgement->result;
    const struct claimant *claimant = &credential->claimant;
    char name[CERTIFICATE_NAME_SIZE], orig[SHOWN_SIZE];

    if (result->finding.code != 0)
        return;
    certificate_name(name, result->path.certificates[0], 0);
    shown(orig, claimant->text, strlen(claimant->text));
    snprintf(result->finding.text, sizeof result->finding.text,
             credential->attested
                 ? "%s attests %s as the provider's own word (RFC 8588 section 4)"
                 : "%s has authority over %s (RFC 8226 section 9)",
             name, orig);
}

/* 1 where a stage found the end. */
static int judge_credential(struct judgement *judgement, struct stir_error *error)
{
    struct credential *credential = &judgement->arrival.credential;
    struct stir_result *result = judgement->result;
    int rc = credential_judge_status(credential, result, error);

    if (rc == 0)
        rc = judge_signature(judgement, error);
    if (rc == 0)
        rc = credential_judge_scope(credential, result, error);
    if (rc == 0)
        rc = judge_constraints(judgement, error);
    if (rc == 0)
        rc = judge_attest(judgement, credential->snapshot->policy.min_attest, error);
    if (rc == 0 && credential->snapshot->policy.replay && result->finding.code == 0)
        rc = claim(judgement, credential->memory, error);
    return rc;
}

static struct claimant claimant_of(const struct passport *passport)
{
    return (struct claimant){passport->type, passport->orig.is_tn, passport->orig.text,
                             passport->iat};
}

int judgement_step(struct judgement *judgement, const struct want_source *lists, int64_t now,
                   struct stir_error *error)
{
    struct arrival *arrival = &judgement->arrival;

    if (arrival->stage == ARRIVAL_NEW)
        arrival->credential.claimant = claimant_of(&judgement->passport);
    int rc = arrival_step(arrival, judgement->want, lists, now, judgement->result, error);
    if (rc == 0 && !budget_spend(lists->budget, BUDGET_P256)) {
        arrival->reading = true;
        return 0;
    }
    if (rc == ARRIVAL_WAITS)
        return 0;
    judgement->done = true;
    if (rc == 0)
        rc = judge_credential(judgement, error);
    if (rc == 0)
        say_valid(judgement, &arrival->credential);
    arrival_free(arrival);
    return rc < 0 ? rc : 0;
}
