/* JWS compact serialisation (RFC 7515), as PASSporTs use it: H.P.S, or compact ..S. */
#ifndef STIR_TOKEN_JWS_H
#define STIR_TOKEN_JWS_H

#include "base/error.h"

/* All zero is none. Owns its text. */
struct jws {
    char *token;            /* as received; for a compact one, as rebuilt */
    size_t signing_len;     /* how much of token is signed: header . payload */
    char *header, *payload; /* decoded, NUL-terminated behind their lengths */
    size_t header_len, payload_len;
    uint8_t signature[64];
    bool compact; /* ..S: header and payload are NULL until rebuilt */
};

/* 0, STIR_CODE_TOKEN_SYNTAX (R7515-1, R7515-3, LIMIT_TOKEN; error names segment and offset) or
   STIR_E_NOMEM. */
int jws_parse(const char *token, size_t len, struct jws *jws, struct stir_error *error);
/* The same of up to limit octets: of what is no token of a call. */
int jws_parse_long(const char *token, size_t len, size_t limit, struct jws *jws,
                   struct stir_error *error);
/* Fills a compact one with the header and payload made from the call (R8225-7-1). */
int jws_rebuild(struct jws *jws, const char *header, const char *payload);
void jws_free(struct jws *jws);
/* The whole token, or ..S, of these and a signature: for free(3). */
char *jws_write(const char *signing_input, const uint8_t signature[64], bool compact);
/* base64url(header) . base64url(payload): for free(3). */
char *jws_signing_input(const char *header, const char *payload);

#endif
