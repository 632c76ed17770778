/* Lint over PASSporTs and Identity values: each rule by itself, where a verifier stops at the
   first. Nothing that depends on a call, a clock or a certificate. */
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "base/text.h"
#include "fetch/url.h"
#include "rules/compact.h"
#include "rules/mirror.h"
#include "rules/profile_token.h"
#include "service/content.h"
#include "service/lint_parts.h"

struct linted {
    struct lint *lint;
    struct identity_header header; /* token NULL: a token alone */
    struct jws jws;
    struct passport passport;
    struct warnings warnings;
};

/* What a rule returned: 0, or negative. */
static int tell(struct linted *linted, int rc, const struct stir_error *judged)
{
    if (rc == STIR_E_NOMEM)
        return error_no_memory(linted->lint->error);
    return rc > 0   ? lint_add_judged(linted->lint, SEVERITY_ERROR, judged)
           : rc < 0 ? error_copy(linted->lint->error, judged)
                    : 0;
}

/* ---- The JOSE header ---- */

static int check_crit(struct linted *linted, struct stir_error *judged)
{
    return passport_check_crit(&linted->passport, judged);
}

static int check_typ(struct linted *linted, struct stir_error *judged)
{
    return passport_check_typ(&linted->passport, judged);
}

static int check_ppt(struct linted *linted, struct stir_error *judged)
{
    return passport_check_ppt(&linted->passport, judged);
}

static int check_alg(struct linted *linted, struct stir_error *judged)
{
    return passport_check_alg(&linted->passport, judged);
}

static int check_x5u(struct linted *linted, struct stir_error *judged)
{
    return passport_check_x5u(&linted->passport, true, judged);
}

static int check_claims(struct linted *linted, struct stir_error *judged)
{
    return passport_check_claims(&linted->passport, false, judged);
}

static int check_deterministic(struct linted *linted, struct stir_error *judged)
{
    return passport_check_deterministic(&linted->jws, &linted->passport, false,
                                        &linted->warnings, judged);
}

static int mirror_ppt(struct linted *linted, struct stir_error *judged)
{
    return mirror_check_ppt(&linted->header, &linted->passport, &linted->warnings, judged);
}

static int mirror_alg(struct linted *linted, struct stir_error *judged)
{
    return mirror_check_alg(&linted->header, &linted->passport, judged);
}

static int mirror_x5u(struct linted *linted, struct stir_error *judged)
{
    return linted->passport.x5u == NULL
               ? 0 /* which another rule says */
               : mirror_check_x5u(&linted->header, &linted->passport, judged);
}

typedef int lint_rule(struct linted *linted, struct stir_error *judged);

static int apply_all(struct linted *linted, lint_rule *const *rules, size_t n)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct stir_error judged;
        error_clear(&judged);
        rc = tell(linted, rules[i](linted, &judged), &judged);
    }
    return rc;
}

/* A74-2. What policy could allow is a warning unless the profile forbids it. */
static int lint_x5u(struct linted *linted)
{
    const struct lint *lint = linted->lint;
    struct stir_error judged;

    error_clear(&judged);
    if (linted->passport.x5u == NULL || *linted->passport.x5u == '\0'
        || url_judge(linted->passport.x5u, &url_policy_default, NULL, &judged) == 0)
        return 0;
    return lint_add_judged(linted->lint,
                           lint->profile == PROFILE_RFC ? SEVERITY_WARNING : SEVERITY_ERROR,
                           &judged);
}

/* ---- A token ---- */

