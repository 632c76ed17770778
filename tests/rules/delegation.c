/* rules/delegation: lists without a gap, each inside its parent's (RFC 9060 section 4, A-1 to
   A-8, A-10, A-11, A-34). */
#include "rules/delegation.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
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

    *judged = (struct judged){0};
    error_clear(&judged->error);
    judged->code = delegation_check_encompassed(path, NOW, source, -1, policy,
                                                &judged->warnings, &judged->error);
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

/* Questions that were one too many must not become a yes by trust_issuer, nor those before them. */
Test(delegation, too_many_questions_are_not_trusted)
{
    struct delegation_policy policy = {.unknown = SPC_UNKNOWN_TRUST_ISSUER};
    struct spc_questions questions = {0};
    struct listed listed;

    listed_make(&listed, "15 17 19 < A!");
    for (size_t most = 2; most <= 3; most++) {
        struct delegation_walk walk = {.most = most};
        size_t all = SIZE_MAX;
        cr_assert_eq(delegation_walk_ask(&walk, &listed.path, NOW, &questions, NULL), 0);
        cr_expect_eq(questions.n, most);
        cr_assert_eq(delegation_walk_judge(&walk, &listed.path, NOW, &questions, &all, NULL),
                     0);
        cr_expect_eq(walk.full, most == 2);
        cr_expect_eq(delegation_walk_settle(&walk, &listed.path, &policy, NULL, NULL),
                     most == 2 ? STIR_CODE_ENCOMPASS_UNKNOWN : 0);
        spc_questions_free(&questions);
        delegation_walk_free(&walk);
    }
    listed_free(&listed);
}

/* A-2: an interval is one question, and what entries cover is none. */
Test(delegation, questions)
{
    const struct delegation_walk walk = {0};
    struct spc_questions questions = {0};
    struct listed listed;

    listed_make(&listed, "10+9 < 709J! < 709J! 1234! 10+5 < -");
    cr_assert_eq(delegation_walk_ask(&walk, &listed.path, NOW, &questions, NULL), 0);
    cr_assert_eq(questions.n, 1);
    cr_expect_str_eq(questions.questions[0].spc, "709J");
    cr_expect_eq(questions.questions[0].digits, 2);
    cr_expect_eq(questions.questions[0].first, 10);
    cr_expect_eq(questions.questions[0].last, 18);
    cr_expect_eq(questions.questions[0].at, NOW, "A-12: certificates are judged at now");
    spc_questions_free(&questions);
    listed_free(&listed);
    listed_make(&listed, "10+9 X! *67 < 709J!");
    cr_assert_eq(delegation_walk_ask(&walk, &listed.path, NOW, &questions, NULL), 0);
    cr_expect_eq(questions.n, 0, "it is a no already");
    spc_questions_free(&questions);
    listed_free(&listed);
}

/* The longest names there are leave room for the witness and the clause. */
Test(delegation, long_names_fit)
{
    char label[] = "an enterprise with a name of fifty-nine characters, exactly";
    struct stir_error error;
    struct listed listed;

    cr_assert_eq(strlen(label), 59);
    listed_make(&listed, "121555513000000+1000 < 709J!");
    listed.certificates[0].label = listed.certificates[1].label = label;
    error_clear(&error);
    cr_expect_eq(
        delegation_check_encompassed(&listed.path, NOW, NULL, -1, &defaults, NULL, &error),
        STIR_CODE_ENCOMPASS_UNKNOWN);
    cr_expect_not_null(strstr(error.text, "SPC 709J (RFC 9060 section 4)"), "%s", error.text);
    listed_free(&listed);
}

/* ---- Portions: the same as all at once ---- */

static uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);

static unsigned below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 32) % n);
}

/* SPC data by chance, the same whenever it is asked: of each SPC and number, by tens. */
struct chance {
    uint64_t seed;
    unsigned of_no, of_unknown; /* in 16ths */
    size_t asked, most_at_once;
};

static int say_by_chance(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct chance *chance = arg;

    (void)error;
    chance->asked += want->n_questions;
    if (want->n_questions > chance->most_at_once)
        chance->most_at_once = want->n_questions;
    for (size_t i = 0; i < want->n_questions; i++) {
        const struct stir_question *question = &want->questions[i];
        for (uint64_t ten = question->first / 10; ten <= question->last / 10; ten++) {
            uint64_t h = (chance->seed + (uint64_t)question->spc[0] * 7919 + ten)
                         * UINT64_C(0x9E3779B97F4A7C15);
            unsigned which = (unsigned)(h >> 60);
            stir_want_answer(want, i, ten * 10, ten * 10 + 9,
                             which < chance->of_no                        ? STIR_NO
                             : which < chance->of_no + chance->of_unknown ? STIR_UNKNOWN
                                                                          : STIR_YES);
        }
        stir_want_as_of(want, i, NOW - (int64_t)(question->spc[0] % 5) * 10);
    }
    return 0;
}

