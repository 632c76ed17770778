/* Whether each list of a path is encompassed by its parent's: what was found, kept with the
   path. */
#include "service/encompassed.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/text.h"

enum {
    /* SPCs whose generation is asked on every call; a parent with more is asked about its
       numbers. */
    SPCS_MOST = 8,
    /* How often it is begun, where the data changes in mid-walk; then what was said is taken as it
       is, and not kept. */
    BEGUN_MOST = 4
};

struct word { /* what an SPC's answers rest on */
    char *spc;
    uint64_t generation; /* 0: no matter */
};

struct encompassed {
    atomic_uint references;
    int64_t asked; /* the call's time that the data was asked about */
    int64_t until; /* by the memory's clock */
    uint8_t lists[DIGEST_SHA256_SIZE];
    int64_t last; /* time of a call for which the data is not too old */
    struct word words[SPCS_MOST];
    size_t n_words; /* 0: nobody was asked */
    struct warnings warnings;
    struct stir_error finding;
};

void encompassed_free(struct encompassed *encompassed)
{
    if (encompassed == NULL || atomic_fetch_sub(&encompassed->references, 1) > 1)
        return;
    for (size_t i = 0; i < encompassed->n_words; i++)
        free(encompassed->words[i].spc);
    warnings_free(&encompassed->warnings);
    free(encompassed);
}

static struct encompassed *take(struct kept_path *kept, enum spc_overhang overhang)
{
    pthread_mutex_lock(&kept->lock);
    struct encompassed *found = kept->encompassed[overhang];
    if (found != NULL)
        atomic_fetch_add(&found->references, 1);
    pthread_mutex_unlock(&kept->lock);
    return found;
}

static bool holds(const struct encompassed *found, const struct encompassed_key *key)
{
    if (memcmp(found->lists, key->lists, sizeof found->lists) != 0)
        return false;
    if (found->n_words == 0)
        return true;
    if (key->now > found->last || key->clock >= found->until
        || key->now - found->asked > key->freshness || found->asked - key->now > key->freshness)
        return false;
    for (size_t i = 0; i < found->n_words; i++)
        if (found->words[i].generation != 0
            && spc_source_generation(key->source, found->words[i].spc)
                   != found->words[i].generation)
            return false;
    return true;
}

int encompassed_find(struct kept_path *kept, const struct encompassed_key *key,
                     struct warnings *warnings, struct stir_error *finding)
{
    struct encompassed *found = take(kept, key->overhang);
    int rc = 0;

    if (found != NULL && holds(found, key)) {
        rc = warnings_add_all(warnings, &found->warnings) < 0 ? STIR_E_NOMEM : 1;
        if (rc == 1 && found->finding.code != 0)
            error_copy(finding, &found->finding);
    }
    encompassed_free(found);
    return rc;
}

/* ---- Half made --------------------------------------------------------------------------- */

/* Nobody was asked yet. */
static void begin(struct encompassed *made, const struct encompassed_key *key)
{
    made->asked = key->now;
    made->until = made->last = INT64_MAX;
}

static struct encompassed *new_encompassed(const struct encompassed_key *key)
{
    struct encompassed *made = calloc(1, sizeof *made);

    if (made == NULL)
        return NULL;
    atomic_init(&made->references, 1);
    begin(made, key);
    memcpy(made->lists, key->lists, sizeof made->lists);
    return made;
}

void encompassed_work_free(struct encompassed_work *work)
{
    if (work == NULL)
        return;
    delegation_walk_free(&work->walk);
    encompassed_free(work->made);
    free(work);
}

/* Nothing that was said before counts. */
static void begin_again(struct encompassed_work *work, const struct encompassed_key *key)
{
    struct encompassed *made = work->made;

    delegation_walk_free(&work->walk);
    work->now = key->now;
    begin(made, key);
    while (made->n_words > 0)
        free(made->words[--made->n_words].spc);
    work->may_be_kept = work->may_be_kept && ++work->begun < BEGUN_MOST;
}

static struct encompassed_work *new_work(const struct encompassed_key *key, bool may_be_kept)
{
    struct encompassed_work *work = calloc(1, sizeof *work);

    if (work == NULL)
        return NULL;
    work->walk.nobody = key->source == NULL;
    work->now = key->now;
    work->begun = 1;
    work->may_be_kept = may_be_kept;
    work->made = new_encompassed(key);
    if (work->made != NULL)
        return work;
    free(work);
    return NULL;
}

