/* Trusted CA lists from URLs (ATIS-1000084; A74-5): what comes is in force at once, and never an
   older one; while there is none, nobody's call is a forged one. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "service/verifier.h"
#include "tests/feed_stage.h"
#include "tests/site.h"
#include "tests/situation.h"
#include "tests/tool.h"

#define EXP "1798761600" /* a year after MINT_NOW */

static const struct mint second = {.subject = "Second root"};
static const struct mint *const root_only[] = {&mint_root}, *const second_only[] = {&second},
                                *const both[] = {&mint_root, &second};

static void open_stage(struct feed_stage *stage, bool anchored)
{
    struct stir_config *config = feed_config(anchored);

    feed_set(config, "trusted_list", FEED_TRUSTED);
    feed_open(stage, config);
}

static void expect_code(const struct feed_stage *stage, const char *desc, int code,
                        const char *says)
{
    struct stir_result *result = feed_judge(stage);

    cr_expect_eq(stir_result_code(result), code, "%s: %s", desc, stir_result_detail(result));
    cr_expect_not_null(strstr(stir_result_detail(result), says), "%s: %s", desc,
                       stir_result_detail(result));
    stir_result_free(result);
}

/* A cell of the i-th row of anchors. */
static void expect_row(const struct feed_stage *stage, size_t i, const char *column,
                       const char *wanted)
{
    struct stir_rows *rows = stir_verifier_list(stage->verifier, STIR_LIST_ANCHORS, NULL);
    const char *cell = stir_rows_text(rows, i, column);

    if (wanted == NULL)
        cr_expect_null(cell, "row %zu: %s", i, cell);
    else
        cr_expect(cell != NULL && strstr(cell, wanted) != NULL, "%s: %s, wanted %s", column,
                  cell != NULL ? cell : "no row", wanted);
    stir_rows_free(rows);
}

static void expect_ready(const struct feed_stage *stage, int rc, const char *says)
{
    struct stir_error error;

    cr_expect_eq(stir_verifier_ready(stage->verifier, &error), rc, "%s", error.text);
    cr_expect_not_null(strstr(error.text, says), "%s", error.text);
}

/* Until it is there a path without anchor is not known to be bad; what is wrong with the host is
   said. */
Test(trusted_feeds, until_it_is_there)
{
    struct feed_stage stage;

    open_stage(&stage, false);
    expect_ready(&stage, STIR_E_NOT_READY,
                 "trusted list \"" FEED_TRUSTED "\" is not there yet");
    expect_row(&stage, 0, "source", FEED_TRUSTED);
    expect_row(&stage, 0, "state", "missing");
    expect_row(&stage, 0, "subject", "");
    expect_code(&stage, "no list", STIR_CODE_STATUS_UNKNOWN,
                "reaches no trust anchor, but trusted list \"" FEED_TRUSTED
                "\" is not there yet");
    feed_serve(&stage, FEED_TRUSTED, 404, NULL, 0, NULL);
    expect_code(&stage, "404", STIR_CODE_STATUS_UNKNOWN, "the host answered 404");
    expect_row(&stage, 0, "detail", "the host answered 404");
    stage.now += 301;
    feed_serve_trusted(&stage, "7", EXP, root_only, 1);
    expect_code(&stage, "it is there", STIR_CODE_OK, "has authority");
    expect_ready(&stage, 0, "");
    expect_row(&stage, 0, "subject", "CN=Test SHAKEN ROOT");
    expect_row(&stage, 0, "source", FEED_TRUSTED);
    expect_row(&stage, 0, "sequence", "7");
    expect_row(&stage, 0, "until", "2027-01-01T00:00:00Z");
    expect_row(&stage, 0, "state", "trusted");
    expect_row(&stage, 0, "detail", "");
    feed_close(&stage);
}

/* The token's signature is broken. */
static struct stir_result *judge_bad(const struct feed_stage *stage)
{
    const struct situation situation = {
        .desc = "bad",
        .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root},
        .x5u = FEED_CALLS,
        .corrupt = true};
    struct stage made;

    stage_set(&made, &situation);
    struct stir_call *call = stage_call(&made);
    struct stir_result *result = stir_verify(stage->verifier, call, MINT_NOW, 0, NULL);
    stir_call_free(call);
    return result;
}

