/* The octets at a URL: immutable, shared by reference, with their SHA-256. */
#ifndef STIR_FETCH_BODY_H
#define STIR_FETCH_BODY_H

#include <stdatomic.h>
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

#endif
