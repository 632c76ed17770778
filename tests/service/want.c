/* service/want, retrieval: wants answered from memory, put and failed in any order and at any time,
   and what of it is remembered. The clock is the memory's; calls are judged at MINT_NOW. */
#include "service/want.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "service/verifier.h"
#include "tests/scene.h"

static const struct scene good = {.desc = "good"};

/* ---- A verifier with a clock, and calls stepped by hand ---- */

struct stage {
    struct stir_config *config;
    struct stir_verifier *verifier;
    int64_t clock;
};

static int64_t read_clock(void *arg)
{
    return *(int64_t *)arg;
}

static void set_up(struct stage *stage, const char *key, const char *value)
{
    struct stir_error error;

    stage->config = scene_config(&good);
    if (key != NULL)
        cr_assert_eq(stir_config_set(stage->config, key, value, &error), 0, "%s", error.text);
    stage->verifier = stir_verifier_new(stage->config, &error);
    cr_assert_not_null(stage->verifier, "%s", error.text);
    stage->clock = MINT_NOW;
    stage->verifier->memory->clock = read_clock;
    stage->verifier->memory->clock_arg = &stage->clock;
}

static void tear_down(struct stage *stage)
{
    stir_verifier_free(stage->verifier);
    stir_config_free(stage->config);
}

static struct stir_op *begin(const struct stage *stage, const struct scene *scene)
{
    struct stir_error error;
    struct stir_call *call = scene_call(scene);
    struct stir_op *op = stir_op_new(stage->verifier, call, MINT_NOW, &error);

    cr_assert_not_null(op, "%s", error.text);
    stir_call_free(call);
    return op;
}

/* Its code, if it is done at the first step; -1: it wants something. */
static int first_step(const struct stage *stage, const struct scene *scene)
{
    struct stir_op *op = begin(stage, scene);
    int rc = stir_op_step(op, NULL);

    cr_assert_geq(rc, 0);
    int code = rc == 0 ? stir_result_code(stir_op_result(op)) : -1;
    if (rc == 0)
        cr_expect_null(stir_op_want(op));
    stir_op_free(op);
    return code;
}

static bool has_warning(const struct stir_result *result, const char *name)
{
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(line, name, strlen(name)) == 0)
            return true;
    return false;
}

/* One field, "Name: value", and what the host answers. */
static void serve(struct stir_want *want, int status, const char *body, const char *field)
{
    const char *colon = field == NULL ? NULL : strchr(field, ':');
    char name[64];

    cr_assert_not_null(want);
    if (colon != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)(colon - field), field);
        stir_want_add_header(want, name, colon + 1, STIR_NUL);
    }
    stir_want_put(want, status, body, STIR_NUL);
}

/* A call for which the host is asked. */
static int call_with(const struct stage *stage, const struct scene *scene, int status,
                     const char *body, const char *field, const char *warning)
{
    struct stir_op *op = begin(stage, scene);

    cr_assert_eq(stir_op_step(op, NULL), STIR_WANT, "%s", scene->desc);
    serve(stir_op_want(op), status, body, field);
    cr_assert_eq(stir_op_step(op, NULL), 0, "%s", scene->desc);
    int code = stir_result_code(stir_op_result(op));
    if (warning != NULL)
        cr_expect(has_warning(stir_op_result(op), warning), "%s", warning);
    stir_op_free(op);
    return code;
}

/* ---- Fresh, stale, failed ---- */

#define PEM_TYPE "Content-Type: application/pem-certificate-chain"

