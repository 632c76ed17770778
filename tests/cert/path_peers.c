/* Plain chains, good and bent, made by the mint, by openssl and by certtool: openssl's and
   certtool's verdicts and ours are the same. (Lists out of order are left out: both tools put
   them in order whatever is asked.) */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/help.h"
#include "tests/mint.h"
#include "tests/tool.h"

/* Of root > sub > ca > leaf; the years are 2025 to 2044 where nothing is said. */
struct chain_case {
    const char *desc;
    int code;              /* ours: each has a cause of its own */
    bool leaf_expired;     /* ended with 2025 */
    bool sub_expired;      /* ended with 2025 */
    bool other_key;        /* the leaf was signed by another key of ca's name */
    bool ca_is_no_ca;      /* basicConstraints of ca */
    bool ca_signs_nothing; /* no keyCertSign */
    bool length;           /* sub has path length 0 */
};

static const struct chain_case cases[] = {
    {.desc = "good"},
    {.desc = "leaf expired", .code = STIR_CODE_CERT_EXPIRED, .leaf_expired = true},
    {.desc = "CA expired", .code = STIR_CODE_CERT_EXPIRED, .sub_expired = true},
    {.desc = "another key", .code = STIR_CODE_AKID_MISMATCH, .other_key = true},
    {.desc = "not a CA", .code = STIR_CODE_ISSUER_NOT_CA, .ca_is_no_ca = true},
    {.desc = "no keyCertSign", .code = STIR_CODE_KEY_USAGE, .ca_signs_nothing = true},
    {.desc = "path length", .code = STIR_CODE_PATH_LENGTH, .length = true}};

/* One certificate of a case, for any maker. */
struct plain {
    const char *name, *issuer; /* a root is its own issuer */
    bool ca, cert_sign, expired;
    int path_length; /* -1: none */
};

static void plains(const struct chain_case *test, struct plain plain[4])
{
    plain[0] = (struct plain){"root", "root", true, true, false, -1};
    plain[1] = (struct plain){"sub", "root", true, true, test->sub_expired, -1};
    if (test->length)
        plain[1].path_length = 0;
    plain[2] =
        (struct plain){"ca", "sub", !test->ca_is_no_ca, !test->ca_signs_nothing, false, -1};
    plain[3] = (struct plain){"leaf", "ca", false, false, test->leaf_expired, -1};
}

static bool is_root(const struct plain *plain)
{
    return strcmp(plain->name, plain->issuer) == 0;
}

static void must_run(const char *folder, const char *command)
{
    char *said;

    cr_assert_eq(tool_run(folder, &said, "%s", command), 0, "%s: %s", command, said);
    free(said);
}

/* ---- makers: NAME.pem of a certificate, whose issuer's files are there ---- */

static void mint_one(const char *folder, const struct plain *plain, const char *key)
{
    static struct mint specs[4];
    size_t i = plain->name[0] == 'r'   ? 0
               : plain->name[0] == 's' ? 1
               : plain->name[0] == 'c' ? 2
                                       : 3;

    specs[i] = (struct mint){.subject = plain->name, .key = key};
    specs[i].ca = plain->ca ? MINT_YES : MINT_NO;
    specs[i].key_usage = plain->cert_sign ? MINT_KU_KEY_CERT_SIGN : MINT_KU_DIGITAL_SIGNATURE;
    specs[i].path_length = plain->path_length + 1;
    specs[i].not_after = plain->expired ? MINT_NOW - 1 : 0;
    char *name = NULL;
    if (asprintf(&name, "%s.pem", plain->name) < 0)
        abort();
    tool_write(folder, name, mint_make(&specs[i], i > 0 ? &specs[i - 1] : NULL)->pem);
    free(name);
}

