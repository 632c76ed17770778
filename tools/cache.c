/* stir cache list, show, add, drop: what the file of policy cache_file holds. */
#include "cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "files.h"
#include "json.h"
#include "listing.h"
#include "output.h"
#include "report.h"
#include "trust.h"

struct stir_verifier *cache_verifier(const struct options *options)
{
    struct stir_config *config = trust_config(options);
    struct stir_verifier *verifier = NULL;
    struct stir_error error;

    if (config == NULL)
        return NULL;
    if (strcmp(stir_config_get(config, "cache_file"), "none") == 0)
        complain("which cache? --set cache_file=FILE");
    else if ((verifier = stir_verifier_new(config, &error)) == NULL)
        complain("%s", error.text);
    stir_config_free(config);
    return verifier;
}

static struct stir_rows *rows_of(struct stir_verifier *verifier)
{
    struct stir_error error;
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_CACHE, &error);

    if (rows == NULL)
        complain("%s", error.text);
    return rows;
}

/* A listing reads the file, and so what waits is written before. */
int cache_end(struct stir_verifier *verifier)
{
    struct stir_rows *rows = rows_of(verifier);
    int rc = rows == NULL ? EXIT_USAGE : 0;

    stir_rows_free(rows);
    return rc;
}

/* ---- list -------------------------------------------------------------------------------- */

