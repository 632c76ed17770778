/*
 * What differs between kinds of lists that come from URLs: what a body becomes, and how that takes
 * its place. When they are fetched, and what is said of those that fail, is feeds.h's.
 */
#ifndef STIR_SERVICE_FEED_KIND_H
#define STIR_SERVICE_FEED_KIND_H

#include "fetch/body.h"
#include "fetch/cache_life.h"
#include "service/trust_set.h"

/* What a body became; all zero is nothing. */
struct feed_content {
    struct crl_set crls;         /* FETCH_CRL */
    struct trusted_list trusted; /* FETCH_TRUSTED_LIST */
};

void feed_content_free(struct feed_content *content);

/* What is being read. */
struct feed_reading {
    const struct body *body;
    const char *url;
    const struct trust_set *configured; /* by whose signers it is judged */
    struct crl_set_reader *crls;        /* the kind's own; NULL before */
};

void feed_reading_end(struct feed_reading *reading);

struct feed_kind {
    const char *name; /* in sentences */
    /* What the body becomes; nothing is locked. *more: there is more to do than that budget
       (base/budget.h), which short kinds may exceed. 0, a positive enum stir_code, or negative;
       content is to be freed in any case. */
    int (*read)(struct feed_reading *reading, size_t budget, struct feed_content *content,
                bool *more, struct stir_error *error);
    /* May what just came be taken, beside what is in force? 0 or STIR_E_REFUSED. */
    int (*check)(const struct feed_content *content, const struct trust_set *in_force,
                 int64_t now, struct stir_error *error);
    /* Adds it to what is to be in force, as far as set, which has what is configured, lets it:
       1: it is in; 0: it is not; STIR_E_NOMEM. */
    int (*add)(struct trust_set *set, const struct feed_content *content);
    /* From when on it is of no use; INT64_MAX: it does not say. */
    int64_t (*end)(const struct feed_content *content);
    /* A change of it may change what paths come to. */
    bool changes_paths;
};

extern const struct feed_kind feed_crl, feed_trusted;

/* NULL: what is fetched for this comes from no feed. */
const struct feed_kind *feed_kind_of(enum fetch_kind kind);

#endif
