/* fetch/fetch: one guarded GET against a real TLS server that misbehaves (R8224-7.*, A74-2). */
#include "fetch/fetch.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/body.h"
#include "fetch/fetch_policy_parts.h"
#include "fetch/http_meta.h"
#include "tests/help.h"
#include "tests/help_server.h"

static const char list[] = "-----BEGIN CERTIFICATE-----\nnot looked at here\n";

/* What a fetch came to. */
struct ended {
    unsigned times;
    int status;
    enum stir_failure why;
    char sentence[256];
    char body[256], type[HTTP_TYPE_SIZE];
    size_t len;
};

static void on_end(void *arg, const struct fetch_response *response)
{
    struct ended *ended = arg;

    ended->times++;
    ended->status = response->status;
    ended->why = response->why;
    if (response->sentence != NULL)
        snprintf(ended->sentence, sizeof ended->sentence, "%s", response->sentence);
    if (response->body != NULL) {
        ended->len = response->body->len;
        snprintf(ended->body, sizeof ended->body, "%.*s", (int)response->body->len,
                 response->body->data);
    }
    if (response->meta != NULL)
        snprintf(ended->type, sizeof ended->type, "%s", response->meta->content_type);
}

/* One that may fetch from the server: loopback, its ports, its CA, its DNS. */
static struct fetch_policy *policy_for(struct server *server)
{
    static const char *const kinds[] = {
        "good",  "wrong-name", "expired",       "not-yet", "stranger",     "tls11",
        "plain", "refusing",   "wrong-purpose", "crowded", "finite-field", "finite-field13"};
    struct fetch_policy *policy = fetch_policy_new();
    char ports[200] = "443";

    cr_assert_not_null(policy);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t used = strlen(ports);
        snprintf(ports + used, sizeof ports - used, ",%d", server_port(server, kinds[i]));
    }
    cr_assert_eq(fetch_policy_set_ports(policy, ports), 0);
    cr_assert_eq(fetch_policy_set_allow(policy, "127.0.0.0/8"), 0);
    cr_assert_eq(fetch_policy_set_name_servers(policy, server_dns(server)), 0);
    cr_assert_eq(fetch_policy_add_ca(policy, server_ca(server, "good"),
                                     strlen(server_ca(server, "good")), NULL),
                 0);
    return policy;
}

static void drive(struct fetch_loop *loop, const struct ended *ended)
{
    for (int i = 0; i < 1000 && ended->times == 0; i++) {
        fetch_loop_wait(loop, 1000);
        fetch_loop_dispatch(loop, fetch_clock() + 6);
    }
}

static struct ended get(struct fetch_loop *loop, struct fetch_policy *policy, const char *url,
                        int timeout_ms)
{
    struct ended ended = {0};
    struct fetch_request request = {.url = url,
                                    .accept = "application/pem-certificate-chain",
                                    .limit = 100000,
                                    .timeout_ms = timeout_ms};

    cr_assert_not_null(fetch_start(loop, policy, &request, on_end, &ended));
    cr_expect_eq(ended.times, 0, "%s: its callback is for the dispatch", url);
    drive(loop, &ended);
    cr_expect_eq(ended.times, 1, "%s: ended %u times", url, ended.times);
    return ended;
}

enum { BODY = -1 }; /* of a case: the body came whole */

