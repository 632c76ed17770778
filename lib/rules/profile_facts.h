/* What the rules of profiles ask of a certificate: what is not in its struct is walked here, and
   nothing is built. */
#ifndef STIR_RULES_PROFILE_FACTS_H
#define STIR_RULES_PROFILE_FACTS_H

#include "cert/certificate.h"
#include "cert/certificate_skeleton.h"

struct profile_facts {
    const struct stir_certificate *certificate;
    unsigned position; /* one POSITION_ of profile.h */
    struct skeleton skeleton;
};

/* False: the certificate cannot be walked (its fault is cert-syntax). */
bool profile_facts_of(struct profile_facts *facts, const struct stir_certificate *certificate,
                      unsigned position);

/* NULL: it has none. */
const struct extension *facts_extension(const struct profile_facts *facts, struct der oid);
bool facts_is_critical(const struct profile_facts *facts, struct der oid);

/* ---- Names ---- */

/* id-at: what the last octet of 2.5.4.n says. */
enum { NAME_COMMON_NAME = 3, NAME_SERIAL_NUMBER = 5, NAME_COUNTRY = 6, NAME_ORGANIZATION = 10 };

/* How many attributes of that type a Name has. */
size_t facts_name_count(struct der name, uint8_t type);
/* The octets of the first one's string; data NULL: there is none. */
struct der facts_name_first(struct der name, uint8_t type);
/* Do they stand in it as words of their own, in any case? */
bool facts_has_words(struct der text, const char *words);
/* Do these words stand in it, and behind them such that make holds() true, up to the end of one? */
enum { FACTS_WORDS_SIZE = 64 }; /* more is not looked at */
bool facts_has_words_then(struct der text, const char *words,
                          bool (*holds)(const void *arg, const char *then), const void *arg);

/* ---- Extensions ---- */

/* The number of bits of the serial number. */
unsigned facts_serial_bits(const struct profile_facts *facts);
/* Is keyUsage DER: no trailing zero bit (X.690 11.2.2)? True where it is absent. */
bool facts_key_usage_is_der(const struct profile_facts *facts);
/* SHA-1 of the key's bits (RFC 5280 section 4.2.1.2, method 1)? False where there is none. */
bool facts_skid_is_sha1(const struct profile_facts *facts);
/* How many policies there are; *first is the first one's OID. */
size_t facts_policies(const struct profile_facts *facts, struct der *first);

/* Does a policy stand there once only? True where there are none. */
bool facts_policies_differ(const struct profile_facts *facts);

struct facts_distribution {
    size_t n;         /* points; the rest is of the first */
    bool has_http;    /* a fullName with an http or https URI */
    bool has_issuer;  /* cRLIssuer */
    struct der uri;   /* data NULL: none */
    bool is_readable; /* all of it */
};
struct facts_distribution facts_distribution(const struct profile_facts *facts);

#endif
