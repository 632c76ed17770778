/* One guarded GET after the other, or several at once, through a loop of the tests' own. */
#ifndef STIR_TESTS_GET_H
#define STIR_TESTS_GET_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/fetch.h"
#include "fetch/http_meta.h"

struct server;

/* How a fetch ended. */
struct got {
    bool done;
    int order;  /* the first that ended is 1 */
    int status; /* 0: none came */
    enum stir_failure why;
    char sentence[256];
    char *body; /* with a NUL behind it; for free(3), as get_clear() does */
    size_t len;
    struct http_meta meta;
};

/* Loopback is allowed, the server's ports, its CA, its name servers. */
struct fetch_policy *get_policy(struct server *server);

/* Begins one; *got is filled in when it ended. */
struct fetch *get_start(struct fetch_loop *loop, struct fetch_policy *policy,
                        const struct fetch_request *request, struct got *got);
/* Drives the loop until that many are done, or for half a minute. */
void get_drive(struct fetch_loop *loop, struct got *got, size_t n);
/* A loop of its own, one fetch. */
void get_one(struct fetch_policy *policy, const struct fetch_request *request, struct got *got);
void get_clear(struct got *got);

#endif
