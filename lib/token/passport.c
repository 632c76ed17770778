/* PASSporT: reading header and payload, and the rules of the JOSE header (RFC 8225 section
   4). */
#include "token/passport.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "json/scan.h"

void passport_free(struct passport *passport)
{
    value_free(passport->header);
    value_free(passport->payload);
    free(passport->dest);
    free(passport->kept);
    *passport = (struct passport){0};
}

/* RFC 7515 section 5.2, R7519-1: both parts are objects. */
static int load(const char *part, const char *text, size_t len, struct value **value,
                struct stir_error *error)
{
    struct stir_error found = {0};
    int rc = value_load(text, len, value, &found);

    if (rc < 0)
        return error_copy(error, &found);
    if (rc > 0)
        return error_set(error, rc, "%s of the token: %s", part, found.text);
    if (value_kind(*value) == VALUE_OBJECT)
        return 0;
    return error_set(error, STIR_CODE_JSON_SYNTAX,
                     "%s of the token: %s, not an object (RFC 7515 section 5.2)", part,
                     value_kind_name(*value));
}

static const char *member_text(const struct value *object, const char *name)
{
    return value_string(value_member(object, name));
}

int passport_parse_header(const struct jws *jws, struct passport *passport,
                          struct stir_error *error)
{
    int rc = load("header", jws->header, jws->header_len, &passport->header, error);

    if (rc != 0)
        return rc;
    passport->alg = member_text(passport->header, "alg");
    passport->ppt = member_text(passport->header, "ppt");
    passport->typ = member_text(passport->header, "typ");
    passport->x5u = member_text(passport->header, "x5u");
    passport->x5c = value_member(passport->header, "x5c");
    return 0;
}

int passport_parse_payload(const struct jws *jws, struct passport *passport,
                           struct stir_error *error)
{
    /* They are held at once. */
    if (scan_values(jws->header, jws->header_len) + scan_values(jws->payload, jws->payload_len)
        > LIMIT_JSON_VALUES)
        return error_set(error, STIR_CODE_JSON_SYNTAX,
                         "header and payload of the token: more than %d values in them (our "
                         "limit)",
                         LIMIT_JSON_VALUES);
    int rc = load("payload", jws->payload, jws->payload_len, &passport->payload, error);
    if (rc != 0)
        return rc;
    passport->payload_text = jws->payload;
    passport->payload_len = jws->payload_len;
    return 0;
}

/* Moves a text to where *room begins, and room behind it. */
static void keep(const char **text, char **room)
{
    if (*text == NULL)
        return;
    size_t size = strlen(*text) + 1;
    memcpy(*room, *text, size);
    *text = *room;
    *room += size;
}

int passport_forget_values(struct passport *passport)
{
    const char **texts[] = {&passport->ppt, &passport->x5u, &passport->orig.text,
                            &passport->attest};
    size_t n = sizeof texts / sizeof *texts, size = 1;

    for (size_t i = 0; i < n; i++)
        size += *texts[i] == NULL ? 0 : strlen(*texts[i]) + 1;
    char *kept = malloc(size), *room = kept;
    if (kept == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        keep(texts[i], &room);
    free(passport->kept);
    passport->kept = kept;
    value_free(passport->header);
    value_free(passport->payload);
    free(passport->dest);
    passport->header = passport->payload = NULL;
    passport->x5c = NULL;
    passport->dest = NULL;
    passport->n_dest = 0;
    passport->alg = passport->typ = passport->origid = NULL;
    return 0;
}

int passport_recall_payload(struct passport *passport, struct stir_error *error)
{
    if (passport->payload != NULL)
        return 0;
    return value_load(passport->payload_text, passport->payload_len, &passport->payload, error);
}

/* What a member of the header is, for a sentence: "absent", "an array", or its text. */
static const char *found(const struct passport *passport, const char *name,
                         char room[SHOWN_SIZE])
{
    const struct value *member = value_member(passport->header, name);
    const char *text = value_string(member);

    return text == NULL ? value_kind_name(member) : shown(room, text, strlen(text));
}

int passport_check_crit(const struct passport *passport, struct stir_error *error)
{
    static const char *const members[] = {"crit", "b64"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (value_member(passport->header, members[i]) != NULL)
            return error_set(error, STIR_CODE_CRIT_UNSUPPORTED,
                             "header of the token: has %s, and no extension of JWS is known "
                             "here (RFC 7515 section 4.1.11)",
                             members[i]);
    return 0;
}

int passport_check_typ(const struct passport *passport, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (passport->typ != NULL && strcmp(passport->typ, "passport") == 0)
        return 0;
    return error_set(error, STIR_CODE_TYP_NOT_PASSPORT,
                     "header of the token: typ is %s, not passport (RFC 8225 section 4.1)",
                     found(passport, "typ", room));
}

static const struct {
    const char *ppt;
    enum passport_type type;
} types[] = {{"shaken", PASSPORT_SHAKEN}};

static bool find_type(const char *ppt, enum passport_type *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].ppt, ppt) == 0) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

