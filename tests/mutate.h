/* Every small change of an octet string, one after the other. */
#ifndef STIR_TESTS_MUTATE_H
#define STIR_TESTS_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* What was done to the octet, or bit, at: "bit 12 turned", "octet 3 twice". */
struct mutation {
    const char *what;
    size_t at;
    const uint8_t *data; /* exactly len octets on the heap, so that a sanitizer sees the end */
    size_t len;
};

/* Each with one bit turned; one octet set to 0 and to FF (where that is a change), taken out or
   written twice (an octet like the one before it only once); cut at every length. Returns how
   many there were. */
size_t mutate_each(const void *data, size_t len,
                   void (*each)(void *arg, const struct mutation *mutation), void *arg);

#endif
