/* A count that any thread adds to at any time. It lies in several places, of which each processor
   has its own as long as there are no more than that, lest all fetch one line of the processor's
   cache from each other. */
#ifndef STIR_BASE_TALLY_H
#define STIR_BASE_TALLY_H

#include <stdint.h>

enum { TALLY_PLACES = 16 };

/* All zero is none. */
struct tally {
    struct {
        _Atomic uint64_t n;
        char apart[56];
    } places[TALLY_PLACES];
};

void tally_add(struct tally *tally);
void tally_take(struct tally *tally); /* one less */
uint64_t tally_sum(struct tally *tally);

#endif
