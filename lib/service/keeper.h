/*
 * struct keeper: a verifier's own loop, for those who block. One of them drives it, the others
 * wait, and when he is done another takes over; a thread drives it for good where one was asked
 * for.
 *
 * Locks: a want's lock is taken before the keeper's (a want tells of its end), never after.
 */
#ifndef STIR_SERVICE_KEEPER_H
#define STIR_SERVICE_KEEPER_H

#include "base/error.h"

struct keeper;
struct stir_verifier;

/* Opens no descriptor yet. NULL: out of memory. */
struct keeper *keeper_new(struct stir_verifier *verifier);
/* Ends its thread. In a child of the process that made it, nothing of the loop is touched. */
void keeper_free(struct keeper *keeper);

#endif
