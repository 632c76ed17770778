/* Whole files into memory: the one place that opens what a caller names. */
#ifndef STIR_BASE_FILE_H
#define STIR_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Regular files, pipes and the like, up to limit octets, with a NUL behind. *data is for
   free(3). STIR_E_FILE (the error has the system's word), STIR_E_LIMIT, STIR_E_NOMEM. */
int file_read(const char *path, size_t limit, char **data, size_t *len,
              struct stir_error *error);
/* The same, and when the file was changed last; *dated is false of what is no regular file. */
int file_read_dated(const char *path, size_t limit, char **data, size_t *len, bool *dated,
                    int64_t *changed, struct stir_error *error);

#endif
