/* rules/delegation: lists without a gap, each inside its parent's (RFC 9060 section 4, A-1 to
   A-8, A-10, A-11, A-34). */
#include "rules/delegation.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/build_scope.h"

enum { NOW = 1767225600 };

struct judged {
    int code;
    struct stir_error error;
    struct warnings warnings;
};

static const char *code_name(int code)
{
    const char *name = stir_code_name(code);

    return name != NULL ? name : "?";
}

static void ask_and_check(struct judged *judged, const struct path *path, const char *data,
                          const struct delegation_policy *policy)
{
    struct spc_source *source = data[0] != '\0' ? said_source(data) : NULL;
    struct spc_questions questions = {0};

    *judged = (struct judged){0};
    error_clear(&judged->error);
    cr_assert_eq(delegation_ask(path, NOW, &questions, NULL), 0);
    cr_assert_eq(spc_ask(source, &questions, NULL), 0);
    judged->code = delegation_check_encompassed(path, NOW, &questions, policy,
                                                &judged->warnings, &judged->error);
    spc_questions_free(&questions);
    spc_source_free(source);
}

/* ---- Lists: A-10, A-11 ---- */

static const struct {
    const char *desc, *lists;
    int code, depth;
    const char *sentence;
} lists[] = {
    {"A-11 case 1: no list above the first", "10+5 < 10+6 < - < -", 0, -1, ""},
    {"A-11: ordinary SHAKEN", "709J! < - < -", 0, -1, ""},
    {"no lists at all", "- < - < -", 0, -1, ""},
    {"a list on every certificate, anchor included", "10 < 10+2 < 10+3", 0, -1, ""},
    {"A-11 case 2: a CA without a list below one with", "10 < - < 10+2 < -",
     STIR_CODE_TNAUTHLIST_GAP, 1,
     "certificate 1 \"L1\" has no TNAuthList, although certificate 2 \"L2\" above it has one "
     "(RFC 9060 section 4)"},
    {"A-11 case 3: a leaf without a list under a listed parent", "- < 10+2 < -",
     STIR_CODE_TNAUTHLIST_GAP, 0,
     "certificate 0 \"L0\" has no TNAuthList, although certificate 1 \"L1\" above it has one "
     "(RFC 9060 section 4)"},
    {"two gaps: the lower one is named", "- < - < 10+2", STIR_CODE_TNAUTHLIST_GAP, 0,
     "although certificate 2 \"L2\" above it"},
    {"R9060-4.1-3, A-10: a list by reference counts as one", "@https://a.example/l < 10+2",
     STIR_CODE_TNAUTHLIST_UNREACHABLE, 0,
     "certificate 0 \"L0\": its TNAuthList at https://a.example/l could not be had "
     "(RFC 8226 section 10.1)"},
    {"A-10: a parent's list by reference", "10 < @https://a.example/l",
     STIR_CODE_TNAUTHLIST_UNREACHABLE, 1, "certificate 1 \"L1\": its TNAuthList at"},
    {"R9060-4.1-3: a gap below a list by reference", "- < @https://a.example/l",
     STIR_CODE_TNAUTHLIST_GAP, 0, "although certificate 1 \"L1\" above it"},
    {"a gap beats a list that is not there", "@https://a.example/l < - < 10",
     STIR_CODE_TNAUTHLIST_GAP, 1, "certificate 1 \"L1\" has no"},
    {"A-34: both kinds in one certificate", "10 @https://a.example/l < 10+2",
     STIR_CODE_TNAUTHLIST_UNREACHABLE, 0, "https://a.example/l"},
};

Test(delegation, lists)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct listed listed;
        struct stir_error error;
        listed_make(&listed, lists[i].lists);
        error_clear(&error);
        int code = delegation_check_lists(&listed.path, &error);
        cr_expect_eq(code, lists[i].code, "%s: %s", lists[i].desc, code_name(code));
        cr_expect_eq(error.depth, lists[i].depth, "%s", lists[i].desc);
        cr_expect_not_null(strstr(error.text, lists[i].sentence), "%s: %s", lists[i].desc,
                           error.text);
        listed_free(&listed);
    }
}

/* ---- Encompassing ---- */

static const struct delegation_policy defaults = {0};

