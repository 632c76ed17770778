/*
 * struct drive: a loop that takes flights and brings what their URLs have: from the network, or by
 * the caller's own client where policy says so. What came goes into the memory and to all who
 * wait, in whichever loop or thread they are; then it looks for what is to be refreshed.
 *
 * One thread at a time uses a drive; drive_wake() is for any.
 */
#ifndef STIR_SERVICE_DRIVE_H
#define STIR_SERVICE_DRIVE_H

#include "fetch/fetch.h"
#include "fetch/flights.h"
#include "service/verifier.h"
#include "service/watch.h"

struct run;
struct rest;

struct drive {
    struct stir_verifier *verifier;
    struct memory *memory;
    struct fetch_loop *loop;
    struct flight_loop flights;
    struct run *runs;   /* flights that this loop has taken */
    struct rest *rests; /* those who waited for one that is over, and are not served yet */
    size_t servings;    /* of such that are left to this dispatch */
    int64_t driven;     /* when last; fetch_clock() */
    int64_t resumed;    /* when it was last driven again after a pause; 0: never */
    int64_t next_upkeep;
    struct watch watch;
    bool waits;       /* who drives it may wait for a disk */
    bool reads_first; /* since there was no time left for reading */
};

/* 0, or as fetch_loop_new() has it. waits: who drives it may wait for a disk, as an event loop may
   not. The verifier outlives it. */
int drive_open(struct drive *drive, struct stir_verifier *verifier, bool waits,
               struct stir_error *error);
/* What it had taken is left to other loops. */
void drive_close(struct drive *drive);
/* Does what is due without waiting, begins nothing that may take long from `until` on, and is due
   again (its loop's descriptor) by `alarm`, if not before. */
void drive_dispatch(struct drive *drive, int64_t until, int64_t alarm);
/* For how long, in milliseconds: of the 20 for which an event loop may be held up, since the
   last that is begun takes its time, too: a handshake 3 ms, a step of an operation 4, a trusted
   list 10. */
enum { DISPATCH_MS = 6 };
void drive_wake(struct drive *drive); /* [any thread] */
/* Is something under way or waiting, of this drive or of any other? */
bool drive_is_busy(const struct drive *drive);
/* With fetch=caller: the next want that is the application's to serve, and end; NULL: none. */
struct stir_want *drive_want(struct drive *drive);

#endif
