/* spc/spc: questions, answers by intervals, and their algebra against brute force (A-2, A-3,
   A-7, R9060-4.1-2). */
#include "spc/spc.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum { AT = 1443208345 };

static struct tn_range interval(const char *first, const char *last)
{
    return (struct tn_range){tn_parse(first, strlen(first)), tn_parse(last, strlen(last))};
}

/* ---- A source that says what a list says ---- */

struct said {
    const char *spc;
    uint64_t first, last;
    enum stir_answer answer;
};

struct talk {
    const struct said *said; /* up to spc NULL */
    int rc, asked, released;
    size_t n_questions;
};

static int talk(void *arg, struct stir_want *want, struct stir_error *error)
{
    struct talk *t = arg;

    (void)error;
    t->asked++;
    t->n_questions = want->n_questions;
    for (size_t i = 0; i < want->n_questions; i++)
        for (const struct said *s = t->said; s != NULL && s->spc != NULL; s++)
            if (strcmp(s->spc, want->questions[i].spc) == 0)
                stir_want_answer(want, i, s->first, s->last, s->answer);
    return t->rc;
}

static void hush(void *arg)
{
    ((struct talk *)arg)->released++;
}

static struct spc_source *source_of(struct talk *t)
{
    struct stir_resolver resolver = {
        .size = sizeof resolver, .arg = t, .answer = talk, .release = hush};
    struct spc_source *source = spc_source_new(&resolver);

    cr_assert_not_null(source);
    return source;
}

static const char *const names[] = {"no", "yes", "unknown"};

enum { LIST = 6 };

static const struct {
    const char *desc;
    struct said said[LIST];
    const char *spcs[3];
    const char *first, *last;
    enum stir_answer answer;
    const char *witness;
} cases[] = {
    {"A-3: nobody says anything", {{0}}, {"A"}, "100", "199", STIR_UNKNOWN, "100-199"},
    {"A-2: yes", {{"A", 100, 199, STIR_YES}}, {"A"}, "100", "199", STIR_YES, NULL},
    {"A-2: yes to more", {{"A", 0, 999, STIR_YES}}, {"A"}, "100", "199", STIR_YES, NULL},
    {"A-2: no", {{"A", 100, 199, STIR_NO}}, {"A"}, "100", "199", STIR_NO, "100-199"},
    {"yes to all but the last",
     {{"A", 100, 198, STIR_YES}},
     {"A"},
     "100",
     "199",
     STIR_UNKNOWN,
     "199"},
    {"yes to all but the first, no to that",
     {{"A", 101, 199, STIR_YES}, {"A", 100, 100, STIR_NO}},
     {"A"},
     "100",
     "199",
     STIR_NO,
     "100"},
    {"the first word stays",
     {{"A", 150, 150, STIR_NO}, {"A", 100, 199, STIR_YES}, {"A", 0, 999, STIR_NO}},
     {"A"},
     "100",
     "199",
     STIR_NO,
     "150"},
    {"the other way round it is covered by the block",
     {{"A", 100, 199, STIR_YES}, {"A", 150, 150, STIR_NO}, {"A", 0, 999, STIR_NO}},
     {"A"},
     "100",
     "199",
     STIR_YES,
     NULL},
    {"an unknown said first stays, too",
     {{"A", 150, 150, STIR_UNKNOWN}, {"A", 100, 199, STIR_YES}},
     {"A"},
     "100",
     "199",
     STIR_UNKNOWN,
     "150"},
    {"A-3: no beats unknown over the numbers, wherever it stands",
     {{"A", 100, 119, STIR_YES}, {"A", 180, 189, STIR_NO}},
     {"A"},
     "100",
     "199",
     STIR_NO,
     "180-189"},
    {"A-3: {A, B}, A no, B unknown",
     {{"A", 0, 999, STIR_NO}},
     {"A", "B"},
     "100",
     "199",
     STIR_UNKNOWN,
     "100-199"},
    {"A-3: {A, B}, A no, B no",
     {{"A", 0, 999, STIR_NO}, {"B", 0, 999, STIR_NO}},
     {"A", "B"},
     "100",
     "199",
     STIR_NO,
     "100-199"},
    {"A-7: a residue split between two SPCs",
     {{"A", 100, 149, STIR_YES}, {"A", 0, 999, STIR_NO}, {"B", 150, 199, STIR_YES}},
     {"A", "B"},
     "100",
     "199",
     STIR_YES,
     NULL},
    {"A-7: split, one number short",
     {{"A", 100, 148, STIR_YES},
      {"A", 0, 999, STIR_NO},
      {"B", 150, 199, STIR_YES},
      {"B", 0, 999, STIR_NO}},
     {"A", "B"},
     "100",
     "199",
     STIR_NO,
     "149"},
    {"R9060-4.1-4: a number of two SPCs",
     {{"A", 100, 199, STIR_YES}, {"B", 100, 199, STIR_YES}},
     {"A", "B"},
     "100",
     "199",
     STIR_YES,
     NULL},
    {"the witness runs over the seams of the answers",
     {{"A", 110, 119, STIR_NO},
      {"B", 0, 999, STIR_NO},
      {"A", 120, 129, STIR_NO},
      {"A", 130, 999, STIR_YES},
      {"A", 100, 109, STIR_YES}},
     {"A", "B"},
     "100",
     "199",
     STIR_NO,
     "110-129"},
    {"no SPCs: no", {{0}}, {NULL}, "100", "199", STIR_NO, "100-199"},
    {"R8226-9-6: another case is another SPC",
     {{"a", 0, 999, STIR_YES}},
     {"A"},
     "100",
     "199",
     STIR_UNKNOWN,
     "100-199"},
    {"one number", {{"A", 100, 100, STIR_YES}}, {"A"}, "100", "100", STIR_YES, NULL},
    {"leading zeros are kept", {{"A", 7, 8, STIR_NO}}, {"A"}, "006", "009", STIR_NO, "007-008"},
    {"an answer backwards is none",
     {{"A", 199, 100, STIR_YES}},
     {"A"},
     "100",
     "199",
     STIR_UNKNOWN,
     "100-199"},
    {"an answer that is none",
     {{"A", 100, 199, (enum stir_answer)7}},
     {"A"},
     "100",
     "199",
     STIR_UNKNOWN,
     "100-199"},
};

