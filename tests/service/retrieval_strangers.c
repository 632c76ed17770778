/* Strangers with a wildcard name and servers that say nothing, who send calls for which hundreds of
   fetches hang: a host that has served calls before is fetched from at once all the same.

   A fetch that hangs does so for 5 s. On a machine so busy that the good call takes nearly as long,
   which call comes first shows nothing: then the round is played again. What runs at once is counted
   at each turn of every round. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/fetch.h"
#include "service/verifier.h"
#include "tests/help.h"
#include "tests/retrieve.h"

enum { ROUNDS = 6, HANGS_MS = 4000, PATIENCE_MS = 60000 };

/* A verifier of its own, which has been served by the known host. */
struct round {
    struct server *server;
    struct stir_verifier *verifier;
    struct stir_fetcher *fetcher;
    size_t most; /* fetches that ran at once */
};

static struct round begin(struct server *server)
{
    struct round round = {.server = server};
    struct stage *known = retrieve_stage(server_url_of(server, "known.stir.test", "/1.pem"));
    const char *body = retrieve_body();

    server_clear(server);
    server_body(server, "*", body, strlen(body));
    round.verifier = retrieve_verifier(server, retrieve_config(server, NULL));
    cr_assert_eq(retrieve_code(round.verifier, known, -1, NULL), STIR_CODE_OK);
    round.fetcher = stir_fetcher_new(round.verifier, NULL);
    return round;
}

static void end(struct round *round)
{
    stir_fetcher_free(round->fetcher);
    stir_verifier_free(round->verifier);
}

static void add(struct round *round, const struct stage *stage, void *arg)
{
    struct stir_call *call = stage_call(stage);
    struct stir_op *op = stir_op_new(round->verifier, call, MINT_NOW, NULL);

    cr_assert_eq(stir_fetcher_add(round->fetcher, op, PATIENCE_MS, arg, NULL), 0);
    stir_call_free(call);
}

static size_t turn(struct round *round)
{
    struct pollfd fd = {.fd = stir_fetcher_fd(round->fetcher), .events = POLLIN};
    struct flights_counts counts;

    poll(&fd, 1, 1000);
    cr_assert_eq(stir_fetcher_dispatch(round->fetcher, NULL), 0);
    flights_count(round->verifier->memory->flights, &counts);
    if (counts.running > round->most)
        round->most = counts.running;
    return counts.running + counts.waiting;
}

/* Until that call is over, which is valid; how many were over before it. */
static unsigned others_before(struct round *round, const void *which)
{
    struct stir_op *op = NULL;
    void *found = NULL;
    unsigned n = 0;

    while (found != which) {
        while ((op = stir_fetcher_next(round->fetcher, &found)) == NULL)
            turn(round);
        const struct stir_result *result = stir_op_result(op);
        cr_expect_eq(stir_result_code(result),
                     found == which ? STIR_CODE_OK : STIR_CODE_X5U_UNREACHABLE, "%s",
                     stir_result_detail(result));
        n += found != which;
        stir_op_free(op);
    }
    return n;
}

/* Half the slots are for hosts that served a path which validated: strangers take the others,
   and no more of them while 20 wait; the known host's next URL waits for none of them. */
Test(strangers, do_not_starve_known_hosts, .timeout = 240)
{
    enum { STRANGERS = SLOTS_ALL / 2 + 20 };
    static struct stage *strangers[STRANGERS];
    struct server *server = help_server();
    struct stage *cold = retrieve_stage(server_url_of(server, "known.stir.test", "/2.pem"));
    int64_t took = HANGS_MS;
    char host[64];

    for (size_t i = 0; i < STRANGERS; i++) {
        snprintf(host, sizeof host, "n%zu.stir.test", i);
        strangers[i] = retrieve_stage(server_url_of(server, host, "/stuck/a.pem"));
    }
    for (int i = 0; i < ROUNDS && took >= HANGS_MS; i++) {
        struct round round = begin(server);
        int64_t begun = fetch_clock();
        for (size_t n = 0; n < STRANGERS; n++)
            add(&round, strangers[n], NULL);
        while (turn(&round) < STRANGERS && fetch_clock() - begun < HANGS_MS)
            continue;
        add(&round, cold, cold);
        unsigned before = others_before(&round, cold);
        took = fetch_clock() - begun;
        cr_expect_leq(round.most, SLOTS_ALL / 2 + 1, "%zu at once", round.most);
        cr_expect(took >= HANGS_MS || before == 0, "%u calls of strangers came first", before);
        cr_expect(took >= HANGS_MS || round.most >= SLOTS_ALL / 2,
                  "%zu at once: it shows nothing", round.most);
        end(&round);
    }
    cr_expect_lt(took, HANGS_MS, "the machine is too busy to tell");
    server_stop(server);
}

/* The same of one host alone: it has so many fetches at once, and no other waits for them. */
Test(strangers, one_host_has_its_share, .timeout = 240)
{
    enum { CALLS = 60 };
    static struct stage *slow[CALLS];
    struct server *server = help_server();
    struct stage *other = retrieve_stage(server_url_of(server, "other.stir.test", "/a.pem"));
    int64_t took = HANGS_MS;
    char path[64];

    for (size_t i = 0; i < CALLS; i++) {
        snprintf(path, sizeof path, "/stuck/%zu.pem", i);
        slow[i] = retrieve_stage(server_url_of(server, "slow.stir.test", path));
    }
    for (int i = 0; i < ROUNDS && took >= HANGS_MS; i++) {
        struct round round = begin(server);
        int64_t begun = fetch_clock();
        for (size_t n = 0; n < CALLS; n++)
            add(&round, slow[n], NULL);
        while (turn(&round) < CALLS && fetch_clock() - begun < HANGS_MS)
            continue;
        add(&round, other, other);
        unsigned before = others_before(&round, other);
        took = fetch_clock() - begun;
        cr_expect_leq(round.most, SLOTS_PER_HOST + 1, "%zu at once", round.most);
        cr_expect(took >= HANGS_MS || before == 0, "%u calls of the slow host came first",
                  before);
        end(&round);
    }
    cr_expect_lt(took, HANGS_MS, "the machine is too busy to tell");
    server_stop(server);
}
