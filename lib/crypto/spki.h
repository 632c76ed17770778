/*
 * How long a signature takes to check, told by the SubjectPublicKeyInfo alone, before anything is
 * done with the key: strangers choose it.
 */
#ifndef STIR_CRYPTO_SPKI_H
#define STIR_CRYPTO_SPKI_H

#include "base/der.h"

/* A curve's key, or an RSA key of at most LIMIT_RSA_BITS_MOST bits with an exponent of at most
   LIMIT_RSA_EXPONENT octets: a millisecond or two. Nothing else is one, nor what is no DER. */
bool spki_is_quick(struct der spki);

#endif