static size_t count_spcs(const char *const *spcs)
{
    size_t n = 0;

    while (n < 3 && spcs[n] != NULL)
        n++;
    return n;
}

Test(spc, judge)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct talk t = {.said = cases[i].said};
        struct spc_source *source = source_of(&t);
        struct spc_questions questions = {0};
        struct tn_range range = interval(cases[i].first, cases[i].last), witness = {0, 0};
        size_t n = count_spcs(cases[i].spcs);
        char room[TN_RANGE_SIZE];

        cr_assert_eq(spc_questions_add_all(&questions, cases[i].spcs, n, range, AT), 0);
        cr_assert_eq(spc_ask(source, &questions, NULL), 0);
        enum stir_answer answer = spc_judge(&questions, cases[i].spcs, n, range, AT, &witness);
        cr_expect_eq(answer, cases[i].answer, "%s: %s", cases[i].desc, names[answer]);
        cr_expect_eq(spc_judge(&questions, cases[i].spcs, n, range, AT, NULL), answer);
        if (cases[i].witness == NULL)
            cr_expect_eq(witness.first, 0, "%s", cases[i].desc);
        else
            cr_expect_str_eq(tn_range_text(room, witness), cases[i].witness, "%s: %s",
                             cases[i].desc, room);
        spc_questions_free(&questions);
        spc_source_free(source);
        cr_expect_eq(t.released, 1);
    }
}

Test(spc, what_was_not_asked_is_unknown)
{
    static const struct said all[] = {{"A", 0, 999, STIR_YES}, {NULL, 0, 0, STIR_NO}};
    const char *spc = "A";
    struct talk t = {.said = all};
    struct spc_source *source = source_of(&t);
    struct spc_questions q = {0};
    struct tn_range asked = interval("100", "199");

    cr_assert_eq(spc_questions_add(&q, spc, asked, AT), 0);
    cr_expect_eq(spc_judge(&q, &spc, 1, asked, AT, NULL), STIR_UNKNOWN, "not asked yet");
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(spc_judge(&q, &spc, 1, asked, AT, NULL), STIR_YES);
    cr_expect_eq(spc_judge(&q, &spc, 1, asked, AT + 1, NULL), STIR_UNKNOWN, "another time");
    cr_expect_eq(spc_judge(&q, &spc, 1, interval("100", "198"), AT, NULL), STIR_UNKNOWN);
    cr_expect_eq(spc_judge(&q, &spc, 1, interval("0100", "0199"), AT, NULL), STIR_UNKNOWN);
    spc_questions_free(&q);
    spc_source_free(source);
}

