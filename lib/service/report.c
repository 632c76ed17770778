/* Results and certificates as JSON. */
#include "service/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/text.h"
#include "number/tn.h"
#include "service/result.h"

/* Setting many members: the first failure is remembered, and the object then freed. */
struct builder {
    struct value *object;
    int rc;
};

static void put(struct builder *builder, const char *name, struct value *member)
{
    int rc = value_set(builder->object, name, member);

    if (rc < 0)
        builder->rc = rc;
}

static void put_text(struct builder *builder, const char *name, const char *text)
{
    put(builder, name, text == NULL ? value_new_null() : value_new_string(text));
}

static void put_number(struct builder *builder, const char *name, bool present, int64_t number)
{
    put(builder, name, present ? value_new_integer(number) : value_new_null());
}

static void put_time(struct builder *builder, const char *name, int64_t time)
{
    char room[CLOCK_TEXT_SIZE];

    put_text(builder, name, clock_text(room, time));
}

static void put_hex(struct builder *builder, const char *name, const void *data, size_t len)
{
    struct text hex = {0};

    text_add_hex(&hex, data, len);
    char *text = text_take(&hex);
    put(builder, name, text == NULL ? NULL : value_new_string(text));
    free(text);
}

static struct value *finish(struct builder *builder)
{
    if (builder->rc == 0)
        return builder->object;
    value_free(builder->object);
    return NULL;
}

struct value *report_certificate(const struct stir_certificate *certificate, size_t depth,
                                 bool anchor)
{
    struct builder builder = {value_new_object(), 0};

    put_number(&builder, "depth", true, (int64_t)depth);
    if (stir_certificate_text(certificate, "sha256") == NULL) /* which all have */
        builder.rc = STIR_E_NOMEM;
    put_text(&builder, "subject", stir_certificate_text(certificate, "subject"));
    put_text(&builder, "issuer", stir_certificate_text(certificate, "issuer"));
    put_text(&builder, "serial", stir_certificate_text(certificate, "serial"));
    put_hex(&builder, "sha256", certificate->sha256, sizeof certificate->sha256);
    put_time(&builder, "not_before", certificate->not_before);
    put_time(&builder, "not_after", certificate->not_after);
    put(&builder, "ca", value_new_boolean(certificate->ca));
    put(&builder, "tnauthlist", report_scope(stir_certificate_scope(certificate)));
    put_text(&builder, "tnauthlist_url", stir_certificate_text(certificate, "tnauthlist_url"));
    put(&builder, "anchor", value_new_boolean(anchor));
    return finish(&builder);
}

static struct value *path(const struct stir_result *result)
{
    struct value *list = value_new_array();
    const struct stir_certificate *certificate;

    for (size_t i = 0; (certificate = stir_result_certificate(result, i)) != NULL; i++) {
        const struct path *of = &result->path;
        if (result->decided_by >= 0)
            of = &result->identities[result->decided_by]->path;
        bool anchor = of->anchored && i + 1 == of->n;
        if (value_append(list, report_certificate(certificate, i, anchor)) < 0) {
            value_free(list);
            return NULL;
        }
    }
    return list;
}

static struct value *warnings(const struct stir_result *result)
{
    struct value *list = value_new_array();
    const char *line;

    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        if (value_append(list, value_new_string(line)) < 0) {
            value_free(list);
            return NULL;
        }
    return list;
}

static const char *in_spc_name(int in_spc)
{
    static const char *const names[] = {
        [STIR_NO] = "no", [STIR_YES] = "yes", [STIR_UNKNOWN] = "unknown"};

    return in_spc < 0 ? NULL : names[in_spc];
}

/* What a result has in common, of a call or of an Identity. */
static void put_verdict(struct builder *builder, const struct stir_result *result, bool whole)
{
    const char *phrase;
    int status = stir_result_sip_status(result, &phrase);
    int depth = stir_result_depth(result);

    put_text(builder, "verdict", stir_verdict_name(stir_result_verdict(result)));
    if (whole)
        put_text(builder, "verstat", stir_result_verstat(result));
    put_text(builder, "code", stir_code_name(stir_result_code(result)));
    put_number(builder, "sip_status", status != 0, status);
    if (whole)
        put_text(builder, "sip_reason", phrase);
    put_number(builder, "depth", depth >= 0, depth);
    put_text(builder, "detail", stir_result_detail(result));
}

static struct value *claims(const struct stir_result *result)
{
    if (stir_result_verdict(result) != STIR_VALID || result->payload_text == NULL)
        return value_new_null();
    const struct value *payload = result_payload(result);
    return payload == NULL ? NULL : value_ref(payload);
}

static struct value *identity(const struct stir_result *result)
{
    struct builder builder = {value_new_object(), 0};
    bool compared = result->compared_orig != NULL && result->compared_dest != NULL;

    put_verdict(&builder, result, false);
    put_text(&builder, "ppt", result->ppt);
    put_text(&builder, "x5u", result->x5u);
    put_text(&builder, "in_spc", in_spc_name(result->in_spc));
    put(&builder, "compared", value_new_boolean(compared));
    put(&builder, "claims", claims(result));
    return finish(&builder);
}

static struct value *identities(const struct stir_result *result)
{
    struct value *list = value_new_array();

    for (size_t i = 0; i < result->n_identities; i++)
        if (value_append(list, identity(result->identities[i])) < 0) {
            value_free(list);
            return NULL;
        }
    return list;
}

static struct value *report(const struct stir_result *result)
{
    struct builder builder = {value_new_object(), 0};

    put_verdict(&builder, result, true);
    put_number(&builder, "decided_by", result->decided_by >= 0, result->decided_by);
    if (result->is_precheck)
        put_text(&builder, "in_spc", in_spc_name(result->in_spc));
    put(&builder, "warnings", warnings(result));
    put(&builder, "path", path(result));
    put(&builder, "identities", identities(result));
    return finish(&builder);
}

char *stir_result_json(const struct stir_result *result, struct stir_error *error)
{
    error_clear(error);
    if (result == NULL) {
        error_null(error, "result");
        return NULL;
    }
    struct value *value = report(result);
    char *text = value == NULL ? NULL : value_dump_pretty(value);
    value_free(value);
    if (text == NULL)
        error_no_memory(error);
    return text;
}
