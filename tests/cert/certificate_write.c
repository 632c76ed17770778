/*
 * cert/certificate_write: what is written, as openssl and certtool read it. What certificates
 * with our extensions must look like: R5280-4.1-1, R5280-4.1-2, R5280-4.2.1.1, R5280-4.2.1.2,
 * R5280-4.2.1.3, R5280-4.2.1.9, R8226-8-1, R8226-9-1, R9118-3-1, R9118-6-1, R8226-5.1-1.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert/certificate_write.h"
#include "cert/tnauthlist.h"
#include "crypto/name.h"
#include "tests/help.h"
#include "tests/mint.h"
#include "tests/tool.h"

enum { YEAR_1949 = -631152001, YEAR_1950 = -631152000 };

/* What lives as long as the process, each test being one. */
static void *keep(void *thing)
{
    static void *kept[64];
    static size_t n;

    cr_assert(n < sizeof kept / sizeof *kept);
    kept[n++] = thing;
    return thing;
}

static struct der name(const char *text)
{
    struct stir_error error = {0};
    void *der;
    size_t len;

    cr_assert_eq(name_from_text(text, &der, &len, &error), 0, "%s", error.text);
    return (struct der){keep(der), len};
}

static struct stir_key *new_key(void)
{
    struct stir_error error;
    struct stir_key *key = stir_key_generate(&error);

    cr_assert_not_null(key, "%s", error.text);
    return keep(key);
}

static struct der spki_of(const struct stir_key *key)
{
    struct der spki;

    spki.data = key_spki(key, &spki.len);
    return spki;
}

/* A root; a test changes what it is about. */
static struct certificate_draft root_draft(const struct stir_key *key)
{
    static const uint8_t serial[] = {0x4B, 1, 2, 3, 4, 5, 6, 7};

    return (struct certificate_draft){
        .serial = {serial, sizeof serial},
        .issuer = name("CN=root"),
        .subject = name("CN=root"),
        .spki = spki_of(key),
        .not_before = MINT_NOT_BEFORE,
        .not_after = MINT_NOT_AFTER,
        .ca = true,
        .path_length = -1,
    };
}

/* FOLDER/NAME gets its PEM. */
static void put(const char *folder, const char *file, const struct certificate_draft *draft,
                const struct stir_key *key)
{
    struct stir_error error = {0};
    void *der;
    size_t len;

    cr_assert_eq(certificate_write(draft, key, &der, &len, &error), 0, "%s", error.text);
    tool_write(folder, file, mint_pem("CERTIFICATE", der, len));
    free(der);
}

/* What openssl x509 says of it. */
static char *words(const struct certificate_draft *draft, const struct stir_key *key)
{
    char *folder = tool_folder(), *output;

    put(folder, "x.pem", draft, key);
    cr_assert_eq(tool_run(folder, &output, "openssl x509 -in x.pem -noout -text"), 0, "%s",
                 output);
    tool_folder_remove(folder);
    return output;
}

#define HAS(text, part) cr_expect(strstr(text, part) != NULL, "no \"%s\" in %s", part, text)
#define LACKS(text, part) cr_expect(strstr(text, part) == NULL, "\"%s\" in %s", part, text)

Test(certificate_write, a_root)
{
    struct stir_key *key = new_key();
    struct certificate_draft draft = root_draft(key);

    tool_need("openssl");
    char *text = words(&draft, key);
    HAS(text, "Version: 3 (0x2)");
    HAS(text, "(0x4b01020304050607)");
    HAS(text, "Signature Algorithm: ecdsa-with-SHA256");
    HAS(text, "X509v3 Basic Constraints: critical\n                CA:TRUE\n");
    HAS(text, "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n");
    HAS(text, "X509v3 Subject Key Identifier");
    LACKS(text, "X509v3 Authority Key Identifier");
    LACKS(text, "1.3.6.1.5.5.7.1");
    free(text);

    draft.path_length = 0;
    text = words(&draft, key);
    HAS(text, "CA:TRUE, pathlen:0");
    free(text);
    draft.ca = false;
    draft.path_length = -1;
    text = words(&draft, key);
    HAS(text, "X509v3 Basic Constraints: critical\n                CA:FALSE\n");
    HAS(text, "X509v3 Key Usage: critical\n                Digital Signature\n");
    free(text);
}

/* Serial numbers whose first bit is set are the caller's to make positive, times his to choose:
   two digits of year from 1950 through 2049. */
