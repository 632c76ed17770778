/* struct stir_rows: what every listing gives, rows of texts under named columns. */
#ifndef STIR_SERVICE_ROWS_H
#define STIR_SERVICE_ROWS_H

#include "base/error.h"

/* columns: static, NULL at the end; they are not copied. NULL: out of memory. */
struct stir_rows *rows_new(const char *const *columns);
/* Begins a row, whose cells are empty. 0 or STIR_E_NOMEM. */
int rows_add(struct stir_rows *rows);
/* A cell of the last row by its column's number: text is copied as it is, so a stranger's is
   given in its shown form (base/text.h); NULL: nothing applies. 0 or STIR_E_NOMEM. */
int rows_set(struct stir_rows *rows, size_t column, const char *text);
int rows_setf(struct stir_rows *rows, size_t column, const char *format, ...) STIR_PRINTF(3, 4);
/* By the texts of a column. */
void rows_sort(struct stir_rows *rows, size_t column);

#endif
