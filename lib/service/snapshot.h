/* struct snapshot: a configuration as operations see it, shared by reference and immutable. An
   operation keeps the one it began with. */
#ifndef STIR_SERVICE_SNAPSHOT_H
#define STIR_SERVICE_SNAPSHOT_H

#include <stdatomic.h>

#include "cert/anchors.h"
#include "cert/crl_set.h"
#include "rules/decisions.h"
#include "service/crl_feeds.h"
#include "service/hooks.h"
#include "service/policy.h"
#include "service/trusted_sources.h"
#include "service/signers.h"
#include "spc/spc.h"

struct fetch_policy;

struct snapshot {
    atomic_uint references;
    uint64_t epoch; /* no two of a memory's have the same one; later ones have larger ones */
    struct policy policy;
    struct anchors anchors; /* those of trusted lists, too */
    struct trusted_lists trusted;
    struct crl_set crls;    /* as configured */
    struct crl_force force; /* with what URLs gave: changes behind calls */
    struct spc_source *spc; /* NULL: no data, every answer is unknown */
    const struct es256_provider *es256;
    struct decisions decisions;
    struct hooks *hooks;        /* NULL: none */
    struct signers *signers;    /* NULL: nobody wants to know who was seen */
    struct fetch_policy *fetch; /* what may be fetched, from where */
};

/* NULL: out of memory. */
struct snapshot *snapshot_new(const struct stir_config *config, uint64_t epoch);
/* The record of signers that the configuration asks for: that of the snapshot before (or NULL)
   where it is the same, so that nothing is forgotten. 0 or what signers_new() failed with. */
int snapshot_add_signers(struct snapshot *snapshot, const struct stir_config *config,
                         const struct snapshot *before, struct stir_error *error);
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);
/* Default policy, no anchors, no data: where a caller has no verifier. NULL: out of memory. */
struct snapshot *snapshot_default(void);

#endif