/* Of a path without anchor what is definitely wrong counts all the same; a path to an anchor that
   is configured goes on. */
Test(trusted_feeds, others_go_on)
{
    struct feed_stage stage;

    open_stage(&stage, true);
    expect_ready(&stage, STIR_E_NOT_READY, "is not there yet");
    expect_code(&stage, "an anchor of the configuration", STIR_CODE_OK, "has authority");
    feed_close(&stage);
    open_stage(&stage, false);
    struct stir_result *result = judge_bad(&stage);
    cr_expect_eq(stir_result_code(result), STIR_CODE_BAD_SIGNATURE, "%s",
                 stir_result_detail(result));
    stir_result_free(result);
    feed_close(&stage);
}

/* A changed list is a new epoch at once: the very next call, from the body that is kept. A lower
   sequence, another list under the same one, a stranger's and a bad member are refused, and the
   list in force stays. */
Test(trusted_feeds, in_force_at_once_and_never_back)
{
    struct feed_stage stage;

    open_stage(&stage, false);
    feed_serve_trusted(&stage, "7", EXP, root_only, 1);
    expect_code(&stage, "the root is in", STIR_CODE_OK, "");
    stage.now += 86401;
    feed_serve_trusted(&stage, "8", EXP, second_only, 1);
    expect_code(&stage, "the root is out", STIR_CODE_PATH_NO_ANCHOR, "");
    stage.now += 86401;
    feed_serve_trusted(&stage, "9", EXP, both, 2);
    expect_code(&stage, "the root is in again", STIR_CODE_OK, "");

    const struct {
        const char *desc, *list, *says;
    } bad[] = {
        {"a lower sequence", feed_trusted_list("8", EXP, second_only, 1, "list PA"),
         "sequence 8, wanted: 9, which is known, or more"},
        {"another list under the same one",
         feed_trusted_list("9", EXP, second_only, 1, "list PA"), "its certificates are others"},
        {"the same, which ends sooner",
         feed_trusted_list("9", "1790000000", both, 2, "list PA"), "it ends sooner"},
        {"a stranger's", feed_trusted_list("10", EXP, second_only, 1, "stranger"),
         "signed by none of the 1 keys"},
        {"it ended", feed_trusted_list("10", "1767225599", second_only, 1, "list PA"),
         "ended at 2025-12-31T23:59:59Z"},
        {"a member that is no CA",
         feed_trusted_list("10", EXP, (const struct mint *[]){&second, &feed_crl_pa}, 2,
                           "list PA"),
         "element 1: "},
        {"rubbish", "<html>", ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        stage.now += 86401;
        feed_serve(&stage, FEED_TRUSTED, 200, bad[i].list, strlen(bad[i].list), NULL);
        expect_code(&stage, bad[i].desc, STIR_CODE_OK, "");
        expect_row(&stage, 0, "sequence", "9");
        expect_row(&stage, 0, "detail", bad[i].says);
    }
    /* Signed anew, for longer: the same list. */
    stage.now += 301;
    feed_serve_trusted(&stage, "9", "1798761601", (const struct mint *[]){&second, &mint_root},
                       2);
    expect_row(&stage, 0, "until", "2027-01-01T00:00:01Z");
    expect_row(&stage, 0, "detail", "");
    stage.now += 301;
    cr_expect_null(feed_want(&stage), "what was of use is not asked for soon");
    feed_close(&stage);
}

/* A list is asked for by HTTP's word, and before it ends; what ended is known no more, and what
   comes then is taken. */
Test(trusted_feeds, it_ends)
{
    struct feed_stage stage;

    open_stage(&stage, false);
    feed_serve_trusted(&stage, "7", "1767229199", root_only, 1); /* in an hour */
    cr_expect_null(feed_want(&stage));
    stage.now += 3599;
    cr_expect_null(feed_want(&stage), "its last second");
    expect_ready(&stage, 0, "");
    stage.now += 1;
    expect_ready(&stage, STIR_E_NOT_READY, "(sequence 7) ended at 2026-01-01T00:59:59Z");
    expect_row(&stage, 0, "state", "ended");
    feed_serve_trusted(&stage, "8", EXP, root_only, 1);
    expect_row(&stage, 0, "sequence", "8");
    expect_ready(&stage, 0, "");
    feed_close(&stage);
}

/* ETag and Last-Modified go with the want; 304 is the same list, for as long again. Of a URL that
   gave nothing nothing is asked so. */
Test(trusted_feeds, revalidated)
{
    struct feed_stage stage;
    const char *list = feed_trusted_list("7", EXP, root_only, 1, "list PA");

    open_stage(&stage, false);
    struct stir_want *want = feed_want(&stage);
    cr_assert_not_null(want);
    cr_expect_eq(want->kind, STIR_WANT_TRUSTED_LIST);
    cr_expect_eq(want->limit, LIMIT_TRUSTED_LIST);
    cr_expect_str_eq(want->accept, "application/jose");
    cr_expect_null(want->if_none_match);
    stir_want_put(want, 304, NULL, 0);
    feed_settle(&stage);
    cr_expect_null(feed_want(&stage), "and it is not asked for again at once");
    expect_row(&stage, 0, "detail", "status 304, of a list that is not here");
    stage.now += 301;
    feed_serve(&stage, FEED_TRUSTED, 200, list, strlen(list), "\"v7\"");
    stage.now += 86401;
    want = feed_want(&stage);
    cr_assert_not_null(want);
    cr_expect_str_eq(want->if_none_match, "\"v7\"");
    stir_want_put(want, 304, NULL, 0);
    feed_settle(&stage);
    expect_row(&stage, 0, "detail", "");
    cr_expect_null(feed_want(&stage));
    expect_code(&stage, "found the same", STIR_CODE_OK, "");
    feed_close(&stage);
}

/* One octet more than its limit is refused before it is looked at; a failure lives as long as
   one of a CRL; the list in force stays. */
Test(trusted_feeds, limits)
{
    static char body[LIMIT_TRUSTED_LIST + 1];
    struct feed_stage stage;

    open_stage(&stage, false);
    feed_serve_trusted(&stage, "7", EXP, root_only, 1);
    memset(body, 'A', sizeof body);
    stage.now += 86401;
    feed_serve(&stage, FEED_TRUSTED, 200, body, sizeof body, NULL);
    expect_row(&stage, 0, "detail", "too large");
    stage.now += 3601;
    struct stir_want *want = feed_want(&stage);
    cr_assert_not_null(want);
    stir_want_fail(want, STIR_FAILURE_TIMEOUT);
    feed_settle(&stage);
    expect_row(&stage, 0, "detail", "timed out");
    expect_row(&stage, 0, "sequence", "7");
    expect_code(&stage, "and it stays", STIR_CODE_OK, "");
    feed_close(&stage);
}

/* A reload keeps the URL's list where it is configured, and drops it where not, or where its
   signer is no longer pinned; reloading anchors never drops CRLs, and the other way round. */
Test(trusted_feeds, reloads)
{
    struct feed_stage stage;
    struct stir_error error;
    struct stir_config *config = feed_config(false);

    feed_set(config, "trusted_list", FEED_TRUSTED);
    feed_set(config, "crl", FEED_CRL);
    feed_set(config, "status", "require");
    feed_open(&stage, config);
    /* Both are due at once. */
    for (int i = 0; i < 2; i++) {
        struct stir_want *want = feed_want(&stage);
        const struct minted *crl =
            mint_crl(&(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT}, &feed_crl_pa);
        const char *list = feed_trusted_list("7", EXP, root_only, 1, "list PA");
        cr_assert_not_null(want);
        if (want->kind == STIR_WANT_CRL)
            stir_want_put(want, 200, crl->der, crl->len);
        else
            stir_want_put(want, 200, list, strlen(list));
    }
    feed_settle(&stage);
    expect_code(&stage, "both are there", STIR_CODE_OK, "");
    cr_expect_eq(stir_verifier_reload(stage.verifier, config, &error), 0, "%s", error.text);
    expect_code(&stage, "both stay", STIR_CODE_OK, "");
    cr_expect_null(feed_want(&stage), "and are not asked for");

    struct stir_config *other = feed_config(false);
    feed_set(other, "crl", FEED_CRL);
    feed_set(other, "status", "require");
    cr_expect_eq(stir_verifier_reload(stage.verifier, other, &error), 0, "%s", error.text);
    expect_code(&stage, "no URL of anchors", STIR_CODE_PATH_NO_ANCHOR, "");
    expect_row(&stage, 0, "source", NULL);
    struct stir_rows *rows = stir_verifier_list(stage.verifier, STIR_LIST_CRLS, NULL);
    cr_expect_str_eq(stir_rows_text(rows, 0, "number"), "1", "the CRL stays");
    stir_rows_free(rows);
    cr_expect_eq(stir_verifier_reload(stage.verifier, config, &error), 0, "%s", error.text);
    expect_code(&stage, "the URL again", STIR_CODE_STATUS_UNKNOWN, "is not there yet");
    feed_serve_trusted(&stage, "7", EXP, root_only, 1);
    expect_code(&stage, "and its list", STIR_CODE_OK, "");
    stir_config_free(other);
    feed_close(&stage);
}

/* Lists are wanted by who drives fetches, and never by an operation. */
Test(trusted_feeds, no_operation_wants_them)
{
    struct feed_stage stage;

    open_stage(&stage, false);
    struct stir_op *op = site_op(stage.verifier, "https://certificates.example.com/b.pem");
    cr_assert_eq(stir_op_step(op, NULL), STIR_WANT);
    struct stir_want *want = stir_op_want(op);
    cr_expect_eq(want->kind, STIR_WANT_CERTIFICATES);
    cr_expect_null(stir_op_want(op));
    stir_want_put(want, 200, site_list(), STIR_NUL);
    cr_expect_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_STATUS_UNKNOWN);
    stir_op_free(op);
    feed_close(&stage);
}

