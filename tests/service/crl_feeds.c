/* Revocation lists at URLs: fetched behind calls, taken in one step, never back. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/feed_arrival.h"
#include "service/verifier.h"
#include "tests/help.h"
#include "tests/mint_crl.h"
#include "tests/site.h"
#include "tests/tool.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
#define PROVIDER "C=US,O=Provider,CN=SHAKEN 709J"
#define INDIRECT .idp_hex = MINT_IDP_INDIRECT
#define THE_DELEGATE                                                                           \
    {                                                                                          \
        {                                                                                      \
            .certificate = &mint_delegate, .issuer = PROVIDER                                  \
        }                                                                                      \
    }

/* A verifier in front of a server with a list, and a clock that the test moves. */
struct scene_of_lists {
    struct site site;
    char *folder, *anchors, *url, *calls;
    int64_t now;
};

static int64_t clock_of(void *arg)
{
    return *(const int64_t *)arg;
}

static void serve(struct scene_of_lists *scene, const struct mint_crl *list)
{
    const struct minted *crl = mint_crl(list, &pa);

    server_body(scene->site.server, "/list.crl", crl->der, crl->len);
}

static void open_scene(struct scene_of_lists *scene, const char *status)
{
    struct server *server = help_server();

    scene->folder = tool_folder();
    tool_write(scene->folder, "pa.pem", mint_make(&pa, NULL)->pem);
    cr_assert(asprintf(&scene->anchors, "%s/pa.pem", scene->folder) > 0);
    scene->url = server_url(server, "good", "/list.crl");
    scene->calls = server_url(server, "good", "/list.pem");
    const char *const policies[] = {"status",      status,         "crl", scene->url,
                                    "crl_anchors", scene->anchors, NULL};
    site_open(&scene->site, server, policies);
    scene->now = MINT_NOW;
    scene->site.verifier->memory->clock = clock_of;
    scene->site.verifier->memory->clock_arg = &scene->now;
}

static void close_scene(struct scene_of_lists *scene)
{
    site_close(&scene->site);
    tool_folder_remove(scene->folder);
    free(scene->anchors);
    free(scene->url);
    free(scene->calls);
}

