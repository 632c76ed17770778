/* Revocation in calls, prechecks and reloads. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mint_crl.h"
#include "tests/scene.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
#define PROVIDER "C=US,O=Provider,CN=SHAKEN 709J"
#define INDIRECT .idp_hex = MINT_IDP_INDIRECT
#define THE_DELEGATE                                                                           \
    {                                                                                          \
        {                                                                                      \
            .certificate = &mint_delegate, .issuer = PROVIDER, .reason_hex = "04"              \
        }                                                                                      \
    }

static void set_data(struct stir_config *config, const char *key, const char *data)
{
    struct stir_error error;

    cr_assert_eq(stir_config_set_data(config, key, data, STIR_NUL, &error), 0, "%s: %s", key,
                 error.text);
}

/* A scene's configuration with these lists, up to a NULL. */
static struct stir_config *config_with(const struct scene *scene, const struct mint_crl *lists,
                                       size_t n)
{
    struct stir_config *config = scene_config(scene);

    set_data(config, "crl_anchors", mint_make(&pa, NULL)->pem);
    for (size_t i = 0; i < n; i++)
        set_data(config, "crl", mint_crl(&lists[i], &pa)->pem);
    return config;
}

static struct stir_verifier *verifier_with(const struct scene *scene,
                                           const struct mint_crl *list)
{
    struct stir_config *config = config_with(scene, list, list == NULL ? 0 : 1);
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);

    cr_assert_not_null(verifier, "%s", error.text);
    cr_assert_eq(stir_verifier_supply(verifier, NULL, scene_body(scene), STIR_NUL, &error), 0);
    stir_config_free(config);
    return verifier;
}

static int code_of(struct stir_verifier *verifier, const struct scene *scene, char **detail)
{
    struct stir_call *call = scene_call(scene);
    struct stir_error error;
    struct stir_result *result = stir_verify(verifier, call, MINT_NOW, 0, &error);

    cr_assert_not_null(result, "%s", error.text);
    int code = stir_result_code(result);
    free(*detail);
    *detail = strdup(stir_result_detail(result));
    if (code == STIR_CODE_REVOKED) {
        cr_expect_str_eq(stir_result_verstat(result), "TN-Validation-Failed");
        cr_expect_eq(stir_result_sip_status(result, NULL), 437);
    } else if (code == STIR_CODE_STATUS_UNKNOWN) {
        cr_expect_eq(stir_result_verdict(result), STIR_INDETERMINATE);
        cr_expect_str_eq(stir_result_verstat(result), "No-TN-Validation");
        cr_expect_eq(stir_result_sip_status(result, NULL), 0);
    }
    stir_result_free(result);
    stir_call_free(call);
    return code;
}

/* Policy status, as stir_config_set() has it. */
Test(revocation_service, calls)
{
    static const struct {
        const char *desc;
        struct scene scene;
        struct mint_crl list;
        bool none;
        int code;
    } cases[] = {
        {"prefer: revoked (R8226-10-1; A74-5: by the STI-PA's list)",
         {.ppt = NULL},
         {INDIRECT, .revoked = THE_DELEGATE},
         false,
         STIR_CODE_REVOKED},
        {"prefer: not on the list", {.ppt = NULL}, {INDIRECT}, false, 0},
        {"prefer: stale",
         {.ppt = NULL},
         {INDIRECT, .next_update = MINT_NOW - 1},
         false,
         STIR_CODE_STATUS_UNKNOWN},
        {"prefer: no list", {.ppt = NULL}, {INDIRECT}, true, 0},
        {"require: no list",
         {.policy = {"status", "require"}},
         {INDIRECT},
         true,
         STIR_CODE_STATUS_UNKNOWN},
        {"require: not on the list", {.policy = {"status", "require"}}, {INDIRECT}, false, 0},
        {"off: revoked",
         {.policy = {"status", "off"}},
         {INDIRECT, .revoked = THE_DELEGATE},
         false,
         0},
        {"revoked beats a signature that is not good",
         {.corrupt = true},
         {INDIRECT, .revoked = THE_DELEGATE},
         false,
         STIR_CODE_REVOKED},
        {"a signature that is not good beats what is not known",
         {.corrupt = true},
         {INDIRECT, .next_update = MINT_NOW - 1},
         false,
         STIR_CODE_BAD_SIGNATURE},
        {"a path that has no anchor is not asked for",
         {.no_anchor = true},
         {INDIRECT, .revoked = THE_DELEGATE},
         false,
         STIR_CODE_PATH_NO_ANCHOR},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_verifier *verifier =
            verifier_with(&cases[i].scene, cases[i].none ? NULL : &cases[i].list);
        char *detail = NULL;
        for (int again = 0; again < 2; again++) { /* the second time the path is known */
            int code = code_of(verifier, &cases[i].scene, &detail);
            cr_expect_eq(code, cases[i].code, "%s: %s, %s", cases[i].desc, stir_code_name(code),
                         detail);
        }
        free(detail);
        stir_verifier_free(verifier);
    }
}

