/* base/keyed_hash: against the vector of its paper (appendix A) and what openssl mac prints. */
#include <criterion/criterion.h>

#include "base/keyed_hash.h"

/* Key 00 01 ... 0f; messages 00 01 ... of each length. */
static const struct {
    size_t len;
    uint64_t hash;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd},  {2, 0x0d6c8009d9a94f5a},
    {3, 0x85676696d7fb7e2d},  {7, 0xab0200f58b01d137},  {8, 0x93f5f5799a932462},
    {14, 0xf723ca908e7af2ee}, {15, 0xa129ca6149be45e5},
};

Test(keyed_hash, published)
{
    uint8_t key[KEYED_HASH_KEY_SIZE], message[64];

    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(keyed_hash(key, message, vectors[i].len), vectors[i].hash,
                     "%zu octets: %llx", vectors[i].len,
                     (unsigned long long)keyed_hash(key, message, vectors[i].len));
}

/* One bit of the key changes it. */
Test(keyed_hash, key)
{
    uint8_t key[KEYED_HASH_KEY_SIZE] = {0};
    uint64_t before = keyed_hash(key, "https://a.example/c.pem", 23);

    for (size_t bit = 0; bit < 128; bit++) {
        key[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_expect_neq(keyed_hash(key, "https://a.example/c.pem", 23), before, "bit %zu", bit);
        key[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
