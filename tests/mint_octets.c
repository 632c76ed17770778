/* Octets that grow, DER into them, memory until exit. */
#include "tests/mint_octets.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    struct kept *next;
    uint8_t data[];
};
static struct kept *all_kept;

void *keep(size_t size)
{
    struct kept *kept = calloc(1, sizeof *kept + size);

    if (kept == NULL)
        abort();
    kept->next = all_kept;
    all_kept = kept;
    return kept->data;
}

char *keep_text(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = keep((size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void put(struct octets *to, const void *data, size_t len)
{
    if (to->len + len > to->room) {
        to->room = 2 * (to->len + len) + 16;
        uint8_t *grown = keep(to->room);
        if (to->len > 0)
            memcpy(grown, to->data, to->len);
        to->data = grown;
    }
    if (len > 0)
        memcpy(to->data + to->len, data, len);
    to->len += len;
}

void put_hex(struct octets *to, const char *hex)
{
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += hex[0] == ' ' ? 1 : 2) {
        if (hex[0] == ' ')
            continue;
        uint8_t octet = (uint8_t)strtoul((char[]){hex[0], hex[1], '\0'}, NULL, 16);
        put(to, &octet, 1);
    }
}

void put_der(struct octets *to, uint8_t tag, const void *content, size_t len)
{
    uint8_t head[6] = {tag, (uint8_t)len};
    size_t n = 2;

    if (len >= 128) {
        size_t octets = len > 0xFFFFFF ? 4 : len > 0xFFFF ? 3 : len > 0xFF ? 2 : 1;
        head[1] = (uint8_t)(0x80 | octets);
        while (octets-- > 0)
            head[n++] = (uint8_t)(len >> (8 * octets));
    }
    put(to, head, n);
    put(to, content, len);
}

void put_in(struct octets *to, uint8_t tag, struct octets content)
{
    put_der(to, tag, content.data, content.len);
}

void put_text(struct octets *to, uint8_t tag, const char *text)
{
    put_der(to, tag, text, strlen(text));
}

void put_oid(struct octets *to, const char *oid)
{
    struct octets content = {0};
    char *end;
    unsigned long first = strtoul(oid, &end, 10);
    unsigned long arc = first * 40 + strtoul(end + 1, &end, 10);

    for (;; arc = strtoul(end + 1, &end, 10)) {
        uint8_t octets[10];
        size_t n = sizeof octets;
        octets[--n] = arc & 0x7F;
        while ((arc >>= 7) > 0)
            octets[--n] = (uint8_t)(0x80 | (arc & 0x7F));
        put(&content, octets + n, sizeof octets - n);
        if (*end != '.')
            break;
    }
    put_in(to, 0x06, content);
}

struct octets mint_wrapped(uint8_t tag, struct octets content)
{
    struct octets whole = {0};

    put_in(&whole, tag, content);
    return whole;
}

struct octets mint_unhex(const char *hex)
{
    struct octets octets = {0};

    put_hex(&octets, hex);
    return octets;
}

void put_octets(struct octets *to, struct octets more)
{
    put(to, more.data, more.len);
}

void put_unsigned(struct octets *to, uint8_t tag, uint64_t value)
{
    uint8_t content[9];
    size_t n = sizeof content;

    do {
        content[--n] = (uint8_t)value;
        value >>= 8;
    } while (value > 0);
    if (content[n] & 0x80)
        content[--n] = 0;
    put_der(to, tag, content + n, sizeof content - n);
}

/* Calls each for every item of a comma-separated list. */
void mint_for_items(const char *list, struct octets *to,
                    void (*each)(struct octets *to, const char *item))
{
    char *copy = keep_text("%s", list), *state;

    for (char *item = strtok_r(copy, ",", &state); item != NULL;
         item = strtok_r(NULL, ",", &state))
        each(to, item);
}
