/* The extensions that are walked here: those of STIR, and what must be seen octet by octet. */
#include "cert/certificate_steps.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/budget.h"
#include "base/text.h"

#define OID(name, ...)                                                                         \
    static const uint8_t name##_octets[] = {__VA_ARGS__};                                      \
    const struct der oid_##name = {name##_octets, sizeof name##_octets}
/* id-ce, id-pe, id-ad */
#define CE(name, n) OID(name, 0x55, 0x1D, n)
#define PE(name, n) OID(name, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, n)

CE(subject_key_identifier, 14);
CE(key_usage, 15);
CE(subject_alt_name, 17);
CE(basic_constraints, 19);
CE(crl_distribution_points, 31);
CE(certificate_policies, 32);
CE(authority_key_identifier, 35);
CE(ext_key_usage, 37);
PE(authority_info_access, 1);
PE(tnauthlist, 26);
PE(claim_constraints, 27);
PE(enhanced_claim_constraints, 33);
OID(stir_tn_list, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 14);

static int malformed(struct stir_certificate *certificate, const char *what)
{
    return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX, "%s", what);
}

static int read_skid(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    const struct extension *extension =
        skeleton_extension(skeleton, oid_subject_key_identifier);
    struct der_element element;

    if (extension == NULL)
        return 0;
    if (der_only(extension->value, DER_OCTET_STRING, &element) < 0)
        return malformed(certificate, "the subject key identifier is no OCTET STRING (RFC 5280 "
                                      "section 4.2.1.2)");
    certificate->skid = element.content;
    return 0;
}

/* keyIdentifier [0], authorityCertIssuer [1] and authorityCertSerialNumber [2], all IMPLICIT;
   the last two come together. */
static int read_akid(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    static const char what[] = "the authority key identifier is no DER of RFC 5280 section "
                               "4.2.1.1";
    const struct extension *extension =
        skeleton_extension(skeleton, oid_authority_key_identifier);
    struct der_element sequence, key, issuer, serial;
    bool has_key, has_issuer, has_serial;

    if (extension == NULL)
        return 0;
    if (der_only(extension->value, DER_SEQUENCE, &sequence) < 0)
        return malformed(certificate, what);
    struct der left = sequence.content;
    if (der_take_optional(&left, DER_CONTEXT_PRIMITIVE(0), &key, &has_key) < 0
        || der_take_optional(&left, DER_CONTEXT(1), &issuer, &has_issuer) < 0
        || der_take_optional(&left, DER_CONTEXT_PRIMITIVE(2), &serial, &has_serial) < 0
        || left.len > 0)
        return malformed(certificate, what);
    if (has_issuer != has_serial)
        return malformed(certificate,
                         "authorityCertIssuer and authorityCertSerialNumber do not "
                         "come together (RFC 5280 section 4.2.1.1)");
    if (has_key)
        certificate->akid = key.content;
    if (has_issuer) {
        certificate->akid_issuer = issuer.content;
        certificate->akid_serial = serial.content;
    }
    return 0;
}

/* The next AccessDescription. */
static int take_access(struct der *left, struct der *method, struct der_element *location)
{
    struct der_element sequence, oid;

    if (der_take(left, DER_SEQUENCE, &sequence) < 0
        || der_take(&sequence.content, DER_OID, &oid) < 0
        || der_next(&sequence.content, location) < 0 || sequence.content.len > 0)
        return -1;
    *method = oid.content;
    return 0;
}

/* A list by reference could hide in what cannot be read. */
static int check_access(struct stir_certificate *certificate, const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_authority_info_access);
    struct der_element sequence, location;
    struct der method;

    if (extension == NULL)
        return 0;
    int rc = der_only(extension->value, DER_SEQUENCE, &sequence);
    for (size_t n = 0; rc == 0 && sequence.content.len > 0; n++) {
        if (n == LIMIT_ACCESS_DESCRIPTIONS)
            return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX,
                             "authorityInfoAccess has more than %d descriptions, which are not "
                             "looked at",
                             LIMIT_ACCESS_DESCRIPTIONS);
        rc = take_access(&sequence.content, &method, &location);
    }
    if (rc == 0)
        return 0;
    return malformed(certificate, "authorityInfoAccess is no DER of RFC 5280 section 4.2.2.1");
}

