/* The steps of crl_new(), in the order of the list's fields. */
#ifndef STIR_CERT_CRL_STEPS_H
#define STIR_CERT_CRL_STEPS_H

#include "cert/crl.h"

/* The fields (crl_read.c). */
int crl_read(struct crl *crl, struct der der, struct stir_error *error);
/* crlExtensions' content (crl_extensions.c): 0, with the list's fault where it cannot be used;
   STIR_E_SYNTAX. What it sets points into them. */
int crl_read_extensions(struct crl *crl, struct der list, struct stir_error *error);

#endif
