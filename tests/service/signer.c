/* service/signer: what is prechecked, refused and signed (RFC 8224 section 6.1, RFC 9060 section
   5), held against the verifier's own judgement and openssl's. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/scene.h"

struct desk {
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct stir_chain *chain;
    struct stir_key *key;
    struct stir_signer *signer;
};

static void open_desk(struct desk *desk, const struct scene *scene, const char *key)
{
    struct stir_error error;

    desk->config = scene_config(scene);
    desk->verifier = stir_verifier_new(desk->config, &error);
    desk->chain = stir_chain_parse(scene_body(scene), STIR_NUL, &error);
    desk->key = stir_key_parse(mint_key_pem(key, MINT_P256), STIR_NUL, &error);
    cr_assert(desk->chain != NULL && desk->key != NULL, "%s: %s", scene->desc, error.text);
    desk->signer = stir_signer_new(desk->verifier, desk->chain, desk->key, SCENE_X5U, &error);
    cr_assert_not_null(desk->signer, "%s: %s", scene->desc, error.text);
}

static void close_desk(struct desk *desk)
{
    stir_signer_free(desk->signer);
    stir_key_free(desk->key);
    stir_chain_free(desk->chain);
    stir_verifier_free(desk->verifier);
    stir_config_free(desk->config);
}

static void set(struct stir_passport *passport, const char *claim, const char *value)
{
    struct stir_error error;

    cr_assert_eq(stir_passport_set(passport, claim, value, &error), 0, "%s=%s: %s", claim,
                 value, error.text);
}

static struct stir_passport *passport_for(const struct scene *scene)
{
    struct stir_error error;
    const char *ppt = scene->ppt != NULL ? scene->ppt : "";
    struct stir_passport *passport = stir_passport_new(ppt, NULL, &error);

    cr_assert_not_null(passport, "%s", error.text);
    set(passport, "orig", scene->orig != NULL ? scene->orig : SCENE_ORIG);
    if (scene->dest == NULL || *scene->dest != '\0')
        set(passport, "dest", scene->dest != NULL ? scene->dest : SCENE_DEST);
    char iat[24];
    snprintf(iat, sizeof iat, "%lld", (long long)(scene->iat != 0 ? scene->iat : MINT_NOW));
    set(passport, "iat", iat);
    if (strcmp(ppt, "shaken") == 0) {
        set(passport, "attest", "A");
        set(passport, "origid", SCENE_ORIGID);
    }
    return passport;
}

#define STI_CA                                                                                 \
    {                                                                                          \
        .subject = "STI CA", .ca = MINT_YES                                                    \
    }
#define ROOT                                                                                   \
    {                                                                                          \
        .subject = "Root"                                                                      \
    }
#define PARENT                                                                                 \
    {                                                                                          \
        .subject = "Parent", .ca = MINT_YES, .tnauthlist = "12155550000+10000"                 \
    }
#define ACME(...)                                                                              \
    .own_chain = true, .signer = {.subject = "ACME", .key = "delegate", __VA_ARGS__},          \
    .above = {PARENT, STI_CA, ROOT}

static const struct scene prechecks[] = {
    {"its own number (R9060-5-2)", .depth = -1, .sentence = "has authority over 12155551234"},
    {"another number", .orig = "12155551300", .code = STIR_CODE_ORIG_OUT_OF_SCOPE, .depth = 0},
    {"over-claiming (R9060-5-1)", ACME(.tnauthlist = "12155551200+100,t12155560000"),
     .code = STIR_CODE_NOT_ENCOMPASSED, .depth = 0},
    {"expired (R8224-6.1-3)", ACME(.tnauthlist = "12155551200+100", .not_after = MINT_NOW - 1),
     .code = STIR_CODE_CERT_EXPIRED, .depth = 0},
    {"another key", .key = "somebody else", .code = STIR_CODE_SIGNER_KEY, .depth = 0},
    {"rubbish for a list", .body = "rubbish", .code = STIR_CODE_X5U_BODY, .depth = -1},
    {"no anchor", .no_anchor = true, .code = STIR_CODE_PATH_NO_ANCHOR, .depth = 2},
    {"excluded claim (R9118-3-4)",
     ACME(.tnauthlist = "12155551200+100", .constraints = "-attest"), .ppt = "shaken",
     .code = STIR_CODE_CLAIM_EXCLUDED, .depth = 0},
    {"demanded claim (R8226-8-2)",
     ACME(.tnauthlist = "12155551200+100", .constraints = "+confidence"),
     .code = STIR_CODE_CLAIM_MISSING, .depth = 0},
    {"A74-1: a base token, under atis80", .policy = {"profile", "atis80"},
     .code = STIR_CODE_PROFILE, .depth = -1, .sentence = "token-ppt"},
    {"A74-1: a shaken one, whose signer is judged then", .ppt = "shaken",
     .policy = {"profile", "atis80"}, .code = STIR_CODE_PROFILE, .depth = 0,
     .sentence = "tnauthlist-spc"},
    {"made 60 s ago (R8224-4.1-8)", .iat = MINT_NOW - 60, .depth = -1},
    {"made 61 s ago (R8224-4.1-8)", .iat = MINT_NOW - 61, .code = STIR_CODE_STALE_IAT,
     .depth = -1, .sentence = "61 s before now"},
    {"made 61 s hence (R8224-4.1-8)", .iat = MINT_NOW + 61, .code = STIR_CODE_STALE_IAT,
     .depth = -1},
    {"made long ago, but only a number is asked about", .iat = MINT_NOW - 61, .dest = "",
     .depth = -1},
    {"demanded claim, but only a number is asked about",
     ACME(.tnauthlist = "12155551200+100", .constraints = "+confidence"), .dest = "",
     .depth = -1},
};

Test(signer, precheck)
{
    for (size_t i = 0; i < sizeof prechecks / sizeof *prechecks; i++) {
        const struct scene *scene = &prechecks[i];
        struct desk desk;
        struct stir_error error;
        open_desk(&desk, scene, scene->key != NULL ? scene->key : "delegate");
        struct stir_passport *passport = passport_for(scene);
        struct stir_result *result =
            stir_signer_precheck(desk.signer, passport, MINT_NOW, 0, &error);
        cr_assert_not_null(result, "%s: %s", scene->desc, error.text);
        cr_expect_eq(stir_result_code(result), scene->code, "%s: %s: %s", scene->desc,
                     stir_code_name(stir_result_code(result)), stir_result_detail(result));
        cr_expect_eq(stir_result_depth(result), scene->depth, "%s", scene->desc);
        if (scene->sentence != NULL)
            cr_expect_not_null(strstr(stir_result_detail(result), scene->sentence), "%s: %s",
                               scene->desc, stir_result_detail(result));
        /* What precheck calls anything but valid, sign refuses, with the same code. */
        char *identity = stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error);
        if (scene->code != 0) {
            cr_expect_null(identity, "%s", scene->desc);
            cr_expect_eq(error.code, scene->code, "%s: %s", scene->desc, error.text);
        }
        free(identity);
        stir_result_free(result);
        stir_passport_free(passport);
        close_desk(&desk);
    }
}