/* R8224-7.2-1, R9111-1, A74-3: for how long what came is used without asking again. */
Test(want, a_body_serves_later_calls)
{
    static const struct {
        const char *desc, *key, *value, *field;
        int64_t later;
        bool known;
    } cases[] = {
        {"no field, a day by policy (A74-3)", NULL, NULL, NULL, 86399, true},
        {"and not longer", NULL, NULL, NULL, 86401, false},
        {"max-age below the floor", NULL, NULL, "Cache-Control: max-age=60", 86399, true},
        {"max-age beyond the floor", NULL, NULL, "Cache-Control: max-age=200000", 199000, true},
        {"and not longer", NULL, NULL, "Cache-Control: max-age=200000", 200001, false},
        {"cache_floor=1h, no field", "cache_floor", "1h", NULL, 3599, true},
        {"cache_floor=1h, past it", "cache_floor", "1h", NULL, 3601, false},
        {"cache_floor=0, max-age", "cache_floor", "0", "Cache-Control: max-age=60", 59, true},
        {"cache_floor=0, past it", "cache_floor", "0", "Cache-Control: max-age=60", 61, false},
        {"no-store serves single flight alone", NULL, NULL, "Cache-Control: no-store", 11,
         false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, cases[i].key, cases[i].value);
        cr_expect_eq(call_with(&stage, &good, 200, scene_body(&good), cases[i].field, NULL), 0,
                     "%s", cases[i].desc);
        cr_expect_eq(first_step(&stage, &good), 0, "%s: at once", cases[i].desc);
        stage.clock += cases[i].later;
        cr_expect_eq(first_step(&stage, &good), cases[i].known ? 0 : -1, "%s", cases[i].desc);
        tear_down(&stage);
    }
}

/* R9111-1: never beyond notAfter, whatever the response says. */
Test(want, not_beyond_the_certificate)
{
    static const struct scene ending = {
        .desc = "ends in a minute",
        .own_chain = true,
        .signer = {.subject = "ACME",
                   .tnauthlist = "12155551200+100",
                   .not_after = MINT_NOW + 60},
        .above = {{.subject = "STI CA", .ca = MINT_YES, .tnauthlist = "12155550000+10000"},
                  {.subject = "Root"}}};
    struct stage stage;
    struct stir_error error;

    set_up(&stage, NULL, NULL);
    struct stir_config *config = scene_config(&ending);
    cr_assert_eq(stir_verifier_reload(stage.verifier, config, &error), 0);
    cr_expect_eq(call_with(&stage, &ending, 200, scene_body(&ending), NULL, NULL), 0);
    cr_expect_eq(first_step(&stage, &ending), 0);
    stage.clock += 61;
    cr_expect_eq(first_step(&stage, &ending), -1, "it is fetched anew");
    stir_config_free(config);
    tear_down(&stage);
}

/* Validators of the copy there is; 304 finds it the same, without its octets. */
Test(want, revalidation)
{
    struct stage stage;

    set_up(&stage, "cache_floor", "1m");
    cr_expect_eq(call_with(&stage, &good, 200, scene_body(&good), "ETag: \"v1\"", NULL), 0);
    stage.clock += 61;
    struct stir_op *op = begin(&stage, &good);
    cr_assert_eq(stir_op_step(op, NULL), STIR_WANT);
    struct stir_want *want = stir_op_want(op);
    cr_assert_str_eq(want->if_none_match, "\"v1\"");
    cr_assert_null(want->if_modified_since);
    stir_want_put(want, 304, NULL, 0);
    cr_assert_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), 0);
    stir_op_free(op);
    cr_expect_eq(first_step(&stage, &good), 0, "fresh again");

    /* Of what is not there, 304 is no answer. */
    struct stir_error error;
    struct stir_verifier *empty = stir_verifier_new(stage.config, &error);
    struct stage other = {stage.config, empty, MINT_NOW};
    cr_expect_eq(call_with(&other, &good, 304, NULL, NULL, NULL), STIR_CODE_X5U_UNREACHABLE);
    stir_verifier_free(empty);
    tear_down(&stage);
}

/* stale_if_error: a failed refresh never displaces what is good. */
Test(want, stale_copies)
{
    static const struct {
        const char *desc, *value;
        int64_t later;
        int status, code;
        const char *warning;
    } cases[] = {
        {"an hour by default", NULL, 3599, 500, 0, "x5u-stale"},
        {"and not longer", NULL, 3601, 500, STIR_CODE_X5U_UNREACHABLE, NULL},
        {"stale_if_error=0", "0", 1, 500, STIR_CODE_X5U_UNREACHABLE, NULL},
        {"stale_if_error=2h", "2h", 7199, 503, 0, "x5u-stale"},
        {"404, too", NULL, 60, 404, 0, "x5u-stale"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, cases[i].value == NULL ? NULL : "stale_if_error", cases[i].value);
        cr_expect_eq(call_with(&stage, &good, 200, scene_body(&good), PEM_TYPE, NULL), 0);
        stage.clock += 86400 + cases[i].later;
        cr_expect_eq(call_with(&stage, &good, cases[i].status, "", NULL, cases[i].warning),
                     cases[i].code, "%s", cases[i].desc);
        tear_down(&stage);
    }
}

