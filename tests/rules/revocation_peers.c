/*
 * Lists that others made: direct ones by openssl and certtool, judged by openssl, too; indirect
 * ones, which neither writes, by python3-cryptography (indirect.py), which reads ours.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "rules/revocation.h"
#include "tests/build_path.h"
#include "tests/help.h"
#include "tests/mint_crl.h"
#include "tests/tool.h"

static const struct mint root = {.subject = "C=US,O=Test,CN=root", .key = "root"};
static const struct mint ca = {.subject = "C=US,O=Test,CN=ca", .key = "ca", .ca = MINT_YES};
static const struct mint false_ca = {
    .subject = "C=US,O=Test,CN=ca", .key = "other", .ca = MINT_YES};
static const struct mint leaf = {
    .subject = "C=US,O=Test,CN=leaf", .key = "leaf", .serial_hex = "4A0102030405060708"};
static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};

static void must_run(const char *folder, const char *command)
{
    char *said;

    cr_assert_eq(tool_run(folder, &said, "%s", command), 0, "%s: %s", command, said);
    free(said);
}

static void write_all(const char *folder)
{
    tool_write(folder, "root.pem", mint_make(&root, NULL)->pem);
    tool_write(folder, "ca.pem", mint_make(&ca, &root)->pem);
    tool_write(folder, "leaf.pem", mint_make(&leaf, &ca)->pem);
    tool_write(folder, "pa.pem", mint_make(&pa, NULL)->pem);
    tool_write(folder, "ca.key", mint_key_pem("ca", MINT_P256));
    /* GnuTLS writes some keys in fewer octets than RFC 5915 section 3 has, which newer readers
       refuse; OpenSSL writes them anew. */
    tool_write(folder, "pa.gnutls", mint_key_pem("pa", MINT_P256));
    cr_assert_eq(tool_run(folder, NULL, "openssl pkey -in pa.gnutls -out pa.key"), 0);
}

/* The code that the list in FOLDER/crl gives leaf and ca under root. */
static int judge(const char *folder, enum status_policy policy, struct stir_error *error)
{
    const char *anchor = mint_make(&root, NULL)->pem, *signer = mint_make(&pa, NULL)->pem;
    char path[4200], *data;
    struct crl_set set = {0};
    struct built built;
    size_t len;

    error_clear(error);
    snprintf(path, sizeof path, "%s/crl", folder);
    cr_assert_eq(file_read(path, 1 << 20, &data, &len, error), 0, "%s", error->text);
    built_make(&built, mint_pem_list(mint_make(&leaf, &ca), mint_make(&ca, &root), NULL),
               &anchor, 1, PATH_ORDER_ANY, MINT_NOW);
    cr_assert_eq(built.code, 0, "%s", built_said(&built));
    cr_assert_eq(
        anchors_add_crl_signers(&set.signers, signer, strlen(signer), &es256_gnutls, error), 0);
    int rc = crl_set_add(&set, data, len, "crl", error);
    if (rc == 0)
        rc = revocation_check(&built.path, &set, policy, MINT_NOW, error);
    crl_set_free(&set);
    built_free(&built);
    free(data);
    return rc;
}

/* Which rules lint says that the list in FOLDER/crl breaks, and whether show has this in it: both
   by what they read. */
static void expect_told(const char *folder, const char *profile, const char *rules,
                        const char *shows, const char *desc)
{
    char path[4200], *data, said[400] = "";
    struct stir_error error;
    const char *rule;
    size_t len;

    snprintf(path, sizeof path, "%s/crl", folder);
    cr_assert_eq(file_read(path, 1 << 20, &data, &len, &error), 0, "%s", error.text);
    struct stir_rows *rows = stir_lint(data, len, profile, &error);
    cr_assert_not_null(rows, "%s: %s", desc, error.text);
    for (size_t i = 0; (rule = stir_rows_text(rows, i, "rule")) != NULL; i++)
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s ", rule);
    cr_expect_str_eq(said, rules, "%s: %s", desc, said);
    char *text = stir_describe(data, len, STIR_TEXT, &error);
    cr_assert_not_null(text, "%s: %s", desc, error.text);
    cr_expect_not_null(strstr(text, shows), "%s: %s in %s", desc, shows, text);
    stir_rows_free(rows);
    free(text);
    free(data);
}

