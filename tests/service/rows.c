/* Listings: every cell is found by row and column, and nothing else is. */
#include "service/rows.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

static const char *const columns[] = {"name", "value", "help", NULL};

static struct stir_rows *filled(int n)
{
    struct stir_rows *rows = rows_new(columns);

    cr_assert_not_null(rows);
    for (int i = 0; i < n; i++) {
        cr_assert_eq(rows_add(rows), 0);
        cr_assert_eq(rows_setf(rows, 0, "row%d", i), 0);
        cr_assert_eq(rows_set(rows, 1, "first"), 0);
        cr_assert_eq(rows_set(rows, 1, i % 2 == 0 ? "even" : "odd"), 0);
    }
    return rows;
}

Test(rows, cells_are_found_by_column)
{
    struct stir_rows *rows = filled(100);
    char name[16];

    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "row%d", i);
        cr_expect_str_eq(stir_rows_text(rows, (size_t)i, "name"), name);
        cr_expect_str_eq(stir_rows_text(rows, (size_t)i, "value"), i % 2 == 0 ? "even" : "odd");
        cr_expect_str_eq(stir_rows_text(rows, (size_t)i, "help"), "", "nothing applies");
    }
    cr_expect_null(stir_rows_text(rows, 100, "name"), "past the last row");
    cr_expect_null(stir_rows_text(rows, 0, "nam"), "no such column");
    stir_rows_free(rows);
}

Test(rows, columns_are_listed)
{
    struct stir_rows *rows = filled(0);

    for (size_t i = 0; columns[i] != NULL; i++)
        cr_expect_str_eq(stir_rows_column(rows, i), columns[i]);
    cr_expect_null(stir_rows_column(rows, 3));
    cr_expect_null(stir_rows_text(rows, 0, "name"));
    stir_rows_free(rows);
}

Test(rows, a_cell_may_be_emptied)
{
    struct stir_rows *rows = filled(1);

    cr_assert_eq(rows_set(rows, 1, NULL), 0);
    cr_expect_str_eq(stir_rows_text(rows, 0, "value"), "");
    stir_rows_free(rows);
}

Test(rows, null_is_no_rows)
{
    stir_rows_free(NULL);
    cr_expect_null(stir_rows_column(NULL, 0));
    cr_expect_null(stir_rows_text(NULL, 0, "name"));
}
