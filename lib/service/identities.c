/* What a header value, a URI or a dialled number canonically names, by an operator's policy. */
#include <string.h>

#include "service/verifier.h"
#include "sip/uri.h"

char *stir_identity_canonical(const struct stir_verifier *verifier, const char *value,
                              size_t len, struct stir_error *error)
{
    struct snapshot *snapshot = NULL;
    struct identity identity = {0};

    error_clear(error);
    if (value == NULL) {
        error_null(error, "value");
        return NULL;
    }
    if (len == STIR_NUL)
        len = strlen(value);
    if (verifier != NULL)
        snapshot = verifier_snapshot(verifier, error);
    else if ((snapshot = snapshot_default()) == NULL)
        error_no_memory(error);
    if (snapshot != NULL)
        identity_canonical(value, len, snapshot->policy.numeric_user_is_tn,
                           snapshot->policy.number_plan, &identity, error);
    snapshot_free(snapshot);
    return identity.text;
}
