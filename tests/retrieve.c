/* Calls whose certificates are at the test server. */
#include "tests/retrieve.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fetch/fetch_policy.h"
#include "service/memory.h"
#include "service/snapshot.h"
#include "service/verifier.h"

static const struct mint root = {.subject = "Root", .key = "root"};
static const struct mint by_spc = {
    .subject = "SPC", .key = "spc-ca", .ca = MINT_YES, .tnauthlist = "12155551000+1000"};
static const struct mint delegate = {
    .subject = "ACME", .key = "delegate", .tnauthlist = "12155551200+100"};

const struct situation retrieve_situation = {.desc = "at the test server",
                                             .chain = {&delegate, &by_spc, &root}};

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "retrieve: %s\n", what);
    abort();
}

/* As long as the process, like what is minted. */
static struct kept {
    struct kept *next;
    char *url;
    struct situation situation;
    struct stage stage;
} * all_kept;

struct stage *retrieve_stage(char *url)
{
    struct kept *kept = malloc(sizeof *kept);

    must(kept != NULL, "memory");
    *kept = (struct kept){.next = all_kept, .url = url, .situation = retrieve_situation};
    kept->situation.x5u = url;
    stage_set(&kept->stage, &kept->situation);
    all_kept = kept;
    return &kept->stage;
}

const char *retrieve_leaf(void)
{
    return mint_make(&delegate, &by_spc)->pem;
}

const char *retrieve_body(void)
{
    return mint_pem_list(mint_make(&delegate, &by_spc), mint_make(&by_spc, &root), NULL);
}

static const char *ports_of(struct server *server, char *room, size_t size)
{
    static const char *const kinds[] = {"good",     "wrong-name",   "expired", "not-yet",
                                        "tls11",    "tls12",        "tls13",   "plain",
                                        "silent",   "refusing",     "full",    "self-signed",
                                        "stranger", "wrong-purpose"};

    snprintf(room, size, "443");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t used = strlen(room);
        snprintf(room + used, size - used, ",%d", server_port(server, kinds[i]));
    }
    return room;
}

static void set(struct stir_config *config, const char *key, const char *value)
{
    struct stir_error error = {0};

    must(stir_config_set(config, key, value, &error) == 0, error.text);
}

static struct stir_config *config_with(struct server *server, const struct mint *anchor)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error = {0};
    char ports[256];

    must(config != NULL, "memory");
    must(stir_config_set_data(config, "anchors", mint_make(anchor, NULL)->pem, STIR_NUL, &error)
             == 0,
         error.text);
    must(stir_config_set_data(config, "fetch_ca", server_ca(server, "good"), STIR_NUL, &error)
             == 0,
         error.text);
    set(config, "fetch_allow", "127.0.0.0/8");
    set(config, "x5u_ports", ports_of(server, ports, sizeof ports));
    return config;
}

struct stir_config *retrieve_other_anchor(struct server *server)
{
    static const struct mint other = {.subject = "Another Root", .key = "another"};

    return config_with(server, &other);
}

struct stir_config *retrieve_config(struct server *server, ...)
{
    struct stir_config *config = config_with(server, &root);
    const char *key;
    va_list more;

    va_start(more, server);
    while ((key = va_arg(more, const char *)) != NULL)
        set(config, key, va_arg(more, const char *));
    va_end(more);
    return config;
}

void retrieve_names(struct server *server, struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);

    must(snapshot != NULL
             && fetch_policy_set_name_servers(snapshot->fetch, server_dns(server)) == 0,
         "name servers");
    snapshot_free(snapshot);
}

struct stir_verifier *retrieve_verifier(struct server *server, struct stir_config *config)
{
    struct stir_error error = {0};
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    must(verifier != NULL, error.text);
    stir_config_free(config);
    retrieve_names(server, verifier);
    return verifier;
}

/* ---- time ---- */

struct stir_verifier *retrieve_verifier_with_bodies(struct server *server)
{
    const char *body = retrieve_body();

    server_body(server, "*", body, strlen(body));
    return retrieve_verifier(server, retrieve_config(server, NULL));
}

static _Atomic int64_t stopped_at;

static int64_t stopped_clock(void *arg)
{
    (void)arg;
    return atomic_load(&stopped_at);
}

void retrieve_stop_clock(struct stir_verifier *verifier)
{
    struct memory *memory = verifier->memory;

    /* A server's Date is real. */
    if (atomic_load(&stopped_at) == 0)
        atomic_store(&stopped_at, time(NULL));
    memory->clock = stopped_clock;
}

void retrieve_pass(int64_t seconds)
{
    atomic_fetch_add(&stopped_at, seconds);
}

int64_t retrieve_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- calls ---- */

int retrieve_code(struct stir_verifier *verifier, const struct stage *stage, int timeout_ms,
                  char *sentence)
{
    struct stir_error error = {0};
    struct stir_call *call = stage_call(stage);
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, timeout_ms, &error);
    int code = result != NULL ? stir_result_code(result) : error.code;

    if (sentence != NULL)
        snprintf(sentence, 256, "%s", result != NULL ? stir_result_detail(result) : error.text);
    stir_result_free(result);
    stir_call_free(call);
    return code;
}
