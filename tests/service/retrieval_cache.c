/* What is remembered of what calls fetched: how long, under which configuration, what a failure
   does to it. The server counts what was asked of it; the verifier's clock is the test's. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/verifier.h"
#include "tests/help.h"
#include "tests/retrieve.h"

#define DAY 86400

struct setting {
    struct server *server;
    struct stir_verifier *verifier;
    struct stage *stage;
    unsigned asked;
};

static struct setting set_up(const char *key, const char *value)
{
    struct setting set = {.server = help_server()};
    const char *body = retrieve_body();

    server_body(set.server, "*", body, strlen(body));
    set.verifier = retrieve_verifier(set.server, retrieve_config(set.server, key, value, NULL));
    retrieve_stop_clock(set.verifier);
    set.stage = retrieve_stage(server_url(set.server, "good", "/a.pem"));
    return set;
}

static void tear_down(struct setting *set)
{
    stir_verifier_free(set->verifier);
    server_stop(set->server);
}

/* Judges the call, and looks whether that asked so many times more of the server. */
static void expect_(struct setting *set, const char *desc, int code, unsigned requests,
                    const char *file, int line)
{
    char sentence[256];
    int found = retrieve_code(set->verifier, set->stage, -1, sentence);
    unsigned asked = server_count(set->server, "/a.pem");

    cr_expect_eq(found, code, "%s:%d: %s: %s: %s", file, line, desc, stir_code_name(found),
                 sentence);
    cr_expect_eq(asked - set->asked, requests, "%s:%d: %s: %u requests", file, line, desc,
                 asked - set->asked);
    set->asked = asked;
}
#define expect(set, desc, code, requests) expect_(set, desc, code, requests, __FILE__, __LINE__)

/* R8224-7.2-1, A-22: 24 h where the response says nothing or less. */
Test(retrieval_cache, floor_of_a_day)
{
    static const char *const rules[] = {"", "max-age=60", "expires=0", "no-cache",
                                        "max-age=0,private"};

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct setting set = set_up(NULL, NULL);
        server_rule(set.server, "/a.pem", rules[i]);
        expect(&set, rules[i], STIR_CODE_OK, 1);
        expect(&set, rules[i], STIR_CODE_OK, 0);
        tear_down(&set);
    }
}

Test(retrieval_cache, life_and_floor)
{
    struct setting set = set_up(NULL, NULL);

    expect(&set, "first", STIR_CODE_OK, 1);
    retrieve_pass(DAY - 60);
    expect(&set, "within the day", STIR_CODE_OK, 0);
    retrieve_pass(120);
    expect(&set, "after it", STIR_CODE_OK, 1);
    tear_down(&set);
}

Test(retrieval_cache, cache_floor_is_obeyed)
{
    struct setting set = set_up("cache_floor", "0");

    server_rule(set.server, "/a.pem", "max-age=100,age=40");
    expect(&set, "first", STIR_CODE_OK, 1);
    retrieve_pass(50);
    expect(&set, "not yet 100 s old, 40 of them elsewhere", STIR_CODE_OK, 0);
    retrieve_pass(20);
    expect(&set, "110 s old", STIR_CODE_OK, 1);
    server_rule(set.server, "/a.pem", "s-maxage=1000,max-age=1");
    retrieve_pass(100);
    expect(&set, "s-maxage", STIR_CODE_OK, 1);
    retrieve_pass(800);
    expect(&set, "goes before max-age", STIR_CODE_OK, 0);
    tear_down(&set);
}

/* no-store serves those that wait, and for 10 s what comes at once after them. */
Test(retrieval_cache, no_store)
{
    struct setting set = set_up(NULL, NULL);

    server_rule(set.server, "/a.pem", "no-store");
    expect(&set, "first", STIR_CODE_OK, 1);
    expect(&set, "at once again", STIR_CODE_OK, 0);
    retrieve_pass(11);
    expect(&set, "later", STIR_CODE_OK, 1);
    tear_down(&set);
}

Test(retrieval_cache, validators)
{
    static const char *const rules[] = {"etag=v1", "modified=1700000000"};

    for (size_t i = 0; i < 2; i++) {
        struct setting set = set_up(NULL, NULL);
        server_rule(set.server, "/a.pem", rules[i]);
        expect(&set, rules[i], STIR_CODE_OK, 1);
        cr_expect_eq(server_conditional(set.server, "/a.pem"), 0);
        retrieve_pass(2 * DAY);
        expect(&set, "304", STIR_CODE_OK, 1);
        cr_expect_eq(server_conditional(set.server, "/a.pem"), 1, "no condition was sent");
        expect(&set, "fresh again", STIR_CODE_OK, 0);
        tear_down(&set);
    }
}

