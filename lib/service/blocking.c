/* stir_verify(), maintain and the thread: whoever may block drives the verifier's own loop. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "service/drive.h"
#include "service/errand.h"
#include "service/keeper.h"
#include "service/verifier.h"

/* The longest time without a look at what there is to do. */
enum { TURN_MS = 1000 };

/* A thread that waits in here, each with a condition of its own. */
struct waiter {
    struct waiter *next, **link;
    struct keeper *keeper;
    pthread_cond_t woken;
    bool noted;  /* a want of its operation ended */
    bool asleep; /* and not at its own operation */
};

struct keeper {
    pid_t process;
    struct stir_verifier *verifier;
    pthread_mutex_t lock; /* of what follows; the drive is its driver's */
    struct drive drive;
    bool open;   /* the drive is; it stays so */
    bool driven; /* somebody drives */
    bool has_thread, stop;
    pthread_t thread;
    struct waiter *waiters; /* who is next to drive first */
};

/* ---- Life ---------------------------------------------------------------------------------- */

struct keeper *keeper_new(struct stir_verifier *verifier)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);

    if (keeper == NULL)
        return NULL;
    keeper->process = getpid();
    keeper->verifier = verifier;
    pthread_mutex_init(&keeper->lock, NULL);
    return keeper;
}

/* Under the lock. */
static int open_drive(struct keeper *keeper, struct stir_error *error)
{
    int rc = keeper->open ? 0 : drive_open(&keeper->drive, keeper->verifier, true, error);

    keeper->open = rc == 0;
    return rc;
}

static void end_thread(struct keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    keeper->stop = true;
    pthread_mutex_unlock(&keeper->lock);
    if (!keeper->has_thread)
        return;
    drive_wake(&keeper->drive);
    pthread_join(keeper->thread, NULL);
}

void keeper_free(struct keeper *keeper)
{
    if (keeper == NULL)
        return;
    /* In a child the thread is not there, the lock may be anybody's, and the loop's descriptors
       are the parent's. */
    if (keeper->process == getpid()) {
        end_thread(keeper);
        if (keeper->open)
            drive_close(&keeper->drive);
        pthread_mutex_destroy(&keeper->lock);
    }
    free(keeper);
}

/* ---- Waiting, all under the lock ----------------------------------------------------------- */

static void enter(struct keeper *keeper, struct waiter *waiter)
{
    pthread_condattr_t attributes;

    *waiter = (struct waiter){.keeper = keeper};
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&waiter->woken, &attributes);
    pthread_condattr_destroy(&attributes);
    waiter->next = keeper->waiters;
    waiter->link = &keeper->waiters;
    if (waiter->next != NULL)
        waiter->next->link = &waiter->next;
    keeper->waiters = waiter;
}

/* Somebody is to drive for those who still wait: of whom all who are awake look by themselves. */
static void hand_over(struct keeper *keeper)
{
    struct waiter *waiter = keeper->waiters;

    while (waiter != NULL && !waiter->asleep)
        waiter = waiter->next;
    if (!keeper->driven && waiter != NULL)
        pthread_cond_signal(&waiter->woken);
}

static void leave(struct keeper *keeper, struct waiter *waiter)
{
    *waiter->link = waiter->next;
    if (waiter->next != NULL)
        waiter->next->link = waiter->link;
    pthread_cond_destroy(&waiter->woken);
    hand_over(keeper);
}

static int milliseconds_to(int64_t until)
{
    int64_t left = until - fetch_clock();

    return left <= 0 ? 0 : left > TURN_MS ? TURN_MS : (int)left;
}

static void sleep_until(struct keeper *keeper, struct waiter *waiter, int64_t until)
{
    struct timespec when;
    int64_t at = fetch_clock() + milliseconds_to(until);

    when.tv_sec = (time_t)(at / 1000);
    when.tv_nsec = (long)(at % 1000) * 1000000;
    waiter->asleep = true;
    pthread_cond_timedwait(&waiter->woken, &keeper->lock, &when);
    waiter->asleep = false;
}

/* One turn as the driver, for which the lock is let go. */
static void drive(struct keeper *keeper, int64_t until)
{
    keeper->driven = true;
    pthread_mutex_unlock(&keeper->lock);
    fetch_loop_wait(keeper->drive.loop, milliseconds_to(until));
    drive_dispatch(&keeper->drive, fetch_clock() + DISPATCH_MS, INT64_MAX);
    pthread_mutex_lock(&keeper->lock);
    keeper->driven = false;
}

/* ---- stir_verify() ------------------------------------------------------------------------- */

/* In any thread, under the want's lock. */
static void on_ended(void *arg)
{
    struct waiter *waiter = arg;
    struct keeper *keeper = waiter->keeper;

    pthread_mutex_lock(&keeper->lock);
    waiter->noted = true;
    pthread_cond_signal(&waiter->woken);
    drive_wake(&keeper->drive);
    pthread_mutex_unlock(&keeper->lock);
}

/* Until a want of the operation ended; false: the time is up before. */
static bool wait_for_want(struct keeper *keeper, struct waiter *waiter, int64_t until)
{
    pthread_mutex_lock(&keeper->lock);
    while (!waiter->noted && fetch_clock() < until)
        if (keeper->driven)
            sleep_until(keeper, waiter, until);
        else
            drive(keeper, until);
    bool noted = waiter->noted;
    waiter->noted = false;
    hand_over(keeper);
    pthread_mutex_unlock(&keeper->lock);
    return noted;
}

