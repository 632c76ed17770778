/* What came of a list's URL: refused, known already, or in force from now on. */
#ifndef STIR_SERVICE_FEED_ARRIVAL_H
#define STIR_SERVICE_FEED_ARRIVAL_H

#include "service/verifier.h"

/* A response of any status. */
void feed_arrival_put(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                      const struct cache_response *response);
/* The same, as a want of the caller's own client came back. */
void feed_arrival_put_hit(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                          const struct cache_hit *hit);
void feed_arrival_fail(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                       enum stir_failure why, const char *sentence);

#endif
