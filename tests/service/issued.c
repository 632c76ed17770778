/*
 * service/issuer: what comes out of it, as openssl, certtool and our own validator see it.
 * R9060-4-5, R9060-7-3, R5280-4.1-1.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/build_issuer.h"
#include "tests/tool.h"

static struct stir_chain *issue(const struct stir_chain *above, const struct stir_key *signer,
                                const struct stir_key *subject, const char *parts)
{
    struct stir_error error;
    struct stir_issuer *issuer = stir_issuer_new(NULL, above, signer, &error);
    struct stir_request *request = stir_request_new(subject);

    request_set_all(request, parts);
    struct stir_chain *chain = stir_issuer_issue(issuer, request, MINT_NOW, 0, &error);
    cr_assert_not_null(chain, "%s", error.text);
    stir_request_free(request);
    stir_issuer_free(issuer);
    return chain;
}

static void expect_field(const struct stir_chain *chain, size_t depth, const char *name,
                         const char *wanted)
{
    const char *found = stir_certificate_text(stir_chain_certificate(chain, depth), name);

    cr_expect(wanted == NULL ? found == NULL : found != NULL && strcmp(found, wanted) == 0,
              "%zu %s: wanted %s, found %s", depth, name, wanted, found);
}

/* What the validator makes of a credential under that root. */
static int validated(const struct stir_chain *root, const struct stir_chain *chain,
                     const struct stir_key *key)
{
    char *anchor = stir_chain_pem(root, NULL);
    struct stir_verifier *verifier = verifier_of(NULL, anchor);
    struct stir_signer *signer = stir_signer_new(verifier, chain, key, NULL, NULL);
    struct stir_result *result = stir_signer_precheck(signer, NULL, MINT_NOW, 0, NULL);
    int code = stir_result_code(result);

    stir_result_free(result);
    stir_signer_free(signer);
    stir_verifier_free(verifier);
    free(anchor);
    return code;
}

/* certtool goes by the clock. */
#define LONG "not_before=1735689600;not_after=2366841600;"

/* Root, STI-CA, provider, enterprise: others verify it, and the list is signer first. */
Test(issued, hierarchy)
{
    struct stir_key *keys[4];
    struct stir_chain *root, *sti_ca, *provider, *delegate;
    struct stir_error error;
    char *folder = tool_folder(), *output;

    tool_need("openssl");
    tool_need("certtool");
    for (int i = 0; i < 4; i++)
        keys[i] = stir_key_generate(&error);
    root = issue(NULL, keys[0], keys[0], LONG "subject=CN=root");
    sti_ca = issue(root, keys[0], keys[1], LONG "subject=CN=sti-ca;ca=yes");
    provider =
        issue(sti_ca, keys[1], keys[2], LONG "subject=CN=709J;ca=yes;path_length=0;spc=709J");
    delegate = issue(provider, keys[2], keys[3],
                     LONG "subject=CN=ACME\\, Inc.,C=US;range=12155551200+100;"
                          "permit=attest=A;must_exclude=rcd;spc=709J");
    cr_expect_not_null(stir_chain_certificate(delegate, 3));
    cr_expect_null(stir_chain_certificate(delegate, 4));
    expect_field(delegate, 0, "subject", "CN=ACME\\, Inc.,C=US");
    expect_field(delegate, 0, "issuer", "CN=709J");
    expect_field(delegate, 3, "subject", "CN=root");

    char *pem = stir_chain_pem(delegate, &error);
    tool_write(folder, "chain.pem", pem);
    free(pem);
    pem = stir_chain_pem(root, &error);
    tool_write(folder, "root.pem", pem);
    free(pem);
    pem = stir_chain_pem(provider, &error);
    tool_write(folder, "above.pem", pem);
    free(pem);
    int rc = tool_run(folder, &output,
                      "openssl verify -x509_strict -CAfile root.pem -untrusted above.pem "
                      "chain.pem");
    cr_expect_eq(rc, 0, "%s", output);
    free(output);
    rc = tool_run(folder, &output,
                  "csplit -sz -f c chain.pem /BEGIN/ '{*}'; "
                  "openssl verify -partial_chain -trusted c01 c00");
    cr_expect_eq(rc, 0, "%s", output);
    free(output);
    rc = tool_run(folder, &output, "certtool --verify-chain <chain.pem");
    cr_expect_eq(rc, 0, "%s", output);
    free(output);
    /* Numbers under an SPC, and no data to tell: that is ours alone to say. */
    cr_expect_eq(validated(root, delegate, keys[3]), STIR_CODE_ENCOMPASS_UNKNOWN);
    cr_expect_eq(validated(root, provider, keys[2]), STIR_CODE_SIGNER_IS_CA);
    tool_folder_remove(folder);
    stir_chain_free(delegate);
    stir_chain_free(provider);
    stir_chain_free(sti_ca);
    stir_chain_free(root);
    for (int i = 0; i < 4; i++)
        stir_key_free(keys[i]);
}

