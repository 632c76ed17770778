/* Paths that others made: x509-limbo's chains, reminted with TNAuthLists, by its own classes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "rules/revocation.h"
#include "tests/build_path.h"
#include "tests/help.h"

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

/* Where the case has revocation lists, the status of what was built. */
static void judge_status(struct built *built, const struct value *crls, int64_t at)
{
    struct crl_set set = {0};

    for (size_t i = 0; i < value_size(crls); i++) {
        const char *pem = value_string(value_at(crls, i));
        cr_assert_eq(crl_set_add(&set, pem, strlen(pem), "limbo", &built->error), 0, "%s",
                     built->error.text);
    }
    built->code = revocation_check(&built->path, &set, STATUS_PREFER, at, &built->error);
    crl_set_free(&set);
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
    if (limbo->built.code == 0)
        judge_status(&limbo->built, value_member(test, "crls"), at);
    free(list);
}

/* Calls each with every case of that class; how many there were. */
static size_t for_limbo(const char *class, void (*each)(const struct limbo *limbo))
{
    struct value *all = help_json(help_corpus("x509-limbo/limbo-stir.json"));
    size_t n = 0;

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
    return n;
}

/*
 * Where we differ from limbo, and why. A difference that is not listed fails, and so does a row
 * that no longer is one, or that no case has.
 */
static const struct difference {
    const char *id;
    int code;
    const char *why;
} differing[] = {
    /* core */
    {"pathlen::validation-ignores-pathlen-in-leaf", STIR_CODE_SIGNER_IS_CA,
     "the signer is a CA, which may not sign PASSporTs (R9060-4-6)"},
    /* strict-5280 */
    {"crl::crlnumber-critical", 0, "a critical number is understood all the same (A-34)"},
    {"crl::crlnumber-missing", 0, "a list without a number has a time (A-34)"},
    {"rfc5280::aki::critical-aki", 0,
     "a critical AKI is understood all the same: what a CA must not write, not what a verifier "
     "must refuse (A-34)"},
    {"rfc5280::aki::cross-signed-root-missing-aki", 0,
     "nothing is asked of an anchor but that it may sign (A-34)"},
    {"rfc5280::ca-empty-subject", 0,
     "the anchor's name is empty, the child's issuer too, and they agree (A-34)"},
    {"rfc5280::leaf-ku-keycertsign", 0,
     "a leaf with keyCertSign but without cA: it can issue nothing, because issuers need cA"},
    {"rfc5280::pc::ica-noncritical-pc", 0,
     "policy constraints that are not critical, which we do not process, may be ignored"},
    {"rfc5280::root-non-critical-basic-constraints", 0,
     "what makes a CA is cA TRUE; that the extension be critical binds who writes it (A-34)"},
    {"rfc5280::ski::root-missing-ski", 0, "an anchor may lack its SKI (A-34)"},
    {"webpki::aki::root-with-aki-all-fields", 0, "an anchor's AKI is not looked at (A-34)"},
    {"webpki::aki::root-with-aki-missing-keyidentifier", 0, "an anchor's AKI is not looked at"},
    {"webpki::aki::root-with-aki-ski-mismatch", 0, "an anchor's AKI is not looked at"},
    /* policy */
    {"rfc5280::ca-as-leaf", STIR_CODE_SIGNER_IS_CA,
     "the signer is a CA, which may not sign PASSporTs (R9060-4-6)"},
    /* needs-depth-option */
    {"pathlen::max-chain-depth-0-exhausted", 0,
     "the depth is not a setting: at most 10 certificates (LIM-1)"},
    {"pathlen::max-chain-depth-1-exhausted", 0,
     "the depth is not a setting: at most 10 certificates (LIM-1)"}};
static size_t differences; /* met so far */

static void expect_agreement(const struct limbo *limbo)
{
    const struct built *built = &limbo->built;

    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        if (strcmp(differing[i].id, limbo->id) == 0) {
            cr_expect_eq(built->code, differing[i].code, "%s: %s; %s", limbo->id,
                         built_said(built), differing[i].why);
            cr_expect_neq(built->code == 0, limbo->success, "%s agrees now", limbo->id);
            differences++;
            return;
        }
    cr_expect_eq(built->code == 0, limbo->success, "%s: %s", limbo->id, built_said(built));
}

/* R5280-6-1. The class needs-depth-option asks for a setting that is not one here; na-webpki is
   below. */
Test(path_limbo, agrees_but_for_what_is_explained)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("core", expect_agreement), 45);
    cr_expect_eq(for_limbo("strict-5280", expect_agreement), 28);
    cr_expect_eq(for_limbo("policy", expect_agreement), 6);
    cr_expect_eq(for_limbo("needs-depth-option", expect_agreement), 5);
    cr_expect_eq(differences, sizeof differing / sizeof *differing);
}

/* The Web's rules on host names and extended key usage, which STIR has not: only what is no
   certificate, no path or no signer in STIR either is refused. */
static const struct difference web[] = {
    {"rfc5280::ca-as-leaf-wrong-san", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"rfc5280::san::malformed", STIR_CODE_CERT_SYNTAX, "no DER"},
    {"webpki::malformed-aia", STIR_CODE_CERT_SYNTAX,
     "no DER, and a list could stand there (R8226-10.1-1)"},
    {"webpki::cryptographydotio-chain-missing-intermediate", STIR_CODE_PATH_NO_ANCHOR,
     "the issuer is in no list"}};

static void expect_web(const struct limbo *limbo)
{
    int code = 0;

    for (size_t i = 0; i < sizeof web / sizeof *web; i++)
        if (strcmp(web[i].id, limbo->id) == 0)
            code = web[i].code, differences++;
    cr_expect_eq(limbo->built.code, code, "%s: %s", limbo->id, built_said(&limbo->built));
}

Test(path_limbo, rules_of_the_web_do_not_apply)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("na-webpki", expect_web), 44);
    cr_expect_eq(differences, sizeof web / sizeof *web);
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
            differences++;
            return;
        }
    cr_expect_gt(built->code, 0, "%s", limbo->id);
    cr_expect(built->code == STIR_CODE_CERT_CRITICAL_EXTENSION
                  || built->anchor_code == STIR_CODE_CERT_CRITICAL_EXTENSION,
              "%s: %s", limbo->id, built_said(built));
}

/* R5280-6-1: name constraints are not understood, so that a critical one refuses. */
Test(path_limbo, name_constraints_are_refused)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("nc", expect_name_constraints), 57);
    cr_expect_eq(differences, sizeof unconstrained / sizeof *unconstrained);
}

static void expect_refused(const struct limbo *limbo)
{
    cr_expect_gt(limbo->built.code, 0, "%s", limbo->id);
}

Test(path_limbo, keys_that_are_none_of_ours_are_refused)
{
    help_need_corpora();
    cr_expect_eq(for_limbo("out-of-subset-key", expect_refused), 8);
}