/* What failed is not tried on every call, for a time by its kind; what was given up is. */
Test(want, failures_are_remembered)
{
    static const struct {
        const char *desc;
        enum stir_failure why;
        int code;
        bool remembered;
    } cases[] = {
        {"cancelled", STIR_FAILURE_CANCELLED, STIR_CODE_X5U_UNREACHABLE, false},
        {"timed out", STIR_FAILURE_TIMEOUT, STIR_CODE_X5U_UNREACHABLE, true},
        {"no name", STIR_FAILURE_NAME, STIR_CODE_X5U_UNREACHABLE, true},
        {"address refused", STIR_FAILURE_ADDRESS, STIR_CODE_X5U_REFUSED, true},
        {"no connection", STIR_FAILURE_CONNECT, STIR_CODE_X5U_UNREACHABLE, true},
        {"TLS", STIR_FAILURE_TLS, STIR_CODE_X5U_UNREACHABLE, true},
        {"too large", STIR_FAILURE_TOO_LARGE, STIR_CODE_X5U_BODY, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, NULL, NULL);
        struct stir_op *op = begin(&stage, &good);
        cr_assert_eq(stir_op_step(op, NULL), STIR_WANT);
        stir_want_fail(stir_op_want(op), cases[i].why);
        cr_assert_eq(stir_op_step(op, NULL), 0);
        cr_expect_eq(stir_result_code(stir_op_result(op)), cases[i].code, "%s", cases[i].desc);
        stir_op_free(op);
        cr_expect_eq(first_step(&stage, &good), cases[i].remembered ? cases[i].code : -1, "%s",
                     cases[i].desc);
        stage.clock += 86400;
        cr_expect_eq(first_step(&stage, &good), -1, "%s: not for ever", cases[i].desc);
        /* What one policy refused another may allow. */
        struct stir_error error;
        stage.clock -= 86400;
        cr_assert_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0);
        cr_expect_eq(first_step(&stage, &good), -1, "%s: reload", cases[i].desc);
        tear_down(&stage);
    }
}

/* A host that is busy says when to come again; that counts within the bounds of its failure,
   and not of other statuses. */
Test(want, retry_after)
{
    static const struct {
        const char *desc, *field;
        int status;
        int64_t known, unknown; /* so much later */
    } cases[] = {
        {"503, which says nothing", NULL, 503, 29, 30},
        {"503, in two minutes", "Retry-After: 120", 503, 119, 120},
        {"503, at once", "Retry-After: 0", 503, 29, 30},
        {"503, tomorrow", "Retry-After: 86400", 503, 599, 600},
        {"429, in two minutes", "Retry-After: 120", 429, 119, 120},
        {"500, in two minutes", "Retry-After: 120", 500, 29, 30},
        {"404, in ten minutes", "Retry-After: 600", 404, 299, 300},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, NULL, NULL);
        cr_expect_eq(call_with(&stage, &good, cases[i].status, "", cases[i].field, NULL),
                     STIR_CODE_X5U_UNREACHABLE, "%s", cases[i].desc);
        stage.clock += cases[i].known;
        cr_expect_eq(first_step(&stage, &good), STIR_CODE_X5U_UNREACHABLE, "%s", cases[i].desc);
        stage.clock += cases[i].unknown - cases[i].known;
        cr_expect_eq(first_step(&stage, &good), -1, "%s: tried again", cases[i].desc);
        tear_down(&stage);
    }
}

