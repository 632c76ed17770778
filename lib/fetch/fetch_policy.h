/*
 * What may be fetched, from where and through what: the part of a snapshot that fetches keep for
 * as long as they run. Immutable once a fetch uses it, shared by reference between threads.
 */
#ifndef STIR_FETCH_FETCH_POLICY_H
#define STIR_FETCH_FETCH_POLICY_H

#include "base/error.h"
#include "fetch/address.h"
#include "fetch/url.h"

struct fetch_policy;

/* The default: ports 443 and 8443, no query, no exempt networks, no proxy, the system's trust.
   NULL: out of memory. */
struct fetch_policy *fetch_policy_new(void);
struct fetch_policy *fetch_policy_ref(struct fetch_policy *policy);
void fetch_policy_free(struct fetch_policy *policy); /* one reference */

/*
 * Values of policy keys, each judged when it is set: 0; STIR_E_SYNTAX, the value is not of that
 * form; STIR_E_NOMEM. On failure nothing changed.
 */
int fetch_policy_set_ports(struct fetch_policy *policy, const char *value);
int fetch_policy_set_allow(struct fetch_policy *policy, const char *value);
void fetch_policy_set_query(struct fetch_policy *policy, bool allowed);
/* "" or http://HOST:PORT; no other scheme, since curl would trust other certificates for it. */
int fetch_policy_set_proxy(struct fetch_policy *policy, const char *value);
/* Adds trust anchors for TLS, PEM; with any, nothing else is trusted. 0, STIR_E_SYNTAX,
   STIR_E_NOMEM. */
int fetch_policy_add_ca(struct fetch_policy *policy, const void *pem, size_t len,
                        struct stir_error *error);
/* Name servers in place of those of /etc/resolv.conf: "127.0.0.1:5353" (for tests; no policy key
   sets them). 0, STIR_E_SYNTAX, STIR_E_NOMEM. */
int fetch_policy_set_name_servers(struct fetch_policy *policy, const char *value);

/* Reads the system's trust where that is what counts, which takes 30 ms and more: so before a
   fetch, outside of any loop. [any thread] Once; later calls find it done. */
int fetch_policy_prepare(struct fetch_policy *policy, struct stir_error *error);

const struct url_policy *fetch_policy_url(const struct fetch_policy *policy);
const struct address_policy *fetch_policy_address(const struct fetch_policy *policy);

#endif
