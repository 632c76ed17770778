/* What a test tells its server, and asks: a line each, answered by a length and so many octets. */
#include "tests/server/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 8192, PATIENCE = 30 };

static bool read_all(int fd, char *to, size_t len)
{
    for (size_t had = 0; had < len;) {
        ssize_t got = read(fd, to + had, len - had);
        if (got <= 0)
            return false;
        had += (size_t)got;
    }
    return true;
}

static bool read_line(int fd, char *line)
{
    for (size_t i = 0; i + 1 < LINE; i++) {
        if (!read_all(fd, line + i, 1))
            return false;
        if (line[i] == '\n') {
            line[i] = '\0';
            return true;
        }
    }
    return false;
}

static void reply_text(int fd, const char *text)
{
    char head[32];
    size_t len = strlen(text);

    snprintf(head, sizeof head, "%zu\n", len);
    send(fd, head, strlen(head), MSG_NOSIGNAL);
    for (size_t sent = 0; sent < len;) {
        ssize_t n = send(fd, text + sent, len - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        sent += (size_t)n;
    }
}

static void reply_number(int fd, unsigned number)
{
    char text[16];

    snprintf(text, sizeof text, "%u", number);
    reply_text(fd, text);
}

/* ---- the verbs: under the lock, with two words; what they answer is for free(3) ---- */

static char *number_text(unsigned number)
{
    char *text = NULL;

    if (asprintf(&text, "%u", number) < 0)
        abort();
    return text;
}

static bool is_all(const char *word)
{
    return strcmp(word, "*") == 0;
}

static char *tell_port(const char *kind, const char *unused)
{
    const struct port *port = port_find(kind);

    (void)unused;
    if (strcmp(kind, "dns") == 0)
        return number_text((unsigned)dns_port());
    return number_text(port != NULL ? (unsigned)port->number : 0);
}

static char *tell_ca(const char *which, const char *unused)
{
    const char *pem = credentials_ca(which);

    (void)unused;
    return pem != NULL ? copy(pem, strlen(pem)) : NULL;
}

static char *tell_count(const char *path, const char *unused)
{
    (void)unused;
    return number_text(is_all(path) ? places_requests() : place_at(path)->requests);
}

static char *tell_conditional(const char *path, const char *unused)
{
    (void)unused;
    return number_text(place_at(path)->condition);
}

static char *tell_connections(const char *kind, const char *unused)
{
    const struct port *port = port_find(kind);

    (void)unused;
    return number_text(is_all(kind) ? ports_connections() : port ? port->connections : 0);
}

static char *tell_last(const char *path, const char *unused)
{
    const char *head = place_at(path)->head;

    (void)unused;
    return head != NULL ? copy(head, strlen(head)) : NULL;
}

static char *tell_targets(const char *unused, const char *too)
{
    (void)unused;
    (void)too;
    return proxy_targets();
}

static char *tell_queries(const char *name, const char *unused)
{
    (void)unused;
    return number_text(dns_queries(name));
}

static char *take_rule(const char *path, const char *rule)
{
    struct place *place = place_at(path);
    struct reply reply = {0};

    if (!reply_parse(&reply, rule)) {
        fprintf(stderr, "server: no rule: %s\n", rule);
        abort();
    }
    free(reply.text);
    free(place->rule);
    place->rule = copy(rule, strlen(rule));
    return NULL;
}

static char *take_header(const char *path, const char *field)
{
    struct place *place = place_at(path);
    char *more = NULL;

    if (*field != '\0'
        && asprintf(&more, "%s%s\r\n", place->headers != NULL ? place->headers : "", field) < 0)
        abort();
    free(place->headers);
    place->headers = more;
    return NULL;
}

static char *take_hold(const char *path, const char *unused)
{
    (void)unused;
    place_at(path)->held = true;
    return NULL;
}

static char *take_release(const char *path, const char *unused)
{
    (void)unused;
    place_at(path)->held = false;
    pthread_cond_broadcast(&server_changed);
    return NULL;
}

static char *take_name(const char *name, const char *spec)
{
    dns_set(name, spec);
    return NULL;
}

static char *await(const char *path, const char *wanted)
{
    struct place *place = place_at(path);
    struct timespec until;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE;
    while (place->requests < (unsigned)atoi(wanted) && rc == 0)
        rc = pthread_cond_timedwait(&server_changed, &server_lock, &until);
    return number_text(place->requests);
}

static char *clear(const char *unused, const char *too)
{
    (void)unused;
    (void)too;
    places_clear();
    return NULL;
}

static const struct {
    const char *verb;
    char *(*act)(const char *word, const char *rest);
} verbs[] = {
    {"port", tell_port},       {"ca", tell_ca},
    {"count", tell_count},     {"conditional", tell_conditional},
    {"last", tell_last},       {"connections", tell_connections},
    {"targets", tell_targets}, {"queries", tell_queries},
    {"rule", take_rule},       {"header", take_header},
    {"hold", take_hold},       {"release", take_release},
    {"name", take_name},       {"await", await},
    {"clear", clear},
};

static bool take_body(int fd, const char *path, const char *length)
{
    size_t len = strtoul(length, NULL, 10);
    char *body = grab(len + 1);

    if (!read_all(fd, body, len)) {
        free(body);
        return false;
    }
    pthread_mutex_lock(&server_lock);
    struct place *place = place_at(path);
    free(place->body);
    place->body = body;
    place->len = len;
    pthread_mutex_unlock(&server_lock);
    reply_number(fd, 0);
    return true;
}

static bool act(int fd, char *line)
{
    const char *verb = strsep(&line, " "), *word = strsep(&line, " ");
    const char *rest = line != NULL ? line : "";

    word = word != NULL ? word : "";
    if (strcmp(verb, "body") == 0)
        return take_body(fd, word, rest);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].verb, verb) != 0)
            continue;
        pthread_mutex_lock(&server_lock);
        char *text = verbs[i].act(word, rest);
        pthread_mutex_unlock(&server_lock);
        reply_text(fd, text != NULL ? text : "");
        free(text);
        return true;
    }
    fprintf(stderr, "server: no such verb: %s\n", verb);
    return false;
}

void control_run(int fd)
{
    char *line = grab(LINE);

    while (read_line(fd, line) && act(fd, line))
        continue;
    free(line);
}
