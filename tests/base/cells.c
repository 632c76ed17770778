/* base/cells: cells do not overlap, begin a line, are zero, and are taken again. */
#include "base/cells.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

enum { SIZE = 128, CELLS = 9000 }; /* more than small pieces are made for */

static bool is_all(const unsigned char *cell, unsigned char octet)
{
    for (size_t i = 0; i < SIZE; i++)
        if (cell[i] != octet)
            return false;
    return true;
}

Test(cells, are_apart_zero_and_taken_again)
{
    struct cells *cells = cells_new(SIZE);
    unsigned char *taken[CELLS];

    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < CELLS; i++) {
            taken[i] = cells_take(cells);
            cr_assert_not_null(taken[i]);
            cr_expect(is_all(taken[i], 0), "round %d, %u", round, i);
            memset(taken[i], (int)(i % 255 + 1), SIZE);
        }
        for (unsigned i = 0; i < CELLS; i++) {
            cr_expect(is_all(taken[i], (unsigned char)(i % 255 + 1)), "%u", i);
            cells_give(cells, taken[i]);
        }
    }
    cells_free(cells);
    cells_free(NULL);
}

/* Side by side, which is what they are for; but under a sanitizer, which has each on its own. */
Test(cells, begin_lines)
{
    struct cells *cells = cells_new(SIZE);
    unsigned char *one = cells_take(cells), *two = cells_take(cells);

    if (two == one + SIZE)
        cr_expect_eq((uintptr_t)one % CELLS_LINE, 0);
    cells_give(cells, one);
    cells_give(cells, two);
    cells_free(cells);
}

Test(cells, outlive_their_owner)
{
    struct cells *cells = cells_new(SIZE);
    unsigned char *one = cells_take(cells), *two = cells_take(cells);

    memset(one, 1, SIZE);
    memset(two, 2, SIZE);
    cells_free(cells);
    cells_give(cells, one);
    cr_expect(is_all(two, 2), "the other is still there");
    cells_give(cells, two);
}
