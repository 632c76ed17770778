/*
 * struct stir_fetcher: operations in work behind one descriptor.
 *
 * Each is in one of three places: the inbox, into which any thread may put it; among those in
 * work, in the order of their deadlines; or done, to be taken. Only the inbox and the notes that
 * a want of it ended are under the lock; it is held to move, never while something is judged.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/drive.h"
#include "service/errand.h"

struct entry {
    struct entry *next, **link; /* in its place */
    struct entry *next_noted;
    struct stir_fetcher *fetcher;
    struct stir_op *op;
    void *arg;
    int64_t until;
    struct errands errands;
    bool late;                                  /* its time is up, but it may go on */
    bool noted;                                 /* under the lock */
    struct entry *next_reading, **reading_link; /* link NULL: it reads nothing */
};

struct queue {
    struct entry *first, **last;
};

struct stir_fetcher {
    pid_t process;
    struct drive drive;
    pthread_mutex_t lock; /* of what follows up to the blank line */
    struct queue inbox;
    struct entry *noted;

    struct queue working; /* the first to expire first */
    struct queue done;
    /* Of those in work, whose operations are in the middle of something long: next first. */
    struct entry *reading, **reading_last;
    bool judged;    /* since it was driven: deadlines and wants may be others */
    unsigned first; /* of the parts of a dispatch: had no time in the last one */
};

/* ---- Places -------------------------------------------------------------------------------- */

static void append(struct queue *queue, struct entry *entry)
{
    entry->next = NULL;
    entry->link = queue->last;
    *queue->last = entry;
    queue->last = &entry->next;
}

static void take_out(struct queue *queue, struct entry *entry)
{
    *entry->link = entry->next;
    if (entry->next != NULL)
        entry->next->link = entry->link;
    else
        queue->last = entry->link;
}

static struct entry *take_first(struct queue *queue)
{
    struct entry *entry = queue->first;

    if (entry != NULL)
        take_out(queue, entry);
    return entry;
}

/* Behind those that expire before it or with it: most often the last, since most have the same
   time. */
static void put_to_work(struct queue *working, struct entry *entry)
{
    struct entry **at = &working->first;
    const struct entry *last = (struct entry *)working->last; /* next is its first member */

    if (working->first == NULL || last->until <= entry->until) {
        append(working, entry);
        return;
    }
    while ((*at)->until <= entry->until)
        at = &(*at)->next;
    entry->next = *at;
    entry->link = at;
    entry->next->link = &entry->next;
    *at = entry;
}

/* ---- Notes --------------------------------------------------------------------------------- */

/* One of its wants ended, in any thread. */
static void on_ended(void *arg)
{
    struct entry *entry = arg;
    struct stir_fetcher *fetcher = entry->fetcher;

    pthread_mutex_lock(&fetcher->lock);
    if (!entry->noted) {
        entry->noted = true;
        entry->next_noted = fetcher->noted;
        fetcher->noted = entry;
    }
    pthread_mutex_unlock(&fetcher->lock);
    drive_wake(&fetcher->drive);
}

static struct entry *take_note(struct stir_fetcher *fetcher)
{
    pthread_mutex_lock(&fetcher->lock);
    struct entry *entry = fetcher->noted;
    if (entry != NULL) {
        fetcher->noted = entry->next_noted;
        entry->noted = false;
    }
    pthread_mutex_unlock(&fetcher->lock);
    return entry;
}

/* It is not noted any more, nor will it be. */
static void forget_notes(struct entry *entry)
{
    struct stir_fetcher *fetcher = entry->fetcher;
    struct entry **at = &fetcher->noted;

    op_on_end(entry->op, NULL, NULL);
    pthread_mutex_lock(&fetcher->lock);
    while (entry->noted && *at != entry)
        at = &(*at)->next_noted;
    if (entry->noted)
        *at = entry->next_noted;
    entry->noted = false;
    pthread_mutex_unlock(&fetcher->lock);
}

/* ---- Life ---------------------------------------------------------------------------------- */

static int check(const struct stir_fetcher *fetcher, struct stir_error *error)
{
    if (fetcher == NULL)
        return error_null(error, "fetcher");
    if (fetcher->process != getpid())
        return error_set(error, STIR_E_FORKED, "the fetcher was made before fork()");
    return 0;
}

