/* struct trust_set: by whom, and by which lists, calls are judged: as configured, or as it is in
   force with what URLs gave. Immutable once filled. */
#ifndef STIR_SERVICE_TRUST_SET_H
#define STIR_SERVICE_TRUST_SET_H

#include "cert/crl_set.h"
#include "service/trusted_sources.h"

/* All zero is none. */
struct trust_set {
    struct anchors anchors; /* in force: those of trusted lists, too */
    struct trusted_lists trusted;
    struct crl_set crls;
};

void trust_set_free(struct trust_set *set);
/* A copy that shares lists and certificates. 0 or STIR_E_NOMEM; to is then for trust_set_free(). */
int trust_set_copy(struct trust_set *to, const struct trust_set *from);
/* May next take before's place: does neither a CRL's number nor a trusted list's sequence go back?
   0, STIR_E_REFUSED, or negative. */
int trust_set_check_succession(const struct trust_set *next, const struct trust_set *before,
                               struct stir_error *error);

#endif
