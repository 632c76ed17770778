/* Lists as they arrive. */
#include "service/feed_arrival.h"

#include <stdio.h>

#include "service/enforce.h"
#include "service/retrieval.h"

static void fail(const struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                 const struct cache_failure *failure)
{
    struct memory *memory = verifier->memory;

    feeds_fail(&memory->feeds, kind, url, failure, memory_now(memory));
}

/* What is new is read, where no lock is held, and put in force. */
static void take_new(struct stir_verifier *verifier, const struct snapshot *snapshot,
                     enum fetch_kind kind, const char *url,
                     const struct cache_response *response)
{
    struct feed_content content = {0};
    struct stir_error error;

    error_clear(&error);
    int rc =
        feed_kind_of(kind)->read(&content, response->body, url, &snapshot->configured, &error);
    if (rc == 0)
        rc = enforce_content(verifier, kind, url, &content, response, &error);
    feed_content_free(&content);
    if (rc != 0)
        feeds_refuse(&verifier->memory->feeds, kind, url, error.text, response->received);
}

static void take(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                 const struct cache_response *response)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);

    if (snapshot != NULL
        && !feeds_is_known(&verifier->memory->feeds, kind, url, &snapshot->policy.cache,
                           response))
        take_new(verifier, snapshot, kind, url, response);
    snapshot_free(snapshot);
}

void feed_arrival_put(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                      const struct cache_response *response)
{
    struct cache_failure failure;

    if (retrieval_judge(kind, response, &failure) == 0)
        take(verifier, kind, url, response);
    else
        fail(verifier, kind, url, &failure);
}

void feed_arrival_put_hit(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                          const struct cache_hit *hit)
{
    const int64_t now = memory_now(verifier->memory);
    const struct cache_response response = {.status = 200,
                                            .meta = &hit->meta,
                                            .body = hit->body,
                                            .requested = now,
                                            .received = now};

    if (hit->body != NULL)
        take(verifier, kind, url, &response);
    else
        fail(verifier, kind, url, &hit->failure);
}

void feed_arrival_fail(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                       enum stir_failure why, const char *sentence)
{
    struct cache_failure failure = {.why = why};

    if (sentence != NULL)
        snprintf(failure.sentence, sizeof failure.sentence, "%s", sentence);
    fail(verifier, kind, url, &failure);
}
