/* What a CA must see to before it issues. */
#include "rules/issuance.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cert/name_canonical.h"

/* The names of a certificate and of its issuer, for sentences. */
struct names {
    char own[CERTIFICATE_NAME_SIZE], issuer[CERTIFICATE_NAME_SIZE];
};

static const char *name_at(const struct path *path, size_t depth,
                           char room[CERTIFICATE_NAME_SIZE])
{
    return certificate_name(room, path->certificates[depth], (int)depth);
}

int issuance_check_key(const struct path *path, struct stir_error *error)
{
    const struct stir_certificate *certificate = path->certificates[0];
    char name[CERTIFICATE_NAME_SIZE];

    if (certificate->key != NULL && public_key_kind(certificate->key) == KEY_P256)
        return 0;
    return error_set_at(
        error, certificate->ca ? STIR_CODE_CERT_ALGORITHM : STIR_CODE_SIGNER_KEY, 0,
        "%s: wanted a P-256 key, found %s (RFC 8226 section 4)", name_at(path, 0, name),
        certificate->key == NULL ? "none" : public_key_name(certificate->key));
}

/* ---- Claim constraints ----------------------------------------------------------------- */

static bool names_claim(const struct claim_names *names, const char *claim)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->names[i], claim) == 0)
            return true;
    return false;
}

/* iat, orig or dest, which every PASSporT has; NULL: none of them is named. */
static const char *find_baseline(const struct claim_names *names)
{
    static const char *const baseline[] = {"iat", "orig", "dest"};

    for (size_t i = 0; i < sizeof baseline / sizeof *baseline; i++)
        if (names_claim(names, baseline[i]))
            return baseline[i];
    return NULL;
}

int issuance_check_constraints(const struct path *path, struct stir_error *error)
{
    const struct stir_certificate *certificate = path->certificates[0];
    char name[CERTIFICATE_NAME_SIZE];

    if (!certificate->constraints.present)
        return 0;
    if (certificate->ca)
        return error_set_at(error, STIR_CODE_CONSTRAINTS_SYNTAX, 0,
                            "%s: claim constraints are for end entities, and this is a CA (RFC "
                            "8226 section 8)",
                            name_at(path, 0, name));
    const char *baseline = find_baseline(&certificate->constraints.must_exclude);
    if (baseline != NULL)
        return error_set_at(error, STIR_CODE_CONSTRAINTS_SYNTAX, 0,
                            "%s: mustExclude names %s, which would void all its constraints "
                            "(RFC 9118 section 3)",
                            name_at(path, 0, name), baseline);
    return 0;
}

/* ---- Issuers --------------------------------------------------------------------------- */

static int check_name(const struct path *path, size_t depth, struct stir_error *error)
{
    const struct stir_certificate *child = path->certificates[depth];
    const struct stir_certificate *issuer = path->certificates[depth + 1];
    struct names names;

    if (name_canonical_equal(child->issuer, issuer->subject))
        return 0;
    return error_set_at(error, STIR_CODE_PATH_ORDER, (int)depth,
                        "%s is not the issuer of %s, which must come next (RFC 9060 section 7)",
                        name_at(path, depth + 1, names.issuer),
                        name_at(path, depth, names.own));
}

