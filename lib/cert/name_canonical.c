/* The canonical form of a Name: RDNs and attributes marked one by one, strings folded. */
#include "cert/name_canonical.h"

#include <string.h>

#include "base/limits.h"

struct writer {
    uint8_t *at;
};

static void put(struct writer *writer, const void *octets, size_t len)
{
    if (len > 0)
        memcpy(writer->at, octets, len);
    writer->at += len;
}

/* UTF8String, PrintableString, IA5String; TeletexString where it is ASCII: in what else it may
   be, readers differ. */
static bool is_foldable(const struct der_element *value)
{
    enum { PRINTABLE_STRING = 0x13, TELETEX_STRING = 0x14 };

    if (value->tag != TELETEX_STRING)
        return value->tag == DER_UTF8_STRING || value->tag == PRINTABLE_STRING
               || value->tag == DER_IA5_STRING;
    for (size_t i = 0; i < value->content.len; i++)
        if (value->content.data[i] >= 0x80)
            return false;
    return true;
}

static uint8_t fold_case(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A')) : octet;
}

/* No blanks at the ends, one where there are several (RFC 4518 section 2.6.1). */
static void put_folded(struct writer *writer, struct der text)
{
    bool any = false, blank = false;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ' ') {
            blank = any;
            continue;
        }
        if (blank)
            *writer->at++ = ' ';
        *writer->at++ = fold_case(text.data[i]);
        any = true;
        blank = false;
    }
}

/* Type and length of two octets stand where SEQUENCE and string had two each, or more. */
static void put_value(struct writer *writer, const struct der_element *value)
{
    uint8_t *head = writer->at;

    if (!is_foldable(value)) {
        put(writer, value->whole.data, value->whole.len);
        return;
    }
    writer->at += 3;
    put_folded(writer, value->content);
    size_t len = (size_t)(writer->at - head) - 3;
    head[0] = DER_UTF8_STRING;
    head[1] = (uint8_t)(len >> 8);
    head[2] = (uint8_t)len;
}

static int put_rdn(struct writer *writer, struct der attributes)
{
    struct der_element attribute, type, value;

    *writer->at++ = DER_SET;
    while (attributes.len > 0) {
        if (der_take(&attributes, DER_SEQUENCE, &attribute) < 0
            || der_take(&attribute.content, DER_OID, &type) < 0
            || der_next(&attribute.content, &value) < 0 || attribute.content.len > 0
            || value.content.len > UINT16_MAX)
            return -1;
        put(writer, type.whole.data, type.whole.len);
        put_value(writer, &value);
    }
    return 0;
}

size_t name_canonical(struct der name, uint8_t *room)
{
    struct writer writer = {room};
    struct der_element sequence, rdn;
    int rc = der_only(name, DER_SEQUENCE, &sequence);

    while (rc == 0 && sequence.content.len > 0) {
        rc = der_take(&sequence.content, DER_SET, &rdn);
        if (rc == 0)
            rc = put_rdn(&writer, rdn.content);
    }
    if (rc == 0)
        return (size_t)(writer.at - room);
    if (name.len > 0)
        memcpy(room, name.data, name.len);
    return name.len;
}

bool name_canonical_equal(struct der a, struct der b)
{
    uint8_t forms[2][LIMIT_NAME];

    if (der_equal(a, b))
        return true;
    if (a.len > LIMIT_NAME || b.len > LIMIT_NAME)
        return false;
    struct der first = {forms[0], name_canonical(a, forms[0])};
    struct der second = {forms[1], name_canonical(b, forms[1])};
    return der_equal(first, second);
}

int name_canonical_digest(struct der name, uint8_t digest[DIGEST_SHA256_SIZE])
{
    uint8_t form[LIMIT_NAME];

    if (name.len > LIMIT_NAME)
        return digest_sha256(name.data, name.len, digest);
    return digest_sha256(form, name_canonical(name, form), digest);
}
