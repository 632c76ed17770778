/*
 * Guarded GETs, many at once, behind one descriptor: libcurl's multi interface and c-ares in one
 * epoll set with a timer and a wake-up.
 *
 * A fetch is one GET of a URL that url_judge() allows, of a host whose addresses were resolved
 * here, each of them checked before it is connected to, over TLS 1.2 or later with the host's name
 * verified, without redirects, cookies, content encoding, or anything from the environment; ended
 * by its limits of time and octets. Nothing here blocks: not names, not reading trust anchors
 * (fetch_policy_prepare()).
 *
 * One thread at a time uses a loop; fetch_loop_wake() is for any. It has no lock.
 */
#ifndef STIR_FETCH_FETCH_H
#define STIR_FETCH_FETCH_H

#include "base/error.h"
#include "fetch/fetch_policy.h"

struct body;
struct cells;
struct fetch;
struct fetch_loop;
struct http_meta;

/* Milliseconds of the monotonic clock. */
int64_t fetch_clock(void);

/* NULL: STIR_E_NOMEM, STIR_E_FILE (descriptors), STIR_E_INTERNAL. */
struct fetch_loop *fetch_loop_new(struct stir_error *error);
/* Cancels what is under way: no callback is called. */
void fetch_loop_free(struct fetch_loop *loop);
/* Readable: dispatch has something to do. */
int fetch_loop_fd(const struct fetch_loop *loop);
/* Does what can be done without waiting, and begins nothing more from `until` on (fetch_clock());
   calls the callbacks of fetches that ended, which may start and cancel others. */
void fetch_loop_dispatch(struct fetch_loop *loop, int64_t until);
/* Waits until the descriptor is readable, timeout_ms at most; -1: without end. */
void fetch_loop_wait(const struct fetch_loop *loop, int timeout_ms);
/* Makes the descriptor readable. [any thread, and while another dispatches] */
void fetch_loop_wake(struct fetch_loop *loop);
/* The descriptor is readable at that time (fetch_clock()) too; INT64_MAX: no such time. The last
   one said counts. */
void fetch_loop_alarm(struct fetch_loop *loop, int64_t at);

struct fetch_request {
    const char *url, *accept;
    const char *if_none_match, *if_modified_since; /* NULL: none */
    size_t limit;                                  /* octets of body */
    struct cells *heads;                           /* for that of the body; see body_new_in() */
    int timeout_ms;                                /* in all; 0: FETCH_TIMEOUT_MS */
};

enum {
    /* Names, and then TCP with TLS: slower hosts are as good as down for a call in set-up. */
    FETCH_NAME_MS = 2000,
    FETCH_CONNECT_MS = 2000,
    /* In all. */
    FETCH_TIMEOUT_MS = 5000
};

/* What came. Borrowed: it is gone after the callback, unless referred to. */
struct fetch_response {
    int status;                   /* HTTP's; 0: none came, and why says why */
    const struct http_meta *meta; /* fields of the response; NULL where none came */
    struct body *body;            /* may be empty; NULL where none came */
    enum stir_failure why;
    const char *sentence; /* of a failure: what was wanted and found, without the URL */
};

typedef void fetch_done(void *arg, const struct fetch_response *response);

/*
 * Begins. done is called once, from fetch_loop_dispatch(), never from in here, and not after
 * fetch_cancel(); a URL that policy does not allow ends so too (STIR_FAILURE_ADDRESS). NULL: out
 * of memory. Keeps a reference of policy.
 */
struct fetch *fetch_start(struct fetch_loop *loop, struct fetch_policy *policy,
                          const struct fetch_request *request, fetch_done *done, void *arg);
void fetch_cancel(struct fetch *fetch);

#endif
