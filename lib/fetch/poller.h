/*
 * Descriptors, one timer and a wake-up behind one descriptor (epoll), for a loop that somebody
 * else's loop watches.
 */
#ifndef STIR_FETCH_POLLER_H
#define STIR_FETCH_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct poller {
    int epoll, timer, wake;
    int64_t timer_at; /* what the timer is set to */
};

/* Whose descriptor it is. */
enum poller_owner { POLLER_SELF, POLLER_NAMES, POLLER_TRANSFERS };

struct poller_event {
    enum poller_owner owner;
    int fd;
    bool readable, writable; /* both after an error, which reading or writing will find */
};

enum { POLLER_EVENTS = 16 }; /* taken at a time */

/* 0, STIR_E_FILE (errno). */
int poller_open(struct poller *poller);
void poller_close(struct poller *poller);
/* Neither read nor write: not watched any more. */
void poller_watch(struct poller *poller, enum poller_owner owner, int fd, bool read,
                  bool write);
/* What is ready now, up to POLLER_EVENTS; those of POLLER_SELF are dealt with and left out.
   Waits for nothing. */
size_t poller_take(struct poller *poller, struct poller_event events[POLLER_EVENTS]);
/* When the descriptor is readable whatever else happens: fetch_clock(); INT64_MAX: never. */
void poller_set_timer(struct poller *poller, int64_t at);
/* Makes the descriptor readable. [any thread] */
void poller_wake(struct poller *poller);

#endif
