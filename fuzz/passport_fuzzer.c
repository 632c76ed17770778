/*
 * token/passport: the rules that concern a PASSporT alone. The input is the header's JSON, a NUL,
 * the payload's JSON.
 */
#include "token/passport.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 48 * 1024;

static int check_header(const struct jws *jws, struct passport *passport,
                        struct stir_error *error)
{
    int rc = passport_parse_header(jws, passport, error);

    if (rc == 0)
        rc = passport_check_crit(passport, error);
    if (rc == 0)
        rc = passport_check_typ(passport, error);
    if (rc == 0)
        rc = passport_check_ppt(passport, error);
    if (rc == 0)
        rc = passport_check_alg(passport, error);
    if (rc == 0)
        rc = passport_check_x5u(passport, false, error);
    return rc;
}

static int check(const struct jws *jws, struct passport *passport, bool reject,
                 struct stir_error *error)
{
    struct warnings warnings = {0};
    int rc = check_header(jws, passport, error);

    if (rc == 0)
        rc = passport_parse_payload(jws, passport, error);
    if (rc == 0)
        rc = passport_check_claims(passport, false, error);
    if (rc == 0)
        rc = passport_check_deterministic(jws, passport, reject, &warnings, error);
    warnings_free(&warnings);
    return rc;
}

static void expect_accepted(const struct passport *passport)
{
    FUZZ_ALWAYS(passport->x5u != NULL && strcmp(passport->alg, "ES256") == 0
                && passport->iat >= 0 && passport->orig.text != NULL && passport->n_dest > 0);
    FUZZ_ALWAYS((passport->type == PASSPORT_SHAKEN)
                == (passport->attest != NULL && passport->origid != NULL));
    for (size_t i = 0; i < passport->n_dest; i++)
        FUZZ_ALWAYS(passport->dest[i].text != NULL);
}

static int make(const char *header, const char *payload, struct jws *jws)
{
    static const uint8_t signature[64] = {1};
    char *input = jws_signing_input(header, payload);
    char *token = input == NULL ? NULL : jws_write(input, signature, false);
    int rc = token == NULL ? STIR_E_NOMEM : jws_parse(token, strlen(token), jws, NULL);

    free(token);
    free(input);
    return rc;
}

/* In deterministic form it says the same and is found to be in that form. */
static void expect_deterministic(const struct passport *passport)
{
    char *header = value_dump(passport->header), *payload = value_dump(passport->payload);
    struct passport again = {0};
    struct jws jws = {0};

    if (header != NULL && payload != NULL && make(header, payload, &jws) == 0) {
        int rc = check(&jws, &again, true, NULL);
        FUZZ_EXPECT(rc == 0);
        if (rc == 0)
            FUZZ_ALWAYS(again.iat == passport->iat && again.n_dest == passport->n_dest
                        && strcmp(again.orig.text, passport->orig.text) == 0);
    }
    passport_free(&again);
    jws_free(&jws);
    free(payload);
    free(header);
}

static int judge(const char *header, const char *payload)
{
    struct passport passport = {0};
    struct jws jws = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = make(header, payload, &jws);
    if (rc == 0)
        rc = check(&jws, &passport, false, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    if (rc == 0) {
        expect_accepted(&passport);
        expect_deterministic(&passport);
    }
    passport_free(&passport);
    jws_free(&jws);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    const uint8_t *end = memchr(data, '\0', len);
    size_t header_len = end == NULL ? len : (size_t)(end - data);
    char *text = malloc(len + 2);

    if (text == NULL)
        return STIR_E_NOMEM;
    memcpy(text, data, len);
    text[len] = text[len + 1] = '\0';
    int rc = judge(text, text + header_len + 1);
    free(text);
    return rc;
}