static const struct {
    const char *desc, *kind, *path;
    int status;
    enum stir_failure why;
    const char *sentence;
    int timeout_ms;
} cases[] = {
    {"R8224-7.1: a body", "good", "/list.pem", BODY, 0, NULL, 0},
    {"chunked", "good", "/chunked/list.pem", BODY, 0, NULL, 0},
    {"slow, within the limits", "good", "/delay=100/list.pem", BODY, 0, NULL, 0},
    {"404", "good", "/status=404/list.pem", 404, 0, NULL, 0},
    {"A74-2: redirects are not followed: to http", "good", "/redirect=http/list.pem", 302, 0,
     NULL, 0},
    {"to a file", "good", "/redirect=file/list.pem", 302, 0, NULL, 0},
    {"to loopback", "good", "/redirect=loopback/list.pem", 302, 0, NULL, 0},
    {"to itself", "good", "/redirect=same/list.pem", 302, 0, NULL, 0},
    {"R7515-4: a certificate of another name", "wrong-name", "/list.pem", 0, STIR_FAILURE_TLS,
     "another host's", 0},
    {"one that expired", "expired", "/list.pem", 0, STIR_FAILURE_TLS, "expired", 0},
    {"one that is not valid yet", "not-yet", "/list.pem", 0, STIR_FAILURE_TLS, "not yet valid",
     0},
    {"one of an authority that is not trusted", "stranger", "/list.pem", 0, STIR_FAILURE_TLS,
     "no authority", 0},
    {"one for another purpose", "wrong-purpose", "/list.pem", 0, STIR_FAILURE_TLS, "verify", 0},
    {"TLS 1.1", "tls11", "/list.pem", 0, STIR_FAILURE_TLS, "", 0},
    {"a certificate that takes long to read", "crowded", "/list.pem", 0, STIR_FAILURE_TLS,
     "looked at", 0},
    {"keys exchanged by finite fields, in TLS 1.2", "finite-field", "/list.pem", 0,
     STIR_FAILURE_TLS, "handshake", 0},
    {"and 1.3, in the largest one", "finite-field13", "/list.pem", 0, STIR_FAILURE_TLS,
     "handshake", 0},
    {"no TLS", "plain", "/list.pem", 0, STIR_FAILURE_TLS, "", 200},
    {"nobody listens", "refusing", "/list.pem", 0, STIR_FAILURE_CONNECT, "", 0},
    {"no answer", "good", "/stuck/list.pem", 0, STIR_FAILURE_TIMEOUT, "", 200},
    {"slow headers", "good", "/slow-headers/list.pem", 0, STIR_FAILURE_TIMEOUT, "", 200},
    {"one octet a second", "good", "/slow-body/list.pem", 0, STIR_FAILURE_TIMEOUT, "", 200},
    {"a body without end", "good", "/endless/list.pem", 0, STIR_FAILURE_TOO_LARGE, "", 0},
    {"one that says that it is too large", "good", "/length=100001/list.pem", 0,
     STIR_FAILURE_TOO_LARGE, "", 0},
    {"a header without end", "good", "/huge=90000/list.pem", 0, STIR_FAILURE_TOO_LARGE,
     "64 KiB", 0},
    {"less than its length", "good", "/length=long,close/list.pem", 0, STIR_FAILURE_BROKEN, "",
     0},
    {"reset in mid-body", "good", "/reset/list.pem", 0, STIR_FAILURE_BROKEN, "", 0},
    {"no HTTP", "good", "/garbage/list.pem", 0, STIR_FAILURE_BROKEN, "", 0},
    {"a gzip bomb", "good", "/gzip-bomb/list.pem", 0, STIR_FAILURE_ENCODING,
     "no Content-Encoding", 0},
};

Test(fetch, ends_as_the_server_deserves)
{
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);

    cr_assert_not_null(loop);
    server_body(server, "*", list, strlen(list));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *url = server_url(server, cases[i].kind, cases[i].path);
        struct ended ended = get(loop, policy, url, cases[i].timeout_ms);
        int status = cases[i].status == BODY ? 200 : cases[i].status;
        cr_expect_eq(ended.status, status, "%s: status %d, why %d: %s", cases[i].desc,
                     ended.status, (int)ended.why, ended.sentence);
        cr_expect_eq(ended.why, cases[i].why, "%s: why %d: %s", cases[i].desc, (int)ended.why,
                     ended.sentence);
        if (cases[i].status == BODY)
            cr_expect_str_eq(ended.body, list, "%s", cases[i].desc);
        if (cases[i].sentence != NULL)
            cr_expect_not_null(strstr(ended.sentence, cases[i].sentence), "%s: %s",
                               cases[i].desc, ended.sentence);
        free(url);
    }
    cr_expect_eq(server_count(server, "/landing"), 0, "no redirect was followed");
    fetch_loop_free(loop);
    fetch_policy_free(policy);
}

/* ---- Names and addresses ------------------------------------------------------------------- */

