/* A lint under way, and how its findings are told; for lint*.c alone. */
#ifndef STIR_SERVICE_LINT_PARTS_H
#define STIR_SERVICE_LINT_PARTS_H

#include "base/limits.h"
#include "cert/certificate.h"
#include "rules/profile.h"

extern const char *const lint_columns[];

struct lint {
    struct stir_rows *rows;
    enum profile profile;
    struct stir_error *error;
    const char *where; /* of what is looked at */
    struct stir_certificate *certificates[LIMIT_LINT_CERTIFICATES];
    size_t n;
};

/* A finding. NULL for what does not apply. 0 or negative, as all of these. */
int lint_add(struct lint *lint, enum severity severity, const char *rule, const char *wanted,
             const char *found, const char *clause);
/* What a judgement found: its code is the rule, its sentence has wanted, found and clause. */
int lint_add_judged(struct lint *lint, enum severity severity, const struct stir_error *judged);
int lint_add_finding(void *lint, const struct profile_finding *finding);
/* A line as warnings are kept: "name: sentence". */
int lint_add_warning(struct lint *lint, const char *line);

/* Lines of tokens and Identity values. */
int lint_tokens(struct lint *lint, const char *text, size_t len);

#endif
