/* JWTClaimConstraints (RFC 8226 section 8) and EnhancedJWTClaimConstraints (RFC 9118). */
#ifndef STIR_CERT_CLAIM_CONSTRAINTS_H
#define STIR_CERT_CLAIM_CONSTRAINTS_H

#include "base/der.h"
#include "base/error.h"

struct claim_names {
    char **names; /* at least one octet each, of 0x20 to 0x7E */
    size_t n;
};

/* A claim and the texts it may have; a claim listed twice has both lists united. */
struct claim_permit {
    char *name;
    char **values; /* UTF-8; none holds a NUL */
    size_t n_values;
};

/* All zero is none: everything is allowed. */
struct claim_constraints {
    bool present;
    bool enhanced; /* RFC 9118's, with must_exclude */
    struct claim_names must_include, must_exclude;
    struct claim_permit *permitted;
    size_t n_permitted;
};

/* The extension's value. 0, STIR_CODE_CONSTRAINTS_SYNTAX or STIR_E_NOMEM. R8226-8-4, A-29. */
int claim_constraints_parse(struct der der, bool enhanced,
                            struct claim_constraints *constraints, struct stir_error *error);
void claim_constraints_free(struct claim_constraints *constraints);
/* mustExclude names iat, orig or dest: the extension is as if absent (R9118-3-5). */
bool claim_constraints_are_void(const struct claim_constraints *constraints);

/* For issuing. Each 0 or STIR_E_NOMEM; STIR_E_SYNTAX where the name is not printable ASCII
   (R9118-3-6) or the value no UTF-8; STIR_E_LIMIT. */
int claim_constraints_add_include(struct claim_constraints *constraints, const char *name);
int claim_constraints_add_exclude(struct claim_constraints *constraints, const char *name);
int claim_constraints_add_permit(struct claim_constraints *constraints, const char *name,
                                 const char *value);
/* DER for free(3), in the order in which things were added; enhanced where must_exclude is used,
   plain otherwise: the caller asks .must_exclude.n for the OID. STIR_E_ARGUMENT: nothing in it. */
void *claim_constraints_encode(const struct claim_constraints *constraints, size_t *len,
                               struct stir_error *error);

#endif
