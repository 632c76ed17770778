/* The mint's certificates: a struct mint written out as RFC 5280 has it, field by field. */
#include "tests/mint_octets.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct mint mint_root = {
    .subject = "C=US,O=Test,CN=Test SHAKEN ROOT", .key = "root", .ca = MINT_YES};
const struct mint mint_sti_ca = {
    .subject = "C=US,O=Test,CN=Test SHAKEN CA", .key = "sti-ca", .ca = MINT_YES};
const struct mint mint_spc_ca = {.subject = "C=US,O=Provider,CN=SHAKEN 709J",
                                 .key = "spc-ca",
                                 .ca = MINT_YES,
                                 .tnauthlist = "709J,12155550000+10000"};
const struct mint mint_delegate = {.subject = "C=US,O=ACME,CN=ACME delegate",
                                   .key = "delegate",
                                   .tnauthlist = "12155551200+100"};
const struct mint mint_shaken = {
    .subject = "C=US,O=Provider,CN=SHAKEN 709J EE", .key = "shaken", .tnauthlist = "709J"};

/* ---- names, times, keys ---- */

static void put_attribute(struct octets *to, const char *item)
{
    static const struct {
        const char *name, *oid;
        uint8_t tag;
    } types[] = {{"C=", "2.5.4.6", PRINTABLE_STRING},
                 {"O=", "2.5.4.10", UTF8_STRING},
                 {"OU=", "2.5.4.11", UTF8_STRING},
                 {"L=", "2.5.4.7", UTF8_STRING},
                 {"ST=", "2.5.4.8", UTF8_STRING},
                 {"CN=", "2.5.4.3", UTF8_STRING},
                 {"serialNumber=", "2.5.4.5", PRINTABLE_STRING}};
    struct octets attribute = {0};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t len = strlen(types[i].name);
        if (strncmp(item, types[i].name, len) != 0)
            continue;
        put_oid(&attribute, types[i].oid);
        put_text(&attribute, types[i].tag, item + len);
        put_in(to, SET, mint_wrapped(SEQUENCE, attribute));
        return;
    }
    fprintf(stderr, "mint: no such attribute: %s\n", item);
    abort();
}

struct octets mint_name(const char *text)
{
    struct octets content = {0};

    if (text[0] != '\0')
        mint_for_items(strchr(text, '=') == NULL ? keep_text("CN=%s", text) : text, &content,
                       put_attribute);
    return mint_wrapped(SEQUENCE, content);
}

struct octets mint_subject(const struct mint *spec)
{
    if (spec->subject_hex != NULL)
        return mint_unhex(spec->subject_hex);
    return mint_name(spec->subject != NULL ? spec->subject : "Test");
}

static const char *key_name(const struct mint *spec)
{
    return spec->key != NULL ? spec->key : spec->subject != NULL ? spec->subject : "Test";
}

static struct octets spki(const struct mint *spec)
{
    if (spec->spki_hex != NULL)
        return mint_unhex(spec->spki_hex);
    return mint_spki(key_name(spec), spec->kind);
}

void mint_put_time(struct octets *to, int64_t time, const char *raw)
{
    struct tm parts;
    char text[32];
    time_t t = (time_t)time;

    if (raw == NULL) {
        gmtime_r(&t, &parts);
        strftime(text, sizeof text, parts.tm_year < 150 ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ",
                 &parts);
        raw = text;
    }
    put_text(to, strlen(raw) == 13 ? UTC_TIME : GENERALIZED_TIME, raw);
}

struct octets mint_serial(const struct mint *spec)
{
    struct octets all = mint_subject(spec), content = {0};
    uint8_t hash[20];

    if (spec->serial_hex != NULL)
        return mint_unhex(spec->serial_hex);
    put_octets(&all, spki(spec));
    gnutls_hash_fast(GNUTLS_DIG_SHA1, all.data, all.len, hash);
    hash[0] = (hash[0] & 0x3F) | 0x40;
    put(&content, hash, 16);
    return content;
}

struct octets mint_issuer_name(const struct mint *spec, const struct mint *issuer)
{
    if (spec->issuer_name != NULL)
        return mint_name(spec->issuer_name);
    return mint_subject(issuer != NULL ? issuer : spec);
}

/* Opaque octets to all but its maker (R5280-4.2.1.2): SHA-1 of the SubjectPublicKeyInfo. */
/* What is left behind the tag, length and, if it is to be skipped, the content of an element of up
   to 64 KiB; len 0: it is no such element. */
static struct octets behind(struct octets from, uint8_t tag, bool content)
{
    size_t header = 2, len;

