/* Names as people are told of them. */
#ifndef STIR_CRYPTO_X509_TEXT_H
#define STIR_CRYPTO_X509_TEXT_H

#include "base/der.h"
#include "base/error.h"

/* A Name's text by RFC 4514 in one printable line, by GnuTLS; an empty one is "". For free(3).
   0, STIR_E_SYNTAX or STIR_E_NOMEM. */
int x509_name_text(struct der name, char **text, struct stir_error *error);

#endif
