/*
 * PASSporT (RFC 8225): header and claims of a token, and the rules that concern it alone.
 *
 * Parse, then check: passport_parse_header() and passport_parse_payload() read JSON;
 * each passport_check_*() is one rule. The order of checks is the coordinator's (service/).
 */
#ifndef STIR_TOKEN_PASSPORT_H
#define STIR_TOKEN_PASSPORT_H

#include "base/error.h"
#include "base/warnings.h"
#include "json/value.h"
#include "token/jws.h"

enum passport_type { PASSPORT_BASE, PASSPORT_SHAKEN };

/* One identity: a number (canonical, R8225-5.2.1.1) or a URI. Borrowed from the payload. */
struct passport_identity {
    bool is_tn;
    const char *text;
};

/* All zero is none. Owns the two values; the texts are borrowed from them, or kept. */
struct passport {
    struct value *header, *payload;
    /* header; NULL where absent or no string */
    const char *alg, *ppt, *typ, *x5u;
    const struct value *x5c; /* whatever it is; NULL: none */
    enum passport_type type;
    /* payload, after passport_parse_payload() */
    int64_t iat;
    struct passport_identity orig;
    struct passport_identity *dest; /* tn first, then uri, as listed */
    size_t n_dest;
    const char *attest, *origid;
    bool has_exp, has_nbf;
    int64_t exp, nbf;
    const char *payload_text; /* as received, for value_member_text(): the jws's */
    size_t payload_len;
    char *kept; /* what outlives the values, by passport_forget_values() */
};

void passport_free(struct passport *passport);
/*
 * Frees header and payload, and keeps of them ppt, x5u, orig and attest alone: values take many
 * times their text, and a call may bring many tokens. 0 or STIR_E_NOMEM, which forgets nothing.
 */
int passport_forget_values(struct passport *passport);
/* The payload anew, from payload_text. 0 or STIR_E_NOMEM. */
int passport_recall_payload(struct passport *passport, struct stir_error *error);

/* JOSE header. 0, STIR_CODE_JSON_SYNTAX or STIR_E_NOMEM. Ignores jwk, jku, kid. */
int passport_parse_header(const struct jws *jws, struct passport *passport,
                          struct stir_error *error);
/* R7515-2: any crit and any b64 is refused. STIR_CODE_CRIT_UNSUPPORTED */
int passport_check_crit(const struct passport *passport, struct stir_error *error);
/* R8225-4.1. STIR_CODE_TYP_NOT_PASSPORT */
int passport_check_typ(const struct passport *passport, struct stir_error *error);
/* Is the type one of ours? Sets type. ppt absent is the base; "" or a ppt that is no string is
   unsupported. STIR_CODE_PPT_UNSUPPORTED (R8225-8.1-1, A-34) */
int passport_check_ppt(struct passport *passport, struct stir_error *error);
bool passport_ppt_is_supported(const char *ppt); /* NULL and "": the base */
/* R8225-4.2: ES256 alone. STIR_CODE_ALG_UNSUPPORTED */
int passport_check_alg(const struct passport *passport, struct stir_error *error);
/* R8225-4.3. x5c_too: certificates in the token itself will do. STIR_CODE_X5U_MISSING */
int passport_check_x5u(const struct passport *passport, bool x5c_too, struct stir_error *error);

/* STIR_CODE_JSON_SYNTAX or STIR_E_NOMEM. */
int passport_parse_payload(const struct jws *jws, struct passport *passport,
                           struct stir_error *error);
/*
 * The claims of its type, in order: iat (R8225-5.1.1, R7519-1, A-26), orig (R8225-5.2.1-1, A-34),
 * dest (R8225-5.2.1-2), attest and origid (token/shaken), exp and nbf (claim-syntax), mky where
 * present (claim-syntax, R8225-5.2.2). any_origid: A-34. Fills the fields.
 */
int passport_check_claims(struct passport *passport, bool any_origid, struct stir_error *error);
/* R8225-7-2, A-17: are header and payload in deterministic form? Warns, or with reject fails
   with STIR_CODE_JSON_SYNTAX. */
int passport_check_deterministic(const struct jws *jws, const struct passport *passport,
                                 bool reject, struct warnings *warnings,
                                 struct stir_error *error);

/* Deterministic JOSE header for ES256: for free(3). ppt NULL or "": the base. */
char *passport_header_text(const char *ppt, const char *x5u);

#endif
