/* json/value and json/scan: what is taken is JSON to jansson, too, and written anew is the same
   value in one form only. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "fuzz/fuzz.h"
#include "json/scan.h"
#include "json/value.h"

const size_t fuzz_most = 16 * 1024;

/* jansson's own reader, where nothing fails: it is no judge otherwise. */
static void expect_jansson(const char *text, size_t len, const struct value *value)
{
    json_t *json = fuzz_json(text, len);

    FUZZ_ALWAYS((json != NULL) == (value != NULL));
    FUZZ_ALWAYS(json == NULL || json_equal(json, (const json_t *)value));
    json_decref(json);
}

/* A real that is whole is written as an integer (R8225-9-4). */
static bool is_whole(const struct value *value, const struct value *again)
{
    return value_kind(value) == VALUE_REAL && value_kind(again) == VALUE_INTEGER;
}

/* The writer's form is what it makes of its own form. */
static void expect_stable(const struct value *value, char *(*write)(const struct value *))
{
    char *text = write(value), *twice = NULL;
    struct value *again = NULL;

    FUZZ_EXPECT(text != NULL);
    if (text != NULL) {
        FUZZ_EXPECT(value_load(text, strlen(text), &again, NULL) == 0);
        FUZZ_ALWAYS(again == NULL || value_kind(again) == value_kind(value)
                    || is_whole(value, again));
    }
    if (again != NULL)
        twice = write(again);
    if (twice != NULL)
        FUZZ_ALWAYS(strcmp(text, twice) == 0);
    free(twice);
    value_free(again);
    free(text);
}

static void expect_deterministic(const struct value *value)
{
    char *text = value_dump(value);

    if (text != NULL)
        FUZZ_EXPECT(value_is_deterministic(value, text, strlen(text)) == 1);
    free(text);
}

static void expect_members(const char *text, size_t len, const struct value *object)
{
    struct scan_member member;
    const struct value *value;
    const char *start;
    size_t offset = 0, n = 0, start_len;

    while (scan_member(text, len, &offset, &member)) {
        FUZZ_ALWAYS(member.name >= text && member.name + member.name_len <= text + len
                    && member.value >= text && member.value + member.value_len <= text + len
                    && member.value_len > 0 && *member.name == '"');
        n++;
    }
    FUZZ_ALWAYS(n == value_size(object));
    for (size_t i = 0; i < n && i < 32; i++) {
        const char *name = value_name(object, i, &value);
        FUZZ_ALWAYS(name != NULL && value != NULL && value_member(object, name) == value);
        FUZZ_EXPECT(value_member_text(text, len, name, &start, &start_len));
    }
}

static void expect_value(const char *text, size_t len, const struct value *value)
{
    int64_t integer;

    expect_stable(value, value_dump);
    expect_deterministic(value);
    expect_stable(value, value_dump_line);
    expect_stable(value, value_dump_pretty);
    if (value_kind(value) == VALUE_OBJECT)
        expect_members(text, len, value);
    FUZZ_ALWAYS(value_integer(value, &integer) == (value_kind(value) == VALUE_INTEGER));
    FUZZ_ALWAYS((value_string(value) != NULL) == (value_kind(value) == VALUE_STRING));
    value_pointer(value, "/a/0/b~1");
    FUZZ_ALWAYS(value_pointer(value, "") == value);
}

/* A mark jansson lets pass, and a NUL behind a number it does not see. */
static bool is_beyond_jansson(const uint8_t *data, size_t len)
{
    return (len > 0 && memchr(data, '\0', len) != NULL)
           || (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct value *value = NULL;
    struct stir_error error;
    size_t at;

    error_clear(&error);
    size_t depth = scan_depth((const char *)data, len, LIMIT_JSON_DEPTH, &at);
    FUZZ_ALWAYS((depth > LIMIT_JSON_DEPTH) == (at < len));
    int rc = value_load((const char *)data, len, &value, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (value != NULL));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_CODE_JSON_SYNTAX || rc == STIR_E_NOMEM);
    if (!fuzz_has_failed() && depth <= LIMIT_JSON_DEPTH
        && scan_values((const char *)data, len) <= LIMIT_JSON_VALUES
        && !is_beyond_jansson(data, len))
        expect_jansson((const char *)data, len, value);
    if (rc == 0) {
        FUZZ_ALWAYS(depth <= LIMIT_JSON_DEPTH);
        expect_value((const char *)data, len, value);
    }
    value_free(value);
    return rc;
}
