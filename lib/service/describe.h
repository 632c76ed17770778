/*
 * What is told of a thing: an object of JSON, {"kind": ...}, which is also what its text is made
 * of. Nothing here is judged, so a token or a certificate that is wrong is told of, too: its
 * problem or fault is one of the members.
 */
#ifndef STIR_SERVICE_DESCRIBE_H
#define STIR_SERVICE_DESCRIBE_H

#include "cert/certificate.h"
#include "json/value.h"

/* "certificate". NULL: out of memory. */
struct value *describe_certificate(const struct stir_certificate *certificate, size_t depth);
/* "tnauthlist", of a DER TNAuthorizationList. All from here on: 0; STIR_E_NOMEM; or what is wrong
   with it, an enum stir_code or STIR_E_SYNTAX. */
int describe_tnauthlist(const void *der, size_t len, struct value **object,
                        struct stir_error *error);
/* "crl", of DER. */
int describe_crl(const void *der, size_t len, struct value **object, struct stir_error *error);
/* "csr": PEM or DER. */
int describe_csr(const void *data, size_t len, struct value **object, struct stir_error *error);

/* "passport" of a token, "identity" of an Identity value: both not verified. */
int describe_passport(const char *token, size_t len, struct value **object,
                      struct stir_error *error);
int describe_identity(const char *value, size_t len, struct value **object,
                      struct stir_error *error);

/* {"code", "detail"} of a fault or a problem. NULL: out of memory. */
struct value *describe_problem(const struct stir_error *error);
/* An object, or an array of them, for people to read. For free(3); NULL: out of memory. */
char *describe_text(const struct value *value);

#endif
