/* Between the files of private keys: not for other folders. */
#ifndef STIR_CRYPTO_KEY_PRIVATE_H
#define STIR_CRYPTO_KEY_PRIVATE_H

#include <gnutls/abstract.h>

#include "base/error.h"

/* PKCS #8, not encrypted, for free(3). */
char *key_private_pem(gnutls_privkey_t key, bool is_p256, struct stir_error *error);

#endif
