/*
 * JWTClaimConstraints (RFC 8226 section 8) and EnhancedJWTClaimConstraints (RFC 9118): DER to
 * lists of names and values, and back. One malformed member refuses the extension.
 */
#include "cert/claim_constraints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
    MUST_INCLUDE = DER_CONTEXT(0),
    PERMITTED_VALUES = DER_CONTEXT(1),
    MUST_EXCLUDE = DER_CONTEXT(2)
};

/* What is read, for sentences; and of the permits so far, since a thousand are not to be compared
   with a thousand: their indexes in the order of their names, and how many values they have. */
struct reading {
    bool enhanced;
    struct stir_error *error;
    uint16_t order[LIMIT_CONSTRAINED_CLAIMS];
    size_t n_values;
};

static int malformed(const struct reading *reading, const char *format, ...) STIR_PRINTF(2, 3);

static int malformed(const struct reading *reading, const char *format, ...)
{
    char found[sizeof reading->error->text];
    va_list args;

    va_start(args, format);
    vsnprintf(found, sizeof found, format, args);
    va_end(args);
    return error_set(reading->error, STIR_CODE_CONSTRAINTS_SYNTAX, "%s: %s (%s)",
                     reading->enhanced ? "EnhancedJWTClaimConstraints" : "JWTClaimConstraints",
                     found, reading->enhanced ? "RFC 9118 section 3" : "RFC 8226 section 8");
}

/* The next element, which must have this tag. */
static int take(const struct reading *reading, struct der *left, uint8_t tag,
                const char *wanted, struct der_element *element)
{
    if (left->len == 0)
        return malformed(reading, "wanted %s, found nothing", wanted);
    if (left->data[0] != tag)
        return malformed(reading, "wanted %s (tag %02X), found tag %02X", wanted, tag,
                         left->data[0]);
    if (der_take(left, tag, element) != 0)
        return malformed(reading, "%s has a length that is no DER, or exceeds what holds it",
                         wanted);
    return 0;
}

/* A SEQUENCE SIZE (1..MAX) OF that is all of content. */
static int take_list(const struct reading *reading, struct der content, const char *what,
                     struct der *list)
{
    struct der_element element;
    int result = take(reading, &content, DER_SEQUENCE, what, &element);

    if (result != 0)
        return result;
    if (content.len > 0)
        return malformed(reading, "%zu octets behind %s", content.len, what);
    if (element.content.len == 0)
        return malformed(reading, "%s is empty, wanted one member or more", what);
    *list = element.content;
    return 0;
}

static bool is_name(struct der name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] < 0x20 || name.data[i] > 0x7E)
            return false;
    return name.len > 0;
}

static bool is_value(struct der value)
{
    return der_is_utf8(value) && (value.len == 0 || memchr(value.data, 0, value.len) == NULL);
}

/* Arrays grow when their size reaches a power of two, so that n alone is kept. 0,
   STIR_E_NOMEM. */
static int make_room(void **array, size_t n, size_t size)
{
    if ((n & (n - 1)) != 0) /* neither 0 nor a power of two */
        return 0;
    void *more = realloc(*array, (n == 0 ? 1 : 2 * n) * size);
    if (more == NULL)
        return STIR_E_NOMEM;
    *array = more;
    return 0;
}

static int append(char ***texts, size_t *n, struct der text)
{
    if (make_room((void **)texts, *n, sizeof **texts) != 0)
        return STIR_E_NOMEM;
    char *copy = text_copy(text.data, text.len);
    if (copy == NULL)
        return STIR_E_NOMEM;
    (*texts)[(*n)++] = copy;
    return 0;
}

static int add_name(struct claim_names *names, struct der name)
{
    if (!is_name(name))
        return STIR_E_SYNTAX;
    return names->n < LIMIT_CONSTRAINED_CLAIMS ? append(&names->names, &names->n, name)
                                               : STIR_E_LIMIT;
}

static size_t count_values(const struct claim_constraints *constraints)
{
    size_t n = 0;

    for (size_t i = 0; i < constraints->n_permitted; i++)
        n += constraints->permitted[i].n_values;
    return n;
}

static int compare(struct der name, const char *other)
{
    size_t len = strlen(other);
    int difference = memcmp(name.data, other, name.len < len ? name.len : len);

    return difference != 0 ? difference : (name.len > len) - (name.len < len);
}

static int add_permit(struct claim_constraints *constraints, struct der name)
{
    if (!is_name(name))
        return STIR_E_SYNTAX;
    if (constraints->n_permitted == LIMIT_CONSTRAINED_CLAIMS)
        return STIR_E_LIMIT;
    if (make_room((void **)&constraints->permitted, constraints->n_permitted,
                  sizeof *constraints->permitted)
        != 0)
        return STIR_E_NOMEM;
    char *copy = text_copy(name.data, name.len);
    if (copy == NULL)
        return STIR_E_NOMEM;
    constraints->permitted[constraints->n_permitted++] = (struct claim_permit){.name = copy};
    return 0;
}

