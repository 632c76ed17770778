/* What octets are, told by themselves: for whoever is given a file and not its kind. */
#ifndef STIR_SERVICE_CONTENT_H
#define STIR_SERVICE_CONTENT_H

#include <stddef.h>

#include "base/error.h"

enum content {
    CONTENT_LINES, /* neither PEM nor DER */
    CONTENT_CERTIFICATES_PEM,
    CONTENT_CERTIFICATE,
    CONTENT_CRL_PEM,
    CONTENT_CRL,
    CONTENT_REQUEST, /* PEM or DER */
    CONTENT_TNAUTHLIST
};

/* An enum content, which is what it seems to be and may be malformed all the same; or
   STIR_E_SYNTAX: PEM or DER, but nothing of these. */
int content_of(const void *data, size_t len, struct stir_error *error);

#endif
