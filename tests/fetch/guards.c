/* Where a fetch does not go: names that resolve to what may not be connected to, slowly, to
   another thing each time, or not at all; proxies that nobody configured. */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/fetch_policy.h"
#include "fetch/transfer.h"
#include "tests/get.h"
#include "tests/help.h"
#include "tests/help_server.h"

static const char body[] = "a body\n";
enum { LIMIT = 1 << 20 };

struct name {
    const char *desc, *spec;
    int status; /* 0: a failure */
    enum stir_failure why;
    const char *sentence; /* a part of it, where an address is refused */
};

#define FAIL(failure, text) .why = STIR_FAILURE_##failure, .sentence = text

/* With fetch_allow=127.0.0.0/8: what is allowed and what is not differ in the answer alone. */
static const struct name names[] = {
    {"allowed", "a=127.0.0.1", .status = 200},
    {"by another name", "cname=other.stir.test,a=127.0.0.1", .status = 200},
    {"private", "a=10.0.0.1", FAIL(ADDRESS, "10.0.0.1")},
    {"private", "a=192.168.1.1", FAIL(ADDRESS, "192.168.1.1")},
    {"private", "a=172.16.0.1", FAIL(ADDRESS, "172.16.0.1")},
    {"shared by carriers", "a=100.64.0.1", FAIL(ADDRESS, "100.64.0.1")},
    {"link-local, where clouds keep their secrets", "a=169.254.169.254",
     FAIL(ADDRESS, "169.254.169.254")},
    {"nowhere", "a=0.0.0.0", FAIL(ADDRESS, "0.0.0.0")},
    {"everybody", "a=255.255.255.255", FAIL(ADDRESS, "255.255.255.255")},
    {"multicast", "a=224.0.0.1", FAIL(ADDRESS, "224.0.0.1")},
    {"loopback of IPv6", "aaaa=::1", FAIL(ADDRESS, "::1")},
    {"private IPv4 within IPv6", "aaaa=::ffff:10.0.0.1", FAIL(ADDRESS, "10.0.0.1")},
    {"private IPv4 behind NAT64", "aaaa=64:ff9b::a00:1", FAIL(ADDRESS, "64:ff9b::")},
    {"6to4 of a private one", "aaaa=2002:a00:1::1", FAIL(ADDRESS, "2002:")},
    {"unique local", "aaaa=fd00::1", FAIL(ADDRESS, "fd00::1")},
    {"link-local of IPv6", "aaaa=fe80::1", FAIL(ADDRESS, "fe80::1")},
    {"one that may and one that may not", "a=10.0.0.1,a=127.0.0.1", .status = 200},
    {"none of several", "a=10.0.0.1,a=10.0.0.2,aaaa=fd00::1", FAIL(ADDRESS, NULL)},
    {"not there", "nxdomain", FAIL(NAME, NULL)},
    {"no address", "ttl=1", FAIL(NAME, NULL)},
    {"its servers fail", "servfail", FAIL(NAME, NULL)},
    {"its servers are slow", "delay=200,a=127.0.0.1", .status = 200},
};

Test(guards, names, .timeout = 120)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    char host[64];

    server_body(server, "*", body, strlen(body));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct name *name = &names[i];
        struct got got;
        snprintf(host, sizeof host, "n%zu.stir.test", i);
        server_name(server, host, name->spec);
        char *url = server_url_of(server, host, "/a.pem");
        get_one(policy, &(struct fetch_request){.url = url, .limit = LIMIT}, &got);
        cr_expect_eq(got.status, name->status, "%s (%s): %d: %s", name->desc, name->spec,
                     got.status, got.sentence);
        cr_expect(name->status != 0 || got.why == name->why, "%s (%s): %d: %s", name->desc,
                  name->spec, got.why, got.sentence);
        cr_expect(name->sentence == NULL || strstr(got.sentence, name->sentence) != NULL,
                  "%s: \"%s\" is not in \"%s\"", name->desc, name->sentence, got.sentence);
        get_clear(&got);
        free(url);
    }
    fetch_policy_free(policy);
    server_stop(server);
}

