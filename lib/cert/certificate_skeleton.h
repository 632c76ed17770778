/*
 * What a certificate's octets are made of, before anybody asks what they mean: the fields of
 * TBSCertificate, its extensions, both AlgorithmIdentifiers. Everything points into the octets.
 */
#ifndef STIR_CERT_CERTIFICATE_SKELETON_H
#define STIR_CERT_CERTIFICATE_SKELETON_H

#include "base/der.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/oid.h"
#include "crypto/key.h"

struct extension {
    struct der oid; /* content of the OBJECT IDENTIFIER */
    bool critical;
    struct der value;
};

struct skeleton {
    struct der tbs, serial, issuer, subject, spki, signature;
    int64_t not_before, not_after;
    struct der algorithm; /* the content of the AlgorithmIdentifier, which is both */
    struct extension extensions[LIMIT_EXTENSIONS];
    size_t n_extensions;
};

/* 0, or STIR_CODE_CERT_SYNTAX: RFC 5280 section 4.1 does not know it so. R5280-4.1-1, -2. */
int skeleton_read(struct der der, struct skeleton *skeleton, struct stir_error *error);
/* The next Extension; 0 or -1. */
int skeleton_take_extension(struct der *left, struct extension *extension);
/* The next Name, within LIMIT_NAME: 0, or STIR_CODE_CERT_SYNTAX, whose sentence says which. */
int skeleton_take_name(struct der *left, const char *which, struct der *name,
                       struct stir_error *error);
/* The first extension of this OID; NULL: there is none. */
const struct extension *skeleton_extension(const struct skeleton *skeleton, struct der oid);
/* How many elements a list has; limit + 1 where there are more, or where it is no DER. */
size_t skeleton_count(struct der list, size_t limit);
/* 0, or STIR_CODE_CERT_DUPLICATE_EXTENSION. R5280-4.2-1. */
int skeleton_check_duplicates(const struct skeleton *skeleton, struct stir_error *error);

/* What an AlgorithmIdentifier says besides. */
struct signature_details {
    bool null_parameters; /* ECDSA with NULL where RFC 5758 wants nothing */
    unsigned salt;        /* octets, of RSA-PSS */
};
/* What an AlgorithmIdentifier's content says it is signed with. */
enum signature_kind signature_kind_of(struct der algorithm, struct signature_details *details);
/* "ECDSA with SHA-256". */
const char *signature_kind_name(enum signature_kind kind);

/* Extensions, as the contents of their OIDs. */
extern const struct der oid_subject_key_identifier, oid_key_usage, oid_subject_alt_name,
    oid_basic_constraints, oid_crl_distribution_points, oid_certificate_policies,
    oid_authority_key_identifier, oid_ext_key_usage, oid_authority_info_access, oid_tnauthlist,
    oid_claim_constraints, oid_enhanced_claim_constraints;

#endif
