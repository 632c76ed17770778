/*
 * Certificates with the TNAuthList that their URL gave, read once: by the octets of both. Bounded
 * by entries and octets; the one not asked for the longest gives way. For any thread.
 */
#ifndef STIR_SERVICE_LIST_CACHE_H
#define STIR_SERVICE_LIST_CACHE_H

#include "cert/certificate.h"
#include "fetch/body.h"

struct list_cache;

struct list_cache *list_cache_new(void); /* NULL: out of memory */
void list_cache_free(struct list_cache *cache);
/*
 * The certificate with that list: a reference. 0, STIR_CODE_TNAUTHLIST_SYNTAX, negative. cache
 * NULL: it is read, and not kept.
 */
int list_cache_open(struct list_cache *cache, const struct stir_certificate *certificate,
                    const struct body *body, const struct es256_provider *provider,
                    struct stir_certificate **with, struct stir_error *error);

#endif