static const struct {
    const char *desc, *lists;
    const char *data;
    int code, depth;
    const char *sentence; /* the whole or a part; "" where it is encompassed */
} cases[] = {
    /* R9060-4-4's own example, and one over at each end. */
    {"R9060-4-4: 1500 to 1599 of 1000 to 1999", "12125551500+100 < 12125551000+1000", "", 0, -1,
     ""},
    {"R9060-4-4: 1824 of 1000 to 1999", "12125551824 < 12125551000+1000", "", 0, -1, ""},
    {"R9060-4-4: equal", "12125551000+1000 < 12125551000+1000", "", 0, -1, ""},
    {"R9060-4-4: one over at the end", "12125551000+1001 < 12125551000+1000", "",
     STIR_CODE_NOT_ENCOMPASSED, 0,
     "certificate 0 \"L0\": 12125552000 is not encompassed by certificate 1 \"L1\" "
     "(RFC 9060 section 4)"},
    {"R9060-4-4: one over at the start", "12125550999+2 < 12125551000+1000", "",
     STIR_CODE_NOT_ENCOMPASSED, 0, "L0\": 12125550999 is not"},
    {"A-1: it overlaps, and is rejected, not trimmed", "1500+501 < 1000+1000", "",
     STIR_CODE_NOT_ENCOMPASSED, 0, "L0\": 2000 is not"},
    {"R9060-4-5: three levels", "1550 < 1500+100 < 1000+1000 < -", "", 0, -1, ""},
    {"three levels, the middle one claims too much", "1550 < 1500+501 < 1000+1000 < -", "",
     STIR_CODE_NOT_ENCOMPASSED, 1,
     "certificate 1 \"L1\": 2000 is not encompassed by certificate 2 \"L2\""},
    {"A-1: compared with the immediate parent, not with its parent",
     "1700 < 1500+100 < 1000+1000", "", STIR_CODE_NOT_ENCOMPASSED, 0, "certificate 1 \"L1\""},
    {"A-11: under unconstrained CAs everything goes", "10+80 709J! *67 < - < -", "", 0, -1, ""},

    /* A-7: union; order, duplicates and seams are nothing. */
    {"A-7, R9060-4.1-4: two adjacent ranges of the parent", "1400+200 < 1000+500 1500+500", "",
     0, -1, ""},
    {"A-7: in the other order, twice", "1400+200 < 1500+500 1000+500 1500+500", "", 0, -1, ""},
    {"A-7: not quite adjacent", "1400+200 < 1000+500 1501+499", "", STIR_CODE_NOT_ENCOMPASSED,
     0, "L0\": 1500 is not"},
    {"A-7: {X, 1000+500}, X has the residue", "1400+200 < X! 1000+500",
     "X 1500-1599 yes, X 0-9999 no", 0, -1, ""},
    {"A-7: X unknown", "1400+200 < X! 1000+500", "", STIR_CODE_ENCOMPASS_UNKNOWN, 0,
     "certificate 0 \"L0\": whether 1500-1599 is encompassed by certificate 1 \"L1\" is "
     "unknown for SPC X (RFC 9060 section 4)"},
    {"A-7: X says no", "1400+200 < X! 1000+500", "X 0-9999 no", STIR_CODE_NOT_ENCOMPASSED, 0,
     "certificate 0 \"L0\": 1500-1599 is not encompassed by certificate 1 \"L1\": not of SPC X "
     "(RFC 9060 section 4)"},
    {"A-7: a residue split among two SPCs", "1400+200 < X! Y! 1000+500",
     "X 1500-1549 yes, X 0-9999 no, Y 1550-1599 yes", 0, -1, ""},
    {"A-7: split, one short", "1400+200 < X! Y! 1000+500",
     "X 1500-1549 yes, X 0-9999 no, Y 1551-1599 yes, Y 0-9999 no", STIR_CODE_NOT_ENCOMPASSED, 0,
     "L0\": 1550 is not encompassed by certificate 1 \"L1\": not of SPCs X, Y "},

    /* A-2, A-3: SPC-only parents. */
    {"R9060-4.1-2, A-2: the data says yes", "12155550000+1000 < 709J!",
     "709J 12155550000-12155559999 yes", 0, -1, ""},
    {"A-2: it says no of one number", "12155550000+1000 < 709J!",
     "709J 12155550999-12155550999 no, 709J 0-99999999999 yes", STIR_CODE_NOT_ENCOMPASSED, 0,
     "12155550999 is not encompassed"},
    {"A-2: it says unknown", "12155550000+1000 < 709J!", "709J 0-99999999999 unknown",
     STIR_CODE_ENCOMPASS_UNKNOWN, 0, "whether 12155550000-12155550999 is"},
    {"A-3, R9060-12-1: no data", "12155550000+1000 < 709J!", "", STIR_CODE_ENCOMPASS_UNKNOWN, 0,
     "unknown for SPC 709J"},
    {"A-3: {A, B}, A no, B unknown", "15 < A! B!", "A 0-99 no", STIR_CODE_ENCOMPASS_UNKNOWN, 0,
     "unknown for SPCs A, B "},
    {"A-3: {A, B}, A no, B no", "15 < A! B!", "A 0-99 no, B 0-99 no", STIR_CODE_NOT_ENCOMPASSED,
     0, "not of SPCs A, B "},
    {"A-3: {A, B}, A unknown, B yes", "15 < A! B!", "B 0-99 yes", 0, -1, ""},
    {"five SPCs, two are named", "15 < A! B! C! D! E!", "", STIR_CODE_ENCOMPASS_UNKNOWN, 0,
     "unknown for SPCs A, B and 3 more "},
    {"A-3: a no of one interval beats an unknown of an earlier one", "15 35 < A!", "A 35-35 no",
     STIR_CODE_NOT_ENCOMPASSED, 0, "L0\": 35 is not"},
    {"A-3: the unknown alone", "15 35 < A!", "A 35-35 yes", STIR_CODE_ENCOMPASS_UNKNOWN, 0,
     "whether 15 is"},
    {"A-3: a no above beats an unknown below", "15 < A! < B!", "A 0-99 unknown",
     STIR_CODE_NOT_ENCOMPASSED, 1, "L1\": SPC A is not encompassed by certificate 2 \"L2\""},
    {"the same, the SPC inherited: the unknown decides", "15 < A! < A! B!", "A 0-99 unknown",
     STIR_CODE_ENCOMPASS_UNKNOWN, 0, "for SPC A "},
    {"an unknown between the upper two", "15 < 10+10 A! < B!  A!", "",
     STIR_CODE_ENCOMPASS_UNKNOWN, 1, "whether 10-19 is"},
    {"two unknowns: the lower one is told", "15 25 < 10+10 A! < B! A!", "",
     STIR_CODE_ENCOMPASS_UNKNOWN, 0, "whether 25 is"},
    {"numbers of another length are asked as such", "015 < A!", "A 15-15 yes", 0, -1, ""},

    /* A-4, A-5: SPCs. */
    {"A-4: the same SPC", "709J! < 709J!", "", 0, -1, ""},
    {"A-4, R8226-9-6: another case", "709j! < 709J!", "709J 0-9 yes", STIR_CODE_NOT_ENCOMPASSED,
     0,
     "certificate 0 \"L0\": SPC 709j is not encompassed by certificate 1 \"L1\" "
     "(RFC 9060 section 4)"},
    {"A-4: one SPC more", "709J! 1234! < 709J!", "", STIR_CODE_NOT_ENCOMPASSED, 0,
     "SPC 1234 is not"},
    {"R9060-4.1-1: an SPC and numbers of a parent with both", "709J! 1500 < 709J! 1000+1000",
     "", 0, -1, ""},
    {"A-5: an SPC under numbers, whatever the data says", "709J! < 12125550000+10000",
     "709J 0-99999999999 yes", STIR_CODE_NOT_ENCOMPASSED, 0, "SPC 709J is not"},

    /* A-8, A-9: literals and lengths. */
    {"A-8: a literal under a range", "*67 < 10+80", "", STIR_CODE_NOT_ENCOMPASSED, 0,
     "L0\": *67 is not"},
    {"A-8: under the same literal", "*67 < *67 10+80", "", 0, -1, ""},
    {"A-8: under an SPC, which is never asked of it", "*67 < A!", "A 0-999 yes",
     STIR_CODE_NOT_ENCOMPASSED, 0, "L0\": *67 is not"},
    {"A-8: no wildcard", "1234 < 123#", "", STIR_CODE_NOT_ENCOMPASSED, 0, "1234 is not"},
    {"A-9: no country code is added", "2125551212 < 12125551000+1000", "",
     STIR_CODE_NOT_ENCOMPASSED, 0, "2125551212 is not"},

    /* A-10, A-34: lists by reference; what is known of the others decides. */
    {"A-34: a definite no by value is one, whatever is referred to",
     "15 @https://a.example/l < 16", "", STIR_CODE_NOT_ENCOMPASSED, 0, "15 is not"},
    {"A-10: a parent by reference alone", "15 < @https://a.example/l", "", 0, -1, ""},
};

