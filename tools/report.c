/* A result for people: the verdict, the sentence that says why, and the path as a tree. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "options.h"
#include "output.h"

int verdict_exit(enum stir_verdict verdict)
{
    static const int exits[] = {[STIR_INDETERMINATE] = EXIT_INDETERMINATE,
                                [STIR_VALID] = EXIT_DONE,
                                [STIR_INVALID] = EXIT_BAD};

    return exits[verdict];
}

void report_verdict(const struct stir_result *result)
{
    static const enum paint paints[] = {[STIR_INDETERMINATE] = PAINT_UNSURE,
                                        [STIR_VALID] = PAINT_GOOD,
                                        [STIR_INVALID] = PAINT_BAD};
    enum stir_verdict verdict = stir_result_verdict(result);
    const char *phrase = NULL, *detail = stir_result_detail(result);
    int status = stir_result_sip_status(result, &phrase);

    if (verdict == STIR_VALID)
        report("verdict", "%s%s%s", paint(paints[verdict]), stir_verdict_name(verdict),
               paint(PAINT_NONE));
    else
        report("verdict", "%s%s%s: %s", paint(paints[verdict]), stir_verdict_name(verdict),
               paint(PAINT_NONE), stir_code_name(stir_result_code(result)));
    if (detail != NULL && *detail != '\0')
        report("because", "%s", detail);
    report("verstat", "%s", stir_result_verstat(result));
    if (status != 0)
        report("SIP", "%d %s", status, phrase != NULL ? phrase : "");
}

void report_warnings(const struct stir_result *result)
{
    const char *warning;

    for (size_t i = 0; (warning = stir_result_warning(result, i)) != NULL; i++)
        report("warning", "%s", warning);
}

void report_in_spc(const struct stir_result *result)
{
    static const char *const words[] = {
        [STIR_NO] = "no", [STIR_YES] = "yes", [STIR_UNKNOWN] = "unknown"};
    int in_spc = stir_result_in_spc(result);

    if (in_spc >= 0)
        report("in SPC", "%s", words[in_spc]);
}

/* ---- The path ------------------------------------------------------------------------- */

static size_t path_length(const struct stir_result *result)
{
    size_t n = 0;

    while (stir_result_certificate(result, n) != NULL)
        n++;
    return n;
}

static const char *text_or(const struct stir_certificate *certificate, const char *name,
                           const char *otherwise)
{
    const char *text = stir_certificate_text(certificate, name);

    return text != NULL ? text : otherwise;
}

static bool is_anchor(const struct stir_certificate *certificate)
{
    return strcmp(text_or(certificate, "anchor", "false"), "true") == 0;
}

/* The day of a time as RFC 3339 has it; the sentence has the whole where it matters. */
static const char *day(char room[11], const struct stir_certificate *certificate,
                       const char *name)
{
    snprintf(room, 11, "%s", text_or(certificate, name, "?"));
    return room;
}

/* What it holds, and how long it is valid. */
static void report_content(const struct stir_certificate *certificate, size_t indent)
{
    const struct stir_scope *scope = stir_certificate_scope(certificate);
    const char *url = stir_certificate_text(certificate, "tnauthlist_url");
    char *words = scope != NULL ? scope_words(scope, 3) : NULL;
    char from[11], to[11];

    printf("%-10s %*s", "", (int)indent, "");
    if (words != NULL)
        printf("%s; ", words);
    if (url != NULL)
        printf("list at %s; ", url);
    printf("%s to %s\n", day(from, certificate, "not_before"),
           day(to, certificate, "not_after"));
    free(words);
}

static void report_certificate(const struct stir_certificate *certificate, size_t depth,
                               size_t level, bool at_fault)
{
    size_t indent = level == 0 ? 0 : 3 * (level - 1);

    printf("%-10s %*s%s%zu ", "", (int)indent, "", level == 0 ? "" : "└─ ", depth);
    printf("%s%s%s%s%s\n", at_fault ? paint(PAINT_BAD) : "",
           text_or(certificate, "subject", "(no name)"), at_fault ? paint(PAINT_NONE) : "",
           is_anchor(certificate) ? " (trust anchor)" : "", at_fault ? "  <- at fault" : "");
    report_content(certificate, level == 0 ? 2 : indent + 5);
}

void report_path(const struct stir_result *result)
{
    size_t n = path_length(result);
    int fault = stir_result_verdict(result) == STIR_VALID ? -1 : stir_result_depth(result);

    if (n == 0)
        return;
    report("path", "%zu certificate%s, the signer is 0", n, n == 1 ? "" : "s");
    for (size_t i = 0; i < n; i++) {
        size_t depth = n - 1 - i;
        report_certificate(stir_result_certificate(result, depth), depth, i,
                           (int)depth == fault);
    }
}
