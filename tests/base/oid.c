/* Object identifiers, as X.690 section 8.19 and openssl asn1parse have them. */
#include "base/oid.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *text;
    size_t len; /* 0: it is none */
    const char *octets;
} cases[] = {
    {"2.999.3", 3, "\x88\x37\x03"}, /* X.690 section 8.19.5 */
    {"1.3.6.1.5.5.7.1.26", 8, "\x2B\x06\x01\x05\x05\x07\x01\x1A"},
    {"2.16.840.1.114569.1.1.4", 10, "\x60\x86\x48\x01\x86\xFF\x09\x01\x01\x04"},
    {"0.0", 1, "\x00"},
    {"1.39", 1, "\x4F"},
    {"2.47", 1, "\x7F"},
    {"2.48", 2, "\x81\x00"},
    {"1.40", 0, NULL},
    {"3.1", 0, NULL},
    {"1", 0, NULL},
    {"", 0, NULL},
    {"1.", 0, NULL},
    {"1..2", 0, NULL},
    {"1.2.", 0, NULL},
    {".1.2", 0, NULL},
    {"1.02", 0, NULL},
    {"1.2.a", 0, NULL},
    {"1.2 ", 0, NULL},
    {"1.-2", 0, NULL},
    {"1.2.9223372036854775700", 10, "\x2A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x14"},
    {"1.2.9223372036854775808", 0, NULL},
    {"1.2.99999999999999999999", 0, NULL},
    {"2.1.9223372036854775700.9223372036854775700.9223372036854775700.9223372036854775700."
     "9223372036854775700",
     0, NULL},
};

Test(oid, parse)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t oid[OID_SIZE];
        char room[OID_TEXT_SIZE];
        size_t len = oid_parse(cases[i].text, oid);
        cr_expect_eq(len, cases[i].len, "%s: %zu", cases[i].text, len);
        if (len == 0 || len != cases[i].len)
            continue;
        cr_expect_arr_eq(oid, cases[i].octets, len, "%s", cases[i].text);
        cr_expect_str_eq(oid_text(room, (struct der){oid, len}), cases[i].text, "%s", room);
    }
}

/* Text that does not fit is cut. */
Test(oid, long_text)
{
    char room[OID_TEXT_SIZE];
    uint8_t oid[60];

    memset(oid, 0x01, sizeof oid);
    cr_expect_eq(strlen(oid_text(room, (struct der){oid, sizeof oid})), OID_TEXT_SIZE - 1);
}
