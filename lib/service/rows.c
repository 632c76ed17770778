/* Listings: rows of texts under named columns. */
#include "service/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct stir_rows {
    const char *const *columns;
    size_t n_columns;
    char **cells; /* row by row; NULL: nothing applies */
    size_t n, room;
};

struct stir_rows *rows_new(const char *const *columns)
{
    struct stir_rows *rows = calloc(1, sizeof *rows);

    if (rows == NULL)
        return NULL;
    rows->columns = columns;
    while (columns[rows->n_columns] != NULL)
        rows->n_columns++;
    return rows;
}

void stir_rows_free(struct stir_rows *rows)
{
    if (rows == NULL)
        return;
    for (size_t i = 0; i < rows->n * rows->n_columns; i++)
        free(rows->cells[i]);
    free(rows->cells);
    free(rows);
}

static int grow(struct stir_rows *rows)
{
    size_t room = rows->room == 0 ? 8 : 2 * rows->room;
    char **cells = reallocarray(rows->cells, room * rows->n_columns, sizeof *cells);

    if (cells == NULL)
        return STIR_E_NOMEM;
    rows->cells = cells;
    rows->room = room;
    return 0;
}

int rows_add(struct stir_rows *rows)
{
    if (rows->n == rows->room && grow(rows) < 0)
        return STIR_E_NOMEM;
    memset(rows->cells + rows->n * rows->n_columns, 0, rows->n_columns * sizeof *rows->cells);
    rows->n++;
    return 0;
}

/* Takes text. */
static void put(struct stir_rows *rows, size_t column, char *text)
{
    char **cell = &rows->cells[(rows->n - 1) * rows->n_columns + column];

    free(*cell);
    *cell = text;
}

int rows_set(struct stir_rows *rows, size_t column, const char *text)
{
    char *copy = text == NULL ? NULL : text_copy(text, strlen(text));

    if (text != NULL && copy == NULL)
        return STIR_E_NOMEM;
    put(rows, column, copy);
    return 0;
}

int rows_setf(struct stir_rows *rows, size_t column, const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    int rc = vasprintf(&text, format, args);
    va_end(args);
    if (rc < 0)
        return STIR_E_NOMEM;
    put(rows, column, text);
    return 0;
}

static int compare(const void *a, const void *b, void *arg)
{
    const char *const *left = a, *const *right = b;
    const size_t column = *(const size_t *)arg;

    return strcmp(left[column] == NULL ? "" : left[column],
                  right[column] == NULL ? "" : right[column]);
}

void rows_sort(struct stir_rows *rows, size_t column)
{
    if (rows->n > 1)
        qsort_r(rows->cells, rows->n, rows->n_columns * sizeof *rows->cells, compare, &column);
}

const char *stir_rows_column(const struct stir_rows *rows, size_t i)
{
    return rows == NULL || i >= rows->n_columns ? NULL : rows->columns[i];
}

const char *stir_rows_text(const struct stir_rows *rows, size_t row, const char *column)
{
    if (rows == NULL || column == NULL || row >= rows->n)
        return NULL;
    for (size_t i = 0; i < rows->n_columns; i++)
        if (strcmp(rows->columns[i], column) == 0) {
            const char *cell = rows->cells[row * rows->n_columns + i];
            return cell == NULL ? "" : cell;
        }
    return NULL;
}
