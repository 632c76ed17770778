/* TNAuthLists by reference at the test server: fetched like certificates, with limits and lives of
   their own (A-10, R8226-10.1-3), after the path that names them has reached an anchor. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help.h"
#include "tests/retrieve.h"

static const struct mint root = {.subject = "Root", .key = "root"};
static const struct mint provider = {
    .subject = "SPC", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "12155551000+1000"};

static struct server *server;

static void start(void)
{
    struct stir_scope *scope = stir_scope_new();
    struct stir_error error;
    size_t len;

    server = help_server();
    cr_assert_eq(stir_scope_add_range(scope, "12155551200", 100, &error), 0, "%s", error.text);
    void *der = stir_scope_encode(scope, &len, &error);
    cr_assert_not_null(der, "%s", error.text);
    server_body(server, "*", der, len);
    stir_scope_free(scope);
    free(der);
}

static void stop(void)
{
    server_stop(server);
}

TestSuite(retrieval_lists, .init = start, .fini = stop, .timeout = 60);

/* As long as the process, like what is minted. */
static struct kept {
    struct kept *next;
    struct mint signer;
    struct situation situation;
    struct stage stage;
} * all_kept;

/* A call by a delegate whose list is at that URL. */
static struct stage *call_with_list(const char *list, const char *x5u)
{
    struct kept *kept = calloc(1, sizeof *kept);

    cr_assert_not_null(kept);
    kept->next = all_kept;
    all_kept = kept;
    kept->signer = (struct mint){.subject = "ACME", .key = "delegate", .stir_tn_list = list};
    kept->situation = (struct situation){
        .desc = "by reference", .chain = {&kept->signer, &provider, &root}, .x5u = x5u};
    stage_set(&kept->stage, &kept->situation);
    return &kept->stage;
}

struct list {
    const char *desc, *host, *kind, *rule;
    int timeout_ms, code;
    const char *sentence;
};

#define GONE STIR_CODE_TNAUTHLIST_UNREACHABLE

static const struct list lists[] = {
    {"A-10: a list", "a.stir.test", "good", "type=tnauthlist", -1, STIR_CODE_OK, ""},
    {"R8226-10.1-3: another media type", "b.stir.test", "good", "type=octets", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, "media type"},
    {"R8226-10.1-3: a page", "c.stir.test", "good", "html,type=tnauthlist", -1,
     STIR_CODE_TNAUTHLIST_SYNTAX, ""},
    {"A-10: not there", "d.stir.test", "good", "status=404", -1, GONE, "404"},
    {"A-10: a redirect", "e.stir.test", "good", "redirect=same", -1, GONE, "302"},
    {"A-10: another host's TLS", "f.stir.test", "wrong-name", "type=tnauthlist", -1, GONE,
     "TLS"},
    {"A-10: nobody listens", "g.stir.test", "refusing", "type=tnauthlist", -1, GONE,
     "connection"},
    {"no answer by the call's deadline", "h.stir.test", "good", "stuck", 300,
     STIR_CODE_DEADLINE, ""},
    {"A-10: a list of more than 16 MiB", "i.stir.test", "good",
     "type=tnauthlist,length=16777217", -1, STIR_CODE_X5U_BODY, "limit"},
    {"an address that may not be connected to", "private.stir.test", "good", "type=tnauthlist",
     -1, STIR_CODE_X5U_REFUSED, "10.0.0.1"},
};

Test(retrieval_lists, answers)
{
    server_name(server, "private.stir.test", "a=10.0.0.1");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct list *list = &lists[i];
        struct stir_verifier *verifier =
            retrieve_verifier(server, retrieve_config(server, NULL));
        char path[32], sentence[256];
        snprintf(path, sizeof path, "/%zu.der", i);
        char *url = server_url_at(server, list->host, list->kind, path);
        char *x5u = server_url(server, "good", "/path.pem");
        struct stage *stage = call_with_list(url, x5u);
        server_rule(server, path, list->rule);
        server_body(server, "/path.pem", stage->body, strlen(stage->body));
        int code = retrieve_code(verifier, stage, list->timeout_ms, sentence);
        cr_expect_eq(code, list->code, "%s: %s: %s", list->desc, stir_code_name(code),
                     sentence);
        cr_expect_not_null(strstr(sentence, list->sentence), "%s: %s", list->desc, sentence);
        stir_verifier_free(verifier);
        free(x5u);
        free(url);
    }
    char *head = server_last(server, "/0.der");
    cr_expect_not_null(strstr(head, "\r\nAccept: application/tnauthlist\r\n"), "%s", head);
    free(head);
}

