/* Certificates, lists of numbers and requests as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/tnauthlist.h"
#include "crypto/csr.h"
#include "crypto/x509_text.h"
#include "service/describe.h"
#include "service/report.h"

/* value_set() takes want of memory from the member as well; failures add up in rc. */
static int put_text(struct value *object, const char *name, const char *text)
{
    return value_set(object, name, value_new_string(text));
}

static struct value *finish(struct value *object, int rc)
{
    if (rc == 0)
        return object;
    value_free(object);
    return NULL;
}

static int give(struct value *object, struct value **to, struct stir_error *error)
{
    *to = object;
    return object == NULL ? error_no_memory(error) : 0;
}

static struct value *texts(char *const *list, size_t n)
{
    struct value *array = value_new_array();
    int rc = 0;

    for (size_t i = 0; i < n; i++)
        rc |= value_append(array, value_new_string(list[i]));
    return finish(array, rc);
}

/* How many entries, and how many SPCs and numbers they come to. */
static struct value *total(const struct stir_scope *scope)
{
    struct value *object = value_new_object();
    int rc = value_set(object, "entries", value_new_integer((int64_t)scope->n_entries));

    rc |= value_set(object, "spcs", value_new_integer((int64_t)scope->n_spc_set));
    rc |= value_set(object, "numbers", value_new_integer((int64_t)scope_count(scope)));
    return finish(object, rc);
}

static int put_scope(struct value *object, const struct stir_scope *scope)
{
    int rc = value_set(object, "tnauthlist", report_scope(scope));

    return rc
           | value_set(object, "tnauthlist_total",
                       scope == NULL ? value_new_null() : total(scope));
}

static struct value *permitted(const struct claim_constraints *constraints)
{
    struct value *object = value_new_object();
    int rc = 0;

    for (size_t i = 0; i < constraints->n_permitted; i++) {
        const struct claim_permit *permit = &constraints->permitted[i];
        rc |= value_set(object, permit->name, texts(permit->values, permit->n_values));
    }
    return finish(object, rc);
}

/* null, null, null where the certificate constrains nothing. */
static int put_constraints(struct value *object, const struct claim_constraints *constraints)
{
    const struct claim_names *include = &constraints->must_include;
    const struct claim_names *exclude = &constraints->must_exclude;
    bool present = constraints->present;
    int rc = value_set(object, "must_include",
                       present ? texts(include->names, include->n) : value_new_null());

    rc |= value_set(object, "permitted", present ? permitted(constraints) : value_new_null());
    rc |= value_set(object, "must_exclude",
                    present ? texts(exclude->names, exclude->n) : value_new_null());
    return rc;
}

static struct value *fault(const struct stir_certificate *certificate, int depth)
{
    struct stir_error error;

    error_clear(&error);
    if (certificate_fault(certificate, depth, &error) == 0)
        return value_new_null();
    return describe_problem(&error);
}

/* As they are written everywhere; null where the certificate has none. */
static int put_texts(struct value *object, const struct stir_certificate *certificate)
{
    static const char *const names[] = {"subject",     "issuer", "serial",    "sha256",
                                        "spki_sha256", "key",    "signature", "not_before",
                                        "not_after",   "skid",   "akid",      "key_usage"};
    int rc = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        rc |= put_text(object, names[i], stir_certificate_text(certificate, names[i]));
    return rc;
}

struct value *describe_certificate(const struct stir_certificate *certificate, size_t depth)
{
    struct value *object = value_new_object();
    int path_length = certificate->path_length;
    int rc = put_text(object, "kind", "certificate");

    rc |= value_set(object, "depth", value_new_integer((int64_t)depth));
    rc |= put_texts(object, certificate);
    rc |= value_set(object, "ca", value_new_boolean(certificate->ca));
    rc |= value_set(object, "path_length",
                    path_length < 0 ? value_new_null() : value_new_integer(path_length));
    rc |= put_scope(object, certificate->scope);
    rc |= put_text(object, "tnauthlist_url",
                   stir_certificate_text(certificate, "tnauthlist_url"));
    rc |= put_constraints(object, &certificate->constraints);
    rc |= value_set(object, "warnings",
                    texts(certificate->warnings.lines, certificate->warnings.n));
    rc |= value_set(object, "fault", fault(certificate, (int)depth));
    return finish(object, rc);
}

int describe_tnauthlist(const void *der, size_t len, struct value **object,
                        struct stir_error *error)
{
    struct stir_scope *scope;
    int rc = tnauthlist_parse((struct der){der, len}, &scope, NULL, error);

    if (rc != 0)
        return rc;
    struct value *made = value_new_object();
    rc = put_text(made, "kind", "tnauthlist");
    rc |= put_scope(made, scope);
    scope_free(scope);
    return give(finish(made, rc), object, error);
}

/* What it asks for; the list of numbers as its issuer would have to judge it. */
static int put_request(struct value *object, const struct csr *csr,
                       const struct stir_scope *scope)
{
    int rc = value_set(object, "ca", value_new_boolean(csr->ca));

    rc |= value_set(object, "path_length",
                    csr->path_length < 0 ? value_new_null()
                                         : value_new_integer(csr->path_length));
    return rc | put_scope(object, scope);
}

static int describe_read_csr(const struct csr *csr, struct value **object,
                             struct stir_error *error)
{
    struct public_key *key = public_key_new(&es256_gnutls, csr->spki.data, csr->spki.len, NULL);
    struct stir_scope *scope = NULL;
    struct value *made = NULL;
    char *subject = NULL;
    int rc = x509_name_text(csr->subject, &subject, error);

    if (rc == 0 && csr->tnauthlist.data != NULL)
        rc = tnauthlist_parse((struct der){csr->tnauthlist.data, csr->tnauthlist.len}, &scope,
                              NULL, error);
    if (rc != 0)
        goto out;
    made = value_new_object();
    rc = put_text(made, "kind", "csr");
    rc |= put_text(made, "subject", subject);
    rc |= put_text(made, "key", key == NULL ? NULL : public_key_name(key));
    rc |= put_request(made, csr, scope);
    rc = give(finish(made, rc), object, error);
out:
    public_key_free(key);
    scope_free(scope);
    free(subject);
    return rc;
}

int describe_csr(const void *data, size_t len, struct value **object, struct stir_error *error)
{
    struct csr csr;
    int rc = csr_read(data, len, &csr, error);

    if (rc == 0)
        rc = describe_read_csr(&csr, object, error);
    csr_free(&csr);
    return rc;
}
