/* What a verdict rests on besides the path: lists by reference, an operator's decisions and
   record of signers, sets of indirect CRLs, lists from URLs; with every request of libstir's
   for memory refused in turn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/feed_arrival.h"
#include "tests/feed_stage.h"
#include "tests/memory/every.h"
#include "tests/mint_crl.h"
#include "tests/situation.h"

#define LEAF_URL "https://lists.example.com/acme"
#define PARENT_URL "https://lists.example.com/709J"

static const struct mint lone_root = {.subject = "Lone Root", .key = "root"};
static const struct mint parent = {
    .subject = "Parent", .key = "spc-ca", .ca = MINT_YES, .stir_tn_list = PARENT_URL};
static const struct mint leaf = {
    .subject = "ACME", .key = "delegate", .stir_tn_list = LEAF_URL};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};
static const struct mint pa = {
    .subject = "STI-PA CRL", .key = "pa", .ca = MINT_NO, .key_usage = MINT_KU_CRL_SIGN};
static const struct mint other_pa = {
    .subject = "Other PA", .key = "other", .ca = MINT_NO, .key_usage = MINT_KU_CRL_SIGN};

struct list {
    void *der; /* NULL: there is none */
    size_t len;
};

struct trust {
    struct stage stage;
    struct list leaf, parent;
    const char *decisions, *signers_file;
    bool hook;
    const char *crl_anchors, *crls, *later_crls;
};

static enum stir_decision accept(void *arg, const struct stir_certificate *signer)
{
    (void)arg, (void)signer;
    return STIR_ACCEPT;
}

/* Everything that the trust names. */
static struct stir_config *config_of(const struct trust *trust, const char *crls,
                                     struct stir_error *error)
{
    const struct {
        const char *name, *value;
    } data[] = {
        {"decisions", trust->decisions}, {"crl_anchors", trust->crl_anchors}, {"crl", crls}};
    const struct stir_hooks hooks = {.size = sizeof hooks, .first_seen = accept};
    struct stir_config *config = stage_config(&trust->stage, error);
    int rc = config == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < sizeof data / sizeof *data; i++)
        if (data[i].value != NULL)
            rc = stir_config_set_data(config, data[i].name, data[i].value, STIR_NUL, error);
    if (rc == 0 && trust->signers_file != NULL)
        rc = stir_config_set(config, "signers_file", trust->signers_file, error);
    if (rc == 0 && trust->hook)
        rc = stir_config_set_hooks(config, &hooks, error);
    if (rc == 0)
        return config;
    stir_config_free(config);
    return NULL;
}

static int supply(const struct trust *trust, struct stir_verifier *verifier,
                  struct stir_error *error)
{
    int rc = stage_supply(&trust->stage, verifier, error);

    if (rc == 0 && trust->leaf.der != NULL)
        rc = stir_verifier_supply(verifier, LEAF_URL, trust->leaf.der, trust->leaf.len, error);
    if (rc == 0 && trust->parent.der != NULL)
        rc = stir_verifier_supply(verifier, PARENT_URL, trust->parent.der, trust->parent.len,
                                  error);
    return rc;
}

static int call(const struct trust *trust, struct stir_verifier *verifier,
                struct stir_error *error)
{
    struct stir_call *call = stage_call(&trust->stage);
    struct stir_result *result =
        call == NULL ? NULL : stir_verify(verifier, call, MINT_NOW, 0, error);
    int code = result != NULL ? stir_result_code(result)
               : call == NULL ? STIR_E_NOMEM
                              : error->code;

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static int rows(struct stir_verifier *verifier, int list, struct stir_error *error)
{
    struct stir_rows *rows = stir_verifier_list(verifier, list, error);

    stir_rows_free(rows);
    return rows != NULL ? 0 : error->code;
}

/* Another configuration, with the lists that came later. */
static int reload(const struct trust *trust, struct stir_verifier *verifier,
                  struct stir_error *error)
{
    struct stir_config *config = config_of(trust, trust->later_crls, error);
    int rc = config == NULL ? STIR_E_NOMEM : stir_verifier_reload(verifier, config, error);