    if (from.len < 4 || from.data[0] != tag)
        return (struct octets){0};
    len = from.data[1];
    if (len == 0x81 || len == 0x82) {
        header += len - 0x80;
        len = len == 0x81 ? from.data[2] : (size_t)from.data[2] << 8 | from.data[3];
    }
    header += content ? len : 0;
    if (len > 0xFFFF || header > from.len)
        return (struct octets){0};
    return (struct octets){from.data + header, from.len - header, 0};
}

/* The BIT STRING of a SubjectPublicKeyInfo without its unused bits; what is none, whole. */
static struct octets key_bits(struct octets spki)
{
    struct octets bits =
        behind(behind(behind(spki, SEQUENCE, false), SEQUENCE, true), BIT_STRING, false);

    return bits.len < 2 ? spki : (struct octets){bits.data + 1, bits.len - 1, 0};
}

struct octets mint_skid(const struct mint *spec)
{
    struct octets key = key_bits(spki(spec)), content = {0};
    uint8_t hash[20];

    if (spec->skid != NULL)
        return mint_unhex(spec->skid);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, key.data, key.len, hash);
    put(&content, hash, sizeof hash);
    return content;
}

/* ---- the certificate ---- */

enum mint_algorithm mint_fitting(const struct mint *signer)
{
    static const enum mint_algorithm fits[] = {
        [MINT_P256] = MINT_ECDSA_SHA256,  [MINT_P384] = MINT_ECDSA_SHA384,
        [MINT_P521] = MINT_ECDSA_SHA512,  [MINT_RSA2048] = MINT_RSA_SHA256,
        [MINT_RSA1024] = MINT_RSA_SHA256, [MINT_ED25519] = MINT_EDDSA,
        [MINT_P224] = MINT_ECDSA_SHA256};

    return fits[signer->kind];
}

static const struct {
    const char *oid;
    gnutls_sign_algorithm_t sign;
    const char *parameters_hex;
} algorithms[] = {
    [MINT_ECDSA_SHA1] = {"1.2.840.10045.4.1", GNUTLS_SIGN_ECDSA_SHA1, ""},
    [MINT_ECDSA_SHA256] = {"1.2.840.10045.4.3.2", GNUTLS_SIGN_ECDSA_SHA256, ""},
    [MINT_ECDSA_SHA384] = {"1.2.840.10045.4.3.3", GNUTLS_SIGN_ECDSA_SHA384, ""},
    [MINT_ECDSA_SHA512] = {"1.2.840.10045.4.3.4", GNUTLS_SIGN_ECDSA_SHA512, ""},
    [MINT_RSA_SHA1] = {"1.2.840.113549.1.1.5", GNUTLS_SIGN_RSA_SHA1, "0500"},
    [MINT_RSA_SHA256] = {"1.2.840.113549.1.1.11", GNUTLS_SIGN_RSA_SHA256, "0500"},
    [MINT_RSA_SHA384] = {"1.2.840.113549.1.1.12", GNUTLS_SIGN_RSA_SHA384, "0500"},
    [MINT_RSA_SHA512] = {"1.2.840.113549.1.1.13", GNUTLS_SIGN_RSA_SHA512, "0500"},
    /* RSASSA-PSS-params (RFC 4055): hash, MGF1 with it, salt of the hash's size. */
    [MINT_RSA_PSS_SHA256] = {"1.2.840.113549.1.1.10", GNUTLS_SIGN_RSA_PSS_RSAE_SHA256,
                             "3034A00F300D06096086480165030402010500"
                             "A11C301A06092A864886F70D010108300D06096086480165030402010500"
                             "A203020120"},
    [MINT_RSA_PSS_SHA384] = {"1.2.840.113549.1.1.10", GNUTLS_SIGN_RSA_PSS_RSAE_SHA384,
                             "3034A00F300D06096086480165030402020500"
                             "A11C301A06092A864886F70D010108300D06096086480165030402020500"
                             "A203020130"},
    [MINT_RSA_PSS_SHA512] = {"1.2.840.113549.1.1.10", GNUTLS_SIGN_RSA_PSS_RSAE_SHA512,
                             "3034A00F300D06096086480165030402030500"
                             "A11C301A06092A864886F70D010108300D06096086480165030402030500"
                             "A203020140"},
    [MINT_EDDSA] = {"1.3.101.112", GNUTLS_SIGN_EDDSA_ED25519, ""}};

struct octets mint_algorithm_identifier(const struct mint *spec, enum mint_algorithm which,
                                        const char *instead)
{
    struct octets content = {0};

    if (instead != NULL)
        return mint_unhex(instead);
    put_oid(&content, algorithms[which].oid);
    put_hex(&content, spec->ecdsa_null ? "0500" : algorithms[which].parameters_hex);
    return mint_wrapped(SEQUENCE, content);
}

