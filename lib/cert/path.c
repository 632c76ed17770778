/* The path as a value: built in the order that policy asks for, copied, asked for its times. */
#include "cert/path.h"

#include "base/clock.h"
#include "cert/name_canonical.h"
#include "cert/path_build.h"

void path_free(struct path *path)
{
    for (size_t i = 0; i < path->n; i++)
        certificate_free(path->certificates[i]);
    *path = (struct path){0};
}

void path_copy(struct path *to, const struct path *from)
{
    *to = (struct path){.anchored = from->anchored, .reference_only = from->reference_only};
    for (; to->n < from->n; to->n++)
        to->certificates[to->n] = certificate_ref(from->certificates[to->n]);
}

struct path_lists path_lists(const struct path *path, size_t depth)
{
    const struct stir_certificate *certificate = path->certificates[depth];
    bool by_reference = certificate->n_references > 0;
    struct path_lists lists = {.complete = !by_reference || certificate->fetched != NULL};

    if (certificate->scope != NULL && !(by_reference && path->reference_only))
        lists.scopes[lists.n++] = certificate->scope;
    if (certificate->fetched != NULL)
        lists.scopes[lists.n++] = certificate->fetched;
    return lists;
}

bool path_is_delegated(const struct path *path)
{
    for (size_t i = 1; i < path->n; i++)
        if (certificate_is_listed(path->certificates[i]))
            return true;
    return false;
}

/* ---- building ---- */

void path_push(struct path_walk *walk, const struct stir_certificate *certificate)
{
    walk->certificates[walk->n++] = certificate;
}

/* A list that could not be read is one all the same: order must not hinge on its octets. */
static bool has_list(const struct stir_certificate *certificate)
{
    return certificate_is_listed(certificate)
           || certificate->fault.code == STIR_CODE_TNAUTHLIST_SYNTAX
           || certificate->fault.code == STIR_CODE_TNAUTHLIST_REFERENCE;
}

static bool is_delegation(const struct stir_chain *chain)
{
    for (size_t i = 1; i < chain->n; i++)
        if (has_list(chain->certificates[i]))
            return true;
    return false;
}

static int walk_path(struct path_walk *walk, enum path_order order, bool *ordered,
                     struct stir_error *error)
{
    *ordered =
        order == PATH_ORDER_ANY || (order == PATH_ORDER_AUTO && !is_delegation(walk->chain));
    if (!*ordered)
        return path_strict(walk, error);
    int rc = path_any(walk, error);
    if (rc != 0 || order == PATH_ORDER_ANY || !has_list(walk->certificates[walk->n - 1]))
        return rc;
    *ordered = false;
    return path_strict(walk, error);
}

/* authorityCertIssuer and serial say which certificate of the issuer the child was made under,
   where it may have several. Names other than one directoryName are not compared. */
static bool names_another(const struct stir_certificate *child,
                          const struct stir_certificate *issuer)
{
    struct der_element name;

    if (child->akid_serial.data == NULL)
        return false;
    if (!der_equal(child->akid_serial, issuer->serial))
        return true;
    return der_only(child->akid_issuer, DER_CONTEXT(4), &name) == 0
           && !name_canonical_equal(name.content, issuer->issuer);
}

/* What reading each certificate left to be said, and what is odd between two. */
static int warn(const struct path_walk *walk, struct warnings *warnings)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < walk->n; i++) {
        const struct stir_certificate *certificate = walk->certificates[i];
        char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE];
        rc = warnings_add_all(warnings, &certificate->warnings);
        if (rc != 0 || i + 1 == walk->n
            || !names_another(certificate, walk->certificates[i + 1]))
            continue;
        rc =
            warnings_add(warnings, WARNING_AKID_ISSUER_DIFFERS,
                         "%s names its issuer's certificate by another issuer or serial number "
                         "than %s has",
                         certificate_name(name, certificate, (int)i),
                         certificate_name(above, walk->certificates[i + 1], (int)i + 1));
    }
    return rc;
}

