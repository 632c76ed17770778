/* What is at a path of the test server, and who asked for it. */
#include "tests/server/server.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 65536 }; /* a soak asks for very many */

static struct place *buckets[BUCKETS];

void *grab(size_t len)
{
    void *memory = calloc(1, len > 0 ? len : 1);

    if (memory == NULL)
        abort();
    return memory;
}

char *copy(const char *text, size_t len)
{
    char *to = grab(len + 1);

    memcpy(to, text, len);
    return to;
}

static size_t bucket_of(const char *path)
{
    uint32_t hash = 2166136261U;

    for (; *path != '\0'; path++)
        hash = (hash ^ (uint8_t)*path) * 16777619U;
    return hash % BUCKETS;
}

struct place *place_at(const char *path)
{
    struct place **at = &buckets[bucket_of(path)];

    for (struct place *place = *at; place != NULL; place = place->next)
        if (strcmp(place->path, path) == 0)
            return place;
    struct place *place = grab(sizeof *place);
    place->path = copy(path, strlen(path));
    place->next = *at;
    *at = place;
    return place;
}

/* Emptied, not freed: requests may be under way. */
static void empty(struct place *place)
{
    free(place->rule);
    free(place->headers);
    free(place->body);
    free(place->head);
    *place = (struct place){.next = place->next, .path = place->path};
}

void places_clear(void)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct place *place = buckets[i]; place != NULL; place = place->next)
            empty(place);
    pthread_cond_broadcast(&server_changed);
}

unsigned places_requests(void)
{
    unsigned n = 0;

    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct place *place = buckets[i]; place != NULL; place = place->next)
            n += place->requests;
    return n;
}
