/*
 * The rules of ATIS-1000080 (as public linters and the US certificate policy cite it) and of
 * ATIS-1000092 for delegates: requirements.md section 11, A-14. The texts themselves were not at
 * hand. What a tenth of the certificates in the field break is a warning here.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/profile_rules.h"

/* ---- Names (A80-3) ---- */

static bool has_one(const struct profile_facts *facts, uint8_t type)
{
    return facts_name_count(facts->certificate->subject, type) == 1;
}

static bool holds_one_country(const struct profile_facts *facts)
{
    return has_one(facts, NAME_COUNTRY);
}

static bool holds_one_organization(const struct profile_facts *facts)
{
    return has_one(facts, NAME_ORGANIZATION);
}

static bool holds_one_common_name(const struct profile_facts *facts)
{
    return has_one(facts, NAME_COMMON_NAME);
}

static bool holds_serial_number_attribute(const struct profile_facts *facts)
{
    return facts_name_count(facts->certificate->subject, NAME_SERIAL_NUMBER) > 0;
}

static bool holds_country_iso(const struct profile_facts *facts)
{
    static const char codes[] = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBR"
                                "BSBTBVBWBYBZCACCCDCFCGCHCI"
                                "CKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFR"
                                "GAGBGDGEGFGGGHGIGLGMGNGPGQ"
                                "GRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKM"
                                "KNKPKRKWKYKZLALBLCLILKLRLS"
                                "LTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENF"
                                "NGNINLNONPNRNUNZOMPAPEPFPG"
                                "PHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSR"
                                "SSSTSVSXSYSZTCTDTFTGTHTJTK"
                                "TLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";
    struct der country = facts_name_first(facts->certificate->subject, NAME_COUNTRY);

    if (country.data == NULL) /* which another rule says */
        return true;
    for (size_t i = 0; country.len == 2 && i < sizeof codes - 1; i += 2)
        if (memcmp(codes + i, country.data, 2) == 0)
            return true;
    return false;
}

static bool cn_has_words(const struct profile_facts *facts, const char *words)
{
    struct der cn = facts_name_first(facts->certificate->subject, NAME_COMMON_NAME);

    return facts_has_words(cn, words);
}

static bool holds_cn_shaken(const struct profile_facts *facts)
{
    return cn_has_words(facts, "SHAKEN");
}

static bool holds_cn_root(const struct profile_facts *facts)
{
    return cn_has_words(facts, "ROOT");
}

static bool is_spc_of(const void *scope, const char *words)
{
    return scope_has_spc(scope, words);
}

/* By the words in the name, which is short, and not by the SPCs, of which there may be 100,000. */
static bool holds_cn_spc(const struct profile_facts *facts)
{
    const struct stir_scope *scope = facts->certificate->scope;
    struct der cn = facts_name_first(facts->certificate->subject, NAME_COMMON_NAME);

    if (scope == NULL || scope->n_spc_set == 0) /* which other rules say */
        return true;
    return facts_has_words_then(cn, "SHAKEN ", is_spc_of, scope);
}

static void tell_cn(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct der cn = facts_name_first(facts->certificate->subject, NAME_COMMON_NAME);
    char room[SHOWN_SIZE];

    profile_tell(found, "%s%s", cn.data != NULL ? "CN=" : "no CN",
                 shown(room, cn.data != NULL ? (const char *)cn.data : "", cn.len));
}

static void tell_country(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct der country = facts_name_first(facts->certificate->subject, NAME_COUNTRY);
    char room[SHOWN_SIZE];

    profile_tell(found, "C=%s", shown(room, country.data, country.len));
}

static void tell_attributes(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct der subject = facts->certificate->subject;

    profile_tell(found, "%zu C, %zu O, %zu CN", facts_name_count(subject, NAME_COUNTRY),
                 facts_name_count(subject, NAME_ORGANIZATION),
                 facts_name_count(subject, NAME_COMMON_NAME));
}

/* ---- Signature and keys (A80-2) ---- */

