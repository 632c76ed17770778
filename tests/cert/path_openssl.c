/* Paths: ours and OpenSSL's judgement of 10,000 chains bent at random; each difference has its
   reason below. */
#include <criterion/criterion.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert/path.h"
#include "tests/bend.h"
#include "tests/build_steps.h"
#include "tests/cert/path_differences.h"
#include "tests/help.h"

/* ---- OpenSSL ---- */

enum { UNREADABLE = -1 }; /* one of the certificates, to OpenSSL */

static X509 *read_x509(const struct minted *made)
{
    const unsigned char *at = made->der;
    X509 *x509 = d2i_X509(NULL, &at, (long)made->len);

    if (x509 != NULL && at != made->der + made->len) {
        X509_free(x509);
        x509 = NULL;
    }
    return x509;
}

static STACK_OF(X509) * read_stack(const struct minted *const *made, size_t n)
{
    STACK_OF(X509) *stack = sk_X509_new_null();

    for (size_t i = 0; i < n; i++) {
        X509 *x509 = read_x509(made[i]);
        if (x509 == NULL) {
            sk_X509_pop_free(stack, X509_free);
            return NULL;
        }
        sk_X509_push(stack, x509);
    }
    return stack;
}

/* As openssl verify -partial_chain does: our anchors need not be self-signed either. */
static int verify(X509 *signer, STACK_OF(X509) * list, STACK_OF(X509) * anchors)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    for (int i = 0; i < sk_X509_num(anchors); i++)
        cr_assert_eq(X509_STORE_add_cert(store, sk_X509_value(anchors, i)), 1);
    cr_assert_eq(X509_STORE_CTX_init(context, store, signer, list), 1);
    X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context, 0, MINT_NOW);
    int rc = X509_verify_cert(context);
    int error = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    cr_assert(rc == 1 ? error == X509_V_OK : error != X509_V_OK, "%d, %d", rc, error);
    return error;
}

/* X509_V_*, or UNREADABLE. */
static int judge_openssl(const struct bent *bent)
{
    STACK_OF(X509) *list = read_stack(bent->list, bent->n_list);
    STACK_OF(X509) *anchors = read_stack(bent->anchors, bent->n_anchors);
    int error = UNREADABLE;

    if (list != NULL && anchors != NULL)
        error = verify(sk_X509_value(list, 0), list, anchors);
    sk_X509_pop_free(list, X509_free);
    sk_X509_pop_free(anchors, X509_free);
    return error;
}

static const char *openssl_said(int error)
{
    return error == UNREADABLE ? "unreadable" : X509_verify_cert_error_string(error);
}

/* ---- ours ---- */

static void take_anchors(const struct bent *bent, struct anchors *anchors)
{
    for (size_t i = 0; i < bent->n_anchors; i++)
        anchors_add_pem(anchors, bent->anchors[i]->pem, strlen(bent->anchors[i]->pem),
                        &es256_gnutls, NULL);
}

/* enum stir_code. */
static int judge_ours(const struct bent *bent, enum path_order order, struct stir_error *error)
{
    struct stir_certificate *certificates[BEND_LIST];
    struct anchors anchors = {0};
    struct warnings warnings = {0};
    struct path path = {0};

    take_anchors(bent, &anchors);
    for (size_t i = 0; i < bent->n_list; i++)
        cr_assert_eq(certificate_new(bent->list[i]->der, bent->list[i]->len, &es256_gnutls,
                                     &certificates[i]),
                     0);
    struct stir_chain *chain = chain_of(certificates, bent->n_list);
    const struct build build = {chain, &anchors, order, MINT_NOW};
    /* One in eight: walking them all again takes seconds. */
    static unsigned nth;
    int code = nth++ % 8 == 0
                   ? build_also_from_known(&path, &build, &warnings, error)
                   : path_build(&path, chain, &anchors, order, MINT_NOW, &warnings, error);
    if (code == 0)
        code = path_check_times(&path, MINT_NOW, MINT_NOW, &warnings, error);
    cr_assert_geq(code, 0, "%d", code);
    path_free(&path);
    warnings_free(&warnings);
    stir_chain_free(chain);
    anchors_free(&anchors);
    return code;
}

struct tally {
    size_t valid, refused, explained;
};

static void compare(const struct bent *bent, uint64_t number, struct tally *tally)
{
    struct stir_error error = {0};
    int theirs = judge_openssl(bent), ours = judge_ours(bent, PATH_ORDER_ANY, &error);

    if ((ours == 0) == (theirs == 0)) {
        ++*(ours == 0 ? &tally->valid : &tally->refused);
    } else {
        cr_expect(is_explained(bent, ours, theirs),
                  "chain %llu: %s: ours %s (%s), OpenSSL's %d (%s)", (unsigned long long)number,
                  bend_names(bent), stir_code_name(ours), error.text, theirs,
                  openssl_said(theirs));
        tally->explained++;
    }
    /* The list as it stands is one of those that a search finds. */
    if (ours != 0)
        cr_expect_neq(judge_ours(bent, PATH_ORDER_STRICT, NULL), 0, "chain %llu: %s",
                      (unsigned long long)number, bend_names(bent));
}

/* A process for each thousand, for what the mint makes is kept until exit. */
static void compare_thousand(uint64_t nth)
{
    struct tally tally = {0};
    struct bent bent;
    const size_t every = help_every();

    for (uint64_t i = 1000 * nth; i < 1000 * (nth + 1); i += every) {
        bend_some(&bent, i);
        compare(&bent, i, &tally);
    }
    cr_expect_gt(tally.valid, 100 / every, "%zu", tally.valid);
    cr_expect_gt(tally.refused, 100 / every, "%zu", tally.refused);
    cr_expect_gt(tally.explained, 50 / every, "%zu", tally.explained);
}

#define THOUSAND(nth)                                                                          \
    Test(path_openssl, thousand_##nth, .timeout = 600)                                         \
    {                                                                                          \
        compare_thousand(nth);                                                                 \
    }
THOUSAND(0)
THOUSAND(1)
THOUSAND(2)
THOUSAND(3)
THOUSAND(4)
THOUSAND(5)
THOUSAND(6)
THOUSAND(7)
THOUSAND(8)
THOUSAND(9)

/* Unbent chains validate with both. */
Test(path_openssl, straight)
{
    struct tally tally = {0};
    struct bent bent;

    for (uint64_t i = 0; i < 20; i++) {
        bend_by(&bent, (const char *[BEND_MOST]){NULL}, i);
        compare(&bent, i, &tally);
    }
    cr_expect_eq(tally.valid, 20);
}

static bool is_met(const struct rule *rule)
{
    struct bent bent;

    for (uint64_t i = 0; i < 400; i++) {
        bend_by(&bent, rule->bends, i);
        if (applies(rule, judge_ours(&bent, PATH_ORDER_ANY, NULL), judge_openssl(&bent)))
            return true;
    }
    return false;
}

Test(path_openssl, no_row_is_idle, .timeout = 600)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        cr_expect(is_met(&rules[i]), "%s: %s", rules[i].bends[0], rules[i].why);
}
