/*
 * Every request for memory in an operation, one after the other, made to fail.
 *
 * At each request the program forks: the child is refused it and goes on to the end of the
 * operation, the parent is granted it and goes on to the next one. So a crash is one request's.
 */
#include "tests/memory/every.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "stir.h"
#include "tests/help.h"
#include "tests/memory/allocator.h"
#include "tests/memory/exceptions.h"

static const char *under_way;
static size_t failures, excused, refused, request_refused;
static bool own_alone;
static const void *caller_refused; /* NULL: this process was granted all */

/* The library asks for its process to know children; here children are to be as their parent. */
pid_t getpid(void)
{
    return 1;
}

/* A child's end, and its exit status. */
enum outcome { GOOD, BAD, EXCUSED };
static enum outcome outcome;

/* cause: who did it, beside who was refused. */
static void complain(enum trouble trouble, const void *cause, const char *format,
                     const char *found, const char *wanted)
{
    char *who = caller_refused != NULL ? allocator_name(caller_refused) : NULL;

    if (who != NULL && !allocator_is_ours(cause) && is_excepted(who, trouble)) {
        outcome = outcome == GOOD ? EXCUSED : outcome;
    } else {
        outcome = BAD;
        printf("FAIL: %s: request %zu of %s: ", under_way, request_refused, who ? who : "none");
        printf(format, found, wanted);
        printf("\n");
        fflush(stdout);
    }
    free(who);
}

static void crashed(int number, siginfo_t *info, void *arg)
{
    const ucontext_t *context = arg;
    const void *at = (const void *)context->uc_mcontext.gregs[REG_RIP];
    char *where = allocator_name(at);
    (void)info;

    complain(TROUBLE_CRASH, at, "crashed in %s by signal %s", where,
             number == SIGSEGV ? "SEGV" : "ABRT");
    _exit(outcome);
}

static bool refuse(size_t request, const void *caller)
{
    int status;

    if (caller_refused != NULL || request % help_every() != 0
        || (own_alone && !allocator_is_ours(caller)))
        return false;
    pid_t child = fork();
    if (child == 0) {
        caller_refused = caller;
        request_refused = request;
        return true;
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        abort();
    excused += WIFEXITED(status) && WEXITSTATUS(status) == EXCUSED;
    failures += !WIFEXITED(status) || WEXITSTATUS(status) == BAD;
    refused++;
    return false;
}

static void judge(const struct allocator_count *count, int found, int wanted)
{
    bool refused_here = caller_refused != NULL;

    if (found != wanted && (found != STIR_E_NOMEM || !refused_here))
        complain(found == 0 ? TROUBLE_PASSED : TROUBLE_VERDICT, caller_refused,
                 "came to %s, wanted %s", stir_code_name(found), stir_code_name(wanted));
    if (count->left > 0) {
        char *who = allocator_name(count->left_by), number[24];
        snprintf(number, sizeof number, "%zu", count->left);
        complain(TROUBLE_LEFT, count->left_by, "%s octets left, of %s", number, who);
        free(who);
    }
    failures += !refused_here && outcome == BAD;
}

void every_request(const char *desc, operation_run *operation, const void *arg, int wanted)
{
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO};

    under_way = desc;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGABRT, &action, NULL);
    operation(arg); /* what libraries make once for all */
    fflush(stdout);
    allocator_start(refuse);
    int found = operation(arg);
    struct allocator_count count = allocator_stop();
    judge(&count, found, wanted);
    if (caller_refused != NULL)
        _exit(outcome);
    if (getenv("VERBOSE") != NULL)
        printf("%s: %zu requests, at most %zu octets\n", desc, count.requests, count.peak);
}

void every_own_request(const char *desc, operation_run *operation, const void *arg, int wanted)
{
    own_alone = true;
    every_request(desc, operation, arg, wanted);
    own_alone = false;
}

int every_status(void)
{
    printf(
        "%zu requests refused, %zu of them to libraries that do not stand it, %zu failures\n",
        refused, excused, failures);
    return failures > 0;
}
