/* Calls are judged by threads while revocation lists and trusted lists come from URLs, the
   configuration is loaded again, and what is in force is listed. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/verifier.h"
#include "tests/feed_stage.h"
#include "tests/site.h"

enum { JUDGES = 3, ROUNDS = 24 };

static struct feed_stage stage;
static _Atomic int64_t now = MINT_NOW;
static atomic_bool over;
static atomic_uint judged[3]; /* valid, not known, anything else that may be */

static int64_t clock_of(void *arg)
{
    (void)arg;
    return atomic_load(&now);
}

static void fail(const char *what)
{
    fprintf(stderr, "feeds: %s\n", what);
    exit(1);
}

/* By whichever lists are in force: the root is in one and not in the next, the delegate revoked in
   one and not in the next. */
static void note(const struct stir_result *result)
{
    switch (stir_result_code(result)) {
    case STIR_CODE_OK:
        atomic_fetch_add(&judged[0], 1);
        break;
    case STIR_CODE_STATUS_UNKNOWN:
        atomic_fetch_add(&judged[1], 1);
        break;
    case STIR_CODE_PATH_NO_ANCHOR:
    case STIR_CODE_REVOKED:
        atomic_fetch_add(&judged[2], 1);
        break;
    default:
        fail(stir_result_detail(result));
    }
}

static void *judge(void *arg)
{
    const struct stir_call *call = arg;

    while (!atomic_load(&over)) {
        struct stir_result *result = stir_verify(stage.verifier, call, MINT_NOW, 0, NULL);
        if (result == NULL)
            fail("no result");
        note(result);
        stir_result_free(result);
    }
    return NULL;
}

static void *reload(void *arg)
{
    (void)arg;
    while (!atomic_load(&over)) {
        struct stir_error error;
        if (stir_verifier_reload(stage.verifier, stage.config, &error) != 0)
            fail(error.text);
        stir_rows_free(stir_verifier_list(stage.verifier, STIR_LIST_ANCHORS, NULL));
        stir_rows_free(stir_verifier_list(stage.verifier, STIR_LIST_CRLS, NULL));
        stir_verifier_ready(stage.verifier, NULL);
    }
    return NULL;
}

static const struct mint second = {.subject = "Second root"};

static void serve(struct stir_want *want, unsigned round)
{
    static const struct mint *const roots[] = {&mint_root, &second};
    char number[8], sequence[8];

    snprintf(number, sizeof number, "%02X", round + 1);
    snprintf(sequence, sizeof sequence, "%u", round + 1);
    if (want->kind == STIR_WANT_CRL) {
        const struct mint_crl list = {
            .idp_hex = MINT_IDP_INDIRECT,
            .number_hex = number,
            .next_update = MINT_NOW + 1000 * 86400,
            .revoked = {{.certificate = round % 3 == 2 ? &mint_delegate : NULL,
                         .issuer = "C=US,O=Provider,CN=SHAKEN 709J"}}};
        struct mint_crl clean = list;
        memset(clean.revoked, 0, sizeof clean.revoked);
        const struct minted *crl = mint_crl(round % 3 == 2 ? &list : &clean, &feed_crl_pa);
        stir_want_put(want, 200, crl->der, crl->len);
    } else {
        const char *list = feed_trusted_list(sequence, "1998761600", roots + round % 2,
                                             2 - round % 2, feed_list_pa.key);
        stir_want_put(want, 200, list, strlen(list));
    }
}

int main(void)
{
    pthread_t judges[JUDGES], reloader;
    struct stir_call *calls[JUDGES];
    struct stir_config *config = feed_config(false);

    feed_set(config, "crl", FEED_CRL);
    feed_set(config, "trusted_list", FEED_TRUSTED);
    feed_open(&stage, config);
    stage.verifier->memory->clock = clock_of;
    for (size_t i = 0; i < JUDGES; i++) {
        calls[i] = site_call(FEED_CALLS);
        pthread_create(&judges[i], NULL, judge, calls[i]);
    }
    pthread_create(&reloader, NULL, reload, NULL);
    unsigned served = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct stir_want *want;
        while ((want = feed_want(&stage)) != NULL) {
            serve(want, round);
            served++;
        }
        feed_settle(&stage);
        atomic_fetch_add(&now, 86401);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i < JUDGES; i++) {
        pthread_join(judges[i], NULL);
        stir_call_free(calls[i]);
    }
    pthread_join(reloader, NULL);
    struct stir_rows *rows = stir_verifier_list(stage.verifier, STIR_LIST_ANCHORS, NULL);
    const char *sequence = stir_rows_text(rows, 0, "sequence");
    if (served != 2 * ROUNDS || sequence == NULL || atoi(sequence) != ROUNDS)
        fail("not all lists came in force");
    stir_rows_free(rows);
    feed_close(&stage);
    printf("%u lists; %u calls valid, %u not known, %u without anchor or revoked\n", served,
           judged[0], judged[1], judged[2]);
    return 0;
}
