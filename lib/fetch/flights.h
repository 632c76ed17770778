/*
 * One fetch of a URL at a time, whoever asks: who wants what is under way already waits for it.
 * Flights wait for a slot in turn, those of known hosts first; the loops of a verifier take them,
 * and what a loop that is no longer driven left behind another takes over. No I/O here, and no
 * clock: times are milliseconds of a monotonic one.
 *
 * Thread-safe. How it is used:
 *
 *   who wants:   flights_join(): 0, it waits; wake a loop. Or the host is left alone: fail.
 *   a loop:      flights_drive() on every dispatch, then flights_take() until NULL: begin the
 *                fetch (or, if flight->refused, finish it at once as failed), flight being what
 *                the callback gets; arm the timer by flights_due().
 *   its end:     cache_put() or cache_fail(), then flights_finish(): the waiters, to be served.
 */
#ifndef STIR_FETCH_FLIGHTS_H
#define STIR_FETCH_FLIGHTS_H

#include "fetch/cache.h"
#include "fetch/slots.h"

struct flights;

enum {
    /* Flights that wait for a slot, of known hosts and of strangers each. */
    FLIGHTS_WAITING = 1024,
    /* A loop not driven for so long has lost its flights: a worker looks at its loop on every
       turn, and a call waits some 300 ms. */
    FLIGHTS_LEASE_MS = 1000,
    /* A flight that waits for a slot, and that nobody waits for any more, goes after that. */
    FLIGHTS_ORPHAN_MS = 10 * 1000
};

/*
 * Who waits. It is part of what waits, which must stay until flights_leave() was true, or
 * flights_finish() handed it out and it was served: whichever of the two comes first. Zero
 * before flights_join().
 */
struct flight_waiter {
    struct flight_waiter *next; /* of those that finish hands out */
    struct flight_waiter **link;
    struct flight_record *record;
};

/* One fetch, as the loop that took it sees it. */
struct flight {
    enum fetch_kind kind;
    const char *url, *host;
    bool known;
    bool refused; /* the host is left alone: to be finished as failed, because of fault */
    struct slot_fault fault;
};

/* Who drives fetches: part of its owner. */
struct flight_loop {
    int64_t driven;
    struct flight_hold *holds;
};

/* NULL: out of memory. limits may be NULL. */
struct flights *flights_new(const struct slots_limits *limits);
/* Nobody waits any more, and no loop is in. */
void flights_free(struct flights *flights);

/*
 * Waits for the URL, and begins a flight where none is under way. waiter NULL: nobody waits
 * (refresh). host and known: of the URL, by url_authority() and cache_host_is_known(). 0: it joined
 * one; 1: it began one, which some loop must take; STIR_E_LIMIT: too many wait for a slot;
 * STIR_E_REFUSED: the host is left alone (*fault, which may be NULL): then nobody waits;
 * STIR_E_NOMEM.
 */
int flights_join(struct flights *flights, enum fetch_kind kind, const char *url,
                 const char *host, bool known, struct flight_waiter *waiter, int64_t now,
                 struct slot_fault *fault);
/* No longer waits; the flight goes on. False: finish has handed it out. */
bool flights_leave(struct flights *flights, struct flight_waiter *waiter);

void flights_enter(struct flights *flights, struct flight_loop *loop, int64_t now);
/* What it had taken waits again, first in turn. Its fetches must be cancelled before. */
void flights_exit(struct flights *flights, struct flight_loop *loop, int64_t now);
/* The loop is alive. */
void flights_drive(struct flights *flights, struct flight_loop *loop, int64_t now);
/* The next flight for this loop, which holds it until flights_finish(); NULL: none now. */
struct flight *flights_take(struct flights *flights, struct flight_loop *loop, int64_t now);
/* When flights_take() may give this loop what it does not give now, though nothing else happens;
   INT64_MAX: never. */
int64_t flights_due(struct flights *flights, const struct flight_loop *loop);
/*
 * It ended: its waiters, in the order in which they came, to be served; NULL: nobody waits, or
 * another loop took it over and finished before, or goes on with it since this one failed late.
 * The loop's hold ends: flight is not to be used after.
 */
struct flight_waiter *flights_finish(struct flights *flights, struct flight *flight,
                                     enum slot_end end, struct slot_fault fault, int64_t now);

struct flights_counts {
    size_t running, waiting;
    uint64_t begun, joined, taken_over, refused, full;
};
void flights_count(struct flights *flights, struct flights_counts *counts);

#endif
