/* What the command line says: options by table, help out of the same table, clear complaints. */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output.h"

static const struct option common[] = {
    {"json", NULL, false, "print JSON instead of a report"},
    {"set", "KEY=VALUE", true, "set a policy key (stir(7))"},
    {"help", NULL, false, "print this and stop"},
    {0},
};
static const struct option clock_option = {"now", "TIME", false,
                                           "judge at TIME: UNIX seconds or RFC 3339"};

/* Which command complains: one runs per process. */
static const char *command_name = "";

int complain(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "stir%s%s: ", *command_name == '\0' ? "" : " ", command_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

int complain_no_memory(void)
{
    return complain("out of memory");
}

/* ---- Help ------------------------------------------------------------------------------ */

/* "  --from ID       what it does"; a long left side pushes the help to the next line. */
static void help_option(const struct option *option)
{
    int width = printf("  --%s%s%s", option->name, option->argument == NULL ? "" : " ",
                       option->argument == NULL ? "" : option->argument);
    const char *help = option->help;

    if (width > 22)
        width = printf("\n") - 1;
    for (size_t len = strcspn(help, "\n"); *help != '\0'; len = strcspn(help, "\n")) {
        printf("%*s%.*s%s\n", 24 - width, "", (int)len, help,
               option->repeats && help[len] == '\0' ? " (repeats)" : "");
        help += len + (help[len] == '\n');
        width = 0;
    }
}

static int help(const struct command *command)
{
    printf("Usage: stir %s [OPTION]...%s%s\n%s.\n", command->name,
           *command->operands == '\0' ? "" : " ", command->operands, command->summary);
    if (command->about != NULL)
        printf("\n%s", command->about);
    printf("\nOptions:\n");
    for (const struct option *option = command->options; option->name != NULL; option++)
        if (option->help != NULL)
            help_option(option);
    if (command->clock)
        help_option(&clock_option);
    for (const struct option *option = common; option->name != NULL; option++)
        help_option(option);
    if (command->notes != NULL)
        printf("\n%s", command->notes);
    return output_end(EXIT_DONE);
}

/* ---- Reading argv ---------------------------------------------------------------------- */

static const struct option *find_in(const struct option *table, const char *name, size_t len)
{
    for (; table->name != NULL; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

static const struct option *find(const struct command *command, const char *name, size_t len)
{
    const struct option *option = find_in(command->options, name, len);

    if (option == NULL)
        option = find_in(common, name, len);
    if (option == NULL && command->clock && len == 3 && memcmp(name, "now", 3) == 0)
        option = &clock_option;
    return option;
}

/* One option, argv[*i], with its value where it stands apart. */
static int read_option(struct options *options, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find(options->command, name, len);
    const char *value = equals != NULL ? equals + 1 : NULL;

    if (option == NULL)
        return complain("unknown option --%.*s; see stir %s --help", (int)len, name,
                        options->command->name);
    if (option->help == NULL)
        return complain("--%s is not in this version", option->name);
    if (!option->repeats && option_is_given(options, option->name))
        return complain("--%s is given twice", option->name);
    if (option->argument == NULL && value != NULL)
        return complain("--%s takes no value", option->name);
    if (option->argument != NULL && value == NULL) {
        if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
            return complain("--%s needs a value: --%s %s", option->name, option->name,
                            option->argument);
        value = argv[++*i];
    }
    options->given[options->n_given++] = (struct option_given){option, value};
    return 0;
}

static int read_all(struct options *options, int argc, char **argv)
{
    bool only_operands = false;

    for (int i = 0; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strncmp(argv[i], "--", 2) == 0) {
            int rc = read_option(options, argc, argv, &i);
            if (rc != 0)
                return rc;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0') {
            return complain("unknown option %s; options are written --NAME", argv[i]);
        } else {
            options->operands[options->n_operands++] = argv[i];
        }
    }
    options->json = option_is_given(options, "json");
    return 0;
}

static int check_operands(const struct options *options)
{
    const struct command *command = options->command;

    if (options->n_operands < command->least)
        return complain("%s is missing; see stir %s --help", command->operands, command->name);
    if (options->n_operands > command->most)
        return complain("\"%s\" is one operand too many; see stir %s --help",
                        options->operands[command->most], command->name);
    return 0;
}

/* What the keys and values are worth is for stir_config_set() to say. */
static int check_settings(const struct options *options)
{
    size_t i = 0;

    for (const char *value; (value = option_next(options, "set", &i)) != NULL;)
        if (strchr(value, '=') == NULL || *value == '=')
            return complain("--set %s: it is written KEY=VALUE", value);
    return 0;
}

int options_run(const struct command *command, int argc, char **argv)
{
    struct options options = {.command = command};
    int rc;

    command_name = command->name;
    options.given = calloc((size_t)argc + 1, sizeof *options.given);
    options.operands = calloc((size_t)argc + 1, sizeof *options.operands);
    if (options.given == NULL || options.operands == NULL) {
        rc = complain_no_memory();
        goto out;
    }
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0) {
            rc = help(command);
            goto out;
        }
    rc = read_all(&options, argc, argv);
    if (rc == 0)
        rc = check_settings(&options);
    if (rc == 0)
        rc = check_operands(&options);
    if (rc == 0)
        rc = output_end(command->run(&options));
out:
    free(options.given);
    free(options.operands);
    return rc;
}

/* ---- Asking ---------------------------------------------------------------------------- */

const char *option_next(const struct options *options, const char *name, size_t *i)
{
    while (*i < options->n_given) {
        const struct option_given *given = &options->given[(*i)++];
        if (strcmp(given->option->name, name) == 0)
            return given->value != NULL ? given->value : "";
    }
    return NULL;
}

const char *option_value(const struct options *options, const char *name)
{
    size_t i = 0;

    return option_next(options, name, &i);
}

bool option_is_given(const struct options *options, const char *name)
{
    return option_value(options, name) != NULL;
}

int option_need(const struct options *options, const char *name)
{
    const struct option *option = find(options->command, name, strlen(name));

    if (option_is_given(options, name))
        return 0;
    return complain("--%s %s is missing; see stir %s --help", name, option->argument,
                    options->command->name);
}

int option_number(const struct options *options, const char *name, int64_t least, int64_t most,
                  int64_t *number)
{
    const char *value = option_value(options, name);
    char *end;

    if (value == NULL)
        return 0;
    errno = 0;
    intmax_t read = strtoimax(value, &end, 10);
    bool digit_first = isdigit((unsigned char)value[*value == '-']);
    if (errno != 0 || !digit_first || *end != '\0' || read < least || read > most)
        return complain("--%s %s: wanted a number from %" PRId64 " to %" PRId64, name, value,
                        least, most);
    *number = read;
    return 0;
}

/* What is left of text behind so many digits, their value in *number; NULL: no such digits. */
static const char *take_digits(const char *text, int count, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i]))
            return NULL;
        *number = *number * 10 + (text[i] - '0');
    }
    return text + count;
}