static char *add_entries(char *at, unsigned level)
{
    for (unsigned n = level * (1 + below(3)); n > 0; n--)
        at += sprintf(at, "%c! ", 'A' + (char)below(2 + 2 * level));
    if (below(24) == 0)
        at += sprintf(at, "%c! ", 'A' + (char)below(6));
    if (below(24) == 0)
        at += sprintf(at, "*%u ", below(3));
    for (unsigned n = below(level + 3); n > 0; n--)
        at += below(2) == 0 ? sprintf(at, "%u ", 100 + below(800))
                            : sprintf(at, "%u+%u ", 100 + below(800), 2 + below(40));
    at += sprintf(at, "5 ");
    return at;
}

/* Two to four levels, one in four with a list by reference, too, as that came. */
static void make_by_chance(struct listed *listed)
{
    char text[512], *at = text;
    unsigned n = 2 + below(3);

    for (unsigned level = 0; level < n; level++) {
        at = add_entries(at, level);
        at += sprintf(at, level + 1 < n ? "< " : "");
    }
    listed_make(listed, text);
    for (unsigned level = 0; level < n; level++) {
        if (below(6) != 0)
            continue;
        struct stir_certificate *certificate = &listed->certificates[level];
        *add_entries(text, level) = '\0';
        certificate->fetched = build_scope(text);
        listed->urls[level] = strdup("https://a.example/l");
        certificate->references = &listed->urls[level];
        certificate->n_references = 1;
    }
}

static void free_by_chance(struct listed *listed)
{
    for (size_t i = 0; i < listed->path.n; i++)
        scope_free(listed->certificates[i].fetched);
    listed_free(listed);
}

/* What a list leaves of another: a text that the other has not, or ranges. */
static struct delegation_found left_of(const struct stir_scope *child,
                                       const struct stir_scope *parent,
                                       struct stir_scope **rest)
{
    cr_assert_eq(scope_subtract(child, parent, rest), 0);
    for (size_t i = 0; i < child->n_spc_set; i++)
        if (!scope_has_spc(parent, child->spc_set[i]))
            return (struct delegation_found){.outcome = DELEGATION_SPC, .text = i};
    if (*rest != NULL && (*rest)->n_ranges > 0 && parent->n_spc_set == 0)
        return (struct delegation_found){.outcome = DELEGATION_NUMBERS,
                                         .witness = (*rest)->ranges[0]};
    for (size_t i = 0; i < child->n_literal_set; i++)
        if (!scope_has_literal(parent, child->literal_set[i]))
            return (struct delegation_found){.outcome = DELEGATION_LITERAL, .text = i};
    return (struct delegation_found){.outcome = DELEGATION_COVERED};
}

/* With one list of questions for the whole path: asked first, judged then. Asked of another
   time for each pair, lest two pairs have a question in common. */
static void walk_at_once(struct delegation_walk *walk, const struct path *path,
                         struct spc_source *source, int64_t max_age, struct spc_oldest *oldest)
{
    struct spc_questions questions = {0};

    for (int judging = 0; judging < 2; judging++) {
        for (size_t pair = 0; pair < (path->n - 1) * 4; pair++) {
            struct path_lists above = path_lists(path, pair / 4 + 1),
                              below = path_lists(path, pair / 4);
            struct delegation_found *found = &walk->found[pair / 4][pair % 4];
            struct stir_scope *rest;
            if (pair % 4 / 2 >= above.n || pair % 2 >= below.n)
                continue;
            const struct stir_scope *parent = above.scopes[pair % 4 / 2];
            *found = left_of(below.scopes[pair % 2], parent, &rest);
            size_t n =
                rest != NULL && found->outcome == DELEGATION_COVERED ? rest->n_ranges : 0;
            enum stir_answer worst = STIR_YES;
            for (size_t i = 0; i < n && worst != STIR_NO; i++) {
                const int64_t at = NOW + (int64_t)pair;
                struct tn_range witness, range = rest->ranges[i];
                for (size_t k = 0; k < parent->n_spc_set && !judging && !walk->nobody; k++)
                    if (questions.n < walk->most)
                        spc_questions_add(&questions, parent->spc_set[k], range, at);
                    else
                        walk->full = true;
                enum stir_answer answer = spc_judge(&questions, parent->spc_set,
                                                    parent->n_spc_set, range, at, &witness);
                if (!judging || answer == STIR_YES || answer == worst)
                    continue;
                worst = answer;
                *found = (struct delegation_found){DELEGATION_DATA, answer, 0, witness};
            }
            scope_free(rest);
        }
        cr_assert_eq(spc_ask(source, &questions, NULL), 0);
        spc_forget_old(&questions, NOW, max_age, oldest);
    }
    spc_questions_free(&questions);
}