/* ---- Direct lists -------------------------------------------------------------------------- */

struct direct_case {
    const char *desc;
    const char *revoked; /* the serial number that is listed; NULL: none */
    bool stale, other_key;
    int code;
};

static const struct direct_case direct[] = {
    {.desc = "the leaf is on it", .revoked = "4A0102030405060708", .code = STIR_CODE_REVOKED},
    {.desc = "another certificate is on it", .revoked = "4A0102030405060709"},
    {.desc = "nobody is on it"},
    {.desc = "the list is stale", .stale = true, .code = STIR_CODE_STATUS_UNKNOWN},
    {.desc = "the list is stale and has it",
     .revoked = "4A0102030405060708",
     .stale = true,
     .code = STIR_CODE_STATUS_UNKNOWN},
    {.desc = "signed by another key", .other_key = true, .code = STIR_CODE_STATUS_UNKNOWN},
};

static void make_by_openssl(const char *folder, const struct direct_case *test)
{
    char line[400];

    tool_write(folder, "cnf",
               "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\n"
               "default_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
    tool_write(folder, "number", "1000\n");
    snprintf(line, sizeof line,
             "R\t450101000000Z\t251229000000Z,keyCompromise\t%s\tunknown\t/CN=x\n",
             test->revoked != NULL ? test->revoked : "");
    tool_write(folder, "index", test->revoked != NULL ? line : "");
    snprintf(line, sizeof line,
             "openssl ca -gencrl -config cnf -keyfile ca.key -cert ca.pem -crl_lastupdate "
             "20251230000000Z -crl_nextupdate %s -out crl",
             test->stale ? "20251231000000Z" : "20260102000000Z");
    must_run(folder, line);
}

static void make_by_certtool(const char *folder, const struct direct_case *test)
{
    static const struct mint other = {
        .subject = "C=US,O=Test,CN=leaf", .key = "leaf", .serial_hex = "4A0102030405060709"};
    char line[400];

    snprintf(line, sizeof line,
             "crl_this_update_date=\"2025-12-30 00:00:00 UTC\"\n"
             "crl_next_update_date=\"%s 00:00:00 UTC\"\n"
             "crl_revocation_date=\"2025-12-29 00:00:00 UTC\"\ncrl_number=5\n",
             test->stale ? "2025-12-31" : "2026-01-02");
    tool_write(folder, "template", line);
    bool is_leaf = test->revoked != NULL && strcmp(test->revoked, leaf.serial_hex) == 0;
    tool_write(folder, "revoked.pem", mint_make(is_leaf ? &leaf : &other, &ca)->pem);
    snprintf(line, sizeof line,
             "certtool --generate-crl --load-ca-privkey ca.key --load-ca-certificate ca.pem "
             "%s --template template --outfile crl",
             test->revoked != NULL ? "--load-certificate revoked.pem" : "");
    must_run(folder, line);
}

static bool openssl_accepts(const char *folder)
{
    char *said;
    int status = tool_run(folder, &said,
                          "openssl verify -crl_check -attime %" PRId64
                          " -CAfile root.pem -untrusted ca.pem -CRLfile crl leaf.pem",
                          MINT_NOW);

    free(said);
    return status == 0;
}

/* R5280-5-1, R5280-5-4: the same list, and the same answer. */
Test(revocation_peers, direct_lists)
{
    static void (*const makers[])(const char *, const struct direct_case *) = {
        make_by_openssl, make_by_certtool};
    static const char *const names[] = {"openssl", "certtool"};
    static const char *const numbers[] = {"  number          4096\n", "  number          5\n"};
    static const char *const shown[] = {
        "  entries         1\n  issuers         1\n  reasons\n    keyCompromise   1\n",
        "  entries         1\n  issuers         1\n  reasons\n    unspecified     1\n"};

    tool_need("openssl");
    tool_need("certtool");
    for (size_t m = 0; m < 2; m++)
        for (size_t i = 0; i < sizeof direct / sizeof *direct; i++) {
            char *folder = tool_folder();
            struct stir_error error;
            write_all(folder);
            if (direct[i].other_key) { /* of the CA's name */
                tool_write(folder, "ca.key", mint_key_pem("other", MINT_P256));
                tool_write(folder, "ca.pem", mint_make(&false_ca, &root)->pem);
            }
            makers[m](folder, &direct[i]);
            if (direct[i].other_key)
                tool_write(folder, "ca.pem", mint_make(&ca, &root)->pem);
            bool empty = m == 1 && direct[i].revoked == NULL; /* certtool writes SEQUENCE {} */
            expect_told(folder, "rfc", empty ? "crl-entries-empty " : "",
                        direct[i].revoked != NULL ? shown[m] : "  entries         0\n",
                        direct[i].desc);
            expect_told(folder, "atis80",
                        empty ? "crl-entries-empty crl-indirect " : "crl-indirect ", numbers[m],
                        direct[i].desc);
            int rc =
                judge(folder, direct[i].other_key ? STATUS_REQUIRE : STATUS_PREFER, &error);
            cr_expect_eq(rc, direct[i].code, "%s's, %s: %d %s", names[m], direct[i].desc, rc,
                         error.text);
            cr_expect_eq(openssl_accepts(folder), direct[i].code == 0,
                         "%s's, %s: openssl says otherwise", names[m], direct[i].desc);
            tool_folder_remove(folder);
        }
}

/* ---- Indirect lists ------------------------------------------------------------------------ */

/* The interpreter that has the package, with the script; skips where there is none. */
static char *python(void)
{
    char *script = help_source("tests/rules/indirect.py"), *command = NULL;
    static const char *const interpreters[] = {"python3", "/usr/bin/python3"};

    for (size_t i = 0; i < 2 && command == NULL; i++)
        if (tool_run("/", NULL, "%s -c 'import cryptography'", interpreters[i]) == 0
            && asprintf(&command, "%s -W ignore %s", interpreters[i], script) < 0)
            abort();
    free(script);
    if (command != NULL)
        return command;
    if (getenv("CI") != NULL)
        cr_assert_fail("python3-cryptography is not installed, and in CI it must be");
    cr_skip_test("python3-cryptography is not installed");
    return NULL;
}

/* R5280-5-3, A-32: certificateIssuers that stick. */
Test(revocation_peers, indirect_lists)
{
    static const struct {
        const char *desc, *entries;
        int code, depth;
        const char *shows;
    } cases[] = {
        {"nobody", "", 0, 0,
         "  indirect        yes\n  entries         0\n  issuers         0\n"},
        {"the leaf, its issuer said", "4A0102030405060708:keyCompromise:ca.pem",
         STIR_CODE_REVOKED, 0, "  issuers         1\n  reasons\n    keyCompromise   1\n"},
        {"the leaf, its issuer said before", "1234::ca.pem 1235 4A0102030405060708",
         STIR_CODE_REVOKED, 0, "  entries         3\n  issuers         1\n"},
        {"the leaf's number, of another issuer", "1234::root.pem 4A0102030405060708", 0, 0,
         "  issuers         1\n"},
        {"the leaf's number, of the list's issuer", "4A0102030405060708", 0, 0,
         "  number          7\n"},
        {"the issuer changed before", "1234::ca.pem 1235::root.pem 4A0102030405060708", 0, 0,
         "  entries         3\n  issuers         2\n"},
        {"the issuer changed, and back",
         "1234::ca.pem 1235::root.pem 1236::ca.pem 4A0102030405060708:certificateHold",
         STIR_CODE_REVOKED, 0, "  reasons\n    unspecified     3\n    certificateHold 1\n"},
    };
    char *script = python(), *said;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = tool_folder();
        struct stir_error error;
        write_all(folder);
        cr_assert_eq(tool_run(folder, &said,
                              "%s make crl pa.key pa.pem 7 %" PRId64 " %" PRId64 " %s", script,
                              MINT_NOW - 3600, MINT_NOW + 3600, cases[i].entries),
                     0, "%s", said);
        free(said);
        expect_told(folder, "atis92", "", cases[i].shows, cases[i].desc);
        int rc = judge(folder, STATUS_REQUIRE, &error);
        cr_expect_eq(rc, cases[i].code, "%s: %d %s", cases[i].desc, rc, error.text);
        if (rc > 0)
            cr_expect_eq(error.depth, cases[i].depth, "%s: %s", cases[i].desc, error.text);
        tool_folder_remove(folder);
    }
    free(script);
}

