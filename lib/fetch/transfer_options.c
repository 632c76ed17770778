/* The options of a GET: curl is told all that it would otherwise guess. */
#include "fetch/transfer_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* Slower than that for so long is a host that holds a slot for nothing. */
    LEAST_OCTETS_A_SECOND = 512,
    LEAST_SPEED_S = 3,
    /* libcurl reads a hundred of these in one go, if there are so many, and a response in chunks of
       one octet takes it 140 ns for each: 39 ms with its own 16 KiB. */
    READ_AT_ONCE = 2048,
    /* Names handed over are curl's for the time of a connect, then forgotten. */
    NAMES_KEPT_S = 10
};

/* False: it is what a list could not take for want of memory. */
static bool append(struct curl_slist **list, const char *format, const char *value)
{
    struct text line = {0};

    text_addf(&line, format, value);
    char *whole = text_take(&line);
    struct curl_slist *longer = whole == NULL ? NULL : curl_slist_append(*list, whole);
    free(whole);
    if (longer == NULL)
        return false;
    *list = longer;
    return true;
}

static bool set_fields(struct transfer *transfer, const struct fetch_request *request)
{
    return append(&transfer->fields, "Accept: %s", request->accept)
           && (request->if_none_match == NULL
               || append(&transfer->fields, "If-None-Match: %s", request->if_none_match))
           && (request->if_modified_since == NULL
               || append(&transfer->fields, "If-Modified-Since: %s",
                         request->if_modified_since));
}

static void add_host(struct text *line, const char *host)
{
    text_addf(line, strchr(host, ':') != NULL ? "[%s]" : "%s", host);
}

/* HOST:PORT:ADDRESS,ADDRESS; with + they are forgotten after a while. Of a name alone: what is an
   address curl resolves no further, and libcurl 7.88 takes no IPv6 address for HOST. */
static bool set_names(struct transfer *transfer, const char *host, uint16_t port,
                      const struct addresses *addresses)
{
    struct text names = {0};
    char room[ADDRESS_TEXT_SIZE];

    text_addf(&names, "+%s:%u", host, port);
    for (size_t i = 0; i < addresses->n; i++) {
        text_add(&names, i == 0 ? ":" : ",");
        add_host(&names, address_text(&addresses->of[i], room));
    }
    char *line = text_take(&names);
    bool good = line != NULL && append(&transfer->resolve, "%s", line);
    free(line);
    return good;
}

/* HOST:PORT:ADDRESS:PORT: what a proxy is asked to connect to. */
static bool set_connect_to(struct transfer *transfer, const struct address *address)
{
    struct text line = {0};
    char room[ADDRESS_TEXT_SIZE];

    add_host(&line, transfer->url.host);
    text_addf(&line, ":%u:", transfer->url.port);
    add_host(&line, address_text(address, room));
    text_addf(&line, ":%u", transfer->url.port);
    char *whole = text_take(&line);
    bool good = whole != NULL && append(&transfer->connect_to, "%s", whole);
    free(whole);
    return good;
}

static bool set_route(struct transfer *transfer, const struct transfer_target *target)
{
    const struct proxy *proxy = fetch_policy_proxy(transfer->policy);

    transfer->permitted = proxy == NULL ? target->host : target->proxy;
    if (proxy == NULL)
        return transfer->url.is_address
               || set_names(transfer, transfer->url.host, transfer->url.port, &target->host);
    return (proxy->is_address || set_names(transfer, proxy->host, proxy->port, &target->proxy))
           && set_connect_to(transfer, &target->host.of[0]);
}

/* A libcurl with GnuTLS reads what CURLOPT_CAINFO names for every connection. Others keep it, and
   judge by it themselves. */
static bool curl_is_slow_to_trust(void)
{
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return tls != NULL && strncmp(tls, "GnuTLS", 6) == 0;
}

static CURLcode set_trust(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    size_t len;
    const char *ca = fetch_policy_ca(transfer->policy, &len);
    struct curl_blob blob = {(void *)ca, len, CURL_BLOB_NOCOPY};
    CURLcode rc = CURLE_OK;

    transfer->own_trust = curl_is_slow_to_trust();
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, transfer->own_trust ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, transfer->own_trust ? 0L : 2L);
    if (transfer->own_trust || ca != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    if (!transfer->own_trust && ca != NULL)
        rc = curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    return rc;
}

static void set_limits(struct transfer *transfer, const struct transfer_target *target)
{
    CURL *easy = transfer->easy;

    transfer->limit = transfer->body.most = target->request->limit;
    transfer->body.cells = target->request->heads;
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)READ_AT_ONCE);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)target->request->limit);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)target->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)LEAST_OCTETS_A_SECOND);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LEAST_SPEED_S);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)NAMES_KEPT_S);
}

/* An empty proxy is none; without one the environment's would count, and get the connection past
   every check of addresses. */
static void set_proxy(struct transfer *transfer)
{
    const struct proxy *proxy = fetch_policy_proxy(transfer->policy);
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PROXY, proxy == NULL ? "" : proxy->url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_RESOLVE, transfer->resolve);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, transfer->connect_to);
}

static CURLcode set_request(struct transfer *transfer, const char *url)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    /* A resumed session shows no certificates to judge; a connection is used once. */
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "libstir/" STIR_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->fields);
    CURLcode rc = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    return rc != CURLE_OK ? rc : curl_easy_setopt(easy, CURLOPT_URL, url);
}

int transfer_set_up(struct transfer *transfer, const struct transfer_target *target)
{
    if (!set_fields(transfer, target->request) || !set_route(transfer, target)
        || set_request(transfer, target->request->url) != CURLE_OK
        || set_trust(transfer) != CURLE_OK)
        return STIR_E_NOMEM;
    set_proxy(transfer);
    set_limits(transfer, target);
    transfer_guard(transfer);
    return 0;
}
