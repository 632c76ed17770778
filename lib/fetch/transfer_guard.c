/* The guards of a GET: where it connects to, whom it trusts, what comes. */
#include "fetch/transfer_parts.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/limits.h"

/* The first reason counts. */
void transfer_refuse(struct transfer *transfer, enum stir_failure why, const char *sentence)
{
    if (transfer->refused)
        return;
    transfer->refused = true;
    transfer->why = why;
    error_set(&transfer->reason, STIR_E_REFUSED, "%s", sentence);
}

static bool is_permitted(const struct transfer *transfer, const struct address *address)
{
    for (size_t i = 0; i < transfer->permitted.n; i++)
        if (address_equal(&transfer->permitted.of[i], address))
            return true;
    return false;
}

/* The last look before a connect: whatever curl made of the URL, it goes to an address that was
   checked, or nowhere. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *transfer = arg;
    struct address address;

    if (purpose != CURLSOCKTYPE_IPCXN || !address_of_socket(&to->addr, &address)
        || !is_permitted(transfer, &address)) {
        transfer_refuse(transfer, STIR_FAILURE_ADDRESS,
                        "found an address that was not checked");
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->protocol);
}

/* The GnuTLS session that there is; NULL: there is none (yet). */
static void *session_of(const struct transfer *transfer)
{
    struct curl_tlssessioninfo *session = NULL;

    if (curl_easy_getinfo(transfer->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK
        || session == NULL || session->backend != CURLSSLBACKEND_GNUTLS)
        return NULL;
    return session->internals;
}

void transfer_guard_handshake(struct transfer *transfer)
{
    void *session = NULL;

    if (transfer->own_trust && !transfer->guard.begun)
        session = session_of(transfer);
    if (session != NULL)
        tls_guard_put(&transfer->guard, session);
}

/* curl has no callback between the making of a session and its first message, but says
   meanwhile what it sets and offers. */
static int on_said(CURL *easy, curl_infotype type, char *data, size_t len, void *arg)
{
    (void)easy;
    (void)data;
    (void)len;
    if (type == CURLINFO_TEXT)
        transfer_guard_handshake(arg);
    return 0;
}

/* The handshake is over, nothing is sent. */
static int on_connected(void *arg, char *peer, char *local, int peer_port, int local_port)
{
    struct transfer *transfer = arg;
    struct stir_error error = {0};

    (void)peer;
    (void)local;
    (void)peer_port;
    (void)local_port;
    transfer->connected = true;
    if (!transfer->own_trust)
        return CURL_PREREQFUNC_OK;
    void *session = session_of(transfer);
    if (session != NULL
        && trust_judge(fetch_policy_trust(transfer->policy), session, transfer->url.host,
                       &error)
               == 0)
        return CURL_PREREQFUNC_OK;
    transfer_refuse(transfer, STIR_FAILURE_TLS,
                    session == NULL ? "found no TLS session" : error.text);
    return CURL_PREREQFUNC_ABORT;
}

static bool is_field(const char *line, size_t len, const char *name)
{
    return len == strlen(name) && strncasecmp(line, name, len) == 0;
}

/* None was asked for: a body that is larger than what came is nobody's to unpack. */
static bool is_identity(const char *value, size_t len)
{
    while (len > 0 && (*value == ' ' || *value == '\t'))
        value++, len--;
    while (len > 0 && strchr(" \t\r\n", value[len - 1]) != NULL)
        len--;
    return len == 0 || is_field(value, len, "identity");
}

static size_t on_field(char *line, size_t size, size_t n, void *arg)
{
    struct transfer *transfer = arg;
    size_t len = size * n;
    const char *colon = memchr(line, ':', len);

    transfer->header_octets += len;
    if (transfer->header_octets > LIMIT_RESPONSE_HEADER) {
        transfer_refuse(transfer, STIR_FAILURE_TOO_LARGE, "wanted a header of at most 64 KiB");
        return 0;
    }
    /* A response of 1xx comes before the one that counts. */
    if (len >= 5 && strncmp(line, "HTTP/", 5) == 0)
        transfer->meta = (struct http_meta){0};
    if (colon == NULL || (len >= 5 && strncmp(line, "HTTP/", 5) == 0))
        return len;
    size_t name = (size_t)(colon - line);
    http_meta_add(&transfer->meta, line, name, colon + 1, len - name - 1);
    if (is_field(line, name, "Content-Encoding") && !is_identity(colon + 1, len - name - 1)) {
        transfer_refuse(transfer, STIR_FAILURE_ENCODING,
                        "wanted no Content-Encoding, found one");
        return 0;
    }
    return len;
}

static size_t on_octets(char *data, size_t size, size_t n, void *arg)
{
    struct transfer *transfer = arg;
    size_t len = size * n;

    if (len > transfer->limit - body_added(&transfer->body)) {
        transfer_refuse(transfer, STIR_FAILURE_TOO_LARGE, "wanted a smaller body");
        return 0;
    }
    body_add(&transfer->body, data, len);
    return transfer->body.failed ? 0 : len;
}

void transfer_guard(struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_says);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_said);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_field);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_octets);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
}
