/* stir_verifier_list(): what a verifier holds, as rows. */
#include "service/anchor_rows.h"
#include "service/cache_rows.h"
#include "service/crl_rows.h"
#include "service/verifier.h"

struct stir_rows *stir_verifier_list(const struct stir_verifier *verifier,
                                     enum stir_listing listing, struct stir_error *error)
{
    struct stir_rows *rows = NULL;

    error_clear(error);
    struct snapshot *snapshot = verifier_snapshot(verifier, error);
    if (snapshot == NULL)
        return NULL;
    switch (listing) {
    case STIR_LIST_SIGNERS:
        rows = signers_rows(snapshot->signers, &snapshot->decisions);
        if (rows == NULL)
            error_no_memory(error);
        break;
    case STIR_LIST_ANCHORS:
        rows = anchor_rows(snapshot, verifier->memory, error);
        break;
    case STIR_LIST_STATS:
        rows = stats_rows(verifier->memory, error);
        break;
    case STIR_LIST_CACHE:
        rows = cache_rows(verifier->memory, &snapshot->policy.cache, error);
        break;
    case STIR_LIST_CRLS:
        rows = crl_rows(snapshot, &verifier->memory->feeds, error);
        break;
    default:
        error_set(error, STIR_E_ARGUMENT, "%d is no listing", (int)listing);
    }
    snapshot_free(snapshot);
    return rows;
}
