/*
 * rules/profile: every rule of every profile is broken by a certificate that differs in one field
 * from one that keeps them all (A80-1 to A80-11, A92-1 to A92-5, A-14, A-16, A-33, A-34).
 */
#include "rules/profile.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tests/build_scope.h"
#include "tests/mint.h"

/* ---- Certificates that keep every rule ---- */

#define POLICY_4                                                                               \
    "300e300c060a608648018"                                                                    \
    "6ff09010104"
#define POLICY_1 "300e300c060a6086480186ff09010101"
#define POLICY_TWO "301c300c060a6086480186ff09010104300c060a6086480186ff09010103"
#define POLICY_SAME "301c300c060a6086480186ff09010104300c060a6086480186ff09010104"
#define POINT_NAME "a017a0158613687474703a2f2f63726c2e6578616d706c652f"
#define POINT_ISSUER "a215a4133011310f300d06035504030c065354492d5041"
#define POINT "30323030" POINT_NAME POINT_ISSUER
#define POINT_NO_ISSUER "301b3019" POINT_NAME
#define POINT_NO_NAME "30193017" POINT_ISSUER
#define POINT_TWO "30643030" POINT_NAME POINT_ISSUER "3030" POINT_NAME POINT_ISSUER
#define POLICIES_OID "2.5.29.32"
#define POINTS_OID "2.5.29.31"
#define USUAL                                                                                  \
    .extensions = (const struct mint_extension[])                                              \
    {                                                                                          \
        {POLICIES_OID, false, POLICY_4}, {POINTS_OID, false, POINT},                           \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }
/* The same with another of the two, or a third. */
#define WITH(policy, point)                                                                    \
    .extensions = (const struct mint_extension[])                                              \
    {                                                                                          \
        {POLICIES_OID, false, policy}, {POINTS_OID, false, point},                             \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }
#define AND(oid, octets)                                                                       \
    .extensions = (const struct mint_extension[])                                              \
    {                                                                                          \
        {POLICIES_OID, false, POLICY_4}, {POINTS_OID, false, POINT}, {oid, false, octets},     \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }

