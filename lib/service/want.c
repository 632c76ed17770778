/* Wants: answered from memory, or handed out and ended; and what came of them judged. */
#include "service/want.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "service/retrieval.h"

static const char pem_type[] = "application/pem-certificate-chain";
static const char der_type[] = "application/pkix-cert";
static const char list_type[] = "application/tnauthlist";

/* ---- Life -------------------------------------------------------------------------------- */

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

static void take_validators(struct want *want)
{
    struct memory *memory = want->memory;

    if (feed_kind_of(want->kind) != NULL)
        feeds_validators(&memory->feeds, want->kind, want->url, &want->validators);
    else if (!cache_validators(memory->cache, want->kind, want->url, &want->validators))
        return;
    want->open.if_none_match = or_null(want->validators.etag);
    want->open.if_modified_since = or_null(want->validators.last_modified);
}

/* Asks the memory. What is open is what it does not know. */
static int ask_memory(struct want *want, const struct snapshot *snapshot)
{
    struct cache_hit *came = &want->came;

    if (retrieval_find(want->memory, snapshot, want->kind, want->url, came) < 0)
        return STIR_E_NOMEM;
    want->ended = came->state != CACHE_MISS && came->state != CACHE_OLD;
    want->from_memory = want->ended;
    if (came->state == CACHE_OLD)
        take_validators(want);
    return 0;
}

/* Of which nobody was asked yet. */
static struct want *want_make(struct memory *memory, const struct snapshot *snapshot,
                              enum fetch_kind kind, const char *url)
{
    static const enum stir_want_kind kinds[FETCH_KINDS] = {
        [FETCH_CERTIFICATES] = STIR_WANT_CERTIFICATES,
        [FETCH_TNAUTHLIST] = STIR_WANT_TNAUTHLIST,
        [FETCH_CRL] = STIR_WANT_CRL,
        [FETCH_TRUSTED_LIST] = STIR_WANT_TRUSTED_LIST,
    };
    struct want *want = calloc(1, sizeof *want);

    if (want == NULL || (want->url = text_copy(url, strlen(url))) == NULL) {
        free(want);
        return NULL;
    }
    want->memory = memory_ref(memory);
    want->kind = kind;
    want->policy = snapshot->policy.cache;
    want->open.kind = kinds[kind];
    want->open.url = want->url;
    want->open.accept = retrieval_accept(kind);
    want->open.limit = retrieval_limit(kind);
    atomic_init(&want->references, 1);
    pthread_mutex_init(&want->lock, NULL);
    return want;
}

struct want *want_new(struct memory *memory, const struct snapshot *snapshot,
                      enum fetch_kind kind, const char *url)
{
    struct want *want = want_make(memory, snapshot, kind, url);

    if (want == NULL || ask_memory(want, snapshot) == 0)
        return want;
    want_free(want);
    return NULL;
}

struct want *want_new_to_fetch(struct memory *memory, const struct snapshot *snapshot,
                               enum fetch_kind kind, const char *url)
{
    struct want *want = want_make(memory, snapshot, kind, url);

    if (want != NULL)
        take_validators(want);
    return want;
}

void want_free(struct want *want)
{
    if (want == NULL || atomic_fetch_sub(&want->references, 1) > 1)
        return;
    cache_hit_clear(&want->came);
    memory_free(want->memory);
    free(want->url);
    pthread_mutex_destroy(&want->lock);
    free(want);
}

struct stir_want *want_hand_out(struct want *want)
{
    want->handed_out = true;
    want->handed_out_at = memory_now(want->memory);
    atomic_fetch_add(&want->references, 1);
    return &want->open;
}

void want_on_end(struct want *want, void (*ended)(void *arg), void *arg)
{
    pthread_mutex_lock(&want->lock);
    want->on_end = ended;
    want->on_end_arg = arg;
    pthread_mutex_unlock(&want->lock);
}

/* ---- Ends -------------------------------------------------------------------------------- */

/* Under the lock. Takes hit. */
static void end_locked(struct want *want, struct cache_hit *hit, bool no_memory)
{
    if (want->ended) {
        cache_hit_clear(hit);
        return;
    }
    cache_hit_clear(&want->came);
    want->came = *hit;
    want->no_memory = no_memory;
    want->ended = true;
    if (want->on_end != NULL)
        want->on_end(want->on_end_arg);
}

/* Takes hit, and the holder's reference. */
static void end(struct want *want, struct cache_hit *hit, bool no_memory)
{
    pthread_mutex_lock(&want->lock);
    end_locked(want, hit, no_memory);
    pthread_mutex_unlock(&want->lock);
    want_free(want);
}

