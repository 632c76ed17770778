/*
 * Delegation (RFC 9060 section 4): lists without a gap, each encompassed by its parent's.
 *
 * Each certificate is compared with its immediate parent alone; being a subset is transitive
 * . What no entry of the parent covers is a definite no, unless the parent has SPCs and the
 * rest is digits: whose numbers those are is for the SPC data to say.
 */
#include "rules/delegation.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct pair {
    const struct stir_certificate *parent, *child;
    int parent_depth, child_depth;
    const struct stir_scope *parent_list, *child_list; /* that are compared */
};

/* Over the neighbours of a path; where one has two lists, each is compared. What is
   out of reach is not. All zero is the beginning. */
struct pair_walk {
    size_t child, combination;
};

static bool next_pair(const struct path *path, struct pair_walk *walk, struct pair *pair)
{
    for (; walk->child + 1 < path->n; walk->child++, walk->combination = 0) {
        struct path_lists above = path_lists(path, walk->child + 1);
        struct path_lists below = path_lists(path, walk->child);
        while (walk->combination < 4) {
            size_t parent = walk->combination / 2, child = walk->combination % 2;
            walk->combination++;
            if (parent >= above.n || child >= below.n)
                continue;
            *pair = (struct pair){path->certificates[walk->child + 1],
                                  path->certificates[walk->child],
                                  (int)walk->child + 1,
                                  (int)walk->child,
                                  above.scopes[parent],
                                  below.scopes[child]};
            return true;
        }
    }
    return false;
}

const char *delegation_spcs(char room[DELEGATION_SPCS_SIZE], const struct stir_scope *scope)
{
    char first[SHOWN_SIZE], second[SHOWN_SIZE], more[32] = "";
    const char *const *spcs = scope->spc_set;
    size_t n = scope->n_spc_set;

    shown(first, n > 0 ? spcs[0] : "", n > 0 ? strlen(spcs[0]) : 0);
    shown(second, n > 1 ? spcs[1] : "", n > 1 ? strlen(spcs[1]) : 0);
    if (n > 2)
        snprintf(more, sizeof more, " and %zu more", n - 2);
    snprintf(room, DELEGATION_SPCS_SIZE, "SPC%s %.16s%s%.16s%s", n > 1 ? "s" : "", first,
             n > 1 ? ", " : "", second, more);
    return room;
}

/* ---- Lists ---- */

/* The nearest listed certificate above; 0: none. */
static size_t listed_above(const struct path *path, size_t depth)
{
    for (size_t i = depth + 1; i < path->n; i++)
        if (certificate_is_listed(path->certificates[i]))
            return i;
    return 0;
}

static int gap(struct pair pair, struct stir_error *error)
{
    char child[CERTIFICATE_NAME_SIZE], parent[CERTIFICATE_NAME_SIZE];

    return error_set_at(error, STIR_CODE_TNAUTHLIST_GAP, pair.child_depth,
                        "%s has no TNAuthList, although %s above it has one "
                        "(RFC 9060 section 4)",
                        certificate_name(child, pair.child, pair.child_depth),
                        certificate_name(parent, pair.parent, pair.parent_depth));
}

static int unreachable(const struct stir_certificate *certificate, int depth,
                       struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], url[SHOWN_SIZE];
    const char *reference = certificate->references[0];

    return error_set_at(error, STIR_CODE_TNAUTHLIST_UNREACHABLE, depth,
                        "%s: its TNAuthList at %s could not be had (RFC 8226 section 10.1)",
                        certificate_name(name, certificate, depth),
                        shown(url, reference, strlen(reference)));
}

int delegation_check_gaps(const struct path *path, struct stir_error *error)
{
    for (size_t i = 0; i < path->n; i++) {
        size_t above = listed_above(path, i);
        if (above > 0 && !certificate_is_listed(path->certificates[i]))
            return gap((struct pair){path->certificates[above], path->certificates[i],
                                     (int)above, (int)i, NULL, NULL},
                       error);
    }
    return 0;
}

int delegation_check_lists(const struct path *path, struct stir_error *error)
{
    int rc = delegation_check_gaps(path, error);

    for (size_t i = 0; rc == 0 && i < path->n; i++)
        if (!path_lists(path, i).complete)
            return unreachable(path->certificates[i], (int)i, error);
    return rc;
}

/* ---- Questions ---- */

/* Only numbers of digits can be an SPC's, and where the rest has an SPC or a literal, the answer
   would change nothing. */
static bool is_worth_asking(const struct stir_scope *parent, const struct stir_scope *child)
{
    return parent->n_spc_set > 0 && scope_rest_spc(child, parent) == NULL
           && scope_rest_literal(child, parent) == NULL;
}

static int ask_pair(const struct pair *pair, int64_t now, struct spc_questions *questions,
                    struct stir_error *error)
{
    const struct stir_scope *parent = pair->parent_list;
    struct scope_rest rest = {.child = pair->child_list, .parent = parent};
    struct tn_range range;

    if (!is_worth_asking(parent, pair->child_list))
        return 0;
    while (scope_rest_next(&rest, &range))
        if (spc_questions_add_all(questions, parent->spc_set, parent->n_spc_set, range, now)
            < 0)
            return error_no_memory(error);
    return 0;
}

int delegation_ask(const struct path *path, int64_t now, struct spc_questions *questions,
                   struct stir_error *error)
{
    struct pair_walk walk = {0, 0};
    struct pair pair;
    int rc = 0;

    while (rc == 0 && next_pair(path, &walk, &pair))
        rc = ask_pair(&pair, now, questions, error);
    return rc;
}

