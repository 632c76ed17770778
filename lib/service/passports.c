/* struct stir_passport: its claims from a call, one by one, or from a token received. */
#include "service/passports.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/error.h"
#include "base/text.h"
#include "sip/call.h"
#include "sip/identity_header.h"
#include "sip/uri.h"

static bool is_utf8(const char *text)
{
    return der_is_utf8((struct der){(const uint8_t *)text, strlen(text)});
}

void stir_passport_free(struct stir_passport *passport)
{
    if (passport == NULL)
        return;
    free(passport->ppt);
    value_free(passport->parameters);
    value_free(passport->header);
    value_free(passport->payload);
    kept_free(&passport->kept);
    free(passport);
}

/* ---- Claims ------------------------------------------------------------------------------ */

static int set_claim(struct stir_passport *passport, const char *claim, struct value *value,
                     struct stir_error *error)
{
    return value_set(passport->payload, claim, value) == 0 ? 0 : error_no_memory(error);
}

static int set_orig(struct stir_passport *passport, const struct identity *identity,
                    struct stir_error *error)
{
    struct value *orig = value_new_object();

    if (orig == NULL
        || value_set(orig, identity->is_tn ? "tn" : "uri", value_new_string(identity->text))
               != 0) {
        value_free(orig);
        return error_no_memory(error);
    }
    return set_claim(passport, "orig", orig, error);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The strings of array, and more if it is not NULL, sorted and each once. *into is NULL where
   there are none. */
static int merge(const struct value *array, const char *more, struct value **into)
{
    const char **texts = calloc(value_size(array) + 1, sizeof *texts);
    struct value *merged = value_new_array();
    size_t n = 0;
    int rc = texts == NULL || merged == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < value_size(array); i++)
        if ((texts[n] = value_string(value_at(array, i))) != NULL)
            n++;
    if (rc == 0 && more != NULL)
        texts[n++] = more;
    if (rc == 0)
        qsort(texts, n, sizeof *texts, compare_texts);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (i == 0 || strcmp(texts[i - 1], texts[i]) != 0)
            rc = value_append(merged, value_new_string(texts[i]));
    free(texts);
    if (rc != 0 || n == 0) {
        value_free(merged);
        merged = NULL;
    }
    *into = merged;
    return rc;
}

/* R8225-5.2.1-2: in lexicographic order, and tn before uri, which the deterministic form sees
   to. */
static int add_dest(struct stir_passport *passport, const struct identity *identity,
                    struct stir_error *error)
{
    static const char *const kinds[] = {"uri", "tn"};
    const struct value *before = value_member(passport->payload, "dest");
    struct value *dest = value_new_object(), *merged;
    int rc = dest == NULL ? STIR_E_NOMEM : 0;

    for (int tn = 0; rc == 0 && tn < 2; tn++) {
        rc = merge(value_member(before, kinds[tn]),
                   identity->is_tn == (tn == 1) ? identity->text : NULL, &merged);
        if (rc == 0 && merged != NULL)
            rc = value_set(dest, kinds[tn], merged);
    }
    if (rc == 0)
        return set_claim(passport, "dest", dest, error);
    value_free(dest);
    return error_no_memory(error);
}

/* Default policy: a signer's verifier may have another, so what it must not touch is given in
   canonical form. */
static int set_identity(struct stir_passport *passport, const char *claim, const char *value,
                        struct stir_error *error)
{
    struct identity identity = {0};
    int rc = identity_canonical(value, strlen(value), true, NUMBER_PLAN_NANP, &identity, error);

    if (rc == 0 && !is_utf8(identity.text))
        rc = error_set(error, STIR_E_SYNTAX, "%s: no UTF-8 (RFC 8225 section 5)", claim);
    if (rc == 0)
        rc = strcmp(claim, "orig") == 0 ? set_orig(passport, &identity, error)
                                        : add_dest(passport, &identity, error);
    identity_free(&identity);
    return rc;
}

