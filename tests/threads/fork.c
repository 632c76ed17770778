/*
 * Four workers, each with a verifier of its own from the one configuration that the parent read;
 * what the parent itself made of it says STIR_E_FORKED in them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/situation.h"

enum { WORKERS = 4 };

static const struct mint root = {.subject = "Root", .key = "root"};
static const struct mint by_spc = {
    .subject = "SPC", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "709J"};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};

static const struct situation situations[] = {
    {"valid", .chain = {&delegate, &by_spc, &root},
     .csv = "spc,first,last\n709J,12155551000,12155551299\n", .code = 0},
    {"bad signature", .chain = {&delegate, &by_spc, &root}, .corrupt = true,
     .csv = "spc,first,last\n709J,12155551000,12155551299\n", .code = STIR_CODE_BAD_SIGNATURE},
};

/* What the parent has. */
static struct stage stages[2];
static struct stir_config *config;
static struct stir_call *call;
static struct stir_chain *chain;
static struct stir_passport *passport;
static struct stir_request *request;
static struct stir_verifier *verifier;
static struct stir_op *op;
static struct stir_key *key;
static struct stir_signer *signer;
static struct stir_issuer *issuer;

static int failures;

static void expect(const char *what, bool made, const struct stir_error *error, int wanted)
{
    int found = made ? 0 : error->code;

    if (found == wanted)
        return;
    printf("FAIL: process %d: %s: wanted %s, found %s: %s\n", (int)getpid(), what,
           stir_code_name(wanted), stir_code_name(found), made ? "" : error->text);
    failures++;
}

/* All that the parent's objects can be asked: STIR_E_FORKED in a child, 0 in the parent. */
static void ask_all(int wanted)
{
    struct stir_error error;

    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);
    expect("verify", result != NULL, &error, wanted);
    stir_result_free(result);
    struct stir_op *another = stir_op_new(verifier, call, MINT_NOW, &error);
    expect("op_new", another != NULL, &error, wanted);
    stir_op_free(another);
    expect("reload", stir_verifier_reload(verifier, config, &error) == 0, &error, wanted);
    expect("supply", stir_verifier_supply(verifier, NULL, "x", 1, &error) == 0, &error, wanted);
    expect("op_step", stir_op_step(op, &error) >= 0, &error, wanted);
    result = stir_signer_precheck(signer, passport, MINT_NOW, 0, &error);
    expect("signer_precheck", result != NULL, &error, wanted);
    stir_result_free(result);
    char *text = stir_signer_sign(signer, passport, MINT_NOW, 0, &error);
    expect("sign", text != NULL, &error, wanted);
    free(text);
    result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, &error);
    expect("issuer_precheck", result != NULL, &error, wanted);
    stir_result_free(result);
    struct stir_chain *made = stir_issuer_issue(issuer, request, MINT_NOW, 0, &error);
    expect("issue", made != NULL, &error, wanted);
    stir_chain_free(made);
    text = stir_key_pem(key, &error);
    expect("key_pem", text != NULL, &error, wanted);
    free(text);
    text = stir_identity_canonical(verifier, "12155551212", STIR_NUL, &error);
    expect("identity_canonical", text != NULL, &error, wanted);
    free(text);
}

/* A worker's own, of what may cross. */
static void work(void)
{
    struct stir_error error;
    struct stir_verifier *own = stir_verifier_new(config, &error);

    expect("verifier_new", own != NULL, &error, 0);
    for (int i = 0; i < 2; i++) {
        struct stir_call *mine = stage_call(&stages[i]);
        stage_supply(&stages[i], own, NULL);
        struct stir_result *result = stir_verify(own, mine, MINT_NOW, 0, &error);
        error.code = stir_result_code(result);
        expect(situations[i].desc, error.code == 0, &error, situations[i].code);
        stir_result_free(result);
        stir_call_free(mine);
    }
    struct stir_result *result = stir_verify(own, call, MINT_NOW, 0, &error);
    expect("the parent's call", result != NULL, &error, 0);
    stir_result_free(result);
    struct stir_key *mine = stir_key_parse(mint_key_pem("delegate", MINT_P256), STIR_NUL, NULL);
    struct stir_signer *own_signer = stir_signer_new(own, chain, mine, SITUATION_X5U, &error);
    char *identity = stir_signer_sign(own_signer, passport, MINT_NOW, 0, &error);
    expect("the parent's chain and passport", identity != NULL, &error, 0);
    free(identity);
    stir_signer_free(own_signer);
    stir_key_free(mine);
    stir_verifier_free(own);
}

static void prepare(void)
{
    for (int i = 0; i < 2; i++)
        stage_set(&stages[i], &situations[i]);
    config = stage_config(&stages[0], NULL);
    verifier = stir_verifier_new(config, NULL);
    stage_supply(&stages[0], verifier, NULL);
    call = stage_call(&stages[0]);
    op = stir_op_new(verifier, call, MINT_NOW, NULL);
    chain = stir_chain_parse(stages[0].body, STIR_NUL, NULL);
    key = stir_key_parse(mint_key_pem("delegate", MINT_P256), STIR_NUL, NULL);
    signer = stir_signer_new(verifier, chain, key, SITUATION_X5U, NULL);
    passport = stir_passport_new("", call, NULL);
    request = stir_request_new(key);
    stir_request_set(request, "subject", "CN=Another", NULL);
    struct stir_chain *above = stir_chain_parse(mint_make(&by_spc, &root)->pem, STIR_NUL, NULL);
    struct stir_key *above_key =
        stir_key_parse(mint_key_pem("spc-ca", MINT_P256), STIR_NUL, NULL);
    issuer = stir_issuer_new(verifier, above, above_key, NULL);
    stir_request_set(request, "range", "12155551200+100", NULL);
    stir_key_free(above_key);
    stir_chain_free(above);
}

static void finish(void)
{
    stir_issuer_free(issuer);
    stir_request_free(request);
    stir_passport_free(passport);
    stir_signer_free(signer);
    stir_key_free(key);
    stir_chain_free(chain);
    stir_op_free(op);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

int main(void)
{
    pid_t children[WORKERS];

    prepare();
    for (int i = 0; i < WORKERS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            ask_all(STIR_E_FORKED);
            work();
            finish(); /* which takes the parent's objects, too */
            fflush(stdout);
            _exit(failures > 0);
        }
    }
    for (int i = 0; i < WORKERS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        failures += status != 0;
    }
    ask_all(0);
    finish();
    return failures > 0;
}