bool passport_ppt_is_supported(const char *ppt)
{
    enum passport_type type;

    return ppt == NULL || *ppt == '\0' || find_type(ppt, &type);
}

int passport_check_ppt(struct passport *passport, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    passport->type = PASSPORT_BASE;
    if (value_member(passport->header, "ppt") == NULL)
        return 0;
    if (passport->ppt != NULL && find_type(passport->ppt, &passport->type))
        return 0;
    return error_set(error, STIR_CODE_PPT_UNSUPPORTED,
                     "header of the token: ppt is %s, which is not a type known here (RFC 8225 "
                     "section 8.1)",
                     passport->ppt != NULL && *passport->ppt == '\0'
                         ? "empty"
                         : found(passport, "ppt", room));
}

int passport_check_alg(const struct passport *passport, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (passport->alg != NULL && strcmp(passport->alg, "ES256") == 0)
        return 0;
    return error_set(error, STIR_CODE_ALG_UNSUPPORTED,
                     "header of the token: alg is %s, not ES256 (RFC 8225 section 4.2)",
                     found(passport, "alg", room));
}

int passport_check_x5u(const struct passport *passport, bool x5c_too, struct stir_error *error)
{
    if (passport->x5u != NULL && *passport->x5u != '\0')
        return 0;
    if (x5c_too && passport->x5c != NULL && value_member(passport->header, "x5u") == NULL)
        return 0;
    return error_set(error, STIR_CODE_X5U_MISSING,
                     "header of the token: x5u is %s, not the URI of a certificate (RFC 8225 "
                     "section 4.3)",
                     passport->x5u != NULL
                         ? "empty"
                         : value_kind_name(value_member(passport->header, "x5u")));
}

int passport_check_deterministic(const struct jws *jws, const struct passport *passport,
                                 bool reject, struct warnings *warnings,
                                 struct stir_error *error)
{
    int header = value_is_deterministic(passport->header, jws->header, jws->header_len);
    int payload = value_is_deterministic(passport->payload, jws->payload, jws->payload_len);

    if (header < 0 || payload < 0)
        return error_no_memory(error);
    if (header > 0 && payload > 0)
        return 0;
    const char *part = header == 0 ? "header" : "payload";
    if (reject)
        return error_set(error, STIR_CODE_JSON_SYNTAX,
                         "%s of the token: not in deterministic form (RFC 8225 section 9)",
                         part);
    return warnings_add(warnings, WARNING_NON_DETERMINISTIC,
                        "%s of the token: not in deterministic form (RFC 8225 section 9)",
                        part);
}

char *passport_header_text(const char *ppt, const char *x5u)
{
    struct value *header = value_new_object();
    char *text = NULL;

    if (header == NULL || value_set(header, "alg", value_new_string("ES256")) != 0
        || value_set(header, "typ", value_new_string("passport")) != 0
        || value_set(header, "x5u", value_new_string(x5u)) != 0)
        goto out;
    if (ppt != NULL && *ppt != '\0' && value_set(header, "ppt", value_new_string(ppt)) != 0)
        goto out;
    text = value_dump(header);
out:
    value_free(header);
    return text;
}
