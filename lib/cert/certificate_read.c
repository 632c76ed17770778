/*
 * One certificate, read once: the order of what is read.
 *
 * Every stage sets the fault if there is none yet, and the next ones go on all the same, so that
 * a certificate with a fault can be shown as far as it could be read; only the skeleton is
 * needed by all.
 */
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/text.h"
#include "cert/certificate_steps.h"
#include "crypto/digest.h"

static int check_duplicates(struct stir_certificate *certificate,
                            const struct skeleton *skeleton)
{
    return skeleton_check_duplicates(skeleton, &certificate->fault);
}

/* Only of what a certificate is made with; the key of a signer is judged where it signs
   (signer-key). */
static int check_algorithm(struct stir_certificate *certificate,
                           const struct skeleton *skeleton)
{
    char oid[OID_TEXT_SIZE], name[CERTIFICATE_NAME_SIZE];
    struct der_element element = {0};
    struct der algorithm = skeleton->algorithm;
    struct signature_details details;

    certificate->signature_kind = signature_kind_of(algorithm, &details);
    certificate->salt = details.salt;
    der_take(&algorithm, DER_OID, &element);
    if (certificate->signature_kind == SIGNATURE_UNSUPPORTED)
        return error_set(&certificate->fault, STIR_CODE_CERT_ALGORITHM,
                         "it is signed with %s, wanted: ECDSA or RSA with SHA-256, SHA-384 or "
                         "SHA-512 (RFC 8226 section 4)",
                         oid_text(oid, element.content));
    if (certificate->ca && certificate->key != NULL
        && public_key_kind(certificate->key) == KEY_UNSUPPORTED)
        return error_set(
            &certificate->fault, STIR_CODE_CERT_ALGORITHM,
            "it is a CA whose key is %s, wanted: P-256, P-384, P-521, or RSA of %d "
            "to %d bits in whole octets (RFC 8226 section 4)",
            public_key_name(certificate->key), LIMIT_RSA_BITS_LEAST, LIMIT_RSA_BITS_MOST);
    if (!details.null_parameters)
        return 0;
    return warnings_add(&certificate->warnings, WARNING_ECDSA_NULL_PARAMETERS,
                        "%s: its ECDSA AlgorithmIdentifier has NULL parameters, wanted: none "
                        "(RFC 5758 section 3.2)",
                        certificate_name(name, certificate, -1));
}

/* Before GnuTLS sees them. */
static int check_alternative_names(struct stir_certificate *certificate,
                                   const struct skeleton *skeleton)
{
    const struct extension *extension = skeleton_extension(skeleton, oid_subject_alt_name);
    struct der_element names;

    if (extension == NULL)
        return 0;
    if (der_only(extension->value, DER_SEQUENCE, &names) < 0)
        return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX,
                         "subjectAltName is no DER (RFC 5280 section 4.2.1.6)");
    if (skeleton_count(names.content, LIMIT_ALTERNATIVE_NAMES) <= LIMIT_ALTERNATIVE_NAMES)
        return 0;
    return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX,
                     "subjectAltName has more than %d names, or is no DER: not looked at",
                     LIMIT_ALTERNATIVE_NAMES);
}

static int take_skeleton(struct stir_certificate *certificate, struct skeleton *skeleton)
{
    if (certificate->der.len > LIMIT_CERTIFICATE)
        return error_set(&certificate->fault, STIR_CODE_CERT_SYNTAX,
                         "it has %zu octets; more than %d are not looked at",
                         certificate->der.len, LIMIT_CERTIFICATE);
    int rc = skeleton_read(certificate->der, skeleton, &certificate->fault);
    certificate->tbs = skeleton->tbs;
    certificate->serial = skeleton->serial;
    certificate->issuer = skeleton->issuer;
    certificate->subject = skeleton->subject;
    certificate->spki = skeleton->spki;
    certificate->signature = skeleton->signature;
    certificate->not_before = skeleton->not_before;
    certificate->not_after = skeleton->not_after;
    return rc == 0 ? check_alternative_names(certificate, skeleton) : rc;
}

/* ---- In steps ------------------------------------------------------------------------------ */

enum { STAGES = 8 };

struct certificate_reader {
    struct stir_certificate *certificate;
    struct skeleton skeleton;
    const struct es256_provider *provider;
    size_t stage; /* STAGES: it is done */
    struct digest_stream *digest;
    size_t hashed; /* octets of what is being hashed */
    struct tnauthlist_reader *list;
};

/* data goes into reader->digest, which has begun. */
static int hash(struct certificate_reader *reader, struct der data, size_t *budget,
                uint8_t *digest)
{
    while (reader->hashed < data.len) {
        size_t left = data.len - reader->hashed, now = left < *budget ? left : *budget;
        if (!budget_spend(budget, now))
            return BUDGET_GONE;
        if (digest_add(reader->digest, data.data + reader->hashed, now) < 0)
            return STIR_E_INTERNAL;
        reader->hashed += now;
    }
    digest_end(reader->digest, digest);
    reader->digest = NULL;
    reader->hashed = 0;
    return 0;
}

static int hash_sha256(struct certificate_reader *reader, struct der data, size_t *budget,
                       uint8_t digest[DIGEST_SHA256_SIZE])
{
    if (reader->digest == NULL)
        reader->digest = digest_sha256_begin();
    return reader->digest == NULL ? STIR_E_NOMEM : hash(reader, data, budget, digest);
}