/* 200, and nothing else, brings a body. */
Test(want, statuses)
{
    static const struct {
        const char *desc;
        int status;
        const char *body;
        int code;
    } cases[] = {
        {"200 with HTML", 200, "<html>sign in</html>", STIR_CODE_X5U_BODY},
        {"200 with nothing", 200, "", STIR_CODE_X5U_BODY},
        {"a redirect is not followed", 302, "", STIR_CODE_X5U_UNREACHABLE},
        {"404", 404, "gone", STIR_CODE_X5U_UNREACHABLE},
        {"500", 500, "", STIR_CODE_X5U_UNREACHABLE},
        {"206: a part", 206, "-----BEGIN", STIR_CODE_X5U_UNREACHABLE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, NULL, NULL);
        cr_expect_eq(call_with(&stage, &good, cases[i].status, cases[i].body, NULL, NULL),
                     cases[i].code, "%s", cases[i].desc);
        cr_expect_eq(first_step(&stage, &good), cases[i].code, "%s: again", cases[i].desc);
        tear_down(&stage);
    }
}

/* ---- Form ---- */

/* R9060-7-2, A-22, A74-2: the media type, which a quarter of the field's hosts have wrong. */
Test(want, media_types)
{
    static const struct {
        const char *desc, *policy, *field, *warning;
        int code;
    } cases[] = {
        {"as it should be", "reject", PEM_TYPE, NULL, 0},
        {"with a parameter", "reject", PEM_TYPE "; charset=utf-8", NULL, 0},
        {"another, by default", "warn", "Content-Type: application/x-pem-file", "x5u-media", 0},
        {"another, x5u_media=reject", "reject", "Content-Type: application/x-pem-file", NULL,
         STIR_CODE_X5U_BODY},
        {"none, by default", "warn", "Date: Thu, 01 Jan 2026 00:00:00 GMT", "x5u-media", 0},
        {"none, x5u_media=reject", "reject", "Date: Thu, 01 Jan 2026 00:00:00 GMT", NULL,
         STIR_CODE_X5U_BODY},
        {"a file has no type", "reject", NULL, NULL, 0},
        {"PEM that is said to be DER", "warn", "Content-Type: application/pkix-cert",
         "x5u-media", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        set_up(&stage, "x5u_media", cases[i].policy);
        cr_expect_eq(
            call_with(&stage, &good, 200, scene_body(&good), cases[i].field, cases[i].warning),
            cases[i].code, "%s", cases[i].desc);
        cr_expect_eq(first_step(&stage, &good), cases[i].code, "%s: again", cases[i].desc);
        tear_down(&stage);
    }
}

static void put_der(struct stir_want *want, const struct minted *certificate, const char *type)
{
    stir_want_add_header(want, "content-type", type, STIR_NUL);
    stir_want_put(want, 200, certificate->der, certificate->len);
}

/* a single certificate in DER does for a signer that is no delegate. */
Test(want, one_certificate_in_der)
{
    static const struct mint root = {.subject = "Root"},
                             listed = {.subject = "Root", .tnauthlist = "12155550000+10000"},
                             signer = {.subject = "ACME", .tnauthlist = "12155551200+100"};
    static const struct {
        const char *desc, *type;
        const struct mint *anchor;
        int code;
    } cases[] = {
        {"application/pkix-cert", "application/pkix-cert", &root, 0},
        {"DER said to be PEM", "application/pem-certificate-chain", &root, STIR_CODE_X5U_BODY},
        {"a delegate", "application/pkix-cert", &listed, STIR_CODE_X5U_BODY},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error;
        struct scene scene = {.desc = cases[i].desc, .key = "ACME"};
        struct stage stage = {.clock = MINT_NOW};
        stage.config = stir_config_new();
        cr_assert_eq(stir_config_set_data(stage.config, "anchors",
                                          mint_make(cases[i].anchor, NULL)->pem, STIR_NUL,
                                          &error),
                     0);
        stage.verifier = stir_verifier_new(stage.config, &error);
        for (int again = 0; again < 2; again++) {
            struct stir_op *op = begin(&stage, &scene);
            if (stir_op_step(op, NULL) == STIR_WANT)
                put_der(stir_op_want(op), mint_make(&signer, cases[i].anchor), cases[i].type);
            cr_assert_eq(stir_op_step(op, NULL), 0);
            cr_expect_eq(stir_result_code(stir_op_result(op)), cases[i].code, "%s: %s",
                         cases[i].desc, stir_result_detail(stir_op_result(op)));
            stir_op_free(op);
        }
        tear_down(&stage);
    }
}

/* R8224-7.1-1, A74-2: what policy refuses is never handed out; what was supplied is the
   operator's word, whatever the scheme of its URI, by which alone it is found
   (R8226-7-1). */
Test(want, refused_urls)
{
    static const struct {
        const char *desc, *url, *key, *value;
        int code;
    } cases[] = {
        {"https", "https://a.example/c", NULL, NULL, -1},
        {"http", "http://a.example/c", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"port 8443", "https://a.example:8443/c", NULL, NULL, -1},
        {"another port", "https://a.example:444/c", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"x5u_ports=444", "https://a.example:444/c", "x5u_ports", "444", -1},
        {"x5u_ports=444, 443", "https://a.example/c", "x5u_ports", "444",
         STIR_CODE_X5U_REFUSED},
        {"a query", "https://a.example/c?id=1", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"x5u_query=yes", "https://a.example/c?id=1", "x5u_query", "yes", -1},
        {"userinfo", "https://u@a.example/c", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"a fragment", "https://a.example/c#f", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"a file", "file:///etc/passwd", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"R8226-7-1: SIP", "sip:certificates@a.example", NULL, NULL, STIR_CODE_X5U_REFUSED},
        {"R8226-7-1: CID", "cid:1@a.example", NULL, NULL, STIR_CODE_X5U_REFUSED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        struct stir_error error;
        char header[256], parameters[256];
        snprintf(header, sizeof header,
                 "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"%s\"}", cases[i].url);
        snprintf(parameters, sizeof parameters, ";info=<%s>", cases[i].url);
        const struct scene scene = {
            .desc = cases[i].desc, .header = header, .parameters = parameters};
        set_up(&stage, cases[i].key, cases[i].value);
        cr_expect_eq(first_step(&stage, &scene), cases[i].code, "%s", cases[i].desc);
        cr_assert_eq(stir_verifier_supply(stage.verifier, cases[i].url, scene_body(&good),
                                          STIR_NUL, &error),
                     0);
        cr_expect_eq(first_step(&stage, &scene), 0, "%s: supplied", cases[i].desc);
        tear_down(&stage);
    }
}

/* ---- Late, and in any thread ---- */

static void *put_late(void *arg)
{
    serve(arg, 200, scene_body(&good), NULL);
    return NULL;
}

/* The body serves the next call although the operation, and then the verifier, are gone. */
Test(want, a_late_body)
{
    struct stage stage;
    pthread_t thread;

    set_up(&stage, NULL, NULL);
    struct stir_op *op = begin(&stage, &good);
    struct stir_want *want = stir_op_want(op);
    stir_op_expire(op);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_DEADLINE);
    stir_op_free(op);
    scene_body(&good); /* minted in this thread */
    cr_assert_eq(pthread_create(&thread, NULL, put_late, want), 0);
    pthread_join(thread, NULL);
    cr_expect_eq(first_step(&stage, &good), 0);

    struct scene other = good;
    other.header = "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"https://b.example/c\"}";
    other.parameters = ";info=<https://b.example/c>";
    op = begin(&stage, &other);
    want = stir_op_want(op);
    stir_op_free(op);
    tear_down(&stage);
    serve(want, 200, scene_body(&good), NULL);
}

/* One not ended within the fetch limits counts as timed out; what comes then serves the next. */
Test(want, a_holder_that_does_not_answer)
{
    struct stage stage;

    set_up(&stage, NULL, NULL);
    struct stir_op *op = begin(&stage, &good);
    struct stir_want *want = stir_op_want(op);
    stage.clock += 5;
    cr_assert_eq(stir_op_step(op, NULL), STIR_WANT);
    stage.clock += 1;
    cr_assert_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_X5U_UNREACHABLE);
    cr_expect_not_null(strstr(stir_result_detail(stir_op_result(op)), "in time"));
    serve(want, 200, scene_body(&good), NULL);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_X5U_UNREACHABLE);
    stir_op_free(op);
    cr_expect_eq(first_step(&stage, &good), 0);
    tear_down(&stage);
}