static struct octets tbs(const struct mint *spec, const struct mint *issuer,
                         struct octets signature)
{
    struct octets content = {0}, version = {0}, validity = {0};

    put_unsigned(&version, INTEGER, (uint64_t)(spec->version > 0 ? spec->version : 3) - 1);
    if (spec->version >= 0)
        put_in(&content, 0xA0, version);
    put_in(&content, INTEGER, mint_serial(spec));
    put_octets(&content, signature);
    put_octets(&content, mint_issuer_name(spec, issuer));
    mint_put_time(&validity, spec->not_before != 0 ? spec->not_before : MINT_NOT_BEFORE, NULL);
    mint_put_time(&validity, spec->not_after != 0 ? spec->not_after : MINT_NOT_AFTER,
                  spec->not_after_raw);
    put_in(&content, SEQUENCE, validity);
    put_octets(&content, mint_subject(spec));
    put_octets(&content, spki(spec));
    if (spec->unique_id)
        put_der(&content, 0x81, "\x00\x01", 2);
    if (!spec->no_extensions)
        put_in(&content, 0xA3, mint_wrapped(SEQUENCE, mint_extensions(spec, issuer)));
    if (spec->tbs_more_hex != NULL)
        put_hex(&content, spec->tbs_more_hex);
    return mint_wrapped(SEQUENCE, content);
}

struct octets mint_signature(const struct mint *spec, const struct mint *signer,
                             enum mint_algorithm which, struct octets data)
{
    const char *key = spec->signing_key != NULL ? spec->signing_key : key_name(signer);
    gnutls_datum_t in = {data.data, (unsigned)data.len}, out;
    struct octets bits = {0};
    int rc = gnutls_privkey_sign_data2(mint_private_key(key, signer->kind),
                                       algorithms[which].sign, 0, &in, &out);

    if (rc < 0) {
        fprintf(stderr, "mint: signing with %s: %s\n", key, gnutls_strerror(rc));
        abort();
    }
    put(&bits, "", 1);
    put(&bits, out.data, out.size);
    gnutls_free(out.data);
    if (spec->corrupt)
        bits.data[bits.len - 1] ^= 1;
    return mint_wrapped(BIT_STRING, bits);
}

const struct minted *mint_make(const struct mint *spec, const struct mint *issuer)
{
    const struct mint *signer = issuer != NULL ? issuer : spec;
    enum mint_algorithm which =
        spec->algorithm != MINT_FITTING ? spec->algorithm : mint_fitting(signer);
    struct minted *minted = keep(sizeof *minted);
    struct octets inside =
        tbs(spec, issuer, mint_algorithm_identifier(spec, which, spec->tbs_algorithm_hex));
    struct octets content = {0}, whole = {0};

    put_octets(&content, inside);
    put_octets(&content, mint_algorithm_identifier(spec, which, spec->algorithm_hex));
    put_octets(&content, mint_signature(spec, signer, which, inside));
    put_in(&whole, SEQUENCE, content);
    if (spec->more_hex != NULL)
        put_hex(&whole, spec->more_hex);
    minted->der = whole.data;
    minted->len = whole.len;
    minted->pem = mint_pem("CERTIFICATE", whole.data, whole.len);
    return minted;
}

const char *mint_pem_list_n(const struct minted *const *certificates, size_t n)
{
    struct octets text = {0};

    for (size_t i = 0; i < n; i++)
        put(&text, certificates[i]->pem, strlen(certificates[i]->pem));
    put(&text, "", 1);
    return (const char *)text.data;
}

const char *mint_pem_list(const struct minted *first, ...)
{
    const struct minted *certificates[64];
    size_t n = 0;
    va_list args;

    va_start(args, first);
    for (const struct minted *one = first; one != NULL && n < 64;
         one = va_arg(args, const struct minted *))
        certificates[n++] = one;
    va_end(args);
    return mint_pem_list_n(certificates, n);
}

/* What of PEM is base64, and around each certificate's what JSON needs. */
const char *mint_x5c(const char *pem)
{
    char *array = keep_text("[%s]", pem), *to = array + 1;

    for (const char *line = pem; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t len = strcspn(line, "\n");
        if (strncmp(line, "-----BEGIN", 10) == 0) {
            if (to != array + 1)
                *to++ = ',';
            *to++ = '"';
        } else if (strncmp(line, "-----END", 8) == 0) {
            *to++ = '"';
        } else {
            memcpy(to, line, len);
            to += len;
        }
    }
    *to++ = ']';
    *to = '\0';
    return array;
}
