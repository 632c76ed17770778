/*
 * What a call costs, measured by one ES256 verification of the provider: with certificates that
 * the verifier has seen since its configuration was loaded (warm), and with some it has not.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64url.h"
#include "bench/measure.h"
#include "cert/chain.h"
#include "crypto/digest.h"
#include "tests/mint.h"

#define X5U "https://certificates.example.com/acme.pem"
#define ORIG "12155551234"
#define DEST "12155559876"

enum { RUNS = 5 };

struct input {
    const char *token, *body;
    size_t signing_len;
    uint8_t digest[ES256_DIGEST_SIZE], signature[ES256_SIGNATURE_SIZE];
    struct stir_chain *chain;
    void *key; /* the provider's own */
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct stir_call *call;
};

static void raw(void *arg)
{
    struct input *input = arg;

    measure_need(es256_gnutls.verify(input->key, input->digest, input->signature) == 1,
                 "the provider's verification");
}

static void es256(void *arg)
{
    struct input *input = arg;
    const struct es256_key *key = public_key_es256(input->chain->certificates[0]->key);

    measure_need(es256_verify(key, input->token, input->signing_len, input->signature) == 1,
                 "es256_verify");
}

static void judge(void *arg)
{
    struct input *input = arg;
    struct stir_error error;
    struct stir_result *result = stir_verify(input->verifier, input->call, MINT_NOW, 0, &error);

    measure_need(result != NULL, error.text);
    measure_need(stir_result_verdict(result) == STIR_VALID, stir_result_detail(result));
    stir_result_free(result);
}

/* A configuration that was just loaded has seen nothing. */
static void forget(void *arg)
{
    struct input *input = arg;
    struct stir_error error;

    measure_need(stir_verifier_reload(input->verifier, input->config, &error) == 0, error.text);
}

static void read_token(struct input *input)
{
    const char *last = strrchr(input->token, '.');
    uint8_t point[ES256_POINT_SIZE];

    input->signing_len = (size_t)(last - input->token);
    measure_need(base64url_decoded_size(strlen(last + 1)) == ES256_SIGNATURE_SIZE
                     && base64url_decode(last + 1, strlen(last + 1), input->signature) == 0
                     && digest_sha256(input->token, input->signing_len, input->digest) == 0,
                 "the token's signature");
    /* A P-256 SubjectPublicKeyInfo ends with x and y. */
    struct der spki = input->chain->certificates[0]->spki;
    memcpy(point, spki.data + spki.len - sizeof point, sizeof point);
    input->key = es256_gnutls.key_new(point);
    measure_need(input->key != NULL, "the provider's key");
}

static void make_call(struct input *input, const char *ppt)
{
    input->call = stir_call_new();
    measure_need(input->call != NULL, "a call");
    stir_call_add_header(input->call, "From", "<tel:+" ORIG ">", STIR_NUL);
    stir_call_add_header(input->call, "To", "<tel:+" DEST ">", STIR_NUL);
    stir_call_add_header(input->call, "Identity", mint_identity_value(input->token, X5U, ppt),
                         STIR_NUL);
}

static void make_verifier(struct input *input, const char *anchor)
{
    struct stir_error error;

    input->config = stir_config_new();
    measure_need(stir_config_set_data(input->config, "anchors", anchor, STIR_NUL, &error) == 0,
                 error.text);
    input->verifier = stir_verifier_new(input->config, &error);
    measure_need(input->verifier != NULL, error.text);
    measure_need(stir_verifier_supply(input->verifier, X5U, input->body, STIR_NUL, &error) == 0,
                 error.text);
}

/* chain: signer first, the anchor last, which is not in the list. */
static int run(const char *desc, const char *ppt, const struct mint *const *chain, size_t n)
{
    const struct minted *minted[4];
    struct input input = {0};

    for (size_t i = 0; i < n; i++)
        minted[i] = mint_make(chain[i], i + 1 < n ? chain[i + 1] : NULL);
    input.body = mint_pem_list_n(minted, n - 1);
    input.token = ppt == NULL ? mint_base_token(X5U, ORIG, DEST, MINT_NOW, chain[0]->key)
                              : mint_shaken_token(X5U, ORIG, DEST, MINT_NOW, chain[0]->key);
    measure_need(chain_new(input.body, strlen(input.body), false, &es256_gnutls, &input.chain)
                     == 0,
                 "chain_new");
    read_token(&input);
    make_call(&input, ppt);
    make_verifier(&input, minted[n - 1]->pem);
    struct contender contenders[] = {
        {"the provider's raw ES256", NULL, raw, &input, 0, 0},
        {"ES256 of the token", NULL, es256, &input, 0, 0},
        {"a call, certificates seen before", NULL, judge, &input, 0, 0},
        {"a call, certificates not seen before", forget, judge, &input, 0, 0},
    };
    printf("%s, %zu certificates in the list:\n", desc, n - 1);
    measure(contenders, sizeof contenders / sizeof *contenders, MEASURE_TURNS, RUNS);
    measure_print(contenders, sizeof contenders / sizeof *contenders);
    stir_call_free(input.call);
    stir_verifier_free(input.verifier);
    stir_config_free(input.config);
    stir_chain_free(input.chain);
    es256_gnutls.key_free(input.key);
    return 0;
}

int main(void)
{
    const struct mint *const shaken[] = {&mint_shaken, &mint_sti_ca, &mint_root};
    const struct mint *const delegate[] = {&mint_delegate, &mint_spc_ca, &mint_sti_ca,
                                           &mint_root};

    run("A provider's shaken token", "shaken", shaken, 3);
    run("A delegate's base token", NULL, delegate, 4);
    return 0;
}
