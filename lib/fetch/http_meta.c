/* Fields of a response: what they say about its use is kept, the rest is left out. */
#include "fetch/http_meta.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"

/* No life or age is longer (RFC 9111 section 1.2.2). */
static const int64_t most_seconds = INT32_MAX;

/* Text that is read from its front. */
struct span {
    const char *data;
    size_t len;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim(struct span span)
{
    while (span.len > 0 && is_blank(span.data[0]))
        span = (struct span){span.data + 1, span.len - 1};
    while (span.len > 0 && is_blank(span.data[span.len - 1]))
        span.len--;
    return span;
}

static bool is_name(struct span span, const char *name)
{
    return span.len == strlen(name) && strncasecmp(span.data, name, span.len) == 0;
}

/* Digits alone; anything else is 0, which is to say stale. */
static int64_t seconds(struct span span)
{
    int64_t value = 0;

    for (size_t i = 0; i < span.len; i++) {
        if (span.data[i] < '0' || span.data[i] > '9')
            return 0;
        value = value * 10 + (span.data[i] - '0');
        if (value > most_seconds)
            value = most_seconds;
    }
    return value;
}

/* Cuts off what stands before the next comma that no quotation holds. */
static struct span cut(struct span *rest)
{
    size_t i = 0;
    bool quoted = false;

    while (i < rest->len && (quoted || rest->data[i] != ',')) {
        if (rest->data[i] == '"')
            quoted = !quoted;
        else if (quoted && rest->data[i] == '\\' && i + 1 < rest->len)
            i++;
        i++;
    }
    struct span item = {rest->data, i};
    size_t gone = i < rest->len ? i + 1 : i;
    *rest = (struct span){rest->data + gone, rest->len - gone};
    return trim(item);
}

static struct span unquoted(struct span span)
{
    if (span.len >= 2 && span.data[0] == '"' && span.data[span.len - 1] == '"')
        return (struct span){span.data + 1, span.len - 2};
    return span;
}

/* Said twice, the shorter counts. */
static void set_seconds(struct http_meta *meta, unsigned field, int64_t *value,
                        struct span argument)
{
    int64_t found = seconds(unquoted(argument));

    if ((meta->said & field) == 0 || found < *value)
        *value = found;
    meta->said |= field;
}

static void add_directive(struct http_meta *meta, struct span item)
{
    const char *equals = memchr(item.data, '=', item.len);
    size_t len = equals == NULL ? item.len : (size_t)(equals - item.data);
    struct span name = trim((struct span){item.data, len}), argument = {"", 0};

    if (equals != NULL)
        argument = trim((struct span){equals + 1, item.len - len - 1});
    if (is_name(name, "max-age"))
        set_seconds(meta, HTTP_MAX_AGE, &meta->max_age, argument);
    else if (is_name(name, "s-maxage"))
        set_seconds(meta, HTTP_S_MAXAGE, &meta->s_maxage, argument);
    else if (is_name(name, "no-store") || is_name(name, "private"))
        meta->said |= HTTP_NO_STORE;
    else if (is_name(name, "no-cache"))
        meta->said |= HTTP_NO_CACHE;
    else if (is_name(name, "must-revalidate") || is_name(name, "proxy-revalidate"))
        meta->said |= HTTP_MUST_REVALIDATE;
}

static void add_cache_control(struct http_meta *meta, struct span value)
{
    meta->said |= HTTP_CACHE_CONTROL;
    while (value.len > 0) {
        struct span item = cut(&value);
        if (item.len > 0)
            add_directive(meta, item);
    }
}

/* The first of its name counts. One that is no date is long gone (RFC 9111 section 5.3). */
static void add_date(struct http_meta *meta, unsigned field, int64_t *date, struct span value)
{
    if ((meta->said & field) != 0)
        return;
    bool good = clock_parse_http_date(value.data, value.len, date) == 0;
    if (!good)
        *date = 0;
    if (good || field == HTTP_EXPIRES)
        meta->said |= field;
}

static void add_expires(struct http_meta *meta, struct span value)
{
    add_date(meta, HTTP_EXPIRES, &meta->expires, value);
}

static void add_the_date(struct http_meta *meta, struct span value)
{
    add_date(meta, HTTP_DATE, &meta->date, value);
}

static void add_age(struct http_meta *meta, struct span value)
{
    if ((meta->said & HTTP_AGE) != 0)
        return;
    meta->said |= HTTP_AGE;
    meta->age = seconds(value);
}

/* Printable ASCII that fits, or nothing: it is sent back and shown. */
static void keep(char *room, size_t size, struct span value)
{
    if (room[0] != '\0' || value.len >= size)
        return;
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] < ' ' || value.data[i] > '~')
            return;
    memcpy(room, value.data, value.len);
    room[value.len] = '\0';
}

