/* Calls whose certificates are at a server that does wrong whatever can be: each fault has its
   code, and the call is answered by its deadline. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help.h"
#include "tests/retrieve.h"

struct fault {
    const char *desc, *kind, *path;
    int timeout_ms; /* of the call; 0: -1, as long as the fetch limits allow */
    int code;
    const char *sentence; /* a part of it; NULL: anything but nothing */
};

#define UNREACHABLE .code = STIR_CODE_X5U_UNREACHABLE
#define BODY .code = STIR_CODE_X5U_BODY
#define DEADLINE .timeout_ms = 300, .code = STIR_CODE_DEADLINE

/* R8224-7.2-1: what cannot be had is no forgery (indeterminate); what is no list is one. */
static const struct fault faults[] = {
    {"nothing wrong", "good", "/a.pem", .code = STIR_CODE_OK},
    {"TLS 1.1 alone", "tls11", "/a.pem", UNREACHABLE},
    {"another host's certificate", "wrong-name", "/a.pem", UNREACHABLE},
    {"an expired certificate", "expired", "/a.pem", UNREACHABLE},
    {"a certificate not valid yet", "not-yet", "/a.pem", UNREACHABLE},
    {"a certificate signed by itself", "self-signed", "/a.pem", UNREACHABLE},
    {"a certificate of a CA not trusted", "stranger", "/a.pem", UNREACHABLE},
    {"HTTP without TLS", "plain", "/a.pem", UNREACHABLE},
    {"nobody listens", "refusing", "/a.pem", UNREACHABLE},
    {"nobody accepts", "full", "/a.pem", DEADLINE},
    {"nothing is said", "silent", "/a.pem", DEADLINE},
    {"a slow answer that comes", "good", "/delay=200/a.pem", .code = STIR_CODE_OK},
    {"its twin does not come in time", "good", "/delay=20000/a.pem", DEADLINE},
    {"no answer", "good", "/stuck/a.pem", DEADLINE},
    {"headers one octet a second", "good", "/slow-headers/a.pem", DEADLINE},
    {"a body one octet a second", "good", "/slow-body/a.pem", DEADLINE},
    {"an answer that is not HTTP", "good", "/garbage/a.pem", UNREACHABLE},
    {"a header larger than any", "good", "/huge=70000/a.pem", BODY},
    {"a line of it larger than libcurl takes", "good", "/huge=2000000/a.pem", UNREACHABLE},
    {"a body without end", "good", "/endless/a.pem", BODY},
    {"one in chunks without end", "good", "/endless,chunked/a.pem", BODY},
    {"a length beyond the limit", "good", "/length=1048577/a.pem", BODY},
    {"chunks", "good", "/chunked/a.pem", .code = STIR_CODE_OK},
    {"no length", "good", "/length=none/a.pem", .code = STIR_CODE_OK},
    {"a length too short", "good", "/length=short/a.pem", BODY},
    {"a length too long", "good", "/length=long/a.pem", UNREACHABLE},
    {"a reset in the middle of the body", "good", "/reset/a.pem", UNREACHABLE},
    {"an end in the middle of the body", "good", "/close/a.pem", UNREACHABLE},
    {"compressed, 64 MiB if one unpacks it", "good", "/gzip-bomb/a.pem", BODY},
    {"an empty body", "good", "/empty/a.pem", BODY},
    {"a page", "good", "/html/a.pem", BODY},
    {"the signer's certificate alone", "good", "/leaf/a.pem", .code = STIR_CODE_PATH_NO_ANCHOR},
    {"not there", "good", "/status=404/a.pem", UNREACHABLE, "404"},
    {"a server at fault", "good", "/status=500/a.pem", UNREACHABLE, "500"},
    {"304 that nobody asked for", "good", "/status=304/a.pem", UNREACHABLE, "304"},
    {"no content", "good", "/status=204/a.pem", UNREACHABLE, "204"},
    {"a part, and nobody asked for one", "good", "/status=206/a.pem", UNREACHABLE, "206"},
    {"redirected to http", "good", "/redirect=http/a.pem", UNREACHABLE, "302"},
    {"redirected to a file", "good", "/redirect=file/a.pem", UNREACHABLE, "302"},
    {"redirected to loopback", "good", "/redirect=loopback/a.pem", UNREACHABLE, "302"},
    {"redirected to link-local", "good", "/redirect=link-local/a.pem", UNREACHABLE, "302"},
    {"redirected on the same host", "good", "/redirect=same/target.pem", UNREACHABLE, "302"},
    {"as an application's octets", "good", "/type=octets/a.pem", .code = STIR_CODE_OK},
    {"without a media type", "good", "/type=none/a.pem", .code = STIR_CODE_OK},
};
enum { FAULTS = sizeof faults / sizeof *faults };

/* No call waits longer than it said, however noisy the machine is: the slowest of these servers
   takes 20 s and more. */
