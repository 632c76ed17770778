/* What an operator decides: every policy key of this version, as a value. */
#ifndef STIR_SERVICE_POLICY_H
#define STIR_SERVICE_POLICY_H

#include "base/error.h"
#include "cert/path.h"
#include "fetch/cache.h"
#include "fetch/fetch_policy.h"
#include "rules/delegation.h"
#include "rules/freshness.h"
#include "rules/profile.h"
#include "rules/revocation.h"
#include "sip/number_plan.h"

enum compare_orig_with { ORIG_CHECK_PAI, ORIG_CHECK_FROM, ORIG_CHECK_OFF };
enum compare_dest_with { DEST_CHECK_TO, DEST_CHECK_REQUEST_URI, DEST_CHECK_OFF };
enum min_attest { MIN_ATTEST_NONE, MIN_ATTEST_A, MIN_ATTEST_B, MIN_ATTEST_C };
/* Who fetches: the library, the caller (wants come out of operations and fetchers), nobody. */
enum fetch_by { FETCH_BY_LIBRARY, FETCH_BY_CALLER, FETCH_BY_NOBODY };
/* Bits of spc_attests. */
enum { ATTESTS_SHAKEN = 1, ATTESTS_DIV = 2, ATTESTS_RCD = 4 };

struct policy {
    enum profile profile;
    enum path_order path_order;
    enum status_policy status;
    struct delegation_policy delegation;
    unsigned spc_attests;   /* ATTESTS_* */
    int64_t spc_db_max_age; /* seconds; -1: none is too old */
    struct freshness_policy freshness;
    enum compare_orig_with orig_check;
    enum compare_dest_with dest_check;
    bool numeric_user_is_tn;
    enum number_plan number_plan;
    bool any_origid;
    bool reject_non_deterministic; /* strict_json */
    bool prefer_x5c;               /* x5c */
    bool reject_void_constraints;  /* constraints_void */
    bool reference_only;           /* reference_list */
    bool require_identity;
    enum min_attest min_attest;
    bool verstat_by_verdict; /* verstat_map */
    bool reject_media;       /* x5u_media */
    bool replay;
    enum fetch_by fetch;
    struct cache_policy cache; /* cache_floor, stale_if_error */
};

/* How many keys there are, and the name and first value of each. */
size_t policy_key_count(void);
const char *policy_key_name(size_t i);
const char *policy_key_initial(size_t i);
/* The index of a key. STIR_E_ARGUMENT: there is none of that name; STIR_E_UNSUPPORTED: it is one
   of a later version. */
int policy_key_find(const char *name, size_t *i, struct stir_error *error);
/* Obeys a value from now on. STIR_E_ARGUMENT, STIR_E_UNSUPPORTED (the value is of a later
   version), STIR_E_FILE (of cache_file); then nothing changed. */
int policy_set(struct policy *policy, size_t i, const char *value, struct stir_error *error);
/* The part of a value that fetches keep, if it is such a key: 0 or STIR_E_NOMEM. The value is one
   that policy_set() took. */
int policy_set_fetch(struct fetch_policy *policy, size_t i, const char *value);
/* The first value of every key. */
void policy_init(struct policy *policy);

#endif