/* ---- Reload ---- */

/* A path found good under one configuration is judged anew under another, without a fetch. */
Test(want, reload_without_the_anchor_and_with_it_again)
{
    static const struct mint other_root = {.subject = "Another Root", .ca = MINT_YES};
    struct stage stage;
    struct stir_error error;
    struct stir_config *other = stir_config_new();

    set_up(&stage, NULL, NULL);
    cr_assert_eq(stir_config_set_data(other, "anchors", mint_make(&other_root, NULL)->pem,
                                      STIR_NUL, &error),
                 0);
    cr_expect_eq(call_with(&stage, &good, 200, scene_body(&good), NULL, NULL), 0);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(stir_verifier_reload(stage.verifier, other, &error), 0);
        cr_expect_eq(first_step(&stage, &good), STIR_CODE_PATH_NO_ANCHOR);
        cr_expect_eq(first_step(&stage, &good), STIR_CODE_PATH_NO_ANCHOR);
        cr_assert_eq(stir_verifier_reload(stage.verifier, stage.config, &error), 0);
        cr_expect_eq(first_step(&stage, &good), 0);
    }
    stir_config_free(other);
    tear_down(&stage);
}

/* ---- A URL without a call ---- */

static int code_of_url(const struct stage *stage, const char *url, const char *body,
                       bool *wanted)
{
    struct stir_error error;
    struct stir_op *op = stir_op_new_url(stage->verifier, url, MINT_NOW, &error);

    cr_assert_not_null(op, "%s", error.text);
    *wanted = stir_op_step(op, NULL) == STIR_WANT;
    if (*wanted) {
        cr_expect_null(stir_op_result(op));
        serve(stir_op_want(op), 200, body, PEM_TYPE);
        cr_assert_eq(stir_op_step(op, NULL), 0);
    }
    const struct stir_result *result = stir_op_result(op);
    cr_assert_not_null(result);
    int code = stir_result_code(result);
    cr_expect_null(stir_result_identity(result, 0));
    char *json = stir_result_json(result, &error);
    cr_expect_not_null(json);
    free(json);
    stir_op_free(op);
    return code;
}

