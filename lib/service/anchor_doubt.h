/* What a path that reached no anchor comes to while a trusted list is missing. */
#ifndef STIR_SERVICE_ANCHOR_DOUBT_H
#define STIR_SERVICE_ANCHOR_DOUBT_H

#include "service/memory.h"
#include "service/snapshot.h"

/*
 * Finding, which is STIR_CODE_PATH_NO_ANCHOR, becomes STIR_CODE_STATUS_UNKNOWN where a configured
 * trusted list is not there yet, or ended before now: it might have the anchor. memory NULL: why it
 * is not there is not said. The finding's code.
 */
int anchor_doubt(const struct snapshot *snapshot, struct memory *memory, int64_t now,
                 struct stir_error *finding);
/* The same question by itself: 0, or STIR_E_NOT_READY with the list that is missing. */
int anchor_doubt_ready(const struct snapshot *snapshot, struct memory *memory, int64_t now,
                       struct stir_error *error);

#endif
