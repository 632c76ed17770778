/* What mint.c and mint_key.c share: octets that grow, DER into them, memory until exit, keys. */
#ifndef STIR_TESTS_MINT_OCTETS_H
#define STIR_TESTS_MINT_OCTETS_H

#include <gnutls/abstract.h>

#include "tests/mint.h"

struct octets {
    uint8_t *data;
    size_t len, room;
};

enum {
    BOOLEAN = 0x01,
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    OCTET_STRING = 0x04,
    ASN1_NULL = 0x05,
    UTF8_STRING = 0x0C,
    PRINTABLE_STRING = 0x13,
    IA5_STRING = 0x16,
    UTC_TIME = 0x17,
    GENERALIZED_TIME = 0x18,
    SEQUENCE = 0x30,
    SET = 0x31
};

/* Memory that is never freed but stays reachable, so that no leak checker minds. */
void *keep(size_t size);
char *keep_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

void put(struct octets *to, const void *data, size_t len);
void put_hex(struct octets *to, const char *hex);
/* Tag, length, content. */
void put_der(struct octets *to, uint8_t tag, const void *content, size_t len);
void put_in(struct octets *to, uint8_t tag, struct octets content);
void put_text(struct octets *to, uint8_t tag, const char *text);
/* Dotted text. */
void put_oid(struct octets *to, const char *oid);

void put_octets(struct octets *to, struct octets more);
/* An INTEGER, or a tag in place of it. */
void put_unsigned(struct octets *to, uint8_t tag, uint64_t value);
struct octets mint_wrapped(uint8_t tag, struct octets content);
struct octets mint_unhex(const char *hex);
/* Calls each for every item of a comma-separated list. */
void mint_for_items(const char *list, struct octets *to,
                    void (*each)(struct octets *to, const char *item));

struct octets mint_name(const char *text);
/* Of a certificate: its name of the issuer, its SKID, its extensions. */
struct octets mint_issuer_name(const struct mint *spec, const struct mint *issuer);
struct octets mint_skid(const struct mint *spec);
struct octets mint_extensions(const struct mint *spec, const struct mint *issuer);

struct octets mint_subject(const struct mint *spec);
struct octets mint_serial(const struct mint *spec); /* the INTEGER's content */
/* UTCTime, or GeneralizedTime where it must be; raw instead: 13 characters are UTCTime. */
void mint_put_time(struct octets *to, int64_t time, const char *raw);
enum mint_algorithm mint_fitting(const struct mint *signer);
/* Of spec only ecdsa_null matters. */
struct octets mint_algorithm_identifier(const struct mint *spec, enum mint_algorithm which,
                                        const char *instead);
/* The BIT STRING: of spec only signing_key and corrupt matter. */
struct octets mint_signature(const struct mint *spec, const struct mint *signer,
                             enum mint_algorithm which, struct octets data);
/* One Extension. */
void mint_put_extension(struct octets *to, const char *oid, bool critical, struct octets value);

/* The key of that name and kind, made when first asked for. */
gnutls_privkey_t mint_private_key(const char *name, enum mint_kind kind);
struct octets mint_spki(const char *name, enum mint_kind kind);

#endif
