/* A listing as the library gives it: lines for people, or an array of objects. */
#ifndef STIR_TOOLS_LISTING_H
#define STIR_TOOLS_LISTING_H

#include <stdbool.h>

#include <stir.h>

/* How many rows there are. */
size_t listing_rows(const struct stir_rows *rows);
/* JSON: an object a row, members named as the columns, every value a text, null where nothing
   applies. Otherwise aligned columns under their names; no row: nothing. */
void listing_print(const struct stir_rows *rows, bool json);

#endif