static const struct mint root = {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT"};
static const struct mint sti_ca = {
    .subject = "C=US,O=STI,CN=STI SHAKEN CA", .ca = MINT_YES, USUAL};
static const struct mint sca = {
    .subject = "C=US,O=ACME,CN=ACME SHAKEN SCA", .ca = MINT_YES, .tnauthlist = "709J", USUAL};

#define LEAF .subject = "C=US,O=ACME,CN=SHAKEN 709J"
#define DELEGATE .subject = "C=US,O=Corp,CN=Corp delegate", .constraints = "-attest,-origid"
#define LEAF_LIST .tnauthlist = "709J"
#define NUMBERS .tnauthlist = "12155551200+100"
#define CA_NAME .subject = "C=US,O=STI,CN=STI SHAKEN CA", .ca = MINT_YES
#define SCA_NAME .subject = "C=US,O=ACME,CN=ACME SHAKEN SCA", .ca = MINT_YES

/* ---- Cases: one certificate, below those that its position needs ---- */

#define R PROFILE_RFC
#define A80 PROFILE_ATIS80
#define A92 PROFILE_ATIS92
/* It breaks no rule of the profile. */
#define KEEPS SEVERITY_NONE, NULL, NULL

struct profile_case {
    const char *desc;
    struct mint spec;
    unsigned position;
    enum profile profile;
    enum severity severity;
    const char *rule, *found;
};

static const struct profile_case cases[] = {
    {"A80-1 to A80-11: a provider's leaf",
     {LEAF, LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     KEEPS},
    {"the same under atis92", {LEAF, LEAF_LIST, USUAL}, POSITION_END_ENTITY, A92, KEEPS},
    {"the same under rfc", {LEAF, LEAF_LIST, USUAL}, POSITION_END_ENTITY, R, KEEPS},
    {"an STI-CA", {CA_NAME, USUAL}, POSITION_STI_CA, A80, KEEPS},
    {"an STI-CA under atis92", {CA_NAME, USUAL}, POSITION_STI_CA, A92, KEEPS},
    {"A92-1: an STI-SCA with one SPC", {SCA_NAME, LEAF_LIST, USUAL}, POSITION_SCA, A92, KEEPS},
    {"A92-2: a delegate with numbers",
     {DELEGATE, NUMBERS, USUAL},
     POSITION_DELEGATE,
     A92,
     KEEPS},
    {"A92-3: a delegate that is a CA",
     {.subject = "C=US,O=Corp,CN=Corp CA", .ca = MINT_YES, NUMBERS, USUAL},
     POSITION_DELEGATE_CA,
     A92,
     KEEPS},

    {"A80-1: a serial number of 16 bits",
     {LEAF, LEAF_LIST, USUAL, .serial_hex = "7fff"},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "serial-bits",
     "15 bits"},
    {"the same under rfc",
     {LEAF, LEAF_LIST, USUAL, .serial_hex = "7fff"},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "serial-bits",
     "15 bits"},
    {"A80-2: a key of the leaf that is not on P-256",
     {LEAF, LEAF_LIST, USUAL, .kind = MINT_P384},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "signer-key",
     "P-384"},
    {"R8226-4-1: the same under rfc",
     {LEAF, LEAF_LIST, USUAL, .kind = MINT_P384},
     POSITION_END_ENTITY,
     R,
     SEVERITY_ERROR,
     "signer-key",
     "P-384"},
    {"A80-2: an RSA key of a CA",
     {CA_NAME, USUAL, .kind = MINT_RSA2048},
     POSITION_STI_CA,
     A80,
     SEVERITY_ERROR,
     "ca-key",
     "RSA"},
    {"its twin: P-384", {CA_NAME, USUAL, .kind = MINT_P384}, POSITION_STI_CA, A80, KEEPS},
    {"A80-2: SHA-512",
     {CA_NAME, USUAL, .algorithm = MINT_ECDSA_SHA512},
     POSITION_STI_CA,
     A80,
     SEVERITY_ERROR,
     "signature-algorithm",
     "ECDSA with SHA-512"},
    {"A80-2: SHA-384 above a leaf",
     {LEAF, LEAF_LIST, USUAL, .algorithm = MINT_ECDSA_SHA384},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "signature-sha256",
     "ECDSA with SHA-384"},
    {"its twin: SHA-384 above a CA",
     {CA_NAME, USUAL, .algorithm = MINT_ECDSA_SHA384},
     POSITION_STI_CA,
     A80,
     KEEPS},

    {"A80-3: no country",
     {.subject = "O=ACME,CN=SHAKEN 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-country",
     "0 C, 1 O, 1 CN"},
    {"A80-3: two countries",
     {.subject = "C=US,C=CA,O=ACME,CN=SHAKEN 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-country",
     "2 C, 1 O, 1 CN"},
    {"A80-3: a country that is none",
     {.subject = "C=UX,O=ACME,CN=SHAKEN 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-country-iso",
     "C=UX"},
    {"A80-3: no organization",
     {.subject = "C=US,CN=SHAKEN 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-organization",
     "1 C, 0 O, 1 CN"},
    {"A80-3: two common names",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709J,CN=ACME", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-common-name",
     "1 C, 1 O, 2 CN"},
    {"A80-3: an STI-CA without the word",
     {.subject = "C=US,O=STI,CN=STI SHAKENCA", .ca = MINT_YES, USUAL},
     POSITION_STI_CA,
     A80,
     SEVERITY_WARNING,
     "subject-shaken",
     "CN=STI SHAKENCA"},
    {"A80-3: another SPC in the common name",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709K", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-spc",
     "CN=SHAKEN 709K"},
    {"A80-3: an SPC that goes on",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709J1", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-spc",
     "CN=SHAKEN 709J1"},
    {"A80-3: an SPC in small letters",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709j", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-spc",
     "CN=SHAKEN 709j"},
    {"A80-3: the SPC behind another word",
     {.subject = "C=US,O=ACME,CN=SHAKEN CERT 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-spc",
     "CN=SHAKEN CERT 709J"},
    {"its twin: the second of two",
     {.subject = "C=US,O=ACME,CN=SHAKEN X SHAKEN 709J", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     KEEPS},
    {"its twin: words around it",
     {.subject = "C=US,O=ACME,CN=ACME SHAKEN 709J-1", LEAF_LIST, USUAL},
     POSITION_END_ENTITY,
     A80,
     KEEPS},
    {"A80-3: no serialNumber, when CP 1.3 asked for one",
     {LEAF, LEAF_LIST, USUAL, .not_before = 1680000000},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "subject-serial-number",
     "absent"},
    {"its twin: one that has it",
     {.subject = "C=US,O=ACME,serialNumber=1,CN=SHAKEN 709J",
      LEAF_LIST,
      USUAL,
      .not_before = 1680000000},
     POSITION_END_ENTITY,
     A80,
     KEEPS},

    {"A80-4: no basicConstraints",
     {LEAF, LEAF_LIST, USUAL, .basic_constraints = MINT_NO},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "basic-constraints",
     "absent"},
    {"the same under rfc (A-33)",
     {LEAF, LEAF_LIST, USUAL, .basic_constraints = MINT_NO},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "basic-constraints",
     "absent"},
    {"A80-5: nonRepudiation, too",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_NON_REPUDIATION},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "key-usage-more",
     "digitalSignature, nonRepudiation"},
    {"the same under rfc (A-33)",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_NON_REPUDIATION},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "key-usage-more",
     "digitalSignature, nonRepudiation"},
    {"A80-5: a CA with keyEncipherment",
     {CA_NAME, USUAL, .key_usage = MINT_KU_KEY_CERT_SIGN | MINT_KU_KEY_ENCIPHERMENT},
     POSITION_STI_CA,
     A80,
     SEVERITY_WARNING,
     "key-usage-more",
     "keyEncipherment, keyCertSign"},
    {"its twin: a CA with digitalSignature and cRLSign",
     {CA_NAME, USUAL,
      .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_KEY_CERT_SIGN | MINT_KU_CRL_SIGN},
     POSITION_STI_CA,
     A80,
     KEEPS},
    {"A80-5: no keyUsage",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_ABSENT},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "key-usage-critical",
     "absent"},
    {"the same under rfc (A-34)",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_ABSENT},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "key-usage-absent",
     "absent"},
    {"A-33: keyUsage with trailing zero bits",
     {LEAF, LEAF_LIST, USUAL, .key_usage_hex = "03020080"},
     POSITION_END_ENTITY,
     R,
     SEVERITY_WARNING,
     "key-usage-der",
     "03020080"},
    {"its twin",
     {LEAF, LEAF_LIST, USUAL, .key_usage_hex = "03020780"},
     POSITION_END_ENTITY,
     R,
     KEEPS},
    {"R5280-4.2.1.3: keyCertSign on a leaf (A-34)",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_KEY_CERT_SIGN},
     POSITION_END_ENTITY,
     R,
     SEVERITY_WARNING,
     "key-usage-cert-sign",
     "digitalSignature, keyCertSign"},
    {"a leaf without digitalSignature",
     {LEAF, LEAF_LIST, USUAL, .key_usage = MINT_KU_CRL_SIGN},
     POSITION_END_ENTITY,
     R,
     SEVERITY_ERROR,
     "key-usage",
     "cRLSign"},
    {"a CA without keyCertSign",
     {CA_NAME, USUAL, .key_usage = MINT_KU_CRL_SIGN},
     POSITION_STI_CA,
     R,
     SEVERITY_ERROR,
     "key-usage",
     "cRLSign"},

    {"A80-6: no SKI",
     {LEAF, LEAF_LIST, USUAL, .skid = ""},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "skid-missing",
     "absent"},
    {"the same under rfc (A-33)",
     {LEAF, LEAF_LIST, USUAL, .skid = ""},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "skid-missing",
     "absent"},
    {"R5280-4.2.1.2: a CA without",
     {CA_NAME, USUAL, .skid = ""},
     POSITION_STI_CA,
     R,
     SEVERITY_ERROR,
     "skid-missing",
     "absent"},
    {"A80-6: an SKI that is not SHA-1",
     {LEAF, LEAF_LIST, USUAL, .skid = "0102"},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "skid-sha1",
     "0102"},
    {"the same under rfc (A-33)",
     {LEAF, LEAF_LIST, USUAL, .skid = "0102"},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "skid-sha1",
     "0102"},
    {"A80-7: no AKI",
     {LEAF, LEAF_LIST, USUAL, .akid = ""},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "akid-missing",
     "absent"},
    {"R5280-4.2.1.1: the same under rfc",
     {LEAF, LEAF_LIST, USUAL, .akid = ""},
     POSITION_END_ENTITY,
     R,
     SEVERITY_ERROR,
     "akid-missing",
     "absent"},
    {"A-33: AKI with issuer and serial",
     {LEAF, LEAF_LIST, USUAL, .akid_serial_hex = "0123"},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "akid-serial",
     "present"},

    {"A80-8: no policy",
     {LEAF, LEAF_LIST,
      .extensions = (const struct mint_extension[]){{POINTS_OID, false, POINT}, {0}}},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "policies",
     "0"},
    {"A80-8: two policies",
     {LEAF, LEAF_LIST, WITH(POLICY_TWO, POINT)},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "policies",
     "2"},
    {"R5280-4.2.1.4: one policy twice",
     {LEAF, LEAF_LIST, WITH(POLICY_SAME, POINT)},
     POSITION_END_ENTITY,
     R,
     SEVERITY_WARNING,
     "policies-once",
     "one twice among 2"},
    {"R5280-4.2.1.4: two policies, its twin",
     {LEAF, LEAF_LIST, WITH(POLICY_TWO, POINT)},
     POSITION_END_ENTITY,
     R,
     KEEPS},
    {"A80-8: an old policy",
     {LEAF, LEAF_LIST, WITH(POLICY_1, POINT)},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "policies-id",
     "2.16.840.1.114569.1.1.1"},
    {"A80-8: critical",
     {LEAF, LEAF_LIST,
      .extensions = (const struct mint_extension[]){{POLICIES_OID, true, POLICY_4},
                                                    {POINTS_OID, false, POINT},
                                                    {0}}},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "policies-critical",
     "critical"},
    {"A80-9: no cRLIssuer",
     {LEAF, LEAF_LIST, WITH(POLICY_4, POINT_NO_ISSUER)},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "crl-distribution",
     "1 point, no cRLIssuer"},
    {"A80-9: no URL",
     {LEAF, LEAF_LIST, WITH(POLICY_4, POINT_NO_NAME)},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "crl-distribution",
     "1 point, no http URL"},
    {"A80-9: two points",
     {LEAF, LEAF_LIST, WITH(POLICY_4, POINT_TWO)},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "crl-distribution",
     "2 points"},
    {"A80-9: none",
     {LEAF, LEAF_LIST,
      .extensions = (const struct mint_extension[]){{POLICIES_OID, false, POLICY_4}, {0}}},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "crl-distribution",
     "absent"},
    {"A80-9: no DER",
     {LEAF, LEAF_LIST, WITH(POLICY_4, "30023100")},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "crl-distribution",
     "no DER"},

    {"A80-10: numbers in a provider's leaf",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709J", .tnauthlist = "709J,12155551200+100", USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "tnauthlist-spc",
     "SPC 709J and 100 numbers"},
    {"A80-10: two SPCs",
     {LEAF, .tnauthlist = "709J,1234", USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "tnauthlist-spc",
     "SPCs 1234, 709J"},
    {"A80-10: no list",
     {LEAF, USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "tnauthlist-spc",
     "none"},
    {"the same under rfc",
     {LEAF, USUAL},
     POSITION_END_ENTITY,
     R,
     SEVERITY_WARNING,
     "tnauthlist-missing",
     "absent"},
    {"A80-10: a list of a CA",
     {SCA_NAME, LEAF_LIST, USUAL},
     POSITION_SCA,
     A80,
     SEVERITY_ERROR,
     "tnauthlist-of-ca",
     "SPC 709J"},
    {"A80-10: a lower-case SPC",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709j", .tnauthlist = "709j", USUAL},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "spc-form",
     "709j"},
    {"the same under rfc (A-33)",
     {.subject = "C=US,O=ACME,CN=SHAKEN 709j", .tnauthlist = "709j", USUAL},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "spc-form",
     "709j"},
    {"A-16: a critical TNAuthList",
     {LEAF, LEAF_LIST, USUAL, .tnauthlist_critical = true},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_ERROR,
     "stir-extension-critical",
     "critical"},
    {"its twin under rfc: a warning of the certificate's own",
     {LEAF, LEAF_LIST, USUAL, .tnauthlist_critical = true},
     POSITION_END_ENTITY,
     R,
     KEEPS},
    {"A80-11: claim constraints in a provider's leaf",
     {LEAF, LEAF_LIST, USUAL, .constraints = "+attest"},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "extensions",
     "1.3.6.1.5.5.7.1.27"},
    {"its twin: in a delegate", {DELEGATE, NUMBERS, USUAL}, POSITION_DELEGATE, A92, KEEPS},
    {"A80-11: an extension nobody knows",
     {LEAF, LEAF_LIST, AND("1.2.3.4", "0500")},
     POSITION_END_ENTITY,
     A80,
     SEVERITY_WARNING,
     "extensions",
     "1.2.3.4"},
    {"extended key usage (A-34)",
     {LEAF, LEAF_LIST, AND("2.5.29.37", "300a06082b06010505070301")},
     POSITION_END_ENTITY,
     R,
     SEVERITY_NOTICE,
     "ext-key-usage",
     "present"},

    {"A92-1: an STI-SCA with two SPCs",
     {SCA_NAME, .tnauthlist = "709J,1234", USUAL},
     POSITION_SCA,
     A92,
     SEVERITY_ERROR,
     "sca-spc",
     "SPCs 1234, 709J"},
    {"A92-1: an STI-SCA with numbers",
     {SCA_NAME, NUMBERS, USUAL},
     POSITION_SCA,
     A92,
     SEVERITY_ERROR,
     "sca-spc",
     "100 numbers"},
    {"A92-2: an SPC in a delegate",
     {DELEGATE, LEAF_LIST, USUAL},
     POSITION_DELEGATE,
     A92,
     SEVERITY_ERROR,
     "delegate-numbers",
     "SPC 709J"},
    {"A92-2, A92-3: an SPC in a delegate that is a CA",
     {.subject = "C=US,O=Corp,CN=Corp CA", .ca = MINT_YES, LEAF_LIST, USUAL},
     POSITION_DELEGATE_CA,
     A92,
     SEVERITY_ERROR,
     "delegate-numbers",
     "SPC 709J"},
    {"A92-5: a delegate that may attest",
     {.subject = "C=US,O=Corp,CN=Corp delegate", NUMBERS, USUAL},
     POSITION_DELEGATE,
     A92,
     SEVERITY_WARNING,
     "delegate-attests",
     "no constraints"},
    {"A92-5: one that may have an origid",
     {.subject = "C=US,O=Corp,CN=Corp delegate", .constraints = "-attest", NUMBERS, USUAL},
     POSITION_DELEGATE,
     A92,
     SEVERITY_WARNING,
     "delegate-attests",
     "other constraints"},

    {"entries that adjoin",
     {LEAF, .tnauthlist = "12155551200+10,12155551210+10", USUAL},
     POSITION_DELEGATE,
     R,
     SEVERITY_NOTICE,
     "tnauthlist-merged",
     "2 entries that make 1"},
    {"A-10: a list by value and by reference",
     {LEAF, NUMBERS, USUAL, .stir_tn_list = "https://a.example/l"},
     POSITION_DELEGATE,
     R,
     SEVERITY_NOTICE,
     "tnauthlist-both",
     "present"},
    {"R9118-8-2: a claim that must be and must not be",
     {LEAF, NUMBERS, USUAL, .constraints = "+a,-a"},
     POSITION_DELEGATE,
     R,
     SEVERITY_WARNING,
     "constraints-contradict",
     "present"},
    {"R9118-8-1: rcdi excluded",
     {LEAF, NUMBERS, USUAL, .constraints = "-rcdi"},
     POSITION_DELEGATE,
     R,
     SEVERITY_WARNING,
     "must-exclude-rcdi",
     "present"},
    {"R8226-8-2: a baseline claim included",
     {LEAF, NUMBERS, USUAL, .constraints = "+iat"},
     POSITION_DELEGATE,
     R,
     SEVERITY_NOTICE,
     "must-include-baseline",
     "present"},
    {"R9118-3-5: a baseline claim excluded",
     {LEAF, NUMBERS, USUAL, .constraints = "-orig"},
     POSITION_DELEGATE,
     R,
     SEVERITY_WARNING,
     "must-exclude-baseline",
     "present"},
    {"it ends before it begins",
     {LEAF, LEAF_LIST, USUAL, .not_after = MINT_NOT_BEFORE - 1},
     POSITION_END_ENTITY,
     R,
     SEVERITY_ERROR,
     "validity",
     "2025-01-01T00:00:00Z to 2024-12-31T23:59:59Z"},
    {"its twin: the same second",
     {LEAF, LEAF_LIST, USUAL, .not_after = MINT_NOT_BEFORE},
     POSITION_END_ENTITY,
     R,
     KEEPS},
};

struct findings {
    struct text lines; /* "severity rule: found" */
    int n;
    enum severity severity;
    const char *rule;
    char found[PROFILE_FOUND_SIZE];
};

static int gather(void *arg, const struct profile_finding *finding)
{
    struct findings *findings = arg;

    text_addf(&findings->lines, "%s%s %s: wanted %s, found %s (%s)",
              findings->n > 0 ? "; " : "", severity_name(finding->severity), finding->rule,
              finding->wanted, finding->found, finding->clause);
    findings->n++;
    findings->severity = finding->severity;
    findings->rule = finding->rule;
    memcpy(findings->found, finding->found, sizeof findings->found);
    return 0;
}

static const struct mint *issuer_of(unsigned position)
{
    switch (position) {
    case POSITION_STI_CA:
        return &root;
    case POSITION_END_ENTITY:
    case POSITION_SCA:
        return &sti_ca;
    default:
        return &sca;
    }
}

static struct stir_certificate *read(const struct minted *minted)
{
    struct stir_certificate *certificate;

    cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &certificate), 0);
    return certificate;
}

static void check_case(const struct profile_case *test)
{
    struct stir_certificate *certificate =
        read(mint_make(&test->spec, issuer_of(test->position)));
    struct findings findings = {0};
    int rc = profile_check(certificate, test->position, test->profile, gather, &findings);
    const char *said = findings.n > 0 ? findings.lines.data : "nothing";

    cr_expect_eq(rc, 0, "%s", test->desc);
    cr_expect_eq(certificate->fault.code, 0, "%s: %s", test->desc, certificate->fault.text);
    cr_expect_eq(findings.n, test->severity != SEVERITY_NONE, "%s: %s", test->desc, said);
    if (findings.n == 1 && test->rule != NULL) {
        cr_expect_eq(findings.severity, test->severity, "%s: %s", test->desc, said);
        cr_expect_str_eq(findings.rule, test->rule, "%s: %s", test->desc, said);
        cr_expect_not_null(strstr(findings.found, test->found), "%s: %s", test->desc, said);
    }
    text_free(&findings.lines);
    certificate_free(certificate);
}

Test(profile, one_certificate)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

/* Roots, which issue themselves. */
static const struct {
    const char *desc;
    struct mint spec;
    enum profile profile;
    enum severity severity;
    const char *rule, *found;
} roots[] = {
    {"A80-3, A80-8, A80-9: a root", {.subject = "C=US,O=STI,CN=STI SHAKEN root"}, A80, KEEPS},
    {"A80-3: a root that does not say so",
     {.subject = "C=US,O=STI,CN=STI SHAKEN CA"},
     A80,
     SEVERITY_WARNING,
     "subject-root",
     "CN=STI SHAKEN CA"},
    {"A80-4: basicConstraints not critical",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT",
      .basic_constraints = MINT_NO,
      .extensions = (const struct mint_extension[]){{"2.5.29.19", false, "30030101ff"}, {0}}},
     A80,
     SEVERITY_ERROR,
     "basic-constraints",
     "not critical"},
    {"R5280-4.2.1.9: the same under rfc",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT",
      .basic_constraints = MINT_NO,
      .extensions = (const struct mint_extension[]){{"2.5.29.19", false, "30030101ff"}, {0}}},
     R,
     SEVERITY_WARNING,
     "basic-constraints-critical",
     "not critical"},
    {"A80-7: an AKI that is another's",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT", .akid = "0102"},
     A80,
     SEVERITY_ERROR,
     "akid-root",
     "present"},
    {"A80-8: a policy",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT",
      .extensions = (const struct mint_extension[]){{POLICIES_OID, false, POLICY_4}, {0}}},
     A80,
     SEVERITY_ERROR,
     "policies-root",
     "2.16.840.1.114569.1.1.4"},
    {"A80-9: a distribution point",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT",
      .extensions = (const struct mint_extension[]){{POINTS_OID, false, POINT}, {0}}},
     A80,
     SEVERITY_ERROR,
     "crl-distribution-root",
     "1 point"},
    {"the same, made before the text said so",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT",
      .not_before = 1640000000,
      .extensions = (const struct mint_extension[]){{POINTS_OID, false, POINT}, {0}}},
     A80,
     KEEPS},
    {"A80-10: a list, also under atis92",
     {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT", .tnauthlist = "709J"},
     A92,
     SEVERITY_ERROR,
     "tnauthlist-of-ca",
     "SPC 709J"},
};