static bool holds_signature(const struct profile_facts *facts)
{
    enum signature_kind kind = facts->certificate->signature_kind;

    return kind == SIGNATURE_ECDSA_SHA256 || kind == SIGNATURE_ECDSA_SHA384;
}

static bool holds_signature_sha256(const struct profile_facts *facts)
{
    return facts->certificate->signature_kind == SIGNATURE_ECDSA_SHA256;
}

static bool holds_ca_key(const struct profile_facts *facts)
{
    const struct public_key *key = facts->certificate->key;

    return holds_signer_key(facts) || (key != NULL && public_key_kind(key) == KEY_P384);
}

static void tell_signature(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    profile_tell(found, "%s", signature_kind_name(facts->certificate->signature_kind));
}

/* ---- basicConstraints, keyUsage (A80-4, A80-5) ---- */

static bool holds_basic_constraints(const struct profile_facts *facts)
{
    return facts->certificate->has_basic_constraints
           && facts_is_critical(facts, oid_basic_constraints);
}

/* DER leaves cA FALSE out. */
static bool holds_basic_constraints_empty(const struct profile_facts *facts)
{
    const struct extension *extension = facts_extension(facts, oid_basic_constraints);

    return extension == NULL
           || (extension->value.len == 2 && extension->value.data[0] == DER_SEQUENCE);
}

static bool holds_key_usage(const struct profile_facts *facts)
{
    return !facts->certificate->has_key_usage /* which another rule says */
           || facts->certificate->key_usage == KEY_USAGE_DIGITAL_SIGNATURE;
}

static bool holds_ca_key_usage(const struct profile_facts *facts)
{
    unsigned usage = facts->certificate->key_usage;

    return !facts->certificate->has_key_usage
           || ((usage & KEY_USAGE_KEY_CERT_SIGN) != 0 && (usage & KEY_USAGE_OTHER) == 0);
}

static bool holds_key_usage_present_critical(const struct profile_facts *facts)
{
    return facts_is_critical(facts, oid_key_usage);
}

static void tell_basic_constraints(const struct profile_facts *facts,
                                   char found[PROFILE_FOUND_SIZE])
{
    if (!facts->certificate->has_basic_constraints)
        tell_absent(facts, found);
    else if (!facts_is_critical(facts, oid_basic_constraints))
        tell_not_critical(facts, found);
    else
        profile_tell(found, "more than an empty SEQUENCE");
}

static void tell_key_usage_critical(const struct profile_facts *facts,
                                    char found[PROFILE_FOUND_SIZE])
{
    if (holds_key_usage_present(facts))
        tell_not_critical(facts, found);
    else
        tell_absent(facts, found);
}

/* ---- Key identifiers (A80-6, A80-7) ---- */

static bool holds_root_akid(const struct profile_facts *facts)
{
    const struct stir_certificate *root = facts->certificate;

    return root->akid.data == NULL || der_equal(root->akid, root->skid);
}

/* ---- certificatePolicies (A80-8) ---- */

/* 2.16.840.1.114569.1.1.n */
static const uint8_t us_policies[] = {0x60, 0x86, 0x48, 0x01, 0x86, 0xFF, 0x09, 0x01, 0x01};

static int us_policy(struct der oid)
{
    size_t len = sizeof us_policies;

    return oid.len == len + 1 && memcmp(oid.data, us_policies, len) == 0 ? oid.data[len] : 0;
}

static bool holds_no_policies(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_certificate_policies) == NULL;
}

static bool holds_one_policy(const struct profile_facts *facts)
{
    struct der first;

    return facts_policies(facts, &first) == 1;
}

static bool holds_policy_of_now(const struct profile_facts *facts)
{
    struct der first;

    return facts_policies(facts, &first) != 1 || us_policy(first) == 3 || us_policy(first) == 4;
}

static void tell_policies(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    char oid[OID_TEXT_SIZE];
    struct der first;
    size_t n = facts_policies(facts, &first);

    if (n == 1)
        profile_tell(found, "%s", oid_text(oid, first));
    else
        profile_tell(found, "%zu", n);
}

