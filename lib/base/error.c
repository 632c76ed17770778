/* Errors as values: the first one wins, and its sentence always fits. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void error_clear(struct stir_error *error)
{
    if (error == NULL)
        return;
    error->code = 0;
    error->depth = -1;
    error->text[0] = '\0';
}

/* A sentence that had to be cut must not end inside a UTF-8 sequence. */
static void drop_partial_character(char *text)
{
    size_t end = strlen(text), start = end;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (end - (start - 1) < wanted)
        text[start - 1] = '\0';
}

static int set(struct stir_error *error, int code, int depth, const char *format, va_list args)
    STIR_PRINTF(4, 0);

static int set(struct stir_error *error, int code, int depth, const char *format, va_list args)
{
    if (error == NULL || error->code != 0)
        return code;
    error->code = code;
    error->depth = depth;
    if (vsnprintf(error->text, sizeof error->text, format, args) >= (int)sizeof error->text)
        drop_partial_character(error->text);
    return code;
}

int error_set(struct stir_error *error, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(error, code, -1, format, args);
    va_end(args);
    return code;
}

int error_set_at(struct stir_error *error, int code, int depth, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(error, code, depth, format, args);
    va_end(args);
    return code;
}

int error_no_memory(struct stir_error *error)
{
    return error_set(error, STIR_E_NOMEM, "out of memory");
}

int error_null(struct stir_error *error, const char *what)
{
    return error_set(error, STIR_E_ARGUMENT, "%s is NULL", what);
}

int error_copy(struct stir_error *error, const struct stir_error *from)
{
    if (error != NULL && error != from && error->code == 0)
        *error = *from;
    return from->code;
}
