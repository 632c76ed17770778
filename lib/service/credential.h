/*
 * A credential: a list of certificates judged for a claimant. The stages path and scope of a
 * verdict, for calls that came (operation) and tokens that are to be signed (signer) alike.
 */
#ifndef STIR_SERVICE_CREDENTIAL_H
#define STIR_SERVICE_CREDENTIAL_H

#include "rules/authority.h"
#include "service/memory.h"
#include "service/result.h"
#include "service/snapshot.h"
#include "token/passport.h"

/* Whose authority is asked for. text NULL: nobody's, the path alone. */
struct claimant {
    enum passport_type type;
    bool is_tn;
    const char *text;
    int64_t signed_at;
};

struct credential {
    const struct snapshot *snapshot;
    struct memory *memory; /* NULL: nothing is kept */
    struct claimant claimant;
    int64_t now;
    struct authority_walk caller;          /* what SPCs said of the caller's number */
    struct spc_oldest oldest;              /* of what was said for this credential */
    struct encompassed_work *encompassing; /* half made, where it may not lie with the path */
    bool attested;
    struct path_key key;    /* by which the path is kept; digest NULL: it is not */
    struct kept_path *kept; /* what the list came to; NULL: not known, or not kept */
    struct path_work *work; /* or what it came to so far; NULL: nothing */
    bool built;             /* and not recalled */
};

void credential_free(struct credential *credential);
/*
 * Everything that needs the certificates alone: by what the list came to before, or else built,
 * in steps, by all who want it (path_cache.h). shared: the list is where other calls get it,
 * too. It must last as long as credential. 0: go on; BUDGET_GONE: it is to be called again; 1:
 * definitely invalid, stop; negative: it could not be judged. Findings are in the result, whose
 * path they fill.
 */
int credential_judge_list(struct credential *credential, struct body *list, bool shared,
                          size_t *budget, struct stir_result *result, struct stir_error *error);
/* The same of a chain that the caller has, of which nothing is kept, at once. */
int credential_judge_path(struct credential *credential, const struct stir_chain *chain,
                          struct stir_result *result, struct stir_error *error);
/* The rest of that stage, with the lists by reference in the path (lists.h): each list in its
   parent's, and the profile. Or BUDGET_GONE (base/budget.h): it is to be called again, with the
   same path, and has told the result nothing yet. */
int credential_judge_delegation(struct credential *credential, struct stir_result *result,
                                size_t *budget, struct stir_error *error);
int credential_judge_scope(struct credential *credential, struct stir_result *result,
                           struct stir_error *error);

/* Finds what a rule returned: as above. rc is the rule's, finding its error. */
int credential_find(struct stir_result *result, int rc, const struct stir_error *finding,
                    struct stir_error *error);

#endif
