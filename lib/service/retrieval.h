/*
 * What came of a URL: from what was supplied, from the cache, from a response. The one way in
 * which bodies get into wants and into the cache, by hand (stir_want_put()) and by flights alike.
 *
 * A struct cache_hit says it: FRESH or STALE with the body; FAILED; and MISS or OLD where somebody
 * has to fetch it. Of a flight: retrieval_put() or retrieval_fail() once, then want_end() of every
 * waiter with the hit.
 */
#ifndef STIR_SERVICE_RETRIEVAL_H
#define STIR_SERVICE_RETRIEVAL_H

#include "service/memory.h"
#include "service/snapshot.h"

/*
 * What memory has for it, in this order: what was supplied, which is the operator's word and not
 * judged by its URL; that policy refuses the URL (FAILED with STIR_CODE_X5U_REFUSED); the cache.
 * 0 or STIR_E_NOMEM. hit is to be cleared.
 */
int retrieval_find(struct memory *memory, const struct snapshot *snapshot, enum fetch_kind kind,
                   const char *url, struct cache_hit *hit);
/*
 * A response, judged (its status; is a body a certificate list at all, and not too long?) and
 * kept. hit gets what the waiters are served with; MISS: of a 304 whose body is gone meanwhile, so
 * that it must be fetched without validators. 0 or STIR_E_NOMEM (then hit is served, not kept).
 * Lists of feeds are not kept here; of a 304 hit is OLD.
 */
int retrieval_put(struct memory *memory, const struct cache_policy *policy,
                  enum fetch_kind kind, const char *url, const struct cache_response *response,
                  struct cache_hit *hit);
/* What is wrong with a response, so that it must not take the place of what is good. 1: it is;
   0: nothing; negative. */
int retrieval_judge(enum fetch_kind kind, const struct cache_response *response,
                    struct cache_failure *failure);
/* It failed: remembered, unless it is CANCELLED. The same. sentence may be NULL. */
int retrieval_fail(struct memory *memory, enum fetch_kind kind, const char *url,
                   enum stir_failure why, const char *sentence, struct cache_hit *hit);
/* The body with this digest, from url, was the list of a good path: its host is known from now on,
   and the body is of use until then (a time of certificates, which is taken for the clock's). */
void retrieval_praise(struct memory *memory, enum fetch_kind kind, const char *url,
                      const uint8_t digest[DIGEST_SHA256_SIZE], int64_t until);
/* It was of no use, and may be mended soon. */
void retrieval_doubt(struct memory *memory, enum fetch_kind kind, const char *url,
                     const uint8_t digest[DIGEST_SHA256_SIZE]);
/* The media type to ask for. */
const char *retrieval_accept(enum fetch_kind kind);
/* Octets of a body of that kind. */
size_t retrieval_limit(enum fetch_kind kind);
/* Milliseconds for it. */
int retrieval_timeout(enum fetch_kind kind);

#endif
