/* cert/pem_list, cert/chain: bodies at x5u, strict where it matters (R8555-9.1-1, R9060-7-2, A-22,
   A-34, LIM-1). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/chain.h"
#include "cert/pem_list.h"
#include "tests/chain_steps.h"
#include "tests/help.h"
#include "tests/mint.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"
#define GOOD BEGIN "AQIDBAUG\n" END

/* What the blocks decode to, in hex, "." behind each. */
static int note(void *arg, uint8_t *der, size_t len)
{
    text_add_hex(arg, der, len);
    text_add(arg, ".");
    free(der);
    return 0;
}

static const struct {
    const char *desc, *pem;
    const char *strict;   /* blocks; or, with ! before it, of the sentence */
    const char *any_text; /* the same where other text may stand around */
} lists[] = {
    {"one block", GOOD, "010203040506.", "010203040506."},
    {"R8555-9.1-1: two", GOOD BEGIN "/+8=\n" END, "010203040506.ffef.", "010203040506.ffef."},
    {"A-22: CR LF", "-----BEGIN CERTIFICATE-----\r\nAQID\r\n-----END CERTIFICATE-----\r\n",
     "010203.", "010203."},
    {"A-22: CR", "-----BEGIN CERTIFICATE-----\rAQID\r-----END CERTIFICATE-----\r", "010203.",
     "010203."},
    {"A-22: no end of line at the end", BEGIN "AQID\n-----END CERTIFICATE-----", "010203.",
     "010203."},
    {"A-22: empty lines that CR ends", "\r\r\r\n" GOOD "\r", "010203040506.", "010203040506."},
    {"A-34: blanks behind lines",
     "-----BEGIN CERTIFICATE----- \nAQID \t\n-----END CERTIFICATE-----  \n", "010203.",
     "010203."},
    {"A-34: empty lines between blocks", "\n\n" GOOD "\n \n" GOOD "\n\n",
     "010203040506.010203040506.", "010203040506.010203040506."},
    {"A-22: other line lengths", BEGIN "A\nQ\nIDBA\nUG\n" END, "010203040506.",
     "010203040506."},
    {"padding, one", BEGIN "AQI=\n" END, "0102.", "0102."},
    {"padding, two", BEGIN "AQ==\n" END, "01.", "01."},

    {"nothing", "", "!no certificate", "!no certificate"},
    {"empty lines", "\n\n", "!no certificate", "!no certificate"},
    {"A-22: text before", "subject=ACME\n" GOOD, "!line 1: \"subject=ACME\" is text",
     "010203040506."},
    {"R8555-9.1-1: text between", GOOD "issuer=ACME\n" GOOD, "!line 4: \"issuer=ACME\" is text",
     "010203040506.010203040506."},
    {"text behind", GOOD "x\n", "!line 4", "010203040506."},
    {"a byte order mark", "\xEF\xBB\xBF" GOOD, "!line 1", "!no certificate"},
    {"A-22: another label",
     GOOD "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n",
     "!begins something else", "010203040506."},
    {"another label alone", "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n",
     "!begins something else", "!no certificate"},
    {"A-22: OpenSSL's trusted certificate",
     "-----BEGIN TRUSTED CERTIFICATE-----\nAQID\n-----END TRUSTED CERTIFICATE-----\n",
     "!begins something else", "!no certificate"},
    {"a label in small letters",
     "-----BEGIN certificate-----\nAQID\n-----END certificate-----\n", "!something else",
     "!no certificate"},
    {"A-22: a header", BEGIN "Proc-Type: 4,ENCRYPTED\n\nAQID\n" END, "!is a header",
     "!is a header"},
    {"an empty line inside", BEGIN "AQID\n\nBAUG\n" END, "!empty line inside",
     "!empty line inside"},
    {"blanks before a line", BEGIN " AQID\n" END, "!no line of base64", "!no line of base64"},
    {"blanks before a label", " " GOOD, "!is text", "!no certificate"},
    {"no end", BEGIN "AQID\n", "!has no END", "!has no END"},
    {"no end of the last line either", BEGIN "AQID", "!line 1: ", "!has no END"},
    {"no end of a second", GOOD BEGIN, "!line 4: ", "!has no END"},
    {"a header behind base64", BEGIN "AQID\nAQID:\n" END, "!line 3: \"AQID:\" is a header",
     "!is a header"},
    {"another beginning inside", BEGIN "AQID\n" GOOD, "!no line of base64",
     "!no line of base64"},
    {"another end", BEGIN "AQID\n-----END X509 CERTIFICATE-----\n", "!no line of base64",
     "!no line of base64"},
    {"an end without a beginning", END, "!is text", "!no certificate"},
    {"an empty block", BEGIN END, "!not complete", "!not complete"},
    {"a character of no alphabet", BEGIN "AQ*D\n" END, "!no line of base64",
     "!no line of base64"},
    {"base64url", BEGIN "_-8=\n" END, "!no line of base64", "!no line of base64"},
    {"padding left out", BEGIN "AQI\n" END, "!not complete", "!not complete"},
    {"too much padding", BEGIN "A===\n" END, "!no line of base64", "!no line of base64"},
    {"padding of a whole quantum", BEGIN "AQID====\n" END, "!no line of base64",
     "!no line of base64"},
    {"something behind padding", BEGIN "AQI=AQID\n" END, "!no line of base64",
     "!no line of base64"},
    {"bits beyond, which must be 0", BEGIN "AQJ=\n" END, "!no line of base64",
     "!no line of base64"},
    {"and here", BEGIN "AR==\n" END, "!no line of base64", "!no line of base64"},
};

