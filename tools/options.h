/*
 * What the command line says: a table of options per command, read in one place.
 *
 * A command is a row: its options, its texts (the only source of --help), and the function
 * that runs it. Wrong use ends with one line on stderr, "stir COMMAND: ...", and EXIT_USAGE.
 */
#ifndef STIR_TOOLS_OPTIONS_H
#define STIR_TOOLS_OPTIONS_H

#include <stir.h>

enum {
    EXIT_DONE = 0,         /* valid, or done */
    EXIT_BAD = 1,          /* invalid, or the input is bad */
    EXIT_USAGE = 2,        /* wrong use, or the environment: only stderr is written */
    EXIT_INDETERMINATE = 3 /* could not find out */
};

struct option {
    const char *name;     /* without the dashes */
    const char *argument; /* "FILE"; NULL: a flag */
    bool repeats;         /* may be given more than once */
    const char *help;     /* NULL: of a later version, refused by its name */
};

struct options;

struct command {
    const char *name;     /* "verify", "tnauthlist encode" */
    const char *summary;  /* one line, for stir --help */
    const char *operands; /* "FILE..." as usage shows it; "" for none */
    size_t least, most;   /* how many operands */
    bool clock;           /* takes --now */
    const struct option
        *options;      /* ends in a row of zeros; the common ones come by themselves */
    const char *about; /* paragraphs between usage and options; lines end in \n */
    const char *notes; /* the same, behind the options; may be NULL */
    int (*run)(const struct options *options); /* returns an EXIT_ */
};

struct option_given {
    const struct option *option;
    const char *value; /* NULL: a flag */
};

/* What was given. The strings are argv's. */
struct options {
    const struct command *command;
    struct option_given *given;
    size_t n_given;
    const char **operands;
    size_t n_operands;
    bool json; /* --json */
};

/* Reads argv (behind the command's name) and runs the command; --help is done here. */
int options_run(const struct command *command, int argc, char **argv);

bool option_is_given(const struct options *options, const char *name);
/* NULL: not given. */
const char *option_value(const struct options *options, const char *name);
/* The next value of an option that repeats: i begins at 0 and is moved on. NULL: no more. */
const char *option_next(const struct options *options, const char *name, size_t *i);
/* A decimal number from least to most. 0 (not given leaves *number alone) or EXIT_USAGE. */
int option_number(const struct options *options, const char *name, int64_t least, int64_t most,
                  int64_t *number);
/* UNIX seconds or RFC 3339. 0 (not given leaves *time alone) or EXIT_USAGE. */
int option_time(const struct options *options, const char *name, int64_t *time);
/* --now, or the clock. 0 or EXIT_USAGE. */
int option_now(const struct options *options, int64_t *now);
/* An option that must be there, for the message; 0 or EXIT_USAGE. */
int option_need(const struct options *options, const char *name);

/* UNIX seconds or RFC 3339 with Z or an offset. False: neither. */
bool time_parse(const char *text, int64_t *time);

/* "stir COMMAND: ..." on stderr, which is all that may be said of wrong use. EXIT_USAGE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
int complain_no_memory(void);

#endif