Test(retrieval, each_fault_has_its_code, .timeout = 120)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);

    for (size_t i = 0; i < FAULTS; i++) {
        const struct fault *fault = &faults[i];
        char host[64], sentence[256];
        snprintf(host, sizeof host, "f%zu.stir.test", i); /* or it would be left alone */
        struct stage *stage =
            retrieve_stage(server_url_at(server, host, fault->kind, fault->path));
        int64_t begun = retrieve_now_ms();
        int code = retrieve_code(verifier, stage,
                                 fault->timeout_ms != 0 ? fault->timeout_ms : -1, sentence);
        int64_t took = retrieve_now_ms() - begun;
        cr_expect_eq(code, fault->code, "%s: %s: %s", fault->desc, stir_code_name(code),
                     sentence);
        cr_expect(code == STIR_CODE_OK || *sentence != '\0', "%s: no sentence", fault->desc);
        cr_expect(fault->sentence == NULL || strstr(sentence, fault->sentence) != NULL,
                  "%s: \"%s\" is not in \"%s\"", fault->desc, fault->sentence, sentence);
        cr_expect_lt(took, fault->timeout_ms + 10000, "%s: %lld ms", fault->desc,
                     (long long)took);
    }
    cr_expect_eq(server_count(server, "/landing"), 0, "a redirect was followed");
    cr_expect_eq(server_count(server, "/target.pem"), 0, "a redirect was followed");
    stir_verifier_free(verifier);
    server_stop(server);
}

/* A stranger chooses the port: what goes wrong at one must not keep calls from another, though a
   host that failed is left alone for a time. */
Test(retrieval, ports_answer_for_themselves)
{
    static const char *const kinds[] = {"refusing", "plain", "self-signed", "silent"};
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    char path[32];

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(path, sizeof path, "/%zu.pem", i);
        struct stage *bad =
            retrieve_stage(server_url_at(server, "h.stir.test", kinds[i], path));
        struct stage *good = retrieve_stage(server_url_of(server, "h.stir.test", path));
        cr_expect_neq(retrieve_code(verifier, bad, 300, NULL), STIR_CODE_OK, "%s", kinds[i]);
        cr_expect_eq(retrieve_code(verifier, good, -1, NULL), STIR_CODE_OK, "%s", kinds[i]);
    }
    stir_verifier_free(verifier);
    server_stop(server);
}

/* What goes wrong with one URL of a host keeps no call from another, but where the host says
   that it is the host. */
Test(retrieval, urls_answer_for_themselves)
{
    static const struct {
        int status, code;
    } cases[] = {{404, STIR_CODE_OK},
                 {500, STIR_CODE_OK},
                 {501, STIR_CODE_OK},
                 {503, STIR_CODE_X5U_UNREACHABLE}};
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    char host[64], bad[64], good[64];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(host, sizeof host, "u%zu.stir.test", i);
        snprintf(bad, sizeof bad, "/status=%d/%zu.pem", cases[i].status, i);
        snprintf(good, sizeof good, "/u%zu.pem", i);
        struct stage *one = retrieve_stage(server_url_of(server, host, bad));
        struct stage *other = retrieve_stage(server_url_of(server, host, good));
        cr_expect_eq(retrieve_code(verifier, one, -1, NULL), STIR_CODE_X5U_UNREACHABLE);
        cr_expect_eq(retrieve_code(verifier, other, -1, NULL), cases[i].code, "%d",
                     cases[i].status);
    }
    stir_verifier_free(verifier);
    server_stop(server);
}

/* What is said of a host that is left alone is what it did; the twin is at fault in this URL
   alone. */
static const struct {
    const char *desc, *kind, *name, *rule;
    int code;
    const char *sentence;
} left_alone[] = {
    {"the twin: not there", "good", NULL, "/status=404", STIR_CODE_X5U_UNREACHABLE,
     "found 404"},
    {"at fault", "good", NULL, "/status=503", STIR_CODE_X5U_UNREACHABLE,
     "with status 503 a moment"},
    {"asked too often", "good", NULL, "/status=429", STIR_CODE_X5U_UNREACHABLE,
     "with status 429 a moment"},
    {"no HTTP", "good", NULL, "/garbage", STIR_CODE_X5U_UNREACHABLE, "broke off its answer a"},
    {"another's certificate", "wrong-name", NULL, "", STIR_CODE_X5U_UNREACHABLE,
     "failed in TLS a moment"},
    {"nobody listens", "refusing", NULL, "", STIR_CODE_X5U_UNREACHABLE,
     "took no connection a moment"},
    {"no such name", "good", "nxdomain", "", STIR_CODE_X5U_UNREACHABLE,
     "had no address a moment"},
    {"a private address", "good", "a=10.0.0.1", "", STIR_CODE_X5U_REFUSED,
     "not allowed a moment"},
};

