/* The server of the tests, as a test sees it: a process, and a socket to tell it things. */
#include "tests/help_server.h"

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { AUTHORITIES = 2 };

struct server {
    struct server *next; /* of those that run: a test that ends early leaves none unreachable */
    pid_t pid;
    int fd;
    pthread_mutex_t lock; /* of a question and its answer */
    char dns[32];
    struct authority {
        const char *which;
        char *pem;
        char file[64];
    } authorities[AUTHORITIES];
};

static struct server *servers;

/* ---- questions and answers ---- */

static void lost(const char *what)
{
    fprintf(stderr, "the test server is lost: %s\n", what);
    abort();
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return -1;
        data += sent;
        len -= (size_t)sent;
    }
    return 0;
}

static char *read_answer(int fd)
{
    char head[32] = "";
    size_t used = 0, len;

    while (used < sizeof head - 1 && read(fd, head + used, 1) == 1 && head[used] != '\n')
        used++;
    if (sscanf(head, "%zu", &len) != 1)
        return NULL;
    char *text = calloc(1, len + 1);
    for (size_t had = 0; text != NULL && had < len;) {
        ssize_t got = read(fd, text + had, len - had);
        if (got <= 0) {
            free(text);
            return NULL;
        }
        had += (size_t)got;
    }
    return text;
}

/* Says a line, and more octets, and hears the answer; NULL: the server is gone. */
static char *converse(struct server *server, const void *more, size_t len, const char *format,
                      ...)
{
    char *line = NULL, *answer = NULL;
    va_list args;

    va_start(args, format);
    int n = vasprintf(&line, format, args);
    va_end(args);
    if (n < 0)
        abort();
    pthread_mutex_lock(&server->lock);
    if (write_all(server->fd, line, (size_t)n) == 0 && write_all(server->fd, "\n", 1) == 0
        && write_all(server->fd, more, len) == 0)
        answer = read_answer(server->fd);
    pthread_mutex_unlock(&server->lock);
    free(line);
    return answer;
}

static char *ask(struct server *server, const char *verb, const char *word)
{
    char *answer = converse(server, NULL, 0, "%s %s", verb, word);

    if (answer == NULL)
        lost(verb);
    return answer;
}

static unsigned ask_number(struct server *server, const char *verb, const char *word)
{
    char *answer = ask(server, verb, word);
    unsigned number = (unsigned)strtoul(answer, NULL, 10);

    free(answer);
    return number;
}

static void tell(struct server *server, const char *verb, const char *word, const char *rest)
{
    char *answer = converse(server, NULL, 0, "%s %s %s", verb, word, rest);

    if (answer == NULL)
        lost(verb);
    free(answer);
}

/* ---- start and end ---- */

