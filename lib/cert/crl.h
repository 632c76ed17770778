/*
 * One certificate revocation list (RFC 5280 section 5), read once and then immutable.
 *
 * It is walked, never built: GnuTLS takes 17 s and 844 MB for a list of a million entries, and
 * verifies one with a critical extension that it does not know. What is kept of the octets is a
 * sorted index of entries and the digest that the signature is over. What makes a list unusable
 * is its fault: such a list is held all the same, because it says that there is a status that
 * could not be found out.
 */
#ifndef STIR_CERT_CRL_H
#define STIR_CERT_CRL_H

#include <stdatomic.h>

#include "base/der.h"
#include "base/error.h"
#include "cert/certificate.h"
#include "cert/crl_entries.h"

/* What an IssuingDistributionPoint says a list is about (RFC 5280 section 5.2.5). */
struct crl_scope {
    bool indirect, users_only, cas_only, attributes_only;
    unsigned reasons; /* bits by ReasonFlags' numbers; 0: all */
    struct der names; /* the content of its DistributionPointName's choice; data NULL: none */
    bool relative;    /* that choice is nameRelativeToCRLIssuer */
};

enum { CRL_REASONS_ALL = 0x1FE }; /* keyCompromise (1) to aACompromise (8) */

struct crl_verdict; /* crl_signature.c's: a key, and whether it signed the list */

struct crl {
    atomic_uint references_held;
    struct stir_error fault; /* code 0: none. The sentence lacks its subject */
    char *source;            /* a file or URL, shown form; "" where it was data */
    char *issuer_text;       /* RFC 4514, shown form */

    struct der head; /* the list's own copy of all that the following point into */
    struct der issuer, akid, signature, idp;
    struct der number;  /* cRLNumber, without sign octet; data NULL: none */
    struct der unknown; /* the OID of the first critical extension that is not known */
    int64_t this_update, next_update;
    bool has_next_update;
    struct crl_scope scope;
    struct crl_entries entries;
    struct crl_flaws flaws;

    enum signature_kind signature_kind;
    unsigned salt;                       /* of RSA-PSS */
    uint8_t digest[DIGEST_LARGEST_SIZE]; /* of TBSCertList, by signature_kind's hash */
    _Atomic(struct crl_verdict *) verdicts[8];
};

/* Reads a list in DER, of which nothing is kept. 0 also where it has a fault; STIR_E_SYNTAX: it
   is none by RFC 5280 section 5.1, which includes an entry that cannot be read; STIR_E_LIMIT,
   STIR_E_NOMEM. */
int crl_new(struct der der, const char *source, struct crl **crl, struct stir_error *error);
/* The same in steps, so that a list of a million entries does not hold up a loop: its octets stay
   until the end. NULL: out of memory. */
struct crl_reader;
struct crl_reader *crl_reader_new(struct der der, const char *source);
/* 1: there is more to do than that budget (base/budget.h), which is spent; 0: it is read;
   negative as above, and then nothing comes of it. */
int crl_reader_step(struct crl_reader *reader, size_t *budget, struct stir_error *error);
/* The list, when it is read. */
struct crl *crl_reader_take(struct crl_reader *reader);
void crl_reader_free(struct crl_reader *reader); /* NULL is fine */
struct crl *crl_ref(const struct crl *crl);
void crl_free(struct crl *crl); /* one reference; NULL is fine */

/* Is the list signed by this certificate's key, and is that its business (name, key identifier,
   cRLSign)? 1, 0, or negative. Checked once for a key, whoever asks. */
int crl_is_signed_by(const struct crl *crl, const struct stir_certificate *certificate);

/* Of two lists that say the same kind of thing (issuer, key identifier, scope): which is the newer
   one, by number or else by thisUpdate? > 0: the first; 0: neither. */
bool crl_same_series(const struct crl *a, const struct crl *b);
int crl_compare_age(const struct crl *a, const struct crl *b);

/* Is the certificate among those that the list is about, by its scope? Of an indirect one that
   is trusted for all, names are not asked: by_issuer false. */
bool crl_is_about(const struct crl *crl, const struct stir_certificate *certificate,
                  bool by_issuer);

/* `the revocation list of "CN=STI-PA CRL,O=..." (number 17)`, cut to fit. Returns room. */
enum { CRL_NAME_SIZE = 120 };
const char *crl_name(char room[CRL_NAME_SIZE], const struct crl *crl);
/* The number in decimal, or in hexadecimal after 0x where it is larger than 64 bits; "" where
   there is none. */
enum { CRL_NUMBER_SIZE = 48 };
const char *crl_number(char room[CRL_NUMBER_SIZE], const struct crl *crl);

#endif