/* The permit of that name, made where there is none yet (A-15: values unite). */
static int permit_of(struct reading *reading, struct claim_constraints *constraints,
                     struct der name, struct claim_permit **permit)
{
    size_t from = 0, to = constraints->n_permitted;

    while (from < to) {
        size_t middle = (from + to) / 2;
        *permit = constraints->permitted + reading->order[middle];
        int difference = compare(name, (*permit)->name);
        if (difference == 0)
            return 0;
        if (difference < 0)
            to = middle;
        else
            from = middle + 1;
    }
    int result = add_permit(constraints, name);
    if (result != 0)
        return result;
    size_t last = constraints->n_permitted - 1;
    memmove(reading->order + from + 1, reading->order + from,
            (last - from) * sizeof *reading->order);
    reading->order[from] = (uint16_t)last;
    *permit = constraints->permitted + last;
    return 0;
}

static int add_value(struct claim_permit *permit, struct der value)
{
    return is_value(value) ? append(&permit->values, &permit->n_values, value) : STIR_E_SYNTAX;
}

/* Words for what add_name() and add_value() say of a text. */
static int refused(const struct reading *reading, int result, const char *what, struct der text)
{
    char room[SHOWN_SIZE];

    if (result == STIR_E_NOMEM)
        return error_no_memory(reading->error);
    if (result == STIR_E_LIMIT)
        return malformed(reading, "more than %d claims or %d values", LIMIT_CONSTRAINED_CLAIMS,
                         LIMIT_PERMITTED_VALUES);
    return malformed(reading, "%s \"%s\" is not text that can be compared", what,
                     shown(room, text.data, text.len));
}

static int read_names(const struct reading *reading, struct der content, const char *what,
                      struct claim_names *names)
{
    struct der_element element;
    struct der list = {NULL, 0};
    int result = take_list(reading, content, what, &list);

    while (result == 0 && list.len > 0) {
        result = take(reading, &list, DER_IA5_STRING, "an IA5String (JWTClaimName)", &element);
        if (result != 0)
            return result;
        result = add_name(names, element.content);
        if (result != 0)
            return refused(reading, result, "claim name", element.content);
    }
    return result;
}

static int read_values(const struct reading *reading, struct der list, size_t most,
                       struct claim_permit *permit)
{
    struct der_element element;
    int result = 0;

    while (result == 0 && list.len > 0) {
        result = take(reading, &list, DER_UTF8_STRING, "a UTF8String (value)", &element);
        if (result != 0)
            return result;
        result = most-- > 0 ? add_value(permit, element.content) : STIR_E_LIMIT;
        if (result != 0)
            return refused(reading, result, "value", element.content);
    }
    return result;
}

/* JWTClaimPermittedValues, JWTClaimValues: a claim and its values. */
static int read_permit(struct reading *reading, struct der content,
                       struct claim_constraints *constraints)
{
    struct der_element claim;
    struct claim_permit *permit;
    struct der list = {NULL, 0};
    int result = take(reading, &content, DER_IA5_STRING, "an IA5String (claim)", &claim);

    if (result != 0)
        return result;
    if ((result = take_list(reading, content, "a SEQUENCE (permitted values)", &list)) != 0)
        return result;
    if ((result = permit_of(reading, constraints, claim.content, &permit)) != 0)
        return refused(reading, result, "claim name", claim.content);
    size_t before = permit->n_values;
    result = read_values(reading, list, LIMIT_PERMITTED_VALUES - reading->n_values, permit);
    reading->n_values += permit->n_values - before;
    return result;
}

static int read_permitted(struct reading *reading, struct der content,
                          struct claim_constraints *constraints)
{
    struct der_element element;
    struct der list = {NULL, 0};
    int result = take_list(reading, content, "a SEQUENCE (permittedValues)", &list);

    while (result == 0 && list.len > 0) {
        result = take(reading, &list, DER_SEQUENCE, "a SEQUENCE (claim and values)", &element);
        if (result == 0)
            result = read_permit(reading, element.content, constraints);
    }
    return result;
}

/* The members in their order, each at most once, and nothing behind them. */
static int read_members(struct reading *reading, struct der members,
                        struct claim_constraints *constraints)
{
    struct der_element element;
    uint8_t before = 0;
    int result = 0;

    while (result == 0 && members.len > 0) {
        uint8_t tag = members.data[0];
        if (tag < MUST_INCLUDE || tag > (reading->enhanced ? MUST_EXCLUDE : PERMITTED_VALUES))
            return malformed(reading, "tag %02X is none of its members'", tag);
        if (tag <= before)
            return malformed(reading, "tag %02X stands behind %02X", tag, before);
        before = tag;
        if ((result = take(reading, &members, tag, "a member", &element)) != 0)
            return result;
        result = tag == PERMITTED_VALUES ? read_permitted(reading, element.content, constraints)
                 : tag == MUST_INCLUDE
                     ? read_names(reading, element.content, "a SEQUENCE (mustInclude)",
                                  &constraints->must_include)
                     : read_names(reading, element.content, "a SEQUENCE (mustExclude)",
                                  &constraints->must_exclude);
    }
    return result;
}

