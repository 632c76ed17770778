/*
 * Which snapshot is in force: another configuration's, or that of the same configuration with
 * something new from a URL. One step under the feeds' lock, so that neither misses the other; it is
 * refused where a number or sequence would go back.
 */
#ifndef STIR_SERVICE_ENFORCE_H
#define STIR_SERVICE_ENFORCE_H

#include "service/verifier.h"

/* Takes snapshot on success. 0, STIR_E_REFUSED, or negative. */
int enforce_configuration(struct stir_verifier *verifier, struct snapshot *snapshot,
                          struct stir_error *error);
/* What a URL gave, read; takes content on success. Of a URL that is no longer configured nothing
   is taken, and that is fine. The same. */
int enforce_content(struct stir_verifier *verifier, enum fetch_kind kind, const char *url,
                    struct feed_content *content, const struct cache_response *response,
                    struct stir_error *error);

#endif
