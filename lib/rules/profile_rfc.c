/* The rules of RFC 5280, 8226, 9060 and 9118 that a path does not insist on, or not by itself
   and what they share with those of ATIS. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "rules/delegation.h"
#include "rules/profile_rules.h"

/* ---- How what was found is told ---- */

void profile_tell(char found[PROFILE_FOUND_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(found, PROFILE_FOUND_SIZE, format, args);
    va_end(args);
}

void tell_absent(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    (void)facts;
    profile_tell(found, "absent");
}

void tell_present(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    (void)facts;
    profile_tell(found, "present");
}

void tell_critical(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    (void)facts;
    profile_tell(found, "critical");
}

void tell_not_critical(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    (void)facts;
    profile_tell(found, "not critical");
}

void tell_key(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    const struct public_key *key = facts->certificate->key;

    profile_tell(found, "%s", key != NULL ? public_key_name(key) : "none");
}

void tell_key_usage(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    const char *text = facts->certificate->key_usage_text;

    profile_tell(found, "%s", text == NULL ? "absent" : text[0] == '\0' ? "no bit" : text);
}

void tell_skid(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct text hex = {0};
    struct der skid = facts->certificate->skid;

    text_add_hex(&hex, skid.data, skid.len > 32 ? 32 : skid.len);
    profile_tell(found, "%s", hex.data != NULL ? hex.data : "nothing");
    text_free(&hex);
}

void tell_serial(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    profile_tell(found, "%u bits", facts_serial_bits(facts));
}

void tell_list(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    const struct stir_scope *scope = facts->certificate->scope;
    char spcs[DELEGATION_SPCS_SIZE] = "";

    if (scope == NULL) {
        profile_tell(found, "%s",
                     facts->certificate->n_references > 0 ? "a list by reference" : "none");
        return;
    }
    if (scope->n_spc_set > 0)
        delegation_spcs(spcs, scope);
    uint64_t numbers = scope_count(scope);
    if (numbers == 0)
        profile_tell(found, "%s", spcs);
    else
        profile_tell(found, "%s%s%llu number%s", spcs, spcs[0] != '\0' ? " and " : "",
                     (unsigned long long)numbers, numbers > 1 ? "s" : "");
}

static void tell_times(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    char begin[CLOCK_TEXT_SIZE], end[CLOCK_TEXT_SIZE];

    profile_tell(found, "%s to %s", clock_text(begin, facts->certificate->not_before),
                 clock_text(end, facts->certificate->not_after));
}

void tell_spc(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    const struct stir_scope *scope = facts->certificate->scope;
    char room[SHOWN_SIZE];

    for (size_t i = 0; i < scope->n_spc_set; i++) {
        const char *spc = scope->spc_set[i];
        if (spc[strspn(spc, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0') {
            profile_tell(found, "%s", shown(room, spc, strlen(spc)));
            return;
        }
    }
}

static void tell_entries(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    const struct stir_scope *scope = facts->certificate->scope;

    profile_tell(found, "%zu entries that make %zu", scope->n_entries,
                 scope->n_spc_set + scope->n_ranges + scope->n_literal_set);
}

static void tell_raw_key_usage(const struct profile_facts *facts,
                               char found[PROFILE_FOUND_SIZE])
{
    const struct extension *extension = facts_extension(facts, oid_key_usage);
    struct text hex = {0};

    text_add_hex(&hex, extension->value.data,
                 extension->value.len > 8 ? 8 : extension->value.len);
    profile_tell(found, "%s", hex.data != NULL ? hex.data : "nothing");
    text_free(&hex);
}

/* ---- Predicates ---- */

bool holds_basic_constraints_critical(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_basic_constraints) == NULL
           || facts_is_critical(facts, oid_basic_constraints);
}

bool holds_key_usage_present(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_key_usage) != NULL;
}

bool holds_key_usage_critical(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_key_usage) == NULL
           || facts_is_critical(facts, oid_key_usage);
}

bool holds_skid_present(const struct profile_facts *facts)
{
    return facts->certificate->skid.data != NULL;
}

