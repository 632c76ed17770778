/* Claims that the signer's certificate demands, permits and forbids (R8226-8-*, R9118-3-*, A-15,
 */
#ifndef STIR_RULES_CONSTRAINTS_H
#define STIR_RULES_CONSTRAINTS_H

#include "base/warnings.h"
#include "cert/claim_constraints.h"
#include "token/passport.h"

/* STIR_CODE_CLAIM_MISSING, STIR_CODE_CLAIM_NOT_PERMITTED, STIR_CODE_CLAIM_EXCLUDED; depth 0. */
int constraints_check(const struct claim_constraints *constraints,
                      const struct passport *passport, struct stir_error *error);
/* mustExclude of iat, orig or dest: a warning, or with reject STIR_CODE_CONSTRAINTS_SYNTAX
   (policy constraints_void; depth 0). */
int constraints_check_void(const struct claim_constraints *constraints, bool reject,
                           struct warnings *warnings, struct stir_error *error);

#endif
