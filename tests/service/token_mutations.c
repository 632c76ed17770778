/*
 * Every small change of a good token in an Identity value: nothing that differs from what was
 * signed may be valid, the encoding of base64url included (R7515-1). The list of exceptions is
 * empty.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mutate.h"
#include "tests/scene.h"

struct judging {
    const struct scene *scene;
    struct stir_verifier *verifier;
    const char *parameters; /* of the value, behind the token */
    size_t n, by_signature;
};

static int judge(struct judging *judging, const uint8_t *token, size_t len, char **detail)
{
    struct stir_call *call = stir_call_new();
    struct stir_error error = {0};
    size_t whole = len + strlen(judging->parameters);
    char *value = malloc(whole);

    memcpy(value, token, len);
    memcpy(value + len, judging->parameters, whole - len);
    stir_call_add_header(call, "From", SCENE_ORIG, STIR_NUL);
    stir_call_add_header(call, "To", SCENE_DEST, STIR_NUL);
    stir_call_add_header(call, "Identity", value, whole);
    struct stir_result *result = stir_verify(judging->verifier, call, MINT_NOW, 0, &error);
    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    *detail = strdup(stir_result_detail(result));
    stir_result_free(result);
    stir_call_free(call);
    free(value);
    return code;
}

static void expect_invalid(void *arg, const struct mutation *mutation)
{
    struct judging *judging = arg;
    char *detail;
    int code = judge(judging, mutation->data, mutation->len, &detail);

    cr_expect_gt(code, 0, "%s: %s at %zu: %s", judging->scene->desc, mutation->what,
                 mutation->at, detail);
    judging->n++;
    judging->by_signature += code == STIR_CODE_BAD_SIGNATURE;
    free(detail);
}

static void expect_all_invalid(const struct scene *scene, size_t by_signature_percent)
{
    struct stir_config *config = scene_config(scene);
    struct stir_error error = {0};
    char *value = scene_identity(scene), *detail;
    size_t len = strcspn(value, ";");
    struct judging judging = {.scene = scene, .parameters = value + len};

    judging.verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(judging.verifier, "%s", error.text);
    /* Every x5u gives the certificates, so that a changed URL is not refused for its absence. */
    cr_assert_eq(
        stir_verifier_supply(judging.verifier, NULL, scene_body(scene), STIR_NUL, &error), 0);
    cr_expect_eq(judge(&judging, (const uint8_t *)value, len, &detail), 0, "%s: %s",
                 scene->desc, detail);
    free(detail);
    cr_expect_gt(mutate_each(value, len, expect_invalid, &judging), len * 8);
    cr_expect_geq(judging.by_signature * 100, judging.n * by_signature_percent,
                  "%s: %zu of %zu", scene->desc, judging.by_signature, judging.n);
    stir_verifier_free(judging.verifier);
    stir_config_free(config);
    free(value);
}

/* R8224-6.2-5: every bit of each segment. */
Test(token_mutations, base, .timeout = 300)
{
    expect_all_invalid(&(struct scene){.desc = "base"}, 10);
}

/* Where nothing is compared but x5u, the signature stands alone. */
Test(token_mutations, shaken, .timeout = 300)
{
    expect_all_invalid(
        &(struct scene){.desc = "shaken",
                        .ppt = "shaken",
                        .signer = mint_shaken,
                        .above = {mint_sti_ca, mint_root},
                        .own_chain = true,
                        .policy = {"orig_check", "off", "dest_check", "off", "origid", "any"}},
        10);
}
