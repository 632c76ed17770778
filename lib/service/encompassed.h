/*
 * Is each list of a path encompassed by its parent's (RFC 9060 section 4)? What was found, kept
 * with the path (path_cache.h): a delegate with 100,000 numbers is not compared with its parent's
 * list on every call, nor is the SPC data asked of each of them.
 *
 * It holds under the path's epoch, the same policy and the same lists by reference; where the SPC
 * data was asked, also only while what it said is good: stir_want_keep(), for times of calls within
 * freshness of the one asked about, while the source's generation stands and the seconds are not
 * over, and while it is not older than policy spc_db_max_age. What is not kept is asked anew.
 *
 * It is found in portions (rules/delegation.h), and what is half made between two steps lies
 * with the path, too, under the same terms: it gets on whichever operation steps, and one that
 * ends takes nothing with it. It says nothing of the path before it is done. Who steps has it
 * out, and whoever comes meanwhile makes his own. Where some answer may not be kept, it stays
 * with its operation.
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
void encompassed_free(struct encompassed *encompassed); /* one reference; NULL is fine */

struct encompassed_work {
    struct delegation_walk walk;
    int64_t now; /* the call's time that the data is asked about */
    unsigned begun;
    bool may_be_kept;
    struct encompassed *made; /* with nothing found yet */
};

/* What lies with the path, if it fits, or what is at its beginning. kept may be NULL. NULL: out of
   memory. */
struct encompassed_work *encompassed_begin(struct kept_path *kept,
                                           const struct encompassed_key *key);
/* Before going on with what stayed with its operation: begins again where that holds no more. */
void encompassed_go_on(struct encompassed_work *work, const struct encompassed_key *key);
/* What a portion rests on, its first n questions, before it is judged. 0; BUDGET_GONE: the data
   changed since an earlier one, and it is at its beginning again; STIR_E_NOMEM. */
int encompassed_note(struct encompassed_work *work, const struct encompassed_key *key,
                     const struct spc_questions *asked, size_t n);
/* Lays it with the path, or frees it where another's there is further. False: it must stay with
   its operation. */
bool encompassed_lay(struct kept_path *kept, struct encompassed_work *work);
/* Keeps what it came to, if that may be. kept may be NULL. 0 or STIR_E_NOMEM. */
int encompassed_put(struct kept_path *kept, const struct encompassed_key *key,
                    struct encompassed_work *work, const struct warnings *warnings,
                    const struct stir_error *finding);
void encompassed_work_free(struct encompassed_work *work); /* NULL is fine */

#endif
