/* What certificates are signed with: AlgorithmIdentifiers of ECDSA (RFC 5758), RSA (RFC 4055). */
#include "cert/certificate_skeleton.h"

/* 1.2.840.10045.4.3.n and 1.2.840.113549.1.1.n, whose n is the last octet. */
static const uint8_t ecdsa_with[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03};
static const uint8_t pkcs1[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01};
/* 2.16.840.1.101.3.4.2.n */
static const uint8_t nist_hash[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};

enum { RSA_MGF1 = 8, RSA_PSS = 10 };

/* The last arc of an OID that begins so; 0: it does not. */
static int last_arc(struct der oid, const uint8_t *start, size_t len)
{
    if (oid.len != len + 1 || !der_equal((struct der){oid.data, len}, (struct der){start, len}))
        return 0;
    return oid.data[len] < 0x80 ? oid.data[len] : 0;
}

static bool is_null(struct der parameters)
{
    return parameters.len == 2 && parameters.data[0] == DER_NULL && parameters.data[1] == 0;
}

/* 1, 2 or 3 of SHA-256, SHA-384, SHA-512 by its AlgorithmIdentifier; 0: another. */
static int hash_of(struct der algorithm)
{
    struct der_element sequence, oid;

    if (der_only(algorithm, DER_SEQUENCE, &sequence) < 0
        || der_take(&sequence.content, DER_OID, &oid) < 0
        || (sequence.content.len > 0 && !is_null(sequence.content)))
        return 0;
    int hash = last_arc(oid.content, nist_hash, sizeof nist_hash);
    return hash <= 3 ? hash : 0;
}

/* Is it MGF1 with that hash? */
static bool is_mgf1(struct der algorithm, int hash)
{
    struct der_element sequence, oid;

    return der_only(algorithm, DER_SEQUENCE, &sequence) == 0
           && der_take(&sequence.content, DER_OID, &oid) == 0
           && last_arc(oid.content, pkcs1, sizeof pkcs1) == RSA_MGF1
           && hash_of(sequence.content) == hash;
}

/* saltLength, which RFC 4055 leaves to the signer; absent it is 20. -1: it is none. */
static int take_salt(struct der *left, unsigned *salt)
{
    enum { USUAL = 20, LARGEST = LIMIT_RSA_BITS_MOST / 8 };
    struct der_element outer, number;
    bool present, too_large;
    uint64_t value;

    *salt = USUAL;
    if (der_take_optional(left, DER_CONTEXT(2), &outer, &present) < 0)
        return -1;
    if (!present)
        return 0;
    if (der_only(outer.content, DER_INTEGER, &number) < 0
        || der_unsigned(number.content, &value, &too_large) < 0 || value > LARGEST)
        return -1;
    *salt = (unsigned)value;
    return 0;
}

/* trailerField: 1, said or not. */
static bool is_trailer(struct der left)
{
    struct der_element outer, number;

    if (left.len == 0)
        return true;
    return der_only(left, DER_CONTEXT(3), &outer) == 0
           && der_only(outer.content, DER_INTEGER, &number) == 0 && number.content.len == 1
           && number.content.data[0] == 1;
}

/* RSASSA-PSS-params with one hash throughout (RFC 4055 section 3.1). 1, 2, 3, or 0: others, of
   which the defaults mean SHA-1. */
static int pss_hash(struct der parameters, unsigned *salt)
{
    struct der_element sequence, hash, mgf;

    if (der_only(parameters, DER_SEQUENCE, &sequence) < 0
        || der_take(&sequence.content, DER_CONTEXT(0), &hash) < 0
        || der_take(&sequence.content, DER_CONTEXT(1), &mgf) < 0
        || take_salt(&sequence.content, salt) < 0 || !is_trailer(sequence.content))
        return 0;
    int found = hash_of(hash.content);
    return found != 0 && is_mgf1(mgf.content, found) ? found : 0;
}

enum signature_kind signature_kind_of(struct der algorithm, struct signature_details *details)
{
    static const enum signature_kind ecdsa[] = {
        [2] = SIGNATURE_ECDSA_SHA256, SIGNATURE_ECDSA_SHA384, SIGNATURE_ECDSA_SHA512};
    static const enum signature_kind rsa[] = {
        [11] = SIGNATURE_RSA_SHA256, SIGNATURE_RSA_SHA384, SIGNATURE_RSA_SHA512};
    static const enum signature_kind pss[] = {SIGNATURE_UNSUPPORTED, SIGNATURE_RSA_PSS_SHA256,
                                              SIGNATURE_RSA_PSS_SHA384,
                                              SIGNATURE_RSA_PSS_SHA512};
    struct der_element oid;

    *details = (struct signature_details){false, 0};
    if (der_take(&algorithm, DER_OID, &oid) < 0)
        return SIGNATURE_UNSUPPORTED;
    int arc = last_arc(oid.content, pkcs1, sizeof pkcs1);
    if (arc == RSA_PSS)
        return pss[pss_hash(algorithm, &details->salt)];
    if (algorithm.len > 0 && !is_null(algorithm))
        return SIGNATURE_UNSUPPORTED;
    if (arc >= 11 && arc <= 13) /* RFC 4055 section 5: NULL, but absent is to be taken, too */
        return rsa[arc];
    arc = last_arc(oid.content, ecdsa_with, sizeof ecdsa_with);
    if (arc < 2 || arc > 4)
        return SIGNATURE_UNSUPPORTED;
    details->null_parameters = algorithm.len > 0;
    return ecdsa[arc];
}

const char *signature_kind_name(enum signature_kind kind)
{
    static const char *const names[] = {
        [SIGNATURE_UNSUPPORTED] = "unsupported",
        [SIGNATURE_ECDSA_SHA256] = "ECDSA with SHA-256",
        [SIGNATURE_ECDSA_SHA384] = "ECDSA with SHA-384",
        [SIGNATURE_ECDSA_SHA512] = "ECDSA with SHA-512",
        [SIGNATURE_RSA_SHA256] = "RSA with SHA-256",
        [SIGNATURE_RSA_SHA384] = "RSA with SHA-384",
        [SIGNATURE_RSA_SHA512] = "RSA with SHA-512",
        [SIGNATURE_RSA_PSS_SHA256] = "RSA-PSS with SHA-256",
        [SIGNATURE_RSA_PSS_SHA384] = "RSA-PSS with SHA-384",
        [SIGNATURE_RSA_PSS_SHA512] = "RSA-PSS with SHA-512",
    };

    return names[kind];
}
