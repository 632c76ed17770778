/* The extensions of the mint's certificates. */
#include "tests/mint_octets.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct extensions {
    struct octets list;
    const char *duplicate;
};

void mint_put_extension(struct octets *to, const char *oid, bool critical, struct octets value)
{
    struct octets extension = {0};

    put_oid(&extension, oid);
    if (critical)
        put_der(&extension, BOOLEAN, "\xFF", 1);
    put_in(&extension, OCTET_STRING, value);
    put_in(to, SEQUENCE, extension);
}

static void put_extension(struct extensions *to, const char *oid, bool critical,
                          struct octets value)
{
    mint_put_extension(&to->list, oid, critical, value);
    if (to->duplicate != NULL && strcmp(to->duplicate, oid) == 0)
        mint_put_extension(&to->list, oid, critical, value);
}

static void put_basic_constraints(struct extensions *to, const struct mint *spec, bool ca)
{
    struct octets content = {0};

    if (spec->basic_constraints == MINT_NO)
        return;
    if (ca)
        put_der(&content, BOOLEAN, "\xFF", 1);
    if (spec->path_length > 0)
        put_unsigned(&content, INTEGER, (uint64_t)spec->path_length - 1);
    put_extension(to, "2.5.29.19", true,
                  spec->basic_constraints_hex != NULL ? mint_unhex(spec->basic_constraints_hex)
                                                      : mint_wrapped(SEQUENCE, content));
}

static void put_key_usage(struct extensions *to, const struct mint *spec, bool ca)
{
    int usage = spec->key_usage != 0 ? spec->key_usage
                : ca                 ? MINT_KU_KEY_CERT_SIGN | MINT_KU_CRL_SIGN
                                     : MINT_KU_DIGITAL_SIGNATURE;
    uint8_t bits[3] = {8, 0, 0};
    size_t len = usage > 0xFF ? 3 : 2;
    struct octets value = {0};

    if (usage == MINT_KU_ABSENT)
        return;
    for (int i = 0; i < 9; i++)
        if (usage >> i & 1) {
            bits[1 + i / 8] = (uint8_t)(bits[1 + i / 8] | 0x80 >> i % 8);
            bits[0] = (uint8_t)(7 - i % 8);
        }
    put_der(&value, BIT_STRING, bits, len);
    put_extension(to, "2.5.29.15", true,
                  spec->key_usage_hex != NULL ? mint_unhex(spec->key_usage_hex) : value);
}

static void put_key_ids(struct extensions *to, const struct mint *spec,
                        const struct mint *issuer)
{
    struct octets own = mint_skid(spec), akid = {0}, content = {0};

    if (own.len > 0)
        put_extension(to, "2.5.29.14", false, mint_wrapped(OCTET_STRING, own));
    if (spec->akid_hex != NULL) {
        put_extension(to, "2.5.29.35", false, mint_unhex(spec->akid_hex));
        return;
    }
    if (spec->akid != NULL)
        akid = mint_unhex(spec->akid);
    else if (issuer != NULL)
        akid = mint_skid(issuer);
    if (akid.len > 0)
        put_in(&content, 0x80, akid);
    if (spec->akid_serial_hex != NULL) {
        struct octets above = spec->akid_issuer != NULL ? mint_name(spec->akid_issuer)
                                                        : mint_issuer_name(spec, issuer);
        put_in(&content, 0xA1, mint_wrapped(0xA4, above));
        put_in(&content, 0x82, mint_unhex(spec->akid_serial_hex));
    }
    if (content.len > 0)
        put_extension(to, "2.5.29.35", false, mint_wrapped(SEQUENCE, content));
}

static void put_entry(struct octets *to, const char *item)
{
    struct octets entry = {0};
    const char *plus = strchr(item, '+');

    if (plus != NULL) {
        put_der(&entry, IA5_STRING, item, (size_t)(plus - item));
        put_unsigned(&entry, INTEGER, strtoull(plus + 1, NULL, 10));
        put_in(to, 0xA1, mint_wrapped(SEQUENCE, entry));
    } else if (item[0] == 't') {
        put_text(&entry, IA5_STRING, item + 1);
        put_in(to, 0xA2, entry);
    } else {
        put_text(&entry, IA5_STRING, item);
        put_in(to, 0xA0, entry);
    }
}