/* What python3-cryptography reads in a list of ours is what we find in it, and nothing more. */
Test(revocation_peers, indirect_lists_read)
{
    static const struct mint *const issuers[] = {&ca, &root, &pa};
    const struct minted *minted = mint_crl(
        &(struct mint_crl){.idp_hex = MINT_IDP_INDIRECT,
                           .revoked = {{.serial_hex = "10"},
                                       {.serial_hex = "11", .issuer = "C=US,O=Test,CN=ca"},
                                       {.serial_hex = "12", .reason_hex = "04"},
                                       {.serial_hex = "10"},
                                       {.serial_hex = "13", .issuer = "C=US,O=Test,CN=root"},
                                       {.serial_hex = "0080", .reason_hex = "06"},
                                       {.serial_hex = "15", .issuer = "C=US,O=Test,CN=ca"},
                                       {.serial_hex = "14"}}},
        &pa);
    char *script = python(), *folder = tool_folder(), *said;
    struct stir_error error;
    struct crl *crl;
    size_t found = 0, lines = 0;

    tool_write(folder, "crl.pem", minted->pem);
    must_run(folder, "openssl crl -in crl.pem -outform DER -out crl");
    cr_assert_eq(tool_run(folder, &said, "%s read crl", script), 0, "%s", said);
    cr_assert_eq(crl_new((struct der){minted->der, minted->len}, "", &crl, &error), 0);
    for (const char *line = said; *line != '\0'; line = strchr(line, '\n') + 1)
        lines++;
    for (size_t i = 0; i < 3; i++)
        for (unsigned number = 0x0F; number <= 0x81; number++) {
            struct stir_certificate *of;
            const struct minted *issuer = mint_make(issuers[i], NULL);
            uint8_t serial[2] = {0, (uint8_t)number};
            char wanted[800] = "", *at = wanted;
            cr_assert_eq(certificate_new(issuer->der, issuer->len, &es256_gnutls, &of), 0);
            for (size_t k = 0; k < of->subject.len; k++)
                at += sprintf(at, "%02x", of->subject.data[k]);
            const struct crl_entry *entry = crl_entries_find(
                &crl->entries, of->subject,
                number < 0x80 ? (struct der){serial + 1, 1} : (struct der){serial, 2});
            sprintf(at, " %x %s\n", number,
                    entry == NULL ? "" : crl_reason_name(entry->reason));
            if (entry == NULL)
                at[strlen(at) - 1] = '\0';
            cr_expect_eq(strstr(said, wanted) != NULL, entry != NULL, "%s: %s", wanted, said);
            found += entry != NULL;
            certificate_free(of);
        }
    cr_expect_eq(found, lines, "%zu of %zu", found, lines);
    cr_expect_eq(lines, 8);
    crl_free(crl);
    free(said);
    tool_folder_remove(folder);
    free(script);
}
