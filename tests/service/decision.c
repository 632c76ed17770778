/* service/decision: which Identity decides, and with what status (R8224-6.2.1-1, R8224-6.2.2-1,
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "service/decision.h"

enum { MOST = 4 };

static const struct {
    const char *desc;
    int codes[MOST]; /* -1 ends them */
    int decided_by, status;
    enum stir_verdict verdict;
} cases[] = {
    {"none", {-1}, -1, 428, STIR_INDETERMINATE},
    {"one valid (R8224-6.2.1-1)", {0, -1}, 0, 0, STIR_VALID},
    {"the first valid one", {STIR_CODE_BAD_SIGNATURE, 0, 0, -1}, 1, 0, STIR_VALID},
    {"valid beats indeterminate", {STIR_CODE_SCOPE_UNKNOWN, 0, -1}, 1, 0, STIR_VALID},
    {"the first indeterminate one",
     {STIR_CODE_BAD_SIGNATURE, STIR_CODE_SCOPE_UNKNOWN, STIR_CODE_X5U_UNREACHABLE, -1},
     1,
     0,
     STIR_INDETERMINATE},
    {"unreachable alone", {STIR_CODE_X5U_UNREACHABLE, -1}, 0, 436, STIR_INDETERMINATE},
    {"unreachable and refused: all 436",
     {STIR_CODE_X5U_REFUSED, STIR_CODE_X5U_UNREACHABLE, -1},
     1,
     436,
     STIR_INDETERMINATE},
    {"unreachable beside 438",
     {STIR_CODE_X5U_UNREACHABLE, STIR_CODE_BAD_SIGNATURE, -1},
     0,
     0,
     STIR_INDETERMINATE},
    {"unreachable beside an ignored one",
     {STIR_CODE_PPT_UNSUPPORTED, STIR_CODE_X5U_UNREACHABLE, -1},
     1,
     436,
     STIR_INDETERMINATE},
    {"all 436 (R8224-6.2.2-1)",
     {STIR_CODE_X5U_BODY, STIR_CODE_INFO_MISSING, -1},
     0,
     436,
     STIR_INVALID},
    {"one was got, so not 436: 437 before 438, 403 and 436 (R8224-6.2.2-1)",
     {STIR_CODE_X5U_BODY, STIR_CODE_STALE_IAT, STIR_CODE_BAD_SIGNATURE,
      STIR_CODE_NOT_ENCOMPASSED},
     3,
     437,
     STIR_INVALID},
    {"438 before 403",
     {STIR_CODE_STALE_IAT, STIR_CODE_BAD_SIGNATURE, -1},
     1,
     438,
     STIR_INVALID},
    {"403 before 436", {STIR_CODE_X5U_BODY, STIR_CODE_STALE_IAT, -1}, 1, 403, STIR_INVALID},
    {"the first of a status",
     {STIR_CODE_TOKEN_SYNTAX, STIR_CODE_BAD_SIGNATURE, -1},
     0,
     438,
     STIR_INVALID},
    {"no status", {STIR_CODE_ATTEST_TOO_LOW, -1}, 0, 0, STIR_INVALID},
    {"only unknown types",
     {STIR_CODE_PPT_UNSUPPORTED, STIR_CODE_PPT_UNSUPPORTED, -1},
     0,
     428,
     STIR_INDETERMINATE},
    {"an unknown type does not count",
     {STIR_CODE_PPT_UNSUPPORTED, STIR_CODE_STALE_IAT, -1},
     1,
     403,
     STIR_INVALID},
};

static struct stir_result *with_code(const struct policy *policy, int code)
{
    struct stir_result *result = result_new(policy);

    result->finding.code = code;
    return result;
}

Test(decision, table)
{
    struct policy policy;

    policy_init(&policy);
    policy.require_identity = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_result *call = result_new(&policy);
        call->identities = calloc(MOST, sizeof *call->identities);
        while (call->n_identities < MOST && cases[i].codes[call->n_identities] >= 0) {
            int code = cases[i].codes[call->n_identities];
            call->identities[call->n_identities++] = with_code(&policy, code);
        }
        decision_make(call);
        cr_expect_eq(stir_result_decided_by(call), cases[i].decided_by, "%s: %d", cases[i].desc,
                     stir_result_decided_by(call));
        cr_expect_eq(stir_result_sip_status(call, NULL), cases[i].status, "%s: %d",
                     cases[i].desc, stir_result_sip_status(call, NULL));
        cr_expect_eq(stir_result_verdict(call), cases[i].verdict, "%s", cases[i].desc);
        result_free(call);
    }
}

/* Checking goes on after an indeterminate finding, and a definite one beats it. */
Test(result, a_definite_finding_beats_an_indeterminate_one)
{
    struct policy policy;
    struct stir_error unknown, bad;

    policy_init(&policy);
    error_clear(&unknown);
    error_clear(&bad);
    error_set(&unknown, STIR_CODE_ENCOMPASS_UNKNOWN, "unknown");
    error_set(&bad, STIR_CODE_BAD_SIGNATURE, "bad");
    struct stir_result *result = result_new(&policy);
    cr_assert_not(result_find(result, &unknown));
    cr_assert(result_find(result, &bad));
    cr_assert_str_eq(stir_result_detail(result), "bad");
    cr_assert(result_find(result, &unknown), "it stays");
    cr_assert_eq(stir_result_code(result), STIR_CODE_BAD_SIGNATURE);
    result_free(result);
    result = result_new(&policy);
    result_find(result, &unknown);
    error_clear(&bad);
    error_set(&bad, STIR_CODE_SCOPE_UNKNOWN, "later");
    result_find(result, &bad);
    cr_assert_eq(stir_result_code(result), STIR_CODE_ENCOMPASS_UNKNOWN, "the first one");
    result_free(result);
}
