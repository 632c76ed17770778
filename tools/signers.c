/* stir signers: who was seen, and the lines that allow and deny signers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "files.h"
#include "listing.h"
#include "output.h"
#include "trust.h"

/* ---- list ------------------------------------------------------------------------------- */

static int list(const struct options *options)
{
    struct stir_error error;
    struct stir_rows *rows = NULL;
    int rc = option_need(options, "signers");
    struct stir_config *config = rc == 0 ? trust_config(options) : NULL;

    if (config == NULL)
        return EXIT_USAGE;
    rc = trust_set(config, "signers", "signers_file", option_value(options, "signers"));
    if (rc == 0 && option_value(options, "decisions") != NULL)
        rc = trust_set(config, "decisions", "decisions", option_value(options, "decisions"));
    struct stir_verifier *verifier = rc == 0 ? stir_verifier_new(config, &error) : NULL;
    if (verifier != NULL)
        rows = stir_verifier_list(verifier, STIR_LIST_SIGNERS, &error);
    if (rows != NULL)
        listing_print(rows, options->json);
    else if (rc == 0)
        rc = complain("%s", error.text);
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return rc;
}

static const struct option list_table[] = {
    {"signers", "FILE", false, "the file of policy signers_file"},
    {"decisions", "FILE", false, "lines that allow and deny signers"},
    {0},
};

const struct command command_signers_list = {
    .name = "signers list",
    .summary = "Show which signers were seen, and what was decided",
    .operands = "",
    .options = list_table,
    .about =
        "A signer is its certificate. The decision is that of a line on the certificate or\n"
        "its key, otherwise what hook first_seen said: accept, hold, refuse.\n",
    .run = list,
};

/* ---- allow, deny ------------------------------------------------------------------------- */

/* "deny spc 709J", without what stands behind a #; blanks are one space; for free(3). */
static char *plain_line(const char *line, size_t len)
{
    char *plain = malloc(len + 1), *to = plain;

    if (plain == NULL)
        return NULL;
    for (size_t i = 0; i < len && line[i] != '#'; i++)
        if (!isspace((unsigned char)line[i]))
            *to++ = line[i];
        else if (to > plain && to[-1] != ' ')
            *to++ = ' ';
    while (to > plain && to[-1] == ' ')
        to--;
    *to = '\0';
    return plain;
}

/* Both verbs have a letter more or less; what they say it of is the rest. */
static bool is_of_same(const char *plain, const char *other)
{
    const char *of = strchr(plain, ' '), *of_other = strchr(other, ' ');
    bool spc = of != NULL && strncmp(of, " spc ", 5) == 0;

    return of != NULL && of_other != NULL
           && (spc ? strcmp(of, of_other) : strcasecmp(of, of_other)) == 0;
}

/* The lines that say nothing of the same subject as one of the new ones, then these. */
static void write_lines(FILE *out, const char *old, char *const *added, size_t n)
{
    while (*old != '\0') {
        size_t len = strcspn(old, "\n");
        char *plain = plain_line(old, len);
        bool replaced = plain == NULL;
        for (size_t i = 0; !replaced && i < n; i++) {
            char *other = plain_line(added[i], strlen(added[i]));
            replaced = other == NULL || is_of_same(plain, other);
            free(other);
        }
        if (!replaced)
            fprintf(out, "%.*s\n", (int)len, old);
        free(plain);
        old += len + (old[len] == '\n');
    }
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s\n", added[i]);
}

