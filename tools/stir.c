/* stir COMMAND [OPTION]...: finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "output.h"

static const struct command *const commands[] = {
    &command_verify,
    &command_path,
    &command_show,
    &command_lint,
    &command_anchors_show,
    &command_tnauthlist_encode,
    &command_tnauthlist_decode,
    &command_issue,
    &command_sign,
    &command_cache_warm,
    &command_cache_list,
    &command_cache_show,
    &command_cache_add,
    &command_cache_drop,
    &command_signers_list,
    &command_signers_allow,
    &command_signers_deny,
    NULL,
};

static int help(void)
{
    printf("Usage: stir COMMAND [OPTION]...\n"
           "Validates STIR certificates, their delegates, and the PASSporTs they sign.\n"
           "\nCommands:\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        printf("  %-20s %s\n", commands[i]->name, commands[i]->summary);
    printf("\n"
           "stir COMMAND --help tells more of each; stir --version prints the version.\n"
           "Exit status: 0 valid or done, 1 invalid or the input is bad, 2 wrong use,\n"
           "3 indeterminate.\n");
    return output_end(EXIT_DONE);
}

/* How many words of argv are this command's name; 0: it is another. */
static int match(const struct command *command, int argc, char **argv)
{
    const char *name = command->name;
    int words = 0;

    while (*name != '\0') {
        size_t len = strcspn(name, " ");
        if (words == argc || strlen(argv[words]) != len || memcmp(argv[words], name, len) != 0)
            return 0;
        name += len + (name[len] == ' ');
        words++;
    }
    return words;
}

/* Is it the first word of a command of two? Then the second is what is wrong. */
static bool is_group(const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; commands[i] != NULL; i++)
        if (strncmp(commands[i]->name, word, len) == 0 && commands[i]->name[len] == ' ')
            return true;
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return complain("a command is missing; see stir --help");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return help();
    if (strcmp(argv[1], "--version") == 0) {
        printf("stir %s\n", stir_version());
        return output_end(EXIT_DONE);
    }
    for (size_t i = 0; commands[i] != NULL; i++) {
        int words = match(commands[i], argc - 1, argv + 1);
        if (words > 0)
            return options_run(commands[i], argc - 1 - words, argv + 1 + words);
    }
    if (is_group(argv[1]) && argc > 2 && strcmp(argv[2], "--help") == 0)
        return help();
    if (is_group(argv[1]))
        return complain("%s needs one of its commands; see stir --help", argv[1]);
    return complain("unknown command \"%s\"; see stir --help", argv[1]);
}
