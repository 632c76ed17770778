/* struct stir_result: what is asked of an answer. */
#include "service/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/text.h"

struct stir_result *result_new(const struct policy *policy)
{
    struct stir_result *result = calloc(1, sizeof *result);

    if (result == NULL)
        return NULL;
    error_clear(&result->finding);
    result->in_spc = -1;
    result->decided_by = -1;
    result->verstat_by_verdict = policy->verstat_by_verdict;
    result->no_status = !policy->require_identity;
    return result;
}

static void free_texts(struct stir_result *result)
{
    free(result->ppt);
    free(result->payload_text);
    free(result->x5u);
    free(result->compared_orig);
    free(result->compared_dest);
    kept_free(&result->kept);
}

void result_free(struct stir_result *result)
{
    if (result == NULL)
        return;
    for (size_t i = 0; i < result->n_identities; i++)
        result_free(result->identities[i]);
    free(result->identities);
    free_texts(result);
    warnings_free(&result->warnings);
    path_free(&result->path);
    value_free(result->payload);
    free(result);
}

void stir_result_free(struct stir_result *result)
{
    if (result != NULL && !result->borrowed)
        result_free(result);
}

/* Getters take const; what they make on demand is theirs to keep (one thread at a time). */
const struct value *result_payload(const struct stir_result *result)
{
    struct stir_result *owner = (struct stir_result *)(uintptr_t)result;

    if (owner->payload == NULL && owner->payload_text != NULL)
        value_load(owner->payload_text, owner->payload_len, &owner->payload, NULL);
    return owner->payload;
}

bool result_find(struct stir_result *result, const struct stir_error *finding)
{
    bool open =
        result->finding.code == 0 || code_verdict(result->finding.code) == STIR_INDETERMINATE;

    if (finding->code > 0 && open
        && (result->finding.code == 0 || code_verdict(finding->code) == STIR_INVALID))
        result->finding = *finding;
    return result->finding.code != 0 && code_verdict(result->finding.code) == STIR_INVALID;
}

/* The Identity that decided, or the result itself. */
static const struct stir_result *decider(const struct stir_result *result)
{
    if (result == NULL || result->decided_by < 0)
        return result;
    return result->identities[result->decided_by];
}

enum stir_verdict stir_result_verdict(const struct stir_result *result)
{
    return result == NULL ? STIR_INDETERMINATE : code_verdict(decider(result)->finding.code);
}

int stir_result_code(const struct stir_result *result)
{
    return result == NULL ? 0 : decider(result)->finding.code;
}

const char *stir_result_detail(const struct stir_result *result)
{
    return result == NULL ? NULL : decider(result)->finding.text;
}

int stir_result_depth(const struct stir_result *result)
{
    return result == NULL ? -1 : decider(result)->finding.depth;
}

const char *stir_result_verstat(const struct stir_result *result)
{
    if (result == NULL)
        return NULL;
    const struct code *row = code_find(decider(result)->finding.code);
    if (result->verstat_by_verdict && row->verdict == STIR_INVALID)
        return "TN-Validation-Failed";
    return row->verstat;
}

/* RFC 8224 answers 428 only where policy asks for an Identity (R8224-6.2-6). */
static bool has_status(const struct stir_result *result, const struct code *row)
{
    return row->sip_status != 0 && !(row->sip_status == 428 && result->no_status)
           && !result->status_withheld;
}

int stir_result_sip_status(const struct stir_result *result, const char **phrase)
{
    if (phrase != NULL)
        *phrase = NULL;
    if (result == NULL)
        return 0;
    const struct code *row = code_find(decider(result)->finding.code);
    if (!has_status(result, row))
        return 0;
    if (phrase != NULL)
        *phrase = row->sip_reason;
    return row->sip_status;
}

const char *stir_result_warning(const struct stir_result *result, size_t i)
{
    if (result == NULL)
        return NULL;
    const struct warnings *own = &result->warnings, *rest = &decider(result)->warnings;
    if (i < own->n)
        return own->lines[i];
    if (rest == own || i - own->n >= rest->n)
        return NULL;
    return rest->lines[i - own->n];
}

const struct stir_result *stir_result_identity(const struct stir_result *result, size_t i)
{
    return result == NULL || i >= result->n_identities ? NULL : result->identities[i];
}

int stir_result_decided_by(const struct stir_result *result)
{
    return result == NULL ? -1 : result->decided_by;
}

const char *stir_result_ppt(const struct stir_result *result)
{
    return result == NULL ? NULL : decider(result)->ppt;
}

const char *stir_result_x5u(const struct stir_result *result)
{
    return result == NULL ? NULL : decider(result)->x5u;
}

const struct stir_certificate *stir_result_certificate(const struct stir_result *result,
                                                       size_t depth)
{
    if (result == NULL || depth >= decider(result)->path.n)
        return NULL;
    return decider(result)->path.certificates[depth];
}

const char *stir_result_compared(const struct stir_result *result, const char *claim)
{
    if (result == NULL || claim == NULL)
        return NULL;
    if (strcmp(claim, "orig") == 0)
        return decider(result)->compared_orig;
    return strcmp(claim, "dest") == 0 ? decider(result)->compared_dest : NULL;
}

int stir_result_in_spc(const struct stir_result *result)
{
    return result == NULL ? -1 : decider(result)->in_spc;
}

const char *stir_result_unverified_claim(const struct stir_result *result, const char *pointer)
{
    if (result == NULL || pointer == NULL)
        return NULL;
    struct stir_result *owner = (struct stir_result *)decider(result);
    const struct value *claim = value_pointer(result_payload(owner), pointer);
    if (claim == NULL)
        return NULL;
    const char *string = value_string(claim);
    return kept_add(&owner->kept,
                    string != NULL ? text_shown(string, strlen(string)) : value_dump(claim));
}

const char *stir_result_claim(const struct stir_result *result, const char *pointer)
{
    return stir_result_verdict(result) == STIR_VALID
               ? stir_result_unverified_claim(result, pointer)
               : NULL;
}
