/*
 * Turns: what many want and one works at, a step at a time.
 *
 * A turn lasts as long as one step of work, and is never held between steps or by what waits for
 * the network. So who finds it taken waits for that one step, looks again, and takes the next turn;
 * and if somebody has that before him, he goes away and comes back later, rather than wait for all
 * who stand before him.
 */
#ifndef STIR_SERVICE_TURNS_H
#define STIR_SERVICE_TURNS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Zero before, and part of whoever takes one. */
struct turn {
    struct turn *next;
    const uint8_t *digest; /* of what is worked at */
    uint64_t epoch;        /* under what */
    uint64_t serial;
    bool taken;
};

struct turns {
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t left;
    struct turn *first;
    uint64_t taken, waited; /* how often */
};

enum turn_end {
    TURN_TAKEN,
    TURN_WAITED, /* for another's turn, which is over: to look for what came of it */
    TURN_BUSY    /* another has it */
};

void turns_init(struct turns *turns);
void turns_free(struct turns *turns);
/* waits: while another has the turn that is taken now; otherwise that is BUSY. Of one that is
   taken, digest must last until turns_leave(). */
enum turn_end turns_take(struct turns *turns, const uint8_t *digest, uint64_t epoch, bool waits,
                         struct turn *turn);
/* Fine where none was taken. */
void turns_leave(struct turns *turns, struct turn *turn);
void turns_count(struct turns *turns, uint64_t *taken, uint64_t *waited);

#endif
