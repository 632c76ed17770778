/* JWS compact serialisation (RFC 7515): three segments of base64url, the last of 64 octets. */
#include "token/jws.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "base/limits.h"
#include "base/text.h"

/* A segment as it stands in the token. */
struct segment {
    const char *name, *text;
    size_t len;
};

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* 0, or -1: not exactly two dots. */
static int split(const char *token, size_t len, struct segment segments[3])
{
    static const char *const names[] = {"header", "payload", "signature"};
    const char *end = token + len;

    for (size_t i = 0; i < 3; i++) {
        const char *dot = memchr(token, '.', (size_t)(end - token));
        if ((dot == NULL) != (i == 2))
            return -1;
        const char *stop = dot == NULL ? end : dot;
        segments[i] = (struct segment){names[i], token, (size_t)(stop - token)};
        token = dot == NULL ? end : dot + 1;
    }
    return 0;
}

static int refuse_segment(const struct segment *segment, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    for (size_t i = 0; i < segment->len; i++)
        if (segment->text[i] == '\0' || strchr(alphabet, segment->text[i]) == NULL)
            return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                             "token: \"%s\" at offset %zu of its %s is not of the base64url "
                             "alphabet (RFC 7515 section 2)",
                             shown(room, segment->text + i, 1), i, segment->name);
    return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                     "token: its %s of %zu characters does not end on a whole octet, with zero "
                     "bits behind (RFC 4648 section 3.5)",
                     segment->name, segment->len);
}

static int decode_text(const struct segment *segment, char **text, size_t *len,
                       struct stir_error *error)
{
    *len = base64url_decoded_size(segment->len);
    *text = malloc(*len + 1);
    if (*text == NULL)
        return error_no_memory(error);
    (*text)[*len] = '\0';
    if (base64url_decode(segment->text, segment->len, (uint8_t *)*text) == 0)
        return 0;
    return refuse_segment(segment, error);
}

/* R7515-3: r and s of 32 octets each. What DER would make of them is longer, or shorter. */
static int decode_signature(const struct segment *segment, uint8_t signature[64],
                            struct stir_error *error)
{
    size_t len = base64url_decoded_size(segment->len);

    if (len != 64)
        return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                         "token: its signature has %zu octets, not 64 (RFC 7518 section 3.4)",
                         len);
    if (base64url_decode(segment->text, segment->len, signature) == 0)
        return 0;
    return refuse_segment(segment, error);
}

/* R8225-7-1: in the compact form both are empty; one alone is no token. */
static int decode_signed(const struct segment segments[3], struct jws *jws,
                         struct stir_error *error)
{
    jws->compact = segments[0].len == 0 && segments[1].len == 0;
    if (jws->compact)
        return 0;
    for (size_t i = 0; i < 2; i++)
        if (segments[i].len == 0)
            return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                             "token: its %s is empty (RFC 7515 section 3.1)", segments[i].name);
    int rc = decode_text(&segments[0], &jws->header, &jws->header_len, error);
    return rc != 0 ? rc : decode_text(&segments[1], &jws->payload, &jws->payload_len, error);
}

static int parse(const char *token, size_t len, size_t limit, struct jws *jws,
                 struct stir_error *error)
{
    struct segment segments[3];

    if (len > limit)
        return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                         "token: %zu characters, more than %zu (our limit)", len, limit);
    if (split(token, len, segments) != 0)
        return error_set(error, STIR_CODE_TOKEN_SYNTAX,
                         "token: not three segments with a dot between (RFC 7515 section 3.1)");
    int rc = decode_signature(&segments[2], jws->signature, error);
    if (rc == 0)
        rc = decode_signed(segments, jws, error);
    if (rc != 0)
        return rc;
    jws->signing_len = (size_t)(segments[2].text - token) - 1;
    jws->token = text_copy(token, len);
    return jws->token == NULL ? error_no_memory(error) : 0;
}

int jws_parse(const char *token, size_t len, struct jws *jws, struct stir_error *error)
{
    return jws_parse_long(token, len, LIMIT_TOKEN, jws, error);
}

int jws_parse_long(const char *token, size_t len, size_t limit, struct jws *jws,
                   struct stir_error *error)
{
    *jws = (struct jws){0};
    int rc = parse(token, len, limit, jws, error);
    if (rc != 0)
        jws_free(jws);
    return rc;
}

int jws_rebuild(struct jws *jws, const char *header, const char *payload)
{
    char *input = jws_signing_input(header, payload);
    char *token = input == NULL ? NULL : jws_write(input, jws->signature, false);
    char *header_copy = text_copy(header, strlen(header));
    char *payload_copy = text_copy(payload, strlen(payload));
    int rc = STIR_E_NOMEM;

    if (token == NULL || header_copy == NULL || payload_copy == NULL)
        goto out;
    free(jws->token);
    free(jws->header);
    free(jws->payload);
    jws->token = token;
    jws->signing_len = strlen(input);
    jws->header = header_copy;
    jws->header_len = strlen(header);
    jws->payload = payload_copy;
    jws->payload_len = strlen(payload);
    token = header_copy = payload_copy = NULL;
    rc = 0;
out:
    free(input);
    free(token);
    free(header_copy);
    free(payload_copy);
    return rc;
}

void jws_free(struct jws *jws)
{
    free(jws->token);
    free(jws->header);
    free(jws->payload);
    *jws = (struct jws){0};
}

static char *join(const char *before, const char *after)
{
    struct text text = {0};

    if (before == NULL || after == NULL)
        return NULL;
    text_add(&text, before);
    text_add(&text, ".");
    text_add(&text, after);
    return text_take(&text);
}

char *jws_write(const char *signing_input, const uint8_t signature[64], bool compact)
{
    char *encoded = base64url_encode(signature, 64);
    char *token = join(compact ? "." : signing_input, encoded);

    free(encoded);
    return token;
}

char *jws_signing_input(const char *header, const char *payload)
{
    char *first = base64url_encode(header, strlen(header));
    char *second = base64url_encode(payload, strlen(payload));
    char *input = join(first, second);

    free(first);
    free(second);
    return input;
}
