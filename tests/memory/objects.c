/* The authentication service, a CA, and what is looked at, with every request for memory refused
   in turn. */
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "cert/path.h"
#include "rules/delegation.h"
#include "tests/build_scope.h"
#include "tests/memory/every.h"
#include "tests/situation.h"

static const struct mint lone_root = {.subject = "Lone Root", .key = "root"};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};
static const struct mint beyond = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+10000"};
static const struct mint ranges = {
    .subject = "Ranges", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "12155551000+1000"};

/* ---- A path alone -------------------------------------------------------------------------- */

static const struct situation paths[] = {
    {"a path", {&delegate, &lone_root}, .code = 0},
    {"a path that over-claims",
     {&beyond, &ranges, &lone_root},
     .code = STIR_CODE_NOT_ENCOMPASSED},
};

struct desk {
    struct stage stage;
    struct stir_verifier *verifier;
    const char *key;
};

/* Of a passport, or of the error where there is none. */
static int code_of(const void *made, const struct stir_error *error)
{
    return made != NULL ? 0 : error->code != 0 ? error->code : STIR_E_NOMEM;
}

static int path(const void *arg)
{
    const struct desk *desk = arg;
    struct stir_error error = {0};
    struct stir_signer *signer = NULL;
    struct stir_result *result = NULL;
    struct stir_chain *chain = stir_chain_parse(desk->stage.body, STIR_NUL, &error);

    if (chain != NULL)
        signer = stir_signer_new(desk->verifier, chain, NULL, NULL, &error);
    if (signer != NULL)
        result = stir_signer_precheck(signer, NULL, MINT_NOW, 0, &error);
    int code = result != NULL ? stir_result_code(result) : code_of(NULL, &error);
    stir_result_free(result);
    stir_signer_free(signer);
    stir_chain_free(chain);
    return code;
}

/* ---- A path in steps ----------------------------------------------------------------------- */

struct built {
    struct stir_chain *chain;
    struct anchors anchors;
};

/* What lacked memory is done again with what is known by then, which must be true. */
static int steps(const void *arg)
{
    const struct built *built = arg;
    struct path_signatures known = {.made = 0};
    int rc = BUDGET_GONE;

    for (int failed = 0; rc == BUDGET_GONE || (rc == STIR_E_NOMEM && failed++ == 0);) {
        struct stir_error error = {0};
        struct warnings warnings = {0};
        struct path path;
        size_t budget = 1;
        rc = path_build_some(&path, built->chain, &built->anchors, PATH_ORDER_ANY, MINT_NOW,
                             &known, &budget, &warnings, &error);
        path_free(&path);
        warnings_free(&warnings);
    }
    return rc;
}

/* ---- A list in steps ----------------------------------------------------------------------- */

static int read_list(const void *arg)
{
    const char *list = arg;
    struct chain_reader *reader = chain_reader_new(list, strlen(list), false, &es256_gnutls);
    int rc = reader == NULL ? STIR_E_NOMEM : BUDGET_GONE;

    while (rc == BUDGET_GONE) {
        size_t budget = 100;
        rc = chain_reader_step(reader, &budget);
    }
    if (rc == 0) {
        struct stir_chain *chain = chain_reader_take(reader);
        rc = chain->n != 3;
        stir_chain_free(chain);
    }
    chain_reader_free(reader);
    return rc;
}

/* ---- Signing ------------------------------------------------------------------------------- */

static struct stir_passport *passport_for(const struct desk *desk, struct stir_error *error)
{
    struct stir_passport *passport = stir_passport_new("", NULL, error);
    int rc = passport == NULL ? STIR_E_NOMEM : 0;

    if (rc == 0)
        rc = stir_passport_set(passport, "orig", desk->stage.from, error);
    if (rc == 0)
        rc = stir_passport_set(passport, "dest", "12155559876", error);
    if (rc == 0)
        rc = stir_passport_set_json(passport, "rcd", "{\"nam\":\"ACME\"}", error);
    if (rc == 0)
        return passport;
    stir_passport_free(passport);
    return NULL;
}

