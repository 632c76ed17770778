/*
 * Revocation: is one of a path's certificates on a list of those that their issuer, or the policy
 * administrator for him, has withdrawn (RFC 5280 section 6.3, A-32)?
 */
#ifndef STIR_RULES_REVOCATION_H
#define STIR_RULES_REVOCATION_H

#include "cert/crl_set.h"
#include "cert/path.h"

/*
 * prefer: a usable list that covers a certificate decides; none that concerns it, and it is
 * taken; one that concerns it but is stale or unusable: status-unknown. require: as prefer, and
 * without a usable list that covers it status-unknown, too. off: nobody asks.
 */
enum status_policy { STATUS_PREFER, STATUS_REQUIRE, STATUS_OFF };

/* Every certificate of the path but its anchor, at now. 0, STIR_CODE_REVOKED,
   STIR_CODE_STATUS_UNKNOWN (with the depth of the first such certificate, a revoked one before
   an unknown one), or negative. */
int revocation_check(const struct path *path, const struct crl_set *lists,
                     enum status_policy policy, int64_t now, struct stir_error *error);

#endif
