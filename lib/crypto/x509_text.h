/* Names and revocation lists as far as people are told of them. */
#ifndef STIR_CRYPTO_X509_TEXT_H
#define STIR_CRYPTO_X509_TEXT_H

#include "base/der.h"
#include "base/error.h"

/* A Name's text by RFC 4514 in one printable line, by GnuTLS; an empty one is "". For free(3).
   0, STIR_E_SYNTAX or STIR_E_NOMEM. */
int x509_name_text(struct der name, char **text, struct stir_error *error);

/* What a certificate revocation list says of itself (RFC 5280 section 5.1). */
struct crl_summary {
    char *issuer;
    int64_t this_update, next_update;
    bool has_next_update;
    size_t entries;
};

/* PEM or DER, walked and not built; the signature is not looked at. 0, STIR_E_SYNTAX or
   STIR_E_NOMEM. crl_summary_free() is due in every case. */
int crl_summary_read(const void *data, size_t len, struct crl_summary *summary,
                     struct stir_error *error);
void crl_summary_free(struct crl_summary *summary);

#endif
