/*
 * The strict reader of JSON (RFC 8259, RFC 8225 section 9): text to jansson's values.
 *
 * The grammar is read here and not by jansson, whose reader (2.14) ignores that the buffer of a
 * token could not grow: it then drops characters, so that a claim is another one than was
 * signed, or reads on behind the buffer. It also calls want of memory a syntax error.
 */
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "base/limits.h"
#include "json/scan.h"
#include "json/value.h"

struct reader {
    const char *text;
    size_t len, at;
    struct stir_error *error;
};

static const char no_syntax[] = "not the syntax of RFC 8259";
static const char too_early[] = "the text ends too early";

static int refuse(const struct reader *reader, const char *problem)
{
    return error_set(reader->error, STIR_CODE_JSON_SYNTAX, "JSON near octet %zu: %s",
                     reader->at, problem);
}

static int refuse_here(const struct reader *reader)
{
    return refuse(reader, reader->at < reader->len ? no_syntax : too_early);
}

/* A value that was made, or that there was no memory for. */
static int made(const struct reader *reader, json_t *value, json_t **json)
{
    *json = value;
    return value == NULL ? error_no_memory(reader->error) : 0;
}

static bool is_at(const struct reader *reader, char c)
{
    return reader->at < reader->len && reader->text[reader->at] == c;
}

static bool take(struct reader *reader, char c)
{
    if (!is_at(reader, c))
        return false;
    reader->at++;
    return true;
}

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->len && memchr(" \t\r\n", reader->text[reader->at], 4) != NULL)
        reader->at++;
}

/* ---- Strings ---- */

/* Four hexadecimal digits; -1: there are none. */
static int32_t read_unit(struct reader *reader)
{
    int32_t unit = 0;

    if (reader->len - reader->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit = memchr(digits, reader->text[reader->at + (size_t)i], 22);
        if (digit == NULL)
            return -1;
        int32_t value = (int32_t)(digit - digits);
        unit = unit << 4 | (value < 16 ? value : value - 6);
    }
    reader->at += 4;
    return unit;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xE0 | c >> 12);
        } else {
            *to++ = (char)(0xF0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (c & 0x3F));
    return to;
}

/* Behind \u: a character of the basic plane, or one of two surrogates (R7515-1b: none alone). */
static int read_unicode(struct reader *reader, char **to)
{
    int32_t unit = read_unit(reader), low = 0;

    if (unit == 0)
        return refuse(reader, "a string holds U+0000");
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return refuse(reader, no_syntax);
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        if (!take(reader, '\\') || !take(reader, 'u') || (low = read_unit(reader)) < 0xDC00
            || low > 0xDFFF)
            return refuse(reader, no_syntax);
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    *to = put_utf8(*to, (uint32_t)unit);
    return 0;
}

static int read_escape(struct reader *reader, char **to)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    if (take(reader, 'u'))
        return read_unicode(reader, to);
    const char *escape = reader->at == reader->len
                             ? NULL
                             : memchr(escapes, reader->text[reader->at], sizeof escapes - 1);
    if (escape == NULL)
        return refuse(reader, no_syntax);
    *(*to)++ = meanings[escape - escapes];
    reader->at++;
    return 0;
}

/* The rest of a string, whose opening quote has been taken, into room that is large enough. */
static int read_characters(struct reader *reader, char *room)
{
    char *to = room;

    while (!take(reader, '"')) {
        int rc = 0;
        if (reader->at == reader->len || (unsigned char)reader->text[reader->at] < 0x20)
            return refuse_here(reader);
        if (take(reader, '\\'))
            rc = read_escape(reader, &to);
        else
            *to++ = reader->text[reader->at++];
        if (rc != 0)
            return rc;
    }
    *to = '\0';
    if (!der_is_utf8((struct der){(const uint8_t *)room, (size_t)(to - room)}))
        return refuse(reader, "no UTF-8");
    return 0;
}