static size_t walk_in_portions(struct delegation_walk *walk, const struct path *path,
                               struct spc_source *source, int64_t max_age,
                               struct spc_oldest *oldest)
{
    size_t portions = 0;
    int more;

    do {
        struct spc_questions questions = {0};
        size_t budget = 1;
        more = delegation_walk_ask(walk, path, NOW, &questions, NULL);
        cr_assert_eq(spc_ask(source, &questions, NULL), 0);
        spc_forget_old(&questions, NOW, max_age, oldest);
        cr_assert_eq(delegation_walk_judge(walk, path, NOW, &questions, &budget, NULL), more);
        spc_questions_free(&questions);
        portions++;
    } while (more == BUDGET_GONE);
    cr_assert_eq(more, 0);
    return portions;
}

static void settle(struct judged *judged, struct delegation_walk *walk, const struct path *path,
                   const struct delegation_policy *policy, const struct spc_oldest *oldest,
                   int64_t max_age)
{
    *judged = (struct judged){0};
    error_clear(&judged->error);
    cr_assert_eq(spc_warn_old(oldest, NOW, max_age, &judged->warnings, NULL), 0);
    judged->code =
        delegation_walk_settle(walk, path, policy, &judged->warnings, &judged->error);
    delegation_walk_free(walk);
}

static void expect_same(const struct judged *judged, const struct judged *wanted,
                        const char *desc)
{
    cr_expect_eq(judged->code, wanted->code, "%s: %s", desc, code_name(judged->code));
    cr_expect_eq(judged->error.depth, wanted->error.depth, "%s", desc);
    cr_expect_str_eq(judged->error.text, wanted->error.text, "%s: %s", desc,
                     wanted->error.text);
    cr_assert_eq(judged->warnings.n, wanted->warnings.n, "%s", desc);
    for (size_t i = 0; i < wanted->warnings.n; i++)
        cr_expect_str_eq(judged->warnings.lines[i], wanted->warnings.lines[i], "%s", desc);
}

/* A-2, A-3, A-12: random lists and random data, in portions of every size and with any most, by the
   walk and by one list of questions: the same code, depth, sentence and warnings. */
Test(delegation, portions_are_as_one)
{
    enum { PATHS = 2500 };
    static const size_t sizes[] = {1, 2, 3, 0};
    size_t by_code[3] = {0}, split = 0;

    for (unsigned i = 0; i < PATHS; i++) {
        struct chance chance = {i, below(3) == 0 ? below(3) : 0, below(3), 0, 0};
        const struct stir_resolver resolver = {
            .size = sizeof resolver, .arg = &chance, .answer = say_by_chance};
        const struct delegation_policy policy = {(enum spc_unknown)below(3),
                                                 (enum spc_overhang)below(2), false};
        struct spc_source *source = below(8) == 0 ? NULL : spc_source_new(&resolver);
        const int64_t max_age = (int64_t)below(6) * 10 - 1;
        const size_t most = below(3) == 0 ? 1 + below(6) : 1000;
        struct judged wanted, judged;
        struct listed listed;
        char desc[64];

        make_by_chance(&listed);
        struct delegation_walk walk = {.nobody = source == NULL, .most = most};
        struct spc_oldest oldest = {0};
        walk_at_once(&walk, &listed.path, source, max_age, &oldest);
        settle(&wanted, &walk, &listed.path, &policy, &oldest, max_age);
        by_code[wanted.code == 0 ? 0 : wanted.code == STIR_CODE_NOT_ENCOMPASSED ? 1 : 2]++;
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            walk = (struct delegation_walk){
                .nobody = source == NULL, .most = most, .portion = sizes[k]};
            oldest = (struct spc_oldest){0};
            chance.most_at_once = 0;
            split += walk_in_portions(&walk, &listed.path, source, max_age, &oldest) > 1;
            settle(&judged, &walk, &listed.path, &policy, &oldest, max_age);
            snprintf(desc, sizeof desc, "path %u in portions of %zu", i, sizes[k]);
            expect_same(&judged, &wanted, desc);
            cr_expect(sizes[k] == 0 || chance.most_at_once <= sizes[k], "%s", desc);
            warnings_free(&judged.warnings);
        }
        warnings_free(&wanted.warnings);
        spc_source_free(source);
        free_by_chance(&listed);
    }
    cr_expect(by_code[0] > 300 && by_code[1] > 300 && by_code[2] > 50, "%zu %zu %zu",
              by_code[0], by_code[1], by_code[2]);
    cr_expect(split > PATHS / 2, "%zu", split);
}