Test(profile, roots)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct stir_certificate *certificate = read(mint_make(&roots[i].spec, NULL));
        struct findings findings = {0};
        cr_assert_eq(profile_position(&certificate, 1, 0), POSITION_ROOT);
        profile_check(certificate, POSITION_ROOT, roots[i].profile, gather, &findings);
        const char *said = findings.n > 0 ? findings.lines.data : "nothing";
        cr_expect_eq(findings.n, roots[i].severity != SEVERITY_NONE, "%s: %s", roots[i].desc,
                     said);
        if (findings.n == 1 && roots[i].rule != NULL) {
            cr_expect_str_eq(findings.rule, roots[i].rule, "%s: %s", roots[i].desc, said);
            cr_expect_not_null(strstr(findings.found, roots[i].found), "%s: %s", roots[i].desc,
                               said);
            cr_expect_eq(findings.severity, roots[i].severity, "%s", roots[i].desc);
        }
        text_free(&findings.lines);
        certificate_free(certificate);
    }
}

/* No row without a case: what the tables above do not break is never seen to work. */
Test(profile, every_rule_has_a_case)
{
    /* Those that the path or GnuTLS refuse first, so that no mint makes one that breaks them
       alone. */
    static const char *const elsewhere[] = {"basic-constraints-empty", "skid-critical",
                                            "akid-critical"};
    const struct profile_rule *rule;

    for (size_t i = 0; (rule = profile_rule(i)) != NULL; i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
            found |=
                cases[k].rule != NULL && strcmp(cases[k].rule, profile_rule_name(rule)) == 0;
        for (size_t k = 0; k < sizeof roots / sizeof *roots; k++)
            found |=
                roots[k].rule != NULL && strcmp(roots[k].rule, profile_rule_name(rule)) == 0;
        for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
            found |= strcmp(elsewhere[k], profile_rule_name(rule)) == 0;
        cr_expect(found, "no case breaks %s", profile_rule_name(rule));
    }
}

