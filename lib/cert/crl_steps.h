/* A list between the files that read it. */
#ifndef STIR_CERT_CRL_STEPS_H
#define STIR_CERT_CRL_STEPS_H

#include "cert/crl_set.h"

/* One that says nothing yet (crl.c). NULL: out of memory. */
struct crl *crl_make(const char *source);
/* crlExtensions' content (crl_extensions.c): 0, with the list's fault where it cannot be used;
   STIR_E_SYNTAX. What it sets points into them. */
int crl_read_extensions(struct crl *crl, struct der list, struct stir_error *error);
/* Into a set (crl_set.c): of a series the newest; what has a fault is nobody's successor, and stays
   to be told of. Takes the list on success. 0 or STIR_E_NOMEM. */
int crl_set_put(struct crl_set *set, struct crl *crl);
/* All of from beside what is in set, or none. 0, STIR_E_LIMIT, STIR_E_NOMEM. */
int crl_set_add_lists(struct crl_set *set, const struct crl_set *from,
                      struct stir_error *error);

#endif
