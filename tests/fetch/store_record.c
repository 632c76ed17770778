/* fetch/store: the octets of a record: what was written is read, and nothing else is. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "fetch/store.h"

static const char url[] = "https://a.example/c.pem";

static struct store_record sample(void)
{
    struct store_record record = {
        .kind = FETCH_TNAUTHLIST,
        .url = url,
        .requested = 1800000000,
        .received = 1800000001,
        .meta = {.said = HTTP_MAX_AGE | HTTP_DATE | HTTP_CACHE_CONTROL,
                 .max_age = 60,
                 .expires = -5,
                 .date = 1799999999,
                 .etag = "W/\"a\"",
                 .last_modified = "Sun, 06 Nov 1994 08:49:37 GMT",
                 .content_type = "text/plain"},
    };
    record.body = body_new("body\0of six", 11);
    return record;
}

static int decode(const uint8_t *data, size_t len)
{
    struct store_record record;
    struct stir_error error = {0};
    char *found;
    /* Of exactly that size, so that the sanitizer sees a step too far. */
    uint8_t *copy = malloc(len > 0 ? len : 1);

    memcpy(copy, data, len);
    int rc = store_decode(copy, len, NULL, &record, &found, &error);
    cr_expect_eq(rc == 0, found != NULL);
    if (rc == 0)
        body_free(record.body);
    else
        cr_expect_str_eq(error.text, "a record of the cache file is damaged");
    free(found);
    free(copy);
    return rc;
}

Test(store_record, round_trip)
{
    struct store_record record = sample(), found;
    size_t len;
    uint8_t *data = store_encode(&record, &len);
    char *found_url;

    cr_assert_eq(store_decode(data, len, NULL, &found, &found_url, NULL), 0);
    cr_expect_eq(found.kind, record.kind);
    cr_expect_eq(found.requested, record.requested);
    cr_expect_eq(found.received, record.received);
    cr_expect_arr_eq(&found.meta, &record.meta, sizeof found.meta);
    cr_expect_str_eq(found_url, url);
    cr_expect_eq(found.body->len, 11);
    cr_expect_arr_eq(found.body->data, record.body->data, 11);
    body_free(found.body);
    body_free(record.body);
    free(found_url);
    free(data);
}

/* Any bit that is not as it was, any octet missing or added. */
Test(store_record, damage)
{
    struct store_record record = sample();
    size_t len;
    uint8_t *data = store_encode(&record, &len);

    for (size_t bit = 0; bit < 8 * len; bit++) {
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_expect_eq(decode(data, len), STIR_E_SYNTAX, "bit %zu", bit);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++)
        cr_expect_eq(decode(data, cut), STIR_E_SYNTAX, "cut to %zu", cut);
    data = realloc(data, len + 1);
    data[len] = 0;
    cr_expect_eq(decode(data, len + 1), STIR_E_SYNTAX);
    body_free(record.body);
    free(data);
}

/* Where what is kept begins: see store_record.c. */
enum { KIND = 33, SAID = 34, NUMBERS = 36, TAG = 92, DATE, TYPE, URL, BODY = 97, TEXTS = 101 };

static const struct {
    const char *desc;
    size_t at;
    uint8_t value;
    int rc;
} forgeries[] = {
    {"as it is", KIND, FETCH_TNAUTHLIST, 0},
    {"another kind", KIND, FETCH_CERTIFICATES, 0},
    {"no kind there is", KIND, FETCH_KINDS, STIR_E_SYNTAX},
    {"a field that is none", SAID, 2, STIR_E_SYNTAX},
    {"requested below 0", NUMBERS, 0x80, STIR_E_SYNTAX},
    {"requested after year 9999", NUMBERS + 2, 1, STIR_E_SYNTAX},
    {"received below 0", NUMBERS + 8, 0xff, STIR_E_SYNTAX},
    {"max-age below 0", NUMBERS + 16, 0xff, STIR_E_SYNTAX},
    {"age below 0", NUMBERS + 32, 0xff, STIR_E_SYNTAX},
    {"Expires long ago", NUMBERS + 47, 7, 0},
    {"a tag that is shorter", TAG, 4, STIR_E_SYNTAX},
    {"a tag of no length, the rest slid", TAG, 0, STIR_E_SYNTAX},
    {"a URL that is longer", URL + 1, sizeof url, STIR_E_SYNTAX},
    {"a URL of 64 KiB", URL, 0xff, STIR_E_SYNTAX},
    {"a body that is longer", BODY + 3, 12, STIR_E_SYNTAX},
    {"a body of 4 GiB", BODY, 0xff, STIR_E_SYNTAX},
    {"a tag without its quote", TEXTS + 2, 'a', STIR_E_SYNTAX},
    {"a tag with an end of line", TEXTS + 3, '\n', STIR_E_SYNTAX},
    {"a date that is none", TEXTS + 5, 'X', STIR_E_SYNTAX},
    {"a type of other octets", TEXTS + 34, 0xe4, STIR_E_SYNTAX},
    {"a URL with a blank", TEXTS + 44, ' ', STIR_E_SYNTAX},
    {"a URL with a NUL", TEXTS + 50, 0, STIR_E_SYNTAX},
};

/* With its digest made good: a record need not come from us. */
Test(store_record, forgery)
{
    struct store_record record = sample();
    size_t len;

    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        uint8_t *data = store_encode(&record, &len);
        data[forgeries[i].at] = forgeries[i].value;
        digest_sha256(data + KIND, len - KIND, data + 1);
        int rc = decode(data, len);
        cr_expect_eq(rc, forgeries[i].rc, "%s: %d", forgeries[i].desc, rc);
        free(data);
    }
    body_free(record.body);
}

Test(store_record, empty_and_long)
{
    struct store_record record = sample();
    char text[CACHE_URL_MOST + 2];
    size_t len;

    body_free(record.body);
    record.body = body_new(NULL, 0);
    record.meta = (struct http_meta){0};
    memset(text, 'a', sizeof text);
    text[CACHE_URL_MOST] = '\0';
    record.url = text;
    uint8_t *data = store_encode(&record, &len);
    cr_expect_eq(decode(data, len), 0);
    free(data);
    text[CACHE_URL_MOST] = 'a';
    text[CACHE_URL_MOST + 1] = '\0';
    cr_expect_null(store_encode(&record, &len), "longer than what the cache keeps");
    body_free(record.body);
}
