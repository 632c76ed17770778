/* service/fetcher, drive, errand: operations through one descriptor, against a real TLS server. */
#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/help.h"
#include "tests/site.h"

static struct stir_fetcher *open_fetcher(struct stir_verifier *verifier)
{
    struct stir_error error;
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, &error);

    cr_assert_not_null(fetcher, "%s", error.text);
    cr_assert_geq(stir_fetcher_fd(fetcher), 0);
    return fetcher;
}

static void add(struct stir_fetcher *fetcher, struct stir_op *op, int timeout_ms, void *arg)
{
    struct stir_error error;

    cr_assert_eq(stir_fetcher_add(fetcher, op, timeout_ms, arg, &error), 0, "%s", error.text);
}

/* One turn of an event loop; false: it turned for a minute, which a fetcher without anything
   to do does once a second. */
static bool turn(struct stir_fetcher *fetcher)
{
    static time_t begun;
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
    struct stir_error error;

    if (begun == 0)
        begun = time(NULL);
    if (poll(&fd, 1, 30000) != 1 || time(NULL) - begun > 60)
        return false;
    cr_assert_eq(stir_fetcher_dispatch(fetcher, &error), 0, "%s", error.text);
    return true;
}

/* Its code, and which one it was. */
static int next_code(struct stir_fetcher *fetcher, void **arg)
{
    struct stir_op *op;

    while ((op = stir_fetcher_next(fetcher, arg)) == NULL)
        cr_assert(turn(fetcher), "nothing happens");
    cr_assert_not_null(stir_op_result(op));
    int code = stir_result_code(stir_op_result(op));
    stir_op_free(op);
    return code;
}

/* ---- Verdicts ------------------------------------------------------------------------------ */

static const struct {
    const char *desc, *path, *kind;
    int code;
} verdicts[] = {
    {"R8224-7-1: fetched", "/list.pem", "good", STIR_CODE_OK},
    {"again: in memory", "/list.pem", "good", STIR_CODE_OK},
    {"not there", "/status=404/list.pem", "good", STIR_CODE_X5U_UNREACHABLE},
    {"a page of HTML", "/html/list.pem", "good", STIR_CODE_X5U_BODY},
    {"the leaf only", "/leaf/list.pem", "good", STIR_CODE_PATH_NO_ANCHOR},
    {"a redirect", "/redirect=loopback/list.pem", "good", STIR_CODE_X5U_UNREACHABLE},
    {"a gzip bomb", "/gzip-bomb/list.pem", "good", STIR_CODE_X5U_BODY},
    {"no end", "/endless/list.pem", "good", STIR_CODE_X5U_BODY},
    {"another host's certificate", "/list.pem", "wrong-name", STIR_CODE_X5U_UNREACHABLE},
    {"nobody listens", "/list.pem", "refusing", STIR_CODE_X5U_UNREACHABLE},
    {"a query", "/list.pem?a=b", "good", STIR_CODE_X5U_REFUSED},
};

Test(fetcher, gives_back_what_was_judged)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);

    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        char *url = server_url(site.server, verdicts[i].kind, verdicts[i].path);
        void *arg = NULL;
        add(fetcher, site_op(site.verifier, url), 10000, &site);
        int code = next_code(fetcher, &arg);
        cr_expect_eq(code, verdicts[i].code, "%s: %s", verdicts[i].desc, stir_code_name(code));
        cr_expect_eq(arg, &site, "%s: its argument", verdicts[i].desc);
        free(url);
    }
    cr_expect_eq(server_count(site.server, "/list.pem"), 1, "fetched once");
    stir_fetcher_free(fetcher);
    site_close(&site);
}

/* It looks for what is due at once, and then once a second, whether calls come or not. */
Test(fetcher, has_something_to_do_at_first)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};

    cr_expect_eq(poll(&fd, 1, 0), 1);
    cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
    cr_expect_eq(poll(&fd, 1, 30000), 1, "a second later");
    stir_fetcher_free(fetcher);
    site_close(&site);
}

/* ---- Single flight, and that nobody waits for another -------------------------------------- */