/* Its path is validated, and a call that names it is then answered from memory. */
Test(want, a_url_is_warmed)
{
    struct stage stage;
    struct stir_error error;
    bool wanted;

    set_up(&stage, NULL, NULL);
    cr_expect_eq(code_of_url(&stage, SCENE_X5U, scene_body(&good), &wanted), 0);
    cr_expect(wanted);
    cr_expect_eq(code_of_url(&stage, SCENE_X5U, NULL, &wanted), 0);
    cr_expect_not(wanted, "known");
    cr_expect_eq(first_step(&stage, &good), 0);
    cr_expect(cache_host_is_known(stage.verifier->memory->cache, "certificates.example.com"));

    cr_expect_eq(code_of_url(&stage, "https://b.example/c", "rubbish", &wanted),
                 STIR_CODE_X5U_BODY);
    cr_expect_not(cache_host_is_known(stage.verifier->memory->cache, "b.example"));
    cr_expect_eq(code_of_url(&stage, "http://b.example/c", NULL, &wanted),
                 STIR_CODE_X5U_REFUSED);
    cr_expect_not(wanted);

    struct stir_op *op = stir_op_new_url(stage.verifier, "https://c.example/", 0, &error);
    stir_op_expire(op);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_DEADLINE);
    stir_op_free(op);
    cr_expect_null(stir_op_new_url(stage.verifier, NULL, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_op_new_url(NULL, "https://c.example/", 0, &error));
    tear_down(&stage);
}

/* A list that is none is looked at again and again without harm: its turn is given back. */
Test(want, rubbish_again_and_again)
{
    struct stage stage;
    struct stir_error error;

    set_up(&stage, NULL, NULL);
    cr_assert_eq(stir_verifier_supply(stage.verifier, SCENE_X5U, "rubbish", STIR_NUL, &error),
                 0);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(first_step(&stage, &good), STIR_CODE_X5U_BODY);
    struct stir_op *ops[3]; /* also while the operation before is still there */
    for (int i = 0; i < 3; i++) {
        ops[i] = begin(&stage, &good);
        cr_expect_eq(stir_op_step(ops[i], NULL), 0);
    }
    for (int i = 0; i < 3; i++)
        stir_op_free(ops[i]);
    tear_down(&stage);
}
