/*
 * The octets at a URL: immutable, shared by reference, with their SHA-256.
 *
 * Who keeps many URLs of one body, and no right to its octets, watches it: the octets go with the
 * last reference, and what is left is a struct of one line of the processor's cache, from which a
 * reference can be had as long as there is one. To a body something may be pinned that was found
 * out about it; what, is not known here.
 */
#ifndef STIR_FETCH_BODY_H
#define STIR_FETCH_BODY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cells.h"
#include "crypto/digest.h"

/* What is pinned to a body: first member of whatever it is, and counted there. */
struct pinned {
    atomic_uint references;
    void (*free)(struct pinned *pinned);
};

struct body {
    atomic_uint references;
    atomic_uint watchers; /* and one for all references */
    uint8_t sha256[DIGEST_SHA256_SIZE];
    union {
        char *data;
        struct cells *cells; /* the head's own, when the octets are gone; NULL: malloc()'s */
    };
    _Atomic(struct pinned *) pinned; /* under lock, but for a glance; NULL: nothing */
    uint32_t len;
    atomic_flag lock; /* held for some instructions */
    atomic_bool used; /* since somebody asked: body_was_used() */
};

enum {
    BODY_MOST = INT32_MAX, /* octets of one */
    BODY_HEAD = CELLS_LINE /* what one takes besides */
};

/* Copies the octets. NULL: out of memory, or they are too many. */
struct body *body_new(const void *data, size_t len);
/* The same, its head in one of these cells, so that what is looked up at random among many bodies
   does not lie scattered between their octets. NULL: a head of its own. */
struct cells *body_cells_new(void);
struct body *body_new_in(struct cells *cells, const void *data, size_t len);
struct body *body_ref(struct body *body);
void body_free(struct body *body); /* one reference; NULL is fine */

/* A body that comes in pieces: each is hashed as it comes, and is copied once, or while the body is
   short a second time. All zero is an empty one. */
struct body_builder {
    struct cells *cells; /* for its head; NULL: one of its own */
    size_t most; /* that it may have, if known: room for a long body is taken but once */
    char *data;
    size_t len, room;
    struct digest_stream *digest;
    bool failed; /* out of memory */
};

void body_add(struct body_builder *builder, const void *data, size_t len);
size_t body_added(const struct body_builder *builder); /* octets so far */
/* NULL: out of memory. The builder is empty after. */
struct body *body_finish(struct body_builder *builder);
void body_drop(struct body_builder *builder);

/* A watcher's, for whoever has a reference or is a watcher. */
struct body *body_watch(struct body *body);
void body_unwatch(struct body *watched); /* NULL is fine */
/* A reference; NULL: its octets are gone. */
struct body *body_recover(struct body *watched);
/* It is of use; and was it, since this was asked last? */
void body_use(struct body *watched);
bool body_was_used(struct body *watched);

/* Where what is pinned lies, to have it fetched into the processor's cache early: by the time that
   somebody reads it, it may be gone. */
const void *body_glance(const struct body *body);
/* A reference to what is pinned; NULL: nothing. */
struct pinned *body_pinned(struct body *body);
/* Takes a reference of its own, in place of what was there. */
void body_pin(struct body *body, struct pinned *pinned);
/* No more, if it is that. A watcher may call it. */
void body_unpin(struct body *watched, const struct pinned *pinned);
void pinned_free(struct pinned *pinned); /* one reference; NULL is fine */

#endif
