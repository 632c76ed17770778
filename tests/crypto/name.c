/* crypto/name: DNs as text against the DER that openssl writes for them. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "crypto/name.h"
#include "tests/help.h"

static const struct {
    const char *desc, *text;
    const char *der; /* NULL: refused */
} cases[] = {
    {"one part", "CN=a", "300C310A300806035504030C0161"},
    {"a part without value", "CN=", NULL},
    {"no part", "ACME", NULL},
    {"nothing", "", NULL},
    {"white space", "  ", NULL},
    {"openssl's own form", "/CN=a", NULL},
    {"two parts: the most significant comes first in DER", "CN=a,C=US",
     "3019310B3009060355040613025553310A300806035504030C0161"},
    {"two attributes in a part", "CN=a+O=b", NULL},
    {"an escaped comma", "CN=a\\,b", "300E310C300A06035504030C03612C62"},
    {"an unknown attribute", "xyzzy=a", NULL},
    {"UTF-8", "CN=\xC3\x84", "300D310B300906035504030C02C384"},
};

/* GnuTLS writes PrintableString where it can, openssl UTF8String: both are DirectoryStrings. */
static void as_utf8(uint8_t *der, size_t len)
{
    for (size_t i = 0; i + 5 < len; i++)
        if (memcmp(der + i, "\x06\x03\x55\x04\x03\x13", 6) == 0)
            der[i + 5] = 0x0C;
}

Test(name, from_text)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error = {0};
        void *der = NULL;
        size_t len, wanted_len;
        int rc = name_from_text(cases[i].text, &der, &len, &error);

        if (cases[i].der == NULL) {
            cr_expect_eq(rc, STIR_E_SYNTAX, "%s: %d", cases[i].desc, rc);
            cr_expect_null(der, "%s", cases[i].desc);
            cr_expect(strstr(error.text, "RFC 4514") != NULL, "%s: %s", cases[i].desc,
                      error.text);
            continue;
        }
        uint8_t *wanted = help_unhex(cases[i].der, &wanted_len);
        cr_assert_eq(rc, 0, "%s: %s", cases[i].desc, error.text);
        cr_assert_eq(len, wanted_len, "%s", cases[i].desc);
        as_utf8(der, len);
        cr_expect_arr_eq(der, wanted, len, "%s", cases[i].desc);
        free(wanted);
        free(der);
    }
}
