/*
 * service/issuer: what a CA refuses, each beside what it issues (requirements.md section 12).
 * R9060-8-1, R9060-4-4, R9060-4.1-2, R9060-4.1-5.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/help.h"
#include "tests/build_issuer.h"

/* Under SPC 709J and 12155550000+10000, without SPC data. */
static const struct {
    const char *desc, *parts;
    int wanted;
    const char *sentence, *warning;
} requests[] = {
    {"a range inside", X "range=12155551200+100", 0, NULL, NULL},
    {"all of it (R9060-4-4, R9060-8-1)", X "range=12155550000+10000", 0, NULL, NULL},
    {"one number of it", X "tn=12155550000", 0, NULL, NULL},
    {"two that adjoin", X "range=12155551200+100;range=12155551300+100", 0, NULL,
     "entries-merged"},
    {"two apart", X "range=12155551200+99;range=12155551300+100", 0, NULL, NULL},
    {"the same SPC", X "spc=709J", 0, NULL, NULL},
    {"another SPC (A-4)", X "spc=709j", STIR_CODE_NOT_ENCOMPASSED, "709j", NULL},
    {"a literal that is not listed (A-8)", X "tn=*67", STIR_CODE_NOT_ENCOMPASSED, "*67", NULL},
    {"no list under a listed issuer (A-11)", X, STIR_CODE_TNAUTHLIST_GAP, NULL, NULL},
    {"no subject", "spc=709J", STIR_CODE_CERT_SYNTAX, "no subject", NULL},

    {"a CA", X "spc=709J;ca=yes", 0, NULL, NULL},
    {"a CA with a limit", X "spc=709J;ca=yes;path_length=0", 0, NULL, NULL},
    {"a limit, and no CA", X "spc=709J;path_length=0", STIR_CODE_PATH_LENGTH, "only a CA",
     NULL},

    {"until the issuer's end", X "spc=709J;not_after=2366841600", 0, NULL, NULL},
    {"a second longer", X "spc=709J;not_after=2366841601", STIR_CODE_CERT_EXPIRED, "after",
     NULL},
    {"more days than that", X "spc=709J;days=9999", STIR_CODE_CERT_EXPIRED, "after", NULL},
    {"for a day", X "spc=709J;days=1", 0, NULL, NULL},
    {"a second", X "spc=709J;not_before=1767225600;not_after=1767225600", 0, NULL, NULL},
    {"less than that", X "spc=709J;not_before=1767225600;not_after=1767225599",
     STIR_CODE_CERT_EXPIRED, "before it begins", NULL},

    {"constraints", X "spc=709J;must_exclude=rcd;permit=attest=A", 0, NULL, NULL},
    {"constraints of a CA (R8226-8-1)", X "spc=709J;ca=yes;permit=attest=A",
     STIR_CODE_CONSTRAINTS_SYNTAX, "end entities", NULL},
    {"without iat (R9118-3-5)", X "spc=709J;must_exclude=iat", STIR_CODE_CONSTRAINTS_SYNTAX,
     "iat", NULL},
    {"without orig (R9118-3-5)", X "spc=709J;must_exclude=orig", STIR_CODE_CONSTRAINTS_SYNTAX,
     "orig", NULL},
    {"without dest (R9118-3-5)", X "spc=709J;must_exclude=rcd;must_exclude=dest",
     STIR_CODE_CONSTRAINTS_SYNTAX, "dest", NULL},
    {"a claim with and without (R9118-8-2)", X "spc=709J;must_include=a;must_exclude=a", 0,
     NULL, "constraints-contradict"},
    {"a claim with, another without", X "spc=709J;must_include=a;must_exclude=b", 0, NULL,
     NULL},
    {"without rcdi (R9118-8-1)", X "spc=709J;must_exclude=rcdi", 0, NULL, "must-exclude-rcdi"},
    {"with orig (R8226-8-2)", X "spc=709J;must_include=orig", 0, NULL, "must-include-baseline"},

    {"its list by reference (R8226-10.1-1)", X "tnauthlist_url=https://a.example/list", 0, NULL,
     "scope-unchecked"},
    {"by http (R8226-10.1-2)", X "tnauthlist_url=http://a.example/list",
     STIR_CODE_TNAUTHLIST_REFERENCE, "https", NULL},
    {"by value and by reference, beyond (A-10)",
     X "spc=709j;tnauthlist_url=https://a.example/l", STIR_CODE_NOT_ENCOMPASSED, "709j",
     "scope-unchecked"},

    {"a serial number of 7 octets", X "spc=709J;serial=7f000000000001", 0, NULL,
     "short-serial"},
    {"of 8", X "spc=709J;serial=7f00000000000001", 0, NULL, NULL},
};

