/* Source keys crl and crl_anchors: revocation lists, and who may sign those for all. */
#ifndef STIR_SERVICE_CRL_SOURCES_H
#define STIR_SERVICE_CRL_SOURCES_H

#include "cert/crl_set.h"

/* Where a key's value is: path NULL: in data. All or nothing; 0, negative, or the enum stir_code
   of a certificate that can sign no lists. */
int crl_sources_add(struct crl_set *set, const char *path, const void *data, size_t len,
                    struct stir_error *error);
int crl_sources_add_signers(struct crl_set *set, const char *path, const void *data, size_t len,
                            struct stir_error *error);

#endif