Test(retrieval, what_a_host_did_is_said)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    char host[64], path[64], sentence[256];

    for (size_t i = 0; i < sizeof left_alone / sizeof *left_alone; i++) {
        int code = 0;
        *sentence = '\0';
        snprintf(host, sizeof host, "l%zu.stir.test", i);
        if (left_alone[i].name != NULL)
            server_name(server, host, left_alone[i].name);
        /* A second for the first time, two for the next: a slow machine may miss some. */
        for (int n = 0; n < 6 && strstr(sentence, left_alone[i].sentence) == NULL; n++) {
            snprintf(path, sizeof path, "%s/%d.pem", left_alone[i].rule, n);
            struct stage *stage =
                retrieve_stage(server_url_at(server, host, left_alone[i].kind, path));
            code = retrieve_code(verifier, stage, -1, sentence);
        }
        cr_expect_eq(code, left_alone[i].code, "%s: %s", left_alone[i].desc,
                     stir_code_name(code));
        cr_expect_not_null(strstr(sentence, left_alone[i].sentence), "%s: %s",
                           left_alone[i].desc, sentence);
    }
    stir_verifier_free(verifier);
    server_stop(server);
}

/* timeout 0 answers from memory: nothing is asked of the network, and nothing is remembered of
   that. */
Test(retrieval, from_memory_alone)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    struct stage *stage = retrieve_stage(server_url(server, "good", "/a.pem"));

    int code = retrieve_code(verifier, stage, 0, NULL);
    cr_expect(code == STIR_CODE_DEADLINE || code == STIR_CODE_X5U_UNREACHABLE, "%s",
              stir_code_name(code));
    cr_expect_eq(retrieve_code(verifier, stage, -1, NULL), STIR_CODE_OK);
    cr_expect_eq(server_count(server, "/a.pem"), 1);
    cr_expect_eq(retrieve_code(verifier, stage, 0, NULL), STIR_CODE_OK, "in memory now");
    cr_expect_eq(server_count(server, "/a.pem"), 1);
    stir_verifier_free(verifier);
    server_stop(server);
}

/* ---- names ---- */

struct name {
    const char *desc, *spec;
    int timeout_ms, code;
};

static const struct name names[] = {
    {"allowed", "a=127.0.0.1", -1, STIR_CODE_OK},
    {"private", "a=10.0.0.1", -1, STIR_CODE_X5U_REFUSED},
    {"link-local", "a=169.254.169.254", -1, STIR_CODE_X5U_REFUSED},
    {"loopback of IPv6", "aaaa=::1", -1, STIR_CODE_X5U_REFUSED},
    {"private IPv4 within IPv6", "aaaa=::ffff:10.0.0.1", -1, STIR_CODE_X5U_REFUSED},
    {"private IPv4 behind NAT64", "aaaa=64:ff9b::a00:1", -1, STIR_CODE_X5U_REFUSED},
    {"none of several", "a=10.0.0.1,a=192.168.0.1,aaaa=fd00::1", -1, STIR_CODE_X5U_REFUSED},
    {"one that may and one that may not", "a=10.0.0.1,a=127.0.0.1", -1, STIR_CODE_OK},
    {"not there", "nxdomain", -1, STIR_CODE_X5U_UNREACHABLE},
    {"its servers fail", "servfail", -1, STIR_CODE_X5U_UNREACHABLE},
    {"its servers are slow", "delay=100,a=127.0.0.1", -1, STIR_CODE_OK},
    {"its twin is too slow", "delay=20000,a=127.0.0.1", 300, STIR_CODE_DEADLINE},
    {"nobody answers", "silent", 300, STIR_CODE_DEADLINE},
};

Test(retrieval, names, .timeout = 120)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char host[64], sentence[256];
        snprintf(host, sizeof host, "n%zu.stir.test", i);
        server_name(server, host, names[i].spec);
        struct stage *stage = retrieve_stage(server_url_of(server, host, "/a.pem"));
        int code = retrieve_code(verifier, stage, names[i].timeout_ms, sentence);
        cr_expect_eq(code, names[i].code, "%s: %s: %s", names[i].desc, stir_code_name(code),
                     sentence);
    }
    stir_verifier_free(verifier);
    server_stop(server);
}

/* A name that was good is another thing when it is asked for anew. */
Test(retrieval, rebinding)
{
    struct server *server = help_server();
    struct stir_verifier *verifier = retrieve_verifier_with_bodies(server);
    struct stage *stage = retrieve_stage(server_url_of(server, "rebind.stir.test", "/a.pem"));
    struct stage *other = retrieve_stage(server_url_of(server, "rebind.stir.test", "/b.pem"));

    server_name(server, "rebind.stir.test", "a=127.0.0.1|a=10.0.0.1");
    cr_expect_eq(retrieve_code(verifier, stage, -1, NULL), STIR_CODE_OK);
    cr_expect_eq(retrieve_code(verifier, other, -1, NULL), STIR_CODE_X5U_REFUSED);
    cr_expect_eq(server_count(server, "/b.pem"), 0);
    stir_verifier_free(verifier);
    server_stop(server);
}
