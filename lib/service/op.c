/*
 * struct stir_op: the judgement of a call as a state machine without I/O.
 *
 * All that needs nothing from outside is judged when it is made; then it wants the certificates
 * at each URL, once, and each step judges what has come. The first valid Identity ends it.
 */
#include "service/op.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/limits.h"
#include "base/text.h"
#include "service/arrival.h"
#include "service/decision.h"
#include "service/judgement.h"
#include "service/verifier.h"

/* Steps for what came beside a valid Identity: for LIMIT_URLS lists of the usual length, and the
   signatures of LIMIT_IDENTITIES tokens, five are enough. */
enum { LINGER_STEPS = 8 };

struct stir_op {
    pid_t process;
    struct snapshot *snapshot;
    struct memory *memory;
    void (*on_end)(void *arg); /* of wants; NULL: nobody is told */
    void *on_end_arg;
    int64_t now;
    struct stir_result *result;
    struct judgement *judgements; /* one for each of the result's identities */
    struct want *wants[LIMIT_URLS + LIMIT_LISTS];
    size_t n_wants;
    size_t n_of_kind[FETCH_KINDS];
    uint8_t inlined[LIMIT_URLS][DIGEST_SHA256_SIZE]; /* lists that tokens brought */
    size_t n_inlined;
    struct arrival arrival; /* of the path at a URL */
    bool of_url;            /* no call: the path at the one URL that it wants */
    size_t budget;          /* what is left of a step's */
    size_t steps;           /* so far */
    int lingering;          /* of those, since there is a valid Identity */
    int overtime;           /* or since its time was up */
    bool done;
    int failed; /* a step could not be made: what is half judged must never count as good */
};

void stir_op_free(struct stir_op *op)
{
    if (op == NULL)
        return;
    for (size_t i = 0; op->result != NULL && i < op->result->n_identities; i++)
        judgement_free(&op->judgements[i]);
    free(op->judgements);
    arrival_free(&op->arrival);
    for (size_t i = 0; i < op->n_wants; i++) {
        want_on_end(op->wants[i], NULL, NULL);
        want_free(op->wants[i]);
    }
    result_free(op->result);
    snapshot_free(op->snapshot);
    memory_free(op->memory);
    free(op);
}

static void finish(struct stir_op *op)
{
    if (!op->of_url)
        decision_make(op->result);
    op->done = true;
}

/* ---- Making one -------------------------------------------------------------------------- */

static size_t limit_of(enum fetch_kind kind)
{
    return kind == FETCH_CERTIFICATES ? LIMIT_URLS : LIMIT_LISTS;
}

/* The want for a URL: one for all that name it. *want stays NULL where the call, or its
   certificates, name too many. */
static int want_for(struct stir_op *op, enum fetch_kind kind, const char *url,
                    struct want **want)
{
    for (size_t i = 0; i < op->n_wants; i++)
        if (op->wants[i]->kind == kind && strcmp(op->wants[i]->url, url) == 0) {
            *want = op->wants[i];
            return 0;
        }
    if (op->n_of_kind[kind] == limit_of(kind))
        return 0;
    if ((*want = want_new(op->memory, op->snapshot, kind, url)) == NULL)
        return STIR_E_NOMEM;
    want_on_end(*want, op->on_end, op->on_end_arg);
    op->wants[op->n_wants++] = *want;
    op->n_of_kind[kind]++;
    return 0;
}

static int want_tnauthlist(void *arg, const char *url, struct want **want)
{
    return want_for(arg, FETCH_TNAUTHLIST, url, want);
}

/* For lists by reference. */
static struct want_source source_of(struct stir_op *op)
{
    return (struct want_source){op->memory, op->snapshot, want_tnauthlist, op, &op->budget};
}

static int want_certificates(struct stir_op *op, struct judgement *judgement,
                             struct stir_error *error)
{
    struct stir_error finding;

    if (want_for(op, FETCH_CERTIFICATES, judgement->passport.x5u, &judgement->want) < 0)
        return error_no_memory(error);
    if (judgement->want != NULL)
        return 0;
    error_clear(&finding);
    error_set(&finding, STIR_CODE_X5U_REFUSED,
              "the call's tokens name more than %d URLs of certificates", LIMIT_URLS);
    result_find(judgement->result, &finding);
    judgement->done = true;
    return 0;
}

/* Of lists that tokens bring as few as of URLs, since each may cost the building of a path. */
static void count_inlined(struct stir_op *op, struct judgement *judgement)
{
    const struct body *list = judgement->arrival.inlined;
    struct stir_error finding;

    for (size_t i = 0; i < op->n_inlined; i++)
        if (memcmp(op->inlined[i], list->sha256, sizeof list->sha256) == 0)
            return;
    if (op->n_inlined < LIMIT_URLS) {
        memcpy(op->inlined[op->n_inlined++], list->sha256, sizeof list->sha256);
        return;
    }
    error_clear(&finding);
    error_set(&finding, STIR_CODE_X5U_REFUSED,
              "the call's tokens bring more than %d lists of certificates", LIMIT_URLS);
    result_find(judgement->result, &finding);
    judgement->done = true;
}

