/* The octets at a URL, shared by reference, watched, and with something pinned to them. */
#include "fetch/body.h"

#include <assert.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/cells.h"

/* What is asked of a body for every call lies in one line of the processor's cache. */
static_assert(sizeof(struct body) <= CELLS_LINE, "a body's head is too large");

/* ---- What is pinned ---------------------------------------------------------------------- */

static void lock(struct body *body)
{
    while (atomic_flag_test_and_set_explicit(&body->lock, memory_order_acquire))
        sched_yield(); /* whoever holds it was interrupted */
}

static void unlock(struct body *body)
{
    atomic_flag_clear_explicit(&body->lock, memory_order_release);
}

void pinned_free(struct pinned *pinned)
{
    if (pinned != NULL && atomic_fetch_sub(&pinned->references, 1) == 1)
        pinned->free(pinned);
}

/* The body's reference, if it is to that one; NULL: to any. */
static struct pinned *take_pinned(struct body *body, const struct pinned *wanted)
{
    lock(body);
    struct pinned *pinned = atomic_load_explicit(&body->pinned, memory_order_relaxed);
    if (wanted != NULL && pinned != wanted)
        pinned = NULL;
    if (pinned != NULL)
        atomic_store_explicit(&body->pinned, NULL, memory_order_relaxed);
    unlock(body);
    return pinned;
}

const void *body_glance(const struct body *body)
{
    return atomic_load_explicit(&body->pinned, memory_order_relaxed);
}

struct pinned *body_pinned(struct body *body)
{
    lock(body);
    struct pinned *pinned = atomic_load_explicit(&body->pinned, memory_order_relaxed);
    if (pinned != NULL)
        atomic_fetch_add_explicit(&pinned->references, 1, memory_order_relaxed);
    unlock(body);
    return pinned;
}

void body_pin(struct body *body, struct pinned *pinned)
{
    atomic_fetch_add_explicit(&pinned->references, 1, memory_order_relaxed);
    lock(body);
    struct pinned *before = atomic_load_explicit(&body->pinned, memory_order_relaxed);
    atomic_store_explicit(&body->pinned, pinned, memory_order_relaxed);
    unlock(body);
    pinned_free(before);
}

void body_unpin(struct body *watched, const struct pinned *pinned)
{
    pinned_free(take_pinned(watched, pinned));
}

/* ---- Life -------------------------------------------------------------------------------- */

/* Whose the head is has no room in its line: it lies behind the octets, and when these are gone in
   place of the pointer to them. */
static size_t room_of(size_t len)
{
    return len + sizeof(struct cells *);
}

struct cells *body_cells_new(void)
{
    static_assert(sizeof(struct body) <= BODY_HEAD, "a head is too large");
    return cells_new(BODY_HEAD);
}

/* Takes data, of room_of(len), on success. */
static struct body *head_new(struct cells *cells, char *data, size_t len)
{
    struct body *body = cells == NULL ? calloc(1, sizeof *body) : cells_take(cells);

    if (body == NULL)
        return NULL;
    memcpy(data + len, &cells, sizeof cells);
    atomic_init(&body->references, 1);
    atomic_init(&body->watchers, 1);
    body->data = data;
    body->len = (uint32_t)len;
    return body;
}

struct body *body_new(const void *data, size_t len)
{
    return body_new_in(NULL, data, len);
}

struct body *body_new_in(struct cells *cells, const void *data, size_t len)
{
    char *copy = len > BODY_MOST ? NULL : malloc(room_of(len));
    struct body *body = copy == NULL ? NULL : head_new(cells, copy, len);

    if (body == NULL) {
        free(copy);
        return NULL;
    }
    if (len > 0)
        memcpy(copy, data, len);
    /* GnuTLS's digest fails for want of memory alone. */
    if (digest_sha256(copy, len, body->sha256) == 0)
        return body;
    body_free(body);
    return NULL;
}

struct body *body_ref(struct body *body)
{
    atomic_fetch_add_explicit(&body->references, 1, memory_order_relaxed);
    return body;
}

void body_free(struct body *body)
{
    if (body == NULL || atomic_fetch_sub(&body->references, 1) > 1)
        return;
    pinned_free(take_pinned(body, NULL));
    struct cells *cells;
    memcpy(&cells, body->data + body->len, sizeof cells);
    free(body->data);
    body->cells = cells;
    body_unwatch(body);
}

/* ---- Watchers ---------------------------------------------------------------------------- */

struct body *body_watch(struct body *body)
{
    atomic_fetch_add_explicit(&body->watchers, 1, memory_order_relaxed);
    return body;
}

static void head_free(struct body *body)
{
    if (body->cells == NULL)
        free(body);
    else
        cells_give(body->cells, body);
}

void body_unwatch(struct body *watched)
{
    if (watched != NULL && atomic_fetch_sub(&watched->watchers, 1) == 1)
        head_free(watched);
}

struct body *body_recover(struct body *watched)
{
    unsigned references = atomic_load_explicit(&watched->references, memory_order_relaxed);

    do
        if (references == 0)
            return NULL;
    while (!atomic_compare_exchange_weak(&watched->references, &references, references + 1));
    return watched;
}

void body_use(struct body *watched)
{
    atomic_store_explicit(&watched->used, true, memory_order_relaxed);
}

bool body_was_used(struct body *watched)
{
    return atomic_exchange_explicit(&watched->used, false, memory_order_relaxed);
}

/* ---- In pieces ----------------------------------------------------------------------------- */

enum { FIRST_ROOM = 4096, LONG = 1024 * 1024 };

static bool resize(struct body_builder *builder, size_t room)
{
    char *data = realloc(builder->data, room);

    if (data == NULL)
        return false;
    builder->data = data;
    builder->room = room;
    return true;
}

/* Doubled, which copies what is there: a long one, 16 MiB say, would take 20 ms. So that one
   gets all that it may need, of which the system gives no more than is written to. */
static bool make_room(struct body_builder *builder, size_t more)
{
    size_t room = builder->room > 0 ? builder->room : FIRST_ROOM;

    if (builder->digest == NULL && (builder->digest = digest_sha256_begin()) == NULL)
        return false;
    if (more > BODY_MOST - builder->len)
        return false;
    while (room - builder->len < more)
        room *= 2;
    if (room > LONG && room < builder->most)
        room = builder->most;
    return room == builder->room || resize(builder, room);
}

void body_add(struct body_builder *builder, const void *data, size_t len)
{
    if (builder->failed || !make_room(builder, len)
        || digest_add(builder->digest, data, len) < 0) {
        builder->failed = true;
        return;
    }
    if (len > 0)
        memcpy(builder->data + builder->len, data, len);
    builder->len += len;
}

size_t body_added(const struct body_builder *builder)
{
    return builder->len;
}

struct body *body_finish(struct body_builder *builder)
{
    struct body *body = NULL;

    body_add(builder, NULL, 0); /* what is empty has a digest too */
    if (!builder->failed && resize(builder, room_of(builder->len))
        && (body = head_new(builder->cells, builder->data, builder->len)) != NULL) {
        builder->data = NULL;
        digest_end(builder->digest, body->sha256);
        builder->digest = NULL;
    }
    body_drop(builder);
    return body;
}

void body_drop(struct body_builder *builder)
{
    digest_drop(builder->digest);
    free(builder->data);
    *builder = (struct body_builder){0};
}
