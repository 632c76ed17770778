/* Is the token fresh (R8224-6.2-4, R7519-1, A-26)? */
#ifndef STIR_RULES_FRESHNESS_H
#define STIR_RULES_FRESHNESS_H

#include "base/warnings.h"
#include "token/passport.h"

struct freshness_policy {
    int64_t window; /* seconds, both ways, inclusive */
    bool require_date;
};

/*
 * STIR_CODE_STALE_IAT (too old or too far ahead), STIR_CODE_STALE_DATE, STIR_CODE_TOKEN_EXPIRED
 * (now >= exp), STIR_CODE_TOKEN_NOT_YET_VALID (now < nbf). date NULL: the call has none. A Date
 * that is absent, stale or unreadable is a warning unless require_date; one that is fresh and
 * differs from iat is a warning in any case, since iat is what RFC 8224 then goes by.
 */
int freshness_check(const struct passport *passport, const char *date, int64_t now,
                    const struct freshness_policy *policy, struct warnings *warnings,
                    struct stir_error *error);
/* The same of a token that is to be signed now (R8224-4.1-8): its iat is its call's Date. */
int freshness_check_unsent(const struct passport *passport, int64_t now,
                           const struct freshness_policy *policy, struct stir_error *error);

#endif
