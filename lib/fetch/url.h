/*
 * Which URLs may be fetched at all: what x5u holds is whoever sends the call's choice.
 *
 * The grammar is narrower than RFC 3986's, so that what is judged here is what is connected to,
 * whoever reads the URL after us: https, a name of letters, digits and hyphens or an address, a
 * port that policy allows, printable ASCII. No userinfo, no fragment, a query only by policy
 * (R8224-7.*, ATIS-1000080).
 */
#ifndef STIR_FETCH_URL_H
#define STIR_FETCH_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
    URL_PORTS = 16,      /* that a policy may list */
    URL_HOST_SIZE = 256, /* a name of 253 octets (RFC 1035 section 2.3.4) and NUL */
    URL_AUTHORITY_SIZE = URL_HOST_SIZE + 6
};

/* Policy keys x5u_ports and x5u_query. */
struct url_policy {
    uint16_t ports[URL_PORTS];
    size_t n_ports; /* 0: any port will do, which no value of x5u_ports says */
    bool query;
};

/* 443 and 8443, no query. */
extern const struct url_policy url_policy_default;

struct url {
    char host[URL_HOST_SIZE]; /* lower case; an IPv6 address without its brackets */
    bool is_address;          /* host is an address, not a name */
    uint16_t port;
};

/* "443,8443". STIR_E_SYNTAX: not a list of 1 to URL_PORTS ports; then policy is as it was. */
int url_policy_read_ports(struct url_policy *policy, const char *value);

/*
 * Takes a URL apart. 0; STIR_CODE_X5U_REFUSED, with a sentence that names what it has and what
 * is wanted. url may be NULL, policy too: the default one.
 */
int url_judge(const char *text, const struct url_policy *policy, struct url *url,
              struct stir_error *error);

/* HOST:PORT, which is who answers for a fetch: what another port of a host does, which a stranger
   chooses, is no fault of this one's. Returns room. */
const char *url_authority(const struct url *url, char room[URL_AUTHORITY_SIZE]);

#endif
