/* Lists at URLs and in files. */
#include "service/feeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    /* Until somebody has brought it, or failed to, it is not asked for a second time. */
    UNDER_WAY_SECONDS = 120,
    /* What came was of no use, or is stale as it comes: it may be mended soon. */
    MENDED_SECONDS = 300,
    /* A file is looked at so often: that is one stat(2). */
    FILE_SECONDS = 60
};

void feeds_init(struct feeds *feeds)
{
    pthread_mutex_init(&feeds->lock, NULL);
    feeds->first = NULL;
}

static void free_feed(struct feed *feed)
{
    feed_content_free(&feed->content);
    free(feed->source);
    free(feed->url);
    free(feed);
}

void feeds_free(struct feeds *feeds)
{
    static const struct feed_urls none;

    feeds_keep(feeds, &none);
    pthread_mutex_destroy(&feeds->lock);
}

void feeds_keep(struct feeds *feeds, const struct feed_urls *urls)
{
    struct feed **at = &feeds->first;

    while (*at != NULL) {
        struct feed *feed = *at;
        if (feed_urls_have(urls, feed->kind, feed->source)) {
            at = &feed->next;
            continue;
        }
        *at = feed->next;
        free_feed(feed);
    }
}

struct feed *feeds_find(const struct feeds *feeds, enum fetch_kind kind, const char *url)
{
    struct feed *feed = feeds->first;

    while (feed != NULL && (feed->kind != kind || strcmp(feed->url, url) != 0))
        feed = feed->next;
    return feed;
}

/* NULL: out of memory. */
static struct feed *add(struct feeds *feeds, enum fetch_kind kind, const char *url,
                        const char *source)
{
    struct feed *feed = calloc(1, sizeof *feed);

    if (feed == NULL || (feed->url = text_copy(url, strlen(url))) == NULL
        || (feed->source = text_copy(source, strlen(source))) == NULL) {
        if (feed != NULL)
            free(feed->url);
        free(feed);
        return NULL;
    }
    feed->kind = kind;
    feed->due = INT64_MIN;
    feed->next = feeds->first;
    feeds->first = feed;
    return feed;
}

static struct feed *find_or_add(struct feeds *feeds, const struct feed_url *url)
{
    struct feed *feed = feeds_find(feeds, url->kind, url->url);

    if (feed == NULL && (feed = add(feeds, url->kind, url->url, url->url)) != NULL)
        feed->file = url->file;
    return feed;
}

/* ---- Asking -------------------------------------------------------------------------------- */

int feeds_add(struct feeds *feeds, const struct feed_url *url)
{
    pthread_mutex_lock(&feeds->lock);
    int rc = find_or_add(feeds, url) == NULL ? STIR_E_NOMEM : 0;
    pthread_mutex_unlock(&feeds->lock);
    return rc;
}

bool feeds_due(struct feeds *feeds, const struct feed_url *url, int64_t now)
{
    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = find_or_add(feeds, url);
    bool is_due = feed != NULL && feed->due <= now;
    if (is_due)
        feed->due = now + (url->file ? FILE_SECONDS : UNDER_WAY_SECONDS);
    pthread_mutex_unlock(&feeds->lock);
    return is_due;
}

bool feeds_is_changed(struct feeds *feeds, const struct feed_url *url,
                      const uint8_t stamp[DIGEST_SHA256_SIZE])
{
    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, url->kind, url->url);
    const uint8_t *before = feed != NULL && feed->stamped ? feed->stamp : url->stamp;
    bool changed = feed != NULL && memcmp(before, stamp, DIGEST_SHA256_SIZE) != 0;
    if (changed) {
        memcpy(feed->stamp, stamp, sizeof feed->stamp);
        feed->stamped = true;
    }
    pthread_mutex_unlock(&feeds->lock);
    return changed;
}

int feeds_open_file(struct feeds *feeds, enum fetch_kind kind, const char *path,
                    const char *source)
{
    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, kind, path);
    if (feed == NULL && (feed = add(feeds, kind, path, source)) != NULL)
        feed->file = true;
    pthread_mutex_unlock(&feeds->lock);
    return feed == NULL ? STIR_E_NOMEM : 0;
}

void feeds_validators(struct feeds *feeds, enum fetch_kind kind, const char *url,
                      struct cache_validators *validators)
{
    *validators = (struct cache_validators){0};
    pthread_mutex_lock(&feeds->lock);
    const struct feed *feed = feeds_find(feeds, kind, url);
    if (feed != NULL && feed->there)
        *validators = feed->validators;
    pthread_mutex_unlock(&feeds->lock);
}

/* ---- What came ----------------------------------------------------------------------------- */

/* By HTTP's word, but no later than the list ends. */
static void schedule(struct feed *feed, const struct cache_policy *policy,
                     const struct cache_response *response)
{
    static const struct http_meta nothing;
    const struct http_meta *meta = response->meta != NULL ? response->meta : &nothing;
    const int64_t now = response->received, end = feed_kind_of(feed->kind)->end(&feed->content);
    struct cache_life life =
        cache_life_of(policy, feed->kind, meta, response->requested, now, feed->sha256[0]);

    feed->failures = 0;
    feed->detail[0] = '\0';
    if (feed->file) {
        feed->due = now + FILE_SECONDS;
        return;
    }
    feed->due = life.due < life.expires ? life.due : life.expires;
    if (end < feed->due)
        feed->due = end;
    if (feed->due < now + MENDED_SECONDS)
        feed->due = now + MENDED_SECONDS;
}

