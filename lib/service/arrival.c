/* A credential whose list came through a want, or in the token itself. */
#include "service/arrival.h"

#include <stdio.h>

#include "service/retrieval.h"
#include "service/status.h"

/* What the list came to before, or the list. 1 where it is none. */
static int open_list(struct credential *credential, struct want *want,
                     struct stir_result *result, const struct stir_chain **chain,
                     struct stir_error *error)
{
    const struct snapshot *snapshot = credential->snapshot;
    struct body *list = want_body(want);
    struct stir_error finding;

    *chain = NULL;
    error_clear(&finding);
    int rc = want_judge_form(want, snapshot->policy.reject_media, &result->warnings, &finding);
    if (rc != 0)
        return credential_find(result, rc, &finding, error) < 0 ? rc : 1;
    if (list != NULL && credential_recall(credential, list->sha256, list))
        return 0;
    rc = want_chain(want, snapshot->es256, chain, &finding);
    return rc == 0 ? 0 : credential_find(result, rc, &finding, error) < 0 ? rc : 1;
}

/* Of what the token brought, there is nothing but its octets to be judged. The same. */
static int open_inlined(struct arrival *arrival, struct stir_result *result,
                        const struct stir_chain **chain, struct stir_error *error)
{
    struct credential *credential = &arrival->credential;
    const struct body *body = arrival->inlined;
    struct stir_error finding;

    *chain = NULL;
    error_clear(&finding);
    if (credential_recall(credential, body->sha256, NULL))
        return 0;
    int rc =
        chain_new(body->data, body->len, false, credential->snapshot->es256, &arrival->chain);
    if (rc < 0)
        return error_set(error, rc, "the certificates in the token could not be read");
    *chain = arrival->chain;
    rc = error_copy(&finding, &arrival->chain->fault);
    return credential_find(result, rc, &finding, error);
}

/* The cache learns what its body was good for; of one that is known, it has learned that. */
static void learn(const struct credential *credential, const struct want *want,
                  const struct stir_result *result, bool built)
{
    if (want == NULL || credential->key.digest == NULL || (want->from_memory && !built))
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
static int open_path(struct arrival *arrival, struct want *want, struct stir_result *result,
                     struct stir_error *error)
{
    struct credential *credential = &arrival->credential;
    const struct stir_chain *chain;
    int rc = arrival->inlined != NULL ? open_inlined(arrival, result, &chain, error)
                                      : open_list(credential, want, result, &chain, error);

    if (rc != 0)
        return rc;
    rc = credential_judge_path(credential, chain, result, error);
    stir_chain_free(arrival->chain);
    arrival->chain = NULL;
    if (rc >= 0)
        learn(credential, want, result, chain != NULL);
    return rc == 0 ? judge_single(want, result, error) : rc;
}

static int open_once(struct arrival *arrival, struct want *want,
                     const struct want_source *lists, int64_t now, struct stir_result *result,
                     struct stir_error *error)
{
    struct credential *credential = &arrival->credential;

    if (arrival->opened)
        return 0;
    arrival->opened = true;
    credential->snapshot = lists->snapshot;
    credential->memory = lists->memory;
    credential->now = now;
    int rc = open_path(arrival, want, result, error);
    if (rc == 0 && result->path.anchored)
        rc = lists_begin(&arrival->lists, &result->path, lists, error);
    return rc;
}

int arrival_step(struct arrival *arrival, struct want *want, const struct want_source *lists,
                 int64_t now, struct stir_result *result, struct stir_error *error)
{
    int rc = open_once(arrival, want, lists, now, result, error);

    if (rc != 0)
        return rc;
    rc = lists_advance(&arrival->lists, &result->path, lists, error);
    if (rc <= 0)
        return rc < 0 ? rc : ARRIVAL_WAITS;
    rc = lists_apply(&arrival->lists, result, error);
    size_t all = SIZE_MAX;
    return rc == 0 ? credential_judge_delegation(&arrival->credential, result, &all, error)
                   : rc;
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

void arrival_free(struct arrival *arrival)
{
    lists_free(&arrival->lists);
    credential_free(&arrival->credential);
    stir_chain_free(arrival->chain);
    arrival->chain = NULL;
    body_free(arrival->inlined); /* behind the credential, whose key points into it */
    arrival->inlined = NULL;
}
