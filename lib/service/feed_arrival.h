/* What came of a list's URL: refused, known already, or in force from now on. */
#ifndef STIR_SERVICE_FEED_ARRIVAL_H
#define STIR_SERVICE_FEED_ARRIVAL_H

#include "service/verifier.h"

/* What is being read: it holds what it needs. */
struct feed_arrival;

/* A response of any status. What is to be read of it in steps, so that a list of a million
   entries does not hold up a loop; NULL: nothing, it is known already, or refused. */
struct feed_arrival *feed_arrival_put(struct stir_verifier *verifier, enum fetch_kind kind,
                                      const char *url, const struct cache_response *response);
/* The same, as a want of the caller's own client came back (retrieval_put()). */
struct feed_arrival *feed_arrival_put_hit(struct stir_verifier *verifier, enum fetch_kind kind,
                                          const char *url, const struct cache_hit *hit);
/* The same of what a file of the operator's holds. */
struct feed_arrival *feed_arrival_put_file(struct stir_verifier *verifier, enum fetch_kind kind,
                                           const char *path, struct body *body);
/* True: there is more to do than that budget (base/budget.h); false: it is in force, or
   refused, for the configuration of that moment. */
bool feed_arrival_step(struct feed_arrival *arrival, size_t budget);
void feed_arrival_free(struct feed_arrival *arrival); /* at any time; NULL is fine */
void feed_arrival_fail(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                       enum stir_failure why, const char *sentence);

/* Takes what the cache's file has of URLs that gave nothing yet, as if it had just been fetched. */
void feed_arrival_recall(struct stir_verifier *verifier);

#endif