/* ---- cRLDistributionPoints (A80-9) ---- */

static bool holds_no_distribution(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_crl_distribution_points) == NULL;
}

static bool holds_distribution(const struct profile_facts *facts)
{
    struct facts_distribution found = facts_distribution(facts);

    return found.is_readable && found.n == 1 && found.has_http && found.has_issuer;
}

static void tell_distribution(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct facts_distribution points = facts_distribution(facts);

    if (holds_no_distribution(facts))
        tell_absent(facts, found);
    else if (!points.is_readable)
        profile_tell(found, "no DER");
    else
        profile_tell(found, "%zu point%s%s%s", points.n, points.n == 1 ? "" : "s",
                     points.has_http ? "" : ", no http URL",
                     points.has_issuer ? "" : ", no cRLIssuer");
}

/* ---- TNAuthList (A80-10, A92-1, A92-2) ---- */

static bool holds_no_list(const struct profile_facts *facts)
{
    return !certificate_is_listed(facts->certificate);
}

/* A list that could not be read has a fault of its own. */
static bool holds_one_spc(const struct profile_facts *facts)
{
    const struct stir_scope *scope = facts->certificate->scope;

    if (facts->certificate->fault.code == STIR_CODE_TNAUTHLIST_SYNTAX)
        return true;
    return scope != NULL && facts->certificate->n_references == 0 && scope->n_spc_set == 1
           && scope_count(scope) == 0;
}

static bool holds_numbers_only(const struct profile_facts *facts)
{
    const struct stir_scope *scope = facts->certificate->scope;

    return scope == NULL || scope->n_spc_set == 0;
}

/* ---- Other extensions (A80-11) ---- */

static bool is_one_of(struct der oid, const struct der *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (der_equal(*known[i], oid))
            return true;
    return false;
}

/* The first that no row names; NULL: none. */
static const struct extension *find_other(const struct profile_facts *facts)
{
    static const struct der *const known[] = {&oid_basic_constraints,
                                              &oid_key_usage,
                                              &oid_subject_key_identifier,
                                              &oid_authority_key_identifier,
                                              &oid_certificate_policies,
                                              &oid_crl_distribution_points,
                                              &oid_tnauthlist,
                                              &oid_claim_constraints,
                                              &oid_enhanced_claim_constraints,
                                              &oid_authority_info_access};
    enum { OF_ATIS80 = 7 };
    bool delegated =
        (facts->position & (POSITION_SCA | POSITION_DELEGATE_CA | POSITION_DELEGATE)) != 0;
    size_t n = delegated ? sizeof known / sizeof *known : OF_ATIS80;

    for (size_t i = 0; i < facts->skeleton.n_extensions; i++)
        if (!is_one_of(facts->skeleton.extensions[i].oid, known, n))
            return &facts->skeleton.extensions[i];
    return NULL;
}

static bool holds_no_other(const struct profile_facts *facts)
{
    return find_other(facts) == NULL;
}

static void tell_other(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    char oid[OID_TEXT_SIZE];

    profile_tell(found, "%s", oid_text(oid, find_other(facts)->oid));
}

/* ---- Constraints of delegates (A92-5) ---- */

static bool excludes(const struct claim_constraints *constraints, const char *claim)
{
    for (size_t i = 0; i < constraints->must_exclude.n; i++)
        if (strcmp(constraints->must_exclude.names[i], claim) == 0)
            return true;
    return false;
}

static bool holds_attest_excluded(const struct profile_facts *facts)
{
    const struct claim_constraints *constraints = &facts->certificate->constraints;

    return excludes(constraints, "attest") && excludes(constraints, "origid");
}

static void tell_constraints(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    profile_tell(found, facts->certificate->constraints.present ? "other constraints"
                                                                : "no constraints");
}

/* ---- The table ---- */

