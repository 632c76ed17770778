/*
 * The revocation lists of a configuration, and the certificates that sign those of other
 * authorities. Immutable once filled.
 */
#ifndef STIR_CERT_CRL_SET_H
#define STIR_CERT_CRL_SET_H

#include "cert/anchors.h"

struct crl;

struct crl_set {
    struct crl **lists;
    size_t n;
    struct anchors signers; /* crl_anchors */
};

void crl_set_free(struct crl_set *set);
/* A copy that shares lists and certificates. */
int crl_set_copy(struct crl_set *to, const struct crl_set *from);

#endif
