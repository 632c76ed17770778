/*
 * What a CA must see to before it issues (RFC 9060 section 8, RFC 5280 section 4, RFC 9118
 * sections 3 and 8), as far as it is not the delegation itself.
 *
 * The path is that of the certificate to be issued: first itself, read back from a draft whose
 * signature is none, then its issuer's, and so on. A path of one is a self-signed root's. Each
 * check returns 0, an enum stir_code (error.depth counts along the path) or negative.
 */
#ifndef STIR_RULES_ISSUANCE_H
#define STIR_RULES_ISSUANCE_H

#include "cert/path.h"

/* The subject's key allows ES256 (R8226-4-1): STIR_CODE_SIGNER_KEY, of a CA
   STIR_CODE_CERT_ALGORITHM. */
int issuance_check_key(const struct path *path, struct stir_error *error);
/* STIR_CODE_CONSTRAINTS_SYNTAX: on a CA (R8226-8-1, R9118-3-1), or of a baseline claim, which
   would void them (R9118-3-5). */
int issuance_check_constraints(const struct path *path, struct stir_error *error);
/* Each issuer is a CA, may sign certificates and has an SKI, and issued the one below (name, key
   identifier; of those that exist already, the signature). */
int issuance_check_issuers(const struct path *path, struct stir_error *error);
/* STIR_CODE_PATH_LENGTH. R5280-4.2.1.9 */
int issuance_check_path_length(const struct path *path, struct stir_error *error);
/*
 * STIR_CODE_CERT_EXPIRED and STIR_CODE_CERT_NOT_YET_VALID of an issuer at now;
 * STIR_CODE_CERT_EXPIRED of the certificate: it ends before it begins, or after its issuer's,
 * when no path through that is valid any more (requirements.md section 12).
 */
int issuance_check_times(const struct path *path, int64_t now, struct stir_error *error);

/* constraints-contradict (R9118-8-2), must-exclude-rcdi (R9118-8-1), must-include-baseline
   (R8226-8-2), short-serial (A80-1). 0 or STIR_E_NOMEM. */
int issuance_warn(const struct path *path, struct warnings *warnings);

#endif
