/* A call and all that it is judged with. */
#include "tests/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The chain in full: signer, then its issuers; returns how many. */
static size_t chain_of(const struct scene *scene, const struct mint *chain[4])
{
    size_t n = 1;

    chain[0] = scene->own_chain ? &scene->signer : &mint_delegate;
    if (!scene->own_chain) {
        chain[1] = &mint_spc_ca;
        chain[2] = &mint_sti_ca;
        chain[3] = &mint_root;
        return 4;
    }
    for (; n < 4 && scene->above[n - 1].subject != NULL; n++)
        chain[n] = &scene->above[n - 1];
    return n;
}

static const struct minted *make(const struct mint *const *chain, size_t i, size_t n)
{
    return mint_make(chain[i], i + 1 < n ? chain[i + 1] : NULL);
}

const char *scene_body(const struct scene *scene)
{
    const struct mint *chain[4];
    const struct minted *list[4];
    size_t n = chain_of(scene, chain);

    if (scene->body != NULL)
        return scene->body;
    for (size_t i = 0; i + 1 < n; i++)
        list[i] = make(chain, i, n);
    return mint_pem_list_n(list, n - 1);
}

static const char *anchor(const struct scene *scene)
{
    static const struct mint stranger = {.subject = "Unrelated Root"};
    const struct mint *chain[4];
    size_t n = chain_of(scene, chain);

    return scene->no_anchor ? mint_make(&stranger, NULL)->pem : make(chain, n - 1, n)->pem;
}

static void set(struct stir_config *config, const char *key, const char *value)
{
    struct stir_error error;

    cr_assert_eq(stir_config_set(config, key, value, &error), 0, "%s=%s: %s", key, value,
                 error.text);
}

struct stir_config *scene_config(const struct scene *scene)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    cr_assert_eq(stir_config_set_data(config, "anchors", anchor(scene), STIR_NUL, &error), 0,
                 "%s: %s", scene->desc, error.text);
    if (scene->csv != NULL)
        cr_assert_eq(stir_config_set_data(config, "spc", scene->csv, STIR_NUL, &error), 0,
                     "%s: %s", scene->desc, error.text);
    set(config, "fetch", "off"); /* no test asks a host that is not its own */
    for (size_t i = 0; i < 8 && scene->policy[i] != NULL; i += 2)
        set(config, scene->policy[i], scene->policy[i + 1]);
    return config;
}

static const char *orig_of(const struct scene *scene)
{
    return scene->orig != NULL ? scene->orig : SCENE_ORIG;
}

static const char *dest_of(const struct scene *scene)
{
    return scene->dest != NULL ? scene->dest : SCENE_DEST;
}

static int64_t iat_of(const struct scene *scene)
{
    return scene->iat != 0 ? scene->iat : MINT_NOW;
}

static char *default_header(const struct scene *scene)
{
    char *header = NULL;
    bool base = scene->ppt == NULL || *scene->ppt == '\0';

    cr_assert_gt(asprintf(&header,
                          "{\"alg\":\"ES256\",%s%s%s\"typ\":\"passport\",\"x5u\":\"%s\"}",
                          base ? "" : "\"ppt\":\"", base ? "" : scene->ppt, base ? "" : "\",",
                          SCENE_X5U),
                 0);
    return header;
}

static char *default_payload(const struct scene *scene)
{
    bool shaken = scene->ppt != NULL && strcmp(scene->ppt, "shaken") == 0;
    bool uri = strchr(orig_of(scene), ':') != NULL;
    char *payload = NULL;

    cr_assert_gt(
        asprintf(&payload,
                 "{%s\"dest\":{\"tn\":[\"%s\"]},\"iat\":%lld,\"orig\":{\"%s\":\"%s\"}%s}",
                 shaken ? "\"attest\":\"A\"," : "", dest_of(scene), (long long)iat_of(scene),
                 uri ? "uri" : "tn", orig_of(scene),
                 shaken ? ",\"origid\":\"" SCENE_ORIGID "\"" : ""),
        0);
    return payload;
}

static const char *key_of(const struct scene *scene)
{
    const struct mint *chain[4];

    if (scene->key != NULL)
        return scene->key;
    chain_of(scene, chain);
    return chain[0]->key != NULL ? chain[0]->key : chain[0]->subject;
}

