/* What of a policy the fetches themselves look at. */
#ifndef STIR_FETCH_FETCH_POLICY_PARTS_H
#define STIR_FETCH_FETCH_POLICY_PARTS_H

#include "crypto/trust.h"
#include "fetch/fetch_policy.h"

struct proxy {
    char *url; /* as it was set */
    char host[URL_HOST_SIZE];
    bool is_address;
    uint16_t port;
};

/* NULL: none. */
const struct proxy *fetch_policy_proxy(const struct fetch_policy *policy);
const char *fetch_policy_name_servers(const struct fetch_policy *policy);
/* PEM; NULL: the system's. */
const char *fetch_policy_ca(const struct fetch_policy *policy, size_t *len);
/* NULL before fetch_policy_prepare(). */
const struct trust *fetch_policy_trust(struct fetch_policy *policy);

#endif