static const struct {
    const char *desc, *name; /* what the DNS says of it; NULL: it is not asked */
    const char *host, *allow;
    int why; /* enum stir_failure, or BODY */
    const char *sentence;
} names[] = {
    {"a name whose address is exempt", "a=127.0.0.1", "a.stir.test", "127.0.0.0/8", BODY, ""},
    {"the same address, not exempt", "a=127.0.0.1", "b.stir.test", "", STIR_FAILURE_ADDRESS,
     "found 127.0.0.1 (loopback, RFC 1122)"},
    {"a private one", "a=10.1.2.3", "c.stir.test", "127.0.0.0/8", STIR_FAILURE_ADDRESS,
     "found 10.1.2.3 (private use"},
    {"link-local, where clouds keep their keys", "a=169.254.169.254", "d.stir.test",
     "127.0.0.0/8", STIR_FAILURE_ADDRESS, "found 169.254.169.254"},
    {"IPv6 loopback", "aaaa=::1", "e.stir.test", "127.0.0.0/8", STIR_FAILURE_ADDRESS,
     "found ::1 (loopback"},
    {"loopback mapped into IPv6", "aaaa=::ffff:127.0.0.1", "f.stir.test", "",
     STIR_FAILURE_ADDRESS, "found 127.0.0.1 (loopback"},
    {"loopback through a translator", "aaaa=64:ff9b::7f00:1", "g.stir.test", "",
     STIR_FAILURE_ADDRESS, "(loopback, RFC 1122)"},
    {"a private one beside one that may be", "a=10.1.2.3,a=127.0.0.1", "h.stir.test",
     "127.0.0.0/8", BODY, ""},
    {"no such name", "nxdomain", "i.stir.test", "127.0.0.0/8", STIR_FAILURE_NAME, "no address"},
    {"a name server that fails", "servfail", "j.stir.test", "127.0.0.0/8", STIR_FAILURE_NAME,
     "no address"},
    {"no answer", "silent", "k.stir.test", "127.0.0.0/8", STIR_FAILURE_TIMEOUT,
     "not resolved in time"},
    {"an alias", "cname=a.stir.test,a=127.0.0.1", "l.stir.test", "127.0.0.0/8", BODY, ""},
    {"an address in the URL", NULL, "127.0.0.1", "127.0.0.0/8", BODY, ""},
    {"that is not exempt", NULL, "127.0.0.1", "", STIR_FAILURE_ADDRESS, "loopback"},
    {"IPv6 in the URL", NULL, "[::1]", "127.0.0.0/8", STIR_FAILURE_ADDRESS, "loopback"},
    {"localhost is its address", NULL, "localhost", "", STIR_FAILURE_ADDRESS, "loopback"},
};

Test(fetch, connects_to_addresses_that_were_checked)
{
    struct server *server = help_server();
    struct fetch_loop *loop = fetch_loop_new(NULL);

    server_body(server, "*", list, strlen(list));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct fetch_policy *policy = policy_for(server);
        char *url = server_url_of(server, names[i].host, "/list.pem");
        unsigned before = server_connections(server, "*");
        cr_assert_eq(fetch_policy_set_allow(policy, names[i].allow), 0);
        if (names[i].name != NULL)
            server_name(server, names[i].host, names[i].name);
        struct ended ended = get(loop, policy, url, 300);
        bool good = names[i].why == BODY;
        cr_expect_eq(ended.status, good ? 200 : 0, "%s: %d %s", names[i].desc, ended.status,
                     ended.sentence);
        cr_expect_eq((int)ended.why, good ? 0 : names[i].why, "%s: why %d: %s", names[i].desc,
                     (int)ended.why, ended.sentence);
        cr_expect_not_null(strstr(ended.sentence, names[i].sentence), "%s: %s", names[i].desc,
                           ended.sentence);
        cr_expect_eq(server_connections(server, "*") - before, good ? 1 : 0, "%s: connections",
                     names[i].desc);
        fetch_policy_free(policy);
        free(url);
    }
    fetch_loop_free(loop);
}

/* What was checked is what is connected to: the second answer is never asked for. */
Test(fetch, a_name_that_rebinds_is_asked_once)
{
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    char *url = server_url_of(server, "rebind.stir.test", "/list.pem");

    server_body(server, "*", list, strlen(list));
    cr_assert_eq(fetch_policy_set_allow(policy, "127.0.0.1"), 0);
    server_name(server, "rebind.stir.test", "a=127.0.0.1|a=127.0.0.2");
    struct ended first = get(loop, policy, url, 1000);
    cr_expect_eq(first.status, 200, "%s", first.sentence);
    cr_expect_eq(server_queries(server, "rebind.stir.test"), 2, "A and AAAA, once each: %u",
                 server_queries(server, "rebind.stir.test"));
    struct ended second = get(loop, policy, url, 1000);
    cr_expect_eq(second.why, STIR_FAILURE_ADDRESS, "it is resolved and checked anew: %s",
                 second.sentence);
    free(url);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
}

