/* struct stir_verifier: which snapshot of a configuration is in force, and the memory that stays
   when another takes its place. */
#ifndef STIR_SERVICE_VERIFIER_H
#define STIR_SERVICE_VERIFIER_H

#include <pthread.h>
#include <sys/types.h>

#include "service/keeper.h"
#include "service/memory.h"
#include "service/snapshot.h"

struct stir_verifier {
    pid_t process;        /* that made it: a child's copy of a lock may be held by nobody */
    pthread_mutex_t lock; /* of current */
    struct snapshot *current;
    struct memory *memory; /* the same from first to last */
    struct keeper *keeper; /* its own loop, for those who block */
};

/* STIR_E_ARGUMENT, STIR_E_FORKED. */
int verifier_check(const struct stir_verifier *verifier, struct stir_error *error);
/* The one in force: a reference of the caller's. NULL: STIR_E_ARGUMENT, STIR_E_FORKED. */
struct snapshot *verifier_snapshot(const struct stir_verifier *verifier,
                                   struct stir_error *error);

#endif
