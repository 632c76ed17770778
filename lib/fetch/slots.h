/*
 * How many fetches may run: in all, of one host, and of hosts that are strangers, who have half of
 * all at most: whoever has a wildcard name and slow hosts must not starve the hosts that serve
 * real calls. A host that failed is left alone for a time, which doubles up to a bound; after
 * it one fetch at a time tries it, until one succeeds.
 *
 * Not locked: struct flights uses it under its own lock. Times are milliseconds of a monotonic
 * clock.
 */
#ifndef STIR_FETCH_SLOTS_H
#define STIR_FETCH_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stir.h"

struct slots;
struct slot_host; /* a host, while it is referred to or must be left alone */

struct slots_limits {
    size_t all;      /* fetches at once */
    size_t per_host; /* of one host */
    size_t hosts;    /* that are remembered for having failed */
};

enum {
    /* A cold start fetches 100 hosts at once and more; half of it is for strangers. A fetch takes
       some 60 KB while it runs, in TLS mostly. */
    SLOTS_ALL = 256,
    /* Five hosts serve 90 % of the field's URLs; browsers open six connections to one. */
    SLOTS_PER_HOST = 8,
    /* 252 hosts serve the field; the rest is room for strangers that fail. */
    SLOTS_HOSTS = 4096,
    /* A second is two calls' set-up; a minute after a host is mended it is used again. */
    SLOTS_BACK_OFF_LEAST_MS = 1000,
    SLOTS_BACK_OFF_MOST_MS = 60 * 1000
};

/* NULL: out of memory. limits may be NULL, and of each 0 is the default. */
struct slots *slots_new(const struct slots_limits *limits);
void slots_free(struct slots *slots);

/* A reference; NULL: out of memory. Any case of letters. */
struct slot_host *slots_host(struct slots *slots, const char *name);
void slots_host_free(struct slots *slots, struct slot_host *host);

enum slot_state {
    SLOT_TAKEN,     /* it may run; ends with slots_give() */
    SLOT_NONE,      /* as many as may run do, or as many strangers */
    SLOT_HOST_FULL, /* as many of this host */
    SLOT_BACK_OFF   /* the host is left alone */
};
enum slot_state slots_take(struct slots *slots, struct slot_host *host, bool known,
                           int64_t now);
/* What went wrong at a host. */
struct slot_fault {
    enum stir_failure why;
    int status; /* HTTP's, where one came: then it is what is wrong; or 0 */
};
/* Until when the host is left alone, and for what (NULL is fine); 0: it is not. */
int64_t slots_left_alone(const struct slot_host *host, int64_t now, struct slot_fault *fault);

/* How a fetch ended, for the host: a status of 404 is no failure of the host's. */
enum slot_end { SLOT_GOOD, SLOT_HOST_FAILED, SLOT_NOTHING /* cancelled: says nothing */ };
/* taken: when. Fetches that ran side by side and fail together count as one failure. */
void slots_give(struct slots *slots, struct slot_host *host, bool known, int64_t taken,
                int64_t now, enum slot_end end, struct slot_fault fault);

size_t slots_running(const struct slots *slots);

#endif
