/* SipHash-1-3: a hash of 64 bits that nobody who lacks the key can make collide. For tables
   whose keys strangers choose, who never see a hash (else there would have to be 2-4, for twice
   the time); a digest it is not. */
#ifndef STIR_BASE_KEYED_HASH_H
#define STIR_BASE_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { KEYED_HASH_KEY_SIZE = 16 };

uint64_t keyed_hash(const uint8_t key[KEYED_HASH_KEY_SIZE], const void *data, size_t len);

#endif
