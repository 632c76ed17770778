/* JSON values as text: deterministic for what is signed and compared, readable for the rest. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "json/value.h"

static bool has_real(json_t *json)
{
    const char *name;
    json_t *part;
    size_t i;

    json_object_foreach(json, name, part)
    {
        if (has_real(part))
            return true;
    }
    json_array_foreach(json, i, part)
    {
        if (has_real(part))
            return true;
    }
    return json_is_real(json);
}

/* ---- Whole numbers --------------------------------------------------------------------- */

/* Beyond 2^53 a real is one of several integers. */
static bool is_whole(double real)
{
    static const double most = 9007199254740992;

    return real >= -most && real <= most && (double)(int64_t)real == real;
}

static json_t *with_integers(json_t *json);

static json_t *object_with_integers(json_t *json)
{
    json_t *object = json_object(), *part;
    const char *name;
    int rc = object == NULL ? -1 : 0;

    json_object_foreach(json, name, part)
    {
        if (rc == 0)
            rc = json_object_set_new_nocheck(object, name, with_integers(part));
    }
    if (rc == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *array_with_integers(json_t *json)
{
    json_t *array = json_array(), *part;
    int rc = array == NULL ? -1 : 0;
    size_t i;

    json_array_foreach(json, i, part)
    {
        if (rc == 0)
            rc = json_array_append_new(array, with_integers(part));
    }
    if (rc == 0)
        return array;
    json_decref(array);
    return NULL;
}

/* The same with 1e2 and 100.0 as 100, as JSON.stringify() has them (R8225-9-4). NULL: out of
   memory. */
static json_t *with_integers(json_t *json)
{
    if (json_is_real(json) && is_whole(json_real_value(json)))
        return json_integer((json_int_t)json_real_value(json));
    if (!has_real(json))
        return json_incref(json);
    if (json_is_object(json))
        return object_with_integers(json);
    return json_is_array(json) ? array_with_integers(json) : json_incref(json);
}

/* ---- Writing --------------------------------------------------------------------------- */

/* 1, 0 or STIR_E_NOMEM. */
static int reads_back(json_t *json, const char *text)
{
    struct value *again;
    int rc = value_load(text, strlen(text), &again, NULL);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    int same = json_equal(json, (json_t *)again);
    value_free(again);
    return same;
}

/* json_dumps() leaves characters out where its buffer cannot grow (jansson 2.14), so the buffer is
   ours and large enough. */
static char *write_text(json_t *json, size_t flags)
{
    size_t size = json_dumpb(json, NULL, 0, flags);
    char *text = size == 0 ? NULL : malloc(size + 1);

    if (text == NULL)
        return NULL;
    if (json_dumpb(json, text, size, flags) != size) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

/* The fewest digits that say every number in it: with jansson's 17, 0.1 would come out as
   0.10000000000000001. */
static char *dump(const struct value *value, size_t flags)
{
    json_t *json = (json_t *)(uintptr_t)value;

    flags |= JSON_ENCODE_ANY;
    if (!has_real(json))
        return write_text(json, flags);
    for (size_t digits = 15; digits < 17; digits++) {
        char *text = write_text(json, flags | JSON_REAL_PRECISION(digits));
        int same = text == NULL ? STIR_E_NOMEM : reads_back(json, text);
        if (same == 1)
            return text;
        free(text);
        if (same < 0)
            return NULL;
    }
    return write_text(json, flags | JSON_REAL_PRECISION(17));
}

/* jansson sorts by octets, which in UTF-8 is the order of code points; it escapes the quote,
   the backslash and the control characters, and nothing else. */
char *value_dump(const struct value *value)
{
    json_t *json = with_integers((json_t *)(uintptr_t)value);

    if (json == NULL)
        return NULL;
    char *text = dump((const struct value *)json, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(json);
    return text;
}

/* What is left of a text that the dump is held against. */
struct expected {
    const char *text;
    size_t len;
    bool differs;
};

static int compare(const char *piece, size_t len, void *arg)
{
    struct expected *expected = arg;

    expected->differs = len > expected->len || memcmp(expected->text, piece, len) != 0;
    if (expected->differs)
        return -1;
    expected->text += len;
    expected->len -= len;
    return 0;
}

int value_is_deterministic(const struct value *value, const char *text, size_t len)
{
    json_t *json = (json_t *)(uintptr_t)value;
    struct expected expected = {text, len, false};

    if (has_real(json)) { /* how it is written, is not known beforehand */
        char *whole = value_dump(value);
        bool same = whole != NULL && compare(whole, strlen(whole), &expected) == 0;
        bool failed = whole == NULL;
        free(whole);
        return failed ? STIR_E_NOMEM : same && expected.len == 0;
    }
    if (json_dump_callback(json, compare, &expected,
                           JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY)
        < 0)
        return expected.differs ? 0 : STIR_E_NOMEM;
    return expected.len == 0;
}

char *value_dump_pretty(const struct value *value)
{
    return dump(value, JSON_INDENT(2));
}

char *value_dump_line(const struct value *value)
{
    return dump(value, JSON_COMPACT);
}
