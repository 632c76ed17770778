/* Lines of tokens and Identity values, told apart by how they look. */
#include <stdbool.h>
#include <string.h>

#include "service/content.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank((*text)[0])) {
        ++*text;
        --*len;
    }
    while (*len > 0 && is_blank((*text)[*len - 1]))
        --*len;
}

/* How many octets of a line, and of those that continue it because they begin with white space
   (RFC 3261 section 7.3.1). */
static size_t line_length(const char *text, size_t len)
{
    size_t at = 0;

    do {
        const char *end = memchr(text + at, '\n', len - at);
        at = end == NULL ? len : (size_t)(end - text) + 1;
    } while (at < len && (text[at] == ' ' || text[at] == '\t'));
    return at;
}

/* "Identity:" or "y:", in any case, with white space before the colon. */
static bool has_header_name(const char *text, size_t len)
{
    static const char *const names[] = {"identity", "y"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t at = 0, n = strlen(names[i]);
        while (at < n && at < len && (text[at] | 0x20) == names[i][at])
            at++;
        if (at < n)
            continue;
        while (at < len && is_blank(text[at]))
            at++;
        if (at < len && text[at] == ':')
            return true;
    }
    return false;
}

/* Octets at the front that a token may have; *dots: how many of them are dots. */
static size_t token_length(const char *text, size_t len, int *dots)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
    size_t at = 0;

    for (*dots = 0; at < len && text[at] != '\0' && strchr(alphabet, text[at]) != NULL; at++)
        *dots += text[at] == '.';
    return at;
}

static enum content_line kind_of(const char *text, size_t len)
{
    int dots;
    size_t token = token_length(text, len, &dots), rest = token;

    while (rest < len && is_blank(text[rest]))
        rest++;
    if (dots == 2 && token == len)
        return LINE_TOKEN;
    if (has_header_name(text, len) || (dots == 2 && rest < len && text[rest] == ';'))
        return LINE_IDENTITY;
    return LINE_OTHER;
}

int content_lines_each(const char *text, size_t len,
                       int (*each)(void *arg, enum content_line kind, const char *line,
                                   size_t line_len),
                       void *arg)
{
    int rc = 0;

    while (len > 0 && rc == 0) {
        const char *line = text;
        size_t taken = line_length(text, len), line_len = taken;
        trim(&line, &line_len);
        if (line_len > 0)
            rc = each(arg, kind_of(line, line_len), line, line_len);
        text += taken;
        len -= taken;
    }
    return rc;
}
