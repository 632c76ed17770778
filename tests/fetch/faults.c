/* A guarded GET against a server that does wrong whatever can be: each fault has its failure, or
   brings a status and a bounded body, and none outlives its time. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/get.h"
#include "tests/help.h"
#include "tests/help_server.h"

static const char body[] = "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"
                           "-----BEGIN CERTIFICATE-----\nMAAB\n-----END CERTIFICATE-----\n";
enum { WHOLE = sizeof body - 1, LIMIT = 1 << 20 };

struct fault {
    const char *desc, *kind, *path;
    int timeout_ms;
    int status; /* 0: a failure */
    enum stir_failure why;
    const char *sentence; /* a part of it; NULL: anything but nothing */
    size_t len;           /* of the body; SIZE_MAX: at most the limit */
};

#define FAIL(failure) .why = STIR_FAILURE_##failure

/* Against whom: R8224-7.2-1, A-22, and design.md's limits. */
static const struct fault faults[] = {
    {"nothing wrong", "good", "/a.pem", .status = 200, .len = WHOLE},
    {"TLS 1.2 alone", "tls12", "/a.pem", .status = 200, .len = WHOLE},
    {"TLS 1.3 alone", "tls13", "/a.pem", .status = 200, .len = WHOLE},
    {"TLS 1.1 alone", "tls11", "/a.pem", FAIL(TLS)},
    {"another host's certificate", "wrong-name", "/a.pem", FAIL(TLS)},
    {"an expired certificate", "expired", "/a.pem", FAIL(TLS)},
    {"a certificate not valid yet", "not-yet", "/a.pem", FAIL(TLS)},
    {"a certificate signed by itself", "self-signed", "/a.pem", FAIL(TLS)},
    {"a certificate of a CA not trusted", "stranger", "/a.pem", FAIL(TLS)},
    {"HTTP without TLS", "plain", "/a.pem", FAIL(TLS)},
    {"nobody listens", "refusing", "/a.pem", FAIL(CONNECT)},
    {"nobody accepts", "full", "/a.pem", .timeout_ms = 300, FAIL(TIMEOUT)},
    {"nothing is said", "silent", "/a.pem", .timeout_ms = 300, FAIL(TIMEOUT)},
    {"a slow answer that comes", "good", "/delay=200/a.pem", .status = 200, .len = WHOLE},
    {"its twin does not come in time", "good", "/delay=20000/a.pem", .timeout_ms = 300,
     FAIL(TIMEOUT)},
    {"no answer", "good", "/stuck/a.pem", .timeout_ms = 300, FAIL(TIMEOUT)},
    {"headers one octet a second", "good", "/slow-headers/a.pem", .timeout_ms = 300,
     FAIL(TIMEOUT)},
    {"a body one octet a second", "good", "/slow-body/a.pem", .timeout_ms = 300, FAIL(TIMEOUT)},
    {"an answer that is not HTTP", "good", "/garbage/a.pem", FAIL(BROKEN)},
    {"a header larger than any", "good", "/huge=70000/a.pem", FAIL(TOO_LARGE)},
    {"a line of it larger than libcurl takes", "good", "/huge=2000000/a.pem", FAIL(BROKEN)},
    {"a body without end", "good", "/endless/a.pem", FAIL(TOO_LARGE)},
    {"one in chunks without end", "good", "/endless,chunked/a.pem", FAIL(TOO_LARGE)},
    {"a length beyond the limit", "good", "/length=1048577/a.pem", FAIL(TOO_LARGE)},
    {"chunks", "good", "/chunked/a.pem", .status = 200, .len = WHOLE},
    {"chunks of one octet", "good", "/crumbs/a.pem", .status = 200, .len = WHOLE},
    {"no length", "good", "/length=none/a.pem", .status = 200, .len = WHOLE},
    {"a length too short", "good", "/length=short/a.pem", .status = 200, .len = WHOLE / 2},
    {"a length too long", "good", "/length=long/a.pem", FAIL(BROKEN)},
    {"a reset in the middle of the body", "good", "/reset/a.pem", FAIL(BROKEN)},
    {"an end in the middle of the body", "good", "/close/a.pem", FAIL(BROKEN)},
    {"compressed, 64 MiB if one unpacks it", "good", "/gzip-bomb/a.pem", FAIL(ENCODING)},
    {"an empty body", "good", "/empty/a.pem", .status = 200, .len = 0},
    {"a page", "good", "/html/a.pem", .status = 200, .len = SIZE_MAX},
    {"not there", "good", "/status=404/a.pem", .status = 404, .len = SIZE_MAX},
    {"a server at fault", "good", "/status=500/a.pem", .status = 500, .len = SIZE_MAX},
    {"304 that nobody asked for", "good", "/status=304/a.pem", .status = 304, .len = 0},
    {"redirected to http", "good", "/redirect=http/a.pem", .status = 302, .len = SIZE_MAX},
    {"redirected to a file", "good", "/redirect=file/a.pem", .status = 302, .len = SIZE_MAX},
    {"redirected to loopback", "good", "/redirect=loopback/a.pem", .status = 302,
     .len = SIZE_MAX},
    {"redirected to link-local", "good", "/redirect=link-local/a.pem", .status = 302,
     .len = SIZE_MAX},
    {"redirected on the same host", "good", "/redirect=same/target.pem", .status = 302,
     .len = SIZE_MAX},
};

