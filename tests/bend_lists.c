/* The bends of lists and anchors. */
#include "tests/bend_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "tests/mint_octets.h"

static void insert(struct bent *bent, size_t at, const struct minted *made)
{
    if (bent->n_list >= BEND_LIST)
        abort();
    memmove(bent->list + at + 1, bent->list + at, (bent->n_list - at) * sizeof *bent->list);
    bent->list[at] = made;
    bent->n_list++;
}

static void insert_anywhere(struct bent *bent, const struct minted *made)
{
    insert(bent, 1 + bend_below(bent, bent->n_list), made);
}

/* The signer stays where it is: nothing else says which one it is. */
static void shuffled(struct bent *bent)
{
    for (size_t i = bent->n_list - 1; i > 1; i--) {
        size_t other = 1 + bend_below(bent, i);
        const struct minted *kept = bent->list[i];
        bent->list[i] = bent->list[other];
        bent->list[other] = kept;
    }
}

static void missing(struct bent *bent)
{
    if (bent->n_list < 2)
        return;
    size_t at = 1 + bend_below(bent, bent->n_list - 1);
    bent->n_list--;
    memmove(bent->list + at, bent->list + at + 1, (bent->n_list - at) * sizeof *bent->list);
}

BEND(listed_twice, insert_anywhere(bent, bent->list[bend_below(bent, bent->n_list)]))
BEND(root_listed, insert_anywhere(bent, bent->made[bent->n - 1]))

static const struct minted *stranger(struct bent *bent)
{
    return mint_make(&(struct mint){.subject = keep_text("Stranger %zu", bend_below(bent, 9))},
                     NULL);
}

BEND(stranger_listed, insert_anywhere(bent, stranger(bent)))
BEND(stranger_is_anchor, bent->anchors[0] = stranger(bent))
BEND(intermediate_is_anchor, bent->anchors[0] = bent->made[bend_authority(bent)])
BEND(signer_is_anchor, bent->anchors[0] = bent->made[0])
BEND(no_anchors, bent->n_anchors = 0)
BEND(two_anchors, {
    bent->anchors[1] = bent->anchors[0];
    bent->anchors[0] = stranger(bent);
    bent->n_anchors = 2;
})

/* Another certificate of an authority's name, with another key; with the same SKI or not. */
static void namesake(struct bent *bent)
{
    size_t i = bend_authority(bent);
    struct mint spec = bent->specs[i];

    spec.key = "namesake";
    if (bend_below(bent, 2) == 0 && (spec.skid == NULL || spec.skid[0] != '\0'))
        spec.skid = "0908070605040302";
    insert(bent, 1, mint_make(&spec, i + 1 < bent->n ? &bent->specs[i + 1] : NULL));
}

/* An authority certified by a stranger too, who may be the anchor instead. */
static void cross_certified(struct bent *bent)
{
    static const struct mint other = {.subject = "Other root"};
    struct mint spec = bent->specs[bend_authority(bent)];

    spec.akid = spec.akid_hex = spec.issuer_name = spec.signing_key = NULL;
    spec.algorithm = MINT_FITTING;
    insert_anywhere(bent, mint_make(&spec, &other));
    if (bend_below(bent, 2) == 0)
        bent->anchors[0] = mint_make(&other, NULL);
}

static void expired_twin(struct bent *bent)
{
    size_t i = bend_authority(bent);
    struct mint spec = bent->specs[i];

    spec.not_after = MINT_NOW - 1;
    insert(bent, 1, mint_make(&spec, i + 1 < bent->n ? &bent->specs[i + 1] : NULL));
}

const struct bend bends_of_lists[BENDS_OF_LISTS] = {
    {"shuffled", shuffled, true},
    {"missing", missing, true},
    {"listed_twice", listed_twice, true},
    {"root_listed", root_listed, true},
    {"stranger_listed", stranger_listed, true},
    {"no_anchors", no_anchors, true},
    {"stranger_is_anchor", stranger_is_anchor, true},
    {"two_anchors", two_anchors, true},
    {"intermediate_is_anchor", intermediate_is_anchor, true},
    {"namesake", namesake, true},
    {"signer_is_anchor", signer_is_anchor, true},
    {"expired_twin", expired_twin, true},
    {"cross_certified", cross_certified, true}};
