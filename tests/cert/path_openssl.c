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

#ifndef EVERY
#define EVERY 1
#endif

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
    int code = path_build(&path, chain, &anchors, order, MINT_NOW, &warnings, error);
    if (code == 0)
        code = path_check_times(&path, MINT_NOW, MINT_NOW, &warnings, error);
    cr_assert_geq(code, 0, "%d", code);
    path_free(&path);
    warnings_free(&warnings);
    stir_chain_free(chain);
    anchors_free(&anchors);
    return code;
}

/* ---- where they differ ---- */

enum { OK = 0, ANY_REFUSAL = -1 };

/*
 * With that bend, or those together, in the chain, this code here (OK: it validates) and that error there. Bends may
 * come together, so that a row says what explains a difference, not what must come of a bend.
 * A difference that no row explains fails, and so does a row whose bend alone makes none.
 */
static const struct rule {
    const char *bends[BEND_MOST];
    int ours, theirs;
    const char *why;
} rules[] = {
    /* What STIR asks of certificates and OpenSSL does not. */
    {{"signer_is_ca"},
     STIR_CODE_SIGNER_IS_CA,
     X509_V_OK,
     "a CA signs no PASSporTs (R9060-4-6)"},
    {{"key_usage"},
     STIR_CODE_KEY_USAGE,
     X509_V_OK,
     "a signer without digitalSignature (R5280-4.2.1.3); OpenSSL was told no purpose"},
    {{"key_kind"}, STIR_CODE_SIGNER_KEY, X509_V_OK, "a signer's key is on P-256 (R8226-4-1)"},
    {{"weak_key"}, STIR_CODE_SIGNER_KEY, X509_V_OK, "a signer's key is on P-256"},
    {{"weak_key"},
     STIR_CODE_CERT_ALGORITHM,
     X509_V_OK,
     "Ed25519, P-224, RSA of 1024 bits (A-34); OpenSSL was told no security level"},
    {{"weak_key"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"sha1"}, STIR_CODE_CERT_ALGORITHM, X509_V_OK, "SHA-1 (A-34)"},
    {{"no_akid"}, STIR_CODE_AKID_MISSING, X509_V_OK, "the AKI is required (R9060-7-4)"},
    {{"no_akid_key"}, STIR_CODE_AKID_MISSING, X509_V_OK, "with a keyIdentifier (A-23)"},
    {{"no_skid"}, STIR_CODE_AKID_MISSING, X509_V_OK, "nothing for the child's AKI to hold"},
    {{"no_skid_alone"}, STIR_CODE_SKID_MISSING, X509_V_OK, "an issuer's SKI (R9060-7-4)"},
    {{"no_extensions"}, STIR_CODE_AKID_MISSING, X509_V_OK, "the AKI is required"},
    /* Profiles of X.509 that OpenSSL reads more loosely. */
    {{"empty_extensions"}, STIR_CODE_CERT_SYNTAX, X509_V_OK, "SIZE (1..MAX) (R5280-4.1-1)"},
    {{"serial"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "0, negative, more than 20 octets, padded (A-34)"},
    {{"serial"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"version"}, STIR_CODE_CERT_SYNTAX, X509_V_OK, "not version 3 (A-34)"},
    {{"version"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "the same of the anchor, not taken"},
    {{"twice"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL minds the extensions that it knows"},
    {{"unequal_algorithms"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "an anchor not taken (R5280-4.1-1), whose own signature OpenSSL does not look at"},
    {{"name_constraints"},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     X509_V_OK,
     "critical, and not understood by us (R5280-6-1)"},
    {{"name_constraints"}, STIR_CODE_PATH_NO_ANCHOR, X509_V_OK, "an anchor not taken for that"},
    {{"policy_constraints"},
     STIR_CODE_CERT_CRITICAL_EXTENSION,
     X509_V_OK,
     "critical, and not understood by us (R5280-6-1); OpenSSL was not asked for policies"},
    {{"policy_constraints"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "an anchor not taken for that"},
    {{"no_basic_constraints"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "a CA has basicConstraints (R5280-4.2.1.9); of its anchors OpenSSL does not ask it"},
    {{"signer_is_anchor"},
     ANY_REFUSAL,
     X509_V_OK,
     "only a CA is a trust anchor; with -partial_chain to OpenSSL any certificate is, and it "
     "looks at no other then"},
    {{"issuer_in_capitals"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "names are compared octet by octet; OpenSSL folds case (RFC 5280 section 7.1)"},
    /* What is valid here. */
    {{"critical_list"},
     OK,
     X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
     "a critical TNAuthList is what we process (R8226-9-1)"},
    {{"last_second"},
     OK,
     X509_V_ERR_CERT_HAS_EXPIRED,
     "notAfter belongs to the validity (R5280-4.1-2)"},
    {{"akid_serial"},
     OK,
     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
     "another issuer and serial in the AKI is a warning (A-23)"},
    {{"cross_certified"},
     OK,
     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
     "OpenSSL follows the first issuer in the list that fits and does not turn back"},
    /* Several bends together. */
    {{"no_basic_constraints", "signer_is_ca"},
     STIR_CODE_KEY_USAGE,
     X509_V_OK,
     "no CA by basicConstraints, but with a CA's key usage"},
    {{"unknown_extension", "unknown_extension"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL minds the extensions that it knows"},
    {{"unequal_algorithms", "root_listed"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, so that the root in the list is judged as any certificate"},
    {{"unequal_algorithms", "expired_twin"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"unequal_algorithms", "intermediate_is_anchor"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, the same certificate in the list is judged"},
    {{"no_basic_constraints", "root_listed"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, the root in the list is judged"},
    {{"no_basic_constraints", "expired_twin"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"unequal_algorithms", "namesake"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its namesake in the list is judged"},
    {{"no_basic_constraints", "namesake"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, its namesake in the list is judged"},
    {{"no_basic_constraints", "intermediate_is_anchor"},
     STIR_CODE_ISSUER_NOT_CA,
     X509_V_OK,
     "the anchor is not taken, the same certificate in the list is judged"},
    {{"no_seconds", "intermediate_is_anchor"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "a block that is no certificate refuses the list, needed or not (A-34)"},
    {{"unequal_algorithms", "cross_certified"},
     STIR_CODE_CERT_SYNTAX,
     X509_V_OK,
     "the anchor is not taken, its twin in the list is judged"},
    {{"policies", "policies"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL was not asked for policies"},
    {{"policies", "policies"},
     STIR_CODE_PATH_NO_ANCHOR,
     X509_V_OK,
     "the same of the anchor, not taken"},
    {{"policy_constraints", "policy_constraints"},
     STIR_CODE_CERT_DUPLICATE_EXTENSION,
     X509_V_OK,
     "R5280-4.2-1; OpenSSL was not asked for policies"},
    {{"policy_constraints", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"namesake", "other_skid"},
     OK,
     X509_V_ERR_CERT_SIGNATURE_FAILURE,
     "OpenSSL takes the first issuer of that name and SKI and does not turn back"},
    {{"sha1", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"name_constraints", "self_issued"},
     STIR_CODE_AKID_MISMATCH,
     X509_V_OK,
     "of two authorities of one name the other got further, and is told of"},
    {{"self_issued", "no_skid"},
     OK,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "a signer of its issuer's name and without identifiers is self-signed to OpenSSL"},
    {{"self_issued", "no_skid", "other_akid"},
     OK,
     X509_V_ERR_CERT_SIGNATURE_FAILURE,
     "one of its issuer's name, with an AKI that fits nothing, is a root to OpenSSL"},
    {{"self_issued", "same_key_as_issuer"},
     OK,
     X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "a signer of its issuer's name and key is self-signed to OpenSSL"},
    {{"self_issued", "same_key_as_issuer"},
     OK,
     X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
     "an authority of its issuer's name and key is a root to OpenSSL"},
    {{"cross_certified", "root_listed"},
     OK,
     X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
     "OpenSSL follows the first issuer in the list and ends at a root that is no anchor"},
    {{"cross_certified", "expired_twin"}, OK, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "the same"},
};

static bool applies(const struct rule *rule, int ours, int theirs)
{
    return theirs == rule->theirs
           && (ours == rule->ours || (rule->ours == ANY_REFUSAL && ours != 0));
}

static bool is_explained(const struct bent *bent, int ours, int theirs)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (applies(&rules[i], ours, theirs) && bend_has_all(bent, rules[i].bends))
            return true;
    return false;
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

    for (uint64_t i = 1000 * nth; i < 1000 * (nth + 1); i += EVERY) {
        bend_some(&bent, i);
        compare(&bent, i, &tally);
    }
    cr_expect_gt(tally.valid, 200 / EVERY, "%zu", tally.valid);
    cr_expect_gt(tally.refused, 200 / EVERY, "%zu", tally.refused);
    cr_expect_gt(tally.explained, 100 / EVERY, "%zu", tally.explained);
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