/* In steps of so many octets; text that is found before a fault is the caller's, too. */
static int read_in_steps(const char *pem, size_t len, bool any_text, size_t step,
                         struct text *blocks, struct stir_error *error)
{
    struct pem_reader reader;
    int rc;

    pem_reader_begin(&reader, pem, len, PEM_CERTIFICATE, any_text);
    do {
        size_t budget = step;
        rc = pem_reader_step(&reader, &budget, note, blocks, error);
        cr_expect(rc != BUDGET_GONE || budget == 0, "it stops when the budget is gone");
    } while (rc == BUDGET_GONE);
    pem_reader_end(&reader);
    return rc;
}

static void check_list(size_t i, bool any_text)
{
    static const size_t steps[] = {SIZE_MAX, 1, 2, 3, 7, 27, 28, 29};
    const char *wanted = any_text ? lists[i].any_text : lists[i].strict;
    size_t len = strlen(lists[i].pem);
    char *pem = malloc(len + 1); /* so that a sanitizer sees the end */
    struct stir_error whole;

    error_clear(&whole);
    memcpy(pem, lists[i].pem, len);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        struct text blocks = {0};
        struct stir_error error;
        error_clear(&error);
        int rc = read_in_steps(pem, len, any_text, steps[k], &blocks, &error);
        cr_expect_eq(rc, wanted[0] == '!' ? STIR_CODE_X5U_BODY : 0, "%s, %zu: %s",
                     lists[i].desc, steps[k], error.text);
        cr_expect_eq(error.code, rc);
        if (wanted[0] == '!')
            cr_expect(strstr(error.text, wanted + 1) != NULL, "%s, %zu: %s", lists[i].desc,
                      steps[k], error.text);
        else
            cr_expect_str_eq(blocks.data, wanted, "%s, %zu: %s", lists[i].desc, steps[k],
                             blocks.data);
        if (k == 0)
            error_copy(&whole, &error);
        cr_expect_str_eq(error.text, whole.text, "%s, %zu", lists[i].desc, steps[k]);
        text_free(&blocks);
    }
    free(pem);
}

Test(pem_list, each)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        check_list(i, false);
        check_list(i, true);
    }
}

static int refuse(void *arg, uint8_t *der, size_t len)
{
    (void)len;
    free(der);
    return ++*(int *)arg == 2 ? STIR_E_REFUSED : 0;
}

Test(pem_list, each_ends_where_it_is_told)
{
    int n = 0;

    cr_expect_eq(pem_list_each(GOOD GOOD GOOD, 3 * strlen(GOOD), false, refuse, &n, NULL),
                 STIR_E_REFUSED);
    cr_expect_eq(n, 2);
}

/* Against GnuTLS, which the mint writes with, and back. */
Test(pem_list, write_and_read)
{
    uint8_t octets[200];

    for (size_t len = 1; len < sizeof octets; len++) {
        struct text found = {0}, wanted = {0};
        for (size_t i = 0; i < len; i++)
            octets[i] = (uint8_t)(i * 7 + len);
        char *pem = pem_list_write(octets, len);
        cr_expect_str_eq(pem, mint_pem("CERTIFICATE", octets, len), "%zu octets", len);
        cr_expect_eq(pem_list_each(pem, strlen(pem), false, note, &found, NULL), 0);
        note(&wanted, (uint8_t *)text_copy(octets, len), len);
        cr_expect_str_eq(found.data, wanted.data);
        text_free(&found);
        text_free(&wanted);
        free(pem);
    }
}

/* ---- chains ---- */

static struct stir_chain *parse(const void *body, size_t len)
{
    struct stir_error error;
    struct stir_chain *chain = stir_chain_parse(body, len, &error);

