/* Chains bent at random. */
#include "tests/bend.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mint_octets.h"

/* What it does to the certificates before they are made, or to the list and the anchors after. */
struct bend {
    const char *name;
    void (*specs)(struct bent *bent);
    void (*list)(struct bent *bent);
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- chance ---- */

/* splitmix64 */
static uint64_t chance(struct bent *bent)
{
    uint64_t z = bent->random += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static size_t below(struct bent *bent, size_t n)
{
    return (size_t)(chance(bent) % n);
}

static struct mint *any(struct bent *bent)
{
    return &bent->specs[below(bent, bent->n)];
}

/* Not the root; not the signer. */
static size_t child(struct bent *bent)
{
    return below(bent, bent->n - 1);
}

static size_t authority(struct bent *bent)
{
    return 1 + child(bent);
}

static const char *one_of(struct bent *bent, const char *const *texts, size_t n)
{
    return texts[below(bent, n)];
}

/* One more extension, beside those it has been given. */
static void extend(struct mint *spec, const char *oid, bool critical, const char *hex)
{
    size_t n = 0;

    while (spec->extensions != NULL && spec->extensions[n].oid != NULL)
        n++;
    struct mint_extension *more = keep((n + 2) * sizeof *more);
    if (n > 0)
        memcpy(more, spec->extensions, n * sizeof *more);
    more[n] = (struct mint_extension){oid, critical, hex};
    spec->extensions = more;
}

/* ---- of certificates ---- */

#define BEND(name, statements)                                                                 \
    static void name(struct bent *bent)                                                        \
    {                                                                                          \
        statements;                                                                            \
    }

BEND(expired, any(bent)->not_after = MINT_NOW - 1 - (int64_t)below(bent, 1000))
BEND(not_yet_valid, any(bent)->not_before = MINT_NOW + 1 + (int64_t)below(bent, 1000))
BEND(last_second, any(bent)->not_after = MINT_NOW)
BEND(first_second, any(bent)->not_before = MINT_NOW)
BEND(generalized_time, any(bent)->not_after_raw = "20440101000000Z")
BEND(no_seconds, any(bent)->not_after_raw = "4401010000Z")

BEND(signer_is_ca, bent->specs[0].ca = MINT_YES)
BEND(no_ca, bent->specs[authority(bent)].ca = MINT_NO)
BEND(no_basic_constraints, any(bent)->basic_constraints = MINT_NO)
BEND(path_length,
     bent->specs[authority(bent)].path_length = MINT_PATH_LENGTH((int)below(bent, 3)))
BEND(signer_path_length, bent->specs[0].path_length = MINT_PATH_LENGTH((int)below(bent, 2)))

static void basic_constraints_not_critical(struct bent *bent)
{
    struct mint *spec = &bent->specs[authority(bent)];

    spec->basic_constraints = MINT_NO;
    extend(spec, "2.5.29.19", false, "30030101FF");
}

static void key_usage(struct bent *bent)
{
    static const int bits[] = {MINT_KU_DIGITAL_SIGNATURE, MINT_KU_NON_REPUDIATION,
                               MINT_KU_KEY_ENCIPHERMENT, MINT_KU_KEY_CERT_SIGN,
                               MINT_KU_CRL_SIGN};
    int usage = 0;

    for (size_t i = 0; i < COUNT(bits); i++)
        if (below(bent, 2) == 0)
            usage |= bits[i];
    any(bent)->key_usage = usage != 0 ? usage : MINT_KU_ABSENT;
}

BEND(no_skid, any(bent)->skid = "")
BEND(no_skid_alone, {
    size_t i = child(bent);
    bent->specs[i + 1].skid = "";
    bent->specs[i].akid = "0102030405060708";
})
BEND(other_skid, any(bent)->skid = "0102030405060708")
BEND(no_akid, bent->specs[child(bent)].akid = "")
BEND(other_akid, bent->specs[child(bent)].akid = "0102030405060708")
BEND(akid_serial, bent->specs[child(bent)].akid_serial_hex = "0102")
BEND(no_akid_key, bent->specs[child(bent)].akid_hex = "3000")

BEND(other_issuer_name, bent->specs[child(bent)].issuer_name = "Somebody else")
BEND(empty_name, any(bent)->subject = "")
BEND(same_key_as_issuer, {
    size_t i = child(bent);
    bent->specs[i].key = bent->specs[i + 1].key;
})
BEND(self_issued, {
    size_t i = child(bent);
    bent->specs[i].subject = bent->specs[i + 1].subject;
})

/* The issuer's name with letters of another case: the same to RFC 5280 section 7.1. */
static void issuer_in_capitals(struct bent *bent)
{
    size_t i = child(bent);
    char *name = keep_text("%s", bent->specs[i + 1].subject);

    for (char *at = name; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    bent->specs[i].issuer_name = name;
}

BEND(corrupt, bent->specs[child(bent)].corrupt = true)
BEND(root_corrupt, bent->specs[bent->n - 1].corrupt = true)
BEND(other_signer, bent->specs[child(bent)].signing_key = "somebody else")
BEND(unequal_algorithms, any(bent)->tbs_algorithm_hex = "300A06082A8648CE3D040303")
BEND(ecdsa_null, any(bent)->ecdsa_null = true)

static void version(struct bent *bent)
{
    static const int versions[] = {1, 2, 4, -1};

    any(bent)->version = versions[below(bent, COUNT(versions))];
}

static void serial(struct bent *bent)
{
    static const char *const serials[] = {
        "00", "80", "FF01", "7F00000000000000000000000000000000000000FF", "0001", "01"};

    any(bent)->serial_hex = one_of(bent, serials, COUNT(serials));
}

static void twice(struct bent *bent)
{
    static const char *const oids[] = {"2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35",
                                       "1.3.6.1.5.5.7.1.26"};

    any(bent)->duplicate = one_of(bent, oids, COUNT(oids));
}

BEND(unknown_critical, extend(any(bent), "1.2.3.4", true, "0500"))
BEND(unknown_extension, extend(any(bent), "1.2.3.5", false, "0500"))
/* dNSName example.com; requireExplicitPolicy 0; a policy; serverAuth */
BEND(name_constraints, extend(&bent->specs[authority(bent)], "2.5.29.30", true,
                              "3011A00F300D820B6578616D706C652E636F6D"))
BEND(policy_constraints, extend(&bent->specs[authority(bent)], "2.5.29.36", true, "3003800100"))
BEND(policies, extend(any(bent), "2.5.29.32", true, "3009300706052A03040506"))
BEND(extended_key_usage,
     extend(any(bent), "2.5.29.37", below(bent, 2) == 0, "300A06082B06010505070301"))
BEND(critical_list, bent->specs[0].tnauthlist_critical = true)
BEND(no_extensions, any(bent)->no_extensions = true)
BEND(empty_extensions, any(bent)->extensions_empty = true)
BEND(octet_behind, any(bent)->more_hex = "00")
BEND(behind_extensions, any(bent)->tbs_more_hex = "0500")
BEND(unique_id, any(bent)->unique_id = true)

static void key_kind(struct bent *bent)
{
    static const enum mint_kind kinds[] = {MINT_P384, MINT_P521, MINT_RSA2048};

    any(bent)->kind = kinds[below(bent, COUNT(kinds))];
}

static void weak_key(struct bent *bent)
{
    static const enum mint_kind kinds[] = {MINT_RSA1024, MINT_ED25519, MINT_P224};

    any(bent)->kind = kinds[below(bent, COUNT(kinds))];
}

/* Of the issuer's kind, whatever another bend made it. */
static void algorithm(struct bent *bent)
{
    static const enum mint_algorithm ecdsa[] = {MINT_ECDSA_SHA256, MINT_ECDSA_SHA384,
                                                MINT_ECDSA_SHA512};
    static const enum mint_algorithm rsa[] = {MINT_RSA_SHA384, MINT_RSA_SHA512,
                                              MINT_RSA_PSS_SHA256};
    size_t i = child(bent);
    enum mint_kind kind = bent->specs[i + 1].kind;

    if (kind == MINT_RSA2048)
        bent->specs[i].algorithm = rsa[below(bent, COUNT(rsa))];
    else if (kind != MINT_RSA1024 && kind != MINT_ED25519)
        bent->specs[i].algorithm = ecdsa[below(bent, COUNT(ecdsa))];
}

static void sha1(struct bent *bent)
{
    size_t i = child(bent);
    enum mint_kind kind = bent->specs[i + 1].kind;

    if (kind == MINT_RSA2048 || kind == MINT_RSA1024)
        bent->specs[i].algorithm = MINT_RSA_SHA1;
    else if (kind != MINT_ED25519)
        bent->specs[i].algorithm = MINT_ECDSA_SHA1;
}

/* ---- of the list and the anchors ---- */

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
    insert(bent, 1 + below(bent, bent->n_list), made);
}

/* The signer stays where it is: nothing else says which one it is. */
static void shuffled(struct bent *bent)
{
    for (size_t i = bent->n_list - 1; i > 1; i--) {
        size_t other = 1 + below(bent, i);
        const struct minted *kept = bent->list[i];
        bent->list[i] = bent->list[other];
        bent->list[other] = kept;
    }
}

static void missing(struct bent *bent)
{
    if (bent->n_list < 2)
        return;
    size_t at = 1 + below(bent, bent->n_list - 1);
    bent->n_list--;
    memmove(bent->list + at, bent->list + at + 1, (bent->n_list - at) * sizeof *bent->list);
}

BEND(listed_twice, insert_anywhere(bent, bent->list[below(bent, bent->n_list)]))
BEND(root_listed, insert_anywhere(bent, bent->made[bent->n - 1]))

static const struct minted *stranger(struct bent *bent)
{
    return mint_make(&(struct mint){.subject = keep_text("Stranger %zu", below(bent, 9))},
                     NULL);
}

BEND(stranger_listed, insert_anywhere(bent, stranger(bent)))
BEND(stranger_is_anchor, bent->anchors[0] = stranger(bent))
BEND(intermediate_is_anchor, bent->anchors[0] = bent->made[authority(bent)])
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
    size_t i = authority(bent);
    struct mint spec = bent->specs[i];

    spec.key = "namesake";
    if (below(bent, 2) == 0 && (spec.skid == NULL || spec.skid[0] != '\0'))
        spec.skid = "0908070605040302";
    insert(bent, 1, mint_make(&spec, i + 1 < bent->n ? &bent->specs[i + 1] : NULL));
}

/* An authority certified by a stranger too, who may be the anchor instead. */
static void cross_certified(struct bent *bent)
{
    static const struct mint other = {.subject = "Other root"};
    struct mint spec = bent->specs[authority(bent)];

    spec.akid = spec.akid_hex = spec.issuer_name = spec.signing_key = NULL;
    spec.algorithm = MINT_FITTING;
    insert_anywhere(bent, mint_make(&spec, &other));
    if (below(bent, 2) == 0)
        bent->anchors[0] = mint_make(&other, NULL);
}

static void expired_twin(struct bent *bent)
{
    size_t i = authority(bent);
    struct mint spec = bent->specs[i];

    spec.not_after = MINT_NOW - 1;
    insert(bent, 1, mint_make(&spec, i + 1 < bent->n ? &bent->specs[i + 1] : NULL));
}

#define OF_SPECS(name)                                                                         \
    {                                                                                          \
#name, name, NULL                                                                      \
    }
#define OF_LIST(name)                                                                          \
    {                                                                                          \
#name, NULL, name                                                                      \
    }

static const struct bend bends[] = {
    OF_SPECS(expired),
    OF_SPECS(not_yet_valid),
    OF_SPECS(last_second),
    OF_SPECS(first_second),
    OF_SPECS(generalized_time),
    OF_SPECS(no_seconds),
    OF_SPECS(signer_is_ca),
    OF_SPECS(no_ca),
    OF_SPECS(path_length),
    OF_SPECS(path_length),
    OF_SPECS(path_length),
    OF_SPECS(signer_path_length),
    OF_SPECS(key_usage),
    OF_SPECS(key_usage),
    OF_SPECS(no_skid),
    OF_SPECS(other_skid),
    OF_SPECS(no_akid),
    OF_SPECS(other_akid),
    OF_SPECS(akid_serial),
    OF_SPECS(no_akid_key),
    OF_SPECS(empty_name),
    OF_SPECS(other_issuer_name),
    OF_SPECS(self_issued),
    OF_SPECS(same_key_as_issuer),
    OF_SPECS(corrupt),
    OF_SPECS(issuer_in_capitals),
    OF_SPECS(other_signer),
    OF_SPECS(root_corrupt),
    OF_SPECS(ecdsa_null),
    OF_SPECS(unequal_algorithms),
    OF_SPECS(version),
    OF_SPECS(no_basic_constraints),
    OF_SPECS(serial),
    OF_SPECS(basic_constraints_not_critical),
    OF_SPECS(twice),
    OF_SPECS(unknown_critical),
    OF_SPECS(policies),
    OF_SPECS(unknown_extension),
    OF_SPECS(critical_list),
    OF_SPECS(name_constraints),
    OF_SPECS(no_extensions),
    OF_SPECS(policy_constraints),
    OF_SPECS(octet_behind),
    OF_SPECS(extended_key_usage),
    OF_SPECS(unique_id),
    OF_SPECS(empty_extensions),
    OF_SPECS(key_kind),
    OF_SPECS(behind_extensions),
    OF_SPECS(weak_key),
    OF_SPECS(algorithm),
    OF_SPECS(sha1),
    OF_LIST(shuffled),
    OF_LIST(missing),
    OF_LIST(listed_twice),
    OF_LIST(root_listed),
    OF_LIST(stranger_listed),
    OF_LIST(no_anchors),
    OF_LIST(stranger_is_anchor),
    OF_LIST(two_anchors),
    OF_LIST(intermediate_is_anchor),
    OF_LIST(namesake),
    OF_LIST(signer_is_anchor),
    OF_LIST(expired_twin),
    OF_LIST(cross_certified),
    OF_SPECS(no_skid_alone),
};

/* ---- chains ---- */

static void straight(struct bent *bent, uint64_t number)
{
    *bent = (struct bent){.random = number * UINT64_C(0xD1342543DE82EF95)};
    bent->n = 2 + below(bent, BEND_LENGTH - 1);
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

static void bend_specs(struct bent *bent)
{
    for (size_t i = 0; i < bent->n_bends; i++)
        if (bent->bends[i]->specs != NULL)
            bent->bends[i]->specs(bent);
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
    for (size_t i = 0; i < bent->n_bends; i++)
        if (bent->bends[i]->list != NULL)
            bent->bends[i]->list(bent);
}

void bend_some(struct bent *bent, uint64_t number)
{
    straight(bent, number);
    bent->n_bends = 1 + below(bent, BEND_MOST);
    for (size_t i = 0; i < bent->n_bends; i++)
        bent->bends[i] = &bends[below(bent, COUNT(bends))];
    make(bent);
}

static const struct bend *named(const char *name)
{
    for (size_t i = 0; i < COUNT(bends); i++)
        if (strcmp(bends[i].name, name) == 0)
            return &bends[i];
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
