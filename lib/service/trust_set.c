/* Anchors, trusted lists and revocation lists as one. */
#include "service/trust_set.h"

void trust_set_free(struct trust_set *set)
{
    anchors_free(&set->anchors);
    trusted_lists_free(&set->trusted);
    crl_set_free(&set->crls);
}

int trust_set_copy(struct trust_set *to, const struct trust_set *from)
{
    *to = (struct trust_set){0};
    int rc = anchors_copy(&to->anchors, &from->anchors);

    if (rc == 0)
        rc = trusted_lists_copy(&to->trusted, &from->trusted);
    return rc == 0 ? crl_set_copy(&to->crls, &from->crls) : rc;
}

int trust_set_check_succession(const struct trust_set *next, const struct trust_set *before,
                               struct stir_error *error)
{
    int rc = crl_set_check_succession(&next->crls, &before->crls, error);

    return rc == 0 ? trusted_lists_check_succession(&next->trusted, &before->trusted, error)
                   : rc;
}
