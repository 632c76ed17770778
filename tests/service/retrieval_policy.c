/* Each policy key of retrieval is obeyed: the same call at the same server, with the key and
   without. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/fetch_policy_parts.h"
#include "service/snapshot.h"
#include "service/verifier.h"
#include "tests/help.h"
#include "tests/retrieve.h"

static struct server *server;

static void start(void)
{
    const char *body = retrieve_body();

    server = help_server();
    server_body(server, "*", body, strlen(body));
}

static void stop(void)
{
    server_stop(server);
}

TestSuite(retrieval_policy, .init = start, .fini = stop, .timeout = 60);

/* A verifier of its own, one call, what it came to. */
static int code_of(const char *url, const char *key, const char *value, char *sentence)
{
    struct stir_verifier *verifier =
        retrieve_verifier(server, retrieve_config(server, key, value, NULL));
    int code = retrieve_code(verifier, retrieve_stage(strdup(url)), -1, sentence);

    stir_verifier_free(verifier);
    return code;
}

struct key {
    const char *desc, *kind, *path, *key, *value;
    int without, with; /* codes */
    const char *sentence;
};

static const struct key keys[] = {
    {"another media type", "good", "/type=html/a.pem", "x5u_media", "reject", STIR_CODE_OK,
     STIR_CODE_X5U_BODY, "text/html"},
    {"the twin of the right type", "good", "/type=pem/a.pem", "x5u_media", "reject",
     STIR_CODE_OK, STIR_CODE_OK, NULL},
    {"another port", "good", "/a.pem", "x5u_ports", "443,8443", STIR_CODE_OK,
     STIR_CODE_X5U_REFUSED, "port"},
    {"a query", "good", "/a.pem?id=1", "x5u_query", "yes", STIR_CODE_X5U_REFUSED, STIR_CODE_OK,
     NULL},
    {"loopback", "good", "/a.pem", "fetch_allow", "10.0.0.0/8", STIR_CODE_OK,
     STIR_CODE_X5U_REFUSED, "127.0.0.1"},
    {"loopback among others", "good", "/a.pem", "fetch_allow", "10.0.0.0/8,127.0.0.1",
     STIR_CODE_OK, STIR_CODE_OK, NULL},
    {"nobody fetches", "good", "/a.pem", "fetch", "off", STIR_CODE_OK,
     STIR_CODE_X5U_UNREACHABLE, NULL},
};

Test(retrieval_policy, keys)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *url = server_url(server, keys[i].kind, keys[i].path), sentence[256];
        int code = code_of(url, NULL, NULL, sentence);
        cr_expect_eq(code, keys[i].without, "%s, without: %s: %s", keys[i].desc,
                     stir_code_name(code), sentence);
        unsigned asked = server_count(server, "*");
        code = code_of(url, keys[i].key, keys[i].value, sentence);
        cr_expect_eq(code, keys[i].with, "%s, with: %s: %s", keys[i].desc, stir_code_name(code),
                     sentence);
        cr_expect(keys[i].sentence == NULL || strstr(sentence, keys[i].sentence) != NULL,
                  "%s: \"%s\" is not in \"%s\"", keys[i].desc, keys[i].sentence, sentence);
        if (keys[i].with == STIR_CODE_X5U_REFUSED || strcmp(keys[i].key, "fetch") == 0)
            cr_expect_eq(server_count(server, "*"), asked, "%s: it was asked", keys[i].desc);
        free(url);
    }
}

static bool has_warning(const struct stir_result *result, const char *name)
{
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(line, name, strlen(name)) == 0)
            return true;
    return false;
}

/* Of the field's certificate hosts 24.6 % send another media type: that is said, and passes. */
Test(retrieval_policy, media_types_warn)
{
    static const struct {
        const char *path;
        bool warning;
    } cases[] = {{"/type=pem/a.pem", false},
                 {"/type=html/a.pem", true},
                 {"/type=octets/a.pem", true},
                 {"/type=plain/a.pem", true}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier =
            retrieve_verifier(server, retrieve_config(server, NULL));
        struct stage *stage = retrieve_stage(server_url(server, "good", cases[i].path));
        struct stir_call *call = stage_call(stage);
        for (int again = 0; again < 2; again++) {
            struct stir_result *result = stir_verify(verifier, call, MINT_NOW, -1, NULL);
            cr_expect_eq(stir_result_code(result), STIR_CODE_OK);
            cr_expect_eq(has_warning(result, "x5u-media"), cases[i].warning, "%s, %d",
                         cases[i].path, again);
            stir_result_free(result);
        }
        stir_call_free(call);
        stir_verifier_free(verifier);
    }
}

/* fetch_ca: nobody else is trusted, and each setting adds. */
Test(retrieval_policy, fetch_ca)
{
    char *good = server_url(server, "good", "/a.pem"), sentence[256];
    char *stranger = server_url(server, "stranger", "/a.pem");
    const char *file = server_ca_file(server, "stranger");

    cr_expect_eq(code_of(good, NULL, NULL, sentence), STIR_CODE_OK, "%s", sentence);
    cr_expect_eq(code_of(stranger, NULL, NULL, sentence), STIR_CODE_X5U_UNREACHABLE);
    cr_expect_eq(code_of(stranger, "fetch_ca", file, sentence), STIR_CODE_OK, "%s", sentence);
    cr_expect_eq(code_of(good, "fetch_ca", file, sentence), STIR_CODE_OK, "%s", sentence);
    free(good);
    free(stranger);
}

static bool has_trust(const struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    bool has = fetch_policy_trust(snapshot->fetch) != NULL;

    snapshot_free(snapshot);
    return has;
}

/* Trust anchors take tens of milliseconds to read: a verifier that fetches has them read by the
   reload, before the new configuration is in force, and so not in a loop; one that does not, not at
   all. */