static int set_date(struct stir_passport *passport, const char *claim, const char *value,
                    struct stir_error *error)
{
    char room[SHOWN_SIZE];
    int64_t time;

    if (clock_parse_any(value, strlen(value), &time) != 0)
        return error_set(error, STIR_E_SYNTAX,
                         "%s \"%s\": no UNIX seconds, RFC 3339 time or SIP date", claim,
                         shown(room, value, strlen(value)));
    return set_claim(passport, claim, value_new_integer(time), error);
}

static int set_text(struct stir_passport *passport, const char *claim, const char *value,
                    struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (!is_utf8(value))
        return error_set(error, STIR_E_SYNTAX, "%s \"%s\": no UTF-8 (RFC 8225 section 5)",
                         claim, shown(room, value, strlen(value)));
    return set_claim(passport, claim, value_new_string(value), error);
}

/* R8225-5: names of claims are ASCII. */
static int check_target(const struct stir_passport *passport, const char *claim,
                        const char *value, struct stir_error *error)
{
    error_clear(error);
    if (passport == NULL || claim == NULL || value == NULL)
        return error_null(error, passport == NULL ? "passport"
                                 : claim == NULL  ? "claim"
                                                  : "value");
    if (passport->payload == NULL)
        return error_set(error, STIR_E_ARGUMENT, "the PASSporT is compact and has no claims");
    for (const char *c = claim; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            return error_set(error, STIR_E_ARGUMENT,
                             "the name of a claim is not ASCII (RFC 8225 section 5)");
    return *claim != '\0' ? 0 : error_set(error, STIR_E_ARGUMENT, "the claim has no name");
}

int stir_passport_set(struct stir_passport *passport, const char *claim, const char *value,
                      struct stir_error *error)
{
    static const struct {
        const char *claim;
        int (*set)(struct stir_passport *, const char *, const char *, struct stir_error *);
    } kinds[] = {{"orig", set_identity},
                 {"dest", set_identity},
                 {"iat", set_date},
                 {"exp", set_date},
                 {"nbf", set_date}};
    int rc = check_target(passport, claim, value, error);

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].claim, claim) == 0)
            return kinds[i].set(passport, claim, value, error);
    return set_text(passport, claim, value, error);
}

int stir_passport_set_json(struct stir_passport *passport, const char *claim, const char *json,
                           struct stir_error *error)
{
    struct stir_error found = {0};
    char room[SHOWN_SIZE];
    struct value *value;
    int rc = check_target(passport, claim, json, error);

    if (rc != 0)
        return rc;
    rc = value_load(json, strlen(json), &value, &found);
    if (rc > 0)
        return error_set(error, STIR_E_SYNTAX, "%s: %s", shown(room, claim, strlen(claim)),
                         found.text);
    return rc < 0 ? error_copy(error, &found) : set_claim(passport, claim, value, error);
}

/* ---- A new one ---------------------------------------------------------------------------- */

static struct stir_passport *make(const char *ppt)
{
    struct stir_passport *passport = calloc(1, sizeof *passport);

    if (passport == NULL)
        return NULL;
    passport->ppt = text_copy(ppt, strlen(ppt));
    passport->payload = value_new_object();
    if (passport->ppt == NULL || passport->payload == NULL) {
        stir_passport_free(passport);
        return NULL;
    }
    return passport;
}

/* R8224-4.1-9 */
static int take_mky(struct stir_passport *passport, const struct stir_call *call,
                    struct stir_error *error)
{
    char *mky = NULL;
    int rc = call_mky(call, &mky, error);

    if (rc == 0 && mky != NULL)
        rc = stir_passport_set_json(passport, "mky", mky, error);
    free(mky);
    return rc;
}

