/* struct stir_verifier: which snapshot of a configuration is in force. */
#ifndef STIR_SERVICE_VERIFIER_H
#define STIR_SERVICE_VERIFIER_H

#include "cert/anchors.h"
#include "service/policy.h"
#include "spc/spc.h"

/* A configuration as operations see it: immutable, shared by reference. */
struct snapshot {
    struct policy policy;
    struct anchors anchors;
    struct spc_source *spc; /* NULL: no data, every answer is unknown */
    const struct es256_provider *es256;
};

/* The one in force: a reference of the caller's. STIR_E_FORKED, STIR_E_ARGUMENT (verifier is
   NULL): NULL. */
struct snapshot *verifier_snapshot(struct stir_verifier *verifier, struct stir_error *error);
void snapshot_free(struct snapshot *snapshot);
/* Default policy, no anchors, no data: where a caller has no verifier. NULL: out of memory. */
struct snapshot *snapshot_default(void);

#endif
