/*
 * One verifier, signer and issuer in eight threads, while another reloads the configuration and
 * a third one changes what is at x5u: no verdict that none of the configurations gives. Under
 * ThreadSanitizer, no race either. Each path takes several steps, so that what is half made goes
 * from thread to thread.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "service/path_cache.h"
#include "service/verifier.h"
#include "tests/situation.h"

enum { WORKERS = 8, ROUNDS = 50 };

static const struct mint root = {.subject = "Root", .key = "root"};
static const struct mint stranger = {.subject = "Another Root", .key = "stranger"};
static const struct mint by_spc = {
    .subject = "SPC", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "709J"};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};

#define CHAIN .chain = {&delegate, &by_spc, &root}

/* The code of each as it is under the first configuration. */
static const struct situation situations[] = {
    {"valid", CHAIN, .csv = "spc,first,last\n709J,12155551000,12155551299\n", .code = 0},
    {"out of scope", CHAIN, .orig = "12155551300", .code = STIR_CODE_ORIG_OUT_OF_SCOPE},
    {"bad signature", CHAIN, .corrupt = true, .code = STIR_CODE_BAD_SIGNATURE},
    {"unreachable", CHAIN, .x5u = "https://certificates.example.com/other.pem",
     .code = STIR_CODE_X5U_UNREACHABLE},
};
enum { SITUATIONS = sizeof situations / sizeof *situations };

/* What nobody supplied, and a want brings. */
static const struct situation wanted = {"wanted", CHAIN,
                                        .csv = "spc,first,last\n709J,12155551000,12155551299\n",
                                        .x5u = "https://certificates.example.com/wanted.pem"};

static struct stage stages[SITUATIONS], fetched;
static struct stir_config *configs[2]; /* the second trusts another root alone */
static struct stir_verifier *verifier;
static struct stir_signer *signer;
static struct stir_issuer *issuer;
static struct stir_key *key;
static atomic_int working, failures;

static void complain(const char *what, int found)
{
    const char *name = stir_code_name(found);

    printf("FAIL: %s: came to %s\n", what, name != NULL ? name : "nothing");
    atomic_fetch_add(&failures, 1);
}

/* What it may come to at any time: as it should, no anchor, or rubbish at x5u. */
static bool is_possible(const struct situation *situation, int code)
{
    return code == situation->code
           || (situation->code != STIR_CODE_X5U_UNREACHABLE
               && (code == STIR_CODE_PATH_NO_ANCHOR || code == STIR_CODE_X5U_BODY));
}

static int verify(const struct stage *stage)
{
    struct stir_error error;
    struct stir_call *call = stage_call(stage);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    int code = result != NULL ? stir_result_code(result) : error.code;

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* Ends a want of another thread's operation. */
static void *put(void *want)
{
    stir_want_put(want, 200, stages[0].body, strlen(stages[0].body));
    return NULL;
}

/* An operation whose want another thread ends, and sometimes only after it was freed. */
static int operate(bool wait)
{
    struct stir_error error;
    struct stir_call *call = stage_call(&fetched);
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, &error);
    struct stir_want *want = stir_op_want(op);
    pthread_t thread;
    bool in_memory = want == NULL;
    int rc, code = STIR_CODE_PATH_NO_ANCHOR;

    wait = wait || in_memory;
    if (!in_memory && pthread_create(&thread, NULL, put, want) != 0)
        abort();
    while (wait && (rc = stir_op_step(op, &error)) == STIR_WANT)
        sched_yield();
    if (wait)
        code = rc < 0 ? rc : stir_result_code(stir_op_result(op));
    stir_op_free(op);
    stir_call_free(call);
    if (!in_memory)
        pthread_join(thread, NULL);
    return code;
}

/* Signed by the one signer, whose verifier may not have the anchor just now. */
static void sign(void)
{
    struct stir_error error;
    struct stir_passport *passport = stir_passport_new("", NULL, &error);

    stir_passport_set(passport, "orig", "12155551234", NULL);
    stir_passport_set(passport, "dest", "12155559876", NULL);
    char *identity = stir_signer_sign(signer, passport, MINT_NOW, 0, &error);
    if (identity == NULL && error.code != STIR_CODE_PATH_NO_ANCHOR)
        complain("sign", error.code);
    free(identity);
    stir_passport_free(passport);
}

