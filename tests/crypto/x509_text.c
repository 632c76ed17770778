/* crypto/x509_text: names in words. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/x509_text.h"
#include "tests/help.h"

/* CN of these octets, UTF8String. */
static const struct {
    const char *desc, *hex, *text;
} names[] = {
    {"empty", "3000", ""},
    {"plain", "300e 310c 300a 0603550403 0c03 61 62 63", "CN=abc"},
    {"a comma", "300e 310c 300a 0603550403 0c03 61 2c 63", "CN=a\\,c"},
    {"a line feed", "300e 310c 300a 0603550403 0c03 61 0a 63", "CN=a\\x0Ac"},
    {"no name", "0500", NULL},
    {"a set of nothing", "3002 3100", NULL},
};

Test(x509_text, name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stir_error error = {0};
        size_t len;
        uint8_t *der = help_unhex(names[i].hex, &len);
        char *text;
        int result = x509_name_text((struct der){der, len}, &text, &error);
        cr_expect_eq(result, names[i].text != NULL ? 0 : STIR_E_SYNTAX, "%s: %d %s",
                     names[i].desc, result, text);
        if (text != NULL && names[i].text != NULL)
            cr_expect_str_eq(text, names[i].text, "%s: %s", names[i].desc, text);
        free(text);
        free(der);
    }
}
