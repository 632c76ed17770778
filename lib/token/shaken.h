/* The claims of ppt shaken (RFC 8588). */
#ifndef STIR_TOKEN_SHAKEN_H
#define STIR_TOKEN_SHAKEN_H

#include "base/error.h"
#include "json/value.h"

/* "A", "B" or "C" (R8588-4). 0 or STIR_CODE_ATTEST_SYNTAX. */
int shaken_check_attest(const struct value *payload, const char **attest,
                        struct stir_error *error);
/* A UUID (R8588-5), or with any a non-empty string. 0 or STIR_CODE_ORIGID_SYNTAX. */
int shaken_check_origid(const struct value *payload, bool any, const char **origid,
                        struct stir_error *error);

#endif
