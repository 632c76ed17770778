/* struct stir_result: the answer about a call, or about one Identity in it. */
#ifndef STIR_SERVICE_RESULT_H
#define STIR_SERVICE_RESULT_H

#include "base/kept.h"
#include "base/warnings.h"
#include "cert/path.h"
#include "json/value.h"
#include "service/policy.h"

struct stir_result {
    struct stir_error finding; /* code 0: valid; positive: the enum stir_code */
    struct warnings warnings;
    struct path path;
    int in_spc;         /* enum stir_answer; -1: that was no question */
    char *ppt, *x5u;    /* NULL: not reached. ppt "": the base. Shown form */
    char *payload_text; /* of the token; NULL: not reached */
    size_t payload_len;
    struct value *payload; /* made of it when first asked for: see result_payload() */
    char *compared_orig, *compared_dest; /* NULL: with nothing */
    bool verstat_by_verdict, no_status;  /* policies verstat_map and require_identity */
    bool status_withheld; /* 436 is no answer where other Identities were had */
    bool is_precheck;     /* of a credential, not of a call */
    struct stir_result **identities;
    size_t n_identities;
    int decided_by;   /* -1: none */
    bool borrowed;    /* it lives in an operation: free does nothing */
    struct kept kept; /* claims handed out */
};

/* A valid one, with nothing in it. NULL: out of memory. */
struct stir_result *result_new(const struct policy *policy);
/* The token's claims, which stay text until somebody looks at them. NULL: not reached, or out of
   memory. */
const struct value *result_payload(const struct stir_result *result);
/* Whoever owns it; stir_result_free() leaves alone what lives in an operation. */
void result_free(struct stir_result *result);
/* Takes over a finding (code > 0); a definite one beats an indeterminate one, and otherwise the
   first wins. Returns whether the result is definitely invalid now: checking stops there. */
bool result_find(struct stir_result *result, const struct stir_error *finding);

#endif
