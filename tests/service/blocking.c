/* service/blocking: stir_verify() with a deadline, maintain, the thread, against a real server. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/verifier.h"
#include "tests/help.h"
#include "tests/site.h"

static int verify(struct stir_verifier *verifier, const char *url, int timeout_ms)
{
    struct stir_error error;
    struct stir_call *call = site_call(url);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, timeout_ms, &error);

    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static const struct {
    const char *desc, *path, *kind;
    int timeout_ms, code;
} verdicts[] = {
    {"R8224-7-1: fetched", "/list.pem", "good", -1, STIR_CODE_OK},
    {"0: from memory", "/list.pem", "good", 0, STIR_CODE_OK},
    {"0: what is not there is not waited for", "/a.pem", "good", 0, STIR_CODE_DEADLINE},
    {"a host that says nothing", "/stuck/list.pem", "good", 30, STIR_CODE_DEADLINE},
    {"slow headers", "/slow-headers/list.pem", "good", 30, STIR_CODE_DEADLINE},
    {"one octet a second", "/slow-body/list.pem", "good", 30, STIR_CODE_DEADLINE},
    {"not there", "/status=404/list.pem", "good", -1, STIR_CODE_X5U_UNREACHABLE},
    {"HTML", "/html/list.pem", "good", -1, STIR_CODE_X5U_BODY},
    {"an authority that is not trusted", "/list.pem", "stranger", -1,
     STIR_CODE_X5U_UNREACHABLE},
    {"refused before any fetch", "/list.pem?a", "good", -1, STIR_CODE_X5U_REFUSED},
};

Test(blocking, judges_what_it_fetched)
{
    struct site site;
    site_open(&site, help_server(), NULL);

    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        char *url = server_url(site.server, verdicts[i].kind, verdicts[i].path);
        int code = verify(site.verifier, url, verdicts[i].timeout_ms);
        cr_expect_eq(code, verdicts[i].code, "%s: %s", verdicts[i].desc, stir_code_name(code));
        free(url);
    }
    cr_expect_eq(server_count(site.server, "/list.pem"), 1);
    site_close(&site);
}

/* ---- What goes on between calls ------------------------------------------------------------ */

/* The call ends by its deadline, and what it began ends by somebody else's turn. */
static void expect_to_go_on(struct site *site, const char *path,
                            void (*go_on)(struct stir_verifier *verifier))
{
    char *url = server_url(site->server, "good", path);

    server_hold(site->server, path);
    cr_expect_eq(verify(site->verifier, url, 40), STIR_CODE_DEADLINE);
    server_release(site->server, path);
    int code = STIR_CODE_DEADLINE;
    for (int i = 0; i < 3000 && code == STIR_CODE_DEADLINE; i++) {
        go_on(site->verifier);
        code = verify(site->verifier, url, 0);
    }
    cr_expect_eq(code, STIR_CODE_OK, "%s: %s", path, stir_code_name(code));
    free(url);
}

static void maintain_without_waiting(struct stir_verifier *verifier)
{
    cr_assert_eq(stir_verifier_maintain(verifier, 0, NULL), 0);
    usleep(1000);
}

static void maintain_with_time(struct stir_verifier *verifier)
{
    cr_assert_eq(stir_verifier_maintain(verifier, 10000, NULL), 0);
}

static void maintain_to_the_end(struct stir_verifier *verifier)
{
    cr_assert_eq(stir_verifier_maintain(verifier, -1, NULL), 0);
}

static void leave_it_to_the_thread(struct stir_verifier *verifier)
{
    (void)verifier;
    usleep(1000);
}

Test(blocking, a_fetch_goes_on_for_the_next_call)
{
    struct site site;
    site_open(&site, help_server(), NULL);

    cr_expect_eq(stir_verifier_maintain(site.verifier, -1, NULL), 0, "nothing is due");
    expect_to_go_on(&site, "/a.pem", maintain_without_waiting);
    expect_to_go_on(&site, "/b.pem", maintain_with_time);
    expect_to_go_on(&site, "/c.pem", maintain_to_the_end);
    cr_assert_eq(stir_verifier_start_thread(site.verifier, NULL), 0);
    cr_assert_eq(stir_verifier_start_thread(site.verifier, NULL), 0, "one is enough");
    expect_to_go_on(&site, "/d.pem", leave_it_to_the_thread);
    site_close(&site);
}

/* ---- Many at once -------------------------------------------------------------------------- */

enum { THREADS = 100 };

struct crowd {
    struct site site;
    struct stir_call *call;
    atomic_int good;
};

static void *call_once(void *arg)
{
    struct crowd *crowd = arg;
    struct stir_result *result =
        stir_verify(crowd->site.verifier, crowd->call, MINT_NOW, -1, NULL);

    if (stir_result_code(result) == STIR_CODE_OK)
        atomic_fetch_add(&crowd->good, 1);
    stir_result_free(result);
    return NULL;
}

