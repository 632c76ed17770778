/*
 * struct errand: a want that waits for a flight. Whoever drives the operation sends it and, when
 * the operation is over, takes it back; whichever loop ends the flight serves it.
 */
#ifndef STIR_SERVICE_ERRAND_H
#define STIR_SERVICE_ERRAND_H

#include "fetch/flights.h"
#include "service/op.h"

struct errand;

/* The errands of one operation, by whoever drives it. */
struct errands {
    struct errand *first;
};

/*
 * Sends for all that the operation wants by now: from the memory's flights, or to nobody where
 * policy says that nobody fetches; a want that cannot be sent ends at once, and tells so through
 * op_on_end(). True: a loop has something new to take.
 */
bool errands_send(struct errands *errands, struct stir_op *op);
/* The operation is over: its wants end, what is under way goes on for later calls. */
void errands_take_back(struct errands *errands, struct memory *memory);
/* What there is for a URL whose host is left alone, since it failed so a moment ago: an old copy,
   if policy has a use for it, or that failure. hit is to be cleared. */
void errand_refused(struct memory *memory, enum fetch_kind kind, const char *url,
                    struct slot_fault fault, struct cache_hit *hit);
/* Serves those that flights_finish() handed out with what came, but no more than *n, of which
   it takes off how many they were. Those that are left. */
struct flight_waiter *errands_serve(struct flight_waiter *waiters, const struct cache_hit *hit,
                                    size_t *n);

#endif