bool holds_skid_sha1(const struct profile_facts *facts)
{
    return !holds_skid_present(facts) || facts_skid_is_sha1(facts);
}

bool holds_akid_present(const struct profile_facts *facts)
{
    return facts->certificate->akid.data != NULL;
}

static void tell_policy_twice(const struct profile_facts *facts, char found[PROFILE_FOUND_SIZE])
{
    struct der first;

    profile_tell(found, "one twice among %zu", facts_policies(facts, &first));
}

bool holds_policies_not_critical(const struct profile_facts *facts)
{
    return !facts_is_critical(facts, oid_certificate_policies);
}

bool holds_serial_bits(const struct profile_facts *facts)
{
    return facts_serial_bits(facts) >= 64;
}

bool holds_spc_form(const struct profile_facts *facts)
{
    const struct stir_scope *scope = facts->certificate->scope;
    char found[PROFILE_FOUND_SIZE] = "";

    if (scope != NULL)
        tell_spc(facts, found);
    return found[0] == '\0';
}

bool holds_signer_key(const struct profile_facts *facts)
{
    const struct public_key *key = facts->certificate->key;

    return key != NULL && public_key_kind(key) == KEY_P256;
}

bool holds_stir_not_critical(const struct profile_facts *facts)
{
    return !facts_is_critical(facts, oid_tnauthlist)
           && !facts_is_critical(facts, oid_claim_constraints)
           && !facts_is_critical(facts, oid_enhanced_claim_constraints);
}

static bool holds_validity(const struct profile_facts *facts)
{
    return facts->certificate->not_before <= facts->certificate->not_after;
}

static bool holds_digital_signature(const struct profile_facts *facts)
{
    return certificate_may(facts->certificate, KEY_USAGE_DIGITAL_SIGNATURE);
}

static bool holds_cert_sign(const struct profile_facts *facts)
{
    return certificate_may(facts->certificate, KEY_USAGE_KEY_CERT_SIGN);
}

static bool holds_no_cert_sign(const struct profile_facts *facts)
{
    return (facts->certificate->key_usage & KEY_USAGE_KEY_CERT_SIGN) == 0;
}

static bool holds_no_other_usage(const struct profile_facts *facts)
{
    return (facts->certificate->key_usage & KEY_USAGE_OTHER) == 0;
}

static bool holds_basic_constraints_present(const struct profile_facts *facts)
{
    return facts->certificate->has_basic_constraints;
}

static bool holds_skid_not_critical(const struct profile_facts *facts)
{
    return !facts_is_critical(facts, oid_subject_key_identifier);
}

static bool holds_akid_not_critical(const struct profile_facts *facts)
{
    return !facts_is_critical(facts, oid_authority_key_identifier);
}

static bool holds_akid_key_alone(const struct profile_facts *facts)
{
    return facts->certificate->akid_serial.data == NULL;
}

static bool holds_no_ext_key_usage(const struct profile_facts *facts)
{
    return facts_extension(facts, oid_ext_key_usage) == NULL;
}

static bool holds_listed(const struct profile_facts *facts)
{
    return certificate_is_listed(facts->certificate)
           || facts->certificate->fault.code == STIR_CODE_TNAUTHLIST_SYNTAX
           || facts->certificate->fault.code == STIR_CODE_TNAUTHLIST_REFERENCE;
}

static bool holds_one_list(const struct profile_facts *facts)
{
    return facts->certificate->scope == NULL || facts->certificate->n_references == 0;
}

static bool holds_canonical(const struct profile_facts *facts)
{
    const struct stir_scope *scope = facts->certificate->scope;

    return scope == NULL
           || scope->n_entries == scope->n_spc_set + scope->n_ranges + scope->n_literal_set;
}

static bool names(const struct claim_names *list, const char *claim)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->names[i], claim) == 0)
            return true;
    return false;
}

static bool names_baseline(const struct claim_names *list)
{
    return names(list, "iat") || names(list, "orig") || names(list, "dest");
}

