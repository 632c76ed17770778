/* The Identity header value (RFC 8224 section 4, errata 6499 and 6519). */
#include "sip/identity_header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "sip/uri.h"

/* The value, and how far it is read. */
struct reader {
    const char *value;
    size_t at, len;
};

/* ---- Characters ------------------------------------------------------------------------ */

/* The next character; -1: the end. */
static int peek(const struct reader *reader)
{
    return reader->at < reader->len ? (unsigned char)reader->value[reader->at] : -1;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t';
}

/* A line fold: CRLF, LF or CR, and a blank behind it. Its length without the blank, or 0. */
static size_t fold(const struct reader *reader)
{
    size_t at = reader->at;

    if (at < reader->len && reader->value[at] == '\r')
        at++;
    if (at < reader->len && reader->value[at] == '\n')
        at++;
    bool blank = at < reader->len && is_blank((unsigned char)reader->value[at]);
    return blank ? at - reader->at : 0;
}

/* SWS: blanks and folds. */
static void skip_spaces(struct reader *reader)
{
    while (is_blank(peek(reader)) || fold(reader) > 0)
        reader->at += is_blank(peek(reader)) ? 1 : fold(reader);
}

static bool is_alphanum(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_token(int c)
{
    return is_alphanum(c) || (c > 0 && strchr("-.!%*_+`'~", c) != NULL);
}

static bool is_digest(int c)
{
    return is_alphanum(c) || (c > 0 && strchr("-_.", c) != NULL);
}

/* An IPv6 reference may be the value of an extension, too (gen-value, RFC 3261). */
static bool is_gen_value(int c)
{
    return is_token(c) || (c > 0 && strchr("[]:", c) != NULL);
}

/* What a URI can hold, and nothing that would end it. */
static bool is_uri(int c)
{
    return c > ' ' && c < 0x7F && strchr("<>\"", c) == NULL;
}

/* The run of such characters. */
static const char *take_run(struct reader *reader, bool (*is)(int), size_t *len)
{
    const char *start = reader->value + reader->at;

    for (*len = 0; is(peek(reader)); ++*len)
        reader->at++;
    return start;
}

/* What stands where the reading stopped, as a sentence has it. */
static int stop(const struct reader *reader, const char *wanted, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (reader->at >= reader->len)
        return error_set(error, STIR_CODE_IDENTITY_SYNTAX,
                         "the Identity value ends where %s is due (RFC 8224 section 4)",
                         wanted);
    return error_set(
        error, STIR_CODE_IDENTITY_SYNTAX,
        "the Identity value has \"%s\" at octet %zu, wanted %s (RFC 8224 section 4)",
        shown(room, reader->value + reader->at, 1), reader->at, wanted);
}

/* ---- Values ---------------------------------------------------------------------------- */

static int keep(char **to, char *text, struct stir_error *error)
{
    *to = text;
    return text != NULL ? 0 : error_no_memory(error);
}

/* A quoted-string's content. */
static int take_quoted(struct reader *reader, char **value, struct stir_error *error)
{
    struct text text = {0};

    for (reader->at++; peek(reader) > 0 && peek(reader) != '"'; reader->at++) {
        if (peek(reader) == '\\')
            reader->at++;
        int c = peek(reader);
        if (c <= 0 || c == '\r' || c == '\n')
            break;
        text_add_octets(&text, (char[]){(char)c}, 1);
    }
    if (peek(reader) != '"') {
        text_free(&text);
        return stop(reader, "the end of a quoted string", error);
    }
    reader->at++;
    return keep(value, text_take(&text), error);
}

/* <uri>. What is absent (info, info=, info=<>) is "", which is not for the syntax to judge. */
static int take_uri(struct reader *reader, bool has_value, char **uri, struct stir_error *error)
{
    size_t len = 0;
    const char *start = "";
    int next = peek(reader);

    if (!has_value || next < 0 || next == ';')
        return keep(uri, text_copy("", 0), error);
    if (next != '<')
        return stop(reader, "the < of info's URI", error);
    reader->at++;
    start = take_run(reader, is_uri, &len);
    if (peek(reader) != '>')
        return stop(reader, "the > of info's URI", error);
    reader->at++;
    return keep(uri, text_copy(start, len), error);
}

/* The token or quoted-string behind the =, with at least one character. */
static int take_word(struct reader *reader, const char *name, char **value,
                     struct stir_error *error)
{
    size_t len;

    if (peek(reader) == '"') {
        int rc = take_quoted(reader, value, error);
        if (rc == 0 && **value == '\0')
            rc = error_set(error, STIR_CODE_IDENTITY_SYNTAX,
                           "the Identity value's %s is empty (RFC 8224 section 4)", name);
        return rc;
    }
    const char *start = take_run(reader, is_token, &len);
    if (len == 0)
        return stop(reader, "a parameter's value", error);
    return keep(value, text_copy(start, len), error);
}

/* An extension's, which nobody asks for. */
static int skip_value(struct reader *reader, struct stir_error *error)
{
    char *ignored = NULL;
    size_t len;
    int rc = 0;

    if (peek(reader) == '"')
        rc = take_quoted(reader, &ignored, error);
    else if (take_run(reader, is_gen_value, &len), len == 0)
        rc = stop(reader, "a parameter's value", error);
    free(ignored);
    return rc;
}

/* ---- Parameters ------------------------------------------------------------------------ */

static bool is_named(const char *start, size_t len, const char *name)
{
    return len == strlen(name) && strncasecmp(start, name, len) == 0;
}

/* Where a known parameter goes; NULL: an extension. */
static char **place_of(struct identity_header *header, const char *start, size_t len,
                       const char **name)
{
    *name = "info";
    if (is_named(start, len, *name))
        return &header->info;
    *name = "alg";
    if (is_named(start, len, *name))
        return &header->alg;
    *name = "ppt";
    return is_named(start, len, *name) ? &header->ppt : NULL;
}

static int take_parameter(struct reader *reader, struct identity_header *header,
                          struct stir_error *error)
{
    const char *name;
    size_t len;

    skip_spaces(reader);
    const char *start = take_run(reader, is_token, &len);
    if (len == 0)
        return stop(reader, "a parameter's name", error);
    char **place = place_of(header, start, len, &name);
    if (place != NULL && *place != NULL)
        return error_set(error, STIR_CODE_IDENTITY_SYNTAX,
                         "the Identity value has parameter %s twice (RFC 8224 section 4)",
                         name);
    skip_spaces(reader);
    bool has_value = peek(reader) == '=';
    if (has_value) {
        reader->at++;
        skip_spaces(reader);
    }
    if (place == &header->info)
        return take_uri(reader, has_value, place, error);
    if (place != NULL)
        return has_value ? take_word(reader, name, place, error)
                         : stop(reader, "the = of a parameter", error);
    return has_value ? skip_value(reader, error) : 0;
}

/* ---- The whole ------------------------------------------------------------------------- */

/* "Identity:" or "y:" (R8224-4-1), where a whole header line was given. */
static void skip_name(struct reader *reader)
{
    const struct reader start = *reader;
    size_t len;
    const char *name = take_run(reader, is_token, &len);

    skip_spaces(reader);
    if (peek(reader) == ':' && (is_named(name, len, "Identity") || is_named(name, len, "y")))
        reader->at++;
    else
        *reader = start;
    skip_spaces(reader);
}

static int take_token(struct reader *reader, struct identity_header *header,
                      struct stir_error *error)
{
    size_t len;
    const char *start = take_run(reader, is_digest, &len);
    int next = peek(reader);

    /* A blank may end the token; a stranger's character in the middle of it may not. */
    if (len == 0 || (next >= 0 && next != ';' && !is_blank(next) && fold(reader) == 0))
        return stop(reader, "the token's letters, digits, - _ and .", error);
    return keep(&header->token, text_copy(start, len), error);
}

static size_t trimmed(const char *value, size_t len)
{
    while (len > 0 && strchr(" \t\r\n", value[len - 1]) != NULL && value[len - 1] != '\0')
        len--;
    return len;
}

int identity_header_parse(const char *value, size_t len, struct identity_header *header,
                          struct stir_error *error)
{
    struct reader reader = {value, 0, trimmed(value, len)};

    *header = (struct identity_header){0};
    if (len > LIMIT_TOKEN + LIMIT_HEADER)
        return error_set(error, STIR_CODE_IDENTITY_SYNTAX,
                         "the Identity value has %zu octets, wanted at most %d", len,
                         LIMIT_TOKEN + LIMIT_HEADER);
    skip_name(&reader);
    int rc = take_token(&reader, header, error);
    while (rc == 0) {
        skip_spaces(&reader);
        if (peek(&reader) < 0)
            break;
        if (peek(&reader) != ';')
            return stop(&reader, "; and a parameter", error);
        reader.at++;
        rc = take_parameter(&reader, header, error);
    }
    return rc;
}

int identity_header_check_info(const struct identity_header *header, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (header->info == NULL || *header->info == '\0')
        return error_set(error, STIR_CODE_INFO_MISSING,
                         "the Identity value has no info parameter with the URI of the "
                         "certificates (RFC 8224 section 4)");
    if (!uri_is_absolute(header->info, strlen(header->info)))
        return error_set(error, STIR_CODE_INFO_MISSING,
                         "info is <%s>, wanted an absolute URI (RFC 8224 section 4)",
                         shown(room, header->info, strlen(header->info)));
    return 0;
}

void identity_header_free(struct identity_header *header)
{
    free(header->token);
    free(header->info);
    free(header->alg);
    free(header->ppt);
    *header = (struct identity_header){0};
}

char *identity_header_write(const char *token, const char *info, const char *ppt)
{
    struct text text = {0};

    text_addf(&text, "%s;info=<%s>;alg=ES256", token, info);
    /* Quoted, as erratum 6519 asks and the field does. */
    if (ppt != NULL && *ppt != '\0')
        text_addf(&text, ";ppt=\"%s\"", ppt);
    return text_take(&text);
}