int claim_constraints_parse(struct der der, bool enhanced,
                            struct claim_constraints *constraints, struct stir_error *error)
{
    struct reading reading = {.enhanced = enhanced, .error = error};
    struct claim_constraints read = {.present = true, .enhanced = enhanced};
    struct der members = {NULL, 0};
    int result = take_list(&reading, der, "a SEQUENCE", &members);

    if (result == 0)
        result = read_members(&reading, members, &read);
    if (result != 0) {
        claim_constraints_free(&read);
        read = (struct claim_constraints){0};
    }
    *constraints = read;
    return result;
}

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(texts[i]);
    free(texts);
}

void claim_constraints_free(struct claim_constraints *constraints)
{
    free_texts(constraints->must_include.names, constraints->must_include.n);
    free_texts(constraints->must_exclude.names, constraints->must_exclude.n);
    for (size_t i = 0; i < constraints->n_permitted; i++) {
        free(constraints->permitted[i].name);
        free_texts(constraints->permitted[i].values, constraints->permitted[i].n_values);
    }
    free(constraints->permitted);
    *constraints = (struct claim_constraints){0};
}

bool claim_constraints_are_void(const struct claim_constraints *constraints)
{
    static const char *const baseline[] = {"iat", "orig", "dest"};

    for (size_t i = 0; i < constraints->must_exclude.n; i++)
        for (size_t k = 0; k < sizeof baseline / sizeof *baseline; k++)
            if (strcmp(constraints->must_exclude.names[i], baseline[k]) == 0)
                return true;
    return false;
}

static struct der octets_of(const char *text)
{
    return (struct der){(const uint8_t *)text, strlen(text)};
}

int claim_constraints_add_include(struct claim_constraints *constraints, const char *name)
{
    int result = add_name(&constraints->must_include, octets_of(name));

    constraints->present = constraints->present || result == 0;
    return result;
}

int claim_constraints_add_exclude(struct claim_constraints *constraints, const char *name)
{
    int result = add_name(&constraints->must_exclude, octets_of(name));

    constraints->present = constraints->present || result == 0;
    constraints->enhanced = constraints->enhanced || result == 0;
    return result;
}

int claim_constraints_add_permit(struct claim_constraints *constraints, const char *name,
                                 const char *value)
{
    size_t i = 0;
    int result = 0;

    if (!is_value(octets_of(value)))
        return STIR_E_SYNTAX;
    if (count_values(constraints) == LIMIT_PERMITTED_VALUES)
        return STIR_E_LIMIT;
    while (i < constraints->n_permitted && strcmp(constraints->permitted[i].name, name) != 0)
        i++;
    if (i == constraints->n_permitted)
        result = add_permit(constraints, octets_of(name));
    if (result != 0)
        return result;
    constraints->present = true;
    return add_value(constraints->permitted + i, octets_of(value));
}

static void write_text(struct der_writer *writer, uint8_t tag, const char *text)
{
    der_write(writer, tag, text, strlen(text));
}

/* Nothing where there are none: SIZE (1..MAX). */
static void write_names(struct der_writer *writer, uint8_t tag, const struct claim_names *names)
{
    size_t from = writer->len;

    if (names->n == 0)
        return;
    for (size_t i = 0; i < names->n; i++)
        write_text(writer, DER_IA5_STRING, names->names[i]);
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, tag, from);
}

static void write_permit(struct der_writer *writer, const struct claim_permit *permit)
{
    size_t from = writer->len;

    if (permit->n_values == 0)
        return;
    write_text(writer, DER_IA5_STRING, permit->name);
    size_t values = writer->len;
    for (size_t i = 0; i < permit->n_values; i++)
        write_text(writer, DER_UTF8_STRING, permit->values[i]);
    der_wrap(writer, DER_SEQUENCE, values);
    der_wrap(writer, DER_SEQUENCE, from);
}

static void write_permitted(struct der_writer *writer,
                            const struct claim_constraints *constraints)
{
    size_t from = writer->len;

    for (size_t i = 0; i < constraints->n_permitted; i++)
        write_permit(writer, constraints->permitted + i);
    if (writer->len == from)
        return;
    der_wrap(writer, DER_SEQUENCE, from);
    der_wrap(writer, PERMITTED_VALUES, from);
}

void *claim_constraints_encode(const struct claim_constraints *constraints, size_t *len,
                               struct stir_error *error)
{
    struct der_writer writer = {0};

    *len = 0;
    if (constraints->must_include.n == 0 && count_values(constraints) == 0
        && constraints->must_exclude.n == 0) {
        error_set(error, STIR_E_ARGUMENT,
                  "claim constraints without a member (RFC 8226 section 8)");
        return NULL;
    }
    write_names(&writer, MUST_INCLUDE, &constraints->must_include);
    write_permitted(&writer, constraints);
    write_names(&writer, MUST_EXCLUDE, &constraints->must_exclude);
    der_wrap(&writer, DER_SEQUENCE, 0);
    void *der = der_writer_take(&writer, len);
    if (der == NULL)
        error_no_memory(error);
    return der;
}
