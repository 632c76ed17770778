/*
 * One X.509 certificate, read once and then immutable.
 *
 * The skeleton is walked by base/der (version, serial, both AlgorithmIdentifiers equal, times, one
 * extensions field, no extension twice, key identifiers, the STIR extensions), because GnuTLS
 * lets wrong ones pass or takes long over large ones; names, key, key usage, basic constraints
 * and alternative names are GnuTLS's, which is also asked whether it takes the whole for a
 * certificate. Its object (30 KB) is freed at once. What is wrong with a certificate is kept in
 * its fault, for a path to say; the certificate then holds what could be read all the same.
 */
#ifndef STIR_CERT_CERTIFICATE_H
#define STIR_CERT_CERTIFICATE_H

#include <stdatomic.h>

#include "base/der.h"
#include "base/error.h"
#include "base/warnings.h"
#include "cert/claim_constraints.h"
#include "crypto/key.h"
#include "number/scope.h"

enum {
    KEY_USAGE_DIGITAL_SIGNATURE = 1,
    KEY_USAGE_KEY_CERT_SIGN = 2,
    KEY_USAGE_CRL_SIGN = 4,
    KEY_USAGE_OTHER = 8
};

struct certificate_texts; /* certificate_text.c's */

struct stir_certificate {
    /* code 0: none. Positive: an enum stir_code. The sentence lacks its subject, which
       certificate_fault() puts before it. */
    struct stir_error fault;
    struct warnings warnings;
    bool anchor; /* a configured one: set by anchors_add_pem() alone */
    atomic_uint references_held;
    _Atomic(struct certificate_texts *) texts; /* made when first asked for */

    /* Octets, in der, which is the certificate's own copy. */
    struct der der, tbs, serial, issuer, subject, spki, signature;
    uint8_t sha256[32], spki_sha256[32];
    uint8_t tbs_digest[DIGEST_LARGEST_SIZE]; /* by the hash of signature_kind, which has one */

    char *label; /* its CN, or the whole subject: for sentences, shown form, cut */
    enum signature_kind signature_kind;
    unsigned salt; /* of an RSA-PSS signature */
    struct public_key *key;
    int64_t not_before, not_after;

    bool has_basic_constraints, ca;
    int path_length;       /* -1: no limit */
    bool has_key_usage;    /* without it, every use is permitted */
    unsigned key_usage;    /* KEY_USAGE_* */
    char *key_usage_text;  /* "digitalSignature, keyCertSign"; NULL without the extension */
    struct der skid, akid; /* keyIdentifiers; data NULL: absent */
    /* AKI's authorityCertIssuer and serial: data NULL where absent */
    struct der akid_issuer, akid_serial;

    struct der crl_points; /* cRLDistributionPoints; data NULL: absent */

    struct stir_scope *scope; /* TNAuthList by value; NULL: none */
    /* What its URL gave, and whose octets it has; NULL in all but what certificate_with_list()
       made. */
    struct stir_scope *fetched;
    struct stir_certificate *of;
    uint8_t fetched_sha256[32]; /* of its octets */
    char **references;          /* id-ad-stirTNList URLs */
    size_t n_references;
    bool has_alternative_names; /* subjectAltName, whatever is in it */
    char **dns_names, **uris;   /* of it */
    size_t n_dns_names, n_uris;
    char *common_name; /* NULL: none; shown form is label */
    struct claim_constraints constraints;
};

/*
 * Reads it; the octets are copied. *certificate is made even where fault.code is not 0. 0 or
 * STIR_E_NOMEM or STIR_E_INTERNAL. One reference; the other functions are safe in any thread.
 */
int certificate_new(const void *der, size_t len, const struct es256_provider *provider,
                    struct stir_certificate **certificate);
/* The same with octets that are taken over (malloc'd), also where it fails. */
int certificate_take(uint8_t *der, size_t len, const struct es256_provider *provider,
                     struct stir_certificate **certificate);
/* The same in steps, so that one with a long TNAuthList does not hold up a loop: der is taken over,
   also where it is NULL, out of memory. */
struct certificate_reader;
struct certificate_reader *certificate_reader_new(uint8_t *der, size_t len,
                                                  const struct es256_provider *provider);
/* Spends *budget (base/budget.h). 0: it is done; BUDGET_GONE: it is to be called again; otherwise
   as above, and nothing comes of it. */
int certificate_reader_step(struct certificate_reader *reader, size_t *budget);
/* The certificate, once, when it is done. */
struct stir_certificate *certificate_reader_take(struct certificate_reader *reader);
void certificate_reader_free(struct certificate_reader *reader); /* NULL is fine */
/* Another of the same octets, with the list that one of its references gave, which is taken over
   on success. Nothing is read again, and the other is held. 0 or STIR_E_NOMEM. */
int certificate_with_list(const struct stir_certificate *certificate,
                          struct stir_scope *fetched, const uint8_t fetched_sha256[32],
                          struct stir_certificate **with);
struct stir_certificate *certificate_ref(const struct stir_certificate *certificate);
void certificate_free(struct stir_certificate *certificate); /* one reference; NULL is fine */

/* By value or by reference. */
bool certificate_is_listed(const struct stir_certificate *certificate);
/* Same octets. */
bool certificate_equal(const struct stir_certificate *a, const struct stir_certificate *b);
bool certificate_is_self_issued(const struct stir_certificate *certificate);
/* May the key be used so? True where there is no key usage extension. */
bool certificate_may(const struct stir_certificate *certificate, unsigned key_usage);

/* Is its signature one by this key? 1, 0, or negative. */
int certificate_is_signed_by(const struct stir_certificate *certificate,
                             const struct public_key *key);

/* `certificate 0 "ACME delegate"` in room: how every sentence names one. depth -1: without. */
enum { CERTIFICATE_NAME_SIZE = 96 };
const char *certificate_name(char room[CERTIFICATE_NAME_SIZE],
                             const struct stir_certificate *certificate, int depth);

/* What is wrong with it as a whole sentence: error_set_at() with its code and this depth (-1:
   none), and `certificate 0 "ACME": ` before it. Returns the code; 0: nothing is wrong. */
int certificate_fault(const struct stir_certificate *certificate, int depth,
                      struct stir_error *error);

/* The public functions on it are in certificate_text.c. */

#endif
