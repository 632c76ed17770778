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