static bool holds_no_contradiction(const struct profile_facts *facts)
{
    const struct claim_constraints *constraints = &facts->certificate->constraints;

    for (size_t i = 0; i < constraints->must_include.n; i++)
        if (names(&constraints->must_exclude, constraints->must_include.names[i]))
            return false;
    return true;
}

static bool holds_rcdi_allowed(const struct profile_facts *facts)
{
    return !names(&facts->certificate->constraints.must_exclude, "rcdi");
}

static bool holds_no_baseline_included(const struct profile_facts *facts)
{
    return !names_baseline(&facts->certificate->constraints.must_include);
}

static bool holds_no_baseline_excluded(const struct profile_facts *facts)
{
    return !names_baseline(&facts->certificate->constraints.must_exclude);
}

/* ---- The table ---- */

#define CA (POSITION_ROOT | POSITION_STI_CA | POSITION_SCA | POSITION_DELEGATE_CA)
#define LEAF (POSITION_END_ENTITY | POSITION_DELEGATE)
#define BELOW_ROOT (POSITION_ANY & ~POSITION_ROOT)
/* The same under every profile; under rfc alone, where ATIS has a row of its own. */
#define ALL(severity)                                                                          \
    {                                                                                          \
        SEVERITY_##severity, SEVERITY_##severity, SEVERITY_##severity                          \
    }
#define RFC(severity)                                                                          \
    {                                                                                          \
        SEVERITY_##severity, SEVERITY_NONE, SEVERITY_NONE                                      \
    }