    cr_assert_not_null(chain, "%s", error.text);
    cr_assert_eq(error.code, 0);
    return chain;
}

/* R9060-7-2: concatenated PEM, one certificate after another. */
Test(pem_list, chain)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    const struct minted *ca = mint_make(&mint_sti_ca, &mint_root);
    const char *pem = mint_pem_list(leaf, ca, NULL);
    struct stir_chain *chain = parse(pem, STIR_NUL);
    struct stir_error error;

    cr_expect_eq(chain->fault.code, 0, "%s", chain->fault.text);
    cr_expect_eq(chain->n, 2);
    cr_expect_eq(stir_chain_certificate(chain, 0)->der.len, leaf->len, "R9060-7-3: as it came");
    cr_expect(memcmp(stir_chain_certificate(chain, 1)->der.data, ca->der, ca->len) == 0);
    cr_expect_null(stir_chain_certificate(chain, 2));
    char *again = stir_chain_pem(chain, &error);
    cr_expect_str_eq(again, pem);
    free(again);
    stir_chain_free(chain);
}

static void expect_fault(const void *body, size_t len, bool der_too, int code,
                         const char *sentence, const char *desc)
{
    struct stir_chain *chain = NULL;
    struct stir_error fault;

    error_clear(&fault);
    cr_expect_eq(chain_check(body, len, der_too, &fault), 0, "%s", desc);
    cr_assert_eq(chain_new(body, len, der_too, &es256_gnutls, &chain), 0, "%s", desc);
    cr_expect_eq(chain->fault.code, code, "%s: %s", desc, chain->fault.text);
    cr_expect(strstr(chain->fault.text, sentence) != NULL, "%s: %s", desc, chain->fault.text);
    cr_expect_eq(chain->n > 0, code == 0, "%s", desc);
    cr_expect_eq(fault.code, code, "%s: %s", desc, fault.text);
    cr_expect_str_eq(fault.text, chain->fault.text, "%s", desc);
    chain_steps_expect(body, len, der_too, desc);
    stir_chain_free(chain);
}

/* R8224: a body that is no list is a verdict (x5u-body), not a constructor's failure. */
Test(pem_list, bodies_that_are_none)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    const char *key = mint_key_pem("shaken", MINT_P256);

    expect_fault("", 0, false, STIR_CODE_X5U_BODY, "no certificate", "empty");
    expect_fault("<html>", 6, false, STIR_CODE_X5U_BODY, "is text", "HTML");
    expect_fault(key, strlen(key), false, STIR_CODE_X5U_BODY, "something else", "a key");
    expect_fault(leaf->der, leaf->len, false, STIR_CODE_X5U_BODY, "", "A-22: DER as PEM");
    expect_fault(leaf->der, leaf->len, true, 0, "", "A-22: DER where it may be");
    expect_fault(leaf->pem, strlen(leaf->pem), true, 0, "", "PEM there");
}

/* LIM-1, A-34 */
Test(pem_list, ten_certificates)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    const struct minted *all[11];
    char *text = NULL;

    for (size_t i = 0; i < 11; i++)
        all[i] = leaf;
    const char *ten = mint_pem_list_n(all, 10), *eleven = mint_pem_list_n(all, 11);
    expect_fault(ten, strlen(ten), false, 0, "", "ten");
    expect_fault(eleven, strlen(eleven), false, STIR_CODE_LIST_TOO_LONG, "11 certificates",
                 "eleven");
    cr_assert_gt(asprintf(&text, "%sx", eleven), 0);
    expect_fault(text, strlen(text), false, STIR_CODE_X5U_BODY, "is text",
                 "eleven, and no list either");
    free(text);
}

/* LIM-1: one octet more or less of empty lines. */
Test(pem_list, one_mebibyte)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    size_t len = strlen(leaf->pem);
    char *body = malloc(LIMIT_PEM_LIST + 1);

    memset(body, '\n', LIMIT_PEM_LIST + 1);
    memcpy(body, leaf->pem, len);
    expect_fault(body, LIMIT_PEM_LIST, false, 0, "", "1 MiB");
    expect_fault(body, LIMIT_PEM_LIST + 1, false, STIR_CODE_X5U_BODY, "1048576", "more");
    free(body);
}

/* a block that is no certificate is that certificate's fault. */
Test(pem_list, a_block_that_is_no_certificate)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    char *text = NULL;

    cr_assert_gt(asprintf(&text, "%s%s", leaf->pem, GOOD), 0);
    struct stir_chain *chain = parse(text, STIR_NUL);
    cr_expect_eq(chain->fault.code, 0);
    cr_assert_eq(chain->n, 2);
    cr_expect_eq(chain->certificates[0]->fault.code, 0);
    cr_expect_eq(chain->certificates[1]->fault.code, STIR_CODE_CERT_SYNTAX);
    stir_chain_free(chain);
    free(text);
}

