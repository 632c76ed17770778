/*
 * The certificate's skeleton, walked: GnuTLS lets wrong versions, serial 0, unequal
 * AlgorithmIdentifiers and repeated extensions pass, and a path must not.
 */
#include "cert/certificate_skeleton.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static int malformed(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_CODE_CERT_SYNTAX, "%s", what);
}

static int read_version(struct der *left, struct stir_error *error)
{
    struct der_element outer, version;
    bool present;

    if (der_take_optional(left, DER_CONTEXT(0), &outer, &present) < 0)
        return malformed(error, "the version is no DER (RFC 5280 section 4.1)");
    if (!present)
        return malformed(error, "it is of version 1, wanted: 3 (RFC 5280 section 4.1.2.1)");
    if (der_only(outer.content, DER_INTEGER, &version) < 0 || version.content.len != 1)
        return malformed(error, "the version is no DER (RFC 5280 section 4.1)");
    if (version.content.data[0] == 2)
        return 0;
    return error_set(error, STIR_CODE_CERT_SYNTAX,
                     "it is of version %d, wanted: 3 (RFC 5280 section 4.1.2.1)",
                     version.content.data[0] + 1);
}

static int read_serial(struct der *left, struct der *serial, struct stir_error *error)
{
    struct der_element element;

    if (der_take(left, DER_INTEGER, &element) < 0 || element.content.len == 0)
        return malformed(error,
                         "the serial number is no DER INTEGER (RFC 5280 section 4.1.2.2)");
    *serial = element.content;
    if (serial->data[0] >= 0x80)
        return malformed(error, "the serial number is negative (RFC 5280 section 4.1.2.2)");
    if (serial->len == 1 && serial->data[0] == 0)
        return malformed(error, "the serial number is 0 (RFC 5280 section 4.1.2.2)");
    if (serial->len > 1 && serial->data[0] == 0 && serial->data[1] < 0x80)
        return malformed(error, "the serial number is padded, which DER is not (RFC 5280 "
                                "section 4.1.2.2)");
    if (serial->len > LIMIT_SERIAL)
        return error_set(
            error, STIR_CODE_CERT_SYNTAX,
            "the serial number has %zu octets, wanted: at most %d (RFC 5280 section "
            "4.1.2.2)",
            serial->len, LIMIT_SERIAL);
    return 0;
}

/* YYMMDDHHMMSSZ, or with a year of four digits; as RFC 3339, whose reader knows the calendar. */
static int read_time(struct der *left, int64_t *time)
{
    enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };
    struct der_element element;
    char digits[16], text[40];

    if (der_next(left, &element) < 0)
        return -1;
    bool utc = element.tag == UTC_TIME;
    size_t len = element.content.len;
    if ((!utc && element.tag != GENERALIZED_TIME) || len != (utc ? 13 : 15)
        || element.content.data[len - 1] != 'Z')
        return -1;
    int century = element.content.data[0] >= '5' ? 19 : 20;
    snprintf(digits, sizeof digits, "%.*s", (int)(len - 1), (const char *)element.content.data);
    if (strspn(digits, "0123456789") != len - 1)
        return -1;
    const char *rest = utc ? digits : digits + 2;
    if (!utc)
        century = (digits[0] - '0') * 10 + (digits[1] - '0');
    snprintf(text, sizeof text, "%02d%.2s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, rest, rest + 2,
             rest + 4, rest + 6, rest + 8, rest + 10);
    return clock_parse_rfc3339(text, strlen(text), time);
}

static int read_validity(struct der *left, struct skeleton *skeleton, struct stir_error *error)
{
    struct der_element validity;

    if (der_take(left, DER_SEQUENCE, &validity) < 0)
        return malformed(error, "there is no validity (RFC 5280 section 4.1.2.5)");
    if (read_time(&validity.content, &skeleton->not_before) < 0
        || read_time(&validity.content, &skeleton->not_after) < 0 || validity.content.len > 0)
        return malformed(error, "notBefore or notAfter is no UTCTime or GeneralizedTime with "
                                "seconds and Z (RFC 5280 section 4.1.2.5)");
    return 0;
}

int skeleton_take_extension(struct der *left, struct extension *extension)
{
    struct der_element sequence, oid, critical, value;
    bool present;

    if (der_take(left, DER_SEQUENCE, &sequence) < 0
        || der_take(&sequence.content, DER_OID, &oid) < 0
        || der_take_optional(&sequence.content, DER_BOOLEAN, &critical, &present) < 0
        || der_take(&sequence.content, DER_OCTET_STRING, &value) < 0
        || sequence.content.len > 0)
        return -1;
    extension->oid = oid.content;
    extension->value = value.content;
    extension->critical = false;
    return present ? der_boolean(critical.content, &extension->critical) : 0;
}

static int read_extensions(struct der *left, struct skeleton *skeleton,
                           struct stir_error *error)
{
    struct der_element outer, list;
    bool present;

    if (der_take_optional(left, DER_CONTEXT(3), &outer, &present) < 0)
        return malformed(error, "the extensions are no DER (RFC 5280 section 4.1)");
    if (!present)
        return 0;
    if (der_only(outer.content, DER_SEQUENCE, &list) < 0 || list.content.len == 0)
        return malformed(error, "the extensions are no list of one or more (RFC 5280 section "
                                "4.1.2.9)");
    while (list.content.len > 0) {
        if (skeleton->n_extensions == LIMIT_EXTENSIONS)
            return error_set(error, STIR_CODE_CERT_SYNTAX,
                             "there are more than %d extensions, which are not looked at",
                             LIMIT_EXTENSIONS);
        if (skeleton_take_extension(&list.content,
                                    &skeleton->extensions[skeleton->n_extensions++])
            < 0)
            return error_set(error, STIR_CODE_CERT_SYNTAX,
                             "extension %zu is no DER (RFC 5280 section 4.1)",
                             skeleton->n_extensions - 1);
    }
    return 0;
}

