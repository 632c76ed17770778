/* Paths that others made: 384 production SHAKEN certificates and x509-limbo's cases. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "tests/build_path.h"
#include "tests/help.h"

/* ---- production certificates ---- */

/* PEM of shaken/FOLDER/NAME.pem; for free(3). */
static char *shaken_pem(const char *folder, const char *name)
{
    char *relative = NULL;

    if (asprintf(&relative, "shaken/%s/%s.pem", folder, name) < 0)
        abort();
    char *path = help_corpus(relative);
    char *pem = help_read(path, NULL);
    cr_assert_not_null(pem, "%s is not there", path);
    free(relative);
    free(path);
    return pem;
}

/* The order that the letters of indices say, "021": the PEMs of a path; for free(3). */
static char *in_order(char *const pems[3], const char *order)
{
    char *list = calloc(1, 65536);

    for (; *order != '\0'; order++)
        strcat(list, pems[*order - '0']);
    return list;
}

static const struct {
    const char *desc, *list;
    enum path_order order;
    int code;
    bool warns;
} arrangements[] = {{"as recorded, auto", "012", PATH_ORDER_AUTO, 0, false},
                    {"as recorded, strict", "012", PATH_ORDER_STRICT, 0, false},
                    {"without the root", "01", PATH_ORDER_AUTO, 0, false},
                    {"shuffled, any", "021", PATH_ORDER_ANY, 0, true},
                    {"shuffled, auto", "021", PATH_ORDER_AUTO, 0, true},
                    {"shuffled, strict", "021", PATH_ORDER_STRICT, STIR_CODE_PATH_ORDER, false},
                    {"without the CA", "02", PATH_ORDER_AUTO, STIR_CODE_PATH_NO_ANCHOR, false}};

static void judge_leaf(const struct value *leaf)
{
    const struct value *best = value_member(leaf, "best_path");
    const char *name = value_string(value_member(leaf, "sha256"));
    char *pems[3];
    int64_t at;

    cr_assert_eq(value_size(best), 3);
    cr_assert(value_integer(value_member(leaf, "at"), &at));
    for (size_t i = 0; i < 3; i++)
        pems[i] = shaken_pem(i == 0 ? "leaf" : "ca", value_string(value_at(best, i)));
    for (size_t i = 0; i < sizeof arrangements / sizeof *arrangements; i++) {
        char *list = in_order(pems, arrangements[i].list);
        struct built built;
        built_make(&built, list, (const char *const *)&pems[2], 1, arrangements[i].order, at);
        cr_expect_eq(built.code, arrangements[i].code, "%s, %s: %s", name, arrangements[i].desc,
                     built_said(&built));
        cr_expect_eq(built_has_warning(&built, "path-order"), arrangements[i].warns, "%s, %s",
                     name, arrangements[i].desc);
        if (built.code == 0)
            cr_expect_eq(built.path.n, 3, "%s, %s", name, arrangements[i].desc);
        built_free(&built);
        free(list);
    }
    for (size_t i = 0; i < 3; i++)
        free(pems[i]);
}

