/*
 * What a path costs that was never seen: from PEM to an anchor, measured by what GnuTLS takes for
 * the same certificates at least, which is reading each once and verifying each signature once
 * (its keys are made beforehand).
 */
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "bench/measure.h"
#include "cert/path.h"
#include "cert/chain.h"
#include "tests/mint.h"

enum { MOST = 4, RUNS = 5 };

struct listed {
    gnutls_datum_t der, tbs, signature;
    gnutls_sign_algorithm_t algorithm;
    gnutls_pubkey_t issuer_key;
};

struct input {
    const char *pem;
    struct anchors anchors;
    struct listed listed[MOST];
    size_t n;
    struct stir_chain *chain;
};

static void read_only(void *arg)
{
    struct input *input = arg;

    for (size_t i = 0; i < input->n; i++) {
        gnutls_x509_crt_t crt;
        measure_need(gnutls_x509_crt_init(&crt) >= 0, "gnutls_x509_crt_init");
        measure_need(gnutls_x509_crt_import(crt, &input->listed[i].der, GNUTLS_X509_FMT_DER)
                         >= 0,
                     "gnutls_x509_crt_import");
        gnutls_x509_crt_deinit(crt);
    }
}

static void verify_only(void *arg)
{
    struct input *input = arg;

    for (size_t i = 0; i < input->n; i++) {
        struct listed *listed = &input->listed[i];
        measure_need(gnutls_pubkey_verify_data2(listed->issuer_key, listed->algorithm, 0,
                                                &listed->tbs, &listed->signature)
                         >= 0,
                     "gnutls_pubkey_verify_data2");
    }
}

static void by_gnutls(void *arg)
{
    read_only(arg);
    verify_only(arg);
}

static void parse(void *arg)
{
    struct input *input = arg;
    struct stir_chain *chain;

    measure_need(chain_new(input->pem, strlen(input->pem), false, &es256_gnutls, &chain) == 0,
                 "chain_new");
    stir_chain_free(chain);
}

static void build(void *arg)
{
    struct input *input = arg;
    struct warnings warnings = {0};
    struct stir_error error = {0};
    struct path path;
    int rc = path_build(&path, input->chain, &input->anchors, PATH_ORDER_AUTO, MINT_NOW,
                        &warnings, &error);

    measure_need(rc == 0, error.text);
    path_free(&path);
    warnings_free(&warnings);
}

static void cold(void *arg)
{
    struct input *input = arg, now = *input;

    measure_need(chain_new(input->pem, strlen(input->pem), false, &es256_gnutls, &now.chain)
                     == 0,
                 "chain_new");
    build(&now);
    stir_chain_free(now.chain);
}

static gnutls_datum_t datum_of(struct der der)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)der.data, (unsigned)der.len};
}

static gnutls_pubkey_t key_of(const struct minted *minted)
{
    gnutls_datum_t der = {(unsigned char *)(uintptr_t)minted->der, (unsigned)minted->len};
    gnutls_x509_crt_t crt;
    gnutls_pubkey_t key;

    measure_need(gnutls_x509_crt_init(&crt) >= 0
                     && gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) >= 0
                     && gnutls_pubkey_init(&key) >= 0
                     && gnutls_pubkey_import_x509(key, crt, 0) >= 0,
                 "an issuer's key");
    gnutls_x509_crt_deinit(crt);
    return key;
}

static gnutls_sign_algorithm_t algorithm_of(gnutls_datum_t der)
{
    gnutls_x509_crt_t crt;

    measure_need(gnutls_x509_crt_init(&crt) >= 0
                     && gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) >= 0,
                 "a certificate");
    int algorithm = gnutls_x509_crt_get_signature_algorithm(crt);
    gnutls_x509_crt_deinit(crt);
    return (gnutls_sign_algorithm_t)algorithm;
}

/* chain: signer first, the anchor last, which is not in the list. */
static void prepare(struct input *input, const struct mint *const *chain, size_t n)
{
    const struct minted *minted[MOST + 1];
    struct stir_error error = {0};

    for (size_t i = 0; i < n; i++)
        minted[i] = mint_make(chain[i], i + 1 < n ? chain[i + 1] : NULL);
    *input = (struct input){.pem = mint_pem_list_n(minted, n - 1), .n = n - 1};
    measure_need(anchors_add_pem(&input->anchors, minted[n - 1]->pem,
                                 strlen(minted[n - 1]->pem), &es256_gnutls, &error)
                     == 0,
                 error.text);
    measure_need(chain_new(input->pem, strlen(input->pem), false, &es256_gnutls, &input->chain)
                     == 0,
                 "chain_new");
    for (size_t i = 0; i < input->n; i++) {
        const struct stir_certificate *certificate = input->chain->certificates[i];
        gnutls_datum_t der = datum_of(certificate->der);
        input->listed[i] =
            (struct listed){der, datum_of(certificate->tbs), datum_of(certificate->signature),
                            algorithm_of(der), key_of(minted[i + 1])};
    }
}

static void tidy(struct input *input)
{
    for (size_t i = 0; i < input->n; i++)
        gnutls_pubkey_deinit(input->listed[i].issuer_key);
    stir_chain_free(input->chain);
    anchors_free(&input->anchors);
}

static int run(const char *desc, const struct mint *const *chain, size_t n)
{
    struct input input;

    prepare(&input, chain, n);
    struct contender contenders[] = {
        {"GnuTLS: n imports, n verifications", NULL, by_gnutls, &input, 0, 0},
        {"cold path: list read, path built", NULL, cold, &input, 1.3, 0},
        {"GnuTLS: the imports alone", NULL, read_only, &input, 0, 0},
        {"list read", NULL, parse, &input, 0, 0},
        {"GnuTLS: the verifications alone", NULL, verify_only, &input, 0, 0},
        {"path built", NULL, build, &input, 0, 0},
    };
    size_t many = sizeof contenders / sizeof *contenders;
    printf("%s, %zu certificates in the list:\n", desc, input.n);
    measure(contenders, many, MEASURE_TURNS, RUNS);
    int missed = measure_print(contenders, many);
    tidy(&input);
    return missed;
}

int main(void)
{
    static const struct mint root_384 = {
        .subject = "Root 384", .ca = MINT_YES, .kind = MINT_P384};
    static const struct mint root_rsa = {
        .subject = "Root RSA", .ca = MINT_YES, .kind = MINT_RSA2048};
    const struct mint *const shaken[] = {&mint_shaken, &mint_sti_ca, &mint_root};
    const struct mint *const delegate[] = {&mint_delegate, &mint_spc_ca, &mint_sti_ca,
                                           &mint_root};
    const struct mint *const p384[] = {&mint_shaken, &mint_sti_ca, &root_384};
    const struct mint *const rsa[] = {&mint_shaken, &mint_sti_ca, &root_rsa};
    int missed = run("A provider's certificate", shaken, 3);

    missed |= run("A delegate's certificate", delegate, 4);
    missed |= run("A provider's, under a P-384 root", p384, 3);
    return missed | run("A provider's, under an RSA root", rsa, 3);
}