/* Another body behind another entity tag takes the old one's place: here the signer's certificate
   alone, then the whole list again. */
Test(retrieval_cache, body_changes)
{
    struct setting set = set_up(NULL, NULL);

    server_rule(set.server, "/a.pem", "etag=v1");
    expect(&set, "first", STIR_CODE_OK, 1);
    retrieve_pass(2 * DAY);
    server_rule(set.server, "/a.pem", "etag=v2,leaf");
    expect(&set, "without an issuer", STIR_CODE_PATH_NO_ANCHOR, 1);
    cr_expect_eq(server_conditional(set.server, "/a.pem"), 1);
    retrieve_pass(2 * DAY);
    server_rule(set.server, "/a.pem", "etag=v3");
    expect(&set, "mended", STIR_CODE_OK, 1);
    tear_down(&set);
}

/* A body that changed behind the same entity tag is the server's lie: the old one stays. */
Test(retrieval_cache, body_changes_behind_the_tag)
{
    struct setting set = set_up(NULL, NULL);

    server_rule(set.server, "/a.pem", "etag=v1");
    expect(&set, "first", STIR_CODE_OK, 1);
    retrieve_pass(2 * DAY);
    server_body(set.server, "/a.pem", "rubbish", 7);
    expect(&set, "304", STIR_CODE_OK, 1);
    tear_down(&set);
}

/* 7 % of all URLs are dead: a failure costs one fetch, not one a call. */
Test(retrieval_cache, failures_are_remembered)
{
    static const struct {
        const char *rule;
        int code;
    } failures[] = {{"status=404", STIR_CODE_X5U_UNREACHABLE},
                    {"status=410", STIR_CODE_X5U_UNREACHABLE},
                    {"html", STIR_CODE_X5U_BODY},
                    {"empty", STIR_CODE_X5U_BODY},
                    {"endless", STIR_CODE_X5U_BODY},
                    {"redirect=http", STIR_CODE_X5U_UNREACHABLE}};

    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct setting set = set_up(NULL, NULL);
        server_rule(set.server, "/a.pem", failures[i].rule);
        expect(&set, failures[i].rule, failures[i].code, 1);
        expect(&set, "again", failures[i].code, 0);
        server_rule(set.server, "/a.pem", "");
        expect(&set, "mended, and nobody knows", failures[i].code, 0);
        retrieve_pass(DAY);
        expect(&set, "a day later", STIR_CODE_OK, 1);
        tear_down(&set);
    }
}

/* A failed refresh takes nothing away: for stale_if_error the old copy serves, and it is found the
   same when it is there again. (After a 500 the host would be left alone for a time of the
   monotonic clock, which the test does not set.) */
Test(retrieval_cache, stale_if_error)
{
    static const char *const rules[] = {"status=404", "html", "empty", "leaf,status=410"};

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct setting set = set_up("stale_if_error", "3600");
        server_rule(set.server, "/a.pem", "etag=v1");
        expect(&set, rules[i], STIR_CODE_OK, 1);
        retrieve_pass(DAY + 60);
        server_rule(set.server, "/a.pem", rules[i]);
        expect(&set, "stale", STIR_CODE_OK, 1);
        expect(&set, "stale, and the failure is remembered", STIR_CODE_OK, 0);
        retrieve_pass(7200);
        int code = i % 3 == 0 ? STIR_CODE_X5U_UNREACHABLE : STIR_CODE_X5U_BODY;
        expect(&set, "too stale", code, 1);
        server_rule(set.server, "/a.pem", "etag=v1");
        retrieve_pass(DAY);
        unsigned conditional = server_conditional(set.server, "/a.pem");
        expect(&set, "back", STIR_CODE_OK, 1);
        cr_expect_eq(server_conditional(set.server, "/a.pem"), conditional + 1,
                     "%s: the good copy was thrown away", rules[i]);
        tear_down(&set);
    }
}

/* A host whose server is at fault is left alone, then tried again. */
Test(retrieval_cache, hosts_are_tried_again)
{
    struct setting set = set_up(NULL, NULL);
    int code = 0;

    server_rule(set.server, "/a.pem", "status=500");
    expect(&set, "at fault", STIR_CODE_X5U_UNREACHABLE, 1);
    server_rule(set.server, "/a.pem", "");
    retrieve_pass(DAY);
    for (time_t until = time(NULL) + 30; code != STIR_CODE_OK && time(NULL) < until;)
        code = retrieve_code(set.verifier, set.stage, -1, NULL);
    cr_expect_eq(code, STIR_CODE_OK, "%s", stir_code_name(code));
    tear_down(&set);
}

