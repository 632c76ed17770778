/* Header values that hold addresses (RFC 3261 section 20.10): where in them the URI stands. */
#ifndef STIR_SIP_ADDRESS_H
#define STIR_SIP_ADDRESS_H

#include "base/error.h"

/*
 * The addr-spec in a name-addr or by itself, of a comma list the first. *uri points into value.
 * By itself its parameters stay, as in a Request-URI; a comment behind it is cut. Whatever two
 * readers could take for two different addresses is refused: a brace, comma or quote that a
 * display name must have quoted. 0 or STIR_E_SYNTAX.
 */
int address_find(const char *value, size_t len, const char **uri, size_t *uri_len,
                 struct stir_error *error);

#endif
