/* The answer of the test server that a rule asks for. */
#include "tests/server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *type;
} types[] = {{"pem", "application/pem-certificate-chain"}, {"pkix", "application/pkix-cert"},
             {"html", "text/html; charset=utf-8"},         {"plain", "text/plain"},
             {"octets", "application/octet-stream"},       {"none", "none"},
             {"tnauthlist", "application/tnauthlist"}};

static const char *type_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    return NULL;
}

static bool is(const char *word, const char *name)
{
    return strcmp(word, name) == 0;
}

static long number(const char *value, long otherwise)
{
    return value != NULL ? strtol(value, NULL, 10) : otherwise;
}

/* A directive of Cache-Control. */
static bool add_cache(struct reply *reply, const char *word, const char *value)
{
    static const char *const directives[] = {"max-age", "s-maxage", "no-store", "no-cache",
                                             "private"};
    size_t used = strlen(reply->cache);

    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (!is(word, directives[i]))
            continue;
        snprintf(reply->cache + used, sizeof reply->cache - used, "%s%s%s%s",
                 used > 0 ? ", " : "", word, value != NULL ? "=" : "",
                 value != NULL ? value : "");
        return true;
    }
    return false;
}

static bool add_flag(struct reply *reply, const char *word)
{
    if (is(word, "endless"))
        return reply->endless = true;
    if (is(word, "chunked"))
        return reply->chunked = true;
    if (is(word, "crumbs"))
        return reply->chunked = reply->crumbs = true;
    if (is(word, "reset"))
        return reply->reset = true;
    if (is(word, "close"))
        return reply->closes = true;
    if (is(word, "stuck"))
        return reply->stuck = true;
    if (is(word, "garbage"))
        return reply->garbage = true;
    if (is(word, "gzip-bomb"))
        return reply->bomb = true;
    if (is(word, "leaf") || is(word, "empty"))
        return (reply->body = word) != NULL;
    if (is(word, "html")) {
        reply->type = type_of(word);
        return (reply->body = word) != NULL;
    }
    return false;
}

static bool add_time(struct reply *reply, const char *word, const char *value)
{
    if (is(word, "delay"))
        return (reply->delay = number(value, 1000)) >= 0;
    if (is(word, "slow-headers"))
        return (reply->slow_headers = number(value, 1000)) > 0;
    if (is(word, "slow-body"))
        return (reply->slow_body = number(value, 1000)) > 0;
    return false;
}

static bool add_field(struct reply *reply, const char *word, const char *value)
{
    if (value == NULL)
        return false;
    if (is(word, "status"))
        return (reply->status = (int)number(value, 0)) >= 100;
    if (is(word, "length"))
        return (reply->length = value) != NULL;
    if (is(word, "redirect")) {
        reply->status = 302;
        return (reply->redirect = value) != NULL;
    }
    if (is(word, "type"))
        return (reply->type = type_of(value)) != NULL;
    if (is(word, "huge"))
        return (reply->huge = (size_t)number(value, 0)) > 0;
    if (is(word, "etag"))
        return (reply->etag = value) != NULL;
    if (is(word, "modified"))
        return (reply->modified = number(value, 0)) > 0;
    if (is(word, "expires"))
        return (reply->expires = value) != NULL;
    if (is(word, "age"))
        return (reply->age = value) != NULL;
    if (is(word, "date"))
        return (reply->date = value) != NULL;
    return false;
}

bool reply_parse(struct reply *reply, const char *rule)
{
    struct reply made = {.status = 200, .type = type_of("pem")};
    char *text = made.text = copy(rule, strlen(rule)), *rest = text, *word;

    while ((word = strsep(&rest, ",")) != NULL) {
        char *value = strchr(word, '=');
        if (value != NULL)
            *value++ = '\0';
        if (*word != '\0' && !add_flag(&made, word) && !add_time(&made, word, value)
            && !add_cache(&made, word, value) && !add_field(&made, word, value)) {
            free(text);
            return false;
        }
    }
    free(reply->text);
    *reply = made;
    return true;
}