static void expect_end(const struct fault *fault, const struct got *got)
{
    cr_expect_eq(got->status, fault->status, "%s: status %d: %s", fault->desc, got->status,
                 got->sentence);
    if (fault->status == 0) {
        cr_expect_eq(got->why, fault->why, "%s: failure %d: %s", fault->desc, got->why,
                     got->sentence);
        cr_expect(*got->sentence != '\0', "%s: no sentence", fault->desc);
        cr_expect_null(got->body, "%s: has a body", fault->desc);
        return;
    }
    cr_expect(fault->len == SIZE_MAX ? got->len <= LIMIT : got->len == fault->len,
              "%s: %zu octets", fault->desc, got->len);
    if (fault->len == WHOLE)
        cr_expect_str_eq(got->body, body, "%s: another body", fault->desc);
}

Test(faults, each_has_its_end)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);

    server_body(server, "/a.pem", body, WHOLE);
    server_body(server, "/landing", body, WHOLE);
    server_body(server, "/target.pem", body, WHOLE);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *url = server_url(server, faults[i].kind, faults[i].path);
        struct got got;
        get_one(policy,
                &(struct fetch_request){.url = url,
                                        .accept = "application/pem-certificate-chain",
                                        .limit = LIMIT,
                                        .timeout_ms = faults[i].timeout_ms},
                &got);
        expect_end(&faults[i], &got);
        get_clear(&got);
        free(url);
    }
    cr_expect_eq(server_count(server, "/landing"), 0, "a redirect was followed");
    cr_expect_eq(server_count(server, "/target.pem"), 0, "a redirect was followed");
    fetch_policy_free(policy);
    server_stop(server);
}

/* The limit is the request's, to the octet. */
Test(faults, limit)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    static const char *const paths[] = {"/a.pem", "/chunked/a.pem", "/length=none/a.pem"};

    server_body(server, "/a.pem", body, WHOLE);
    for (size_t i = 0; i < 6; i++) {
        char *url = server_url(server, "good", paths[i / 2]);
        struct got got;
        get_one(policy, &(struct fetch_request){.url = url, .limit = WHOLE - i % 2}, &got);
        cr_expect_eq(got.status, i % 2 == 0 ? 200 : 0, "%s, %zu: %d", paths[i / 2],
                     WHOLE - i % 2, got.status);
        cr_expect(i % 2 == 0 || got.why == STIR_FAILURE_TOO_LARGE, "%s", got.sentence);
        get_clear(&got);
        free(url);
    }
    fetch_policy_free(policy);
    server_stop(server);
}