Test(spc, each_question_once)
{
    static const char *const spcs[] = {"A", "B"};
    struct talk t = {0};
    struct spc_source *source = source_of(&t);
    struct spc_questions q = {0};

    for (int round = 0; round < 3; round++) {
        cr_assert_eq(spc_questions_add_all(&q, spcs, 2, interval("100", "199"), AT), 0);
        cr_assert_eq(spc_questions_add(&q, "A", interval("100", "199"), AT + 60), 0);
        cr_assert_eq(spc_questions_add(&q, "A", interval("0100", "0199"), AT), 0);
    }
    cr_expect_eq(q.n, 4);
    cr_expect_str_eq(q.questions[1].spc, "B");
    cr_expect_eq(q.questions[3].digits, 4);
    cr_expect_eq(q.questions[3].first, 100);
    cr_expect_eq(q.questions[3].last, 199);
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(t.n_questions, 4);
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(t.asked, 1, "nothing new, nobody asked");
    cr_assert_eq(spc_questions_add(&q, "C", interval("1", "2"), AT), 0);
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(t.n_questions, 1, "only what is new");
    spc_questions_free(&q);
    spc_source_free(source);
}

/* no data, a source in trouble: unknown, not a failure; only want of memory is one. */
Test(spc, trouble)
{
    static const struct said all[] = {{"A", 0, 999, STIR_YES}, {NULL, 0, 0, STIR_NO}};
    static const int rcs[] = {STIR_E_FILE, STIR_E_NOMEM};
    const char *spc = "A";
    struct tn_range range = interval("100", "199");

    for (size_t i = 0; i < 3; i++) {
        struct talk t = {.said = all, .rc = i < 2 ? rcs[i] : 0};
        struct spc_source *source = i < 2 ? source_of(&t) : NULL;
        struct spc_questions q = {0};
        cr_assert_eq(spc_questions_add(&q, spc, range, AT), 0);
        cr_expect_eq(spc_ask(source, &q, NULL), i == 1 ? STIR_E_NOMEM : 0);
        cr_expect_eq(spc_judge(&q, &spc, 1, range, AT, NULL), STIR_UNKNOWN, "%zu", i);
        spc_questions_free(&q);
        spc_source_free(source);
    }
}

Test(spc, a_source_is_shared)
{
    struct talk t = {0};
    struct spc_source *source = source_of(&t);

    cr_expect_eq(spc_source_ref(source), source);
    spc_source_free(source);
    cr_expect_eq(t.released, 0);
    spc_source_free(source);
    cr_expect_eq(t.released, 1);
    cr_expect_null(spc_source_ref(NULL));
    spc_source_free(NULL);
}

/* A struct of a version that had fewer members: what is beyond its size is not read. */
Test(spc, a_shorter_resolver)
{
    struct talk t = {0};
    struct stir_resolver resolver = {.size = offsetof(struct stir_resolver, generation),
                                     .arg = &t,
                                     .answer = talk,
                                     .release = hush};
    struct spc_source *source = spc_source_new(&resolver);
    struct spc_questions q = {0};

    cr_assert_eq(spc_questions_add(&q, "A", interval("1", "1"), AT), 0);
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(t.asked, 1);
    spc_source_free(source);
    cr_expect_eq(t.released, 0, "release is beyond its size");
    spc_questions_free(&q);
}

/* Wants of other kinds, none, and questions that are not there: ignored. */
Test(spc, answers_to_nothing)
{
    struct stir_question question = {"A", 3, 100, 199, AT};
    struct spc_answers answers = {0};
    struct spc_want want = {
        .want = {.kind = STIR_WANT_CERTIFICATES, .questions = &question, .n_questions = 1},
        .answers = &answers};

    stir_want_answer(NULL, 0, 100, 199, STIR_YES);
    stir_want_answer(&want.want, 0, 100, 199, STIR_YES);
    cr_expect_eq(answers.n, 0, "not a want of SPC data");
    want.want.kind = STIR_WANT_SPC;
    stir_want_answer(&want.want, 1, 100, 199, STIR_YES);
    cr_expect_eq(answers.n, 0, "there is no such question");
    stir_want_answer(&want.want, 0, 200, UINT64_MAX, STIR_YES);
    stir_want_answer(&want.want, 0, 0, 99, STIR_YES);
    cr_expect_eq(answers.n, 0, "not of the question's numbers");
    stir_want_answer(&want.want, 0, 0, UINT64_MAX, STIR_YES);
    cr_expect_eq(answers.n, 1);
    cr_expect(!want.failed);
    free(answers.said);
}

