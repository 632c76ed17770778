/* stir_lint(): findings as rows, over certificates, lists, CRLs and TNAuthLists. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "stir.h"
#include "tests/help.h"
#include "tests/mint.h"

static const struct mint root = {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT"};
static const struct mint sti_ca = {.subject = "C=US,O=STI,CN=STI SHAKEN CA", .ca = MINT_YES};
static const struct mint sca = {
    .subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"};
static const struct mint acme = {.subject = "CN=ACME", .tnauthlist = "12155550200+100"};

/* "severity|rule|where|wanted|found|clause", a line each: for free(3). */
static char *said(const struct stir_rows *rows)
{
    static const char *const columns[] = {"severity", "rule",  "where",
                                          "wanted",   "found", "clause"};
    struct text text = {0};

    for (size_t i = 0; stir_rows_text(rows, i, "rule") != NULL; i++)
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
            text_addf(&text, "%s%c", stir_rows_text(rows, i, columns[k]), k == 5 ? '\n' : '|');
    return text_take(&text);
}

static char *lint(const void *data, size_t len, const char *profile)
{
    struct stir_error error;
    struct stir_rows *rows = stir_lint(data, len, profile, &error);

    cr_assert_not_null(rows, "%s", error.text);
    char *text = said(rows);
    stir_rows_free(rows);
    return text;
}

/* The list of these, the last one first issued. */
static const char *list_of(const struct mint *const *specs, size_t n)
{
    const struct minted *made[8];

    for (size_t i = 0; i < n; i++)
        made[i] = mint_make(specs[i], i + 1 < n ? specs[i + 1] : NULL);
    return mint_pem_list_n(made, n);
}

