/* Errands: shared by the operation that waits and the flight that it waits for. */
#include "service/errand.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "fetch/fetch.h"
#include "fetch/url.h"
#include "service/retrieval.h"

struct errand {
    struct flight_waiter waiter; /* first, so that it is found from there */
    struct errand *next;         /* of its operation's */
    struct want *want;           /* handed out: to be ended once */
    atomic_uint references;      /* the operation's and the flight's */
};

static void release(struct errand *errand)
{
    if (atomic_fetch_sub(&errand->references, 1) == 1)
        free(errand);
}

/* Nothing is remembered of a URL that nobody tried. */
static void find_untried(struct memory *memory, enum fetch_kind kind, const char *url,
                         enum stir_failure why, const char *sentence, struct cache_hit *hit)
{
    *hit = (struct cache_hit){.state = CACHE_FAILED};
    retrieval_fail(memory, kind, url, STIR_FAILURE_CANCELLED, sentence, hit);
    hit->failure.why = why;
}

void errand_refused(struct memory *memory, enum fetch_kind kind, const char *url,
                    struct slot_fault fault, struct cache_hit *hit)
{
    static const char *const kinds[] = {
        [STIR_FAILURE_TIMEOUT] = "did not answer in time",
        [STIR_FAILURE_NAME] = "had no address",
        [STIR_FAILURE_ADDRESS] = "had an address that is not allowed",
        [STIR_FAILURE_CONNECT] = "took no connection",
        [STIR_FAILURE_TLS] = "failed in TLS",
        [STIR_FAILURE_BROKEN] = "broke off its answer",
    };
    const char *what =
        (unsigned)fault.why < sizeof kinds / sizeof *kinds ? kinds[fault.why] : NULL;
    char sentence[128], status[40];

    snprintf(status, sizeof status, "answered with status %d", fault.status);
    snprintf(sentence, sizeof sentence,
             "its host %s a moment ago, and is left alone for a while",
             fault.status != 0 ? status
             : what != NULL    ? what
                               : "failed");
    find_untried(memory, kind, url, fault.why, sentence, hit);
}

/* Why nobody is sent. */
static const char *say(int rc)
{
    switch (rc) {
    case STIR_E_UNSUPPORTED:
        return "policy fetch says that nobody fetches";
    case STIR_E_LIMIT:
        return "too many fetches wait for their turn";
    case STIR_E_NOMEM:
        return "out of memory";
    default:
        return NULL;
    }
}

static void end_untried(struct want *want, int rc, struct slot_fault fault)
{
    struct cache_hit hit;

    if (rc == STIR_E_REFUSED)
        errand_refused(want->memory, want->kind, want->url, fault, &hit);
    else
        find_untried(want->memory, want->kind, want->url, STIR_FAILURE_CANCELLED, say(rc),
                     &hit);
    want_end(want, &hit);
    cache_hit_clear(&hit);
}

static struct errand *errand_new(struct want *want)
{
    struct errand *errand = calloc(1, sizeof *errand);

    if (errand == NULL)
        return NULL;
    errand->want = want;
    atomic_init(&errand->references, 2);
    return errand;
}

/* 0 or 1: it waits; negative: it does not, and is ended by the caller. */
static int join(struct errand *errand, const struct snapshot *snapshot,
                struct slot_fault *fault)
{
    const struct want *want = errand->want;
    struct memory *memory = want->memory;
    char authority[URL_AUTHORITY_SIZE];
    struct url url;

    if (url_judge(want->url, fetch_policy_url(snapshot->fetch), &url, NULL) != 0)
        return STIR_E_INTERNAL;
    return flights_join(memory->flights, want->kind, want->url, url_authority(&url, authority),
                        cache_host_is_known(memory->cache, url.host), &errand->waiter,
                        fetch_clock(), fault);
}

/* Takes want, which is handed out. */
static int send_one(struct errands *errands, struct want *want, const struct snapshot *snapshot)
{
    struct slot_fault fault = {0};
    struct errand *errand = NULL;
    int rc = STIR_E_UNSUPPORTED;

    if (snapshot->policy.fetch != FETCH_BY_NOBODY)
        rc =
            (errand = errand_new(want)) == NULL ? STIR_E_NOMEM : join(errand, snapshot, &fault);
    if (rc < 0) {
        free(errand);
        end_untried(want, rc, fault);
        return 0;
    }
    errand->next = errands->first;
    errands->first = errand;
    return rc;
}

bool errands_send(struct errands *errands, struct stir_op *op)
{
    struct stir_want *open;
    bool new_flight = false;

    while ((open = stir_op_want(op)) != NULL)
        new_flight |= send_one(errands, want_of(open), op_snapshot(op)) == 1;
    return new_flight;
}

void errands_take_back(struct errands *errands, struct memory *memory)
{
    while (errands->first != NULL) {
        struct errand *errand = errands->first;
        errands->first = errand->next;
        /* False: a loop has it, and ends the want. */
        if (flights_leave(memory->flights, &errand->waiter)) {
            stir_want_fail(&errand->want->open, STIR_FAILURE_CANCELLED);
            release(errand);
        }
        release(errand);
    }
}

struct flight_waiter *errands_serve(struct flight_waiter *waiters, const struct cache_hit *hit,
                                    size_t *n)
{
    for (; waiters != NULL && *n > 0; --*n) {
        struct errand *errand = (struct errand *)waiters;
        waiters = waiters->next;
        want_end(errand->want, hit);
        release(errand);
    }
    return waiters;
}
