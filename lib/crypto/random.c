/* Octets nobody can foretell. */
#include "crypto/random.h"

#include <gnutls/crypto.h>

#include "stir.h"

int random_octets(void *data, size_t len)
{
    return gnutls_rnd(GNUTLS_RND_NONCE, data, len) < 0 ? STIR_E_INTERNAL : 0;
}