/* No string is longer than it is written. */
static size_t room_for_string(const struct reader *reader)
{
    size_t i = reader->at;

    while (i < reader->len && reader->text[i] != '"')
        i += reader->text[i] == '\\' ? 2 : 1;
    return i - reader->at + 2;
}

/* For free(3), NUL-terminated; it holds no NUL. */
static int read_string(struct reader *reader, char **string)
{
    *string = NULL;
    if (!take(reader, '"'))
        return refuse_here(reader);
    char *room = malloc(room_for_string(reader));
    if (room == NULL)
        return error_no_memory(reader->error);
    int rc = read_characters(reader, room);
    if (rc != 0)
        free(room);
    else
        *string = room;
    return rc;
}

static int read_text(struct reader *reader, json_t **json)
{
    char *string;
    int rc = read_string(reader, &string);

    if (rc == 0)
        rc = made(reader, json_string_nocheck(string), json);
    free(string);
    return rc;
}

/* ---- Numbers ---- */

static bool skip_digits(struct reader *reader)
{
    size_t start = reader->at;

    while (reader->at < reader->len && reader->text[reader->at] >= '0'
           && reader->text[reader->at] <= '9')
        reader->at++;
    return reader->at > start;
}

/* Over a number; false: it is none. */
static bool skip_number(struct reader *reader, bool *is_integer)
{
    *is_integer = true;
    take(reader, '-');
    if (!take(reader, '0') && !skip_digits(reader))
        return false;
    if (take(reader, '.')) {
        *is_integer = false;
        if (!skip_digits(reader))
            return false;
    }
    if (is_at(reader, 'e') || is_at(reader, 'E')) {
        *is_integer = false;
        reader->at++;
        if (!take(reader, '+'))
            take(reader, '-');
        return skip_digits(reader);
    }
    return true;
}

static int read_integer(struct reader *reader, const char *text, size_t len, json_t **json)
{
    bool negative = *text == '-';
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, value = 0;

    for (size_t i = negative; i < len; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > (most - digit) / 10)
            return refuse(reader, "a number is out of range");
        value = value * 10 + digit;
    }
    return made(reader, json_integer((json_int_t)(negative ? 0 - value : value)), json);
}

/* strtod() wants the point that the program's locale has. */
static int read_real(struct reader *reader, const char *text, size_t len, json_t **json)
{
    const char *locale_point = localeconv()->decimal_point, *point = memchr(text, '.', len);
    size_t before = point == NULL ? len : (size_t)(point - text);
    size_t point_len = point == NULL ? 0 : strlen(locale_point);
    size_t after = point == NULL ? 0 : len - before - 1;
    char *copy = malloc(before + point_len + after + 1);

    if (copy == NULL)
        return error_no_memory(reader->error);
    memcpy(copy, text, before);
    if (point != NULL) {
        memcpy(copy + before, locale_point, point_len);
        memcpy(copy + before + point_len, point + 1, after);
    }
    copy[before + point_len + after] = '\0';
    double value = strtod(copy, NULL);
    free(copy);
    return isinf(value) ? refuse(reader, "a number is out of range")
                        : made(reader, json_real(value), json);
}

static int read_number(struct reader *reader, json_t **json)
{
    const char *start = reader->text + reader->at;
    bool is_integer;

    if (!skip_number(reader, &is_integer))
        return refuse(reader, no_syntax);
    size_t len = (size_t)(reader->text + reader->at - start);
    return (is_integer ? read_integer : read_real)(reader, start, len, json);
}

/* ---- Values; how deep they nest has been checked ---- */

static int read_value(struct reader *reader, json_t **json);

static int read_element(struct reader *reader, json_t *array)
{
    json_t *element = NULL;
    int rc = read_value(reader, &element);

    /* It is taken over, also where this fails. */
    if (rc == 0 && json_array_append_new(array, element) != 0)
        return error_no_memory(reader->error);
    return rc;
}

