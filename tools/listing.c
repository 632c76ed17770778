/* A listing printed: aligned columns, or JSON. */
#include "listing.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

size_t listing_rows(const struct stir_rows *rows)
{
    const char *first = stir_rows_column(rows, 0);
    size_t n = 0;

    while (first != NULL && stir_rows_text(rows, n, first) != NULL)
        n++;
    return n;
}

static void print_json(const struct stir_rows *rows, size_t n)
{
    struct node *array = node_array();
    const char *column;

    for (size_t row = 0; row < n; row++) {
        struct node *object = node_object();
        for (size_t i = 0; (column = stir_rows_column(rows, i)) != NULL; i++) {
            const char *text = stir_rows_text(rows, row, column);
            node_set(object, column, node_text(*text == '\0' ? NULL : text));
        }
        node_append(array, object);
    }
    node_print(array);
}

/* The characters that a terminal shows: octets that do not continue one. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static size_t column_width(const struct stir_rows *rows, size_t n, const char *column)
{
    size_t widest = strlen(column);

    for (size_t row = 0; row < n; row++) {
        size_t width = width_of(stir_rows_text(rows, row, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void print_cell(const char *text, size_t width, bool last)
{
    size_t has = width_of(text);

    fputs(text, stdout);
    if (last)
        putchar('\n');
    else
        printf("%*s", (int)(width - has) + 2, "");
}

enum { MOST_COLUMNS = 16 };

static void print_lines(const struct stir_rows *rows, size_t n)
{
    size_t widths[MOST_COLUMNS], n_columns = 0;
    const char *column;

    for (; n_columns < MOST_COLUMNS && (column = stir_rows_column(rows, n_columns)) != NULL;
         n_columns++)
        widths[n_columns] = column_width(rows, n, column);
    for (size_t i = 0; i < n_columns; i++)
        print_cell(stir_rows_column(rows, i), widths[i], i + 1 == n_columns);
    for (size_t row = 0; row < n; row++)
        for (size_t i = 0; i < n_columns; i++)
            print_cell(stir_rows_text(rows, row, stir_rows_column(rows, i)), widths[i],
                       i + 1 == n_columns);
}

void listing_print(const struct stir_rows *rows, bool json)
{
    size_t n = listing_rows(rows);

    if (json)
        print_json(rows, n);
    else if (n > 0)
        print_lines(rows, n);
}
