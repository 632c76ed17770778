/*
 * The server of the tests (tests/server), its proxy and its DNS stub, as a test sees them. It is
 * a process of its own on loopback ports of its own choosing, and gone with the test's process.
 *
 * What a server does wrong is said by a rule: `delay=500,status=404`. A rule is given for a path
 * by server_rule(), or is the path's first segment: https://127.0.0.1:PORT/slow-body/acme.pem
 * answers with the body of /acme.pem, one octet a second. The words, which combine:
 *
 *   delay=MS            before the answer
 *   stuck               no answer at all
 *   garbage             an answer that is not HTTP
 *   slow-headers[=MS]   one octet a second, or each MS
 *   slow-body[=MS]      the same for the body
 *   endless             a body without end
 *   chunked             Transfer-Encoding: chunked
 *   crumbs              the same, in chunks of one octet
 *   length=WHAT         Content-Length: short (half of what comes), long (more than comes), none,
 *                       or that number
 *   status=N            with the body, but for 304 and 204
 *   redirect=WHERE      302 to http, file, loopback (its landing page is /landing), link-local, or
 *                       same (this path without its first segment)
 *   type=TYPE           Content-Type: pem (the default), pkix, tnauthlist, html, plain, octets,
 *                       none
 *   html, leaf, empty   a page instead of the body; its first certificate only; nothing
 *   gzip-bomb           Content-Encoding: gzip of 64 MiB
 *   reset, close        in the middle of the body
 *   huge=N              one header field of N octets
 *   etag=TAG            and 304 where the request has it
 *   modified=TIME       Last-Modified (seconds since 1970), and 304 where the request has it
 *   max-age=S, s-maxage=S, no-store, no-cache, private
 *   expires=S, date=S   so many seconds from now; "0" of expires is that very text; date=none
 *   age=S
 */
#ifndef STIR_TESTS_HELP_SERVER_H
#define STIR_TESTS_HELP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct server;

/* NULL: it could not be started; *why says what happened. */
struct server *server_start(const char **why);
void server_stop(struct server *server);
/* It gives way to other processes (nice(2)), as one on a machine of its own would. */
void server_yield(struct server *server);
/* In a suite: starts it; where it cannot, the test is skipped with a message, or in CI fails. */
struct server *help_server(void);

/*
 * The loopback ports, by kind: good; wrong-name, expired, not-yet, wrong-purpose, self-signed,
 * crowded (with a thousand names), stranger (of a CA that is not server_ca()) by their
 * certificate; tls11, tls12, tls13 speak nothing else; finite-field, finite-field13 exchange
 * keys by nothing else (in TLS 1.2, in TLS 1.3); plain is HTTP without TLS; silent accepts and
 * says nothing; refusing refuses to be connected to; full never accepts; six is a good one at
 * ::1 (0 where the machine has no IPv6); proxy knows CONNECT; dns is UDP. The names of the good
 * ones are 127.0.0.1, ::1, localhost and *.stir.test.
 */
int server_port(struct server *server, const char *kind);
/* https://127.0.0.1:PORT/..., and with a host name of choice: for free(3). */
char *server_url(struct server *server, const char *kind, const char *path);
char *server_url_of(struct server *server, const char *host, const char *path);
char *server_url_at(struct server *server, const char *host, const char *kind,
                    const char *path);
/* The PEM of the CA of all but one of them ("good"), or of that one's ("stranger"); in a file
   that is removed by server_stop(). Borrowed. */
const char *server_ca(struct server *server, const char *which);
const char *server_ca_file(struct server *server, const char *which);

/* The body at a path, or at every path that has none ("*"). */
void server_body(struct server *server, const char *path, const void *body, size_t len);
void server_rule(struct server *server, const char *path, const char *rule);
/* One more header field, "Name: value"; NULL: no more of them. */
void server_header(struct server *server, const char *path, const char *field);
/* Requests for a path get their answer only when it is released. */
void server_hold(struct server *server, const char *path);
void server_release(struct server *server, const char *path);

/* How many requests came for a path ("*": all); how many of them had a condition; how many
   connections to a kind of port ("*": all). */
unsigned server_count(struct server *server, const char *path);
unsigned server_conditional(struct server *server, const char *path);
unsigned server_connections(struct server *server, const char *kind);
/* Waits until so many requests have come for a path, at most half a minute; returns how many. */
unsigned server_await(struct server *server, const char *path, unsigned requests);
/* The last request for a path, its headers; the targets of CONNECT so far, one a line: for
   free(3). */
char *server_last(struct server *server, const char *path);
char *server_targets(struct server *server);
/* No rules, bodies, names, counts. */
void server_clear(struct server *server);

/*
 * What the DNS stub answers for a name ("*": for all that are not said): "a=127.0.0.1",
 * "a=192.0.2.1,a=192.0.2.2,aaaa=2001:db8::1,ttl=30", "cname=other.test", "nxdomain", "servfail",
 * "silent", "delay=MS,a=...", and for one query after the other "a=192.0.2.1|a=127.0.0.1" (of
 * each type; the last stays). Unsaid, names in stir.test are 127.0.0.1 and others are not there.
 */
void server_name(struct server *server, const char *name, const char *spec);
unsigned server_queries(struct server *server, const char *name);
/* 127.0.0.1:PORT of the stub. Borrowed. */
const char *server_dns(struct server *server);

#endif
