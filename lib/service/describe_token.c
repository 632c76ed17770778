/* PASSporTs and Identity values as JSON, not verified, with the first rule they break. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/describe.h"
#include "sip/identity_header.h"
#include "token/passport.h"

static int put_text(struct value *object, const char *name, const char *text)
{
    return value_set(object, name, value_new_string(text));
}

/* The name of a code, and the sentence. */
struct value *describe_problem(const struct stir_error *error)
{
    struct value *object = value_new_object();
    int rc = put_text(object, "code", stir_code_name(error->code));

    rc |= put_text(object, "detail", error->text);
    if (rc == 0)
        return object;
    value_free(object);
    return NULL;
}

/* The rules of the JOSE header, in the order of verification. */
static int check_header(struct passport *passport, struct stir_error *problem)
{
    int rc = passport_check_crit(passport, problem);

    if (rc == 0)
        rc = passport_check_typ(passport, problem);
    if (rc == 0)
        rc = passport_check_ppt(passport, problem);
    if (rc == 0)
        rc = passport_check_alg(passport, problem);
    return rc == 0 ? passport_check_x5u(passport, false, problem) : rc;
}

/* Reads what can be read, also behind a problem. Negative: could not go on. */
static int read_token(const struct jws *jws, struct passport *passport,
                      struct stir_error *problem)
{
    int rc = passport_parse_header(jws, passport, problem);

    if (rc == 0)
        rc = check_header(passport, problem);
    if (rc < 0)
        return rc;
    rc = passport_parse_payload(jws, passport, problem);
    if (rc == 0 && problem->code == 0)
        rc = passport_check_claims(passport, false, problem);
    return rc < 0 ? rc : 0;
}

static struct value *part(const struct value *value)
{
    return value == NULL ? value_new_null() : value_ref(value);
}

static int put_signature(struct value *object, const struct jws *jws)
{
    struct text hex = {0};

    text_add_hex(&hex, jws->signature, sizeof jws->signature);
    char *text = text_take(&hex);
    int rc = value_set(object, "signature", text == NULL ? NULL : value_new_string(text));
    free(text);
    return rc;
}

/* All null where there is no token that could be taken apart. */
static int put_parts(struct value *object, const struct jws *jws,
                     const struct passport *passport)
{
    bool there = jws->token != NULL;
    int rc = put_text(object, "form", !there ? NULL : jws->compact ? "compact" : "full");

    rc |= value_set(object, "header", part(passport->header));
    rc |= value_set(object, "payload", part(passport->payload));
    return rc | (there ? put_signature(object, jws) : put_text(object, "signature", NULL));
}

/* Adds what the token holds; problem gets the first rule it breaks, unless there is one. */
static int put_token(struct value *object, const char *token, size_t len,
                     struct stir_error *problem)
{
    struct jws jws = {0};
    struct passport passport = {0};
    int rc = token == NULL ? 0 : jws_parse(token, len, &jws, problem);

    if (rc == 0 && jws.token != NULL && !jws.compact)
        rc = read_token(&jws, &passport, problem);
    if (rc >= 0)
        rc = put_parts(object, &jws, &passport);
    passport_free(&passport);
    jws_free(&jws);
    return rc;
}

static int finish(struct value *object, int rc, const struct stir_error *problem,
                  struct value **to, struct stir_error *error)
{
    rc |= value_set(object, "verified", value_new_boolean(false));
    rc |= value_set(object, "problem",
                    problem->code > 0 ? describe_problem(problem) : value_new_null());
    *to = rc == 0 ? object : NULL;
    if (rc == 0)
        return 0;
    value_free(object);
    return error_no_memory(error);
}

int describe_passport(const char *token, size_t len, struct value **object,
                      struct stir_error *error)
{
    struct value *made = value_new_object();
    struct stir_error problem;
    int rc = put_text(made, "kind", "passport");

    error_clear(&problem);
    if (rc == 0)
        rc = put_token(made, token, len, &problem);
    return finish(made, rc, &problem, object, error);
}

/* A quoted string may hold any octet; null where the parameter is absent. */
static int put_shown(struct value *object, const char *name, const char *text)
{
    if (text == NULL)
        return put_text(object, name, NULL);
    char *fit = text_shown(text, strlen(text));
    int rc = value_set(object, name, fit == NULL ? NULL : value_new_string(fit));
    free(fit);
    return rc;
}

static int put_parameters(struct value *object, const struct identity_header *header)
{
    int rc = put_shown(object, "info", header->info);

    rc |= put_shown(object, "alg", header->alg);
    return rc | put_shown(object, "ppt", header->ppt);
}

int describe_identity(const char *value, size_t len, struct value **object,
                      struct stir_error *error)
{
    struct identity_header header = {0};
    struct value *made = value_new_object();
    struct stir_error problem;
    int rc = put_text(made, "kind", "identity");

    error_clear(&problem);
    if (rc == 0)
        rc = identity_header_parse(value, len, &header, &problem);
    if (rc == 0)
        rc = identity_header_check_info(&header, &problem);
    if (rc > 0)
        rc = 0;
    if (rc == 0)
        rc = put_parameters(made, &header);
    if (rc == 0)
        rc = put_token(made, header.token, header.token == NULL ? 0 : strlen(header.token),
                       &problem);
    identity_header_free(&header);
    return finish(made, rc, &problem, object, error);
}
