/* Distinguished names from text (RFC 4514), by GnuTLS. */
#ifndef STIR_CRYPTO_NAME_H
#define STIR_CRYPTO_NAME_H

#include "base/error.h"

/*
 * The DER of a Name: "CN=ACME delegate,O=ACME,C=US", most significant part last. For free(3).
 * 0, STIR_E_SYNTAX (the error has the part that is none; an empty name; a part with several
 * attributes), STIR_E_NOMEM or STIR_E_INTERNAL.
 */
int name_from_text(const char *text, void **der, size_t *len, struct stir_error *error);

#endif
