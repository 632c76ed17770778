/*
 * Whom a TLS client trusts: anchors read once, and a server's certificates judged by them.
 *
 * Read once, since libcurl with GnuTLS reads them for every connection: 144 certificates take 30
 * ms of it and more (measured), in which an event loop stands still.
 */
#ifndef STIR_CRYPTO_TRUST_H
#define STIR_CRYPTO_TRUST_H

#include <stddef.h>

#include "base/error.h"

struct trust;

/* The certificates of a PEM text and no others; pem NULL: the system's. NULL: STIR_E_NOMEM,
   STIR_E_SYNTAX (no certificate in it), STIR_E_FILE (the system has none). Then immutable: any
   number of threads may judge by it. */
struct trust *trust_new(const void *pem, size_t len, struct stir_error *error);
void trust_free(struct trust *trust);

/* Did the peer of a GnuTLS session (a gnutls_session_t) prove to be the host, by its name or
   address, at this time? 0, or STIR_E_REFUSED with a sentence. */
int trust_judge(const struct trust *trust, void *session, const char *host,
                struct stir_error *error);

#endif
