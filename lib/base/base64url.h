/* base64url without padding (RFC 4648 section 5, RFC 7515 section 2): strict both ways. */
#ifndef STIR_BASE_BASE64URL_H
#define STIR_BASE_BASE64URL_H

#include <stddef.h>
#include <stdint.h>

/* Octets that len characters decode to; a length of 1 modulo 4 gives what rounds down. */
size_t base64url_decoded_size(size_t len);
/* Decodes into out, which has base64url_decoded_size(len) octets. Returns 0, or -1 for any
   character outside the alphabet (=, white space and + / among them), an impossible length, or
   non-zero trailing bits. */
int base64url_decode(const char *in, size_t len, uint8_t *out);
/* For free(3), NUL-terminated; NULL: out of memory. */
char *base64url_encode(const void *data, size_t len);

#endif
