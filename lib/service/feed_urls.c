/* The URLs of a configuration that give lists. */
#include "service/feed_urls.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

void feed_urls_free(struct feed_urls *urls)
{
    for (size_t i = 0; i < urls->n; i++)
        free(urls->list[i].url);
    free(urls->list);
    *urls = (struct feed_urls){0};
}

static int add(struct feed_urls *urls, const struct feed_url *url, struct stir_error *error)
{
    struct feed_url *longer = realloc(urls->list, (urls->n + 1) * sizeof *longer);

    if (longer == NULL)
        return error_no_memory(error);
    urls->list = longer;
    longer[urls->n] = *url;
    longer[urls->n].url = text_copy(url->url, strlen(url->url));
    if (longer[urls->n].url == NULL)
        return error_no_memory(error);
    longer[urls->n++].there = false;
    return 0;
}

int feed_urls_copy(struct feed_urls *to, const struct feed_urls *from)
{
    int rc = 0;

    *to = (struct feed_urls){0};
    for (size_t i = 0; rc == 0 && i < from->n; i++)
        rc = add(to, &from->list[i], NULL);
    return rc;
}

bool feed_urls_is_one(const char *value)
{
    return strncasecmp(value, "https://", 8) == 0;
}

static struct feed_url *find(const struct feed_urls *urls, enum fetch_kind kind,
                             const char *url)
{
    for (size_t i = 0; i < urls->n; i++)
        if (urls->list[i].kind == kind && strcmp(urls->list[i].url, url) == 0)
            return &urls->list[i];
    return NULL;
}

bool feed_urls_have(const struct feed_urls *urls, enum fetch_kind kind, const char *url)
{
    return find(urls, kind, url) != NULL;
}

static int check_limits(const struct feed_urls *urls, enum fetch_kind kind, const char *url,
                        struct stir_error *error)
{
    const size_t most = kind == FETCH_CRL ? LIMIT_CRLS : LIMIT_TRUSTED_LISTS;
    size_t n = 0;

    for (size_t i = 0; i < urls->n; i++)
        n += urls->list[i].kind == kind && !urls->list[i].file;
    if (strlen(url) > LIMIT_URL)
        return error_set(error, STIR_E_ARGUMENT, "%s: a URL of more than %d octets",
                         fetch_kind_name(kind), LIMIT_URL);
    return n < most ? 0
                    : error_set(error, STIR_E_LIMIT, "%s: more than %zu URLs",
                                fetch_kind_name(kind), most);
}

int feed_urls_add(struct feed_urls *urls, enum fetch_kind kind, const char *url,
                  struct stir_error *error)
{
    if (feed_urls_have(urls, kind, url))
        return 0;
    int rc = check_limits(urls, kind, url, error);
    if (rc < 0)
        return rc;
    const struct feed_url one = {.kind = kind, .url = (char *)(uintptr_t)url};
    return add(urls, &one, error);
}

int feed_urls_add_file(struct feed_urls *urls, enum fetch_kind kind, const char *path,
                       const uint8_t stamp[DIGEST_SHA256_SIZE], struct stir_error *error)
{
    struct feed_url *known = find(urls, kind, path);
    struct feed_url one = {.kind = kind, .url = (char *)(uintptr_t)path, .file = true};

    if (known != NULL) {
        memcpy(known->stamp, stamp, sizeof known->stamp);
        return 0;
    }
    memcpy(one.stamp, stamp, sizeof one.stamp);
    return add(urls, &one, error);
}