static int lint_parts(struct linted *linted)
{
    static lint_rule *const of_header[] = {check_crit, check_typ, check_ppt, check_alg,
                                           check_x5u},
                            *const of_mirror[] = {mirror_ppt, mirror_alg, mirror_x5u},
                            *const of_payload[] = {check_claims, check_deterministic};
    bool has_header = linted->header.token != NULL;
    struct stir_error judged;

    error_clear(&judged);
    int parsed = passport_parse_header(&linted->jws, &linted->passport, &judged);
    int rc = tell(linted, parsed, &judged);
    if (rc != 0 || parsed != 0)
        return rc;
    rc = apply_all(linted, of_header, sizeof of_header / sizeof *of_header);
    if (rc == 0 && has_header)
        rc = apply_all(linted, of_mirror, sizeof of_mirror / sizeof *of_mirror);
    if (rc == 0)
        rc = lint_x5u(linted);
    error_clear(&judged);
    parsed = rc != 0 ? rc : passport_parse_payload(&linted->jws, &linted->passport, &judged);
    rc = rc != 0 ? rc : tell(linted, parsed, &judged);
    if (rc != 0 || parsed != 0)
        return rc;
    return apply_all(linted, of_payload, sizeof of_payload / sizeof *of_payload);
}

static int check_compact(struct linted *linted, struct stir_error *judged)
{
    return compact_check_allowed(&linted->header, judged);
}

static int lint_jws(struct linted *linted, const char *token, size_t len)
{
    static lint_rule *const of_compact[] = {check_compact};
    struct lint *lint = linted->lint;
    struct stir_error judged;

    error_clear(&judged);
    int parsed = jws_parse(token, len, &linted->jws, &judged);
    int rc = tell(linted, parsed, &judged);
    if (rc != 0 || parsed != 0)
        return rc;
    rc = linted->jws.compact ? apply_all(linted, of_compact, 1) : lint_parts(linted);
    for (size_t i = 0; rc == 0 && i < linted->warnings.n; i++)
        rc = lint_add_warning(lint, linted->warnings.lines[i]);
    const struct profile_token made = {linted->jws.compact, linted->passport.type,
                                       linted->passport.header, linted->passport.payload};
    if (rc != 0 || (!made.compact && made.header == NULL))
        return rc;
    return profile_check_token(&made, lint->profile, lint_add_finding, lint);
}

static int lint_identity(struct linted *linted, const char *value, size_t len)
{
    struct identity_header *header = &linted->header;
    struct stir_error judged;

    error_clear(&judged);
    int parsed = identity_header_parse(value, len, header, &judged);
    int rc = tell(linted, parsed, &judged);
    if (rc != 0 || parsed != 0)
        return rc;
    error_clear(&judged);
    rc = tell(linted, identity_header_check_info(header, &judged), &judged);
    return rc != 0 ? rc : lint_jws(linted, header->token, strlen(header->token));
}

/* ---- Lines ---- */

struct lines {
    struct lint *lint;
    size_t n;
};

static int lint_line(void *arg, enum content_line kind, const char *text, size_t len)
{
    struct lines *lines = arg;
    struct linted linted = {.lint = lines->lint};
    char room[SHOWN_SIZE];

    if (kind == LINE_OTHER)
        return error_set(lines->lint->error, STIR_E_SYNTAX,
                         "\"%s\": wanted certificates, a revocation list, a TNAuthList, a "
                         "PASSporT or an Identity value",
                         shown(room, text, len));
    snprintf(room, sizeof room, "%s %zu", kind == LINE_TOKEN ? "token" : "Identity",
             lines->n++);
    lines->lint->where = room;
    int rc = (kind == LINE_TOKEN ? lint_jws : lint_identity)(&linted, text, len);
    lines->lint->where = NULL;
    identity_header_free(&linted.header);
    passport_free(&linted.passport);
    jws_free(&linted.jws);
    warnings_free(&linted.warnings);
    return rc;
}

int lint_tokens(struct lint *lint, const char *text, size_t len)
{
    struct lines lines = {lint, 0};
    int rc = content_lines_each(text, len, lint_line, &lines);

    if (rc == 0 && lines.n == 0)
        return error_set(lint->error, STIR_E_SYNTAX,
                         "there is nothing in it, wanted certificates, a revocation list, a "
                         "TNAuthList, a PASSporT or an Identity value");
    return rc;
}
