/* A bounded queue of what is to be fetched again before it expires. Thread-safe. */
#ifndef STIR_FETCH_DUE_H
#define STIR_FETCH_DUE_H

#include <pthread.h>
#include <stdbool.h>

#include "fetch/cache_life.h"

struct due_item {
    enum fetch_kind kind;
    char *url; /* for free(3) */
};

struct due {
    pthread_mutex_t lock; /* of what follows */
    struct due_item *items;
    size_t room, first, n;
};

/* 0 or STIR_E_NOMEM. */
int due_init(struct due *due, size_t room);
void due_clear(struct due *due);
void due_free(struct due *due);
/* Copies url. False: no room, or no memory. */
bool due_add(struct due *due, enum fetch_kind kind, const char *url);
/* False: there is none. */
bool due_take(struct due *due, struct due_item *item);

#endif
