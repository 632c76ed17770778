/* fetch/http_meta: what fields of a response say about its use (R9111-1). */
#include <criterion/criterion.h>
#include <string.h>

#include "fetch/http_meta.h"

/* 784111777 is Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 section 5.6.7). */
enum { MADE = 784111777 };
#define MADE_TEXT "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"

/* "Name: value" a line. */
static struct http_meta read_fields(const char *lines)
{
    struct http_meta meta = {0};

    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n"), name = strcspn(lines, ":");
        http_meta_add(&meta, lines, name, lines + name + 1, len - name - 1);
        lines += len + (lines[len] == '\n');
    }
    return meta;
}

static const struct {
    const char *desc, *fields;
    int64_t lifetime;
    unsigned said; /* of NO_STORE, NO_CACHE, MUST_REVALIDATE */
} lifetimes[] = {
    {"R9111-1: nothing said", "Server: x\n", -1, 0},
    {"max-age", "Cache-Control: max-age=60\n", 60, 0},
    {"any case, blanks", "cache-CONTROL: \t Public ,  Max-Age = 60 \r\n", 60, 0},
    {"a quoted number", "Cache-Control: max-age=\"60\"\n", 60, 0},
    {"R9111-1: s-maxage beats max-age, the cache being shared",
     "Cache-Control: max-age=60, s-maxage=90\n", 90, 0},
    {"R9111-1: max-age beats Expires",
     MADE_TEXT "Expires: Sun, 06 Nov 1994 09:49:37 GMT\nCache-Control: max-age=60\n", 60, 0},
    {"Expires less Date", MADE_TEXT "Expires: Sun, 06 Nov 1994 09:49:37 GMT\n", 3600, 0},
    {"Expires without Date", "Expires: Sun, 06 Nov 1994 08:50:37 GMT\n", 50, 0},
    {"Expires before Date", MADE_TEXT "Expires: Sun, 06 Nov 1994 07:49:37 GMT\n", 0, 0},
    {"Expires that is no date is long ago", MADE_TEXT "Expires: 0\n", 0, 0},
    {"Expires of the old form", MADE_TEXT "Expires: Sunday, 06-Nov-94 09:49:37 GMT\n", 3600, 0},
    {"max-age that is no number is 0", "Cache-Control: max-age=1h\n", 0, 0},
    {"max-age below 0", "Cache-Control: max-age=-5\n", 0, 0},
    {"max-age without a value", "Cache-Control: max-age\n", 0, 0},
    {"max-age of 30 digits is the most",
     "Cache-Control: max-age=999999999999999999999999999999\n", INT32_MAX, 0},
    {"said twice, the shorter counts", "Cache-Control: max-age=60\nCache-Control: max-age=30\n",
     30, 0},
    {"said twice, the shorter first", "Cache-Control: max-age=30, max-age=60\n", 30, 0},
    {"another directive's name", "Cache-Control: xmax-age=60\n", -1, 0},
    {"a comma in a quotation", "Cache-Control: ext=\"a, max-age=60\", max-age=30\n", 30, 0},
    {"an escaped quote in a quotation", "Cache-Control: ext=\"\\\", max-age=60\"\n", -1, 0},
    {"a quotation without end", "Cache-Control: ext=\"a, max-age=60\n", -1, 0},
    {"R9111-1: no-store", "Cache-Control: no-store\n", -1, HTTP_NO_STORE},
    {"private is no-store to a shared cache", "Cache-Control: private, max-age=60\n", 60,
     HTTP_NO_STORE},
    {"private of one field", "Cache-Control: private=\"set-cookie\"\n", -1, HTTP_NO_STORE},
    {"R9111-1: no-cache", "Cache-Control: no-cache\n", -1, HTTP_NO_CACHE},
    {"must-revalidate", "Cache-Control: max-age=60, must-revalidate\n", 60,
     HTTP_MUST_REVALIDATE},
    {"proxy-revalidate", "Cache-Control: proxy-revalidate\n", -1, HTTP_MUST_REVALIDATE},
    {"empty directives", "Cache-Control: ,, ,max-age=60,\n", 60, 0},
    {"empty", "Cache-Control:\n", -1, 0},
};

Test(http_meta, lifetime)
{
    const unsigned of = HTTP_NO_STORE | HTTP_NO_CACHE | HTTP_MUST_REVALIDATE;

    for (size_t i = 0; i < sizeof lifetimes / sizeof *lifetimes; i++) {
        struct http_meta meta = read_fields(lifetimes[i].fields);
        int64_t found = http_meta_lifetime(&meta, MADE + 10);
        cr_expect_eq(found, lifetimes[i].lifetime, "%s: %lld", lifetimes[i].desc,
                     (long long)found);
        cr_expect_eq(meta.said & of, lifetimes[i].said, "%s: said %x", lifetimes[i].desc,
                     meta.said);
    }
}

static const struct {
    const char *desc, *fields;
    int64_t requested, received, age;
} ages[] = {
    {"nothing said, at once", "", MADE, MADE, 0},
    {"the time it took counts", "", MADE, MADE + 3, 3},
    {"R9111-1: Age counts", "Age: 100\n", MADE, MADE, 100},
    {"Age and the time it took", "Age: 100\n", MADE, MADE + 3, 103},
    {"Date tells it to be older than Age", MADE_TEXT "Age: 100\n", MADE + 500, MADE + 500, 500},
    {"Date tells it to be younger than Age", MADE_TEXT "Age: 900\n", MADE + 500, MADE + 500,
     900},
    {"a Date to come is no age", MADE_TEXT, MADE - 500, MADE - 500, 0},
    {"a clock that was set back", "", MADE, MADE - 50, 0},
    {"a Date that is none", "Date: yesterday\n", MADE, MADE, 0},
    {"Age that is no number", "Age: old\n", MADE, MADE, 0},
    {"the first Age", "Age: 7\nAge: 900\n", MADE, MADE, 7},
};