/* Addresses in the URL are judged like those of names, however they are written. */
Test(guards, addresses)
{
    static const char *const urls[] = {"https://10.0.0.1/",
                                       "https://127.0.0.1/",
                                       "https://[::1]/",
                                       "https://169.254.169.254",
                                       "https://[::ffff:10.0.0.1]/",
                                       "https://[64:ff9b::a00:1]/",
                                       "https://0x7f000001/",
                                       "https://2130706433/",
                                       "https://127.1/",
                                       "https://0177.0.0.1/",
                                       "https://localhost/",
                                       "http://example.com/",
                                       "file:///etc/passwd",
                                       "https://example.com:22/",
                                       "https://u:p@example.com/",
                                       "https://example.com/#f",
                                       "https://example.com/?q",
                                       "ftp://example.com/",
                                       "gopher://127.0.0.1:70/",
                                       "https:///",
                                       ""};
    struct server *server = help_server();
    struct fetch_policy *policy = fetch_policy_new();

    fetch_policy_set_name_servers(policy, server_dns(server));
    server_name(server, "localhost", "a=127.0.0.1");
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct got got;
        get_one(policy, &(struct fetch_request){.url = urls[i], .limit = LIMIT}, &got);
        cr_expect_eq(got.status, 0, "%s", urls[i]);
        cr_expect(got.why == STIR_FAILURE_ADDRESS || got.why == STIR_FAILURE_NAME, "%s: %d: %s",
                  urls[i], got.why, got.sentence);
        get_clear(&got);
    }
    cr_expect_eq(server_connections(server, "*"), 0);
    fetch_policy_free(policy);
    server_stop(server);
}

/* IPv6, in URLs and behind names: like the rest. */
Test(guards, ipv6)
{
    static const struct {
        const char *desc, *host, *name, *allow;
        int status;
        bool proxied;
    } cases[] = {
        {"in the URL, exempt", "[::1]", NULL, "::1", 200, false},
        {"its twin is loopback", "[::1]", NULL, "", 0, false},
        {"written in full", "[0:0:0:0:0:0:0:1]", NULL, "::1", 200, false},
        {"another one is exempt", "[::1]", NULL, "::2", 0, false},
        {"of a name", "six.stir.test", "aaaa=::1", "::1", 200, false},
        {"of a name, not exempt", "none.stir.test", "aaaa=::1", "127.0.0.0/8", 0, false},
        {"beside one that may not be", "two.stir.test", "a=10.0.0.1,aaaa=::1", "::1", 200,
         false},
        {"in the URL, by a proxy", "[::1]", NULL, "::1", 200, true},
        {"its twin is loopback there too", "[::1]", NULL, "", 0, true},
        {"of a name, by a proxy", "six.stir.test", "aaaa=::1", "::1", 200, true},
    };
    struct server *server = help_server();
    char port[16], proxy[64];

    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server_port(server, "proxy"));
    snprintf(port, sizeof port, "%d", server_port(server, "six"));
    if (strcmp(port, "0") == 0)
        cr_skip_test("no IPv6");
    server_body(server, "/a.pem", body, strlen(body));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fetch_policy *policy = get_policy(server);
        char *url = server_url_at(server, cases[i].host, "six", "/a.pem");
        unsigned before = server_connections(server, "six");
        struct got got;
        cr_assert_eq(fetch_policy_set_ports(policy, port), 0);
        cr_assert_eq(fetch_policy_set_allow(policy, cases[i].allow), 0);
        cr_assert_eq(fetch_policy_set_proxy(policy, cases[i].proxied ? proxy : ""), 0);
        if (cases[i].name != NULL)
            server_name(server, cases[i].host, cases[i].name);
        get_one(policy, &(struct fetch_request){.url = url, .limit = LIMIT}, &got);
        cr_expect_eq(got.status, cases[i].status, "%s: %d: %s", cases[i].desc, got.status,
                     got.sentence);
        cr_expect(got.status != 0 || got.why == STIR_FAILURE_ADDRESS, "%s: %d: %s",
                  cases[i].desc, got.why, got.sentence);
        cr_expect_eq(server_connections(server, "six") - before, got.status != 0, "%s",
                     cases[i].desc);
        get_clear(&got);
        free(url);
        fetch_policy_free(policy);
    }
    server_stop(server);
}

