/*
 * Questions to a source of SPC data, its answers, and what they come to.
 *
 * Invariant: the answers to a question lie within its interval, sorted and disjoint, so that
 * what was said first of a number is all that is kept of it.
 */
#include "spc/spc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* ---- Questions ---- */

void spc_questions_free(struct spc_questions *questions)
{
    for (size_t i = 0; i < questions->n; i++)
        free(questions->answers[i].said);
    for (size_t i = 0; i < questions->n_spcs; i++)
        free(questions->spcs[i]);
    free(questions->questions);
    free(questions->answers);
    free(questions->spcs);
    free(questions->slots);
    *questions = (struct spc_questions){0};
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* Eight characters at a time: SPCs have four. */
static uint64_t mix_text(uint64_t h, const char *text)
{
    for (size_t left = strlen(text) + 1; left > 0;) {
        size_t n = left < 8 ? left : 8;
        uint64_t some = 0;
        memcpy(&some, text, n);
        h = mix(h + some);
        text += n;
        left -= n;
    }
    return h;
}

/* Seeded by where the table lies, which the strangers who chose the numbers do not know. */
static uint64_t hash(const struct spc_questions *questions,
                     const struct stir_question *question)
{
    uint64_t h = mix_text(mix((uint64_t)(uintptr_t)questions->slots), question->spc);

    h = mix(h + question->first);
    h = mix(h + question->last);
    return mix(h + (uint64_t)question->digits + (uint64_t)question->at);
}

static bool is_same(const struct stir_question *a, const struct stir_question *b)
{
    return a->first == b->first && a->last == b->last && a->digits == b->digits
           && a->at == b->at && strcmp(a->spc, b->spc) == 0;
}

static uint32_t tag_of(uint64_t h)
{
    return (uint32_t)(h >> 32);
}

/* The slot that holds the question, whose hash is h, or the empty one where it would be. The table
   has one. */
static struct spc_slot *find_slot(const struct spc_questions *questions,
                                  const struct stir_question *question, uint64_t h)
{
    size_t mask = questions->n_slots - 1, i = (size_t)h & mask;

    while (questions->slots[i].nth != 0
           && (questions->slots[i].tag != tag_of(h)
               || !is_same(&questions->questions[questions->slots[i].nth - 1], question)))
        i = (i + 1) & mask;
    return &questions->slots[i];
}

static const struct spc_answers *find(const struct spc_questions *questions,
                                      const struct stir_question *question)
{
    if (questions->n_slots == 0)
        return NULL;
    size_t nth = find_slot(questions, question, hash(questions, question))->nth;
    return nth > 0 ? &questions->answers[nth - 1] : NULL;
}

static void fill_slot(struct spc_slot *slot, size_t nth, uint64_t h)
{
    *slot = (struct spc_slot){(uint32_t)nth, tag_of(h)};
}

/* Of a question that is in none; the others are not looked at. */
static struct spc_slot *find_empty_slot(const struct spc_questions *questions, uint64_t h)
{
    size_t mask = questions->n_slots - 1, i = (size_t)h & mask;

    while (questions->slots[i].nth != 0)
        i = (i + 1) & mask;
    return &questions->slots[i];
}

static int grow_slots(struct spc_questions *questions)
{
    size_t n_slots = questions->n_slots == 0 ? 16 : questions->n_slots * 2;
    struct spc_slot *slots = calloc(n_slots, sizeof *slots);

    if (slots == NULL)
        return STIR_E_NOMEM;
    free(questions->slots);
    questions->slots = slots;
    questions->n_slots = n_slots;
    for (size_t i = 0; i < questions->n; i++) {
        uint64_t h = hash(questions, &questions->questions[i]);
        fill_slot(find_empty_slot(questions, h), i + 1, h);
    }
    return 0;
}

static int grow_questions(struct spc_questions *questions)
{
    size_t room = questions->room == 0 ? 4 : questions->room * 2;
    struct stir_question *more =
        realloc(questions->questions, room * sizeof *questions->questions);

    if (more == NULL)
        return STIR_E_NOMEM;
    questions->questions = more;
    struct spc_answers *answers =
        realloc(questions->answers, room * sizeof *questions->answers);
    if (answers == NULL)
        return STIR_E_NOMEM;
    questions->answers = answers;
    questions->room = room;
    return 0;
}

/* A copy that lasts; that of the question before where it is the same, as it mostly is. */
static const char *keep_spc(struct spc_questions *questions, const char *spc)
{
    if (questions->n_spcs > 0 && strcmp(questions->spcs[questions->n_spcs - 1], spc) == 0)
        return questions->spcs[questions->n_spcs - 1];
    char **spcs = realloc(questions->spcs, (questions->n_spcs + 1) * sizeof *spcs);
    if (spcs == NULL)
        return NULL;
    questions->spcs = spcs;
    spcs[questions->n_spcs] = text_copy(spc, strlen(spc));
    if (spcs[questions->n_spcs] == NULL)
        return NULL;
    return spcs[questions->n_spcs++];
}

static struct stir_question question_of(const char *spc, struct tn_range range, int64_t at)
{
    return (struct stir_question){spc, tn_digits(range.first), tn_value(range.first),
                                  tn_value(range.last), at};
}

int spc_questions_add(struct spc_questions *questions, const char *spc, struct tn_range range,
                      int64_t at)
{
    struct stir_question question = question_of(spc, range, at);

    if (questions->n_slots <= questions->n * 2 && grow_slots(questions) < 0)
        return STIR_E_NOMEM;
    const uint64_t h = hash(questions, &question);
    struct spc_slot *slot = find_slot(questions, &question, h);
    if (slot->nth != 0)
        return 0;
    if (questions->n >= LIMIT_QUESTIONS) {
        questions->full = true;
        return 0;
    }
    question.spc = keep_spc(questions, spc);
    if (question.spc == NULL
        || (questions->n == questions->room && grow_questions(questions) < 0))
        return STIR_E_NOMEM;
    questions->questions[questions->n] = question;
    questions->answers[questions->n] = (struct spc_answers){0};
    fill_slot(slot, ++questions->n, h);
    return 0;
}

int spc_questions_add_all(struct spc_questions *questions, const char *const *spcs,
                          size_t n_spcs, struct tn_range range, int64_t at)
{
    for (size_t i = 0; i < n_spcs; i++)
        if (spc_questions_add(questions, spcs[i], range, at) < 0)
            return STIR_E_NOMEM;
    return 0;
}

/* ---- Answers ---- */

/* Puts an answer behind the others; there is room. */
static void push(struct spc_answers *answers, struct spc_answer said)
{
    struct spc_answer *before = answers->n > 0 ? &answers->said[answers->n - 1] : NULL;

    if (before != NULL && before->last + 1 == said.first && before->answer == said.answer)
        before->last = said.last;
    else
        answers->said[answers->n++] = said;
}

static int append(struct spc_answers *answers, struct spc_answer said)
{
    if (answers->n == answers->room) {
        uint32_t room = answers->room == 0 ? 2 : answers->room * 2;
        struct spc_answer *more = realloc(answers->said, room * sizeof *more);
        if (more == NULL)
            return STIR_E_NOMEM;
        answers->said = more;
        answers->room = room;
    }
    push(answers, said);
    return 0;
}

/* Puts what of an answer is news between the others. */
static int insert(struct spc_answers *answers, struct spc_answer said)
{
    struct spc_answers merged = {.room = 2 * answers->n + 1,
                                 .generation = answers->generation,
                                 .seconds = answers->seconds,
                                 .as_of = answers->as_of};

    merged.said = malloc(merged.room * sizeof *merged.said);
    if (merged.said == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < answers->n; i++) {
        struct spc_answer older = answers->said[i];
        if (said.first < older.first && said.first <= said.last) {
            struct spc_answer part = said;
            if (part.last >= older.first)
                part.last = older.first - 1;
            push(&merged, part);
        }
        push(&merged, older);
        if (said.first <= older.last)
            said.first = older.last + 1;
    }
    if (said.first <= said.last)
        push(&merged, said);
    free(answers->said);
    *answers = merged;
    return 0;
}

void stir_want_answer(struct stir_want *want, size_t i, uint64_t first, uint64_t last,
                      enum stir_answer answer)
{
    if (want == NULL || want->kind != STIR_WANT_SPC || i >= want->n_questions
        || (answer != STIR_NO && answer != STIR_YES && answer != STIR_UNKNOWN))
        return;
    struct spc_want *asked = (struct spc_want *)want;
    const struct stir_question *question = &want->questions[i];
    struct spc_answers *answers = &asked->answers[i];
    struct spc_answer said = {first > question->first ? first : question->first,
                              last < question->last ? last : question->last, answer};

    if (said.first > said.last)
        return;
    bool behind = answers->n == 0 || answers->said[answers->n - 1].last < said.first;
    if ((behind ? append : insert)(answers, said) < 0)
        asked->failed = true;
}

void stir_want_keep(struct stir_want *want, size_t i, uint64_t generation, int64_t seconds)
{
    if (want == NULL || want->kind != STIR_WANT_SPC || i >= want->n_questions || seconds < 0)
        return;
    struct spc_answers *answers = &((struct spc_want *)want)->answers[i];
    answers->generation = generation;
    answers->seconds = seconds;
}

void stir_want_as_of(struct stir_want *want, size_t i, int64_t as_of)
{
    if (want == NULL || want->kind != STIR_WANT_SPC || i >= want->n_questions)
        return;
    struct spc_answers *answers = &((struct spc_want *)want)->answers[i];
    if (as_of == 0) /* what 0 stands for is another thing */
        as_of = -1;
    if (answers->as_of == 0 || as_of < answers->as_of)
        answers->as_of = as_of;
}

/* ---- Sources ---- */

struct spc_source {
    atomic_uint references;
    struct stir_resolver resolver;
};

struct spc_source *spc_source_new(const struct stir_resolver *resolver)
{
    struct spc_source *source = calloc(1, sizeof *source);
    size_t size = resolver->size;

    if (source == NULL)
        return NULL;
    /* What an older or newer caller's struct has of ours. */
    memcpy(&source->resolver, resolver,
           size < sizeof source->resolver ? size : sizeof source->resolver);
    atomic_init(&source->references, 1);
    return source;
}

struct spc_source *spc_source_ref(struct spc_source *source)
{
    if (source != NULL)
        atomic_fetch_add(&source->references, 1);
    return source;
}

void spc_source_free(struct spc_source *source)
{
    if (source == NULL || atomic_fetch_sub(&source->references, 1) != 1)
        return;
    if (source->resolver.release != NULL)
        source->resolver.release(source->resolver.arg);
    free(source);
}

uint64_t spc_source_generation(struct spc_source *source, const char *spc)
{
    if (source == NULL || source->resolver.generation == NULL)
        return 0;
    return source->resolver.generation(source->resolver.arg, spc);
}

static void forget_answers(struct spc_want *want)
{
    for (size_t i = 0; i < want->want.n_questions; i++) {
        want->answers[i].n = 0;
        want->answers[i].as_of = 0;
        stir_want_keep(&want->want, i, 0, 0);
    }
}

int spc_ask(struct spc_source *source, struct spc_questions *questions,
            struct stir_error *error)
{
    size_t from = questions->n_asked;
    struct stir_error trouble; /* the source's own: no failure of ours */
    int rc = 0;

    questions->n_asked = questions->n;
    if (source == NULL || source->resolver.answer == NULL || from == questions->n)
        return 0;
    struct spc_want want = {
        .want = {.kind = STIR_WANT_SPC,
                 .questions = questions->questions + from,
                 .n_questions = questions->n - from},
        .answers = questions->answers + from,
    };
    error_clear(&trouble);
    rc = source->resolver.answer(source->resolver.arg, &want.want, &trouble);
    if (rc < 0)
        forget_answers(&want);
    if (want.failed || rc == STIR_E_NOMEM)
        return error_no_memory(error);
    return 0;
}

/* ---- What they come to ---- */

/* One judgement: which questions, and up to where. */
struct judgement {
    const struct spc_questions *questions;
    const char *const *spcs;
    size_t n_spcs;
    struct stir_question question; /* spc is filled in */
};

/* What was said of a value, and the last value that it holds for, at most limit. */
static enum stir_answer said_of(const struct spc_answers *answers, uint64_t value,
                                uint64_t limit, uint64_t *until)
{
    size_t low = 0, high = answers == NULL ? 0 : answers->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (answers->said[middle].last < value)
            low = middle + 1;
        else
            high = middle;
    }
    *until = limit;
    if (answers == NULL || low == answers->n)
        return STIR_UNKNOWN;
    const struct spc_answer *said = &answers->said[low];
    if (said->first > value) {
        *until = said->first - 1;
        return STIR_UNKNOWN;
    }
    *until = said->last;
    return said->answer;
}