int extensions_read_identifiers(struct stir_certificate *certificate,
                                const struct skeleton *skeleton)
{
    int rc = read_skid(certificate, skeleton);

    if (rc == 0)
        rc = read_akid(certificate, skeleton);
    const struct extension *points = skeleton_extension(skeleton, oid_crl_distribution_points);
    if (points != NULL)
        certificate->crl_points = points->value;
    return rc == 0 ? check_access(certificate, skeleton) : rc;
}

/* R8226-9-1, R8226-8-1: not critical; understood all the same. */
static int warn_if_critical(struct stir_certificate *certificate,
                            const struct extension *extension, const char *what,
                            const char *clause)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (!extension->critical)
        return 0;
    return warnings_add(&certificate->warnings, WARNING_STIR_EXTENSION_CRITICAL,
                        "%s: %s is critical, wanted: not critical (%s)",
                        certificate_name(name, certificate, -1), what, clause);
}

int extensions_begin_tnauthlist(struct stir_certificate *certificate,
                                const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_tnauthlist);

    return extension == NULL ? 0
                             : warn_if_critical(certificate, extension, "the TNAuthList",
                                                "RFC 8226 section 9");
}

static int take_list(struct stir_certificate *certificate, struct tnauthlist_reader *list)
{
    char name[CERTIFICATE_NAME_SIZE];
    bool unknown = false;

    certificate->scope = tnauthlist_reader_take(list, &unknown);
    if (!unknown)
        return 0;
    return warnings_add(&certificate->warnings, WARNING_UNKNOWN_RANGE_EXTENSION,
                        "%s: a range of the TNAuthList has members behind count, which are "
                        "skipped (RFC 8226 section 9)",
                        certificate_name(name, certificate, -1));
}

int extensions_read_tnauthlist(struct stir_certificate *certificate,
                               const struct skeleton *skeleton, struct tnauthlist_reader **list,
                               size_t *budget)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_tnauthlist);

    if (extension == NULL)
        return 0;
    if (*list == NULL)
        *list = tnauthlist_reader_new(extension->value);
    if (*list == NULL)
        return STIR_E_NOMEM;
    int rc = tnauthlist_reader_step(*list, budget, &certificate->fault);
    if (rc == 0 && !tnauthlist_reader_is_done(*list))
        return BUDGET_GONE;
    return rc == 0 ? take_list(certificate, *list) : rc;
}

/* https, a host, and no octet that a URI has not (RFC 3986). */
static bool is_https(struct der uri)
{
    static const char scheme[] = "https://";
    size_t len = sizeof scheme - 1;

    if (uri.len <= len || strncasecmp((const char *)uri.data, scheme, len) != 0
        || uri.data[len] == '/')
        return false;
    for (size_t i = 0; i < uri.len; i++)
        if (uri.data[i] <= 0x20 || uri.data[i] >= 0x7F || uri.data[i] == '\\'
            || uri.data[i] == '"')
            return false;
    return true;
}

static int add_reference(struct stir_certificate *certificate,
                         const struct der_element *location)
{
    char room[SHOWN_SIZE];

    if (location->tag != DER_CONTEXT_PRIMITIVE(6))
        return error_set(
            &certificate->fault, STIR_CODE_TNAUTHLIST_REFERENCE,
            "the accessLocation of id-ad-stirTNList has tag %02X, wanted: a URI (RFC "
            "8226 section 10.1)",
            location->tag);
    if (!is_https(location->content))
        return error_set(
            &certificate->fault, STIR_CODE_TNAUTHLIST_REFERENCE,
            "the TNAuthList is to be had at \"%s\", wanted: a URI with scheme https "
            "(RFC 8226 section 10.1)",
            shown(room, location->content.data, location->content.len));
    char **references =
        realloc(certificate->references, (certificate->n_references + 1) * sizeof *references);
    if (references == NULL)
        return STIR_E_NOMEM;
    certificate->references = references;
    char *uri = text_copy(location->content.data, location->content.len);
    if (uri == NULL)
        return STIR_E_NOMEM;
    references[certificate->n_references++] = uri;
    return 0;
}