/* Rebinding: what was checked is what is connected to. A name is resolved once for a fetch, and
   again for the next one, which goes by the new answer. */
Test(guards, rebinding)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    char *url = server_url_of(server, "rebind.stir.test", "/a.pem");
    const struct fetch_request request = {.url = url, .limit = LIMIT};
    struct fetch_loop *loop = fetch_loop_new(NULL);
    struct got got;

    server_body(server, "/a.pem", body, strlen(body));
    server_name(server, "rebind.stir.test", "a=127.0.0.1|a=10.0.0.1");
    get_start(loop, policy, &request, &got);
    get_drive(loop, &got, 1);
    cr_expect_eq(got.status, 200, "%s", got.sentence);
    cr_expect_leq(server_queries(server, "rebind.stir.test"), 2, "A and AAAA, once each");
    get_clear(&got);
    get_start(loop, policy, &request, &got);
    get_drive(loop, &got, 1);
    cr_expect(got.status == 0 && got.why == STIR_FAILURE_ADDRESS, "%d: %s", got.status,
              got.sentence);
    get_clear(&got);
    cr_expect_eq(server_count(server, "/a.pem"), 1);
    free(url);
    fetch_loop_free(loop);
    fetch_policy_free(policy);
    server_stop(server);
}

/* Names that take for ever hold up nothing: the good answers come first. */
Test(guards, slow_names, .timeout = 120)
{
    enum { SLOW = 40, GOOD = 20 };
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    struct fetch_loop *loop = fetch_loop_new(NULL);
    struct got got[SLOW + GOOD];
    char host[64];

    server_body(server, "/a.pem", body, strlen(body));
    for (size_t i = 0; i < SLOW + GOOD; i++) {
        struct got *at = &got[(i + GOOD) % (SLOW + GOOD)];
        snprintf(host, sizeof host, "%s%zu.stir.test", i < SLOW ? "slow" : "good", i);
        if (i < SLOW)
            server_name(server, host, "silent");
        char *url = server_url_of(server, host, "/a.pem");
        get_start(loop, policy,
                  &(struct fetch_request){
                      .url = url, .limit = LIMIT, .timeout_ms = i < SLOW ? 1900 : 0},
                  at);
        free(url);
    }
    get_drive(loop, got, SLOW + GOOD);
    for (size_t i = 0; i < SLOW + GOOD; i++) {
        cr_expect_eq(got[i].status, i < GOOD ? 200 : 0, "%zu: %s", i, got[i].sentence);
        cr_expect_eq(got[i].order <= GOOD, i < GOOD, "%zu: the %dth", i, got[i].order);
        cr_expect(i < GOOD || got[i].why == STIR_FAILURE_NAME
                      || got[i].why == STIR_FAILURE_TIMEOUT,
                  "%zu: %d: %s", i, got[i].why, got[i].sentence);
        get_clear(&got[i]);
    }
    fetch_loop_free(loop);
    fetch_policy_free(policy);
    server_stop(server);
}

/* A proxy of the policy gets addresses that were checked here, never names; one of the environment
   nothing at all. */
