/* Verification with every request for memory refused in turn. */
#include <stdlib.h>

#include "base/budget.h"
#include "service/verifier.h"
#include "tests/memory/every.h"
#include "tests/mint_crl.h"
#include "tests/situation.h"

static const struct mint lone_root = {.subject = "Lone Root", .key = "root"};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};
static const struct mint by_spc = {
    .subject = "SPC", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "709J"};

#define SHORT .chain = {&delegate, &lone_root}
#define CSV "spc,first,last\n709J,12155551000,12155551299\n"

static const struct situation situations[] = {
    {"a delegated call", {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}, .code = 0},
    {"a provider's call", {&mint_shaken, &lone_root}, .ppt = "shaken"},
    {"compact", SHORT, .compact = true},
    {"numbers under an SPC", {&delegate, &by_spc, &lone_root}, .csv = CSV},
    {"its own certificates", SHORT, .x5c = true, .nothing = true},
    {"in any order", SHORT, .path_order = "any"},
    {"bad signature", SHORT, .corrupt = true, .code = STIR_CODE_BAD_SIGNATURE},
    {"out of scope", SHORT, .orig = "12155551300", .code = STIR_CODE_ORIG_OUT_OF_SCOPE},
    {"unreachable", SHORT, .nothing = true, .code = STIR_CODE_X5U_UNREACHABLE},
};

struct job {
    struct stage stage;
    struct stir_verifier *verifier;
};

/* From the headers to the JSON. */
static int verify(const void *arg)
{
    const struct job *job = arg;
    struct stir_error error;
    struct stir_call *call = stage_call(&job->stage);

    if (call == NULL)
        return STIR_E_NOMEM;
    struct stir_result *result = stir_verify(job->verifier, call, MINT_NOW, 0, &error);
    int code = result != NULL ? stir_result_code(result) : error.code;
    char *json = result != NULL ? stir_result_json(result, &error) : NULL;
    if (result != NULL && json == NULL && error.code != STIR_E_NOMEM)
        code = STIR_E_INTERNAL;
    free(json);
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* By hand, the list put into its want, and what came of it asked again: an operation that lacked
   memory once must not end as good. */
static int operate(const void *arg)
{
    struct job job = *(const struct job *)arg;
    struct stir_error error = {0};
    struct stir_config *config = stage_config(&job.stage, &error);
    struct stir_verifier *verifier = config == NULL ? NULL : stir_verifier_new(config, &error);
    struct stir_call *call = verifier == NULL ? NULL : stage_call(&job.stage);
    struct stir_op *op = call == NULL ? NULL : stir_op_new(verifier, call, MINT_NOW, &error);
    struct stir_want *want;
    int code = STIR_E_NOMEM;

    if (op != NULL) {
        while ((want = stir_op_want(op)) != NULL) {
            stir_want_add_header(want, "ETag", "\"1\"", STIR_NUL);
            stir_want_put(want, 200, job.stage.body, STIR_NUL);
        }
        code = stir_op_step(op, &error);
        if (code != 0 && stir_op_step(op, NULL) == 0)
            code = STIR_E_INTERNAL;
        if (code == 0)
            code = stir_result_code(stir_op_result(op));
    } else if (error.code != 0) {
        code = error.code;
    }
    stir_op_free(op);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return code;
}

/* From nothing to a verifier that has all that it needs. */
static int load(const void *arg)
{
    struct stir_error error = {0};
    struct stir_verifier *verifier = stage_verifier(arg, &error);

    stir_verifier_free(verifier);
    return verifier != NULL ? 0 : error.code != 0 ? error.code : STIR_E_NOMEM;
}

/* The same by a verifier that has seen no certificate yet, in several steps. */
static int verify_first(const void *arg)
{
    struct job job = *(const struct job *)arg;
    struct stir_error error = {0};

    job.verifier = stage_verifier(&job.stage, &error);
    if (job.verifier == NULL)
        return error.code != 0 ? error.code : STIR_E_NOMEM;
    job.verifier->memory->step = BUDGET_SLICE;
    int code = verify(&job);
    stir_verifier_free(job.verifier);
    return code;
}

/* ---- Revocation ---------------------------------------------------------------------------- */

static const struct mint pa = {
    .subject = "STI-PA CRL", .key = "pa", .ca = MINT_NO, .key_usage = MINT_KU_CRL_SIGN};

struct listed {
    struct stage stage;
    const char *anchor, *list;
};

/* From nothing to a verdict by a revocation list, and to the list of lists. */
static int verify_listed(const void *arg)
{
    const struct listed *listed = arg;
    struct job job = {.stage = listed->stage};
    struct stir_error error = {0};
    struct stir_config *config = stage_config(&listed->stage, &error);
    struct stir_rows *rows = NULL;
    int rc = config == NULL ? STIR_E_NOMEM : 0;

    if (rc == 0)
        rc = stir_config_set_data(config, "crl_anchors", listed->anchor, STIR_NUL, &error);
    if (rc == 0)
        rc = stir_config_set_data(config, "crl", listed->list, STIR_NUL, &error);
    if (rc == 0)
        job.verifier = stir_verifier_new(config, &error);
    stir_config_free(config);
    if (job.verifier == NULL)
        return rc < 0 ? rc : error.code != 0 ? error.code : STIR_E_NOMEM;
    rc = stage_supply(&listed->stage, job.verifier, &error);
    if (rc == 0)
        rc = verify(&job);
    rows = rc >= 0 ? stir_verifier_list(job.verifier, STIR_LIST_CRLS, &error) : NULL;
    if (rc >= 0 && rows == NULL)
        rc = error.code;
    stir_rows_free(rows);
    stir_verifier_free(job.verifier);
    return rc;
}

static void revocations(void)
{
    const struct mint_crl lists[] = {
        {.idp_hex = MINT_IDP_INDIRECT},
        {.idp_hex = MINT_IDP_INDIRECT,
         .revoked = {{.certificate = &delegate, .issuer = "Lone Root", .reason_hex = "01"}}}};
    static const int codes[] = {0, STIR_CODE_REVOKED};
    static const struct situation situation = {"a list", SHORT};
    struct listed listed = {.anchor = mint_make(&pa, NULL)->pem};

    for (size_t i = 0; i < 2; i++) {
        stage_set(&listed.stage, &situation);
        listed.list = mint_crl(&lists[i], &pa)->pem;
        every_request(i == 0 ? "a CRL of nobody" : "a CRL of the signer", verify_listed,
                      &listed, codes[i]);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
        struct job job;
        stage_set(&job.stage, &situations[i]);
        job.verifier = stage_verifier(&job.stage, NULL);
        every_request(situations[i].desc, verify_first, &job, situations[i].code);
        every_request(situations[i].desc, verify, &job, situations[i].code);
        if (i < 2)
            every_request(situations[i].desc, operate, &job, situations[i].code);
        stir_verifier_free(job.verifier);
    }
    struct stage stage;
    stage_set(&stage, &situations[3]);
    every_request("a verifier", load, &stage, 0);
    revocations();
    return every_status();
}
