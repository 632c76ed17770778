/* What an operator decides: every policy key of design.md that this version obeys, as a value. */
#ifndef STIR_SERVICE_POLICY_H
#define STIR_SERVICE_POLICY_H

#include "base/error.h"
#include "cert/path.h"
#include "rules/delegation.h"
#include "rules/freshness.h"

enum compare_orig_with { ORIG_CHECK_PAI, ORIG_CHECK_FROM, ORIG_CHECK_OFF };
enum compare_dest_with { DEST_CHECK_TO, DEST_CHECK_REQUEST_URI, DEST_CHECK_OFF };
enum min_attest { MIN_ATTEST_NONE, MIN_ATTEST_A, MIN_ATTEST_B, MIN_ATTEST_C };
/* Bits of spc_attests. */
enum { ATTESTS_SHAKEN = 1, ATTESTS_DIV = 2, ATTESTS_RCD = 4 };

struct policy {
    enum path_order path_order;
    struct delegation_policy delegation;
    unsigned spc_attests; /* ATTESTS_* */
    struct freshness_policy freshness;
    enum compare_orig_with orig_check;
    enum compare_dest_with dest_check;
    bool numeric_user_is_tn;
    bool any_origid;
    bool reject_non_deterministic; /* strict_json */
    bool reject_void_constraints;  /* constraints_void */
    bool require_identity;
    enum min_attest min_attest;
    bool verstat_by_verdict; /* verstat_map */
};

#endif