/* Of other lists it is left there: whoever made it comes for it, or it goes with the path. */
static struct encompassed_work *take_work(struct kept_path *kept,
                                          const struct encompassed_key *key)
{
    pthread_mutex_lock(&kept->lock);
    struct encompassed_work *work = kept->work;
    if (work != NULL && memcmp(work->made->lists, key->lists, sizeof key->lists) != 0)
        work = NULL;
    if (work != NULL)
        kept->work = NULL;
    pthread_mutex_unlock(&kept->lock);
    return work;
}

void encompassed_go_on(struct encompassed_work *work, const struct encompassed_key *key)
{
    if (work->made->n_words == 0) /* nobody was asked yet */
        work->now = work->made->asked = key->now;
    if (work->may_be_kept && !holds(work->made, key))
        begin_again(work, key);
}

struct encompassed_work *encompassed_begin(struct kept_path *kept,
                                           const struct encompassed_key *key)
{
    struct encompassed_work *work = kept != NULL ? take_work(kept, key) : NULL;

    if (work == NULL)
        return new_work(key, kept != NULL);
    encompassed_go_on(work, key);
    return work;
}

bool encompassed_lay(struct kept_path *kept, struct encompassed_work *work)
{
    if (!work->may_be_kept)
        return false;
    pthread_mutex_lock(&kept->lock);
    struct encompassed_work *before = kept->work;
    bool same =
        before == NULL
        || memcmp(before->made->lists, work->made->lists, sizeof work->made->lists) == 0;
    if (same && (before == NULL || before->walk.n_asked < work->walk.n_asked)) {
        kept->work = work;
        work = before;
    }
    pthread_mutex_unlock(&kept->lock);
    if (same)
        encompassed_work_free(work);
    return same;
}

/* ---- Keeping it -------------------------------------------------------------------------- */

static struct word *find_word(struct encompassed *made, const char *spc)
{
    for (size_t i = 0; i < made->n_words; i++)
        if (strcmp(made->words[i].spc, spc) == 0)
            return &made->words[i];
    return NULL;
}

/* 1: noted; 0: it is one too many, or of another generation than an answer of the same portion;
   BUDGET_GONE: than one of those before, of which there were so many words; negative. */
static int note(struct encompassed *made, size_t before, const char *spc, uint64_t generation)
{
    struct word *word = find_word(made, spc);

    if (word != NULL && word->generation != generation)
        return (size_t)(word - made->words) < before ? BUDGET_GONE : 0;
    if (word != NULL)
        return 1;
    if (made->n_words == SPCS_MOST)
        return 0;
    char *copy = text_copy(spc, strlen(spc));
    if (copy == NULL)
        return STIR_E_NOMEM;
    made->words[made->n_words++] = (struct word){copy, generation};
    return 1;
}

static void note_age(struct encompassed *made, const struct encompassed_key *key,
                     const struct spc_answers *answers)
{
    if (key->max_age >= 0 && answers->as_of != 0 && answers->as_of <= INT64_MAX - key->max_age
        && answers->as_of + key->max_age < made->last)
        made->last = answers->as_of + key->max_age;
}

/* 1: all answers may be kept, up to made->until; 0: not; BUDGET_GONE; negative. */
static int note_all(struct encompassed *made, const struct encompassed_key *key,
                    const struct spc_questions *asked, size_t n)
{
    const size_t before = made->n_words;
    int rc = 1;

    for (size_t i = 0; rc == 1 && i < n; i++) {
        const struct spc_answers *answers = &asked->answers[i];
        if (answers->generation == 0 && answers->seconds == 0)
            return 0;
        if (answers->seconds > 0 && key->clock + answers->seconds < made->until)
            made->until = key->clock + answers->seconds;
        note_age(made, key, answers);
        rc = note(made, before, asked->questions[i].spc, answers->generation);
    }
    return rc;
}

int encompassed_note(struct encompassed_work *work, const struct encompassed_key *key,
                     const struct spc_questions *asked, size_t n)
{
    int rc = work->may_be_kept ? note_all(work->made, key, asked, n) : 1;

    if (rc == BUDGET_GONE)
        begin_again(work, key);
    work->may_be_kept = work->may_be_kept && rc != 0;
    return rc == 1 ? 0 : rc;
}

int encompassed_put(struct kept_path *kept, const struct encompassed_key *key,
                    struct encompassed_work *work, const struct warnings *warnings,
                    const struct stir_error *finding)
{
    if (kept == NULL || !work->may_be_kept || work->walk.full)
        return 0;
    work->made->finding = *finding;
    if (warnings_add_all(&work->made->warnings, warnings) < 0)
        return STIR_E_NOMEM;
    pthread_mutex_lock(&kept->lock);
    struct encompassed *before = kept->encompassed[key->overhang];
    kept->encompassed[key->overhang] = work->made;
    work->made = before;
    pthread_mutex_unlock(&kept->lock);
    return 0;
}
