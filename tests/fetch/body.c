/* fetch/body: octets shared by reference, known by their digest. */
#include "fetch/body.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/help.h"

Test(body, has_its_octets_and_their_digest)
{
    /* FIPS 180-4, the vectors of one block and of none */
    static const struct {
        const char *desc, *data;
        uint8_t first, last;
    } cases[] = {
        {"abc", "abc", 0xba, 0xad},
        {"nothing", "", 0xe3, 0x55},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct body *body = body_new(cases[i].data, strlen(cases[i].data));
        cr_assert_not_null(body, "%s", cases[i].desc);
        cr_expect_eq(body->len, strlen(cases[i].data), "%s", cases[i].desc);
        cr_expect_eq(memcmp(body->data, cases[i].data, body->len), 0, "%s", cases[i].desc);
        cr_expect_eq(body->sha256[0], cases[i].first, "%s", cases[i].desc);
        cr_expect_eq(body->sha256[31], cases[i].last, "%s", cases[i].desc);
        struct body *again = body_ref(body);
        body_free(body);
        cr_expect_eq(again->len, strlen(cases[i].data), "%s: kept", cases[i].desc);
        body_free(again);
    }
    body_free(NULL);
}