static int reload(struct stir_verifier *verifier, const struct scene *scene,
                  const struct mint_crl *list, struct stir_error *error)
{
    struct stir_config *config = config_with(scene, list, list == NULL ? 0 : 1);
    int rc = stir_verifier_reload(verifier, config, error);

    stir_config_free(config);
    return rc;
}

/* A reload takes a newer list and, of an older or a bad one, nothing: RFC 5280 section 5.2.3. */
Test(revocation_service, reloads)
{
    static const struct scene scene = {.desc = "reloads"};
    static const struct mint_crl first = {INDIRECT, .number_hex = "02"},
                                 revoked = {INDIRECT, .number_hex = "03",
                                            .revoked = THE_DELEGATE},
                                 forged = {INDIRECT, .number_hex = "04", .corrupt = true},
                                 unusable = {INDIRECT, .number_hex = "04", .next_update = -1},
                                 released = {INDIRECT, .number_hex = "04"};
    struct stir_verifier *verifier = verifier_with(&scene, &first);
    struct stir_error error;
    char *detail = NULL;

    cr_expect_eq(code_of(verifier, &scene, &detail), 0, "%s", detail);
    cr_expect_eq(reload(verifier, &scene, &revoked, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(verifier, &scene, &detail), STIR_CODE_REVOKED, "%s", detail);
    cr_expect_not_null(strstr(detail, "(superseded) by the CRL of \"CN=STI-PA CRL,O=PA,C=US\" "
                                      "(number 3)"),
                       "%s", detail);
    const struct mint_crl *const bad[] = {&first, &forged, &unusable};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(reload(verifier, &scene, bad[i], &error), STIR_E_REFUSED, "%zu", i);
        cr_expect_eq(error.code, STIR_CODE_STATUS_UNKNOWN, "%zu: %s", i, error.text);
        cr_expect_eq(code_of(verifier, &scene, &detail), STIR_CODE_REVOKED, "%zu: %s", i,
                     detail);
    }
    cr_expect_eq(reload(verifier, &scene, &released, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(verifier, &scene, &detail), 0, "%s", detail);
    cr_expect_eq(reload(verifier, &scene, NULL, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(verifier, &scene, &detail), 0, "%s", detail);
    free(detail);
    stir_verifier_free(verifier);
}

/* What cannot be read is refused when it is set, and what was set stays. */
Test(revocation_service, settings)
{
    static const struct scene scene = {.desc = "settings", .policy = {"status", "require"}};
    static const struct mint_crl good = {INDIRECT};
    struct stir_config *config = config_with(&scene, &good, 1);
    const char *signer = mint_make(&mint_shaken, &mint_sti_ca)->pem;
    struct stir_error error;
    char *detail = NULL;

    cr_expect_eq(stir_config_set_data(config, "crl", "rubbish", STIR_NUL, &error),
                 STIR_E_SYNTAX);
    cr_expect_eq(stir_config_set_data(config, "crl_anchors", signer, STIR_NUL, &error),
                 STIR_E_REFUSED);
    cr_expect_eq(error.code, STIR_CODE_KEY_USAGE, "%s", error.text);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_eq(stir_verifier_supply(verifier, NULL, scene_body(&scene), STIR_NUL, &error), 0);
    cr_expect_eq(code_of(verifier, &scene, &detail), 0, "%s", detail);
    free(detail);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

/* R9060-5-1: nobody signs with what is revoked. */
Test(revocation_service, prechecks)
{
    static const struct scene scene = {.desc = "prechecks"};
    static const struct {
        struct mint_crl list;
        int code;
    } cases[] = {{{INDIRECT}, 0},
                 {{INDIRECT, .revoked = THE_DELEGATE}, STIR_CODE_REVOKED},
                 {{INDIRECT, .next_update = MINT_NOW - 1}, STIR_CODE_STATUS_UNKNOWN}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error;
        struct stir_verifier *verifier = verifier_with(&scene, &cases[i].list);
        struct stir_chain *chain = stir_chain_parse(scene_body(&scene), STIR_NUL, &error);
        struct stir_key *key =
            stir_key_parse(mint_key_pem("delegate", MINT_P256), STIR_NUL, &error);
        struct stir_signer *signer = stir_signer_new(verifier, chain, key, SCENE_X5U, &error);
        struct stir_result *result = stir_signer_precheck(signer, NULL, MINT_NOW, 0, &error);
        cr_assert_not_null(result, "%s", error.text);
        cr_expect_eq(stir_result_code(result), cases[i].code, "%zu: %s", i,
                     stir_result_detail(result));
        stir_result_free(result);
        stir_signer_free(signer);
        stir_key_free(key);
        stir_chain_free(chain);
        stir_verifier_free(verifier);
    }
}