static void issue(void)
{
    struct stir_error error;
    struct stir_request *request = stir_request_new(key);

    stir_request_set(request, "subject", "CN=ACME", NULL);
    stir_request_set(request, "range", "12155551200+100", NULL);
    struct stir_chain *chain = stir_issuer_issue(issuer, request, MINT_NOW, 0, &error);
    if (chain == NULL && error.code != STIR_CODE_PATH_NO_ANCHOR)
        complain("issue", error.code);
    stir_chain_free(chain);
    stir_request_free(request);
}

static void *work(void *arg)
{
    int first = *(const int *)arg;

    for (int round = 0; round < ROUNDS; round++) {
        const struct stage *stage = &stages[(first + round) % SITUATIONS];
        int code = verify(stage);
        if (!is_possible(stage->situation, code))
            complain(stage->situation->desc, code);
        code = operate(round % 4 != 0);
        if (!is_possible(&situations[0], code))
            complain("operation", code);
        sign();
        if (round % 4 == 0)
            issue();
    }
    atomic_fetch_sub(&working, 1);
    return NULL;
}

static void *reload(void *arg)
{
    (void)arg;
    for (size_t i = 0; atomic_load(&working) > 0; i++) {
        if (stir_verifier_reload(verifier, configs[i % 2], NULL) != 0)
            complain("reload", 0);
        if (i % 4 == 0 && stir_verifier_forget(verifier, NULL, NULL) != 0)
            complain("forget", 0);
        sched_yield();
    }
    return NULL;
}

static void *supply(void *arg)
{
    (void)arg;
    for (size_t i = 0; atomic_load(&working) > 0; i++) {
        if (stir_verifier_supply(verifier, SITUATION_X5U,
                                 i % 2 == 0 ? "rubbish" : stages[0].body, STIR_NUL, NULL)
            != 0)
            complain("supply", 0);
        sched_yield();
    }
    return NULL;
}

static void prepare(void)
{
    static const struct situation other = {"other", .chain = {&delegate, &stranger}};
    struct stage stage;

    for (size_t i = 0; i < SITUATIONS; i++)
        stage_set(&stages[i], &situations[i]);
    stage_set(&stage, &other);
    stage_set(&fetched, &wanted);
    configs[0] = stage_config(&stages[0], NULL);
    configs[1] = stage_config(&stage, NULL);
    verifier = stir_verifier_new(configs[0], NULL);
    verifier->memory->step = 2 * BUDGET_SLICE;
    stage_supply(&stages[0], verifier, NULL);

    struct stir_chain *chain = stir_chain_parse(stages[0].body, STIR_NUL, NULL);
    struct stir_chain *parent =
        stir_chain_parse(mint_make(&by_spc, &root)->pem, STIR_NUL, NULL);
    struct stir_key *parent_key =
        stir_key_parse(mint_key_pem("spc-ca", MINT_P256), STIR_NUL, NULL);
    key = stir_key_parse(mint_key_pem("delegate", MINT_P256), STIR_NUL, NULL);
    signer = stir_signer_new(verifier, chain, key, SITUATION_X5U, NULL);
    issuer = stir_issuer_new(verifier, parent, parent_key, NULL);
    stir_key_free(parent_key);
    stir_chain_free(parent);
    stir_chain_free(chain);
}

static void run(void)
{
    pthread_t threads[WORKERS + 2];
    int numbers[WORKERS];

    atomic_store(&working, WORKERS);
    for (int i = 0; i < WORKERS + 2; i++) {
        if (i < WORKERS)
            numbers[i] = i;
        if (pthread_create(&threads[i], NULL,
                           i < WORKERS    ? work
                           : i == WORKERS ? reload
                                          : supply,
                           i < WORKERS ? &numbers[i] : NULL)
            != 0)
            abort();
    }
    for (int i = 0; i < WORKERS + 2; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    prepare();
    run();
    /* And when all is quiet again, exactly what is due. */
    stir_verifier_reload(verifier, configs[0], NULL);
    stage_supply(&stages[0], verifier, NULL);
    for (size_t i = 0; i < SITUATIONS; i++) {
        int code = verify(&stages[i]);
        if (code != situations[i].code)
            complain(situations[i].desc, code);
    }
    struct path_cache_counts counts;
    path_cache_count(verifier->memory->paths, &counts);
    if (counts.turns <= counts.built) /* rubbish takes one */
        complain("paths in steps", 0);
    stir_issuer_free(issuer);
    stir_signer_free(signer);
    stir_key_free(key);
    stir_verifier_free(verifier);
    stir_config_free(configs[0]);
    stir_config_free(configs[1]);
    return atomic_load(&failures) > 0;
}
