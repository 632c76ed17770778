/* Entries of a TNAuthList on the command line and in reports. */
#ifndef STIR_TOOLS_ENTRIES_H
#define STIR_TOOLS_ENTRIES_H

#include <stdio.h>

#include "options.h"

/* Rows of a command's table of options. */
#define OPTION_ENTRY_SPC                                                                       \
    {                                                                                          \
        "spc", "S", true, "add an SPC"                                                         \
    }
#define OPTION_ENTRY_RANGE                                                                     \
    {                                                                                          \
        "range", "FIRST+COUNT", true, "add COUNT numbers from FIRST on, 2 or more"             \
    }
#define OPTION_ENTRY_TN                                                                        \
    {                                                                                          \
        "tn", "N", true, "add one number of 0-9 * #"                                           \
    }

/* --spc, --range and --tn, in the order given. 0, or EXIT_USAGE after a complaint that names
   the option and its value. */
int entries_add(const struct options *options, struct stir_scope *scope);

/* "SPC 709J", "12155551200-12155551299 (100 numbers)", "*67". */
void entry_print(FILE *out, const struct stir_entry *entry);
/* Several, with commas, at most most: for free(3); NULL: out of memory. */
char *scope_words(const struct stir_scope *scope, size_t most);
/* As texts of the library are shown: the backslash, which an SPC may have, is \x5C. For
   free(3). */
char *shown_text(const char *text);

#endif
