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

/* A line, and those that continue it (RFC 3261 section 7.3.1): a token alone, or an Identity value
   with or without the header's name. */
enum content_line { LINE_OTHER, LINE_TOKEN, LINE_IDENTITY };

/* Calls each for every line that is not blank, without blanks at its ends, until it returns other
   than 0, which is then returned. */
int content_lines_each(const char *text, size_t len,
                       int (*each)(void *arg, enum content_line kind, const char *line,
                                   size_t line_len),
                       void *arg);

#endif