/* Both kinds come out of a fetcher as wants of the application's client. */
Test(trusted_feeds, from_a_fetcher)
{
    struct stir_config *config = feed_config(false);
    struct stir_error error;

    feed_set(config, "trusted_list", FEED_TRUSTED);
    feed_set(config, "crl", FEED_CRL);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier, "%s", error.text);
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, &error);
    const char *list = feed_trusted_list("7", "4102444800", root_only, 1, "list PA");
    unsigned kinds = 0;
    cr_assert_eq(stir_fetcher_dispatch(fetcher, &error), 0);
    for (struct stir_want *want; (want = stir_fetcher_want(fetcher)) != NULL;) {
        kinds |= 1U << want->kind;
        if (want->kind == STIR_WANT_TRUSTED_LIST)
            stir_want_put(want, 200, list, STIR_NUL);
        else
            stir_want_fail(want, STIR_FAILURE_CONNECT);
    }
    cr_expect_eq(kinds, 1U << STIR_WANT_CRL | 1U << STIR_WANT_TRUSTED_LIST);
    for (int i = 0; i < 1000 && stir_verifier_ready(verifier, NULL) != 0; i++)
        cr_assert_eq(stir_fetcher_dispatch(fetcher, &error), 0);
    cr_expect_eq(stir_verifier_ready(verifier, &error), 0, "%s", error.text);
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

