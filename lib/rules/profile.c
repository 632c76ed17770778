/* Profiles: which rules a certificate breaks, and what that means for a path. */
#include "rules/profile.h"

#include <string.h>

#include "base/text.h"
#include "rules/profile_rules.h"
#include "rules/profile_token.h"

static const char *const profile_names[] = {
    [PROFILE_RFC] = "rfc", [PROFILE_ATIS80] = "atis80", [PROFILE_ATIS92] = "atis92"};

int profile_of_name(const char *name)
{
    for (int i = 0; i < PROFILE_COUNT; i++)
        if (strcmp(profile_names[i], name) == 0)
            return i;
    return -1;
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {[SEVERITY_NONE] = "none",
                                        [SEVERITY_NOTICE] = "notice",
                                        [SEVERITY_WARNING] = "warning",
                                        [SEVERITY_ERROR] = "error"};

    return names[severity];
}

/* ---- Positions ---- */

static bool is_listed_above(struct stir_certificate *const *certificates, size_t n,
                            size_t depth)
{
    for (size_t i = depth + 1; i < n; i++)
        if (certificate_is_listed(certificates[i]))
            return true;
    return false;
}

/* Of what stands alone, a list of numbers without an SPC is a delegate's. */
static bool looks_delegated(const struct stir_certificate *certificate)
{
    return certificate->scope != NULL && certificate->scope->n_spc_set == 0;
}

unsigned profile_position(struct stir_certificate *const *certificates, size_t n, size_t depth)
{
    const struct stir_certificate *certificate = certificates[depth];
    bool delegated =
        n == 1 ? looks_delegated(certificate) : is_listed_above(certificates, n, depth);

    if (!certificate->ca)
        return delegated ? POSITION_DELEGATE : POSITION_END_ENTITY;
    if (certificate_is_self_issued(certificate))
        return POSITION_ROOT;
    if (delegated)
        return POSITION_DELEGATE_CA;
    return certificate_is_listed(certificate) ? POSITION_SCA : POSITION_STI_CA;
}

/* ---- One certificate ---- */

/* From when on; to leaves, which live for months, the linters of the field give 90 days more. */
static int64_t issued_at(enum profile_issue issue, unsigned position)
{
    static const int64_t dates[] = {
        [ISSUE_NONE] = INT64_MIN,
        [ISSUE_ATIS80_V003] = INT64_C(1599177600),
        [ISSUE_ATIS80_V004] = INT64_C(1634515200),
        [ISSUE_ATIS80_V005] = INT64_C(1670803200),
        [ISSUE_CP_1_3] = INT64_C(1629244800),
        [ISSUE_CP_1_4] = INT64_C(1686009600),
    };
    bool leaf = (position & (POSITION_END_ENTITY | POSITION_DELEGATE)) != 0;

    return issue == ISSUE_NONE || !leaf ? dates[issue] : dates[issue] + 90 * 86400;
}

static bool is_for(const struct profile_rule *rule, const struct profile_facts *facts,
                   enum profile profile)
{
    int64_t made = facts->certificate->not_before;

    return rule->severity[profile] != SEVERITY_NONE && (rule->positions & facts->position) != 0
           && made >= issued_at(rule->since, facts->position)
           && (rule->until == ISSUE_NONE || made < issued_at(rule->until, facts->position));
}

const struct profile_rule *profile_rule(size_t i)
{
    if (i < profile_rfc_count)
        return &profile_rfc_rules[i];
    i -= profile_rfc_count;
    return i < profile_atis_count ? &profile_atis_rules[i] : NULL;
}

const char *profile_rule_name(const struct profile_rule *rule)
{
    return rule->name;
}

enum severity profile_rule_severity(const struct profile_rule *rule, enum profile profile)
{
    return rule->severity[profile];
}

static int apply(const struct profile_rule *rule, const struct profile_facts *facts,
                 enum profile profile, profile_each *each, void *arg)
{
    struct profile_finding finding = {rule->severity[profile], rule->name, rule->clause,
                                      rule->wanted, ""};

    if (!is_for(rule, facts, profile) || rule->holds(facts))
        return 0;
    rule->tell(facts, finding.found);
    return each(arg, &finding);
}

static int apply_all(const struct profile_facts *facts, enum profile profile,
                     profile_each *each, void *arg)
{
    const struct profile_rule *rule;
    int rc = 0;

    for (size_t i = 0; rc == 0 && (rule = profile_rule(i)) != NULL; i++)
        rc = apply(rule, facts, profile, each, arg);
    return rc;
}

int profile_check(const struct stir_certificate *certificate, unsigned position,
                  enum profile profile, profile_each *each, void *arg)
{
    struct profile_facts facts;

    if (!profile_facts_of(&facts, certificate, position))
        return 0;
    return apply_all(&facts, profile, each, arg);
}

int profile_check_scope(const struct stir_scope *scope, enum profile profile,
                        profile_each *each, void *arg)
{
    /* It stands for one that is made today. */
    const struct stir_certificate holder = {.scope = (struct stir_scope *)(uintptr_t)scope,
                                            .not_before = INT64_MAX};
    const struct profile_facts facts = {.certificate = &holder, .position = POSITION_LIST};

    return apply_all(&facts, profile, each, arg);
}

/* ---- A path ---- */

struct judging {
    const struct stir_certificate *certificate;
    int depth;
    enum profile profile;
    struct warnings *warnings;
    struct stir_error *error;
};

static int judge(void *arg, const struct profile_finding *finding)
{
    const struct judging *judging = arg;
    char name[CERTIFICATE_NAME_SIZE];

    certificate_name(name, judging->certificate, judging->depth);
    if (finding->severity == SEVERITY_ERROR)
        return error_set_at(judging->error, STIR_CODE_PROFILE, judging->depth,
                            "%s: %s: wanted %s, found %s (%s)", name, finding->rule,
                            finding->wanted, finding->found, finding->clause);
    if (finding->severity < SEVERITY_WARNING)
        return 0;
    return warnings_add(judging->warnings, WARNING_PROFILE, "%s: %s: wanted %s, found %s (%s)",
                        name, finding->rule, finding->wanted, finding->found, finding->clause);
}

int profile_check_path(const struct path *path, enum profile profile, bool shaken,
                       struct warnings *warnings, struct stir_error *error)
{
    int rc = 0;

    if (profile == PROFILE_RFC)
        return 0;
    for (size_t i = 0; rc == 0 && i < path->n; i++) {
        struct judging judging = {path->certificates[i], (int)i, profile, warnings, error};
        rc = profile_check(path->certificates[i],
                           profile_position(path->certificates, path->n, i), profile, judge,
                           &judging);
    }
    if (rc == 0) {
        const struct profile_token token = {.type = shaken ? PASSPORT_SHAKEN : PASSPORT_BASE};
        struct judging judging = {path->certificates[0], 0, profile, warnings, error};
        rc = profile_check_signed(&token, profile_position(path->certificates, path->n, 0),
                                  profile, judge, &judging);
    }
    return rc == STIR_E_NOMEM ? error_no_memory(error) : rc;
}
