/* cert/anchors: what may be trusted, and finding it. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert/anchors.h"
#include "cert/name_canonical.h"
#include "tests/help.h"
#include "tests/mint.h"

#define CA .subject = "Root", .ca = MINT_YES
#define EXTENSIONS(...)                                                                        \
    .extensions = (const struct mint_extension[])                                              \
    {                                                                                          \
        __VA_ARGS__,                                                                           \
        {                                                                                      \
            NULL                                                                               \
        }                                                                                      \
    }

static const struct {
    const char *desc;
    struct mint spec;
    const struct mint *issuer;
    int rc, code;
    const char *sentence;
} cases[] = {
    {"a root", {CA}, NULL, 0, 0, ""},
    {"A-34: an anchor need not be self-signed", {CA}, &mint_root, 0, 0, ""},
    {"with a list", {CA, .tnauthlist = "709J"}, NULL, 0, 0, ""},
    {"A-33: a root without keyUsage", {CA, .key_usage = MINT_KU_ABSENT}, NULL, 0, 0, ""},
    {"an expired one: time is judged at validation",
     {CA, .not_before = MINT_NOW - 100, .not_after = MINT_NOW - 1},
     NULL,
     0,
     0,
     ""},
    {"RSA", {CA, .key = "r", .kind = MINT_RSA2048}, NULL, 0, 0, ""},
    {"no CA",
     {.subject = "Root", .ca = MINT_NO},
     NULL,
     STIR_E_REFUSED,
     STIR_CODE_ISSUER_NOT_CA,
     "certificate 0 \"Root\" is no CA"},
    {"R5280-4.2.1.3: no keyCertSign",
     {CA, .key_usage = MINT_KU_DIGITAL_SIGNATURE},
     NULL,
     STIR_E_REFUSED,
     STIR_CODE_KEY_USAGE,
     "digitalSignature"},
    {"RSA, too short",
     {CA, .key = "r", .kind = MINT_RSA1024},
     NULL,
     STIR_E_REFUSED,
     STIR_CODE_CERT_ALGORITHM,
     "RSA 1024"},
    {"an unknown critical extension",
     {CA, EXTENSIONS({"1.2.3", true, "0500"})},
     NULL,
     STIR_E_REFUSED,
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     "1.2.3"},
    {"a broken list",
     {CA, .tnauthlist_hex = "3000"},
     NULL,
     STIR_E_REFUSED,
     STIR_CODE_TNAUTHLIST_SYNTAX,
     "certificate 0 \"Root\""},
};

static int add(struct anchors *anchors, const char *pem, struct stir_error *error)
{
    error_clear(error);
    return anchors_add_pem(anchors, pem, strlen(pem), &es256_gnutls, error);
}

Test(anchors, add)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct anchors anchors = {0};
        struct stir_error error;
        const struct minted *made = mint_make(&cases[i].spec, cases[i].issuer);
        int rc = add(&anchors, made->pem, &error);

        cr_expect_eq(rc, cases[i].rc, "%s: %s", cases[i].desc, error.text);
        cr_expect_eq(error.code, cases[i].code, "%s: %s", cases[i].desc, error.text);
        cr_expect_eq(error.depth, cases[i].code == 0 ? -1 : 0, "%s", cases[i].desc);
        cr_expect(strstr(error.text, cases[i].sentence) != NULL, "%s: %s", cases[i].desc,
                  error.text);
        cr_expect_eq(anchors.n, rc == 0, "%s", cases[i].desc);
        if (anchors.n > 0)
            cr_expect_str_eq(stir_certificate_text(anchors.certificates[0], "anchor"), "true");
        anchors_free(&anchors);
    }
}

Test(anchors, bundles)
{
    const struct minted *root = mint_make(&mint_root, NULL);
    const struct minted *other = mint_make(&(struct mint){CA}, NULL);
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    struct anchors anchors = {0};
    struct stir_error error;
    char *text = NULL;

    cr_assert_gt(
        asprintf(&text, "# roots\n%s\nsubject=...\n%s%s", root->pem, other->pem, root->pem), 0);
    cr_expect_eq(add(&anchors, text, &error), 0, "%s", error.text);
    cr_expect_eq(anchors.n, 2, "the same one twice");
    cr_expect_eq(add(&anchors, root->pem, &error), 0);
    cr_expect_eq(anchors.n, 2, "it is there already");
    free(text);
    const struct mint third = {.subject = "Third", .ca = MINT_YES};
    cr_expect_eq(add(&anchors, mint_pem_list(mint_make(&third, NULL), leaf, NULL), &error),
                 STIR_E_REFUSED);
    cr_expect_eq(error.depth, 1, "%s", error.text);
    cr_expect_eq(anchors.n, 2, "all or nothing");
    cr_expect_eq(add(&anchors, "nothing", &error), STIR_E_SYNTAX);
    cr_expect(strstr(error.text, "no certificate") != NULL, "%s", error.text);
    cr_expect_eq(add(&anchors, "-----BEGIN CERTIFICATE-----\nAQ\n", &error), STIR_E_SYNTAX);
    cr_expect_eq(add(&anchors, mint_key_pem("root", MINT_P256), &error), STIR_E_SYNTAX);
    cr_expect_eq(
        add(&anchors, "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n", &error),
        STIR_E_REFUSED);
    cr_expect_eq(error.code, STIR_CODE_CERT_SYNTAX, "%s", error.text);
    cr_expect_eq(anchors.n, 2);
    anchors_free(&anchors);
}

Test(anchors, found_again)
{
    /* One name, two keys; and the first key in a renewed certificate. */
    const struct mint a = {CA, .key = "a"}, b = {CA, .key = "b"};
    const struct mint renewed = {CA, .key = "a", .serial_hex = "07"};
    const struct mint namesake = {.subject = "Other", .ca = MINT_YES, .key = "a"};
    struct anchors anchors = {0}, copy = {0};
    struct stir_error error;
    struct stir_certificate *certificate = NULL;
    const struct minted *made = mint_make(&renewed, NULL);

    cr_assert_eq(
        add(&anchors, mint_pem_list(mint_make(&a, NULL), mint_make(&b, NULL), NULL), &error),
        0);
    cr_assert_eq(anchors_copy(&copy, &anchors), 0);
    anchors_free(&anchors);
    cr_assert_eq(certificate_new(made->der, made->len, &es256_gnutls, &certificate), 0);
    cr_expect_eq(anchors_by_subject(&copy, certificate->subject, MINT_NOW, 0),
                 copy.certificates[0]);
    cr_expect_eq(anchors_by_subject(&copy, certificate->subject, MINT_NOW, 1),
                 copy.certificates[1]);
    cr_expect_null(anchors_by_subject(&copy, certificate->subject, MINT_NOW, 2));
    cr_expect_eq(anchors_same(&copy, certificate, MINT_NOW), copy.certificates[0],
                 "the same key and name");
    certificate_free(certificate);
    made = mint_make(&namesake, NULL);
    cr_assert_eq(certificate_new(made->der, made->len, &es256_gnutls, &certificate), 0);
    cr_expect_null(anchors_same(&copy, certificate, MINT_NOW),
                   "the same key under another name");
    cr_expect_null(anchors_by_subject(&copy, certificate->subject, MINT_NOW, 0));
    certificate_free(certificate);
    anchors_free(&copy);
    cr_expect_eq(anchors_copy(&copy, &anchors), 0, "of none");
    anchors_free(&copy);
}