static int code_of(const struct scene_of_lists *scene)
{
    struct stir_call *call = site_call(scene->calls);
    struct stir_result *result = stir_verify(scene->site.verifier, call, MINT_NOW, -1, NULL);
    int code = stir_result_code(result);

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* What is due by the scene's clock; the loop looks once a second. */
static void maintain(struct scene_of_lists *scene, unsigned requests)
{
    for (int i = 0; i < 10000 && server_count(scene->site.server, "/list.crl") < requests;
         i++) {
        cr_assert_eq(stir_verifier_maintain(scene->site.verifier, 0, NULL), 0);
        usleep(1000);
    }
    cr_assert_eq(stir_verifier_maintain(scene->site.verifier, -1, NULL), 0);
    cr_expect_eq(server_count(scene->site.server, "/list.crl"), requests);
}

/* A cell of the first row of CRLs. */
static void expect_row(const struct scene_of_lists *scene, const char *column,
                       const char *wanted)
{
    struct stir_rows *rows = stir_verifier_list(scene->site.verifier, STIR_LIST_CRLS, NULL);
    const char *cell = stir_rows_text(rows, 0, column);

    cr_expect(cell != NULL && strstr(cell, wanted) != NULL, "%s: %s, wanted %s", column,
              cell != NULL ? cell : "no row", wanted);
    stir_rows_free(rows);
}

/* status=require waits for nobody, and says that it is not ready. */
Test(crl_feeds, ready_when_it_is_there)
{
    struct scene_of_lists scene;
    struct stir_error error;

    open_scene(&scene, "require");
    serve(&scene, &(struct mint_crl){INDIRECT});
    cr_expect_eq(stir_verifier_ready(scene.site.verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "is not there yet"), "%s", error.text);
    expect_row(&scene, "source", scene.url);
    expect_row(&scene, "issuer", "");
    maintain(&scene, 1);
    cr_expect_eq(stir_verifier_ready(scene.site.verifier, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(&scene), STIR_CODE_OK);
    expect_row(&scene, "issuer", "CN=STI-PA CRL,O=PA,C=US");
    expect_row(&scene, "number", "1");
    expect_row(&scene, "next_update", "2026-01-02T00:00:00Z");
    expect_row(&scene, "entries", "0");
    close_scene(&scene);
}

/* Without a list at all nothing is ready; with the other policies all is. */
Test(crl_feeds, ready_by_policy)
{
    static const struct {
        const char *status;
        int rc;
    } cases[] = {{"require", STIR_E_NOT_READY}, {"prefer", 0}, {"off", 0}};

    for (size_t i = 0; i < 3; i++) {
        struct stir_config *config = stir_config_new();
        struct stir_error error;
        cr_assert_eq(stir_config_set(config, "status", cases[i].status, &error), 0);
        cr_assert_eq(stir_config_set(config, "fetch", "off", &error), 0);
        cr_assert_eq(stir_config_set_data(config, "anchors", mint_make(&mint_root, NULL)->pem,
                                          STIR_NUL, &error),
                     0);
        struct stir_verifier *verifier = stir_verifier_new(config, &error);
        cr_expect_eq(stir_verifier_ready(verifier, &error), cases[i].rc, "%s: %s",
                     cases[i].status, error.text);
        stir_verifier_free(verifier);
        stir_config_free(config);
    }
    cr_expect_eq(stir_verifier_ready(NULL, NULL), STIR_E_ARGUMENT);
}

/* A newer list takes its place; an older one, one that nobody signed and rubbish do not. */
Test(crl_feeds, refreshed_and_never_back)
{
    struct scene_of_lists scene;
    unsigned requests = 0;

    open_scene(&scene, "require");
    serve(&scene, &(struct mint_crl){INDIRECT, .number_hex = "05"});
    maintain(&scene, ++requests);
    cr_expect_eq(code_of(&scene), STIR_CODE_OK);

    scene.now += 86401; /* the ceiling of a list's life */
    serve(&scene,
          &(struct mint_crl){INDIRECT, .number_hex = "06", .next_update = MINT_NOW + 10 * 86400,
                             .revoked = THE_DELEGATE});
    maintain(&scene, ++requests);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    expect_row(&scene, "number", "6");

    static const struct {
        struct mint_crl list;
        const char *rubbish, *says;
    } bad[] = {
        {{INDIRECT, .number_hex = "04"}, NULL, "it is older than number 6"},
        {{INDIRECT, .number_hex = "07", .corrupt = true}, NULL, "none of the CRL anchors"},
        {{INDIRECT, .number_hex = "07", .next_update = -1}, NULL, "it has no nextUpdate"},
        {{INDIRECT}, "<html>", "CRL: "},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        scene.now += 86401;
        if (bad[i].rubbish != NULL)
            server_body(scene.site.server, "/list.crl", bad[i].rubbish, 6);
        else
            serve(&scene, &bad[i].list);
        maintain(&scene, ++requests);
        cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED, "%zu", i);
        expect_row(&scene, "number", "6");
        expect_row(&scene, "detail", bad[i].says);
    }
    scene.now += 301; /* what was of no use is asked for again soon */
    serve(&scene, &(struct mint_crl){INDIRECT, .number_hex = "08"});
    maintain(&scene, ++requests);
    cr_expect_eq(code_of(&scene), STIR_CODE_OK);
    expect_row(&scene, "number", "8");
    expect_row(&scene, "detail", "");
    close_scene(&scene);
}

/* A host that fails is asked again later; the list stays until its nextUpdate. */
Test(crl_feeds, a_host_that_fails)
{
    struct scene_of_lists scene;

    open_scene(&scene, "require");
    serve(&scene, &(struct mint_crl){INDIRECT, .revoked = THE_DELEGATE});
    server_rule(scene.site.server, "/list.crl", "status=404");
    maintain(&scene, 1);
    expect_row(&scene, "detail", "the host answered 404");
    cr_expect_eq(code_of(&scene), STIR_CODE_STATUS_UNKNOWN);
    server_rule(scene.site.server, "/list.crl", "etag=v1");
    scene.now += 3601;
    maintain(&scene, 2);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    scene.now += 86401;
    maintain(&scene, 3);
    cr_expect_eq(server_conditional(scene.site.server, "/list.crl"), 1);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    close_scene(&scene);
}

/* A reload keeps what URLs gave, and drops what is no longer configured. */
Test(crl_feeds, reloads)
{
    struct scene_of_lists scene;
    struct stir_error error;

    open_scene(&scene, "require");
    serve(&scene, &(struct mint_crl){INDIRECT, .number_hex = "05", .revoked = THE_DELEGATE});
    maintain(&scene, 1);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    cr_expect_eq(stir_verifier_reload(scene.site.verifier, scene.site.config, &error), 0, "%s",
                 error.text);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    cr_expect_eq(server_count(scene.site.server, "/list.crl"), 1);

    /* An older file beside it changes nothing, since of a series the newest counts. */
    const char *older = mint_crl(&(struct mint_crl){INDIRECT, .number_hex = "04"}, &pa)->pem;
    cr_assert_eq(stir_config_set_data(scene.site.config, "crl", older, STIR_NUL, &error), 0);
    cr_expect_eq(stir_verifier_reload(scene.site.verifier, scene.site.config, &error), 0, "%s",
                 error.text);
    cr_expect_eq(code_of(&scene), STIR_CODE_REVOKED);
    expect_row(&scene, "number", "5");
    close_scene(&scene);
}

/* URLs that policy refuses are not asked for. */
Test(crl_feeds, refused_urls)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;
    char room[2048];

    memset(room, 'a', sizeof room);
    memcpy(room, "https://x/", 10);
    room[sizeof room - 1] = '\0';
    cr_expect_eq(stir_config_set(config, "crl", room, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_config_set(config, "crl", "http://x/a.crl", &error), STIR_E_FILE);
    cr_assert_eq(stir_config_set(config, "crl", "https://x:22/a.crl", &error), 0);
    cr_assert_eq(stir_config_set(config, "status", "require", &error), 0);
    cr_assert_eq(stir_config_set_data(config, "anchors", mint_make(&mint_root, NULL)->pem,
                                      STIR_NUL, &error),
                 0);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_eq(stir_verifier_maintain(verifier, -1, &error), 0, "%s", error.text);
    cr_expect_eq(stir_verifier_ready(verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "wanted a port of policy x5u_ports"), "%s",
                       error.text);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

/* ---- Read in steps ------------------------------------------------------------------------- */

enum interruption { NOTHING, FREED, SAME_AGAIN, NO_LONGER_CONFIGURED, OLDER_BY_THEN };

static const struct {
    const char *desc;
    enum interruption by;
    bool in_force; /* is the list of the URL, in the end? */
} interruptions[] = {
    {"it is read to its end", NOTHING, true},
    {"it is given up in the middle", FREED, false},
    {"the same configuration is loaded again in the middle", SAME_AGAIN, true},
    {"the URL is no longer configured when it is read", NO_LONGER_CONFIGURED, false},
    {"a newer list came by the time that it is read", OLDER_BY_THEN, false},
};

static struct feed_arrival *arrive(const struct scene_of_lists *scene, const char *number)
{
    const struct minted *crl = mint_crl(
        &(struct mint_crl){INDIRECT, .number_hex = number, .revoked = THE_DELEGATE}, &pa);
    struct body *body = body_new(crl->der, crl->len);
    const struct cache_response response = {
        .status = 200, .body = body, .requested = MINT_NOW, .received = MINT_NOW};
    struct feed_arrival *arrival =
        feed_arrival_put(scene->site.verifier, FETCH_CRL, scene->url, &response);

    cr_assert_not_null(arrival);
    body_free(body);
    return arrival;
}

static void interrupt(struct scene_of_lists *scene, enum interruption by)
{
    struct stir_config *other = NULL;

    if (by == SAME_AGAIN) {
        cr_expect_eq(stir_verifier_reload(scene->site.verifier, scene->site.config, NULL), 0);
    } else if (by == NO_LONGER_CONFIGURED) {
        other = stir_config_new();
        cr_assert_eq(stir_config_set(other, "crl_anchors", scene->anchors, NULL), 0);
        cr_expect_eq(stir_verifier_reload(scene->site.verifier, other, NULL), 0);
        stir_config_free(other);
    } else if (by == OLDER_BY_THEN) {
        struct feed_arrival *newer = arrive(scene, "07");
        while (feed_arrival_step(newer, 16))
            continue;
        feed_arrival_free(newer);
    }
}

/* What is in the middle of being read is in nobody's way, and comes in force for the configuration of
   the moment when it is read. */
Test(crl_feeds, read_in_steps)
{
    for (size_t i = 0; i < sizeof interruptions / sizeof *interruptions; i++) {
        struct scene_of_lists scene;
        open_scene(&scene, "require");
        cr_assert(
            feeds_due(&scene.site.verifier->memory->feeds, FETCH_CRL, scene.url, MINT_NOW));
        struct feed_arrival *arrival = arrive(&scene, "05");
        for (int step = 0; step < 5; step++)
            cr_expect(feed_arrival_step(arrival, 16), "%s: step %d", interruptions[i].desc,
                      step);
        interrupt(&scene, interruptions[i].by);
        while (interruptions[i].by != FREED && feed_arrival_step(arrival, 16))
            continue;
        feed_arrival_free(arrival);
        struct stir_rows *rows = stir_verifier_list(scene.site.verifier, STIR_LIST_CRLS, NULL);
        const char *number = stir_rows_text(rows, 0, "number");
        cr_expect_eq(number != NULL && strcmp(number, "5") == 0, interruptions[i].in_force,
                     "%s: number %s", interruptions[i].desc, number != NULL ? number : "none");
        stir_rows_free(rows);
        close_scene(&scene);
    }
}

/* A list that takes longer than one dispatch comes in force all the same, and what has no part in it is
   not held up. */
Test(crl_feeds, a_long_list_is_read_between_other_things)
{
    enum { ENTRIES = 100000 };
    struct scene_of_lists scene;
    char *hex = malloc(ENTRIES * 44 + 1);
    int reading = 0;

    for (unsigned i = 0; i < ENTRIES; i++)
        sprintf(hex + i * 44, "301402034%05X170D3235313233313030303030305A", i);
    open_scene(&scene, "require");
    serve(&scene, &(struct mint_crl){INDIRECT, .revoked_hex = hex});
    free(hex);
    struct stir_fetcher *fetcher = stir_fetcher_new(scene.site.verifier, NULL);
    while (stir_verifier_ready(scene.site.verifier, NULL) != 0) {
        struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
        cr_assert_eq(poll(&fd, 1, 10000), 1);
        cr_assert_eq(stir_fetcher_dispatch(fetcher, NULL), 0);
        reading += server_count(scene.site.server, "/list.crl") > 0;
    }
    cr_expect_gt(reading, 2, "it was read in one go");
    expect_row(&scene, "entries", "100000");
    stir_fetcher_free(fetcher);
    close_scene(&scene);
}
