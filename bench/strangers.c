/* What strangers put at a URL so that it takes long to judge, through a fetcher. */
#include "bench/strangers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/dispatch.h"
#include "bench/measure.h"
#include "tests/mint_octets.h"
#include "tests/situation.h"

enum { TURNS = 3, HELD = 48000, ALIKE = 9, HELD_ALIKE = 46000, REFERRED = 1000000 };
enum { URLS = 100, CALLS = 1000 };

#define CSV "spc,first,last\n709J,12150000000,12159999999\n"
#define ALIKE_SKID "0102030405060708"

/* The first of them is the caller's. */
#define FIRST 155551234

/* ---- Lists --------------------------------------------------------------------------------- */

/* A TNAuthList of so many numbers, each second one, as hex or as octets. */
static struct octets numbers(size_t n)
{
    struct octets list = {0};
    char text[24];

    for (size_t i = 0; i < n; i++) {
        struct octets number = {0};
        snprintf(text, sizeof text, "12%09zu", FIRST + i * 2);
        put_text(&number, IA5_STRING, text);
        put_in(&list, 0xA2, number);
    }
    return mint_wrapped(SEQUENCE, list);
}

static const char *numbers_hex(size_t n)
{
    struct octets list = numbers(n);
    char *hex = keep(list.len * 2 + 1);

    for (size_t i = 0; i < list.len; i++)
        sprintf(hex + i * 2, "%02X", list.data[i]);
    return hex;
}

static const struct mint parent_ranges = {
    .subject = "SHAKEN ranges", .ca = MINT_YES, .tnauthlist = "12150000000+10000000"};
static const struct mint parent_spc = {
    .subject = "SHAKEN 709J", .ca = MINT_YES, .tnauthlist = "709J"};

/* One for all rows, since it takes long to write. */
static struct mint long_signer(void)
{
    static const char *list;

    if (list == NULL)
        list = numbers_hex(HELD);
    return (struct mint){.subject = "ACME", .key = "long", .tnauthlist_hex = list};
}

/* ---- Rows ---------------------------------------------------------------------------------- */

struct row {
    const char *what;
    const char *csv; /* SPC data; NULL: none */
    struct stir_call **calls;
    int n;     /* calls at once */
    int times; /* one after the other, with what the first left */
    enum stir_verdict verdict;
};

static struct site open_site(struct server *server, const char *csv)
{
    struct site site;
    struct stir_error error;

    site_open(&site, server, NULL);
    if (csv == NULL)
        return site;
    stir_verifier_free(site.verifier);
    measure_need(stir_config_set_data(site.config, "spc", csv, STIR_NUL, &error) == 0,
                 error.text);
    site.verifier = site_verifier(&site);
    return site;
}

/* A verifier for each turn. */
static int run(const struct row *row, struct server *server)
{
    struct longest longest = {0, 0, 0};
    int others = 0;

    for (int turn = 0; turn < TURNS; turn++) {
        struct site site = open_site(server, row->csv);
        struct stir_fetcher *fetcher = stir_fetcher_new(site.verifier, NULL);
        measure_need(fetcher != NULL, "a fetcher");
        for (int time = 0; time < row->times; time++) {
            int left = row->n;
            dispatch_add(site.verifier, fetcher, row->calls, row->n);
            while (left > 0) {
                dispatch_once(fetcher, &longest);
                left -= dispatch_take(fetcher, row->verdict, row->n > 1 ? &others : NULL);
            }
        }
        stir_fetcher_free(fetcher);
        site_close(&site);
    }
    if (others > 0) /* the machine was too busy for so many fetches in five seconds */
        printf("%s: %d of %d did not come in time\n", row->what, others, row->n * TURNS);
    return dispatch_say(row->what, &longest);
}

/* What is at the path, so that its octets are no other's: blank lines make a digest, too. */
static void serve(struct server *server, const char *path, const char *list, int another)
{
    size_t len = strlen(list);
    char *body = malloc(len + (size_t)another);

    measure_need(body != NULL, "memory");
    memcpy(body, list, len);
    memset(body + len, '\n', (size_t)another);
    server_body(server, path, body, len + (size_t)another);
    free(body);
}

/* A call whose certificates are at the path; its token is signed with that key. */
static struct stir_call *put_call(struct server *server, const char *host, const char *path,
                                  const char *key, const char *list, int another)
{
    const struct mint caller = {.subject = "Caller", .key = key};
    char *url = server_url_of(server, host, path);
    struct situation situation = {.desc = "call", .chain = {&caller, &mint_root}, .x5u = url};
    struct stage stage;

    stage_set(&stage, &situation);
    serve(server, path, list, another);
    struct stir_call *call = stage_call(&stage);
    measure_need(call != NULL, "a call");
    free(url);
    return call;
}

static int run_one(struct server *server, struct row row, const char *key, const char *list)
{
    struct stir_call *call = put_call(server, "one.stir.test", "/one.pem", key, list, 0);

    row.calls = &call;
    row.n = 1;
    row.times = 2;
    int missed = run(&row, server);
    stir_call_free(call);
    return missed;
}

/* ---- Numbers ------------------------------------------------------------------------------- */

/* The signer's and its issuer's certificates. */
static const char *list_of(const struct mint *signer, const struct mint *issuer)
{
    return mint_pem_list(mint_make(signer, issuer), mint_make(issuer, &mint_root), NULL);
}

int strangers_certificate(struct server *server)
{
    const struct mint signer = long_signer();

    return run_one(
        server, (struct row){.what = "48,000 numbers in a certificate", .verdict = STIR_VALID},
        signer.key, list_of(&signer, &parent_ranges));
}

