/* stir_describe() of anything at all, as text and as JSON, and stir_lint(). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_json(const char *text)
{
    json_t *json = fuzz_json(text, strlen(text));

    FUZZ_EXPECT(json_is_array(json) || json_is_string(json_object_get(json, "kind")));
    json_decref(json);
}

/* Lines, each of which is fit to be shown. */
static void expect_lines(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++)
        FUZZ_ALWAYS((unsigned char)text[i] >= 0x20 || text[i] == '\n');
}

/* What lint finds of it. */
static int lint(const uint8_t *data, size_t len)
{
    static const char *const profiles[] = {"rfc", "atis80", "atis92"};
    struct stir_error error;
    struct stir_rows *rows = stir_lint(data, len, profiles[len % 3], &error);
    const char *column;

    FUZZ_ALWAYS((rows == NULL) == (error.code != 0) && fuzz_is_line(error.text));
    for (size_t i = 0; rows != NULL && stir_rows_text(rows, i, "rule") != NULL; i++)
        for (size_t k = 0; (column = stir_rows_column(rows, k)) != NULL; k++)
            FUZZ_ALWAYS(fuzz_is_line(stir_rows_text(rows, i, column)));
    stir_rows_free(rows);
    return error.code == STIR_E_NOMEM ? error.code : 0;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_error error, json_error;
    char *text = stir_describe(data, len, STIR_TEXT, &error);
    char *json = stir_describe(data, len, STIR_JSON, &json_error);

    FUZZ_ALWAYS((text == NULL) == (error.code != 0)
                && (json == NULL) == (json_error.code != 0));
    FUZZ_ALWAYS(fuzz_is_line(error.text) && fuzz_is_line(json_error.text));
    FUZZ_EXPECT(error.code == json_error.code);
    if (text != NULL)
        expect_lines(text);
    if (json != NULL)
        expect_json(json);
    free(json);
    free(text);
    int rc = lint(data, len);
    return rc != 0 ? rc : error.code == 0 ? json_error.code : error.code;
}