void want_came(struct want *want, struct cache_hit *hit)
{
    pthread_mutex_lock(&want->lock);
    *hit = want->came;
    if (hit->body != NULL)
        body_ref(hit->body);
    pthread_mutex_unlock(&want->lock);
}

void want_end(struct want *want, const struct cache_hit *hit)
{
    struct cache_hit copy = *hit;

    if (copy.body != NULL)
        body_ref(copy.body);
    end(want, &copy, false);
}

bool want_is_ended(struct want *want)
{
    struct cache_hit timed_out = {.state = CACHE_FAILED,
                                  .failure = {.why = STIR_FAILURE_TIMEOUT}};

    pthread_mutex_lock(&want->lock);
    if (!want->ended && want->handed_out
        && memory_now(want->memory) - want->handed_out_at
               > retrieval_timeout(want->kind) / 1000)
        end_locked(want, &timed_out, false);
    bool ended = want->ended;
    pthread_mutex_unlock(&want->lock);
    return ended;
}

struct want *want_of(struct stir_want *open)
{
    return open == NULL || open->kind == STIR_WANT_SPC ? NULL : (struct want *)open;
}

void stir_want_add_header(struct stir_want *open, const char *name, const char *value,
                          size_t len)
{
    struct want *want = want_of(open);

    if (want == NULL || name == NULL || value == NULL)
        return;
    pthread_mutex_lock(&want->lock);
    http_meta_add(&want->fields, name, strlen(name), value,
                  len == STIR_NUL ? strlen(value) : len);
    pthread_mutex_unlock(&want->lock);
}

/* What the holder got, as a response. NULL where no memory could be had for the body. */
static int respond(struct want *want, int status, const void *data, size_t len,
                   struct cache_hit *hit)
{
    struct cache_response response = {.status = status,
                                      .meta = status == 0 ? NULL : &want->fields,
                                      .requested = want->handed_out_at,
                                      .received = memory_now(want->memory)};

    if (status != 304
        && (response.body = body_new_in(cache_heads(want->memory->cache), data, len)) == NULL)
        return STIR_E_NOMEM;
    int rc = retrieval_put(want->memory, &want->policy, want->kind, want->url, &response, hit);
    body_free(response.body);
    return rc;
}

void stir_want_put(struct stir_want *open, int status, const void *data, size_t len)
{
    struct want *want = want_of(open);
    struct cache_hit hit = {.state = CACHE_MISS};

    if (want == NULL)
        return;
    if (data == NULL)
        len = 0;
    if (len == STIR_NUL)
        len = strlen(data);
    if (len > want->open.limit) {
        stir_want_fail(open, STIR_FAILURE_TOO_LARGE);
        return;
    }
    int rc = respond(want, status, data, len, &hit);
    end(want, &hit, rc < 0 && hit.body == NULL);
}

void stir_want_fail(struct stir_want *open, enum stir_failure why)
{
    struct want *want = want_of(open);
    struct cache_hit hit = {.state = CACHE_MISS};

    if (want == NULL)
        return;
    int rc = retrieval_fail(want->memory, want->kind, want->url, why, NULL, &hit);
    end(want, &hit, rc < 0 && hit.state == CACHE_MISS);
}

/* ---- What came --------------------------------------------------------------------------- */

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
    [STIR_FAILURE_TOO_LARGE] = {STIR_CODE_X5U_BODY, "the body of %s is larger than its limit"},
    [STIR_FAILURE_BROKEN] = {STIR_CODE_X5U_UNREACHABLE, "the answer of %s broke off"},
    [STIR_FAILURE_ENCODING] = {STIR_CODE_X5U_BODY, "the body of %s has a Content-Encoding"},
};

/* What is out of reach is a list that is, where it is about one. */
static int code_of(const struct want *want, int code)
{
    return want->kind == FETCH_TNAUTHLIST && code == STIR_CODE_X5U_UNREACHABLE
               ? STIR_CODE_TNAUTHLIST_UNREACHABLE
               : code;
}

static const char *clause_of(const struct want *want)
{
    return want->kind == FETCH_TNAUTHLIST ? "RFC 8226 section 10.1" : "RFC 8224 section 7";
}