/* Digits by the shape: each letter d of it is a digit of the next number, all else itself. */
static const char *take_shape(const char *text, const char *shape, int *numbers)
{
    while (*shape != '\0') {
        int digits = (int)strspn(shape, "d");
        if (digits > 0) {
            text = take_digits(text, digits, numbers++);
            if (text == NULL)
                return NULL;
            shape += digits;
        } else if (toupper((unsigned char)*text++) != *shape++) {
            return NULL;
        }
    }
    return text;
}

/* Z, or an offset in seconds east. */
static bool take_offset(const char *text, int *offset)
{
    int parts[2];
    bool west = *text == '-';

    *offset = 0;
    if (toupper((unsigned char)*text) == 'Z')
        return text[1] == '\0';
    text = take_shape(text, west ? "-dd:dd" : "+dd:dd", parts);
    if (text == NULL || *text != '\0' || parts[0] > 23 || parts[1] > 59)
        return false;
    *offset = (parts[0] * 60 + parts[1]) * (west ? -60 : 60);
    return true;
}

static bool parse_rfc3339(const char *text, int64_t *result)
{
    int part[6], offset;

    text = take_shape(text, "dddd-dd-ddTdd:dd:dd", part);
    if (text == NULL || part[3] > 23 || part[4] > 59 || part[5] > 60)
        return false;
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    if (!take_offset(text, &offset))
        return false;
    struct tm tm = {.tm_year = part[0] - 1900, .tm_mon = part[1] - 1, .tm_mday = part[2]};
    time_t day = timegm(&tm);
    /* timegm() takes 30 February for 2 March: what comes back must be what went in. */
    if (tm.tm_mon != part[1] - 1 || tm.tm_mday != part[2])
        return false;
    *result = (int64_t)day + part[3] * 3600 + part[4] * 60 + part[5] - offset;
    return true;
}

bool time_parse(const char *text, int64_t *result)
{
    char *end;

    if (*text == '\0' || strspn(text, "0123456789") != strlen(text))
        return parse_rfc3339(text, result);
    errno = 0;
    intmax_t seconds = strtoimax(text, &end, 10);
    /* The end of the year 9999: later times have no RFC 3339 form. */
    if (errno != 0 || seconds > INT64_C(253402300799))
        return false;
    *result = seconds;
    return true;
}

int option_time(const struct options *options, const char *name, int64_t *result)
{
    const char *value = option_value(options, name);

    if (value == NULL || time_parse(value, result))
        return 0;
    return complain("--%s %s: wanted UNIX seconds or a time as 2026-11-22T01:02:03Z", name,
                    value);
}

int option_now(const struct options *options, int64_t *now)
{
    *now = (int64_t)time(NULL);
    return option_time(options, "now", now);
}
