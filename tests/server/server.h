/*
 * An HTTPS server with faults on command, for the tests of retrieval, and what its files share.
 *
 * It is a process of its own that tests/help_server.h starts: its standard input is a socket
 * over which the test tells what shall go wrong and asks what came; when that closes, it ends.
 * A thread serves each connection. Nothing of libstir is used but the mint of the tests.
 */
#ifndef STIR_TESTS_SERVER_SERVER_H
#define STIR_TESTS_SERVER_SERVER_H

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* One lock for all that is shared; `changed` is broadcast whenever a request came, or what is
   held was released. */
extern pthread_mutex_t server_lock;
extern pthread_cond_t server_changed;

/* ---- listen.c: one loopback port for each kind of server ---- */

struct port {
    const char *kind;
    void (*serve)(const struct port *port, int fd); /* closes fd; NULL: nothing is served */
    const char *credential;                         /* NULL: no TLS */
    const char *priority;                           /* of TLS; NULL: GnuTLS's own */
    bool six;                                       /* at ::1, if the machine has that */
    int number;
    unsigned connections; /* under the lock */
};
void ports_open(void);
struct port *port_find(const char *kind); /* NULL: there is none */
unsigned ports_connections(void);         /* of all; under the lock */
void server_thread(void *(*run)(void *), void *arg);
void pause_ms(long ms);

/* ---- tls.c: credentials, and what is behind a descriptor with or without TLS ---- */

struct stream {
    int fd;
    gnutls_session_t tls; /* NULL: none */
};
void credentials_make(void);
const char *credentials_ca(const char *which); /* "good" or "stranger": PEM; NULL */
/* 0, or -1 where the handshake failed. */
int stream_open(struct stream *stream, const struct port *port, int fd);
void stream_close(struct stream *stream);
/* The connection is reset, not closed. */
void stream_reset(struct stream *stream);
/* How many came, at most len; 0: no more. */
size_t stream_read(struct stream *stream, char *to, size_t len);
int stream_write(struct stream *stream, const char *data, size_t len); /* 0; -1: gone */

/* ---- place.c: what is at a path, and who asked for it ---- */

struct place {
    struct place *next;
    char *path;
    char *rule;    /* what goes wrong, instead of what the path says; or NULL */
    char *headers; /* further ones; or NULL */
    char *body;    /* or NULL */
    size_t len;
    char *head;         /* of the last request; or NULL */
    unsigned requests;  /* all */
    unsigned condition; /* those with a condition */
    bool held;          /* answered when released */
};
/* Made where there was none. All under the lock. */
struct place *place_at(const char *path);
void places_clear(void);
unsigned places_requests(void);

/* ---- reply.c: the answer that a rule asks for ---- */

struct reply {
    int status;
    long delay, slow_headers, slow_body; /* ms; the latter two for each octet */
    bool endless, chunked, crumbs, reset, closes, stuck, garbage, bomb;
    const char *length;   /* of Content-Length: "short", "long", "none", a number; or NULL */
    const char *redirect; /* where to; or NULL */
    const char *type;     /* "none": no Content-Type */
    const char *body;     /* html, leaf, empty; or NULL */
    const char *etag;
    long modified;
    size_t huge; /* octets of one more header */
    char cache[160];
    const char *expires, *age, *date;
    char *text; /* where the texts above are */
};
/* "delay=500,status=404". False: this is no such list, and reply is as it was. */
bool reply_parse(struct reply *reply, const char *rule);

/* ---- http.c, proxy.c ---- */

void http_serve(const struct port *port, int fd);
void silent_serve(const struct port *port, int fd);
void proxy_serve(const struct port *port, int fd);
char *proxy_targets(void); /* one a line; under the lock, for free(3) */
/* Reads up to the empty line. False: nothing whole came. */
bool read_head(struct stream *stream, char *head, size_t room);

/* ---- dns.c: a stub that answers as it is told ---- */

void dns_open(void);
int dns_port(void);
/* For a name ("*": for every other one): see tests/help_server.h. */
void dns_set(const char *name, const char *spec);
unsigned dns_queries(const char *name); /* "*": all */

/* ---- control.c ---- */

void control_run(int fd); /* until it closes */

/* Or abort. */
void *grab(size_t len);
char *copy(const char *text, size_t len);

#endif
