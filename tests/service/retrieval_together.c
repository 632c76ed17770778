/* Calls at once, in threads of their own: none waits for another's host, and a URL that many
   want is asked for once. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help.h"
#include "tests/retrieve.h"

struct waiting {
    pthread_t thread;
    struct stir_verifier *verifier;
    const struct stage *stage;
    int timeout_ms, code;
    atomic_bool over;
};

static void *wait_for(void *arg)
{
    struct waiting *waiting = arg;

    waiting->code = retrieve_code(waiting->verifier, waiting->stage, waiting->timeout_ms, NULL);
    atomic_store(&waiting->over, true);
    return NULL;
}

/* Calls wait in other threads, for servers that say nothing; meanwhile one that needs another URL
   of the same host is answered, and one from memory. What is held is released afterwards, so the
   order shows it, not the clock. */
Test(retrieval_together, delay_no_other_call, .timeout = 60)
{
    enum { WAITING = 6 };
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    struct waiting waiting[WAITING];
    char path[32];

    for (size_t i = 0; i < WAITING; i++) {
        snprintf(path, sizeof path, "/held%zu.pem", i);
        server_hold(server, path);
        waiting[i] = (struct waiting){.verifier = verifier, .timeout_ms = -1};
        waiting[i].stage = retrieve_stage(server_url(server, "good", path));
    }
    struct stage *good = retrieve_stage(server_url(server, "good", "/good.pem"));
    for (size_t i = 0; i < WAITING; i++)
        cr_assert_eq(pthread_create(&waiting[i].thread, NULL, wait_for, &waiting[i]), 0);
    for (size_t i = 0; i < WAITING; i++) {
        snprintf(path, sizeof path, "/held%zu.pem", i);
        cr_assert_eq(server_await(server, path, 1), 1);
    }
    cr_expect_eq(retrieve_code(verifier, good, -1, NULL), STIR_CODE_OK);
    cr_expect_eq(retrieve_code(verifier, good, 0, NULL), STIR_CODE_OK);
    for (size_t i = 0; i < WAITING; i++) {
        cr_expect(!atomic_load(&waiting[i].over), "a call that has to wait did not");
        snprintf(path, sizeof path, "/held%zu.pem", i);
        server_release(server, path);
    }
    for (size_t i = 0; i < WAITING; i++) {
        pthread_join(waiting[i].thread, NULL);
        cr_expect_eq(waiting[i].code, STIR_CODE_OK, "%s", stir_code_name(waiting[i].code));
    }
    stir_verifier_free(verifier);
    server_stop(server);
}

/* 100 threads, one cold URL, one request; and those that came first are not the only ones served:
   some have given up by then. */
Test(retrieval_together, single_flight, .timeout = 60)
{
    enum { THREADS = 100 };
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    struct stage *stage = retrieve_stage(server_url(server, "good", "/cold.pem"));
    static struct waiting waiting[THREADS];

    server_hold(server, "/cold.pem");
    for (size_t i = 0; i < THREADS; i++) {
        waiting[i] = (struct waiting){
            .verifier = verifier, .stage = stage, .timeout_ms = i % 10 == 0 ? 1 : -1};
        cr_assert_eq(pthread_create(&waiting[i].thread, NULL, wait_for, &waiting[i]), 0);
    }
    cr_assert_eq(server_await(server, "/cold.pem", 1), 1);
    server_release(server, "/cold.pem");
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(waiting[i].thread, NULL);
        cr_expect(waiting[i].code == STIR_CODE_OK
                      || (i % 10 == 0 && waiting[i].code == STIR_CODE_DEADLINE),
                  "%zu: %s", i, stir_code_name(waiting[i].code));
    }
    cr_expect_eq(server_count(server, "/cold.pem"), 1, "%u requests",
                 server_count(server, "/cold.pem"));
    stir_verifier_free(verifier);
    server_stop(server);
}

struct heard {
    atomic_int times;
    char text[256];
};

static void hear(void *arg, enum stir_level level, const char *text)
{
    struct heard *heard = arg;

    if (atomic_fetch_add(&heard->times, 1) == 0)
        snprintf(heard->text, sizeof heard->text, "%d %s", (int)level, text);
}

/* The same of a URL that fails: one request, all are told, and hook log once. */
Test(retrieval_together, single_failure, .timeout = 60)
{
    enum { THREADS = 30 };
    struct server *server = help_server();
    struct heard heard = {0};
    const struct stir_hooks hooks = {.size = sizeof hooks, .arg = &heard, .log = hear};
    struct stir_config *config = retrieve_config(server, NULL);
    cr_assert_eq(stir_config_set_hooks(config, &hooks, NULL), 0);
    struct stir_verifier *verifier = retrieve_verifier(server, config);
    struct stage *stage = retrieve_stage(server_url(server, "good", "/dead.pem"));
    static struct waiting waiting[THREADS];

    server_rule(server, "/dead.pem", "status=404");
    server_hold(server, "/dead.pem");
    for (size_t i = 0; i < THREADS; i++) {
        waiting[i] = (struct waiting){.verifier = verifier, .stage = stage, .timeout_ms = -1};
        cr_assert_eq(pthread_create(&waiting[i].thread, NULL, wait_for, &waiting[i]), 0);
    }
    cr_assert_eq(server_await(server, "/dead.pem", 1), 1);
    server_release(server, "/dead.pem");
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(waiting[i].thread, NULL);
        cr_expect_eq(waiting[i].code, STIR_CODE_X5U_UNREACHABLE, "%zu: %s", i,
                     stir_code_name(waiting[i].code));
    }
    cr_expect_eq(server_count(server, "/dead.pem"), 1);
    cr_expect_eq(retrieve_code(verifier, stage, -1, NULL), STIR_CODE_X5U_UNREACHABLE);
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%d %s: status 404", (int)STIR_LOG_NOTICE,
             stage->situation->x5u);
    cr_expect_eq(heard.times, 1, "said %d times", (int)heard.times);
    cr_expect_str_eq(heard.text, wanted, "%s", heard.text);
    stir_verifier_free(verifier);
    server_stop(server);
}

/* A call that gave up has begun a fetch, which goes on for the next one where somebody drives
   it. */
Test(retrieval_together, late_answers_serve_later_calls, .timeout = 60)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    struct stage *stage = retrieve_stage(server_url(server, "good", "/late.pem"));
    int code = 0;

    cr_assert_eq(stir_verifier_start_thread(verifier, NULL), 0);
    server_hold(server, "/late.pem");
    cr_expect_eq(retrieve_code(verifier, stage, 50, NULL), STIR_CODE_DEADLINE);
    cr_assert_eq(server_await(server, "/late.pem", 1), 1);
    server_release(server, "/late.pem");
    for (int64_t until = retrieve_now_ms() + 20000;
         code != STIR_CODE_OK && retrieve_now_ms() < until;)
        code = retrieve_code(verifier, stage, 0, NULL);
    cr_expect_eq(code, STIR_CODE_OK, "%s", stir_code_name(code));
    cr_expect_eq(server_count(server, "/late.pem"), 1);
    stir_verifier_free(verifier);
    server_stop(server);
}
