/* Revocation lists at URLs: fetched behind calls, taken in one step, never back. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "service/feed_arrival.h"
#include "service/verifier.h"
#include "tests/feed_stage.h"
#include "tests/site.h"

#define PROVIDER "C=US,O=Provider,CN=SHAKEN 709J"
#define INDIRECT .idp_hex = MINT_IDP_INDIRECT
#define THE_DELEGATE                                                                           \
    {                                                                                          \
        {                                                                                      \
            .certificate = &mint_delegate, .issuer = PROVIDER                                  \
        }                                                                                      \
    }

static void open_stage(struct feed_stage *stage)
{
    struct stir_config *config = feed_config(true);

    feed_set(config, "crl", FEED_CRL);
    feed_set(config, "status", "require");
    feed_open(stage, config);
}

static int code_of(const struct feed_stage *stage)
{
    struct stir_result *result = feed_judge(stage);
    int code = stir_result_code(result);

    stir_result_free(result);
    return code;
}

/* A cell of the first row of CRLs. */
static void expect_row(const struct stir_verifier *verifier, const char *column,
                       const char *wanted)
{
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_CRLS, NULL);
    const char *cell = stir_rows_text(rows, 0, column);

    cr_expect(cell != NULL && strstr(cell, wanted) != NULL, "%s: %s, wanted %s", column,
              cell != NULL ? cell : "no row", wanted);
    stir_rows_free(rows);
}

/* status=require waits for nobody, and says that it is not ready. */
Test(crl_feeds, ready_when_it_is_there)
{
    struct feed_stage stage;
    struct stir_error error;

    open_stage(&stage);
    cr_expect_eq(stir_verifier_ready(stage.verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "is not there yet"), "%s", error.text);
    expect_row(stage.verifier, "source", FEED_CRL);
    expect_row(stage.verifier, "issuer", "");
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT});
    cr_expect_eq(stir_verifier_ready(stage.verifier, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(&stage), STIR_CODE_OK);
    expect_row(stage.verifier, "issuer", "CN=STI-PA CRL,O=PA,C=US");
    expect_row(stage.verifier, "number", "1");
    expect_row(stage.verifier, "next_update", "2026-01-02T00:00:00Z");
    expect_row(stage.verifier, "entries", "0");
    feed_close(&stage);
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
    struct feed_stage stage;

    open_stage(&stage);
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT, .number_hex = "05"});
    cr_expect_eq(code_of(&stage), STIR_CODE_OK);
    stage.now += 86401; /* the ceiling of a list's life */
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT, .number_hex = "06",
                                              .next_update = MINT_NOW + 10 * 86400,
                                              .revoked = THE_DELEGATE});
    cr_expect_eq(code_of(&stage), STIR_CODE_REVOKED);
    expect_row(stage.verifier, "number", "6");

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
        stage.now += 86401;
        if (bad[i].rubbish != NULL)
            feed_serve(&stage, FEED_CRL, 200, bad[i].rubbish, 6, NULL);
        else
            feed_serve_crl(&stage, &bad[i].list);
        cr_expect_eq(code_of(&stage), STIR_CODE_REVOKED, "%zu", i);
        expect_row(stage.verifier, "number", "6");
        expect_row(stage.verifier, "detail", bad[i].says);
    }
    stage.now += 301; /* what was of no use is asked for again soon */
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT, .number_hex = "08"});
    cr_expect_eq(code_of(&stage), STIR_CODE_OK);
    expect_row(stage.verifier, "number", "8");
    expect_row(stage.verifier, "detail", "");
    feed_close(&stage);
}

/* A list is asked for before its nextUpdate, whatever HTTP says, and not before it is due. */
Test(crl_feeds, due_by_next_update)
{
    struct feed_stage stage;

    open_stage(&stage);
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT, .next_update = MINT_NOW + 3600});
    cr_expect_null(feed_want(&stage));
    stage.now += 3600;
    cr_expect_null(feed_want(&stage), "its last second");
    stage.now += 1;
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT, .number_hex = "02"});
    expect_row(stage.verifier, "number", "2");
    feed_close(&stage);
}

