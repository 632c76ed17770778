/* rules/trusted_list, and source keys trusted_list and trusted_list_signer: the STI-PA's list of
   CAs (ATIS-1000084; requirements.md 11.4, A74-5). */
#include "rules/trusted_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/mint_octets.h"
#include "tests/scene.h"

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"x5u\":\"https://pa.example.com/pa.pem\"}"
#define EXP "1798761600" /* a year after MINT_NOW */

static const struct mint pa = {.subject = "STI-PA", .key = "PA"};
static const struct mint other_pa = {.subject = "Other PA", .key = "other PA"};
static const struct mint p384_pa = {.subject = "P-384 PA", .kind = MINT_P384};
static const struct mint root = {.subject = "Root"};
static const struct mint second = {.subject = "Second root"};
static const struct mint no_ca = {.subject = "No CA", .ca = MINT_NO};

#define MEMBERS_16 "rrrrrrrrrrrrrrrr"
#define MEMBERS_128                                                                            \
    MEMBERS_16 MEMBERS_16 MEMBERS_16 MEMBERS_16 MEMBERS_16 MEMBERS_16 MEMBERS_16 MEMBERS_16

/* PEM as a JSON string; kept until the process ends. */
static const char *json_of(const char *pem)
{
    struct text text = {0};

    text_add(&text, "\"");
    for (; *pem != '\0'; pem++)
        if (*pem == '\n')
            text_add(&text, "\\n");
        else
            text_add_octets(&text, pem, 1);
    text_add(&text, "\"");
    const char *kept = keep_text("%s", text.data);
    text_free(&text);
    return kept;
}

/* A list of the certificates that the letters stand for: r the root, s the second, n what is no CA,
   b both in one string, x rubbish, 1 a number. */
static const char *payload_of(const char *letters, const char *sequence, const char *exp)
{
    const char *r = mint_make(&root, NULL)->pem, *s = mint_make(&second, NULL)->pem;
    struct text text = {0}, both = {0};

    text_addf(&both, "%s%s", r, s);
    text_add(&text, "{\"version\":\"1.0\",\"extensions\":{\"x\":1}");
    if (sequence != NULL)
        text_addf(&text, ",\"sequence\":%s", sequence);
    if (exp != NULL)
        text_addf(&text, ",\"exp\":%s", exp);
    text_add(&text, letters == NULL ? "" : ",\"trustList\":[");
    for (size_t i = 0; letters != NULL && letters[i] != '\0'; i++) {
        if (i > 0)
            text_add(&text, ",");
        switch (letters[i]) {
        case 'r':
            text_add(&text, json_of(r));
            break;
        case 's':
            text_add(&text, json_of(s));
            break;
        case 'n':
            text_add(&text, json_of(mint_make(&no_ca, &root)->pem));
            break;
        case 'b':
            text_add(&text, json_of(both.data));
            break;
        case '1':
            text_add(&text, "1");
            break;
        default:
            text_add(&text, "\"x\"");
            break;
        }
    }
    text_add(&text, letters == NULL ? "}" : "]}");
    const char *kept = keep_text("%s", text.data);
    text_free(&text);
    text_free(&both);
    return kept;
}

