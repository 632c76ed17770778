/* TNAuthLists by reference: wanted, taken, and put into the path. */
#include "service/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/limits.h"
#include "base/text.h"
#include "rules/delegation.h"
#include "service/list_cache.h"
#include "service/retrieval.h"

void lists_free(struct lists *lists)
{
    for (size_t i = 0; i < lists->n; i++)
        certificate_free(lists->items[i].with);
    free(lists->items);
    *lists = (struct lists){0};
}

/* ---- Wanting ------------------------------------------------------------------------------ */

/* The first fault stays, but a definite one takes the place of one that may pass. */
static void note(struct list_item *item, const struct stir_error *fault)
{
    if (item->fault.code != 0
        && (code_verdict(item->fault.code) == STIR_INVALID
            || code_verdict(fault->code) != STIR_INVALID))
        return;
    item->fault = *fault;
    item->fault.depth = (int)item->depth;
}

static int want_location(struct list_item *item, const struct path *path,
                         const struct want_source *source, struct stir_error *error)
{
    const struct stir_certificate *certificate = path->certificates[item->depth];
    char name[CERTIFICATE_NAME_SIZE];
    struct stir_error fault;

    item->want = NULL;
    item->counted = false;
    if (item->location >= certificate->n_references)
        return 0;
    if (source->make(source->arg, certificate->references[item->location], &item->want) < 0)
        return error_no_memory(error);
    if (item->want != NULL)
        return 0;
    error_clear(&fault);
    error_set(&fault, STIR_CODE_X5U_REFUSED,
              "%s: the call's certificates name more than %d URLs of TNAuthLists",
              certificate_name(name, certificate, (int)item->depth), LIMIT_LISTS);
    note(item, &fault);
    return 0;
}

/* Hardly any certificate refers to a list, and a call has many Identities. */
static int make_items(struct lists *lists, const struct path *path)
{
    size_t n = 0;

    for (size_t i = 0; i < path->n; i++)
        n += path->certificates[i]->n_references > 0;
    if (n > 0)
        lists->items = calloc(n, sizeof *lists->items);
    return n > 0 && lists->items == NULL ? STIR_E_NOMEM : 0;
}

int lists_begin(struct lists *lists, const struct path *path, const struct want_source *source,
                struct stir_error *error)
{
    int rc = 0;

    if (make_items(lists, path) < 0)
        return error_no_memory(error);
    for (size_t i = 0; rc == 0 && i < path->n; i++) {
        if (path->certificates[i]->n_references == 0)
            continue;
        struct list_item *item = &lists->items[lists->n++];
        *item = (struct list_item){.depth = i};
        error_clear(&item->fault);
        rc = want_location(item, path, source, error);
    }
    return rc;
}

/* ---- What came ---------------------------------------------------------------------------- */

static int check_octets(struct lists *lists, struct list_item *item, size_t octets,
                        struct stir_error *fault)
{
    lists->octets += item->counted ? 0 : octets;
    item->counted = true;
    if (lists->octets <= LIMIT_LISTS_OCTETS)
        return 0;
    return error_set(fault, STIR_CODE_X5U_BODY,
                     "the TNAuthLists that the call's certificates refer to have more than %d "
                     "octets",
                     LIMIT_LISTS_OCTETS);
}

/* The certificate with the list that came: 0, an enum stir_code, BUDGET_GONE, negative. */
static int open_item(struct lists *lists, struct list_item *item, const struct path *path,
                     const struct want_source *source, struct stir_error *fault)
{
    const struct stir_certificate *certificate = path->certificates[item->depth];
    struct body *body = NULL;
    int rc = want_list(item->want, &body, fault);

    if (rc == 0)
        rc = check_octets(lists, item, body->len, fault);
    if (rc == 0)
        rc = list_cache_open(source->memory->lists, certificate, body, source->budget,
                             &item->with, fault);
    if (rc == BUDGET_GONE)
        return rc;
    if (rc == 0 && !item->want->from_memory)
        retrieval_praise(source->memory, FETCH_TNAUTHLIST, item->want->url, body->sha256,
                         certificate->not_after);
    else if (rc > 0 && body != NULL && !item->want->from_memory)
        retrieval_doubt(source->memory, FETCH_TNAUTHLIST, item->want->url, body->sha256);
    return rc;
}

