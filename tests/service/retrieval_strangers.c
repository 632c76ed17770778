/* Strangers with a wildcard name and servers that say nothing, who send calls for which hundreds of
   fetches hang: a host that has served calls before is fetched from at once all the same. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/slots.h"
#include "tests/help.h"
#include "tests/retrieve.h"

static void add(struct stir_fetcher *fetcher, struct stir_verifier *verifier,
                const struct stage *stage, void *arg)
{
    struct stir_call *call = stage_call(stage);
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, NULL);

    cr_assert_eq(stir_fetcher_add(fetcher, op, 4000, arg, NULL), 0);
    stir_call_free(call);
}

/* The first operation that is over: its code, and which one it was. */
static int first_of(struct stir_fetcher *fetcher, void **which, char *sentence)
{
    struct stir_op *op = NULL;

    for (int turns = 0; op == NULL && turns < 10000; turns++) {
        struct pollfd fd = {.fd = stir_fetcher_fd(fetcher), .events = POLLIN};
        poll(&fd, 1, 1000);
        cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
        op = stir_fetcher_next(fetcher, which);
    }
    cr_assert_not_null(op, "none came back");
    int code = stir_result_code(stir_op_result(op));
    snprintf(sentence, 256, "%s", stir_result_detail(stir_op_result(op)));
    stir_op_free(op);
    return code;
}

/* Half the slots are for hosts that served a path which validated. */
Test(strangers, do_not_starve_known_hosts, .timeout = 120)
{
    enum { STRANGERS = SLOTS_ALL / 2 + 20 };
    struct stage *strangers[STRANGERS];
    struct server *server = help_server();
    const char *body = retrieve_body();
    struct stir_verifier *verifier = retrieve_verifier(server, retrieve_config(server, NULL));
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);
    struct stage *known = retrieve_stage(server_url_of(server, "known.stir.test", "/1.pem"));
    struct stage *cold = retrieve_stage(server_url_of(server, "known.stir.test", "/2.pem"));
    char host[64], sentence[256];
    void *which;

    server_body(server, "*", body, strlen(body));
    cr_assert_eq(retrieve_code(verifier, known, -1, NULL), STIR_CODE_OK);
    for (size_t i = 0; i < STRANGERS; i++) {
        snprintf(host, sizeof host, "n%zu.stir.test", i);
        strangers[i] = retrieve_stage(server_url_of(server, host, "/stuck/a.pem"));
    }
    for (size_t i = 0; i < STRANGERS; i++)
        add(fetcher, verifier, strangers[i], NULL);
    add(fetcher, verifier, cold, cold);
    int code = first_of(fetcher, &which, sentence);
    cr_expect_eq(which, cold, "a stranger's call came first: %s", sentence);
    cr_expect_eq(code, STIR_CODE_OK, "%s: %s", stir_code_name(code), sentence);
    cr_expect_leq(server_count(server, "/stuck/a.pem"), SLOTS_ALL / 2,
                  "%u fetches of strangers", server_count(server, "/stuck/a.pem"));
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    server_stop(server);
}

/* The same of one host alone: it has so many fetches at once, and no other waits for them. */
Test(strangers, one_host_has_its_share, .timeout = 120)
{
    enum { CALLS = 60 };
    struct server *server = help_server();
    const char *body = retrieve_body();
    struct stir_verifier *verifier = retrieve_verifier(server, retrieve_config(server, NULL));
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);
    struct stage *other = retrieve_stage(server_url_of(server, "other.stir.test", "/a.pem"));
    char path[64], sentence[256];
    void *which;

    server_body(server, "*", body, strlen(body));
    for (size_t i = 0; i < CALLS; i++) {
        snprintf(path, sizeof path, "/stuck/%zu.pem", i);
        add(fetcher, verifier, retrieve_stage(server_url_of(server, "slow.stir.test", path)),
            NULL);
    }
    add(fetcher, verifier, other, other);
    int code = first_of(fetcher, &which, sentence);
    cr_expect_eq(which, other, "the slow host's call came first: %s", sentence);
    cr_expect_eq(code, STIR_CODE_OK, "%s: %s", stir_code_name(code), sentence);
    cr_expect_leq(server_count(server, "*"), SLOTS_PER_HOST + 1, "%u requests",
                  server_count(server, "*"));
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    server_stop(server);
}
