/* The test server's HTTP: reads requests and answers them as their rule says. */
#include "tests/server/server.h"

#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_ROOM = 16384, PAGE = 16384, BOMB = 64 << 20 };

struct request {
    char head[HEAD_ROOM];
    char path[2048];
    bool get;
};

/* What goes out, put together under the lock. */
struct answer {
    struct reply reply;
    char *headers; /* further ones */
    char *body;
    size_t len;
};

bool read_head(struct stream *stream, char *head, size_t room)
{
    static const char refusal[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    size_t len = 0;

    while (len + 1 < room) {
        if (stream_read(stream, head + len, 1) != 1)
            return false;
        if (head[0] == 0x16) /* a handshake of TLS, where HTTP is spoken */
            return stream_write(stream, refusal, sizeof refusal - 1), false;
        head[++len] = '\0';
        if (len >= 4 && memcmp(head + len - 4, "\r\n\r\n", 4) == 0)
            return true;
    }
    return false;
}

static bool has_field(const char *head, const char *name, char *value, size_t room)
{
    size_t len = strlen(name);

    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, len) != 0 || line[len] != ':')
            continue;
        line += len + 1 + strspn(line + len + 1, " ");
        snprintf(value, room, "%.*s", (int)strcspn(line, "\r"), line);
        return true;
    }
    return false;
}

static bool parse_request(struct request *request)
{
    char method[16];

    if (sscanf(request->head, "%15s %2047s", method, request->path) != 2)
        return false;
    request->get = strcmp(method, "GET") == 0;
    return true;
}

