/*
 * What the fields of a response say about how long it may be used (RFC 9111) and by what it is
 * asked for again (RFC 9110 section 8.8). Pure; times are seconds since 1970 of the clock that
 * saw the response, which is no call's.
 *
 * The cache is a shared one: it serves every call, and its file every process. So s-maxage
 * counts, and what is private is not kept (RFC 9111 sections 5.2.2.7, 5.2.2.10).
 */
#ifndef STIR_FETCH_HTTP_META_H
#define STIR_FETCH_HTTP_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /* Real entity tags have 18 to 66 octets; one that is longer is not sent back. */
    HTTP_ETAG_SIZE = 80,
    /* A date as text, the longest form of the three has 33. */
    HTTP_DATE_SIZE = 40,
    /* "application/pem-certificate-chain; charset=utf-8" has 48. */
    HTTP_TYPE_SIZE = 64
};

/* Which fields came; a number that is not one counts as said, and as 0 (RFC 9111 section
   4.2.1). */
enum {
    HTTP_MAX_AGE = 1,
    HTTP_S_MAXAGE = 2,
    HTTP_EXPIRES = 4,
    HTTP_DATE = 8,
    HTTP_AGE = 16,
    HTTP_NO_STORE = 32, /* or private */
    HTTP_NO_CACHE = 64,
    HTTP_MUST_REVALIDATE = 128, /* or proxy-revalidate: never used stale */
    HTTP_CACHE_CONTROL = 256,   /* the field itself, whatever is in it */
    HTTP_SAID = 511             /* all of them */
};

/* All zero is that of a response without fields. */
struct http_meta {
    unsigned said; /* HTTP_* */
    int64_t max_age, s_maxage, age;
    int64_t expires, date;
    /* Retry-After, of a response that failed: in so many seconds, or at that time; 0: it does not
       say. No record keeps it. */
    int64_t retry_in, retry_at;
    char etag[HTTP_ETAG_SIZE]; /* as it came, quotes and all; "": none */
    char last_modified[HTTP_DATE_SIZE];
    char content_type[HTTP_TYPE_SIZE];
};

/* One field of the response, in their order; those that mean nothing here are ignored. The value
   needs no NUL, and may have blanks or a line end around it. */
void http_meta_add(struct http_meta *meta, const char *name, size_t name_len, const char *value,
                   size_t value_len);
/* After 304: what the new response says counts, and what it does not say stays as it was (RFC
   9111 section 3.2). */
void http_meta_update(struct http_meta *meta, const struct http_meta *update);

/* For how many seconds after it was made; -1: it does not say. */
int64_t http_meta_lifetime(const struct http_meta *meta, int64_t received);
/* How old it was when it came (RFC 9111 section 4.2.3). */
int64_t http_meta_age(const struct http_meta *meta, int64_t requested, int64_t received);
/* After how many seconds it may be asked for again (RFC 9110 section 10.2.3), 1 at least; 0: it
   does not say. */
int64_t http_meta_retry_after(const struct http_meta *meta, int64_t received);
/* The media type is this one, whatever its parameters. */
bool http_meta_is_type(const struct http_meta *meta, const char *type);

#endif
