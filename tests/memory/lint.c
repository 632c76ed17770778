/* Lint over each kind of input, and what is shown of revocation lists, with every request of
   libstir's for memory refused in turn. */
#include <stdlib.h>
#include <string.h>

#include "tests/memory/every.h"
#include "tests/mint_crl.h"
#include "stir.h"

struct input {
    const void *data;
    size_t len;
    const char *profile;
};

/* The rows that there are to be come with their texts. */
static int lint(const void *arg)
{
    const struct input *input = arg;
    struct stir_error error = {0};
    struct stir_rows *rows = stir_lint(input->data, input->len, input->profile, &error);
    int code = rows != NULL ? 0 : error.code;

    for (size_t i = 0; code == 0 && stir_rows_text(rows, i, "rule") != NULL; i++)
        if (stir_rows_text(rows, i, "severity") == NULL
            || stir_rows_text(rows, i, "where") == NULL)
            code = STIR_E_INTERNAL;
    stir_rows_free(rows);
    return code;
}

static int show(const void *arg)
{
    const struct input *input = arg;
    struct stir_error error = {0};
    char *text = stir_describe(input->data, input->len, STIR_JSON, &error);

    if (text == NULL)
        return error.code;
    free(text);
    text = stir_describe(input->data, input->len, STIR_TEXT, &error);
    int code = text != NULL ? 0 : error.code;
    free(text);
    return code;
}

static const struct mint root = {.subject = "C=US,O=STI,CN=STI SHAKEN ROOT"};
static const struct mint ranges = {
    .subject = "CN=Ranges", .ca = MINT_YES, .tnauthlist = "709J,12155550000+1000"};
static const struct mint beyond = {.subject = "CN=ACME",
                                   .tnauthlist = "12155550950+100",
                                   .constraints = "+rcd,-rcd,attest=A",
                                   .stir_tn_list = "http://lists.example/acme"};
static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
/* One URL as its name, indirect. */
#define IDP                                                                                    \
    "301BA016A0148612687474703A2F2F61622E6578616D706C652F63"                                   \
    "8401FF"

static void certificates(void)
{
    const struct minted *leaf = mint_make(&beyond, &ranges);
    const char *list =
        mint_pem_list(leaf, mint_make(&ranges, &root), mint_make(&root, NULL), NULL);
    struct input input = {list, STIR_NUL, "atis92"};

    every_own_request("a list of certificates that over-claims", lint, &input, 0);
    input = (struct input){leaf->der, leaf->len, "atis80"};
    every_own_request("a certificate in DER", lint, &input, 0);
    input = (struct input){"hello", STIR_NUL, NULL};
    every_own_request("nothing that is known", lint, &input, STIR_E_SYNTAX);
}

/* One number twice; members behind a count; an empty list. */
static const struct {
    uint8_t octets[24];
    size_t len;
} lists[] = {
    {"\x30\x12\xA2\x07\x16\x05"
     "12155\xA2\x07\x16\x05"
     "12155",
     20},
    {"\x30\x10\xA1\x0E\x30\x0C\x16\x05"
     "12155\x02\x01\x02\x05\x00",
     18},
    {"\x30\x00", 2},
};

static void tnauthlists(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct input input = {lists[i].octets, lists[i].len, "rfc"};
        every_own_request("a TNAuthList", lint, &input, 0);
    }
}

static void crls(void)
{
    static const struct mint_extension unknown[] = {{"1.2.3.4", true, "0500"},
                                                    {NULL, false, NULL}};
    static const struct mint_crl specs[] = {
        {.number_hex = "",
         .akid = "",
         .next_update = -1,
         .extensions = unknown,
         .revoked = {{.serial_hex = "12", .reason_hex = "08"}, {.serial_hex = "13"}}},
        {.idp_hex = MINT_IDP_INDIRECT,
         .revoked = {{.serial_hex = "12", .reason_hex = "01", .issuer = "CN=a"},
                     {.serial_hex = "13"},
                     {.serial_hex = "12", .issuer = "CN=b"},
                     {.serial_hex = "14", .issuer = "CN=a"}}},
        {.idp_hex = "300483020640"},
    };
    static const struct mint_crl bad = {.more_hex = "0500"};
    struct input input = {.profile = "atis80"};

    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        const struct minted *crl = mint_crl(&specs[i], &pa);
        input = (struct input){crl->pem, STIR_NUL, "atis80"};
        every_own_request("a CRL", lint, &input, 0);
        every_own_request("a CRL shown", show, &input, 0);
    }
    const struct minted *crl = mint_crl(&bad, &pa);
    input = (struct input){crl->pem, STIR_NUL, "rfc"};
    every_own_request("what is no CRL", lint, &input, 0);
    every_own_request("what is no CRL, shown", show, &input, STIR_E_SYNTAX);
}

int main(void)
{
    certificates();
    tnauthlists();
    crls();
    return every_status();
}