/* R8224-6.1: the caller is P-Asserted-Identity where the call has one, otherwise From. */
static int take_call(struct stir_passport *passport, const struct stir_call *call,
                     struct stir_error *error)
{
    const char *caller = call->pai != NULL ? call->pai : call->from;
    int rc = call->no_memory ? error_no_memory(error) : 0;

    if (rc == 0 && caller != NULL)
        rc = set_identity(passport, "orig", caller, error);
    if (rc == 0 && call->to != NULL)
        rc = set_identity(passport, "dest", call->to, error);
    if (rc == 0 && call->date != NULL)
        rc = set_date(passport, "iat", call->date, error);
    return rc != 0 ? rc : take_mky(passport, call, error);
}

struct stir_passport *stir_passport_new(const char *ppt, const struct stir_call *call,
                                        struct stir_error *error)
{
    char room[SHOWN_SIZE];

    error_clear(error);
    if (!passport_ppt_is_supported(ppt)) {
        error_set(error, STIR_E_UNSUPPORTED, "PASSporTs of type %s are not supported here",
                  shown(room, ppt, strlen(ppt)));
        return NULL;
    }
    struct stir_passport *passport = make(ppt != NULL ? ppt : "");
    if (passport == NULL) {
        error_no_memory(error);
        return NULL;
    }
    if (call != NULL && take_call(passport, call, error) != 0) {
        stir_passport_free(passport);
        return NULL;
    }
    return passport;
}

/* ---- One received ------------------------------------------------------------------------- */

static int add_parameter(struct value *parameters, const char *name, const char *text)
{
    if (text == NULL)
        return 0;
    if (is_utf8(text))
        return value_set(parameters, name, value_new_string(text));
    char *fit = text_shown(text, strlen(text));
    int rc = value_set(parameters, name, fit == NULL ? NULL : value_new_string(fit));
    free(fit);
    return rc;
}

static int take_parameters(struct stir_passport *passport, const struct identity_header *header,
                           struct stir_error *error)
{
    passport->parameters = value_new_object();
    if (passport->parameters == NULL
        || add_parameter(passport->parameters, "alg", header->alg) != 0
        || add_parameter(passport->parameters, "info", header->info) != 0
        || add_parameter(passport->parameters, "ppt", header->ppt) != 0)
        return error_no_memory(error);
    return 0;
}

/* The type that header says, or for want of one the parameter. */
static int take_type(struct stir_passport *passport, const char *parameter,
                     struct stir_error *error)
{
    const struct value *member = value_member(passport->header, "ppt");
    const char *ppt = member != NULL             ? value_string(member)
                      : passport->header != NULL ? ""
                      : parameter != NULL        ? parameter
                                                 : "";

    if (ppt == NULL)
        return 0;
    passport->ppt = text_copy(ppt, strlen(ppt));
    return passport->ppt == NULL ? error_no_memory(error) : 0;
}

static int take_token(struct stir_passport *passport, const char *token,
                      struct stir_error *error)
{
    struct passport parts = {0};
    struct jws jws;
    int rc = jws_parse(token, strlen(token), &jws, error);

    if (rc == 0 && !jws.compact)
        rc = passport_parse_header(&jws, &parts, error);
    if (rc == 0 && !jws.compact)
        rc = passport_parse_payload(&jws, &parts, error);
    if (rc == 0) {
        passport->header = parts.header;
        passport->payload = parts.payload;
        parts.header = parts.payload = NULL;
    }
    passport_free(&parts);
    jws_free(&jws);
    return rc;
}

struct stir_passport *stir_passport_parse(const char *text, size_t len,
                                          struct stir_error *error)
{
    struct identity_header header = {0};
    struct stir_passport *passport;
    int rc;