/* what real certificates do. */
Test(path_corpora, production_certificates_validate_where_they_are_recorded_to)
{
    size_t n = 0, len;

    help_need_corpora();
    char *path = help_corpus("shaken/leaf.jsonl"), *all = help_read(path, &len), *state;
    cr_assert_not_null(all);
    for (char *line = strtok_r(all, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        struct value *leaf;
        struct stir_error error = {0};
        cr_assert_eq(value_load(line, strlen(line), &leaf, &error), 0, "%s", error.text);
        judge_leaf(leaf);
        value_free(leaf);
        n++;
    }
    cr_expect_eq(n, 384);
    free(all);
    free(path);
}

/* ---- x509-limbo ---- */

struct limbo {
    const char *id, *class;
    bool success; /* what limbo expects */
    struct built built;
};

static char *concatenated(const struct value *leaf, const struct value *untrusted)
{
    size_t len = strlen(value_string(leaf)) + 2;

    for (size_t i = 0; i < value_size(untrusted); i++)
        len += strlen(value_string(value_at(untrusted, i))) + 1;
    char *list = calloc(1, len);
    strcat(strcat(list, value_string(leaf)), "\n");
    for (size_t i = 0; i < value_size(untrusted); i++)
        strcat(strcat(list, value_string(value_at(untrusted, i))), "\n");
    return list;
}

static void judge_limbo(struct limbo *limbo, const struct value *test)
{
    const struct value *trust = value_member(test, "trust");
    const char *anchors[16];
    int64_t at;

    limbo->id = value_string(value_member(test, "id"));
    limbo->class = value_string(value_member(test, "class"));
    limbo->success = strcmp(value_string(value_member(test, "limbo_expected")), "SUCCESS") == 0;
    cr_assert(value_integer(value_member(test, "at"), &at));
    cr_assert_leq(value_size(trust), 16);
    for (size_t i = 0; i < value_size(trust); i++)
        anchors[i] = value_string(value_at(trust, i));
    char *list = concatenated(value_member(test, "leaf"), value_member(test, "untrusted"));
    built_make(&limbo->built, list, anchors, value_size(trust), PATH_ORDER_ANY, at);
    free(list);
}

/* Calls each with every case of that class; how many there were. */
static size_t for_limbo(const char *class, void (*each)(const struct limbo *limbo))
{
    struct value *all;
    struct stir_error error = {0};
    size_t len, n = 0;
    char *path = help_corpus("x509-limbo/limbo-stir.json"), *text = help_read(path, &len);

    cr_assert_not_null(text);
    cr_assert_eq(value_load(text, len, &all, &error), 0, "%s", error.text);
    const struct value *cases = value_member(all, "testcases");
    for (size_t i = 0; i < value_size(cases); i++) {
        struct limbo limbo;
        if (strcmp(value_string(value_member(value_at(cases, i), "class")), class) != 0)
            continue;
        judge_limbo(&limbo, value_at(cases, i));
        each(&limbo);
        built_free(&limbo.built);
        n++;
    }
    value_free(all);
    free(text);
    free(path);
    return n;
}

/* Where we differ from limbo, and why. */
static const struct {
    const char *id;
    int code;
    const char *why;
} differing[] = {{"pathlen::validation-ignores-pathlen-in-leaf", STIR_CODE_SIGNER_IS_CA,
                  "the signer is a CA, which may not sign PASSporTs (R9060-4-6)"},
                 {"crl::issuer-missing-crlsign", 0, "a path is built without CRLs"},
                 {"crl::revoked-certificate-with-crl", 0, "a path is built without CRLs"}};

static void expect_core(const struct limbo *limbo)
{
    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        if (strcmp(differing[i].id, limbo->id) == 0) {
            cr_expect_eq(limbo->built.code, differing[i].code, "%s: %s; %s", limbo->id,
                         built_said(&limbo->built), differing[i].why);
            cr_expect_neq(limbo->built.code == 0, limbo->success, "%s agrees now", limbo->id);
            return;
        }
    cr_expect_eq(limbo->built.code == 0, limbo->success, "%s: %s", limbo->id,
                 built_said(&limbo->built));
}

Test(path_corpora, limbo_core_agrees)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("core", expect_core), 45);
}

/* Where a chain is not refused for its critical name constraints, and why. */
static const struct {
    const char *id;
    int code;
    const char *why;
} unconstrained[] = {
    {"rfc5280::nc::not-allowed-in-ee-noncritical", 0, "not critical, so ignored"},
    {"rfc5280::nc::permitted-dns-match-noncritical", 0, "not critical, so ignored"},
    {"webpki::nc::permitted-dns-match-noncritical", 0, "not critical, so ignored"},
    {"rfc5280::nc::nc-forbids-same-chain-ica", 0, "there is a path without the constraints"},
    {"rfc5280::nc::nc-forbids-alternate-chain-ica", STIR_CODE_AKID_MISMATCH,
     "another candidate for the issuer got further"},
    {"pathological::nc-dos-1", STIR_CODE_CERT_SYNTAX, "a name of 54 KB"},
    {"pathological::nc-dos-2", STIR_CODE_CERT_SYNTAX, "alternative names of 23 KB"},
    {"pathological::nc-dos-3", STIR_CODE_CERT_SYNTAX, "a name of 54 KB"}};

static void expect_name_constraints(const struct limbo *limbo)
{
    const struct built *built = &limbo->built;

    for (size_t i = 0; i < sizeof unconstrained / sizeof *unconstrained; i++)
        if (strcmp(unconstrained[i].id, limbo->id) == 0) {
            cr_expect_eq(built->code, unconstrained[i].code, "%s: %s; %s", limbo->id,
                         built_said(built), unconstrained[i].why);
            return;
        }
    cr_expect_gt(built->code, 0, "%s", limbo->id);
    cr_expect(built->code == STIR_CODE_CERT_CRITICAL_EXTENSION
                  || built->anchor_code == STIR_CODE_CERT_CRITICAL_EXTENSION,
              "%s: %s", limbo->id, built_said(built));
}

/* R5280-6-1: name constraints are not understood, so that a critical one refuses. */
Test(path_corpora, limbo_name_constraints_are_refused)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("nc", expect_name_constraints), 57);
}

static void expect_refused(const struct limbo *limbo)
{
    cr_expect_gt(limbo->built.code, 0, "%s", limbo->id);
}

Test(path_corpora, limbo_keys_that_are_none_of_ours_are_refused)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("out-of-subset-key", expect_refused), 8);
}