Test(guards, proxies)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server), *proxied = get_policy(server);
    char *url = server_url_of(server, "a.stir.test", "/a.pem");
    char *hidden = server_url_of(server, "hidden.stir.test", "/a.pem");
    char proxy[64], wanted[64];
    struct got got;

    server_body(server, "/a.pem", body, strlen(body));
    server_name(server, "hidden.stir.test", "a=10.0.0.1");
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", server_port(server, "proxy"));
    snprintf(wanted, sizeof wanted, "127.0.0.1:%d\n", server_port(server, "good"));
    cr_assert_eq(fetch_policy_set_proxy(proxied, proxy), 0);
    setenv("https_proxy", proxy, 1);
    setenv("HTTPS_PROXY", proxy, 1);
    setenv("ALL_PROXY", proxy, 1);

    get_one(policy, &(struct fetch_request){.url = url, .limit = LIMIT}, &got);
    cr_expect_eq(got.status, 200, "%s", got.sentence);
    get_clear(&got);
    cr_expect_eq(server_connections(server, "proxy"), 0, "the environment chose a proxy");

    get_one(proxied, &(struct fetch_request){.url = url, .limit = LIMIT}, &got);
    cr_expect_eq(got.status, 200, "%s", got.sentence);
    get_clear(&got);
    char *targets = server_targets(server);
    cr_expect_str_eq(targets, wanted);
    free(targets);

    get_one(proxied, &(struct fetch_request){.url = hidden, .limit = LIMIT}, &got);
    cr_expect(got.status == 0 && got.why == STIR_FAILURE_ADDRESS, "%d: %s", got.status,
              got.sentence);
    get_clear(&got);
    cr_expect_eq(server_connections(server, "proxy"), 1);
    free(url);
    free(hidden);
    fetch_policy_free(policy);
    fetch_policy_free(proxied);
    server_stop(server);
}

/* ---- The last look --------------------------------------------------------------------------- */

struct last {
    bool over;
    int status;
    enum stir_failure why;
    char sentence[256];
};

static void on_end(void *arg, const struct fetch_response *response)
{
    struct last *last = arg;

    last->over = true;
    last->status = response->status;
    last->why = response->why;
    snprintf(last->sentence, sizeof last->sentence, "%s",
             response->sentence != NULL ? response->sentence : "");
}

/* A transfer alone, with nothing around it that judges names, addresses or URLs. */
static struct last transfer_to(struct fetch_policy *policy, const char *text,
                               const char *address)
{
    struct fetch_request request = {.url = text, .accept = "*/*", .limit = LIMIT};
    struct transfer_target target = {.request = &request, .host.n = 1, .timeout_ms = 20000};
    struct poller_event events[POLLER_EVENTS];
    struct last last = {0};
    struct poller poller;
    struct url url;

    cr_assert_eq(url_judge(text, fetch_policy_url(policy), &url, NULL), 0);
    snprintf(url.host, sizeof url.host,
             "a.stir.test"); /* curl's reading of the URL is another */
    target.url = &url;
    cr_assert(address_parse(address, &target.host.of[0]));
    cr_assert_eq(fetch_policy_prepare(policy, NULL), 0);
    cr_assert_eq(poller_open(&poller), 0);
    struct transfers *transfers = transfers_new(&poller);
    struct transfer *transfer = transfer_start(transfers, policy, &target, on_end, &last);
    while (!last.over) {
        poll(&(struct pollfd){poller.epoll, POLLIN, 0}, 1, 10);
        size_t n = poller_take(&poller, events);
        for (size_t i = 0; i < n && !last.over; i++)
            transfers_ready(transfers, &events[i]);
        if (!last.over && transfer_due(transfer) <= fetch_clock())
            transfer_expire(transfer);
    }
    transfer_free(transfer);
    transfers_free(transfers);
    poller_close(&poller);
    return last;
}

/* Wherever curl was about to connect to: it is an address that was permitted, or it does not. Here
   it goes by the address in the URL, and only whether that was permitted differs. */
Test(guards, the_last_look)
{
    struct server *server = help_server();
    struct fetch_policy *policy = get_policy(server);
    char *url = server_url(server, "good", "/a.pem");

    server_body(server, "/a.pem", body, strlen(body));
    struct last last = transfer_to(policy, url, "127.0.0.1");
    cr_expect_eq(last.status, 200, "%s", last.sentence);
    unsigned connections = server_connections(server, "*");
    last = transfer_to(policy, url, "127.0.0.2");
    cr_expect_eq(last.why, STIR_FAILURE_ADDRESS, "%d: %s", last.why, last.sentence);
    cr_expect_not_null(strstr(last.sentence, "not checked"), "%s", last.sentence);
    cr_expect_eq(server_connections(server, "*"), connections);
    free(url);
    fetch_policy_free(policy);
    server_stop(server);
}
