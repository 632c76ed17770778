/* struct transfer between the files that know libcurl: its life, its options, its guards. */
#ifndef STIR_FETCH_TRANSFER_PARTS_H
#define STIR_FETCH_TRANSFER_PARTS_H

#include <curl/curl.h>

#include "base/text.h"
#include "crypto/tls_guard.h"
#include "fetch/body.h"
#include "fetch/fetch_policy_parts.h"
#include "fetch/http_meta.h"
#include "fetch/transfer.h"

struct transfers {
    struct poller *poller;
    struct transfer **by_fd; /* whose a descriptor is; NULL: nobody's */
    size_t n_fds;
};

struct transfer {
    struct transfers *transfers;
    struct fetch_policy *policy;
    CURL *easy;
    /* Its own: of one that several share, curl looks after all whose timers are due in one call,
       which took 60 ms with a hundred (measured). */
    CURLM *multi;
    bool added;  /* easy, to multi */
    int64_t due; /* what curl wants to be called for; INT64_MAX: nothing */
    struct curl_slist *fields, *resolve, *connect_to;
    struct url url;
    struct addresses permitted; /* to connect to */
    bool own_trust;             /* the certificates are judged here */
    struct tls_guard guard;     /* before the handshake, where they are */
    bool connected; /* TLS stands: what goes wrong from now on is the host's doing */
    fetch_done *done;
    void *arg;
    struct http_meta meta;
    size_t header_octets;
    size_t limit;
    struct body_builder body;
    /* What made a callback stop it; 0, and then curl says. */
    bool refused;
    enum stir_failure why;
    struct stir_error reason;
    char curl_says[CURL_ERROR_SIZE];
};

/* transfer_options.c: all that curl is told, before it begins. STIR_E_NOMEM. */
int transfer_set_up(struct transfer *transfer, const struct transfer_target *target);

/* transfer_guard.c: what curl asks and tells meanwhile. */
void transfer_guard(struct transfer *transfer);
/* Puts the guard before its handshake, if there is a session, and none has begun. */
void transfer_guard_handshake(struct transfer *transfer);
/* Stops it; the first reason counts. */
void transfer_refuse(struct transfer *transfer, enum stir_failure why, const char *sentence);

#endif
