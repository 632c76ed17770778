/* Octets nobody can foretell, by GnuTLS: for serial numbers and identifiers. */
#ifndef STIR_CRYPTO_RANDOM_H
#define STIR_CRYPTO_RANDOM_H

#include <stddef.h>

/* 0 or STIR_E_INTERNAL. */
int random_octets(void *data, size_t len);

#endif
