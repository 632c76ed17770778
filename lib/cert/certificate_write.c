/* Writing certificates. */
#include "cert/certificate_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cert/tnauthlist.h"
#include "crypto/digest.h"

enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };
/* 1950-01-01 and 2050-01-01: between them a year has two digits (RFC 5280 section 4.1.2.5). */
static const int64_t utc_first = -631152000, utc_end = 2524608000;
/* 0000-01-01 and 10000-01-01. */
static const int64_t year_zero = -62167219200, year_10000 = 253402300800;

#define OID_OF(...)                                                                            \
    {                                                                                          \
        .oid = (const uint8_t[]){__VA_ARGS__}, .len = sizeof((const uint8_t[]){__VA_ARGS__})   \
    }

struct oid {
    const uint8_t *oid;
    size_t len;
};

static const struct oid basic_constraints = OID_OF(0x55, 0x1D, 0x13);
static const struct oid key_usage = OID_OF(0x55, 0x1D, 0x0F);
static const struct oid subject_key_id = OID_OF(0x55, 0x1D, 0x0E);
static const struct oid authority_key_id = OID_OF(0x55, 0x1D, 0x23);
static const struct oid certificate_policies = OID_OF(0x55, 0x1D, 0x20);
static const struct oid crl_distribution_points = OID_OF(0x55, 0x1D, 0x1F);
static const struct oid authority_info_access = OID_OF(0x2B, 6, 1, 5, 5, 7, 1, 1);
static const struct oid stir_tn_list = OID_OF(0x2B, 6, 1, 5, 5, 7, 48, 14);
static const struct oid tn_auth_list = OID_OF(0x2B, 6, 1, 5, 5, 7, 1, 26);
static const struct oid claim_constraints = OID_OF(0x2B, 6, 1, 5, 5, 7, 1, 27);
static const struct oid enhanced_constraints = OID_OF(0x2B, 6, 1, 5, 5, 7, 1, 33);

static const struct oid ecdsa_sha256 = OID_OF(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2);
static const struct oid ecdsa_sha384 = OID_OF(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3);
static const struct oid ecdsa_sha512 = OID_OF(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 4);
static const struct oid rsa_sha256 = OID_OF(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11);

enum signature_kind certificate_signature_by(enum key_kind kind)
{
    switch (kind) {
    case KEY_P256:
        return SIGNATURE_ECDSA_SHA256;
    case KEY_P384:
        return SIGNATURE_ECDSA_SHA384;
    case KEY_P521:
        return SIGNATURE_ECDSA_SHA512;
    case KEY_RSA:
        return SIGNATURE_RSA_SHA256;
    case KEY_UNSUPPORTED:
        break;
    }
    return SIGNATURE_UNSUPPORTED;
}

int certificate_key_id(struct der spki, uint8_t id[KEY_ID_SIZE])
{
    struct der_element info, algorithm, bits;

    if (der_only(spki, DER_SEQUENCE, &info) < 0
        || der_take(&info.content, DER_SEQUENCE, &algorithm) < 0
        || der_only(info.content, DER_BIT_STRING, &bits) < 0 || bits.content.len < 2)
        return STIR_E_SYNTAX;
    return digest_sha1(bits.content.data + 1, bits.content.len - 1, id);
}

static void write_whole(struct der_writer *writer, struct der whole)
{
    struct der left = whole;
    struct der_element element;

    if (der_next(&left, &element) < 0)
        writer->failed = true;
    else
        der_write(writer, element.tag, element.content.data, element.content.len);
}

