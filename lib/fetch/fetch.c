/* Loops, and the life of a fetch in them: judged, resolved, transferred, ended. */
#include "fetch/fetch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "fetch/fetch_policy_parts.h"
#include "fetch/resolve.h"
#include "fetch/transfer.h"

enum {
    /* After its time curl has so long to end a transfer by itself. */
    GRACE_MS = 250
};

enum stage { STAGE_NEW, STAGE_NAMES, STAGE_READY, STAGE_TRANSFER };

struct fetch_loop {
    struct poller poller;
    struct resolve *resolve;
    struct transfers *transfers;
    struct fetch *first; /* of all that are under way */
    bool dispatching;    /* fetches that end stay until it is over */
    int64_t alarm;
};

struct fetch {
    struct fetch_loop *loop;
    struct fetch *next, **link;
    struct fetch_policy *policy;
    char *url_text, *accept, *etag, *date;
    struct fetch_request request; /* of these */
    struct url url;
    enum stage stage;
    unsigned asked;  /* questions about names that are not answered yet */
    bool cancelled;  /* only kept for these questions */
    bool no_address; /* somebody answered, and none may be connected to */
    bool no_memory;  /* to ask, or to understand the answer */
    char refusal[128];
    struct transfer_target target;
    struct transfer *transfer;
    int64_t names_until, until;
    fetch_done *done;
    void *arg;
};

int64_t fetch_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Loops --------------------------------------------------------------------------------- */

struct fetch_loop *fetch_loop_new(struct stir_error *error)
{
    struct fetch_loop *loop = calloc(1, sizeof *loop);

    if (loop == NULL) {
        error_no_memory(error);
        return NULL;
    }
    loop->alarm = INT64_MAX;
    if (poller_open(&loop->poller) < 0) {
        error_set(error, STIR_E_FILE, "no descriptors for a loop that fetches");
        free(loop);
        return NULL;
    }
    loop->resolve = resolve_new(&loop->poller);
    loop->transfers = transfers_new(&loop->poller);
    if (loop->resolve != NULL && loop->transfers != NULL)
        return loop;
    fetch_loop_free(loop);
    error_no_memory(error);
    return NULL;
}

void fetch_loop_free(struct fetch_loop *loop)
{
    if (loop == NULL)
        return;
    for (struct fetch *fetch = loop->first, *next; fetch != NULL; fetch = next) {
        next = fetch->next;
        fetch_cancel(fetch);
    }
    resolve_free(loop->resolve);
    transfers_free(loop->transfers);
    poller_close(&loop->poller);
    free(loop);
}

int fetch_loop_fd(const struct fetch_loop *loop)
{
    return loop->poller.epoll;
}

void fetch_loop_wait(const struct fetch_loop *loop, int timeout_ms)
{
    struct pollfd fd = {loop->poller.epoll, POLLIN, 0};

    poll(&fd, 1, timeout_ms);
}

void fetch_loop_wake(struct fetch_loop *loop)
{
    poller_wake(&loop->poller);
}

/* ---- A fetch ------------------------------------------------------------------------------- */

static void free_fetch(struct fetch *fetch)
{
    *fetch->link = fetch->next;
    if (fetch->next != NULL)
        fetch->next->link = fetch->link;
    transfer_free(fetch->transfer);
    fetch_policy_free(fetch->policy);
    free(fetch->url_text);
    free(fetch->accept);
    free(fetch->etag);
    free(fetch->date);
    free(fetch);
}

void fetch_cancel(struct fetch *fetch)
{
    if (fetch == NULL)
        return;
    fetch->cancelled = true;
    transfer_free(fetch->transfer);
    fetch->transfer = NULL;
    /* c-ares still holds its address, and gives it back by the last answer. */
    if (fetch->asked == 0 && !fetch->loop->dispatching)
        free_fetch(fetch);
}

static void fail(struct fetch *fetch, enum stir_failure why, const char *sentence)
{
    struct fetch_response response = {.why = why, .sentence = sentence};

    fetch->done(fetch->arg, &response);
    fetch_cancel(fetch);
}

static bool copy(char **to, const char *from)
{
    *to = from == NULL ? NULL : text_copy(from, strlen(from));
    return from == NULL || *to != NULL;
}

