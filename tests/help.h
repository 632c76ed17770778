/* What several suites need: files of the corpora, hexadecimal, the clock of the tests. */
#ifndef STIR_TESTS_HELP_H
#define STIR_TESTS_HELP_H

#include <stddef.h>
#include <stdint.h>

struct value;

/* Reads a whole file, with a NUL behind it; NULL: it is not there. For free(3). */
char *help_read(const char *path, size_t *len);
/* A path in the corpora ($STIR_CORPORA), the spec vectors ($STIR_VECTORS) or the source tree
   ($top_srcdir): for free(3). */
char *help_corpus(const char *relative);
char *help_vector(const char *relative);
char *help_source(const char *relative);
/* Ends the running test as skipped, with a message, where the corpora are absent; in CI (CI is
   set) it fails instead. */
void help_need_corpora(void);

/* Of cases that are made by the thousand, one of how many is run: $STIR_EVERY, or all. Where the
   same code is run for another reason than its verdicts, a share of them does. */
size_t help_every(void);

/* A JSON file (the path is freed): a struct value of any size, which the library's own reader,
   whose limits are those of tokens, would not take; ends the test where it cannot be read. For
   value_free(). */
struct value *help_json(char *path);

/* Octets of a string of hex digits, spaces ignored: for free(3). */
uint8_t *help_unhex(const char *hex, size_t *len);

/* The DER of the first block in a PEM file, whatever its label; ends the test where there is
   none. For free(3). */
uint8_t *help_pem(const char *path, size_t *len);

#endif