/* What is issued validates, and what had to be forced does not: the two judge alike. */
Test(issued, and_validator_agree)
{
    static const struct {
        const char *parts;
        int wanted;
    } cases[] = {
        {X "range=100+5", 0},
        {X "range=100+10", 0},
        {X "range=100+11", STIR_CODE_NOT_ENCOMPASSED},
        {X "spc=A", STIR_CODE_NOT_ENCOMPASSED},
        {X, STIR_CODE_TNAUTHLIST_GAP},
    };
    struct stir_key *key = stir_key_generate(NULL);
    struct stir_chain *root = issue(NULL, key, key, "subject=CN=root;range=100+10");
    struct stir_issuer *issuer = stir_issuer_new(NULL, root, key, NULL);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_request *request = stir_request_new(key);
        request_set_all(request, cases[i].parts);
        issuer_expect(cases[i].parts, issuer, request, cases[i].wanted, 0, NULL, true);
        struct stir_chain *chain =
            stir_issuer_issue(issuer, request, MINT_NOW, STIR_FORCE, NULL);
        cr_expect_eq(validated(root, chain, key), cases[i].wanted, "%s: %d", cases[i].parts,
                     validated(root, chain, key));
        stir_chain_free(chain);
        stir_request_free(request);
    }
    stir_issuer_free(issuer);
    stir_chain_free(root);
    stir_key_free(key);
}

/* What nobody said: a year, a root ten, and never beyond the issuer. Serial numbers differ. */
Test(issued, defaults)
{
    struct stir_error error;
    struct stir_key *key = stir_key_generate(&error);
    struct stir_chain *root = issue(NULL, key, key, "subject=CN=root");
    struct stir_chain *leaf = issue(root, key, key, "subject=CN=leaf");
    struct stir_chain *again = issue(root, key, key, "subject=CN=leaf");
    struct stir_chain *late = issue(root, key, key, "subject=CN=leaf;not_before=2082585600");

    expect_field(root, 0, "not_before", "2026-01-01T00:00:00Z");
    expect_field(root, 0, "not_after", "2035-12-30T00:00:00Z");
    expect_field(leaf, 0, "not_before", "2026-01-01T00:00:00Z");
    expect_field(leaf, 0, "not_after", "2027-01-01T00:00:00Z");
    expect_field(late, 0, "not_after", "2035-12-30T00:00:00Z");
    const char *serial = stir_certificate_text(stir_chain_certificate(leaf, 0), "serial");
    const char *other = stir_certificate_text(stir_chain_certificate(again, 0), "serial");
    cr_expect_eq(strlen(serial), 32, "%s", serial);
    cr_expect_str_neq(serial, other);
    stir_chain_free(late);
    stir_chain_free(again);
    stir_chain_free(leaf);
    stir_chain_free(root);
    stir_key_free(key);
}

/* A80-8, A80-9: what lint asks of certificates of ATIS-1000080 can be issued; what is left out is
   a finding. */
