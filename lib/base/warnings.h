/* The warnings of one judgement: lines "name: sentence", each once, at most
   LIMIT_WARNINGS. */
#ifndef STIR_BASE_WARNINGS_H
#define STIR_BASE_WARNINGS_H

#include "base/code.h"
#include "base/error.h"

/* All zero is none. */
struct warnings {
    char **lines;
    size_t n;
};

void warnings_free(struct warnings *warnings);
/* 0 or STIR_E_NOMEM. warnings may be NULL: nobody wants to know. */
int warnings_add(struct warnings *warnings, enum warning warning, const char *format, ...)
    STIR_PRINTF(3, 4);
/* All of from that are not there yet. */
int warnings_add_all(struct warnings *warnings, const struct warnings *from);

#endif