struct heard {
    int times;
    char text[4][512];
};

static void hear(void *arg, enum stir_level level, const char *text)
{
    struct heard *heard = arg;

    (void)level;
    snprintf(heard->text[heard->times % 4], sizeof heard->text[0], "%s", text);
    heard->times++;
}

/* Hook log is told what a URL gave, what is refused and why it failed. */
Test(trusted_feeds, told_to_the_log)
{
    static const struct {
        const char *desc;
        int status;
        const char *sequence, *says;
    } cases[] = {
        {"a list", 200, "7", FEED_TRUSTED ": a new trusted list is in force"},
        {"an older one", 200, "6",
         FEED_TRUSTED ": the new trusted list is refused: the trusted"},
        {"none", 404, "7", FEED_TRUSTED ": status 404"},
        {"the same", 200, "7", NULL},
    };
    const char *sixth = feed_trusted_list("6", EXP, root_only, 1, "list PA");
    const char *seventh = feed_trusted_list("7", EXP, root_only, 1, "list PA");
    struct heard heard = {0};
    const struct stir_hooks hooks = {.size = sizeof hooks, .arg = &heard, .log = hear};
    struct stir_config *config = feed_config(false);
    struct feed_stage stage;

    feed_set(config, "trusted_list", FEED_TRUSTED);
    cr_assert_eq(stir_config_set_hooks(config, &hooks, NULL), 0);
    feed_open(&stage, config);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *list = *cases[i].sequence == '7' ? seventh : sixth;
        heard.times = 0;
        feed_serve(&stage, FEED_TRUSTED, cases[i].status, list, strlen(list), NULL);
        cr_expect_eq(heard.times, cases[i].says != NULL, "%s: %d", cases[i].desc, heard.times);
        if (cases[i].says != NULL)
            cr_expect_eq(strncmp(heard.text[0], cases[i].says, strlen(cases[i].says)), 0,
                         "%s: %s", cases[i].desc, heard.text[0]);
        stage.now += 86401;
    }
    feed_close(&stage);
}