Test(issued, as_atis80_has_it)
{
#define NAMED "subject=CN=SHAKEN 709J,O=Telco,C=US;spc=709J;"
#define POINT "crl_url=https://crl.example.org/crl;crl_issuer=CN=STI-PA CRL,O=STI-PA;"
    static const struct {
        const char *parts, *rule; /* the one that is broken */
    } cases[] = {
        {NAMED POINT "policy=2.16.840.1.114569.1.1.4", NULL},
        {NAMED POINT, "policies"},
        {NAMED POINT "policy=2.16.840.1.114569.1.1.4;policy=1.2.3", "policies"},
        {NAMED POINT "policy=1.2.3", "policies-id"},
        {NAMED "policy=2.16.840.1.114569.1.1.4", "crl-distribution"},
        {NAMED "policy=2.16.840.1.114569.1.1.4;crl_url=https://crl.example.org/crl",
         "crl-distribution"},
        {NAMED "policy=2.16.840.1.114569.1.1.4;crl_issuer=CN=STI-PA", "crl-distribution"},
        {NAMED "policy=2.16.840.1.114569.1.1.4;crl_url=ftp://a/;crl_issuer=CN=STI-PA",
         "crl-distribution"},
    };
    struct stir_key *key = stir_key_generate(NULL);
    struct stir_chain *root = issue(NULL, key, key, "subject=CN=root");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_chain *leaf = issue(root, key, key, cases[i].parts);
        size_t len;
        const void *der = stir_certificate_der(stir_chain_certificate(leaf, 0), &len);
        struct stir_rows *rows = stir_lint(der, len, "atis80", NULL);
        const char *rule = stir_rows_text(rows, 0, "rule");
        if (cases[i].rule == NULL)
            cr_expect_null(rule, "%s: %s", cases[i].parts, rule);
        else
            cr_expect(rule != NULL && strcmp(rule, cases[i].rule) == 0, "%s: %s",
                      cases[i].parts, rule);
        cr_expect_null(stir_rows_text(rows, 1, "rule"), "%s", cases[i].parts);
        stir_rows_free(rows);
        stir_chain_free(leaf);
    }
    stir_chain_free(root);
    stir_key_free(key);
}

/* All that was asked for is what is read. */
Test(issued, fields)
{
    struct stir_error error;
    struct stir_key *key = stir_key_generate(&error);
    struct stir_chain *root = issue(NULL, key, key, "subject=CN=root;path_length=3");
    struct stir_chain *leaf =
        issue(root, key, key,
              "subject=CN=leaf;serial=00ff00000000000001;spc=B;spc=A;range=200+50;range=250+50;"
              "tn=100;must_include=a;must_exclude=b;permit=c=d");
    const struct stir_scope *scope = stir_certificate_scope(stir_chain_certificate(leaf, 0));
    struct stir_entry entry;

    expect_field(root, 0, "ca", "true");
    expect_field(root, 0, "path_length", "3");
    expect_field(root, 0, "key_usage", "keyCertSign, cRLSign");
    expect_field(leaf, 0, "ca", "false");
    expect_field(leaf, 0, "path_length", NULL);
    expect_field(leaf, 0, "key_usage", "digitalSignature");
    cr_assert(stir_scope_entry(scope, 0, &entry));
    cr_expect_str_eq(entry.spc, "A");
    cr_assert(stir_scope_entry(scope, 1, &entry));
    cr_expect_str_eq(entry.spc, "B");
    cr_assert(stir_scope_entry(scope, 2, &entry));
    cr_expect_str_eq(entry.first, "100");
    cr_assert(stir_scope_entry(scope, 3, &entry));
    cr_expect_str_eq(entry.first, "200");
    cr_expect_str_eq(entry.last, "299");
    cr_expect_not(stir_scope_entry(scope, 4, &entry));
    stir_chain_free(leaf);
    stir_chain_free(root);
    stir_key_free(key);
}