static const char *const warning_names[] = {"entries-merged",    "constraints-contradict",
                                            "must-exclude-rcdi", "must-include-baseline",
                                            "short-serial",      "scope-unchecked"};

Test(issuer, requests)
{
    struct above above = above_usual();
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct stir_request *request = request_of(requests[i].parts);
        issuer_expect(requests[i].desc, issuer, request, requests[i].wanted, 0,
                      requests[i].sentence, requests[i].wanted != STIR_CODE_CERT_SYNTAX);
        struct stir_result *result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, NULL);
        for (size_t j = 0; j < sizeof warning_names / sizeof *warning_names; j++) {
            const char *wanted = requests[i].warning;
            bool due = wanted != NULL && strcmp(wanted, warning_names[j]) == 0;
            cr_expect_eq(result_has_warning(result, warning_names[j]), due, "%s: %s",
                         requests[i].desc, warning_names[j]);
        }
        stir_result_free(result);
        stir_request_free(request);
    }
    stir_issuer_free(issuer);
}

/* R9060-4-4: one number over at either end; and the sentence, whole. */
static const struct {
    const char *desc, *parts;
    int wanted;
    const char *sentence;
} ends[] = {
    {"from the first", X "range=12155550000+5", 0, NULL},
    {"from one before", X "range=12155549999+6", STIR_CODE_NOT_ENCOMPASSED, "12155549999"},
    {"to the last", X "range=12155559990+10", 0, NULL},
    {"to one after (R9060-8-1)", X "range=12155559990+11", STIR_CODE_NOT_ENCOMPASSED,
     "certificate 0 \"x\": 12155560000 is not encompassed by certificate 1 \"Numbers\" (RFC "
     "9060 "
     "section 4)"},
    {"an SPC, from one who has none (A-5)", X "spc=709J", STIR_CODE_NOT_ENCOMPASSED, "709J"},
};

Test(issuer, ends_of_a_range)
{
    struct above above = above_usual();
    above.certificates[0].subject = "Numbers";
    above.certificates[0].tnauthlist = "12155550000+10000";
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct stir_request *request = request_of(ends[i].parts);
        issuer_expect(ends[i].desc, issuer, request, ends[i].wanted, 0, ends[i].sentence, true);
        stir_request_free(request);
    }
    stir_issuer_free(issuer);
}

/* R9060-4.1-2, A-2, A-3: numbers under an SPC. */
static const struct {
    const char *desc, *csv;
    int wanted;
    bool unchecked;
} data[] = {
    {"no data: issued, with a warning", NULL, 0, true},
    {"data that does not know the SPC", "spc,first,last\n1234,12155550000,12155559999\n", 0,
     true},
    {"data that says yes", "spc,first,last\n709J,12155551200,12155551299\n", 0, false},
    {"data that says no of one", "spc,first,last\n709J,12155551200,12155551298\n",
     STIR_CODE_NOT_ENCOMPASSED, false},
};

Test(issuer, spc_data)
{
    struct above above = above_usual();
    above.certificates[0].tnauthlist = "709J";

    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        struct stir_verifier *verifier = verifier_of(data[i].csv, NULL);
        struct stir_issuer *issuer = issuer_of(verifier, &above, "spc-ca");
        struct stir_request *request = request_of(X "range=12155551200+100");
        issuer_expect(data[i].desc, issuer, request, data[i].wanted, 0,
                      data[i].wanted != 0 ? "12155551299" : NULL, true);
        struct stir_result *result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, NULL);
        cr_expect_eq(result_has_warning(result, "scope-unchecked"), data[i].unchecked, "%s",
                     data[i].desc);
        stir_result_free(result);
        stir_request_free(request);
        stir_issuer_free(issuer);
        stir_verifier_free(verifier);
    }
}

static int says_no(void *arg, struct stir_want *want, struct stir_error *error)
{
    (void)error;
    for (size_t i = 0; i < want->n_questions; i++) {
        stir_want_answer(want, i, 0, UINT64_MAX, STIR_NO);
        stir_want_as_of(want, i, *(const int64_t *)arg);
    }
    return 0;
}

