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

#include "base/budget.h"
#include "base/text.h"

struct pair {
    const struct stir_certificate *parent, *child;
    int parent_depth, child_depth;
    const struct stir_scope *parent_list, *child_list; /* that are compared */
};

/* Over the neighbours of a path; where one has two lists, each is compared. What is
   out of reach is not. False: there is none from this place on. */
static bool pair_at(const struct path *path, struct delegation_place *at, struct pair *pair)
{
    for (; at->child + 1 < path->n; at->child++, at->combination = 0) {
        struct path_lists above = path_lists(path, at->child + 1);
        struct path_lists below = path_lists(path, at->child);
        for (; at->combination < 4; at->combination++) {
            size_t parent = at->combination / 2, child = at->combination % 2;
            if (parent >= above.n || child >= below.n)
                continue;
            *pair = (struct pair){path->certificates[at->child + 1],
                                  path->certificates[at->child],
                                  (int)at->child + 1,
                                  (int)at->child,
                                  above.scopes[parent],
                                  below.scopes[child]};
            return true;
        }
    }
    return false;
}

static void leave_pair(struct delegation_place *at)
{
    *at = (struct delegation_place){.child = at->child, .combination = at->combination + 1};
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

/* ---- The walk ---- */

enum {
    /* How many SPCs' answers are taken together at a time, as each is looked at for each interval
       that any of them makes. */
    TOGETHER = 64,
    /* What asking about a number counts for, and as much again judging what was said. */
    ASKED = 40,
    /* What one of the two passes over a portion may spend, so that both take no longer than a step:
       its questions, and intervals that are covered. */
    PASS = BUDGET_STEP / 2
};

/* One pass over a portion. Both find the same numbers; the first asks about them, and the second
   judges what was said. */
struct pass {
    const struct path *path;
    int64_t now;
    const struct delegation_walk *walk;
    struct delegation_place *at;
    size_t portion, left; /* questions until it is full, */
    size_t most;          /* and until there were too many */
    size_t budget;
    bool full;
    struct spc_questions *asks;          /* the first pass */
    struct delegation_walk *judges;      /* the second */
    const struct spc_questions *answers; /* of it */
};

static size_t or_limit(size_t n, size_t limit)
{
    return n > 0 ? n : limit;
}

static struct pass pass_of(const struct delegation_walk *walk, const struct path *path,
                           int64_t now, struct delegation_place *at)
{
    size_t portion = or_limit(walk->portion, LIMIT_PORTION);

    return (struct pass){.path = path,
                         .now = now,
                         .walk = walk,
                         .at = at,
                         .portion = portion,
                         .left = portion,
                         .most = or_limit(walk->most, LIMIT_QUESTIONS) - walk->n_asked,
                         .budget = PASS};
}

static struct delegation_found *found_at(struct pass *pass)
{
    return &pass->judges->found[pass->at->child][pass->at->combination];
}

/* What entries alone decide. */
static int decide(struct pass *pass, struct delegation_found found)
{
    if (pass->judges != NULL)
        *found_at(pass) = found;
    return 1;
}

/* Over all intervals: no beats unknown beats yes; the first of that kind is the witness. */
static void note(struct pass *pass, enum stir_answer answer, struct tn_range witness)
{
    struct delegation_found *found = found_at(pass);
    bool same = found->outcome == DELEGATION_DATA && found->answer == answer;

    if (answer != STIR_YES && !same)
        *found = (struct delegation_found){
            .outcome = DELEGATION_DATA, .answer = answer, .witness = witness};
}

static bool is_no(struct pass *pass)
{
    const struct delegation_found *found = found_at(pass);

    return found->outcome == DELEGATION_DATA && found->answer == STIR_NO;
}

/* The same of many SPCs, or of those that are asked about in several portions. */
static int judge_some(struct pass *pass, const struct pair *pair,
                      const struct spc_questions *answers, size_t n)
{
    const struct delegation_place *at = pass->at;
    const char *const *spcs = pair->parent_list->spc_set + at->n_spcs;
    struct spc_answers *tally = &pass->judges->tally;
    struct tn_range witness;

    for (size_t i = 0, some; i < n; i += some) {
        some = n - i < TOGETHER ? n - i : TOGETHER;
        if (spc_tally_add(tally, answers, spcs + i, some, at->range, pass->now) < 0)
            return STIR_E_NOMEM;
    }
    if (at->n_spcs + n == pair->parent_list->n_spc_set) {
        enum stir_answer answer = spc_tally_judge(tally, at->range, &witness);
        spc_tally_free(tally);
        note(pass, answer, witness);
    }
    return 0;
}

/* What n of the parent's SPCs said, from the next on. answers: none where they were not asked, nor
   any behind them. */
static int judge(struct pass *pass, const struct pair *pair,
                 const struct spc_questions *answers, size_t n)
{
    const struct stir_scope *parent = pair->parent_list;
    struct tn_range witness;

    if (pass->judges == NULL || is_no(pass))
        return 0;
    if (n < parent->n_spc_set || n > TOGETHER)
        return judge_some(pass, pair, answers, n);
    enum stir_answer answer =
        spc_judge(answers, parent->spc_set, n, pass->at->range, pass->now, &witness);
    note(pass, answer, witness);
    return 0;
}

static int ask(struct pass *pass, const struct pair *pair, size_t n)
{
    const char *const *spcs = pair->parent_list->spc_set + pass->at->n_spcs;

    return pass->asks == NULL
               ? 0
               : spc_questions_add_all(pass->asks, spcs, n, pass->at->range, pass->now);
}

/* How many of the n that are left of a range's are asked in this portion; 0: it is over. Only more
   than a portion are asked in several. */
static size_t share(const struct pass *pass, size_t n)
{
    if (n > pass->most)
        n = pass->most;
    if (n <= pass->left)
        return n;
    return n <= pass->portion && pass->left < pass->portion ? 0 : pass->left;
}

/* The range under way, or what is left of its SPCs. 0: it is done; 1: so is all of this pair, as
   nobody will be asked; BUDGET_GONE: the portion is over. */
static int pass_range(struct pass *pass, const struct pair *pair)
{
    static const struct spc_questions none;
    const struct stir_scope *parent = pair->parent_list;
    struct delegation_place *at = pass->at;

    while (at->n_spcs < parent->n_spc_set) {
        size_t left = parent->n_spc_set - at->n_spcs, n = share(pass, left);
        if (pass->walk->nobody || pass->most == 0) {
            pass->full = !pass->walk->nobody;
            if (judge(pass, pair, &none, left) < 0)
                return STIR_E_NOMEM;
            /* One that some were asked about may be good; the next one is not asked about at
               all. */
            return at->n_spcs == 0;
        }
        if (n == 0 || !budget_spend(&pass->budget, n * ASKED))
            return BUDGET_GONE;
        if (ask(pass, pair, n) < 0 || judge(pass, pair, pass->answers, n) < 0)
            return STIR_E_NOMEM;
        at->n_spcs += n;
        pass->left -= n;
        pass->most -= n;
    }
    return 0;
}

/* Below: 1: the pair is decided; 0: this speaks not against it. */

static int pass_numbers(struct pass *pass, const struct pair *pair)
{
    struct delegation_place *at = pass->at;
    int rc;

    at->rest.child = pair->child_list;
    at->rest.parent = pair->parent_list;
    for (;;) {
        if (!at->in_range) {
            rc = scope_rest_step(&at->rest, &pass->budget, &at->range);
            if (rc != 1)
                return rc;
            if (pair->parent_list->n_spc_set == 0)
                return decide(pass, (struct delegation_found){.outcome = DELEGATION_NUMBERS,
                                                              .witness = at->range});
            at->in_range = true;
        }
        if ((rc = pass_range(pass, pair)) != 0)
            return rc;
        at->in_range = false;
        at->n_spcs = 0;
    }
}

static int pass_texts(struct pass *pass, const struct pair *pair, enum scope_kind kind)
{
    struct delegation_place *at = pass->at;
    int rc = scope_rest_texts_step(pair->child_list, pair->parent_list, kind, &at->texts,
                                   &pass->budget);

    if (rc == 0)
        at->texts = (struct scope_rest_texts){0, 0};
    if (rc != 1)
        return rc;
    return decide(pass, (struct delegation_found){
                            .outcome = kind == SCOPE_SPC ? DELEGATION_SPC : DELEGATION_LITERAL,
                            .text = at->texts.of_child - 1});
}

/* What entries decide comes before what somebody must be asked about: where the rest has an SPC or
   a literal, the answer would change nothing. */
static int pass_pair(struct pass *pass, const struct pair *pair)
{
    const unsigned numbers = pair->parent_list->n_spc_set > 0 ? 2 : 1;
    struct delegation_place *at = pass->at;
    int rc = 0;

    for (; rc == 0 && at->stage < 3; at->stage += rc == 0)
        rc = at->stage == 0         ? pass_texts(pass, pair, SCOPE_SPC)
             : at->stage == numbers ? pass_numbers(pass, pair)
                                    : pass_texts(pass, pair, SCOPE_LITERAL);
    return rc;
}

static int pass_portion(struct pass *pass)
{
    struct pair pair;

    while (pair_at(pass->path, pass->at, &pair)) {
        int rc = pass_pair(pass, &pair);
        if (rc == BUDGET_GONE || rc < 0)
            return rc;
        leave_pair(pass->at);
    }
    return 0;
}

int delegation_walk_ask(const struct delegation_walk *walk, const struct path *path,
                        int64_t now, struct spc_questions *questions, struct stir_error *error)
{
    struct delegation_place at = walk->at;
    struct pass pass = pass_of(walk, path, now, &at);

    pass.asks = questions;
    int rc = pass_portion(&pass);
    return rc < 0 ? error_no_memory(error) : rc;
}

int delegation_walk_judge(struct delegation_walk *walk, const struct path *path, int64_t now,
                          const struct spc_questions *answers, size_t *budget,
                          struct stir_error *error)
{
    struct pass pass = pass_of(walk, path, now, &walk->at);

    pass.judges = walk;
    pass.answers = answers;
    int rc = pass_portion(&pass);
    walk->n_asked += pass.portion - pass.left;
    walk->full = walk->full || pass.full;
    budget_spend(budget, 2 * (PASS - pass.budget));
    return rc < 0 ? error_no_memory(error) : rc;
}

void delegation_walk_free(struct delegation_walk *walk)
{
    spc_tally_free(&walk->tally);
    *walk = (struct delegation_walk){
        .nobody = walk->nobody, .portion = walk->portion, .most = walk->most};
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
static int refuse_entries(struct pair pair, const struct delegation_found *found,
                          struct stir_error *error)
{
    char what[SHOWN_SIZE + 4] = "SPC ";
    const char *text;

    if (found->outcome == DELEGATION_NUMBERS)
        return refuse(pair, tn_range_text(what, found->witness), "", error);
    if (found->outcome == DELEGATION_LITERAL)
        return refuse(pair, pair.child_list->literal_set[found->text], "", error);
    text = pair.child_list->spc_set[found->text];
    shown(what + 4, text, strlen(text));
    return refuse(pair, what, "", error);
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

static int settle_pair(struct pair pair, const struct delegation_found *found, bool all_asked,
                       const struct delegation_policy *policy, struct warnings *warnings,
                       struct stir_error *error)
{
    int rc;

    if (found->outcome == DELEGATION_COVERED)
        return 0;
    if (found->outcome != DELEGATION_DATA)
        return refuse_entries(pair, found, error);
    rc = settle(pair, found->answer, found->witness, all_asked, policy, warnings, error);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}

int delegation_walk_settle(const struct delegation_walk *walk, const struct path *path,
                           const struct delegation_policy *policy, struct warnings *warnings,
                           struct stir_error *error)
{
    struct delegation_place at = {0};
    struct stir_error unknown, found;
    struct pair pair;

    error_clear(&unknown);
    for (; pair_at(path, &at, &pair); leave_pair(&at)) {
        error_clear(&found);
        int rc = settle_pair(pair, &walk->found[at.child][at.combination], !walk->full, policy,
                             warnings, &found);
        if (rc == STIR_CODE_ENCOMPASS_UNKNOWN && unknown.code == 0)
            unknown = found;
        else if (rc != 0 && rc != STIR_CODE_ENCOMPASS_UNKNOWN)
            return error_copy(error, &found);
    }
    return error_copy(error, &unknown);
}

static int check_portion(struct delegation_walk *walk, const struct path *path, int64_t now,
                         struct spc_source *source, int64_t max_age, struct spc_oldest *oldest,
                         struct stir_error *error)
{
    struct spc_questions questions = {0};
    size_t all = SIZE_MAX;
    int rc = delegation_walk_ask(walk, path, now, &questions, error);

    if (rc >= 0)
        rc = spc_ask(source, &questions, error);
    if (rc >= 0) {
        spc_forget_old(&questions, now, max_age, oldest);
        rc = delegation_walk_judge(walk, path, now, &questions, &all, error);
    }
    spc_questions_free(&questions);
    return rc;
}

int delegation_check_encompassed(const struct path *path, int64_t now,
                                 struct spc_source *source, int64_t max_age,
                                 const struct delegation_policy *policy,
                                 struct warnings *warnings, struct stir_error *error)
{
    struct delegation_walk walk = {.nobody = source == NULL};
    struct spc_oldest oldest = {0};
    int rc;

    do
        rc = check_portion(&walk, path, now, source, max_age, &oldest, error);
    while (rc == BUDGET_GONE);
    if (rc == 0)
        rc = spc_warn_old(&oldest, now, max_age, warnings, error);
    if (rc == 0)
        rc = delegation_walk_settle(&walk, path, policy, warnings, error);
    delegation_walk_free(&walk);
    return rc;
}