Test(fetcher, a_url_is_fetched_once_for_all_who_want_it)
{
    enum { CALLS = 50 };
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetchers[2] = {open_fetcher(site.verifier),
                                        open_fetcher(site.verifier)};
    char *url = server_url(site.server, "good", "/list.pem");

    server_hold(site.server, "/list.pem");
    for (int i = 0; i < CALLS; i++)
        add(fetchers[i % 2], site_op(site.verifier, url), 20000, NULL);
    while (server_count(site.server, "/list.pem") == 0) {
        cr_assert_eq(stir_fetcher_dispatch(fetchers[0], NULL), 0);
        cr_assert_eq(stir_fetcher_dispatch(fetchers[1], NULL), 0);
    }
    for (int i = 0; i < 20; i++) {
        stir_fetcher_dispatch(fetchers[0], NULL);
        stir_fetcher_dispatch(fetchers[1], NULL);
    }
    server_release(site.server, "/list.pem");
    for (int i = 0; i < CALLS; i++) {
        struct stir_op *op;
        while ((op = stir_fetcher_next(fetchers[i % 2], NULL)) == NULL) {
            stir_fetcher_dispatch(fetchers[0], NULL);
            stir_fetcher_dispatch(fetchers[1], NULL);
        }
        cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_OK, "%s",
                     stir_result_detail(stir_op_result(op)));
        stir_op_free(op);
    }
    cr_expect_eq(server_count(site.server, "/list.pem"), 1);
    free(url);
    stir_fetcher_free(fetchers[0]);
    stir_fetcher_free(fetchers[1]);
    site_close(&site);
}

Test(fetcher, a_slow_host_delays_nobody_else)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *slow = server_url(site.server, "good", "/slow.pem");
    char *fast = server_url(site.server, "good", "/fast.pem");
    void *arg;

    server_hold(site.server, "/slow.pem");
    add(fetcher, site_op(site.verifier, slow), 20000, slow);
    add(fetcher, site_op(site.verifier, fast), 20000, fast);
    cr_expect_eq(next_code(fetcher, &arg), STIR_CODE_OK);
    cr_expect_eq(arg, fast);
    server_release(site.server, "/slow.pem");
    cr_expect_eq(next_code(fetcher, &arg), STIR_CODE_OK);
    cr_expect_eq(arg, slow);
    free(slow);
    free(fast);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

/* ---- Deadlines ----------------------------------------------------------------------------- */

Test(fetcher, a_call_ends_by_its_deadline_and_its_fetch_serves_the_next)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");

    server_hold(site.server, "/list.pem");
    add(fetcher, site_op(site.verifier, url), 50, NULL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_DEADLINE);
    add(fetcher, site_op(site.verifier, url), 0, NULL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_DEADLINE, "0 never waits");
    add(fetcher, site_op(site.verifier, url), -1, NULL);
    while (server_count(site.server, "/list.pem") == 0)
        cr_assert(turn(fetcher));
    server_release(site.server, "/list.pem");
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK, "-1 waits");
    add(fetcher, site_op(site.verifier, url), 0, NULL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK, "0: from memory");
    cr_expect_eq(server_count(site.server, "/list.pem"), 1);
    free(url);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

Test(fetcher, those_that_expire_first_come_first)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");
    int times[] = {1800, 600, 1200, 2400, 900}, order[] = {1, 4, 2, 0, 3};
    void *arg;

    server_hold(site.server, "/list.pem");
    for (int i = 0; i < 5; i++)
        add(fetcher, site_op(site.verifier, url), times[i], &times[i]);
    for (int i = 0; i < 5; i++) {
        cr_expect_eq(next_code(fetcher, &arg), STIR_CODE_DEADLINE);
        cr_expect_eq(arg, &times[order[i]], "%d", i);
    }
    server_release(site.server, "/list.pem");
    free(url);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

/* ---- Loops that go away -------------------------------------------------------------------- */

Test(fetcher, is_freed_with_work_inside)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *first = open_fetcher(site.verifier);
    struct stir_fetcher *second = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");

    server_hold(site.server, "/list.pem");
    add(first, site_op(site.verifier, url), 20000, NULL);
    while (server_count(site.server, "/list.pem") == 0)
        cr_assert(turn(first));
    add(second, site_op(site.verifier, url), 20000, NULL);
    cr_assert_eq(stir_fetcher_dispatch(second, NULL), 0);
    add(first, site_op(site.verifier, url), 20000, NULL); /* still in the inbox */
    stir_fetcher_free(first);
    server_release(site.server, "/list.pem");
    cr_expect_eq(next_code(second, NULL), STIR_CODE_OK, "the other one goes on with it");
    free(url);
    stir_fetcher_free(second);
    site_close(&site);
}

/* More wait for one URL than are told of its end in two dispatches: those who came last are not
   told yet when the first one has its verdict, but are when the loop that had it goes away. */