static int begin_one(struct stir_op *op, const char *value, const struct stir_call *call,
                     const struct facts *facts, struct stir_error *error)
{
    struct judgement *judgement = &op->judgements[op->result->n_identities];

    if ((judgement->result = result_new(&op->snapshot->policy)) == NULL)
        return error_no_memory(error);
    op->result->identities[op->result->n_identities++] = judgement->result;
    judgement->result->borrowed = true;
    int rc = judgement_begin(judgement, value, call, facts, op->snapshot, op->memory, op->now,
                             error);
    if (rc < 0 || judgement->done)
        return rc;
    if (judgement->arrival.inlined == NULL)
        return want_certificates(op, judgement, error);
    count_inlined(op, judgement);
    return 0;
}

static int begin_all(struct stir_op *op, const struct stir_call *call,
                     const struct facts *facts, struct stir_error *error)
{
    op->judgements = calloc(call->n_identities + 1, sizeof *op->judgements);
    op->result->identities = calloc(call->n_identities + 1, sizeof *op->result->identities);
    if (op->judgements == NULL || op->result->identities == NULL)
        return error_no_memory(error);
    for (size_t i = 0; i < call->n_identities; i++) {
        int rc = begin_one(op, call->identities[i], call, facts, error);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void refuse_number_of_identities(struct stir_op *op)
{
    error_set(&op->result->finding, STIR_CODE_TOO_MANY_IDENTITIES,
              "the call has more than %d Identity headers", LIMIT_IDENTITIES);
    op->done = true;
}

static int begin(struct stir_op *op, const struct stir_call *call, struct stir_error *error)
{
    struct facts facts = {0};

    if ((op->result = result_new(&op->snapshot->policy)) == NULL)
        return error_no_memory(error);
    op->result->borrowed = true;
    int rc = facts_of(&facts, call, &op->snapshot->policy, error);
    if (rc < 0)
        return rc;
    if (call->n_identities > LIMIT_IDENTITIES)
        refuse_number_of_identities(op);
    else
        rc = begin_all(op, call, &facts, error);
    facts_free(&facts);
    return rc;
}

/* One that has nothing to judge yet. */
static struct stir_op *make(struct stir_verifier *verifier, int64_t now,
                            struct stir_error *error)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, error);

    if (snapshot == NULL)
        return NULL;
    struct stir_op *op = calloc(1, sizeof *op);
    if (op == NULL) {
        snapshot_free(snapshot);
        error_no_memory(error);
        return NULL;
    }
    op->process = getpid();
    op->snapshot = snapshot;
    op->memory = memory_ref(verifier->memory);
    op->now = now;
    return op;
}

struct stir_op *stir_op_new(struct stir_verifier *verifier, const struct stir_call *call,
                            int64_t now, struct stir_error *error)
{
    error_clear(error);
    if (call == NULL) {
        error_null(error, "call");
        return NULL;
    }
    struct stir_op *op = make(verifier, now, error);
    if (op == NULL)
        return NULL;
    if (call->no_memory) {
        stir_op_free(op);
        error_no_memory(error);
        return NULL;
    }
    if (begin(op, call, error) < 0) {
        stir_op_free(op);
        return NULL;
    }
    return op;
}

struct stir_op *stir_op_new_url(struct stir_verifier *verifier, const char *url, int64_t now,
                                struct stir_error *error)
{
    struct want *want;

    error_clear(error);
    if (url == NULL) {
        error_null(error, "url");
        return NULL;
    }
    struct stir_op *op = make(verifier, now, error);
    if (op == NULL)
        return NULL;
    op->of_url = true;
    op->result = result_new(&op->snapshot->policy);
    if (op->result == NULL || want_for(op, FETCH_CERTIFICATES, url, &want) < 0) {
        stir_op_free(op);
        error_no_memory(error);
        return NULL;
    }
    op->result->borrowed = true;
    op->result->is_precheck = true;
    return op;
}

/* ---- Driving it --------------------------------------------------------------------------- */

static int check(const struct stir_op *op, struct stir_error *error)
{
    if (op == NULL)
        return error_null(error, "op");
    if (op->process != getpid())
        return error_set(error, STIR_E_FORKED, "the operation was made before fork()");
    if (op->failed < 0)
        return error_set(error, op->failed, "the operation has failed in a step before");
    return 0;
}

static void end_open_ones(struct stir_op *op, const char *why)
{
    struct stir_error finding;

    error_clear(&finding);
    error_set(&finding, STIR_CODE_DEADLINE, "%s", why);
    if (op->of_url)
        result_find(op->result, &finding);
    for (size_t i = 0; i < op->result->n_identities; i++)
        if (!op->judgements[i].done) {
            result_find(op->judgements[i].result, &finding);
            op->judgements[i].done = true;
        }
}

/* One Identity, if its certificates have come. */
static int step_one(struct stir_op *op, struct judgement *judgement, struct stir_error *error)
{
    struct want_source lists = source_of(op);

    if (judgement->done || (judgement->want != NULL && !want_is_ended(judgement->want)))
        return 0;
    return judgement_step(judgement, &lists, op->now, error);
}

