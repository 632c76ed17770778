/* stir path: may this certificate sign, and for this number? Validates a list without a token. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "output.h"
#include "report.h"
#include "trust.h"

/* What every credential is judged with. */
struct judging {
    const struct options *options;
    struct stir_verifier *verifier;
    struct stir_passport *passport; /* NULL: path and key alone */
    int64_t now;
    size_t n;           /* how many credentials there are */
    struct node *array; /* of several, in JSON */
};

/* Without --tn and --ppt there is none: path and key alone are judged. */
static int make_passport(struct judging *judging)
{
    const char *tn = option_value(judging->options, "tn");
    const char *ppt = option_value(judging->options, "ppt");
    struct stir_error error;

    if (tn == NULL && ppt == NULL)
        return 0;
    judging->passport = stir_passport_new(ppt != NULL ? ppt : "", NULL, &error);
    if (judging->passport == NULL)
        return complain("--ppt: %s", error.text);
    if (tn != NULL && stir_passport_set(judging->passport, "orig", tn, &error) < 0)
        return complain("--tn: %s", error.text);
    return 0;
}

static void print_words(const struct judging *judging, const char *certs,
                        const struct stir_result *result)
{
    if (judging->n > 1)
        report("credential", "%s", certs);
    report_verdict(result);
    report_in_spc(result);
    report_warnings(result);
    report_path(result);
}

static int print(const struct judging *judging, const char *certs,
                 const struct stir_result *result)
{
    struct stir_error error;
    int rc = EXIT_DONE;

    if (!judging->options->json) {
        print_words(judging, certs, result);
    } else if (judging->n == 1) {
        rc = print_text(stir_result_json(result, &error), &error);
    } else {
        char *json = stir_result_json(result, &error);
        if (json == NULL)
            return complain("%s", error.text);
        node_append_described(judging->array, certs, node_parse(json));
        free(json);
    }
    return rc == EXIT_DONE ? verdict_exit(stir_result_verdict(result)) : rc;
}

/* One credential, as it is loaded. */
struct credential {
    struct stir_chain *chain;
    struct stir_key *key; /* NULL: none was given */
};

static void free_credential(struct credential *credential)
{
    stir_key_free(credential->key);
    stir_chain_free(credential->chain);
}

static int load(struct credential *credential, const char *certs, const char *key)
{
    struct stir_error error;

    if ((credential->chain = stir_chain_load(certs, &error)) == NULL)
        return complain("--certs: %s", error.text);
    if (key != NULL && (credential->key = stir_key_load(key, &error)) == NULL)
        return complain("--key: %s", error.text);
    return 0;
}

static int judge(const struct judging *judging, const char *certs,
                 const struct credential *credential)
{
    struct stir_error error;
    struct stir_result *result = NULL;
    struct stir_signer *signer =
        stir_signer_new(judging->verifier, credential->chain, credential->key, NULL, &error);
    int rc;

    if (signer == NULL
        || (result = stir_signer_precheck(signer, judging->passport, judging->now, 0, &error))
               == NULL)
        rc = complain("%s", error.text);
    else
        rc = print(judging, certs, result);
    stir_result_free(result);
    stir_signer_free(signer);
    return rc;
}

/* Of several credentials one that is valid is enough, and otherwise one that may be. */
static int better(int one, int other)
{
    if (one == EXIT_DONE || other == EXIT_DONE)
        return EXIT_DONE;
    return one == EXIT_INDETERMINATE ? one : other;
}

static size_t count(const struct options *options, const char *name)
{
    size_t n = 0, i = 0;

    while (option_next(options, name, &i) != NULL)
        n++;
    return n;
}

/* All that is named, before anything is judged: of wrong use only stderr is written. */
static int load_each(const struct options *options, struct credential *credentials, size_t n)
{
    const char *certs, *key = NULL;
    size_t i = 0, k = 0, n_keys = count(options, "key");
    int rc = 0;

    if (n_keys > 1 && n_keys != n)
        return complain("--key: wanted one for each --certs, or one for all");
    while (rc == 0 && (certs = option_next(options, "certs", &i)) != NULL) {
        if (key == NULL || n_keys > 1)
            key = option_next(options, "key", &k);
        rc = load(credentials++, certs, key);
    }
    return rc;
}

static int judge_each(struct judging *judging, const struct credential *credentials)
{
    const char *certs;
    size_t i = 0;
    int found = EXIT_BAD, rc = 0;

    if (judging->n > 1 && judging->options->json)
        judging->array = node_array();
    while (rc != EXIT_USAGE && (certs = option_next(judging->options, "certs", &i)) != NULL) {
        rc = judge(judging, certs, credentials++);
        found = rc == EXIT_USAGE ? rc : better(found, rc);
    }
    if (judging->array != NULL)
        node_print(judging->array);
    return found;
}

static int load_and_judge(struct judging *judging)
{
    judging->n = count(judging->options, "certs");
    struct credential *credentials = calloc(judging->n, sizeof *credentials);
    if (credentials == NULL)
        return complain_no_memory();
    int rc = load_each(judging->options, credentials, judging->n);
    if (rc == 0)
        rc = judge_each(judging, credentials);
    for (size_t i = 0; i < judging->n; i++)
        free_credential(&credentials[i]);
    free(credentials);
    return rc;
}

static int run(const struct options *options)
{
    struct judging judging = {.options = options};
    int rc = trust_need_anchors(options);

    if (rc == 0)
        rc = option_need(options, "certs");
    if (rc == 0)
        rc = option_now(options, &judging.now);
    if (rc == 0 && (judging.verifier = trust_verifier(options)) == NULL)
        rc = EXIT_USAGE;
    if (rc == 0)
        rc = trust_supply(options, judging.verifier);
    if (rc == 0)
        rc = make_passport(&judging);
    if (rc == 0)
        rc = load_and_judge(&judging);
    stir_passport_free(judging.passport);
    stir_verifier_free(judging.verifier);
    return rc;
}

static const struct option table[] = {
    OPTION_ANCHORS,
    {"certs", "FILE", true, "the list, signer first; several: which of them may sign"},
    {"tn", "TN", false, "the number that is to be signed for"},
    {"ppt", "T", false, "the type of PASSporT; without it the base"},
    {"key", "KEY", true, "the private key that is to sign: PEM, or pkcs11:..."},
    OPTION_SPC,
    OPTION_PROFILE,
    OPTION_CRL,
    OPTION_CRL_ANCHORS,
    OPTION_TNAUTHLIST,
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
    .notes = "Exit status: 0 valid, 1 invalid, 3 indeterminate, 2 wrong use; of several lists "
             "that of\n"
             "the best.\n",
    .run = run,
};
