/* Names compared as RFC 5280 section 7.1 has it. */
#include "cert/name_canonical.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help.h"

/* CN=A as UTF8String, and others. */
static const struct {
    const char *desc, *a, *b;
    bool same;
} names[] = {
    {"the same", "300C310A300806035504030C0141", "300C310A300806035504030C0141", true},
    {"another letter", "300C310A300806035504030C0141", "300C310A300806035504030C0142", false},
    {"another case", "300C310A300806035504030C0141", "300C310A300806035504030C0161", true},
    {"UTF8String and PrintableString", "300C310A300806035504030C0141",
     "300C310A30080603550403130141", true},
    {"UTF8String and IA5String", "300C310A300806035504030C0141", "300C310A30080603550403160141",
     true},
    {"UTF8String and TeletexString of ASCII", "300C310A300806035504030C0141",
     "300C310A30080603550403140141", true},
    {"TeletexString of other octets is only itself", "300C310A300806035504030C01E4",
     "300C310A300806035504031401E4", false},
    {"UTF8String and BMPString are not compared", "300C310A300806035504030C0141",
     "300D310B300906035504031E020041", false},
    {"another attribute", "300C310A300806035504030C0141", "300C310A3008060355040A0C0141",
     false},
    {"blanks at the ends", "300C310A300806035504030C0141", "300F310D300B06035504030C0420204120",
     true},
    {"blanks inside", "300E310C300A06035504030C03412042",
     "3010310E300C06035504030C054120202042", true},
    {"a blank inside or none", "300E310C300A06035504030C03412042",
     "300D310B300906035504030C024142", false},
    {"a blank and nothing", "300C310A300806035504030C0120", "300B3109300706035504030C00", true},
    {"two attributes in one RDN or in two", "30163114300806035504030C01413008060355040A0C0142",
     "3018310A300806035504030C0141310A3008060355040A0C0142", false},
    {"in another order", "3018310A300806035504030C0141310A3008060355040A0C0142",
     "3018310A3008060355040A0C0142310A300806035504030C0141", false},
    {"one is the beginning of the other", "300C310A300806035504030C0141",
     "3018310A300806035504030C0141310A3008060355040A0C0142", false},
    {"an attribute with more behind it", "300C310A300806035504030C0141",
     "300E310C300A06035504030C01410500", false},
    {"no Name, the same", "0500", "0500", true},
    {"no Name, and another", "0500", "050000", false},
    {"the empty name", "3000", "3000", true},
};

static bool same_digests(struct der a, struct der b)
{
    uint8_t first[DIGEST_SHA256_SIZE], second[DIGEST_SHA256_SIZE];

    cr_assert_eq(name_canonical_digest(a, first), 0);
    cr_assert_eq(name_canonical_digest(b, second), 0);
    return memcmp(first, second, sizeof first) == 0;
}

Test(name_canonical, names)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t a_len, b_len;
        uint8_t *a = help_unhex(names[i].a, &a_len), *b = help_unhex(names[i].b, &b_len);
        uint8_t *room =
            malloc(a_len + 1); /* never longer than the name: heap, for sanitizers */
        cr_expect_leq(name_canonical((struct der){a, a_len}, room), a_len, "%s", names[i].desc);
        cr_expect_eq(name_canonical_equal((struct der){a, a_len}, (struct der){b, b_len}),
                     names[i].same, "%s", names[i].desc);
        cr_expect_eq(name_canonical_equal((struct der){b, b_len}, (struct der){a, a_len}),
                     names[i].same, "%s", names[i].desc);
        cr_expect_eq(same_digests((struct der){a, a_len}, (struct der){b, b_len}),
                     names[i].same, "%s", names[i].desc);
        free(room);
        free(a);
        free(b);
    }
}
