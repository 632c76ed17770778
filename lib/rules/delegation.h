/*
 * Delegation (RFC 9060 section 4): from the first listed certificate down to the signer, every
 * certificate has a list, and each list is encompassed by its parent's.
 */
#ifndef STIR_RULES_DELEGATION_H
#define STIR_RULES_DELEGATION_H

#include "base/limits.h"
#include "cert/path.h"
#include "spc/spc.h"

enum spc_unknown { SPC_UNKNOWN_INDETERMINATE, SPC_UNKNOWN_INVALID, SPC_UNKNOWN_TRUST_ISSUER };
enum spc_overhang { SPC_OVERHANG_CERTIFICATE, SPC_OVERHANG_CALLED };

struct delegation_policy {
    enum spc_unknown unknown;
    /* called only where authority_check_tn() follows: without a calling number, certificate */
    enum spc_overhang overhang;
    bool require_delegate; /* no-tn-authority where the signer is no delegate */
};

/* STIR_CODE_TNAUTHLIST_GAP: a certificate below a listed one without a list. */
int delegation_check_gaps(const struct path *path, struct stir_error *error);
/* That, then STIR_CODE_TNAUTHLIST_UNREACHABLE (a list by reference that nobody got). Signer
   first. */
int delegation_check_lists(const struct path *path, struct stir_error *error);

/* What a list came to under one of its parent's. */
enum delegation_outcome {
    DELEGATION_COVERED, /* all zero: nothing speaks against it */
    DELEGATION_SPC,     /* the parent has not this SPC, */
    DELEGATION_LITERAL, /* this literal, */
    DELEGATION_NUMBERS, /* these numbers, nor any SPC whose they could be */
    DELEGATION_DATA     /* these numbers by its entries; by what was said of them, answer */
};
struct delegation_found {
    enum delegation_outcome outcome;
    enum stir_answer answer;
    size_t text; /* in the child's set of such */
    struct tn_range witness;
};

/* Where a walk is: between which lists, and what of theirs is next. It points to nothing but
   while a function has the path. */
struct delegation_place {
    size_t child, combination;
    unsigned stage;
    struct scope_rest_texts texts;
    struct scope_rest rest;
    struct tn_range range; /* under way: the first so many SPCs were asked about it */
    size_t n_spcs;
    bool in_range;
};

/*
 * Is each list encompassed by its parent's, judged in portions, so that a list of a million
 * numbers neither takes memory by their number nor holds up a loop? All zero is the beginning.
 * The numbers that no entry of a parent covers are what SPC data is asked about, at most
 * LIMIT_PORTION questions at a time and LIMIT_QUESTIONS in all, of which one that two pairs of
 * lists have in common counts for each:
 *
 *     do {
 *         more = delegation_walk_ask(&walk, path, now, &questions, error);
 *         spc_ask(source, &questions, error);
 *         delegation_walk_judge(&walk, path, now, &questions, &budget, error);
 *         spc_questions_free(&questions);
 *     } while (more == BUDGET_GONE);
 *     delegation_walk_settle(&walk, path, &policy, &warnings, error);
 *
 * Between portions another path of the same lists will do.
 */
struct delegation_walk {
    bool nobody;          /* there is no data to ask: nothing is asked, and all stays unknown */
    size_t portion, most; /* 0: LIMIT_PORTION, LIMIT_QUESTIONS */
    struct delegation_place at;
    size_t n_asked;
    bool full; /* some were not asked and stay unknown */
    struct spc_answers tally;
    struct delegation_found found[PATH_MOST - 1][4];
};

/* The next portion. 0: the last one; BUDGET_GONE: there are more; STIR_E_NOMEM. */
int delegation_walk_ask(const struct delegation_walk *walk, const struct path *path,
                        int64_t now, struct spc_questions *questions, struct stir_error *error);
/* Judges it. What was asked in addition does no harm. Spends (base/budget.h) what the portion took,
   also where there was less. 0: it was the last one; BUDGET_GONE; STIR_E_NOMEM. */
int delegation_walk_judge(struct delegation_walk *walk, const struct path *path, int64_t now,
                          const struct spc_questions *answers, size_t *budget,
                          struct stir_error *error);
/*
 * STIR_CODE_NOT_ENCOMPASSED, STIR_CODE_ENCOMPASS_UNKNOWN; depth is the child, the sentence has
 * the first witness. A definite no of any pair beats an unknown of any other. Warns
 * scope-unchecked and spc-overhang where policy lets those pass. Of a walk that is done.
 */
int delegation_walk_settle(const struct delegation_walk *walk, const struct path *path,
                           const struct delegation_policy *policy, struct warnings *warnings,
                           struct stir_error *error);
void delegation_walk_free(struct delegation_walk *walk); /* and begins anew */

/* All of that at once. source NULL: there is no data. max_age as in spc_forget_old(). */
int delegation_check_encompassed(const struct path *path, int64_t now,
                                 struct spc_source *source, int64_t max_age,
                                 const struct delegation_policy *policy,
                                 struct warnings *warnings, struct stir_error *error);

/* "SPC 709J", "SPCs 1234, 709J and 3 more": how sentences name a list's. Returns room. */
enum { DELEGATION_SPCS_SIZE = 80 };
const char *delegation_spcs(char room[DELEGATION_SPCS_SIZE], const struct stir_scope *scope);

#endif
