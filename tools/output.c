/* What people read: aligned lines, colours where a terminal shows them. */
#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

static bool has_colours(void)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0')
           && (term == NULL || strcmp(term, "dumb") != 0);
}

const char *paint(enum paint paint)
{
    static const char *const escapes[] = {
        [PAINT_NONE] = "\033[0m",      [PAINT_GOOD] = "\033[1;32m", [PAINT_BAD] = "\033[1;31m",
        [PAINT_UNSURE] = "\033[1;33m", [PAINT_FAINT] = "\033[2m",
    };

    return has_colours() ? escapes[paint] : "";
}

void report(const char *label, const char *format, ...)
{
    va_list args;

    printf("%-10s ", label);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

int print_text(char *text, const struct stir_error *error)
{
    if (text == NULL)
        return complain("%s", error->text);
    size_t len = strlen(text);
    fputs(text, stdout);
    if (len == 0 || text[len - 1] != '\n')
        putchar('\n');
    free(text);
    return EXIT_DONE;
}

int output_end(int rc)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("standard output: %s", strerror(errno));
    return rc;
}
