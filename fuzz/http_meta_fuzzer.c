/* fetch/http_meta: the fields of a response, a line each; whatever they say, lives and ages are in
   bounds, what is sent back is printable, and taking in the same response again changes nothing. */
#include "fetch/http_meta.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 16 * 1024;

/* Memory of exactly that size, so that a sanitizer sees what is read beyond it. */
static char *exactly(const char *data, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);

    if (copy != NULL)
        memcpy(copy, data, len);
    return copy;
}

/* False: no memory. */
static bool add_line(struct http_meta *meta, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    size_t name_len = colon != NULL ? (size_t)(colon - line) : len;
    size_t value_len = colon != NULL ? len - name_len - 1 : 0;
    char *name = exactly(line, name_len);
    char *value = exactly(colon != NULL ? colon + 1 : line, value_len);
    bool good = name != NULL && value != NULL;

    if (good)
        http_meta_add(meta, name, name_len, value, value_len);
    free(name);
    free(value);
    return good;
}

static bool read_all(struct http_meta *meta, const char *data, size_t len)
{
    while (len > 0) {
        const char *end = memchr(data, '\n', len);
        size_t line = end != NULL ? (size_t)(end - data) + 1 : len;
        if (!add_line(meta, data, line))
            return false;
        data += line;
        len -= line;
    }
    return true;
}

static bool is_printable(const char *text, size_t size)
{
    size_t len = strnlen(text, size);

    for (size_t i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return len < size;
}

static bool is_bounded(int64_t seconds)
{
    return seconds >= 0 && seconds <= INT32_MAX;
}

static void expect_sound(const struct http_meta *meta)
{
    static const int64_t times[] = {INT64_C(-1), 0, INT64_C(1767225600), INT64_C(253402300799)};

    FUZZ_ALWAYS(is_bounded(meta->max_age) && is_bounded(meta->s_maxage)
                && is_bounded(meta->age));
    FUZZ_ALWAYS(is_printable(meta->etag, sizeof meta->etag));
    FUZZ_ALWAYS(is_printable(meta->last_modified, sizeof meta->last_modified));
    FUZZ_ALWAYS(is_printable(meta->content_type, sizeof meta->content_type));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t life = http_meta_lifetime(meta, times[i]);
        FUZZ_ALWAYS(life >= -1);
        FUZZ_ALWAYS(http_meta_age(meta, times[i], times[i] + 5) >= 0);
        if ((meta->said & HTTP_S_MAXAGE) != 0)
            FUZZ_ALWAYS(life == meta->s_maxage);
        else if ((meta->said & HTTP_MAX_AGE) != 0)
            FUZZ_ALWAYS(life == meta->max_age);
    }
    http_meta_is_type(meta, "application/pem-certificate-chain");
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct http_meta meta = {0};

    if (!read_all(&meta, (const char *)data, len))
        return STIR_E_NOMEM;
    struct http_meta again = meta;
    expect_sound(&meta);
    http_meta_update(&again, &meta);
    FUZZ_ALWAYS(again.said == meta.said && again.max_age == meta.max_age
                && again.expires == meta.expires && strcmp(again.etag, meta.etag) == 0);
    return meta.said == 0 && *meta.etag == '\0';
}
