/* stir lint: every rule of a profile over files, one line a finding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "files.h"
#include "json.h"
#include "listing.h"
#include "output.h"
#include "trust.h"

/* One file's findings; rows NULL: it could not be looked at. */
struct linted {
    struct stir_rows *rows;
    struct stir_error error;
};

static const char *cell(const struct stir_rows *rows, size_t row, const char *column)
{
    const char *text = stir_rows_text(rows, row, column);

    return text != NULL ? text : "";
}

static bool is_error(const struct stir_rows *rows, size_t row)
{
    return strcmp(cell(rows, row, "severity"), "error") == 0;
}

/* "FILE: error: certificate 0 "ACME": key-usage: wanted ..., found ... (RFC ...)". */
static void print_line(const char *file, const struct stir_rows *rows, size_t row)
{
    const char *severity = cell(rows, row, "severity"), *wanted = cell(rows, row, "wanted");
    const char *found = cell(rows, row, "found"), *clause = cell(rows, row, "clause");
    enum paint colour = is_error(rows, row)                ? PAINT_BAD
                        : strcmp(severity, "warning") == 0 ? PAINT_UNSURE
                                                           : PAINT_FAINT;

    printf("%s: %s%s%s: %s: %s: ", file, paint(colour), severity, paint(PAINT_NONE),
           cell(rows, row, "where"), cell(rows, row, "rule"));
    if (*wanted != '\0')
        printf("wanted %s, found %s", wanted, found);
    else
        printf("%s", found);
    if (*clause != '\0')
        printf(" (%s)", clause);
    putchar('\n');
}

static void append_json(struct node *array, const char *file, const struct stir_rows *rows,
                        size_t row)
{
    struct node *object = node_object();
    const char *column;

    node_set(object, "file", node_text(file));
    for (size_t i = 0; (column = stir_rows_column(rows, i)) != NULL; i++) {
        const char *text = cell(rows, row, column);
        node_set(object, column, node_text(*text == '\0' ? NULL : text));
    }
    node_append(array, object);
}

/* Prints or appends; EXIT_BAD where there is an error, or nothing could be looked at. */
static int tell(struct node *array, const char *file, const struct linted *linted)
{
    int rc = EXIT_DONE;

    if (linted->rows == NULL) {
        complain("%s: %s", file, linted->error.text);
        return EXIT_BAD;
    }
    for (size_t row = 0; row < listing_rows(linted->rows); row++) {
        if (array != NULL)
            append_json(array, file, linted->rows, row);
        else
            print_line(file, linted->rows, row);
        rc = is_error(linted->rows, row) ? EXIT_BAD : rc;
    }
    return rc;
}

/* All files are looked at before the first line: what cannot be read is wrong use. */
static int lint_all(const struct options *options, const char *profile, struct linted *linted)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < options->n_operands; i++) {
        char *data = NULL;
        size_t len;
        rc = files_read(options->operands[i], &data, &len);
        if (rc == 0)
            linted[i].rows = stir_lint(data, len, profile, &linted[i].error);
        free(data);
    }
    return rc;
}

static int lint(const struct options *options, const char *profile)
{
    struct linted *linted = calloc(options->n_operands, sizeof *linted);
    struct node *array = options->json ? node_array() : NULL;

    if (linted == NULL)
        return complain_no_memory();
    int rc = lint_all(options, profile, linted), worst = EXIT_DONE;
    for (size_t i = 0; rc == 0 && i < options->n_operands; i++) {
        int one = tell(array, options->operands[i], &linted[i]);
        worst = one != EXIT_DONE ? one : worst;
    }
    if (rc == 0 && array != NULL)
        node_print(array);
    for (size_t i = 0; i < options->n_operands; i++)
        stir_rows_free(linted[i].rows);
    free(linted);
    return rc != 0 ? rc : worst;
}

static int run(const struct options *options)
{
    struct stir_config *config = trust_config(options);

    if (config == NULL)
        return EXIT_USAGE;
    int rc = lint(options, stir_config_get(config, "profile"));
    stir_config_free(config);
    return rc;
}

static const struct option table[] = {
    OPTION_PROFILE,
    {0},
};

const struct command command_lint = {
    .name = "lint",
    .summary = "Hold certificates, lists, CRLs and tokens against a profile",
    .operands = "FILE...",
    .least = 1,
    .most = SIZE_MAX,
    .options = table,
    .about =
        "Tells every rule that a certificate, a PEM list, a CRL, a TNAuthList, a PASSporT or\n"
        "an Identity value breaks, a line each: severity (error, warning, notice), where, "
        "rule, wanted, found, clause.\n"
        "No anchor is asked and no clock. stir(7) has the rules.\n",
    .notes =
        "Exit status: 0 no finding of severity error, 1 there is one, or a FILE is none of\n"
        "these, 2 wrong use.\n",
    .run = run,
};
