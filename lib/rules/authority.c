/* Authority: the caller in the signer's scope, by number or by domain. */
#include "rules/authority.h"

#include <string.h>

#include "base/budget.h"
#include "base/text.h"
#include "sip/uri.h"

/* ---- Numbers ---- */

bool authority_is_attested(const struct path *path, bool type_is_attested)
{
    if (!type_is_attested || path->n == 0 || path_is_delegated(path))
        return false;
    /* Both lists, by value and by reference, must be SPCs only. */
    struct path_lists lists = path_lists(path, 0);
    bool spcs_only = lists.n > 0 && lists.complete;
    for (size_t i = 0; i < lists.n; i++)
        spcs_only = spcs_only && scope_is_spcs_only(lists.scopes[i]);
    return spcs_only;
}

/* A number as it is asked of SPCs; false: only the list's own entries can have it. */
static bool number_of(const char *tn, struct tn_range *range)
{
    uint64_t number = tn_parse(tn, strlen(tn));

    *range = (struct tn_range){number, number};
    return number != 0;
}

/* What a question and its judgement count for. */
enum { ASKED = 80 };

/* A portion, that is asked (asks) or judged (answers). */
struct pass {
    struct authority_walk *walk;
    struct tn_range range;
    int64_t at;
    size_t left;
    struct spc_questions *asks;
    const struct spc_questions *answers;
};

/* Of what some of a list's SPCs said: yes beats unknown beats no. */
static void take(unsigned char *said, enum stir_answer answer)
{
    static const unsigned char rank[] = {[STIR_NO] = 1, [STIR_UNKNOWN] = 2, [STIR_YES] = 3};

    if (*said == 0 || rank[answer] > rank[*said - 1])
        *said = (unsigned char)(1 + answer);
}

/* 0: it is done; BUDGET_GONE; STIR_E_NOMEM. */
static int pass_list(struct pass *pass, const struct stir_scope *scope)
{
    struct authority_walk *walk = pass->walk;
    size_t all = scope->n_spc_set - walk->n_spcs, n = all;

    if (n == 0 || scope_find(scope, pass->range.first) != NULL)
        return 0;
    const char *const *spcs = scope->spc_set + walk->n_spcs;
    if (n > LIMIT_QUESTIONS - walk->n_asked) {
        walk->full = true;
        n = LIMIT_QUESTIONS - walk->n_asked;
    }
    if (n > pass->left)
        n = pass->left;
    if (pass->asks != NULL
        && spc_questions_add_all(pass->asks, spcs, n, pass->range, pass->at) < 0)
        return STIR_E_NOMEM;
    if (pass->answers != NULL && n > 0)
        take(&walk->said[walk->depth][walk->list],
             spc_judge(pass->answers, spcs, n, pass->range, pass->at, NULL));
    walk->n_spcs += n;
    walk->n_asked += n;
    pass->left -= n;
    if (n == all)
        return 0;
    if (walk->n_asked < LIMIT_QUESTIONS)
        return BUDGET_GONE;
    take(&walk->said[walk->depth][walk->list], STIR_UNKNOWN); /* of the others */
    return 0;
}

static int pass_lists(struct pass *pass, const struct path *path, size_t n)
{
    struct authority_walk *walk = pass->walk;

    for (; walk->depth < n; walk->depth++, walk->list = 0) {
        struct path_lists lists = path_lists(path, walk->depth);
        for (; walk->list < lists.n; walk->list++, walk->n_spcs = 0) {
            int rc = pass_list(pass, lists.scopes[walk->list]);
            if (rc != 0)
                return rc;
        }
    }
    return 0;
}

static size_t depths(const struct path *path, const struct delegation_policy *policy)
{
    return policy->overhang == SPC_OVERHANG_CALLED || path->n == 0 ? path->n : 1;
}

int authority_ask(const struct authority_walk *walk, const struct path *path, const char *tn,
                  int64_t at, const struct delegation_policy *policy,
                  struct spc_questions *questions, struct stir_error *error)
{
    struct authority_walk place = *walk;
    struct pass pass = {.walk = &place, .at = at, .left = LIMIT_PORTION, .asks = questions};

    if (!number_of(tn, &pass.range))
        return 0;
    int rc = pass_lists(&pass, path, depths(path, policy));
    return rc < 0 ? error_no_memory(error) : rc;
}

int authority_judge(struct authority_walk *walk, const struct path *path, const char *tn,
                    int64_t at, const struct delegation_policy *policy,
                    const struct spc_questions *answers, size_t *budget)
{
    struct pass pass = {.walk = walk, .at = at, .left = LIMIT_PORTION, .answers = answers};

    if (!number_of(tn, &pass.range))
        return 0;
    int rc = pass_lists(&pass, path, depths(path, policy));
    budget_spend(budget, (LIMIT_PORTION - pass.left) * ASKED);
    return rc;
}