/* One octet more than its limit is refused before it is looked at. */
Test(crl_feeds, limit)
{
    struct feed_stage stage;

    open_stage(&stage);
    struct stir_want *want = feed_want(&stage);
    cr_assert_not_null(want);
    cr_expect_eq(want->kind, STIR_WANT_CRL);
    cr_expect_eq(want->limit, LIMIT_FETCHED_CRL);
    char *body = calloc(1, LIMIT_FETCHED_CRL + 1); /* whose pages nobody touches */
    cr_assert_not_null(body);
    stir_want_put(want, 200, body, LIMIT_FETCHED_CRL + 1);
    free(body);
    feed_settle(&stage);
    expect_row(stage.verifier, "detail", "too large");
    stage.now += 3601;
    feed_serve_crl(&stage, &(struct mint_crl){INDIRECT});
    expect_row(stage.verifier, "detail", "");
    feed_close(&stage);
}

/* A reload keeps what URLs gave, and drops what is no longer configured. */
Test(crl_feeds, reloads)
{
    struct feed_stage stage;
    struct stir_error error;

    open_stage(&stage);
    feed_serve_crl(&stage,
                   &(struct mint_crl){INDIRECT, .number_hex = "05", .revoked = THE_DELEGATE});
    cr_expect_eq(code_of(&stage), STIR_CODE_REVOKED);
    cr_expect_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0, "%s",
                 error.text);
    cr_expect_eq(code_of(&stage), STIR_CODE_REVOKED);
    cr_expect_null(feed_want(&stage));

    /* An older file beside it changes nothing, since of a series the newest counts. */
    const char *older =
        mint_crl(&(struct mint_crl){INDIRECT, .number_hex = "04"}, &feed_crl_pa)->pem;
    cr_assert_eq(stir_config_set_data(stage.config, "crl", older, STIR_NUL, &error), 0);
    cr_expect_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0, "%s",
                 error.text);
    cr_expect_eq(code_of(&stage), STIR_CODE_REVOKED);
    expect_row(stage.verifier, "number", "5");
    feed_close(&stage);
}

/* ---- By the library ------------------------------------------------------------------------ */

static int64_t clock_of(void *arg)
{
    return *(const int64_t *)arg;
}

/* What is due is fetched, by the clock of the test; the loop looks once a second, and here now. */
static void fetch_due(struct drive *drive)
{
    drive->next_upkeep = 0;
    do {
        drive_dispatch(drive, fetch_clock() + DISPATCH_MS, INT64_MAX);
        fetch_loop_wait(drive->loop, 10);
    } while (drive_is_busy(drive));
}

/* A host that fails is asked again later, by its validators once there is a list; the list stays
   until its nextUpdate. */
Test(crl_feeds, a_host_that_fails)
{
    struct server *server = help_server();
    char *url = server_url(server, "good", "/list.crl");
    const char *const policies[] = {"status", "require", "crl", url, NULL};
    const struct minted *list =
        mint_crl(&(struct mint_crl){INDIRECT, .revoked = THE_DELEGATE}, &feed_crl_pa);
    int64_t now = MINT_NOW;
    struct drive drive;
    struct site site;

    site_open(&site, server, policies);
    site.verifier->memory->clock = clock_of;
    site.verifier->memory->clock_arg = &now;
    cr_assert_eq(drive_open(&drive, site.verifier, true, NULL), 0);
    server_body(server, "/list.crl", list->der, list->len);
    server_rule(server, "/list.crl", "status=404");
    fetch_due(&drive);
    expect_row(site.verifier, "detail", "the host answered 404");
    server_rule(server, "/list.crl", "etag=v1");
    now += 3601;
    fetch_due(&drive);
    expect_row(site.verifier, "entries", "1");
    expect_row(site.verifier, "detail", "");
    now += 86401;
    fetch_due(&drive);
    cr_expect_eq(server_count(server, "/list.crl"), 3);
    cr_expect_eq(server_conditional(server, "/list.crl"), 1);
    expect_row(site.verifier, "entries", "1");
    drive_close(&drive);
    site_close(&site);
    free(url);
}