static size_t count_named(const struct anchors *anchors, struct der name)
{
    uint8_t sha256[DIGEST_SHA256_SIZE];
    size_t n;

    cr_assert_eq(name_canonical_digest(name, sha256), 0);
    const struct anchor_place *places = anchors_named(anchors, sha256, &n);
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(places[i].certificate, anchors->certificates[places[i].i]);
        cr_expect(name_canonical_equal(places[i].certificate->subject, name));
        if (i > 0) /* those of one key side by side, as they came */
            cr_expect_leq(memcmp(places[i - 1].certificate->spki_sha256,
                                 places[i].certificate->spki_sha256, 32),
                          0);
    }
    return n;
}

/* Each of a few names in two spellings, with two keys each, which come in turns from two sets. */
Test(anchors, named)
{
    static const char *const names[] = {"a", "b", "A", "c", "C", "B", "d", "e"};
    struct anchors anchors = {0}, more = {0}, copy = {0};
    struct stir_error error;

    cr_expect_eq(count_named(&anchors, (struct der){(const uint8_t *)"0", 2}), 0, "of none");
    for (size_t i = 0; i < 16; i++) {
        const struct mint spec = {
            .subject = names[i % 8], .ca = MINT_YES, .key = i % 3 == 0 ? "x" : "y"};
        cr_assert_eq(add(i % 5 == 0 ? &more : &anchors, mint_make(&spec, NULL)->pem, &error), 0,
                     "%s", error.text);
    }
    cr_assert_eq(anchors_add_all(&anchors, &more), 0);
    cr_assert_eq(anchors_copy(&copy, &anchors), 0);
    cr_expect_eq(copy.n, 16);
    anchors_free(&anchors);
    for (size_t i = 0; i < copy.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < copy.n; k++)
            n += name_canonical_equal(copy.certificates[i]->subject,
                                      copy.certificates[k]->subject);
        cr_expect_eq(count_named(&copy, copy.certificates[i]->subject), n, "%zu", i);
    }
    cr_expect_eq(count_named(&copy, (struct der){(const uint8_t *)"0", 2}), 0);
    anchors_free(&more);
    anchors_free(&copy);
}

Test(anchors, production_cas)
{
    help_need_corpora();
    char *path = help_corpus("shaken/ca"), file[600];
    DIR *folder = opendir(path);
    struct anchors anchors = {0};
    struct stir_error error;

    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strstr(entry->d_name, ".pem") == NULL)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        char *pem = help_read(file, NULL);
        cr_expect_eq(add(&anchors, pem, &error), 0, "%s: %s", entry->d_name, error.text);
        free(pem);
    }
    cr_expect_eq(anchors.n, 18);
    closedir(folder);
    anchors_free(&anchors);
    free(path);
}
