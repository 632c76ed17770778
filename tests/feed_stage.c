/* Lists from URLs, served by hand. */
#include "tests/feed_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/verifier.h"
#include "tests/mint_octets.h"
#include "tests/site.h"

const struct mint feed_crl_pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                                 .key = "pa",
                                 .ca = MINT_NO,
                                 .key_usage = MINT_KU_CRL_SIGN};
const struct mint feed_list_pa = {.subject = "List PA", .key = "list PA"};

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "feed_stage: %s\n", what);
    abort();
}

void feed_set(struct stir_config *config, const char *key, const char *value)
{
    struct stir_error error;

    must(stir_config_set(config, key, value, &error) == 0, error.text);
}

static void set_data(struct stir_config *config, const char *key, const char *data)
{
    struct stir_error error;

    must(stir_config_set_data(config, key, data, STIR_NUL, &error) == 0, error.text);
}

struct stir_config *feed_config(bool anchored)
{
    struct stir_config *config = stir_config_new();

    must(config != NULL, "no configuration");
    feed_set(config, "fetch", "caller");
    feed_set(config, "spc_unknown", "trust_issuer");
    if (anchored)
        set_data(config, "anchors", mint_make(&mint_root, NULL)->pem);
    set_data(config, "crl_anchors", mint_make(&feed_crl_pa, NULL)->pem);
    set_data(config, "trusted_list_signer", mint_make(&feed_list_pa, NULL)->pem);
    return config;
}

static int64_t clock_of(void *arg)
{
    return *(const int64_t *)arg;
}

void feed_open(struct feed_stage *stage, struct stir_config *config)
{
    struct stir_error error;

    *stage = (struct feed_stage){.config = config, .now = MINT_NOW};
    stage->verifier = stir_verifier_new(config, &error);
    must(stage->verifier != NULL, error.text);
    stage->verifier->memory->clock = clock_of;
    stage->verifier->memory->clock_arg = &stage->now;
    must(stir_verifier_supply(stage->verifier, FEED_CALLS, site_list(), STIR_NUL, &error) == 0,
         error.text);
    must(drive_open(&stage->drive, stage->verifier, true, &error) == 0, error.text);
}

void feed_close(struct feed_stage *stage)
{
    drive_close(&stage->drive);
    stir_verifier_free(stage->verifier);
    stir_config_free(stage->config);
}

struct stir_want *feed_want(struct feed_stage *stage)
{
    struct stir_want *want = drive_want(&stage->drive);

    if (want == NULL) {
        stage->drive.next_upkeep = 0; /* it looks once a second, and here now */
        drive_dispatch(&stage->drive, fetch_clock() + DISPATCH_MS, INT64_MAX);
        want = drive_want(&stage->drive);
    }
    return want;
}

void feed_settle(struct feed_stage *stage)
{
    do
        drive_dispatch(&stage->drive, fetch_clock() + DISPATCH_MS, INT64_MAX);
    while (drive_is_busy(&stage->drive));
}

void feed_serve(struct feed_stage *stage, const char *url, int status, const void *data,
                size_t len, const char *tag)
{
    struct stir_want *want = feed_want(stage);

    must(want != NULL && strcmp(want->url, url) == 0, want != NULL ? want->url : "no want");
    if (tag != NULL)
        stir_want_add_header(want, "ETag", tag, STIR_NUL);
    stir_want_add_header(want, "Cache-Control", "max-age=86400", STIR_NUL);
    stir_want_put(want, status, data, len);
    feed_settle(stage);
}

void feed_serve_crl(struct feed_stage *stage, const struct mint_crl *list)
{
    const struct minted *crl = mint_crl(list, &feed_crl_pa);

    feed_serve(stage, FEED_CRL, 200, crl->der, crl->len, NULL);
}

void feed_serve_trusted(struct feed_stage *stage, const char *sequence, const char *exp,
                        const struct mint *const *roots, size_t n)
{
    const char *list = feed_trusted_list(sequence, exp, roots, n, feed_list_pa.key);

    feed_serve(stage, FEED_TRUSTED, 200, list, strlen(list), NULL);
}

/* Made once: lists are compared by their certificates. */
static const char *pem_of(const struct mint *root)
{
    static struct {
        const struct mint *root;
        const char *pem;
    } made[8];
    size_t i = 0;

    while (i < 8 && made[i].root != NULL && made[i].root != root)
        i++;
    must(i < 8, "too many roots");
    if (made[i].root == NULL) {
        made[i].root = root;
        made[i].pem = mint_make(root, NULL)->pem;
    }
    return made[i].pem;
}

static void add_pem(struct text *text, const char *pem)
{
    text_add(text, "\"");
    for (; *pem != '\0'; pem++)
        if (*pem == '\n')
            text_add(text, "\\n");
        else
            text_add_octets(text, pem, 1);
    text_add(text, "\"");
}

const char *feed_trusted_payload(const char *sequence, const char *exp,
                                 const struct mint *const *roots, size_t n)
{
    struct text text = {0};

    text_addf(&text, "{\"version\":\"1.0\",\"sequence\":%s,\"exp\":%s,\"trustList\":[",
              sequence, exp);
    for (size_t i = 0; i < n; i++) {
        text_add(&text, i > 0 ? "," : "");
        add_pem(&text, pem_of(roots[i]));
    }
    text_add(&text, "]}");
    must(text.data != NULL, "no memory");
    const char *kept = keep_text("%s", text.data);
    text_free(&text);
    return kept;
}

const char *feed_trusted_list(const char *sequence, const char *exp,
                              const struct mint *const *roots, size_t n, const char *key)
{
    return mint_token("{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
                      feed_trusted_payload(sequence, exp, roots, n), key);
}

struct stir_result *feed_judge(const struct feed_stage *stage)
{
    struct stir_call *call = site_call(FEED_CALLS);
    struct stir_error error;
    struct stir_result *result = stir_verify(stage->verifier, call, MINT_NOW, 0, &error);

    must(result != NULL, error.text);
    stir_call_free(call);
    return result;
}
