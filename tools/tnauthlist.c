/* stir tnauthlist: writes and reads the DER of a TNAuthorizationList (RFC 8226 section 9). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "entries.h"
#include "files.h"
#include "json.h"
#include "output.h"
#include "trust.h"

/* ---- encode ---------------------------------------------------------------------------- */

static int print_der(const struct options *options, const void *der, size_t len)
{
    if (options->json) {
        struct node *object = node_object();
        node_set(object, "der", node_hex(der, len));
        node_print(object);
        return EXIT_DONE;
    }
    if (isatty(STDOUT_FILENO))
        return complain(
            "standard output is a terminal, and DER is not for reading: redirect it");
    return files_write("-", der, len);
}

static int encode(const struct options *options)
{
    struct stir_scope *scope = stir_scope_new();
    struct stir_error error;
    void *der = NULL;
    size_t len;
    int rc = scope == NULL ? complain_no_memory() : trust_check(options);

    if (rc == 0)
        rc = entries_add(options, scope);
    if (rc == 0) {
        der = stir_scope_encode(scope, &len, &error);
        rc = der == NULL ? complain("%s", error.text) : print_der(options, der, len);
    }
    free(der);
    stir_scope_free(scope);
    return rc;
}

static const struct option encode_table[] = {
    OPTION_ENTRY_SPC,
    OPTION_ENTRY_RANGE,
    OPTION_ENTRY_TN,
    {0},
};

const struct command command_tnauthlist_encode = {
    .name = "tnauthlist encode",
    .summary = "Write the DER of a TNAuthList",
    .operands = "",
    .options = encode_table,
    .about = "The entries are sorted and merged; the DER goes to the standard output.\n",
    .run = encode,
};

/* ---- decode ---------------------------------------------------------------------------- */

static struct node *entry_node(const struct stir_entry *entry)
{
    struct node *object = node_object();

    if (entry->spc != NULL) {
        char *spc = shown_text(entry->spc);
        node_set(object, "spc", node_text(spc));
        free(spc);
    } else if (entry->count == 1) {
        node_set(object, "tn", node_text(entry->first));
    } else {
        node_set(object, "first", node_text(entry->first));
        node_set(object, "last", node_text(entry->last));
    }
    return object;
}

static void print_json(const struct stir_scope *scope)
{
    struct node *array = node_array();
    struct stir_entry entry;

    for (size_t i = 0; stir_scope_entry(scope, i, &entry); i++)
        node_append(array, entry_node(&entry));
    node_print(array);
}

static void print_words(const struct stir_scope *scope)
{
    struct stir_entry entry;

    for (size_t i = 0; stir_scope_entry(scope, i, &entry); i++) {
        entry_print(stdout, &entry);
        putchar('\n');
    }
}

static int decode(const struct options *options)
{
    struct stir_error error;
    char *der;
    size_t len;
    int rc = trust_check(options);

    if (rc == 0)
        rc = files_read(options->operands[0], &der, &len);
    if (rc != 0)
        return rc;
    struct stir_scope *scope = stir_scope_parse(der, len, &error);
    if (scope == NULL) {
        complain("%s: %s", options->operands[0], error.text);
        rc = error.code == STIR_E_NOMEM ? EXIT_USAGE : EXIT_BAD;
    } else if (options->json) {
        print_json(scope);
    } else {
        print_words(scope);
    }
    stir_scope_free(scope);
    free(der);
    return rc;
}

static const struct option decode_table[] = {
    {0},
};

const struct command command_tnauthlist_decode = {
    .name = "tnauthlist decode",
    .summary = "Print the entries of a TNAuthList",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .options = decode_table,
    .about = "FILE (- is the standard input) is DER; the entries come in its order.\n",
    .notes = "Exit status: 0 done, 1 FILE is no TNAuthList, 2 wrong use.\n",
    .run = decode,
};
