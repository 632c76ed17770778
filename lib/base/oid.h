/* Object identifiers between their text and the content of their DER (X.690 section 8.19). */
#ifndef STIR_BASE_OID_H
#define STIR_BASE_OID_H

#include "base/der.h"

enum { OID_TEXT_SIZE = 64 };
/* "1.3.6.1.5.5.7.1.26", cut to fit. Returns room. */
const char *oid_text(char room[OID_TEXT_SIZE], struct der oid);

enum { OID_SIZE = 40 };
/* Dotted decimals, two or more, without leading zeros: how many octets were written; 0: it is
   none, or does not fit. */
size_t oid_parse(const char *text, uint8_t oid[OID_SIZE]);

#endif