Test(fetcher, is_freed_while_it_tells_many, .timeout = 60)
{
    enum { FIRST = 5000, LAST = 10 };
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *first = open_fetcher(site.verifier);
    struct stir_fetcher *second = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/none.pem");
    struct stir_call *call = site_call(url);
    struct stir_op *op;

    server_rule(site.server, "/none.pem", "status=404");
    server_hold(site.server, "/none.pem");
    for (int i = 0; i < FIRST + LAST; i++) {
        add(i < FIRST ? first : second, stir_op_new(site.verifier, call, MINT_NOW, NULL), -1,
            NULL);
        while (i == FIRST - 1 && server_count(site.server, "/none.pem") == 0)
            cr_assert(turn(first));
    }
    for (int i = 0; i < FIRST / 10; i++)
        cr_assert_eq(stir_fetcher_dispatch(i % 2 == 0 ? first : second, NULL), 0);
    server_release(site.server, "/none.pem");
    while ((op = stir_fetcher_next(first, NULL)) == NULL)
        cr_assert(turn(first));
    stir_op_free(op);
    cr_assert_eq(stir_fetcher_dispatch(second, NULL), 0);
    cr_expect_null(stir_fetcher_next(second, NULL), "too many were told at once");
    stir_fetcher_free(first);
    for (int i = 0; i < LAST; i++)
        cr_expect_eq(next_code(second, NULL), STIR_CODE_X5U_UNREACHABLE);
    stir_call_free(call);
    free(url);
    stir_fetcher_free(second);
    site_close(&site);
}

Test(fetcher, takes_over_what_another_no_longer_drives)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *stuck = open_fetcher(site.verifier);
    struct stir_fetcher *alive = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");

    server_hold(site.server, "/list.pem");
    add(stuck, site_op(site.verifier, url), 20000, NULL);
    while (server_count(site.server, "/list.pem") == 0)
        cr_assert(turn(stuck));
    server_release(site.server, "/list.pem");
    add(alive, site_op(site.verifier, url), 20000, NULL);
    cr_expect_eq(next_code(alive, NULL), STIR_CODE_OK, "after a second it takes it over");
    cr_expect_eq(server_count(site.server, "/list.pem"), 2);
    cr_expect_eq(next_code(stuck, NULL), STIR_CODE_OK, "and serves who waits there");
    free(url);
    stir_fetcher_free(stuck);
    stir_fetcher_free(alive);
    site_close(&site);
}

/* ---- fetch=caller, fetch=off --------------------------------------------------------------- */

static struct stir_want *next_want(struct stir_fetcher *fetcher)
{
    struct stir_want *want;

    while ((want = stir_fetcher_want(fetcher)) == NULL)
        cr_assert(turn(fetcher), "no want");
    return want;
}

Test(fetcher, hands_wants_to_the_caller)
{
    static const char *const policies[] = {"fetch", "caller", NULL};
    struct site site;
    site_open(&site, help_server(), policies);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");

    add(fetcher, site_op(site.verifier, url), 20000, NULL);
    add(fetcher, site_op(site.verifier, url), 20000, NULL);
    struct stir_want *want = next_want(fetcher);
    cr_expect_eq(want->kind, STIR_WANT_CERTIFICATES);
    cr_expect_str_eq(want->url, url);
    cr_expect_str_eq(want->accept, "application/pem-certificate-chain");
    cr_expect_gt(want->limit, 1000);
    cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
    cr_expect_null(stir_fetcher_want(fetcher), "once for both");
    stir_want_add_header(want, "Content-Type", "application/pem-certificate-chain", STIR_NUL);
    stir_want_put(want, 200, site_list(), STIR_NUL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK);
    add(fetcher, site_op(site.verifier, url), 0, NULL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK, "it is in memory");
    cr_expect_eq(server_connections(site.server, "*"), 0);
    free(url);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

Test(fetcher, a_want_is_failed_late_or_never_ended)
{
    static const char *const policies[] = {"fetch", "caller", NULL};
    struct site site;
    site_open(&site, help_server(), policies);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/a.pem");
    /* The host that failed is left alone for a time. */
    char *late = server_url_of(site.server, "late.stir.test", "/b.pem");
    char *never = server_url_of(site.server, "never.stir.test", "/c.pem");

    add(fetcher, site_op(site.verifier, url), 20000, NULL);
    stir_want_fail(next_want(fetcher), STIR_FAILURE_TLS);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_X5U_UNREACHABLE);
    add(fetcher, site_op(site.verifier, late), 600, NULL);
    struct stir_want *want = next_want(fetcher);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_DEADLINE);
    stir_want_put(want, 200, site_list(), STIR_NUL);
    add(fetcher, site_op(site.verifier, late), 0, NULL);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK, "what came late serves the next");
    add(fetcher, site_op(site.verifier, never), 600, NULL);
    want = next_want(fetcher);
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_DEADLINE);
    stir_fetcher_free(fetcher);
    stir_want_fail(want, STIR_FAILURE_CANCELLED);
    free(url);
    free(late);
    free(never);
    site_close(&site);
}