/* R9060-5-3: what is to lie at x5u is the entire path, or nobody can judge the call. */
Test(signer, the_leaf_alone_is_no_list_to_sign_with)
{
    struct scene whole = {.desc = "the entire path"}, leaf = {.desc = "its first certificate"};
    struct desk desk;
    struct stir_error error;

    static const char end[] = "-----END CERTIFICATE-----\n";
    const char *body = scene_body(&whole);
    char *first = strndup(body, (size_t)(strstr(body, end) - body) + sizeof end - 1);
    leaf.body = first;
    open_desk(&desk, &leaf, "delegate");
    struct stir_passport *passport = passport_for(&leaf);
    cr_assert_null(stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error));
    cr_assert_eq(error.code, STIR_CODE_PATH_NO_ANCHOR, "%s", error.text);
    close_desk(&desk);
    open_desk(&desk, &whole, "delegate");
    char *identity = stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error);
    cr_assert_not_null(identity, "%s", error.text);
    free(identity);
    free(first);
    stir_passport_free(passport);
    close_desk(&desk);
}

/* R9060-8.2-1: who holds several delegates finds the one for a call by asking each. */
Test(signer, one_of_several_delegates_has_the_number)
{
    static const struct scene held[] = {
        {"1200 to 1299", ACME(.tnauthlist = "12155551200+100")},
        {"1300 to 1399", ACME(.tnauthlist = "12155551300+100")},
    };
    static const struct {
        const char *orig;
        bool may[2];
    } calls[] = {{"12155551234", {true, false}},
                 {"12155551300", {false, true}},
                 {"12155551400", {false, false}}};

    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 2; j++) {
            struct scene scene = held[j];
            struct desk desk;
            scene.orig = calls[i].orig;
            open_desk(&desk, &scene, "delegate");
            struct stir_passport *passport = passport_for(&scene);
            struct stir_result *result =
                stir_signer_precheck(desk.signer, passport, MINT_NOW, 0, NULL);
            cr_expect_eq(stir_result_verdict(result) == STIR_VALID, calls[i].may[j], "%s: %s",
                         scene.desc, stir_result_detail(result));
            stir_result_free(result);
            stir_passport_free(passport);
            close_desk(&desk);
        }
    }
}