static int spawn(const char *program, int input, pid_t *pid)
{
    char *const argv[] = {(char *)(uintptr_t)program, NULL};
    posix_spawn_file_actions_t actions;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    int rc = posix_spawn(pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

struct server *server_start(const char **why)
{
    const char *folder = getenv("top_builddir");
    char *program = NULL, *answer = NULL;
    int ends[2];
    struct server *server = calloc(1, sizeof *server);

    *why = "no socket, or no memory";
    if (server == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0
        || asprintf(&program, "%s/tests/server/server", folder != NULL ? folder : ".") < 0)
        abort();
    pthread_mutex_init(&server->lock, NULL);
    server->next = servers;
    servers = server;
    server->fd = ends[0];
    *why = "tests/server/server does not run";
    if (spawn(program, ends[1], &server->pid) != 0)
        server->pid = -1;
    close(ends[1]);
    free(program);
    if (server->pid > 0)
        answer = converse(server, NULL, 0, "port dns");
    if (answer == NULL) {
        server_stop(server);
        return NULL;
    }
    snprintf(server->dns, sizeof server->dns, "127.0.0.1:%s", answer);
    free(answer);
    return server;
}

void server_yield(struct server *server)
{
    setpriority(PRIO_PROCESS, (id_t)server->pid, 19);
}

void server_stop(struct server *server)
{
    struct server **link = &servers;

    if (server == NULL)
        return;
    while (*link != server)
        link = &(*link)->next;
    *link = server->next;
    close(server->fd);
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    for (size_t i = 0; i < AUTHORITIES; i++) {
        free(server->authorities[i].pem);
        if (*server->authorities[i].file != '\0')
            unlink(server->authorities[i].file);
    }
    pthread_mutex_destroy(&server->lock);
    free(server);
}

/* ---- where it is ---- */

int server_port(struct server *server, const char *kind)
{
    return (int)ask_number(server, "port", kind);
}

char *server_url_at(struct server *server, const char *host, const char *kind, const char *path)
{
    char *url = NULL;

    if (asprintf(&url, "https://%s:%d%s", host, server_port(server, kind), path) < 0)
        abort();
    return url;
}

char *server_url(struct server *server, const char *kind, const char *path)
{
    return server_url_at(server, "127.0.0.1", kind, path);
}

char *server_url_of(struct server *server, const char *host, const char *path)
{
    return server_url_at(server, host, "good", path);
}

static struct authority *authority_of(struct server *server, const char *which)
{
    struct authority *authority = server->authorities;

    if (authority->which != NULL && strcmp(authority->which, which) != 0)
        authority++;
    if (authority->which == NULL) {
        authority->which = which;
        authority->pem = ask(server, "ca", which);
    }
    return authority;
}

const char *server_ca(struct server *server, const char *which)
{
    return authority_of(server, which)->pem;
}

const char *server_ca_file(struct server *server, const char *which)
{
    struct authority *authority = authority_of(server, which);
    size_t len = strlen(authority->pem);

    if (*authority->file != '\0')
        return authority->file;
    snprintf(authority->file, sizeof authority->file, "/tmp/stir-test-ca-XXXXXX");
    int fd = mkstemp(authority->file);
    if (fd < 0 || write(fd, authority->pem, len) != (ssize_t)len)
        lost(authority->file);
    close(fd);
    return authority->file;
}

const char *server_dns(struct server *server)
{
    return server->dns;
}

/* ---- what it does ---- */

void server_body(struct server *server, const char *path, const void *body, size_t len)
{
    char *answer = converse(server, body, len, "body %s %zu", path, len);

    if (answer == NULL)
        lost("body");
    free(answer);
}

void server_rule(struct server *server, const char *path, const char *rule)
{
    tell(server, "rule", path, rule);
}

void server_header(struct server *server, const char *path, const char *field)
{
    tell(server, "header", path, field != NULL ? field : "");
}

void server_hold(struct server *server, const char *path)
{
    tell(server, "hold", path, "");
}

void server_release(struct server *server, const char *path)
{
    tell(server, "release", path, "");
}

void server_clear(struct server *server)
{
    tell(server, "clear", "*", "");
}

void server_name(struct server *server, const char *name, const char *spec)
{
    tell(server, "name", name, spec);
}

/* ---- what came ---- */

unsigned server_count(struct server *server, const char *path)
{
    return ask_number(server, "count", path);
}

unsigned server_conditional(struct server *server, const char *path)
{
    return ask_number(server, "conditional", path);
}

unsigned server_connections(struct server *server, const char *kind)
{
    return ask_number(server, "connections", kind);
}

unsigned server_queries(struct server *server, const char *name)
{
    return ask_number(server, "queries", name);
}

unsigned server_await(struct server *server, const char *path, unsigned requests)
{
    char *answer = converse(server, NULL, 0, "await %s %u", path, requests);

    if (answer == NULL)
        lost("await");
    unsigned number = (unsigned)strtoul(answer, NULL, 10);
    free(answer);
    return number;
}

char *server_last(struct server *server, const char *path)
{
    return ask(server, "last", path);
}

char *server_targets(struct server *server)
{
    return ask(server, "targets", "*");
}
