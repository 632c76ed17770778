/* Transfers in libcurl's multi interface: begun, driven, ended. */
#include "fetch/transfer_parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- All of a loop's ----------------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct transfers *transfers_new(struct poller *poller)
{
    struct transfers *transfers = calloc(1, sizeof *transfers);

    pthread_once(&once, prepare_curl);
    if (transfers != NULL)
        transfers->poller = poller;
    return transfers;
}

void transfers_free(struct transfers *transfers)
{
    if (transfers == NULL)
        return;
    free(transfers->by_fd);
    free(transfers);
}

/* Whose a descriptor is. */
static int note_fd(struct transfers *transfers, int fd, struct transfer *transfer)
{
    size_t n = (size_t)fd + 1;

    if (n > transfers->n_fds) {
        struct transfer **more = realloc(transfers->by_fd, n * sizeof(struct transfer *));
        if (more == NULL)
            return STIR_E_NOMEM;
        for (size_t i = transfers->n_fds; i < n; i++)
            more[i] = NULL;
        transfers->by_fd = more;
        transfers->n_fds = n;
    }
    transfers->by_fd[fd] = transfer;
    return 0;
}

/* ---- One of them -------------------------------------------------------------------------- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
    struct transfer *transfer = arg;
    struct transfers *transfers = transfer->transfers;
    bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;

    (void)easy;
    (void)unused;
    if (note_fd(transfers, fd, what == CURL_POLL_REMOVE ? NULL : transfer) < 0) {
        transfer_refuse(transfer, STIR_FAILURE_CANCELLED, "out of memory");
        return -1;
    }
    poller_watch(transfers->poller, POLLER_TRANSFERS, fd, read, write);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
    struct transfer *transfer = arg;

    (void)multi;
    transfer->due = ms < 0 ? INT64_MAX : fetch_clock() + ms;
    return 0;
}

static int open_handles(struct transfer *transfer)
{
    transfer->easy = curl_easy_init();
    transfer->multi = curl_multi_init();
    if (transfer->easy == NULL || transfer->multi == NULL)
        return STIR_E_NOMEM;
    curl_multi_setopt(transfer->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(transfer->multi, CURLMOPT_SOCKETDATA, transfer);
    curl_multi_setopt(transfer->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(transfer->multi, CURLMOPT_TIMERDATA, transfer);
    return 0;
}

struct transfer *transfer_start(struct transfers *transfers, struct fetch_policy *policy,
                                const struct transfer_target *target, fetch_done *done,
                                void *arg)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);

    if (transfer == NULL)
        return NULL;
    transfer->transfers = transfers;
    transfer->policy = fetch_policy_ref(policy);
    transfer->url = *target->url;
    transfer->done = done;
    transfer->arg = arg;
    transfer->due = INT64_MAX;
    if (open_handles(transfer) == 0 && transfer_set_up(transfer, target) == 0
        && curl_multi_add_handle(transfer->multi, transfer->easy) == CURLM_OK) {
        transfer->added = true;
        return transfer;
    }
    transfer_free(transfer);
    return NULL;
}

void transfer_free(struct transfer *transfer)
{
    if (transfer == NULL)
        return;
    if (transfer->added)
        curl_multi_remove_handle(transfer->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_multi_cleanup(transfer->multi);
    curl_slist_free_all(transfer->fields);
    curl_slist_free_all(transfer->resolve);
    curl_slist_free_all(transfer->connect_to);
    fetch_policy_free(transfer->policy);
    body_drop(&transfer->body);
    free(transfer);
}

/* ---- How it ended -------------------------------------------------------------------------- */

static enum stir_failure failure_of(CURLcode rc)
{
    switch (rc) {
    case CURLE_OUT_OF_MEMORY:
    case CURLE_SETOPT_OPTION_SYNTAX: /* what it says of CURLOPT_RESOLVE for want of memory */
        return STIR_FAILURE_CANCELLED;
    case CURLE_OPERATION_TIMEDOUT:
        return STIR_FAILURE_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return STIR_FAILURE_NAME;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
        return STIR_FAILURE_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return STIR_FAILURE_TLS;
    case CURLE_FILESIZE_EXCEEDED:
        return STIR_FAILURE_TOO_LARGE;
    default:
        return STIR_FAILURE_BROKEN;
    }
}

/* libcurl 7.88 says the same of a line that is longer than it takes (100 KB) as of want of memory;
   were that not remembered, a host could have it sent for each call. */
static bool is_endless_line(const struct transfer *transfer, CURLcode rc)
{
    return rc == CURLE_OUT_OF_MEMORY && transfer->connected && *transfer->curl_says == '\0';
}

static void fail(struct transfer *transfer, CURLcode rc, struct fetch_response *response)
{
    char room[SHOWN_SIZE];

    if (is_endless_line(transfer, rc))
        transfer_refuse(transfer, STIR_FAILURE_BROKEN,
                        "found a line of the header without end");
    if (transfer->guard.refusal != NULL)
        transfer_refuse(transfer, STIR_FAILURE_TLS, transfer->guard.refusal);
    if (transfer->body.failed)
        rc = CURLE_OUT_OF_MEMORY;
    response->why = transfer->refused ? transfer->why : failure_of(rc);
    if (!transfer->refused)
        error_set(&transfer->reason, STIR_E_REFUSED, "%s",
                  shown(room, transfer->curl_says, strlen(transfer->curl_says)));
    response->sentence = transfer->reason.text;
}

static void succeed(struct transfer *transfer, struct fetch_response *response)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    response->body = body_finish(&transfer->body);
    if (response->body == NULL) {
        transfer->body.failed = true;
        fail(transfer, CURLE_OK, response);
        return;
    }
    response->status = (int)status;
    response->meta = &transfer->meta;
}

/* done may free the transfer. */
static void end(struct transfer *transfer, CURLcode rc)
{
    struct fetch_response response = {0};

    if (rc == CURLE_OK && !transfer->refused)
        succeed(transfer, &response);
    else
        fail(transfer, rc, &response);
    struct body *body = response.body;
    transfer->done(transfer->arg, &response);
    body_free(body);
}

/* Lets curl do what it can; the transfer may be gone then. */
static void act(struct transfer *transfer, curl_socket_t fd, int what)
{
    CURLMsg *message;
    int running, left;

    CURLMcode rc = curl_multi_socket_action(transfer->multi, fd, what, &running);
    transfer_guard_handshake(transfer);
    message = curl_multi_info_read(transfer->multi, &left);
    if (message != NULL && message->msg == CURLMSG_DONE)
        end(transfer, message->data.result);
    /* A handle whose callback failed does nothing more; it does not even time out. */
    else if (rc != CURLM_OK)
        end(transfer,
            rc == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_ABORTED_BY_CALLBACK);
}

void transfers_ready(struct transfers *transfers, const struct poller_event *event)
{
    int what =
        (event->readable ? CURL_CSELECT_IN : 0) | (event->writable ? CURL_CSELECT_OUT : 0);

    if ((size_t)event->fd < transfers->n_fds && transfers->by_fd[event->fd] != NULL)
        act(transfers->by_fd[event->fd], event->fd, what);
}

int64_t transfer_due(const struct transfer *transfer)
{
    return transfer->due;
}

void transfer_expire(struct transfer *transfer)
{
    transfer->due = INT64_MAX;
    act(transfer, CURL_SOCKET_TIMEOUT, 0);
}
