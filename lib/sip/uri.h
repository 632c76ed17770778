/*
 * SIP, SIPS and tel URIs and numbers, made canonical (RFC 8224 section 8, A-34).
 */
#ifndef STIR_SIP_URI_H
#define STIR_SIP_URI_H

#include "base/error.h"
#include "sip/number_plan.h"

/* A canonical identity: a number of 0-9 * # (R8224-8.3), or scheme:user@host (R8224-8.5). */
struct identity {
    bool is_tn;
    char *text; /* owned */
};

void identity_free(struct identity *identity);
bool identity_equal(bool a_is_tn, const char *a, bool b_is_tn, const char *b);

/*
 * From the value of From, To, P-Asserted-Identity or Request-URI: a name-addr or addr-spec
 * (parameters, display name and comments of the header are cut), a bare URI, or a bare number
 * as dialled. 0, STIR_E_SYNTAX (no identity there; error says why) or STIR_E_NOMEM.
 * numeric_user_is_tn: policy numeric_user; with false only user=phone or tel: makes a
 * SIP user a number. plan completes what is written without a + (R8224-8.3-2). Of several
 * values in a comma list (P-Asserted-Identity) the first. More than 15 digits: a SIP user of
 * so many is no number (R8224-8.1-1), and a tel URI no identity.
 */
int identity_canonical(const char *value, size_t len, bool numeric_user_is_tn,
                       enum number_plan plan, struct identity *identity,
                       struct stir_error *error);
/* A number as dialled or shown: removes visual separators. False: it is none. */
bool identity_number(const char *text, size_t len, char number[64]);

/* The host of a canonical sip or sips URI; NULL: it is none. */
const char *uri_host(const char *canonical);

/* What an x5u or info URI is, as far as policy asks. */
bool uri_is_absolute(const char *uri, size_t len);

#endif
