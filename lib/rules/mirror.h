/* Do the header's parameters mirror the token's JOSE header (R8224-4.1-2 to -4, A-18)? */
#ifndef STIR_RULES_MIRROR_H
#define STIR_RULES_MIRROR_H

#include "base/warnings.h"
#include "sip/identity_header.h"
#include "token/passport.h"

/* STIR_CODE_PPT_MISMATCH; a parameter that is missing is a warning. */
int mirror_check_ppt(const struct identity_header *header, const struct passport *passport,
                     struct warnings *warnings, struct stir_error *error);
/* STIR_CODE_ALG_MISMATCH; an absent parameter means ES256. */
int mirror_check_alg(const struct identity_header *header, const struct passport *passport,
                     struct stir_error *error);
/* STIR_CODE_X5U_MISMATCH; octet by octet. A token without x5u, which brings its certificates itself
   has nothing that info could mirror. */
int mirror_check_x5u(const struct identity_header *header, const struct passport *passport,
                     struct stir_error *error);

#endif