#define ROOT POSITION_ROOT
#define STI_CA POSITION_STI_CA
#define LEAF POSITION_END_ENTITY
#define SCA POSITION_SCA
/* Whom ATIS-1000080 knows; to it every CA below a root is an STI-CA, and every leaf alike. */
#define CA (POSITION_ROOT | POSITION_STI_CA | POSITION_SCA | POSITION_DELEGATE_CA)
#define DELEGATES (POSITION_DELEGATE_CA | POSITION_DELEGATE)
#define ANY POSITION_ANY
#define V003 ISSUE_ATIS80_V003
#define V004 ISSUE_ATIS80_V004
#define V005 ISSUE_ATIS80_V005
#define STI "ATIS-1000080 section 6.4.1"
#define NAMING "US SHAKEN CP section 3.1"
#define DELEGATION "ATIS-1000092"

const struct profile_rule profile_atis_rules[] = {
    /* A80-1 */
    {"serial-bits", STI, ANY, BOTH(WARNING), V005, 0, holds_serial_bits, "64 bits or more",
     tell_serial},
    /* A80-2 */
    {"signature-algorithm", STI, ANY, BOTH(ERROR), V003, 0, holds_signature,
     "ECDSA with SHA-256, or SHA-384 of CAs", tell_signature},
    {"signature-sha256", STI, LEAF | POSITION_DELEGATE, BOTH(WARNING), V003, 0,
     holds_signature_sha256, "ECDSA with SHA-256", tell_signature},
    {"signer-key", STI, LEAF | POSITION_DELEGATE, BOTH(ERROR), 0, 0, holds_signer_key,
     "a P-256 key", tell_key},
    {"ca-key", "US SHAKEN CP section 6.1.5", CA, BOTH(ERROR), V003, 0, holds_ca_key,
     "a P-256 or P-384 key", tell_key},
    /* A80-3 */
    {"subject-country", STI, ANY, BOTH(WARNING), V003, 0, holds_one_country, "exactly one C",
     tell_attributes},
    {"subject-country-iso", STI, ANY, BOTH(WARNING), V005, 0, holds_country_iso,
     "an ISO 3166-1 alpha-2 code", tell_country},
    {"subject-organization", STI, ANY, BOTH(WARNING), V004, 0, holds_one_organization,
     "exactly one O", tell_attributes},
    {"subject-common-name", STI, ANY, BOTH(WARNING), V003, 0, holds_one_common_name,
     "exactly one CN", tell_attributes},
    {"subject-shaken", STI, ROOT | STI_CA, BOTH(WARNING), V003, 0, holds_cn_shaken,
     "a CN with the word SHAKEN", tell_cn},
    {"subject-root", STI, ROOT, BOTH(WARNING), V005, 0, holds_cn_root,
     "a CN with the word ROOT", tell_cn},
    {"subject-spc", STI, LEAF, BOTH(WARNING), V004, 0, holds_cn_spc,
     "a CN with SHAKEN, a space and the SPC", tell_cn},
    {"subject-serial-number", NAMING, LEAF, BOTH(WARNING), ISSUE_CP_1_3, ISSUE_CP_1_4,
     holds_serial_number_attribute, "a serialNumber in the subject", tell_absent},
    /* A80-4 */
    {"basic-constraints", STI, ANY, BOTH(ERROR), V003, 0, holds_basic_constraints, "critical",
     tell_basic_constraints},
    {"basic-constraints-empty", STI, LEAF | POSITION_DELEGATE, BOTH(ERROR), V003, 0,
     holds_basic_constraints_empty, "an empty SEQUENCE", tell_basic_constraints},
    /* A80-5: a sixth of the field has more than digitalSignature */
    {"key-usage-critical", STI, ANY, BOTH(ERROR), V003, 0, holds_key_usage_present_critical,
     "present and critical", tell_key_usage_critical},
    {"key-usage-more", STI, LEAF | POSITION_DELEGATE, BOTH(WARNING), V003, 0, holds_key_usage,
     "digitalSignature alone", tell_key_usage},
    {"key-usage-more", STI, CA, BOTH(WARNING), V003, 0, holds_ca_key_usage,
     "keyCertSign, and no more than digitalSignature and cRLSign", tell_key_usage},
    /* A80-6 */
    {"skid-missing", STI, ANY, BOTH(ERROR), V003, 0, holds_skid_present,
     "a subject key identifier", tell_absent},
    {"skid-sha1", STI, ANY, BOTH(WARNING), V004, 0, holds_skid_sha1,
     "20 octets: SHA-1 of the key", tell_skid},
    /* A80-7 */
    {"akid-missing", STI, ANY & ~ROOT, BOTH(ERROR), V003, 0, holds_akid_present,
     "an authority key identifier", tell_absent},
    {"akid-root", STI, ROOT, BOTH(ERROR), V003, 0, holds_root_akid, "its own key identifier",
     tell_present},
    /* A80-8 */
    {"policies-root", STI, ROOT, BOTH(ERROR), V005, 0, holds_no_policies,
     "no certificatePolicies", tell_policies},
    {"policies", STI, ANY & ~ROOT, BOTH(WARNING), V003, 0, holds_one_policy,
     "exactly one policy", tell_policies},
    {"policies-critical", STI, ANY, BOTH(ERROR), V003, 0, holds_policies_not_critical,
     "not critical", tell_critical},
    {"policies-id", "US SHAKEN CP section 1.2", ANY & ~ROOT, BOTH(WARNING), ISSUE_CP_1_3, 0,
     holds_policy_of_now, "2.16.840.1.114569.1.1.3 or .4", tell_policies},
    /* A80-9: half of the field has no cRLIssuer */
    {"crl-distribution-root", STI, ROOT, BOTH(ERROR), V005, 0, holds_no_distribution,
     "no CRL distribution point", tell_distribution},
    {"crl-distribution", STI, ANY & ~ROOT, BOTH(WARNING), V004, 0, holds_distribution,
     "one point: an http URL, and the STI-PA as cRLIssuer", tell_distribution},
    /* A80-10 */
    {"tnauthlist-of-ca", STI, CA, A80(ERROR), 0, 0, holds_no_list, "no TNAuthList", tell_list},
    {"tnauthlist-of-ca", STI, ROOT | STI_CA, A92(ERROR), 0, 0, holds_no_list, "no TNAuthList",
     tell_list},
    {"tnauthlist-spc", STI, LEAF | POSITION_DELEGATE, A80(ERROR), 0, 0, holds_one_spc,
     "exactly one SPC, and nothing else", tell_list},
    {"tnauthlist-spc", STI, LEAF, A92(ERROR), 0, 0, holds_one_spc,
     "exactly one SPC, and nothing else", tell_list},
    {"spc-form", STI, ANY | POSITION_LIST, BOTH(ERROR), V005, 0, holds_spc_form,
     "SPCs of A-Z and 0-9", tell_spc},
    /* */
    {"stir-extension-critical", STI, ANY, BOTH(ERROR), 0, 0, holds_stir_not_critical,
     "TNAuthList and claim constraints not critical", tell_critical},
    /* A80-11 */
    {"extensions", STI, ANY, BOTH(WARNING), V005, 0, holds_no_other,
     "no extension that is not specified", tell_other},
    /* A92-1 */
    {"sca-spc", DELEGATION, SCA, A92(ERROR), 0, 0, holds_one_spc,
     "exactly one SPC, the provider's", tell_list},
    /* A92-2; A92-3 is that DELEGATES have CAs among them, to which it applies alike */
    {"delegate-numbers", DELEGATION, DELEGATES, A92(ERROR), 0, 0, holds_numbers_only,
     "numbers alone, no SPC", tell_list},
    /* A92-5 */
    {"delegate-attests", DELEGATION, POSITION_DELEGATE, A92(WARNING), 0, 0,
     holds_attest_excluded, "mustExclude of attest and origid", tell_constraints},
};

const size_t profile_atis_count = sizeof profile_atis_rules / sizeof *profile_atis_rules;