/* Is there a valid one (which decides), or is there nothing left to judge? */
static bool is_decided(const struct stir_op *op)
{
    bool open = false;

    for (size_t i = 0; i < op->result->n_identities; i++) {
        const struct judgement *judgement = &op->judgements[i];
        if (judgement->done && stir_result_verdict(judgement->result) == STIR_VALID)
            return true;
        open = open || !judgement->done;
    }
    return !open;
}

/* The path at a URL, if the body has come. */
static int step_url(struct stir_op *op, struct stir_error *error)
{
    if (!want_is_ended(op->wants[0]))
        return STIR_WANT;
    struct want_source lists = source_of(op);
    int rc = arrival_step_alone(&op->arrival, op->wants[0], &lists, op->now, op->result, error);
    if (rc == ARRIVAL_WAITS)
        return STIR_WANT;
    op->failed = rc;
    op->done = rc == 0;
    return rc;
}

/* Each Identity is the first of some step: one whose certificates take long must not keep another,
   that is valid, from its share. */
static int step_all(struct stir_op *op, struct stir_error *error)
{
    const size_t n = op->result->n_identities;
    const size_t first = op->steps++;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = step_one(op, &op->judgements[(first + i) % n], error);
    return rc;
}

int op_step(struct stir_op *op, struct stir_error *error)
{
    error_clear(error);
    int rc = check(op, error);
    if (rc < 0 || op->done)
        return rc;
    op->budget = op->memory->step;
    if (op->of_url)
        return step_url(op, error);
    if ((rc = step_all(op, error)) < 0)
        return op->failed = rc;
    /* What else came is told of, too, unless it takes too long. */
    if (!is_decided(op) || (op_is_reading(op) && op->lingering++ < LINGER_STEPS))
        return STIR_WANT;
    end_open_ones(op, "not waited for, since another Identity had decided");
    finish(op);
    return 0;
}

/* By hand, nobody would be told to step it again: so it goes on, and leaves turns at lists to
   others in between. */
int stir_op_step(struct stir_op *op, struct stir_error *error)
{
    int rc;

    do
        rc = op_step(op, error);
    while (rc == STIR_WANT && op_is_reading(op));
    return rc;
}

struct stir_want *stir_op_want(struct stir_op *op)
{
    if (check(op, NULL) < 0 || op->done)
        return NULL;
    for (size_t i = 0; i < op->n_wants; i++)
        if (!op->wants[i]->handed_out && !want_is_ended(op->wants[i]))
            return want_hand_out(op->wants[i]);
    return NULL;
}

void stir_op_expire(struct stir_op *op)
{
    if (check(op, NULL) < 0 || op->done)
        return;
    end_open_ones(op, "the time for an answer was up before what it takes had come");
    finish(op);
}

const struct stir_result *stir_op_result(const struct stir_op *op)
{
    return op == NULL || !op->done ? NULL : op->result;
}

/* ---- For what drives it ------------------------------------------------------------------- */

struct memory *op_memory(const struct stir_op *op)
{
    return op->memory;
}

struct snapshot *op_snapshot(const struct stir_op *op)
{
    return op->snapshot;
}

bool op_is_done(const struct stir_op *op)
{
    return op->done;
}

bool op_is_reading(const struct stir_op *op)
{
    bool reading = op->arrival.reading;

    for (size_t i = 0; !reading && !op->of_url && i < op->result->n_identities; i++)
        reading = !op->judgements[i].done && op->judgements[i].arrival.reading;
    return reading && !op->done;
}

bool op_is_only_reading(struct stir_op *op)
{
    bool reading = op_is_reading(op);

    for (size_t i = 0; reading && i < op->n_wants; i++)
        reading = want_is_ended(op->wants[i]);
    return reading;
}

static bool gets_on(const struct stir_op *op)
{
    bool any = op->of_url && arrival_gets_on(&op->arrival, op->wants[0]);

    for (size_t i = 0; !any && !op->of_url && i < op->result->n_identities; i++)
        any = !op->judgements[i].done
              && arrival_gets_on(&op->judgements[i].arrival, op->judgements[i].want);
    return any;
}

bool op_may_go_on(struct stir_op *op)
{
    return !op->done && op->overtime++ < GRACE_STEPS && gets_on(op);
}

void op_on_end(struct stir_op *op, void (*ended)(void *arg), void *arg)
{
    op->on_end = ended;
    op->on_end_arg = arg;
    for (size_t i = 0; i < op->n_wants; i++)
        want_on_end(op->wants[i], ended, arg);
}

struct stir_result *op_take_result(struct stir_op *op)
{
    struct stir_result *result = op->result;

    if (!op->done)
        return NULL;
    for (size_t i = 0; i < result->n_identities; i++)
        judgement_free(&op->judgements[i]);
    free(op->judgements);
    op->judgements = NULL;
    op->result = NULL;
    result->borrowed = false;
    return result;
}