static const struct {
    const char *desc, *header, *letters, *sequence, *exp;
    const char *key; /* NULL: the pinned one's */
    int code, depth;
    const char *says;
} cases[] = {
    {"two roots", HEADER, "rs", "7", EXP, NULL, 0, -1, NULL},
    {"one, twice", HEADER, "rr", "7", EXP, NULL, 0, -1, NULL},
    {"sequence 0", HEADER, "r", "0", EXP, NULL, 0, -1, NULL},
    {"no typ", "{\"alg\":\"ES256\"}", "r", "7", EXP, NULL, 0, -1, NULL},
    {"another's key", HEADER, "rs", "7", EXP, "stranger", STIR_CODE_BAD_SIGNATURE, -1,
     "none of the 1 keys that are pinned"},
    {"a PASSporT", "{\"alg\":\"ES256\",\"typ\":\"passport\"}", "r", "7", EXP, NULL,
     STIR_CODE_TYP_NOT_PASSPORT, -1, "wanted JWT"},
    {"alg none", "{\"alg\":\"none\",\"typ\":\"JWT\"}", "r", "7", EXP, NULL,
     STIR_CODE_ALG_UNSUPPORTED, -1, "ES256"},
    {"no alg", "{\"typ\":\"JWT\"}", "r", "7", EXP, NULL, STIR_CODE_ALG_UNSUPPORTED, -1, NULL},
    {"crit", "{\"alg\":\"ES256\",\"crit\":[\"exp\"]}", "r", "7", EXP, NULL,
     STIR_CODE_CRIT_UNSUPPORTED, -1, "crit"},
    {"the header is an array", "[]", "r", "7", EXP, NULL, STIR_CODE_JSON_SYNTAX, -1,
     "an object"},
    {"no sequence", HEADER, "r", NULL, EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1,
     "sequence: wanted an integer, 0 or more, found absent"},
    {"a sequence in quotes", HEADER, "r", "\"7\"", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1,
     "found a string"},
    {"a negative sequence", HEADER, "r", "-1", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1,
     "sequence"},
    {"no exp", HEADER, "r", "7", NULL, NULL, STIR_CODE_CLAIM_SYNTAX, -1, "exp: wanted"},
    {"an empty list", HEADER, "", "7", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1, "an empty one"},
    {"128 members", HEADER, MEMBERS_128, "7", EXP, NULL, 0, -1, NULL},
    {"and one more", HEADER, MEMBERS_128 "r", "7", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1,
     "wanted 128 certificates at most, found 129"},
    {"no list", HEADER, NULL, "7", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, -1,
     "trustList: wanted an array of one certificate or more, found absent"},
    {"the last member is rubbish: the whole is refused", HEADER, "rsx", "7", EXP, NULL,
     STIR_CODE_CLAIM_SYNTAX, 2, "element 2: wanted one certificate in PEM"},
    {"a member is a number", HEADER, "1r", "7", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, 0,
     "element 0: wanted one certificate in PEM, found no string"},
    {"two certificates in a member", HEADER, "b", "7", EXP, NULL, STIR_CODE_CLAIM_SYNTAX, 0,
     "found more"},
    {"a member is no CA", HEADER, "rn", "7", EXP, NULL, STIR_CODE_ISSUER_NOT_CA, 1,
     "element 1: certificate 0 \"No CA\" is no CA"},
};

static struct anchors pinned(const struct mint *spec)
{
    struct anchors signers = {0};
    struct stir_error error;
    const char *pem = mint_make(spec, NULL)->pem;

    cr_assert_eq(anchors_add_list_signers(&signers, pem, strlen(pem), &es256_gnutls, &error),
                 0);
    return signers;
}

Test(trusted_list, read)
{
    struct anchors signers = pinned(&pa);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *payload = payload_of(cases[i].letters, cases[i].sequence, cases[i].exp);
        const char *token =
            mint_token(cases[i].header, payload, cases[i].key != NULL ? cases[i].key : "PA");
        struct trusted_list list;
        struct stir_error error;
        error_clear(&error);
        int rc = trusted_list_read(token, strlen(token), &signers, "list.jws", &es256_gnutls,
                                   &list, &error);
        cr_expect_eq(rc, cases[i].code, "%s: %d %s", cases[i].desc, rc, error.text);
        cr_expect_eq(error.depth, cases[i].depth, "%s: %d", cases[i].desc, error.depth);
        if (cases[i].says != NULL)
            cr_expect_not_null(strstr(error.text, cases[i].says), "%s: %s", cases[i].desc,
                               error.text);
        if (rc == 0) {
            cr_expect_eq(list.sequence, strtol(cases[i].sequence, NULL, 10));
            cr_expect_eq(list.exp, strtol(EXP, NULL, 10));
            cr_expect_eq(list.anchors.n, strchr(cases[i].letters, 's') != NULL ? 2 : 1);
            cr_expect_eq(list.anchors.origins[0].until, list.exp);
            cr_expect_str_eq(list.anchors.origins[0].source, "list.jws");
            trusted_list_free(&list);
        }
    }
    anchors_free(&signers);
}

