/*
 * Names compared as RFC 5280 section 7.1 has it: attribute by attribute, strings of ASCII and
 * UTF-8 whatever their type, without regard to case (of ASCII) and to how many blanks there are.
 * A revocation that is missed for the type of a string would be a certificate that passes.
 */
#ifndef STIR_CERT_NAME_CANONICAL_H
#define STIR_CERT_NAME_CANONICAL_H

#include "base/der.h"
#include "crypto/digest.h"

/* Writes the canonical form of a Name, which is never longer than it, to room; returns its
   octets. What is no Name is copied as it is. Two names are one where their forms are. */
size_t name_canonical(struct der name, uint8_t *room);
/* Both are at most LIMIT_NAME octets; a longer one is only itself. */
bool name_canonical_equal(struct der a, struct der b);
/* SHA-256 of it, where one name is compared with many. 0 or STIR_E_INTERNAL. */
int name_canonical_digest(struct der name, uint8_t digest[DIGEST_SHA256_SIZE]);

#endif