Test(fetcher, fetches_nothing_where_policy_says_off)
{
    static const char *const policies[] = {"fetch", "off", NULL};
    struct site site;
    site_open(&site, help_server(), policies);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");

    struct stir_op *op = NULL;

    add(fetcher, site_op(site.verifier, url), 20000, NULL);
    while ((op = stir_fetcher_next(fetcher, NULL)) == NULL)
        cr_assert(turn(fetcher), "nothing happens");
    const struct stir_result *result = stir_op_result(op);
    cr_expect_eq(stir_result_code(result), STIR_CODE_X5U_UNREACHABLE);
    cr_expect_not_null(strstr(stir_result_detail(result), "policy fetch"), "%s",
                       stir_result_detail(result));
    stir_op_free(op);
    cr_expect_eq(server_connections(site.server, "*"), 0);
    cr_expect_null(stir_fetcher_want(fetcher));
    free(url);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

/* ---- Arguments, threads, forks ------------------------------------------------------------- */

Test(fetcher, arguments)
{
    struct site site;
    struct stir_error error;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    struct stir_verifier *another = site_verifier(&site);
    char *url = server_url(site.server, "good", "/list.pem");
    struct stir_op *op = site_op(another, url);
    void *arg;

    cr_expect_null(stir_fetcher_new(NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_eq(stir_fetcher_fd(NULL), -1);
    cr_expect_eq(stir_fetcher_dispatch(NULL, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_fetcher_add(NULL, op, 0, NULL, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_fetcher_add(fetcher, NULL, 0, NULL, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_fetcher_add(fetcher, op, 0, NULL, &error), STIR_E_ARGUMENT, "another's");
    cr_expect_null(stir_fetcher_next(NULL, &arg));
    cr_expect_null(stir_fetcher_next(fetcher, NULL));
    cr_expect_null(stir_fetcher_want(NULL));
    cr_expect_null(stir_fetcher_want(fetcher));
    stir_fetcher_free(NULL);
    stir_op_free(op);
    free(url);
    stir_verifier_free(another);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

Test(fetcher, a_child_makes_its_own)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_fetcher *fetcher = open_fetcher(site.verifier);
    char *url = server_url(site.server, "good", "/list.pem");
    struct stir_op *op = site_op(site.verifier, url);
    int status;

    server_hold(site.server, "/list.pem");
    add(fetcher, site_op(site.verifier, url), 20000, NULL);
    while (server_count(site.server, "/list.pem") == 0)
        cr_assert(turn(fetcher));
    pid_t child = fork();
    if (child == 0) {
        bool good = stir_fetcher_fd(fetcher) == -1
                    && stir_fetcher_dispatch(fetcher, NULL) == STIR_E_FORKED
                    && stir_fetcher_add(fetcher, op, 0, NULL, NULL) == STIR_E_FORKED
                    && stir_fetcher_next(fetcher, NULL) == NULL
                    && stir_fetcher_want(fetcher) == NULL
                    && stir_fetcher_new(site.verifier, NULL) == NULL;
        stir_fetcher_free(fetcher);
        _exit(good ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    server_release(site.server, "/list.pem");
    cr_expect_eq(next_code(fetcher, NULL), STIR_CODE_OK, "the parent goes on");
    stir_op_free(op);
    free(url);
    stir_fetcher_free(fetcher);
    site_close(&site);
}

Test(fetcher, may_connect_says_what_policy_exempts)
{
    struct site site;
    site_open(&site, help_server(), NULL);

    cr_expect(stir_verifier_may_connect(site.verifier, "8.8.8.8"));
    cr_expect(stir_verifier_may_connect(site.verifier, "2600::1"));
    cr_expect(stir_verifier_may_connect(site.verifier, "127.0.0.1"), "fetch_allow");
    cr_expect_not(stir_verifier_may_connect(site.verifier, "10.0.0.1"));
    cr_expect_not(stir_verifier_may_connect(site.verifier, "::1"));
    cr_expect_not(stir_verifier_may_connect(site.verifier, "localhost"));
    cr_expect_not(stir_verifier_may_connect(site.verifier, NULL));
    cr_expect_not(stir_verifier_may_connect(NULL, "8.8.8.8"));
    site_close(&site);
}
