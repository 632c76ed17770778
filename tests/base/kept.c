/* base/kept: what was handed out stays, and each text once. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/kept.h"
#include "base/text.h"

Test(kept, each_once)
{
    struct kept kept = {0};
    const char *first = kept_add(&kept, text_copy("a", 1));
    const char *second = kept_add(&kept, text_copy("b", 1));

    cr_expect_str_eq(first, "a");
    cr_expect_str_eq(second, "b");
    for (int i = 0; i < 1000; i++)
        cr_expect_eq(kept_add(&kept, text_copy("a", 1)), first);
    cr_expect_eq(kept.n, 2);
    cr_expect_null(kept_add(&kept, NULL));
    kept_free(&kept);
    cr_expect_eq(kept.n, 0);
}
