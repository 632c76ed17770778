/* Is the token this call's (R8224-6.2.4-1, R8225-10.1-1, A-27)? */
#include "rules/compare.h"

#include <string.h>

#include "base/text.h"

static bool same(const struct passport_identity *claimed, const struct identity *actual)
{
    return identity_equal(claimed->is_tn, claimed->text, actual->is_tn, actual->text);
}

int compare_orig(const struct passport *passport, const struct identity *caller,
                 struct stir_error *error)
{
    char token[SHOWN_SIZE], call[SHOWN_SIZE];

    if (same(&passport->orig, caller))
        return 0;
    return error_set(error, STIR_CODE_ORIG_MISMATCH,
                     "orig of the token is %s %s, but the call is from %s (RFC 8224 section "
                     "6.2.4)",
                     passport->orig.is_tn ? "tn" : "uri",
                     shown(token, passport->orig.text, strlen(passport->orig.text)),
                     shown(call, caller->text, strlen(caller->text)));
}

int compare_dest(const struct passport *passport, const struct identity *called,
                 struct stir_error *error)
{
    char token[SHOWN_SIZE] = "nobody", call[SHOWN_SIZE];

    for (size_t i = 0; i < passport->n_dest; i++)
        if (same(&passport->dest[i], called))
            return 0;
    if (passport->n_dest > 0)
        shown(token, passport->dest[0].text, strlen(passport->dest[0].text));
    return error_set(error, STIR_CODE_DEST_MISMATCH,
                     "dest of the token is %s%s, but the call is to %s (RFC 8225 section 10.1)",
                     token, passport->n_dest > 1 ? " and others" : "",
                     shown(call, called->text, strlen(called->text)));
}