/* What the lists of one certificate say of a number: no beats unknown beats yes. */
struct coverage {
    enum stir_answer answer;
    int in_spc;                    /* what its SPCs said; -1 where they were not asked */
    const struct stir_scope *list; /* the one that decided; NULL: there is none */
};

/* Is the number in the list, its SPCs included? said: by those, as a walk has it. */
static struct coverage covers(const struct stir_scope *scope, const char *tn, unsigned said)
{
    struct tn_range range;

    if (scope_has_tn(scope, tn, strlen(tn)))
        return (struct coverage){STIR_YES, -1, scope};
    if (scope->n_spc_set == 0 || !number_of(tn, &range))
        return (struct coverage){STIR_NO, -1, scope};
    enum stir_answer answer = said > 0 ? (enum stir_answer)(said - 1) : STIR_UNKNOWN;
    return (struct coverage){answer, (int)answer, scope};
}

static struct coverage covers_all(const struct path *path, size_t depth, const char *tn,
                                  const struct authority_walk *said)
{
    struct path_lists lists = path_lists(path, depth);
    struct coverage worst = {STIR_YES, -1, NULL};

    for (size_t i = 0; i < lists.n && worst.answer != STIR_NO; i++) {
        struct coverage here = covers(lists.scopes[i], tn, said->said[depth][i]);
        if (worst.list == NULL || here.answer == STIR_NO
            || (here.answer == STIR_UNKNOWN && worst.answer == STIR_YES))
            worst = here;
    }
    return worst;
}

static int out_of_scope(const struct path *path, size_t depth, const char *tn,
                        const struct coverage *coverage, struct stir_error *error)
{
    const struct stir_certificate *certificate = path->certificates[depth];
    char name[CERTIFICATE_NAME_SIZE], number[SHOWN_SIZE], spcs[DELEGATION_SPCS_SIZE];
    bool asked = coverage->in_spc != -1;

    return error_set_at(error, STIR_CODE_ORIG_OUT_OF_SCOPE, 0,
                        "%s: %s is not in its TNAuthList%s%s (RFC 8226 section 9)",
                        certificate_name(name, certificate, (int)depth),
                        shown(number, tn, strlen(tn)),
                        !asked                        ? ""
                        : coverage->in_spc == STIR_NO ? ", and not of "
                                                      : ", and unknown for ",
                        asked ? delegation_spcs(spcs, coverage->list) : "");
}

static int scope_unknown(const struct path *path, size_t depth, const char *tn,
                         const struct coverage *coverage, struct stir_error *error)
{
    const struct stir_certificate *certificate = path->certificates[depth];
    char name[CERTIFICATE_NAME_SIZE], number[SHOWN_SIZE], spcs[DELEGATION_SPCS_SIZE];

    return error_set_at(error, STIR_CODE_SCOPE_UNKNOWN, 0,
                        "%s: whether %s is a number of %s is unknown (RFC 8226 section 9)",
                        certificate_name(name, certificate, (int)depth),
                        shown(number, tn, strlen(tn)), delegation_spcs(spcs, coverage->list));
}

/* Of a list above the signer's, whose entries were let pass unasked. */
static int check_above(const struct path *path, size_t depth, const char *tn,
                       const struct authority_walk *said,
                       const struct delegation_policy *policy, struct stir_error *error)
{
    struct coverage coverage = covers_all(path, depth, tn, said);

    if (coverage.answer == STIR_NO
        || (coverage.answer == STIR_UNKNOWN && policy->unknown == SPC_UNKNOWN_INVALID))
        return out_of_scope(path, depth, tn, &coverage, error);
    /* Between certificates, trust_issuer takes the issuer's word, as ever. */
    bool trusted = policy->unknown == SPC_UNKNOWN_TRUST_ISSUER && !said->full;
    return coverage.answer == STIR_YES || trusted
               ? 0
               : scope_unknown(path, depth, tn, &coverage, error);
}

static int check_all_above(const struct path *path, const char *tn,
                           const struct authority_walk *said,
                           const struct delegation_policy *policy, struct stir_error *error)
{
    struct stir_error unknown, found;

    error_clear(&unknown);
    for (size_t i = 1; i < path->n; i++) {
        error_clear(&found);
        int rc = check_above(path, i, tn, said, policy, &found);
        if (rc == STIR_CODE_ORIG_OUT_OF_SCOPE)
            return error_copy(error, &found);
        if (rc != 0 && unknown.code == 0)
            unknown = found;
    }
    return error_copy(error, &unknown);
}

