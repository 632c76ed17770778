/* The mint itself: what it makes of untouched fields satisfies openssl and certtool, what one
   changed field makes of it does not. Only then are its faults worth something as tests. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mint.h"
#include "tests/tool.h"

static struct mint root, sti_ca, spc_ca, delegate;

static int openssl_verify(const char *folder, char **output)
{
    return tool_run(folder, output,
                    "openssl verify -x509_strict -attime %lld -CAfile root.pem -untrusted "
                    "above.pem leaf.pem",
                    (long long)MINT_NOW);
}

static int certtool_verify(const char *folder, char **output)
{
    return tool_run(folder, output,
                    "certtool --verify --load-ca-certificate "
                    "root.pem --infile list.pem");
}

static void write_house(const char *folder)
{
    const struct minted *certificates[] = {mint_make(&delegate, &spc_ca),
                                           mint_make(&spc_ca, &sti_ca),
                                           mint_make(&sti_ca, &root), mint_make(&root, NULL)};

    tool_write(folder, "root.pem", certificates[3]->pem);
    tool_write(folder, "above.pem", mint_pem_list_n(certificates + 1, 2));
    tool_write(folder, "leaf.pem", certificates[0]->pem);
    tool_write(folder, "list.pem", mint_pem_list_n(certificates, 4));
}

static void none(void)
{
}
static void p384(void)
{
    root.kind = sti_ca.kind = MINT_P384;
}
static void p521_and_rsa(void)
{
    root.kind = MINT_RSA2048;
    sti_ca.kind = MINT_P521;
}
static void pss(void)
{
    root.kind = MINT_RSA2048;
    root.algorithm = sti_ca.algorithm = MINT_RSA_PSS_SHA256;
}
static void pss512(void)
{
    root.kind = MINT_RSA2048;
    root.algorithm = sti_ca.algorithm = MINT_RSA_PSS_SHA512;
}
static void generalized_time(void)
{
    delegate.not_after = INT64_C(2600000000);
}
static void more_extensions(void)
{
    delegate.san = "dns:example.com,uri:sip:example.com";
    delegate.stir_tn_list = "https://example.com/list";
    delegate.constraints = "+attest,-priority,attest=A,attest=B";
    delegate.path_length = 0;
    sti_ca.path_length = MINT_PATH_LENGTH(1);
}
static void path_length(void)
{
    sti_ca.path_length = MINT_PATH_LENGTH(0);
}
static void corrupt(void)
{
    delegate.corrupt = true;
}
static void other_key(void)
{
    spc_ca.signing_key = "somebody else's";
}
static void expired(void)
{
    delegate.not_after = MINT_NOW - 1;
}
static void not_ca(void)
{
    spc_ca.ca = MINT_NO;
}
static void unknown_critical(void)
{
    static const struct mint_extension critical[] = {{"1.2.3.4", true, "0500"}, {0}};
    delegate.extensions = critical;
}
static void issuer_named_otherwise(void)
{
    spc_ca.issuer_name = "CN=somebody else";
}

static const struct {
    const char *desc;
    void (*change)(void);
    bool good;
} cases[] = {{"as it comes", none, true},
             {"P-384 above", p384, true},
             {"RSA and P-521 above", p521_and_rsa, true},
             {"RSASSA-PSS with SHA-256", pss, true},
             {"RSASSA-PSS with SHA-512", pss512, true},
             {"GeneralizedTime", generalized_time, true},
             {"all the extensions", more_extensions, true},
             {"path length 0 above a CA", path_length, false},
             {"a bit of the signature turned", corrupt, false},
             {"signed by another key", other_key, false},
             {"expired", expired, false},
             {"an issuer that is no CA", not_ca, false},
             {"an unknown critical extension", unknown_critical, false},
             {"an issuer of another name", issuer_named_otherwise, false}};

Test(mint, openssl_and_certtool_take_what_is_good_and_refuse_what_is_not)
{
    tool_need("openssl");
    tool_need("certtool");
    char *folder = tool_folder();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *said[2];
        root = mint_root;
        sti_ca = mint_sti_ca;
        spc_ca = mint_spc_ca;
        delegate = mint_delegate;
        cases[i].change();
        write_house(folder);
        bool openssl = openssl_verify(folder, &said[0]) == 0;
        bool certtool = certtool_verify(folder, &said[1]) == 0;
        cr_expect_eq(openssl, cases[i].good, "%s: openssl: %s", cases[i].desc, said[0]);
        cr_expect_eq(certtool, cases[i].good, "%s: certtool: %s", cases[i].desc, said[1]);
        free(said[0]);
        free(said[1]);
    }
    tool_folder_remove(folder);
}

Test(mint, writes_the_lists_it_is_asked_for)
{
    static const struct {
        const char *desc, *list;
        const char *octets; /* R8226's and pyasn1's published encodings */
        size_t len;
    } lists[] = {
        {"an SPC", "1234", "\x30\x08\xA0\x06\x16\x04\x31\x32\x33\x34", 10},
        {"three kinds", "bogus,5715551212+788,t7035551212",
         "\x30\x2B\xA0\x07\x16\x05\x62\x6F\x67\x75\x73\xA1\x12\x30\x10\x16\x0A\x35\x37\x31\x35"
         "\x35\x35\x31\x32\x31\x32\x02\x02\x03\x14\xA2\x0C\x16\x0A\x37\x30\x33\x35\x35\x35\x31"
         "\x32\x31\x32",
         45}};

    for (size_t i = 0; i < 2; i++) {
        struct mint spec = {.subject = "x", .tnauthlist = lists[i].list};
        const struct minted *made = mint_make(&spec, NULL);
        cr_expect_not_null(memmem(made->der, made->len, lists[i].octets, lists[i].len), "%s",
                           lists[i].desc);
    }
}

Test(mint, openssl_verifies_a_token)
{
    tool_need("openssl");
    char *folder = tool_folder();
    const char *token = mint_token("{\"alg\":\"ES256\"}", "{}", "key");
    const char *bad = mint_token_corrupt("{\"alg\":\"ES256\"}", "{}", "key");

    cr_expect_eq(strncmp(token, "eyJhbGciOiJFUzI1NiJ9.e30.", 25), 0, "%s", token);
    cr_expect_eq(strlen(token), 25 + 86);
    cr_expect_str_neq(strrchr(bad, '.'), strrchr(token, '.'));
    tool_write(folder, "key.pem", mint_key_pem("key", MINT_P256));
    tool_write(folder, "public.pem", mint_public_key_pem("key", MINT_P256));
    cr_expect_eq(tool_run(folder, NULL, "openssl pkey -in key.pem -pubout | cmp - public.pem"),
                 0);
    cr_expect_str_eq(mint_identity_value("t", "https://x/y", "shaken"),
                     "t;info=<https://x/y>;alg=ES256;ppt=\"shaken\"");
    tool_folder_remove(folder);
}
