/*
 * Authority: is the caller in the signer's scope (RFC 8226 section 9, RFC 9060 section 5, A-13,
 * A-31)?
 */
#ifndef STIR_RULES_AUTHORITY_H
#define STIR_RULES_AUTHORITY_H

#include "cert/path.h"
#include "rules/delegation.h"
#include "spc/spc.h"

/* Does the provider's own word do for this token, so that the number is only looked up to be
   reported? signer no delegate, its list SPCs only, and the type attested. */
bool authority_is_attested(const struct path *path, bool type_is_attested);

/*
 * What SPCs said of a number, list by list, asked about and judged in portions as those of
 * delegation.h are; but for a list of more than LIMIT_PORTION SPCs there is one. All zero is the
 * beginning, and stays where nobody is asked: then it is unknown.
 */
struct authority_walk {
    size_t depth, list, n_spcs; /* where it is */
    size_t n_asked;
    bool full;                        /* LIMIT_QUESTIONS: some stay unknown */
    unsigned char said[PATH_MOST][2]; /* 0: not asked; 1 + enum stir_answer */
};
/* What the data must say of the number, here and, where spc_overhang is called, above; also
   asked where it is only reported. 0: that is all; BUDGET_GONE: there is more; STIR_E_NOMEM. */
int authority_ask(const struct authority_walk *walk, const struct path *path, const char *tn,
                  int64_t at, const struct delegation_policy *policy,
                  struct spc_questions *questions, struct stir_error *error);
/* Judges it. 0, or BUDGET_GONE: there is more. */
int authority_judge(struct authority_walk *walk, const struct path *path, const char *tn,
                    int64_t at, const struct delegation_policy *policy,
                    const struct spc_questions *answers, size_t *budget);
/*
 * A number: STIR_CODE_NO_TN_AUTHORITY (the signer has no list), STIR_CODE_ORIG_OUT_OF_SCOPE,
 * STIR_CODE_SCOPE_UNKNOWN. *in_spc is enum stir_answer where an SPC of the signer was asked,
 * otherwise -1. spc_unknown invalid makes unknown a no; trust_issuer does not help here. Where
 * spc_overhang is called, the number must be in every list above, too: what a child's list
 * has beyond its parent's was let pass for that.
 */
int authority_check_tn(const struct path *path, const char *tn, bool attested,
                       const struct authority_walk *said,
                       const struct delegation_policy *policy, int *in_spc,
                       struct stir_error *error);
/* A URI by the signer's subjectAltName (R8224-8.4-1, A-13): STIR_CODE_NO_URI_AUTHORITY. */
int authority_check_uri(const struct path *path, const char *uri, struct stir_error *error);

#endif