/* 0, with the operation done; negative. */
static int judge_by(struct keeper *keeper, struct waiter *waiter, struct stir_op *op,
                    int64_t until, struct stir_error *error)
{
    struct errands errands = {NULL};
    int rc = STIR_WANT;

    op_on_end(op, on_ended, waiter);
    while (rc == STIR_WANT) {
        if (errands_send(&errands, op))
            drive_wake(&keeper->drive);
        bool in_time =
            op_is_reading(op) ? fetch_clock() < until : wait_for_want(keeper, waiter, until);
        if (!in_time && !op_may_go_on(op))
            stir_op_expire(op);
        rc = op_step(op, error);
    }
    op_on_end(op, NULL, NULL);
    errands_take_back(&errands, op_memory(op));
    return rc;
}

static int wait_and_judge(struct keeper *keeper, struct stir_op *op, int64_t until,
                          struct stir_error *error)
{
    struct waiter waiter;

    pthread_mutex_lock(&keeper->lock);
    int rc = open_drive(keeper, error);
    if (rc == 0)
        enter(keeper, &waiter);
    pthread_mutex_unlock(&keeper->lock);
    if (rc < 0)
        return rc;
    rc = judge_by(keeper, &waiter, op, until, error);
    pthread_mutex_lock(&keeper->lock);
    leave(keeper, &waiter);
    pthread_mutex_unlock(&keeper->lock);
    return rc;
}

/* A further step, unless its time is up. */
static int step_by(struct stir_op *op, int64_t until, struct stir_error *error)
{
    if (fetch_clock() >= until && !op_may_go_on(op))
        stir_op_expire(op);
    return op_step(op, error);
}

/* What is not in memory is not to be had. */
static int judge_from_memory(struct stir_op *op, int64_t until, struct stir_error *error)
{
    struct stir_want *want;
    int rc = STIR_WANT;

    while (rc == STIR_WANT) {
        while ((want = stir_op_want(op)) != NULL)
            stir_want_fail(want, STIR_FAILURE_CANCELLED);
        rc = step_by(op, until, error);
    }
    return rc;
}

struct stir_result *stir_verify(struct stir_verifier *verifier, const struct stir_call *call,
                                int64_t now, int timeout_ms, struct stir_error *error)
{
    struct stir_op *op = stir_op_new(verifier, call, now, error);
    struct stir_result *result = NULL;
    int64_t until = timeout_ms < 0 ? INT64_MAX : fetch_clock() + timeout_ms;

    if (op == NULL)
        return NULL;
    int rc = op_step(op, error);
    while (rc == STIR_WANT && op_is_only_reading(op)) /* which needs no loop */
        rc = step_by(op, until, error);
    if (rc == STIR_WANT)
        rc = op_snapshot(op)->policy.fetch == FETCH_BY_LIBRARY
                 ? wait_and_judge(verifier->keeper, op, until, error)
                 : judge_from_memory(op, until, error);
    if (rc == 0)
        result = op_take_result(op);
    stir_op_free(op);
    return result;
}

/* ---- Between calls ------------------------------------------------------------------------- */

static bool is_idle(const struct keeper *keeper)
{
    return !drive_is_busy(&keeper->drive) && fetch_clock() < keeper->drive.next_upkeep;
}

/* Unless another one does so. */
static void drive_until(struct keeper *keeper, int64_t until)
{
    while (!keeper->driven && !is_idle(keeper)) {
        drive(keeper, until);
        if (fetch_clock() >= until)
            break;
    }
    hand_over(keeper);
}

/* What the caller fetches, a fetcher looks after; where nobody does, there still are files. */
static bool is_ours(const struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    bool ours = snapshot != NULL && snapshot->policy.fetch != FETCH_BY_CALLER;

    snapshot_free(snapshot);
    return ours;
}

/* Who was seen since the last time. */
static int save_signers(const struct stir_verifier *verifier, struct stir_error *error)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, error);
    int rc = snapshot == NULL ? STIR_E_FORKED : signers_save(snapshot->signers, error);

    snapshot_free(snapshot);
    return rc;
}

int stir_verifier_maintain(struct stir_verifier *verifier, int timeout_ms,
                           struct stir_error *error)
{
    error_clear(error);
    int rc = verifier_check(verifier, error);
    if (rc == 0)
        rc = save_signers(verifier, error);
    if (rc < 0 || !is_ours(verifier))
        return rc;
    struct keeper *keeper = verifier->keeper;
    pthread_mutex_lock(&keeper->lock);
    if ((rc = open_drive(keeper, error)) == 0)
        drive_until(keeper, timeout_ms < 0 ? INT64_MAX : fetch_clock() + timeout_ms);
    pthread_mutex_unlock(&keeper->lock);
    return rc;
}

static void *run_thread(void *arg)
{
    struct keeper *keeper = arg;
    struct waiter waiter;

    pthread_mutex_lock(&keeper->lock);
    enter(keeper, &waiter);
    while (!keeper->stop)
        if (keeper->driven)
            sleep_until(keeper, &waiter, INT64_MAX);
        else
            drive(keeper, INT64_MAX);
    leave(keeper, &waiter);
    pthread_mutex_unlock(&keeper->lock);
    return NULL;
}

/* Signals are for the application's threads. */
static int start(struct keeper *keeper, struct stir_error *error)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&keeper->thread, NULL, run_thread, keeper);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    keeper->has_thread = rc == 0;
    return rc == 0 ? 0 : error_set(error, STIR_E_FILE, "the system gives no thread");
}

int stir_verifier_start_thread(struct stir_verifier *verifier, struct stir_error *error)
{
    error_clear(error);
    int rc = verifier_check(verifier, error);
    if (rc < 0)
        return rc;
    struct keeper *keeper = verifier->keeper;
    pthread_mutex_lock(&keeper->lock);
    rc = open_drive(keeper, error);
    if (rc == 0 && !keeper->has_thread)
        rc = start(keeper, error);
    pthread_mutex_unlock(&keeper->lock);
    return rc;
}
