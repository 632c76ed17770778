/* STIR_LIST_ANCHORS: whom a configuration trusts. */
#ifndef STIR_SERVICE_ANCHOR_ROWS_H
#define STIR_SERVICE_ANCHOR_ROWS_H

#include "cert/anchors.h"

/* NULL: out of memory. */
struct stir_rows *anchor_rows(const struct anchors *anchors);

#endif