/* what too old data forbids is not forbidden, but was not checked either. */
Test(issuer, spc_data_that_is_too_old)
{
    struct above above = above_usual();
    above.certificates[0].tnauthlist = "709J";

    for (int old = 0; old < 2; old++) {
        int64_t as_of = MINT_NOW - 60 - old;
        const struct stir_resolver resolver = {
            .size = sizeof resolver, .arg = &as_of, .answer = says_no};
        struct stir_config *config = stir_config_new();
        cr_assert_eq(stir_config_set_resolver(config, &resolver, NULL), 0);
        cr_assert_eq(stir_config_set(config, "spc_db_max_age", "60", NULL), 0);
        struct stir_verifier *verifier = stir_verifier_new(config, NULL);
        struct stir_issuer *issuer = issuer_of(verifier, &above, "spc-ca");
        struct stir_request *request = request_of(X "range=12155551200+100");
        struct stir_result *result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, NULL);
        cr_expect_eq(stir_result_code(result), old ? 0 : STIR_CODE_NOT_ENCOMPASSED, "%s",
                     stir_result_detail(result));
        cr_expect_eq(result_has_warning(result, "spc-data-old"), old);
        cr_expect_eq(result_has_warning(result, "scope-unchecked"), old);
        stir_result_free(result);
        stir_request_free(request);
        stir_issuer_free(issuer);
        stir_verifier_free(verifier);
        stir_config_free(config);
    }
}

/* Policy: to issue, an overhang is over-claiming whatever spc_overhang says, and only
   spc_unknown=invalid makes an issuer's ignorance a no. */
Test(issuer, policies)
{
    static const struct {
        const char *key, *value, *csv;
        int wanted;
    } policies[] = {
        {"spc_overhang", "called", "spc,first,last\n709J,1,2\n", STIR_CODE_NOT_ENCOMPASSED},
        {"spc_overhang", "certificate", "spc,first,last\n709J,1,2\n",
         STIR_CODE_NOT_ENCOMPASSED},
        {"spc_unknown", "indeterminate", "spc,first,last\n", 0},
        {"spc_unknown", "trust_issuer", "spc,first,last\n", 0},
        {"spc_unknown", "invalid", "spc,first,last\n", STIR_CODE_NOT_ENCOMPASSED},
    };
    struct above above = above_usual();
    above.certificates[0].tnauthlist = "709J";

    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct stir_config *config = stir_config_new();
        stir_config_set_data(config, "spc", policies[i].csv, STIR_NUL, NULL);
        cr_assert_eq(stir_config_set(config, policies[i].key, policies[i].value, NULL), 0);
        struct stir_verifier *verifier = stir_verifier_new(config, NULL);
        struct stir_issuer *issuer = issuer_of(verifier, &above, "spc-ca");
        struct stir_request *request = request_of(X "range=12155551200+100");
        issuer_expect(policies[i].value, issuer, request, policies[i].wanted, 0, NULL, true);
        stir_request_free(request);
        stir_issuer_free(issuer);
        stir_verifier_free(verifier);
        stir_config_free(config);
    }
}

/* ---- Issuers --------------------------------------------------------------------------- */

static void as_end_entity(struct above *above)
{
    above->certificates[0].ca = MINT_NO;
}
static void without_cert_sign(struct above *above)
{
    above->certificates[0].key_usage = MINT_KU_DIGITAL_SIGNATURE;
}
static void without_key_usage(struct above *above)
{
    above->certificates[0].key_usage = MINT_KU_ABSENT;
}
static void without_skid(struct above *above)
{
    above->certificates[0].skid = "";
}
static void until_now(struct above *above)
{
    above->certificates[0].not_after = MINT_NOW;
}
static void expired(struct above *above)
{
    above->certificates[0].not_after = MINT_NOW - 1;
}
static void expired_above(struct above *above)
{
    above->certificates[1].not_after = MINT_NOW - 1;
}
static void from_now(struct above *above)
{
    above->certificates[0].not_before = MINT_NOW;
}
static void from_later(struct above *above)
{
    above->certificates[0].not_before = MINT_NOW + 1;
}
static void for_a_ca(struct above *above)
{
    above->certificates[0].path_length = MINT_PATH_LENGTH(1);
}
static void for_no_ca(struct above *above)
{
    above->certificates[0].path_length = MINT_PATH_LENGTH(0);
}
static void for_no_ca_above(struct above *above)
{
    above->certificates[1].path_length = MINT_PATH_LENGTH(1);
}
static void bad_list(struct above *above)
{
    above->certificates[0].tnauthlist = NULL;
    above->certificates[0].tnauthlist_hex = "3000";
}
static void corrupt(struct above *above)
{
    above->certificates[0].corrupt = true;
}
static void other_akid(struct above *above)
{
    above->certificates[0].akid = "00112233";
}
static void without_akid(struct above *above)
{
    above->certificates[0].akid = "";
}
static void swapped(struct above *above)
{
    struct mint root = above->certificates[2];
    above->certificates[2] = above->certificates[1];
    above->certificates[1] = root;
    above->certificates[0].issuer_name = "somebody";
}
static void gap_above(struct above *above)
{
    above->certificates[0].tnauthlist = NULL;
    above->certificates[1].tnauthlist = "709J";
}
static void over_claiming(struct above *above)
{
    above->certificates[1].tnauthlist = "1234";
}