static bool copy_request(struct fetch *fetch, const struct fetch_request *request)
{
    if (!copy(&fetch->url_text, request->url) || !copy(&fetch->accept, request->accept)
        || !copy(&fetch->etag, request->if_none_match)
        || !copy(&fetch->date, request->if_modified_since))
        return false;
    fetch->request = *request;
    fetch->request.url = fetch->url_text;
    fetch->request.accept = fetch->accept;
    fetch->request.if_none_match = fetch->etag;
    fetch->request.if_modified_since = fetch->date;
    return true;
}

struct fetch *fetch_start(struct fetch_loop *loop, struct fetch_policy *policy,
                          const struct fetch_request *request, fetch_done *done, void *arg)
{
    struct fetch *fetch = calloc(1, sizeof *fetch);
    int64_t now = fetch_clock();

    if (fetch == NULL)
        return NULL;
    fetch->loop = loop;
    fetch->link = &loop->first;
    fetch->next = loop->first;
    if (fetch->next != NULL)
        fetch->next->link = &fetch->next;
    loop->first = fetch;
    fetch->policy = fetch_policy_ref(policy);
    fetch->done = done;
    fetch->arg = arg;
    fetch->names_until = now + FETCH_NAME_MS;
    fetch->until = now + (request->timeout_ms > 0 ? request->timeout_ms : FETCH_TIMEOUT_MS);
    if (!copy_request(fetch, request)) {
        free_fetch(fetch);
        return NULL;
    }
    fetch_loop_wake(loop);
    return fetch;
}

/* ---- Its stages ---------------------------------------------------------------------------- */

/* What is left of a host's addresses; why the first was refused. */
static void permit(struct fetch *fetch, const struct address *addresses, size_t n)
{
    char room[ADDRESS_TEXT_SIZE];
    struct addresses *permitted = &fetch->target.host;

    for (size_t i = 0; i < n; i++) {
        const char *why = address_refusal(&addresses[i], fetch_policy_address(fetch->policy));
        if (why == NULL && permitted->n < LIMIT_HOST_ADDRESSES) {
            permitted->of[permitted->n++] = addresses[i];
        } else if (why != NULL && !fetch->no_address) {
            fetch->no_address = true;
            snprintf(fetch->refusal, sizeof fetch->refusal,
                     "wanted a global unicast address, found %s (%s)",
                     address_text(&addresses[i], room), why);
        }
    }
}

static void on_answer(struct fetch *fetch)
{
    if (--fetch->asked > 0)
        return;
    /* What follows is for the dispatch: c-ares may be in the middle of something. */
    if (fetch->cancelled)
        fetch_cancel(fetch);
    else
        fetch->stage = STAGE_READY;
}

static void on_host(void *arg, const struct address *addresses, size_t n)
{
    struct fetch *fetch = arg;

    fetch->no_memory |= addresses == NULL;
    permit(fetch, addresses, n);
    on_answer(fetch);
}

static void on_proxy(void *arg, const struct address *addresses, size_t n)
{
    struct fetch *fetch = arg;

    fetch->no_memory |= addresses == NULL;
    for (size_t i = 0; i < n; i++)
        fetch->target.proxy.of[i] = addresses[i];
    fetch->target.proxy.n = n;
    on_answer(fetch);
}

static void ask(struct fetch *fetch, const char *host, bool is_address, resolve_done *done)
{
    struct address address;

    if (is_address)
        done(fetch, &address, address_parse(host, &address) ? 1 : 0);
    else
        resolve_ask(fetch->loop->resolve, fetch_policy_name_servers(fetch->policy), host, done,
                    fetch);
}

static void begin(struct fetch *fetch)
{
    const struct proxy *proxy = fetch_policy_proxy(fetch->policy);
    struct stir_error error = {0};

    if (url_judge(fetch->url_text, fetch_policy_url(fetch->policy), &fetch->url, &error) != 0) {
        fail(fetch, STIR_FAILURE_ADDRESS, error.text);
        return;
    }
    if (fetch_policy_prepare(fetch->policy, &error) != 0) {
        fail(fetch, STIR_FAILURE_TLS, error.text);
        return;
    }
    fetch->stage = STAGE_NAMES;
    fetch->asked = proxy == NULL ? 1 : 2;
    ask(fetch, fetch->url.host, fetch->url.is_address, on_host);
    if (proxy != NULL)
        ask(fetch, proxy->host, proxy->is_address, on_proxy);
}

static void on_transferred(void *arg, const struct fetch_response *response)
{
    struct fetch *fetch = arg;

    fetch->done(fetch->arg, response);
    fetch_cancel(fetch);
}

