/* struct stir_call: the headers of a SIP request that matter here, as they came. */
#include "sip/call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

struct stir_call *stir_call_new(void)
{
    return calloc(1, sizeof(struct stir_call));
}

void stir_call_free(struct stir_call *call)
{
    if (call == NULL)
        return;
    free(call->from);
    free(call->to);
    free(call->pai);
    free(call->date);
    free(call->request_uri);
    free(call->call_id);
    for (size_t i = 0; i < call->n_identities; i++)
        free(call->identities[i]);
    free(call->identities);
    free(call->body_type);
    free(call->body);
    free(call);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * A trimmed copy. What a C string cannot hold whole (a NUL in the middle, more octets than are
 * looked at) must not become a shorter value that is good: it gets an octet that no grammar
 * takes.
 */
static char *copy(const char *value, size_t len, size_t limit)
{
    while (len > 0 && is_space(*value)) {
        value++;
        len--;
    }
    while (len > 0 && is_space(value[len - 1]))
        len--;
    bool cut = len > limit;
    char *text = text_copy(value, cut ? limit + 1 : len);
    if (text == NULL)
        return NULL;
    if (cut)
        text[limit] = '\x01';
    for (size_t i = 0; i < (cut ? limit : len); i++)
        if (text[i] == '\0')
            text[i] = '\x01';
    return text;
}

static void add_identity(struct stir_call *call, const char *value, size_t len)
{
    if (call->n_identities > LIMIT_IDENTITIES)
        return;
    char **more = realloc(call->identities, (call->n_identities + 1) * sizeof *more);
    if (more != NULL)
        call->identities = more;
    char *text = copy(value, len, LIMIT_TOKEN + LIMIT_HEADER);
    if (more == NULL || text == NULL) {
        free(text);
        call->no_memory = true;
        return;
    }
    call->identities[call->n_identities++] = text;
}

/* Where the value of a header is kept; NULL: nowhere. */
static char **place_of(struct stir_call *call, const char *name)
{
    const struct {
        const char *name;
        char **place;
    } places[] = {
        {"From", &call->from},
        {"f", &call->from},
        {"To", &call->to},
        {"t", &call->to},
        {"P-Asserted-Identity", &call->pai},
        {"Date", &call->date},
        {"Request-URI", &call->request_uri},
        {"Call-ID", &call->call_id},
        {"i", &call->call_id},
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcasecmp(places[i].name, name) == 0)
            return places[i].place;
    return NULL;
}

void stir_call_add_header(struct stir_call *call, const char *name, const char *value,
                          size_t len)
{
    if (call == NULL || name == NULL || value == NULL)
        return;
    if (len == STIR_NUL)
        len = strlen(value);
    /* R8224-4-1: Identity-Info and its compact name n are dead, and not looked at. */
    if (strcasecmp(name, "Identity") == 0 || strcasecmp(name, "y") == 0) {
        add_identity(call, value, len);
        return;
    }
    char **place = place_of(call, name);
    if (place == NULL || (place == &call->pai && *place != NULL))
        return;
    free(*place);
    *place = copy(value, len, LIMIT_HEADER);
    if (*place == NULL)
        call->no_memory = true;
}

void stir_call_set_body(struct stir_call *call, const char *type, const void *body, size_t len)
{
    if (call == NULL)
        return;
    free(call->body_type);
    free(call->body);
    call->body_type = call->body = NULL;
    call->body_len = 0;
    if (body == NULL)
        return;
    if (len == STIR_NUL)
        len = strlen(body);
    call->body = text_copy(body, len);
    call->body_len = len;
    if (type != NULL)
        call->body_type = copy(type, strlen(type), LIMIT_HEADER);
    if (call->body == NULL || (type != NULL && call->body_type == NULL))
        call->no_memory = true;
}