Test(retrieval_policy, reload_reads_trust)
{
    static const struct {
        const char *desc, *fetch;
        bool fetched, reads;
    } cases[] = {{"it fetches", "on", true, true},
                 {"it has not fetched yet", "on", false, false},
                 {"the caller fetches", "caller", true, false}};
    const char *file = server_ca_file(server, "stranger");
    struct stage *good = retrieve_stage(server_url(server, "good", "/a.pem"));
    struct stage *stranger = retrieve_stage(server_url(server, "stranger", "/b.pem"));

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier =
            retrieve_verifier(server, retrieve_config(server, NULL));
        struct stir_config *next =
            retrieve_config(server, "fetch_ca", file, "fetch", cases[i].fetch, NULL);
        cr_expect_not(has_trust(verifier), "%s", cases[i].desc);
        if (cases[i].fetched)
            cr_expect_eq(retrieve_code(verifier, good, -1, NULL), STIR_CODE_OK);
        cr_assert_eq(stir_verifier_reload(verifier, next, NULL), 0);
        cr_expect_eq(has_trust(verifier), cases[i].reads, "%s", cases[i].desc);
        if (i == 0)
            cr_expect_eq(retrieve_code(verifier, stranger, -1, NULL), STIR_CODE_OK,
                         "new trust");
        stir_config_free(next);
        stir_verifier_free(verifier);
    }
}

/* With a proxy names are resolved and addresses judged here; it is told addresses. */
Test(retrieval_policy, proxy)
{
    char *url = server_url_of(server, "proxied.stir.test", "/a.pem");
    char *hidden = server_url_of(server, "hidden.stir.test", "/a.pem");
    char proxy[64], wanted[64], sentence[256];

    server_name(server, "hidden.stir.test", "a=10.0.0.1");
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server_port(server, "proxy"));
    snprintf(wanted, sizeof wanted, "127.0.0.1:%d\n", server_port(server, "good"));
    cr_expect_eq(code_of(url, NULL, NULL, sentence), STIR_CODE_OK, "%s", sentence);
    cr_expect_eq(server_connections(server, "proxy"), 0);
    cr_expect_eq(code_of(url, "proxy", proxy, sentence), STIR_CODE_OK, "%s", sentence);
    char *targets = server_targets(server);
    cr_expect_str_eq(targets, wanted);
    free(targets);
    cr_expect_eq(code_of(hidden, "proxy", proxy, sentence), STIR_CODE_X5U_REFUSED, "%s",
                 sentence);
    cr_expect_eq(server_connections(server, "proxy"), 1);
    free(url);
    free(hidden);
}

/* fetch=caller: stir_verify() answers from memory, and an operation's wants are the caller's. */
Test(retrieval_policy, fetch_by_caller)
{
    struct stir_verifier *verifier =
        retrieve_verifier(server, retrieve_config(server, "fetch", "caller", NULL));
    struct stage *stage = retrieve_stage(server_url(server, "good", "/a.pem"));
    struct stir_call *call = stage_call(stage);

    int code = retrieve_code(verifier, stage, -1, NULL);
    cr_expect(code == STIR_CODE_X5U_UNREACHABLE || code == STIR_CODE_DEADLINE, "%s",
              stir_code_name(code));
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, NULL);
    cr_assert_eq(stir_op_step(op, NULL), STIR_WANT);
    struct stir_want *want = stir_op_want(op);
    cr_assert_not_null(want);
    cr_expect_eq(want->kind, STIR_WANT_CERTIFICATES);
    cr_expect_str_eq(want->url, stage->situation->x5u);
    cr_expect_null(want->if_none_match);
    stir_want_add_header(want, "ETag", "\"mine\"", STIR_NUL);
    stir_want_put(want, 200, stage->body, strlen(stage->body));
    cr_expect_eq(stir_op_step(op, NULL), 0);
    cr_expect_eq(stir_result_code(stir_op_result(op)), STIR_CODE_OK);
    stir_op_free(op);
    cr_expect_eq(retrieve_code(verifier, stage, -1, NULL), STIR_CODE_OK, "in memory now");
    cr_expect_eq(server_count(server, "*"), 0);
    stir_call_free(call);
    stir_verifier_free(verifier);
}

/* stir_verifier_may_connect(): what an HTTP client of the caller's asks before it connects. */
Test(retrieval_policy, may_connect)
{
    static const struct {
        const char *address;
        bool may, may_with;
    } cases[] = {{"8.8.8.8", true, true},
                 {"10.1.2.3", false, true},
                 {"10.2.2.3", false, false},
                 {"127.0.0.1", false, false},
                 {"169.254.1.1", false, false},
                 {"::ffff:10.1.2.3", false, true},
                 {"2606:4700::1", true, true},
                 {"fd00::1", false, true},
                 {"fd01::1", false, false},
                 {"64:ff9b::a01:203", false, true},
                 {"64:ff9b::a02:203", false, false},
                 {"example.com", false, false},
                 {"", false, false},
                 {"10.1.2.3 ", false, false},
                 {"[fd00::1]", false, false}};
    struct stir_config *config = stir_config_new();
    struct stir_verifier *plain = stir_verifier_new(config, NULL);

    cr_assert_eq(stir_config_set(config, "fetch_allow", "10.1.0.0/16,fd00::/16", NULL), 0);
    struct stir_verifier *with = stir_verifier_new(config, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(stir_verifier_may_connect(plain, cases[i].address), cases[i].may, "%s",
                     cases[i].address);
        cr_expect_eq(stir_verifier_may_connect(with, cases[i].address), cases[i].may_with,
                     "%s, allowed", cases[i].address);
    }
    stir_verifier_free(plain);
    stir_verifier_free(with);
    stir_config_free(config);
}
