/* Bodies that the caller gave for URLs: stir_verifier_supply(). They are the operator's word, so
   nothing about the URL is judged, and they neither age nor count. */
#ifndef STIR_SERVICE_SUPPLIES_H
#define STIR_SERVICE_SUPPLIES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "fetch/body.h"

struct supply {
    char *url; /* NULL: for every URL */
    struct body *body;
};

struct supplies {
    pthread_mutex_t lock; /* of what follows */
    struct supply *supplies;
    atomic_size_t
        n; /* read without the lock: most have none, and calls do not queue for that */
};

void supplies_init(struct supplies *supplies);
void supplies_free(struct supplies *supplies);
/* Copies url (NULL: for every one), takes body on success, in place of what was given for that
   URL: 0 or STIR_E_NOMEM. */
int supplies_put(struct supplies *supplies, const char *url, struct body *body);
/* A reference; NULL: nothing was given for it, nor, where every one will do, for every URL. */
struct body *supplies_find(struct supplies *supplies, const char *url, bool every);

#endif
