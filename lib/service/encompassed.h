/*
 * Is each list of a path encompassed by its parent's (RFC 9060 section 4)? What was found, kept
 * with the path (path_cache.h): a delegate with 100,000 numbers is not compared with its parent's
 * list on every call, nor is the SPC data asked of each of them.
 *
 * It holds under the path's epoch, the same policy and the same lists by reference; where the SPC data was asked, also only
 * while what it said is good: stir_want_keep(), for times of calls within freshness of the one
 * asked about, while the source's generation stands and the seconds are not over, and while it is not older than policy
 * spc_db_max_age. What is not kept
 * is asked anew.
 */
#ifndef STIR_SERVICE_ENCOMPASSED_H
#define STIR_SERVICE_ENCOMPASSED_H

#include "service/path_cache.h"
#include "spc/spc.h"

struct encompassed;

/* Under which question it was found, or is asked again. */
struct encompassed_key {
    enum spc_overhang overhang;
    int64_t now, clock;                /* the call's, the memory's */
    int64_t freshness;                 /* seconds */
    uint8_t lists[DIGEST_SHA256_SIZE]; /* what URLs gave for the path */
    int64_t max_age;                   /* policy spc_db_max_age */
    struct spc_source *source;
};

/* 1: what was found, added to warnings and, where it is not good, finding; 0: it must be asked;
   STIR_E_NOMEM. */
int encompassed_find(struct kept_path *kept, const struct encompassed_key *key,
                     struct warnings *warnings, struct stir_error *finding);
/* Keeps it, unless some answer is for this once only. asked: what was asked of the source for it,
   its first n questions. */
int encompassed_put(struct kept_path *kept, const struct encompassed_key *key,
                    const struct spc_questions *asked, size_t n,
                    const struct warnings *warnings, const struct stir_error *finding);
void encompassed_free(struct encompassed *encompassed); /* one reference; NULL is fine */

#endif
