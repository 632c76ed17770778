/* CertificateList and TBSCertList (RFC 5280 section 5.1), field after field. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cert/certificate_skeleton.h"
#include "cert/crl_steps.h"
#include "crypto/x509_text.h"

/* TBSCertList's fields that are looked at twice. */
struct fields {
    struct der tbs, algorithm, revoked, extensions;
    bool version_2;
};

static int malformed(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_E_SYNTAX, "%s (RFC 5280 section 5.1)", what);
}

static void unusable(struct crl *crl, enum crl_flaw flaw, const char *what)
{
    crl_flaws_add(&crl->flaws, flaw, 0);
    error_set(&crl->fault, STIR_CODE_STATUS_UNKNOWN, "%s", what);
}

/* R5280-5-1. */
static int read_version(struct crl *crl, struct der *left, struct fields *fields,
                        struct stir_error *error)
{
    struct der_element version;
    bool present;

    if (der_take_optional(left, DER_INTEGER, &version, &present) < 0)
        return malformed(error, "the version is no DER");
    fields->version_2 = present && version.content.len == 1 && version.content.data[0] == 1;
    if (!fields->version_2)
        unusable(crl, CRL_FLAW_VERSION, "it is not of version 2 (RFC 5280 section 5.1.2.1)");
    return 0;
}

static int read_algorithm(struct crl *crl, struct der *left, struct der outside,
                          struct stir_error *error)
{
    struct der_element inside;
    bool null_parameters;

    if (der_take(left, DER_SEQUENCE, &inside) < 0)
        return malformed(error, "there is no signature algorithm inside");
    if (!der_equal(inside.content, outside))
        unusable(crl, CRL_FLAW_ALGORITHMS_DIFFER,
                 "the signature algorithms inside and outside are not the same (RFC 5280 "
                 "section 5.1.1.2)");
    crl->signature_kind = signature_kind_of(outside, &null_parameters);
    if (crl->signature_kind == SIGNATURE_UNSUPPORTED)
        unusable(crl, CRL_FLAW_ALGORITHM,
                 "it is not signed with ECDSA or RSA and SHA-256, SHA-384 or SHA-512 (RFC "
                 "8226 section 4)");
    return 0;
}

static int take_time(struct der *left, int64_t *time)
{
    struct der_element element;

    return der_next(left, &element) < 0
               ? -1
               : clock_parse_x509(element.tag, (const char *)element.content.data,
                                  element.content.len, time);
}

static int read_times(struct crl *crl, struct der *left, struct stir_error *error)
{
    if (take_time(left, &crl->this_update) < 0)
        return malformed(error, "thisUpdate is no time");
    crl->has_next_update =
        left->len > 0
        && (left->data[0] == CLOCK_UTC_TIME || left->data[0] == CLOCK_GENERALIZED_TIME);
    if (crl->has_next_update && take_time(left, &crl->next_update) < 0)
        return malformed(error, "nextUpdate is no time");
    if (!crl->has_next_update)
        unusable(crl, CRL_FLAW_NO_NEXT_UPDATE,
                 "it has no nextUpdate (RFC 5280 section 5.1.2.5)");
    else if (crl->next_update <= crl->this_update)
        crl_flaws_add(&crl->flaws, CRL_FLAW_NEXT_UPDATE_FIRST, 0);
    return 0;
}

/* What comes behind the times: revokedCertificates and crlExtensions. */
static int read_rest(struct crl *crl, struct der left, struct fields *fields,
                     struct stir_error *error)
{
    struct der_element revoked = {0}, outer, extensions;
    bool present, extended;

