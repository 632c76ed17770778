/* Revocation lists at URLs. */
#include "service/crl_feeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    /* Until somebody has brought it, or failed to, it is not asked for a second time. */
    UNDER_WAY_SECONDS = 120,
    /* What came was of no use, or is stale as it comes: it may be mended soon. */
    MENDED_SECONDS = 300
};

struct crl_feed {
    struct crl_feed *next;
    char *url;
    struct cache_validators validators; /* of what came last */
    uint8_t sha256[DIGEST_SHA256_SIZE];
    struct crl_set lists; /* what the URL gave; none: nothing yet */
    int64_t due;          /* when it is asked for again */
    unsigned failures;    /* in a row */
    char detail[CRL_FEED_DETAIL_SIZE];
};

/* ---- Views --------------------------------------------------------------------------------- */

void crl_view_free(struct crl_view *view)
{
    if (view == NULL || atomic_fetch_sub(&view->references, 1) > 1)
        return;
    crl_set_free(&view->set);
    free(view);
}

void crl_force_init(struct crl_force *force)
{
    pthread_mutex_init(&force->lock, NULL);
    force->view = NULL;
}

void crl_force_free(struct crl_force *force)
{
    crl_view_free(force->view);
    pthread_mutex_destroy(&force->lock);
}

/* A snapshot is const to those who judge by it; its lock is no part of what that promises. */
static pthread_mutex_t *lock_of(const struct crl_force *force)
{
    return (pthread_mutex_t *)(uintptr_t)&force->lock;
}

struct crl_view *crl_force_get(const struct crl_force *force)
{
    pthread_mutex_lock(lock_of(force));
    struct crl_view *view = force->view;
    if (view != NULL)
        atomic_fetch_add(&view->references, 1);
    pthread_mutex_unlock(lock_of(force));
    return view;
}

void crl_force_put(struct crl_force *force, struct crl_view *view)
{
    pthread_mutex_lock(&force->lock);
    struct crl_view *old = force->view;
    force->view = view;
    pthread_mutex_unlock(&force->lock);
    crl_view_free(old);
}

/* ---- Feeds --------------------------------------------------------------------------------- */

void crl_feeds_init(struct crl_feeds *feeds)
{
    pthread_mutex_init(&feeds->lock, NULL);
    feeds->first = NULL;
}

void crl_feeds_free(struct crl_feeds *feeds)
{
    while (feeds->first != NULL) {
        struct crl_feed *feed = feeds->first;
        feeds->first = feed->next;
        crl_set_free(&feed->lists);
        free(feed->url);
        free(feed);
    }
    pthread_mutex_destroy(&feeds->lock);
}

static struct crl_feed *find(const struct crl_feeds *feeds, const char *url)
{
    struct crl_feed *feed = feeds->first;

    while (feed != NULL && strcmp(feed->url, url) != 0)
        feed = feed->next;
    return feed;
}

/* NULL: out of memory. */
static struct crl_feed *find_or_add(struct crl_feeds *feeds, const char *url)
{
    struct crl_feed *feed = find(feeds, url);

    if (feed != NULL)
        return feed;
    feed = calloc(1, sizeof *feed);
    if (feed == NULL || (feed->url = text_copy(url, strlen(url))) == NULL) {
        free(feed);
        return NULL;
    }
    feed->due = INT64_MIN;
    feed->next = feeds->first;
    feeds->first = feed;
    return feed;
}

/* lists in place of the feed's own. */
static struct crl_view *view_with(const struct crl_feeds *feeds,
                                  const struct crl_set *configured,
                                  const struct crl_feed *instead, const struct crl_set *lists)
{
    struct crl_view *view = calloc(1, sizeof *view);
    int rc = view == NULL ? STIR_E_NOMEM : crl_set_copy(&view->set, configured);

    if (view != NULL)
        atomic_init(&view->references, 1);
    for (size_t i = 0; rc == 0 && i < configured->n_urls; i++) {
        const struct crl_feed *feed = find(feeds, configured->urls[i]);
        if (feed != NULL)
            rc = crl_set_add_all(&view->set, feed == instead ? lists : &feed->lists);
    }
    if (rc == 0)
        rc = crl_set_prepare(&view->set);
    if (rc == 0)
        return view;
    crl_view_free(view);
    return NULL;
}

