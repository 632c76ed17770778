/*
 * Chains bent at random, for comparison with another validator: from a number always the same
 * bends. (Keys and signatures differ from run to run.)
 */
#ifndef STIR_TESTS_BEND_H
#define STIR_TESTS_BEND_H

#include "tests/mint.h"

enum { BEND_LENGTH = 6, BEND_LIST = 16, BEND_ANCHORS = 4, BEND_MOST = 3 };

struct bend; /* one kind of change, by its name in bend.c */

struct bent {
    uint64_t random;
    struct mint specs[BEND_LENGTH]; /* the signer first, a root last */
    size_t n;
    const struct minted *made[BEND_LENGTH];
    const struct minted *list[BEND_LIST]; /* without the root */
    size_t n_list;
    const struct minted *anchors[BEND_ANCHORS];
    size_t n_anchors;
    const struct bend *bends[BEND_MOST];
    size_t n_bends;
};

/* One to BEND_MOST bends. */
void bend_some(struct bent *bent, uint64_t number);
/* Those of these names; NULL ends them. */
void bend_by(struct bent *bent, const char *const names[BEND_MOST], uint64_t number);
/* "no_akid, expired": valid until the next call. */
const char *bend_names(const struct bent *bent);
bool bend_has_all(const struct bent *bent, const char *const names[BEND_MOST]);

#endif
