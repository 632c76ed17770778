/*
 * struct path_cache: the paths that were found good, by the octets of their list.
 *
 * What is kept is what path_build() says of a list (SHA-256 of the body), which rests on nothing
 * but these octets, the snapshot's anchors and order, and which certificates are valid now; so a
 * path is kept for the time in which none of all these certificates begins or ends to be valid,
 * and outside of it the list is read and judged anew. A hit skips nothing else: times, delegation,
 * SPC data, scope, constraints and the token's signature are asked of every call. Lists that are
 * refused are not kept, so that only who has a certificate of a trusted authority takes room. A
 * reload is another epoch, under which it is judged anew.
 *
 * Any number of threads may ask at once: the lock is held to look up and to put, never while
 * something is computed.
 */
#ifndef STIR_SERVICE_PATH_CACHE_H
#define STIR_SERVICE_PATH_CACHE_H

#include "cert/path.h"
#include "cert/pem_list.h"
#include "crypto/digest.h"

struct path_cache;

struct path_cache *path_cache_new(void); /* NULL: out of memory */
void path_cache_free(struct path_cache *cache);

/* The path of the list with this digest and the warnings it was built with, which are added. 1
   found, 0 not, STIR_E_NOMEM. */
int path_cache_find(struct path_cache *cache, const uint8_t digest[DIGEST_SHA256_SIZE],
                    uint64_t epoch, int64_t now, struct path *path, struct warnings *warnings);
/* Keeps what path_build() made of the chain at now: 0 or STIR_E_NOMEM. */
int path_cache_put(struct path_cache *cache, const uint8_t digest[DIGEST_SHA256_SIZE],
                   uint64_t epoch, int64_t now, const struct stir_chain *chain,
                   const struct anchors *anchors, const struct path *path,
                   const struct warnings *warnings);

#endif
