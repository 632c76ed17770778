/*
 * One certificate, read once: the order of what is read, and who holds it.
 *
 * Every step sets the fault if there is none yet, and the next ones go on all the same, so that
 * a certificate with a fault can be shown as far as it could be read; only the skeleton is
 * needed by all.
 */
#include "cert/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/certificate_steps.h"
#include "cert/name_canonical.h"
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

static int read_all(struct stir_certificate *certificate, struct skeleton *skeleton,
                    const struct es256_provider *provider)
{
    /* The faults of design.md in their order. */
    static int (*const steps[])(struct stir_certificate *, const struct skeleton *) = {
        fields_read_label,
        fields_check_gnutls,
        fields_read_basic_constraints,
        fields_read_key_usage,
        fields_read_alternative_names,
        extensions_read_identifiers,
        check_duplicates,
        extensions_read_tnauthlist,
        extensions_read_references,
        extensions_read_constraints,
        extensions_check_critical,
        check_algorithm,
    };

    if (digest_sha256(certificate->der.data, certificate->der.len, certificate->sha256) < 0)
        return STIR_E_INTERNAL;
    int rc = take_skeleton(certificate, skeleton);
    if (rc != 0)
        return rc;
    if (digest_sha256(skeleton->spki.data, skeleton->spki.len, certificate->spki_sha256) < 0)
        return STIR_E_INTERNAL;
    rc = fields_read_key(certificate, skeleton, provider);
    for (size_t i = 0; rc >= 0 && i < sizeof steps / sizeof *steps; i++)
        rc = steps[i](certificate, skeleton);
    return rc;
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
    struct stir_certificate *made = calloc(1, sizeof *made);
    struct skeleton *skeleton = calloc(1, sizeof *skeleton);
    int rc = STIR_E_NOMEM;

    *certificate = NULL;
    if (made == NULL || skeleton == NULL)
        goto out;
    error_clear(&made->fault);
    atomic_init(&made->references_held, 1);
    made->path_length = -1;
    made->der = (struct der){der, len};
    der = NULL;
    rc = read_all(made, skeleton, provider);
    if (rc < 0)
        goto out;
    *certificate = made;
    made = NULL;
    rc = 0;
out:
    free(der);
    free(skeleton);
    certificate_free(made);
    return rc;
}

int certificate_with_list(const struct stir_certificate *certificate,
                          struct stir_scope *fetched, const uint8_t fetched_sha256[32],
                          const struct es256_provider *provider, struct stir_certificate **with)
{
    int rc = certificate_new(certificate->der.data, certificate->der.len, provider, with);

    if (rc < 0)
        return rc;
    (*with)->fetched = fetched;
    memcpy((*with)->fetched_sha256, fetched_sha256, sizeof(*with)->fetched_sha256);
    (*with)->anchor = certificate->anchor;
    return 0;
}

struct stir_certificate *certificate_ref(const struct stir_certificate *certificate)
{
    struct stir_certificate *same = (struct stir_certificate *)(uintptr_t)certificate;

    atomic_fetch_add(&same->references_held, 1);
    return same;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

void certificate_free(struct stir_certificate *certificate)
{
    if (certificate == NULL || atomic_fetch_sub(&certificate->references_held, 1) > 1)
        return;
    warnings_free(&certificate->warnings);
    certificate_texts_free(atomic_load(&certificate->texts));
    free((void *)(uintptr_t)certificate->der.data);
    free(certificate->label);
    free(certificate->key_usage_text);
    free(certificate->common_name);
    public_key_free(certificate->key);
    scope_free(certificate->scope);
    scope_free(certificate->fetched);
    free_list(certificate->references, certificate->n_references);
    free_list(certificate->dns_names, certificate->n_dns_names);
    free_list(certificate->uris, certificate->n_uris);
    claim_constraints_free(&certificate->constraints);
    free(certificate);
}

bool certificate_is_listed(const struct stir_certificate *certificate)
{
    return certificate->scope != NULL || certificate->n_references > 0;
}

bool certificate_equal(const struct stir_certificate *a, const struct stir_certificate *b)
{
    return der_equal(a->der, b->der);
}

bool certificate_is_self_issued(const struct stir_certificate *certificate)
{
    return certificate->subject.data != NULL
           && name_canonical_equal(certificate->subject, certificate->issuer);
}

int certificate_is_signed_by(const struct stir_certificate *certificate,
                             const struct public_key *key)
{
    enum signature_kind kind = certificate->signature_kind;
    struct der tbs = certificate->tbs, signature = certificate->signature;
    uint8_t digest[DIGEST_LARGEST_SIZE];

    if (!signature_is_pss(kind))
        return public_key_verify(key, kind, tbs.data, tbs.len, signature.data, signature.len);
    int rc = signature_digest(kind, tbs.data, tbs.len, digest);
    return rc < 0 ? rc
                  : public_key_verify_pss(key, kind, certificate->salt, digest, signature.data,
                                          signature.len);
}

bool certificate_may(const struct stir_certificate *certificate, unsigned key_usage)
{
    return !certificate->has_key_usage || (certificate->key_usage & key_usage) == key_usage;
}

const char *certificate_name(char room[CERTIFICATE_NAME_SIZE],
                             const struct stir_certificate *certificate, int depth)
{
    char number[16] = "";

    if (depth >= 0)
        snprintf(number, sizeof number, " %d", depth);
    if (certificate->label == NULL || certificate->label[0] == '\0')
        snprintf(room, CERTIFICATE_NAME_SIZE, "certificate%s", number);
    else
        snprintf(room, CERTIFICATE_NAME_SIZE, "certificate%s \"%s\"", number,
                 certificate->label);
    return room;
}

int certificate_fault(const struct stir_certificate *certificate, int depth,
                      struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate->fault.code == 0)
        return 0;
    return error_set_at(error, certificate->fault.code, depth, "%s: %s",
                        certificate_name(name, certificate, depth), certificate->fault.text);
}