/* The SPCs' answers for a value, taken together, and up to where at least they hold. */
static enum stir_answer answer_of(const struct judgement *judgement, uint64_t value,
                                  uint64_t *until)
{
    struct stir_question question = judgement->question;
    uint64_t one_until;
    bool yes = false, unknown = false;

    *until = question.last;
    for (size_t i = 0; i < judgement->n_spcs; i++) {
        question.spc = judgement->spcs[i];
        enum stir_answer said =
            said_of(find(judgement->questions, &question), value, question.last, &one_until);
        yes |= said == STIR_YES;
        unknown |= said == STIR_UNKNOWN;
        if (one_until < *until)
            *until = one_until;
    }
    return yes ? STIR_YES : unknown ? STIR_UNKNOWN : STIR_NO;
}

/* The same, up to the last value it holds for without a break. */
static enum stir_answer run_of(const struct judgement *judgement, uint64_t value,
                               uint64_t *until)
{
    enum stir_answer answer = answer_of(judgement, value, until);
    uint64_t more;

    while (*until < judgement->question.last
           && answer_of(judgement, *until + 1, &more) == answer)
        *until = more;
    return answer;
}

enum stir_answer spc_judge(const struct spc_questions *questions, const char *const *spcs,
                           size_t n_spcs, struct tn_range range, int64_t at,
                           struct tn_range *witness)
{
    struct judgement judgement = {questions, spcs, n_spcs, question_of("", range, at)};
    enum stir_answer worst = STIR_YES;
    uint64_t until, base = range.first - judgement.question.first;

