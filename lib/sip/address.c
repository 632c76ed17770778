/* Header values that hold addresses: where in them the URI stands. */
#include "sip/address.h"

#include <string.h>

#include "base/text.h"

/* What is left of the value. */
struct cursor {
    const char *at, *end;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_spaces(struct cursor *cursor)
{
    while (cursor->at < cursor->end && is_space(*cursor->at))
        cursor->at++;
}

/* Behind a quoted-string; false: it does not end. */
static bool skip_quoted(struct cursor *cursor)
{
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '\\')
            cursor->at++;
        else if (*cursor->at == '"')
            break;
    }
    bool ends = cursor->at < cursor->end;
    cursor->at += ends;
    return ends;
}

/* Behind a comment, which may hold comments; false: it does not end. */
static bool skip_comment(struct cursor *cursor)
{
    int depth = 0;

    for (; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '\\')
            cursor->at++;
        else if (*cursor->at == '(')
            depth++;
        else if (*cursor->at == ')' && --depth == 0)
            break;
    }
    bool ends = cursor->at < cursor->end;
    cursor->at += ends;
    return ends;
}

/* A token's character, or an octet of UTF-8: phones put names unquoted. */
static bool is_name(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
           || (c >= 'a' && c <= 'z') || (c != '\0' && strchr("-.!%*_+`'~", c) != NULL);
}

/* Moves to the < behind a display name. False: this is no name-addr, as far as one can tell from
   its beginning; *broken then tells that it is nothing else either. */
static bool find_bracket(struct cursor *cursor, bool *broken)
{
    bool name = false; /* quoted or commented, which no addr-spec by itself begins with */

    *broken = false;
    while (cursor->at < cursor->end && *cursor->at != '<') {
        bool ends = true;
        if (*cursor->at == '"') {
            name = true;
            ends = skip_quoted(cursor);
        } else if (*cursor->at == '(') {
            ends = skip_comment(cursor);
        } else if (is_name(*cursor->at) || is_space(*cursor->at)) {
            cursor->at++;
        } else {
            break;
        }
        if (!ends) {
            *broken = true;
            return false;
        }
    }
    *broken = name && (cursor->at >= cursor->end || *cursor->at != '<');
    return cursor->at < cursor->end && *cursor->at == '<';
}

/* Only header parameters and further values may follow. */
static bool ends_well(struct cursor cursor)
{
    for (skip_spaces(&cursor); cursor.at < cursor.end && *cursor.at == '(';
         skip_spaces(&cursor))
        if (!skip_comment(&cursor))
            return false;
    return cursor.at >= cursor.end || *cursor.at == ';' || *cursor.at == ',';
}

static int in_brackets(struct cursor cursor, const char **uri, size_t *uri_len,
                       struct stir_error *error)
{
    cursor.at++;
    skip_spaces(&cursor);
    const char *start = cursor.at;
    while (cursor.at < cursor.end && *cursor.at != '>') {
        if (*cursor.at == '<' || *cursor.at == '"')
            return error_set(error, STIR_E_SYNTAX, "the URI in <> has a < or a quote in it");
        cursor.at++;
    }
    if (cursor.at >= cursor.end)
        return error_set(error, STIR_E_SYNTAX, "the URI's < has no >");
    const char *end = cursor.at++;
    if (!ends_well(cursor))
        return error_set(error, STIR_E_SYNTAX,
                         "behind the > stands something other than parameters");
    while (end > start && is_space(end[-1]))
        end--;
    *uri = start;
    *uri_len = (size_t)(end - start);
    return 0;
}

/* Where a bare one ends: before a comma (a URI with one must stand in <>, RFC 3261 section 20),
   or before a comment, which behind a URI with a host is no part of a number. */
static const char *bare_end(const char *start, const char *end)
{
    const char *comma = memchr(start, ',', (size_t)(end - start));

    if (comma != NULL)
        end = comma;
    const char *at = memchr(start, '@', (size_t)(end - start));
    const char *comment = at == NULL ? NULL : memmem(at, (size_t)(end - at), " (", 2);
    if (comment != NULL)
        end = comment;
    while (end > start && is_space(end[-1]))
        end--;
    return end;
}

/* A quote or bracket that find_bracket() stopped before belongs to a display name, and so does
   what stands before a comma and is no URI. */
static bool is_bare(const char *start, const char *end, const char *value_end)
{
    size_t len = (size_t)(end - start);
    bool listed = memchr(end, ',', (size_t)(value_end - end)) != NULL;

    return memchr(start, '<', len) == NULL && memchr(start, '"', len) == NULL
           && (!listed || memchr(start, ':', len) != NULL);
}

int address_find(const char *value, size_t len, const char **uri, size_t *uri_len,
                 struct stir_error *error)
{
    struct cursor cursor = {value, value + len};
    bool broken;

    skip_spaces(&cursor);
    const char *start = cursor.at;
    if (find_bracket(&cursor, &broken))
        return in_brackets(cursor, uri, uri_len, error);
    if (broken)
        return error_set(error, STIR_E_SYNTAX,
                         "the display name does not end, or no <URI> follows it");
    const char *end = bare_end(start, value + len);
    if (end == start)
        return error_set(error, STIR_E_SYNTAX, "it is empty");
    if (!is_bare(start, end, value + len))
        return error_set(error, STIR_E_SYNTAX,
                         "the display name has characters that must be quoted");
    *uri = start;
    *uri_len = (size_t)(end - start);
    return 0;
}