/* RFC 9110 section 8.8.3: quoted, perhaps weak. */
static void add_etag(struct http_meta *meta, struct span value)
{
    struct span opaque = value;

    if (opaque.len > 2 && memcmp(opaque.data, "W/", 2) == 0)
        opaque = (struct span){value.data + 2, value.len - 2};
    if (opaque.len < 2 || opaque.data[0] != '"' || opaque.data[opaque.len - 1] != '"'
        || memchr(opaque.data + 1, '"', opaque.len - 2) != NULL)
        return;
    keep(meta->etag, sizeof meta->etag, value);
}

static void add_last_modified(struct http_meta *meta, struct span value)
{
    int64_t date;

    if (clock_parse_http_date(value.data, value.len, &date) == 0)
        keep(meta->last_modified, sizeof meta->last_modified, value);
}

static void add_content_type(struct http_meta *meta, struct span value)
{
    keep(meta->content_type, sizeof meta->content_type, value);
}

/* The first that is seconds or a date counts. */
static void add_retry_after(struct http_meta *meta, struct span value)
{
    size_t n = 0;

    if (meta->retry_in != 0 || meta->retry_at != 0)
        return;
    while (n < value.len && value.data[n] >= '0' && value.data[n] <= '9')
        n++;
    if (n > 0 && n == value.len)
        meta->retry_in = seconds(value) > 0 ? seconds(value) : 1;
    else if (clock_parse_http_date(value.data, value.len, &meta->retry_at) != 0)
        meta->retry_at = 0;
}

static const struct field {
    const char *name;
    void (*add)(struct http_meta *meta, struct span value);
} fields[] = {
    {"Cache-Control", add_cache_control},
    {"Expires", add_expires},
    {"Date", add_the_date},
    {"Age", add_age},
    {"ETag", add_etag},
    {"Last-Modified", add_last_modified},
    {"Content-Type", add_content_type},
    {"Retry-After", add_retry_after},
};

void http_meta_add(struct http_meta *meta, const char *name, size_t name_len, const char *value,
                   size_t value_len)
{
    struct span which = {name, name_len};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (is_name(which, fields[i].name)) {
            fields[i].add(meta, trim((struct span){value, value_len}));
            return;
        }
}

enum {
    CONTROL = HTTP_CACHE_CONTROL | HTTP_MAX_AGE | HTTP_S_MAXAGE | HTTP_NO_STORE | HTTP_NO_CACHE
              | HTTP_MUST_REVALIDATE
};

void http_meta_update(struct http_meta *meta, const struct http_meta *update)
{
    if ((update->said & HTTP_CACHE_CONTROL) != 0) {
        meta->said = (meta->said & ~(unsigned)CONTROL) | (update->said & CONTROL);
        meta->max_age = update->max_age;
        meta->s_maxage = update->s_maxage;
    }
    if ((update->said & HTTP_EXPIRES) != 0) {
        meta->said |= HTTP_EXPIRES;
        meta->expires = update->expires;
    }
    /* These two are the new response's own: what the old one said of its age is past. */
    meta->said = (meta->said & ~(unsigned)(HTTP_AGE | HTTP_DATE))
                 | (update->said & (HTTP_AGE | HTTP_DATE));
    meta->age = update->age;
    meta->date = update->date;
    if (update->etag[0] != '\0')
        memcpy(meta->etag, update->etag, sizeof meta->etag);
    if (update->last_modified[0] != '\0')
        memcpy(meta->last_modified, update->last_modified, sizeof meta->last_modified);
}

int64_t http_meta_lifetime(const struct http_meta *meta, int64_t received)
{
    if ((meta->said & HTTP_S_MAXAGE) != 0)
        return meta->s_maxage;
    if ((meta->said & HTTP_MAX_AGE) != 0)
        return meta->max_age;
    if ((meta->said & HTTP_EXPIRES) == 0)
        return -1;
    int64_t made = (meta->said & HTTP_DATE) != 0 ? meta->date : received;
    return meta->expires > made ? meta->expires - made : 0;
}

int64_t http_meta_age(const struct http_meta *meta, int64_t requested, int64_t received)
{
    int64_t delay = received > requested ? received - requested : 0;
    int64_t corrected = ((meta->said & HTTP_AGE) != 0 ? meta->age : 0) + delay;
    int64_t apparent = (meta->said & HTTP_DATE) != 0 ? received - meta->date : 0;

    return apparent > corrected ? apparent : corrected;
}

int64_t http_meta_retry_after(const struct http_meta *meta, int64_t received)
{
    const int64_t made = (meta->said & HTTP_DATE) != 0 ? meta->date : received;

    if (meta->retry_at == 0)
        return meta->retry_in;
    return meta->retry_at > made ? meta->retry_at - made : 1;
}

bool http_meta_is_type(const struct http_meta *meta, const char *type)
{
    size_t len = strcspn(meta->content_type, "; \t");

    return is_name((struct span){meta->content_type, len}, type);
}