/* What is asked: nothing of the environment, no coding, no cookie of the answer before. */
Test(faults, the_request)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    char *url = server_url(server, "good", "/a.pem");
    struct got got;

    setenv("HOME", "/nonexistent", 1);
    server_body(server, "/a.pem", body, WHOLE);
    server_header(server, "/a.pem", "Set-Cookie: tracked=yes");
    for (int i = 0; i < 2; i++) {
        get_start(loop, policy,
                  &(struct fetch_request){.url = url,
                                          .accept = "application/pem-certificate-chain",
                                          .if_none_match = "\"v1\"",
                                          .if_modified_since = "Tue, 14 Nov 2023 22:13:20 GMT",
                                          .limit = LIMIT},
                  &got);
        get_drive(loop, &got, 1);
        cr_expect_eq(got.status, 200, "%s", got.sentence);
        get_clear(&got);
    }
    char *head = server_last(server, "/a.pem");
    cr_expect_eq(strncmp(head, "GET /a.pem HTTP/1.1\r\n", 21), 0, "%s", head);
    cr_expect_not_null(strstr(head, "\r\nAccept: application/pem-certificate-chain\r\n"), "%s",
                       head);
    cr_expect_not_null(strstr(head, "\r\nIf-None-Match: \"v1\"\r\n"), "%s", head);
    cr_expect_not_null(strstr(head, "\r\nIf-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n"),
                       "%s", head);
    cr_expect_null(strcasestr(head, "Accept-Encoding"), "%s", head);
    cr_expect_null(strcasestr(head, "Cookie"), "%s", head);
    cr_expect_null(strcasestr(head, "Authorization"), "%s", head);
    free(head);
    free(url);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
    server_stop(server);
}

/* The fields of the response, and conditions that hold. */
Test(faults, fields_and_conditions)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    char *url = server_url(server, "good", "/a.pem");
    struct got got;

    server_body(server, "/a.pem", body, WHOLE);
    server_rule(server, "/a.pem",
                "etag=v1,modified=1700000000,max-age=60,no-cache,expires=3600,age=5,type=pkix");
    get_one(policy, &(struct fetch_request){.url = url, .limit = LIMIT}, &got);
    cr_expect_eq(got.status, 200, "%s", got.sentence);
    cr_expect_str_eq(got.meta.etag, "\"v1\"");
    cr_expect_str_eq(got.meta.last_modified, "Tue, 14 Nov 2023 22:13:20 GMT");
    cr_expect_eq(got.meta.max_age, 60);
    cr_expect_eq(got.meta.age, 5);
    cr_expect_eq(got.meta.expires - got.meta.date, 3600);
    cr_expect_eq(got.meta.said, (unsigned)(HTTP_CACHE_CONTROL | HTTP_MAX_AGE | HTTP_NO_CACHE
                                           | HTTP_EXPIRES | HTTP_DATE | HTTP_AGE));
    cr_expect(http_meta_is_type(&got.meta, "application/pkix-cert"), "%s",
              got.meta.content_type);
    get_clear(&got);
    get_one(policy,
            &(struct fetch_request){.url = url, .if_none_match = "\"v1\"", .limit = LIMIT},
            &got);
    cr_expect_eq(got.status, 304, "%s", got.sentence);
    cr_expect_eq(got.len, 0);
    get_clear(&got);
    get_one(policy,
            &(struct fetch_request){.url = url, .if_none_match = "\"v0\"", .limit = LIMIT},
            &got);
    cr_expect_eq(got.status, 200, "the body changed behind the entity tag: %s", got.sentence);
    get_clear(&got);
    free(url);
    fetch_policy_free(policy);
    server_stop(server);
}

/* Faulty hosts and good ones at once in one loop: the good answers are there before any of the
   others is even over. */
Test(faults, delay_nothing_else)
{
    static const char *const slow[] = {"/stuck/a.pem", "/slow-headers/a.pem",
                                       "/slow-body/a.pem", "/delay=20000/a.pem"};
    static const char *const kinds[] = {"silent", "full"};
    enum { SLOW = 6, GOOD = 20 };
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    struct got got[SLOW + GOOD];
    char *good = server_url(server, "good", "/a.pem");

    server_body(server, "/a.pem", body, WHOLE);
    for (size_t i = 0; i < SLOW; i++) {
        char *url = i < 4 ? server_url(server, "good", slow[i])
                          : server_url(server, kinds[i - 4], "/a.pem");
        get_start(loop, policy,
                  &(struct fetch_request){.url = url, .limit = LIMIT, .timeout_ms = 1900},
                  &got[GOOD + i]);
        free(url);
    }
    for (size_t i = 0; i < GOOD; i++)
        get_start(loop, policy, &(struct fetch_request){.url = good, .limit = LIMIT}, &got[i]);
    get_drive(loop, got, GOOD + SLOW);
    for (size_t i = 0; i < GOOD + SLOW; i++) {
        cr_expect_eq(got[i].status, i < GOOD ? 200 : 0, "%zu: %s", i, got[i].sentence);
        cr_expect_eq(got[i].order <= GOOD, i < GOOD, "%zu: the %dth", i, got[i].order);
        cr_expect(i < GOOD || got[i].why == STIR_FAILURE_TIMEOUT, "%zu: %s", i,
                  got[i].sentence);
        get_clear(&got[i]);
    }
    free(good);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
    server_stop(server);
}