Test(signer, precheck_of_path_and_key_alone)
{
    struct scene scene = {.desc = "path alone"};
    struct desk desk;
    struct stir_error error;

    open_desk(&desk, &scene, "delegate");
    struct stir_result *result = stir_signer_precheck(desk.signer, NULL, MINT_NOW, 0, &error);
    cr_assert_eq(stir_result_verdict(result), STIR_VALID, "%s", stir_result_detail(result));
    char *json = stir_result_json(result, &error);
    cr_assert_not_null(strstr(json, "\"decided_by\": null"), "%s", json);
    cr_assert_not_null(strstr(json, "\"in_spc\": null"), "%s", json);
    free(json);
    stir_result_free(result);
    close_desk(&desk);
}

/* The Identity value that comes out is valid for a verifier, and reproducible (RFC 6979). */
static void expect_verified(const struct scene *scene, int flags, const char *date)
{
    struct desk desk;
    struct stir_error error;

    open_desk(&desk, scene, "delegate");
    struct stir_passport *passport = passport_for(scene);
    char *identity = stir_signer_sign(desk.signer, passport, MINT_NOW, flags, &error);
    cr_assert_not_null(identity, "%s: %s", scene->desc, error.text);
    char *again = stir_signer_sign(desk.signer, passport, MINT_NOW, flags, &error);
    cr_assert_str_eq(identity, again, "%s: R8225-4.2", scene->desc);
    struct scene judged = *scene;
    judged.identity = identity;
    judged.date = date;
    judged.depth = -1;
    scene_expect(&judged);
    free(identity);
    free(again);
    stir_passport_free(passport);
    close_desk(&desk);
}

Test(signer, what_it_signs_is_valid)
{
    static const struct scene base = {.desc = "base"},
                              shaken = {.desc = "shaken", .ppt = "shaken"};

    expect_verified(&base, 0, NULL);
    expect_verified(&shaken, 0, NULL);
    expect_verified(&base, STIR_COMPACT, "Thu, 01 Jan 2026 00:00:00 GMT");
}

Test(signer, the_value_is_as_rfc_8224_writes_it)
{
    struct scene scene = {.desc = "text", .ppt = "shaken"};
    struct desk desk;
    struct stir_error error;

    open_desk(&desk, &scene, "delegate");
    struct stir_passport *passport = passport_for(&scene);
    char *identity = stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error);
    /* R8225-9-2, R8588-8: {"alg":"ES256","ppt":"shaken","typ":"passport",... R8224-6.1-4: info, and
       ppt of an extension. */
    cr_assert_eq(strncmp(identity,
                         "eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiIsInR5cCI6InBhc3Nwb3J0"
                         "IiwieDV1Ijoi",
                         72),
                 0, "%s", identity);
    cr_assert_str_eq(strchr(identity, ';'), ";info=<" SCENE_X5U ">;alg=ES256;ppt=\"shaken\"");
    free(identity);
    stir_passport_free(passport);
    close_desk(&desk);
}

