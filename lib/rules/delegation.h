/*
 * Delegation (RFC 9060 section 4): from the first listed certificate down to the signer, every
 * certificate has a list, and each list is encompassed by its parent's.
 */
#ifndef STIR_RULES_DELEGATION_H
#define STIR_RULES_DELEGATION_H

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
/* That, then STIR_CODE_TNAUTHLIST_UNREACHABLE (a list by reference that nobody got). Signer first. */
int delegation_check_lists(const struct path *path, struct stir_error *error);
/* What the data must say of the numbers that no entry of a parent covers. */
int delegation_ask(const struct path *path, int64_t now, struct spc_questions *questions,
                   struct stir_error *error);
/*
 * STIR_CODE_NOT_ENCOMPASSED, STIR_CODE_ENCOMPASS_UNKNOWN; depth is the child, the sentence has
 * the first witness. A definite no of any pair beats an unknown of any other. Warns
 * scope-unchecked and spc-overhang where policy lets those pass.
 */
int delegation_check_encompassed(const struct path *path, int64_t now,
                                 const struct spc_questions *answers,
                                 const struct delegation_policy *policy,
                                 struct warnings *warnings, struct stir_error *error);

/* "SPC 709J", "SPCs 1234, 709J and 3 more": how sentences name a list's. Returns room. */
enum { DELEGATION_SPCS_SIZE = 80 };
const char *delegation_spcs(char room[DELEGATION_SPCS_SIZE], const struct stir_scope *scope);

#endif