static const struct {
    const char *desc;
    struct mint leaf, above; /* below sti_ca and root */
    const char *says;        /* a line's part; NULL: no line at all */
} lists[] = {
    {"R9060-4-4: a good list",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     NULL},
    {"R9060-4-4: numbers beyond the parent's",
     {.subject = "CN=ACME", .tnauthlist = "12155550950+100"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "12155550000+1000"},
     "error|not-encompassed|certificate 0 \"ACME\"||12155551000-12155551049 is not "
     "encompassed"},
    {"A-2, A-3: numbers that rest on an SPC",
     {.subject = "CN=ACME", .tnauthlist = "12155550950+100"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "notice|encompass-unknown|certificate 0 \"ACME\"||"},
    {"A-11: a gap",
     {.subject = "CN=ACME"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J"},
     "error|tnauthlist-gap|certificate 0 \"ACME\"||"},
    {"R9060-4-2: the issuer is no CA",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100"},
     {.subject = "CN=SCA", .ca = MINT_NO, .tnauthlist = "709J,12155550000+1000"},
     "error|issuer-not-ca|certificate 0 \"ACME\"||"},
    {"R9060-7-4: another key identifier",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100", .akid = "0102"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "error|akid-mismatch|certificate 0 \"ACME\"||"},
    {"a signature that is none",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100", .corrupt = true},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "error|path-signature|certificate 0 \"ACME\"||"},
    {"R5280-4.2.1.9: path length",
     {.subject = "CN=ACME", .ca = MINT_YES, .tnauthlist = "12155550200+100"},
     {.subject = "CN=SCA",
      .ca = MINT_YES,
      .path_length = MINT_PATH_LENGTH(0),
      .tnauthlist = "709J,12155550000+1000"},
     "error|path-length|certificate 1 \"SCA\"||"},
    {"R9060-7-5: a CA first",
     {.subject = "CN=ACME", .ca = MINT_YES, .tnauthlist = "12155550200+100"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "notice|signer-is-ca|list|an end entity first"},
    {"A-24: valid longer than its issuer",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100", .not_after = MINT_NOT_AFTER + 1},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "warning|not-after-beyond-issuer|certificate 0 \"ACME\"|2045-01-01T00:00:00Z|"
     "2045-01-01T00:00:01Z|"},
    {"R8226-9-3: a list that is none",
     {.subject = "CN=ACME", .tnauthlist_hex = "3000"},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "error|tnauthlist-syntax|certificate 0 \"ACME\"||"},
    {"A-16: a critical list is a warning",
     {.subject = "CN=ACME", .tnauthlist = "12155550200+100", .tnauthlist_critical = true},
     {.subject = "CN=SCA", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"},
     "warning|stir-extension-critical|certificate 0 \"ACME\"||"},
};

Test(lint, lists)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct mint *specs[] = {&lists[i].leaf, &lists[i].above, &sti_ca, &root};
        char *text = lint(list_of(specs, 4), STIR_NUL, NULL);
        if (lists[i].says == NULL)
            cr_expect_str_empty(text, "%s: %s", lists[i].desc, text);
        else
            cr_expect_not_null(strstr(text, lists[i].says), "%s: %s", lists[i].desc, text);
        free(text);
    }
}

Test(lint, order)
{
    const struct minted *leaf = mint_make(&acme, &sca), *parent = mint_make(&sca, &sti_ca),
                        *above = mint_make(&sti_ca, &root), *top = mint_make(&root, NULL);
    char *text = lint(mint_pem_list(leaf, above, parent, NULL), STIR_NUL, "rfc");

    cr_expect_not_null(strstr(text, "error|path-order|certificate 0 \"ACME\"|its issuer's "
                                    "certificate next|certificate 1 \"STI SHAKEN CA\"|"),
                       "R9060-7-3: %s", text);
    free(text);
    text = lint(mint_pem_list(top, above, parent, leaf, NULL), STIR_NUL, "rfc");
    cr_expect_str_empty(text, "a bundle that begins with a root is no list: %s", text);
    free(text);
}

Test(lint, one_certificate_and_its_der)
{
    const struct minted *leaf = mint_make(&acme, &sca);
    char *pem = lint(leaf->pem, STIR_NUL, "atis80"),
         *der = lint(leaf->der, leaf->len, "atis80");

    cr_expect_str_eq(pem, der);
    cr_expect_not_null(strstr(pem,
                              "error|tnauthlist-spc|certificate 0 \"ACME\"|exactly one SPC, "
                              "and nothing else|100 numbers|ATIS-1000080 section 6.4.1\n"),
                       "A80-10: %s", pem);
    free(pem);
    free(der);
}

Test(lint, text_between_blocks)
{
    const struct minted *leaf = mint_make(&acme, &sca);
    struct text file = {0};

    text_addf(&file, "hello\n%s", leaf->pem);
    char *text = lint(file.data, file.len, NULL);
    cr_expect_not_null(strstr(text, "warning|x5u-body|list||"), "R8555-9.1-1, A-22: %s", text);
    free(text);
    text_free(&file);
}

Test(lint, more_certificates_than_a_list_has)
{
    const struct minted *leaf = mint_make(&acme, &sca), *eleven[11];

    for (size_t i = 0; i < 11; i++)
        eleven[i] = leaf;
    char *text = lint(mint_pem_list_n(eleven, 11), STIR_NUL, NULL);
    cr_expect_not_null(strstr(text, "error|list-too-long|list||"), "%s", text);
    free(text);
}

/* TNAuthLists by themselves. */
static const struct {
    const char *desc, *hex, *profile, *says;
} tnauthlists[] = {
    {"an SPC", "3008A00616043730394A", "atis80", NULL},
    {"A-30: in lower case", "3008A00616043730396A", "rfc", "notice|spc-form|TNAuthList|"},
    {"A80-10: the same under atis80", "3008A00616043730396A", "atis80",
     "error|spc-form|TNAuthList|"},
    {"R8226-9-3: an empty list", "3000", "rfc", "error|tnauthlist-syntax|TNAuthList||"},
    {"twice the same", "3010A00616043730394AA00616043730394A", "rfc",
     "notice|tnauthlist-merged|TNAuthList|entries that neither overlap nor adjoin|2 entries "
     "that "
     "make 1|"},
    {"A-25: members behind count", "3016A1143012160A35373135353531323132020203140500", "rfc",
     "warning|unknown-range-extension|TNAuthList|"},
};

Test(lint, tnauthlists)
{
    for (size_t i = 0; i < sizeof tnauthlists / sizeof *tnauthlists; i++) {
        size_t len;
        uint8_t *der = help_unhex(tnauthlists[i].hex, &len);
        char *text = lint(der, len, tnauthlists[i].profile);
        if (tnauthlists[i].says == NULL)
            cr_expect_str_empty(text, "%s: %s", tnauthlists[i].desc, text);
        else
            cr_expect_not_null(strstr(text, tnauthlists[i].says), "%s: %s", tnauthlists[i].desc,
                               text);
        free(text);
        free(der);
    }
}

/* ---- Tokens and Identity values ---- */

#define X5U "https://a.example/c"
#define TOKEN_HEADER(more)                                                                     \
    "{\"alg\":\"ES256\"," more "\"typ\":\"passport\",\"x5u\":\"" X5U "\"}"
#define SHAKEN_HEADER TOKEN_HEADER("\"ppt\":\"shaken\",")
#define CLAIMS(more)                                                                           \
    "{\"attest\":\"A\",\"dest\":{\"tn\":[\"12\"]},\"iat\":1," more                             \
    "\"orig\":{\"tn\":\"34\"},\"origid\":\"123e4567-e89b-12d3-a456-426614174000\"}"
#define SHAKEN_INFO ";info=<" X5U ">;alg=ES256;ppt=shaken"

static const struct {
    const char *desc, *header, *payload;
    const char *parameters; /* NULL: a token alone */
    const char *profile, *says;
    size_t n; /* how many findings */
} tokens[] = {
    {"A74-1: a token that keeps every rule", SHAKEN_HEADER, CLAIMS(""), NULL, "atis80", NULL,
     0},
    {"A74-1: an Identity value", SHAKEN_HEADER, CLAIMS(""), SHAKEN_INFO, "atis92", NULL, 0},
    {"A74-1: a further member of the header", TOKEN_HEADER("\"kid\":\"1\",\"ppt\":\"shaken\","),
     CLAIMS(""), NULL, "atis80",
     "error|token-header|token 0|alg, ppt, typ and x5u, nothing else|alg, kid, ppt, typ, x5u|"
     "ATIS-1000074\n",
     1},
    {"the same under rfc", TOKEN_HEADER("\"kid\":\"1\",\"ppt\":\"shaken\","), CLAIMS(""), NULL,
     "rfc", NULL, 0},
    {"A74-1: a further claim", SHAKEN_HEADER, CLAIMS("\"nbf\":1,"), SHAKEN_INFO, "atis80",
     "error|token-claims|Identity 0|attest, dest, iat, orig and origid, nothing else|attest, "
     "dest, iat, nbf, orig, origid|",
     1},
    {"A74-1: no ppt", TOKEN_HEADER(""), CLAIMS(""), NULL, "atis80",
     "error|token-ppt|token 0|ppt shaken|absent|", 1},
    {"R8225-4.1: several rules, each told",
     "{\"alg\":\"none\",\"typ\":\"JWT\",\"x5u\":\"" X5U "\"}", CLAIMS(""), NULL, "rfc",
     "error|alg-unsupported|token 0||", 2},
    {"R8225-5.1.1: iat", SHAKEN_HEADER,
     "{\"attest\":\"A\",\"dest\":{\"tn\":[\"12\"]},\"iat\":\"1\"}", NULL, "rfc",
     "error|iat-syntax|token 0||iat is a string", 1},
    {"A-17: order", SHAKEN_HEADER,
     "{\"orig\":{\"tn\":\"34\"},\"attest\":\"A\","
     "\"dest\":{\"tn\":[\"12\"]},\"iat\":1,\"origid\":\"123e4567-e89b-12d3-a456-"
     "426614174000\"}",
     NULL, "rfc", "warning|non-deterministic|token 0||payload", 1},
    {"A74-2: an x5u that is not to be fetched",
     "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" X5U "?q\"}",
     CLAIMS(""), NULL, "atis80", "error|x5u-refused|token 0||", 1},
    {"A74-2: which policy may allow elsewhere",
     "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" X5U "?q\"}",
     CLAIMS(""), NULL, "rfc", "warning|x5u-refused|token 0||", 1},
    {"R8224-4.1-4: info is another's", SHAKEN_HEADER, CLAIMS(""),
     ";info=<https://b.example/>;alg=ES256;ppt=shaken", "rfc",
     "error|x5u-mismatch|Identity 0||", 1},
    {"R8224-4-3: no info", SHAKEN_HEADER, CLAIMS(""), ";ppt=shaken", "rfc",
     "error|info-missing|Identity 0||", 2},
    {"no JSON", "{", CLAIMS(""), NULL, "atis80", "error|json-syntax|token 0||", 1},
    {"no JSON in the payload", SHAKEN_HEADER, "{", NULL, "atis80",
     "error|json-syntax|token 0||", 1},
};

Test(lint, tokens)
{
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        const char *token = mint_token(tokens[i].header, tokens[i].payload, "k");
        struct text line = {0};
        text_addf(&line, "%s%s", token,
                  tokens[i].parameters != NULL ? tokens[i].parameters : "");
        char *text = lint(line.data, line.len, tokens[i].profile);
        size_t n = 0;
        for (const char *c = text; *c != '\0'; c++)
            n += *c == '\n';
        cr_expect_eq(n, tokens[i].n, "%s: %s", tokens[i].desc, text);
        if (tokens[i].says != NULL)
            cr_expect_not_null(strstr(text, tokens[i].says), "%s: %s", tokens[i].desc, text);
        free(text);
        text_free(&line);
    }
}

/* Each line is one; a compact token has nothing to look at but its form. */
Test(lint, lines_of_tokens)
{
    const char *token = mint_token(SHAKEN_HEADER, CLAIMS(""), "k");
    struct text lines = {0};

    text_addf(&lines, "%s\n\nIdentity: %s;info=<%s>;\n ppt=shaken\n..%s;info=<%s>;ppt=shaken\n",
              token, token, X5U, strrchr(token, '.') + 1, X5U);
    char *text = lint(lines.data, lines.len, "atis80");
    cr_expect_null(strstr(text, "token 0"), "%s", text);
    cr_expect_null(strstr(text, "Identity 1"), "%s", text);
    cr_expect_not_null(strstr(text, "error|compact-not-allowed|Identity 2||"), "%s", text);
    cr_expect_not_null(
        strstr(text, "error|token-form|Identity 2|the full form|the compact form|"), "%s",
        text);
    free(text);
    text_free(&lines);
}

static const struct {
    const char *desc, *data, *profile;
    int code;
    const char *says;
} refused[] = {
    {"no data", NULL, NULL, STIR_E_ARGUMENT, "data is NULL"},
    {"no such profile", "x", "atis", STIR_E_ARGUMENT, "wanted rfc, atis80 or atis92"},
    {"a line of text", "hello", NULL, STIR_E_SYNTAX, "wanted certificates"},
    {"nothing", "", NULL, STIR_E_SYNTAX, "wanted certificates"},
    {"a key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", NULL, STIR_E_SYNTAX,
     "PRIVATE KEY"},
    {"base64 that is none", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", NULL,
     STIR_E_SYNTAX, "line"},
};

Test(lint, refused)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct stir_error error;
        struct stir_rows *rows =
            stir_lint(refused[i].data, STIR_NUL, refused[i].profile, &error);
        cr_expect_null(rows, "%s", refused[i].desc);
        cr_expect_eq(error.code, refused[i].code, "%s: %d %s", refused[i].desc, error.code,
                     error.text);
        cr_expect_not_null(strstr(error.text, refused[i].says), "%s: %s", refused[i].desc,
                           error.text);
        stir_rows_free(rows);
    }
}