    for (uint64_t value = judgement.question.first; value <= judgement.question.last;
         value = until + 1) {
        enum stir_answer answer = run_of(&judgement, value, &until);
        if (answer == STIR_YES || answer == worst)
            continue;
        worst = answer;
        if (witness != NULL)
            *witness = (struct tn_range){base + value, base + until};
        if (answer == STIR_NO)
            break;
    }
    return worst;
}

/* ---- Of some SPCs at a time ---- */

/* Of what two SPCs say of a value: yes beats unknown beats no. */
static enum stir_answer better(enum stir_answer a, enum stir_answer b)
{
    if (a == STIR_YES || b == STIR_YES)
        return STIR_YES;
    return a == STIR_UNKNOWN ? a : b;
}

int spc_tally_add(struct spc_answers *tally, const struct spc_questions *questions,
                  const char *const *spcs, size_t n_spcs, struct tn_range range, int64_t at)
{
    struct judgement judgement = {questions, spcs, n_spcs, question_of("", range, at)};
    const uint64_t last = judgement.question.last;
    struct spc_answers made = {0};
    enum stir_answer answer = STIR_NO;
    uint64_t value = judgement.question.first, until = 0;

    for (size_t i = 0; value <= last;) {
        struct spc_answer before =
            tally->n > 0 ? tally->said[i] : (struct spc_answer){value, last, STIR_NO};
        if (made.n == 0 || value > until)
            answer = run_of(&judgement, value, &until);
        uint64_t end = until < before.last ? until : before.last;
        if (append(&made, (struct spc_answer){value, end, better(before.answer, answer)}) < 0) {
            free(made.said);
            return STIR_E_NOMEM;
        }
        value = end + 1;
        i += end == before.last;
    }
    spc_tally_free(tally);
    *tally = made;
    return 0;
}

enum stir_answer spc_tally_judge(const struct spc_answers *tally, struct tn_range range,
                                 struct tn_range *witness)
{
    const uint64_t base = range.first - tn_value(range.first);
    enum stir_answer worst = STIR_YES;

    for (size_t i = 0; worst != STIR_NO && i < tally->n; i++) {
        const struct spc_answer *said = &tally->said[i];
        if (said->answer == STIR_YES || said->answer == worst)
            continue;
        worst = said->answer;
        *witness = (struct tn_range){base + said->first, base + said->last};
    }
    return worst;
}

void spc_tally_free(struct spc_answers *tally)
{
    free(tally->said);
    *tally = (struct spc_answers){0};
}
