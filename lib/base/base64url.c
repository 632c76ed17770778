/* base64url without padding, strict both ways: one text for one string of octets. */
#include "base/base64url.h"

#include <stdlib.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The value of a character, 64 for one outside the alphabet. */
static uint32_t value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    return c == '-' ? 62 : c == '_' ? 63 : 64;
}

size_t base64url_decoded_size(size_t len)
{
    return len / 4 * 3 + len % 4 * 3 / 4;
}

int base64url_decode(const char *in, size_t len, uint8_t *out)
{
    uint32_t bits = 0;
    unsigned n = 0; /* of bits that wait for an octet to be full */

    if (len % 4 == 1)
        return -1;
    for (size_t i = 0; i < len; i++) {
        uint32_t value = value_of(in[i]);
        if (value == 64)
            return -1;
        bits = bits << 6 | value;
        n += 6;
        if (n >= 8) {
            n -= 8;
            *out++ = (uint8_t)(bits >> n);
            bits &= (1u << n) - 1;
        }
    }
    return bits == 0 ? 0 : -1;
}

char *base64url_encode(const void *data, size_t len)
{
    const uint8_t *octets = data;

    if (len > SIZE_MAX / 2)
        return NULL;
    char *text = malloc(len / 3 * 4 + len % 3 * 4 / 3 + 2);
    if (text == NULL)
        return NULL;
    char *to = text;
    uint32_t bits = 0;
    unsigned n = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | octets[i];
        for (n += 8; n >= 6; n -= 6)
            *to++ = alphabet[bits >> (n - 6) & 0x3F];
        bits &= (1u << n) - 1;
    }
    if (n > 0)
        *to++ = alphabet[bits << (6 - n) & 0x3F];
    *to = '\0';
    return text;
}
