/* JSON values: what is asked of and put into one. */
#include "json/value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json/scan.h"

static json_t *inner(const struct value *value)
{
    return (json_t *)(uintptr_t)value;
}

static struct value *outer(const json_t *json)
{
    return (struct value *)(uintptr_t)json;
}

void value_free(struct value *value)
{
    json_decref(inner(value));
}

struct value *value_ref(const struct value *value)
{
    return outer(json_incref(inner(value)));
}

enum value_kind value_kind(const struct value *value)
{
    switch (json_typeof(inner(value))) {
    case JSON_OBJECT:
        return VALUE_OBJECT;
    case JSON_ARRAY:
        return VALUE_ARRAY;
    case JSON_STRING:
        return VALUE_STRING;
    case JSON_INTEGER:
        return VALUE_INTEGER;
    case JSON_REAL:
        return VALUE_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return VALUE_BOOLEAN;
    case JSON_NULL:
        break;
    }
    return VALUE_NULL;
}

const char *value_kind_name(const struct value *value)
{
    static const char *const names[] = {
        [VALUE_NULL] = "null",        [VALUE_BOOLEAN] = "a boolean",
        [VALUE_INTEGER] = "a number", [VALUE_REAL] = "a number",
        [VALUE_STRING] = "a string",  [VALUE_ARRAY] = "an array",
        [VALUE_OBJECT] = "an object"};

    return value == NULL ? "absent" : names[value_kind(value)];
}

const struct value *value_member(const struct value *object, const char *name)
{
    return outer(json_object_get(inner(object), name));
}

size_t value_size(const struct value *array_or_object)
{
    const json_t *json = inner(array_or_object);

    return json_is_object(json) ? json_object_size(json) : json_array_size(json);
}

const struct value *value_at(const struct value *array, size_t i)
{
    return outer(json_array_get(inner(array), i));
}

const char *value_name(const struct value *object, size_t i, const struct value **member)
{
    json_t *json = inner(object);
    void *iter = json_object_iter(json);

    while (iter != NULL && i-- > 0)
        iter = json_object_iter_next(json, iter);
    if (iter == NULL)
        return NULL;
    if (member != NULL)
        *member = outer(json_object_iter_value(iter));
    return json_object_iter_key(iter);
}

const char *value_string(const struct value *value)
{
    return json_string_value(inner(value));
}

bool value_integer(const struct value *value, int64_t *integer)
{
    if (!json_is_integer(inner(value)))
        return false;
    *integer = json_integer_value(inner(value));
    return true;
}

bool value_is_true(const struct value *value)
{
    return json_is_true(inner(value));
}

/* Does the reference token of len characters (~0 for ~, ~1 for /) spell name? */
static bool token_is(const char *token, size_t len, const char *name)
{
    size_t i = 0;

    for (; i < len && *name != '\0'; i++, name++) {
        char c = token[i];
        if (c == '~') {
            if (++i == len || (token[i] != '0' && token[i] != '1'))
                return false;
            c = token[i] == '0' ? '~' : '/';
        }
        if (c != *name)
            return false;
    }
    return i == len && *name == '\0';
}

static const struct value *member_by_token(const struct value *object, const char *token,
                                           size_t len)
{
    json_t *json = inner(object);
    void *iter = json_object_iter(json);

    for (; iter != NULL; iter = json_object_iter_next(json, iter))
        if (token_is(token, len, json_object_iter_key(iter)))
            return outer(json_object_iter_value(iter));
    return NULL;
}

static const struct value *element_by_token(const struct value *array, const char *token,
                                            size_t len)
{
    size_t i = 0;

    if (len == 0 || len > 9 || (len > 1 && token[0] == '0')
        || strspn(token, "0123456789") < len)
        return NULL;
    for (size_t k = 0; k < len; k++)
        i = i * 10 + (size_t)(token[k] - '0');
    return value_at(array, i);
}

const struct value *value_pointer(const struct value *value, const char *pointer)
{
    while (value != NULL && *pointer == '/') {
        size_t len = strcspn(++pointer, "/");
        value = json_is_array(inner(value)) ? element_by_token(value, pointer, len)
                                            : member_by_token(value, pointer, len);
        pointer += len;
    }
    return *pointer == '\0' ? value : NULL;
}

/* Compares unescaped; want of memory looks like another name. */
static bool is_name(const struct scan_member *member, const char *name)
{
    size_t len = strlen(name);
    struct value *unescaped;

    if (memchr(member->name, '\\', member->name_len) == NULL)
        return member->name_len == len + 2 && memcmp(member->name + 1, name, len) == 0;
    if (value_load(member->name, member->name_len, &unescaped, NULL) != 0)
        return false;
    bool same = strcmp(value_string(unescaped), name) == 0;
    value_free(unescaped);
    return same;
}

bool value_member_text(const char *text, size_t len, const char *name, const char **start,
                       size_t *text_len)
{
    struct scan_member member;
    size_t offset = 0;

    while (scan_member(text, len, &offset, &member)) {
        if (is_name(&member, name)) {
            *start = member.value;
            *text_len = member.value_len;
            return true;
        }
    }
    return false;
}

struct value *value_new_object(void)
{
    return outer(json_object());
}

struct value *value_new_array(void)
{
    return outer(json_array());
}

struct value *value_new_null(void)
{
    return outer(json_null());
}

struct value *value_new_boolean(bool boolean)
{
    return outer(json_boolean(boolean));
}

struct value *value_new_integer(int64_t integer)
{
    return outer(json_integer(integer));
}

struct value *value_new_string(const char *text)
{
    return outer(text == NULL ? json_null() : json_string(text));
}

int value_set(struct value *object, const char *name, struct value *member)
{
    return json_object_set_new(inner(object), name, inner(member)) == 0 ? 0 : STIR_E_NOMEM;
}

int value_append(struct value *array, struct value *element)
{
    return json_array_append_new(inner(array), inner(element)) == 0 ? 0 : STIR_E_NOMEM;
}
