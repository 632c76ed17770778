/*
 * Tokens seen (policy replay, RFC 8224 section 12.1, R8224-12.1-1): one that was valid for a call
 * does not serve another.
 *
 * A token is known by SHA-256 of what is signed and the r of its signature: anybody can make the
 * same token with another s (n - s), or in compact form, but not with another r. A call is known by
 * its Call-ID, so that a forked or repeated INVITE is the same one. Only tokens whose verdict is
 * valid are remembered, so that nobody without a credential takes room, or spoils somebody's
 * token by showing it before. Bounded (LIMIT_REPLAYS): beyond that the ones longest seen go; a
 * token that is no longer fresh is refused before anybody asks here. [any thread]
 */
#ifndef STIR_SERVICE_REPLAY_H
#define STIR_SERVICE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "token/jws.h"

struct replay;

struct replay *replay_new(void); /* NULL: out of memory */
/* Makes room for tokens, before the first is asked about: 2 MB, which who does not want this does
   not need. 0 or STIR_E_NOMEM. */
int replay_prepare(struct replay *replay);
void replay_free(struct replay *replay);

/* Which token, in which call. */
struct replay_key {
    uint8_t token[64], call[32];
};

/* 0 or STIR_E_INTERNAL. The token is whole, or rebuilt. */
int replay_key_of(struct replay_key *key, const struct jws *jws, const char *call_id);
/* Was it valid in another call? */
bool replay_is_known(struct replay *replay, const struct replay_key *key);
/* It is valid in this call: remembers that. 0; 1: another call was first; STIR_E_NOMEM. */
int replay_claim(struct replay *replay, const struct replay_key *key);

#endif
