/*
 * Every request of libstir's for memory while a certificate list is fetched from a server,
 * parsed and a call judged by it, one after the other made to fail: it comes to the same, or
 * says that memory lacks, or that the list could not be had; the next call is valid; and
 * nothing is left behind.
 *
 * Other than tests/memory/every.c it does the operation anew for each, since a connection cannot
 * be forked; and leaves the libraries' own requests alone, which are thousands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch/fetch_policy.h"
#include "service/verifier.h"
#include "tests/memory/allocator.h"
#include "tests/retrieve.h"

static struct server *server;
static struct stage *stage;
static size_t nth, ours;
static bool warming;

/* A child is to be as its parent. */
pid_t getpid(void)
{
    return 1;
}

static bool refuse(size_t request, const void *caller)
{
    (void)request;
    if (!allocator_is_ours(caller))
        return false;
    return ++ours == nth;
}

/* Want of memory says nothing of a host: the next call is valid, or else this one was not
   unlucky. */
static int judge_again(struct stir_verifier *verifier, int code)
{
    retrieve_names(server, verifier);
    struct stir_call *call = stage_call(stage); /* one that failed stays so */
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, -1, NULL);

    if (result == NULL || stir_result_code(result) != STIR_CODE_OK)
        code = STIR_E_INTERNAL;
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* Names are asked of the server's stub. */
static bool set_names(struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    int rc = fetch_policy_set_name_servers(snapshot->fetch, server_dns(server));

    snapshot_free(snapshot);
    return rc == 0;
}

static int judge_once(struct stir_config *config)
{
    struct stir_error error = {0};
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    if (verifier == NULL)
        return error.code != 0 ? error.code : STIR_E_NOMEM;
    struct stir_call *call = set_names(verifier) ? stage_call(stage) : NULL;
    struct stir_result *result =
        call == NULL ? NULL : stir_verify(verifier, call, MINT_NOW, -1, &error);
    int code = result != NULL    ? stir_result_code(result)
               : error.code != 0 ? error.code
                                 : STIR_E_NOMEM;
    stir_result_free(result);
    if (code == STIR_CODE_X5U_UNREACHABLE)
        code = judge_again(verifier, code);
    stir_call_free(call);
    stir_verifier_free(verifier);
    return code;
}

/* With the nth request refused; 0: none. How many there were. */
static size_t try(struct stir_config *config, size_t which, bool *good)
{
    nth = which;
    ours = 0;
    allocator_start(refuse);
    int code = judge_once(config);
    struct allocator_count count = allocator_stop();
    if (getenv("VERBOSE") != NULL) {
        char *failed = count.failed_by != NULL ? allocator_name(count.failed_by) : NULL;
        printf("%zu, %s: %s\n", which, failed != NULL ? failed : "none", stir_code_name(code));
        free(failed);
    }
    *good = count.left == 0
            && (code == STIR_CODE_OK
                || (which > 0 && (code == STIR_E_NOMEM || code == STIR_CODE_X5U_UNREACHABLE)));
    if (!*good && !warming) {
        char *who = count.left > 0 ? allocator_name(count.left_by) : NULL;
        char *failed = count.failed_by != NULL ? allocator_name(count.failed_by) : NULL;
        printf("FAIL: request %zu of %s: came to %s, %zu octets left, of %s\n", which,
               failed != NULL ? failed : "none", stir_code_name(code), count.left,
               who != NULL ? who : "none");
        free(failed);
        free(who);
    }
    return ours;
}

int main(void)
{
    const char *body = retrieve_body(), *why;
    size_t failures = 0;
    bool good;

    server = server_start(&why);
    if (server == NULL) {
        printf("%s: the test server cannot be started: %s\n",
               getenv("CI") != NULL ? "FAIL" : "SKIP", why);
        return getenv("CI") != NULL ? 1 : 77;
    }
    server_body(server, "*", body, strlen(body));
    stage = retrieve_stage(server_url_of(server, "a.stir.test", "/a.pem"));
    struct stir_config *config = retrieve_config(server, NULL);
    warming = true; /* what libraries make once for all */
    try(config, 0, &good);
    warming = false;
    size_t all = try(config, 0, &good);
    failures += !good;
    for (size_t which = 1; which <= all; which++) {
        int status;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            try(config, which, &good);
            fflush(stdout);
            _exit(!good);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0)
            abort();
        if (!WIFEXITED(status))
            printf("FAIL: request %zu: crashed by signal %d\n", which, WTERMSIG(status));
        failures += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    printf("%zu requests refused, %zu failures\n", all, failures);
    stir_config_free(config);
    server_stop(server);
    return failures > 0;
}
