/* SipHash-1-3 (Aumasson, Bernstein: SipHash, a fast short-input PRF, 2012). */
#include "base/keyed_hash.h"

#include <endian.h>
#include <string.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

/* Up to eight octets as a number, the least first. */
static inline uint64_t word_of(const uint8_t *octets, size_t len)
{
    uint64_t word = 0;

    memcpy(&word, octets, len);
    return le64toh(word);
}

static inline void round_of(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void compress(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    round_of(s);
    s->v0 ^= word;
}

/* What is left after whole words; read as one with octets before it, where there are some: written
   one by one and then read at once, they would hold the processor up. */
static inline uint64_t rest_of(const uint8_t *octets, size_t len)
{
    const size_t rest = len % 8;

    if (rest == 0 || len < 8)
        return word_of(octets, rest);
    return word_of(octets + len - 8, 8) >> (64 - 8 * rest);
}

uint64_t keyed_hash(const uint8_t key[KEYED_HASH_KEY_SIZE], const void *data, size_t len)
{
    const uint8_t *octets = data;
    const uint64_t k0 = word_of(key, 8), k1 = word_of(key + 8, 8);
    struct state s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                      k1 ^ 0x7465646279746573};
    size_t whole = len - len % 8;

    for (size_t i = 0; i < whole; i += 8)
        compress(&s, word_of(octets + i, 8));
    compress(&s, rest_of(octets, len) | (uint64_t)len << 56);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        round_of(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
