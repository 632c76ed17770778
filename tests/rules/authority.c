/* rules/authority: the caller in the signer's scope (RFC 8226 section 9, RFC 9060 section 5,
   A-3, A-9, A-13, A-31, A-34). */
#include "rules/authority.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "base/budget.h"
#include "tests/build_scope.h"
#include "tests/mint.h"

enum { AT = 1767225600 };

static const char *code_name(int code)
{
    const char *name = stir_code_name(code);

    return name != NULL ? name : "?";
}

struct judged {
    int code, in_spc;
    struct stir_error error;
};

static void ask_and_check(struct judged *judged, const struct path *path, const char *tn,
                          bool type_is_attested, const char *data,
                          const struct delegation_policy *policy)
{
    struct spc_source *source = data[0] != '\0' ? said_source(data) : NULL;
    struct authority_walk walk = {0};
    size_t all = SIZE_MAX;

    error_clear(&judged->error);
    if (source != NULL) {
        struct spc_questions questions = {0};
        cr_assert_eq(authority_ask(&walk, path, tn, AT, policy, &questions, NULL), 0);
        cr_assert_eq(spc_ask(source, &questions, NULL), 0);
        cr_assert_eq(authority_judge(&walk, path, tn, AT, policy, &questions, &all), 0);
        spc_questions_free(&questions);
    }
    judged->code = authority_check_tn(path, tn, authority_is_attested(path, type_is_attested),
                                      &walk, policy, &judged->in_spc, &judged->error);
    spc_source_free(source);
}

/* ---- A-31: who attests ---- */

static const struct {
    const char *desc, *lists;
    bool type, attested;
} attested[] = {
    {"an SPC leaf under plain CAs", "709J! < - < -", true, true},
    {"a type that is not attested", "709J! < - < -", false, false},
    {"two SPCs", "709J! 1234! < -", true, true},
    {"an SPC and a number", "709J! 15 < -", true, false},
    {"an SPC and a literal", "709J! *67 < -", true, false},
    {"only numbers", "15 < -", true, false},
    {"no list", "- < -", true, false},
    {"a delegate: a list above", "709J! < 709J! < -", true, false},
    {"a delegate: a list far above", "709J! < - < 709J!", true, false},
    {"a delegate: a list by reference above", "709J! < @https://a.example/ < -", true, false},
    {"A-34: SPCs by value, who knows what by reference", "709J! @https://a.example/ < -", true,
     false},
    {"by reference alone", "@https://a.example/ < -", true, false},
};

Test(authority, is_attested)
{
    for (size_t i = 0; i < sizeof attested / sizeof *attested; i++) {
        struct listed listed;
        listed_make(&listed, attested[i].lists);
        cr_expect_eq(authority_is_attested(&listed.path, attested[i].type),
                     attested[i].attested, "%s", attested[i].desc);
        listed_free(&listed);
    }
}

/* ---- Numbers ---- */