static const struct {
    const char *desc;
    void (*bend)(struct above *above);
    int wanted, depth;
} issuers[] = {
    {"a CA (R9060-4-2)", NULL, 0, 0},
    {"an end entity", as_end_entity, STIR_CODE_ISSUER_NOT_CA, 1},
    {"without key usage (A-34)", without_key_usage, 0, 0},
    {"without keyCertSign (R5280-4.2.1.3)", without_cert_sign, STIR_CODE_KEY_USAGE, 1},
    {"without SKI (R5280-4.2.1.2)", without_skid, STIR_CODE_SKID_MISSING, 1},
    {"valid until now", until_now, 0, 0},
    {"expired", expired, STIR_CODE_CERT_EXPIRED, 1},
    {"its issuer expired", expired_above, STIR_CODE_CERT_EXPIRED, 2},
    {"valid from now", from_now, 0, 0},
    {"not yet valid", from_later, STIR_CODE_CERT_NOT_YET_VALID, 1},
    {"one CA below it (R5280-4.2.1.9)", for_a_ca, 0, 0},
    {"no CA below it", for_no_ca, STIR_CODE_PATH_LENGTH, 1},
    {"no CA below its CA", for_no_ca_above, STIR_CODE_PATH_LENGTH, 2},
    {"a list that is none", bad_list, STIR_CODE_TNAUTHLIST_SYNTAX, 1},
    {"not signed by its issuer", corrupt, STIR_CODE_PATH_SIGNATURE, 1},
    {"names another key (R5280-4.2.1.1)", other_akid, STIR_CODE_AKID_MISMATCH, 1},
    {"names no key (R9060-4-3)", without_akid, STIR_CODE_AKID_MISSING, 1},
    {"a chain out of order (R9060-7-3)", swapped, STIR_CODE_PATH_ORDER, 1},
    {"no list under a listed one (A-11)", gap_above, STIR_CODE_TNAUTHLIST_GAP, 1},
    {"over-claiming itself (R9060-5-1)", over_claiming, STIR_CODE_NOT_ENCOMPASSED, 1},
};

Test(issuer, issuers)
{
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        struct above above = above_usual();
        if (issuers[i].bend != NULL)
            issuers[i].bend(&above);
        struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");
        struct stir_request *request =
            request_of(X "spc=709J;ca=yes;not_before=1767225600;not_after=1767225600");
        issuer_expect(issuers[i].desc, issuer, request, issuers[i].wanted, issuers[i].depth,
                      NULL, true);
        stir_request_free(request);
        stir_issuer_free(issuer);
    }
}

/* A leaf is no CA: a path length of 0 allows it. */
Test(issuer, leaf_under_path_length_0)
{
    struct above above = above_usual();
    for_no_ca(&above);
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");
    struct stir_request *request = request_of(X "spc=709J");

    issuer_expect("a leaf", issuer, request, 0, 0, NULL, true);
    stir_request_free(request);
    stir_issuer_free(issuer);
}

Test(issuer, key_of_another)
{
    struct above above = above_usual();
    struct stir_issuer *issuer = issuer_of(NULL, &above, "sti-ca");
    struct stir_request *request = request_of(X "spc=709J");

    issuer_expect("another key", issuer, request, STIR_CODE_SIGNER_KEY, 1, "SHAKEN 709J", true);
    stir_request_free(request);
    stir_issuer_free(issuer);
}

