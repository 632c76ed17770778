/* Wants of certificate lists: handed out, ended, and what came of them judged. */
#include "service/want.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

struct want *want_new(struct memory *memory, const struct snapshot *snapshot, const char *url)
{
    struct want *want = calloc(1, sizeof *want);

    (void)snapshot;
    if (want == NULL || (want->url = text_copy(url, strlen(url))) == NULL) {
        free(want);
        return NULL;
    }
    want->memory = memory_ref(memory);
    want->open.kind = STIR_WANT_CERTIFICATES;
    want->open.url = want->url;
    want->open.accept = "application/pem-certificate-chain";
    want->open.limit = LIMIT_PEM_LIST;
    atomic_init(&want->references, 1);
    pthread_mutex_init(&want->lock, NULL);
    want->body = supplies_find(&memory->supplies, url);
    want->ended = want->body != NULL;
    return want;
}

void want_free(struct want *want)
{
    if (want == NULL || atomic_fetch_sub(&want->references, 1) > 1)
        return;
    stir_chain_free(want->chain);
    body_free(want->body);
    memory_free(want->memory);
    free(want->url);
    pthread_mutex_destroy(&want->lock);
    free(want);
}

struct stir_want *want_hand_out(struct want *want)
{
    want->handed_out = true;
    atomic_fetch_add(&want->references, 1);
    return &want->open;
}

bool want_is_ended(struct want *want)
{
    pthread_mutex_lock(&want->lock);
    bool ended = want->ended;
    pthread_mutex_unlock(&want->lock);
    return ended;
}

/* The first end counts. Takes body. */
static void end(struct want *want, int status, struct body *body, enum stir_failure why,
                bool no_memory)
{
    pthread_mutex_lock(&want->lock);
    if (want->ended) {
        body_free(body);
    } else {
        want->ended = true;
        want->status = status;
        want->body = body;
        want->why = why;
        want->no_memory = no_memory;
        if (want->on_end != NULL)
            want->on_end(want->on_end_arg);
    }
    pthread_mutex_unlock(&want->lock);
}

void want_on_end(struct want *want, void (*ended)(void *arg), void *arg)
{
    pthread_mutex_lock(&want->lock);
    want->on_end = ended;
    want->on_end_arg = arg;
    pthread_mutex_unlock(&want->lock);
}

void want_put_body(struct want *want, struct body *body)
{
    end(want, 0, body_ref(body), STIR_FAILURE_CANCELLED, false);
}

struct want *want_of(struct stir_want *open)
{
    return open == NULL || open->kind != STIR_WANT_CERTIFICATES ? NULL : (struct want *)open;
}

void stir_want_put(struct stir_want *open, int status, const void *data, size_t len)
{
    struct want *want = want_of(open);

    if (want == NULL)
        return;
    if (data == NULL)
        len = 0;
    if (len == STIR_NUL)
        len = strlen(data);
    if (len > want->open.limit) {
        end(want, status, NULL, STIR_FAILURE_TOO_LARGE, false);
    } else {
        struct body *body = body_new(data, len);
        end(want, status, body, STIR_FAILURE_CANCELLED, body == NULL);
    }
    want_free(want);
}

void stir_want_fail(struct stir_want *open, enum stir_failure why)
{
    struct want *want = want_of(open);

    if (want == NULL)
        return;
    end(want, 0, NULL, why, false);
    want_free(want);
}

struct failure {
    int code;
    const char *sentence;
};

static const struct failure failures[] = {
    [STIR_FAILURE_CANCELLED] = {STIR_CODE_X5U_UNREACHABLE, "nobody had the body of %s"},
    [STIR_FAILURE_TIMEOUT] = {STIR_CODE_X5U_UNREACHABLE, "%s did not answer in time"},
    [STIR_FAILURE_NAME] = {STIR_CODE_X5U_UNREACHABLE, "the host of %s has no address"},
    [STIR_FAILURE_ADDRESS] = {STIR_CODE_X5U_REFUSED, "policy does not allow a fetch of %s"},
    [STIR_FAILURE_CONNECT] = {STIR_CODE_X5U_UNREACHABLE, "the host of %s takes no connection"},
    [STIR_FAILURE_TLS] = {STIR_CODE_X5U_UNREACHABLE, "the host of %s failed in TLS"},
    [STIR_FAILURE_TOO_LARGE] = {STIR_CODE_X5U_BODY, "the body of %s is larger than 1 MiB"},
    [STIR_FAILURE_BROKEN] = {STIR_CODE_X5U_UNREACHABLE, "the answer of %s broke off"},
    [STIR_FAILURE_ENCODING] = {STIR_CODE_X5U_BODY, "the body of %s has a Content-Encoding"},
};

static int judge_failure(const struct want *want, struct stir_error *error)
{
    enum { N = sizeof failures / sizeof *failures };
    const struct failure *failure = &failures[(unsigned)want->why < N ? want->why : 0];
    char url[SHOWN_SIZE], sentence[SHOWN_SIZE + 80];

    shown(url, want->url, strlen(want->url));
    snprintf(sentence, sizeof sentence, failure->sentence, url);
    return error_set(error, failure->code, "%s (RFC 8224 section 7)", sentence);
}

static int parse(struct want *want, const struct es256_provider *provider,
                 struct stir_error *error)
{
    char url[SHOWN_SIZE];

    if (want->no_memory)
        return error_no_memory(error);
    if (want->body == NULL)
        return judge_failure(want, error);
    if (want->status != 0 && want->status != 200)
        return error_set(error, STIR_CODE_X5U_UNREACHABLE,
                         "%s: wanted status 200, found %d (RFC 8224 section 7)",
                         shown(url, want->url, strlen(want->url)), want->status);
    int rc = chain_new(want->body->data, want->body->len, false, provider, &want->chain);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}

const uint8_t *want_digest(const struct want *want)
{
    if (want->body == NULL || (want->status != 0 && want->status != 200)
        || want->body->len > LIMIT_CACHED_LIST)
        return NULL;
    return want->body->sha256;
}

int want_chain(struct want *want, const struct es256_provider *provider,
               const struct stir_chain **chain, struct stir_error *error)
{
    int rc = want->chain == NULL ? parse(want, provider, error) : 0;

    *chain = want->chain;
    if (rc != 0)
        return rc;
    return want->chain->fault.code == 0 ? 0 : error_copy(error, &want->chain->fault);
}