/* URLs that policy refuses are not asked for. */
Test(crl_feeds, refused_urls)
{
    struct stir_config *config = feed_config(true);
    struct feed_stage stage;
    struct stir_error error;
    char room[2048];

    memset(room, 'a', sizeof room);
    memcpy(room, "https://x/", 10);
    room[sizeof room - 1] = '\0';
    cr_expect_eq(stir_config_set(config, "crl", room, &error), STIR_E_ARGUMENT);
    cr_expect_eq(stir_config_set(config, "crl", "http://x/a.crl", &error), STIR_E_FILE);
    feed_set(config, "crl", "https://x:22/a.crl");
    feed_set(config, "status", "require");
    feed_open(&stage, config);
    cr_expect_null(feed_want(&stage));
    cr_expect_eq(stir_verifier_ready(stage.verifier, &error), STIR_E_NOT_READY);
    cr_expect_not_null(strstr(error.text, "wanted a port of policy x5u_ports"), "%s",
                       error.text);
    feed_close(&stage);
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

static struct feed_arrival *arrive(const struct feed_stage *stage, const char *number)
{
    const struct minted *crl =
        mint_crl(&(struct mint_crl){INDIRECT, .number_hex = number, .revoked = THE_DELEGATE},
                 &feed_crl_pa);
    struct body *body = body_new(crl->der, crl->len);
    const struct cache_response response = {
        .status = 200, .body = body, .requested = MINT_NOW, .received = MINT_NOW};
    struct feed_arrival *arrival =
        feed_arrival_put(stage->verifier, FETCH_CRL, FEED_CRL, &response);

    cr_assert_not_null(arrival);
    body_free(body);
    return arrival;
}

static void interrupt(struct feed_stage *stage, enum interruption by)
{
    struct stir_config *other = NULL;

    if (by == SAME_AGAIN) {
        cr_expect_eq(stir_verifier_reload(stage->verifier, stage->config, NULL), 0);
    } else if (by == NO_LONGER_CONFIGURED) {
        other = feed_config(true);
        cr_expect_eq(stir_verifier_reload(stage->verifier, other, NULL), 0);
        stir_config_free(other);
    } else if (by == OLDER_BY_THEN) {
        struct feed_arrival *newer = arrive(stage, "07");
        while (feed_arrival_step(newer, 16))
            continue;
        feed_arrival_free(newer);
    }
}

/* What is in the middle of being read is in nobody's way, and comes in force for the
   configuration of the moment when it is read. */
Test(crl_feeds, read_in_steps)
{
    for (size_t i = 0; i < sizeof interruptions / sizeof *interruptions; i++) {
        struct feed_stage stage;
        open_stage(&stage);
        const struct feed_url url = {.kind = FETCH_CRL, .url = (char *)(uintptr_t)FEED_CRL};
        cr_assert(feeds_due(&stage.verifier->memory->feeds, &url, MINT_NOW));
        struct feed_arrival *arrival = arrive(&stage, "05");
        for (int step = 0; step < 5; step++)
            cr_expect(feed_arrival_step(arrival, 16), "%s: step %d", interruptions[i].desc,
                      step);
        interrupt(&stage, interruptions[i].by);
        while (interruptions[i].by != FREED && feed_arrival_step(arrival, 16))
            continue;
        feed_arrival_free(arrival);
        struct stir_rows *rows = stir_verifier_list(stage.verifier, STIR_LIST_CRLS, NULL);
        const char *number = stir_rows_text(rows, 0, "number");
        cr_expect_eq(number != NULL && strcmp(number, "5") == 0, interruptions[i].in_force,
                     "%s: number %s", interruptions[i].desc, number != NULL ? number : "none");
        stir_rows_free(rows);
        feed_close(&stage);
    }
}

/* A list that takes longer than one dispatch comes in force all the same, and what has no part
   in it is not held up. */
Test(crl_feeds, a_long_list_is_read_between_other_things)
{
    enum { ENTRIES = 100000 };
    struct feed_stage stage;
    char *hex = malloc(ENTRIES * 44 + 1);
    int reading = 0;

    for (unsigned i = 0; i < ENTRIES; i++)
        sprintf(hex + i * 44, "301402034%05X170D3235313233313030303030305A", i);
    open_stage(&stage);
    const struct minted *crl =
        mint_crl(&(struct mint_crl){INDIRECT, .revoked_hex = hex}, &feed_crl_pa);
    stir_want_put(feed_want(&stage), 200, crl->der, crl->len);
    free(hex);
    for (; stir_verifier_ready(stage.verifier, NULL) != 0; reading++) {
        cr_assert_lt(reading, 10000);
        drive_dispatch(&stage.drive, fetch_clock() + DISPATCH_MS, INT64_MAX);
    }
    cr_expect_gt(reading, 2, "it was read in one go");
    expect_row(stage.verifier, "entries", "100000");
    feed_close(&stage);
}
