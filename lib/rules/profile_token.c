/* Profiles of tokens, a row a rule. The texts themselves were not at hand (requirements.md section
   11); all tokens of type shaken that were found in the field keep the rules on their members. */
#include "rules/profile_token.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/profile_rules.h"

/* ---- Predicates ---- */

static bool holds_full_form(const struct profile_token *token)
{
    return !token->compact;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Each of these is there and nothing else: no name is there twice. */
static bool has_exactly(const struct value *object, const char *const *names)
{
    size_t n = 0;

    for (; names[n] != NULL; n++)
        if (value_member(object, names[n]) == NULL)
            return false;
    for (size_t i = 0; i < value_size(object); i++)
        if (!is_one_of(value_name(object, i, NULL), names))
            return false;
    return value_size(object) == n;
}

static bool holds_header(const struct profile_token *token)
{
    static const char *const names[] = {"alg", "ppt", "typ", "x5u", NULL};

    return token->compact || token->header == NULL || has_exactly(token->header, names);
}

static bool holds_claims(const struct profile_token *token)
{
    static const char *const names[] = {"attest", "dest", "iat", "orig", "origid", NULL};

    return token->compact || token->payload == NULL || has_exactly(token->payload, names);
}

/* ---- What was found ---- */

static void tell_compact(const struct profile_token *token, char found[PROFILE_FOUND_SIZE])
{
    (void)token;
    profile_tell(found, "the compact form");
}

static void tell_names(const struct value *object, char found[PROFILE_FOUND_SIZE])
{
    char room[SHOWN_SIZE];
    size_t len = 0;

    profile_tell(found, "none");
    for (size_t i = 0; i < value_size(object) && len < PROFILE_FOUND_SIZE; i++) {
        const char *name = value_name(object, i, NULL);
        len += (size_t)snprintf(found + len, PROFILE_FOUND_SIZE - len, "%s%s",
                                i > 0 ? ", " : "", shown(room, name, strlen(name)));
    }
}

static void tell_header(const struct profile_token *token, char found[PROFILE_FOUND_SIZE])
{
    tell_names(token->header, found);
}

static void tell_claims(const struct profile_token *token, char found[PROFILE_FOUND_SIZE])
{
    tell_names(token->payload, found);
}

static void tell_ppt(const struct profile_token *token, char found[PROFILE_FOUND_SIZE])
{
    const struct value *member = value_member(token->header, "ppt");
    const char *text = value_string(member);
    char room[SHOWN_SIZE];

    profile_tell(found, "%s",
                 text == NULL ? value_kind_name(member) : shown(room, text, strlen(text)));
}

static void tell_one(const struct profile_token *token, char found[PROFILE_FOUND_SIZE])
{
    (void)token;
    profile_tell(found, "one");
}

/* ---- The table ---- */

enum { BASE = 1u << PASSPORT_BASE, SHAKEN = 1u << PASSPORT_SHAKEN, ANY = BASE | SHAKEN };

#define SIGNING "ATIS-1000074"
#define DELEGATION "ATIS-1000092"

static const struct profile_token_rule rules[] = {
    /* A74-1 */
    {"token-form", SIGNING, ANY, 0, BOTH(ERROR), holds_full_form, "the full form",
     tell_compact},
    /* Delegates sign others, too (A92-4). */
    {"token-ppt", SIGNING, BASE, 0, A80(ERROR), NULL, "ppt shaken", tell_ppt},
    {"token-header", SIGNING, SHAKEN, 0, BOTH(ERROR), holds_header,
     "alg, ppt, typ and x5u, nothing else", tell_header},
    {"token-claims", SIGNING, SHAKEN, 0, BOTH(ERROR), holds_claims,
     "attest, dest, iat, orig and origid, nothing else", tell_claims},
    /* A92-4 */
    {"delegate-shaken", DELEGATION, SHAKEN, POSITION_DELEGATE | POSITION_DELEGATE_CA,
     A92(ERROR), NULL, "no shaken PASSporT of a delegate", tell_one},
};

enum { N_RULES = sizeof rules / sizeof *rules };

const struct profile_token_rule *profile_token_rule(size_t i)
{
    return i < N_RULES ? &rules[i] : NULL;
}

/* ---- Applying it ---- */

static int apply(const struct profile_token_rule *rule, const struct profile_token *token,
                 enum profile profile, profile_each *each, void *arg)
{
    struct profile_finding finding = {rule->severity[profile], rule->name, rule->clause,
                                      rule->wanted, ""};

    if (finding.severity == SEVERITY_NONE || (rule->types & 1u << token->type) == 0
        || (rule->holds != NULL && rule->holds(token)))
        return 0;
    rule->tell(token, finding.found);
    return each(arg, &finding);
}

int profile_check_token(const struct profile_token *token, enum profile profile,
                        profile_each *each, void *arg)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < N_RULES; i++)
        if (rules[i].signers == 0)
            rc = apply(&rules[i], token, profile, each, arg);
    return rc;
}

int profile_check_signed(const struct profile_token *token, unsigned position,
                         enum profile profile, profile_each *each, void *arg)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < N_RULES; i++)
        if ((rules[i].signers & position) != 0)
            rc = apply(&rules[i], token, profile, each, arg);
    return rc;
}

struct judging {
    struct warnings *warnings;
    struct stir_error *error;
};

static int judge(void *arg, const struct profile_finding *finding)
{
    const struct judging *judging = arg;

    if (finding->severity == SEVERITY_ERROR)
        return error_set(judging->error, STIR_CODE_PROFILE,
                         "the token: %s: wanted %s, found %s (%s)", finding->rule,
                         finding->wanted, finding->found, finding->clause);
    if (finding->severity < SEVERITY_WARNING)
        return 0;
    return warnings_add(judging->warnings, WARNING_PROFILE,
                        "the token: %s: wanted %s, found %s (%s)", finding->rule,
                        finding->wanted, finding->found, finding->clause);
}

int profile_judge_token(const struct profile_token *token, enum profile profile,
                        struct warnings *warnings, struct stir_error *error)
{
    struct judging judging = {warnings, error};

    if (profile == PROFILE_RFC)
        return 0;
    int rc = profile_check_token(token, profile, judge, &judging);
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}