struct stir_fetcher *stir_fetcher_new(struct stir_verifier *verifier, struct stir_error *error)
{
    error_clear(error);
    if (verifier_check(verifier, error) < 0)
        return NULL;
    struct stir_fetcher *fetcher = calloc(1, sizeof *fetcher);
    if (fetcher == NULL || drive_open(&fetcher->drive, verifier, false, error) < 0) {
        if (fetcher == NULL)
            error_no_memory(error);
        free(fetcher);
        return NULL;
    }
    fetcher->process = getpid();
    fetcher->inbox.last = &fetcher->inbox.first;
    fetcher->working.last = &fetcher->working.first;
    fetcher->done.last = &fetcher->done.first;
    fetcher->reading_last = &fetcher->reading;
    pthread_mutex_init(&fetcher->lock, NULL);
    return fetcher;
}

static void stop_reading(struct entry *entry)
{
    struct stir_fetcher *fetcher = entry->fetcher;

    if (entry->reading_link == NULL)
        return;
    *entry->reading_link = entry->next_reading;
    if (entry->next_reading != NULL)
        entry->next_reading->reading_link = entry->reading_link;
    else
        fetcher->reading_last = entry->reading_link;
    entry->reading_link = NULL;
}

/* Behind the others: each gets on. */
static void go_on_reading(struct entry *entry)
{
    struct stir_fetcher *fetcher = entry->fetcher;

    stop_reading(entry);
    entry->next_reading = NULL;
    entry->reading_link = fetcher->reading_last;
    *fetcher->reading_last = entry;
    fetcher->reading_last = &entry->next_reading;
}

static void free_entry(struct entry *entry)
{
    forget_notes(entry);
    errands_take_back(&entry->errands, op_memory(entry->op));
    stir_op_free(entry->op);
    free(entry);
}

static void free_all(struct entry *entry)
{
    while (entry != NULL) {
        struct entry *next = entry->next;
        free_entry(entry);
        entry = next;
    }
}

void stir_fetcher_free(struct stir_fetcher *fetcher)
{
    /* The descriptors of a child are its parent's too, which goes on with them. */
    if (check(fetcher, NULL) < 0)
        return;
    free_all(fetcher->inbox.first);
    free_all(fetcher->working.first);
    free_all(fetcher->done.first);
    drive_close(&fetcher->drive);
    pthread_mutex_destroy(&fetcher->lock);
    free(fetcher);
}

int stir_fetcher_fd(const struct stir_fetcher *fetcher)
{
    return check(fetcher, NULL) < 0 ? -1 : fetch_loop_fd(fetcher->drive.loop);
}

/* ---- In ------------------------------------------------------------------------------------ */

static int check_op(const struct stir_fetcher *fetcher, const struct stir_op *op,
                    struct stir_error *error)
{
    if (op == NULL)
        return error_null(error, "op");
    if (op_memory(op) != fetcher->drive.memory)
        return error_set(error, STIR_E_ARGUMENT, "the operation is of another verifier");
    return 0;
}

int stir_fetcher_add(struct stir_fetcher *fetcher, struct stir_op *op, int timeout_ms,
                     void *arg, struct stir_error *error)
{
    error_clear(error);
    int rc = check(fetcher, error);
    if (rc < 0 || (rc = check_op(fetcher, op, error)) < 0)
        return rc;
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return error_no_memory(error);
    entry->fetcher = fetcher;
    entry->op = op;
    entry->arg = arg;
    entry->until = timeout_ms < 0 ? INT64_MAX : fetch_clock() + timeout_ms;
    pthread_mutex_lock(&fetcher->lock);
    append(&fetcher->inbox, entry);
    pthread_mutex_unlock(&fetcher->lock);
    drive_wake(&fetcher->drive);
    return 0;
}

/* ---- Through ------------------------------------------------------------------------------- */

static void finish(struct entry *entry)
{
    /* What could not be judged (memory) is not known. */
    stir_op_expire(entry->op);
    forget_notes(entry);
    stop_reading(entry);
    errands_take_back(&entry->errands, op_memory(entry->op));
    take_out(&entry->fetcher->working, entry);
    append(&entry->fetcher->done, entry);
}

