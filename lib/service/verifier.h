/* struct stir_verifier: which snapshot of a configuration is in force, and the bodies that were
   supplied. */
#ifndef STIR_SERVICE_VERIFIER_H
#define STIR_SERVICE_VERIFIER_H

#include <stdatomic.h>

#include "cert/anchors.h"
#include "fetch/body.h"
#include "cert/crl_set.h"
#include "service/path_cache.h"
#include "service/policy.h"
#include "spc/spc.h"

/* A configuration as operations see it: immutable but for what it has found out, shared by
   reference. */
struct snapshot {
    atomic_uint references;
    struct policy policy;
    struct anchors anchors;
    struct crl_set crls;
    struct spc_source *spc; /* NULL: no data, every answer is unknown */
    const struct es256_provider *es256;
    struct path_cache *paths; /* NULL: none are kept */
};

/* The one in force: a reference of the caller's. NULL: STIR_E_ARGUMENT, STIR_E_FORKED. */
struct snapshot *verifier_snapshot(const struct stir_verifier *verifier,
                                   struct stir_error *error);
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);
/* Default policy, no anchors, no data: where a caller has no verifier. NULL: out of memory. */
struct snapshot *snapshot_default(void);

/* What was supplied for a URL, or for every URL: a reference; NULL: nothing. */
struct body *verifier_body(const struct stir_verifier *verifier, const char *url);

#endif