/* ---- Over a restart ------------------------------------------------------------------------ */

static struct stir_config *config_with_file(const char *path)
{
    struct stir_config *config = feed_config(false);

    feed_set(config, "trusted_list", FEED_TRUSTED);
    feed_set(config, "crl", FEED_CRL);
    feed_set(config, "status", "require");
    feed_set(config, "cache_file", path);
    return config;
}

static void serve_both(struct feed_stage *stage, const char *number, const char *sequence)
{
    const struct minted *crl = mint_crl(
        &(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT, .number_hex = number}, &feed_crl_pa);
    const char *list = feed_trusted_list(sequence, EXP, both, 2, "list PA");

    for (int i = 0; i < 2; i++) {
        struct stir_want *want = feed_want(stage);
        cr_assert_not_null(want);
        if (want->kind == STIR_WANT_CRL)
            stir_want_put(want, 200, crl->der, crl->len);
        else
            stir_want_put(want, 200, list, strlen(list));
    }
    feed_settle(stage);
}

static void expect_number(const struct feed_stage *stage, const char *number,
                          const char *detail)
{
    struct stir_rows *rows = stir_verifier_list(stage->verifier, STIR_LIST_CRLS, NULL);

    cr_expect_str_eq(stir_rows_text(rows, 0, "number"), number);
    cr_expect_not_null(strstr(stir_rows_text(rows, 0, "detail"), detail), "%s",
                       stir_rows_text(rows, 0, "detail"));
    stir_rows_free(rows);
}

/* With cache_file both are in force after a restart, whatever the network does, and neither number
   nor sequence goes back. */
Test(trusted_feeds, over_a_restart)
{
    char *folder = tool_folder(), path[256];
    struct feed_stage stage;

    snprintf(path, sizeof path, "%s/cache", folder);
    feed_open(&stage, config_with_file(path));
    serve_both(&stage, "05", "7");
    expect_code(&stage, "fetched", STIR_CODE_OK, "");
    feed_close(&stage);

    feed_open(&stage, config_with_file(path));
    expect_ready(&stage, 0, "");
    expect_code(&stage, "read back, before anything is fetched", STIR_CODE_OK, "");
    expect_number(&stage, "5", "");
    expect_row(&stage, 0, "sequence", "7");
    stage.now += 43200; /* the CRL ends after a day */
    stage.now += 43201;
    serve_both(&stage, "04", "6");
    expect_number(&stage, "5", "it is older than number 5");
    expect_row(&stage, 0, "sequence", "7");
    expect_row(&stage, 0, "detail", "sequence 6, wanted: 7");
    expect_code(&stage, "an older list is refused", STIR_CODE_OK, "");
    feed_close(&stage);

    /* And what was refused was not kept. */
    feed_open(&stage, config_with_file(path));
    expect_number(&stage, "5", "");
    expect_row(&stage, 0, "sequence", "7");
    feed_close(&stage);
    tool_folder_remove(folder);
}
