/* What came of a revocation list's URL, for the configuration in force at that moment. */
#ifndef STIR_SERVICE_CRL_ARRIVAL_H
#define STIR_SERVICE_CRL_ARRIVAL_H

#include "service/verifier.h"

/* A response of any status. */
void crl_arrival_put(const struct stir_verifier *verifier, const char *url,
                     const struct cache_response *response);
/* The same, as a want of the caller's own client came back. */
void crl_arrival_put_hit(const struct stir_verifier *verifier, const char *url,
                         const struct cache_hit *hit);
void crl_arrival_fail(const struct stir_verifier *verifier, const char *url,
                      enum stir_failure why, const char *sentence);

#endif
