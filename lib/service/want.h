/*
 * struct want: a certificate list that an operation needs and somebody else gets.
 *
 * It is shared by the operation and whoever it was handed out to, and lives until both are done
 * with it; putting and failing may happen in any thread, even after the operation is gone.
 */
#ifndef STIR_SERVICE_WANT_H
#define STIR_SERVICE_WANT_H

#include <pthread.h>

#include "cert/pem_list.h"
#include "service/memory.h"
#include "service/snapshot.h"

struct want {
    struct stir_want open; /* what its holder sees; first, so that it is found from there */
    char *url;
    atomic_uint references;
    struct memory *memory;
    bool handed_out; /* the operation's own, as is chain */
    struct stir_chain *chain;
    pthread_mutex_t lock; /* of what follows */
    bool ended;
    int status;        /* HTTP's, or 0 */
    struct body *body; /* NULL: it failed, or there was no memory for it */
    enum stir_failure why;
    bool no_memory;
    void (*on_end)(void *arg); /* NULL: nobody is told */
    void *on_end_arg;
};

/* Ended already where the memory knows the body. NULL: out of memory. */
struct want *want_new(struct memory *memory, const struct snapshot *snapshot, const char *url);
void want_free(struct want *want); /* one reference */
/* What was handed out; NULL: it is no want of an operation (a resolver's is answered, not
   ended). Still the caller's to end. */
struct want *want_of(struct stir_want *open);
/* To the caller, who ends it. */
struct stir_want *want_hand_out(struct want *want);
bool want_is_ended(struct want *want);
/* See op_on_end(). */
void want_on_end(struct want *want, void (*ended)(void *arg), void *arg);
/* Ends it with a body that is shared; the holder's reference to the want stays. The first end
   counts. */
void want_put_body(struct want *want, struct body *body);
/* The list that came has this digest; NULL: there is none, or it is too long for its path to be
   kept. */
const uint8_t *want_digest(const struct want *want);
/*
 * The list that came: borrowed from the want. 0; STIR_CODE_X5U_REFUSED, STIR_CODE_X5U_UNREACHABLE,
 * STIR_CODE_X5U_BODY, STIR_CODE_LIST_TOO_LONG; negative.
 */
int want_chain(struct want *want, const struct es256_provider *provider,
               const struct stir_chain **chain, struct stir_error *error);

#endif
