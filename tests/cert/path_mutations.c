/*
 * Every small change of a good certificate: bits, octets, lengths. All of a certificate is
 * signed or decides how the signature is read, so that nothing that differs from a good one may
 * validate: the list of exceptions is empty, and there is no place for one.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert/path.h"
#include "json/value.h"
#include "tests/help.h"
#include "tests/mint.h"
#include "tests/mutate.h"

/* A certificate whose issuer is the anchor, or has it as its own issuer. */
struct place {
    const char *name;
    const struct stir_certificate *below; /* before the certificate in the list, or NULL */
    struct anchors anchors;
    int64_t at;
    size_t by_signature, valid;
};

static int judge(const struct place *place, const uint8_t *der, size_t len,
                 struct stir_error *error)
{
    struct stir_certificate *certificates[2];
    struct warnings warnings = {0};
    struct path path;
    size_t n = 0;

    if (place->below != NULL)
        certificates[n++] = certificate_ref(place->below);
    cr_assert_eq(certificate_new(der, len, &es256_gnutls, &certificates[n++]), 0);
    struct stir_chain *chain = chain_of(certificates, n);
    int code = path_build(&path, chain, &place->anchors, PATH_ORDER_STRICT, place->at,
                          &warnings, error);
    if (code == 0)
        code = path_check_times(&path, place->at, place->at, &warnings, error);
    path_free(&path);
    warnings_free(&warnings);
    stir_chain_free(chain);
    return code;
}

static void expect_refused(void *arg, const struct mutation *mutation)
{
    struct place *place = arg;
    struct stir_error error = {0};
    int code = judge(place, mutation->data, mutation->len, &error);

    cr_expect_gt(code, 0, "%s: %s at %zu: %d", place->name, mutation->what, mutation->at, code);
    place->valid += code == 0;
    place->by_signature += code == STIR_CODE_PATH_SIGNATURE;
}

static void expect_all_refused(struct place *place, const uint8_t *der, size_t len,
                               const char *anchor)
{
    struct stir_error error = {0};

    cr_assert_eq(
        anchors_add_pem(&place->anchors, anchor, strlen(anchor), &es256_gnutls, &error), 0,
        "%s: %s", place->name, error.text);
    cr_expect_eq(judge(place, der, len, &error), 0, "%s, unchanged: %s", place->name,
                 error.text);
    size_t n = mutate_each(der, len, expect_refused, place);
    cr_expect_gt(n, len * 8);
    cr_expect_eq(place->valid, 0, "%s: %zu validate", place->name, place->valid);
    /* Otherwise nothing was shown but that syntax is strict. */
    cr_expect_gt(place->by_signature, n / 8, "%s: %zu of %zu", place->name, place->by_signature,
                 n);
    anchors_free(&place->anchors);
}

/* R5280-6-1, R5280-4.1-1 */
Test(path_mutations, delegate, .timeout = 300)
{
    struct place place = {.name = "delegate", .at = MINT_NOW};
    const struct minted *made = mint_make(&mint_delegate, &mint_spc_ca);

    expect_all_refused(&place, made->der, made->len,
                       mint_make(&mint_spc_ca, &mint_sti_ca)->pem);
}

/* The same for what is between signer and anchor. */
Test(path_mutations, issuer, .timeout = 300)
{
    const struct minted *made = mint_make(&mint_delegate, &mint_spc_ca);
    struct stir_certificate *below;

    cr_assert_eq(certificate_new(made->der, made->len, &es256_gnutls, &below), 0);
    struct place place = {.name = "issuer", .at = MINT_NOW, .below = below};
    made = mint_make(&mint_spc_ca, &mint_sti_ca);
    expect_all_refused(&place, made->der, made->len, mint_make(&mint_sti_ca, &mint_root)->pem);
    certificate_free(below);
}

/* RSA above, whose signatures have a form of their own. */
Test(path_mutations, below_rsa, .timeout = 300)
{
    struct mint above = mint_spc_ca;
    struct place place = {.name = "delegate below RSA", .at = MINT_NOW};

    above.kind = MINT_RSA2048;
    const struct minted *made = mint_make(&mint_delegate, &above);
    expect_all_refused(&place, made->der, made->len, mint_make(&above, &mint_sti_ca)->pem);
}

static char *shaken_path(const char *folder, const char *name)
{
    char *relative = NULL;

    cr_assert_gt(asprintf(&relative, "shaken/%s/%s.pem", folder, name), 0);
    char *path = help_corpus(relative);
    free(relative);
    return path;
}

/* Certificates that carriers signed calls with. */
static void judge_production(const char *line, size_t len)
{
    struct value *leaf;
    struct stir_error error = {0};
    size_t der_len;

    cr_assert_eq(value_load(line, len, &leaf, &error), 0, "%s", error.text);
    const char *name = value_string(value_member(leaf, "sha256"));
    struct place place = {.name = name};
    cr_assert(value_integer(value_member(leaf, "at"), &place.at));
    char *path = shaken_path("leaf", name);
    char *above = shaken_path("ca", value_string(value_at(value_member(leaf, "best_path"), 1)));
    uint8_t *der = help_pem(path, &der_len);
    char *anchor = help_read(above, NULL);
    expect_all_refused(&place, der, der_len, anchor);
    free(anchor);
    free(der);
    free(above);
    free(path);
    value_free(leaf);
}

Test(path_mutations, production, .timeout = 300)
{
    static const size_t wanted[] = {0, 200};
    size_t i = 0, next = 0;

    help_need_corpora();
    char *path = help_corpus("shaken/leaf.jsonl"), *all = help_read(path, NULL);
    cr_assert_not_null(all);
    for (char *line = all, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, i++)
        if (next < sizeof wanted / sizeof *wanted && wanted[next] == i) {
            judge_production(line, (size_t)(end - line));
            next++;
        }
    cr_expect_eq(next, sizeof wanted / sizeof *wanted);
    free(all);
    free(path);
}
