/*
 * Certificates that many paths have in common, held once: those of authorities, of which there are
 * a dozen behind all signers. Never anchors: those are the snapshot's, and marked as such.
 */
#ifndef STIR_SERVICE_INTERNED_H
#define STIR_SERVICE_INTERNED_H

#include "cert/path.h"

struct interned;

struct interned *interned_new(void); /* NULL: out of memory */
void interned_free(struct interned *interned);
/* Replaces what is above the signer by what is held already, and holds the rest, as long as there
   is room: LIMIT_INTERNED. [any thread] */
void interned_share(struct interned *interned, struct path *path);
size_t interned_count(struct interned *interned);

#endif
