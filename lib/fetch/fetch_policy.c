/* struct fetch_policy: set by its owner, then shared. */
#include "fetch/fetch_policy.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "fetch/fetch_policy_parts.h"

struct fetch_policy {
    atomic_uint references;
    struct url_policy url;
    struct address_policy address;
    struct proxy proxy;
    char *name_servers;
    struct text ca;       /* PEM; empty: the system's */
    pthread_mutex_t lock; /* of trust, which is set once */
    struct trust *trust;
};

struct fetch_policy *fetch_policy_new(void)
{
    struct fetch_policy *policy = calloc(1, sizeof *policy);

    if (policy == NULL)
        return NULL;
    atomic_init(&policy->references, 1);
    pthread_mutex_init(&policy->lock, NULL);
    policy->url = url_policy_default;
    return policy;
}

struct fetch_policy *fetch_policy_ref(struct fetch_policy *policy)
{
    atomic_fetch_add(&policy->references, 1);
    return policy;
}

void fetch_policy_free(struct fetch_policy *policy)
{
    if (policy == NULL || atomic_fetch_sub(&policy->references, 1) > 1)
        return;
    address_policy_free(&policy->address);
    free(policy->proxy.url);
    free(policy->name_servers);
    text_free(&policy->ca);
    trust_free(policy->trust);
    pthread_mutex_destroy(&policy->lock);
    free(policy);
}

int fetch_policy_set_ports(struct fetch_policy *policy, const char *value)
{
    return url_policy_read_ports(&policy->url, value);
}

int fetch_policy_set_allow(struct fetch_policy *policy, const char *value)
{
    return address_policy_read(&policy->address, value);
}

void fetch_policy_set_query(struct fetch_policy *policy, bool allowed)
{
    policy->url.query = allowed;
}

/* By the rules that hold for URLs, but of its one port. */
static bool read_proxy(const char *value, struct proxy *proxy)
{
    const char *host = value + strlen("http://"), *colon = strrchr(host, ':');
    struct url_policy port = {.n_ports = 0};
    struct text https = {0};
    struct url url;

    if (colon == NULL || url_policy_read_ports(&port, colon + 1) < 0 || port.n_ports != 1)
        return false;
    text_addf(&https, "https://%s", host);
    char *text = text_take(&https);
    bool good = text != NULL && url_judge(text, &port, &url, NULL) == 0;
    free(text);
    if (!good)
        return false;
    memcpy(proxy->host, url.host, sizeof proxy->host);
    proxy->is_address = url.is_address;
    proxy->port = url.port;
    return true;
}

int fetch_policy_set_proxy(struct fetch_policy *policy, const char *value)
{
    struct proxy proxy = {0};

    if (*value != '\0') {
        if (strncmp(value, "http://", strlen("http://")) != 0 || !read_proxy(value, &proxy))
            return STIR_E_SYNTAX;
        if ((proxy.url = text_copy(value, strlen(value))) == NULL)
            return STIR_E_NOMEM;
    }
    free(policy->proxy.url);
    policy->proxy = proxy;
    return 0;
}

int fetch_policy_set_name_servers(struct fetch_policy *policy, const char *value)
{
    char *copy = text_copy(value, strlen(value));

    if (copy == NULL)
        return STIR_E_NOMEM;
    free(policy->name_servers);
    policy->name_servers = copy;
    return 0;
}

int fetch_policy_add_ca(struct fetch_policy *policy, const void *pem, size_t len,
                        struct stir_error *error)
{
    struct trust *trust = trust_new(pem, len, error);
    struct text ca = {0};

    if (trust == NULL)
        return error != NULL && error->code != 0 ? error->code : STIR_E_SYNTAX;
    trust_free(trust);
    if (policy->ca.len > 0)
        text_add_octets(&ca, policy->ca.data, policy->ca.len);
    text_add_octets(&ca, pem, len);
    text_add(&ca, "\n");
    if (ca.failed) {
        text_free(&ca);
        return error_no_memory(error);
    }
    text_free(&policy->ca);
    policy->ca = ca;
    return 0;
}

int fetch_policy_prepare(struct fetch_policy *policy, struct stir_error *error)
{
    int rc = 0;

    pthread_mutex_lock(&policy->lock);
    if (policy->trust == NULL) {
        struct stir_error own = {0};
        policy->trust =
            trust_new(policy->ca.len > 0 ? policy->ca.data : NULL, policy->ca.len, &own);
        if (policy->trust == NULL)
            rc = error_copy(error, &own);
    }
    pthread_mutex_unlock(&policy->lock);
    return rc;
}

const struct url_policy *fetch_policy_url(const struct fetch_policy *policy)
{
    return &policy->url;
}

const struct address_policy *fetch_policy_address(const struct fetch_policy *policy)
{
    return &policy->address;
}

const struct proxy *fetch_policy_proxy(const struct fetch_policy *policy)
{
    return policy->proxy.url == NULL ? NULL : &policy->proxy;
}

const char *fetch_policy_name_servers(const struct fetch_policy *policy)
{
    return policy->name_servers;
}

const char *fetch_policy_ca(const struct fetch_policy *policy, size_t *len)
{
    *len = policy->ca.len;
    return policy->ca.len > 0 ? policy->ca.data : NULL;
}

const struct trust *fetch_policy_trust(struct fetch_policy *policy)
{
    pthread_mutex_lock(&policy->lock);
    const struct trust *trust = policy->trust;
    pthread_mutex_unlock(&policy->lock);
    return trust;
}