static int sign(const void *arg)
{
    const struct desk *desk = arg;
    struct stir_error error = {0};
    struct stir_chain *chain = stir_chain_parse(desk->stage.body, STIR_NUL, &error);
    struct stir_key *key = chain == NULL ? NULL : stir_key_parse(desk->key, STIR_NUL, &error);
    struct stir_passport *passport = key == NULL ? NULL : passport_for(desk, &error);
    struct stir_signer *signer = NULL;
    char *identity = NULL;

    if (passport != NULL)
        signer = stir_signer_new(desk->verifier, chain, key, SITUATION_X5U, &error);
    if (signer != NULL)
        identity = stir_signer_sign(signer, passport, MINT_NOW, 0, &error);
    int code = code_of(identity, &error);
    free(identity);
    stir_signer_free(signer);
    stir_passport_free(passport);
    stir_key_free(key);
    stir_chain_free(chain);
    return code;
}

/* ---- Issuing ------------------------------------------------------------------------------- */

struct office {
    const char *chain, *key, *range;
};

static struct stir_request *request_for(const struct office *office, const struct stir_key *key,
                                        struct stir_error *error)
{
    static const char *const settings[] = {"subject", "CN=ACME", "serial", "7f00000000000001",
                                           "days",    "30",      "permit", "attest=A"};
    struct stir_request *request = stir_request_new(key);
    int rc = request == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < sizeof settings / sizeof *settings; i += 2)
        rc = stir_request_set(request, settings[i], settings[i + 1], error);
    if (rc == 0)
        rc = stir_request_set(request, "range", office->range, error);
    if (rc == 0)
        return request;
    stir_request_free(request);
    return NULL;
}

static int issue(const void *arg)
{
    const struct office *office = arg;
    struct stir_error error = {0};
    struct stir_chain *chain = stir_chain_parse(office->chain, STIR_NUL, &error), *made = NULL;
    struct stir_key *key = chain == NULL ? NULL : stir_key_parse(office->key, STIR_NUL, &error);
    struct stir_request *request = key == NULL ? NULL : request_for(office, key, &error);
    struct stir_issuer *issuer =
        request == NULL ? NULL : stir_issuer_new(NULL, chain, key, &error);

    if (issuer != NULL)
        made = stir_issuer_issue(issuer, request, MINT_NOW, 0, &error);
    int code = code_of(made, &error);
    stir_chain_free(made);
    stir_issuer_free(issuer);
    stir_request_free(request);
    stir_key_free(key);
    stir_chain_free(chain);
    return code;
}

/* ---- Looking ------------------------------------------------------------------------------- */

struct look {
    const char *data;
    enum stir_form form;
};

static int describe(const void *arg)
{
    const struct look *look = arg;
    struct stir_error error = {0};
    char *text = stir_describe(look->data, strlen(look->data), look->form, &error);
    int code = code_of(text, &error);

    free(text);
    return code;
}

/* Scopes made, encoded, parsed, and compared, with what is not covered. */
static int scopes(const void *arg)
{
    struct stir_error error = {0};
    struct stir_scope *a = stir_scope_new(), *b = NULL, *rest = NULL;
    int rc = a == NULL ? STIR_E_NOMEM : stir_scope_add_range(a, "12155551200", 100, &error);
    size_t len = 0;
    (void)arg;

    if (rc == 0)
        rc = stir_scope_add_spc(a, "709J", &error);
    if (rc == 0)
        rc = stir_scope_add_tn(a, "*67", &error);
    void *der = rc == 0 ? stir_scope_encode(a, &len, &error) : NULL;
    if (der != NULL)
        b = stir_scope_parse(der, len, &error);
    rc = rc < 0 ? rc : code_of(b, &error);
    if (rc == 0)
        rc = stir_scope_add_tn(b, "12155551300", &error);
    if (rc == 0)
        rc = stir_scope_encompasses(a, b, &rest, &error);
    free(der);
    stir_scope_free(rest);
    stir_scope_free(a);
    stir_scope_free(b);
    return rc;
}

/* -------------------------------------------------------------------------------------------- */

static void desks(void)
{
    struct desk desk = {.key = mint_key_pem("delegate", MINT_P256)};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        stage_set(&desk.stage, &paths[i]);
        desk.verifier = stage_verifier(&desk.stage, NULL);
        every_request(paths[i].desc, path, &desk, paths[i].code);
        if (i == 0)
            every_request("a token", sign, &desk, 0);
        else
            every_request("a token refused", sign, &desk, paths[i].code);
        stir_verifier_free(desk.verifier);
    }
}