static void transfer(struct fetch *fetch)
{
    int64_t left = fetch->until - fetch_clock();
    struct transfer_target *target = &fetch->target;

    if (fetch->no_memory) {
        fail(fetch, STIR_FAILURE_CANCELLED, "out of memory");
        return;
    }
    if (target->host.n == 0) {
        fail(fetch, fetch->no_address ? STIR_FAILURE_ADDRESS : STIR_FAILURE_NAME,
             fetch->no_address ? fetch->refusal : "found no address of the host");
        return;
    }
    if (fetch_policy_proxy(fetch->policy) != NULL && target->proxy.n == 0) {
        fail(fetch, STIR_FAILURE_NAME, "found no address of the proxy");
        return;
    }
    target->request = &fetch->request;
    target->url = &fetch->url;
    target->timeout_ms = left > 1 ? (int)left : 1;
    fetch->stage = STAGE_TRANSFER;
    fetch->transfer =
        transfer_start(fetch->loop->transfers, fetch->policy, target, on_transferred, fetch);
    if (fetch->transfer == NULL)
        fail(fetch, STIR_FAILURE_CANCELLED, "out of memory");
    else
        transfer_expire(fetch->transfer);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* curl keeps the time of a transfer, and says what it was waiting for; but whatever becomes of its
   timers, a fetch ends. */
static int64_t due(const struct fetch *fetch)
{
    if (fetch->cancelled)
        return INT64_MAX;
    if (fetch->stage == STAGE_TRANSFER)
        return least(transfer_due(fetch->transfer), fetch->until + GRACE_MS);
    if (fetch->stage != STAGE_NAMES)
        return 0;
    return fetch->names_until < fetch->until ? fetch->names_until : fetch->until;
}

static void go_on(struct fetch *fetch)
{
    if (fetch->stage == STAGE_NEW)
        begin(fetch);
    else if (fetch->stage == STAGE_READY)
        transfer(fetch);
    else if (fetch->stage == STAGE_TRANSFER && transfer_due(fetch->transfer) <= fetch_clock())
        transfer_expire(fetch->transfer);
    else if (fetch->stage == STAGE_TRANSFER)
        fail(fetch, STIR_FAILURE_TIMEOUT, "the answer did not come in time");
    else
        fail(fetch, STIR_FAILURE_TIMEOUT, "the host's name was not resolved in time");
}

/* ---- Dispatch ------------------------------------------------------------------------------ */

/* What it has no time for is due, and so the timer is. */
static void advance_all(struct fetch_loop *loop, int64_t until)
{
    for (struct fetch *fetch = loop->first, *next; fetch != NULL; fetch = next) {
        int64_t now = fetch_clock();
        next = fetch->next;
        if (due(fetch) > now)
            continue;
        if (now >= until)
            return;
        go_on(fetch);
    }
}

static void set_timer(struct fetch_loop *loop)
{
    int names = resolve_due(loop->resolve);
    int64_t at = loop->alarm;

    if (names >= 0 && fetch_clock() + names < at)
        at = fetch_clock() + names;
    for (const struct fetch *fetch = loop->first; fetch != NULL; fetch = fetch->next)
        if (due(fetch) < at)
            at = due(fetch);
    poller_set_timer(&loop->poller, at);
}

void fetch_loop_alarm(struct fetch_loop *loop, int64_t at)
{
    loop->alarm = at;
    set_timer(loop);
}

static bool take_events(struct fetch_loop *loop, int64_t until)
{
    struct poller_event events[POLLER_EVENTS];
    size_t n = poller_take(&loop->poller, events);

    for (size_t i = 0; i < n; i++) {
        if (fetch_clock() >= until) /* what is left stays ready */
            return false;
        if (events[i].owner == POLLER_NAMES)
            resolve_ready(loop->resolve, &events[i]);
        else
            transfers_ready(loop->transfers, &events[i]);
    }
    return n == POLLER_EVENTS;
}

static void sweep(struct fetch_loop *loop)
{
    for (struct fetch *fetch = loop->first, *next; fetch != NULL; fetch = next) {
        next = fetch->next;
        if (fetch->cancelled && fetch->asked == 0)
            free_fetch(fetch);
    }
}

void fetch_loop_dispatch(struct fetch_loop *loop, int64_t until)
{
    loop->dispatching = true;
    while (take_events(loop, until))
        continue;
    resolve_expire(loop->resolve);
    advance_all(loop, until);
    loop->dispatching = false;
    sweep(loop);
    set_timer(loop);
}