int issuance_check_issuers(const struct path *path, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if (path->n > 1 && path->certificates[1]->skid.data == NULL)
        return error_set_at(error, STIR_CODE_SKID_MISSING, 1,
                            "%s has no subject key identifier, which what it issues must name "
                            "(RFC 9060 section 7)",
                            name_at(path, 1, name));
    for (size_t depth = 0; depth + 1 < path->n; depth++) {
        const struct stir_certificate *child = path->certificates[depth];
        const struct stir_certificate *issuer = path->certificates[depth + 1];
        int rc = check_name(path, depth, error);
        /* The last one may be an anchor, whose identifiers nobody asks for. */
        if (rc == 0)
            rc = path_check_pair(child, issuer, depth, depth + 2 == path->n, error);
        if (rc == 0 && depth > 0)
            rc = path_check_signature(child, issuer, depth, error);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* The CAs that a limit counts: not those that only renew a name's key. */
static bool counts(const struct stir_certificate *certificate)
{
    return certificate->ca && !certificate_is_self_issued(certificate);
}

int issuance_check_path_length(const struct path *path, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];
    int below = 0;

    for (size_t depth = 0; depth < path->n; depth++) {
        int limit = path->certificates[depth]->path_length;
        if (depth > 0 && limit >= 0 && below > limit)
            return error_set_at(error, STIR_CODE_PATH_LENGTH, (int)depth,
                                "%s: allows %d CAs below it, and this would be %d (RFC 5280 "
                                "section 4.2.1.9)",
                                name_at(path, depth, name), limit, below);
        below += counts(path->certificates[depth]);
    }
    return 0;
}

/* ---- Times ----------------------------------------------------------------------------- */

static int check_issuer_times(const struct path *path, size_t depth, int64_t now,
                              struct stir_error *error)
{
    const struct stir_certificate *issuer = path->certificates[depth];
    char name[CERTIFICATE_NAME_SIZE], end[CLOCK_TEXT_SIZE], then[CLOCK_TEXT_SIZE];

    clock_text(then, now);
    if (now > issuer->not_after)
        return error_set_at(error, STIR_CODE_CERT_EXPIRED, (int)depth,
                            "%s: expired at %s, and it is %s (RFC 5280 section 4.1.2.5)",
                            name_at(path, depth, name), clock_text(end, issuer->not_after),
                            then);
    if (now < issuer->not_before)
        return error_set_at(error, STIR_CODE_CERT_NOT_YET_VALID, (int)depth,
                            "%s: is valid from %s, and it is %s (RFC 5280 section 4.1.2.5)",
                            name_at(path, depth, name), clock_text(end, issuer->not_before),
                            then);
    return 0;
}

static int check_own_times(const struct path *path, struct stir_error *error)
{
    const struct stir_certificate *own = path->certificates[0];
    char from[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    struct names names;

    name_at(path, 0, names.own);
    clock_text(until, own->not_after);
    if (own->not_after < own->not_before)
        return error_set_at(error, STIR_CODE_CERT_EXPIRED, 0,
                            "%s: would end at %s, before it begins at %s (RFC 5280 section "
                            "4.1.2.5)",
                            names.own, until, clock_text(from, own->not_before));
    if (path->n > 1 && own->not_after > path->certificates[1]->not_after)
        return error_set_at(error, STIR_CODE_CERT_EXPIRED, 0,
                            "%s: would end at %s, after %s, which ends at %s (RFC 5280 section "
                            "6.1)",
                            names.own, until, name_at(path, 1, names.issuer),
                            clock_text(from, path->certificates[1]->not_after));
    return 0;
}

int issuance_check_times(const struct path *path, int64_t now, struct stir_error *error)
{
    for (size_t depth = 1; depth < path->n; depth++) {
        int rc = check_issuer_times(path, depth, now, error);
        if (rc != 0)
            return rc;
    }
    return check_own_times(path, error);
}

/* ---- Warnings -------------------------------------------------------------------------- */

static int warn_of_constraints(const struct path *path, struct warnings *warnings)
{
    const struct claim_constraints *constraints = &path->certificates[0]->constraints;
    const struct claim_names *must_include = &constraints->must_include;
    char name[CERTIFICATE_NAME_SIZE], claim[SHOWN_SIZE];
    const char *baseline = find_baseline(must_include);
    int rc = 0;

    name_at(path, 0, name);
    for (size_t i = 0; i < must_include->n && rc == 0; i++)
        if (names_claim(&constraints->must_exclude, must_include->names[i]))
            rc = warnings_add(
                warnings, WARNING_CONSTRAINTS_CONTRADICT,
                "%s: demands and forbids %s, so no token will pass (RFC 9118 section 8)", name,
                shown(claim, must_include->names[i], strlen(must_include->names[i])));
    if (rc == 0 && names_claim(&constraints->must_exclude, "rcdi"))
        rc = warnings_add(
            warnings, WARNING_MUST_EXCLUDE_RCDI,
            "%s: forbids rcdi, which protects rich call data (RFC 9118 section 8)", name);
    if (rc == 0 && baseline != NULL)
        rc = warnings_add(warnings, WARNING_MUST_INCLUDE_BASELINE,
                          "%s: demands %s, which every PASSporT has (RFC 8226 section 8)", name,
                          baseline);
    return rc;
}

int issuance_warn(const struct path *path, struct warnings *warnings)
{
    const struct stir_certificate *certificate = path->certificates[0];
    char name[CERTIFICATE_NAME_SIZE];
    int rc = warn_of_constraints(path, warnings);

    if (rc == 0 && certificate->serial.len < 8)
        rc = warnings_add(
            warnings, WARNING_SHORT_SERIAL,
            "%s: a serial number of %zu octets, where 8 or more keep it from being "
            "foretold",
            name_at(path, 0, name), certificate->serial.len);
    return rc;
}
