/* The bends of certificates. */
#include "tests/bend_kinds.h"

#include <ctype.h>
#include <string.h>

#include "tests/mint_octets.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *one_of(struct bent *bent, const char *const *texts, size_t n)
{
    return texts[bend_below(bent, n)];
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

BEND(expired, bend_any(bent)->not_after = MINT_NOW - 1 - (int64_t)bend_below(bent, 1000))
BEND(not_yet_valid, bend_any(bent)->not_before = MINT_NOW + 1 + (int64_t)bend_below(bent, 1000))
BEND(last_second, bend_any(bent)->not_after = MINT_NOW)
BEND(first_second, bend_any(bent)->not_before = MINT_NOW)
BEND(generalized_time, bend_any(bent)->not_after_raw = "20440101000000Z")
BEND(no_seconds, bend_any(bent)->not_after_raw = "4401010000Z")

BEND(signer_is_ca, bent->specs[0].ca = MINT_YES)
BEND(no_ca, bent->specs[bend_authority(bent)].ca = MINT_NO)
BEND(no_basic_constraints, bend_any(bent)->basic_constraints = MINT_NO)
BEND(path_length,
     bent->specs[bend_authority(bent)].path_length = MINT_PATH_LENGTH((int)bend_below(bent, 3)))
BEND(signer_path_length,
     bent->specs[0].path_length = MINT_PATH_LENGTH((int)bend_below(bent, 2)))

static void basic_constraints_not_critical(struct bent *bent)
{
    struct mint *spec = &bent->specs[bend_authority(bent)];

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
        if (bend_below(bent, 2) == 0)
            usage |= bits[i];
    bend_any(bent)->key_usage = usage != 0 ? usage : MINT_KU_ABSENT;
}

BEND(no_skid, bend_any(bent)->skid = "")
BEND(no_skid_alone, {
    size_t i = bend_child(bent);
    bent->specs[i + 1].skid = "";
    bent->specs[i].akid = "0102030405060708";
})
BEND(other_skid, bend_any(bent)->skid = "0102030405060708")
BEND(no_akid, bent->specs[bend_child(bent)].akid = "")
BEND(other_akid, bent->specs[bend_child(bent)].akid = "0102030405060708")
BEND(akid_serial, bent->specs[bend_child(bent)].akid_serial_hex = "0102")
BEND(no_akid_key, bent->specs[bend_child(bent)].akid_hex = "3000")

BEND(other_issuer_name, bent->specs[bend_child(bent)].issuer_name = "Somebody else")
BEND(empty_name, bend_any(bent)->subject = "")
BEND(same_key_as_issuer, {
    size_t i = bend_child(bent);
    bent->specs[i].key = bent->specs[i + 1].key;
})
BEND(self_issued, {
    size_t i = bend_child(bent);
    bent->specs[i].subject = bent->specs[i + 1].subject;
})

/* The issuer's name with letters of another case: the same to RFC 5280 section 7.1. */
static void issuer_in_capitals(struct bent *bent)
{
    size_t i = bend_child(bent);
    char *name = keep_text("%s", bent->specs[i + 1].subject);

    for (char *at = name; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    bent->specs[i].issuer_name = name;
}

BEND(corrupt, bent->specs[bend_child(bent)].corrupt = true)
BEND(root_corrupt, bent->specs[bent->n - 1].corrupt = true)
BEND(other_signer, bent->specs[bend_child(bent)].signing_key = "somebody else")
BEND(unequal_algorithms, bend_any(bent)->tbs_algorithm_hex = "300A06082A8648CE3D040303")
BEND(ecdsa_null, bend_any(bent)->ecdsa_null = true)

static void version(struct bent *bent)
{
    static const int versions[] = {1, 2, 4, -1};

    bend_any(bent)->version = versions[bend_below(bent, COUNT(versions))];
}

static void serial(struct bent *bent)
{
    static const char *const serials[] = {
        "00", "80", "FF01", "7F00000000000000000000000000000000000000FF", "0001", "01"};

    bend_any(bent)->serial_hex = one_of(bent, serials, COUNT(serials));
}

static void twice(struct bent *bent)
{
    static const char *const oids[] = {"2.5.29.15", "2.5.29.19", "2.5.29.14", "2.5.29.35",
                                       "1.3.6.1.5.5.7.1.26"};

    bend_any(bent)->duplicate = one_of(bent, oids, COUNT(oids));
}

BEND(unknown_critical, extend(bend_any(bent), "1.2.3.4", true, "0500"))
BEND(unknown_extension, extend(bend_any(bent), "1.2.3.5", false, "0500"))
/* dNSName example.com; requireExplicitPolicy 0; a policy; serverAuth */
BEND(name_constraints, extend(&bent->specs[bend_authority(bent)], "2.5.29.30", true,
                              "3011A00F300D820B6578616D706C652E636F6D"))
BEND(policy_constraints,
     extend(&bent->specs[bend_authority(bent)], "2.5.29.36", true, "3003800100"))
BEND(policies, extend(bend_any(bent), "2.5.29.32", true, "3009300706052A03040506"))
BEND(extended_key_usage,
     extend(bend_any(bent), "2.5.29.37", bend_below(bent, 2) == 0, "300A06082B06010505070301"))
BEND(critical_list, bent->specs[0].tnauthlist_critical = true)
BEND(no_extensions, bend_any(bent)->no_extensions = true)
BEND(empty_extensions, bend_any(bent)->extensions_empty = true)
BEND(octet_behind, bend_any(bent)->more_hex = "00")
BEND(behind_extensions, bend_any(bent)->tbs_more_hex = "0500")
BEND(unique_id, bend_any(bent)->unique_id = true)

static void key_kind(struct bent *bent)
{
    static const enum mint_kind kinds[] = {MINT_P384, MINT_P521, MINT_RSA2048};

    bend_any(bent)->kind = kinds[bend_below(bent, COUNT(kinds))];
}

static void weak_key(struct bent *bent)
{
    static const enum mint_kind kinds[] = {MINT_RSA1024, MINT_ED25519, MINT_P224};

    bend_any(bent)->kind = kinds[bend_below(bent, COUNT(kinds))];
}

/* Of the issuer's kind, whatever another bend made it. */
static void algorithm(struct bent *bent)
{
    static const enum mint_algorithm ecdsa[] = {MINT_ECDSA_SHA256, MINT_ECDSA_SHA384,
                                                MINT_ECDSA_SHA512};
    static const enum mint_algorithm rsa[] = {MINT_RSA_SHA384, MINT_RSA_SHA512,
                                              MINT_RSA_PSS_SHA256};
    size_t i = bend_child(bent);
    enum mint_kind kind = bent->specs[i + 1].kind;

    if (kind == MINT_RSA2048)
        bent->specs[i].algorithm = rsa[bend_below(bent, COUNT(rsa))];
    else if (kind != MINT_RSA1024 && kind != MINT_ED25519)
        bent->specs[i].algorithm = ecdsa[bend_below(bent, COUNT(ecdsa))];
}

static void sha1(struct bent *bent)
{
    size_t i = bend_child(bent);
    enum mint_kind kind = bent->specs[i + 1].kind;

    if (kind == MINT_RSA2048 || kind == MINT_RSA1024)
        bent->specs[i].algorithm = MINT_RSA_SHA1;
    else if (kind != MINT_ED25519)
        bent->specs[i].algorithm = MINT_ECDSA_SHA1;
}

const struct bend bends_of_specs[BENDS_OF_SPECS] = {
    {"expired", expired, false},
    {"not_yet_valid", not_yet_valid, false},
    {"last_second", last_second, false},
    {"first_second", first_second, false},
    {"generalized_time", generalized_time, false},
    {"no_seconds", no_seconds, false},
    {"signer_is_ca", signer_is_ca, false},
    {"no_ca", no_ca, false},
    {"path_length", path_length, false},
    {"path_length", path_length, false},
    {"path_length", path_length, false},
    {"signer_path_length", signer_path_length, false},
    {"key_usage", key_usage, false},
    {"key_usage", key_usage, false},
    {"no_skid", no_skid, false},
    {"other_skid", other_skid, false},
    {"no_akid", no_akid, false},
    {"other_akid", other_akid, false},
    {"akid_serial", akid_serial, false},
    {"no_akid_key", no_akid_key, false},
    {"empty_name", empty_name, false},
    {"other_issuer_name", other_issuer_name, false},
    {"self_issued", self_issued, false},
    {"same_key_as_issuer", same_key_as_issuer, false},
    {"corrupt", corrupt, false},
    {"issuer_in_capitals", issuer_in_capitals, false},
    {"other_signer", other_signer, false},
    {"root_corrupt", root_corrupt, false},
    {"ecdsa_null", ecdsa_null, false},
    {"unequal_algorithms", unequal_algorithms, false},
    {"version", version, false},
    {"no_basic_constraints", no_basic_constraints, false},
    {"serial", serial, false},
    {"basic_constraints_not_critical", basic_constraints_not_critical, false},
    {"twice", twice, false},
    {"unknown_critical", unknown_critical, false},
    {"policies", policies, false},
    {"unknown_extension", unknown_extension, false},
    {"critical_list", critical_list, false},
    {"name_constraints", name_constraints, false},
    {"no_extensions", no_extensions, false},
    {"policy_constraints", policy_constraints, false},
    {"octet_behind", octet_behind, false},
    {"extended_key_usage", extended_key_usage, false},
    {"unique_id", unique_id, false},
    {"empty_extensions", empty_extensions, false},
    {"key_kind", key_kind, false},
    {"behind_extensions", behind_extensions, false},
    {"weak_key", weak_key, false},
    {"algorithm", algorithm, false},
    {"sha1", sha1, false},
    {"no_skid_alone", no_skid_alone, false}};
