/* What the commands of `stir cache` share. */
#ifndef STIR_TOOLS_CACHE_H
#define STIR_TOOLS_CACHE_H

#include "options.h"

/* A verifier of that configuration, which must have a cache_file. NULL after a complaint. */
struct stir_verifier *cache_verifier(const struct options *options);
/* Writes what waits for the file. 0, or EXIT_USAGE after a complaint. */
int cache_end(struct stir_verifier *verifier);
/*
 * Puts what FILE has where url would be fetched, and validates the path: the operation, done. NULL
 * after a complaint.
 */
struct stir_op *cache_put_file(struct stir_verifier *verifier, const char *url,
                               const char *file, int64_t now);

#endif