static const struct {
    const char *desc, *lists, *tn;
    bool type_is_attested;
    const char *data;
    int code, in_spc;
    const char *sentence;
} cases[] = {
    {"R9060-5-2, R8226-9-2: a number of the list", "12155551300+100 < 709J! < -", "12155551300",
     true, "", 0, -1, ""},
    {"one beyond it", "12155551300+100 < 709J! < -", "12155551400", true, "",
     STIR_CODE_ORIG_OUT_OF_SCOPE, -1,
     "certificate 0 \"L0\": 12155551400 is not in its TNAuthList (RFC 8226 section 9)"},
    {"the last of it", "12155551300+100 < 709J! < -", "12155551399", false, "", 0, -1, ""},
    {"A-9: without the country code", "12155551300+100", "2155551300", false, "",
     STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "2155551300 is not"},
    {"A-9: with a leading zero", "12155551300+100", "012155551300", false, "",
     STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "012155551300 is not"},
    {"A-9: 911 where it is listed", "911", "911", false, "", 0, -1, ""},
    {"A-9: 911 where it is not", "912", "911", false, "", STIR_CODE_ORIG_OUT_OF_SCOPE, -1,
     "911 is not"},
    {"A-9: more than 15 digits are never covered", "709J!", "1234567890123456", false,
     "709J 0-999999999999999 yes", STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "1234567890123456 is not"},
    {"A-8: a literal that is listed", "*67 709J!", "*67", false, "", 0, -1, ""},
    {"A-8: a literal is no number of an SPC", "*67 709J!", "*68", false,
     "709J 0-999999999999999 yes", STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "*68 is not"},
    {"A-13: a signer without a list", "- < -", "12155551300", true, "",
     STIR_CODE_NO_TN_AUTHORITY, -1,
     "certificate 0 \"L0\" has no TNAuthList, and so no authority over 12155551300 "
     "(RFC 8226 section 9)"},

    /* A-31, in its order. */
    {"A-31: SPC leaf, shaken, no database", "709J! < - < -", "15", true, "", 0, STIR_UNKNOWN,
     ""},
    {"A-31: base token", "709J! < - < -", "15", false, "", STIR_CODE_SCOPE_UNKNOWN,
     STIR_UNKNOWN,
     "certificate 0 \"L0\": whether 15 is a number of SPC 709J is unknown (RFC 8226 section "
     "9)"},
    {"A-31: database says no, shaken", "709J! < - < -", "15", true, "709J 0-99 no", 0, STIR_NO,
     ""},
    {"A-31: database says no, base (or spc_attests none)", "709J! < - < -", "15", false,
     "709J 0-99 no", STIR_CODE_ORIG_OUT_OF_SCOPE, STIR_NO,
     "L0\": 15 is not in its TNAuthList, and not of SPC 709J (RFC 8226 section 9)"},
    {"database says yes, base", "709J! < - < -", "15", false, "709J 15-15 yes", 0, STIR_YES,
     ""},
    {"database says yes, shaken", "709J! < - < -", "15", true, "709J 15-15 yes", 0, STIR_YES,
     ""},
    {"A-31: SPC delegate under an SPC CA, shaken, no database", "709J! < 709J! < -", "15", true,
     "", STIR_CODE_SCOPE_UNKNOWN, STIR_UNKNOWN, "whether 15 is"},
    {"A-31: database says no", "709J! < 709J! < -", "15", true, "709J 0-99 no",
     STIR_CODE_ORIG_OUT_OF_SCOPE, STIR_NO, "15 is not"},
    {"A-31: {SPC, one number}, another number, no database", "709J! 16 < - < -", "15", true, "",
     STIR_CODE_SCOPE_UNKNOWN, STIR_UNKNOWN, "whether 15 is"},
    {"{SPC, one number}, that number", "709J! 16 < - < -", "16", true, "", 0, -1, ""},
    {"A-31: numbers-only delegate, another number", "16 < 10+10 < -", "15", true, "",
     STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "15 is not"},
    {"two SPCs, one says no, one is silent", "A! B!", "15", false, "A 0-99 no",
     STIR_CODE_SCOPE_UNKNOWN, STIR_UNKNOWN, "SPCs A, B is unknown"},
    {"two SPCs, one says yes", "A! B!", "15", false, "B 0-99 yes", 0, STIR_YES, ""},

    /* A-10, A-34: two lists, of which one is not there. */
    {"by reference alone", "@https://a.example/l", "15", false, "", STIR_CODE_SCOPE_UNKNOWN, -1,
     "certificate 0 \"L0\": its TNAuthList at https://a.example/l could not be had"},
    {"A-34: in the one, and the other unknown", "15 @https://a.example/l", "15", false, "",
     STIR_CODE_SCOPE_UNKNOWN, -1, "https://a.example/l"},
    {"A-34: not in the one", "16 @https://a.example/l", "15", false, "",
     STIR_CODE_ORIG_OUT_OF_SCOPE, -1, "15 is not"},
};

static const struct delegation_policy defaults = {0};