/* A list of a real path; and one whose leaf has a long TNAuthList, of which an event loop is to
   do no more in a step than its budget says, to the end of an entry, and what cannot be
   divided: GnuTLS's look at a certificate, and a slice for each. */
Test(pem_list, steps)
{
    struct text entries = {0};

    for (unsigned i = 0; i < 4000; i++)
        text_addf(&entries, "%s12%09u%s", i > 0 ? "," : "", i * 7368787 % 1000000 * 1000,
                  i % 3 == 0 ? "+100" : "");
    const struct mint large = {.subject = "ACME", .tnauthlist = entries.data};
    const struct minted *leaf = mint_make(&large, &mint_spc_ca),
                        *spc_ca = mint_make(&mint_spc_ca, &mint_sti_ca),
                        *ca = mint_make(&mint_sti_ca, &mint_root);
    const char *list = mint_pem_list(leaf, spc_ca, ca, NULL),
               *usual =
                   mint_pem_list(mint_make(&mint_delegate, &mint_spc_ca), spc_ca, ca, NULL);
    size_t len = strlen(list), cost = chain_steps_cost(list, len);

    chain_steps_expect(usual, strlen(usual), false, "a usual list");
    cr_expect_eq(chain_steps_count(usual, strlen(usual), BUDGET_STEP), 1,
                 "what is usual is not interrupted");
    chain_steps_expect(list, len, false, "a large one");
    size_t undivided = leaf->len + 3 * BUDGET_SLICE, entry = 256,
           steps = chain_steps_count(list, len, BUDGET_SLICE);
    cr_expect_geq(steps * (BUDGET_SLICE + entry) + undivided, cost, "%zu, %zu", steps, cost);
    cr_expect_gt(cost, 5 * leaf->len, "%zu of %zu", cost, leaf->len);
    text_free(&entries);
}

static struct stir_chain *load(const void *body, size_t len, struct stir_error *error)
{
    char path[] = "/tmp/libstir-XXXXXX";
    int fd = mkstemp(path);

    cr_assert_geq(fd, 0);
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, (const char *)body + done, len - done);
        cr_assert_gt(n, 0);
        done += (size_t)n;
    }
    close(fd);
    struct stir_chain *chain = stir_chain_load(path, error);
    unlink(path);
    return chain;
}

Test(pem_list, load)
{
    const struct minted *leaf = mint_make(&mint_shaken, &mint_sti_ca);
    struct stir_error error;
    struct stir_chain *chain = load(leaf->pem, strlen(leaf->pem), &error);
    char *large = calloc(1, LIMIT_PEM_LIST + 1);

    cr_assert_not_null(chain, "%s", error.text);
    cr_expect_eq(chain->n, 1);
    stir_chain_free(chain);
    chain = load(large, LIMIT_PEM_LIST + 1, &error);
    cr_assert_not_null(chain, "%s", error.text);
    cr_expect_eq(chain->fault.code, STIR_CODE_X5U_BODY, "%s", chain->fault.text);
    stir_chain_free(chain);
    cr_expect_null(stir_chain_load("/nonexistent/list.pem", &error));
    cr_expect_eq(error.code, STIR_E_FILE, "%s", error.text);
    free(large);
}

Test(pem_list, arguments)
{
    struct stir_error error;

    cr_expect_null(stir_chain_parse(NULL, 0, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_chain_load(NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_chain_pem(NULL, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    cr_expect_null(stir_chain_certificate(NULL, 0));
    struct stir_chain *chain = parse("x", 1);
    cr_expect_null(stir_chain_pem(chain, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT, "%s", error.text);
    stir_chain_free(chain);
    stir_chain_free(NULL);
}

/* Real lists as they are served: every leaf with the CAs of its path. */
Test(pem_list, production_leaves)
{
    help_need_corpora();
    char *path = help_corpus("shaken/ca/"
                             "0ad4adc0b4d93fdb0e628c577020c73b8a5caff750e7e499f80ee2ab362a3f6a"
                             ".pem");
    struct stir_error error;
    struct stir_chain *chain = stir_chain_load(path, &error);

    cr_assert_not_null(chain, "%s", error.text);
    cr_expect_eq(chain->fault.code, 0, "%s", chain->fault.text);
    cr_expect_eq(chain->n, 1);
    stir_chain_free(chain);
    free(path);
}
