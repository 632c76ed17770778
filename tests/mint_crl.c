/* Revocation lists for tests, written octet by octet. */
#include "tests/mint_crl.h"

#include <string.h>

#include "tests/mint_octets.h"

static struct octets directory_name(const char *name)
{
    struct octets names = {0};

    put_in(&names, 0xA4, mint_name(name));
    return mint_wrapped(SEQUENCE, names);
}

static void put_more(struct octets *to, const struct mint_extension *more)
{
    for (; more != NULL && more->oid != NULL; more++)
        mint_put_extension(to, more->oid, more->critical, mint_unhex(more->hex));
}

static void put_entry(struct octets *to, const struct mint_revoked *revoked)
{
    struct octets entry = {0}, extensions = {0}, reason = {0};

    put_in(&entry, INTEGER,
           revoked->certificate != NULL ? mint_serial(revoked->certificate)
                                        : mint_unhex(revoked->serial_hex));
    mint_put_time(&entry, revoked->date != 0 ? revoked->date : MINT_NOW - 1000,
                  revoked->date_raw);
    if (revoked->reason_hex != NULL) {
        put_in(&reason, 0x0A, mint_unhex(revoked->reason_hex));
        mint_put_extension(&extensions, "2.5.29.21", false, reason);
    }
    if (revoked->issuer != NULL)
        mint_put_extension(&extensions, "2.5.29.29", true, directory_name(revoked->issuer));
    put_more(&extensions, revoked->extensions);
    if (extensions.len > 0 || revoked->extensions_empty)
        put_in(&entry, SEQUENCE, extensions);
    put_in(to, SEQUENCE, entry);
}

static struct octets entries(const struct mint_crl *spec)
{
    struct octets list = {0};

    if (spec->revoked_hex != NULL)
        return mint_unhex(spec->revoked_hex);
    for (size_t i = 0; i < sizeof spec->revoked / sizeof *spec->revoked; i++)
        if (spec->revoked[i].certificate != NULL || spec->revoked[i].serial_hex != NULL)
            put_entry(&list, &spec->revoked[i]);
    return list;
}

static struct octets akid(const struct mint_crl *spec, const struct mint *signer)
{
    struct octets content = {0};

    put_in(&content, 0x80, spec->akid != NULL ? mint_unhex(spec->akid) : mint_skid(signer));
    return mint_wrapped(SEQUENCE, content);
}

static struct octets extensions(const struct mint_crl *spec, const struct mint *signer)
{
    struct octets list = {0}, number = {0};

    if (spec->extensions_empty)
        return list;
    if (spec->akid == NULL || *spec->akid != '\0')
        mint_put_extension(&list, "2.5.29.35", false, akid(spec, signer));
    if (spec->number_hex == NULL || *spec->number_hex != '\0') {
        put_in(&number, INTEGER,
               mint_unhex(spec->number_hex != NULL ? spec->number_hex : "01"));
        mint_put_extension(&list, "2.5.29.20", false, number);
    }
    if (spec->idp_hex != NULL)
        mint_put_extension(&list, "2.5.29.28", !spec->idp_not_critical,
                           mint_unhex(spec->idp_hex));
    put_more(&list, spec->extensions);
    return list;
}

static void put_times(struct octets *to, const struct mint_crl *spec)
{
    mint_put_time(to, spec->this_update != 0 ? spec->this_update : MINT_THIS_UPDATE,
                  spec->this_raw);
    if (spec->next_update >= 0)
        mint_put_time(to, spec->next_update != 0 ? spec->next_update : MINT_NEXT_UPDATE, NULL);
}

static struct octets tbs(const struct mint_crl *spec, const struct mint *signer,
                         struct octets algorithm)
{
    struct octets content = {0}, revoked = entries(spec);

    if (spec->version >= 0)
        put_unsigned(&content, INTEGER, (uint64_t)(spec->version > 0 ? spec->version : 2) - 1);
    put_octets(&content, algorithm);
    put_octets(&content,
               spec->issuer_name != NULL ? mint_name(spec->issuer_name) : mint_subject(signer));
    put_times(&content, spec);
    if (revoked.len > 0 || spec->revoked_empty)
        put_in(&content, SEQUENCE, revoked);
    if (!spec->no_extensions)
        put_in(&content, 0xA0, mint_wrapped(SEQUENCE, extensions(spec, signer)));
    if (spec->tbs_more_hex != NULL)
        put_hex(&content, spec->tbs_more_hex);
    return mint_wrapped(SEQUENCE, content);
}

const struct minted *mint_crl(const struct mint_crl *spec, const struct mint *signer)
{
    const struct mint how = {.signing_key = spec->signing_key, .corrupt = spec->corrupt};
    enum mint_algorithm which =
        spec->algorithm != MINT_FITTING ? spec->algorithm : mint_fitting(signer);
    struct minted *minted = keep(sizeof *minted);
    struct octets inside =
        tbs(spec, signer, mint_algorithm_identifier(&how, which, spec->tbs_algorithm_hex));
    struct octets content = {0}, whole = {0};

    put_octets(&content, inside);
    put_octets(&content, mint_algorithm_identifier(&how, which, spec->algorithm_hex));
    put_octets(&content, mint_signature(&how, signer, which, inside));
    put_in(&whole, SEQUENCE, content);
    if (spec->more_hex != NULL)
        put_hex(&whole, spec->more_hex);
    minted->der = whole.data;
    minted->len = whole.len;
    minted->pem = mint_pem("X509 CRL", whole.data, whole.len);
    return minted;
}
