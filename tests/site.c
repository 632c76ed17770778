/* A verifier in front of the tests' server. */
#include "tests/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/fetch_policy.h"
#include "service/verifier.h"
#include "tests/situation.h"

#define CHAIN                                                                                  \
    {                                                                                          \
        &mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root                                 \
    }

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "site: %s\n", what);
    abort();
}

static const char *list_of(const struct mint *first)
{
    struct situation situation = {.desc = "list", .chain = CHAIN};
    struct stage stage;

    situation.chain[0] = first;
    stage_set(&stage, &situation);
    return stage.body;
}

const char *site_list(void)
{
    return list_of(&mint_delegate);
}

static const struct mint other = {
    .subject = "ACME elsewhere", .key = "other", .tnauthlist = "12155551000+100"};

const char *site_other_list(void)
{
    return list_of(&other);
}

static void set(struct stir_config *config, const char *key, const char *value)
{
    struct stir_error error;

    must(stir_config_set(config, key, value, &error) == 0, error.text);
}

static struct stir_config *configure(struct server *server, const char *const *policies)
{
    static const char *const kinds[] = {"good",  "wrong-name", "expired",  "stranger",
                                        "tls11", "plain",      "refusing", "silent"};
    struct situation situation = {.desc = "site", .chain = CHAIN};
    struct stage stage;
    char ports[128] = "443";

    stage_set(&stage, &situation);
    struct stir_config *config = stage_config(&stage, NULL);
    must(config != NULL, "no configuration");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t used = strlen(ports);
        snprintf(ports + used, sizeof ports - used, ",%d", server_port(server, kinds[i]));
    }
    set(config, "fetch", "on");
    set(config, "spc_unknown", "trust_issuer");
    set(config, "x5u_ports", ports);
    set(config, "fetch_allow", "127.0.0.0/8");
    set(config, "fetch_ca", server_ca_file(server, "good"));
    for (; policies != NULL && *policies != NULL; policies += 2)
        set(config, policies[0], policies[1]);
    return config;
}

struct stir_verifier *site_verifier(const struct site *site)
{
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(site->config, &error);

    must(verifier != NULL, error.text);
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    must(fetch_policy_set_name_servers(snapshot->fetch, server_dns(site->server)) == 0,
         "no name servers");
    snapshot_free(snapshot);
    return verifier;
}

void site_open(struct site *site, struct server *server, const char *const *policies)
{
    const char *list = site_list();

    site->server = server;
    server_body(server, "*", list, strlen(list));
    site->config = configure(server, policies);
    site->verifier = site_verifier(site);
}

void site_close(struct site *site)
{
    stir_verifier_free(site->verifier);
    stir_config_free(site->config);
}

struct stir_call *site_call(const char *url)
{
    struct situation situation = {.desc = "call", .chain = CHAIN, .x5u = url};
    struct stage stage;

    stage_set(&stage, &situation);
    struct stir_call *call = stage_call(&stage);
    must(call != NULL, "no call");
    return call;
}

struct stir_op *site_op(struct stir_verifier *verifier, const char *url)
{
    struct stir_error error;
    struct stir_call *call = site_call(url);
    struct stir_op *op = stir_op_new(verifier, call, MINT_NOW, &error);

    must(op != NULL, error.text);
    stir_call_free(call);
    return op;
}
