/* Profiles of revocation lists (R5280-5-1 to R5280-5-6, A-32, A-34), a row a rule. */
#include "rules/profile_crl.h"

#include "base/clock.h"
#include "cert/certificate_skeleton.h"
#include "rules/profile_rules.h"

/* ---- What the reader's flaws do not say ---- */

static bool holds_number(const struct crl *crl)
{
    return crl->number.data != NULL || crl_flaws_has(&crl->flaws, CRL_FLAW_NUMBER);
}

static bool holds_akid(const struct crl *crl)
{
    return crl->akid.data != NULL;
}

static bool holds_all_reasons(const struct crl *crl)
{
    return crl->scope.reasons == 0 || (crl->scope.reasons & CRL_REASONS_ALL) == CRL_REASONS_ALL;
}

static bool holds_certificates(const struct crl *crl)
{
    return !crl->scope.attributes_only;
}

static bool holds_indirect(const struct crl *crl)
{
    return crl->scope.indirect;
}

/* ---- The table ---- */

#define ALL(severity)                                                                          \
    {                                                                                          \
        SEVERITY_##severity, SEVERITY_##severity, SEVERITY_##severity                          \
    }
#define ATIS(severity)                                                                         \
    {                                                                                          \
        SEVERITY_NONE, SEVERITY_##severity, SEVERITY_##severity                                \
    }
#define CLAUSE(section) "RFC 5280 section " section

static const struct profile_crl_rule rules[] = {
    /* R5280-5-1 */
    {"crl-version", CLAUSE("5.1.2.1"), ALL(ERROR), CRL_FLAW_VERSION, NULL, "version 2",
     "another"},
    {"crl-algorithms", CLAUSE("5.1.1.2"), ALL(ERROR), CRL_FLAW_ALGORITHMS_DIFFER, NULL,
     "one signature algorithm inside and outside", "two"},
    {"crl-algorithm", "RFC 8226 section 4", ALL(ERROR), CRL_FLAW_ALGORITHM, NULL,
     "ECDSA or RSA with SHA-256, SHA-384 or SHA-512", "another algorithm"},
    {"crl-next-update", CLAUSE("5.1.2.5"), ALL(ERROR), CRL_FLAW_NO_NEXT_UPDATE, NULL,
     "nextUpdate", "absent"},
    {"crl-next-update-first", CLAUSE("5.1.2.5"), ALL(WARNING), CRL_FLAW_NEXT_UPDATE_FIRST, NULL,
     "nextUpdate after thisUpdate", "it is not"},
    {"crl-entries-empty", CLAUSE("5.1.2.6"), ALL(WARNING), CRL_FLAW_NO_ENTRIES, NULL,
     "no revokedCertificates where there is none", "an empty list"},
    {"crl-extensions-version", CLAUSE("5.1.2.1"), ALL(ERROR), CRL_FLAW_VERSION_EXTENSIONS, NULL,
     "version 2 where there are extensions", "another"},
    {"crl-extension-twice", CLAUSE("4.2"), ALL(ERROR), CRL_FLAW_EXTENSION_TWICE, NULL,
     "each extension once", "one twice"},
    {"crl-critical-extension", CLAUSE("5.2"), ALL(ERROR), CRL_FLAW_EXTENSION_UNKNOWN, NULL,
     "no critical extension that is not known", "unknown"},
    {"crl-delta", CLAUSE("5.2.4"), ALL(ERROR), CRL_FLAW_DELTA, NULL, "a list by itself",
     "a delta to another list"},
    /* */
    {"crl-number-missing", CLAUSE("5.2.3"), ALL(WARNING), 0, holds_number, "cRLNumber",
     "absent"},
    {"crl-number", CLAUSE("5.2.3"), ALL(ERROR), CRL_FLAW_NUMBER, NULL,
     "a number from 0, of at most 20 octets", "another"},
    {"crl-number-critical", CLAUSE("5.2.3"), ALL(WARNING), CRL_FLAW_NUMBER_CRITICAL, NULL,
     "cRLNumber not critical", "critical"},
    {"crl-akid-missing", CLAUSE("5.2.1"), ALL(WARNING), 0, holds_akid,
     "an authority key identifier, by key identifier", "none"},
    {"crl-akid-critical", CLAUSE("5.2.1"), ALL(WARNING), CRL_FLAW_AKID_CRITICAL, NULL,
     "authorityKeyIdentifier not critical", "critical"},
    /* R5280-5-2 */
    {"crl-idp-critical", CLAUSE("5.2.5"), ALL(WARNING), CRL_FLAW_IDP_NOT_CRITICAL, NULL,
     "issuingDistributionPoint critical", "not critical"},
    {"crl-idp-empty", CLAUSE("5.2.5"), ALL(WARNING), CRL_FLAW_IDP_EMPTY, NULL,
     "no issuingDistributionPoint where it says nothing", "an empty one"},
    {"crl-no-reason", CLAUSE("5.2.5"), ALL(ERROR), CRL_FLAW_NO_REASON, NULL, "reasons",
     "onlySomeReasons without one"},
    {"crl-scopes", CLAUSE("5.2.5"), ALL(ERROR), CRL_FLAW_SCOPES, NULL,
     "one at most of users, CAs and attributes alone", "several"},
    {"crl-some-reasons", CLAUSE("5.2.5"), ALL(NOTICE), 0, holds_all_reasons,
     "all reasons, or another list with the others", "onlySomeReasons"},
    {"crl-attributes", CLAUSE("5.2.5"), ALL(NOTICE), 0, holds_certificates,
     "a list that is about certificates of keys", "attribute certificates alone"},
    /* A80-9 */
    {"crl-indirect", "ATIS-1000080 section 6.4.1", ATIS(WARNING), 0, holds_indirect,
     "indirectCRL, as the STI-PA's list has it", "a list of its issuer's certificates alone"},
    /* Entries. */
    {"crl-entry-serial", CLAUSE("4.1.2.2"), ALL(WARNING), CRL_FLAW_ENTRY_SERIAL, NULL,
     "serial numbers from 1, of at most 20 octets", NULL},
    {"crl-entry-later", CLAUSE("5.1.2.6"), ALL(NOTICE), CRL_FLAW_ENTRY_LATER, NULL,
     "revoked before the list was made", NULL},
    {"crl-entry-version", CLAUSE("5.1"), ALL(ERROR), CRL_FLAW_ENTRY_VERSION_EXTENSIONS, NULL,
     "version 2 where entries have extensions", NULL},
    {"crl-entry-extension-twice", CLAUSE("4.2"), ALL(ERROR), CRL_FLAW_ENTRY_EXTENSION_TWICE,
     NULL, "each extension once", NULL},
    {"crl-entry-critical-extension", CLAUSE("5.3"), ALL(ERROR),
     CRL_FLAW_ENTRY_EXTENSION_UNKNOWN, NULL, "no critical extension that is not known", NULL},
    {"crl-entry-reason", CLAUSE("5.3.1"), ALL(ERROR), CRL_FLAW_ENTRY_REASON, NULL,
     "a reason that there is", NULL},
    /* R5280-5-6 */
    {"crl-entry-remove", CLAUSE("5.3.1"), ALL(ERROR), CRL_FLAW_ENTRY_REMOVE, NULL,
     "removeFromCRL in deltas alone", NULL},
    {"crl-entry-unspecified", CLAUSE("5.3.1"), ALL(NOTICE), CRL_FLAW_ENTRY_UNSPECIFIED, NULL,
     "no reasonCode rather than unspecified", NULL},
    {"crl-entry-reason-critical", CLAUSE("5.3.1"), ALL(WARNING), CRL_FLAW_ENTRY_REASON_CRITICAL,
     NULL, "reasonCode not critical", NULL},
    /* R5280-5-3 */
    {"crl-entry-issuer-direct", CLAUSE("5.3.3"), ALL(ERROR), CRL_FLAW_ENTRY_ISSUER_DIRECT, NULL,
     "certificateIssuer in indirect lists alone", NULL},
    {"crl-entry-issuer", CLAUSE("5.3.3"), ALL(ERROR), CRL_FLAW_ENTRY_ISSUERS, NULL,
     "certificateIssuer of one directory name", NULL},
    {"crl-entry-issuer-critical", CLAUSE("5.3.3"), ALL(WARNING),
     CRL_FLAW_ENTRY_ISSUER_NOT_CRITICAL, NULL, "certificateIssuer critical", NULL},
};

