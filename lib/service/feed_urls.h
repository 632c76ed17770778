/* The URLs of a configuration that give lists: of revocations (source key crl), of trusted CAs
   (trusted_list). */
#ifndef STIR_SERVICE_FEED_URLS_H
#define STIR_SERVICE_FEED_URLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "fetch/cache_life.h"

struct feed_url {
    enum fetch_kind kind;
    char *url;
    bool there; /* of a snapshot: what it gave is in force */
};

/* All zero is none. */
struct feed_urls {
    struct feed_url *list;
    size_t n;
};

void feed_urls_free(struct feed_urls *urls);
/* 0 or STIR_E_NOMEM; to is then for feed_urls_free(). Nothing of the copy is there. */
int feed_urls_copy(struct feed_urls *to, const struct feed_urls *from);
/* Is the value of a source key one? https alone is; its ports and the like are judged by the policy
   of the day. */
bool feed_urls_is_one(const char *value);
/* One more; of the same one nothing. 0, STIR_E_ARGUMENT (too long), STIR_E_LIMIT, STIR_E_NOMEM. */
int feed_urls_add(struct feed_urls *urls, enum fetch_kind kind, const char *url,
                  struct stir_error *error);
bool feed_urls_have(const struct feed_urls *urls, enum fetch_kind kind, const char *url);

#endif
