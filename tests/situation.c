/* A call and what it is judged with, for programs that are no Criterion suites. */
#include "tests/situation.h"
#include "tests/mint_octets.h"

#include <string.h>

#define ORIG "12155551234"
#define DEST "12155559876"
#define NOW "1767225600" /* MINT_NOW */
#define ORIGID "123e4567-e89b-12d3-a456-426614174000"

static const char *x5u_of(const struct situation *situation)
{
    return situation->x5u != NULL ? situation->x5u : SITUATION_X5U;
}

static unsigned identities_of(const struct situation *situation)
{
    return situation->identities > 0 ? situation->identities : 1;
}

static const char *token_of(const struct stage *stage, bool shaken)
{
    const struct situation *situation = stage->situation;
    const char *header =
        keep_text("{\"alg\":\"ES256\",%s\"typ\":\"passport\",%s%s%s\"x5u\":\"%s\"}",
                  shaken ? "\"ppt\":\"shaken\"," : "", situation->x5c ? "\"x5c\":" : "",
                  situation->x5c ? mint_x5c(stage->body) : "", situation->x5c ? "," : "",
                  x5u_of(situation));
    const char *payload = keep_text(
        "{%s\"dest\":{\"tn\":[\"" DEST "\"]},\"iat\":" NOW ",\"orig\":{\"tn\":\"%s\"}%s%s}",
        shaken ? "\"attest\":\"A\"," : "", situation->orig != NULL ? situation->orig : ORIG,
        shaken ? ",\"origid\":\"" ORIGID "\"" : "",
        situation->claims != NULL ? situation->claims : "");

    return (situation->corrupt ? mint_token_corrupt : mint_token)(header, payload,
                                                                  situation->chain[0]->key);
}

static const char *identity_of(const struct stage *stage)
{
    const struct situation *situation = stage->situation;
    bool shaken = situation->ppt != NULL;
    const char *token = token_of(stage, shaken);

    if (situation->compact)
        return keep_text("..%s;info=<%s>", strrchr(token, '.') + 1, x5u_of(situation));
    return mint_identity_value(token, x5u_of(situation), situation->ppt);
}

void stage_set(struct stage *stage, const struct situation *situation)
{
    const struct minted *list[SITUATION_CHAIN];
    size_t n = 0;

    for (; situation->chain[n] != NULL; n++)
        list[n] = mint_make(situation->chain[n], situation->chain[n + 1]);
    *stage = (struct stage){.situation = situation};
    stage->anchor = list[n - 1]->pem;
    stage->body = mint_pem_list_n(list, n - 1);
    stage->identity = identity_of(stage);
    stage->from = situation->orig != NULL ? situation->orig : ORIG;
    stage->octets = (situation->x5c ? 0 : strlen(stage->body))
                    + identities_of(situation) * strlen(stage->identity) + strlen(stage->from);
}

struct stir_config *stage_config(const struct stage *stage, struct stir_error *error)
{
    struct stir_config *config = stir_config_new();
    const char *csv = stage->situation->csv, *path_order = stage->situation->path_order;
    int rc = config != NULL ? 0 : STIR_E_NOMEM;

    if (rc == 0)
        rc = stir_config_set_data(config, "anchors", stage->anchor, STIR_NUL, error);
    if (rc == 0)
        rc = stir_config_set(config, "fetch", "off", error);
    if (rc == 0 && csv != NULL)
        rc = stir_config_set_data(config, "spc", csv, STIR_NUL, error);
    if (rc == 0 && path_order != NULL)
        rc = stir_config_set(config, "path_order", path_order, error);
    if (rc == 0 && stage->situation->x5c)
        rc = stir_config_set(config, "x5c", "prefer", error);
    if (rc == 0)
        return config;
    stir_config_free(config);
    return NULL;
}

int stage_supply(const struct stage *stage, struct stir_verifier *verifier,
                 struct stir_error *error)
{
    return stage->situation->nothing ? 0
                                     : stir_verifier_supply(verifier, x5u_of(stage->situation),
                                                            stage->body, STIR_NUL, error);
}

struct stir_verifier *stage_verifier(const struct stage *stage, struct stir_error *error)
{
    struct stir_config *config = stage_config(stage, error);
    struct stir_verifier *verifier = config == NULL ? NULL : stir_verifier_new(config, error);

    stir_config_free(config);
    if (verifier != NULL && stage_supply(stage, verifier, error) == 0)
        return verifier;
    stir_verifier_free(verifier);
    return NULL;
}

struct stir_call *stage_call(const struct stage *stage)
{
    struct stir_call *call = stir_call_new();

    if (call == NULL)
        return NULL;
    stir_call_add_header(call, "From", stage->from, STIR_NUL);
    stir_call_add_header(call, "To", DEST, STIR_NUL);
    stir_call_add_header(call, "Date", "Thu, 01 Jan 2026 00:00:00 GMT", STIR_NUL);
    for (unsigned i = 0; i < identities_of(stage->situation); i++)
        stir_call_add_header(call, "Identity", stage->identity, STIR_NUL);
    return call;
}
