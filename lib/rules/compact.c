/* A compact token's header and payload, rebuilt from the call: what the caller signed is what
   he must have said in SIP (RFC 8224 section 4.1.1). */
#include "rules/compact.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/text.h"
#include "json/value.h"

int compact_check_allowed(const struct identity_header *header, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    if (header->ppt == NULL || *header->ppt == '\0')
        return 0;
    return error_set(error, STIR_CODE_COMPACT_NOT_ALLOWED,
                     "token: compact, which ppt %s has no form for (RFC 8588 section 3)",
                     shown(room, header->ppt, strlen(header->ppt)));
}

static bool is_utf8(const char *text)
{
    return der_is_utf8((struct der){(const uint8_t *)text, strlen(text)});
}

static int refuse(const char *why, struct stir_error *error)
{
    return error_set(error, STIR_CODE_COMPACT_NOT_REBUILDABLE,
                     "token: compact, and cannot be rebuilt: %s (RFC 8224 section 4.1.1)", why);
}

/* What value_new_string() would take for want of memory. */
static int check_texts(const struct identity_header *header, const struct identity *orig,
                       const struct identity *dest, struct stir_error *error)
{
    if (header->info == NULL || !is_utf8(header->info))
        return refuse("parameter info is no URI", error);
    if (header->alg != NULL && !is_utf8(header->alg))
        return refuse("parameter alg is no token", error);
    if (orig == NULL)
        return refuse("the call does not say who calls", error);
    if (dest == NULL)
        return refuse("the call has no To", error);
    if (!is_utf8(orig->text) || !is_utf8(dest->text))
        return refuse("an identity is no URI", error);
    return 0;
}

static int take_date(const struct stir_call *call, int64_t *iat, struct stir_error *error)
{
    if (call->date == NULL)
        return refuse("the call has no Date", error);
    if (clock_parse_sip_date(call->date, strlen(call->date), iat) != 0)
        return refuse("the Date of the call is none", error);
    return 0;
}

static int take_mky(const struct stir_call *call, char **mky, struct stir_error *error)
{
    struct stir_error found = {0};
    int rc = call_mky(call, mky, &found);

    return rc == STIR_E_SYNTAX ? refuse(found.text, error)
           : rc != 0           ? error_copy(error, &found)
                               : 0;
}

/* Not passport_header_text(): the alg is the parameter's, good or bad, since it was signed. */
static char *header_text(const struct identity_header *parameters)
{
    const char *alg = parameters->alg != NULL ? parameters->alg : "ES256";
    struct value *header = value_new_object();
    char *text = NULL;

    if (header != NULL && value_set(header, "alg", value_new_string(alg)) == 0
        && value_set(header, "typ", value_new_string("passport")) == 0
        && value_set(header, "x5u", value_new_string(parameters->info)) == 0)
        text = value_dump(header);
    value_free(header);
    return text;
}

static int add_orig(struct value *payload, const struct identity *orig)
{
    struct value *object = value_new_object();

    if (object == NULL
        || value_set(object, orig->is_tn ? "tn" : "uri", value_new_string(orig->text)) != 0) {
        value_free(object);
        return STIR_E_NOMEM;
    }
    return value_set(payload, "orig", object);
}

/* The identities of one kind, as array tn or uri; none where there are none. */
static int add_kind(struct value *object, const struct identity *dest, size_t n_dest, bool tn)
{
    struct value *array = value_new_array();
    int rc = array == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < n_dest; i++)
        if (dest[i].is_tn == tn)
            rc = value_append(array, value_new_string(dest[i].text));
    if (rc != 0 || value_size(array) == 0) {
        value_free(array);
        return rc;
    }
    return value_set(object, tn ? "tn" : "uri", array);
}

static int add_dest(struct value *payload, const struct identity *dest, size_t n_dest)
{
    struct value *object = value_new_object();

    if (object == NULL || add_kind(object, dest, n_dest, true) != 0
        || add_kind(object, dest, n_dest, false) != 0) {
        value_free(object);
        return STIR_E_NOMEM;
    }
    return value_set(payload, "dest", object);
}

static int add_mky(struct value *payload, const char *mky)
{
    struct value *value = NULL;

    if (mky == NULL)
        return 0;
    if (value_load(mky, strlen(mky), &value, NULL) != 0)
        return STIR_E_NOMEM;
    return value_set(payload, "mky", value);
}

char *compact_payload(const struct identity *orig, const struct identity *dest, size_t n_dest,
                      int64_t iat, const char *mky)
{
    struct value *payload = value_new_object();
    char *text = NULL;

    if (payload != NULL && add_orig(payload, orig) == 0 && add_dest(payload, dest, n_dest) == 0
        && value_set(payload, "iat", value_new_integer(iat)) == 0 && add_mky(payload, mky) == 0)
        text = value_dump(payload);
    value_free(payload);
    return text;
}

int compact_rebuild(struct jws *jws, const struct identity_header *header,
                    const struct identity *orig, const struct identity *dest,
                    const struct stir_call *call, struct stir_error *error)
{
    char *mky = NULL, *head = NULL, *payload = NULL;
    int64_t iat = 0;
    int rc = check_texts(header, orig, dest, error);

    if (rc == 0)
        rc = take_date(call, &iat, error);
    if (rc == 0)
        rc = take_mky(call, &mky, error);
    if (rc != 0)
        goto out;
    head = header_text(header);
    payload = compact_payload(orig, dest, 1, iat, mky);
    if (head == NULL || payload == NULL || jws_rebuild(jws, head, payload) != 0)
        rc = error_no_memory(error);
out:
    free(mky);
    free(head);
    free(payload);
    return rc;
}
