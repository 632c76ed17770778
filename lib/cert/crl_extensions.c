/* crlExtensions (RFC 5280 section 5.2): what they say of the list, and which make it unusable. */
#include <string.h>

#include "base/limits.h"
#include "cert/certificate_skeleton.h"
#include "cert/crl_steps.h"

/* id-ce n */
enum {
    CE_ISSUER_ALT_NAME = 18,
    CE_CRL_NUMBER = 20,
    CE_DELTA_CRL_INDICATOR = 27,
    CE_ISSUING_DISTRIBUTION_POINT = 28,
    CE_AUTHORITY_KEY_IDENTIFIER = 35,
    CE_LAST
};

static int malformed(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_E_SYNTAX, "%s", what);
}

static void note(struct crl *crl, enum crl_flaw flaw)
{
    crl_flaws_add(&crl->flaws, flaw, 0);
}

static int unusable(struct crl *crl, enum crl_flaw flaw, const char *what)
{
    note(crl, flaw);
    error_set(&crl->fault, STIR_CODE_STATUS_UNKNOWN, "%s", what);
    return 0;
}

/* 0 to 20 octets of a number that is not negative (section 5.2.3); without the sign's octet. */
static int read_number(struct crl *crl, struct der value, struct stir_error *error)
{
    struct der_element element;

    if (der_only(value, DER_INTEGER, &element) < 0 || element.content.len == 0)
        return malformed(error, "cRLNumber is no INTEGER (RFC 5280 section 5.2.3)");
    struct der number = element.content;
    if (number.data[0] >= 0x80 || number.len > LIMIT_SERIAL)
        return unusable(crl, CRL_FLAW_NUMBER,
                        "its number is negative or has more than 20 octets (RFC 5280 "
                        "section 5.2.3)");
    if (number.len > 1 && number.data[0] == 0)
        number = (struct der){number.data + 1, number.len - 1};
    crl->number = number;
    return 0;
}

static int read_akid(struct crl *crl, struct der value, struct stir_error *error)
{
    struct der_element sequence, key;
    bool present;

    if (der_only(value, DER_SEQUENCE, &sequence) < 0
        || der_take_optional(&sequence.content, DER_CONTEXT_PRIMITIVE(0), &key, &present) < 0)
        return malformed(error, "the authority key identifier is no DER (RFC 5280 section "
                                "5.2.1)");
    if (present)
        crl->akid = key.content;
    return 0;
}

/* ---- IssuingDistributionPoint -------------------------------------------------------------- */

/* [n] IMPLICIT BOOLEAN DEFAULT FALSE, so that DER has no FALSE; but some write it. */
static int take_flag(struct der *left, uint8_t n, bool *flag)
{
    struct der_element element;
    bool present;

    if (der_take_optional(left, DER_CONTEXT_PRIMITIVE(n), &element, &present) < 0)
        return -1;
    return present ? der_boolean(element.content, flag) : 0;
}

/* ReasonFlags: a named bit list. Bit 0 is of no reason. */
static int take_reasons(struct der *left, unsigned *reasons)
{
    struct der_element element;
    bool present;

    if (der_take_optional(left, DER_CONTEXT_PRIMITIVE(3), &element, &present) < 0)
        return -1;
    if (!present)
        return 0;
    struct der bits = element.content;
    if (bits.len < 2 || bits.len > 3 || bits.data[0] > 7)
        return -1;
    for (unsigned i = 0; i < (bits.len - 1) * 8 - bits.data[0]; i++)
        if ((bits.data[1 + i / 8] & 0x80 >> i % 8) != 0)
            *reasons |= 1u << i;
    return 0;
}

static int take_names(struct der *left, struct crl_scope *scope)
{
    struct der_element outer, choice;
    bool present;

    if (der_take_optional(left, DER_CONTEXT(0), &outer, &present) < 0)
        return -1;
    if (!present)
        return 0;
    if (der_next(&outer.content, &choice) < 0 || outer.content.len > 0
        || (choice.tag != DER_CONTEXT(0) && choice.tag != DER_CONTEXT(1)))
        return -1;
    scope->relative = choice.tag == DER_CONTEXT(1);
    scope->names = choice.content;
    return 0;
}