static const struct {
    const char *desc;
    int64_t not_before, not_after;
    const char *wanted; /* in asn1parse; NULL: refused */
    const char *also;
} validities[] = {
    {"both short", 1735689600, 2524607999, "UTCTIME           :250101000000Z",
     "UTCTIME           :491231235959Z"},
    {"a second later", 1735689600, 2524608000, "UTCTIME           :250101000000Z",
     "GENERALIZEDTIME   :20500101000000Z"},
    {"1950", YEAR_1950, 0, "UTCTIME           :500101000000Z",
     "UTCTIME           :700101000000Z"},
    {"a second before", YEAR_1949, 0, "GENERALIZEDTIME   :19491231235959Z", "UTCTIME"},
    {"the last of all", 0, 253402300799, "GENERALIZEDTIME   :99991231235959Z", "UTCTIME"},
    {"the year 10000", 0, 253402300800, NULL, NULL},
    {"before the year 0", -62167219201, 0, NULL, NULL},
};

Test(certificate_write, validity)
{
    struct stir_key *key = new_key();
    char *folder = tool_folder(), *output;

    tool_need("openssl");
    for (size_t i = 0; i < sizeof validities / sizeof *validities; i++) {
        struct certificate_draft draft = root_draft(key);
        struct stir_error error = {0};
        void *der = NULL;
        size_t len;
        draft.not_before = validities[i].not_before;
        draft.not_after = validities[i].not_after;
        if (validities[i].wanted == NULL) {
            cr_expect_eq(certificate_write(&draft, key, &der, &len, &error), STIR_E_ARGUMENT,
                         "%s", validities[i].desc);
            continue;
        }
        put(folder, "x.pem", &draft, key);
        cr_assert_eq(tool_run(folder, &output, "openssl asn1parse -in x.pem"), 0);
        HAS(output, validities[i].wanted);
        HAS(output, validities[i].also);
        free(output);
    }
    tool_folder_remove(folder);
}

/* Every kind of issuer's key, and a leaf below that openssl and certtool take. */
static const struct {
    const char *desc;
    enum mint_kind kind;
} issuers[] = {
    {"P-256", MINT_P256}, {"P-384", MINT_P384}, {"P-521", MINT_P521}, {"RSA", MINT_RSA2048}};

Test(certificate_write, below_every_kind_of_key)
{
    struct stir_key *leaf_key = new_key();
    char *folder = tool_folder(), *output;

    tool_need("openssl");
    tool_need("certtool");
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        struct stir_error error;
        struct stir_key *key =
            stir_key_parse(mint_key_pem("issuer", issuers[i].kind), STIR_NUL, &error);
        cr_assert_not_null(key, "%s: %s", issuers[i].desc, error.text);
        struct certificate_draft root = root_draft(key), leaf = root_draft(leaf_key);
        uint8_t id[KEY_ID_SIZE];
        cr_assert_eq(certificate_key_id(spki_of(key), id), 0);
        leaf.akid = (struct der){id, sizeof id};
        leaf.subject = name("CN=leaf");
        leaf.ca = false;
        put(folder, "root.pem", &root, key);
        put(folder, "leaf.pem", &leaf, key);
        int rc =
            tool_run(folder, &output, "openssl verify -x509_strict -CAfile root.pem leaf.pem");
        cr_expect_eq(rc, 0, "%s: %s", issuers[i].desc, output);
        free(output);
        rc = tool_run(folder, &output, "cat leaf.pem root.pem | certtool --verify-chain");
        cr_expect(rc == 0 && strstr(output, "Verified.") != NULL, "%s: %s", issuers[i].desc,
                  output);
        free(output);
        stir_key_free(key);
    }
    tool_folder_remove(folder);
}

/* The octets of an extension's value in what was written, in hex; "" if it is not there. */
static char *extension(const struct certificate_draft *draft, const struct stir_key *key,
                       const char *oid)
{
    char *folder = tool_folder(), *output;

    put(folder, "x.pem", draft, key);
    int rc = tool_run(folder, &output,
                      "openssl asn1parse -in x.pem | grep -A2 ':%s$' | "
                      "sed -n '2{/BOOLEAN/s/.*/critical/p};s/.*HEX DUMP.:/ /p' | tr -d '\\n '",
                      oid);
    cr_assert_eq(rc, 0);
    tool_folder_remove(folder);
    return output;
}