/* ---- Positions (A-14) ---- */

static const struct {
    const char *desc, *lists;
    int ca_from; /* from this depth on, all are CAs */
    unsigned positions[4];
} positions[] = {
    {"ordinary SHAKEN",
     "709J! < - < -",
     1,
     {POSITION_END_ENTITY, POSITION_STI_CA, POSITION_STI_CA}},
    {"a delegate", "10+5 < 709J! < -", 1, {POSITION_DELEGATE, POSITION_SCA, POSITION_STI_CA}},
    {"a delegate of a delegate",
     "10+2 < 10+5 < 709J! < -",
     1,
     {POSITION_DELEGATE, POSITION_DELEGATE_CA, POSITION_SCA, POSITION_STI_CA}},
    {"alone, an SPC", "709J!", 1, {POSITION_END_ENTITY}},
    {"alone, numbers", "10+5", 1, {POSITION_DELEGATE}},
    {"alone, a CA with an SPC", "709J!", 0, {POSITION_SCA}},
    {"alone, a CA with numbers", "10+5", 0, {POSITION_DELEGATE_CA}},
    {"alone, a CA without a list", "-", 0, {POSITION_STI_CA}},
};

Test(profile, positions)
{
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        struct listed listed;
        listed_make(&listed, positions[i].lists);
        for (size_t k = 0; k < listed.path.n; k++)
            listed.certificates[k].ca = (int)k >= positions[i].ca_from;
        for (size_t k = 0; k < listed.path.n; k++)
            cr_expect_eq(profile_position(listed.path.certificates, listed.path.n, k),
                         positions[i].positions[k], "%s: %zu", positions[i].desc, k);
        listed_free(&listed);
    }
}