    stir_config_free(config);
    return rc;
}

/* From nothing to a verdict, and to what is listed of what it rests on. */
static int judge(const void *arg)
{
    const struct trust *trust = arg;
    struct stir_error error = {0};
    struct stir_config *config = config_of(trust, trust->crls, &error);
    struct stir_verifier *verifier = config == NULL ? NULL : stir_verifier_new(config, &error);
    int rc = verifier == NULL ? STIR_E_NOMEM : supply(trust, verifier, &error), code = 0;

    if (verifier == NULL && error.code != 0)
        rc = error.code;
    if (rc == 0)
        code = rc = call(trust, verifier, &error);
    if (rc >= 0 && trust->later_crls != NULL) {
        rc = reload(trust, verifier, &error);
        if (rc == 0)
            code = rc = call(trust, verifier, &error);
    }
    if (rc >= 0 && trust->hook)
        rc = rows(verifier, STIR_LIST_SIGNERS, &error);
    if (rc >= 0 && trust->crls != NULL)
        rc = rows(verifier, STIR_LIST_CRLS, &error);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return rc < 0 ? rc : code;
}

/* ---- Lists by reference -------------------------------------------------------------------- */

static struct list list_of(const char *first, uint64_t count)
{
    struct stir_scope *scope = stir_scope_new();
    struct list list = {NULL, 0};

