/* Revocation lists as they arrive. */
#include "service/crl_arrival.h"

#include <stdio.h>

#include "service/retrieval.h"

static void fail(const struct stir_verifier *verifier, const char *url,
                 const struct cache_failure *failure)
{
    struct memory *memory = verifier->memory;

    crl_feeds_fail(&memory->crls, url, failure, memory_now(memory));
}

/* Which configuration is in force is asked under the lock, so that none takes its place without
   what comes now. */
static void take(const struct stir_verifier *verifier, const char *url,
                 const struct cache_response *response)
{
    struct crl_feeds *feeds = &verifier->memory->crls;

    pthread_mutex_lock(&feeds->lock);
    struct snapshot *snapshot = verifier_snapshot(verifier, NULL);
    if (snapshot != NULL)
        crl_feeds_take(feeds, &snapshot->crls, &snapshot->force, url, &snapshot->policy.cache,
                       response);
    pthread_mutex_unlock(&feeds->lock);
    snapshot_free(snapshot);
}

void crl_arrival_put(const struct stir_verifier *verifier, const char *url,
                     const struct cache_response *response)
{
    struct cache_failure failure;

    if (retrieval_judge(FETCH_CRL, response, &failure) == 0)
        take(verifier, url, response);
    else
        fail(verifier, url, &failure);
}

void crl_arrival_put_hit(const struct stir_verifier *verifier, const char *url,
                         const struct cache_hit *hit)
{
    const int64_t now = memory_now(verifier->memory);
    const struct cache_response response = {.status = 200,
                                            .meta = &hit->meta,
                                            .body = hit->body,
                                            .requested = now,
                                            .received = now};

    if (hit->body != NULL)
        take(verifier, url, &response);
    else
        fail(verifier, url, &hit->failure);
}

void crl_arrival_fail(const struct stir_verifier *verifier, const char *url,
                      enum stir_failure why, const char *sentence)
{
    struct cache_failure failure = {.why = why};

    if (sentence != NULL)
        snprintf(failure.sentence, sizeof failure.sentence, "%s", sentence);
    fail(verifier, url, &failure);
}
