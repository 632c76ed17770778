/* Text that grows, and strangers' text made fit to be shown. */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

static bool make_room(struct text *text, size_t more)
{
    if (text->failed || more > SIZE_MAX / 4 || text->len > SIZE_MAX / 4) {
        text->failed = true;
        return false;
    }
    if (text->len + more < text->room)
        return true;
    /* What is copied whole, such as a token or a certificate, takes no more than it is long. */
    size_t room = text->room * 2;
    if (room <= text->len + more)
        room = text->len + more + 1;
    if (room < 64)
        room = 64;
    char *data = realloc(text->data, room);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void text_add_octets(struct text *text, const void *more, size_t len)
{
    if (!make_room(text, len))
        return;
    if (len > 0)
        memcpy(text->data + text->len, more, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_octets(text, more, strlen(more));
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !make_room(text, (size_t)len))
        return;
    va_start(args, format);
    vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
    va_end(args);
    text->len += (size_t)len;
}

void text_add_hex(struct text *text, const void *data, size_t len)
{
    const uint8_t *octets = data;

    for (size_t i = 0; i < len; i++)
        text_addf(text, "%02x", octets[i]);
}

/* The length of the printable UTF-8 character that data begins with; 0: it does not. C0 and C1
   controls, U+2028 and U+2029 are no text of one line; surrogates, overlong forms and what is
   beyond U+10FFFF are no UTF-8; bidirectional controls would let a name rewrite the line. */
static size_t printable(const uint8_t *data, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = data[0];

    if (lead < 0x80)
        return lead >= 0x20 && lead != 0x7F && lead != '\\';
    size_t wanted = lead >= 0xF0 && lead < 0xF8   ? 4
                    : lead >= 0xE0 && lead < 0xF0 ? 3
                    : lead >= 0xC0 && lead < 0xE0 ? 2
                                                  : 0;
    if (wanted == 0 || wanted > len)
        return 0;
    uint32_t point = lead & (0xFFu >> (wanted + 1));
    for (size_t i = 1; i < wanted; i++) {
        if ((data[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (data[i] & 0x3Fu);
    }
    bool bad = point < least[wanted] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)
               || point < 0xA0 || (point >= 0x200B && point <= 0x200F)
               || (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F)
               || point == 0xFEFF || (point & 0xFFFE) == 0xFFFE;
    return bad ? 0 : wanted;
}

/* Writes the shown form of data's first character and returns how many octets it took. */
static size_t show_one(char out[5], const uint8_t *data, size_t len)
{
    size_t taken = printable(data, len);

    if (taken == 0) {
        snprintf(out, 5, "\\x%02X", data[0]);
        return 1;
    }
    memcpy(out, data, taken);
    out[taken] = '\0';
    return taken;
}

void text_add_shown(struct text *text, const void *data, size_t len)
{
    const uint8_t *octets = data;
    char one[5];

    for (size_t i = 0; i < len;) {
        i += show_one(one, octets + i, len - i);
        text_add(text, one);
    }
}

char *text_take(struct text *text)
{
    char *data = NULL;

    if (make_room(text, 0)) {
        text->data[text->len] = '\0';
        data = text->data;
        text->data = NULL;
    }
    text_free(text);
    return data;
}

char *text_copy(const void *data, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : malloc(len + 1);

    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return copy;
}

char *text_shown(const void *data, size_t len)
{
    struct text text = {0};

    text_add_shown(&text, data, len);
    return text_take(&text);
}

const char *shown(char room[SHOWN_SIZE], const void *data, size_t len)
{
    const uint8_t *octets = data;
    size_t used = 0, safe = 0; /* safe: up to where "..." still fits behind */
    char one[5];

    for (size_t i = 0; i < len;) {
        i += show_one(one, octets + i, len - i);
        size_t more = strlen(one);
        if (used + more >= SHOWN_SIZE) {
            strcpy(room + safe, "...");
            return room;
        }
        memcpy(room + used, one, more);
        used += more;
        if (used + 4 <= SHOWN_SIZE)
            safe = used;
    }
    room[used] = '\0';
    return room;
}