static const char *token_of(const struct scene *scene)
{
    char *header = scene->header != NULL ? strdup(scene->header) : default_header(scene);
    char *payload = scene->payload != NULL ? strdup(scene->payload) : default_payload(scene);
    const char *token =
        (scene->corrupt ? mint_token_corrupt : mint_token)(header, payload, key_of(scene));

    free(header);
    free(payload);
    return token;
}

char *scene_identity(const struct scene *scene)
{
    char *identity = NULL;

    if (scene->identity != NULL)
        return strdup(scene->identity);
    const char *token = scene->token != NULL ? scene->token : token_of(scene);
    if (scene->parameters != NULL)
        cr_assert_gt(asprintf(&identity, "%s%s", token, scene->parameters), 0);
    else
        identity = strdup(mint_identity_value(token, SCENE_X5U, scene->ppt));
    return identity;
}

static void add(struct stir_call *call, const char *name, const char *value,
                const char *otherwise)
{
    if (value == NULL)
        value = otherwise;
    if (value != NULL && *value != '\0')
        stir_call_add_header(call, name, value, STIR_NUL);
}

struct stir_call *scene_call(const struct scene *scene)
{
    struct stir_call *call = stir_call_new();
    char *identity = scene_identity(scene);

    add(call, "From", scene->from, orig_of(scene));
    add(call, "To", scene->to, dest_of(scene));
    add(call, "P-Asserted-Identity", scene->pai, NULL);
    add(call, "Date", scene->date, NULL);
    add(call, "Request-URI", scene->request_uri, NULL);
    add(call, "Call-ID", scene->call_id, NULL);
    if (scene->sdp != NULL)
        stir_call_set_body(call, "application/sdp", scene->sdp, STIR_NUL);
    for (size_t i = 0; i < 4 && scene->more[i] != NULL; i++)
        stir_call_add_header(call, "Identity", scene->more[i], STIR_NUL);
    add(call, "Identity", identity, NULL);
    free(identity);
    return call;
}

/* What the verifier has learned of the certificates must change nothing. */
static void expect_the_same_again(const struct scene *scene, struct stir_verifier *verifier,
                                  const struct stir_call *call,
                                  const struct stir_result *result)
{
    struct stir_error error;
    struct stir_result *again =
        stir_verify(verifier, call, scene->now != 0 ? scene->now : MINT_NOW, 0, &error);
    char *first = stir_result_json(result, &error), *second = stir_result_json(again, &error);

    cr_assert(first != NULL && second != NULL, "%s: %s", scene->desc, error.text);
    cr_expect_str_eq(second, first, "%s: %s, and then %s", scene->desc, first, second);
    free(first);
    free(second);
    stir_result_free(again);
}

struct stir_result *scene_judge(const struct scene *scene)
{
    struct stir_config *config = scene_config(scene);
    struct stir_error error;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    struct stir_call *call = scene_call(scene);

    cr_assert_not_null(verifier, "%s: %s", scene->desc, error.text);
    if (!scene->nothing)
        cr_assert_eq(
            stir_verifier_supply(verifier, SCENE_X5U, scene_body(scene), STIR_NUL, &error), 0);
    int64_t now = scene->now != 0 ? scene->now : MINT_NOW;
    struct stir_result *result = stir_verify(verifier, call, now, 0, &error);
    cr_assert_not_null(result, "%s: %s", scene->desc, error.text);
    expect_the_same_again(scene, verifier, call, result);
    stir_call_free(call);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return result;
}

static bool has_warning(const struct stir_result *result, const char *name)
{
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            return true;
    return false;
}

void scene_expect(const struct scene *scene)
{
    struct stir_result *result = scene_judge(scene);
    const char *detail = stir_result_detail(result);

    cr_expect_eq(stir_result_code(result), scene->code, "%s: wanted %s, found %s: %s",
                 scene->desc, stir_code_name(scene->code),
                 stir_code_name(stir_result_code(result)), detail);
    cr_expect_eq(stir_result_depth(result), scene->depth, "%s: depth %d: %s", scene->desc,
                 stir_result_depth(result), detail);
    cr_expect(*detail != '\0', "%s: no sentence", scene->desc);
    if (scene->sentence != NULL)
        cr_expect_not_null(strstr(detail, scene->sentence), "%s: \"%s\" is not in \"%s\"",
                           scene->desc, scene->sentence, detail);
    if (scene->warning != NULL)
        cr_expect(has_warning(result, scene->warning), "%s: no warning %s", scene->desc,
                  scene->warning);
    stir_result_free(result);
}