static int list(const struct options *options)
{
    struct stir_verifier *verifier = cache_verifier(options);
    struct stir_rows *rows = verifier == NULL ? NULL : rows_of(verifier);

    if (rows != NULL)
        listing_print(rows, options->json);
    int rc = rows == NULL ? EXIT_USAGE : output_end(EXIT_DONE);
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option no_options[] = {{0}};

const struct command command_cache_list = {
    .name = "cache list",
    .summary = "List the URLs in the cache's file",
    .operands = "",
    .options = no_options,
    .about =
        "By URL: the digest and the octets of what it gave, when that was fetched, and when\n"
        "it is to be fetched again. The file is that of --set cache_file=FILE.\n",
    .run = list,
};

/* ---- show -------------------------------------------------------------------------------- */

/* The row of a URL; -1: there is none. */
static int find_row(const struct stir_rows *rows, const char *url)
{
    const char *text;

    for (int row = 0; (text = stir_rows_text(rows, (size_t)row, "url")) != NULL; row++)
        if (strcmp(text, url) == 0)
            return row;
    return -1;
}

static void print_row(const struct stir_rows *rows, size_t row)
{
    const char *column, *text;

    for (size_t i = 0; (column = stir_rows_column(rows, i)) != NULL; i++)
        if (*(text = stir_rows_text(rows, row, column)) != '\0')
            report(column, "%s", text);
}

static void print_json(const struct stir_rows *rows, size_t row, const char *result)
{
    struct node *object = node_object();
    const char *column;

    for (size_t i = 0; (column = stir_rows_column(rows, i)) != NULL; i++) {
        const char *text = stir_rows_text(rows, row, column);
        node_set(object, column, node_text(*text == '\0' ? NULL : text));
    }
    node_set(object, "result", result == NULL ? node_text(NULL) : node_parse(result));
    node_print(object);
}

/* What the path comes to, by what is in memory or in the file; NULL: it would have to be
   fetched. */
static struct stir_op *judge(struct stir_verifier *verifier, const char *url, int64_t now)
{
    struct stir_error error;
    struct stir_op *op = stir_op_new_url(verifier, url, now, &error);

    if (op != NULL && stir_op_step(op, &error) == 0)
        return op;
    stir_op_free(op);
    return NULL;
}

static int show_row(const struct options *options, struct stir_verifier *verifier,
                    const struct stir_rows *rows, size_t row)
{
    int64_t now;

    if (option_now(options, &now) != 0)
        return EXIT_USAGE;
    struct stir_op *op = judge(verifier, options->operands[0], now);
    const struct stir_result *result = stir_op_result(op);
    if (options->json) {
        char *json = result == NULL ? NULL : stir_result_json(result, NULL);
        print_json(rows, row, json);
        free(json);
    } else {
        print_row(rows, row);
        if (result != NULL) {
            report_verdict(result);
            report_path(result);
            report_warnings(result);
        }
    }
    stir_op_free(op);
    return output_end(EXIT_DONE);
}

static int absent(const char *url)
{
    complain("%s is not in the cache", url);
    return EXIT_BAD;
}

static int show(const struct options *options)
{
    struct stir_verifier *verifier = cache_verifier(options);
    struct stir_rows *rows = verifier == NULL ? NULL : rows_of(verifier);
    int row = find_row(rows, options->operands[0]), rc = EXIT_USAGE;

    if (rows != NULL)
        rc = row < 0 ? absent(options->operands[0])
                     : show_row(options, verifier, rows, (size_t)row);
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option judge_table[] = {
    OPTION_ANCHORS, OPTION_SPC, OPTION_CRL, OPTION_CRL_ANCHORS, OPTION_PROFILE, {0},
};

const struct command command_cache_show = {
    .name = "cache show",
    .summary = "Show what the cache's file holds of a URL",
    .operands = "URL",
    .least = 1,
    .most = 1,
    .clock = true,
    .options = judge_table,
    .about =
        "The row that list has, and what the path comes to unless it must be fetched again.\n",
    .run = show,
};

/* ---- add --------------------------------------------------------------------------------- */

static struct stir_op *put_body(struct stir_verifier *verifier, const char *url,
                                const char *body, size_t len, int64_t now)
{
    struct stir_error error;
    /* What is there is no reason to keep it. */
    int rc = stir_verifier_forget(verifier, url, &error);
    struct stir_op *op = rc < 0 ? NULL : stir_op_new_url(verifier, url, now, &error);
    struct stir_want *want;

    if (op != NULL && (rc = stir_op_step(op, &error)) == STIR_WANT) {
        while ((want = stir_op_want(op)) != NULL)
            stir_want_put(want, 0, body, len);
        rc = stir_op_step(op, &error);
    }
    if (op != NULL && rc == 0)
        return op;
    complain("%s: %s", url, rc == STIR_WANT ? "more is wanted than the file" : error.text);
    stir_op_free(op);
    return NULL;
}

struct stir_op *cache_put_file(struct stir_verifier *verifier, const char *url,
                               const char *file, int64_t now)
{
    struct stir_op *op = NULL;
    char *body = NULL;
    size_t len;

    if (files_read(file, &body, &len) == 0)
        op = put_body(verifier, url, body, len, now);
    free(body);
    return op;
}

/* Without anchors nothing can be judged but whether it is a list of certificates. */
static int judge_added(const struct options *options, const struct stir_result *result)
{
    if (!option_is_given(options, "anchors")
        && stir_result_code(result) == STIR_CODE_PATH_NO_ANCHOR)
        return EXIT_DONE;
    return verdict_exit(stir_result_verdict(result));
}

static int tell_added(const struct options *options, const struct stir_result *result)
{
    struct stir_error error;

    if (options->json)
        return print_text(stir_result_json(result, &error), &error);
    report_verdict(result);
    report_path(result);
    report_warnings(result);
    return 0;
}

static int add(const struct options *options)
{
    struct stir_verifier *verifier = NULL;
    struct stir_op *op = NULL;
    int64_t now;
    int rc = option_now(options, &now);

    if (rc == 0 && (verifier = cache_verifier(options)) == NULL)
        rc = EXIT_USAGE;
    if (rc == 0) {
        op = cache_put_file(verifier, options->operands[0], options->operands[1], now);
        rc = op == NULL ? EXIT_USAGE : cache_end(verifier);
    }
    if (rc == 0) {
        const struct stir_result *result = stir_op_result(op);
        int told = tell_added(options, result);
        rc = output_end(told != 0 ? told : judge_added(options, result));
    }
    stir_op_free(op);
    stir_verifier_free(verifier);
    return rc;
}

const struct command command_cache_add = {
    .name = "cache add",
    .summary = "Put a file into the cache as what a URL gives",
    .operands = "URL FILE",
    .least = 2,
    .most = 2,
    .clock = true,
    .options = judge_table,
    .about =
        "FILE (- is the standard input) is kept as if it had just been fetched; one that is\n"
        "no list of certificates is not. Its path is validated and shown; without anchors\n"
        "it reaches none, and is kept all the same.\n",
    .notes = "Exit status: 0 kept and valid (or without --anchors), 1 invalid,\n"
             "3 indeterminate, 2 wrong use.\n",
    .run = add,
};

/* ---- drop -------------------------------------------------------------------------------- */

static int drop_one(const struct options *options, struct stir_verifier *verifier)
{
    const char *url = option_is_given(options, "all") ? NULL : options->operands[0];
    struct stir_error error;
    struct stir_rows *rows = rows_of(verifier);
    int rc = rows == NULL ? EXIT_USAGE : EXIT_DONE;

    if (rc == EXIT_DONE && url != NULL && find_row(rows, url) < 0)
        rc = absent(url);
    else if (rc == EXIT_DONE && stir_verifier_forget(verifier, url, &error) < 0)
        rc = complain("%s", error.text);
    stir_rows_free(rows);
    return rc;
}

static int drop(const struct options *options)
{
    if (option_is_given(options, "all") == (options->n_operands > 0))
        return complain("wanted a URL, or --all");
    struct stir_verifier *verifier = cache_verifier(options);
    int rc = verifier == NULL ? EXIT_USAGE : drop_one(options, verifier);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option drop_table[] = {
    {"all", NULL, false, "what all URLs gave"},
    {0},
};

const struct command command_cache_drop = {
    .name = "cache drop",
    .summary = "Take a URL out of the cache's file",
    .operands = "[URL]",
    .most = 1,
    .options = drop_table,
    .about = "Verifiers that have it in memory keep it there.\n",
    .run = drop,
};
