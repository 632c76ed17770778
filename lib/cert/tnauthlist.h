/* TNAuthorizationList (RFC 8226 section 9): DER to scope and back. */
#ifndef STIR_CERT_TNAUTHLIST_H
#define STIR_CERT_TNAUTHLIST_H

#include "base/der.h"
#include "base/error.h"
#include "number/scope.h"

/*
 * One walk counts and checks, a second fills a scope of exactly that size, normalised. 0,
 * STIR_CODE_TNAUTHLIST_SYNTAX (the error says which entry, counted from 0, and what is wrong:
 * R8226-9-3 to -6, A-25, A-29, A-30) or STIR_E_NOMEM. *unknown_extension, if not NULL: a range
 * carries elements after count, which are skipped.
 */
int tnauthlist_parse(struct der der, struct stir_scope **scope, bool *unknown_extension,
                     struct stir_error *error);
/* The canonical list: SPCs sorted, then digit ranges merged and sorted (an interval of one
   number is a `one`; one that ends in all nines is split so that start + count < 10^digits
   holds), then literals. The scope has been normalised. STIR_E_ARGUMENT: it is empty. For
   free(3). */
void *tnauthlist_encode(const struct stir_scope *scope, size_t *len, struct stir_error *error);

#endif
