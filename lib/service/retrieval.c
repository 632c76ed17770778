/* What came of a URL. */
#include "service/retrieval.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cert/chain.h"
#include "fetch/fetch.h"
#include "service/cache_file.h"

const char *retrieval_accept(enum fetch_kind kind)
{
    static const char *const types[FETCH_KINDS] = {
        [FETCH_CERTIFICATES] = "application/pem-certificate-chain",
        [FETCH_TNAUTHLIST] = "application/tnauthlist",
        [FETCH_CRL] = "application/pkix-crl",
        [FETCH_TRUSTED_LIST] = "application/jose",
    };

    return types[kind];
}

size_t retrieval_limit(enum fetch_kind kind)
{
    static const size_t limits[FETCH_KINDS] = {
        [FETCH_CERTIFICATES] = LIMIT_PEM_LIST,
        [FETCH_TNAUTHLIST] = LIMIT_TNAUTHLIST,
        [FETCH_CRL] = LIMIT_FETCHED_CRL,
        [FETCH_TRUSTED_LIST] = LIMIT_TRUSTED_LIST,
    };

    return limits[kind];
}

int retrieval_timeout(enum fetch_kind kind)
{
    /* No call waits for one, and the 64 MiB of a CRL take so long at 10 Mbit/s. */
    return feed_kind_of(kind) != NULL ? 60000 : FETCH_TIMEOUT_MS;
}

static void serve(struct cache_hit *hit, struct body *body)
{
    *hit = (struct cache_hit){.state = CACHE_FRESH, .body = body};
}

/* Does policy refuse the URL? Not remembered: it costs less to judge than to look up. */
static bool is_refused(const struct snapshot *snapshot, const char *url, struct cache_hit *hit)
{
    struct stir_error finding;
    struct url parts;

    error_clear(&finding);
    if (url_judge(url, fetch_policy_url(snapshot->fetch), &parts, &finding) == 0)
        return false;
    *hit = (struct cache_hit){.state = CACHE_FAILED};
    hit->failure.code = STIR_CODE_X5U_REFUSED;
    snprintf(hit->failure.sentence, sizeof hit->failure.sentence, "%s", finding.text);
    return true;
}

int retrieval_find(struct memory *memory, const struct snapshot *snapshot, enum fetch_kind kind,
                   const char *url, struct cache_hit *hit)
{
    struct body *supplied = supplies_find(&memory->supplies, url, kind == FETCH_CERTIFICATES);

    if (supplied != NULL) {
        serve(hit, supplied);
        return 0;
    }
    if (is_refused(snapshot, url, hit))
        return 0;
    cache_find(memory->cache, kind, url, memory_now(memory), hit);
    if (cache_file_load(memory, &snapshot->policy.cache, kind, url, hit))
        cache_find_loaded(memory->cache, kind, url, memory_now(memory), hit);
    return 0;
}

/* ---- Responses --------------------------------------------------------------------------- */

/* A body that is no list must not take the place of one that is. */
static int judge_list(const struct body *body, const struct http_meta *meta,
                      struct cache_failure *failure)
{
    struct stir_error fault;
    bool der_too = meta != NULL && http_meta_is_type(meta, "application/pkix-cert");

    error_clear(&fault);
    int rc = chain_check(body->data, body->len, der_too, &fault);
    if (rc == 0 && fault.code != 0) {
        failure->code = fault.code;
        snprintf(failure->sentence, sizeof failure->sentence, "%s", fault.text);
    }
    return rc;
}

/* Its status, and when it is to be asked again, if it is busy by its own word. */
static void fail_by_status(const struct cache_response *response, struct cache_failure *failure)
{
    failure->status = response->status;
    if (response->meta != NULL && (response->status == 503 || response->status == 429))
        failure->retry_after = http_meta_retry_after(response->meta, response->received);
}

/* All zero: nothing is wrong. */
static int judge(enum fetch_kind kind, const struct cache_response *response,
                 struct cache_failure *failure)
{
    bool is_good = response->status == 0 || response->status == 200;

    if (response->status == 304 && response->body == NULL)
        return 0;
    if (!is_good)
        fail_by_status(response, failure);
    else if (response->body == NULL || response->body->len > retrieval_limit(kind))
        failure->why = STIR_FAILURE_TOO_LARGE;
    else if (kind == FETCH_CERTIFICATES)
        return judge_list(response->body, response->meta, failure);
    return 0;
}

/* The cache keeps nothing of lists that come from feeds, which know by themselves what they
   have. */
static void serve_feed(const struct cache_response *response, struct cache_hit *hit)
{
    hit->state = response->body != NULL ? CACHE_FRESH : CACHE_OLD;
    hit->body = response->body != NULL ? body_ref(response->body) : NULL;
    hit->fetched = response->received;
    if (response->meta != NULL)
        hit->meta = *response->meta;
}

static bool is_failure(const struct cache_failure *failure)
{
    return failure->why != STIR_FAILURE_CANCELLED || failure->status != 0 || failure->code != 0;
}

int retrieval_judge(enum fetch_kind kind, const struct cache_response *response,
                    struct cache_failure *failure)
{
    *failure = (struct cache_failure){.why = STIR_FAILURE_CANCELLED};
    int rc = judge(kind, response, failure);
    return rc < 0 ? rc : is_failure(failure);
}

static int fail(struct memory *memory, enum fetch_kind kind, const char *url,
                const struct cache_failure *failure, struct cache_hit *hit)
{
    if (feed_kind_of(kind) == NULL)
        return cache_fail(memory->cache, kind, url, failure, memory_now(memory), hit);
    *hit = (struct cache_hit){.state = CACHE_FAILED, .failure = *failure};
    return 0;
}

int retrieval_put(struct memory *memory, const struct cache_policy *policy,
                  enum fetch_kind kind, const char *url, const struct cache_response *response,
                  struct cache_hit *hit)
{
    struct cache_failure failure;

    *hit = (struct cache_hit){.state = CACHE_MISS};
    int rc = retrieval_judge(kind, response, &failure);
    if (rc < 0)
        return rc;
    if (rc > 0)
        return fail(memory, kind, url, &failure, hit);
    if (feed_kind_of(kind) != NULL) {
        serve_feed(response, hit);
        return 0;
    }
    rc = cache_put(memory->cache, kind, url, policy, response, hit);
    cache_file_keep(memory, kind, url, response->requested, hit);
    return rc;
}

int retrieval_fail(struct memory *memory, enum fetch_kind kind, const char *url,
                   enum stir_failure why, const char *sentence, struct cache_hit *hit)
{
    struct cache_failure failure = {.why = why};

    if (sentence != NULL)
        snprintf(failure.sentence, sizeof failure.sentence, "%s", sentence);
    return fail(memory, kind, url, &failure, hit);
}

/* ---- What was learned of a body --------------------------------------------------------- */

/* After which a body that was of no use is fetched again. */
enum { MENDED_SECONDS = 300 };

void retrieval_praise(struct memory *memory, enum fetch_kind kind, const char *url,
                      const uint8_t digest[DIGEST_SHA256_SIZE], int64_t until)
{
    static const struct url_policy any = {.query = true}; /* it was judged before */
    struct url parts;

    cache_limit(memory->cache, kind, url, digest, until);
    if (url_judge(url, &any, &parts, NULL) == 0)
        cache_know_host(memory->cache, parts.host);
}

void retrieval_doubt(struct memory *memory, enum fetch_kind kind, const char *url,
                     const uint8_t digest[DIGEST_SHA256_SIZE])
{
    cache_hasten(memory->cache, kind, url, digest, memory_now(memory) + MENDED_SECONDS);
}
