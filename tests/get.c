/* One guarded GET after the other, or several at once, through a loop of the tests' own. */
#include "tests/get.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/body.h"
#include "tests/help_server.h"

static int ended; /* so far */

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "get: %s\n", what);
    abort();
}

struct fetch_policy *get_policy(struct server *server)
{
    static const char *const kinds[] = {"good",     "wrong-name",   "expired", "not-yet",
                                        "tls11",    "tls12",        "tls13",   "plain",
                                        "silent",   "refusing",     "full",    "self-signed",
                                        "stranger", "wrong-purpose"};
    struct fetch_policy *policy = fetch_policy_new();
    const char *ca = server_ca(server, "good");
    char ports[256] = "443";

    must(policy != NULL, "memory");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t used = strlen(ports);
        snprintf(ports + used, sizeof ports - used, ",%d", server_port(server, kinds[i]));
    }
    must(fetch_policy_set_ports(policy, ports) == 0, ports);
    must(fetch_policy_set_allow(policy, "127.0.0.0/8") == 0, "fetch_allow");
    must(fetch_policy_add_ca(policy, ca, strlen(ca), NULL) == 0, "fetch_ca");
    must(fetch_policy_set_name_servers(policy, server_dns(server)) == 0, "name servers");
    return policy;
}

static void done(void *arg, const struct fetch_response *response)
{
    struct got *got = arg;

    must(!got->done, "a fetch ended twice");
    got->done = true;
    got->order = ++ended;
    got->status = response->status;
    got->why = response->why;
    if (response->sentence != NULL)
        snprintf(got->sentence, sizeof got->sentence, "%s", response->sentence);
    if (response->meta != NULL)
        got->meta = *response->meta;
    if (response->body == NULL)
        return;
    got->len = response->body->len;
    got->body = calloc(1, got->len + 1);
    must(got->body != NULL, "memory");
    memcpy(got->body, response->body->data, got->len);
}

struct fetch *get_start(struct fetch_loop *loop, struct fetch_policy *policy,
                        const struct fetch_request *request, struct got *got)
{
    *got = (struct got){0};
    struct fetch *fetch = fetch_start(loop, policy, request, done, got);
    must(fetch != NULL && !got->done, "a fetch did not begin, or ended at once");
    return fetch;
}

void get_drive(struct fetch_loop *loop, struct got *got, size_t n)
{
    int64_t until = fetch_clock() + 30000;

    for (size_t i = 0; i < n;) {
        if (got[i].done) {
            i++;
            continue;
        }
        must(fetch_clock() < until, "a fetch did not end in half a minute");
        fetch_loop_wait(loop, 1000);
        fetch_loop_dispatch(loop, fetch_clock() + 6);
    }
}

void get_one(struct fetch_policy *policy, const struct fetch_request *request, struct got *got)
{
    struct fetch_loop *loop = fetch_loop_new(NULL);

    must(loop != NULL && fetch_policy_prepare(policy, NULL) == 0, "a loop");
    get_start(loop, policy, request, got);
    get_drive(loop, got, 1);
    fetch_loop_free(loop);
}

void get_clear(struct got *got)
{
    free(got->body);
    *got = (struct got){0};
}
