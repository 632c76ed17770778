/* Listing STIR_LIST_CRLS. */
#ifndef STIR_SERVICE_CRL_ROWS_H
#define STIR_SERVICE_CRL_ROWS_H

#include "service/feeds.h"
#include "service/rows.h"
#include "service/snapshot.h"

/* The lists that are in force for the snapshot, and its URLs that gave none. NULL: out of
   memory. */
struct stir_rows *crl_rows(const struct snapshot *snapshot, struct feeds *feeds,
                           struct stir_error *error);

#endif