    if (der_take_optional(&left, DER_SEQUENCE, &revoked, &present) < 0
        || der_take_optional(&left, DER_CONTEXT(0), &outer, &extended) < 0 || left.len > 0)
        return malformed(error, "what is behind the times is no entries and extensions");
    fields->revoked = revoked.content;
    if (present && revoked.content.len == 0)
        crl_flaws_add(&crl->flaws, CRL_FLAW_NO_ENTRIES, 0);
    if (!extended)
        return 0;
    if (!fields->version_2)
        unusable(crl, CRL_FLAW_VERSION_EXTENSIONS,
                 "it has extensions without version 2 (RFC 5280 section 5.1.2.1)");
    if (der_only(outer.content, DER_SEQUENCE, &extensions) < 0 || extensions.content.len == 0)
        return malformed(error, "the extensions are no list of one or more");
    fields->extensions = extensions.content;
    return crl_read_extensions(crl, extensions.content, error);
}

static int read_tbs(struct crl *crl, struct der left, struct fields *fields,
                    struct stir_error *error)
{
    struct stir_error name;
    int rc = read_version(crl, &left, fields, error);

    if (rc == 0)
        rc = read_algorithm(crl, &left, fields->algorithm, error);
    if (rc != 0)
        return rc;
    error_clear(&name);
    if (skeleton_take_name(&left, "issuer", &crl->issuer, &name) != 0)
        return error_set(error, STIR_E_SYNTAX, "%s", name.text);
    rc = x509_name_text(crl->issuer, &crl->issuer_text, error);
    if (rc == 0)
        rc = read_times(crl, &left, error);
    return rc == 0 ? read_rest(crl, left, fields, error) : rc;
}

/* The octets that outlive the list's own go into one piece. */
static int keep_head(struct crl *crl, struct stir_error *error)
{
    struct der *kept[] = {&crl->issuer, &crl->akid,    &crl->signature,  &crl->idp,
                          &crl->number, &crl->unknown, &crl->scope.names};
    size_t len = 0;

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        len += kept[i]->len;
    uint8_t *at = malloc(len + 1);
    if (at == NULL) {
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            *kept[i] = (struct der){NULL, 0};
        return error_no_memory(error);
    }
    crl->head = (struct der){at, len};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (kept[i]->data == NULL)
            continue;
        memcpy(at, kept[i]->data, kept[i]->len);
        kept[i]->data = at;
        at += kept[i]->len;
    }
    return 0;
}

static int read_list(struct crl *crl, struct der der, struct fields *fields,
                     struct stir_error *error)
{
    struct der_element list, tbs, algorithm, bits;

    if (der_only(der, DER_SEQUENCE, &list) < 0
        || der_take(&list.content, DER_SEQUENCE, &tbs) < 0
        || der_take(&list.content, DER_SEQUENCE, &algorithm) < 0
        || der_only(list.content, DER_BIT_STRING, &bits) < 0)
        return malformed(error, "it is no tbsCertList, algorithm and signature in DER");
    if (bits.content.len < 1 || bits.content.data[0] != 0)
        return malformed(error, "the signature is no BIT STRING of whole octets");
    fields->tbs = tbs.whole;
    fields->algorithm = algorithm.content;
    crl->signature = (struct der){bits.content.data + 1, bits.content.len - 1};
    return read_tbs(crl, tbs.content, fields, error);
}

static int read_entries(struct crl *crl, const struct fields *fields, struct stir_error *error)
{
    struct crl_entries_kind kind = {crl->scope.indirect, fields->version_2, crl->this_update};

    return crl_entries_read(&crl->entries, fields->revoked, crl->issuer, kind, &crl->flaws,
                            &crl->fault, error);
}

int crl_read(struct crl *crl, struct der der, struct stir_error *error)
{
    struct fields fields = {0};
    int rc;

    if (der.len > LIMIT_CRL)
        return error_set(error, STIR_E_LIMIT, "a CRL of %zu octets, wanted: at most %d",
                         der.len, LIMIT_CRL);
    rc = read_list(crl, der, &fields, error);
    if (rc == 0)
        rc = read_entries(crl, &fields, error);
    if (rc == 0 && crl->signature_kind != SIGNATURE_UNSUPPORTED
        && signature_digest(crl->signature_kind, fields.tbs.data, fields.tbs.len, crl->digest)
               < 0)
        rc = error_set(error, STIR_E_INTERNAL, "the list could not be hashed");
    return rc == 0 ? keep_head(crl, error) : rc;
}
