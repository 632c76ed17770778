/* Files as operands: whole, bounded, `-` for the standard ones; written atomically. */
#ifndef STIR_TOOLS_FILES_H
#define STIR_TOOLS_FILES_H

#include <stddef.h>

/* More than any input that the library takes: a TNAuthList of 10^6 entries has 21 MiB. */
enum { FILES_LIMIT = 64 * 1024 * 1024 };

/* A whole file, or standard input for "-", with a NUL behind; *data is for free(3). 0, or
   EXIT_USAGE after a complaint. */
int files_read(const char *path, char **data, size_t *len);
/* Replaces the file as a whole, or leaves it alone; "-" is standard output. A file that holds a
   private key is not replaced. 0, or EXIT_USAGE after a complaint. */
int files_write(const char *path, const void *data, size_t len);
/* A new file that only its owner reads; one that is there already is left alone. 0, or
   EXIT_USAGE after a complaint. */
int files_write_key(const char *path, const void *data, size_t len);
/* May files_write_key() make it? To be asked before anything else is written. */
int files_check_new(const char *path);

#endif
