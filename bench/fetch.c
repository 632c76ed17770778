/*
 * A thousand calls over a hundred URLs on a hundred names, none of them seen before, through one
 * fetcher: how long until the last verdict where the server delays each answer by 500 ms, and where
 * it does not. Then what is long arrives: a CRL of a million entries, and a call whose signer and
 * issuer each refer to a TNAuthList of 16 MB. And of all that the longest that one dispatch kept
 * the event loop, by the processor's time, and by the wall's, for which the server, a stand-in for
 * another machine, gives way (nice 19) while the long ones come.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "bench/dispatch.h"
#include "bench/measure.h"
#include "bench/strangers.h"
#include "tests/mint_crl.h"
#include "tests/situation.h"

enum { NAMES = 100, CALLS = 1000, DELAY_MS = 500, TURNS = 5, LONG_TURNS = 3 };
enum { CRL_ENTRIES = 1000000, NUMBERS = 1100000 };

static struct stir_call *calls[CALLS];

/* Milliseconds until all are done. */
static double run(const struct site *site, struct longest *longest)
{
    struct stir_verifier *verifier = site_verifier(site);
    struct stir_fetcher *fetcher = stir_fetcher_new(verifier, NULL);
    int left = CALLS;

    measure_need(fetcher != NULL, "a fetcher");
    double begun = dispatch_now(CLOCK_MONOTONIC);
    dispatch_add(verifier, fetcher, calls, CALLS);
    while (left > 0) {
        dispatch_once(fetcher, longest);
        left -= dispatch_take(fetcher, STIR_VALID, NULL);
    }
    double took = dispatch_now(CLOCK_MONOTONIC) - begun;
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    return took;
}

static void make_calls(struct server *server)
{
    char host[64];

    for (int i = 0; i < CALLS; i++) {
        if (i >= NAMES) {
            calls[i] = calls[i % NAMES];
            continue;
        }
        snprintf(host, sizeof host, "h%d.stir.test", i);
        char *url = server_url_of(server, host, "/list.pem");
        calls[i] = site_call(url);
        free(url);
    }
}

/* ---- A thousand calls ---------------------------------------------------------------------- */

static int run_calls(struct server *server)
{
    struct longest longest = {0, 0, 0};
    struct site site;
    char rule[32];
    int missed = 0;

    site_open(&site, server, NULL);
    make_calls(server);
    snprintf(rule, sizeof rule, "delay=%d", DELAY_MS);
    for (int i = 0; i < TURNS; i++) {
        server_rule(server, "/list.pem", "");
        double without = run(&site, &longest);
        server_rule(server, "/list.pem", rule);
        double with = run(&site, &longest);
        bool good = with <= DELAY_MS + 2 * without;
        missed += !good;
        printf("%d calls, %d names: %.0f ms; where the server delays %d ms: %.0f ms (goal "
               "%.0f)%s\n",
               CALLS, NAMES, without, DELAY_MS, with, DELAY_MS + 2 * without,
               good ? "" : ": MISSED");
    }
    site_close(&site);
    return dispatch_say("a thousand calls", &longest) || missed > TURNS / 2;
}

/* ---- A long CRL ---------------------------------------------------------------------------- */

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};

/* Entries with serial numbers of 16 octets, in no order. */
static void serve_crl(struct server *server)
{
    enum { ENTRY = 70 };
    char *hex = malloc((size_t)CRL_ENTRIES * ENTRY + 1);

    measure_need(hex != NULL, "memory");
    for (size_t i = 0; i < CRL_ENTRIES; i++)
        sprintf(hex + i * ENTRY, "3021021040%014llX%016llX170D3235313233313233343332305A",
                (unsigned long long)measure_random(UINT64_C(1) << 44),
                (unsigned long long)measure_random(UINT64_C(1) << 44));
    const struct minted *crl =
        mint_crl(&(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT, .revoked_hex = hex}, &pa);
    server_body(server, "/list.crl", crl->der, crl->len);
    printf("a CRL of %d entries, %.1f MB\n", CRL_ENTRIES, (double)crl->len / 1e6);
    free(hex);
}

static bool is_there(struct stir_verifier *verifier)
{
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_CRLS, NULL);
    const char *entries = stir_rows_text(rows, 0, "entries");
    bool there = entries != NULL && *entries != '\0';

    stir_rows_free(rows);
    return there;
}

