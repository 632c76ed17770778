/* base/keyed_hash: against what openssl mac prints with c-rounds:1 and d-rounds:3, and the first of
   the vectors of Rust's standard library, which hashes by it. */
#include <criterion/criterion.h>

#include "base/keyed_hash.h"

/* Key 00 01 ... 0f; messages 00 01 ... of each length. */
static const struct {
    size_t len;
    uint64_t hash;
} vectors[] = {
    {0, 0xabac0158050fc4dc},  {1, 0xc9f49bf37d57ca93},  {2, 0x82cb9b024dc7d44d},
    {3, 0x8bf80ab8e7ddf7fb},  {7, 0xd3927d989bb11140},  {8, 0x369095118d299a8e},
    {14, 0x605aa111c0f95d34}, {15, 0xd320d86d2a519956}, {63, 0x9d199062b7bbb3a8},
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
