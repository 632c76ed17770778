/* Lists as they arrive. */
#include "service/feed_arrival.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/cache_file.h"
#include "service/enforce.h"
#include "service/retrieval.h"

struct feed_arrival {
    struct stir_verifier *verifier; /* which outlives it */
    struct snapshot *snapshot;      /* by whose signers it is judged */
    enum fetch_kind kind;
    char *url;
    struct cache_response response;
    struct http_meta meta; /* the response's */
    struct feed_reading reading;
    struct feed_content content;
    bool from_file; /* the cache's, or one of its own: it is not kept in the cache's */
};

static void fail(const struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                 const struct cache_failure *failure)
{
    struct memory *memory = verifier->memory;

    feeds_fail(&memory->feeds, kind, url, failure, memory_now(memory));
}

static struct feed_arrival *arrival_new(struct stir_verifier *verifier,
                                        struct snapshot *snapshot, enum fetch_kind kind,
                                        const char *url, const struct cache_response *response)
{
    struct feed_arrival *arrival = calloc(1, sizeof *arrival);

    if (arrival == NULL || (arrival->url = text_copy(url, strlen(url))) == NULL) {
        free(arrival);
        return NULL;
    }
    arrival->verifier = verifier;
    arrival->snapshot = snapshot_ref(snapshot);
    arrival->kind = kind;
    arrival->response = *response;
    arrival->response.body = body_ref(response->body);
    arrival->response.meta = NULL;
    if (response->meta != NULL) {
        arrival->meta = *response->meta;
        arrival->response.meta = &arrival->meta;
    }
    arrival->reading = (struct feed_reading){
        .body = response->body, .url = arrival->url, .configured = &snapshot->configured};
    return arrival;
}

void feed_arrival_free(struct feed_arrival *arrival)
{
    if (arrival == NULL)
        return;
    feed_reading_end(&arrival->reading);
    feed_content_free(&arrival->content);
    body_free(arrival->response.body);
    snapshot_free(arrival->snapshot);
    free(arrival->url);
    free(arrival);
}

static void say(const struct feed_arrival *arrival, int rc, const struct stir_error *error)
{
    const struct hooks *hooks = arrival->snapshot->hooks;
    const char *name = feed_kind_of(arrival->kind)->name;
    char source[SHOWN_SIZE];

    shown(source, arrival->url, strlen(arrival->url));
    if (rc == 0)
        hooks_log(hooks, STIR_LOG_NOTICE, "%s: a new %s is in force", source, name);
    else
        hooks_log(hooks, STIR_LOG_WARNING, "%s: the new %s is refused: %s", source, name,
                  error->text);
}

static void keep(const struct feed_arrival *arrival)
{
    const struct cache_response *response = &arrival->response;
    const struct cache_hit hit = {.state = CACHE_FRESH,
                                  .body = response->body,
                                  .meta = arrival->meta,
                                  .fetched = response->received};

    cache_file_keep(arrival->verifier->memory, arrival->kind, arrival->url, response->requested,
                    &hit);
}

static void finish(struct feed_arrival *arrival, int rc, const struct stir_error *error)
{
    if (rc != 0)
        feeds_refuse(&arrival->verifier->memory->feeds, arrival->kind, arrival->url,
                     error->text, arrival->response.received);
    else if (!arrival->from_file)
        keep(arrival);
    say(arrival, rc, error);
}

/* Where no lock is held. */
bool feed_arrival_step(struct feed_arrival *arrival, size_t budget)
{
    struct stir_error error;
    bool more = false;

    error_clear(&error);
    int rc = feed_kind_of(arrival->kind)
                 ->read(&arrival->reading, budget, &arrival->content, &more, &error);
    if (rc == 0 && more)
        return true;
    if (rc == 0)
        rc = enforce_content(arrival->verifier, arrival->kind, arrival->url, &arrival->content,
                             &arrival->response, &error);
    finish(arrival, rc, &error);
    return false;
}

static struct feed_arrival *take(struct stir_verifier *verifier, enum fetch_kind kind,
                                 const char *url, const struct cache_response *response)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    struct feeds *feeds = &verifier->memory->feeds;
    struct feed_arrival *arrival = NULL;

    if (snapshot != NULL
        && !feeds_is_known(feeds, kind, url, &snapshot->policy.cache, response)) {
        arrival = arrival_new(verifier, snapshot, kind, url, response);
        if (arrival == NULL)
            feeds_refuse(feeds, kind, url, "out of memory", response->received);
    }
    snapshot_free(snapshot);
    return arrival;
}

struct feed_arrival *feed_arrival_put(struct stir_verifier *verifier, enum fetch_kind kind,
                                      const char *url, const struct cache_response *response)
{
    struct cache_failure failure;

    if (retrieval_judge(kind, response, &failure) == 0)
        return take(verifier, kind, url, response);
    fail(verifier, kind, url, &failure);
    return NULL;
}

struct feed_arrival *feed_arrival_put_hit(struct stir_verifier *verifier, enum fetch_kind kind,
                                          const char *url, const struct cache_hit *hit)
{
    const int64_t now = memory_now(verifier->memory);
    const struct cache_response response = {.status = hit->body != NULL ? 200 : 304,
                                            .meta = &hit->meta,
                                            .body = hit->body,
                                            .requested = now,
                                            .received = now};

    if (hit->state != CACHE_FAILED)
        return take(verifier, kind, url, &response);
    fail(verifier, kind, url, &hit->failure);
    return NULL;
}

struct feed_arrival *feed_arrival_put_file(struct stir_verifier *verifier, enum fetch_kind kind,
                                           const char *path, struct body *body)
{
    const int64_t now = memory_now(verifier->memory);
    const struct cache_response response = {
        .status = 200, .body = body, .requested = now, .received = now};
    struct feed_arrival *arrival = take(verifier, kind, path, &response);

    if (arrival != NULL)
        arrival->from_file = true;
    return arrival;
}

void feed_arrival_fail(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                       enum stir_failure why, const char *sentence)
{
    struct cache_failure failure = {.why = why};

    if (sentence != NULL)
        snprintf(failure.sentence, sizeof failure.sentence, "%s", sentence);
    fail(verifier, kind, url, &failure);
}

/* ---- From the cache's file ----------------------------------------------------------------- */

static void read_all(struct stir_verifier *verifier, struct snapshot *snapshot,
                     const struct feed_url *url, const struct cache_response *response)
{
    struct feed_arrival *arrival =
        arrival_new(verifier, snapshot, url->kind, url->url, response);

    if (arrival == NULL)
        return;
    arrival->from_file = true;
    while (feed_arrival_step(arrival, SIZE_MAX))
        continue;
    feed_arrival_free(arrival);
}

static void recall(struct stir_verifier *verifier, struct snapshot *snapshot,
                   const struct feed_url *url)
{
    struct memory *memory = verifier->memory;
    struct cache_failure failure;
    struct store_record record;

    if (!cache_file_get(memory, url->kind, url->url, &record))
        return;
    const struct cache_response response = {200, &record.meta, record.body, record.requested,
                                            record.received};
    if (feeds_add(&memory->feeds, url) == 0
        && retrieval_judge(url->kind, &response, &failure) == 0)
        read_all(verifier, snapshot, url, &response);
    body_free(record.body);
}

void feed_arrival_recall(struct stir_verifier *verifier)
{
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);

    for (size_t i = 0; snapshot != NULL && i < snapshot->urls.n; i++)
        if (!snapshot->urls.list[i].there)
            recall(verifier, snapshot, &snapshot->urls.list[i]);
    snapshot_free(snapshot);
}
