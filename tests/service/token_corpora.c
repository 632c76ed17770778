/*
 * Tokens that others signed, judged end to end: their keys are put into certificates of ours.
 * libstirshaken's and FreeSWITCH's, and those of the drafts.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "tests/help.h"
#include "tests/scene.h"

#define LONG_AGO INT64_C(1262304000) /* 2010 */
#define OTHER_KEY "keys/ef0cabc6f66f.pub.pem"

/* The SubjectPublicKeyInfo in passports/NAME in hex; for free(3). */
static char *spki_hex(const char *name)
{
    char *relative = NULL;
    size_t len;

    cr_assert_gt(asprintf(&relative, "passports/%s", name), 0);
    char *path = help_corpus(relative);
    uint8_t *der = help_pem(path, &len);
    char *hex = calloc(2 * len + 1, 1);
    for (size_t i = 0; i < len; i++)
        sprintf(hex + 2 * i, "%02x", der[i]);
    free(der);
    free(path);
    free(relative);
    return hex;
}

static const char *member(const struct value *record, const char *pointer)
{
    const char *text = value_string(value_pointer(record, pointer));

    return text != NULL ? text : "";
}

/* The token as a call brought it, in the second it was signed, by a provider whose certificate
   has this key. */
static int judge(const struct value *record, const char *token, const char *key, char *detail)
{
    char *hex = spki_hex(key), *identity = NULL;
    const char *ppt = member(record, "/header/ppt");
    struct scene scene = {
        .desc = member(record, "/id"),
        .own_chain = true,
        .signer = {.subject = "Signer",
                   .spki_hex = hex,
                   .tnauthlist = "709J",
                   .not_before = LONG_AGO},
        .above = {mint_sti_ca, mint_root},
        .policy = {"orig_check", "off", "dest_check", "off", "origid", "any"}};

    scene.above[0].not_before = scene.above[1].not_before = LONG_AGO;
    if (!value_integer(value_pointer(record, "/payload/iat"), &scene.now))
        scene.now = MINT_NOW;
    cr_assert_gt(asprintf(&identity, "%s;info=<%s>%s%s", token, member(record, "/header/x5u"),
                          ppt[0] != '\0' ? ";ppt=" : "", ppt),
                 0);
    scene.identity = identity;
    struct stir_config *config = scene_config(&scene);
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier, "%s", error.text);
    cr_assert_eq(stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, &error), 0);
    struct stir_call *call = scene_call(&scene);
    struct stir_result *result = stir_verify(verifier, call, scene.now, 0, &error);
    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    snprintf(detail, 512, "%s", stir_result_detail(result));
    stir_result_free(result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
    free(identity);
    free(hex);
    return code;
}

/* What comes of them, from one to another: no token that was recorded as unacceptable is valid,
   and those that were recorded as acceptable are, but for http as the scheme of their x5u, which
   belongs to fetching, and an origid that is no UUID. */
static const struct {
    const char *first, *last;
    int code;
} outcomes[] = {
    {"t000", "t000", STIR_CODE_ORIG_SYNTAX},
    {"t014", "t017", STIR_CODE_IAT_SYNTAX},
    {"t018", "t018", STIR_CODE_TOKEN_SYNTAX},
    {"t019", "t019", STIR_CODE_BAD_SIGNATURE},
    {"t097", "t102", STIR_CODE_OK},
    {"t103", "t105", STIR_CODE_BAD_SIGNATURE},
    {"t106", "t107", STIR_CODE_TYP_NOT_PASSPORT},
    {"t108", "t110", STIR_CODE_INFO_MISSING},
    {"t111", "t119", STIR_CODE_TYP_NOT_PASSPORT},
    {"t120", "t120", STIR_CODE_INFO_MISSING},
    {"t121", "t121", STIR_CODE_TYP_NOT_PASSPORT},
    {"t122", "t125", STIR_CODE_ORIG_SYNTAX},
    {"t126", "t127", STIR_CODE_OK},
    {"t128", "t128", STIR_CODE_ORIG_SYNTAX},
    {"t129", "t129", STIR_CODE_TYP_NOT_PASSPORT},
    {"t130", "t131", STIR_CODE_BAD_SIGNATURE},
    {"t132", "t132", STIR_CODE_ORIG_SYNTAX},
    {"t133", "t133", STIR_CODE_INFO_MISSING},
    {"t134", "t134", STIR_CODE_PPT_UNSUPPORTED},
    {"t135", "t135", STIR_CODE_ORIG_SYNTAX},
    {"t136", "t137", STIR_CODE_IAT_SYNTAX},
    {"t138", "t138", STIR_CODE_ORIG_SYNTAX},
    {"t139", "t139", STIR_CODE_TYP_NOT_PASSPORT},
    {"t140", "t141", STIR_CODE_PPT_UNSUPPORTED},
    {"t142", "t142", STIR_CODE_INFO_MISSING},
    {"t143", "t143", STIR_CODE_ALG_UNSUPPORTED},
    {"t144", "t144", STIR_CODE_INFO_MISSING},
    {"t145", "t145", STIR_CODE_TYP_NOT_PASSPORT},
};

static int wanted(const char *id)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i].first, id) <= 0 && strcmp(id, outcomes[i].last) <= 0)
            return outcomes[i].code;
    cr_assert_fail("%s is not in the table", id);
    return -1;
}

static void expect_no_other(const struct value *record)
{
    char *token = strdup(member(record, "/token")), detail[512];
    const char *key = member(record, "/signature/0/verifies_under");
    char *last = strrchr(token, '.') + 1;

    cr_expect_eq(judge(record, token, OTHER_KEY, detail), STIR_CODE_BAD_SIGNATURE,
                 "%s, with another key: %s", member(record, "/id"), detail);
    *last = *last == 'A' ? 'B' : 'A';
    cr_expect_eq(judge(record, token, key, detail), STIR_CODE_BAD_SIGNATURE, "%s, changed: %s",
                 member(record, "/id"), detail);
    free(token);
}

/* Is it valid? */
static bool check_record(const struct value *record)
{
    const char *id = member(record, "/id");
    const char *key = member(record, "/signature/0/verifies_under");
    bool good = strcmp(member(record, "/verdict_overall_with_key"), "accept") == 0;
    char detail[512];
    int code =
        judge(record, member(record, "/token"), key[0] != '\0' ? key : OTHER_KEY, detail);

    cr_expect_eq(code, wanted(id), "%s: %s", id, detail);
    cr_expect_eq(code == 0, good, "%s: %s", id, detail);
    if (code == 0)
        expect_no_other(record);
    return code == 0;
}

/* R8224-6.2-5, R7515-3, A-34 */
Test(token_corpora, end_to_end)
{
    size_t len = 0, n = 0, valid = 0;

    help_need_corpora();
    char *path = help_corpus("passports/tokens.jsonl"), *text = help_read(path, &len);
    cr_assert_not_null(text);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, n++) {
        struct value *record;
        cr_assert_eq(value_load(line, (size_t)(end - line), &record, NULL), 0);
        valid += check_record(record);
        value_free(record);
    }
    cr_expect_eq(n, 56);
    cr_expect_eq(valid, 8);
    free(text);
    free(path);
}