/* Not critical, the list canonical; the plain constraints unless something is forbidden. */
Test(certificate_write, stir_extensions)
{
    struct stir_key *key = new_key();
    struct certificate_draft draft = root_draft(key);
    struct claim_constraints constraints = {0};
    struct stir_scope *scope = scope_new();
    struct tn_range range;
    char *hex;

    tool_need("openssl");
    draft.ca = false;
    draft.scope = scope; /* empty: no extension */
    draft.constraints = &constraints;
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.26");
    cr_expect_str_eq(hex, "");

    scope_add_tn(scope, "7035551212", 10);
    cr_assert(tn_range_make("5715551212", 10, 788, &range));
    scope_add_range(scope, range);
    scope_add_spc(scope, "bogus", 5);
    scope_normalise(scope);
    claim_constraints_add_include(&constraints, "confidence");
    claim_constraints_add_permit(&constraints, "confidence", "high");
    claim_constraints_add_permit(&constraints, "confidence", "medium");
    free(hex);
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.26");
    cr_expect_str_eq(
        hex, "302BA0071605626F677573A1123010160A3537313535353132313202020314A20C160A3730"
             "3335353531323132");
    free(hex);
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.27");
    cr_expect_str_eq(
        hex,
        "3032A00E300C160A636F6E666964656E6365A120301E301C160A636F6E666964656E636530"
        "0E0C04686967680C066D656469756D",
        "R8226-5.1-1: to constrain is to include JWTClaimConstraints: %s", hex);
    free(hex);
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.33");
    cr_expect_str_eq(hex, "");

    /* The vector of RFC 9118's certificate. */
    claim_constraints_add_exclude(&constraints, "priority");
    free(hex);
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.33");
    cr_expect_str_eq(
        hex, "3040A00E300C160A636F6E666964656E6365A120301E301C160A636F6E666964656E636530"
             "0E0C04686967680C066D656469756DA20C300A16087072696F72697479");
    free(hex);
    hex = extension(&draft, key, "1.3.6.1.5.5.7.1.27");
    cr_expect_str_eq(hex, "");
    free(hex);
    scope_free(scope);
    claim_constraints_free(&constraints);
}

/* The key identifier is the one that openssl makes: SHA-1 of the key's bits. */
Test(certificate_write, key_identifier)
{
    struct stir_key *key = new_key();
    struct certificate_draft draft = root_draft(key);
    char *folder = tool_folder(), *ours, *theirs, *pem;

    tool_need("openssl");
    put(folder, "x.pem", &draft, key);
    pem = stir_key_pem(key, NULL);
    tool_write(folder, "key.pem", pem);
    tool_run(folder, &ours, "openssl x509 -in x.pem -noout -ext subjectKeyIdentifier");
    tool_run(folder, &theirs,
             "openssl req -x509 -new -key key.pem -subj /CN=y -days 1 | "
             "openssl x509 -noout -ext subjectKeyIdentifier");
    cr_expect_str_eq(ours, theirs);
    cr_expect(strlen(ours) > 50, "%s", ours);
    free(pem);
    free(ours);
    free(theirs);
    tool_folder_remove(folder);

    uint8_t id[KEY_ID_SIZE];
    cr_expect_eq(certificate_key_id((struct der){(const uint8_t *)"rubbish", 7}, id),
                 STIR_E_SYNTAX);
}

/* What is judged before it is signed is what will be signed. */
Test(certificate_write, unsigned_is_the_same_but_for_the_signature)
{
    struct stir_key *key = new_key();
    struct certificate_draft draft = root_draft(key);
    struct der_element whole[2], tbs[2];
    struct stir_error error = {0};
    void *der[2];
    size_t len[2];

    cr_assert_eq(certificate_write(&draft, key, &der[0], &len[0], &error), 0);
    cr_assert_eq(certificate_write_unsigned(&draft, certificate_signature_by(key_kind(key)),
                                            &der[1], &len[1], &error),
                 0);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(der_only((struct der){der[i], len[i]}, DER_SEQUENCE, &whole[i]), 0);
        cr_assert_eq(der_take(&whole[i].content, DER_SEQUENCE, &tbs[i]), 0);
        keep(der[i]);
    }
    cr_expect(der_equal(tbs[0].whole, tbs[1].whole));
    cr_expect(!der_equal(whole[0].content, whole[1].content));
}

Test(certificate_write, a_key_that_signs_no_certificates)
{
    struct stir_error error = {0};
    struct stir_key *key =
        stir_key_parse(mint_key_pem("small", MINT_RSA1024), STIR_NUL, &error);
    void *der;
    size_t len;

    cr_assert_not_null(key, "%s", error.text);
    struct certificate_draft draft = root_draft(keep(key));
    cr_expect_eq(certificate_write(&draft, key, &der, &len, &error), STIR_E_ARGUMENT);
    cr_expect_null(der);
}
