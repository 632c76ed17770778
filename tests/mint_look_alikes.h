/*
 * Lists that make whoever builds their path check many signatures: a leaf and up to nine issuers,
 * all of one name and one key identifier, so that nothing but a signature tells them apart.
 *
 *     struct mint leaf = mint_delegate;
 *     const struct mint_look_alikes attack = {
 *         .leaf = &leaf, .kind = MINT_P521, .n = 9, .keys = MINT_CIRCLE};
 *     const char *pem = mint_look_alikes(&attack);
 *
 * is the worst there is: every issuer was signed by the next, the last by the first, and 32 checks
 * find no end. The leaf's own key signs tokens as ever: mint_token(..., "delegate").
 */
#ifndef STIR_TESTS_MINT_LOOK_ALIKES_H
#define STIR_TESTS_MINT_LOOK_ALIKES_H

#include "tests/mint.h"

enum mint_look_alike_keys {
    MINT_STRANGERS, /* one each, and none of them, but the last one's where there is an anchor,
                       signed the leaf: n checks */
    MINT_ONE_KEY,   /* the same, and each may have issued each: 1 + n checks that succeed */
    MINT_CIRCLE     /* one each, and each is signed by the next: LIMIT_SIGNATURE_CHECKS */
};

struct mint_look_alikes {
    const struct mint *leaf; /* its akid is theirs, and its key must be on P-256 */
    enum mint_kind kind;     /* of the issuers' keys */
    size_t n;                /* issuers: a list has room for nine */
    enum mint_look_alike_keys keys;
    const struct mint *anchor; /* issued the last of them; NULL: they lead nowhere */
    const char *subject;       /* NULL: "look-alike"; as struct mint has it */
    const char *issuer_name;   /* how those below spell it; NULL: the same way */
    size_t ending;             /* so many, the first, are valid until MINT_NOW - 1 */
    size_t padding;            /* octets of an extension that nobody knows, in each certificate;
                                  10 * 70,000 make PEM of nearly LIMIT_PEM_LIST */
};

/* The leaf first: PEM, borrowed as all of the mint's. */
const char *mint_look_alikes(const struct mint_look_alikes *list);

#endif