/* By why it failed, and what was found out about that, if anything. */
static int judge_why(const struct want *want, const char *url, struct stir_error *error)
{
    const struct cache_failure *failure = &want->came.failure;
    enum { N = sizeof failures / sizeof *failures };
    const struct failure *row = &failures[(unsigned)failure->why < N ? failure->why : 0];
    char sentence[SHOWN_SIZE + 80];

    snprintf(sentence, sizeof sentence, row->sentence, url);
    return error_set(error, code_of(want, row->code), "%s%s%s (%s)", sentence,
                     *failure->sentence == '\0' ? "" : ": ", failure->sentence,
                     clause_of(want));
}

static int judge_failure(const struct want *want, struct stir_error *error)
{
    const struct cache_failure *failure = &want->came.failure;
    char url[SHOWN_SIZE];

    shown(url, want->url, strlen(want->url));
    if (failure->code != 0)
        return error_set(error, failure->code, "%s", failure->sentence);
    if (failure->status != 0)
        return error_set(error, code_of(want, STIR_CODE_X5U_UNREACHABLE),
                         "%s: wanted status 200, found %d (%s)", url, failure->status,
                         clause_of(want));
    if (want->came.state == CACHE_MISS)
        return error_set(error, code_of(want, STIR_CODE_X5U_UNREACHABLE),
                         "%s: found status 304, of a body that is no longer here "
                         "(RFC 9110 section 15.4.5)",
                         url);
    return judge_why(want, url, error);
}

static bool is_der(const struct body *body)
{
    return body->len > 0 && (uint8_t)body->data[0] == DER_SEQUENCE;
}

bool want_is_single(const struct want *want)
{
    return want->came.body != NULL && is_der(want->came.body)
           && http_meta_is_type(&want->came.meta, der_type);
}

struct body *want_body(const struct want *want)
{
    struct body *body = want->came.body;

    if (body == NULL || (is_der(body) && !want_is_single(want)))
        return NULL;
    return body;
}

/* HTTP brought it, and said what it is or at least something: not so of a file. */
static bool has_fields(const struct http_meta *meta)
{
    return meta->said != 0 || *meta->content_type != '\0' || *meta->etag != '\0'
           || *meta->last_modified != '\0';
}

static int judge_media(const struct want *want, bool reject_media, struct warnings *warnings,
                       struct stir_error *error)
{
    char url[SHOWN_SIZE], type[SHOWN_SIZE];
    const char *found = want->came.meta.content_type;

    if (!has_fields(&want->came.meta) || http_meta_is_type(&want->came.meta, pem_type)
        || want_is_single(want))
        return 0;
    shown(url, want->url, strlen(want->url));
    shown(type, found, strlen(found));
    if (reject_media)
        return error_set(error, STIR_CODE_X5U_BODY,
                         "%s: wanted media type %s, found \"%s\" (RFC 8555 section 9.1)", url,
                         pem_type, type);
    return warnings_add(warnings, WARNING_X5U_MEDIA, "%s: wanted media type %s, found \"%s\"",
                        url, pem_type, type);
}

int want_warn_stale(const struct want *want, struct warnings *warnings)
{
    const bool is_list = want->kind == FETCH_TNAUTHLIST;
    char url[SHOWN_SIZE];

    if (want->came.state != CACHE_STALE)
        return 0;
    shown(url, want->url, strlen(want->url));
    return warnings_add(warnings, is_list ? WARNING_TNAUTHLIST_STALE : WARNING_X5U_STALE,
                        "%s could not be fetched anew: a copy is used that has expired", url);
}

int want_judge_form(const struct want *want, bool reject_media, struct warnings *warnings,
                    struct stir_error *error)
{
    if (want->came.body == NULL)
        return 0;
    int rc = judge_media(want, reject_media, warnings, error);
    return rc != 0 ? rc : want_warn_stale(want, warnings);
}

int want_judge_failure(const struct want *want, struct stir_error *error)
{
    if (want->no_memory)
        return error_no_memory(error);
    return want->came.body == NULL ? judge_failure(want, error) : 0;
}

int want_list(const struct want *want, struct body **body, struct stir_error *error)
{
    const struct http_meta *meta = &want->came.meta;
    char url[SHOWN_SIZE], type[SHOWN_SIZE];

    *body = want->came.body;
    int rc = want_judge_failure(want, error);
    if (rc != 0)
        return rc;
    if (!has_fields(meta) || http_meta_is_type(meta, list_type))
        return 0;
    return error_set(error, STIR_CODE_TNAUTHLIST_SYNTAX,
                     "%s: wanted media type %s, found \"%s\" (RFC 8226 section 11.2)",
                     shown(url, want->url, strlen(want->url)), list_type,
                     shown(type, meta->content_type, strlen(meta->content_type)));
}
