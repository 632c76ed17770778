/*
 * One verifier that fetches, in all ways at once: calls that block, fetchers, a thread that
 * maintains and one that does it by hand, reloads, forgetting; over URLs that are good, dead,
 * slow, no lists. No verdict that cannot be; under ThreadSanitizer no race either.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/retrieve.h"

enum { BLOCKING = 4, FETCHERS = 2, ROUNDS = 120, AT_ONCE = 8 };

static const struct place {
    const char *path;
    int code;
} places[] = {
    {"/one.pem", STIR_CODE_OK},
    {"/two.pem", STIR_CODE_OK},
    {"/no-store/three.pem", STIR_CODE_OK},
    {"/etag=v1,max-age=0/four.pem", STIR_CODE_OK},
    {"/delay=50/five.pem", STIR_CODE_OK},
    {"/status=404/six.pem", STIR_CODE_X5U_UNREACHABLE},
    {"/html/seven.pem", STIR_CODE_X5U_BODY},
    {"/reset/eight.pem", STIR_CODE_X5U_UNREACHABLE},
};
enum { PLACES = sizeof places / sizeof *places };

static struct server *server;
static struct stage *stages[PLACES];
static struct stir_verifier *verifier;
static struct stir_config *configs[2]; /* the second trusts another root alone */
static atomic_int working, failures;

static void complain(const char *what, int found)
{
    const char *name = stir_code_name(found);

    printf("FAIL: %s: came to %s\n", what, name != NULL ? name : "nothing");
    atomic_fetch_add(&failures, 1);
}

/* A host that failed is left alone for a time, so any of its URLs may be unreachable. */
static bool is_possible(const struct place *place, int code)
{
    return code == place->code || code == STIR_CODE_X5U_UNREACHABLE
           || code == STIR_CODE_DEADLINE
           || (place->code == STIR_CODE_OK && code == STIR_CODE_PATH_NO_ANCHOR);
}

static void judge(size_t i, int code)
{
    if (!is_possible(&places[i], code))
        complain(places[i].path, code);
}

static void *block(void *arg)
{
    size_t first = *(const size_t *)arg;
    static const int patience[] = {-1, 0, 20, 1000};

    for (size_t round = 0; round < ROUNDS; round++) {
        size_t i = (first + round) % PLACES;
        judge(i,
              retrieve_code(verifier, stages[i], patience[(first + round / PLACES) % 4], NULL));
    }
    atomic_fetch_sub(&working, 1);
    return NULL;
}

/* Judged, and freed. */
static void take_back(struct stir_op *op, size_t i)
{
    const struct stir_result *result = stir_op_result(op);

    judge(i, result != NULL ? stir_result_code(result) : STIR_E_INTERNAL);
    stir_op_free(op);
}

static size_t add(struct stir_fetcher *fetcher, size_t first)
{
    static size_t numbers[PLACES] = {0, 1, 2, 3, 4, 5, 6, 7};
    size_t added = 0;

    for (size_t n = 0; n < AT_ONCE; n++) {
        size_t i = (first + n) % PLACES;
        struct stir_call *call = stage_call(stages[i]);
        struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, NULL);
        if (stir_fetcher_add(fetcher, op, n % 3 == 0 ? 30 : -1, &numbers[i], NULL) == 0)
            added++;
        else
            stir_op_free(op);
        stir_call_free(call);
    }
    return added;
}

static void *fetch(void *arg)
{
    size_t first = *(const size_t *)arg;
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);

    for (size_t round = 0; round < ROUNDS / AT_ONCE; round++) {
        size_t due = add(fetcher, first + round);
        while (due > 0) {
            struct pollfd fd = {.fd = stir_fetcher_fd(fetcher), .events = POLLIN};
            struct stir_op *op;
            void *which;
            poll(&fd, 1, 10000);
            if (stir_fetcher_dispatch(fetcher, NULL) != 0)
                complain("dispatch", 0);
            for (; (op = stir_fetcher_next(fetcher, &which)) != NULL; due--)
                take_back(op, *(const size_t *)which);
        }
    }
    add(fetcher, first); /* and goes with operations in it */
    stir_fetcher_dispatch(fetcher, NULL);
    stir_fetcher_free(fetcher);
    atomic_fetch_sub(&working, 1);
    return NULL;
}

static void *reload(void *arg)
{
    (void)arg;
    for (size_t i = 0; atomic_load(&working) > 0; i++) {
        if (stir_verifier_reload(verifier, configs[i % 2], NULL) != 0)
            complain("reload", 0);
        if (i % 4 == 0)
            stir_verifier_forget(verifier, i % 8 == 0 ? NULL : stages[0]->situation->x5u, NULL);
        poll(NULL, 0, 5);
    }
    return NULL;
}

static void *maintain(void *arg)
{
    (void)arg;
    while (atomic_load(&working) > 0)
        if (stir_verifier_maintain(verifier, 5, NULL) != 0)
            complain("maintain", 0);
    return NULL;
}

static void prepare(void)
{
    const char *body = retrieve_body(), *why;

    server = server_start(&why);
    if (server == NULL) {
        printf("%s: the test server cannot be started: %s\n",
               getenv("CI") != NULL ? "FAIL" : "SKIP", why);
        exit(getenv("CI") != NULL ? 1 : 77);
    }
    server_body(server, "*", body, strlen(body));
    for (size_t i = 0; i < PLACES; i++)
        stages[i] = retrieve_stage(server_url(server, "good", places[i].path));
    configs[0] = retrieve_config(server, "cache_floor", "0", NULL);
    configs[1] = retrieve_other_anchor(server);
    verifier = stir_verifier_new(configs[0], NULL);
    if (stir_verifier_start_thread(verifier, NULL) != 0)
        complain("start_thread", 0);
}

static void run(void)
{
    enum { ALL = BLOCKING + FETCHERS + 2 };
    pthread_t threads[ALL];
    size_t numbers[ALL];

    atomic_store(&working, BLOCKING + FETCHERS);
    for (size_t i = 0; i < ALL; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL,
                           i < BLOCKING              ? block
                           : i < BLOCKING + FETCHERS ? fetch
                           : i == ALL - 2            ? reload
                                                     : maintain,
                           &numbers[i])
            != 0)
            abort();
    }
    for (size_t i = 0; i < ALL; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    prepare();
    run();
    stir_verifier_reload(verifier, configs[0], NULL);
    stir_verifier_free(verifier);
    /* And when all is quiet again, exactly what is due. */
    verifier = stir_verifier_new(configs[0], NULL);
    for (size_t i = 0; i < PLACES; i++) {
        int code = retrieve_code(verifier, stages[i], -1, NULL);
        if (code != places[i].code)
            complain(places[i].path, code);
    }
    stir_verifier_free(verifier);
    stir_config_free(configs[0]);
    stir_config_free(configs[1]);
    server_stop(server);
    return atomic_load(&failures) > 0;
}
