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
/* The same in steps, so that a list of a million entries does not hold up a loop: its octets
   stay until the end. NULL: out of memory. */
struct tnauthlist_reader;
struct tnauthlist_reader *tnauthlist_reader_new(struct der der);
/* Spends *budget (base/budget.h). 0: so far nothing is wrong; otherwise as above, and nothing
   comes of it. */
int tnauthlist_reader_step(struct tnauthlist_reader *reader, size_t *budget,
                           struct stir_error *error);
bool tnauthlist_reader_is_done(const struct tnauthlist_reader *reader);
/* The scope, when it is done. */
struct stir_scope *tnauthlist_reader_take(struct tnauthlist_reader *reader,
                                          bool *unknown_extension);
void tnauthlist_reader_free(struct tnauthlist_reader *reader); /* NULL is fine */
/* The canonical list: SPCs sorted, then digit ranges merged and sorted (an interval of one
   number is a `one`; one that ends in all nines is split so that start + count < 10^digits
   holds), then literals. The scope has been normalised. STIR_E_ARGUMENT: it is empty. For
   free(3). */
void *tnauthlist_encode(const struct stir_scope *scope, size_t *len, struct stir_error *error);

#endif