static const struct {
    const char *desc, *text;
} no_jws[] = {{"nothing", ""},
              {"a word", "hello"},
              {"two segments", "e30.e30"},
              {"a signature alone", "..AAAA"},
              {"a PEM", "-----BEGIN CERTIFICATE-----\n"}};

Test(trusted_list, no_jws)
{
    struct anchors signers = pinned(&pa);

    for (size_t i = 0; i < sizeof no_jws / sizeof *no_jws; i++) {
        struct trusted_list list;
        cr_expect_eq(trusted_list_read(no_jws[i].text, strlen(no_jws[i].text), &signers, "",
                                       &es256_gnutls, &list, NULL),
                     STIR_CODE_TOKEN_SYNTAX, "%s", no_jws[i].desc);
    }
    anchors_free(&signers);
}

/* ---- As keys of a configuration -------------------------------------------------------------- */

static int set(struct stir_config *config, const char *key, const char *data,
               struct stir_error *error)
{
    return stir_config_set_data(config, key, data, STIR_NUL, error);
}

static const char *list_of(const char *letters, const char *sequence, const char *exp)
{
    return mint_token(HEADER, payload_of(letters, sequence, exp), "PA");
}

static struct stir_config *config_of(const char *list)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    cr_assert_eq(set(config, "trusted_list_signer", mint_make(&pa, NULL)->pem, &error), 0);
    cr_assert_eq(set(config, "trusted_list", list, &error), 0, "%s", error.text);
    return config;
}

Test(trusted_list, keys)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    cr_expect_eq(set(config, "trusted_list", list_of("r", "7", EXP), &error), STIR_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "trusted_list_signer"), "%s", error.text);
    cr_expect_eq(stir_config_set(config, "trusted_list", "https://pa.example.com/list", &error),
                 STIR_E_ARGUMENT);
    cr_expect_eq(set(config, "trusted_list_signer", mint_make(&p384_pa, NULL)->pem, &error),
                 STIR_E_REFUSED);
    cr_expect_eq(error.code, STIR_CODE_SIGNER_KEY, "%s", error.text);
    cr_expect_eq(set(config, "trusted_list_signer", "rubbish", &error), STIR_E_SYNTAX);
    cr_expect_eq(set(config, "trusted_list_signer", mint_make(&other_pa, NULL)->pem, &error),
                 0);
    cr_expect_eq(set(config, "trusted_list", list_of("r", "7", EXP), &error), STIR_E_REFUSED);
    cr_expect_eq(error.code, STIR_CODE_BAD_SIGNATURE, "%s", error.text);
    cr_expect_eq(set(config, "trusted_list_signer", mint_make(&pa, NULL)->pem, &error), 0,
                 "it adds");
    cr_expect_eq(set(config, "trusted_list", list_of("r", "7", EXP), &error), 0, "%s",
                 error.text);
    cr_expect_eq(set(config, "trusted_list", list_of("rs", "6", EXP), &error), STIR_E_REFUSED,
                 "the sequence never goes back");
    cr_expect_eq(error.code, STIR_CODE_REPLAYED, "%s", error.text);
    cr_expect_eq(set(config, "trusted_list", list_of("rs", "8", EXP), &error), 0);
    cr_expect_eq(stir_config_set(config, "trusted_list", "/nonexistent", &error), STIR_E_FILE);
    cr_expect_eq(stir_config_set(config, "trusted_list", "https://pa.example.com/list", &error),
                 0, "%s", error.text);
    cr_expect_eq(stir_config_set(config, "trusted_list", "http://pa.example.com/list", &error),
                 STIR_E_FILE);
    stir_config_free(config);
}