int strangers_crumbs(struct server *server)
{
    const struct mint signer = long_signer();

    server_rule(server, "/one.pem", "crumbs");
    int missed = run_one(
        server, (struct row){.what = "the same in chunks of one octet", .verdict = STIR_VALID},
        signer.key, list_of(&signer, &parent_ranges));
    server_rule(server, "/one.pem", "");
    return missed;
}

int strangers_certificate_spc(struct server *server)
{
    const struct mint signer = long_signer();

    return run_one(server,
                   (struct row){.what = "48,000 numbers in a certificate under an SPC",
                                .csv = CSV,
                                .verdict = STIR_VALID},
                   signer.key, list_of(&signer, &parent_spc));
}

int strangers_reference_spc(struct server *server)
{
    char *of_signer = server_url(server, "good", "/numbers.list");
    const struct mint signer = {.subject = "ACME", .key = "long", .stir_tn_list = of_signer};
    struct octets list = numbers(REFERRED);

    server_body(server, "/numbers.list", list.data, list.len);
    server_rule(server, "/numbers.list", "type=none");
    server_header(server, "/numbers.list", "Content-Type: application/tnauthlist");
    int missed = run_one(server,
                         (struct row){.what = "a million numbers by reference under an SPC",
                                      .csv = CSV,
                                      .verdict = STIR_VALID},
                         signer.key, list_of(&signer, &parent_spc));
    free(of_signer);
    return missed;
}

/* ---- Issuers that look alike ---------------------------------------------------------------- */

/* Nine of one name and key identifier, with keys of their own or all with one, none of which a
   verifier trusts; a signer that names them, and whom the last one signed or none. */
static const char *list_of_alike(const struct mint *signer, bool one_key)
{
    static const struct mint root = {
        .subject = "Alike", .key = "alike-root", .kind = MINT_P521, .skid = ALIKE_SKID};
    const struct minted *list[ALIKE + 1];
    char key[ALIKE][16], serial[ALIKE][8];

    for (int i = 0; i < ALIKE; i++) {
        snprintf(key[i], sizeof key[i], "alike-%d", one_key ? 0 : i);
        snprintf(serial[i], sizeof serial[i], "%02d", i + 1);
        struct mint alike = {.subject = "Alike",
                             .key = key[i],
                             .kind = MINT_P521,
                             .skid = ALIKE_SKID,
                             .akid = ALIKE_SKID,
                             .serial_hex = serial[i],
                             .ca = MINT_YES};
        if (i == 0)
            list[0] = mint_make(signer, one_key ? &alike : &root);
        list[i + 1] = mint_make(&alike, one_key ? &alike : &root);
    }
    return mint_pem_list_n(list, ALIKE + 1);
}

static int run_alike(struct server *server, const char *what, const struct mint *signer,
                     bool one_key)
{
    return run_one(server, (struct row){.what = what, .verdict = STIR_INVALID}, signer->key,
                   list_of_alike(signer, one_key));
}

int strangers_alike(struct server *server)
{
    const struct mint signer = {.subject = "Alike's", .key = "alike-signer"};

    return run_alike(server, "nine P-521 issuers that look alike", &signer, false);
}

int strangers_alike_same(struct server *server)
{
    const struct mint signer = {.subject = "Alike's", .key = "alike-signer"};

    return run_alike(server, "nine P-521 issuers, each each other's", &signer, true);
}

static struct mint alike_long_signer(void)
{
    static const char *list;

    if (list == NULL)
        list = numbers_hex(HELD_ALIKE);
    return (struct mint){.subject = "Alike's", .key = "alike-signer", .tnauthlist_hex = list};
}

int strangers_alike_long(struct server *server)
{
    const struct mint signer = alike_long_signer();

    return run_alike(server, "nine P-521 issuers that look alike, a signer of 0.7 MB", &signer,
                     false);
}

/* ---- Many at once --------------------------------------------------------------------------- */

static int run_many(struct server *server, struct row row, const char *key, const char *list)
{
    struct stir_call *calls[URLS];
    char host[32], path[32];

    for (int i = 0; i < URLS; i++) {
        snprintf(host, sizeof host, "many%d.stir.test", i);
        snprintf(path, sizeof path, "/%d.pem", i);
        calls[i] = put_call(server, host, path, key, list, i);
    }
    row.calls = calls;
    row.n = URLS;
    row.times = 1;
    int missed = run(&row, server);
    for (int i = 0; i < URLS; i++)
        stir_call_free(calls[i]);
    return missed;
}

int strangers_hundred(struct server *server)
{
    const struct mint signer = long_signer(), alike = alike_long_signer();
    int missed = run_many(server,
                          (struct row){.what = "a hundred lists of 48,000 numbers under an SPC",
                                       .csv = CSV,
                                       .verdict = STIR_VALID},
                          signer.key, list_of(&signer, &parent_spc));

    return run_many(server,
                    (struct row){.what = "a hundred lists of P-521 issuers that look alike",
                                 .verdict = STIR_INVALID},
                    alike.key, list_of_alike(&alike, false))
           || missed;
}

int strangers_thousand(struct server *server)
{
    const struct mint signer = long_signer();
    const char *list = list_of(&signer, &parent_ranges);
    struct stir_call *call = put_call(server, "one.stir.test", "/one.pem", signer.key, list, 0);
    struct stir_call *calls[CALLS];

    for (int i = 0; i < CALLS; i++)
        calls[i] = call;
    int missed = run(&(struct row){.what = "a thousand calls, 48,000 numbers in a certificate",
                                   .calls = calls,
                                   .n = CALLS,
                                   .times = 1,
                                   .verdict = STIR_VALID},
                     server);
    stir_call_free(call);
    return missed;
}
