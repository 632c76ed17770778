/*
 * Lists at URLs and in files (CRLs, trusted CA lists): when each is asked for, and by what, what it
 * gave, and what came of it last.
 *
 * They are fetched behind calls by whatever drives fetches; a call only ever takes the lists of its
 * snapshot. What came becomes content outside of any lock (feed_kind.h), and takes its place beside
 * the configured lists in one step (enforce.h), unless it may not follow what is in force: then
 * everything stays as it was, and it is asked for again in a while.
 *
 * Part of struct memory: a reload keeps what came. One lock, which is held to look things up and
 * while a snapshot takes another's place.
 */
#ifndef STIR_SERVICE_FEEDS_H
#define STIR_SERVICE_FEEDS_H

#include <pthread.h>

#include "fetch/cache.h"
#include "service/feed_kind.h"
#include "service/feed_urls.h"

enum { FEED_DETAIL_SIZE = 256 };

struct feed {
    struct feed *next;
    enum fetch_kind kind;
    char *url;    /* or the path of a file */
    char *source; /* as it is configured: the same, or the folder that the file is in */
    bool file;
    bool stamped; /* the source was looked at, and was this then (sources_stamp()) */
    uint8_t stamp[DIGEST_SHA256_SIZE];
    struct cache_validators validators; /* of what is there */
    uint8_t sha256[DIGEST_SHA256_SIZE];
    struct feed_content content;
    bool there;        /* it gave a list that was taken */
    int64_t due;       /* when it is asked for again */
    unsigned failures; /* in a row */
    char detail[FEED_DETAIL_SIZE];
};

struct feeds {
    pthread_mutex_t lock; /* of what follows; taken before a verifier's */
    struct feed *first;
};

void feeds_init(struct feeds *feeds);
void feeds_free(struct feeds *feeds);

/* There is one of that URL or file, which may be given something. 0 or STIR_E_NOMEM. */
int feeds_add(struct feeds *feeds, const struct feed_url *url);
/* Is it time to ask for it, or to look at it? Then it is no more for a while. now: the memory's
   clock, here and below. */
bool feeds_due(struct feeds *feeds, const struct feed_url *url, int64_t now);
/* Is a file or folder another one than when it was configured, or looked at last? Then that is
   noted. */
bool feeds_is_changed(struct feeds *feeds, const struct feed_url *url,
                      const uint8_t stamp[DIGEST_SHA256_SIZE]);
/* A file is about to be read that is that source, or in it. 0 or STIR_E_NOMEM. */
int feeds_open_file(struct feeds *feeds, enum fetch_kind kind, const char *path,
                    const char *source);
/* By what to ask for it: "" where nothing is there. */
void feeds_validators(struct feeds *feeds, enum fetch_kind kind, const char *url,
                      struct cache_validators *validators);
/* Is what came (200 or 304) what is there already? Then that is noted, and there is nothing more
   to do; nor is there of a 304 of what is not here. */
bool feeds_is_known(struct feeds *feeds, enum fetch_kind kind, const char *url,
                    const struct cache_policy *policy, const struct cache_response *response);
/* Why what came is not taken, or why nothing came; what is there stays. True: it was not said
   before. */
bool feeds_refuse(struct feeds *feeds, enum fetch_kind kind, const char *url, const char *why,
                  int64_t now);
void feeds_fail(struct feeds *feeds, enum fetch_kind kind, const char *url,
                const struct cache_failure *failure, int64_t now);
/* It is asked for as if it had not been here; url NULL: all. */
void feeds_hasten(struct feeds *feeds, const char *url);

/* Under the lock: */
/* NULL: nothing was ever asked of it. */
struct feed *feeds_find(const struct feeds *feeds, enum fetch_kind kind, const char *url);
/* The feed has this content now, of that response. Takes the content. */
void feeds_take(struct feed *feed, struct feed_content *content,
                const struct cache_policy *policy, const struct cache_response *response);
/* Forgets those that are not among the URLs. */
void feeds_keep(struct feeds *feeds, const struct feed_urls *urls);

/* Has every URL of that kind given a list? Files gave theirs when they were configured. 0, or
   STIR_E_NOT_READY. */
int feeds_ready(struct feeds *feeds, const struct feed_urls *urls, enum fetch_kind kind,
                struct stir_error *error);
/* Why it gives no list, or not the one that came last: in room; "" where it does. */
const char *feeds_detail(struct feeds *feeds, const struct feed_url *url,
                         char room[FEED_DETAIL_SIZE]);

#endif
