/* STIR_LIST_ANCHORS: whom a verifier trusts, and by which list. */
#ifndef STIR_SERVICE_ANCHOR_ROWS_H
#define STIR_SERVICE_ANCHOR_ROWS_H

#include "service/memory.h"
#include "service/rows.h"
#include "service/snapshot.h"

/* The anchors that are configured, those of the trusted lists in force, and URLs of lists that
   gave none. NULL: out of memory. */
struct stir_rows *anchor_rows(const struct snapshot *snapshot, struct memory *memory,
                              struct stir_error *error);

#endif