static void note_validators(struct feed *feed, const struct http_meta *meta)
{
    struct cache_validators *validators = &feed->validators;

    if (meta == NULL)
        return;
    snprintf(validators->etag, sizeof validators->etag, "%s", meta->etag);
    snprintf(validators->last_modified, sizeof validators->last_modified, "%s",
             meta->last_modified);
}

static bool is_same(const struct feed *feed, const struct cache_response *response)
{
    return feed->there
           && (response->body == NULL
               || memcmp(feed->sha256, response->body->sha256, sizeof feed->sha256) == 0);
}

static void doubt(struct feed *feed, const char *why, int64_t now)
{
    snprintf(feed->detail, sizeof feed->detail, "%s", why);
    feed->due = now + (feed->file ? FILE_SECONDS : MENDED_SECONDS);
}

bool feeds_is_known(struct feeds *feeds, enum fetch_kind kind, const char *url,
                    const struct cache_policy *policy, const struct cache_response *response)
{
    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, kind, url);
    bool same = feed != NULL && is_same(feed, response);
    if (same) {
        note_validators(feed, response->meta);
        schedule(feed, policy, response);
    } else if (feed != NULL && response->body == NULL) {
        doubt(feed, "found status 304, of a list that is not here", response->received);
    }
    pthread_mutex_unlock(&feeds->lock);
    return same || response->body == NULL;
}

void feeds_take(struct feed *feed, struct feed_content *content,
                const struct cache_policy *policy, const struct cache_response *response)
{
    feed_content_free(&feed->content);
    feed->content = *content;
    *content = (struct feed_content){0};
    feed->there = true;
    memcpy(feed->sha256, response->body->sha256, sizeof feed->sha256);
    feed->validators = (struct cache_validators){0};
    note_validators(feed, response->meta);
    schedule(feed, policy, response);
}

bool feeds_refuse(struct feeds *feeds, enum fetch_kind kind, const char *url, const char *why,
                  int64_t now)
{
    char before[FEED_DETAIL_SIZE] = "";

    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, kind, url);
    if (feed != NULL) {
        memcpy(before, feed->detail, sizeof before);
        doubt(feed, why, now);
    }
    bool is_new = feed != NULL && strcmp(before, feed->detail) != 0;
    pthread_mutex_unlock(&feeds->lock);
    return is_new;
}

static void fail(struct feed *feed, const struct cache_failure *failure, int64_t now)
{
    int64_t life = cache_failure_life(failure, ++feed->failures);
    char room[CACHE_REASON_SIZE];

    if (failure->status != 0)
        snprintf(feed->detail, sizeof feed->detail, "the host answered %d", failure->status);
    else
        doubt(feed, cache_failure_reason(failure, room), now);
    feed->due = now + (life > 0 ? life : MENDED_SECONDS);
}

void feeds_fail(struct feeds *feeds, enum fetch_kind kind, const char *url,
                const struct cache_failure *failure, int64_t now)
{
    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, kind, url);
    if (feed != NULL)
        fail(feed, failure, now);
    pthread_mutex_unlock(&feeds->lock);
}

void feeds_hasten(struct feeds *feeds, const char *url)
{
    pthread_mutex_lock(&feeds->lock);
    for (struct feed *feed = feeds->first; feed != NULL; feed = feed->next)
        if (url == NULL || strcmp(feed->url, url) == 0) {
            feed->validators = (struct cache_validators){0};
            feed->due = INT64_MIN;
        }
    pthread_mutex_unlock(&feeds->lock);
}

/* ---- Asked from outside -------------------------------------------------------------------- */

static int not_there(const struct feed_url *url, const struct feed *feed,
                     struct stir_error *error)
{
    const char *detail = feed != NULL ? feed->detail : "";
    char name[SHOWN_SIZE];

    return error_set(error, STIR_E_NOT_READY, "%s \"%s\" is not there yet%s%.120s",
                     feed_kind_of(url->kind)->name, shown(name, url->url, strlen(url->url)),
                     *detail != '\0' ? ": " : "", detail);
}

int feeds_ready(struct feeds *feeds, const struct feed_urls *urls, enum fetch_kind kind,
                struct stir_error *error)
{
    int rc = 0;

    pthread_mutex_lock(&feeds->lock);
    for (size_t i = 0; rc == 0 && i < urls->n; i++) {
        const struct feed_url *url = &urls->list[i];
        const struct feed *feed = feeds_find(feeds, url->kind, url->url);
        if (url->kind == kind && !url->file && (feed == NULL || !feed->there))
            rc = not_there(url, feed, error);
    }
    pthread_mutex_unlock(&feeds->lock);
    return rc;
}

const char *feeds_detail(struct feeds *feeds, const struct feed_url *url,
                         char room[FEED_DETAIL_SIZE])
{
    pthread_mutex_lock(&feeds->lock);
    const struct feed *feed = feeds_find(feeds, url->kind, url->url);
    snprintf(room, FEED_DETAIL_SIZE, "%s", feed == NULL ? "" : feed->detail);
    if (*room == '\0' && !url->file && (feed == NULL || !feed->there))
        snprintf(room, FEED_DETAIL_SIZE, "not fetched yet");
    pthread_mutex_unlock(&feeds->lock);
    return room;
}