/* ---- Encompassing ---- */

/* what: the witness. why: what else is to be said of it, or "". */
static int refuse(struct pair pair, const char *what, const char *why, struct stir_error *error)
{
    char child[CERTIFICATE_NAME_SIZE], parent[CERTIFICATE_NAME_SIZE];

    return error_set_at(error, STIR_CODE_NOT_ENCOMPASSED, pair.child_depth,
                        "%s: %s is not encompassed by %s%s (RFC 9060 section 4)",
                        certificate_name(child, pair.child, pair.child_depth), what,
                        certificate_name(parent, pair.parent, pair.parent_depth), why);
}

/* What no data could mend. */
static int check_entries(struct pair pair, struct stir_error *error)
{
    const struct stir_scope *parent = pair.parent_list, *child = pair.child_list;
    struct scope_rest rest = {.child = child, .parent = parent};
    const char *spc = scope_rest_spc(child, parent),
               *literal = scope_rest_literal(child, parent);
    char what[SHOWN_SIZE + 4] = "SPC ";
    struct tn_range range;

    if (spc != NULL) {
        shown(what + 4, spc, strlen(spc));
        return refuse(pair, what, "", error);
    }
    if (parent->n_spc_set == 0 && scope_rest_next(&rest, &range))
        return refuse(pair, tn_range_text(what, range), "", error);
    return literal != NULL ? refuse(pair, literal, "", error) : 0;
}

/* Over all intervals: no beats unknown beats yes. */
static enum stir_answer judge_ranges(const struct stir_scope *child,
                                     const struct stir_scope *parent, int64_t now,
                                     const struct spc_questions *answers,
                                     struct tn_range *witness)
{
    struct scope_rest rest = {.child = child, .parent = parent};
    enum stir_answer worst = STIR_YES;
    struct tn_range range, here;

    while (worst != STIR_NO && scope_rest_next(&rest, &range)) {
        enum stir_answer answer =
            spc_judge(answers, parent->spc_set, parent->n_spc_set, range, now, &here);
        if (answer == STIR_YES || answer == worst)
            continue;
        worst = answer;
        *witness = here;
    }
    return worst;
}

/* As policy has it: what is unknown is a no (invalid), or let pass with a warning (trust_issuer,
   unless there were too many questions to ask: an issuer must not gain by that). */
static int settle(struct pair pair, enum stir_answer answer, struct tn_range witness,
                  bool all_asked, const struct delegation_policy *policy,
                  struct warnings *warnings, struct stir_error *error)
{
    char child[CERTIFICATE_NAME_SIZE], parent[CERTIFICATE_NAME_SIZE];
    char numbers[TN_RANGE_SIZE], spcs[DELEGATION_SPCS_SIZE], why[DELEGATION_SPCS_SIZE + 32];
    bool no = answer == STIR_NO || policy->unknown == SPC_UNKNOWN_INVALID;
    bool trusted = policy->unknown == SPC_UNKNOWN_TRUST_ISSUER && all_asked;

    certificate_name(child, pair.child, pair.child_depth);
    certificate_name(parent, pair.parent, pair.parent_depth);
    tn_range_text(numbers, witness);
    delegation_spcs(spcs, pair.parent_list);
    if (no && policy->overhang == SPC_OVERHANG_CALLED)
        return warnings_add(warnings, WARNING_SPC_OVERHANG,
                            "%s: %s is not encompassed by %s now: not a number of %s", child,
                            numbers, parent, spcs);
    if (!no && (trusted || policy->overhang == SPC_OVERHANG_CALLED))
        return warnings_add(warnings, WARNING_SCOPE_UNCHECKED,
                            "%s: whether %s is encompassed by %s is unknown for %s", child,
                            numbers, parent, spcs);
    if (no) {
        snprintf(why, sizeof why, answer == STIR_NO ? ": not of %s" : ": unknown for %s", spcs);
        return refuse(pair, numbers, why, error);
    }
    return error_set_at(error, STIR_CODE_ENCOMPASS_UNKNOWN, pair.child_depth,
                        "%s: whether %s is encompassed by %s is unknown for %s "
                        "(RFC 9060 section 4)",
                        child, numbers, parent, spcs);
}

static int judge_pair(struct pair pair, int64_t now, const struct spc_questions *answers,
                      const struct delegation_policy *policy, struct warnings *warnings,
                      struct stir_error *error)
{
    struct tn_range witness;
    int rc = check_entries(pair, error);
    if (rc != 0)
        return rc;
    enum stir_answer answer =
        judge_ranges(pair.child_list, pair.parent_list, now, answers, &witness);
    if (answer != STIR_YES)
        rc = settle(pair, answer, witness, !answers->full, policy, warnings, error);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}

int delegation_check_encompassed(const struct path *path, int64_t now,
                                 const struct spc_questions *answers,
                                 const struct delegation_policy *policy,
                                 struct warnings *warnings, struct stir_error *error)
{
    struct pair_walk walk = {0, 0};
    struct stir_error unknown, found;
    struct pair pair;

    error_clear(&unknown);
    while (next_pair(path, &walk, &pair)) {
        error_clear(&found);
        int rc = judge_pair(pair, now, answers, policy, warnings, &found);
        if (rc == STIR_CODE_ENCOMPASS_UNKNOWN && unknown.code == 0)
            unknown = found;
        else if (rc != 0 && rc != STIR_CODE_ENCOMPASS_UNKNOWN)
            return error_copy(error, &found);
    }
    return error_copy(error, &unknown);
}
