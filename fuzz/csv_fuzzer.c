/* spc/csv: what is taken answers yes to both ends of every row. */
#include "spc/csv.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

/* A row of a file that was taken, read by other means than the library's. */
static void expect_row(const struct csv *csv, const char *line, size_t len)
{
    char row[300], *first, *last;

    if (len > 0 && line[len - 1] == '\r')
        len--;
    FUZZ_ALWAYS(len < sizeof row);
    memcpy(row, line, len);
    row[len] = '\0';
    FUZZ_ALWAYS((first = strchr(row, ',')) != NULL);
    *first++ = '\0';
    FUZZ_ALWAYS((last = strchr(first, ',')) != NULL);
    *last++ = '\0';
    FUZZ_ALWAYS(strlen(first) == strlen(last) && strcmp(first, last) <= 0);
    FUZZ_ALWAYS(strspn(first, "0123456789") == strlen(first));
    FUZZ_ALWAYS(csv_answer(csv, row, tn_parse(first, strlen(first))) == STIR_YES);
    FUZZ_ALWAYS(csv_answer(csv, row, tn_parse(last, strlen(last))) == STIR_YES);
}

static void expect_rows(const struct csv *csv, const char *text, size_t len)
{
    const char *end = text + len, *eol;

    for (size_t line = 0; text < end && line < 500; line++) {
        eol = memchr(text, '\n', (size_t)(end - text));
        size_t line_len = (size_t)((eol == NULL ? end : eol) - text);
        if (line > 0 && (line_len > 1 || (line_len == 1 && *text != '\r')))
            expect_row(csv, text, line_len);
        text += line_len + (eol != NULL);
    }
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct csv *csv = NULL;
    struct stir_error error;

    error_clear(&error);
    int rc = csv_parse((const char *)data, len, &csv, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (csv != NULL));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_E_SYNTAX || rc == STIR_E_NOMEM);
    if (rc == 0) {
        expect_rows(csv, (const char *)data, len);
        FUZZ_ALWAYS(csv_answer(csv, "no such SPC, ever", tn_parse("1", 1)) == STIR_UNKNOWN);
    }
    csv_free(csv);
    return rc;
}
