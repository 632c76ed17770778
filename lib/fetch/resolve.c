/* c-ares: a channel for a minute, since it reads /etc/resolv.conf only when it is made. */
#include "fetch/resolve.h"

#include <ares.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"

enum {
    /* A server that does not answer is asked again, then the next one. Doubles with each turn;
       FETCH_NAME_MS ends it all. */
    FIRST_TRY_MS = 400,
    TRIES = 3,
    CHANNEL_S = 60
};

struct resolve {
    struct poller *poller;
    ares_channel channel;
    bool open;
    time_t opened;
    char *servers;  /* that the channel asks; NULL: the system's */
    size_t pending; /* questions */
};

struct question {
    struct resolve *resolve;
    resolve_done *done;
    void *arg;
};

struct resolve *resolve_new(struct poller *poller)
{
    struct resolve *resolve = calloc(1, sizeof *resolve);

    if (resolve != NULL)
        resolve->poller = poller;
    return resolve;
}

static void shut(struct resolve *resolve)
{
    if (resolve->open)
        ares_destroy(resolve->channel);
    resolve->open = false;
    free(resolve->servers);
    resolve->servers = NULL;
}

void resolve_free(struct resolve *resolve)
{
    if (resolve == NULL)
        return;
    shut(resolve);
    free(resolve);
}

static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
    struct resolve *resolve = arg;

    poller_watch(resolve->poller, POLLER_NAMES, fd, readable != 0, writable != 0);
}

/* Options that are said are not taken from RES_OPTIONS and LOCALDOMAIN. */
static int open_channel(struct resolve *resolve, const char *servers)
{
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                                   .timeout = FIRST_TRY_MS,
                                   .tries = TRIES,
                                   .ndots = 1,
                                   .sock_state_cb = on_socket,
                                   .sock_state_cb_data = resolve};
    int wanted = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS
                 | ARES_OPT_SOCK_STATE_CB | ARES_OPT_DOMAINS | ARES_OPT_NOROTATE;

    if (servers != NULL && (resolve->servers = text_copy(servers, strlen(servers))) == NULL)
        return ARES_ENOMEM;
    int rc = ares_init_options(&resolve->channel, &options, wanted);
    if (rc != ARES_SUCCESS)
        return rc;
    resolve->open = true;
    if (servers != NULL)
        rc = ares_set_servers_ports_csv(resolve->channel, servers);
    return rc;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static time_t seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* One is at hand, and not too old unless it is in use. */
static bool has_channel(struct resolve *resolve, const char *servers)
{
    if (resolve->open && same(resolve->servers, servers)
        && (resolve->pending > 0 || seconds() - resolve->opened < CHANNEL_S))
        return true;
    if (resolve->pending > 0)
        return false;
    shut(resolve);
    resolve->opened = seconds();
    if (open_channel(resolve, servers) == ARES_SUCCESS)
        return true;
    shut(resolve);
    return false;
}

static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
    struct question *question = arg;
    struct address addresses[LIMIT_HOST_ADDRESSES];
    struct ares_addrinfo_node *node = status == ARES_SUCCESS ? info->nodes : NULL;
    size_t n = 0;

    (void)timeouts;
    for (; node != NULL && n < LIMIT_HOST_ADDRESSES; node = node->ai_next)
        n += address_of_socket(node->ai_addr, &addresses[n]);
    if (info != NULL)
        ares_freeaddrinfo(info);
    question->resolve->pending--;
    question->done(question->arg, status == ARES_ENOMEM ? NULL : addresses, n);
    free(question);
}

void resolve_ask(struct resolve *resolve, const char *servers, const char *host,
                 resolve_done *done, void *arg)
{
    /* Their order is curl's business, which tries them side by side. */
    struct ares_addrinfo_hints hints = {.ai_flags = ARES_AI_NOSORT, .ai_family = AF_UNSPEC};
    struct question *question = malloc(sizeof *question);

    if (question == NULL || !has_channel(resolve, servers)) {
        free(question);
        done(arg, NULL, 0);
        return;
    }
    *question = (struct question){resolve, done, arg};
    resolve->pending++;
    ares_getaddrinfo(resolve->channel, host, NULL, &hints, on_answer, question);
}

void resolve_ready(struct resolve *resolve, const struct poller_event *event)
{
    if (resolve->open)
        ares_process_fd(resolve->channel, event->readable ? event->fd : ARES_SOCKET_BAD,
                        event->writable ? event->fd : ARES_SOCKET_BAD);
}

void resolve_expire(struct resolve *resolve)
{
    if (resolve->pending > 0)
        ares_process_fd(resolve->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

int resolve_due(struct resolve *resolve)
{
    struct timeval room;

    if (resolve->pending == 0)
        return -1;
    const struct timeval *due = ares_timeout(resolve->channel, NULL, &room);
    return due == NULL ? -1 : (int)(due->tv_sec * 1000 + due->tv_usec / 1000 + 1);
}