/* By its deadline. */
static bool is_over(struct entry *entry)
{
    return (entry->late || entry->until <= fetch_clock()) && !op_may_go_on(entry->op);
}

static void step(struct entry *entry)
{
    bool done = op_step(entry->op, NULL) != STIR_WANT;

    if (!done)
        errands_send(&entry->errands, entry->op);
    if (done || is_over(entry))
        finish(entry);
    else if (entry->late || op_is_reading(entry->op))
        go_on_reading(entry);
    else
        stop_reading(entry);
}

static struct entry *take_in(struct stir_fetcher *fetcher)
{
    pthread_mutex_lock(&fetcher->lock);
    struct entry *entry = take_first(&fetcher->inbox);
    pthread_mutex_unlock(&fetcher->lock);
    if (entry == NULL)
        return NULL;
    put_to_work(&fetcher->working, entry);
    op_on_end(entry->op, on_ended, entry);
    return entry;
}

/* Those of which a want ended, and those that came. */
static void judge(struct stir_fetcher *fetcher, int64_t until)
{
    struct entry *entry;

    while (fetch_clock() < until
           && ((entry = take_note(fetcher)) != NULL || (entry = take_in(fetcher)) != NULL)) {
        step(entry);
        fetcher->judged = true;
    }
}

/* In turns, while there is time. */
static void read_on(struct stir_fetcher *fetcher, int64_t until)
{
    while (fetcher->reading != NULL && fetch_clock() < until)
        step(fetcher->reading);
}

/* It takes what steps it may still have, and waits for nothing. */
static void hurry(struct entry *entry)
{
    entry->late = true;
    entry->until = INT64_MAX;
    take_out(&entry->fetcher->working, entry);
    append(&entry->fetcher->working, entry);
    go_on_reading(entry);
}

static void expire(struct stir_fetcher *fetcher)
{
    int64_t now = fetch_clock();
    struct entry *entry;

    while ((entry = fetcher->working.first) != NULL && entry->until <= now)
        if (op_may_go_on(entry->op))
            hurry(entry);
        else
            finish(entry);
}

static void drive(struct stir_fetcher *fetcher, int64_t until)
{
    expire(fetcher);
    const struct entry *first = fetcher->working.first;
    fetcher->judged = false;
    drive_dispatch(&fetcher->drive, until, first == NULL ? INT64_MAX : first->until);
}

/* One clock for all parts: each does what there is time for, and what had none is the first in the
   next dispatch. */
static void do_parts(struct stir_fetcher *fetcher, int64_t until)
{
    static void (*const parts[])(struct stir_fetcher *, int64_t) = {judge, read_on, drive};
    enum { PARTS = sizeof parts / sizeof *parts };
    const unsigned first = fetcher->first;

    fetcher->first = 0;
    for (unsigned i = 0; i < PARTS; i++) {
        if (i > 0 && fetch_clock() >= until) {
            fetcher->first = (first + i) % PARTS;
            return;
        }
        parts[(first + i) % PARTS](fetcher, until);
    }
}

int stir_fetcher_dispatch(struct stir_fetcher *fetcher, struct stir_error *error)
{
    error_clear(error);
    int rc = check(fetcher, error);
    if (rc < 0)
        return rc;
    int64_t until = fetch_clock() + DISPATCH_MS;
    do_parts(fetcher, until);
    judge(fetcher, until);
    expire(fetcher);
    /* What that changed (wants, deadlines), or left for want of time, is for the next dispatch. */
    if (fetcher->judged || fetcher->reading != NULL || fetch_clock() >= until)
        drive_wake(&fetcher->drive);
    return 0;
}

/* ---- Out ----------------------------------------------------------------------------------- */

struct stir_op *stir_fetcher_next(struct stir_fetcher *fetcher, void **arg)
{
    struct entry *entry = check(fetcher, NULL) < 0 ? NULL : take_first(&fetcher->done);

    if (entry == NULL)
        return NULL;
    struct stir_op *op = entry->op;
    if (arg != NULL)
        *arg = entry->arg;
    free(entry);
    return op;
}

struct stir_want *stir_fetcher_want(struct stir_fetcher *fetcher)
{
    return check(fetcher, NULL) < 0 ? NULL : drive_want(&fetcher->drive);
}
