/* What people read: aligned lines, colours where a terminal shows them. */
#ifndef STIR_TOOLS_OUTPUT_H
#define STIR_TOOLS_OUTPUT_H

#include <stir.h>

enum paint { PAINT_NONE, PAINT_GOOD, PAINT_BAD, PAINT_UNSURE, PAINT_FAINT };

/* The escape that begins a colour (PAINT_NONE: ends it); "" unless standard output is a
   terminal and NO_COLOR is unset. */
const char *paint(enum paint paint);
/* "label      text". */
void report(const char *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints a text that the library made, and frees it; NULL with the error: complains. */
int print_text(char *text, const struct stir_error *error);
/* Flushes standard output: what could not be written is no success. Returns rc or EXIT_USAGE. */
int output_end(int rc);

#endif
