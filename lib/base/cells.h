/*
 * struct cells: memory in cells of one size, side by side and each at the beginning of a line of
 * the processor's cache: for what is looked up often and at random among many, which would
 * otherwise lie scattered between what is large and seldom read. What was given back is taken
 * again; memory goes back when the whole does, so the most that were ever in use is what is held.
 * Where they are many, pieces are of 2 MiB, for which the system is asked for pages of that size.
 * The owner may let go of the whole before all cells are back: it goes with the last of them.
 * Any thread may take and give.
 */
#ifndef STIR_BASE_CELLS_H
#define STIR_BASE_CELLS_H

#include <stddef.h>

struct cells;

/* size: a multiple of CELLS_LINE. NULL: out of memory. */
enum { CELLS_LINE = 64 };
struct cells *cells_new(size_t size);
void cells_free(struct cells *cells); /* lets go; NULL is fine */

void *cells_take(struct cells *cells); /* all zero; NULL: out of memory */
void cells_give(struct cells *cells, void *cell);

#endif