static int run_crl(struct server *server)
{
    char *url = server_url(server, "good", "/list.crl");
    const char *const policies[] = {"crl", url, NULL};
    struct longest longest = {0, 0, 0};

    serve_crl(server);
    for (int i = 0; i < LONG_TURNS; i++) {
        struct site site;
        site_open(&site, server, policies);
        struct stir_fetcher *fetcher = stir_fetcher_new(site.verifier, NULL);
        measure_need(fetcher != NULL, "a fetcher");
        double begun = dispatch_now(CLOCK_MONOTONIC);
        while (!is_there(site.verifier)) {
            measure_need(dispatch_now(CLOCK_MONOTONIC) - begun < 60e3, "it does not come");
            dispatch_once(fetcher, &longest);
        }
        printf("it is in force after %.0f ms\n", dispatch_now(CLOCK_MONOTONIC) - begun);
        stir_fetcher_free(fetcher);
        site_close(&site);
    }
    free(url);
    return dispatch_say("a CRL of a million entries", &longest);
}

/* ---- Long lists by reference --------------------------------------------------------------- */

/* Every second number from 12155551234 on; the issuer's has an SPC, too. */
static void serve_list(struct server *server, const char *path, bool with_spc)
{
    struct der_writer writer = {0};
    size_t from = 0;
    char text[16];

    for (size_t i = 0; i < NUMBERS + (size_t)with_spc; i++, from = writer.len) {
        bool spc = i == NUMBERS;
        snprintf(text, sizeof text, spc ? "709J" : "12%09zu", 155551234 + i * 2);
        der_write(&writer, DER_IA5_STRING, text, strlen(text));
        der_wrap(&writer, spc ? DER_CONTEXT(0) : DER_CONTEXT(2), from);
    }
    der_wrap(&writer, DER_SEQUENCE, 0);
    size_t len;
    void *der = der_writer_take(&writer, &len);
    measure_need(der != NULL, "memory");
    server_body(server, path, der, len);
    server_rule(server, path, "type=none");
    server_header(server, path, "Content-Type: application/tnauthlist");
    free(der);
}

/* A verifier for each turn; the second call finds what the first one left. */
static int run_lists(struct server *server)
{
    char *url = server_url(server, "good", "/long.pem");
    char *of_signer = server_url(server, "good", "/signer.list");
    char *of_issuer = server_url(server, "good", "/issuer.list");
    struct mint signer = {.subject = "ACME", .key = "long", .stir_tn_list = of_signer};
    struct mint issuer = {.subject = "SHAKEN 709J", .ca = MINT_YES, .stir_tn_list = of_issuer};
    struct situation situation = {.desc = "long lists",
                                  .chain = {&signer, &issuer, &mint_sti_ca, &mint_root},
                                  .x5u = url};
    struct longest longest = {0, 0, 0};
    struct stage stage;

    stage_set(&stage, &situation);
    serve_list(server, "/signer.list", false);
    serve_list(server, "/issuer.list", true);
    for (int i = 0; i < LONG_TURNS; i++) {
        struct site site;
        site_open(&site, server, NULL);
        server_body(server, "/long.pem", stage.body, strlen(stage.body));
        struct stir_fetcher *fetcher = stir_fetcher_new(site.verifier, NULL);
        measure_need(fetcher != NULL, "a fetcher");
        for (int call = 0; call < 2; call++) {
            double begun = dispatch_now(CLOCK_MONOTONIC);
            struct stir_call *made = stage_call(&stage);
            dispatch_add(site.verifier, fetcher, &made, 1);
            while (dispatch_take(fetcher, STIR_VALID, NULL) == 0)
                dispatch_once(fetcher, &longest);
            printf("call %d is valid after %.0f ms\n", call + 1,
                   dispatch_now(CLOCK_MONOTONIC) - begun);
            stir_call_free(made);
        }
        stir_fetcher_free(fetcher);
        site_close(&site);
    }
    free(url);
    return dispatch_say("two TNAuthLists of 16 MB", &longest);
}

static bool is_wanted(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc <= 1;
}

/* All, or those that are named. While what is long comes, the server gives way; not where a hundred
   fetches have five seconds each. */
int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct server *server);
        bool yields;
    } rows[] = {
        {"calls", run_calls, false},
        {"hundred", strangers_hundred, false},
        {"crl", run_crl, true},
        {"lists", run_lists, true},
        {"certificate", strangers_certificate, true},
        {"crumbs", strangers_crumbs, true},
        {"certificate-spc", strangers_certificate_spc, true},
        {"reference-spc", strangers_reference_spc, true},
        {"alike", strangers_alike, true},
        {"alike-same", strangers_alike_same, true},
        {"alike-long", strangers_alike_long, true},
        {"thousand", strangers_thousand, true},
    };
    const char *why = NULL;
    struct server *server = server_start(&why);
    int missed = 0;
    bool yields = false;

    measure_need(server != NULL, why);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!is_wanted(argc, argv, rows[i].name))
            continue;
        if (rows[i].yields && !yields)
            server_yield(server);
        yields = rows[i].yields;
        missed |= rows[i].run(server);
    }
    server_stop(server);
    return missed;
}
