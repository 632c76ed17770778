/* A compact token's header and payload, rebuilt from the call (RFC 8224 section 4.1.1 and 6.2,
   RFC 8225 section 7). */
#ifndef STIR_RULES_COMPACT_H
#define STIR_RULES_COMPACT_H

#include "sip/call.h"
#include "sip/identity_header.h"
#include "sip/uri.h"
#include "token/jws.h"

/* STIR_CODE_COMPACT_NOT_ALLOWED: a ppt whose claims SIP does not carry (R8588-3). */
int compact_check_allowed(const struct identity_header *header, struct stir_error *error);
/*
 * Fills jws. orig is the caller, dest the identity in To (not the Request-URI), either NULL
 * where the call has none. STIR_CODE_COMPACT_NOT_REBUILDABLE: no Date, no caller, no To, a Date
 * that is none, a broken SDP.
 */
int compact_rebuild(struct jws *jws, const struct identity_header *header,
                    const struct identity *orig, const struct identity *dest,
                    const struct stir_call *call, struct stir_error *error);
/* {"dest":...,"iat":...,"orig":...} with mky where it is not NULL: for free(3). */
char *compact_payload(const struct identity *orig, const struct identity *dest, size_t n_dest,
                      int64_t iat, const char *mky);

#endif
