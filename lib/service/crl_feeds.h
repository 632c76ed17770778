/*
 * Revocation lists at URLs: when each is fetched, what came of it, and which lists are in force.
 *
 * They are fetched behind calls by whatever drives fetches, and read where they come; a call only
 * ever takes the lists that are in force. What came takes its place beside the configured
 * lists in one step, unless it may not follow what is in force (crl_set_check_succession()): then
 * everything stays as it was, and it is asked for again in a while.
 *
 * Part of struct memory: a reload keeps what came. One lock; reading a list of a million entries
 * under it takes a second, which holds up other lists and reloads, and no call.
 */
#ifndef STIR_SERVICE_CRL_FEEDS_H
#define STIR_SERVICE_CRL_FEEDS_H

#include <pthread.h>

#include "cert/crl_set.h"
#include "fetch/cache.h"

/* Lists in force: immutable, shared by reference. */
struct crl_view {
    atomic_uint references;
    struct crl_set set;
};

void crl_view_free(struct crl_view *view); /* one reference; NULL is fine */

/* Where a snapshot has its view, which changes when a list comes. */
struct crl_force {
    pthread_mutex_t lock;
    struct crl_view *view;
};

void crl_force_init(struct crl_force *force);
void crl_force_free(struct crl_force *force);
/* A reference; NULL: no lists were ever put in force. */
struct crl_view *crl_force_get(const struct crl_force *force);

struct crl_feed;
struct crl_feeds {
    pthread_mutex_t lock; /* of what follows; taken before a verifier's */
    struct crl_feed *first;
};

void crl_feeds_init(struct crl_feeds *feeds);
void crl_feeds_free(struct crl_feeds *feeds);

/* The configured lists, and what URLs of theirs have given, as a view to be put in force. Under
   the lock. NULL: out of memory. */
struct crl_view *crl_feeds_view(const struct crl_feeds *feeds,
                                const struct crl_set *configured);
/* Takes view, which is the force's from now on. */
void crl_force_put(struct crl_force *force, struct crl_view *view);

/* The i-th URL of the configured, if it is time to ask for it (which then it is no more for a
   while); NULL: it is not. now: the memory's clock, here and below. */
const char *crl_feeds_due(struct crl_feeds *feeds, const struct crl_set *configured, size_t i,
                          int64_t now);
/* By what to ask for it. */
void crl_feeds_validators(struct crl_feeds *feeds, const char *url,
                          struct cache_validators *validators);
/* What came, 200 or 304, for the lists that are configured and in force. True: there are others in
   force now. Under the lock, since before which configuration is in force was asked. */
bool crl_feeds_take(struct crl_feeds *feeds, const struct crl_set *configured,
                    struct crl_force *force, const char *url, const struct cache_policy *policy,
                    const struct cache_response *response);
/* It failed. */
void crl_feeds_fail(struct crl_feeds *feeds, const char *url,
                    const struct cache_failure *failure, int64_t now);

/* Has every URL given a list? 0, or STIR_E_NOT_READY. */
int crl_feeds_ready(struct crl_feeds *feeds, const struct crl_set *configured,
                    struct stir_error *error);
/* Why the URL gives no list, or not the one that came last: in room; "" where it does. */
enum { CRL_FEED_DETAIL_SIZE = 256 };
const char *crl_feeds_detail(struct crl_feeds *feeds, const char *url,
                             char room[CRL_FEED_DETAIL_SIZE]);

#endif
