/* stir path: may this certificate sign, and for this number? Validates a list without a token. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "report.h"
#include "trust.h"

/* What the commands's objects are made of, one after the other. */
struct objects {
    struct stir_verifier *verifier;
    struct stir_chain *chain;
    struct stir_key *key;
    struct stir_signer *signer;
    struct stir_passport *passport;
};

static void free_objects(struct objects *objects)
{
    stir_passport_free(objects->passport);
    stir_signer_free(objects->signer);
    stir_key_free(objects->key);
    stir_chain_free(objects->chain);
    stir_verifier_free(objects->verifier);
}

static int make_signer(const struct options *options, struct objects *objects)
{
    const char *key = option_value(options, "key");
    struct stir_error error;

    objects->chain = stir_chain_load(option_value(options, "certs"), &error);
    if (objects->chain == NULL)
        return complain("--certs: %s", error.text);
    if (key != NULL && (objects->key = stir_key_load(key, &error)) == NULL)
        return complain("--key: %s", error.text);
    objects->signer =
        stir_signer_new(objects->verifier, objects->chain, objects->key, NULL, &error);
    return objects->signer != NULL ? 0 : complain("%s", error.text);
}

/* Without --tn and --ppt there is none: path and key alone are judged. */
static int make_passport(const struct options *options, struct objects *objects)
{
    const char *tn = option_value(options, "tn"), *ppt = option_value(options, "ppt");
    struct stir_error error;

    if (tn == NULL && ppt == NULL)
        return 0;
    objects->passport = stir_passport_new(ppt != NULL ? ppt : "", NULL, &error);
    if (objects->passport == NULL)
        return complain("--ppt: %s", error.text);
    if (tn != NULL && stir_passport_set(objects->passport, "orig", tn, &error) < 0)
        return complain("--tn: %s", error.text);
    return 0;
}

static int print(const struct options *options, const struct stir_result *result)
{
    struct stir_error error;

    if (options->json) {
        int rc = print_text(stir_result_json(result, &error), &error);
        return rc == EXIT_DONE ? verdict_exit(stir_result_verdict(result)) : rc;
    }
    report_verdict(result);
    report_in_spc(result);
    report_warnings(result);
    report_path(result);
    return verdict_exit(stir_result_verdict(result));
}

static int judge(const struct options *options, const struct objects *objects, int64_t now)
{
    struct stir_error error;
    struct stir_result *result =
        stir_signer_precheck(objects->signer, objects->passport, now, 0, &error);
    int rc = result != NULL ? print(options, result) : complain("%s", error.text);

    stir_result_free(result);
    return rc;
}

static int run(const struct options *options)
{
    struct objects objects = {0};
    int64_t now;
    int rc = trust_need_anchors(options);

    if (rc == 0)
        rc = option_need(options, "certs");
    if (rc == 0)
        rc = option_now(options, &now);
    if (rc == 0 && (objects.verifier = trust_verifier(options)) == NULL)
        rc = EXIT_USAGE;
    if (rc == 0)
        rc = make_signer(options, &objects);
    if (rc == 0)
        rc = make_passport(options, &objects);
    if (rc == 0)
        rc = judge(options, &objects, now);
    free_objects(&objects);
    return rc;
}

static const struct option table[] = {
    OPTION_ANCHORS,
    {"certs", "FILE", false, "the list, signer first"},
    {"tn", "TN", false, "the number that is to be signed for"},
    {"ppt", "T", false, "the type of PASSporT; without it the base"},
    {"key", "KEY", false, "the private key that is to sign"},
    OPTION_SPC,
    OPTION_PROFILE,
    OPTION_CRL,
    OPTION_CRL_ANCHORS,
    {"tnauthlist", "URL=FILE", true, NULL},
    {0},
};

const struct command command_path = {
    .name = "path",
    .summary = "Validate a list of certificates without a token",
    .operands = "",
    .clock = true,
    .options = table,
    .about =
        "What an authentication service checks before it signs: the path, who holds which\n"
        "numbers, and with --tn whether the number is among the signer's.\n",
    .notes = "Exit status: 0 valid, 1 invalid, 3 indeterminate, 2 wrong use.\n",
    .run = run,
};
