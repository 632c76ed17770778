/*
 * The certificates that a token brings itself: member x5c of its JOSE header (RFC 7515 section
 * 4.1.6, A-21), as the list that an x5u would give.
 *
 * They are written as PEM in its one canonical form, and go the way of a body at a URL from there:
 * the same limits, the same rules of order, the same kept paths. What is kept of a list is kept by
 * the digest of its octets, and that is safe across the two ways: this PEM, read again, gives these
 * certificates, in this order, and nothing else. So whoever serves the same octets at a URL serves
 * the same list, of which the same is true; and nothing but PEM has the digest of a PEM, since DER
 * begins with another octet.
 */
#ifndef STIR_RULES_X5C_H
#define STIR_RULES_X5C_H

#include "token/passport.h"

/*
 * *pem is for free(3). STIR_CODE_X5U_BODY: it is no array, an empty one, or has an entry that
 * is not base64 (what is base64 and no certificate is for the path to say);
 * STIR_CODE_LIST_TOO_LONG; STIR_E_NOMEM.
 */
int x5c_pem(const struct value *x5c, char **pem, struct stir_error *error);

#endif
