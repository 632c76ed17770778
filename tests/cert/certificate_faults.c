/* cert/certificate: every fault it can have, beside the good certificate it differs from; which
   of two is told; the warnings. */
#include <criterion/criterion.h>
#include <string.h>

#include "cert/certificate.h"
#include "tests/chain_steps.h"
#include "tests/mint.h"

/* A provider's end entity with everything a certificate may have. */
#define GOOD .subject = "C=US,O=ACME,CN=ACME", .ca = MINT_NO, .tnauthlist = "709J"
#define A_CA .subject = "C=US,O=ACME,CN=ACME", .ca = MINT_YES, .tnauthlist = "709J"
#define EXTENSIONS(...)                                                                        \
    .extensions = (const struct mint_extension[])                                              \
    {                                                                                          \
        __VA_ARGS__,                                                                           \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }
#define AIA "1.3.6.1.5.5.7.1.1"
#define STIR_TN_LIST "06082b0601050507300e"
#define ECDSA_SHA256 "300a06082a8648ce3d040302"
#define ECDSA_SHA384 "300a06082a8648ce3d040303"
/* RSASSA-PSS-params of SHA-256; what is behind the mask, and the lengths of it all. */
#define PSS(whole, params, more)                                                               \
    "30" whole "06092a864886f70d01010a30" params "a00f300d06096086480165030402010500"          \
    "a11c301a06092a864886f70d010108300d06096086480165030402010500" more
#define ECDSA_SHA256_INTEGER "300d06082a8648ce3d040302020101"
#define P256_EXPLICIT                                                                          \
    "3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff000000" \
    "01"                                                                                       \
    "000000000000000000000000ffffffffffffffffffffffff305b0420ffffffff000000010000000000000000" \
    "00"                                                                                       \
    "000000fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c" \
    "3e"                                                                                       \
    "27d2604b031500c49d360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a4" \
    "40"                                                                                       \
    "f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb640" \
    "68"                                                                                       \
    "37bf51f5022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325510201010342" \
    "00"                                                                                       \
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb" \
    "4a"                                                                                       \
    "7c0f9e162bce33576b315ececbb6406837bf51f5"
#define P256_BESIDE_THE_CURVE                                                                  \
    "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277" \
    "03"                                                                                       \
    "7d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf" \
    "51f"                                                                                      \
    "4"
#define TWENTY "7f00000000000000000000000000000000000001"

struct fault_case {
    const char *desc;
    struct mint spec;
    int code;
    const char *sentence;
};