Test(trusted_list, a_reload_does_not_go_back)
{
    struct stir_config *config = config_of(list_of("r", "7", EXP)),
                       *older = config_of(list_of("rs", "6", EXP)),
                       *newer = config_of(list_of("s", "8", EXP));
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_expect_eq(stir_verifier_reload(verifier, older, &error), STIR_E_REFUSED);
    cr_expect_eq(error.code, STIR_CODE_REPLAYED, "%s", error.text);
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_ANCHORS, &error);
    cr_expect_str_eq(stir_rows_text(rows, 0, "subject"), "CN=Root", "the old one stays");
    cr_expect_str_eq(stir_rows_text(rows, 0, "until"), "2027-01-01T00:00:00Z");
    cr_expect_null(stir_rows_text(rows, 1, "subject"));
    stir_rows_free(rows);
    cr_expect_eq(stir_verifier_reload(verifier, newer, &error), 0, "%s", error.text);
    rows = stir_verifier_list(verifier, STIR_LIST_ANCHORS, &error);
    cr_expect_str_eq(stir_rows_text(rows, 0, "subject"), "CN=Second root");
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    stir_config_free(config);
    stir_config_free(older);
    stir_config_free(newer);
}

/* A74-5: a path to a root of the list, until the list ends; the same root set as an anchor
   stays. */
static const struct {
    const char *desc, *exp;
    bool as_anchor, twice;
    int64_t now;
    int code;
} ends[] = {
    {"the list is good", EXP, false, false, MINT_NOW, 0},
    {"its last second", "1767225600", false, false, MINT_NOW, 0},
    {"it ended", "1767225599", false, false, MINT_NOW, STIR_CODE_STATUS_UNKNOWN},
    {"it ended, and the root is an anchor, too", "1767225599", true, false, MINT_NOW, 0},
    {"it ends between two calls", "1767225600", false, true, MINT_NOW,
     STIR_CODE_STATUS_UNKNOWN},
};

Test(trusted_list, paths_until_the_list_ends)
{
    const struct mint *specs[] = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root};
    const struct minted *made[4];
    struct text pems = {0};

    for (size_t i = 0; i < 4; i++)
        made[i] = mint_make(specs[i], i < 3 ? specs[i + 1] : NULL);
    const char *list = mint_pem_list_n(made, 3);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct stir_error error;
        text_addf(&pems, "{\"sequence\":1,\"exp\":%s,\"trustList\":[%s]}", ends[i].exp,
                  json_of(made[3]->pem));
        char *payload = text_take(&pems);
        struct stir_config *config = config_of(mint_token(HEADER, payload, "PA"));
        if (ends[i].as_anchor)
            cr_assert_eq(set(config, "anchors", made[3]->pem, &error), 0);
        struct stir_verifier *verifier = stir_verifier_new(config, &error);
        struct stir_chain *chain = stir_chain_parse(list, STIR_NUL, &error);
        struct stir_signer *signer = stir_signer_new(verifier, chain, NULL, NULL, &error);
        struct stir_result *result = stir_signer_precheck(signer, NULL, ends[i].now, 0, &error);
        if (ends[i].twice) {
            cr_expect_neq(stir_result_code(result), STIR_CODE_STATUS_UNKNOWN, "%s",
                          ends[i].desc);
            stir_result_free(result);
            result = stir_signer_precheck(signer, NULL, ends[i].now + 1, 0, &error);
        }
        int code = stir_result_code(result);
        bool open = code == STIR_CODE_STATUS_UNKNOWN;
        cr_expect_eq(open ? code : 0, ends[i].code, "%s: %s", ends[i].desc,
                     stir_result_detail(result));
        cr_expect_eq(open, strstr(stir_result_detail(result), "(sequence 1) ended at") != NULL,
                     "%s: %s", ends[i].desc, stir_result_detail(result));
        stir_result_free(result);
        stir_signer_free(signer);
        stir_chain_free(chain);
        stir_verifier_free(verifier);
        stir_config_free(config);
        free(payload);
    }
}
