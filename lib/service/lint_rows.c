/* How the findings of lint become rows. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/lint_parts.h"
#include "service/rows.h"

enum { SEVERITY, RULE, WHERE, WANTED, FOUND, CLAUSE };
const char *const lint_columns[] = {"severity", "rule",   "where", "wanted",
                                    "found",    "clause", NULL};

int lint_add(struct lint *lint, enum severity severity, const char *rule, const char *wanted,
             const char *found, const char *clause)
{
    struct stir_rows *rows = lint->rows;
    int rc = rows_add(rows);

    if (rc == 0)
        rc = rows_set(rows, SEVERITY, severity_name(severity));
    if (rc == 0)
        rc = rows_set(rows, RULE, rule);
    if (rc == 0)
        rc = rows_set(rows, WHERE, lint->where);
    if (rc == 0)
        rc = rows_set(rows, WANTED, wanted);
    if (rc == 0)
        rc = rows_set(rows, FOUND, found);
    if (rc == 0)
        rc = rows_set(rows, CLAUSE, clause);
    return rc < 0 ? error_no_memory(lint->error) : 0;
}

int lint_add_judged(struct lint *lint, enum severity severity, const struct stir_error *judged)
{
    size_t len = lint->where == NULL ? 0 : strlen(lint->where);
    bool repeated = len > 0 && strncmp(judged->text, lint->where, len) == 0
                    && strncmp(judged->text + len, ": ", 2) == 0;

    return lint_add(lint, severity, stir_code_name(judged->code), NULL,
                    judged->text + (repeated ? len + 2 : 0), NULL);
}

int lint_add_finding(void *arg, const struct profile_finding *finding)
{
    return lint_add(arg, finding->severity, finding->rule, finding->wanted, finding->found,
                    finding->clause);
}

/* "name: sentence", as warnings are kept. */
int lint_add_warning(struct lint *lint, const char *line)
{
    size_t len = strcspn(line, ":");
    char *name = text_copy(line, len);
    int rc = name == NULL ? error_no_memory(lint->error)
                          : lint_add(lint, SEVERITY_WARNING, name, NULL,
                                     line[len] == ':' ? line + len + 2 : line, NULL);

    free(name);
    return rc;
}