static int no_list(const struct stir_certificate *signer, const char *tn,
                   struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], room[SHOWN_SIZE];

    if (signer->n_references == 0)
        return error_set_at(error, STIR_CODE_NO_TN_AUTHORITY, 0,
                            "%s has no TNAuthList, and so no authority over %s "
                            "(RFC 8226 section 9)",
                            certificate_name(name, signer, 0), shown(room, tn, strlen(tn)));
    return error_set_at(error, STIR_CODE_SCOPE_UNKNOWN, 0,
                        "%s: its TNAuthList at %s could not be had (RFC 8226 section 10.1)",
                        certificate_name(name, signer, 0),
                        shown(room, signer->references[0], strlen(signer->references[0])));
}

int authority_check_tn(const struct path *path, const char *tn, bool attested,
                       const struct authority_walk *said,
                       const struct delegation_policy *policy, int *in_spc,
                       struct stir_error *error)
{
    struct coverage coverage = covers_all(path, 0, tn, said);
    struct stir_error above;
    int rc = 0;

    *in_spc = coverage.in_spc;
    if (coverage.list == NULL)
        return no_list(path->certificates[0], tn, error);
    if (attested)
        return 0;
    if (coverage.answer == STIR_NO
        || (coverage.answer == STIR_UNKNOWN && policy->unknown == SPC_UNKNOWN_INVALID))
        return out_of_scope(path, 0, tn, &coverage, error);
    error_clear(&above);
    if (policy->overhang == SPC_OVERHANG_CALLED)
        rc = check_all_above(path, tn, said, policy, &above);
    if (rc == STIR_CODE_ORIG_OUT_OF_SCOPE)
        return error_copy(error, &above);
    if (coverage.answer == STIR_UNKNOWN)
        return scope_unknown(path, 0, tn, &coverage, error);
    if (!path_lists(path, 0).complete) /* the number must be in both lists */
        return no_list(path->certificates[0], tn, error);
    return error_copy(error, &above);
}

/* ---- URIs ---- */

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool equal_ignoring_case(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

/* The domain a subjectAltName's URI stands for: sip:domain, and nothing else in it (RFC 5922
   section 7.1). NULL: it is no SIP domain. */
static const char *sip_domain(const char *uri)
{
    for (const char *scheme = "sip:"; *scheme != '\0'; scheme++, uri++)
        if (lower(*uri) != *scheme)
            return NULL;
    return *uri == '\0' || strpbrk(uri, "@;?/") != NULL ? NULL : uri;
}

/* Domains are equal or not: a wildcard is none (RFC 5922 section 7.2). */
static bool is_domain(const char *name, const char *domain)
{
    return domain[0] != '\0' && strchr(domain, '*') == NULL
           && equal_ignoring_case(name, domain);
}

/* SIP URIs decide where there are any, otherwise DNS names, and the common name only of a
   certificate that has neither a subjectAltName nor a list: the name of one with a list says
   nothing of domains. */
static bool has_domain(const struct stir_certificate *signer, const char *domain)
{
    bool any_sip = false, found = false;

    for (size_t i = 0; i < signer->n_uris; i++) {
        const char *name = sip_domain(signer->uris[i]);
        any_sip |= name != NULL;
        found |= name != NULL && is_domain(name, domain);
    }
    if (any_sip)
        return found;
    for (size_t i = 0; i < signer->n_dns_names; i++)
        found |= is_domain(signer->dns_names[i], domain);
    if (signer->has_alternative_names || certificate_is_listed(signer))
        return found;
    return signer->common_name != NULL && is_domain(signer->common_name, domain);
}

int authority_check_uri(const struct path *path, const char *uri, struct stir_error *error)
{
    const struct stir_certificate *signer = path->certificates[0];
    const char *domain = uri_host(uri);
    char name[CERTIFICATE_NAME_SIZE], room[SHOWN_SIZE];

    if (domain == NULL)
        return error_set_at(error, STIR_CODE_NO_URI_AUTHORITY, 0,
                            "%s: %s has no domain that a certificate could name "
                            "(RFC 8224 section 8.4)",
                            certificate_name(name, signer, 0), shown(room, uri, strlen(uri)));
    if (has_domain(signer, domain))
        return 0;
    return error_set_at(error, STIR_CODE_NO_URI_AUTHORITY, 0,
                        "%s: its subjectAltName does not name the domain %s "
                        "(RFC 5922 section 7.2)",
                        certificate_name(name, signer, 0), shown(room, domain, strlen(domain)));
}
