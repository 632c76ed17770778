/* struct stir_call: the headers of a SIP request that matter here, as they came. */
#ifndef STIR_SIP_CALL_H
#define STIR_SIP_CALL_H

#include "base/error.h"

/* Values are NUL-terminated copies without leading and trailing white space; NULL: absent. */
struct stir_call {
    char *from, *to, *pai, *date, *request_uri, *call_id;
    char **identities; /* at most LIMIT_IDENTITIES + 1 are kept: then there are too many */
    size_t n_identities;
    char *body_type;
    char *body;
    size_t body_len;
    bool no_memory; /* a header could not be kept: the operation says so */
};

/* Fingerprints of an SDP body as the deterministic text of an mky claim; *mky is NULL where
   there are none. STIR_E_SYNTAX, STIR_E_NOMEM. R8225-5.2.2, R8224-4.1-9 */
int call_mky(const struct stir_call *call, char **mky, struct stir_error *error);

#endif
