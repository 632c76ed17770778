/* stir show: what is in a file, by its content. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "files.h"
#include "json.h"
#include "output.h"
#include "trust.h"

struct content {
    char *data;
    size_t len;
};

/* All files are read before the first is shown: one that cannot be is wrong use, of which only
   stderr tells. */
static int read_files(const struct options *options, struct content *contents)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < options->n_operands; i++)
        rc = files_read(options->operands[i], &contents[i].data, &contents[i].len);
    return rc;
}

static int show_json(struct node *array, const char *file, const struct content *content)
{
    struct stir_error error;
    char *text = stir_describe(content->data, content->len, STIR_JSON, &error);

    if (text != NULL) {
        node_append_described(array, file, node_parse(text));
        free(text);
        return EXIT_DONE;
    }
    complain("%s: %s", file, error.text);
    struct node *object = node_object();
    node_set(object, "kind", node_text("unknown"));
    node_set(object, "detail", node_text(error.text));
    node_append_described(array, file, object);
    return EXIT_BAD;
}

static int show_text(const struct options *options, size_t i, const struct content *content)
{
    struct stir_error error;
    char *text = stir_describe(content->data, content->len, STIR_TEXT, &error);

    if (text == NULL) {
        complain("%s: %s", options->operands[i], error.text);
        return EXIT_BAD;
    }
    if (options->n_operands > 1)
        printf("%s%s:\n", i == 0 ? "" : "\n", options->operands[i]);
    return print_text(text, &error);
}

static int show_all(const struct options *options, const struct content *contents)
{
    struct node *array = options->json ? node_array() : NULL;
    int rc = EXIT_DONE;

    for (size_t i = 0; i < options->n_operands; i++) {
        int one = options->json ? show_json(array, options->operands[i], &contents[i])
                                : show_text(options, i, &contents[i]);
        rc = one == EXIT_DONE ? rc : one;
    }
    if (options->json)
        node_print(array);
    return rc;
}

static int run(const struct options *options)
{
    struct content *contents = calloc(options->n_operands, sizeof *contents);

    if (contents == NULL)
        return complain_no_memory();
    int rc = trust_check(options);
    if (rc == 0)
        rc = read_files(options, contents);
    if (rc == 0)
        rc = show_all(options, contents);
    for (size_t i = 0; i < options->n_operands; i++)
        free(contents[i].data);
    free(contents);
    return rc;
}

static const struct option table[] = {
    {"svg", NULL, false, NULL},
    {0},
};

const struct command command_show = {
    .name = "show",
    .summary = "Show certificates, lists, tokens and Identity headers",
    .operands = "FILE...",
    .least = 1,
    .most = SIZE_MAX,
    .options = table,
    .about =
        "What a FILE (- is the standard input) is, its content tells. Nothing is\nverified.\n",
    .notes = "Exit status: 0 done, 1 a FILE is none of these, 2 wrong use.\n",
    .run = run,
};