const struct profile_crl_rule *profile_crl_rule(size_t i)
{
    return i < sizeof rules / sizeof *rules ? &rules[i] : NULL;
}

/* ---- Applying it ---- */

static bool is_broken(const struct profile_crl_rule *rule, const struct crl *crl)
{
    return rule->holds != NULL ? !rule->holds(crl) : crl_flaws_has(&crl->flaws, rule->flaw);
}

static void tell(const struct profile_crl_rule *rule, const struct crl *crl,
                 char found[PROFILE_FOUND_SIZE])
{
    char oid[OID_TEXT_SIZE], first[CLOCK_TEXT_SIZE], second[CLOCK_TEXT_SIZE];
    uint32_t n = crl->flaws.of[rule->flaw].n, at = crl->flaws.of[rule->flaw].first;

    if (rule->found == NULL && n == 1)
        profile_tell(found, "entry %u", at);
    else if (rule->found == NULL)
        profile_tell(found, "entry %u, and %u more", at, n - 1);
    else if (rule->flaw == CRL_FLAW_EXTENSION_UNKNOWN)
        profile_tell(found, "%s", oid_text(oid, crl->unknown));
    else if (rule->flaw == CRL_FLAW_NEXT_UPDATE_FIRST)
        profile_tell(found, "%s and %s", clock_text(first, crl->next_update),
                     clock_text(second, crl->this_update));
    else
        profile_tell(found, "%s", rule->found);
}

int profile_check_crl(const struct crl *crl, enum profile profile, profile_each *each,
                      void *arg)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof rules / sizeof *rules; i++) {
        const struct profile_crl_rule *rule = &rules[i];
        struct profile_finding finding = {rule->severity[profile], rule->name, rule->clause,
                                          rule->wanted, ""};
        if (finding.severity == SEVERITY_NONE || !is_broken(rule, crl))
            continue;
        tell(rule, crl, finding.found);
        rc = each(arg, &finding);
    }
    return rc;
}
