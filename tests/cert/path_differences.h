/* Where our judgement of a bent chain and OpenSSL's differ, and why: for the suite that asks its
   library and the one that asks its command. */
#ifndef STIR_TESTS_CERT_PATH_DIFFERENCES_H
#define STIR_TESTS_CERT_PATH_DIFFERENCES_H

#include <openssl/x509_vfy.h>

#include "stir.h"
#include "tests/bend.h"

enum { OK = 0, ANY_REFUSAL = -1 };

/*
 * With that bend, or those together, in the chain, this code here (OK: it validates) and that
 * error there. Bends may come together, so that a row says what explains a difference, not what
 * must come of a bend. A difference that no row explains fails, and so does a row whose bend
 * alone makes none.
 */
static const struct rule {
    const char *bends[BEND_MOST];
    int ours, theirs;
    const char *why;
} rules[] = {
    /* What STIR asks of certificates and OpenSSL does not. */
    {{"signer_is_ca"},
     STIR_CODE_SIGNER_IS_CA,
     X509_V_OK,
     "a CA signs no PASSporTs (R9060-4-6)"},
    {{"key_usage"},
     STIR_CODE_KEY_USAGE,
     X509_V_OK,
     "a signer without digitalSignature (R5280-4.2.1.3); OpenSSL was told no purpose"},
    {{"key_kind"}, STIR_CODE_SIGNER_KEY, X509_V_OK, "a signer's key is on P-256 (R8226-4-1)"},
    {{"weak_key"}, STIR_CODE_SIGNER_KEY, X509_V_OK, "a signer's key is on P-256"},
    {{"weak_key"},
     STIR_CODE_CERT_ALGORITHM,
     X509_V_OK,
     "Ed25519, P-224, RSA of 1024 bits (A-34); OpenSSL was told no security level"},
    {{"weak_key"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"sha1"}, STIR_CODE_CERT_ALGORITHM, X509_V_OK, "SHA-1 (A-34)"},
    {{"no_akid"}, STIR_CODE_AKID_MISSING, X509_V_OK, "the AKI is required (R9060-7-4)"},
    {{"no_akid_key"}, STIR_CODE_AKID_MISSING, X509_V_OK, "with a keyIdentifier (A-23)"},
    {{"no_skid"}, STIR_CODE_AKID_MISSING, X509_V_OK, "nothing for the child's AKI to hold"},
    {{"no_skid_alone"}, STIR_CODE_SKID_MISSING, X509_V_OK, "an issuer's SKI (R9060-7-4)"},
    {{"no_extensions"}, STIR_CODE_AKID_MISSING, X509_V_OK, "the AKI is required"},
    /* Profiles of X.509 that OpenSSL reads more loosely. */
    {{"empty_extensions"}, STIR_CODE_CERT_SYNTAX, X509_V_OK, "SIZE (1..MAX) (R5280-4.1-1)"},
    {{"serial"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "0, negative, more than 20 octets, padded (A-34)"},
    {{"serial"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"version"}, STIR_CODE_CERT_SYNTAX, X509_V_OK, "not version 3 (A-34)"},
    {{"version"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"twice"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL minds the extensions that it knows"},
    {{"unequal_algorithms"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "an anchor not taken (R5280-4.1-1), whose own signature OpenSSL does not look at"},
    {{"name_constraints"},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     X509_V_OK,
     "critical, and not understood by us (R5280-6-1)"},
    {{"name_constraints"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "an anchor not taken for that"},
    {{"policy_constraints"},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     X509_V_OK,
     "critical, and not understood by us (R5280-6-1); OpenSSL was not asked for policies"},
    {{"policy_constraints"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "an anchor not taken for that"},
    {{"no_basic_constraints"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "a CA has basicConstraints (R5280-4.2.1.9); of its anchors OpenSSL does not ask it"},
    {{"signer_is_anchor"},
     ANY_REFUSAL,
     X509_V_OK,
     "only a CA is a trust anchor; with -partial_chain to OpenSSL any certificate is, and it "
     "looks at no other then"},
    /* What is valid here. */
    {{"critical_list"},
     OK,
     X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
     "a critical TNAuthList is what we process (R8226-9-1)"},
    {{"last_second"},
     OK,
     X509_V_ERR_CERT_HAS_EXPIRED,
     "notAfter belongs to the validity (R5280-4.1-2)"},
    {{"akid_serial"},
     OK,
     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
     "another issuer and serial in the AKI is a warning (A-23)"},
    {{"cross_certified"},
     OK,
     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
     "OpenSSL follows the first issuer in the list that fits and does not turn back"},
    /* Several bends together. */
    {{"no_basic_constraints", "signer_is_ca"},
     STIR_CODE_KEY_USAGE,
     X509_V_OK,
     "no CA by basicConstraints, but with a CA's key usage"},
    {{"unknown_extension", "unknown_extension"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL minds the extensions that it knows"},
    {{"unequal_algorithms", "root_listed"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, so that the root in the list is judged as any certificate"},
    {{"unequal_algorithms", "expired_twin"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"unequal_algorithms", "intermediate_is_anchor"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, the same certificate in the list is judged"},
    {{"no_basic_constraints", "root_listed"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, the root in the list is judged"},
    {{"no_basic_constraints", "expired_twin"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"unequal_algorithms", "namesake"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its namesake in the list is judged"},
    {{"no_basic_constraints", "namesake"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, its namesake in the list is judged"},
    {{"no_basic_constraints", "intermediate_is_anchor"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, the same certificate in the list is judged"},
    {{"no_seconds", "intermediate_is_anchor"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "a block that is no certificate refuses the list, needed or not (A-34)"},
    {{"unequal_algorithms", "cross_certified"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"policies", "policies"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL was not asked for policies"},
    {{"policies", "policies"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "the same of the anchor, not taken"},
    {{"policy_constraints", "policy_constraints"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL was not asked for policies"},
    {{"policy_constraints", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"namesake", "other_skid"},
     OK,
     X509_V_ERR_CERT_SIGNATURE_FAILURE,
     "OpenSSL takes the first issuer of that name and SKI and does not turn back"},
    {{"sha1", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"name_constraints", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"self_issued", "no_skid"},
     OK,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "a signer of its issuer's name and without identifiers is self-signed to OpenSSL"},
    {{"self_issued", "no_skid", "other_akid"},
     OK,
     X509_V_ERR_CERT_SIGNATURE_FAILURE,
     "one of its issuer's name, with an AKI that fits nothing, is a root to OpenSSL"},
    {{"self_issued", "same_key_as_issuer"},
     OK,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "a signer of its issuer's name and key is self-signed to OpenSSL"},
    {{"self_issued", "same_key_as_issuer"},
     OK,
     X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
     "an authority of its issuer's name and key is a root to OpenSSL"},
    {{"cross_certified", "root_listed"},
     OK,
     X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
     "OpenSSL follows the first issuer in the list and ends at a root that is no anchor"},
    {{"cross_certified", "expired_twin"}, OK, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "the same"},
};

static bool applies(const struct rule *rule, int ours, int theirs)
{
    return theirs == rule->theirs
           && (ours == rule->ours || (rule->ours == ANY_REFUSAL && ours != 0));
}

static bool is_explained(const struct bent *bent, int ours, int theirs)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (applies(&rules[i], ours, theirs) && bend_has_all(bent, rules[i].bends))
            return true;
    return false;
}

#endif