/* ---- Paths ---- */

static const struct {
    const char *desc;
    struct mint leaf;
    bool delegated, shaken;
    enum profile profile;
    int code, depth;
    const char *sentence, *warning;
} paths[] = {
    {"a provider's path", {LEAF, LEAF_LIST, USUAL}, false, true, A80, 0, -1, "", NULL},
    {"A80-10: an error is the code profile",
     {LEAF, .tnauthlist = "709J,1234", USUAL},
     false,
     true,
     A80,
     STIR_CODE_PROFILE,
     0,
     "tnauthlist-spc: wanted exactly one SPC, and nothing else, found SPCs 1234, 709J "
     "(ATIS-1000080 section 6.4.1)",
     NULL},
    {"its twin under rfc",
     {LEAF, .tnauthlist = "709J,1234", USUAL},
     false,
     true,
     R,
     0,
     -1,
     "",
     NULL},
    {"A80-9: what is a warning warns",
     {LEAF, LEAF_LIST, WITH(POLICY_4, POINT_NO_ISSUER)},
     false,
     true,
     A80,
     0,
     -1,
     "",
     "profile: certificate 0 \"SHAKEN 709J\": crl-distribution"},
    {"a notice is for lint alone",
     {LEAF, LEAF_LIST, USUAL, .akid_serial_hex = "0123"},
     false,
     true,
     A80,
     0,
     -1,
     "",
     NULL},
    {"A92-1, A92-2: a delegate's path",
     {DELEGATE, NUMBERS, USUAL},
     true,
     false,
     A92,
     0,
     -1,
     "",
     NULL},
    {"A80-10: the same is none under atis80",
     {DELEGATE, NUMBERS, USUAL},
     true,
     false,
     A80,
     STIR_CODE_PROFILE,
     0,
     "tnauthlist-spc",
     NULL},
    {"A92-4: a delegate that signs shaken",
     {DELEGATE, NUMBERS, USUAL},
     true,
     true,
     A92,
     STIR_CODE_PROFILE,
     0,
     "delegate-shaken",
     NULL},
    {"A92-4: a provider signs shaken",
     {LEAF, LEAF_LIST, USUAL},
     false,
     true,
     A92,
     0,
     -1,
     "",
     NULL},
};