int path_build_some(struct path *path, const struct stir_chain *chain,
                    const struct anchors *anchors, enum path_order order, int64_t now,
                    struct path_signatures *known, size_t *budget, struct warnings *warnings,
                    struct stir_error *error)
{
    struct path_names names;
    struct path_walk walk = {.chain = chain,
                             .anchors = anchors,
                             .names = &names,
                             .now = now,
                             .known = known,
                             .budget = budget};
    bool ordered;

    *path = (struct path){0};
    if (chain->fault.code != 0)
        return error_copy(error, &chain->fault);
    if (chain->n == 0)
        return error_set(error, STIR_CODE_X5U_BODY, "the list holds no certificate");
    int rc = path_names_make(&names, chain);
    if (rc < 0)
        return error_set(error, rc, "the names in the list could not be hashed");
    rc = walk_path(&walk, order, &ordered, error);
    if (rc == BUDGET_GONE)
        return rc;
    for (; path->n < walk.n; path->n++)
        path->certificates[path->n] = certificate_ref(walk.certificates[path->n]);
    if (rc != 0)
        return rc;
    path->anchored = true;
    if (ordered)
        rc = path_any_warn(&walk, warnings);
    if (rc == 0)
        rc = warn(&walk, warnings);
    return rc == 0 ? 0 : error_no_memory(error);
}

int path_build(struct path *path, const struct stir_chain *chain, const struct anchors *anchors,
               enum path_order order, int64_t now, struct warnings *warnings,
               struct stir_error *error)
{
    struct path_signatures known = {.made = 0};
    size_t all = SIZE_MAX;

    return path_build_some(path, chain, anchors, order, now, &known, &all, warnings, error);
}

/* ---- times ---- */

static int check_end(const struct stir_certificate *certificate, size_t depth, int64_t at,
                     struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], end[CLOCK_TEXT_SIZE], then[CLOCK_TEXT_SIZE];

    if (at <= certificate->not_after)
        return 0;
    return error_set_at(error, STIR_CODE_CERT_EXPIRED, (int)depth,
                        "%s was valid until %s, before %s (RFC 5280 section 4.1.2.5)",
                        certificate_name(name, certificate, (int)depth),
                        clock_text(end, certificate->not_after), clock_text(then, at));
}

static int check_begin(const struct stir_certificate *certificate, size_t depth, int64_t at,
                       struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], begin[CLOCK_TEXT_SIZE], then[CLOCK_TEXT_SIZE];

    if (at >= certificate->not_before)
        return 0;
    return error_set_at(error, STIR_CODE_CERT_NOT_YET_VALID, (int)depth,
                        "%s is valid from %s, after %s (RFC 5280 section 4.1.2.5)",
                        certificate_name(name, certificate, (int)depth),
                        clock_text(begin, certificate->not_before), clock_text(then, at));
}

static int check_all(const struct path *path, int64_t now, int64_t signed_at,
                     int (*check)(const struct stir_certificate *, size_t, int64_t,
                                  struct stir_error *),
                     struct stir_error *error)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < path->n; i++) {
        rc = check(path->certificates[i], i, now, error);
        if (rc == 0 && i == 0)
            rc = check(path->certificates[0], 0, signed_at, error);
    }
    return rc;
}

int path_check_times(const struct path *path, int64_t now, int64_t signed_at,
                     struct warnings *warnings, struct stir_error *error)
{
    int rc = check_all(path, now, signed_at, check_end, error);

    if (rc == 0)
        rc = check_all(path, now, signed_at, check_begin, error);
    for (size_t i = 0; rc == 0 && i + 1 < path->n; i++) {
        char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE];
        if (path->certificates[i]->not_after <= path->certificates[i + 1]->not_after)
            continue;
        if (warnings_add(warnings, WARNING_NOT_AFTER_BEYOND_ISSUER,
                         "%s would be valid longer than %s, its issuer",
                         certificate_name(name, path->certificates[i], (int)i),
                         certificate_name(above, path->certificates[i + 1], (int)i + 1))
            != 0)
            rc = error_no_memory(error);
    }
    return rc;
}