/* ECDSA without parameters, RSA with NULL (R5280-4.1-1). */
static void write_algorithm(struct der_writer *writer, enum signature_kind kind)
{
    const struct oid *oid = kind == SIGNATURE_ECDSA_SHA256   ? &ecdsa_sha256
                            : kind == SIGNATURE_ECDSA_SHA384 ? &ecdsa_sha384
                            : kind == SIGNATURE_ECDSA_SHA512 ? &ecdsa_sha512
                                                             : &rsa_sha256;
    size_t from = writer->len;

    der_write(writer, DER_OID, oid->oid, oid->len);
    if (oid == &rsa_sha256)
        der_write(writer, DER_NULL, NULL, 0);
    der_wrap(writer, DER_SEQUENCE, from);
}

/* "2026-11-22T01:02:03Z" without its punctuation, and without its century in a UTCTime. */
static void write_time(struct der_writer *writer, int64_t time)
{
    bool utc = time >= utc_first && time < utc_end;
    char text[CLOCK_TEXT_SIZE], plain[CLOCK_TEXT_SIZE];
    size_t n = 0;

    clock_text(text, time);
    for (const char *p = text + (utc ? 2 : 0); *p != '\0'; p++)
        if (*p != '-' && *p != ':' && *p != 'T')
            plain[n++] = *p;
    der_write(writer, utc ? UTC_TIME : GENERALIZED_TIME, plain, n);
}

static void write_validity(struct der_writer *writer, const struct certificate_draft *draft)
{
    size_t from = writer->len;

    write_time(writer, draft->not_before);
    write_time(writer, draft->not_after);
    der_wrap(writer, DER_SEQUENCE, from);
}

/* What was written since value_from becomes the extnValue of an extension. */
static void wrap_extension(struct der_writer *writer, const struct oid *oid, bool critical,
                           struct der_writer *value)
{
    static const uint8_t yes = 0xFF;
    size_t from = writer->len;

    der_write(writer, DER_OID, oid->oid, oid->len);
    if (critical)
        der_write(writer, DER_BOOLEAN, &yes, 1);
    der_write(writer, DER_OCTET_STRING, value->data, value->len);
    der_wrap(writer, DER_SEQUENCE, from);
    writer->failed |= value->failed;
    der_writer_free(value);
}

/* cA FALSE is the default, and so not written. R5280-4.2.1.9 */
static void write_basic_constraints(struct der_writer *writer,
                                    const struct certificate_draft *draft)
{
    static const uint8_t yes = 0xFF;
    struct der_writer value = {0};

    if (draft->ca)
        der_write(&value, DER_BOOLEAN, &yes, 1);
    if (draft->path_length >= 0)
        der_write_unsigned(&value, (uint64_t)draft->path_length);
    der_wrap(&value, DER_SEQUENCE, 0);
    wrap_extension(writer, &basic_constraints, true, &value);
}

/* Bits: keyCertSign is 5 and cRLSign 6, digitalSignature is 0. R5280-4.2.1.3, A80-5 */
static void write_key_usage(struct der_writer *writer, bool ca)
{
    static const uint8_t of_ca[] = {1, 0x06}, of_end_entity[] = {7, 0x80};
    struct der_writer value = {0};

    der_write(&value, DER_BIT_STRING, ca ? of_ca : of_end_entity, 2);
    wrap_extension(writer, &key_usage, true, &value);
}

static int write_key_ids(struct der_writer *writer, const struct certificate_draft *draft)
{
    struct der_writer value = {0};
    uint8_t id[KEY_ID_SIZE];
    int rc = certificate_key_id(draft->spki, id);

    if (rc < 0)
        return rc;
    der_write(&value, DER_OCTET_STRING, id, sizeof id);
    wrap_extension(writer, &subject_key_id, false, &value);
    if (draft->akid.data == NULL)
        return 0;
    der_write(&value, DER_CONTEXT_PRIMITIVE(0), draft->akid.data, draft->akid.len);
    der_wrap(&value, DER_SEQUENCE, 0);
    wrap_extension(writer, &authority_key_id, false, &value);
    return 0;
}

static void write_encoded(struct der_writer *writer, const struct oid *oid, void *encoded,
                          size_t len)
{
    struct der_writer value = {0};

    write_whole(&value, (struct der){encoded, len});
    free(encoded);
    wrap_extension(writer, oid, false, &value);
}

