/* Other people's command lines, to compare with. */
#include "tests/tool.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

void tool_need(const char *command)
{
    if (tool_run("/", NULL, "command -v %s", command) == 0)
        return;
    if (getenv("CI") != NULL)
        cr_assert_fail("%s is not installed, and in CI it must be", command);
    cr_skip_test("%s is not installed", command);
}

char *tool_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = NULL;

    if (asprintf(&folder, "%s/stir-test-XXXXXX", parent != NULL ? parent : "/tmp") < 0
        || mkdtemp(folder) == NULL)
        abort();
    return folder;
}

void tool_folder_remove(char *folder)
{
    tool_run("/", NULL, "rm -rf '%s'", folder);
    free(folder);
}

void tool_write(const char *folder, const char *name, const char *text)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
    free(path);
}

int tool_run(const char *folder, char **output, const char *format, ...)
{
    char *command = NULL, *whole = NULL, buffer[4096];
    size_t len = 0, got;
    va_list args;

    va_start(args, format);
    if (vasprintf(&command, format, args) < 0
        || asprintf(&whole, "cd '%s' && { %s; } 2>&1", folder, command) < 0)
        abort();
    va_end(args);
    FILE *pipe = popen(whole, "r");
    char *text = calloc(1, 1);
    while (pipe != NULL && (got = fread(buffer, 1, sizeof buffer, pipe)) > 0) {
        text = realloc(text, len + got + 1);
        memcpy(text + len, buffer, got);
        len += got;
        text[len] = '\0';
    }
    int status = pipe != NULL ? pclose(pipe) : -1;
    free(command);
    free(whole);
    if (output != NULL)
        *output = text;
    else
        free(text);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