static bool is_digest(const char *text)
{
    return strlen(text) == 64 && text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* "deny key 0011... # CN=ACME", for free(3): of 64 digits, or of a file whose first certificate
   is meant. NULL after a complaint. */
static char *digest_line(const char *verb, const char *subject, const char *what)
{
    struct stir_error error;
    char *line = NULL;

    if (is_digest(what))
        return asprintf(&line, "%s %s %s", verb, subject, what) < 0 ? NULL : line;
    struct stir_chain *chain = stir_chain_load(what, &error);
    const struct stir_certificate *first = stir_chain_certificate(chain, 0);
    const char *digest =
        stir_certificate_text(first, strcmp(subject, "key") == 0 ? "spki_sha256" : "sha256");
    if (chain == NULL)
        complain("--%s: neither 64 hexadecimal digits nor a certificate: %s", subject,
                 error.text);
    else if (digest == NULL)
        complain("--%s: %s: there is no certificate in it", subject, what);
    else if (asprintf(&line, "%s %s %s # %s", verb, subject, digest,
                      stir_certificate_text(first, "subject"))
             < 0)
        line = NULL;
    stir_chain_free(chain);
    return line;
}

/* An octet that the file has another meaning for is written \xNN. */
static char *spc_line(const char *verb, const char *spc)
{
    char *line = malloc(strlen(verb) + 4 * strlen(spc) + 8), *to = line;

    if (line == NULL)
        return NULL;
    to += sprintf(to, "%s spc ", verb);
    for (; *spc != '\0'; spc++)
        to += strchr(" #\\", *spc) != NULL ? sprintf(to, "\\x%02X", *spc)
                                           : sprintf(to, "%c", *spc);
    return line;
}

/* What the options ask for, in their order; how many, or -1 after a complaint. */
static int make_lines(const struct options *options, const char *verb, char **lines)
{
    static const char *const subjects[] = {"certificate", "key", "spc", "anchor"};
    int n = 0;

    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const char *what;
        size_t at = 0;
        while ((what = option_next(options, subjects[i], &at)) != NULL) {
            lines[n] = strcmp(subjects[i], "spc") == 0 ? spc_line(verb, what)
                                                       : digest_line(verb, subjects[i], what);
            if (lines[n++] == NULL)
                return -1;
        }
    }
    if (n == 0)
        complain("--certificate, --key, --spc or --anchor is missing");
    return n > 0 ? n : -1;
}

static bool is_there(const char *path)
{
    FILE *file = fopen(path, "rbe");

    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* The new file is judged as a whole before it takes the old one's place. */
static int replace(const char *path, char *const *lines, size_t n)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;
    char *old = NULL, *text = NULL;
    size_t old_len, len;
    int rc = config == NULL ? complain_no_memory() : 0;

    if (rc == 0 && is_there(path))
        rc = files_read(path, &old, &old_len);
    FILE *out = rc == 0 ? open_memstream(&text, &len) : NULL;
    if (out != NULL) {
        write_lines(out, old != NULL ? old : "", lines, n);
        fclose(out);
        if (stir_config_set_data(config, "decisions", text, len, &error) < 0)
            rc = complain("%s: %s", path, error.text);
        else
            rc = files_write(path, text, len);
    } else if (rc == 0) {
        rc = complain_no_memory();
    }
    free(old);
    free(text);
    stir_config_free(config);
    return rc;
}

static int decide(const struct options *options, const char *verb)
{
    char **lines = calloc(options->n_given + 1, sizeof *lines);
    int n = -1, rc = lines == NULL ? complain_no_memory() : option_need(options, "decisions");

    if (rc == 0)
        rc = trust_check(options);
    if (rc == 0 && (n = make_lines(options, verb, lines)) < 0)
        rc = EXIT_USAGE;
    if (rc == 0)
        rc = replace(option_value(options, "decisions"), lines, (size_t)n);
    for (size_t i = 0; lines != NULL && i < options->n_given; i++)
        free(lines[i]);
    free(lines);
    return rc;
}

static int allow(const struct options *options)
{
    return decide(options, "allow");
}

static int deny(const struct options *options)
{
    return decide(options, "deny");
}

static const struct option decide_table[] = {
    {"decisions", "FILE", false, "the file that gets the lines; it may be new"},
    {"certificate", "WHAT", true, "64 digits of SHA-256, or a PEM file"},
    {"key", "WHAT", true, "the same of the SubjectPublicKeyInfo"},
    {"spc", "S", true, "an SPC"},
    {"anchor", "WHAT", true, "a trust anchor, as a certificate"},
    {0},
};

static const char about[] =
    "Lines in FILE on the same subjects give way to the new ones. Whoever reads FILE (key\n"
    "decisions) reads it anew when told so.\n";

const struct command command_signers_allow = {
    .name = "signers allow",
    .summary = "Add lines that allow signers",
    .operands = "",
    .options = decide_table,
    .about = about,
    .run = allow,
};

const struct command command_signers_deny = {
    .name = "signers deny",
    .summary = "Add lines that deny signers",
    .operands = "",
    .options = decide_table,
    .about = about,
    .run = deny,
};
