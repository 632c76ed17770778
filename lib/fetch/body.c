/* The octets at a URL, shared by reference. */
#include "fetch/body.h"

#include <stdlib.h>
#include <string.h>

struct body *body_new(const void *data, size_t len)
{
    struct body *body = malloc(sizeof *body + len);

    if (body == NULL)
        return NULL;
    atomic_init(&body->references, 1);
    body->len = len;
    if (len > 0)
        memcpy(body->data, data, len);
    /* GnuTLS's digest fails for want of memory alone. */
    if (digest_sha256(body->data, len, body->sha256) == 0)
        return body;
    free(body);
    return NULL;
}

struct body *body_ref(struct body *body)
{
    atomic_fetch_add(&body->references, 1);
    return body;
}

void body_free(struct body *body)
{
    if (body != NULL && atomic_fetch_sub(&body->references, 1) == 1)
        free(body);
}

/* ---- In pieces ----------------------------------------------------------------------------- */

enum { FIRST_ROOM = 4096 };

static bool resize(struct body_builder *builder, size_t room)
{
    struct body *body = realloc(builder->body, sizeof *body + room);

    if (body == NULL)
        return false;
    if (builder->body == NULL)
        body->len = 0;
    builder->body = body;
    builder->room = room;
    return true;
}

/* What is there already is copied by the kernel's page tables alone where it is long (mremap(2)).
 */
static bool make_room(struct body_builder *builder, size_t more)
{
    size_t len = body_added(builder), room = builder->room > 0 ? builder->room : FIRST_ROOM;

    if (builder->digest == NULL && (builder->digest = digest_sha256_begin()) == NULL)
        return false;
    if (more > SIZE_MAX / 4 || len > SIZE_MAX / 4)
        return false;
    while (room - len < more)
        room *= 2;
    return (builder->body != NULL && room == builder->room) || resize(builder, room);
}

void body_add(struct body_builder *builder, const void *data, size_t len)
{
    if (builder->failed || !make_room(builder, len)
        || digest_add(builder->digest, data, len) < 0) {
        builder->failed = true;
        return;
    }
    if (len > 0)
        memcpy(builder->body->data + builder->body->len, data, len);
    builder->body->len += len;
}

size_t body_added(const struct body_builder *builder)
{
    return builder->body == NULL ? 0 : builder->body->len;
}

struct body *body_finish(struct body_builder *builder)
{
    struct body *body = NULL;

    body_add(builder, NULL, 0); /* what is empty has a digest too */
    if (!builder->failed && resize(builder, builder->body->len)) {
        body = builder->body;
        builder->body = NULL;
        atomic_init(&body->references, 1);
        digest_end(builder->digest, body->sha256);
        builder->digest = NULL;
    }
    body_drop(builder);
    return body;
}

void body_drop(struct body_builder *builder)
{
    digest_drop(builder->digest);
    free(builder->body);
    *builder = (struct body_builder){0};
}