Test(authority, numbers)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct listed listed;
        struct judged judged;
        listed_make(&listed, cases[i].lists);
        ask_and_check(&judged, &listed.path, cases[i].tn, cases[i].type_is_attested,
                      cases[i].data, &defaults);
        cr_expect_eq(judged.code, cases[i].code, "%s: %s, %s", cases[i].desc,
                     code_name(judged.code), judged.error.text);
        cr_expect_eq(judged.in_spc, cases[i].in_spc, "%s: %d", cases[i].desc, judged.in_spc);
        cr_expect_eq(judged.error.depth, judged.code == 0 ? -1 : 0, "%s", cases[i].desc);
        cr_expect_not_null(strstr(judged.error.text, cases[i].sentence), "%s: %s",
                           cases[i].desc, judged.error.text);
        listed_free(&listed);
    }
}

/* ---- Policies ---- */

#define CALLED SPC_OVERHANG_CALLED
#define CERTIFICATE SPC_OVERHANG_CERTIFICATE

static const struct {
    const char *desc, *lists;
    const char *data;
    enum spc_unknown unknown;
    enum spc_overhang overhang;
    int code;
    const char *sentence;
} policies[] = {
    {"spc_unknown indeterminate", "A!", "", SPC_UNKNOWN_INDETERMINATE, CERTIFICATE,
     STIR_CODE_SCOPE_UNKNOWN, ""},
    {"spc_unknown invalid", "A!", "", SPC_UNKNOWN_INVALID, CERTIFICATE,
     STIR_CODE_ORIG_OUT_OF_SCOPE, "15 is not in its TNAuthList, and unknown for SPC A"},
    {"A-3: trust_issuer does not help here", "A!", "", SPC_UNKNOWN_TRUST_ISSUER, CERTIFICATE,
     STIR_CODE_SCOPE_UNKNOWN, ""},

    /* A-3: under called, what the lists above hold by the data of now is asked of the number. */
    {"certificate: the lists above are not asked again", "10+10 < A!", "A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CERTIFICATE, 0, ""},
    {"called: the number is the parent's", "10+10 < A!", "A 15-15 yes, A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CALLED, 0, ""},
    {"called: the number has left the parent", "10+10 < A!", "A 15-15 no, A 0-99 yes",
     SPC_UNKNOWN_INDETERMINATE, CALLED, STIR_CODE_ORIG_OUT_OF_SCOPE,
     "certificate 1 \"L1\": 15 is not in its TNAuthList, and not of SPC A"},
    {"called: not known", "10+10 < A!", "", SPC_UNKNOWN_INDETERMINATE, CALLED,
     STIR_CODE_SCOPE_UNKNOWN,
     "certificate 1 \"L1\": whether 15 is a number of SPC A is unknown"},
    {"called and invalid: not known", "10+10 < A!", "", SPC_UNKNOWN_INVALID, CALLED,
     STIR_CODE_ORIG_OUT_OF_SCOPE, "certificate 1 \"L1\": 15 is not"},
    {"called and trust_issuer: between certificates it helps", "10+10 < A!", "",
     SPC_UNKNOWN_TRUST_ISSUER, CALLED, 0, ""},
    {"called: two levels up", "10+10 < 10+10 < A! < -", "A 0-99 no", SPC_UNKNOWN_INDETERMINATE,
     CALLED, STIR_CODE_ORIG_OUT_OF_SCOPE, "certificate 2 \"L2\""},
    {"called: a no above beats an unknown below", "B! < B! 16 < A!", "A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CALLED, STIR_CODE_ORIG_OUT_OF_SCOPE, "certificate 2 \"L2\""},
    {"called: in the parent's own entries", "15 < 15 A!", "A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CALLED, 0, ""},
    {"called: the signer's own list comes first", "16 < A!", "A 0-99 yes",
     SPC_UNKNOWN_INDETERMINATE, CALLED, STIR_CODE_ORIG_OUT_OF_SCOPE,
     "certificate 0 \"L0\": 15 is not"},
    {"called: nothing above is listed", "15 < - < -", "", SPC_UNKNOWN_INDETERMINATE, CALLED, 0,
     ""},
};

Test(authority, policies)
{
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct listed listed;
        struct judged judged;
        struct delegation_policy policy = {policies[i].unknown, policies[i].overhang, false};
        listed_make(&listed, policies[i].lists);
        ask_and_check(&judged, &listed.path, "15", false, policies[i].data, &policy);
        cr_expect_eq(judged.code, policies[i].code, "%s: %s, %s", policies[i].desc,
                     code_name(judged.code), judged.error.text);
        cr_expect_eq(judged.error.depth, judged.code == 0 ? -1 : 0, "%s", policies[i].desc);
        cr_expect_not_null(strstr(judged.error.text, policies[i].sentence), "%s: %s",
                           policies[i].desc, judged.error.text);
        listed_free(&listed);
    }
}

Test(authority, questions)
{
    struct delegation_policy called = {.overhang = CALLED};
    const struct authority_walk none = {0};
    struct spc_questions questions = {0};
    struct listed listed;

    listed_make(&listed, "A! B! 16 < C! A! < -");
    cr_assert_eq(authority_ask(&none, &listed.path, "15", AT, &defaults, &questions, NULL), 0);
    cr_assert_eq(questions.n, 2);
    cr_expect_str_eq(questions.questions[1].spc, "B");
    cr_expect_eq(questions.questions[1].first, 15);
    cr_expect_eq(questions.questions[1].last, 15);
    cr_expect_eq(questions.questions[1].at, AT, "A-12: the caller is judged at iat");
    spc_questions_free(&questions);
    cr_assert_eq(authority_ask(&none, &listed.path, "15", AT, &called, &questions, NULL), 0);
    cr_expect_eq(questions.n, 3, "C too, and A once");
    spc_questions_free(&questions);
    cr_assert_eq(authority_ask(&none, &listed.path, "16", AT, &defaults, &questions, NULL), 0);
    cr_expect_eq(questions.n, 0, "the list has it");
    cr_assert_eq(authority_ask(&none, &listed.path, "*16", AT, &defaults, &questions, NULL), 0);
    cr_expect_eq(questions.n, 0, "a literal is never asked");
    listed_free(&listed);
}

/* A list of more SPCs than a portion has: yes if any says yes, whichever portion it is of. */
Test(authority, many_spcs)
{
    enum { SPCS = 2 * LIMIT_PORTION + 10 };
    static const struct {
        const char *desc, *data;
        enum stir_answer answer;
        int code;
    } many[] = {
        {"the first", "00000 15-15 yes", STIR_YES, 0},
        {"one of the second portion", "05000 15-15 yes", STIR_YES, 0},
        {"the last", "08201 15-15 yes", STIR_YES, 0},
        {"none", "08202 15-15 yes", STIR_UNKNOWN, STIR_CODE_SCOPE_UNKNOWN},
    };
    struct listed listed;

    listed_make(&listed, "16 < -");
    for (unsigned i = 0; i < SPCS; i++) {
        char spc[8];
        snprintf(spc, sizeof spc, "%05u", i);
        cr_assert_eq(scope_add_spc(listed.certificates[0].scope, spc, 5), 0);
    }
    cr_assert_eq(scope_normalise(listed.certificates[0].scope), 0);
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct spc_source *source = said_source(many[i].data);
        struct authority_walk walk = {0};
        struct stir_error error;
        size_t asked = 0, all = SIZE_MAX;
        int more, in_spc, portions = 0;
        do {
            struct spc_questions questions = {0};
            more = authority_ask(&walk, &listed.path, "15", AT, &defaults, &questions, NULL);
            cr_expect_leq(questions.n, LIMIT_PORTION);
            asked += questions.n;
            cr_assert_eq(spc_ask(source, &questions, NULL), 0);
            cr_assert_eq(
                authority_judge(&walk, &listed.path, "15", AT, &defaults, &questions, &all),
                more);
            spc_questions_free(&questions);
            portions++;
        } while (more == BUDGET_GONE);
        cr_expect_eq(portions, 3, "%s", many[i].desc);
        cr_expect_eq(asked, SPCS, "%s", many[i].desc);
        error_clear(&error);
        cr_expect_eq(
            authority_check_tn(&listed.path, "15", false, &walk, &defaults, &in_spc, &error),
            many[i].code, "%s: %s", many[i].desc, error.text);
        cr_expect_eq(in_spc, (int)many[i].answer, "%s", many[i].desc);
        spc_source_free(source);
    }
    listed_free(&listed);
}

/* ---- URIs: R8224-8.4-1, RFC 5922 section 7 ---- */

static const struct {
    const char *desc, *list, *uris, *dns, *common_name;
    bool other_names; /* a subjectAltName with neither */
    const char *uri;
    int code;
} uris[] = {
    {"a SIP URI", "-", "sip:example.com", "", NULL, false, "sip:alice@example.com", 0},
    {"another domain", "-", "sip:example.com", "", NULL, false, "sip:alice@example.org",
     STIR_CODE_NO_URI_AUTHORITY},
    {"in any case", "-", "SIP:Example.COM", "", NULL, false, "sip:alice@example.com", 0},
    {"a sips caller", "-", "sip:example.com", "", NULL, false, "sips:alice@example.com", 0},
    {"the second of two", "-", "sip:example.org sip:example.com", "", NULL, false,
     "sip:alice@example.com", 0},
    {"a subdomain is another domain", "-", "sip:example.com", "", NULL, false,
     "sip:alice@a.example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"a longer domain", "-", "sip:example.com", "", NULL, false, "sip:alice@example.comx",
     STIR_CODE_NO_URI_AUTHORITY},
    {"a URI with a user is no domain", "-", "sip:alice@example.com", "", NULL, false,
     "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"a URI of another scheme is none", "-", "https://example.com", "", NULL, false,
     "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"sips is none either", "-", "sips:example.com", "", NULL, false, "sip:alice@example.com",
     STIR_CODE_NO_URI_AUTHORITY},
    {"a DNS name", "-", "", "example.com", NULL, false, "sip:alice@example.com", 0},
    {"a DNS name in any case", "-", "", "EXAMPLE.com", NULL, false, "sip:alice@example.com", 0},
    {"another DNS name", "-", "", "example.org", NULL, false, "sip:alice@example.com",
     STIR_CODE_NO_URI_AUTHORITY},
    {"no wildcards", "-", "", "*.example.com", NULL, false, "sip:alice@a.example.com",
     STIR_CODE_NO_URI_AUTHORITY},
    {"not even for themselves", "-", "", "*.example.com", NULL, false,
     "sip:alice@*.example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"SIP URIs come first: the DNS name does not help", "-", "sip:example.org", "example.com",
     NULL, false, "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"other URIs leave it to the DNS name", "-", "https://example.org", "example.com", NULL,
     false, "sip:alice@example.com", 0},
    {"the common name where there is no subjectAltName", "-", "", "", "example.com", false,
     "sip:alice@example.com", 0},
    {"another common name", "-", "", "", "example.org", false, "sip:alice@example.com",
     STIR_CODE_NO_URI_AUTHORITY},
    {"not where there is one", "-", "", "example.org", "example.com", false,
     "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"whatever is in it", "-", "", "", "example.com", true, "sip:alice@example.com",
     STIR_CODE_NO_URI_AUTHORITY},
    {"A-13: not where there is a TNAuthList", "709J!", "", "", "example.com", false,
     "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"R8226-4-2: a list and a domain do not exclude each other", "709J!", "sip:example.com", "",
     NULL, false, "sip:alice@example.com", 0},
    {"R8226-4-2: its twin, with another domain", "709J!", "sip:example.org", "", NULL, false,
     "sip:alice@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"A-13: a list alone, and a user that looks like a number of it", "15", "", "", NULL, false,
     "sip:15@example.com", STIR_CODE_NO_URI_AUTHORITY},
    {"an empty domain", "-", "sip:", "", "", false, "sip:alice@", STIR_CODE_NO_URI_AUTHORITY},
    {"no names at all", "-", "", "", NULL, false, "sip:alice@example.com",
     STIR_CODE_NO_URI_AUTHORITY},
};

/* Cuts words at spaces; returns how many. */
static size_t cut(char *text, char *words[2])
{
    size_t n = 0;

    for (char *word; n < 2 && (word = strtok_r(NULL, " ", &text)) != NULL;)
        words[n++] = word;
    return n;
}

Test(authority, uris)
{
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        char sip[64], dns[64], common_name[64], *sips[2], *names[2];
        struct listed listed;
        struct stir_error error;
        listed_make(&listed, uris[i].list);
        struct stir_certificate *signer = &listed.certificates[0];
        signer->n_uris = cut(strcpy(sip, uris[i].uris), signer->uris = sips);
        signer->n_dns_names = cut(strcpy(dns, uris[i].dns), signer->dns_names = names);
        if (uris[i].common_name != NULL)
            signer->common_name = strcpy(common_name, uris[i].common_name);
        signer->has_alternative_names =
            uris[i].other_names || signer->n_uris + signer->n_dns_names > 0;
        error_clear(&error);
        int code = authority_check_uri(&listed.path, uris[i].uri, &error);
        cr_expect_eq(code, uris[i].code, "%s: %s", uris[i].desc, code_name(code));
        cr_expect_eq(error.depth, code == 0 ? -1 : 0, "%s", uris[i].desc);
        if (code != 0)
            cr_expect_not_null(strstr(error.text, "(RFC 5922 section 7.2)"), "%s: %s",
                               uris[i].desc, error.text);
        listed_free(&listed);
    }
}