static int hash_whole(struct certificate_reader *reader, size_t *budget)
{
    return hash_sha256(reader, reader->certificate->der, budget, reader->certificate->sha256);
}

static int read_skeleton(struct certificate_reader *reader, size_t *budget)
{
    if (!budget_spend(budget, BUDGET_SLICE))
        return BUDGET_GONE;
    int rc = take_skeleton(reader->certificate, &reader->skeleton);
    if (rc > 0)
        reader->stage = STAGES - 1; /* no other stage can say more */
    return rc;
}

static int hash_key(struct certificate_reader *reader, size_t *budget)
{
    return hash_sha256(reader, reader->skeleton.spki, budget, reader->certificate->spki_sha256);
}

/* In one go, which takes a millisecond of the largest. */
static int check_gnutls(struct certificate_reader *reader, size_t *budget)
{
    struct stir_certificate *certificate = reader->certificate;

    if (!budget_spend(budget, certificate->der.len))
        return BUDGET_GONE;
    int rc = fields_read_key(certificate, &reader->skeleton, reader->provider);
    if (rc >= 0)
        rc = fields_read_label(certificate, &reader->skeleton);
    return rc < 0 ? rc : fields_check_gnutls(certificate, &reader->skeleton);
}

typedef int step(struct stir_certificate *, const struct skeleton *);

static int each(struct certificate_reader *reader, step *const *steps, size_t n)
{
    int rc = 0;

    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = steps[i](reader->certificate, &reader->skeleton);
    return rc;
}

static int read_before(struct certificate_reader *reader, size_t *budget)
{
    static step *const steps[] = {
        fields_read_basic_constraints, fields_read_key_usage, fields_read_alternative_names,
        extensions_read_identifiers,   check_duplicates,      extensions_begin_tnauthlist,
    };

    (void)budget;
    return each(reader, steps, sizeof steps / sizeof *steps);
}

static int read_tnauthlist(struct certificate_reader *reader, size_t *budget)
{
    return extensions_read_tnauthlist(reader->certificate, &reader->skeleton, &reader->list,
                                      budget);
}

static int read_behind(struct certificate_reader *reader, size_t *budget)
{
    static step *const steps[] = {
        extensions_read_references,
        extensions_read_constraints,
        extensions_check_critical,
        check_algorithm,
    };

    (void)budget;
    return each(reader, steps, sizeof steps / sizeof *steps);
}

/* Once, although many keys may be tried on it. */
static int hash_signed(struct certificate_reader *reader, size_t *budget)
{
    struct stir_certificate *certificate = reader->certificate;

    if (certificate->signature_kind == SIGNATURE_UNSUPPORTED)
        return 0;
    if (reader->digest == NULL)
        reader->digest = signature_digest_begin(certificate->signature_kind);
    if (reader->digest == NULL)
        return STIR_E_NOMEM;
    return hash(reader, certificate->tbs, budget, certificate->tbs_digest);
}

struct certificate_reader *certificate_reader_new(uint8_t *der, size_t len,
                                                  const struct es256_provider *provider)
{
    struct certificate_reader *reader = calloc(1, sizeof *reader);
    struct stir_certificate *certificate = calloc(1, sizeof *certificate);

    if (reader == NULL || certificate == NULL) {
        free(der);
        free(certificate);
        free(reader);
        return NULL;
    }
    error_clear(&certificate->fault);
    atomic_init(&certificate->references_held, 1);
    certificate->path_length = -1;
    certificate->der = (struct der){der, len};
    reader->certificate = certificate;
    reader->provider = provider;
    return reader;
}

void certificate_reader_free(struct certificate_reader *reader)
{
    if (reader == NULL)
        return;
    digest_drop(reader->digest);
    tnauthlist_reader_free(reader->list);
    certificate_free(reader->certificate);
    free(reader);
}

int certificate_reader_step(struct certificate_reader *reader, size_t *budget)
{
    /* The faults of design.md in their order. */
    static int (*const stages[STAGES])(struct certificate_reader *, size_t *) = {
        hash_whole,  read_skeleton,   hash_key,    check_gnutls,
        read_before, read_tnauthlist, read_behind, hash_signed,
    };

    while (reader->stage < STAGES) {
        int rc = stages[reader->stage](reader, budget);
        if (rc < 0 || rc == BUDGET_GONE)
            return rc;
        reader->stage++;
    }
    return 0;
}

struct stir_certificate *certificate_reader_take(struct certificate_reader *reader)
{
    struct stir_certificate *certificate = reader->certificate;

    reader->certificate = NULL;
    return certificate;
}

int certificate_new(const void *der, size_t len, const struct es256_provider *provider,
                    struct stir_certificate **certificate)
{
    uint8_t *copy = (uint8_t *)text_copy(der, len);

    *certificate = NULL;
    return copy == NULL ? STIR_E_NOMEM : certificate_take(copy, len, provider, certificate);
}

int certificate_take(uint8_t *der, size_t len, const struct es256_provider *provider,
                     struct stir_certificate **certificate)
{
    struct certificate_reader *reader = certificate_reader_new(der, len, provider);
    size_t all = SIZE_MAX;

    *certificate = NULL;
    if (reader == NULL)
        return STIR_E_NOMEM;
    int rc = certificate_reader_step(reader, &all);
    if (rc == 0)
        *certificate = certificate_reader_take(reader);
    certificate_reader_free(reader);
    return rc;
}
