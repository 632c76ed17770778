/* The test server's loopback ports, one of each kind, and a thread for each connection. */
#include "tests/server/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

pthread_mutex_t server_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t server_changed = PTHREAD_COND_INITIALIZER;

static struct port ports[] = {
    {.kind = "good", .serve = http_serve, .credential = "good"},
    {.kind = "wrong-name", .serve = http_serve, .credential = "wrong-name"},
    {.kind = "expired", .serve = http_serve, .credential = "expired"},
    {.kind = "not-yet", .serve = http_serve, .credential = "not-yet"},
    {.kind = "wrong-purpose", .serve = http_serve, .credential = "wrong-purpose"},
    {.kind = "crowded", .serve = http_serve, .credential = "crowded"},
    {.kind = "finite-field",
     .serve = http_serve,
     .credential = "good",
     .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA"},
    {.kind = "finite-field13",
     .serve = http_serve,
     .credential = "good",
     .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-FFDHE8192"},
    {.kind = "self-signed", .serve = http_serve, .credential = "self-signed"},
    {.kind = "stranger", .serve = http_serve, .credential = "stranger"},
    {.kind = "tls11",
     .serve = http_serve,
     .credential = "good",
     .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SIGN-RSA-SHA1"},
    {.kind = "tls12",
     .serve = http_serve,
     .credential = "good",
     .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2"},
    {.kind = "tls13",
     .serve = http_serve,
     .credential = "good",
     .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3"},
    {.kind = "six", .serve = http_serve, .credential = "good", .six = true},
    {.kind = "plain", .serve = http_serve},
    {.kind = "silent", .serve = silent_serve},
    {.kind = "proxy", .serve = proxy_serve},
    {.kind = "refusing"}, /* bound only */
    {.kind = "full"},     /* listens, and nobody accepts */
};
enum { PORTS = sizeof ports / sizeof *ports, QUEUE = 1024 };

struct connection {
    struct port *port;
    int fd;
};

void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    if (ms > 0)
        nanosleep(&time, NULL);
}

/* A small stack: there may be a thousand of them. */
void server_thread(void *(*run)(void *), void *arg)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    while (pthread_create(&thread, &attributes, run, arg) != 0)
        pause_ms(10);
    pthread_attr_destroy(&attributes);
}

struct port *port_find(const char *kind)
{
    for (size_t i = 0; i < PORTS; i++)
        if (strcmp(ports[i].kind, kind) == 0)
            return &ports[i];
    return NULL;
}

unsigned ports_connections(void)
{
    unsigned n = 0;

    for (size_t i = 0; i < PORTS; i++)
        n += ports[i].connections;
    return n;
}

static void *serve(void *arg)
{
    struct connection connection = *(struct connection *)arg;

    free(arg);
    connection.port->serve(connection.port, connection.fd);
    return NULL;
}

struct listener {
    struct port *port;
    int fd;
};

static void *accept_all(void *arg)
{
    struct listener *listener = arg;

    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            pause_ms(10);
            continue;
        }
        pthread_mutex_lock(&server_lock);
        listener->port->connections++;
        pthread_mutex_unlock(&server_lock);
        struct connection *connection = grab(sizeof *connection);
        *connection = (struct connection){listener->port, fd};
        server_thread(serve, connection);
    }
    return NULL;
}

static void need(bool done, const char *what)
{
    if (done)
        return;
    perror(what);
    exit(1);
}

/* Connections of our own fill the queue of a port that nobody accepts from: the kernel leaves
   further ones without an answer. */
static void fill(const struct port *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port->number),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    for (int i = 0; i < 3; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(fd, (struct sockaddr *)&address, sizeof address);
    }
}

/* Bound; negative: not to be had. */
static int bind_port(struct port *port)
{
    struct sockaddr_in four = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = port->six ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t size = port->six ? sizeof six : sizeof four;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, address, size) != 0 || getsockname(fd, address, &size) != 0)
        return -1;
    port->number = ntohs(port->six ? six.sin6_port : four.sin_port);
    return fd;
}

static void open_port(struct port *port)
{
    int fd = bind_port(port);

    if (fd < 0 && port->six)
        return;
    need(fd >= 0, "server: bind");
    if (port->serve != NULL) {
        need(listen(fd, QUEUE) == 0, "server: listen");
        struct listener *listener = grab(sizeof *listener);
        *listener = (struct listener){port, fd};
        server_thread(accept_all, listener);
    } else if (strcmp(port->kind, "full") == 0) {
        need(listen(fd, 0) == 0, "server: listen");
        fill(port);
    }
}

void ports_open(void)
{
    for (size_t i = 0; i < PORTS; i++)
        open_port(&ports[i]);
}
