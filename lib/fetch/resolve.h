/*
 * Host names to addresses, without blocking and without a thread: c-ares, in a loop's poller.
 *
 * libcurl never gets to ask for a name: an address is to be known before it is connected to, and
 * a slow getaddrinfo() would hold up a whole loop (measured). /etc/hosts counts, search domains
 * do not, nor does the environment.
 */
#ifndef STIR_FETCH_RESOLVE_H
#define STIR_FETCH_RESOLVE_H

#include <stddef.h>

#include "fetch/address.h"
#include "fetch/poller.h"

struct resolve;

/* NULL: out of memory. */
struct resolve *resolve_new(struct poller *poller);
/* Questions under way end: their callbacks are called, with no addresses. */
void resolve_free(struct resolve *resolve);

/* The host's addresses, LIMIT_HOST_ADDRESSES at most, as the name servers give them: not
   checked. n 0: there is none, or nobody said so in time; addresses NULL: for want of memory
   nobody knows. */
typedef void resolve_done(void *arg, const struct address *addresses, size_t n);

/* Asks for both kinds of addresses. done is called once, which may be in here. servers:
   "127.0.0.1:5353" in place of those of /etc/resolv.conf; or NULL. */
void resolve_ask(struct resolve *resolve, const char *servers, const char *host,
                 resolve_done *done, void *arg);
/* A descriptor of POLLER_NAMES is ready. */
void resolve_ready(struct resolve *resolve, const struct poller_event *event);
/* Questions that nobody answered in time are asked again, or end. */
void resolve_expire(struct resolve *resolve);
/* In how many milliseconds that is due; -1: nothing is asked. */
int resolve_due(struct resolve *resolve);

#endif
