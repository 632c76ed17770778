/*
 * Whose numbers are these? Questions to a source of SPC data, and the algebra of its answers.
 *
 * The core collects all questions of a judgement first; a source answers them by intervals in
 * any order, the first word on a number counts, and what nobody answers is unknown. A source is
 * a stir_resolver (stir.h): a back end here, or the caller's own.
 */
#ifndef STIR_SPC_SPC_H
#define STIR_SPC_SPC_H

#include "base/error.h"
#include "base/text.h"
#include "base/warnings.h"
#include "number/tn.h"

struct spc_answer {
    uint64_t first, last; /* values, as in the question */
    enum stir_answer answer;
};

/* What was said of one question: sorted, disjoint, no two adjacent ones the same. */
struct spc_answers {
    struct spc_answer *said;
    uint64_t generation; /* stir_want_keep(): both 0: for this once only */
    int64_t seconds;
    int64_t as_of; /* stir_want_as_of(); 0: it did not say */
    uint32_t n, room;
};

/* nth: a question's index + 1, 0 for none; tag: of its hash, so that others are not looked at. */
struct spc_slot {
    uint32_t nth, tag;
};

/* All zero is none. */
struct spc_questions {
    struct stir_question *questions;
    struct spc_answers *answers; /* one for each question */
    size_t n, room;
    size_t n_asked; /* how many the source has seen */
    bool full;      /* LIMIT_QUESTIONS: some were not taken and stay unknown */
    char **spcs;    /* what the questions point to */
    size_t n_spcs;
    struct spc_slot *slots; /* a hash table */
    size_t n_slots;
};

/* What a resolver's answer() gets: every want of kind STIR_WANT_SPC is the first member of one. */
struct spc_want {
    struct stir_want want;
    struct spc_answers *answers; /* one for each question of the want */
    bool failed;                 /* out of memory */
};

void spc_questions_free(struct spc_questions *questions);
/* Asks of an interval; one that was asked (same spc, numbers and time) is not asked again. 0,
   also where the question is one too many and only full is set, or STIR_E_NOMEM. */
int spc_questions_add(struct spc_questions *questions, const char *spc, struct tn_range range,
                      int64_t at);
/* Of each of these SPCs. */
int spc_questions_add_all(struct spc_questions *questions, const char *const *spcs,
                          size_t n_spcs, struct tn_range range, int64_t at);

/* A source of answers, shared by reference; immutable. */
struct spc_source;

/* NULL: out of memory (then release was not called). Copies the struct. */
struct spc_source *spc_source_new(const struct stir_resolver *resolver);
struct spc_source *spc_source_ref(struct spc_source *source);
void spc_source_free(struct spc_source *source); /* the last one calls release */

/* The present generation of the SPC's data; 0: the source has none. source may be NULL. */
uint64_t spc_source_generation(struct spc_source *source, const char *spc);

/* Puts the questions that are new to the source; source NULL: all stay unknown. Trouble of a
   source is no failure (its answers stay unknown) but for STIR_E_NOMEM. */
int spc_ask(struct spc_source *source, struct spc_questions *questions,
            struct stir_error *error);

/*
 * Policy spc_db_max_age: answers that are older at now than max_age seconds become
 * unknown, for this once; the oldest of all, of which oldest (all zero: there is none yet)
 * makes a note, is a warning. max_age negative: none is too old.
 */
struct spc_oldest {
    int64_t as_of; /* 0: none is too old */
    char spc[SHOWN_SIZE];
};
void spc_forget_old(struct spc_questions *questions, int64_t now, int64_t max_age,
                    struct spc_oldest *oldest);
/* 0 or STIR_E_NOMEM. */
int spc_warn_old(const struct spc_oldest *oldest, int64_t now, int64_t max_age,
                 struct warnings *warnings, struct stir_error *error);

/*
 * Are the numbers of range, each, one of these SPCs'? Per number: yes if any says yes, otherwise
 * unknown if any is unknown, otherwise no. Over the range: no beats unknown beats yes. witness,
 * if not NULL, gets the first interval that gave the answer where it is not yes. The range must
 * be one that was asked as it stands: of any other, everything is unknown.
 */
enum stir_answer spc_judge(const struct spc_questions *questions, const char *const *spcs,
                           size_t n_spcs, struct tn_range range, int64_t at,
                           struct tn_range *witness);

/*
 * The same of a range about which some of the SPCs were asked at a time: what all that were added
 * come to, by values. All zero: none was added. 0 or STIR_E_NOMEM.
 */
int spc_tally_add(struct spc_answers *tally, const struct spc_questions *questions,
                  const char *const *spcs, size_t n_spcs, struct tn_range range, int64_t at);
enum stir_answer spc_tally_judge(const struct spc_answers *tally, struct tn_range range,
                                 struct tn_range *witness);
void spc_tally_free(struct spc_answers *tally);

#endif
