/* Revocation lists as JSON: what cert/crl reads, and why no status may rest on one. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cert/certificate_skeleton.h"
#include "cert/crl.h"
#include "crypto/x509_text.h"
#include "service/describe.h"

static int put_text(struct value *object, const char *name, const char *text)
{
    return value_set(object, name, value_new_string(text));
}

static int put_time(struct value *object, const char *name, int64_t time)
{
    char room[CLOCK_TEXT_SIZE];

    return put_text(object, name, clock_text(room, time));
}

static int put_integer(struct value *object, const char *name, size_t n)
{
    return value_set(object, name, value_new_integer((int64_t)n));
}

static struct value *finish(struct value *object, int rc)
{
    if (rc == 0)
        return object;
    value_free(object);
    return NULL;
}

static int put_akid(struct value *object, const struct crl *crl)
{
    struct text text = {0};

    if (crl->akid.data == NULL)
        return value_set(object, "akid", value_new_null());
    text_add_hex(&text, crl->akid.data, crl->akid.len);
    char *hex = text_take(&text);
    int rc = hex == NULL ? STIR_E_NOMEM : put_text(object, "akid", hex);
    free(hex);
    return rc;
}

static int put_number(struct value *object, const struct crl *crl)
{
    char room[CRL_NUMBER_SIZE];

    crl_number(room, crl);
    return put_text(object, "number", room[0] != '\0' ? room : NULL);
}

/* ---- What the list is about ---- */

/* A URI as it stands, a directory name by RFC 4514, another GeneralName by its tag. For free(3). */
static char *name_of(const struct der_element *name)
{
    char *text = NULL;

    if (name->tag == DER_CONTEXT_PRIMITIVE(6))
        return text_shown((const char *)name->content.data, name->content.len);
    if (name->tag == DER_CONTEXT(4)) {
        int rc = x509_name_text(name->content, &text, NULL);
        if (rc == 0 || rc == STIR_E_NOMEM)
            return text;
    }
    struct text other = {0};
    text_addf(&other, "[%u]", name->tag & 0x1F);
    return text_take(&other);
}

static struct value *names(const struct crl_scope *scope)
{
    struct value *array = value_new_array();
    struct der left = scope->relative ? (struct der){NULL, 0} : scope->names;
    struct der_element name;
    int rc = 0;

    while (left.len > 0 && der_next(&left, &name) == 0) {
        char *text = name_of(&name);
        rc |= value_append(array, value_new_string(text));
        rc |= text == NULL ? STIR_E_NOMEM : 0;
        free(text);
    }
    return finish(array, rc);
}

static struct value *only(const struct crl_scope *scope)
{
    struct value *array = value_new_array();
    int rc = 0;

    if (scope->users_only)
        rc |= value_append(array, value_new_string("users"));
    if (scope->cas_only)
        rc |= value_append(array, value_new_string("cas"));
    if (scope->attributes_only)
        rc |= value_append(array, value_new_string("attributes"));
    return finish(array, rc);
}

/* ReasonFlags number their bits otherwise than CRLReason its reasons, from 7 on. */
static struct value *some_reasons(unsigned reasons)
{
    static const uint8_t of_bit[] = {0, 1, 2, 3, 4, 5, 6, 9, 10};
    struct value *array = value_new_array();
    int rc = 0;

    for (unsigned bit = 1; bit < sizeof of_bit; bit++)
        if ((reasons & 1u << bit) != 0)
            rc |= value_append(array, value_new_string(crl_reason_name(of_bit[bit])));
    return finish(array, rc);
}

static int put_scope(struct value *object, const struct crl_scope *scope)
{
    int rc = value_set(object, "indirect", value_new_boolean(scope->indirect));

    rc |= value_set(object, "only", only(scope));
    rc |= value_set(object, "only_reasons",
                    scope->reasons == 0 ? value_new_null() : some_reasons(scope->reasons));
    return rc | value_set(object, "names", names(scope));
}

/* ---- Its entries ---- */

static struct value *by_reason(const struct crl_entries *entries)
{
    struct value *object = value_new_object();
    int rc = 0;

    for (unsigned i = 0; i <= CRL_REASON_LAST; i++)
        if (entries->by_reason[i] > 0 && crl_reason_name(i) != NULL)
            rc |= put_integer(object, crl_reason_name(i), entries->by_reason[i]);
    return finish(object, rc);
}

static struct value *describe(const struct crl *crl)
{
    struct value *object = value_new_object();
    int rc = put_text(object, "kind", "crl");

    rc |= put_text(object, "issuer", crl->issuer_text);
    rc |= put_number(object, crl);
    rc |= put_time(object, "this_update", crl->this_update);
    rc |= crl->has_next_update ? put_time(object, "next_update", crl->next_update)
                               : put_text(object, "next_update", NULL);
    rc |= put_text(object, "signature", signature_kind_name(crl->signature_kind));
    rc |= put_akid(object, crl);
    rc |= put_scope(object, &crl->scope);
    rc |= put_integer(object, "entries", crl->entries.count);
    rc |= put_integer(object, "issuers", crl_entries_issuers(&crl->entries));
    rc |= value_set(object, "reasons", by_reason(&crl->entries));
    rc |= value_set(object, "fault",
                    crl->fault.code == 0 ? value_new_null() : describe_problem(&crl->fault));
    return finish(object, rc);
}

int describe_crl(const void *der, size_t len, struct value **object, struct stir_error *error)
{
    struct stir_error inner;
    struct crl *crl = NULL;

    error_clear(&inner);
    int rc = crl_new((struct der){der, len}, "", &crl, &inner);
    if (rc < 0)
        return rc == STIR_E_NOMEM ? error_no_memory(error)
                                  : error_set(error, rc, "CRL: %s", inner.text);
    *object = describe(crl);
    crl_free(crl);
    return *object == NULL ? error_no_memory(error) : 0;
}