/* ---- Proxies -------------------------------------------------------------------------------- */

Test(fetch, the_environment_has_no_say)
{
    static const char *const variables[] = {"https_proxy", "HTTPS_PROXY",   "all_proxy",
                                            "ALL_PROXY",   "http_proxy",    "RES_OPTIONS",
                                            "LOCALDOMAIN", "CURL_CA_BUNDLE"};
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    char *url = server_url_of(server, "a.stir.test", "/list.pem"), proxy[64];

    server_body(server, "*", list, strlen(list));
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server_port(server, "proxy"));
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        setenv(variables[i], proxy, 1);
    struct ended ended = get(loop, policy, url, 0);
    char *targets = server_targets(server);
    cr_expect_eq(ended.status, 200, "%s", ended.sentence);
    cr_expect_str_eq(targets, "", "%s", targets);
    free(targets);
    free(url);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
}

Test(fetch, a_proxy_is_asked_for_a_checked_address)
{
    static const struct {
        const char *desc, *proxy_host, *name, *allow;
        int status;
        enum stir_failure why;
    } proxies[] = {
        {"by its address", "127.0.0.1", "a=127.0.0.1", "127.0.0.0/8", 200, 0},
        {"by its name", "proxy.stir.test", "a=127.0.0.1", "127.0.0.0/8", 200, 0},
        {"a proxy's own address needs no leave, the host's does", "127.0.0.1", "a=127.0.0.1",
         "", 0, STIR_FAILURE_ADDRESS},
        {"a private host behind a proxy", "127.0.0.1", "a=192.168.1.1", "127.0.0.0/8", 0,
         STIR_FAILURE_ADDRESS},
        {"a proxy that has no address", "none.example", "a=127.0.0.1", "127.0.0.0/8", 0,
         STIR_FAILURE_NAME},
    };
    struct server *server = help_server();
    struct fetch_loop *loop = fetch_loop_new(NULL);

    server_body(server, "*", list, strlen(list));
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        struct fetch_policy *policy = policy_for(server);
        char *url = server_url_of(server, "host.stir.test", "/list.pem"), proxy[80], want[64];
        unsigned before = server_connections(server, "proxy");
        snprintf(proxy, sizeof proxy, "http://%s:%d", proxies[i].proxy_host,
                 server_port(server, "proxy"));
        snprintf(want, sizeof want, "127.0.0.1:%d", server_port(server, "good"));
        server_name(server, "host.stir.test", proxies[i].name);
        cr_assert_eq(fetch_policy_set_allow(policy, proxies[i].allow), 0);
        cr_assert_eq(fetch_policy_set_proxy(policy, proxy), 0, "%s", proxy);
        struct ended ended = get(loop, policy, url, 1000);
        char *targets = server_targets(server);
        cr_expect_eq(ended.status, proxies[i].status, "%s: %d %s", proxies[i].desc,
                     ended.status, ended.sentence);
        cr_expect_eq(ended.why, proxies[i].why, "%s: %d %s", proxies[i].desc, (int)ended.why,
                     ended.sentence);
        cr_expect_eq(server_connections(server, "proxy") - before,
                     proxies[i].status == 200 ? 1 : 0, "%s", proxies[i].desc);
        if (proxies[i].status == 200)
            cr_expect_not_null(strstr(targets, want), "%s: wanted %s, found %s",
                               proxies[i].desc, want, targets);
        cr_expect_null(strstr(targets, "host"), "%s: %s", proxies[i].desc, targets);
        free(targets);
        free(url);
        fetch_policy_free(policy);
    }
    fetch_loop_free(loop);
}

/* ---- Requests, and loops -------------------------------------------------------------------- */