static const struct fault_case cases[] = {
    {"good", {GOOD}, 0, ""},
    {"good CA", {A_CA}, 0, ""},

    {"R5280-4.1-1: version 3", {GOOD, .version = 3}, 0, ""},
    {"R5280-4.1-1: version 2", {GOOD, .version = 2}, STIR_CODE_CERT_SYNTAX, "version 2"},
    {"version 1, written", {GOOD, .version = 1}, STIR_CODE_CERT_SYNTAX, "version 1"},
    {"version 1, left out", {GOOD, .version = -1}, STIR_CODE_CERT_SYNTAX, "version 1"},
    {"version 4", {GOOD, .version = 4}, STIR_CODE_CERT_SYNTAX, "version 4"},
    {"serial 1", {GOOD, .serial_hex = "01"}, 0, ""},
    {"R5280-4.1-1, A-34: serial 0", {GOOD, .serial_hex = "00"}, STIR_CODE_CERT_SYNTAX, "is 0"},
    {"serial negative", {GOOD, .serial_hex = "80"}, STIR_CODE_CERT_SYNTAX, "negative"},
    {"serial with the sign's zero", {GOOD, .serial_hex = "0080"}, 0, ""},
    {"serial padded", {GOOD, .serial_hex = "0001"}, STIR_CODE_CERT_SYNTAX, "padded"},
    {"serial of 20 octets", {GOOD, .serial_hex = TWENTY}, 0, ""},
    {"serial of 21 octets", {GOOD, .serial_hex = TWENTY "00"}, STIR_CODE_CERT_SYNTAX, "21"},
    {"serial of no octet", {GOOD, .serial_hex = ""}, STIR_CODE_CERT_SYNTAX, "serial"},
    {"R5280-4.1-1: other algorithm inside",
     {GOOD, .tbs_algorithm_hex = ECDSA_SHA384},
     STIR_CODE_CERT_SYNTAX,
     "not the same"},
    {"other algorithm outside",
     {GOOD, .algorithm_hex = ECDSA_SHA384},
     STIR_CODE_CERT_SYNTAX,
     "not the same"},
    {"other parameters outside",
     {GOOD, .algorithm_hex = ECDSA_SHA256_INTEGER},
     STIR_CODE_CERT_SYNTAX,
     "not the same"},
    {"an octet behind", {GOOD, .more_hex = "00"}, STIR_CODE_CERT_SYNTAX, "stands behind"},
    {"something behind the extensions",
     {GOOD, .tbs_more_hex = "0500"},
     STIR_CODE_CERT_SYNTAX,
     "behind the extensions"},
    {"issuerUniqueID, which version 3 may have", {GOOD, .unique_id = true}, 0, ""},
    {"no extensions", {.subject = "ACME", .no_extensions = true}, 0, ""},
    {"an empty list of them",
     {.subject = "ACME", .extensions_empty = true},
     STIR_CODE_CERT_SYNTAX,
     "list of one or more"},

    {"R5280-4.1-2: GeneralizedTime", {GOOD, .not_after_raw = "20991231235959Z"}, 0, ""},
    {"GeneralizedTime of the year 9999", {GOOD, .not_after_raw = "99991231235959Z"}, 0, ""},
    {"UTCTime of 1950 to 2049", {GOOD, .not_after_raw = "491231235959Z"}, 0, ""},
    {"no Z", {GOOD, .not_after_raw = "20991231235959+"}, STIR_CODE_CERT_SYNTAX, "notAfter"},
    {"UTCTime without seconds",
     {GOOD, .not_after_raw = "4912312359Z"},
     STIR_CODE_CERT_SYNTAX,
     "notAfter"},
    {"UTCTime with an offset",
     {GOOD, .not_after_raw = "4912312359+00"},
     STIR_CODE_CERT_SYNTAX,
     "notAfter"},
    {"GeneralizedTime with a fraction",
     {GOOD, .not_after_raw = "20991231235959.5Z"},
     STIR_CODE_CERT_SYNTAX,
     "notAfter"},
    {"month 13", {GOOD, .not_after_raw = "491331235959Z"}, STIR_CODE_CERT_SYNTAX, "notAfter"},
    {"a letter", {GOOD, .not_after_raw = "49123123595xZ"}, STIR_CODE_CERT_SYNTAX, "notAfter"},

    {"the empty name", {.subject = "", .key = "acme", .tnauthlist = "709J"}, 0, ""},
    {"a name that is none", {GOOD, .subject_hex = "30023000"}, STIR_CODE_CERT_SYNTAX, ""},
    {"a name that is a SET", {GOOD, .subject_hex = "3100"}, STIR_CODE_CERT_SYNTAX, "is no DER"},
    {"R7515-3: a point beside P-256",
     {GOOD, .spki_hex = P256_BESIDE_THE_CURVE},
     STIR_CODE_CERT_SYNTAX,
     "no point"},
    {"a public key that is none",
     {GOOD, .spki_hex = "3000"},
     STIR_CODE_CERT_SYNTAX,
     "SubjectPublicKeyInfo"},

    {"R5280-4.2.1.9: basicConstraints", {A_CA, .path_length = MINT_PATH_LENGTH(0)}, 0, ""},
    {"that are none",
     {A_CA, .basic_constraints_hex = "0500"},
     STIR_CODE_CERT_SYNTAX,
     "basicConstraints"},
    {"A-33: no basicConstraints", {GOOD, .basic_constraints = MINT_NO}, 0, ""},
    {"R5280-4.2.1.3: keyUsage", {GOOD, .key_usage_hex = "03020780"}, 0, ""},
    {"A-33: with trailing zero bits", {GOOD, .key_usage_hex = "03020080"}, 0, ""},
    {"A-34: none", {GOOD, .key_usage = MINT_KU_ABSENT}, 0, ""},
    {"that is none", {GOOD, .key_usage_hex = "0401ff"}, STIR_CODE_CERT_SYNTAX, "keyUsage"},
    {"A-33: no SKI", {GOOD, .skid = ""}, 0, ""},
    {"R5280-4.2.1.1: AKI with issuer and serial", {GOOD, .akid_serial_hex = "05"}, 0, ""},
    {"with the issuer alone",
     {GOOD, .akid_hex = "3004a1028200"},
     STIR_CODE_CERT_SYNTAX,
     "together"},
    {"with the serial alone",
     {GOOD, .akid_hex = "3003820105"},
     STIR_CODE_CERT_SYNTAX,
     "together"},
    {"AKI that is none", {GOOD, .akid_hex = "0500"}, STIR_CODE_CERT_SYNTAX, "authority key"},
    {"AKI with something behind",
     {GOOD, .akid_hex = "3005800105"
                        "0500"},
     STIR_CODE_CERT_SYNTAX,
     "authority key"},
    {"SKI that is none",
     {GOOD, .skid = "", EXTENSIONS({"2.5.29.14", false, "0500"})},
     STIR_CODE_CERT_SYNTAX,
     "subject key"},
    {"subjectAltName", {GOOD, .san = "dns:example.com,uri:sip:example.com"}, 0, ""},
    {"that is none",
     {GOOD, EXTENSIONS({"2.5.29.17", false, "0500"})},
     STIR_CODE_CERT_SYNTAX,
     "subjectAltName"},
    {"in BER, whose names nobody counted",
     {GOOD, EXTENSIONS({"2.5.29.17", false, "3080820161 0000"})},
     STIR_CODE_CERT_SYNTAX,
     "subjectAltName"},
    {"authorityInfoAccess that is none",
     {GOOD, EXTENSIONS({AIA, false, "0500"})},
     STIR_CODE_CERT_SYNTAX,
     "authorityInfoAccess"},
    {"authorityInfoAccess of which one half is missing",
     {GOOD, EXTENSIONS({AIA, false, "300c300a" STIR_TN_LIST})},
     STIR_CODE_CERT_SYNTAX,
     "authorityInfoAccess"},

    {"R5280-4.2-1: keyUsage twice",
     {GOOD, .duplicate = "2.5.29.15"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "2.5.29.15"},
    {"TNAuthList twice",
     {GOOD, .duplicate = "1.3.6.1.5.5.7.1.26"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "1.3.6.1.5.5.7.1.26"},
    {"basicConstraints twice",
     {A_CA, .duplicate = "2.5.29.19"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "2.5.29.19"},
    {"SKI twice",
     {GOOD, .duplicate = "2.5.29.14"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "2.5.29.14"},
    {"subjectAltName twice",
     {GOOD, .san = "dns:example.com", .duplicate = "2.5.29.17"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "2.5.29.17"},
    {"an unknown one twice",
     {GOOD, EXTENSIONS({"1.2.3.4", false, "0500"}, {"1.2.3.4", false, "0500"})},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "1.2.3.4"},

    {"R8226-9-3: an empty list",
     {GOOD, .tnauthlist_hex = "3000"},
     STIR_CODE_TNAUTHLIST_SYNTAX,
     "TNAuthList"},
    {"A-25: a list with implicit tags",
     {GOOD, .tnauthlist_hex = "3006800437303 94a"},
     STIR_CODE_TNAUTHLIST_SYNTAX,
     "TNAuthList"},
    {"R8226-9-1: critical", {GOOD, .tnauthlist_critical = true}, 0, ""},

    {"R8226-10.1-1: a list by reference",
     {GOOD, .stir_tn_list = "https://a.example/list"},
     0,
     ""},
    {"in capitals", {GOOD, .stir_tn_list = "HTTPS://a.example/list"}, 0, ""},
    {"R8226-10.1-2: http",
     {GOOD, .stir_tn_list = "http://a.example/list"},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     "http://a.example/list"},
    {"no host",
     {GOOD, .stir_tn_list = "https:///list"},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     "https"},
    {"nothing but the scheme",
     {GOOD, .stir_tn_list = "https://"},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     "https"},
    {"a blank in it",
     {GOOD, .stir_tn_list = "https://a.example/a b"},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     "https"},
    {"R8226-10.1-2: a dNSName",
     {GOOD, EXTENSIONS({AIA, false, "3010300e" STIR_TN_LIST "8202612e"})},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     "tag 82"},
    {"another access method may have what it likes",
     {GOOD, EXTENSIONS({AIA, false, "3010300e06082b060105050730018202612e"})},
     0,
     ""},

    {"R8226-8-1: constraints", {GOOD, .constraints = "+attest,attest=A"}, 0, ""},
    {"R9118-3-1: enhanced ones", {GOOD, .constraints = "-priority"}, 0, ""},
    {"R8226-8-4: empty",
     {GOOD, .constraints_hex = "3000"},
     STIR_CODE_CONSTRAINTS_SYNTAX,
     "JWTClaimConstraints"},
    {"enhanced, empty",
     {GOOD, .enhanced_hex = "3000"},
     STIR_CODE_CONSTRAINTS_SYNTAX,
     "EnhancedJWTClaimConstraints"},
    {"A-16: they must parse on a CA, too",
     {A_CA, .constraints_hex = "3000"},
     STIR_CODE_CONSTRAINTS_SYNTAX,
     "JWTClaimConstraints"},
    {"R9118-6-1: both",
     {GOOD, .constraints = "+attest", .enhanced_hex = "300ea00c300a16086174746573743132"},
     STIR_CODE_CONSTRAINTS_BOTH,
     "both"},

    {"R5280-4.2-1: unknown, not critical",
     {GOOD, EXTENSIONS({"1.2.3.4", false, "0500"})},
     0,
     ""},
    {"unknown, critical",
     {GOOD, EXTENSIONS({"1.2.3.4", true, "0500"})},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     "1.2.3.4"},
    {"A-34: nameConstraints, not critical",
     {A_CA, EXTENSIONS({"2.5.29.30", false, "3000"})},
     0,
     ""},
    {"A-34: nameConstraints, critical",
     {A_CA, EXTENSIONS({"2.5.29.30", true, "3000"})},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     "2.5.29.30"},
    {"A-34: policyConstraints, critical",
     {A_CA, EXTENSIONS({"2.5.29.36", true, "3000"})},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     "2.5.29.36"},
    {"a precertificate's poison",
     {GOOD, EXTENSIONS({"1.3.6.1.4.1.11129.2.4.3", true, "0500"})},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     "1.3.6.1.4.1.11129.2.4.3"},
    {"A-33: certificatePolicies, critical",
     {GOOD, EXTENSIONS({"2.5.29.32", true, "300a300806062b0601040101"})},
     0,
     ""},
    {"R5280-4.2.1.12: extKeyUsage, critical, is ignored",
     {GOOD, EXTENSIONS({"2.5.29.37", true, "300a06082b06010505070301"})},
     0,
     ""},
    {"cRLDistributionPoints, critical", {GOOD, EXTENSIONS({"2.5.29.31", true, "3000"})}, 0, ""},

    {"R8226-4-1: P-384 CA", {A_CA, .key = "a384", .kind = MINT_P384}, 0, ""},
    {"P-521 CA", {A_CA, .key = "a521", .kind = MINT_P521}, 0, ""},
    {"R8226-4-1: RSA CA", {A_CA, .key = "a2048", .kind = MINT_RSA2048}, 0, ""},
    {"RSA-PSS",
     {A_CA, .key = "a2048", .kind = MINT_RSA2048, .algorithm = MINT_RSA_PSS_SHA256},
     0,
     ""},
    {"A-34: RSA CA, too short",
     {A_CA, .key = "a1024", .kind = MINT_RSA1024},
     STIR_CODE_CERT_ALGORITHM,
     "RSA 1024"},
    {"P-224 CA",
     {A_CA, .key = "a224", .kind = MINT_P224},
     STIR_CODE_CERT_ALGORITHM,
     "SECP224R1"},
    {"Ed25519 CA, which signs itself so",
     {A_CA, .key = "aed", .kind = MINT_ED25519},
     STIR_CODE_CERT_ALGORITHM,
     "1.3.101.112"},
    {"a CA's curve by its parameters",
     {A_CA, .spki_hex = P256_EXPLICIT},
     STIR_CODE_CERT_ALGORITHM,
     "explicit"},
    {"a signer's: no matter of the certificate (signer-key)",
     {GOOD, .spki_hex = P256_EXPLICIT},
     0,
     ""},
    {"A-34: ECDSA with SHA-1",
     {GOOD, .algorithm = MINT_ECDSA_SHA1},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.10045.4.1"},
    {"RSA with SHA-1",
     {A_CA, .key = "a2048", .kind = MINT_RSA2048, .algorithm = MINT_RSA_SHA1},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.5"},
    {"RSA-PSS with its defaults, which are SHA-1",
     {GOOD, .tbs_algorithm_hex = "300d06092a864886f70d01010a3000",
      .algorithm_hex = "300d06092a864886f70d01010a3000"},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.10"},
    {"RFC 4055 section 3.1: a salt that is not said, which is 20",
     {GOOD, .tbs_algorithm_hex = PSS("3c", "2f", ""), .algorithm_hex = PSS("3c", "2f", "")},
     0,
     ""},
    {"a salt of 1024 octets",
     {GOOD, .tbs_algorithm_hex = PSS("42", "35", "a20402020400"),
      .algorithm_hex = PSS("42", "35", "a20402020400")},
     0,
     ""},
    {"a salt longer than any key",
     {GOOD, .tbs_algorithm_hex = PSS("42", "35", "a20402020401"),
      .algorithm_hex = PSS("42", "35", "a20402020401")},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.10"},
    {"a negative salt",
     {GOOD, .tbs_algorithm_hex = PSS("41", "34", "a2030201ff"),
      .algorithm_hex = PSS("41", "34", "a2030201ff")},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.10"},
    {"trailer 1, said",
     {GOOD, .tbs_algorithm_hex = PSS("41", "34", "a303020101"),
      .algorithm_hex = PSS("41", "34", "a303020101")},
     0,
     ""},
    {"another trailer",
     {GOOD, .tbs_algorithm_hex = PSS("41", "34", "a303020102"),
      .algorithm_hex = PSS("41", "34", "a303020102")},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.10"},
    {"a salt behind the trailer",
     {GOOD, .tbs_algorithm_hex = PSS("46", "39", "a303020101a203020120"),
      .algorithm_hex = PSS("46", "39", "a303020101a203020120")},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.113549.1.1.10"},
    {"A-33: ECDSA with NULL parameters", {GOOD, .ecdsa_null = true}, 0, ""},
    {"ECDSA with other parameters",
     {GOOD, .tbs_algorithm_hex = ECDSA_SHA256_INTEGER, .algorithm_hex = ECDSA_SHA256_INTEGER},
     STIR_CODE_CERT_ALGORITHM,
     "1.2.840.10045.4.3.2"},
    {"RSA with parameters left out (RFC 4055 section 5)",
     {A_CA, .key = "a2048", .kind = MINT_RSA2048,
      .tbs_algorithm_hex = "300b06092a864886f70d01010b",
      .algorithm_hex = "300b06092a864886f70d01010b"},
     0,
     ""},
};

/* Of two faults the one that design.md has first. Each case has both of its line's fault and of
   the next line's. */
static const struct fault_case orders[] = {
    {"cert-syntax, before duplicate",
     {GOOD, .serial_hex = "00", .duplicate = "2.5.29.15"},
     STIR_CODE_CERT_SYNTAX,
     "serial"},
    {"cert-syntax by GnuTLS, before duplicate",
     {GOOD, .key_usage_hex = "0401ff", .duplicate = "2.5.29.15"},
     STIR_CODE_CERT_SYNTAX,
     "keyUsage"},
    {"duplicate, before tnauthlist-syntax",
     {GOOD, .duplicate = "2.5.29.15", .tnauthlist_hex = "3000"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     "2.5.29.15"},
    {"tnauthlist-syntax, before tnauthlist-reference",
     {GOOD, .tnauthlist_hex = "3000", .stir_tn_list = "http://a.example/"},
     STIR_CODE_TNAUTHLIST_SYNTAX,
     ""},
    {"tnauthlist-reference, before constraints-syntax",
     {GOOD, .stir_tn_list = "http://a.example/", .constraints_hex = "3000"},
     STIR_CODE_TNAUTHLIST_REFERENCE,
     ""},
    {"constraints-syntax, before constraints-both",
     {GOOD, .constraints_hex = "3000", .enhanced_hex = "3000"},
     STIR_CODE_CONSTRAINTS_SYNTAX,
     "JWTClaimConstraints"},
    {"constraints-syntax of the second, before constraints-both",
     {GOOD, .constraints = "+attest", .enhanced_hex = "3000"},
     STIR_CODE_CONSTRAINTS_SYNTAX,
     "Enhanced"},
    {"constraints-both, before cert-critical-extension",
     {GOOD, .constraints = "+attest", .enhanced_hex = "300ea00c300a16086174746573743132",
      EXTENSIONS({"1.2.3.4", true, "0500"})},
     STIR_CODE_CONSTRAINTS_BOTH,
     ""},
    {"cert-critical-extension, before cert-algorithm",
     {GOOD, EXTENSIONS({"1.2.3.4", true, "0500"}), .algorithm = MINT_ECDSA_SHA1},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     ""},
};

static void check(const struct fault_case *one)
{
    const struct minted *minted = mint_make(&one->spec, NULL);
    struct stir_certificate *certificate = NULL;
    struct stir_error error = {0};

    cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &certificate), 0);
    cr_expect_eq(certificate->fault.code, one->code, "%s: %s %s", one->desc,
                 stir_code_name(certificate->fault.code), certificate->fault.text);
    cr_expect(strstr(certificate->fault.text, one->sentence) != NULL, "%s: %s", one->desc,
              certificate->fault.text);
    cr_expect_lt(strlen(certificate->fault.text), 200, "%s: no room for the name", one->desc);
    cr_expect_eq(certificate_fault(certificate, 3, &error), one->code, "%s", one->desc);
    cr_expect(one->code == 0
                  ? error.code == 0
                  : error.depth == 3 && strncmp(error.text, "certificate 3", 13) == 0,
              "%s: %s", one->desc, error.text);
    cr_expect_not_null(stir_certificate_text(certificate, "sha256"), "%s", one->desc);
    chain_steps_expect(minted->der, minted->len, true, one->desc);
    certificate_free(certificate);
}

Test(certificate_faults, each)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

Test(certificate_faults, order)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        check(&orders[i]);
}

static const struct {
    const char *desc;
    struct mint spec;
    const char *warning; /* NULL: none */
} warned[] = {
    {"good", {GOOD}, NULL},
    {"R8226-9-1: TNAuthList critical",
     {GOOD, .tnauthlist_critical = true},
     "stir-extension-critical: certificate \"ACME\": the TNAuthList"},
    {"R8226-8-1: constraints critical",
     {GOOD, EXTENSIONS({"1.3.6.1.5.5.7.1.27", true, "300ca00a300816066174746573 74"})},
     "stir-extension-critical: certificate \"ACME\": JWTClaimConstraints"},
    {"A-25: a range with more members",
     {GOOD, .tnauthlist_hex = "3015a1133011160a31323135353535313230020164 05 00"},
     "unknown-range-extension: "},
    {"A-33: NULL parameters", {GOOD, .ecdsa_null = true}, "ecdsa-null-parameters: "},
    {"A-16: constraints on a CA", {A_CA, .constraints = "+attest"}, "constraints-on-ca: "},
};

Test(certificate_faults, warnings)
{
    for (size_t i = 0; i < sizeof warned / sizeof *warned; i++) {
        const struct minted *minted = mint_make(&warned[i].spec, NULL);
        struct stir_certificate *certificate = NULL;

        cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &certificate), 0);
        cr_expect_eq(certificate->fault.code, 0, "%s: %s", warned[i].desc,
                     certificate->fault.text);
        cr_expect_eq(certificate->warnings.n, warned[i].warning != NULL, "%s", warned[i].desc);
        if (certificate->warnings.n > 0)
            cr_expect(strstr(certificate->warnings.lines[0], warned[i].warning) != NULL,
                      "%s: %s", warned[i].desc, certificate->warnings.lines[0]);
        certificate_free(certificate);
    }
}
