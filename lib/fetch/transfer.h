/*
 * One GET of a URL whose addresses are known, by libcurl, which only these files know.
 *
 * libcurl 7.88 needs to be told much (each measured): the environment's proxies and netrc are off,
 * CURLOPT_CAPATH would trust /etc/ssl/certs beside what CURLOPT_CAINFO names, names must not be
 * its own to resolve. With GnuTLS it reads all trust anchors anew for each connection, 30 ms and
 * more for the system's: so there the server's certificates are judged here, by the policy's
 * struct trust, after the handshake and before anything is sent.
 */
#ifndef STIR_FETCH_TRANSFER_H
#define STIR_FETCH_TRANSFER_H

#include "base/limits.h"
#include "fetch/fetch.h"
#include "fetch/poller.h"
#include "fetch/url.h"

struct transfer;
struct transfers; /* those of a loop */

/* NULL: out of memory. */
struct transfers *transfers_new(struct poller *poller);
void transfers_free(struct transfers *transfers); /* none is under way */
/* A descriptor of POLLER_TRANSFERS is ready. May end its transfer. */
void transfers_ready(struct transfers *transfers, const struct poller_event *event);

/* Where a connection may go. */
struct addresses {
    struct address of[LIMIT_HOST_ADDRESSES];
    size_t n;
};

struct transfer_target {
    const struct fetch_request *request;
    const struct url *url;
    struct addresses host;
    struct addresses proxy; /* of the policy's proxy, if it has one */
    int timeout_ms;
};

/* NULL: out of memory. done is not called in here. */
struct transfer *transfer_start(struct transfers *transfers, struct fetch_policy *policy,
                                const struct transfer_target *target, fetch_done *done,
                                void *arg);
/* When it wants transfer_expire(), which may end it; INT64_MAX: never. */
int64_t transfer_due(const struct transfer *transfer);
void transfer_expire(struct transfer *transfer);
/* Ends it, with or without done having been called. */
void transfer_free(struct transfer *transfer);

#endif
