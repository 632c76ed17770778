/* The Identity header value (RFC 8224 section 4, errata 6499 and 6519). */
#ifndef STIR_SIP_IDENTITY_HEADER_H
#define STIR_SIP_IDENTITY_HEADER_H

#include "base/error.h"

/* All zero is none. Owns its texts; NULL: the parameter is absent. */
struct identity_header {
    char *token;     /* H.P.S or ..S, its characters checked (R8224-4-5) */
    char *info;      /* without the angle brackets */
    char *alg, *ppt; /* without quotes and escapes */
};

/*
 * 0, STIR_CODE_IDENTITY_SYNTAX (no token, bad characters, a parameter broken or given twice,
 * R8224-4-4), or STIR_E_NOMEM. A missing info is not judged here. Line folds (CRLF or LF and
 * white space) are white space. The value may begin with "Identity:" or "y:". header is filled
 * as far as it was read.
 */
int identity_header_parse(const char *value, size_t len, struct identity_header *header,
                          struct stir_error *error);
/* STIR_CODE_INFO_MISSING: absent, empty, or no absolute URI (R8224-4-3). */
int identity_header_check_info(const struct identity_header *header, struct stir_error *error);
void identity_header_free(struct identity_header *header);
/* token;info=<x5u>;alg=ES256;ppt="shaken": for free(3). ppt NULL or "": without. */
char *identity_header_write(const char *token, const char *info, const char *ppt);

#endif