    stir_scope_add_range(scope, first, count, NULL);
    list.der = stir_scope_encode(scope, &list.len, NULL);
    stir_scope_free(scope);
    return list;
}

static void references(void)
{
    static const struct situation situation = {.desc = "lists by reference",
                                               .chain = {&leaf, &parent, &lone_root}};
    struct trust trust = {.leaf = list_of("12155551200", 100),
                          .parent = list_of("12155550000", 10000)};
    struct list good = trust.leaf, beyond = list_of("12155559990", 20);

    stage_set(&trust.stage, &situation);
    every_own_request("lists by reference", judge, &trust, 0);
    trust.leaf = beyond;
    every_own_request("one that over-claims", judge, &trust, STIR_CODE_NOT_ENCOMPASSED);
    free(good.der);
    free(beyond.der);
    free(trust.parent.der);
}

/* ---- Signers ------------------------------------------------------------------------------- */

static void signers(void)
{
    static const struct situation situation = {.desc = "signers",
                                               .chain = {&delegate, &lone_root}};
    char folder[] = "/tmp/stir-memory-XXXXXX", file[64], lock[64];
    struct trust trust = {.decisions = "deny spc 709K\nothers hold\n"};

    stage_set(&trust.stage, &situation);
    every_own_request("decisions", judge, &trust, STIR_CODE_SIGNER_HELD);
    trust.hook = true;
    trust.decisions = NULL;
    every_own_request("a signer seen first", judge, &trust, 0);
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(file, sizeof file, "%s/signers", folder);
    snprintf(lock, sizeof lock, "%s/signers.lock", folder);
    trust.signers_file = file; /* which the first time writes, and the others read and write */
    every_own_request("a record of signers", judge, &trust, 0);
    unlink(file);
    unlink(lock);
    if (rmdir(folder) != 0)
        perror(folder);
}

/* ---- CRLs ---------------------------------------------------------------------------------- */

/* Two authorities' lists; the later ones of the first have the signer. */
static void crls(void)
{
    static const struct situation situation = {.desc = "CRLs",
                                               .chain = {&delegate, &lone_root}};
    static const struct mint_crl others = {
        .idp_hex = MINT_IDP_INDIRECT,
        .revoked = {{.serial_hex = "12", .issuer = "A"}, {.serial_hex = "13", .issuer = "B"}}};
    static const struct mint_crl before = {.idp_hex = MINT_IDP_INDIRECT,
                                           .revoked = {{.serial_hex = "12", .issuer = "A"}}};
    static const struct mint_crl after = {
        .idp_hex = MINT_IDP_INDIRECT,
        .number_hex = "02",
        .revoked = {{.serial_hex = "12", .issuer = "A"},
                    {.certificate = &delegate, .issuer = "Lone Root", .reason_hex = "01"}}};
    struct trust trust = {
        .crl_anchors = mint_pem_list(mint_make(&pa, NULL), mint_make(&other_pa, NULL), NULL)};
    char first[8192], later[8192];
    const char *of_other = mint_crl(&others, &other_pa)->pem;

    stage_set(&trust.stage, &situation);
    snprintf(first, sizeof first, "%s%s", mint_crl(&before, &pa)->pem, of_other);
    snprintf(later, sizeof later, "%s%s", mint_crl(&after, &pa)->pem, of_other);
    trust.crls = first;
    every_own_request("indirect CRLs", judge, &trust, 0);
    trust.later_crls = later;
    every_own_request("indirect CRLs, and later ones", judge, &trust, STIR_CODE_REVOKED);
}

/* ---- Lists from URLs ----------------------------------------------------------------------- */

struct feed_list {
    enum fetch_kind kind;
    const char *url, *data;
    size_t len;
};

/* What a URL gave, up to its being in force. */
static int arrive(struct stir_verifier *verifier, const struct feed_list *list)
{
    const struct feed_url url = {.kind = list->kind, .url = (char *)(uintptr_t)list->url};
    struct body *body = body_new(list->data, list->len);
    const struct cache_response response = {.status = 200, .body = body};
    int rc = body == NULL ? STIR_E_NOMEM : feeds_add(&verifier->memory->feeds, &url);

    if (rc == 0) {
        struct feed_arrival *arrival =
            feed_arrival_put(verifier, list->kind, list->url, &response);
        while (arrival != NULL && feed_arrival_step(arrival, SIZE_MAX))
            continue;
        feed_arrival_free(arrival);
    }
    body_free(body);
    return rc;
}

/* A configuration whose lists come from URLs, and two that come; that they did not is said, and
   here because there was no memory. */
static int feed(const void *arg)
{
    const struct feed_list *lists = arg;
    struct stir_error error = {0};
    struct stir_verifier *verifier = NULL;
    struct stir_config *config = stir_config_new();
    int rc = config == NULL ? STIR_E_NOMEM : 0;
    const char *const keys[][2] = {{"fetch", "off"},
                                   {"status", "require"},
                                   {"trusted_list", FEED_TRUSTED},
                                   {"crl", FEED_CRL}};

    if (rc == 0)
        rc = stir_config_set_data(config, "trusted_list_signer", lists[2].data, STIR_NUL,
                                  &error);
    if (rc == 0)
        rc = stir_config_set_data(config, "crl_anchors", lists[3].data, STIR_NUL, &error);
    for (size_t i = 0; rc == 0 && i < sizeof keys / sizeof *keys; i++)
        rc = stir_config_set(config, keys[i][0], keys[i][1], &error);
    if (rc == 0 && (verifier = stir_verifier_new(config, &error)) == NULL)
        rc = error.code;
    for (size_t i = 0; rc == 0 && i < 2; i++)
        rc = arrive(verifier, &lists[i]);
    if (rc == 0)
        rc = rows(verifier, STIR_LIST_ANCHORS, &error);
    if (rc == 0 && stir_verifier_ready(verifier, &error) < 0)
        rc = STIR_E_NOMEM;
    stir_verifier_free(verifier);
    stir_config_free(config);
    return rc;
}

static void feeds(void)
{
    static const struct mint *const roots[] = {&mint_root};
    const char *list = feed_trusted_list("7", "4102444800", roots, 1, feed_list_pa.key);
    const struct mint_crl spec = {.idp_hex = MINT_IDP_INDIRECT, .next_update = MINT_NOT_AFTER};
    const struct minted *crl = mint_crl(&spec, &feed_crl_pa);
    const struct feed_list lists[] = {{FETCH_TRUSTED_LIST, FEED_TRUSTED, list, strlen(list)},
                                      {FETCH_CRL, FEED_CRL, (const char *)crl->der, crl->len},
                                      {.data = mint_make(&feed_list_pa, NULL)->pem},
                                      {.data = mint_make(&feed_crl_pa, NULL)->pem}};

    every_own_request("lists from URLs", feed, lists, 0);
}

/* Under sanitizers, where a fork takes six times as long, one request of three. */
#ifndef EVERY
#define EVERY "1"
#endif

int main(void)
{
    setenv("STIR_EVERY", EVERY, 0);
    references();
    signers();
    crls();
    feeds();
    return every_status();
}
