/* SipHash-2-4: a hash of 64 bits that nobody who lacks the key can make collide. For tables whose
   keys strangers choose; a digest it is not. */
#ifndef STIR_BASE_KEYED_HASH_H
#define STIR_BASE_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { KEYED_HASH_KEY_SIZE = 16 };

uint64_t keyed_hash(const uint8_t key[KEYED_HASH_KEY_SIZE], const void *data, size_t len);

#endif