struct crl_view *crl_feeds_view(const struct crl_feeds *feeds, const struct crl_set *configured)
{
    return view_with(feeds, configured, NULL, NULL);
}

const char *crl_feeds_due(struct crl_feeds *feeds, const struct crl_set *configured, size_t i,
                          int64_t now)
{
    const char *url = NULL;

    pthread_mutex_lock(&feeds->lock);
    struct crl_feed *feed = find_or_add(feeds, configured->urls[i]);
    if (feed != NULL && feed->due <= now) {
        feed->due = now + UNDER_WAY_SECONDS;
        url = configured->urls[i];
    }
    pthread_mutex_unlock(&feeds->lock);
    return url;
}

void crl_feeds_validators(struct crl_feeds *feeds, const char *url,
                          struct cache_validators *validators)
{
    *validators = (struct cache_validators){0};
    pthread_mutex_lock(&feeds->lock);
    const struct crl_feed *feed = find(feeds, url);
    if (feed != NULL && feed->lists.n > 0)
        *validators = feed->validators;
    pthread_mutex_unlock(&feeds->lock);
}

/* ---- What came ----------------------------------------------------------------------------- */

static void doubt(struct crl_feed *feed, const char *why, int64_t now)
{
    snprintf(feed->detail, sizeof feed->detail, "%s", why);
    feed->due = now + MENDED_SECONDS;
}

/* By HTTP's word, but no later than the first of its lists ends. */
static void schedule(struct crl_feed *feed, const struct cache_policy *policy,
                     const struct cache_response *response)
{
    static const struct http_meta nothing;
    const struct http_meta *meta = response->meta != NULL ? response->meta : &nothing;
    const int64_t now = response->received;
    struct cache_life life =
        cache_life_of(policy, FETCH_CRL, meta, response->requested, now, feed->sha256[0]);

    feed->due = life.due < life.expires ? life.due : life.expires;
    for (size_t i = 0; i < feed->lists.n; i++) {
        const struct crl *crl = feed->lists.lists[i];
        int64_t end = crl->has_next_update ? crl->next_update + 1 : INT64_MAX;
        if (end < feed->due)
            feed->due = end;
    }
    if (feed->due < now + MENDED_SECONDS)
        feed->due = now + MENDED_SECONDS;
    feed->failures = 0;
    feed->detail[0] = '\0';
}

static void note_meta(struct crl_feed *feed, const struct cache_response *response)
{
    if (response->meta == NULL)
        return;
    snprintf(feed->validators.etag, sizeof feed->validators.etag, "%s", response->meta->etag);
    snprintf(feed->validators.last_modified, sizeof feed->validators.last_modified, "%s",
             response->meta->last_modified);
}

/* Puts the lists in force; they are the feed's then. */
static int put_in_force(const struct crl_feeds *feeds, struct crl_feed *feed,
                        struct crl_set *lists, const struct crl_set *configured,
                        struct crl_force *force, struct stir_error *error)
{
    struct crl_view *old = crl_force_get(force);
    struct crl_view *view = view_with(feeds, configured, feed, lists);
    int rc = view == NULL ? error_no_memory(error) : 0;

    if (rc == 0 && old != NULL)
        rc = crl_set_check_succession(&view->set, &old->set, error);
    crl_view_free(old);
    if (rc != 0) {
        crl_view_free(view);
        return rc;
    }
    crl_set_free(&feed->lists);
    feed->lists = *lists;
    *lists = (struct crl_set){0};
    crl_force_put(force, view);
    return 0;
}