/* No floor and no stale copy: numbers come and go. (The test's clock is ahead of a real Date.) */
Test(retrieval_lists, lives)
{
    static const struct {
        const char *desc, *rule, *then;
        int64_t later;
        unsigned requests;
        int code;
    } lives[] = {
        {"A-10: nothing said, at once again", "type=tnauthlist", NULL, 9, 1, STIR_CODE_OK},
        {"and later", "type=tnauthlist", NULL, 11, 2, STIR_CODE_OK},
        {"A-10: max-age", "type=tnauthlist,date=none,max-age=3600", NULL, 3599, 1,
         STIR_CODE_OK},
        {"and past it", "type=tnauthlist,date=none,max-age=3600", NULL, 3601, 2, STIR_CODE_OK},
        {"A-10: a day at most", "type=tnauthlist,date=none,max-age=999999", NULL, 86399, 1,
         STIR_CODE_OK},
        {"and past it", "type=tnauthlist,date=none,max-age=999999", NULL, 86401, 2,
         STIR_CODE_OK},
        {"A-10: no old copy where it failed", "type=tnauthlist,date=none,max-age=60",
         "status=404", 61, 2, GONE},
    };

    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        struct stir_verifier *verifier =
            retrieve_verifier(server, retrieve_config(server, NULL));
        char path[32], sentence[256];
        snprintf(path, sizeof path, "/life%zu.der", i);
        char *url = server_url(server, "good", path),
             *x5u = server_url(server, "good", "/p.pem");
        struct stage *stage = call_with_list(url, x5u);
        server_rule(server, path, lives[i].rule);
        server_body(server, "/p.pem", stage->body, strlen(stage->body));
        retrieve_stop_clock(verifier);
        cr_expect_eq(retrieve_code(verifier, stage, -1, sentence), STIR_CODE_OK, "%s: %s",
                     lives[i].desc, sentence);
        if (lives[i].then != NULL)
            server_rule(server, path, lives[i].then);
        retrieve_pass(lives[i].later);
        int code = retrieve_code(verifier, stage, -1, sentence);
        cr_expect_eq(code, lives[i].code, "%s: %s: %s", lives[i].desc, stir_code_name(code),
                     sentence);
        cr_expect_eq(server_count(server, path), lives[i].requests, "%s: %u requests",
                     lives[i].desc, server_count(server, path));
        stir_verifier_free(verifier);
        free(x5u);
        free(url);
    }
}

/* Whoever has no anchor above him has nothing fetched by a certificate of his own making. */
Test(retrieval_lists, not_of_a_path_without_an_anchor)
{
    char *url = server_url(server, "good", "/l.der"),
         *x5u = server_url(server, "good", "/x.pem");
    struct stage *stage = call_with_list(url, x5u);
    struct stir_verifier *without = retrieve_verifier(server, retrieve_other_anchor(server));
    struct stir_verifier *with = retrieve_verifier(server, retrieve_config(server, NULL));

    server_rule(server, "/l.der", "type=tnauthlist");
    server_body(server, "/x.pem", stage->body, strlen(stage->body));
    cr_expect_eq(retrieve_code(without, stage, -1, NULL), STIR_CODE_PATH_NO_ANCHOR);
    cr_expect_eq(server_count(server, "/l.der"), 0);
    cr_expect_eq(retrieve_code(with, stage, -1, NULL), STIR_CODE_OK);
    cr_expect_eq(server_count(server, "/l.der"), 1);
    stir_verifier_free(without);
    stir_verifier_free(with);
    free(url);
    free(x5u);
}