static void run_crowd(bool thread)
{
    struct crowd crowd = {.good = 0};
    pthread_t threads[THREADS];

    site_open(&crowd.site, help_server(), NULL);
    char *url = server_url(crowd.site.server, "good", "/list.pem");
    crowd.call = site_call(url);
    if (thread)
        cr_assert_eq(stir_verifier_start_thread(crowd.site.verifier, NULL), 0);
    server_hold(crowd.site.server, "/list.pem");
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, call_once, &crowd), 0);
    server_await(crowd.site.server, "/list.pem", 1);
    server_release(crowd.site.server, "/list.pem");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(crowd.good, THREADS, "%d of %d", crowd.good, THREADS);
    cr_expect_eq(server_count(crowd.site.server, "/list.pem"), 1, "exactly one request");
    stir_call_free(crowd.call);
    free(url);
    site_close(&crowd.site);
}

Test(blocking, a_hundred_threads_make_one_request)
{
    run_crowd(false);
    run_crowd(true);
}

/* ---- Reload -------------------------------------------------------------------------------- */

Test(blocking, a_reload_counts_for_the_very_next_call)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    struct stir_config *none = stir_config_new();
    char *url = server_url(site.server, "good", "/list.pem");

    cr_assert_eq(
        stir_config_set(none, "x5u_ports", stir_config_get(site.config, "x5u_ports"), NULL), 0);
    cr_expect_eq(verify(site.verifier, url, -1), STIR_CODE_OK);
    cr_assert_eq(stir_verifier_reload(site.verifier, none, NULL), 0);
    cr_expect_eq(verify(site.verifier, url, 0), STIR_CODE_PATH_NO_ANCHOR);
    cr_assert_eq(stir_verifier_reload(site.verifier, site.config, NULL), 0);
    cr_expect_eq(verify(site.verifier, url, 0), STIR_CODE_OK);
    cr_expect_eq(server_count(site.server, "/list.pem"), 1, "without a fetch");
    free(url);
    stir_config_free(none);
    site_close(&site);
}

/* ---- fetch=caller, fetch=off --------------------------------------------------------------- */

Test(blocking, answers_from_memory_where_it_may_not_fetch)
{
    static const char *const values[] = {"off", "caller"};

    for (size_t i = 0; i < 2; i++) {
        const char *const policies[] = {"fetch", values[i], NULL};
        struct site site;
        site_open(&site, help_server(), policies);
        char *url = server_url(site.server, "good", "/list.pem");
        cr_expect_eq(verify(site.verifier, url, -1), STIR_CODE_X5U_UNREACHABLE, "%s",
                     values[i]);
        cr_expect_eq(stir_verifier_maintain(site.verifier, -1, NULL), 0, "%s", values[i]);
        cr_expect_eq(server_connections(site.server, "*"), 0, "%s", values[i]);
        cr_assert_eq(stir_verifier_supply(site.verifier, url, site_list(), STIR_NUL, NULL), 0);
        cr_expect_eq(verify(site.verifier, url, -1), STIR_CODE_OK, "%s", values[i]);
        free(url);
        site_close(&site);
    }
}

/* ---- Arguments and forks ------------------------------------------------------------------- */

Test(blocking, arguments)
{
    struct stir_error error;

    cr_expect_eq(stir_verifier_maintain(NULL, 0, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_verifier_start_thread(NULL, &error), STIR_E_ARGUMENT);
}

Test(blocking, a_child_makes_its_own_and_leaves_its_parents_alone)
{
    struct site site;
    site_open(&site, help_server(), NULL);
    char *url = server_url(site.server, "good", "/list.pem");
    char *other = server_url(site.server, "good", "/other.pem");
    int status;

    cr_assert_eq(stir_verifier_start_thread(site.verifier, NULL), 0);
    cr_expect_eq(verify(site.verifier, url, -1), STIR_CODE_OK);
    struct stir_call *call = site_call(other);
    pid_t child = fork();
    if (child == 0) {
        struct stir_verifier *own = site_verifier(&site);
        struct stir_result *result = stir_verify(own, call, MINT_NOW, -1, NULL);
        bool good = stir_result_code(result) == STIR_CODE_OK
                    && stir_verify(site.verifier, call, MINT_NOW, -1, NULL) == NULL
                    && stir_verifier_maintain(site.verifier, 0, NULL) == STIR_E_FORKED
                    && stir_verifier_start_thread(site.verifier, NULL) == STIR_E_FORKED;
        stir_verifier_free(site.verifier);
        stir_verifier_free(own);
        _exit(good ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    cr_expect_eq(verify(site.verifier, other, -1), STIR_CODE_OK, "the parent goes on");
    cr_expect_eq(server_count(site.server, "/other.pem"), 2, "each fetched it");
    stir_call_free(call);
    free(url);
    free(other);
    site_close(&site);
}