static void name_fault(const struct list_item *item, const struct path *path,
                       const struct stir_error *found, struct stir_error *fault)
{
    char name[CERTIFICATE_NAME_SIZE];

    error_clear(fault);
    error_set(fault, found->code, "%s: %s",
              certificate_name(name, path->certificates[item->depth], (int)item->depth),
              found->text);
}

/* Until it is settled, or waits. 0, BUDGET_GONE, negative. */
static int advance(struct lists *lists, struct list_item *item, const struct path *path,
                   const struct want_source *source, struct stir_error *error)
{
    int rc = 0;

    while (rc == 0 && item->want != NULL && want_is_ended(item->want)) {
        struct stir_error found, fault;
        error_clear(&found);
        rc = open_item(lists, item, path, source, &found);
        if (rc == BUDGET_GONE)
            return rc;
        if (rc == 0) {
            item->gave = item->want;
            item->want = NULL;
            return 0;
        }
        if (rc < 0)
            return error_copy(error, &found);
        name_fault(item, path, &found, &fault);
        note(item, &fault);
        item->location++;
        rc = want_location(item, path, source, error);
    }
    return rc;
}

int lists_advance(struct lists *lists, const struct path *path,
                  const struct want_source *source, struct stir_error *error)
{
    bool settled = true, reading = false;
    int rc = 0;

    for (size_t i = 0; rc >= 0 && i < lists->n; i++) {
        rc = advance(lists, &lists->items[i], path, source, error);
        reading = reading || rc == BUDGET_GONE;
        settled = settled && lists->items[i].want == NULL;
    }
    return rc < 0 ? rc : reading ? BUDGET_GONE : settled;
}

bool lists_have_come(const struct lists *lists)
{
    for (size_t i = 0; i < lists->n; i++)
        if (lists->items[i].want != NULL && want_is_ended(lists->items[i].want))
            return true;
    return false;
}

static int apply(struct list_item *item, struct stir_result *result, struct stir_error *error)
{
    struct stir_certificate **place = &result->path.certificates[item->depth];

    if (item->with == NULL)
        return result_find(result, &item->fault) ? 1 : 0;
    if (want_warn_stale(item->gave, &result->warnings) < 0)
        return error_no_memory(error);
    certificate_free(*place);
    *place = item->with;
    item->with = NULL;
    return 0;
}

int lists_apply(struct lists *lists, struct stir_result *result, struct stir_error *error)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < lists->n; i++)
        rc = apply(&lists->items[i], result, error);
    return rc;
}

/* ---- From memory alone -------------------------------------------------------------------- */

struct memory_wants {
    const struct want_source *source;
    struct want *wants[LIMIT_LISTS];
    size_t n;
};

/* What memory does not have fails at once. */
static int make(void *arg, const char *url, struct want **want)
{
    struct memory_wants *wants = arg;

    if (wants->n == LIMIT_LISTS)
        return 0;
    *want = want_new(wants->source->memory, wants->source->snapshot, FETCH_TNAUTHLIST, url);
    if (*want == NULL)
        return STIR_E_NOMEM;
    wants->wants[wants->n++] = *want;
    if (!want_is_ended(*want))
        stir_want_fail(want_hand_out(*want), STIR_FAILURE_CANCELLED);
    return 0;
}

int lists_from_memory(struct memory *memory, const struct snapshot *snapshot,
                      struct stir_result *result, struct stir_error *error)
{
    size_t budget;
    struct want_source source = {memory, snapshot, make, NULL, &budget};
    struct memory_wants wants = {.source = &source};
    struct lists lists = {0};
    struct stir_error finding;

    if (memory == NULL) {
        error_clear(&finding);
        delegation_check_lists(&result->path, &finding);
        return result_find(result, &finding) ? 1 : 0;
    }
    source.arg = &wants;
    int rc = lists_begin(&lists, &result->path, &source, error);
    if (rc == 0)
        do {
            budget = BUDGET_STEP; /* others may wait for a turn, which lasts no longer */
            rc = lists_advance(&lists, &result->path, &source, error);
        } while (rc == BUDGET_GONE);
    if (rc >= 0)
        rc = lists_apply(&lists, result, error);
    lists_free(&lists);
    for (size_t i = 0; i < wants.n; i++)
        want_free(wants.wants[i]);
    return rc;
}