Test(http_meta, age)
{
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        struct http_meta meta = read_fields(ages[i].fields);
        int64_t found = http_meta_age(&meta, ages[i].requested, ages[i].received);
        cr_expect_eq(found, ages[i].age, "%s: %lld", ages[i].desc, (long long)found);
    }
}

static const struct {
    const char *desc, *fields;
    int64_t seconds;
} retries[] = {
    {"not said", MADE_TEXT, 0},
    {"seconds", "Retry-After: 120\n", 120},
    {"none", "Retry-After: 0\n", 1},
    {"many", "Retry-After: 999999999999999999999999999999\n", INT32_MAX},
    {"no number", "Retry-After: 2m\n", 0},
    {"below 0", "Retry-After: -1\n", 0},
    {"nothing", "Retry-After: \n", 0},
    {"a date, by the response's own", MADE_TEXT "Retry-After: Sun, 06 Nov 1994 08:51:37 GMT\n",
     120},
    {"a date, by ours", "Retry-After: Sun, 06 Nov 1994 08:51:37 GMT\n", 110},
    {"a date that is past", MADE_TEXT "Retry-After: Sun, 06 Nov 1994 08:48:37 GMT\n", 1},
    {"the first that is one counts", "Retry-After: soon\nRetry-After: 5\nRetry-After: 6\n", 5},
};

/* RFC 9110 section 10.2.3. */
Test(http_meta, retry_after)
{
    for (size_t i = 0; i < sizeof retries / sizeof *retries; i++) {
        struct http_meta meta = read_fields(retries[i].fields);
        int64_t found = http_meta_retry_after(&meta, MADE + 10);
        cr_expect_eq(found, retries[i].seconds, "%s: %lld", retries[i].desc, (long long)found);
        cr_expect_eq(meta.said & ~(unsigned)HTTP_DATE, 0, "%s: a record would keep it",
                     retries[i].desc);
    }
}

static const struct {
    const char *desc, *fields, *etag, *last_modified, *content_type;
} texts[] = {
    {"all three",
     "ETag: \"a1\"\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Type: text/html\n",
     "\"a1\"", "Sun, 06 Nov 1994 08:49:37 GMT", "text/html"},
    {"a weak tag", "ETag: W/\"a1\"\n", "W/\"a1\"", "", ""},
    {"a tag without quotes", "ETag: a1\n", "", "", ""},
    {"a tag of one quote", "ETag: \"\n", "", "", ""},
    {"a tag with a quote inside", "ETag: \"a\"1\"\n", "", "", ""},
    {"a tag that would end the line it is sent back in", "ETag: \"a\rX: 1\"\n", "", "", ""},
    {"a tag of other octets", "ETag: \"\xc3\xa4\"\n", "", "", ""},
    {"the first tag counts", "ETag: \"a1\"\nETag: \"a2\"\n", "\"a1\"", "", ""},
    {"a date that is none", "Last-Modified: yesterday\n", "", "", ""},
};

Test(http_meta, texts)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct http_meta meta = read_fields(texts[i].fields);
        cr_expect_str_eq(meta.etag, texts[i].etag, "%s", texts[i].desc);
        cr_expect_str_eq(meta.last_modified, texts[i].last_modified, "%s", texts[i].desc);
        cr_expect_str_eq(meta.content_type, texts[i].content_type, "%s", texts[i].desc);
    }
}

/* The longest that fits, and one octet more, which is left out and not cut. */
Test(http_meta, long_tag)
{
    char tag[HTTP_ETAG_SIZE + 1];

    for (size_t len = HTTP_ETAG_SIZE - 1; len <= HTTP_ETAG_SIZE; len++) {
        struct http_meta meta = {0};
        memset(tag, 'a', sizeof tag);
        tag[0] = tag[len - 1] = '"';
        http_meta_add(&meta, "etag", 4, tag, len);
        cr_expect_eq(strlen(meta.etag), len < HTTP_ETAG_SIZE ? len : 0);
    }
}

/* R9111-1: what 304 says counts, what it does not say stays. */
Test(http_meta, update)
{
    struct http_meta meta =
        read_fields(MADE_TEXT "Age: 50\nCache-Control: max-age=60, no-cache\nETag: \"a\"\n"
                              "Content-Type: text/plain\n");
    struct http_meta silent = {0},
                     other = read_fields("Cache-Control: max-age=90\nETag: \"b\"\n");

    http_meta_update(&meta, &silent);
    cr_expect_eq(http_meta_lifetime(&meta, MADE), 60);
    cr_expect_eq(meta.said & HTTP_NO_CACHE, HTTP_NO_CACHE);
    cr_expect_eq(http_meta_age(&meta, MADE + 900, MADE + 900), 0, "an age of the old response");
    http_meta_update(&meta, &other);
    cr_expect_eq(http_meta_lifetime(&meta, MADE), 90);
    cr_expect_eq(meta.said & HTTP_NO_CACHE, 0);
    cr_expect_str_eq(meta.etag, "\"b\"");
    cr_expect_str_eq(meta.content_type, "text/plain");
}

Test(http_meta, type)
{
    struct http_meta meta =
        read_fields("Content-Type: application/PEM-certificate-chain; charset=utf-8\n");

    cr_expect(http_meta_is_type(&meta, "application/pem-certificate-chain"));
    cr_expect_not(http_meta_is_type(&meta, "application/pem-certificate"));
    cr_expect_not(http_meta_is_type(&(struct http_meta){0}, "text/html"));
}