const struct profile_rule profile_rfc_rules[] = {
    {"validity", "RFC 5280 section 4.1.2.5", POSITION_ANY, ALL(ERROR), 0, 0, holds_validity,
     "notBefore before notAfter", tell_times},
    {"signer-key", "RFC 8226 section 4", LEAF, RFC(ERROR), 0, 0, holds_signer_key,
     "a P-256 key, as ES256 needs", tell_key}, /* R8226-4-1 */
    {"serial-bits", "CA/Browser practice", POSITION_ANY, RFC(NOTICE), 0, 0, holds_serial_bits,
     "64 bits or more, that nobody can foretell", tell_serial},
    {"basic-constraints-critical", "RFC 5280 section 4.2.1.9", CA, RFC(WARNING), 0, 0,
     holds_basic_constraints_critical, "critical", tell_not_critical},
    {"basic-constraints", "RFC 5280 section 4.2.1.9", LEAF, RFC(NOTICE), 0, 0,
     holds_basic_constraints_present, "an empty one says that it is no CA", tell_absent},
    {"key-usage-der", "X.690 section 11.2.2", POSITION_ANY, ALL(WARNING), 0, 0,
     facts_key_usage_is_der, "a BIT STRING without trailing zero bits", tell_raw_key_usage},
    {"key-usage-absent", "RFC 5280 section 4.2.1.3", POSITION_ANY, RFC(NOTICE), 0, 0,
     holds_key_usage_present, "keyUsage", tell_absent},
    {"key-usage-critical", "RFC 5280 section 4.2.1.3", POSITION_ANY, RFC(NOTICE), 0, 0,
     holds_key_usage_critical, "critical", tell_not_critical},
    {"key-usage", "RFC 8226 section 4", LEAF, ALL(ERROR), 0, 0, holds_digital_signature,
     "digitalSignature", tell_key_usage},
    {"key-usage", "RFC 5280 section 4.2.1.3", CA, ALL(ERROR), 0, 0, holds_cert_sign,
     "keyCertSign", tell_key_usage},
    {"key-usage-cert-sign", "RFC 5280 section 4.2.1.3", LEAF, ALL(WARNING), 0, 0,
     holds_no_cert_sign, "keyCertSign of CAs alone", tell_key_usage}, /* R5280-4.2.1.3 */
    {"key-usage-more", "RFC 8226 section 4", LEAF, RFC(NOTICE), 0, 0, holds_no_other_usage,
     "digitalSignature alone", tell_key_usage},
    {"skid-missing", "RFC 5280 section 4.2.1.2", CA, RFC(ERROR), 0, 0, holds_skid_present,
     "a subject key identifier", tell_absent}, /* R5280-4.2.1.2 */
    {"skid-missing", "RFC 5280 section 4.2.1.2", LEAF, RFC(NOTICE), 0, 0, holds_skid_present,
     "a subject key identifier", tell_absent},
    {"skid-critical", "RFC 5280 section 4.2.1.2", POSITION_ANY, ALL(WARNING), 0, 0,
     holds_skid_not_critical, "not critical", tell_critical},
    {"skid-sha1", "RFC 5280 section 4.2.1.2", POSITION_ANY, RFC(NOTICE), 0, 0, holds_skid_sha1,
     "SHA-1 of the key, as verifiers that recompute it expect", tell_skid},
    {"akid-missing", "RFC 5280 section 4.2.1.1", BELOW_ROOT, RFC(ERROR), 0, 0,
     holds_akid_present, "an authority key identifier", tell_absent}, /* R9060-4-3 */
    {"akid-critical", "RFC 5280 section 4.2.1.1", POSITION_ANY, ALL(WARNING), 0, 0,
     holds_akid_not_critical, "not critical", tell_critical},
    {"akid-serial", "RFC 5280 section 4.2.1.1", POSITION_ANY, ALL(NOTICE), 0, 0,
     holds_akid_key_alone, "the key identifier alone, which outlives a re-issued issuer",
     tell_present},
    {"policies-once", "RFC 5280 section 4.2.1.4", POSITION_ANY, ALL(WARNING), 0, 0,
     facts_policies_differ, "no policy twice", tell_policy_twice}, /* R5280-4.2.1.4 */
    {"policies-critical", "RFC 5280 section 4.2.1.4", POSITION_ANY, RFC(NOTICE), 0, 0,
     holds_policies_not_critical, "not critical", tell_critical},
    {"ext-key-usage", "RFC 8226 section 5", POSITION_ANY, RFC(NOTICE), 0, 0,
     holds_no_ext_key_usage, "none, since STIR defines no purpose", tell_present},
    {"tnauthlist-missing", "RFC 8226 section 4", LEAF, RFC(WARNING), 0, 0, holds_listed,
     "a TNAuthList, without which it signs for no number", tell_absent},
    {"tnauthlist-both", "RFC 8226 section 10.1", POSITION_ANY, ALL(NOTICE), 0, 0,
     holds_one_list, "a list by value or by reference: both must have a number", tell_present},
    {"tnauthlist-merged", "RFC 8226 section 9", POSITION_ANY | POSITION_LIST, ALL(NOTICE), 0, 0,
     holds_canonical, "entries that neither overlap nor adjoin", tell_entries},
    {"spc-form", "ATIS-1000080 section 6.4.1", POSITION_ANY | POSITION_LIST, RFC(NOTICE), 0, 0,
     holds_spc_form, "SPCs of A-Z and 0-9: they are compared as octets",
     tell_spc}, /* */
    {"constraints-contradict", "RFC 9118 section 8", LEAF, ALL(WARNING), 0, 0,
     holds_no_contradiction, "no claim both in mustInclude and mustExclude", tell_present},
    {"must-exclude-rcdi", "RFC 9118 section 8", LEAF, ALL(WARNING), 0, 0, holds_rcdi_allowed,
     "no rcdi in mustExclude", tell_present},
    {"must-include-baseline", "RFC 8226 section 8", LEAF, ALL(NOTICE), 0, 0,
     holds_no_baseline_included, "no iat, orig or dest in mustInclude", tell_present},
    {"must-exclude-baseline", "RFC 9118 section 3", LEAF, ALL(WARNING), 0, 0,
     holds_no_baseline_excluded, "no iat, orig or dest in mustExclude, which voids it all",
     tell_present},
};

const size_t profile_rfc_count = sizeof profile_rfc_rules / sizeof *profile_rfc_rules;