static void openssl_one(const char *folder, const struct plain *plain, const char *key)
{
    char extensions[400], command[1200];

    snprintf(extensions, sizeof extensions,
             "basicConstraints=critical,CA:%s%s\nkeyUsage=critical,%s\n"
             "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
             plain->ca ? "TRUE" : "FALSE", plain->path_length == 0 ? ",pathlen:0" : "",
             plain->cert_sign ? "keyCertSign,cRLSign" : "digitalSignature");
    tool_write(folder, "extensions", extensions);
    tool_write(folder, "openssl.cnf",
               "[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n"
               "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
               "[req]\ndistinguished_name=d\n[d]\n");
    snprintf(command, sizeof command,
             "touch index && { test -e serial || echo 1000 > serial; } && "
             "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out %s.key && "
             "openssl req -new -config openssl.cnf -key %s.key -subj /CN=%s -out csr && "
             "openssl ca -batch -notext -config openssl.cnf -in csr -out %s.pem "
             "-startdate 20250101000000Z -enddate %s1231235959Z -extfile extensions %s "
             "-keyfile %s.key -cert %s.pem",
             key, key, plain->name, plain->name, plain->expired ? "2025" : "2044",
             is_root(plain) ? "-selfsign" : "", plain->issuer, plain->issuer);
    must_run(folder, command);
}

static void certtool_one(const char *folder, const struct plain *plain, const char *key)
{
    char template[400], command[800];

    snprintf(template, sizeof template,
             "cn=%s\nactivation_date=\"2025-01-01 00:00:00 UTC\"\n"
             "expiration_date=\"%s-12-31 23:59:59 UTC\"\n%s%s%s\n",
             plain->name, plain->expired ? "2025" : "2044", plain->ca ? "ca\n" : "",
             plain->path_length == 0 ? "path_len=0\n" : "",
             plain->cert_sign ? "cert_signing_key" : "signing_key");
    tool_write(folder, "template", template);
    snprintf(
        command, sizeof command,
        "certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile %s.key && "
        "certtool %s --load-privkey %s.key --template template --outfile %s.pem",
        key, is_root(plain) ? "--generate-self-signed" : "", key, plain->name);
    if (!is_root(plain))
        snprintf(
            command + strlen(command), sizeof command - strlen(command),
            " --generate-certificate --load-ca-certificate %s.pem --load-ca-privkey %s.key",
            plain->issuer, plain->issuer);
    must_run(folder, command);
}

static const struct {
    const char *name;
    void (*one)(const char *folder, const struct plain *plain, const char *key);
} makers[] = {{"mint", mint_one}, {"openssl", openssl_one}, {"certtool", certtool_one}};

/* ---- judges ---- */

static char *content(const char *folder, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    char *text = help_read(path, NULL);
    cr_assert_not_null(text, "%s", path);
    free(path);
    return text;
}

static void judge(const char *folder, const char *maker, const struct chain_case *test)
{
    char *said[2];
    bool good = test->code == 0;
    struct built built;

    must_run(folder, "cat sub.pem ca.pem > above.pem; cat leaf.pem ca.pem sub.pem > list.pem; "
                     "cat list.pem root.pem > whole.pem");
    bool openssl = tool_run(folder, &said[0],
                            "openssl verify -partial_chain -attime %lld -CAfile root.pem "
                            "-untrusted above.pem leaf.pem",
                            (long long)MINT_NOW)
                   == 0;
    bool certtool =
        tool_run(folder, &said[1], "certtool --verify-chain --infile whole.pem") == 0;
    char *list = content(folder, "list.pem"), *root = content(folder, "root.pem");
    built_make(&built, list, (const char *const *)&root, 1, PATH_ORDER_STRICT, MINT_NOW);
    cr_expect_eq(openssl, good, "%s by %s: openssl: %s", test->desc, maker, said[0]);
    cr_expect_eq(certtool, good, "%s by %s: certtool: %s", test->desc, maker, said[1]);
    cr_expect_eq(built.code, test->code, "%s by %s: %s", test->desc, maker, built_said(&built));
    built_free(&built);
    free(list);
    free(root);
    free(said[0]);
    free(said[1]);
}

Test(path_peers, openssl_and_certtool_agree)
{
    tool_need("openssl");
    tool_need("certtool");
    for (size_t m = 0; m < sizeof makers / sizeof *makers; m++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            char *folder = tool_folder();
            struct plain plain[4];
            plains(&cases[i], plain);
            for (size_t j = 0; j < 4; j++)
                makers[m].one(folder, &plain[j], plain[j].name);
            if (cases[i].other_key)
                makers[m].one(folder, &plain[2], "another");
            judge(folder, makers[m].name, &cases[i]);
            tool_folder_remove(folder);
        }
}