Test(authority, a_uri_without_a_domain)
{
    struct stir_error error;
    struct listed listed;

    listed_make(&listed, "709J!");
    error_clear(&error);
    cr_expect_eq(authority_check_uri(&listed.path, "tel:12155551212", &error),
                 STIR_CODE_NO_URI_AUTHORITY);
    cr_expect_not_null(strstr(error.text, "tel:12155551212 has no domain"), "%s", error.text);
    listed_free(&listed);
}

/* The same of certificates as they come. */
static const struct {
    const char *desc, *san, *subject, *tnauthlist;
    int code;
} minted[] = {
    {"R8224-8.4-1: a SIP URI", "uri:sip:example.com", "X", NULL, 0},
    {"a DNS name", "dns:example.com", "X", NULL, 0},
    {"another DNS name", "dns:example.org", "X", NULL, STIR_CODE_NO_URI_AUTHORITY},
    {"a common name", NULL, "example.com", NULL, 0},
    {"not beside a subjectAltName", "dns:example.org", "example.com", NULL,
     STIR_CODE_NO_URI_AUTHORITY},
    {"A-13: not beside a TNAuthList", NULL, "example.com", "709J", STIR_CODE_NO_URI_AUTHORITY},
};

Test(authority, uris_of_real_certificates)
{
    for (size_t i = 0; i < sizeof minted / sizeof *minted; i++) {
        struct mint spec = {.subject = minted[i].subject,
                            .san = minted[i].san,
                            .tnauthlist = minted[i].tnauthlist};
        const struct minted *made = mint_make(&spec, &mint_sti_ca);
        struct path path = {.n = 1};
        cr_assert_eq(
            certificate_new(made->der, made->len, &es256_gnutls, &path.certificates[0]), 0);
        cr_assert_eq(path.certificates[0]->fault.code, 0, "%s",
                     path.certificates[0]->fault.text);
        int code = authority_check_uri(&path, "sip:alice@example.com", NULL);
        cr_expect_eq(code, minted[i].code, "%s: %s", minted[i].desc, code_name(code));
        certificate_free(path.certificates[0]);
    }
}