/* R8588-3, R8224-9-1, R8225-8.1-2 */
Test(signer, compact_only_of_what_can_be_rebuilt)
{
    struct scene base = {.desc = "base"}, shaken = {.desc = "shaken", .ppt = "shaken"};
    struct desk desk;
    struct stir_error error;

    open_desk(&desk, &base, "delegate");
    struct stir_passport *passport = passport_for(&shaken);
    cr_assert_null(stir_signer_sign(desk.signer, passport, MINT_NOW, STIR_COMPACT, &error));
    cr_assert_eq(error.code, STIR_CODE_COMPACT_NOT_ALLOWED);
    stir_passport_free(passport);
    passport = passport_for(&base);
    set(passport, "confidence", "high");
    cr_assert_null(stir_signer_sign(desk.signer, passport, MINT_NOW, STIR_COMPACT, &error));
    cr_assert_eq(error.code, STIR_CODE_COMPACT_NOT_REBUILDABLE);
    char *full = stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error);
    cr_assert_not_null(full, "%s", error.text);
    free(full);
    stir_passport_free(passport);
    close_desk(&desk);
}

/* Without certificates the caller vouches, and the token's own rules are what is left. */
Test(signer, without_certificates)
{
    struct scene scene = {.desc = "vouched for", .orig = "12155551300"};
    struct stir_error error;
    struct stir_key *key = stir_key_parse(mint_key_pem("delegate", MINT_P256), STIR_NUL, NULL);
    struct stir_signer *signer = stir_signer_new(NULL, NULL, key, SCENE_X5U, &error);
    struct stir_passport *passport = passport_for(&scene);

    char *identity = stir_signer_sign(signer, passport, MINT_NOW, 0, &error);
    cr_assert_not_null(identity, "%s", error.text);
    free(identity);
    cr_assert_null(stir_signer_precheck(signer, passport, MINT_NOW, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    stir_passport_free(passport);
    scene.dest = "";
    passport = passport_for(&scene);
    cr_assert_null(stir_signer_sign(signer, passport, MINT_NOW, 0, &error));
    cr_assert_eq(error.code, STIR_CODE_DEST_SYNTAX);
    stir_passport_free(passport);
    stir_signer_free(signer);
    stir_key_free(key);
}

Test(signer, arguments)
{
    struct scene scene = {.desc = "arguments"};
    struct desk desk;
    struct stir_error error;
    int status;

    cr_assert_null(stir_signer_new(NULL, NULL, NULL, NULL, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_null(stir_signer_sign(NULL, NULL, 0, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_null(stir_signer_precheck(NULL, NULL, 0, 0, &error));
    open_desk(&desk, &scene, "delegate");
    cr_assert_null(stir_signer_sign(desk.signer, NULL, 0, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    if (fork() == 0) {
        bool said = stir_signer_precheck(desk.signer, NULL, MINT_NOW, 0, &error) == NULL
                    && error.code == STIR_E_FORKED;
        _exit(said ? 0 : 1);
    }
    wait(&status);
    cr_assert_eq(status, 0);
    close_desk(&desk);
    stir_signer_free(NULL);
}

/* R8224-4.1-7: a token that does not say when is made now. */
Test(signer, iat_is_now_where_none_was_set)
{
    struct scene scene = {.desc = "iat"};
    struct desk desk;
    struct stir_error error;
    struct stir_passport *passport = stir_passport_new("", NULL, &error);

    open_desk(&desk, &scene, "delegate");
    set(passport, "orig", SCENE_ORIG);
    set(passport, "dest", SCENE_DEST);
    char *identity = stir_signer_sign(desk.signer, passport, MINT_NOW, 0, &error);
    cr_assert_not_null(identity, "%s", error.text);
    scene.identity = identity;
    scene.depth = -1;
    scene_expect(&scene);
    scene.now = MINT_NOW + 61;
    scene.code = STIR_CODE_STALE_IAT;
    scene_expect(&scene);
    free(identity);
    stir_passport_free(passport);
    close_desk(&desk);
}
