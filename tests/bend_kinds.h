/* What the bends of tests/bend.h are made of. */
#ifndef STIR_TESTS_BEND_KINDS_H
#define STIR_TESTS_BEND_KINDS_H

#include "tests/bend.h"

/* One kind of change: to the specs of certificates before they are made, or to the list and the
   anchors after. */
struct bend {
    const char *name;
    void (*change)(struct bent *bent);
    bool of_list;
};

/* A change that needs a line or two. */
#define BEND(name, statements)                                                                 \
    static void name(struct bent *bent)                                                        \
    {                                                                                          \
        statements;                                                                            \
    }

enum { BENDS_OF_SPECS = 52, BENDS_OF_LISTS = 13 };
extern const struct bend bends_of_specs[BENDS_OF_SPECS];
extern const struct bend bends_of_lists[BENDS_OF_LISTS];

/* By chance: less than n; a certificate; one that has an issuer; one that has issued. */
size_t bend_below(struct bent *bent, size_t n);
struct mint *bend_any(struct bent *bent);
size_t bend_child(struct bent *bent);
size_t bend_authority(struct bent *bent);

#endif