/* Without a time of its own a fetch ends by what it does: a name in 2 s, a connection in 2 s
   more at most, octets that hardly come in 3 s, and any in 5 s. What matters is which ends
   before which. */
Test(faults, ends_by_its_limits, .timeout = 120)
{
    static const struct {
        const char *desc, *host, *kind, *path;
        int place; /* those of one place may come in any order */
    } slow[] = {
        {"no name", "silent.stir.test", "good", "/a.pem", 1},
        {"no connection", "127.0.0.1", "full", "/a.pem", 1},
        {"no TLS", "127.0.0.1", "silent", "/a.pem", 1},
        {"no answer", "127.0.0.1", "good", "/stuck/a.pem", 2},
        {"an octet a second", "127.0.0.1", "good", "/slow-body/a.pem", 2},
        {"a kilobyte a second", "127.0.0.1", "good", "/slow-body=1/long.pem", 3},
    };
    enum { SLOW = sizeof slow / sizeof *slow };
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    static char longer[16384];
    struct got got[SLOW];

    memset(longer, 'a', sizeof longer);
    server_body(server, "/a.pem", body, WHOLE);
    server_body(server, "/long.pem", longer, sizeof longer);
    server_name(server, "silent.stir.test", "silent");
    for (size_t i = 0; i < SLOW; i++) {
        char *url = server_url_at(server, slow[i].host, slow[i].kind, slow[i].path);
        get_start(loop, policy, &(struct fetch_request){.url = url, .limit = LIMIT}, &got[i]);
        free(url);
    }
    get_drive(loop, got, SLOW);
    for (size_t i = 0; i < SLOW; i++) {
        cr_expect_eq(got[i].why, STIR_FAILURE_TIMEOUT, "%s: %d: %s", slow[i].desc, got[i].why,
                     got[i].sentence);
        for (size_t j = 0; j < i; j++)
            cr_expect(slow[j].place == slow[i].place || got[j].order < got[i].order,
                      "%s ended before %s", slow[i].desc, slow[j].desc);
    }
    fetch_loop_free(loop);
    fetch_policy_free(policy);
    server_stop(server);
}

/* A cancelled fetch calls nobody, nor does one whose loop goes. */
Test(faults, cancelled)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    char *stuck = server_url(server, "good", "/stuck/a.pem");
    char *good = server_url(server, "good", "/a.pem");
    const struct fetch_request request = {.url = stuck, .limit = LIMIT};
    struct got cancelled, left, got;

    server_body(server, "/a.pem", body, WHOLE);
    struct fetch *fetch = get_start(loop, policy, &request, &cancelled);
    get_start(loop, policy, &request, &left);
    get_start(loop, policy, &(struct fetch_request){.url = good, .limit = LIMIT}, &got);
    get_drive(loop, &got, 1);
    fetch_cancel(fetch);
    get_clear(&got);
    fetch_cancel(get_start(loop, policy, &request, &got)); /* before anything was done */
    get_start(loop, policy, &(struct fetch_request){.url = good, .limit = LIMIT}, &got);
    get_drive(loop, &got, 1);
    cr_expect_eq(got.status, 200, "%s", got.sentence);
    get_clear(&got);
    fetch_loop_free(loop);
    cr_expect(!cancelled.done && !left.done);
    free(stuck);
    free(good);
    fetch_policy_free(policy);
    server_stop(server);
}
