/*
 * The libraries' requests for memory during a fetch, made to fail one at a time: each of
 * libcurl's and c-ares's, others at random places. Nothing crashes, hangs or leaks but what
 * these libraries are known to do, and a server whose TLS does not hold serves no call,
 * whatever memory lacks.
 *
 * tests/memory/retrieve.c refuses each of libstir's own. SEED in the environment says which places;
 * PLACES, of each library so many at least.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "fetch/fetch_policy.h"
#include "service/verifier.h"
#include "tests/memory/allocator.h"
#include "tests/memory/exceptions.h"
#include "tests/retrieve.h"

enum {
    DEADLINE = 30, /* s; a fetch ends by its limits, 5 s */
    FAR = 600000   /* ms; a call that is never given back is found by the deadline */
};

static struct server *server;
static const char *body;
static size_t nth;
static const void *refused; /* who asked for the one that failed; NULL: none did */

/* A child is to be as its parent. */
pid_t getpid(void)
{
    return 1;
}

/* Who asked for which, where nothing is refused: the libraries ask for a different number. */
enum { ROOM = 1 << 16 };
static const void *callers[ROOM];

static bool refuse(size_t request, const void *caller)
{
    if (nth == 0 && request < ROOM)
        callers[request] = caller;
    if (request == nth)
        refused = caller;
    return request == nth;
}

/* ---- Ways to fetch --------------------------------------------------------------------------- */

/* Negative, or its code. */
static int code_of(struct stir_result *result, const struct stir_error *error)
{
    int code = result != NULL    ? stir_result_code(result)
               : error->code < 0 ? error->code
                                 : STIR_E_NOMEM;

    stir_result_free(result);
    return code;
}

static int by_verify(struct stir_verifier *verifier, struct stir_call *call)
{
    struct stir_error error = {0};

    return code_of(stir_verify(verifier, call, MINT_NOW, FAR, &error), &error);
}

/* With policy fetch=caller this is the caller's client. */
static void serve(struct stir_want *want)
{
    if (want == NULL)
        return;
    stir_want_add_header(want, "Content-Type", "application/pem-certificate-chain", STIR_NUL);
    stir_want_put(want, 200, body, STIR_NUL);
}

static int drive(struct stir_fetcher *fetcher, struct stir_op **op)
{
    while ((*op = stir_fetcher_next(fetcher, NULL)) == NULL) {
        struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
        poll(&fd, 1, 1000);
        if (stir_fetcher_dispatch(fetcher, NULL) < 0)
            return STIR_E_INTERNAL;
        serve(stir_fetcher_want(fetcher));
    }
    return 0;
}

static int by_fetcher(struct stir_verifier *verifier, struct stir_call *call)
{
    struct stir_error error = {0};
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, &error);
    struct stir_op *op = NULL, *done = NULL;
    int code = STIR_E_NOMEM;

    if (fetcher != NULL)
        op = stir_op_new(verifier, call, MINT_NOW, &error);
    if (op != NULL && (code = stir_fetcher_add(fetcher, op, FAR, NULL, &error)) == 0) {
        code = drive(fetcher, &done);
        if (code == 0)
            code = stir_result_code(stir_op_result(done));
        op = done;
    }
    stir_op_free(op);
    stir_fetcher_free(fetcher);
    return code;
}

/* ---- Cases ----------------------------------------------------------------------------------- */

static const struct way {
    const char *desc, *kind, *fetch;
    int (*run)(struct stir_verifier *verifier, struct stir_call *call);
    int code; /* where nothing is refused */
} ways[] = {
    {"stir_verify()", "good", "on", by_verify, STIR_CODE_OK},
    {"a fetcher", "good", "on", by_fetcher, STIR_CODE_OK},
    {"a fetcher, by the caller's client", "good", "caller", by_fetcher, STIR_CODE_OK},
    {"another host's certificate", "wrong-name", "on", by_verify, STIR_CODE_X5U_UNREACHABLE},
    {"a CA that is not trusted", "stranger", "on", by_fetcher, STIR_CODE_X5U_UNREACHABLE},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* Names are asked of the test server's stub, if there is memory to say so. */
static bool set_names(struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    int rc = fetch_policy_set_name_servers(snapshot->fetch, server_dns(server));

    snapshot_free(snapshot);
    return rc == 0;
}

static int run(const struct way *way, const struct stir_config *config,
               const struct stage *stage)
{
    struct stir_verifier *verifier = stir_verifier_new(config, NULL);
    struct stir_call *call = verifier == NULL ? NULL : stage_call(stage);
    int code = STIR_E_NOMEM;

    if (call != NULL && set_names(verifier))
        code = way->run(verifier, call);
    stir_call_free(call);
    stir_verifier_free(verifier);
    return code;
}

/* ---- In a child, with one request refused ---------------------------------------------------- */

enum outcome { GOOD, BAD, EXCUSED };
static const struct way *under_way;
static enum outcome outcome;

static void complain(enum trouble trouble, const void *cause, const char *what,
                     const char *found)
{
    char *who = refused != NULL ? allocator_name(refused) : NULL;

    if (who != NULL && !allocator_is_ours(cause) && is_excepted(who, trouble)) {
        outcome = outcome == GOOD ? EXCUSED : outcome;
        if (getenv("VERBOSE") != NULL)
            printf("known: %s: request %zu of %s: %s %s\n", under_way->desc, nth, who, what,
                   found);
    } else {
        outcome = BAD;
        printf("FAIL: %s: request %zu of %s: %s %s\n", under_way->desc, nth,
               who != NULL ? who : "none", what, found);
    }
    fflush(stdout);
    free(who);
}

static void crashed(int number, siginfo_t *info, void *arg)
{
    const ucontext_t *context = arg;
    const void *at = (const void *)context->uc_mcontext.gregs[REG_RIP];

    (void)info;
    complain(TROUBLE_CRASH, at, number == SIGSEGV ? "SEGV in" : "ABRT in", allocator_name(at));
    _exit(outcome);
}

/* What is not there, or not known, is no forgery; where TLS does not hold, nothing passes, and
   nobody is excused. */
static void judge(int code, const struct allocator_count *count)
{
    bool served = code == STIR_CODE_OK && under_way->code == STIR_CODE_OK;

    if (code == STIR_CODE_OK && !served)
        complain(TROUBLE_PASSED, judge, "came to", stir_code_name(code));
    else if (!served && code != STIR_CODE_X5U_UNREACHABLE && code != STIR_E_NOMEM)
        complain(TROUBLE_VERDICT, refused, "came to", stir_code_name(code));
    if (count->left > 0) {
        char *who = allocator_name(count->left_by);
        complain(TROUBLE_LEFT, count->left_by, "left what was asked for by", who);
        free(who);
    }
}

static _Noreturn void fail_there(const struct stir_config *config, const struct stage *stage)
{
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO};

    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGABRT, &action, NULL);
    alarm(DEADLINE);
    allocator_start(refuse);
    int code = run(under_way, config, stage);
    struct allocator_count count = allocator_stop();
    judge(code, &count);
    fflush(stdout);
    _exit(outcome);
}

