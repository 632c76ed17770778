/* The octets at a URL: immutable, shared by reference, with their SHA-256. */
#ifndef STIR_FETCH_BODY_H
#define STIR_FETCH_BODY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/digest.h"

struct body {
    atomic_uint references;
    uint8_t sha256[DIGEST_SHA256_SIZE];
    size_t len;
    char data[];
};

/* Copies the octets. NULL: out of memory. */
struct body *body_new(const void *data, size_t len);
struct body *body_ref(struct body *body);
void body_free(struct body *body); /* one reference; NULL is fine */

/* A body that comes in pieces: each is hashed as it comes, and none is copied a second time but
   where the room is doubled. All zero is an empty one. */
struct body_builder {
    struct body *body;
    size_t room; /* for its octets */
    struct digest_stream *digest;
    bool failed; /* out of memory */
};

void body_add(struct body_builder *builder, const void *data, size_t len);
size_t body_added(const struct body_builder *builder); /* octets so far */
/* NULL: out of memory. The builder is empty after. */
struct body *body_finish(struct body_builder *builder);
void body_drop(struct body_builder *builder);

#endif