size_t skeleton_count(struct der list, size_t limit)
{
    struct der_element element;
    size_t n = 0;

    while (list.len > 0 && n <= limit)
        n = der_next(&list, &element) < 0 ? limit + 1 : n + 1;
    return n;
}

/* Attributes of all RelativeDistinguishedNames; an empty one counts, too. -1: it is no Name. */
static int count_attributes(struct der name)
{
    struct der_element rdn;
    size_t n = 0;

    while (name.len > 0 && n <= LIMIT_NAME_ATTRIBUTES) {
        if (der_take(&name, DER_SET, &rdn) < 0)
            return -1;
        size_t attributes = skeleton_count(rdn.content, LIMIT_NAME_ATTRIBUTES);
        n += attributes > 0 ? attributes : 1;
    }
    return (int)n;
}

int skeleton_take_name(struct der *left, const char *which, struct der *name,
                       struct stir_error *error)
{
    struct der_element element;
    int attributes = -1;

    if (der_take(left, DER_SEQUENCE, &element) == 0)
        attributes = count_attributes(element.content);
    if (attributes < 0)
        return error_set(error, STIR_CODE_CERT_SYNTAX,
                         "the %s is no DER (RFC 5280 section 4.1)", which);
    if (element.whole.len > LIMIT_NAME || attributes > LIMIT_NAME_ATTRIBUTES)
        return error_set(error, STIR_CODE_CERT_SYNTAX,
                         "the %s has %zu octets; more than %d, or more than %d attributes, are "
                         "not looked at",
                         which, element.whole.len, LIMIT_NAME, LIMIT_NAME_ATTRIBUTES);
    *name = element.whole;
    return 0;
}

static void skip_unique_identifiers(struct der *left)
{
    struct der_element element;

    for (uint8_t n = 1; n <= 2; n++)
        if (left->len > 0 && left->data[0] == DER_CONTEXT_PRIMITIVE(n))
            der_next(left, &element);
}

static int read_tbs(struct der left, struct skeleton *skeleton, struct der *algorithm,
                    struct stir_error *error)
{
    struct der_element element;
    int rc = read_version(&left, error);

    if (rc == 0)
        rc = read_serial(&left, &skeleton->serial, error);
    if (rc != 0)
        return rc;
    if (der_take(&left, DER_SEQUENCE, &element) < 0)
        return malformed(error,
                         "there is no signature algorithm inside (RFC 5280 section 4.1)");
    *algorithm = element.content;
    rc = skeleton_take_name(&left, "issuer", &skeleton->issuer, error);
    if (rc == 0)
        rc = read_validity(&left, skeleton, error);
    if (rc == 0)
        rc = skeleton_take_name(&left, "subject", &skeleton->subject, error);
    if (rc != 0)
        return rc;
    if (der_take(&left, DER_SEQUENCE, &element) < 0)
        return malformed(error, "there is no public key (RFC 5280 section 4.1)");
    skeleton->spki = element.whole;
    skip_unique_identifiers(&left);
    rc = read_extensions(&left, skeleton, error);
    if (rc == 0 && left.len > 0)
        rc = error_set(error, STIR_CODE_CERT_SYNTAX,
                       "%zu octets stand behind the extensions (RFC 5280 section 4.1)",
                       left.len);
    return rc;
}

int skeleton_read(struct der der, struct skeleton *skeleton, struct stir_error *error)
{
    struct der_element certificate, tbs, algorithm, bits;
    struct der inside = {NULL, 0};

    memset(skeleton, 0, sizeof *skeleton);
    if (der_only(der, DER_SEQUENCE, &certificate) < 0)
        return malformed(error, "it is no DER, or something stands behind it (RFC 5280 section "
                                "4.1)");
    struct der left = certificate.content;
    if (der_take(&left, DER_SEQUENCE, &tbs) < 0 || der_take(&left, DER_SEQUENCE, &algorithm) < 0
        || der_take(&left, DER_BIT_STRING, &bits) < 0 || left.len > 0)
        return malformed(error, "it is no tbsCertificate, algorithm and signature (RFC 5280 "
                                "section 4.1)");
    if (bits.content.len < 1 || bits.content.data[0] != 0)
        return malformed(error, "the signature is no BIT STRING of whole octets");
    skeleton->tbs = tbs.whole;
    skeleton->algorithm = algorithm.content;
    skeleton->signature = (struct der){bits.content.data + 1, bits.content.len - 1};
    int rc = read_tbs(tbs.content, skeleton, &inside, error);
    if (rc == 0 && !der_equal(inside, skeleton->algorithm))
        rc = malformed(error, "the signature algorithms inside and outside are not the same "
                              "(RFC 5280 section 4.1.1.2)");
    return rc;
}

const struct extension *skeleton_extension(const struct skeleton *skeleton, struct der oid)
{
    for (size_t i = 0; i < skeleton->n_extensions; i++)
        if (der_equal(skeleton->extensions[i].oid, oid))
            return &skeleton->extensions[i];
    return NULL;
}

int skeleton_check_duplicates(const struct skeleton *skeleton, struct stir_error *error)
{
    char room[OID_TEXT_SIZE];

    for (size_t i = 0; i < skeleton->n_extensions; i++)
        if (skeleton_extension(skeleton, skeleton->extensions[i].oid)
            != &skeleton->extensions[i])
            return error_set(error, STIR_CODE_CERT_DUPLICATE_EXTENSION,
                             "extension %s is there twice (RFC 5280 section 4.2)",
                             oid_text(room, skeleton->extensions[i].oid));
    return 0;
}
