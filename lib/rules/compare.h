/* Is the token this call's: orig against the caller, dest against the called (R8224-6.2.4-1,
   R8225-10.1-1, A-27)? */
#ifndef STIR_RULES_COMPARE_H
#define STIR_RULES_COMPARE_H

#include "sip/uri.h"
#include "token/passport.h"

/* STIR_CODE_ORIG_MISMATCH. */
int compare_orig(const struct passport *passport, const struct identity *caller,
                 struct stir_error *error);
/* The called one must be an element of dest. STIR_CODE_DEST_MISMATCH. */
int compare_dest(const struct passport *passport, const struct identity *called,
                 struct stir_error *error);

#endif
