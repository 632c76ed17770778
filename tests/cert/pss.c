/* RSA-PSS with salts of any length (A-34, RFC 4055 section 3.1): certificates and CRLs that openssl
   signed, which GnuTLS and most makers give salts as long as the hash. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cert/crl_set.h"
#include "cert/chain.h"
#include "cert/pem_list.h"
#include "tests/mint.h"
#include "tests/mint_octets.h"
#include "tests/tool.h"

static const struct {
    const char *hash, *salt; /* as openssl has it */
    enum signature_kind kind;
    unsigned octets;
} salts[] = {
    {"sha256", "0", SIGNATURE_RSA_PSS_SHA256, 0},
    {"sha256", "20", SIGNATURE_RSA_PSS_SHA256, 20},
    {"sha256", "digest", SIGNATURE_RSA_PSS_SHA256, 32},
    {"sha256", "max", SIGNATURE_RSA_PSS_SHA256, 222}, /* what openssl 3.0 does unless told */
    {"sha384", "33", SIGNATURE_RSA_PSS_SHA384, 33},
    {"sha512", "max", SIGNATURE_RSA_PSS_SHA512, 190},
};

/* In FOLDER: key.pem of an RSA key; root.pem and crl, which it signed. */
static void make(const char *folder, const char *hash, const char *salt)
{
    char *said;
    int rc = tool_run(
        folder, &said,
        "openssl req -x509 -new -key key.pem -subj /CN=root -days 9999 -%s -sigopt "
        "rsa_padding_mode:pss -sigopt rsa_pss_saltlen:%s -out root.pem && openssl verify "
        "-CAfile root.pem root.pem && openssl ca -gencrl -config cnf -keyfile key.pem -cert "
        "root.pem -md %s -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:%s -out crl",
        hash, salt, hash, salt);

    cr_assert_eq(rc, 0, "%s %s: %s", hash, salt, said);
    free(said);
}

static char *folder_with_key(void)
{
    char *folder = tool_folder();

    tool_need("openssl");
    tool_write(folder, "key.pem", mint_key_pem("pss", MINT_RSA2048));
    tool_write(folder, "index", "");
    tool_write(folder, "cnf",
               "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_crl_days=30\ncrl_extensions="
               "e\n[e]\nauthorityKeyIdentifier=keyid\n");
    return folder;
}

static char *read_text(const char *folder, const char *name, size_t *len)
{
    char path[4200], *text;
    struct stir_error error;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    cr_assert_eq(file_read(path, 1 << 20, &text, len, &error), 0, "%s", error.text);
    return text;
}

static struct stir_chain *root_of(const char *folder)
{
    struct stir_chain *chain;
    size_t len;
    char *pem = read_text(folder, "root.pem", &len);

    cr_assert_eq(chain_new(pem, len, false, &es256_gnutls, &chain), 0);
    free(pem);
    return chain;
}

/* Whether the root is by its own key; the same where the certificate would say another salt. */
static void expect_certificate(struct stir_certificate *root, size_t i)
{
    cr_expect_eq(root->fault.code, 0, "%s", root->fault.text);
    cr_expect_eq(root->signature_kind, salts[i].kind);
    cr_expect_eq(root->salt, salts[i].octets, "%s %s: %u", salts[i].hash, salts[i].salt,
                 root->salt);
    cr_expect_eq(certificate_is_signed_by(root, root->key), 1, "%s %s", salts[i].hash,
                 salts[i].salt);
    root->salt++;
    cr_expect_eq(certificate_is_signed_by(root, root->key), 0, "%s %s: a longer salt",
                 salts[i].hash, salts[i].salt);
    root->salt--;
    if (root->salt-- > 0)
        cr_expect_eq(certificate_is_signed_by(root, root->key), 0, "%s %s: a shorter salt",
                     salts[i].hash, salts[i].salt);
    root->salt++;
}

/* The other issuer of the name has another key. */
static void expect_crl(const char *folder, const struct stir_certificate *root, size_t i)
{
    static const struct mint other = {
        .subject = "root", .key = "another", .kind = MINT_RSA2048};
    const struct minted *minted = mint_make(&other, NULL);
    struct stir_certificate *stranger;
    struct crl_set set = {0};
    struct stir_error error;
    size_t len;
    char *text = read_text(folder, "crl", &len);

    cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &stranger), 0);
    cr_assert_eq(crl_set_add(&set, text, len, "crl", &error), 0, "%s", error.text);
    cr_expect_eq(set.lists[0]->fault.code, 0, "%s", set.lists[0]->fault.text);
    cr_expect_eq(set.lists[0]->salt, salts[i].octets);
    cr_expect_eq(crl_is_signed_by(set.lists[0], stranger), 0);
    cr_expect_eq(crl_is_signed_by(set.lists[0], root), 1, "%s %s", salts[i].hash,
                 salts[i].salt);
    certificate_free(stranger);
    crl_set_free(&set);
    free(text);
}

Test(pss, by_openssl)
{
    char *folder = folder_with_key();

    for (size_t i = 0; i < sizeof salts / sizeof *salts; i++) {
        make(folder, salts[i].hash, salts[i].salt);
        struct stir_chain *chain = root_of(folder);
        expect_certificate(chain->certificates[0], i);
        expect_crl(folder, chain->certificates[0], i);
        stir_chain_free(chain);
    }
    tool_folder_remove(folder);
}

/* The same numbers as a key of PSS, bound to SHA-256 and salts of 33 octets or more. */
static struct public_key *bound_key(const struct stir_certificate *root)
{
    static const char algorithm[] =
        "06092A864886F70D01010A3034A00F300D06096086480165030402010500"
        "A11C301A06092A864886F70D010108300D06096086480165030402010500"
        "A203020121";
    struct der_element info, skipped, bits;
    struct octets content = mint_wrapped(SEQUENCE, mint_unhex(algorithm));
    struct stir_error error;

    cr_assert_eq(der_only(root->spki, DER_SEQUENCE, &info), 0);
    cr_assert_eq(der_take(&info.content, DER_SEQUENCE, &skipped), 0);
    cr_assert_eq(der_take(&info.content, DER_BIT_STRING, &bits), 0);
    put(&content, bits.whole.data, bits.whole.len);
    struct octets spki = mint_wrapped(SEQUENCE, content);
    struct public_key *key = public_key_new(&es256_gnutls, spki.data, spki.len, &error);
    cr_assert_not_null(key, "%s", error.text);
    return key;
}

Test(pss, keys_that_are_bound)
{
    static const struct {
        const char *hash, *salt;
        int good;
    } cases[] = {
        {"sha256", "32", 0}, {"sha256", "33", 1}, {"sha256", "max", 1}, {"sha384", "48", 0}};
    char *folder = folder_with_key();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(folder, cases[i].hash, cases[i].salt);
        struct stir_chain *chain = root_of(folder);
        const struct stir_certificate *root = chain->certificates[0];
        struct public_key *key = bound_key(root);
        cr_expect_eq(certificate_is_signed_by(root, root->key), 1);
        cr_expect_eq(certificate_is_signed_by(root, key), cases[i].good, "%s %s", cases[i].hash,
                     cases[i].salt);
        public_key_free(key);
        stir_chain_free(chain);
    }
    tool_folder_remove(folder);
}