/* ---- Against brute force ---- */

static uint64_t seed = UINT64_C(0xD1B54A32D192ED03);

static unsigned random_below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 32) % n);
}

enum { SPCS = 3, NUMBERS = 40, BASE = 100 };

static const char *const three[SPCS] = {"A", "B", "C"};
/* What was said of each number; -1: nothing. */
static int heard[SPCS][NUMBERS];

static int chatter(void *arg, struct stir_want *want, struct stir_error *error)
{
    (void)arg;
    (void)error;
    memset(heard, -1, sizeof heard);
    for (unsigned n = random_below(16); n > 0; n--) {
        unsigned i = random_below(SPCS), first = random_below(NUMBERS + 4);
        unsigned last = first + random_below(n % 3 == 0 ? NUMBERS : 6);
        int answer = random_below(4) > 0 ? STIR_YES : (int)random_below(3);
        stir_want_answer(want, i, BASE - 2 + first, BASE - 2 + last, (enum stir_answer)answer);
        for (unsigned v = first; v <= last; v++)
            if (v >= 2 && v - 2 < NUMBERS && heard[i][v - 2] == -1)
                heard[i][v - 2] = answer;
    }
    return 0;
}

static enum stir_answer number_answer(unsigned n_spcs, unsigned number)
{
    bool yes = false, unknown = false;

    for (unsigned i = 0; i < n_spcs; i++) {
        yes |= heard[i][number] == STIR_YES;
        unknown |= heard[i][number] == STIR_UNKNOWN || heard[i][number] == -1;
    }
    return yes ? STIR_YES : unknown ? STIR_UNKNOWN : STIR_NO;
}

static void check_against_heard(const struct spc_questions *questions, unsigned n_spcs,
                                struct tn_range range)
{
    struct tn_range witness = {0, 0};
    bool no = false, unknown = false;
    unsigned first = 0, last;

    for (unsigned i = 0; i < NUMBERS; i++) {
        no |= number_answer(n_spcs, i) == STIR_NO;
        unknown |= number_answer(n_spcs, i) == STIR_UNKNOWN;
    }
    enum stir_answer expected = no ? STIR_NO : unknown ? STIR_UNKNOWN : STIR_YES;
    cr_assert_eq(spc_judge(questions, three, n_spcs, range, AT, &witness), expected);
    if (expected == STIR_YES)
        return;
    while (number_answer(n_spcs, first) != expected)
        first++;
    for (last = first; last + 1 < NUMBERS && number_answer(n_spcs, last + 1) == expected;)
        last++;
    cr_assert_eq(witness.first, range.first + first);
    cr_assert_eq(witness.last, range.first + last);
}

static void check_invariant(const struct spc_answers *answers, int of)
{
    const struct spc_answer *said = answers->said;

    for (size_t i = 0; i < answers->n; i++) {
        cr_assert(said[i].first <= said[i].last, "question %d", of);
        cr_assert(i == 0 || said[i - 1].last < said[i].first, "question %d", of);
    }
}

Test(spc, brute_force)
{
    struct stir_resolver resolver = {.size = sizeof resolver, .answer = chatter};
    struct spc_source *source = spc_source_new(&resolver);
    struct tn_range range = {tn_make(3, BASE), tn_make(3, BASE + NUMBERS - 1)};

    for (int round = 0; round < 20000; round++) {
        struct spc_questions q = {0};
        cr_assert_eq(spc_questions_add_all(&q, three, SPCS, range, AT), 0);
        cr_assert_eq(spc_ask(source, &q, NULL), 0);
        for (int i = 0; i < SPCS; i++)
            check_invariant(&q.answers[i], i);
        for (unsigned n_spcs = 0; n_spcs <= SPCS; n_spcs++)
            check_against_heard(&q, n_spcs, range);
        spc_questions_free(&q);
    }
    spc_source_free(source);
}

