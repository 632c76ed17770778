/* Chains bent at random. */
#include "tests/bend_kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mint_octets.h"

/* ---- chance ---- */

/* splitmix64 */
static uint64_t chance(struct bent *bent)
{
    uint64_t z = bent->random += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

size_t bend_below(struct bent *bent, size_t n)
{
    return (size_t)(chance(bent) % n);
}

struct mint *bend_any(struct bent *bent)
{
    return &bent->specs[bend_below(bent, bent->n)];
}

/* Not the root; not the signer. */
size_t bend_child(struct bent *bent)
{
    return bend_below(bent, bent->n - 1);
}

size_t bend_authority(struct bent *bent)
{
    return 1 + bend_child(bent);
}

/* ---- chains ---- */

static void straight(struct bent *bent, uint64_t number)
{
    *bent = (struct bent){.random = number * UINT64_C(0xD1342543DE82EF95)};
    bent->n = 2 + bend_below(bent, BEND_LENGTH - 1);
    for (size_t i = 0; i < bent->n; i++) {
        const char *name = keep_text(i == 0 ? "Signer" : "Authority %zu", i);
        bent->specs[i] =
            (struct mint){.subject = name, .key = name, .ca = i > 0 ? MINT_YES : MINT_NO};
    }
    bent->specs[0].tnauthlist = "709J";
}

static bool is_rsa_algorithm(enum mint_algorithm algorithm)
{
    return algorithm >= MINT_RSA_SHA1 && algorithm <= MINT_RSA_PSS_SHA512;
}

/* An algorithm chosen before the issuer's key was bent, which does not fit it any more. */
static bool is_unfit(enum mint_algorithm algorithm, enum mint_kind kind)
{
    bool rsa = kind == MINT_RSA2048 || kind == MINT_RSA1024;

    return kind == MINT_ED25519 || is_rsa_algorithm(algorithm) != rsa
           || (kind == MINT_RSA1024 && algorithm != MINT_RSA_SHA1);
}

static void change(struct bent *bent, bool list)
{
    for (size_t i = 0; i < bent->n_bends; i++)
        if (bent->bends[i]->of_list == list)
            bent->bends[i]->change(bent);
}

static void bend_specs(struct bent *bent)
{
    change(bent, false);
    for (size_t i = 0; i < bent->n; i++) {
        const struct mint *issuer = &bent->specs[i + 1 < bent->n ? i + 1 : i];
        if (bent->specs[i].algorithm != MINT_FITTING
            && is_unfit(bent->specs[i].algorithm, issuer->kind))
            bent->specs[i].algorithm = MINT_FITTING;
    }
}

static void make(struct bent *bent)
{
    bend_specs(bent);
    for (size_t i = 0; i < bent->n; i++)
        bent->made[i] =
            mint_make(&bent->specs[i], i + 1 < bent->n ? &bent->specs[i + 1] : NULL);
    for (size_t i = 0; i + 1 < bent->n; i++)
        bent->list[bent->n_list++] = bent->made[i];
    bent->anchors[bent->n_anchors++] = bent->made[bent->n - 1];
    change(bent, true);
}

static const struct bend *nth(size_t i)
{
    return i < BENDS_OF_SPECS ? &bends_of_specs[i] : &bends_of_lists[i - BENDS_OF_SPECS];
}

void bend_some(struct bent *bent, uint64_t number)
{
    straight(bent, number);
    bent->n_bends = 1 + bend_below(bent, BEND_MOST);
    for (size_t i = 0; i < bent->n_bends; i++)
        bent->bends[i] = nth(bend_below(bent, BENDS_OF_SPECS + BENDS_OF_LISTS));
    make(bent);
}

static const struct bend *named(const char *name)
{
    for (size_t i = 0; i < BENDS_OF_SPECS + BENDS_OF_LISTS; i++)
        if (strcmp(nth(i)->name, name) == 0)
            return nth(i);
    fprintf(stderr, "no bend %s\n", name);
    abort();
}

void bend_by(struct bent *bent, const char *const names[BEND_MOST], uint64_t number)
{
    straight(bent, number);
    for (size_t i = 0; i < BEND_MOST && names[i] != NULL; i++)
        bent->bends[bent->n_bends++] = named(names[i]);
    make(bent);
}

const char *bend_names(const struct bent *bent)
{
    static char names[256];

    names[0] = '\0';
    for (size_t i = 0; i < bent->n_bends; i++) {
        strcat(names, i > 0 ? ", " : "");
        strcat(names, bent->bends[i]->name);
    }
    return names;
}

static bool has(const struct bent *bent, const char *name)
{
    for (size_t i = 0; i < bent->n_bends; i++)
        if (strcmp(bent->bends[i]->name, name) == 0)
            return true;
    return false;
}

bool bend_has_all(const struct bent *bent, const char *const names[BEND_MOST])
{
    for (size_t i = 0; i < BEND_MOST && names[i] != NULL; i++)
        if (!has(bent, names[i]))
            return false;
    return true;
}
