/* A bounded walker over DER, and a writer of it. */
#include "base/der.h"

#include <libtasn1.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { HIGH_TAG_NUMBER = 0x1F };

/* The identifier octet of one that is DER: its number below 31, and not end-of-contents, which
   only the indefinite form has (X.690 8.1.2.2, 8.1.5). */
static int read_tag(struct der left, uint8_t *tag)
{
    unsigned char class;
    unsigned long number;
    int octets;

    if (asn1_get_tag_der(left.data, (int)left.len, &class, &octets, &number) != ASN1_SUCCESS
        || octets != 1 || left.data[0] == 0)
        return -1;
    *tag = left.data[0];
    return 0;
}

static size_t octets_of_length(size_t len)
{
    int octets = 0;

    asn1_length_der(len, NULL, &octets);
    return (size_t)octets;
}

/* Definite, minimal (X.690 10.1) and within left. libtasn1 reads long form whose octets are
   cut off as 0, so the first octet is compared as well. */
static int read_length(struct der left, struct der *content)
{
    int octets = 0;
    long len = asn1_get_length_der(left.data, (int)left.len, &octets);

    if (left.len == 0 || len < 0 || octets_of_length((size_t)len) != (size_t)octets
        || (octets == 1 && left.data[0] >= 0x80))
        return -1;
    *content = (struct der){left.data + octets, (size_t)len};
    return 0;
}

/* An element of fewer than 128 octets, of which a long list has a million: identifier and
   length have an octet each, of which nothing needs to be asked. */
static bool next_short(struct der *left, struct der_element *element)
{
    const uint8_t *data = left->data;

    if (left->len < 2 || left->len > INT_MAX || data[0] == 0
        || (data[0] & HIGH_TAG_NUMBER) == HIGH_TAG_NUMBER || data[1] >= 0x80
        || data[1] > left->len - 2)
        return false;
    *element = (struct der_element){data[0], {data + 2, data[1]}, {data, 2u + data[1]}};
    *left = (struct der){data + 2 + data[1], left->len - 2 - data[1]};
    return true;
}

int der_next(struct der *left, struct der_element *element)
{
    uint8_t tag;
    struct der content;

    if (next_short(left, element))
        return 0;
    if (left->len == 0 || left->len > INT_MAX || read_tag(*left, &tag) != 0
        || read_length((struct der){left->data + 1, left->len - 1}, &content) != 0)
        return -1;
    size_t taken = (size_t)(content.data - left->data) + content.len;
    *element = (struct der_element){tag, content, {left->data, taken}};
    *left = (struct der){left->data + taken, left->len - taken};
    return 0;
}

int der_take(struct der *left, uint8_t tag, struct der_element *element)
{
    return left->len > 0 && left->data[0] == tag ? der_next(left, element) : -1;
}

int der_take_optional(struct der *left, uint8_t tag, struct der_element *element, bool *present)
{
    *present = left->len > 0 && left->data[0] == tag;
    return *present ? der_take(left, tag, element) : 0;
}

int der_only(struct der data, uint8_t tag, struct der_element *element)
{
    return der_take(&data, tag, element) == 0 && data.len == 0 ? 0 : -1;
}

bool der_equal(struct der a, struct der b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int der_unsigned(struct der content, uint64_t *value, bool *too_large)
{
    *value = 0;
    *too_large = false;
    if (content.len == 0 || content.data[0] >= 0x80)
        return -1;
    if (content.len > 1 && content.data[0] == 0) {
        if (content.data[1] < 0x80)
            return -1;
        content = (struct der){content.data + 1, content.len - 1};
    }
    if (content.len > sizeof *value) {
        *too_large = true;
        *value = UINT64_MAX;
        return 0;
    }
    for (size_t i = 0; i < content.len; i++)
        *value = *value << 8 | content.data[i];
    return 0;
}

int der_boolean(struct der content, bool *value)
{
    if (content.len != 1 || (content.data[0] != 0x00 && content.data[0] != 0xFF))
        return -1;
    *value = content.data[0] == 0xFF;
    return 0;
}

/* Octets of the UTF-8 character that data begins with (RFC 3629 section 4); 0: it does not. */
static size_t utf8_character(struct der data)
{
    static const struct {
        uint8_t first, last; /* of the lead octet */
        uint8_t low, high;   /* of the octet behind it */
        size_t octets;
    } forms[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                 {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                 {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};

    if (data.data[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (data.data[0] < forms[i].first || data.data[0] > forms[i].last)
            continue;
        if (data.len < forms[i].octets || data.data[1] < forms[i].low
            || data.data[1] > forms[i].high)
            return 0;
        for (size_t k = 2; k < forms[i].octets; k++)
            if ((data.data[k] & 0xC0) != 0x80)
                return 0;
        return forms[i].octets;
    }
    return 0;
}

bool der_is_utf8(struct der content)
{
    while (content.len > 0) {
        size_t octets = utf8_character(content);
        if (octets == 0)
            return false;
        content = (struct der){content.data + octets, content.len - octets};
    }
    return true;
}

void der_writer_free(struct der_writer *writer)
{
    free(writer->data);
    *writer = (struct der_writer){0};
}

static bool make_room(struct der_writer *writer, size_t more)
{
    if (writer->failed || more > SIZE_MAX / 4 || writer->len > SIZE_MAX / 4) {
        writer->failed = true;
        return false;
    }
    if (writer->len + more <= writer->room)
        return true;
    size_t room = writer->room == 0 ? 64 : writer->room;
    while (room < writer->len + more)
        room *= 2;
    uint8_t *data = realloc(writer->data, room);
    if (data == NULL) {
        writer->failed = true;
        return false;
    }
    writer->data = data;
    writer->room = room;
    return true;
}

void der_wrap(struct der_writer *writer, uint8_t tag, size_t from)
{
    size_t len = writer->len - from, header = 1 + octets_of_length(len);
    int octets = 0;

    if (!make_room(writer, header))
        return;
    if (len > 0)
        memmove(writer->data + from + header, writer->data + from, len);
    writer->data[from] = tag;
    asn1_length_der(len, writer->data + from + 1, &octets);
    writer->len += header;
}

void der_write(struct der_writer *writer, uint8_t tag, const void *content, size_t len)
{
    size_t from = writer->len;

    if (!make_room(writer, len))
        return;
    if (len > 0)
        memcpy(writer->data + from, content, len);
    writer->len += len;
    der_wrap(writer, tag, from);
}

void der_write_unsigned(struct der_writer *writer, uint64_t value)
{
    uint8_t octets[sizeof value + 1];
    size_t at = sizeof octets;

    do {
        octets[--at] = (uint8_t)value;
        value >>= 8;
    } while (value > 0);
    if (octets[at] >= 0x80) /* or it would be negative */
        octets[--at] = 0;
    der_write(writer, DER_INTEGER, octets + at, sizeof octets - at);
}

void *der_writer_take(struct der_writer *writer, size_t *len)
{
    uint8_t *data = NULL;

    *len = 0;
    if (!writer->failed && writer->len > 0) {
        data = writer->data;
        *len = writer->len;
        writer->data = NULL;
    }
    der_writer_free(writer);
    return data;
}
