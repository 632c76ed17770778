/* struct snapshot: a configuration as operations see it, shared by reference and immutable. An
   operation keeps the one it began with. */
#ifndef STIR_SERVICE_SNAPSHOT_H
#define STIR_SERVICE_SNAPSHOT_H

#include <stdatomic.h>

#include "rules/decisions.h"
#include "service/feed_urls.h"
#include "service/hooks.h"
#include "service/policy.h"
#include "service/signers.h"
#include "service/trust_set.h"
#include "spc/spc.h"

struct fetch_policy;

struct snapshot {
    atomic_uint references;
    uint64_t epoch; /* which anchors and policy: what came in force later has a larger one */
    struct policy policy;
    struct trust_set configured;
    struct feed_urls urls;     /* where more lists are */
    struct trust_set in_force; /* with what those gave (enforce.h) */
    struct spc_source *spc;    /* NULL: no data, every answer is unknown */
    const struct es256_provider *es256;
    struct decisions decisions;
    struct hooks *hooks;        /* NULL: none */
    struct signers *signers;    /* NULL: nobody wants to know who was seen */
    struct fetch_policy *fetch; /* what may be fetched, from where */
};

/* Nothing is in force yet. NULL: out of memory. */
struct snapshot *snapshot_new(const struct stir_config *config);
/* The same configuration, for something else in force. NULL: out of memory. */
struct snapshot *snapshot_copy(const struct snapshot *of);
/* The record of signers that the configuration asks for: that of the snapshot before (or NULL)
   where it is the same, so that nothing is forgotten. 0 or what signers_new() failed with. */
int snapshot_add_signers(struct snapshot *snapshot, const struct stir_config *config,
                         const struct snapshot *before, struct stir_error *error);
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);
/* Default policy, no anchors, no data: where a caller has no verifier. NULL: out of memory. */
struct snapshot *snapshot_default(void);

#endif
