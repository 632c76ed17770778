/* Which snapshot is in force. */
#include "service/enforce.h"

#include <string.h>

/* What is to be in place of what a feed has; feed NULL: nothing. */
struct change {
    const struct feed *feed;
    const struct feed_content *content;
};

/* 1: something of it is in; 0: nothing; STIR_E_NOMEM. */
static int add_feed(struct snapshot *snapshot, const struct feed *feed,
                    const struct change *change)
{
    const struct feed_content *content = feed->there ? &feed->content : NULL;
    int rc = 0;

    if (feed == change->feed)
        content = change->content;
    if (content == NULL)
        return 0;
    if (feed->file && feed->kind == FETCH_CRL && strcmp(feed->url, feed->source) == 0)
        rc = crl_set_drop(&snapshot->in_force.crls, feed->url); /* what it held before */
    return rc < 0 ? rc : feed_kind_of(feed->kind)->add(&snapshot->in_force, content);
}

static int add_feeds(struct snapshot *snapshot, struct feed_url *url, const struct feeds *feeds,
                     const struct change *change)
{
    int rc = 0;

    url->there = url->file;
    for (const struct feed *feed = feeds->first; rc >= 0 && feed != NULL; feed = feed->next) {
        if (feed->kind != url->kind || strcmp(feed->source, url->url) != 0)
            continue;
        rc = add_feed(snapshot, feed, change);
        url->there = url->there || rc == 1;
    }
    return rc < 0 ? rc : 0;
}

/* What is configured, and what URLs gave. */
static int fill(struct snapshot *snapshot, const struct feeds *feeds,
                const struct change *change)
{
    struct trust_set *set = &snapshot->in_force;
    int rc = trust_set_copy(set, &snapshot->configured);

    for (size_t i = 0; rc >= 0 && i < snapshot->urls.n; i++) {
        rc = add_feeds(snapshot, &snapshot->urls.list[i], feeds, change);
    }
    if (rc >= 0)
        rc = trusted_lists_add_anchors(&set->trusted, &set->anchors);
    return rc < 0 ? rc : crl_set_prepare(&set->crls);
}

/* Under the feeds' lock. Takes snapshot on success; *old is what was in force. */
static int swap(struct stir_verifier *verifier, struct snapshot *snapshot,
                const struct change *change, struct snapshot **old, struct stir_error *error)
{
    int rc = fill(snapshot, &verifier->memory->feeds, change);

    if (rc < 0)
        return rc == STIR_E_NOMEM ? error_no_memory(error)
                                  : error_set(error, rc, "the lists could not be checked");
    if (verifier->current != NULL)
        rc = trust_set_check_succession(&snapshot->in_force, &verifier->current->in_force,
                                        error);
    if (rc != 0)
        return rc;
    pthread_mutex_lock(&verifier->lock);
    *old = verifier->current;
    verifier->current = snapshot;
    pthread_mutex_unlock(&verifier->lock);
    return 0;
}

int enforce_configuration(struct stir_verifier *verifier, struct snapshot *snapshot,
                          struct stir_error *error)
{
    struct feeds *feeds = &verifier->memory->feeds;
    const struct change none = {NULL, NULL};
    struct snapshot *old = NULL;

    pthread_mutex_lock(&feeds->lock);
    snapshot->epoch = ++verifier->memory->epochs;
    int rc = swap(verifier, snapshot, &none, &old, error);
    if (rc == 0)
        feeds_keep(feeds, &snapshot->urls);
    pthread_mutex_unlock(&feeds->lock);
    snapshot_free(old);
    return rc;
}

static int check(const struct feed *feed, const struct feed_content *content,
                 const struct snapshot *current, int64_t now, struct stir_error *error)
{
    return feed_kind_of(feed->kind)->check(content, &current->in_force, now, error);
}

/* Under the feeds' lock. */
static int take(struct stir_verifier *verifier, struct feed *feed, struct feed_content *content,
                const struct cache_response *response, struct snapshot **old,
                struct stir_error *error)
{
    const struct snapshot *current = verifier->current;
    const struct change change = {feed, content};
    int rc = check(feed, content, current, response->received, error);

    if (rc != 0)
        return rc;
    struct snapshot *next = snapshot_copy(current);
    if (next == NULL)
        return error_no_memory(error);
    if (feed_kind_of(feed->kind)->changes_paths)
        next->epoch = ++verifier->memory->epochs;
    if ((rc = swap(verifier, next, &change, old, error)) != 0) {
        snapshot_free(next);
        return rc;
    }
    feeds_take(feed, content, &next->policy.cache, response);
    return 0;
}

int enforce_content(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                    struct feed_content *content, const struct cache_response *response,
                    struct stir_error *error)
{
    struct feeds *feeds = &verifier->memory->feeds;
    struct snapshot *old = NULL;
    int rc = 0;

    pthread_mutex_lock(&feeds->lock);
    struct feed *feed = feeds_find(feeds, kind, url);
    if (feed != NULL && feed_urls_have(&verifier->current->urls, kind, feed->source))
        rc = take(verifier, feed, content, response, &old, error);
    pthread_mutex_unlock(&feeds->lock);
    snapshot_free(old);
    return rc;
}