/* Not critical (A80-8). */
static void write_policies(struct der_writer *writer, struct der policies)
{
    struct der_writer value = {0};
    struct der_element policy;

    while (policies.len > 0 && der_next(&policies, &policy) == 0)
        der_write(&value, DER_SEQUENCE, policy.content.data, policy.content.len);
    der_wrap(&value, DER_SEQUENCE, 0);
    wrap_extension(writer, &certificate_policies, false, &value);
}

/* One DistributionPoint: [0] { [0] fullName { [6] URI } }, [2] cRLIssuer { [4] Name }. Not
   critical (RFC 5280 section 4.2.1.13). A80-9 */
static void write_crl_point(struct der_writer *writer, const struct certificate_draft *draft)
{
    struct der_writer value = {0};

    if (draft->crl_url != NULL) {
        der_write(&value, DER_CONTEXT_PRIMITIVE(6), draft->crl_url, strlen(draft->crl_url));
        der_wrap(&value, DER_CONTEXT(0), 0);
        der_wrap(&value, DER_CONTEXT(0), 0);
    }
    if (draft->crl_issuer.data != NULL) {
        size_t from = value.len;
        write_whole(&value, draft->crl_issuer);
        der_wrap(&value, DER_CONTEXT(4), from);
        der_wrap(&value, DER_CONTEXT(2), from);
    }
    der_wrap(&value, DER_SEQUENCE, 0);
    der_wrap(&value, DER_SEQUENCE, 0);
    wrap_extension(writer, &crl_distribution_points, false, &value);
}

/* Not critical (RFC 5280 section 4.2.2.1). R8226-10.1-1 */
static void write_list_url(struct der_writer *writer, const char *url)
{
    struct der_writer value = {0};

    der_write(&value, DER_OID, stir_tn_list.oid, stir_tn_list.len);
    der_write(&value, DER_CONTEXT_PRIMITIVE(6), url, strlen(url));
    der_wrap(&value, DER_SEQUENCE, 0);
    der_wrap(&value, DER_SEQUENCE, 0);
    wrap_extension(writer, &authority_info_access, false, &value);
}

/* Not critical, both: R8226-9-1, R8226-8-1, R9118-3-1. */
static int write_stir(struct der_writer *writer, const struct certificate_draft *draft,
                      struct stir_error *error)
{
    const struct claim_constraints *constraints = draft->constraints;
    void *encoded;
    size_t len;

    if (draft->scope != NULL && !scope_is_empty(draft->scope)) {
        encoded = tnauthlist_encode(draft->scope, &len, error);
        if (encoded == NULL)
            return STIR_E_NOMEM;
        write_encoded(writer, &tn_auth_list, encoded, len);
    }
    if (constraints != NULL && constraints->present) {
        encoded = claim_constraints_encode(constraints, &len, error);
        if (encoded == NULL)
            return STIR_E_NOMEM;
        write_encoded(writer,
                      constraints->must_exclude.n > 0 ? &enhanced_constraints
                                                      : &claim_constraints,
                      encoded, len);
    }
    return 0;
}

static int write_extensions(struct der_writer *writer, const struct certificate_draft *draft,
                            struct stir_error *error)
{
    size_t from = writer->len;
    int rc;

    write_basic_constraints(writer, draft);
    write_key_usage(writer, draft->ca);
    rc = write_key_ids(writer, draft);
    if (rc < 0)
        return error_set(error, rc, "certificate: no key identifier of the subject's key");
    if (draft->policies.len > 0)
        write_policies(writer, draft->policies);
    if (draft->crl_url != NULL || draft->crl_issuer.data != NULL)
        write_crl_point(writer, draft);
    if (draft->tnauthlist_url != NULL)
        write_list_url(writer, draft->tnauthlist_url);
    rc = write_stir(writer, draft, error);
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, DER_CONTEXT(3), from);
    return rc;
}

