/* What a verifier's memory holds of URLs, and what it counted, as rows. */
#ifndef STIR_SERVICE_CACHE_ROWS_H
#define STIR_SERVICE_CACHE_ROWS_H

#include "service/memory.h"
#include "service/rows.h"

/* STIR_LIST_CACHE: what is in memory, and what is in the file alone. policy: until when that is
   fresh. NULL: STIR_E_NOMEM, STIR_E_FILE. */
struct stir_rows *cache_rows(struct memory *memory, const struct cache_policy *policy,
                             struct stir_error *error);
/* STIR_LIST_STATS. NULL: STIR_E_NOMEM. */
struct stir_rows *stats_rows(struct memory *memory, struct stir_error *error);

#endif