Test(delegation, encompassed)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct listed listed;
        struct judged judged;
        listed_make(&listed, cases[i].lists);
        ask_and_check(&judged, &listed.path, cases[i].data, &defaults);
        cr_expect_eq(judged.code, cases[i].code, "%s: %s, %s", cases[i].desc,
                     code_name(judged.code), judged.error.text);
        cr_expect_eq(judged.error.depth, cases[i].depth, "%s", cases[i].desc);
        cr_expect_not_null(strstr(judged.error.text, cases[i].sentence), "%s: %s",
                           cases[i].desc, judged.error.text);
        cr_expect_eq(judged.error.text[0] == '\0', cases[i].sentence[0] == '\0');
        cr_expect_eq(judged.warnings.n, 0, "%s", cases[i].desc);
        warnings_free(&judged.warnings);
        listed_free(&listed);
    }
}

/* ---- Policies: spc_unknown, spc_overhang ---- */

#define CALLED SPC_OVERHANG_CALLED
#define CERTIFICATE SPC_OVERHANG_CERTIFICATE

static const struct {
    const char *desc, *lists;
    const char *data;
    enum spc_unknown unknown;
    enum spc_overhang overhang;
    int code;
    const char *says; /* of the sentence, or the only warning */
} policies[] = {
    {"A-3: indeterminate", "15+5 < A!", "", SPC_UNKNOWN_INDETERMINATE, CERTIFICATE,
     STIR_CODE_ENCOMPASS_UNKNOWN, "whether 15-19 is"},
    {"A-3: invalid", "15+5 < A!", "", SPC_UNKNOWN_INVALID, CERTIFICATE,
     STIR_CODE_NOT_ENCOMPASSED,
     "L0\": 15-19 is not encompassed by certificate 1 \"L1\": unknown for SPC A (RFC"},
    {"A-3: trust_issuer", "15+5 < A!", "", SPC_UNKNOWN_TRUST_ISSUER, CERTIFICATE, 0,
     "scope-unchecked: certificate 0 \"L0\": whether 15-19 is encompassed by certificate 1 "
     "\"L1\" is unknown for SPC A"},
    {"A-3: trust_issuer does not help against a no", "15+5 < A!", "A 0-99 no",
     SPC_UNKNOWN_TRUST_ISSUER, CERTIFICATE, STIR_CODE_NOT_ENCOMPASSED, "15-19 is not"},
    {"A-3: nor where no SPC could hold it", "15 < 16", "", SPC_UNKNOWN_TRUST_ISSUER,
     CERTIFICATE, STIR_CODE_NOT_ENCOMPASSED, "15 is not"},
    {"trust_issuer where the data says yes: nothing to warn of", "15 < A!", "A 15-15 yes",
     SPC_UNKNOWN_TRUST_ISSUER, CERTIFICATE, 0, NULL},
    {"spc_overhang certificate", "15+5 < A!", "A 15-15 yes, A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CERTIFICATE, STIR_CODE_NOT_ENCOMPASSED, "16-19 is not"},
    {"spc_overhang called: a warning with the witness", "15+5 < A!", "A 15-15 yes, A 0-99 no",
     SPC_UNKNOWN_INDETERMINATE, CALLED, 0,
     "spc-overhang: certificate 0 \"L0\": 16-19 is not encompassed by certificate 1 \"L1\" "
     "now: "
     "not a number of SPC A"},
    {"called: what no data could mend stays", "15+5 < 15", "", SPC_UNKNOWN_INDETERMINATE,
     CALLED, STIR_CODE_NOT_ENCOMPASSED, "16-19 is not"},
    {"called: an SPC stays", "B! < A!", "", SPC_UNKNOWN_INDETERMINATE, CALLED,
     STIR_CODE_NOT_ENCOMPASSED, "SPC B is not"},
    {"called: the unknown is for the calling number to tell, too", "15+5 < A!", "A 15-15 yes",
     SPC_UNKNOWN_INDETERMINATE, CALLED, 0,
     "scope-unchecked: certificate 0 \"L0\": whether 16-19"},
    {"called and invalid: the unknown is a no, and so an overhang", "15+5 < A!", "A 15-15 yes",
     SPC_UNKNOWN_INVALID, CALLED, 0,
     "spc-overhang: certificate 0 \"L0\": "
     "16-19 is not"},
};

Test(delegation, policies)
{
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct listed listed;
        struct judged judged;
        struct delegation_policy policy = {policies[i].unknown, policies[i].overhang, false};
        listed_make(&listed, policies[i].lists);
        ask_and_check(&judged, &listed.path, policies[i].data, &policy);
        const char *said = judged.code != 0         ? judged.error.text
                           : judged.warnings.n == 1 ? judged.warnings.lines[0]
                                                    : "";
        cr_expect_eq(judged.code, policies[i].code, "%s: %s", policies[i].desc,
                     code_name(judged.code));
        cr_expect_eq(judged.warnings.n, judged.code == 0 && policies[i].says != NULL, "%s",
                     policies[i].desc);
        cr_expect_not_null(strstr(said, policies[i].says == NULL ? "" : policies[i].says),
                           "%s: %s", policies[i].desc, said);
        warnings_free(&judged.warnings);
        listed_free(&listed);
    }
}