Test(fetch, asks_for_what_it_was_told_and_no_more)
{
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    char *url = server_url_of(server, "a.stir.test", "/a/../list.pem");
    struct ended ended = {0};
    struct fetch_request request = {.url = url,
                                    .accept = "application/pem-certificate-chain",
                                    .if_none_match = "\"v1\"",
                                    .if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT",
                                    .limit = 1000};

    server_body(server, "*", list, strlen(list));
    cr_assert_not_null(fetch_start(loop, policy, &request, on_end, &ended));
    drive(loop, &ended);
    char *head = server_last(server, "/a/../list.pem");
    cr_expect_eq(ended.status, 200, "%s", ended.sentence);
    cr_expect_str_eq(ended.type, "application/pem-certificate-chain", "%s", ended.type);
    cr_assert_not_null(head, "the path goes as it is written");
    cr_expect_not_null(strstr(head, "Accept: application/pem-certificate-chain"), "%s", head);
    cr_expect_not_null(strstr(head, "If-None-Match: \"v1\""), "%s", head);
    cr_expect_not_null(strstr(head, "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"), "%s",
                       head);
    cr_expect_null(strstr(head, "Accept-Encoding"), "%s", head);
    cr_expect_null(strstr(head, "Cookie"), "%s", head);
    free(head);
    free(url);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
}

Test(fetch, refuses_what_policy_does_not_allow)
{
    static const char *const urls[] = {
        "http://127.0.0.1/list.pem",
        "https://127.0.0.1:1/list.pem",
        "https://user@127.0.0.1/list.pem",
        "file:///etc/passwd",
    };
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct ended ended = get(loop, policy, urls[i], 0);
        cr_expect_eq(ended.why, STIR_FAILURE_ADDRESS, "%s: %d %s", urls[i], (int)ended.why,
                     ended.sentence);
        cr_expect_eq(ended.status, 0, "%s", urls[i]);
    }
    cr_expect_eq(server_connections(server, "*"), 0);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
}

/* A loop is freed, and fetches are cancelled, in each of their stages. */
Test(fetch, ends_without_a_word_when_cancelled)
{
    struct server *server = help_server();
    struct fetch_policy *policy = policy_for(server);
    struct ended ended[3] = {{0}};

    server_name(server, "silent.stir.test", "silent");
    for (int turns = 0; turns < 6; turns++)
        for (int freed = 0; freed < 2; freed++) {
            struct fetch_loop *loop = fetch_loop_new(NULL);
            char *urls[3] = {server_url(server, "good", "/stuck/list.pem"),
                             server_url_of(server, "silent.stir.test", "/list.pem"),
                             server_url_of(server, "a.stir.test", "/stuck/list.pem")};
            struct fetch *fetches[3];
            for (int i = 0; i < 3; i++) {
                struct fetch_request request = {.url = urls[i], .accept = "*/*", .limit = 10};
                fetches[i] = fetch_start(loop, policy, &request, on_end, &ended[i]);
                cr_assert_not_null(fetches[i]);
            }
            for (int i = 0; i < turns; i++)
                fetch_loop_dispatch(loop, fetch_clock() + 6);
            for (int i = 0; i < 3 && !freed; i++)
                fetch_cancel(fetches[i]);
            if (!freed)
                fetch_loop_dispatch(loop, fetch_clock() + 6);
            fetch_loop_free(loop);
            for (int i = 0; i < 3; i++) {
                cr_expect_eq(ended[i].times, 0, "turns %d: %d was told", turns, i);
                free(urls[i]);
            }
        }
    fetch_policy_free(policy);
}

Test(fetch, a_loop_wakes_by_hand_and_by_the_clock)
{
    struct fetch_loop *loop = fetch_loop_new(NULL);
    struct pollfd fd = {fetch_loop_fd(loop), POLLIN, 0};

    cr_expect_eq(poll(&fd, 1, 0), 0, "nothing to do");
    fetch_loop_wake(loop);
    cr_expect_eq(poll(&fd, 1, 0), 1, "woken");
    fetch_loop_dispatch(loop, fetch_clock() + 6);
    cr_expect_eq(poll(&fd, 1, 0), 0, "done");
    fetch_loop_alarm(loop, fetch_clock() - 1);
    cr_expect_eq(poll(&fd, 1, 0), 1, "an alarm of the past");
    fetch_loop_dispatch(loop, fetch_clock() + 6);
    cr_expect_eq(poll(&fd, 1, 0), 1, "that still stands");
    fetch_loop_alarm(loop, INT64_MAX);
    fetch_loop_dispatch(loop, fetch_clock() + 6);
    cr_expect_eq(poll(&fd, 1, 0), 0, "taken back");
    fetch_loop_alarm(loop, fetch_clock() + 20);
    cr_expect_eq(poll(&fd, 1, 10000), 1, "one to come");
    fetch_loop_free(loop);
    fetch_loop_free(NULL);
}
