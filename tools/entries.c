/* Entries of a TNAuthList on the command line and in reports. */
#include "entries.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* FIRST+COUNT. A + before FIRST is no part of a number in a list, and the library says so. */
static int add_range(struct stir_scope *scope, const char *value, struct stir_error *error)
{
    const char *plus = strrchr(value, '+');
    char *first, *end;
    int rc;

    if (plus == NULL || plus == value || !isdigit((unsigned char)plus[1]))
        return complain("--range %s: it is written FIRST+COUNT", value);
    errno = 0;
    uint64_t count = strtoumax(plus + 1, &end, 10);
    if (errno != 0 || *end != '\0')
        return complain("--range %s: \"%s\" is no count", value, plus + 1);
    first = strndup(value, (size_t)(plus - value));
    if (first == NULL)
        return complain_no_memory();
    rc = stir_scope_add_range(scope, first, count, error);
    free(first);
    return rc;
}

static int add(struct stir_scope *scope, const char *name, const char *value)
{
    struct stir_error error = {0};
    int rc = 0;

    if (strcmp(name, "spc") == 0)
        rc = stir_scope_add_spc(scope, value, &error);
    else if (strcmp(name, "tn") == 0)
        rc = stir_scope_add_tn(scope, value, &error);
    else if (strcmp(name, "range") == 0)
        rc = add_range(scope, value, &error);
    return rc < 0 ? complain("--%s %s: %s", name, value, error.text) : rc;
}

int entries_add(const struct options *options, struct stir_scope *scope)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < options->n_given; i++)
        if (options->given[i].value != NULL)
            rc = add(scope, options->given[i].option->name, options->given[i].value);
    return rc;
}

char *shown_text(const char *text)
{
    char *shown = NULL;
    size_t len;
    FILE *out = open_memstream(&shown, &len);

    if (out == NULL)
        exit(complain_no_memory());
    for (; *text != '\0'; text++)
        fputs(*text == '\\' ? "\\x5C" : (char[]){*text, '\0'}, out);
    if (fclose(out) != 0)
        exit(complain_no_memory());
    return shown;
}

void entry_print(FILE *out, const struct stir_entry *entry)
{
    if (entry->spc != NULL) {
        char *spc = shown_text(entry->spc);
        fprintf(out, "SPC %s", spc);
        free(spc);
    } else if (entry->count == 1) {
        fprintf(out, "%s", entry->first);
    } else {
        fprintf(out, "%s-%s (%" PRIu64 " numbers)", entry->first, entry->last, entry->count);
    }
}

char *scope_words(const struct stir_scope *scope, size_t most)
{
    struct stir_entry entry;
    char *words = NULL;
    size_t len, n = 0;
    FILE *out = open_memstream(&words, &len);

    if (out == NULL)
        return NULL;
    for (; stir_scope_entry(scope, n, &entry); n++) {
        if (n >= most)
            continue;
        fputs(n > 0 ? ", " : "", out);
        entry_print(out, &entry);
    }
    if (n > most)
        fprintf(out, " and %zu more", n - most);
    if (fclose(out) == 0)
        return words;
    free(words);
    return NULL;
}