/* Questions that were one too many must not become a yes by trust_issuer. */
Test(delegation, too_many_questions_are_not_trusted)
{
    struct delegation_policy policy = {.unknown = SPC_UNKNOWN_TRUST_ISSUER};
    struct spc_questions questions = {0};
    struct listed listed;

    listed_make(&listed, "15 < A!");
    cr_expect_eq(
        delegation_check_encompassed(&listed.path, NOW, &questions, &policy, NULL, NULL), 0);
    questions.full = true;
    cr_expect_eq(
        delegation_check_encompassed(&listed.path, NOW, &questions, &policy, NULL, NULL),
        STIR_CODE_ENCOMPASS_UNKNOWN);
    listed_free(&listed);
}

/* A-2: an interval is one question, and what entries cover is none. */
Test(delegation, questions)
{
    struct spc_questions questions = {0};
    struct listed listed;

    listed_make(&listed, "10+9 < 709J! < 709J! 1234! 10+5 < -");
    cr_assert_eq(delegation_ask(&listed.path, NOW, &questions, NULL), 0);
    cr_assert_eq(questions.n, 1);
    cr_expect_str_eq(questions.questions[0].spc, "709J");
    cr_expect_eq(questions.questions[0].digits, 2);
    cr_expect_eq(questions.questions[0].first, 10);
    cr_expect_eq(questions.questions[0].last, 18);
    cr_expect_eq(questions.questions[0].at, NOW, "A-12: certificates are judged at now");
    spc_questions_free(&questions);
    listed_free(&listed);
    listed_make(&listed, "10+9 X! *67 < 709J!");
    cr_assert_eq(delegation_ask(&listed.path, NOW, &questions, NULL), 0);
    cr_expect_eq(questions.n, 0, "it is a no already");
    spc_questions_free(&questions);
    listed_free(&listed);
}

/* The longest names there are leave room for the witness and the clause. */
Test(delegation, long_names_fit)
{
    char label[] = "an enterprise with a name of fifty-nine characters, exactly";
    struct spc_questions none = {0};
    struct stir_error error;
    struct listed listed;

    cr_assert_eq(strlen(label), 59);
    listed_make(&listed, "121555513000000+1000 < 709J!");
    listed.certificates[0].label = listed.certificates[1].label = label;
    error_clear(&error);
    cr_expect_eq(
        delegation_check_encompassed(&listed.path, NOW, &none, &defaults, NULL, &error),
        STIR_CODE_ENCOMPASS_UNKNOWN);
    cr_expect_not_null(strstr(error.text, "SPC 709J (RFC 9060 section 4)"), "%s", error.text);
    listed_free(&listed);
}