/* R5280-5-2. */
static int read_scope(struct crl *crl, struct der value, struct stir_error *error)
{
    struct crl_scope *scope = &crl->scope;
    struct der_element sequence;
    bool some_reasons;

    crl->idp = value;
    if (der_only(value, DER_SEQUENCE, &sequence) < 0)
        return malformed(error, "the issuing distribution point is no DER (RFC 5280 section "
                                "5.2.5)");
    struct der left = sequence.content;
    if (left.len == 0)
        note(crl, CRL_FLAW_IDP_EMPTY);
    int rc = take_names(&left, scope);
    if (rc == 0)
        rc = take_flag(&left, 1, &scope->users_only);
    if (rc == 0)
        rc = take_flag(&left, 2, &scope->cas_only);
    some_reasons = rc == 0 && left.len > 0 && left.data[0] == DER_CONTEXT_PRIMITIVE(3);
    if (rc == 0)
        rc = take_reasons(&left, &scope->reasons);
    if (rc == 0)
        rc = take_flag(&left, 4, &scope->indirect);
    if (rc == 0)
        rc = take_flag(&left, 5, &scope->attributes_only);
    if (rc < 0 || left.len > 0)
        return malformed(error, "the issuing distribution point is no DER of RFC 5280 section "
                                "5.2.5");
    if (some_reasons && (scope->reasons & CRL_REASONS_ALL) == 0)
        return unusable(crl, CRL_FLAW_NO_REASON,
                        "it is about no reason at all (RFC 5280 section 5.2.5)");
    if (scope->users_only + scope->cas_only + scope->attributes_only > 1) {
        scope->users_only = scope->cas_only = scope->attributes_only = false; /* who knows */
        return unusable(crl, CRL_FLAW_SCOPES,
                        "it is about users, CAs or attributes alone, and several of these "
                        "at once (RFC 5280 section 5.2.5)");
    }
    return 0;
}

/* ---- All of them --------------------------------------------------------------------------- */

/* CE_LAST: none of them. */
static int arc_of(struct der oid)
{
    if (oid.len != 3 || oid.data[0] != 0x55 || oid.data[1] != 0x1D || oid.data[2] >= CE_LAST)
        return CE_LAST;
    return oid.data[2];
}

/* What the list says its extensions are, and RFC 5280 section 5.2 does not. */
static void note_criticality(struct crl *crl, const struct extension *extension)
{
    int arc = arc_of(extension->oid);

    if (arc == CE_CRL_NUMBER && extension->critical)
        note(crl, CRL_FLAW_NUMBER_CRITICAL);
    if (arc == CE_AUTHORITY_KEY_IDENTIFIER && extension->critical)
        note(crl, CRL_FLAW_AKID_CRITICAL);
    if (arc == CE_ISSUING_DISTRIBUTION_POINT && !extension->critical)
        note(crl, CRL_FLAW_IDP_NOT_CRITICAL);
}

/* R5280-5-1: what is critical and not known makes the list unusable. */
static int read_extension(struct crl *crl, const struct extension *extension,
                          struct stir_error *error)
{
    char room[OID_TEXT_SIZE];

    switch (arc_of(extension->oid)) {
    case CE_CRL_NUMBER:
        return read_number(crl, extension->value, error);
    case CE_AUTHORITY_KEY_IDENTIFIER:
        return read_akid(crl, extension->value, error);
    case CE_ISSUING_DISTRIBUTION_POINT:
        return read_scope(crl, extension->value, error);
    case CE_DELTA_CRL_INDICATOR:
        return unusable(crl, CRL_FLAW_DELTA,
                        "it is a delta to another list (RFC 5280 section 5.2.4)");
    case CE_ISSUER_ALT_NAME:
        return 0;
    default:
        break;
    }
    if (extension->critical) {
        note(crl, CRL_FLAW_EXTENSION_UNKNOWN);
        if (crl->unknown.data == NULL)
            crl->unknown = extension->oid;
        error_set(&crl->fault, STIR_CODE_STATUS_UNKNOWN,
                  "its extension %s is critical and is not known here (RFC 5280 section 5.2)",
                  oid_text(room, extension->oid));
    }
    return 0;
}

int crl_read_extensions(struct crl *crl, struct der list, struct stir_error *error)
{
    struct extension extensions[LIMIT_CRL_EXTENSIONS];
    size_t n = 0;
    int rc = 0;

    while (rc == 0 && list.len > 0) {
        if (n == LIMIT_CRL_EXTENSIONS)
            return error_set(error, STIR_E_LIMIT, "more than %d extensions of a CRL",
                             LIMIT_CRL_EXTENSIONS);
        if (skeleton_take_extension(&list, &extensions[n]) < 0)
            return malformed(error, "an extension is no DER (RFC 5280 section 5.1)");
        for (size_t i = 0; i < n; i++)
            if (der_equal(extensions[i].oid, extensions[n].oid))
                unusable(crl, CRL_FLAW_EXTENSION_TWICE,
                         "it has an extension twice (RFC 5280 section 4.2)");
        note_criticality(crl, &extensions[n]);
        rc = read_extension(crl, &extensions[n++], error);
    }
    return rc;
}