Test(profile, paths)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct mint *leaf_issuer = paths[i].delegated ? &sca : &sti_ca;
        struct path path = {0};
        struct warnings warnings = {0};
        struct stir_error error;
        error_clear(&error);
        path.certificates[path.n++] = read(mint_make(&paths[i].leaf, leaf_issuer));
        if (paths[i].delegated)
            path.certificates[path.n++] = read(mint_make(&sca, &sti_ca));
        path.certificates[path.n++] = read(mint_make(&sti_ca, &root));
        path.certificates[path.n++] = read(mint_make(&root, NULL));
        int rc =
            profile_check_path(&path, paths[i].profile, paths[i].shaken, &warnings, &error);
        cr_expect_eq(rc, paths[i].code, "%s: %d %s", paths[i].desc, rc, error.text);
        cr_expect_eq(error.depth, paths[i].depth, "%s: %d", paths[i].desc, error.depth);
        cr_expect_not_null(strstr(error.text, paths[i].sentence), "%s: %s", paths[i].desc,
                           error.text);
        cr_expect_eq(warnings.n, paths[i].warning != NULL, "%s: %s", paths[i].desc,
                     warnings.n > 0 ? warnings.lines[0] : "");
        if (warnings.n == 1 && paths[i].warning != NULL)
            cr_expect_not_null(strstr(warnings.lines[0], paths[i].warning), "%s: %s",
                               paths[i].desc, warnings.lines[0]);
        warnings_free(&warnings);
        path_free(&path);
    }
}

Test(profile, names)
{
    cr_expect_eq(profile_of_name("rfc"), PROFILE_RFC);
    cr_expect_eq(profile_of_name("atis80"), PROFILE_ATIS80);
    cr_expect_eq(profile_of_name("atis92"), PROFILE_ATIS92);
    cr_expect_eq(profile_of_name("atis"), -1);
}
