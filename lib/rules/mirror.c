/* Do the header's parameters mirror the token's JOSE header (RFC 8224 section 4.1, A-18)? */
#include "rules/mirror.h"

#include <string.h>

#include "base/text.h"

/* Strangers' text in a sentence, or that it is absent. */
static const char *said(char room[SHOWN_SIZE], const char *text)
{
    return text == NULL ? "absent" : shown(room, text, strlen(text));
}

static int refuse(int code, const char *parameter, const char *value, const char *member,
                  const char *wanted, struct stir_error *error)
{
    char first[SHOWN_SIZE], second[SHOWN_SIZE];

    return error_set(error, code,
                     "Identity parameter %s is %s, but %s in the token is %s (RFC 8224 section "
                     "4.1)",
                     parameter, said(first, value), member, said(second, wanted));
}

int mirror_check_ppt(const struct identity_header *header, const struct passport *passport,
                     struct warnings *warnings, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (header->ppt == NULL && passport->ppt == NULL)
        return 0;
    if (header->ppt == NULL)
        return warnings_add(
            warnings, WARNING_PPT_PARAMETER_MISSING,
            "Identity has no parameter ppt, but the token's ppt is %s (RFC 8224 "
            "section 4.1)",
            said(room, passport->ppt));
    if (passport->ppt != NULL && strcmp(header->ppt, passport->ppt) == 0)
        return 0;
    return refuse(STIR_CODE_PPT_MISMATCH, "ppt", header->ppt, "ppt", passport->ppt, error);
}

int mirror_check_alg(const struct identity_header *header, const struct passport *passport,
                     struct stir_error *error)
{
    const char *alg = header->alg != NULL ? header->alg : "ES256";

    if (passport->alg != NULL && strcmp(alg, passport->alg) == 0)
        return 0;
    return refuse(STIR_CODE_ALG_MISMATCH, "alg", alg, "alg", passport->alg, error);
}

int mirror_check_x5u(const struct identity_header *header, const struct passport *passport,
                     struct stir_error *error)
{
    if (passport->x5u == NULL && passport->x5c != NULL)
        return 0;
    if (header->info != NULL && passport->x5u != NULL
        && strcmp(header->info, passport->x5u) == 0)
        return 0;
    return refuse(STIR_CODE_X5U_MISMATCH, "info", header->info, "x5u", passport->x5u, error);
}
