/* Looking at JSON text itself: what a tree of values no longer tells, and what must be known
   before one is built. */
#include "json/scan.h"

#include <string.h>

/* Behind the string whose opening quote is at i; len where it does not end. */
static size_t skip_string(const char *text, size_t len, size_t i)
{
    for (i++; i < len && text[i] != '"'; i++)
        if (text[i] == '\\')
            i++;
    return i < len ? i + 1 : len;
}

static bool is_opening(char c)
{
    return c == '{' || c == '[';
}

static bool is_closing(char c)
{
    return c == '}' || c == ']';
}

size_t scan_depth(const char *text, size_t len, size_t limit, size_t *at)
{
    size_t depth = 0, deepest = 0;

    *at = len;
    for (size_t i = 0; i < len;) {
        if (text[i] == '"') {
            i = skip_string(text, len, i);
            continue;
        }
        if (is_opening(text[i]) && ++depth > deepest) {
            deepest = depth;
            if (deepest > limit && *at == len)
                *at = i;
        }
        if (is_closing(text[i]) && depth > 0)
            depth--;
        i++;
    }
    return deepest;
}

size_t scan_values(const char *text, size_t len)
{
    size_t n = 1; /* each other one comes behind a bracket or a comma */

    for (size_t i = 0; i < len;) {
        n += text[i] == '{' ? 2 : text[i] == '[' || text[i] == ',';
        i = text[i] == '"' ? skip_string(text, len, i) : i + 1;
    }
    return n;
}

static size_t skip_space(const char *text, size_t len, size_t i)
{
    while (i < len && memchr(" \t\r\n", text[i], 4) != NULL)
        i++;
    return i;
}

/* Behind the value that begins at i. */
static size_t skip_value(const char *text, size_t len, size_t i)
{
    size_t depth = 0;

    if (i < len && text[i] == '"')
        return skip_string(text, len, i);
    while (i < len) {
        if (text[i] == '"') {
            i = skip_string(text, len, i);
            continue;
        }
        if (is_opening(text[i]))
            depth++;
        else if (depth == 0 && memchr(",]} \t\r\n", text[i], 7) != NULL)
            return i;
        else if (is_closing(text[i]) && --depth == 0)
            return i + 1;
        i++;
    }
    return len;
}

bool scan_member(const char *text, size_t len, size_t *offset, struct scan_member *member)
{
    size_t i = skip_space(text, len, *offset);

    /* In front of a member there is the brace at first, later a comma. */
    if (i >= len || text[i] != (*offset == 0 ? '{' : ','))
        return false;
    i = skip_space(text, len, i + 1);
    if (i >= len || text[i] != '"')
        return false;
    member->name = text + i;
    i = skip_string(text, len, i);
    member->name_len = (size_t)(text + i - member->name);
    i = skip_space(text, len, i);
    i = skip_space(text, len, i < len ? i + 1 : len); /* the colon */
    member->value = text + i;
    i = skip_value(text, len, i);
    member->value_len = (size_t)(text + i - member->value);
    *offset = i;
    return true;
}
