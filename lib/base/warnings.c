/* The warnings of one judgement. */
#include "base/warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

void warnings_free(struct warnings *warnings)
{
    for (size_t i = 0; i < warnings->n; i++)
        free(warnings->lines[i]);
    free(warnings->lines);
    *warnings = (struct warnings){0};
}

static bool has(const struct warnings *warnings, const char *line)
{
    for (size_t i = 0; i < warnings->n; i++)
        if (strcmp(warnings->lines[i], line) == 0)
            return true;
    return false;
}

static int append(struct warnings *warnings, const char *line)
{
    if (warnings->n >= LIMIT_WARNINGS || has(warnings, line))
        return 0;
    char **lines = realloc(warnings->lines, (warnings->n + 1) * sizeof *lines);
    if (lines == NULL)
        return STIR_E_NOMEM;
    warnings->lines = lines;
    lines[warnings->n] = text_copy(line, strlen(line));
    if (lines[warnings->n] == NULL)
        return STIR_E_NOMEM;
    warnings->n++;
    return 0;
}

int warnings_add(struct warnings *warnings, enum warning warning, const char *format, ...)
{
    struct stir_error sentence;
    char line[sizeof sentence.text + 64];
    va_list args;

    if (warnings == NULL)
        return 0;
    va_start(args, format);
    vsnprintf(sentence.text, sizeof sentence.text, format, args);
    va_end(args);
    snprintf(line, sizeof line, "%s: %s", warning_name(warning), sentence.text);
    return append(warnings, line);
}

int warnings_add_all(struct warnings *warnings, const struct warnings *from)
{
    for (size_t i = 0; i < from->n; i++) {
        int rc = append(warnings, from->lines[i]);
        if (rc < 0)
            return rc;
    }
    return 0;
}
