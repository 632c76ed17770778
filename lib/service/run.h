/*
 * struct run: a flight as one loop has it, from flights_take() to flights_finish(): fetched by the
 * library or served by the caller, by policy; what came is put into the memory, or read in slices,
 * and then all who waited are served.
 */
#ifndef STIR_SERVICE_RUN_H
#define STIR_SERVICE_RUN_H

#include <stdatomic.h>

#include "service/drive.h"

struct feed_arrival;
struct want;

struct run {
    struct drive *drive;
    struct run *next, **link;
    struct flight *flight;
    struct snapshot *snapshot;
    int64_t begun;     /* fetch_clock() */
    int64_t requested; /* the memory's clock */
    struct fetch *fetch;
    bool conditional;  /* it has validators: 304 may be the answer */
    struct want *want; /* with fetch=caller: what the application serves */
    bool offered;      /* it is not taken yet */
    atomic_bool ended; /* the application ended it */
    /* What came is being read; then it ends so. */
    struct feed_arrival *arrival;
    struct slot_fault fault;
};

/* Takes the flight, which may be over with that. */
void run_begin(struct drive *drive, struct flight *flight);
/* The flight is left to other loops. */
void run_free(struct run *run);
/* Each of these may end it, and free it. */
void run_look_after(struct run *run); /* what the caller serves */
bool run_read(struct run *run);       /* a slice of what came; true: there is more */
/* What the caller is to serve, once; NULL: there is nothing of the kind, or he has it. */
struct stir_want *run_want(struct run *run);
/* When it is to be looked after; 0: now; INT64_MAX: never. */
int64_t run_due(const struct run *run);

/* Serves those who waited for flights that are over, at most *n; the first to end go first. */
void run_serve_rests(struct drive *drive, size_t *n);

#endif
