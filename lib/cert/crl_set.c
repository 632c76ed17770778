/* The revocation lists of a configuration. */
#include "cert/crl_set.h"

#include <stdlib.h>

void crl_set_free(struct crl_set *set)
{
    free(set->lists);
    anchors_free(&set->signers);
    *set = (struct crl_set){0};
}

int crl_set_copy(struct crl_set *to, const struct crl_set *from)
{
    *to = (struct crl_set){0};
    return anchors_copy(&to->signers, &from->signers);
}