    error_clear(error);
    if (text == NULL) {
        error_null(error, "text");
        return NULL;
    }
    passport = calloc(1, sizeof *passport);
    rc = passport == NULL ? error_no_memory(error)
                          : identity_header_parse(text, len == STIR_NUL ? strlen(text) : len,
                                                  &header, error);
    if (rc == 0)
        rc = take_token(passport, header.token, error);
    if (rc == 0)
        rc = take_parameters(passport, &header, error);
    if (rc == 0)
        rc = take_type(passport, header.ppt, error);
    identity_header_free(&header);
    if (rc == 0)
        return passport;
    stir_passport_free(passport);
    return NULL;
}

/* ---- Looking at it ------------------------------------------------------------------------ */

/* The part that the first name of pointer means; *rest is what follows it. */
static const struct value *part(const struct stir_passport *passport, const char *pointer,
                                const char **rest)
{
    const struct {
        const char *name;
        const struct value *value;
    } parts[] = {{"/parameters", passport->parameters},
                 {"/header", passport->header},
                 {"/payload", passport->payload}};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t len = strlen(parts[i].name);
        if (strncmp(parts[i].name, pointer, len) == 0
            && (pointer[len] == '\0' || pointer[len] == '/')) {
            *rest = pointer + len;
            return parts[i].value;
        }
    }
    return NULL;
}

const char *stir_passport_unverified(const struct stir_passport *passport, const char *pointer)
{
    const char *rest = NULL;

    if (passport == NULL || pointer == NULL)
        return NULL;
    const struct value *value = part(passport, pointer, &rest);
    value = value == NULL ? NULL : value_pointer(value, rest);
    if (value == NULL)
        return NULL;
    const char *string = value_string(value);
    /* A getter takes const; what it makes on demand is the object's to keep. */
    struct stir_passport *owner = (struct stir_passport *)(uintptr_t)passport;
    return kept_add(&owner->kept,
                    string != NULL ? text_shown(string, strlen(string)) : value_dump(value));
}

const char *passports_ppt(const struct stir_passport *passport)
{
    return passport->ppt;
}

/* The claims, and iat where they say none; the caller's. */
static struct value *with_iat(const struct value *claims, int64_t now)
{
    struct value *whole = value_new_object();
    int rc = value_set(whole, "iat", value_new_integer(now));

    for (size_t i = 0; rc == 0 && i < value_size(claims); i++) {
        const struct value *claim;
        const char *name = value_name(claims, i, &claim);
        rc = value_set(whole, name, value_ref(claim));
    }
    if (rc == 0)
        return whole;
    value_free(whole);
    return NULL;
}

int passports_payload(const struct stir_passport *passport, const int64_t *now, char **payload,
                      struct stir_error *error)
{
    char room[SHOWN_SIZE];

    *payload = NULL;
    if (passport->ppt == NULL || !passport_ppt_is_supported(passport->ppt))
        return error_set(
            error, STIR_E_UNSUPPORTED, "PASSporTs of type %s are not supported here",
            passport->ppt == NULL ? "that is no string"
                                  : shown(room, passport->ppt, strlen(passport->ppt)));
    if (passport->payload == NULL)
        return error_set(error, STIR_E_ARGUMENT, "the PASSporT is compact and has no claims");
    struct value *claims =
        now == NULL ? value_ref(passport->payload) : with_iat(passport->payload, *now);
    *payload = value_dump(claims);
    value_free(claims);
    return *payload == NULL ? error_no_memory(error) : 0;
}

bool passports_orig(const struct stir_passport *passport, struct passport_identity *orig)
{
    const struct value *claim = value_member(passport->payload, "orig");
    const char *tn = value_string(value_member(claim, "tn"));
    const char *uri = value_string(value_member(claim, "uri"));

    *orig = (struct passport_identity){tn != NULL, tn != NULL ? tn : uri};
    return orig->text != NULL;
}

bool passports_has_dest(const struct stir_passport *passport)
{
    return value_member(passport->payload, "dest") != NULL;
}

bool passports_iat(const struct stir_passport *passport, int64_t *iat)
{
    return value_integer(value_member(passport->payload, "iat"), iat);
}