/* TBSCertificate, in the order of RFC 5280 section 4.1. */
static int write_tbs(const struct certificate_draft *draft, enum signature_kind kind,
                     struct der_writer *writer, struct stir_error *error)
{
    size_t from = writer->len;
    int rc;

    if (draft->not_before < year_zero || draft->not_before >= year_10000
        || draft->not_after < year_zero || draft->not_after >= year_10000)
        return error_set(error, STIR_E_ARGUMENT,
                         "certificate: a validity of years 0 to 9999 is all that X.509 can say "
                         "(RFC 5280 section 4.1.2.5)");
    der_write_unsigned(writer, 2); /* v3 */
    der_wrap(writer, DER_CONTEXT(0), from);
    der_write(writer, DER_INTEGER, draft->serial.data, draft->serial.len);
    write_algorithm(writer, kind);
    write_whole(writer, draft->issuer);
    write_validity(writer, draft);
    write_whole(writer, draft->subject);
    write_whole(writer, draft->spki);
    rc = write_extensions(writer, draft, error);
    der_wrap(writer, DER_SEQUENCE, from);
    return rc;
}

/* A BIT STRING starts with how many bits of its last octet are unused: none. */
static void write_signature(struct der_writer *writer, const void *signature, size_t len)
{
    uint8_t *bits = malloc(len + 1);

    if (bits == NULL) {
        writer->failed = true;
        return;
    }
    bits[0] = 0;
    memcpy(bits + 1, signature, len);
    der_write(writer, DER_BIT_STRING, bits, len + 1);
    free(bits);
}

/* Makes a Certificate of the TBSCertificate in writer. */
static int finish(struct der_writer *writer, enum signature_kind kind, const void *signature,
                  size_t signature_len, void **der, size_t *len, struct stir_error *error)
{
    write_algorithm(writer, kind);
    write_signature(writer, signature, signature_len);
    der_wrap(writer, DER_SEQUENCE, 0);
    *der = der_writer_take(writer, len);
    return *der == NULL ? error_no_memory(error) : 0;
}

int certificate_write(const struct certificate_draft *draft, const struct stir_key *key,
                      void **der, size_t *len, struct stir_error *error)
{
    enum signature_kind kind = certificate_signature_by(key_kind(key)), made;
    struct der_writer writer = {0};
    void *signature = NULL;
    size_t signature_len = 0;
    int rc;

    *der = NULL;
    if (kind == SIGNATURE_UNSUPPORTED)
        return error_set(error, STIR_E_ARGUMENT, "issuer: its key signs no certificates");
    rc = write_tbs(draft, kind, &writer, error);
    if (rc == 0 && writer.failed)
        rc = error_no_memory(error);
    if (rc == 0)
        rc = key_sign_certificate(key, writer.data, writer.len, &made, &signature,
                                  &signature_len, error);
    if (rc == 0 && made != kind)
        rc = error_set(error, STIR_E_INTERNAL,
                       "issuer: signed with another algorithm than "
                       "the certificate names");
    if (rc == 0)
        rc = finish(&writer, kind, signature, signature_len, der, len, error);
    free(signature);
    der_writer_free(&writer);
    return rc;
}

int certificate_write_unsigned(const struct certificate_draft *draft, enum signature_kind kind,
                               void **der, size_t *len, struct stir_error *error)
{
    /* An ECDSA-Sig-Value of r = s = 1, so that readers find the form they expect. */
    static const uint8_t none[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01};
    struct der_writer writer = {0};
    int rc = write_tbs(draft, kind, &writer, error);

    *der = NULL;
    if (rc == 0 && writer.failed)
        rc = error_no_memory(error);
    if (rc == 0)
        rc = finish(&writer, kind, none, sizeof none, der, len, error);
    der_writer_free(&writer);
    return rc;
}
