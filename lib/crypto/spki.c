/* How long a signature takes to check, told by the SubjectPublicKeyInfo alone. */
#include "crypto/spki.h"

#include "base/limits.h"

static bool is_curve(struct der oid)
{
    static const uint8_t ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
    static const uint8_t ed25519[] = {0x2B, 0x65, 0x70}, ed448[] = {0x2B, 0x65, 0x71};

    return der_equal(oid, (struct der){ec, sizeof ec})
           || der_equal(oid, (struct der){ed25519, sizeof ed25519})
           || der_equal(oid, (struct der){ed448, sizeof ed448});
}

static bool is_rsa(struct der oid)
{
    static const uint8_t rsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
    static const uint8_t pss[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A};

    return der_equal(oid, (struct der){rsa, sizeof rsa})
           || der_equal(oid, (struct der){pss, sizeof pss});
}

/* Takes a number of at most so many octets, but for zeros before them. */
static bool take_number(struct der *left, size_t most)
{
    struct der_element number;

    if (der_take(left, DER_INTEGER, &number) < 0)
        return false;
    while (number.content.len > 0 && number.content.data[0] == 0)
        number.content.data++, number.content.len--;
    return number.content.len <= most;
}

/* A BIT STRING's content: how many bits of the last octet are unused, then RSAPublicKey. */
static bool is_quick_rsa(struct der bits)
{
    struct der_element numbers;

    if (bits.len == 0
        || der_only((struct der){bits.data + 1, bits.len - 1}, DER_SEQUENCE, &numbers) < 0)
        return false;
    return take_number(&numbers.content, LIMIT_RSA_BITS_MOST / 8)
           && take_number(&numbers.content, LIMIT_RSA_EXPONENT);
}

bool spki_is_quick(struct der spki)
{
    struct der_element info, algorithm, oid, bits;

    if (der_only(spki, DER_SEQUENCE, &info) < 0
        || der_take(&info.content, DER_SEQUENCE, &algorithm) < 0
        || der_take(&info.content, DER_BIT_STRING, &bits) < 0
        || der_take(&algorithm.content, DER_OID, &oid) < 0)
        return false;
    return is_curve(oid.content) || (is_rsa(oid.content) && is_quick_rsa(bits.content));
}
