/* The table of codes, which the manual is generated from, and the names of warnings. */
#include "base/code.h"

#define PASSED "TN-Validation-Passed"
#define FAILED "TN-Validation-Failed"
#define NONE "No-TN-Validation"

static const struct code codes[] = {
    {STIR_CODE_OK, "ok", STIR_VALID, PASSED, 0, NULL,
     "Somebody with authority over the calling number signed this call."},
    {STIR_CODE_DEADLINE, "deadline", STIR_INDETERMINATE, NONE, 0, NULL,
     "There was no more time to find out."},
    {STIR_CODE_ATTEST_TOO_LOW, "attest-too-low", STIR_INVALID, NONE, 0, NULL,
     "The attestation is below what policy min_attest asks for."},
    {STIR_CODE_NO_IDENTITY, "no-identity", STIR_INDETERMINATE, NONE, 428, "Use Identity Header",
     "The call has no Identity header that counts."},
    {STIR_CODE_TOO_MANY_IDENTITIES, "too-many-identities", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The call has more Identity headers than are looked at."},
    {STIR_CODE_IDENTITY_SYNTAX, "identity-syntax", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The Identity value does not follow RFC 8224 section 4."},
    {STIR_CODE_PPT_UNSUPPORTED, "ppt-unsupported", STIR_INDETERMINATE, NONE, 428,
     "Use Supported PASSporT Format",
     "The PASSporT is of a type that is not known here, and so ignored."},
    {STIR_CODE_INFO_MISSING, "info-missing", STIR_INVALID, NONE, 436, "Bad Identity Info",
     "The Identity value has no info parameter with an absolute URI."},
    {STIR_CODE_TOKEN_SYNTAX, "token-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The token is no JWS in compact serialisation with a 64-octet signature."},
    {STIR_CODE_COMPACT_NOT_ALLOWED, "compact-not-allowed", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "A PASSporT of this type has no compact form."},
    {STIR_CODE_COMPACT_NOT_REBUILDABLE, "compact-not-rebuildable", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The call lacks what a compact PASSporT is rebuilt from."},
    {STIR_CODE_JSON_SYNTAX, "json-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The header or the payload of the token is no strict JSON object."},
    {STIR_CODE_CRIT_UNSUPPORTED, "crit-unsupported", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The token insists on extensions of JWS; none is known here."},
    {STIR_CODE_TYP_NOT_PASSPORT, "typ-not-passport", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The token's typ is not \"passport\"."},
    {STIR_CODE_PPT_MISMATCH, "ppt-mismatch", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The ppt parameter is not the token's ppt."},
    {STIR_CODE_ALG_UNSUPPORTED, "alg-unsupported", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The token's alg is not ES256."},
    {STIR_CODE_ALG_MISMATCH, "alg-mismatch", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The alg parameter is not the token's alg."},
    {STIR_CODE_X5U_MISSING, "x5u-missing", STIR_INVALID, NONE, 436, "Bad Identity Info",
     "The token does not say where its certificate is."},
    {STIR_CODE_X5U_MISMATCH, "x5u-mismatch", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The info parameter is not the token's x5u."},
    {STIR_CODE_IAT_SYNTAX, "iat-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The claim iat is absent or no whole number of seconds."},
    {STIR_CODE_ORIG_SYNTAX, "orig-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The claim orig is absent or not exactly one identity."},
    {STIR_CODE_DEST_SYNTAX, "dest-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "The claim dest is absent or no list of identities."},
    {STIR_CODE_ATTEST_SYNTAX, "attest-syntax", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The claim attest is absent or not A, B or C."},
    {STIR_CODE_ORIGID_SYNTAX, "origid-syntax", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The claim origid is absent or no UUID."},
    {STIR_CODE_CLAIM_SYNTAX, "claim-syntax", STIR_INVALID, NONE, 438, "Invalid Identity Header",
     "Another claim is absent or malformed."},
    {STIR_CODE_STALE_IAT, "stale-iat", STIR_INVALID, NONE, 403, "Stale Date",
     "The token's iat is too old or too far ahead."},
    {STIR_CODE_STALE_DATE, "stale-date", STIR_INVALID, NONE, 403, "Stale Date",
     "The call's Date is absent, too old or too far ahead, and policy asks for it."},
    {STIR_CODE_TOKEN_EXPIRED, "token-expired", STIR_INVALID, NONE, 403, "Stale Date",
     "The token's exp is past."},
    {STIR_CODE_TOKEN_NOT_YET_VALID, "token-not-yet-valid", STIR_INVALID, NONE, 403,
     "Stale Date", "The token's nbf is still to come."},
    {STIR_CODE_REPLAYED, "replayed", STIR_INVALID, NONE, 403, "Stale Date",
     "The token was taken for another call before, and policy replay is on."},
    {STIR_CODE_ORIG_MISMATCH, "orig-mismatch", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The token is for another calling identity than the call's."},
    {STIR_CODE_DEST_MISMATCH, "dest-mismatch", STIR_INVALID, NONE, 438,
     "Invalid Identity Header", "The token is for other called identities than the call's."},
    {STIR_CODE_X5U_REFUSED, "x5u-refused", STIR_INVALID, NONE, 436, "Bad Identity Info",
     "The URL of the certificate is one that policy does not fetch."},
    {STIR_CODE_X5U_UNREACHABLE, "x5u-unreachable", STIR_INDETERMINATE, NONE, 436,
     "Bad Identity Info", "The URL of the certificate gave no answer."},
    {STIR_CODE_X5U_BODY, "x5u-body", STIR_INVALID, NONE, 436, "Bad Identity Info",
     "What the URL gave is no usable PEM list."},
    {STIR_CODE_LIST_TOO_LONG, "list-too-long", STIR_INVALID, NONE, 436, "Bad Identity Info",
     "The URL gave more certificates than are looked at."},
    {STIR_CODE_CERT_SYNTAX, "cert-syntax", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "The certificate does not follow RFC 5280."},
    {STIR_CODE_CERT_DUPLICATE_EXTENSION, "cert-duplicate-extension", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The certificate has an extension twice."},
    {STIR_CODE_TNAUTHLIST_SYNTAX, "tnauthlist-syntax", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The certificate's TNAuthList is malformed."},
    {STIR_CODE_TNAUTHLIST_REFERENCE, "tnauthlist-reference", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The certificate's TNAuthList by reference is at no https URL."},
    {STIR_CODE_CONSTRAINTS_SYNTAX, "constraints-syntax", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The certificate's claim constraints are malformed."},
    {STIR_CODE_CONSTRAINTS_BOTH, "constraints-both", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The certificate has both kinds of claim constraints."},
    {STIR_CODE_CERT_CRITICAL_EXTENSION, "cert-critical-extension", STIR_INVALID, FAILED, 437,
     "Unsupported Credential",
     "The certificate has a critical extension that is not known here."},
    {STIR_CODE_CERT_ALGORITHM, "cert-algorithm", STIR_INVALID, FAILED, 437,
     "Unsupported Credential",
     "The certificate is signed with an algorithm, or by a key, that is not taken."},
    {STIR_CODE_SIGNER_KEY, "signer-key", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "The signer's key is not on P-256, or is not the key that would sign."},
    {STIR_CODE_SIGNER_IS_CA, "signer-is-ca", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The signer is a CA, and only end entities sign PASSporTs."},
    {STIR_CODE_KEY_USAGE, "key-usage", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "The key usage of a certificate does not allow what its key did."},
    {STIR_CODE_PATH_ORDER, "path-order", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "The list of certificates is not signer first, each next one the issuer of the one "
     "before, and nothing else."},
    {STIR_CODE_ISSUER_NOT_CA, "issuer-not-ca", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The issuer of a certificate is no CA."},
    {STIR_CODE_AKID_MISSING, "akid-missing", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate does not name its issuer's key."},
    {STIR_CODE_SKID_MISSING, "skid-missing", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "An issuer's certificate does not name its key."},
    {STIR_CODE_AKID_MISMATCH, "akid-mismatch", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate names another key than its issuer's."},
    {STIR_CODE_PATH_SIGNATURE, "path-signature", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate is not signed by its issuer."},
    {STIR_CODE_PATH_TOO_DEEP, "path-too-deep", STIR_INVALID, FAILED, 437,
     "Unsupported Credential",
     "The path is longer, or takes more signature checks, than is allowed."},
    {STIR_CODE_PATH_LENGTH, "path-length", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "A CA stands above more CAs than its certificate allows."},
    {STIR_CODE_PATH_NO_ANCHOR, "path-no-anchor", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The path does not end at a trust anchor."},
    {STIR_CODE_CERT_EXPIRED, "cert-expired", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate was past its validity."},
    {STIR_CODE_CERT_NOT_YET_VALID, "cert-not-yet-valid", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate was not valid yet."},
    {STIR_CODE_TNAUTHLIST_GAP, "tnauthlist-gap", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate below one with a TNAuthList has none."},
    {STIR_CODE_TNAUTHLIST_UNREACHABLE, "tnauthlist-unreachable", STIR_INDETERMINATE, NONE, 436,
     "Bad Identity Info", "A TNAuthList by reference could not be had."},
    {STIR_CODE_NOT_ENCOMPASSED, "not-encompassed", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "A certificate claims what its parent does not hold."},
    {STIR_CODE_ENCOMPASS_UNKNOWN, "encompass-unknown", STIR_INDETERMINATE, NONE, 0, NULL,
     "Whether the parent holds what a certificate claims could not be found out."},
    {STIR_CODE_PROFILE, "profile", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "A certificate breaks a rule of the profile that policy asks for."},
    {STIR_CODE_SIGNER_DENIED, "signer-denied", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The operator denies this signer."},
    {STIR_CODE_SIGNER_HELD, "signer-held", STIR_INDETERMINATE, NONE, 0, NULL,
     "The signer was not seen before, and the operator has not decided on it."},
    {STIR_CODE_REVOKED, "revoked", STIR_INVALID, FAILED, 437, "Unsupported Credential",
     "A certificate of the path is revoked."},
    {STIR_CODE_STATUS_UNKNOWN, "status-unknown", STIR_INDETERMINATE, NONE, 0, NULL,
     "Whether a certificate of the path is revoked could not be found out."},
    {STIR_CODE_BAD_SIGNATURE, "bad-signature", STIR_INVALID, FAILED, 438,
     "Invalid Identity Header", "The token is not signed by the signer's key."},
    {STIR_CODE_NO_TN_AUTHORITY, "no-tn-authority", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The signer's certificate gives no authority over numbers."},
    {STIR_CODE_NO_URI_AUTHORITY, "no-uri-authority", STIR_INVALID, FAILED, 437,
     "Unsupported Credential",
     "The signer's certificate gives no authority over the calling URI."},
    {STIR_CODE_ORIG_OUT_OF_SCOPE, "orig-out-of-scope", STIR_INVALID, FAILED, 437,
     "Unsupported Credential", "The calling number is not in the signer's scope."},
    {STIR_CODE_SCOPE_UNKNOWN, "scope-unknown", STIR_INDETERMINATE, NONE, 0, NULL,
     "Whether the calling number is one of the signer's SPCs' could not be found out."},
    {STIR_CODE_CLAIM_MISSING, "claim-missing", STIR_INVALID, FAILED, 438,
     "Invalid Identity Header", "A claim that the certificate demands is absent."},
    {STIR_CODE_CLAIM_NOT_PERMITTED, "claim-not-permitted", STIR_INVALID, FAILED, 438,
     "Invalid Identity Header", "A claim has a value that the certificate does not permit."},
    {STIR_CODE_CLAIM_EXCLUDED, "claim-excluded", STIR_INVALID, FAILED, 438,
     "Invalid Identity Header", "A claim is there that the certificate forbids."},
};

struct name {
    int code;
    const char *name;
};

static const struct name failures[] = {
    {STIR_E_NOMEM, "e-nomem"},         {STIR_E_ARGUMENT, "e-argument"},
    {STIR_E_FILE, "e-file"},           {STIR_E_SYNTAX, "e-syntax"},
    {STIR_E_LIMIT, "e-limit"},         {STIR_E_REFUSED, "e-refused"},
    {STIR_E_NOT_READY, "e-not-ready"}, {STIR_E_UNSUPPORTED, "e-unsupported"},
    {STIR_E_FORKED, "e-forked"},       {STIR_E_INTERNAL, "e-internal"},
};

struct warning_row {
    const char *name, *meaning;
};

static const struct warning_row warnings[WARNING_COUNT] = {
    [WARNING_PATH_ORDER] =
        {"path-order",
         "The list of certificates was put in order, or strangers in it were left out."},
    [WARNING_PPT_PARAMETER_MISSING] =
        {"ppt-parameter-missing",
         "The Identity value has no ppt parameter although the token has a type."},
    [WARNING_NON_DETERMINISTIC] =
        {"non-deterministic",
         "The token's JSON is not in the form that RFC 8225 section 9 asks for."},
    [WARNING_DATE_DIFFERS] =
        {"date-differs",
         "The call's Date is absent, unreadable, stale or not the token's iat."},
    [WARNING_SCOPE_UNCHECKED] = {"scope-unchecked",
                                 "Whether a parent's SPCs hold the numbers was not checked."},
    [WARNING_SPC_OVERHANG] = {"spc-overhang",
                              "A certificate claims numbers that its parent's SPCs do not hold "
                              "now; policy lets the calling number decide."},
    [WARNING_CONSTRAINTS_VOID] =
        {"constraints-void",
         "The claim constraints exclude iat, orig or dest and so do not apply."},
    [WARNING_CONSTRAINTS_ON_CA] =
        {"constraints-on-ca",
         "A CA certificate has claim constraints, which mean nothing there."},
    [WARNING_STIR_EXTENSION_CRITICAL] =
        {"stir-extension-critical", "A TNAuthList or claim constraints are marked critical."},
    [WARNING_UNKNOWN_RANGE_EXTENSION] =
        {"unknown-range-extension",
         "A range of a TNAuthList has elements that are not known here."},
    [WARNING_ECDSA_NULL_PARAMETERS] = {"ecdsa-null-parameters",
                                       "An ECDSA algorithm has NULL parameters."},
    [WARNING_AKID_ISSUER_DIFFERS] = {"akid-issuer-differs",
                                     "A certificate names its issuer's certificate by a name "
                                     "or serial number it does not have."},
    [WARNING_NOT_AFTER_BEYOND_ISSUER] = {"not-after-beyond-issuer",
                                         "A certificate is to outlive its issuer's."},
    [WARNING_X5C_IGNORED] =
        {"x5c-ignored", "The token carries certificates, which policy x5c does not look at."},
    [WARNING_NOT_COMPARED] = {"not-compared",
                              "The token was not compared with the call's caller or called."},
    [WARNING_ENTRIES_MERGED] =
        {"entries-merged", "Entries of the TNAuthList adjoin or overlap, and were merged."},
    [WARNING_CONSTRAINTS_CONTRADICT] =
        {"constraints-contradict",
         "A claim is both demanded and forbidden: every token would be invalid."},
    [WARNING_MUST_EXCLUDE_RCDI] =
        {"must-exclude-rcdi",
         "The claim rcdi is forbidden, which leaves rich call data unprotected."},
    [WARNING_MUST_INCLUDE_BASELINE] = {"must-include-baseline",
                                       "A claim is demanded that every PASSporT has."},
    [WARNING_SHORT_SERIAL] = {"short-serial", "The serial number has fewer than 64 bits."},
    [WARNING_PROFILE] = {"profile", "A rule of the profile that the field breaks all day."},
    [WARNING_X5U_MEDIA] = {"x5u-media",
                           "The certificates came with a media type that is not theirs."},
    [WARNING_X5U_STALE] =
        {"x5u-stale",
         "The certificates could not be fetched anew, and a copy was used that has expired."},
    [WARNING_TNAUTHLIST_STALE] = {"tnauthlist-stale",
                                  "A TNAuthList by reference could not be fetched anew, and a "
                                  "copy was used that has expired."},
    [WARNING_SPC_DATA_OLD] = {"spc-data-old",
                              "The SPC data is older than policy spc_db_max_age allows, and "
                              "counts as unknown."},
};

enum {
    N_CODES = sizeof codes / sizeof *codes,
    N_FAILURES = sizeof failures / sizeof *failures
};

const struct code *code_row(size_t i)
{
    return i < N_CODES ? &codes[i] : NULL;
}

const struct code *code_find(int code)
{
    for (size_t i = 0; i < N_CODES; i++)
        if (codes[i].code == code)
            return &codes[i];
    return NULL;
}

enum stir_verdict code_verdict(int code)
{
    const struct code *row = code_find(code);

    return row == NULL ? STIR_INDETERMINATE : row->verdict;
}

const char *stir_code_name(int code)
{
    const struct code *row = code_find(code);

    for (size_t i = 0; i < N_FAILURES; i++)
        if (failures[i].code == code)
            return failures[i].name;
    return row == NULL ? NULL : row->name;
}

const char *stir_verdict_name(enum stir_verdict verdict)
{
    switch (verdict) {
    case STIR_VALID:
        return "valid";
    case STIR_INVALID:
        return "invalid";
    case STIR_INDETERMINATE:
        break;
    }
    return "indeterminate";
}

const char *warning_name(enum warning warning)
{
    return warning < WARNING_COUNT ? warnings[warning].name : NULL;
}

const char *warning_meaning(enum warning warning)
{
    return warning < WARNING_COUNT ? warnings[warning].meaning : NULL;
}