int extensions_read_references(struct stir_certificate *certificate,
                               const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_authority_info_access);
    struct der_element sequence, location;
    struct der method;

    if (extension == NULL || der_only(extension->value, DER_SEQUENCE, &sequence) < 0)
        return 0;
    int rc = 0;
    for (size_t n = 0; rc == 0 && n < LIMIT_ACCESS_DESCRIPTIONS
                       && take_access(&sequence.content, &method, &location) == 0;
         n++)
        if (der_equal(method, oid_stir_tn_list))
            rc = add_reference(certificate, &location);
    return rc;
}

static int read_constraints(struct stir_certificate *certificate,
                            const struct extension *extension, bool enhanced)
{
    struct claim_constraints found = {0};
    int rc = warn_if_critical(certificate, extension,
                              enhanced ? "EnhancedJWTClaimConstraints" : "JWTClaimConstraints",
                              enhanced ? "RFC 9118 section 3" : "RFC 8226 section 8");

    if (rc == 0)
        rc = claim_constraints_parse(extension->value, enhanced, &found, &certificate->fault);
    if (rc != 0 || certificate->constraints.present) {
        claim_constraints_free(&found);
        return rc;
    }
    certificate->constraints = found;
    return 0;
}

/* They bind end entities; a CA's are ignored and never inherited. */
static int warn_if_ca(struct stir_certificate *certificate)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (!certificate->ca)
        return 0;
    return warnings_add(&certificate->warnings, WARNING_CONSTRAINTS_ON_CA,
                        "%s is a CA, whose claim constraints bind nobody (RFC 8226 section 8)",
                        certificate_name(name, certificate, -1));
}

int extensions_read_constraints(struct stir_certificate *certificate,
                                const struct skeleton *skeleton)
{
    const struct extension *plain = skeleton_extension(skeleton, oid_claim_constraints);
    const struct extension *enhanced =
        skeleton_extension(skeleton, oid_enhanced_claim_constraints);
    int rc = 0;

    if (plain == NULL && enhanced == NULL)
        return 0;
    if (plain != NULL)
        rc = read_constraints(certificate, plain, false);
    if (rc == 0 && enhanced != NULL)
        rc = read_constraints(certificate, enhanced, true);
    if (rc == 0 && plain != NULL && enhanced != NULL)
        rc = error_set(
            &certificate->fault, STIR_CODE_CONSTRAINTS_BOTH,
            "it has both JWTClaimConstraints and EnhancedJWTClaimConstraints, wanted: "
            "one of them (RFC 9118 section 6)");
    return rc == 0 ? warn_if_ca(certificate) : rc;
}

static bool is_understood(struct der oid)
{
    const struct der *known[] = {&oid_basic_constraints,      &oid_key_usage,
                                 &oid_ext_key_usage,          &oid_subject_alt_name,
                                 &oid_subject_key_identifier, &oid_authority_key_identifier,
                                 &oid_certificate_policies,   &oid_crl_distribution_points,
                                 &oid_authority_info_access,  &oid_tnauthlist,
                                 &oid_claim_constraints,      &oid_enhanced_claim_constraints};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (der_equal(*known[i], oid))
            return true;
    return false;
}

int extensions_check_critical(struct stir_certificate *certificate,
                              const struct skeleton *skeleton)
{
    char room[OID_TEXT_SIZE];

    for (size_t i = 0; i < skeleton->n_extensions; i++)
        if (skeleton->extensions[i].critical && !is_understood(skeleton->extensions[i].oid))
            return error_set(&certificate->fault, STIR_CODE_CERT_CRITICAL_EXTENSION,
                             "extension %s is critical and is not known here (RFC 5280 section "
                             "4.2)",
                             oid_text(room, skeleton->extensions[i].oid));
    return 0;
}
