/* Where a configuration has lists from that change: the URLs, files and folders of source keys crl
   (revocations) and trusted_list (trusted CAs). */
#ifndef STIR_SERVICE_FEED_URLS_H
#define STIR_SERVICE_FEED_URLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "fetch/cache_life.h"

struct feed_url {
    enum fetch_kind kind;
    char *url;
    bool there; /* of a snapshot: what it gave is in force */
    /* Of a file or folder, whose path is in url: it was read when it was configured, and it was
       this then (sources_stamp()). */
    bool file;
    uint8_t stamp[DIGEST_SHA256_SIZE];
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
/* The same of a file or folder. 0 or STIR_E_NOMEM. */
int feed_urls_add_file(struct feed_urls *urls, enum fetch_kind kind, const char *path,
                       const uint8_t stamp[DIGEST_SHA256_SIZE], struct stir_error *error);
bool feed_urls_have(const struct feed_urls *urls, enum fetch_kind kind, const char *url);

#endif