Test(retrieval_cache, no_stale_if_error)
{
    struct setting set = set_up("stale_if_error", "0");

    expect(&set, "first", STIR_CODE_OK, 1);
    retrieve_pass(DAY + 60);
    server_rule(set.server, "/a.pem", "status=500");
    expect(&set, "stale", STIR_CODE_X5U_UNREACHABLE, 1);
    tear_down(&set);
}

/* The body is kept through a reload, the path is judged anew by what then counts. */
Test(retrieval_cache, reload)
{
    struct setting set = set_up(NULL, NULL);
    struct stir_config *without = retrieve_other_anchor(set.server);
    struct stir_config *with = retrieve_config(set.server, NULL);

    expect(&set, "first", STIR_CODE_OK, 1);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(stir_verifier_reload(set.verifier, without, NULL), 0);
        expect(&set, "the anchor is gone", STIR_CODE_PATH_NO_ANCHOR, 0);
        cr_assert_eq(stir_verifier_reload(set.verifier, with, NULL), 0);
        expect(&set, "and is back", STIR_CODE_OK, 0);
    }
    stir_config_free(with);
    stir_config_free(without);
    tear_down(&set);
}

/* ---- Refreshed ahead ------------------------------------------------------------------------- */

/* A fetcher without calls, driven until so many requests came in all and nothing is under way; or,
   if none shall, for a few turns: the first one looks for what is due. */
static void drive(struct setting *set, unsigned requests)
{
    struct stir_fetcher *fetcher = stir_fetcher_new(set->verifier, NULL);
    struct flights_counts counts = {.running = 1};

    for (int turns = 0; turns < 1000; turns++) {
        if (turns >= 5 && server_count(set->server, "/a.pem") == requests
            && counts.running + counts.waiting == 0)
            break;
        struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
        poll(&fd, 1, 10);
        cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
        flights_count(set->verifier->memory->flights, &counts);
    }
    stir_fetcher_free(fetcher);
    cr_assert_eq(server_count(set->server, "/a.pem"), requests);
}

/* What is used in the last tenth of its life is fetched anew by whoever drives fetches, and by its
   validators, before a call has to wait for it; what is not used, or not so late, is not. */
Test(retrieval_cache, refreshed_ahead)
{
    static const struct {
        const char *desc, *rule;
        int64_t later;
        bool used;
        unsigned requests; /* ahead */
        unsigned after;    /* by a call, when the first life is over */
    } cases[] = {
        {"late, and used", "etag=v1", DAY / 100 * 95, true, 1, 0},
        {"late, and another body by then", "etag=v2,max-age=100000", DAY / 100 * 95, true, 1,
         0},
        {"late, and not used", "etag=v1", DAY / 100 * 95, false, 0, 1},
        {"used, and not late", "etag=v1", DAY / 100 * 80, true, 0, 1},
        {"a refresh that fails takes nothing away", "status=404", DAY / 100 * 95, true, 1, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct setting set = set_up(NULL, NULL);
        server_rule(set.server, "/a.pem", "etag=v1");
        expect(&set, cases[i].desc, STIR_CODE_OK, 1);
        server_rule(set.server, "/a.pem", cases[i].rule);
        retrieve_pass(cases[i].later);
        if (cases[i].used)
            expect(&set, cases[i].desc, STIR_CODE_OK, 0);
        drive(&set, 1 + cases[i].requests);
        drive(&set, 1 + cases[i].requests); /* and not again */
        cr_expect_eq(server_conditional(set.server, "/a.pem"), cases[i].requests, "%s",
                     cases[i].desc);
        set.asked = server_count(set.server, "/a.pem");
        expect(&set, cases[i].desc, STIR_CODE_OK, 0);
        server_rule(set.server, "/a.pem", "etag=v1");
        retrieve_pass(DAY - cases[i].later + 1);
        expect(&set, cases[i].desc, STIR_CODE_OK, cases[i].after);
        tear_down(&set);
    }
}

Test(retrieval_cache, forget)
{
    struct setting set = set_up(NULL, NULL);
    char *url = server_url(set.server, "good", "/a.pem");

    expect(&set, "first", STIR_CODE_OK, 1);
    stir_verifier_forget(set.verifier, url, NULL);
    expect(&set, "forgotten", STIR_CODE_OK, 1);
    stir_verifier_forget(set.verifier, "https://example.com/", NULL);
    expect(&set, "another was", STIR_CODE_OK, 0);
    stir_verifier_forget(set.verifier, NULL, NULL);
    expect(&set, "all were", STIR_CODE_OK, 1);
    free(url);
    tear_down(&set);
}