/* Lists judged in portions of three questions, of which a range's SPCs take several. */
struct delegation {
    struct listed listed;
    struct spc_source *source;
};

static int walk_portion(struct delegation_walk *walk, const struct delegation *delegation)
{
    const struct path *path = &delegation->listed.path;
    struct spc_questions questions = {0};
    size_t all = SIZE_MAX;
    int rc = delegation_walk_ask(walk, path, MINT_NOW, &questions, NULL);

    if (rc >= 0 && spc_ask(delegation->source, &questions, NULL) < 0)
        rc = STIR_E_NOMEM;
    if (rc >= 0)
        rc = delegation_walk_judge(walk, path, MINT_NOW, &questions, &all, NULL);
    spc_questions_free(&questions);
    return rc;
}

static int walk(const void *arg)
{
    static const struct delegation_policy policy = {.overhang = SPC_OVERHANG_CALLED};
    const struct delegation *delegation = arg;
    struct delegation_walk walk = {.portion = 3};
    struct warnings warnings = {0};
    int rc;

    do
        rc = walk_portion(&walk, delegation);
    while (rc == BUDGET_GONE);
    if (rc == 0)
        rc = delegation_walk_settle(&walk, &delegation->listed.path, &policy, &warnings, NULL);
    if (rc == 0 && warnings.n != 1)
        rc = STIR_E_INTERNAL;
    warnings_free(&warnings);
    delegation_walk_free(&walk);
    return rc;
}

static void walked(void)
{
    struct delegation delegation;

    listed_make(&delegation.listed, "10+20 40 50 52 < A! B! C! D! E! F! G!");
    delegation.source = said_source("A 10-15 yes, B 16-20 yes, C 21-29 yes, D 40-60 unknown, "
                                    "E 50-51 yes, F 40-40 yes");
    every_request("lists judged in portions", walk, &delegation, 0);
    spc_source_free(delegation.source);
    listed_free(&delegation.listed);
}

static void built(void)
{
    const struct minted *leaf = mint_make(&mint_delegate, &mint_spc_ca),
                        *spc_ca = mint_make(&mint_spc_ca, &mint_sti_ca),
                        *sti_ca = mint_make(&mint_sti_ca, &mint_root);
    const char *root = mint_make(&mint_root, NULL)->pem;
    struct built built = {.chain = NULL};
    struct stir_error error;

    every_request("a list in steps", read_list, mint_pem_list(leaf, spc_ca, sti_ca, NULL), 0);
    if (anchors_add_pem(&built.anchors, root, strlen(root), &es256_gnutls, &error) != 0)
        abort();
    built.chain =
        stir_chain_parse(mint_pem_list(leaf, sti_ca, leaf, spc_ca, NULL), STIR_NUL, &error);
    every_own_request("a path in steps, with warnings", steps, &built, 0);
    stir_chain_free(built.chain);
    built.chain = stir_chain_parse(mint_pem_list(leaf, spc_ca, NULL), STIR_NUL, &error);
    every_own_request("a path in steps that ends nowhere", steps, &built,
                      STIR_CODE_PATH_NO_ANCHOR);
    stir_chain_free(built.chain);
    anchors_free(&built.anchors);
}

static void offices(void)
{
    struct office office = {mint_make(&ranges, &lone_root)->pem,
                            mint_key_pem("spc-ca", MINT_P256), "12155551200+100"};

    every_request("a certificate", issue, &office, 0);
    office.range = "12155551900+200";
    every_request("a certificate refused", issue, &office, STIR_CODE_NOT_ENCOMPASSED);
}

static void looks(void)
{
    struct stage stage;
    struct look look = {.form = STIR_JSON};

    stage_set(&stage, &paths[0]);
    look.data = stage.body;
    every_request("a certificate as JSON", describe, &look, 0);
    look.form = STIR_TEXT;
    every_request("a certificate as text", describe, &look, 0);
    look.data = stage.identity;
    every_request("an Identity value as text", describe, &look, 0);
}

int main(void)
{
    desks();
    built();
    walked();
    offices();
    looks();
    every_request("scopes", scopes, NULL, STIR_UNKNOWN);
    return every_status();
}