static void write_time(char *to, size_t room, time_t time)
{
    struct tm tm;

    gmtime_r(&time, &tm);
    strftime(to, room, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* ---- what is answered ---- */

/* The path without a first segment that is a rule; *rule is that segment, for free(3), or NULL. */
static const char *behind_rule(const char *path, char **rule)
{
    size_t len = strcspn(path + 1, "/");
    struct reply reply = {0};

    *rule = NULL;
    if (len == 0 || path[1 + len] != '/')
        return path;
    char *segment = copy(path + 1, len);
    if (!reply_parse(&reply, segment)) {
        free(segment);
        return path;
    }
    free(reply.text);
    *rule = segment;
    return path + 1 + len;
}

static const struct place *body_of(const char *path, const char *behind)
{
    const struct place *place = place_at(path);

    if (place->body == NULL)
        place = place_at(behind);
    if (place->body == NULL)
        place = place_at("*");
    return place->body != NULL ? place : NULL;
}

static void count_request(struct place *place, const struct request *request)
{
    char value[8];

    place->requests++;
    place->condition += has_field(request->head, "If-None-Match", value, sizeof value)
                        || has_field(request->head, "If-Modified-Since", value, sizeof value);
    free(place->head);
    place->head = copy(request->head, strlen(request->head));
    pthread_cond_broadcast(&server_changed);
    while (place->held)
        pthread_cond_wait(&server_changed, &server_lock);
}

static void set_body(struct answer *answer, const char *body, size_t len)
{
    free(answer->body);
    answer->body = copy(body, len);
    answer->len = len;
}

static void bend_body(struct answer *answer)
{
    static const char page[] = "<!DOCTYPE html>\n<html><title>Not here</title></html>\n";
    const char *what = answer->reply.body;
    const char *end = answer->body != NULL ? strstr(answer->body, "-----END") : NULL;

    if (what != NULL && strcmp(what, "html") == 0)
        set_body(answer, page, sizeof page - 1);
    else if (what != NULL && strcmp(what, "empty") == 0)
        set_body(answer, "", 0);
    else if (what != NULL && end != NULL)
        answer->len = (size_t)(end - answer->body) + strcspn(end, "\n") + 1;
    if (answer->reply.bomb)
        set_body(answer, "", 0);
    if (answer->reply.status == 304 || answer->reply.status == 204)
        answer->len = 0;
}

static void prepare(struct answer *answer, const struct request *request)
{
    char *rule;
    const char *behind = behind_rule(request->path, &rule);

    pthread_mutex_lock(&server_lock);
    struct place *place = place_at(request->path);
    count_request(place, request);
    reply_parse(&answer->reply, place->rule != NULL ? place->rule : rule != NULL ? rule : "");
    const struct place *from = body_of(request->path, behind);
    if (from != NULL)
        set_body(answer, from->body, from->len);
    else if (answer->reply.status == 200 && answer->reply.body == NULL && !answer->reply.bomb
             && !answer->reply.endless)
        answer->reply.status = 404;
    if (place->headers != NULL)
        answer->headers = copy(place->headers, strlen(place->headers));
    pthread_mutex_unlock(&server_lock);
    free(rule);
    bend_body(answer);
}

/* ---- its head ---- */

struct head {
    char *text;
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct head *head, const char *format,
                                                      ...)
{
    va_list args;
    char *line = NULL;

    va_start(args, format);
    int len = vasprintf(&line, format, args);
    va_end(args);
    if (len < 0 || (head->text = realloc(head->text, head->len + (size_t)len + 1)) == NULL)
        abort();
    memcpy(head->text + head->len, line, (size_t)len + 1);
    head->len += (size_t)len;
    free(line);
}

static void add_time(struct head *head, const char *name, const char *offset)
{
    char text[64];

    if (offset != NULL && strcmp(offset, "none") == 0)
        return;
    write_time(text, sizeof text, time(NULL) + (offset != NULL ? atol(offset) : 0));
    add(head, "%s: %s\r\n", name, text);
}

static void add_location(struct head *head, const struct request *request, const char *where)
{
    char *rule;

    if (strcmp(where, "http") == 0)
        add(head, "Location: http://127.0.0.1:%d/landing\r\n", port_find("plain")->number);
    else if (strcmp(where, "file") == 0)
        add(head, "Location: file:///etc/passwd\r\n");
    else if (strcmp(where, "loopback") == 0)
        add(head, "Location: https://127.0.0.1:%d/landing\r\n", port_find("good")->number);
    else if (strcmp(where, "link-local") == 0)
        add(head, "Location: https://169.254.169.254/latest/meta-data/\r\n");
    else
        add(head, "Location: %s\r\n", behind_rule(request->path, &rule));
    if (strcmp(where, "same") == 0)
        free(rule);
}

static void add_caching(struct head *head, const struct reply *reply)
{
    char text[64];

    if (*reply->cache != '\0')
        add(head, "Cache-Control: %s\r\n", reply->cache);
    if (reply->expires != NULL && strcmp(reply->expires, "0") == 0)
        add(head, "Expires: 0\r\n");
    else if (reply->expires != NULL)
        add_time(head, "Expires", reply->expires);
    if (reply->age != NULL)
        add(head, "Age: %s\r\n", reply->age);
    if (reply->etag != NULL)
        add(head, "ETag: \"%s\"\r\n", reply->etag);
    if (reply->modified > 0) {
        write_time(text, sizeof text, reply->modified);
        add(head, "Last-Modified: %s\r\n", text);
    }
}

static void add_length(struct head *head, const struct answer *answer)
{
    const char *length = answer->reply.length;
    size_t len = answer->len;

    if (answer->reply.status == 304 || answer->reply.status == 204)
        return;
    if (answer->reply.chunked) {
        add(head, "Transfer-Encoding: chunked\r\n");
        return;
    }
    if (answer->reply.endless || answer->reply.bomb || (length && strcmp(length, "none") == 0))
        return;
    if (length != NULL && strcmp(length, "short") == 0)
        len /= 2;
    else if (length != NULL && strcmp(length, "long") == 0)
        len += 1000;
    else if (length != NULL)
        len = strtoul(length, NULL, 10);
    add(head, "Content-Length: %zu\r\n", len);
}

static bool closes(const struct reply *reply)
{
    return reply->endless || reply->bomb || reply->length != NULL || reply->reset
           || reply->closes || reply->garbage;
}

static struct head head_of(const struct answer *answer, const struct request *request)
{
    const struct reply *reply = &answer->reply;
    struct head head = {0};

    add(&head, "HTTP/1.1 %d %s\r\n", reply->status, reply->status == 200 ? "OK" : "As told");
    add_time(&head, "Date", reply->date);
    if (strcmp(reply->type, "none") != 0)
        add(&head, "Content-Type: %s\r\n", reply->type);
    add_length(&head, answer);
    add_caching(&head, reply);
    if (reply->redirect != NULL)
        add_location(&head, request, reply->redirect);
    if (reply->bomb)
        add(&head, "Content-Encoding: gzip\r\n");
    if (reply->huge > 0)
        add(&head, "X-Huge: %0*d\r\n", (int)reply->huge, 0);
    if (answer->headers != NULL)
        add(&head, "%s", answer->headers);
    add(&head, "%s\r\n", closes(reply) ? "Connection: close\r\n" : "");
    return head;
}

/* ---- and how it is sent ---- */

static int trickle(struct stream *stream, const char *data, size_t len, long ms)
{
    if (ms == 0)
        return stream_write(stream, data, len);
    for (size_t i = 0; i < len; i++) {
        if (stream_write(stream, data + i, 1) != 0)
            return -1;
        pause_ms(ms);
    }
    return 0;
}

static int send_endless(struct stream *stream, bool chunked)
{
    char page[PAGE];
    int rc = 0;

    memset(page, 'A', sizeof page);
    for (size_t i = 63; i < sizeof page; i += 64)
        page[i] = '\n';
    while (rc == 0) {
        if (chunked)
            rc = stream_write(stream, "4000\r\n", 6);
        if (rc == 0)
            rc = stream_write(stream, page, sizeof page);
        if (rc == 0 && chunked)
            rc = stream_write(stream, "\r\n", 2);
    }
    return -1;
}

/* Chunks of one octet. */
static int send_crumbs(struct stream *stream, const char *body, size_t len)
{
    enum { CRUMB = 6 };
    char page[1024 * CRUMB + 1];
    int rc = 0;

    while (rc == 0 && len > 0) {
        size_t n = 0;
        for (; n < 1024 && n < len; n++)
            sprintf(page + n * CRUMB, "1\r\n%c\r\n", body[n]);
        rc = stream_write(stream, page, n * CRUMB);
        body += n;
        len -= n;
    }
    return rc;
}

/* Zeros as DEFLATE has them in a fixed block: the literal, then copies of 258 octets at distance
   1, each 13 bits: 11000101 and 00000. */
static int send_bomb(struct stream *stream)
{
    static const char head[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";
    size_t room = (size_t)BOMB / 258 * 13 / 8 + 64, bits = 0;
    uint8_t *data = grab(room);

#define BIT(b) data[bits / 8] |= (uint8_t)((b) << bits % 8), bits++
    for (int i = 0; i < 11; i++) /* the last block, fixed, and the literal 00110000 */
        BIT("11000110000"[i] - '0');
    for (size_t n = 0; n < (size_t)BOMB / 258; n++)
        for (int i = 0; i < 13; i++)
            BIT("1100010100000"[i] - '0');
    for (int i = 0; i < 7; i++)
        BIT(0);
#undef BIT
    int rc = stream_write(stream, head, sizeof head - 1);
    if (rc == 0)
        rc = stream_write(stream, (char *)data, bits / 8 + 1);
    free(data);
    return rc != 0 ? rc : -1; /* closed without the checksum */
}

static int send_body(struct stream *stream, const struct answer *answer)
{
    const struct reply *reply = &answer->reply;
    char line[32];
    int rc = 0;

    if (reply->endless)
        return send_endless(stream, reply->chunked);
    if (reply->bomb)
        return send_bomb(stream);
    if (reply->reset || reply->closes) {
        stream_write(stream, answer->body, answer->len / 2);
        return -1;
    }
    if (reply->crumbs) {
        rc = send_crumbs(stream, answer->body, answer->len);
        return rc != 0 ? rc : stream_write(stream, "0\r\n\r\n", 5);
    }
    if (reply->chunked && answer->len > 0) {
        snprintf(line, sizeof line, "%zx\r\n", answer->len);
        rc = stream_write(stream, line, strlen(line));
    }
    if (rc == 0)
        rc = trickle(stream, answer->body, answer->len, reply->slow_body);
    if (rc == 0 && reply->chunked)
        rc = stream_write(stream, answer->len > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n",
                          answer->len > 0 ? 7 : 5);
    return rc;
}

/* Until the other side has left. */
static void wait_until_gone(struct stream *stream)
{
    char octet;

    while (stream_read(stream, &octet, 1) == 1)
        continue;
}

static int send_answer(struct stream *stream, struct answer *answer,
                       const struct request *request)
{
    const struct reply *reply = &answer->reply;

    pause_ms(reply->delay);
    if (reply->stuck) {
        wait_until_gone(stream);
        return -1;
    }
    if (reply->garbage) {
        stream_write(stream, "SSH-2.0-OpenSSH_9.2p1\r\n", 23);
        return -1;
    }
    struct head head = head_of(answer, request);
    int rc = trickle(stream, head.text, head.len, reply->slow_headers);
    free(head.text);
    if (rc == 0 && request->get)
        rc = send_body(stream, answer);
    return rc != 0 || closes(reply) ? -1 : 0;
}

static bool is_not_modified(const struct reply *reply, const struct request *request)
{
    char value[256], mine[256];

    if (has_field(request->head, "If-None-Match", value, sizeof value)) {
        snprintf(mine, sizeof mine, "\"%s\"", reply->etag != NULL ? reply->etag : "");
        return reply->etag != NULL && strcmp(value, mine) == 0;
    }
    if (reply->modified == 0
        || !has_field(request->head, "If-Modified-Since", value, sizeof value))
        return false;
    write_time(mine, sizeof mine, reply->modified);
    return strcmp(value, mine) == 0;
}

/* False: the connection is over. */
static bool serve_one(struct stream *stream, struct request *request, bool *reset)
{
    struct answer answer = {0};

    if (!read_head(stream, request->head, sizeof request->head) || !parse_request(request))
        return false;
    prepare(&answer, request);
    if (answer.reply.status == 200 && is_not_modified(&answer.reply, request)) {
        answer.reply.status = 304;
        answer.len = 0;
    }
    int rc = send_answer(stream, &answer, request);
    *reset = answer.reply.reset;
    free(answer.reply.text);
    free(answer.headers);
    free(answer.body);
    return rc == 0;
}

void http_serve(const struct port *port, int fd)
{
    struct request *request = grab(sizeof *request);
    struct stream stream;
    bool reset = false;

    if (stream_open(&stream, port, fd) == 0) {
        while (serve_one(&stream, request, &reset))
            continue;
        if (reset)
            stream_reset(&stream);
        else
            stream_close(&stream);
    }
    free(request);
}

void silent_serve(const struct port *port, int fd)
{
    struct stream stream = {.fd = fd};

    (void)port;
    wait_until_gone(&stream);
    stream_close(&stream);
}