/* ---- All of it ------------------------------------------------------------------------------- */

static size_t least, failures, excused, tried;

static void try_one(const struct stir_config *config, const struct stage *stage)
{
    int status;

    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        fail_there(config, stage);
    if (child < 0 || waitpid(child, &status, 0) < 0)
        abort();
    if (!WIFEXITED(status))
        printf("FAIL: %s: request %zu: ended by signal %d\n", under_way->desc, nth,
               WTERMSIG(status));
    excused += WIFEXITED(status) && WEXITSTATUS(status) == EXCUSED;
    failures += !WIFEXITED(status) || WEXITSTATUS(status) == BAD;
    tried++;
}

/* How many of a library's requests are tried in the first way, and in each of the others: some
   2 s of processor in all. libtasn1's are three quarters of all, and nearly each is known to
   end badly. */
enum { EACH = 1 << 16 };
static const struct share {
    const char *library;
    size_t first, others;
} shares[] = {
    {"libcurl", EACH, 4},  {"libcares", EACH, 4}, {"libc.so", 8, 2},
    {"libgnutls", 16, 10}, {"libtasn1", 4, 2},
};
enum { SHARES = sizeof shares / sizeof *shares };

static bool is_of(const void *caller, const char *library)
{
    char *name = allocator_name(caller);
    bool is = strncmp(name, library, strlen(library)) == 0;

    free(name);
    return is;
}

/* Of its requests, so many drawn by lot. */
static void try_library(const struct share *share, bool first, size_t requests,
                        const struct stir_config *config, const struct stage *stage)
{
    static size_t found[ROOM];
    size_t n = 0, wanted = first ? share->first : share->others;

    for (size_t i = 1; i <= requests && i < ROOM; i++)
        if (is_of(callers[i], share->library))
            found[n++] = i;
    wanted = wanted < least ? least : wanted;
    for (size_t i = 0; i < n && i < wanted; i++) {
        const size_t other = i + (size_t)random() % (n - i);
        nth = found[other];
        found[other] = found[i];
        try_one(config, stage);
    }
}

static void try_way(const struct way *way)
{
    struct stir_config *config = retrieve_config(server, "fetch", way->fetch, NULL);
    struct stage *stage =
        retrieve_stage(server_url_at(server, "a.stir.test", way->kind, "/a.pem"));

    under_way = way;
    run(way, config, stage); /* what libraries make once for all */
    nth = 0;
    allocator_start(refuse);
    int code = run(way, config, stage);
    struct allocator_count count = allocator_stop();
    if (code != way->code || count.left > 0) {
        printf("FAIL: %s: came to %s, %zu octets left\n", way->desc, stir_code_name(code),
               count.left);
        failures++;
    }
    for (size_t i = 0; i < SHARES; i++)
        try_library(&shares[i], way == ways, count.requests, config, stage);
    if (getenv("VERBOSE") != NULL)
        printf("%s: %zu requests\n", way->desc, count.requests);
    stir_config_free(config);
}

int main(void)
{
    const char *why, *seed = getenv("SEED"), *n = getenv("PLACES");

    server = server_start(&why);
    if (server == NULL) {
        printf("%s: the test server cannot be started: %s\n",
               getenv("CI") != NULL ? "FAIL" : "SKIP", why);
        return getenv("CI") != NULL ? 1 : 77;
    }
    body = retrieve_body();
    server_body(server, "*", body, strlen(body));
    srandom(seed != NULL ? (unsigned)atoi(seed) : 1);
    least = n != NULL ? (size_t)atoi(n) : 0;
    for (size_t i = 0; i < WAYS; i++)
        try_way(&ways[i]);
    printf(
        "%zu requests refused, %zu of them to libraries that do not stand it, %zu failures\n",
        tried, excused, failures);
    server_stop(server);
    return failures > 0;
}
