/*
 * A record of the cache's file, as octets:
 *
 *   version (1), SHA-256 of all that follows (32), kind (1), fields said (2), seven times and
 *   numbers (8 each), lengths of tag, date and type (1 each), of URL (2) and body (4), and then
 *   these five. Numbers have their most significant octet first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "fetch/store.h"

enum {
    FORMAT = 1,
    HASHED_FROM = 1 + DIGEST_SHA256_SIZE,
    NUMBERS = 7,
    FIXED = HASHED_FROM + 1 + 2 + NUMBERS * 8 + 3 + 2 + 4
};

/* No time or number is larger: the end of year 9999, as of RFC 3339. */
static const int64_t most_number = 253402300799;

struct writer {
    uint8_t *at;
};

static void write_number(struct writer *writer, uint64_t value, int octets)
{
    while (octets-- > 0)
        *writer->at++ = (uint8_t)(value >> 8 * octets);
}

static void write_octets(struct writer *writer, const void *data, size_t len)
{
    if (len > 0)
        memcpy(writer->at, data, len);
    writer->at += len;
}

static void write_meta(struct writer *writer, const struct store_record *record)
{
    const struct http_meta *meta = &record->meta;
    const int64_t numbers[NUMBERS] = {record->requested, record->received, meta->max_age,
                                      meta->s_maxage,    meta->age,        meta->expires,
                                      meta->date};

    write_number(writer, (uint64_t)record->kind, 1);
    write_number(writer, meta->said, 2);
    for (int i = 0; i < NUMBERS; i++)
        write_number(writer, (uint64_t)numbers[i], 8);
}

void *store_encode(const struct store_record *record, size_t *len)
{
    const struct http_meta *meta = &record->meta;
    const size_t tag = strlen(meta->etag), date = strlen(meta->last_modified),
                 type = strlen(meta->content_type), url = strlen(record->url),
                 body = record->body->len;

    *len = FIXED + tag + date + type + url + body;
    uint8_t *data = url > CACHE_URL_MOST || body > UINT32_MAX ? NULL : malloc(*len);
    if (data == NULL)
        return NULL;
    struct writer writer = {data + HASHED_FROM};
    write_meta(&writer, record);
    write_number(&writer, tag, 1);
    write_number(&writer, date, 1);
    write_number(&writer, type, 1);
    write_number(&writer, url, 2);
    write_number(&writer, body, 4);
    write_octets(&writer, meta->etag, tag);
    write_octets(&writer, meta->last_modified, date);
    write_octets(&writer, meta->content_type, type);
    write_octets(&writer, record->url, url);
    write_octets(&writer, record->body->data, body);
    data[0] = FORMAT;
    if (digest_sha256(data + HASHED_FROM, *len - HASHED_FROM, data + 1) == 0)
        return data;
    free(data);
    return NULL;
}

/* Octets that are read from the front; past the end it is bad, and stays so. */
struct reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

static const uint8_t *read_octets(struct reader *reader, size_t len)
{
    const uint8_t *at = reader->at;

    if (len > reader->left) {
        reader->bad = true;
        return NULL;
    }
    reader->at += len;
    reader->left -= len;
    return at;
}

static uint64_t read_number(struct reader *reader, int octets)
{
    const uint8_t *at = read_octets(reader, (size_t)octets);
    uint64_t value = 0;

    for (int i = 0; at != NULL && i < octets; i++)
        value = value << 8 | at[i];
    return value;
}

static int64_t read_time(struct reader *reader)
{
    uint64_t value = read_number(reader, 8);

    /* A date may be before 1970: Expires of a server that says long ago. */
    int64_t time = (int64_t)value;
    if (time > most_number || time < -most_number)
        reader->bad = true;
    return time;
}

static void read_meta(struct reader *reader, struct store_record *record)
{
    struct http_meta *meta = &record->meta;
    const uint64_t kind = read_number(reader, 1);

    if (kind >= FETCH_KINDS)
        reader->bad = true;
    record->kind = reader->bad ? FETCH_CERTIFICATES : (enum fetch_kind)kind;
    meta->said = (unsigned)read_number(reader, 2);
    if ((meta->said & ~(unsigned)HTTP_SAID) != 0)
        reader->bad = true;
    record->requested = read_time(reader);
    record->received = read_time(reader);
    meta->max_age = read_time(reader);
    meta->s_maxage = read_time(reader);
    meta->age = read_time(reader);
    meta->expires = read_time(reader);
    meta->date = read_time(reader);
    if (record->requested < 0 || record->received < 0 || meta->max_age < 0 || meta->s_maxage < 0
        || meta->age < 0)
        reader->bad = true;
}

/* By the rules for fields of a response: a text that would not be kept of one is no text. */
static void read_text(struct reader *reader, struct http_meta *meta, const char *name,
                      const char *kept, size_t len)
{
    const uint8_t *at = read_octets(reader, len);

    if (at == NULL || len == 0)
        return;
    http_meta_add(meta, name, strlen(name), (const char *)at, len);
    if (strlen(kept) != len)
        reader->bad = true;
}

static char *read_url(struct reader *reader, size_t len)
{
    const uint8_t *at = read_octets(reader, len);

    if (at == NULL || len == 0 || len > CACHE_URL_MOST) {
        reader->bad = true;
        return NULL;
    }
    for (size_t i = 0; i < len; i++)
        if (at[i] <= ' ' || at[i] > '~') {
            reader->bad = true;
            return NULL;
        }
    return text_copy(at, len);
}

static int damaged(struct stir_error *error)
{
    return error_set(error, STIR_E_SYNTAX, "a record of the cache file is damaged");
}

static int check_whole(const uint8_t *data, size_t len, struct stir_error *error)
{
    uint8_t digest[DIGEST_SHA256_SIZE];

    if (len < FIXED || data[0] != FORMAT)
        return damaged(error);
    if (digest_sha256(data + HASHED_FROM, len - HASHED_FROM, digest) < 0)
        return error_no_memory(error);
    return memcmp(digest, data + 1, sizeof digest) == 0 ? 0 : damaged(error);
}

int store_decode(const void *data, size_t len, struct cells *heads, struct store_record *record,
                 char **url, struct stir_error *error)
{
    *record = (struct store_record){0};
    *url = NULL;
    int rc = check_whole(data, len, error);
    if (rc != 0)
        return rc;
    struct reader reader = {(const uint8_t *)data + HASHED_FROM, len - HASHED_FROM, false};
    read_meta(&reader, record);
    const size_t tag = read_number(&reader, 1), date = read_number(&reader, 1),
                 type = read_number(&reader, 1), url_len = read_number(&reader, 2),
                 body_len = read_number(&reader, 4);
    read_text(&reader, &record->meta, "ETag", record->meta.etag, tag);
    read_text(&reader, &record->meta, "Last-Modified", record->meta.last_modified, date);
    read_text(&reader, &record->meta, "Content-Type", record->meta.content_type, type);
    *url = read_url(&reader, url_len);
    if (reader.bad || body_len != reader.left) {
        free(*url);
        *url = NULL;
        return damaged(error);
    }
    record->url = *url;
    record->body = *url == NULL ? NULL : body_new_in(heads, reader.at, body_len);
    if (record->body != NULL)
        return 0;
    free(*url);
    *url = NULL;
    return error_no_memory(error);
}
