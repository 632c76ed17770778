/* The test server's HTTP proxy: CONNECT to addresses, which it writes down. */
#include "tests/server/server.h"

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char *targets;

char *proxy_targets(void)
{
    return copy(targets != NULL ? targets : "", targets != NULL ? strlen(targets) : 0);
}

static void write_down(const char *target)
{
    char *more = NULL;

    pthread_mutex_lock(&server_lock);
    if (asprintf(&more, "%s%s\n", targets != NULL ? targets : "", target) < 0)
        abort();
    free(targets);
    targets = more;
    pthread_mutex_unlock(&server_lock);
}

/* An address and a port; names are none of this proxy's business. -1: cannot. */
static int connect_to(const char *target)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *address;
    char host[64], port[8];

    if ((sscanf(target, "[%63[0-9a-f:]]:%7s", host, port) != 2
         && sscanf(target, "%63[0-9.]:%7s", host, port) != 2)
        || getaddrinfo(host, port, &hints, &address) != 0)
        return -1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = connect(fd, address->ai_addr, address->ai_addrlen);
    freeaddrinfo(address);
    if (rc == 0)
        return fd;
    close(fd);
    return -1;
}

static bool pass(int from, int to)
{
    char data[16384];
    ssize_t got = recv(from, data, sizeof data, 0);

    for (ssize_t sent = 0, n; sent < got; sent += n) {
        n = send(to, data + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
    }
    return got > 0;
}

static void pass_both_ways(int one, int other)
{
    struct pollfd ends[2] = {{.fd = one, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    bool open = true;

    while (open && poll(ends, 2, -1) > 0) {
        if (ends[0].revents != 0)
            open = pass(one, other);
        if (open && ends[1].revents != 0)
            open = pass(other, one);
    }
}

void proxy_serve(const struct port *port, int fd)
{
    struct stream stream = {.fd = fd};
    char head[4096], target[256];
    int other = -1;

    (void)port;
    if (read_head(&stream, head, sizeof head)) {
        bool known = sscanf(head, "CONNECT %255s", target) == 1;
        if (known) {
            write_down(target);
            other = connect_to(target);
        }
        const char *answer = other >= 0 ? "HTTP/1.1 200 Connected\r\n\r\n"
                             : known    ? "HTTP/1.1 502 Cannot\r\nContent-Length: 0\r\n\r\n"
                                     : "HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n";
        stream_write(&stream, answer, strlen(answer));
    }
    if (other >= 0) {
        pass_both_ways(fd, other);
        close(other);
    }
    stream_close(&stream);
}
