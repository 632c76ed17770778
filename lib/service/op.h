/*
 * What drives an operation (fetcher, stir_verify()) knows of it beyond stir.h.
 *
 * How it is driven: op_step() until it is not STIR_WANT; meanwhile each want that
 * stir_op_want() hands out (want_of() has it as ours) is put into a flight, and is ended by
 * want_end() when the flight is. op_on_end() tells when another step is worth while; so does
 * op_is_reading() after each.
 *
 * A step spends BUDGET_STEP (base/budget.h, memory.h), whatever came, so that whoever steps it
 * is not held up longer than some milliseconds. Usual certificates take one. What is not done
 * then goes on with the next step.
 */
#ifndef STIR_SERVICE_OP_H
#define STIR_SERVICE_OP_H

#include "service/memory.h"
#include "service/snapshot.h"
#include "service/want.h"

/* Borrowed: they live as long as the operation, and longer by a reference. */
struct memory *op_memory(const struct stir_op *op);
struct snapshot *op_snapshot(const struct stir_op *op);
/* 0: it is done; STIR_WANT; negative: it cannot be done, and never will be. */
int op_step(struct stir_op *op, struct stir_error *error);
/* Of one that was stepped: it is in the middle of something, and is to be stepped again though no
   want ends. */
bool op_is_reading(const struct stir_op *op);
/* And nothing else: what it wants, if anything, has come. */
bool op_is_only_reading(struct stir_op *op);
/*
 * Of one whose time is up, before each further step: may it take that? What came by then is judged,
 * even with no time at all, unless it takes longer than GRACE_STEPS; what is still to come is not
 * waited for. False: it is over, stir_op_expire().
 */
enum { GRACE_STEPS = 32 };
bool op_may_go_on(struct stir_op *op);
/* Stepping it again would do nothing. */
bool op_is_done(const struct stir_op *op);
/*
 * ended(arg) is called for every want of the operation that ends from now on, those that it makes
 * later included, in the thread that ends it and under the want's lock: it may note and wake, and
 * must not call anything of the operation or its wants. ended NULL: no longer; when this returns,
 * it is not being called any more.
 */
void op_on_end(struct stir_op *op, void (*ended)(void *arg), void *arg);
/* The result, no longer the operation's; the operation can then only be freed. NULL: not done. */
struct stir_result *op_take_result(struct stir_op *op);

#endif
