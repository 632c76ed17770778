/*
 * struct want: a body that an operation needs and somebody else gets.
 *
 * It is shared by the operation and whoever it was handed out to, and lives until both are done
 * with it; putting and failing may happen in any thread, even after the operation is gone: what
 * comes goes into the memory (retrieval.h) in any case. Where the memory knows the answer, the
 * want is ended when it is made.
 */
#ifndef STIR_SERVICE_WANT_H
#define STIR_SERVICE_WANT_H

#include <pthread.h>

#include "base/warnings.h"
#include "cert/chain.h"
#include "service/memory.h"
#include "service/snapshot.h"

struct want {
    struct stir_want open; /* what its holder sees; first, so that it is found from there */
    char *url;
    enum fetch_kind kind;
    atomic_uint references;
    struct memory *memory;
    struct cache_policy policy;         /* as when it was made */
    struct cache_validators validators; /* what open points to */
    bool from_memory;                   /* ended when it was made */
    bool handed_out;                    /* the operation's own, as is the time */
    int64_t handed_out_at;              /* by the memory's clock */
    pthread_mutex_t lock;               /* of what follows */
    struct http_meta fields;
    bool ended, no_memory;
    struct cache_hit came;
    void (*on_end)(void *arg); /* NULL: nobody is told */
    void *on_end_arg;
};

/* NULL: out of memory. */
struct want *want_new(struct memory *memory, const struct snapshot *snapshot,
                      enum fetch_kind kind, const char *url);
/* Open, whatever the memory knows: what a flight has the caller fetch. */
struct want *want_new_to_fetch(struct memory *memory, const struct snapshot *snapshot,
                               enum fetch_kind kind, const char *url);
void want_free(struct want *want); /* one reference */
/* What was handed out; NULL: it is no want of an operation (a resolver's is answered, not
   ended). Still the holder's to end. */
struct want *want_of(struct stir_want *open);
/* To the holder, who ends it. */
struct stir_want *want_hand_out(struct want *want);
/* One handed out that was not ended within the fetch limits ends here: it timed out. */
bool want_is_ended(struct want *want);
/* See op_on_end(). */
void want_on_end(struct want *want, void (*ended)(void *arg), void *arg);
/* What came, of one that ended; to be cleared. */
void want_came(struct want *want, struct cache_hit *hit);
/* Ends it, and the holder's reference, with what came (retrieval.h): hit is copied. The first
   end counts. */
void want_end(struct want *want, const struct cache_hit *hit);
/* The list that came, borrowed; NULL: there is none, or not of a form to be used. */
struct body *want_body(const struct want *want);
/* What is to be said of how it came: a stale copy, another media type. 0; STIR_CODE_X5U_BODY
   where policy refuses the type; STIR_E_NOMEM. */
int want_judge_form(const struct want *want, bool reject_media, struct warnings *warnings,
                    struct stir_error *error);
/* The same of a TNAuthList, whose media type is no matter of taste: a stale copy. 0 or
   STIR_E_NOMEM. */
int want_warn_stale(const struct want *want, struct warnings *warnings);
/* It came as one certificate in DER, by its media type. */
bool want_is_single(const struct want *want);
/* 0: a body came; STIR_CODE_X5U_REFUSED, STIR_CODE_X5U_UNREACHABLE, STIR_CODE_X5U_BODY;
   negative. */
int want_judge_failure(const struct want *want, struct stir_error *error);
/*
 * The body that should be a TNAuthList: borrowed from the want. 0; STIR_CODE_X5U_REFUSED,
 * STIR_CODE_X5U_BODY, STIR_CODE_TNAUTHLIST_UNREACHABLE, STIR_CODE_TNAUTHLIST_SYNTAX (its media
 * type is another's, R8226-10.1-3); negative.
 */
int want_list(const struct want *want, struct body **body, struct stir_error *error);

#endif