/* R8226-5.2-1: many questions, each found again. */
Test(spc, many_questions)
{
    enum { N = 50000 };
    const char *spc = "A";
    static const struct said odd[] = {{"A", 0, 49999, STIR_YES}, {NULL, 0, 0, STIR_NO}};
    struct talk t = {.said = odd};
    struct spc_source *source = source_of(&t);
    struct spc_questions q = {0};

    for (uint64_t i = 0; i < N; i++) {
        uint64_t tn = tn_make(7, 2 * i);
        cr_assert_eq(spc_questions_add(&q, spc, (struct tn_range){tn, tn}, AT), 0);
    }
    cr_assert_eq(spc_ask(source, &q, NULL), 0);
    cr_expect_eq(t.n_questions, N);
    for (uint64_t i = 0; i < N; i++) {
        uint64_t tn = tn_make(7, 2 * i);
        cr_assert_eq(spc_judge(&q, &spc, 1, (struct tn_range){tn, tn}, AT, NULL),
                     2 * i <= 49999 ? STIR_YES : STIR_UNKNOWN);
    }
    spc_questions_free(&q);
    spc_source_free(source);
}

/* One more than LIMIT_QUESTIONS is not taken, is unknown, and shows. */
Test(spc, too_many_questions)
{
    const char *spc = "A";
    struct spc_questions q = {0};
    uint64_t least = tn_make(8, 0);

    for (uint64_t i = 0; i < LIMIT_QUESTIONS; i++)
        cr_assert_eq(spc_questions_add(&q, spc, (struct tn_range){least + i, least + i}, AT),
                     0);
    cr_assert_eq(spc_questions_add(&q, spc, (struct tn_range){least, least}, AT), 0);
    cr_expect(!q.full, "that one was asked already");
    cr_assert_eq(spc_questions_add(&q, "B", (struct tn_range){least, least}, AT), 0);
    cr_expect(q.full);
    cr_expect_eq(q.n, LIMIT_QUESTIONS);
    spc_questions_free(&q);
}

/* at the ends of time, too. The oldest is the one that is told. */
Test(spc, what_is_too_old_is_unknown)
{
    static const struct {
        const char *desc;
        int64_t as_of, now, most;
        bool dated, old;
    } ages[] = {
        {"a second too old", 100, 111, 10, true, true},
        {"as old as it may be", 100, 110, 10, true, false},
        {"nobody said as of when", 0, 111, 10, false, false},
        {"none is too old", 0, 111, -1, true, false},
        {"of the future", 200, 111, 10, true, false},
        {"from the beginning of time", INT64_MIN, INT64_MAX, 10, true, true},
        {"from its end", INT64_MAX, INT64_MIN, 0, true, false},
    };

    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        struct spc_questions questions = {0};
        struct warnings warnings = {0};
        const struct tn_range range = interval("1000", "1099");
        static const char *const spc[] = {"A"};
        cr_assert_eq(spc_questions_add(&questions, "A", range, 0), 0);
        struct spc_want want = {
            .want = {STIR_WANT_SPC, .questions = questions.questions, .n_questions = 1},
            .answers = questions.answers};
        stir_want_answer(&want.want, 0, 0, 9999, STIR_YES);
        stir_want_keep(&want.want, 0, 1, 1);
        if (ages[i].dated) {
            stir_want_as_of(&want.want, 0, ages[i].as_of);
            stir_want_as_of(&want.want, 0, INT64_MAX); /* the oldest counts */
        }
        stir_want_as_of(&want.want, 1, 0); /* no question */
        stir_want_as_of(NULL, 0, 0);
        struct spc_oldest oldest = {0};
        spc_forget_old(&questions, ages[i].now, ages[i].most, &oldest);
        cr_assert_eq(spc_warn_old(&oldest, ages[i].now, ages[i].most, &warnings, NULL), 0);
        cr_expect_eq(spc_judge(&questions, spc, 1, range, 0, NULL),
                     ages[i].old ? STIR_UNKNOWN : STIR_YES, "%s", ages[i].desc);
        cr_expect_eq(warnings.n, ages[i].old, "%s", ages[i].desc);
        cr_expect_eq(questions.answers[0].generation, !ages[i].old, "%s: kept", ages[i].desc);
        warnings_free(&warnings);
        spc_questions_free(&questions);
    }
}
