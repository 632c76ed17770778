/* CertificateList and TBSCertList (RFC 5280 section 5.1), field after field. */
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/limits.h"
#include "cert/certificate_skeleton.h"
#include "cert/crl_steps.h"
#include "crypto/digest.h"
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
    struct signature_details details;

    if (der_take(left, DER_SEQUENCE, &inside) < 0)
        return malformed(error, "there is no signature algorithm inside");
    if (!der_equal(inside.content, outside))
        unusable(crl, CRL_FLAW_ALGORITHMS_DIFFER,
                 "the signature algorithms inside and outside are not the same (RFC 5280 "
                 "section 5.1.1.2)");
    crl->signature_kind = signature_kind_of(outside, &details);
    crl->salt = details.salt;
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
    if (len > LIMIT_CRL_HEAD)
        return error_set(error, STIR_E_LIMIT,
                         "names, numbers and signature of %zu octets; more than %d are not "
                         "looked at",
                         len, LIMIT_CRL_HEAD);
    uint8_t *at = malloc(len + 1);
    if (at == NULL)
        return error_no_memory(error);
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

/* ---- In steps ------------------------------------------------------------------------------ */

enum stage { STAGE_HEAD, STAGE_ENTRIES, STAGE_DIGEST, STAGE_DONE };

struct crl_reader {
    struct crl *crl;
    struct der der;
    struct fields fields;
    enum stage stage;
    struct crl_entries_reader *entries;
    struct digest_stream *digest;
    struct der unhashed;
};

static int begin_entries(struct crl_reader *reader, struct stir_error *error)
{
    struct crl *crl = reader->crl;
    struct crl_entries_kind kind = {crl->scope.indirect, reader->fields.version_2,
                                    crl->this_update};

    reader->stage = STAGE_ENTRIES;
    reader->entries = crl_entries_begin(&crl->entries, reader->fields.revoked, crl->issuer,
                                        kind, &crl->flaws, &crl->fault);
    return reader->entries == NULL ? error_no_memory(error) : 0;
}

static int read_head(struct crl_reader *reader, size_t *budget, struct stir_error *error)
{
    if (reader->der.len > LIMIT_CRL)
        return error_set(error, STIR_E_LIMIT, "a CRL of %zu octets, wanted: at most %d",
                         reader->der.len, LIMIT_CRL);
    int rc = read_list(reader->crl, reader->der, &reader->fields, error);
    budget_spend(budget, BUDGET_SLICE);
    return rc == 0 ? begin_entries(reader, error) : rc;
}

static int read_entries(struct crl_reader *reader, size_t *budget, struct stir_error *error)
{
    int rc = crl_entries_step(reader->entries, budget, error);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    crl_entries_end(reader->entries);
    reader->entries = NULL;
    reader->stage = STAGE_DIGEST;
    reader->unhashed = reader->fields.tbs;
    if (reader->crl->signature_kind == SIGNATURE_UNSUPPORTED)
        return 0;
    reader->digest = signature_digest_begin(reader->crl->signature_kind);
    return reader->digest == NULL ? error_no_memory(error) : 0;
}

/* Of that hash, zeros behind it; of an algorithm that is not known here, zeros alone. */
static int hash(struct crl_reader *reader, size_t *budget, struct stir_error *error)
{
    struct der *left = &reader->unhashed;
    size_t piece = reader->digest == NULL || left->len < *budget ? left->len : *budget;

    if (reader->digest != NULL && digest_add(reader->digest, left->data, piece) < 0)
        return error_set(error, STIR_E_INTERNAL, "the list could not be hashed");
    budget_spend(budget, piece);
    *left = (struct der){left->data + piece, left->len - piece};
    if (left->len > 0)
        return 0;
    digest_end(reader->digest, reader->crl->digest);
    reader->digest = NULL;
    reader->stage = STAGE_DONE;
    return keep_head(reader->crl, error);
}

int crl_reader_step(struct crl_reader *reader, size_t *budget, struct stir_error *error)
{
    static int (*const stages[])(struct crl_reader *, size_t *, struct stir_error *) = {
        [STAGE_HEAD] = read_head, [STAGE_ENTRIES] = read_entries, [STAGE_DIGEST] = hash};
    int rc = 0;

    while (rc == 0 && *budget > 0 && reader->stage != STAGE_DONE)
        rc = stages[reader->stage](reader, budget, error);
    return rc < 0 ? rc : reader->stage != STAGE_DONE;
}

/* ---- Life ---------------------------------------------------------------------------------- */

struct crl_reader *crl_reader_new(struct der der, const char *source)
{
    struct crl_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        return NULL;
    reader->der = der;
    if ((reader->crl = crl_make(source)) != NULL)
        return reader;
    free(reader);
    return NULL;
}

void crl_reader_free(struct crl_reader *reader)
{
    if (reader == NULL)
        return;
    crl_entries_end(reader->entries);
    digest_drop(reader->digest);
    crl_free(reader->crl);
    free(reader);
}

struct crl *crl_reader_take(struct crl_reader *reader)
{
    struct crl *crl = reader->crl;

    reader->crl = NULL;
    return crl;
}

int crl_new(struct der der, const char *source, struct crl **crl, struct stir_error *error)
{
    struct crl_reader *reader = crl_reader_new(der, source);
    size_t all = SIZE_MAX;

    *crl = NULL;
    if (reader == NULL)
        return error_no_memory(error);
    int rc = crl_reader_step(reader, &all, error);
    if (rc == 0)
        *crl = crl_reader_take(reader);
    crl_reader_free(reader);
    return rc;
}