static int read_member_of(struct reader *reader, json_t *object, const char *name)
{
    json_t *member = NULL;

    if (json_object_get(object, name) != NULL)
        return refuse(reader, "a member name occurs twice (RFC 8225 section 9)");
    skip_space(reader);
    if (!take(reader, ':'))
        return refuse_here(reader);
    int rc = read_value(reader, &member);
    if (rc == 0 && json_object_set_new_nocheck(object, name, member) != 0)
        return error_no_memory(reader->error);
    return rc;
}

static int read_member(struct reader *reader, json_t *object)
{
    char *name;

    skip_space(reader);
    int rc = read_string(reader, &name);
    if (rc == 0)
        rc = read_member_of(reader, object, name);
    free(name);
    return rc;
}

/* What stands between the brackets, the first of which has been taken. */
static int read_parts(struct reader *reader, json_t *json, char closing,
                      int (*read_part)(struct reader *, json_t *))
{
    skip_space(reader);
    if (take(reader, closing))
        return 0;
    do {
        int rc = read_part(reader, json);
        if (rc != 0)
            return rc;
        skip_space(reader);
    } while (take(reader, ','));
    return take(reader, closing) ? 0 : refuse_here(reader);
}

static int read_container(struct reader *reader, json_t **json)
{
    bool is_object = reader->text[reader->at++] == '{';
    int rc = made(reader, is_object ? json_object() : json_array(), json);

    if (rc == 0)
        rc = read_parts(reader, *json, is_object ? '}' : ']',
                        is_object ? read_member : read_element);
    if (rc != 0) {
        json_decref(*json);
        *json = NULL;
    }
    return rc;
}

static int read_literal(struct reader *reader, json_t **json)
{
    static const char *const names[] = {"null", "false", "true"};
    json_t *const values[] = {json_null(), json_false(), json_true()};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (reader->len - reader->at >= len
            && memcmp(reader->text + reader->at, names[i], len) == 0) {
            reader->at += len;
            *json = values[i];
            return 0;
        }
    }
    return refuse_here(reader);
}

static int read_value(struct reader *reader, json_t **json)
{
    *json = NULL;
    skip_space(reader);
    if (is_at(reader, '{') || is_at(reader, '['))
        return read_container(reader, json);
    if (is_at(reader, '"'))
        return read_text(reader, json);
    if (is_at(reader, '-')
        || (reader->at < reader->len && reader->text[reader->at] >= '0'
            && reader->text[reader->at] <= '9'))
        return read_number(reader, json);
    return read_literal(reader, json);
}

/* ---- The whole ---- */

static int check_limits(const char *text, size_t len, struct stir_error *error)
{
    size_t at;

    if (scan_depth(text, len, LIMIT_JSON_DEPTH, &at) > LIMIT_JSON_DEPTH)
        return error_set(error, STIR_CODE_JSON_SYNTAX,
                         "JSON at octet %zu: nested more than %d deep (our limit)", at,
                         LIMIT_JSON_DEPTH);
    if (scan_values(text, len) > LIMIT_JSON_VALUES)
        return error_set(error, STIR_CODE_JSON_SYNTAX,
                         "JSON: more than %d values in it (our limit)", LIMIT_JSON_VALUES);
    return 0;
}

int value_load(const char *text, size_t len, struct value **value, struct stir_error *error)
{
    struct reader reader = {text, len, 0, error};
    json_t *json = NULL;

    *value = NULL;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return error_set(error, STIR_CODE_JSON_SYNTAX,
                         "JSON at octet 0: a byte order mark (RFC 8259 section 8.1)");
    int rc = check_limits(text, len, error);
    if (rc == 0)
        rc = read_value(&reader, &json);
    if (rc == 0) {
        skip_space(&reader);
        if (reader.at < len)
            rc = refuse(&reader, "something follows the value");
    }
    if (rc == 0)
        *value = (struct value *)json;
    else
        json_decref(json);
    return rc;
}