/* A list by reference is not fetched: it counts as a list, whose content is unknown. */
Test(issuer, list_by_reference)
{
    struct above above = above_usual();
    above.certificates[0].tnauthlist = NULL;
    above.certificates[0].stir_tn_list = "https://example.com/list";
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");
    struct stir_request *request = request_of(X "spc=709J");

    issuer_expect("under a reference", issuer, request, 0, 0, NULL, true);
    struct stir_result *result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, NULL);
    cr_expect(result_has_warning(result, "scope-unchecked"));
    stir_result_free(result);
    stir_request_free(request);
    request = request_of(X);
    issuer_expect("without a list", issuer, request, STIR_CODE_TNAUTHLIST_GAP, 0, NULL, true);
    stir_request_free(request);
    stir_issuer_free(issuer);
}

/* A body that is no list of certificates leaves nothing to issue from, force or not. */
Test(issuer, no_chain_at_all)
{
    struct stir_error error;
    struct stir_key *key = key_named("spc-ca", MINT_P256);
    struct stir_chain *chain = stir_chain_parse("rubbish", STIR_NUL, &error);
    struct stir_issuer *issuer = stir_issuer_new(NULL, chain, key, &error);
    struct stir_request *request = request_of(X "spc=709J");

    cr_assert_not_null(issuer);
    issuer_expect("rubbish", issuer, request, STIR_CODE_X5U_BODY, -1, NULL, false);
    stir_issuer_free(issuer);
    stir_chain_free(chain);

    cr_expect_null(stir_issuer_new(NULL, NULL, NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_issuer_precheck(NULL, request, MINT_NOW, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_issuer_issue(NULL, request, MINT_NOW, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    stir_issuer_free(NULL);
    stir_request_free(request);
    stir_key_free(key);
}

/* An issuer belongs to the process that made it; a request may cross a fork. */
Test(issuer, after_a_fork)
{
    struct above above = above_usual();
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");
    struct stir_request *request = request_of(X "spc=709J");
    struct stir_error error;
    int status;

    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        bool refused = stir_issuer_issue(issuer, request, MINT_NOW, STIR_FORCE, &error) == NULL;
        _exit(refused && error.code == STIR_E_FORKED ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    issuer_expect("in the parent", issuer, request, 0, 0, NULL, true);
    stir_request_free(request);
    stir_issuer_free(issuer);
}

/* Where there are anchors, the chain leads to one, in it or above it. */
Test(issuer, anchors)
{
    struct mint stranger = mint_root;
    stranger.key = "stranger";
    const char *root = mint_make(&mint_root, NULL)->pem;
    const char *other = mint_make(&stranger, NULL)->pem;
    const struct {
        const char *desc, *anchors;
        size_t n; /* of the chain */
        int wanted, depth;
    } cases[] = {
        {"none configured", NULL, 3, 0, 0},
        {"the last of the chain", root, 3, 0, 0},
        {"another of the same name", other, 3, STIR_CODE_PATH_NO_ANCHOR, 3},
        {"not in the chain", root, 2, 0, 0},
        {"not in the chain, another", other, 2, STIR_CODE_PATH_NO_ANCHOR, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier = verifier_of(NULL, cases[i].anchors);
        struct stir_key *key = key_named("spc-ca", MINT_P256);
        const struct minted *list[] = {mint_make(&mint_spc_ca, &mint_sti_ca),
                                       mint_make(&mint_sti_ca, &mint_root),
                                       mint_make(&mint_root, NULL)};
        struct stir_chain *chain =
            stir_chain_parse(mint_pem_list_n(list, cases[i].n), STIR_NUL, NULL);
        struct stir_issuer *issuer = stir_issuer_new(verifier, chain, key, NULL);
        struct stir_request *request = request_of(X "spc=709J");
        issuer_expect(cases[i].desc, issuer, request, cases[i].wanted, cases[i].depth, NULL,
                      true);
        stir_request_free(request);
        stir_issuer_free(issuer);
        stir_chain_free(chain);
        stir_key_free(key);
        stir_verifier_free(verifier);
    }
}

/* ---- Subjects' keys and wishes --------------------------------------------------------- */

static struct stir_request *csr(const char *name)
{
    struct stir_error error;
    char *path = NULL;

    cr_assert_geq(asprintf(&path, "tests/crypto/csr/%s.pem", name), 0);
    char *where = help_source(path), *pem = help_read(where, NULL);
    struct stir_request *request = stir_request_parse(pem, STIR_NUL, &error);
    cr_assert_not_null(request, "%s: %s", name, error.text);
    free(pem);
    free(where);
    free(path);
    return request;
}

static const struct {
    const char *desc, *csr, *parts;
    int wanted;
    bool forcible;
    const char *sentence;
} wishes[] = {
    {"P-256", "bare", "spc=709J", 0, true, NULL},
    {"P-384 of a signer (R8226-4-1)", "p384", "spc=709J", STIR_CODE_SIGNER_KEY, true, NULL},
    {"P-384 of a CA", "p384", "spc=709J;ca=yes", STIR_CODE_CERT_ALGORITHM, true, NULL},
    {"the SPC it asks for", "plain", "", 0, true, NULL},
    {"and one too many", "plain", "spc=1234", STIR_CODE_NOT_ENCOMPASSED, true, NULL},
    {"to be a CA, unanswered (R9060-8.1-1)", "ca", "spc=709J", STIR_CODE_SIGNER_IS_CA, true,
     NULL},
    {"to be a CA, granted", "ca", "spc=709J;ca=yes", 0, true, NULL},
    {"to be a CA, not granted", "ca", "spc=709J;ca=no", 0, true, NULL},
    {"no subject", "no-subject", "spc=709J", STIR_CODE_CERT_SYNTAX, false, NULL},
    {"a subject given", "no-subject", X "spc=709J", 0, true, NULL},
    {"a critical list (R8226-9-1)", "critical-list", "", STIR_CODE_TNAUTHLIST_SYNTAX, true,
     "request: its TNAuthList is critical, which none may be"},
    {"critical constraints (R8226-8-1)", "critical-constraints", "spc=709J",
     STIR_CODE_CONSTRAINTS_SYNTAX, true,
     "are critical, which none may be (RFC 8226 section 8)"},
    {"critical enhanced constraints (R9118-3-1)", "critical-enhanced", "spc=709J",
     STIR_CODE_CONSTRAINTS_SYNTAX, true,
     "are critical, which none may be (RFC 9118 section 3)"},
    {"a critical extension that is not known", "critical-names", "spc=709J",
     STIR_CODE_CERT_CRITICAL_EXTENSION, true, "2.5.29.30, which is not issued here"},
    {"a critical one that is known, and not issued", "critical-alt-name", "spc=709J",
     STIR_CODE_CERT_CRITICAL_EXTENSION, true, "2.5.29.17, which is not issued here"},
    {"to be a CA without keyCertSign (R5280-4.2.1.3)", "ca-no-sign", "spc=709J;ca=yes",
     STIR_CODE_KEY_USAGE, true, "lacks keyCertSign"},
    {"to be a CA with it", "ca-sign", "spc=709J;ca=yes", 0, true, NULL},
};

Test(issuer, wishes)
{
    struct above above = above_usual();
    struct stir_issuer *issuer = issuer_of(NULL, &above, "spc-ca");

    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        struct stir_request *request = csr(wishes[i].csr);
        request_set_all(request, wishes[i].parts);
        issuer_expect(wishes[i].desc, issuer, request, wishes[i].wanted, 0, wishes[i].sentence,
                      wishes[i].forcible);
        stir_request_free(request);
    }
    stir_issuer_free(issuer);
}

/* ---- Roots ----------------------------------------------------------------------------- */

Test(issuer, roots)
{
    struct stir_error error;
    struct stir_key *key = key_named("subject", MINT_P256);
    struct stir_key *other = key_named("other", MINT_P256);
    struct stir_issuer *issuer = stir_issuer_new(NULL, NULL, key, &error);
    struct stir_issuer *stranger = stir_issuer_new(NULL, NULL, other, &error);
    struct stir_request *request = request_of(X);

    issuer_expect("a root", issuer, request, 0, 0, NULL, true);
    issuer_expect("with the key of another", stranger, request, STIR_CODE_SIGNER_KEY, 0, NULL,
                  true);
    request_set_all(request, "ca=no");
    issuer_expect("that is no CA", issuer, request, STIR_CODE_ISSUER_NOT_CA, 0, NULL, true);
    request_set_all(request, "ca=yes;path_length=1;spc=709J");
    issuer_expect("with a list", issuer, request, 0, 0, NULL, true);
    stir_request_free(request);
    stir_issuer_free(issuer);
    stir_issuer_free(stranger);
    stir_key_free(key);
    stir_key_free(other);
}
