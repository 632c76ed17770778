/* Trust anchors: the certificates that paths may end at. Immutable once filled. */
#ifndef STIR_CERT_ANCHORS_H
#define STIR_CERT_ANCHORS_H

#include "base/error.h"
#include "base/text.h"
#include "cert/certificate.h"

/* Where an anchor is from, and until when it is one for that: INT64_MAX, or the end of a list. */
struct anchor_origin {
    int64_t until;
    char source[SHOWN_SIZE];
};

/* An anchor where it is looked for: in the order of names, then of keys, then as added. */
struct anchor_place {
    uint8_t name_sha256[32]; /* name_canonical_digest() of its subject */
    const struct stir_certificate *certificate;
    size_t i; /* which it is */
};

struct anchors {
    struct stir_certificate **certificates;
    struct anchor_origin *origins; /* one for each */
    struct anchor_place *places;   /* one for each, sorted */
    size_t n;
};

void anchors_free(struct anchors *anchors);
/*
 * Adds every certificate of a PEM bundle (text between blocks is skipped; one that is there
 * already is not added twice). STIR_E_SYNTAX: no CERTIFICATE block, or broken PEM; STIR_E_REFUSED
 * with the code in error where one of them has a fault or could never be an anchor (not a CA);
 * then nothing was added. An expired one is added: time is judged at validation.
 */
int anchors_add_pem(struct anchors *anchors, const void *pem, size_t len,
                    const struct es256_provider *provider, struct stir_error *error);
/* The same of an origin. One that is there already stays so for the longer of both times. */
int anchors_add_from(struct anchors *anchors, const struct anchor_origin *origin,
                     const void *pem, size_t len, const struct es256_provider *provider,
                     struct stir_error *error);
/* The same of certificates that sign trusted CA lists: any with a P-256 key. */
int anchors_add_list_signers(struct anchors *anchors, const void *pem, size_t len,
                             const struct es256_provider *provider, struct stir_error *error);
/* Adds what the other has: 0 or STIR_E_NOMEM, and then maybe a part. */
int anchors_add_all(struct anchors *anchors, const struct anchors *from);
/* The same of certificates that sign revocation lists: they need not be CAs. */
int anchors_add_crl_signers(struct anchors *anchors, const void *pem, size_t len,
                            const struct es256_provider *provider, struct stir_error *error);
/* A copy that shares the certificates. */
int anchors_copy(struct anchors *to, const struct anchors *from);
/* The first place of the anchors of a name, whatever the time; *n: how many there are. */
const struct anchor_place *anchors_named(const struct anchors *anchors,
                                         const uint8_t name_sha256[32], size_t *n);
/* The i-th anchor whose subject is this name and that is one at now; NULL: no more. */
const struct stir_certificate *anchors_by_subject(const struct anchors *anchors,
                                                  struct der subject, int64_t now, size_t i);
/* The anchor at now with this certificate's key and subject; NULL: none. */
const struct stir_certificate *anchors_same(const struct anchors *anchors,
                                            const struct stir_certificate *certificate,
                                            int64_t now);

#endif