static void put_tnauthlist(struct extensions *to, const struct mint *spec)
{
    struct octets entries = {0};

    if (spec->tnauthlist != NULL)
        mint_for_items(spec->tnauthlist, &entries, put_entry);
    if (spec->tnauthlist_hex != NULL)
        put_extension(to, "1.3.6.1.5.5.7.1.26", spec->tnauthlist_critical,
                      mint_unhex(spec->tnauthlist_hex));
    else if (spec->tnauthlist != NULL)
        put_extension(to, "1.3.6.1.5.5.7.1.26", spec->tnauthlist_critical,
                      mint_wrapped(SEQUENCE, entries));
}

static void put_include(struct octets *to, const char *item)
{
    if (item[0] == '+')
        put_text(to, IA5_STRING, item + 1);
}

static void put_exclude(struct octets *to, const char *item)
{
    if (item[0] == '-')
        put_text(to, IA5_STRING, item + 1);
}

static void put_permit(struct octets *to, const char *item)
{
    struct octets permit = {0}, values = {0};
    const char *equals = strchr(item, '=');

    if (equals == NULL)
        return;
    put_der(&permit, IA5_STRING, item, (size_t)(equals - item));
    put_text(&values, UTF8_STRING, equals + 1);
    put_in(&permit, SEQUENCE, values);
    put_in(to, SEQUENCE, permit);
}

static void put_constraints(struct extensions *to, const struct mint *spec)
{
    static void (*const members[])(struct octets *, const char *) = {put_include, put_permit,
                                                                     put_exclude};
    struct octets content = {0}, last = {0};

    for (size_t i = 0; i < 3 && spec->constraints != NULL; i++) {
        last = (struct octets){0};
        mint_for_items(spec->constraints, &last, members[i]);
        if (last.len > 0)
            put_in(&content, (uint8_t)(0xA0 | i), mint_wrapped(SEQUENCE, last));
    }
    if (content.len > 0)
        put_extension(to,
                      last.len > 0 || spec->constraints_enhanced ? "1.3.6.1.5.5.7.1.33"
                                                                 : "1.3.6.1.5.5.7.1.27",
                      false, mint_wrapped(SEQUENCE, content));
    if (spec->constraints_hex != NULL)
        put_extension(to, "1.3.6.1.5.5.7.1.27", false, mint_unhex(spec->constraints_hex));
    if (spec->enhanced_hex != NULL)
        put_extension(to, "1.3.6.1.5.5.7.1.33", false, mint_unhex(spec->enhanced_hex));
}

static void put_general_name(struct octets *to, const char *item)
{
    bool dns = strncmp(item, "dns:", 4) == 0;
    unsigned ip[4];

    if (sscanf(item, "ip4:%u.%u.%u.%u", &ip[0], &ip[1], &ip[2], &ip[3]) == 4) {
        uint8_t octets[] = {(uint8_t)ip[0], (uint8_t)ip[1], (uint8_t)ip[2], (uint8_t)ip[3]};
        put_der(to, 0x87, octets, sizeof octets);
        return;
    }
    if (strncmp(item, "ip6:", 4) == 0) {
        uint8_t octets[16] = {0};
        inet_pton(AF_INET6, item + 4, octets);
        put_der(to, 0x87, octets, sizeof octets);
        return;
    }
    put_text(to, dns ? 0x82 : 0x86, item + 4);
}

struct octets mint_extensions(const struct mint *spec, const struct mint *issuer)
{
    struct extensions to = {.duplicate = spec->duplicate};
    struct octets access = {0}, names = {0};
    bool ca = spec->ca == MINT_YES || (spec->ca == MINT_DEFAULT && issuer == NULL);

    if (spec->extensions_empty)
        return to.list;
    put_basic_constraints(&to, spec, ca);
    put_key_usage(&to, spec, ca);
    put_key_ids(&to, spec, issuer);
    put_tnauthlist(&to, spec);
    put_constraints(&to, spec);
    if (spec->stir_tn_list != NULL) {
        put_oid(&access, "1.3.6.1.5.5.7.48.14");
        put_text(&access, 0x86, spec->stir_tn_list);
        put_extension(&to, "1.3.6.1.5.5.7.1.1", false,
                      mint_wrapped(SEQUENCE, mint_wrapped(SEQUENCE, access)));
    }
    if (spec->san != NULL) {
        mint_for_items(spec->san, &names, put_general_name);
        put_extension(&to, "2.5.29.17", false, mint_wrapped(SEQUENCE, names));
    }
    for (const struct mint_extension *more = spec->extensions;
         more != NULL && more->oid != NULL; more++)
        put_extension(&to, more->oid, more->critical, mint_unhex(more->hex));
    return to.list;
}
