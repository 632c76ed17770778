/* struct stir_passport: a PASSporT to be signed, or one received to look at. It holds what it was
   given; what is wrong with it is for the signer's precheck. */
#ifndef STIR_SERVICE_PASSPORTS_H
#define STIR_SERVICE_PASSPORTS_H

#include "base/kept.h"
#include "json/value.h"
#include "stir.h"
#include "token/passport.h"

struct stir_passport {
    char *ppt;                         /* "": the base; NULL: no string, so of no type */
    struct value *parameters, *header; /* of a received one; otherwise NULL */
    struct value *payload;             /* NULL: a compact one, received */
    struct kept kept;
};

/* The type as it is in the header; "" is the base, NULL what is no string. */
const char *passports_ppt(const struct stir_passport *passport);
/* The claims in deterministic form (R8225-9), for free(3); iat is now where none was set and
   now is not NULL. STIR_E_UNSUPPORTED: of a type not known here, STIR_E_ARGUMENT: compact and
   so without claims, STIR_E_NOMEM. */
int passports_payload(const struct stir_passport *passport, const int64_t *now, char **payload,
                      struct stir_error *error);
/* Who calls, borrowed, valid or not; false: orig is absent or says nothing. */
bool passports_orig(const struct stir_passport *passport, struct passport_identity *orig);
bool passports_has_dest(const struct stir_passport *passport);
/* When it was made, or is to say that it was; false: it does not say. */
bool passports_iat(const struct stir_passport *passport, int64_t *iat);

#endif
