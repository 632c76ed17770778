/* Every small change of an octet string, one after the other. */
#include "tests/mutate.h"

#include <stdlib.h>
#include <string.h>

struct mutating {
    const uint8_t *data;
    size_t len, n;
    void (*each)(void *arg, const struct mutation *mutation);
    void *arg;
};

/* len octets: those before from, then the rest from there on. */
static uint8_t *copy(const struct mutating *mutating, size_t before, size_t from, size_t len)
{
    uint8_t *data = malloc(len > 0 ? len : 1);

    if (data == NULL)
        abort();
    memcpy(data, mutating->data, before);
    memcpy(data + before, mutating->data + from, len - before);
    return data;
}

static void hand_over(struct mutating *mutating, const char *what, size_t at, uint8_t *data,
                      size_t len)
{
    mutating->each(mutating->arg, &(struct mutation){what, at, data, len});
    mutating->n++;
    free(data);
}

static void set(struct mutating *mutating, const char *what, size_t at, uint8_t octet)
{
    if (mutating->data[at] == octet)
        return;
    uint8_t *data = copy(mutating, 0, 0, mutating->len);
    data[at] = octet;
    hand_over(mutating, what, at, data, mutating->len);
}

static void turn_bits(struct mutating *mutating)
{
    for (size_t bit = 0; bit < mutating->len * 8; bit++) {
        uint8_t *data = copy(mutating, 0, 0, mutating->len);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        hand_over(mutating, "bit turned", bit, data, mutating->len);
    }
}

size_t mutate_each(const void *data, size_t len,
                   void (*each)(void *arg, const struct mutation *mutation), void *arg)
{
    struct mutating mutating = {data, len, 0, each, arg};

    turn_bits(&mutating);
    for (size_t i = 0; i < len; i++) {
        set(&mutating, "octet set to 0", i, 0);
        set(&mutating, "octet set to FF", i, 0xFF);
        hand_over(&mutating, "cut", i, copy(&mutating, 0, 0, i), i);
        if (i > 0 && mutating.data[i] == mutating.data[i - 1])
            continue;
        hand_over(&mutating, "octet taken out", i, copy(&mutating, i, i + 1, len - 1), len - 1);
        hand_over(&mutating, "octet twice", i, copy(&mutating, i + 1, i, len + 1), len + 1);
    }
    return mutating.n;
}