static bool take_body(const struct crl_feeds *feeds, struct crl_feed *feed,
                      const struct crl_set *configured, struct crl_force *force,
                      const struct cache_response *response)
{
    struct crl_set lists = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = crl_set_add(&lists, response->body->data, response->body->len, feed->url, &error);
    if (rc == 0)
        rc = put_in_force(feeds, feed, &lists, configured, force, &error);
    crl_set_free(&lists);
    if (rc != 0) {
        doubt(feed, error.text, response->received);
        return false;
    }
    memcpy(feed->sha256, response->body->sha256, sizeof feed->sha256);
    return true;
}

static bool is_same(const struct crl_feed *feed, const struct cache_response *response)
{
    return feed->lists.n > 0
           && (response->body == NULL
               || memcmp(feed->sha256, response->body->sha256, sizeof feed->sha256) == 0);
}

/* Under the lock. */
static bool take(const struct crl_feeds *feeds, struct crl_feed *feed,
                 const struct crl_set *configured, struct crl_force *force,
                 const struct cache_policy *policy, const struct cache_response *response)
{
    bool same = is_same(feed, response);

    if (!same && response->body == NULL) { /* 304 of what is gone */
        feed->due = INT64_MIN;
        return false;
    }
    if (!same && !take_body(feeds, feed, configured, force, response))
        return false;
    note_meta(feed, response);
    schedule(feed, policy, response);
    return !same;
}

bool crl_feeds_take(struct crl_feeds *feeds, const struct crl_set *configured,
                    struct crl_force *force, const char *url, const struct cache_policy *policy,
                    const struct cache_response *response)
{
    struct crl_feed *feed = find(feeds, url);

    return feed != NULL && take(feeds, feed, configured, force, policy, response);
}

void crl_feeds_fail(struct crl_feeds *feeds, const char *url,
                    const struct cache_failure *failure, int64_t now)
{
    pthread_mutex_lock(&feeds->lock);
    struct crl_feed *feed = find(feeds, url);
    if (feed != NULL) {
        int64_t life = cache_failure_life(failure, ++feed->failures);
        if (failure->status != 0)
            snprintf(feed->detail, sizeof feed->detail, "the host answered %d",
                     failure->status);
        else
            doubt(feed, failure->sentence, now);
        feed->due = now + (life > 0 ? life : MENDED_SECONDS);
    }
    pthread_mutex_unlock(&feeds->lock);
}

/* ---- Asked from outside -------------------------------------------------------------------- */

int crl_feeds_ready(struct crl_feeds *feeds, const struct crl_set *configured,
                    struct stir_error *error)
{
    char shown_url[SHOWN_SIZE];
    int rc = 0;

    pthread_mutex_lock(&feeds->lock);
    for (size_t i = 0; rc == 0 && i < configured->n_urls; i++) {
        const struct crl_feed *feed = find(feeds, configured->urls[i]);
        if (feed == NULL || feed->lists.n == 0)
            rc = error_set(error, STIR_E_NOT_READY, "CRL \"%s\" is not there yet%s%.120s",
                           shown(shown_url, configured->urls[i], strlen(configured->urls[i])),
                           feed != NULL && feed->detail[0] != '\0' ? ": " : "",
                           feed != NULL ? feed->detail : "");
    }
    pthread_mutex_unlock(&feeds->lock);
    return rc;
}

const char *crl_feeds_detail(struct crl_feeds *feeds, const char *url,
                             char room[CRL_FEED_DETAIL_SIZE])
{
    pthread_mutex_lock(&feeds->lock);
    const struct crl_feed *feed = find(feeds, url);
    snprintf(room, CRL_FEED_DETAIL_SIZE, "%s", feed == NULL ? "not fetched yet" : feed->detail);
    pthread_mutex_unlock(&feeds->lock);
    return room;
}
