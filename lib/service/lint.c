/*
 * stir_lint(): what a profile has to say of certificates, lists of them, revocation lists and
 * TNAuthLists, one row a finding.
 *
 * The rules of profiles are rules/profile's; here are those between the certificates of a list,
 * which a path insists on and tells one at a time. No clock is read and no anchor asked: what
 * depends on when or on whom somebody trusts is for a precheck.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/limits.h"
#include "base/text.h"
#include "cert/crl.h"
#include "cert/name_canonical.h"
#include "cert/pem_list.h"
#include "cert/tnauthlist.h"
#include "rules/delegation.h"
#include "rules/issuance.h"
#include "rules/profile.h"
#include "rules/profile_crl.h"
#include "service/content.h"
#include "service/lint_parts.h"
#include "service/rows.h"

/* ---- Certificates ---- */

/* A file that begins with a self-signed certificate is a bundle of anchors. */
static bool is_list(const struct lint *lint)
{
    return lint->n > 1 && !certificate_is_self_issued(lint->certificates[0]);
}

static bool is_path(const struct lint *lint)
{
    return is_list(lint) && lint->n <= LIMIT_CERTIFICATES;
}

static int lint_certificate(struct lint *lint, size_t depth)
{
    const struct stir_certificate *certificate = lint->certificates[depth];
    unsigned position = is_path(lint) ? profile_position(lint->certificates, lint->n, depth)
                                      : profile_position(&lint->certificates[depth], 1, 0);
    char name[CERTIFICATE_NAME_SIZE];
    int rc = 0;

    lint->where = certificate_name(name, certificate, (int)depth);
    if (certificate->fault.code != 0)
        rc = lint_add_judged(lint, SEVERITY_ERROR, &certificate->fault);
    for (size_t i = 0; rc == 0 && i < certificate->warnings.n; i++)
        rc = lint_add_warning(lint, certificate->warnings.lines[i]);
    if (rc == 0)
        rc = profile_check(certificate, position, lint->profile, lint_add_finding, lint);
    lint->where = NULL;
    return rc;
}

/* What the profile says of either certificate is not said of the two again. */
static bool is_said_of_one(int code)
{
    return code == STIR_CODE_KEY_USAGE || code == STIR_CODE_AKID_MISSING
           || code == STIR_CODE_SKID_MISSING;
}

/* A certificate that cannot be read is nobody's issuer and nobody's child. */
static bool is_readable(const struct stir_certificate *certificate)
{
    return certificate->fault.code != STIR_CODE_CERT_SYNTAX && certificate->key != NULL;
}

static int lint_order(struct lint *lint, size_t depth)
{
    const struct stir_certificate *child = lint->certificates[depth];
    const struct stir_certificate *issuer = lint->certificates[depth + 1];

    if (name_canonical_equal(child->issuer, issuer->subject))
        return 0;
    char name[CERTIFICATE_NAME_SIZE];
    certificate_name(name, issuer, (int)depth + 1);
    int rc = lint_add(lint, SEVERITY_ERROR, "path-order", "its issuer's certificate next", name,
                      "RFC 9060 section 7");
    return rc < 0 ? rc : 1;
}

static int lint_pair(struct lint *lint, size_t depth)
{
    const struct stir_certificate *child = lint->certificates[depth];
    const struct stir_certificate *issuer = lint->certificates[depth + 1];
    struct stir_error judged;
    int rc = 0;

    error_clear(&judged);
    if (path_check_pair(child, issuer, depth, false, &judged) > 0
        && !is_said_of_one(judged.code))
        rc = lint_add_judged(lint, SEVERITY_ERROR, &judged);
    error_clear(&judged);
    if (rc == 0 && child->signature_kind != SIGNATURE_UNSUPPORTED
        && path_check_signature(child, issuer, depth, &judged) > 0)
        rc = lint_add_judged(lint, SEVERITY_ERROR, &judged);
    if (rc == 0 && child->not_after > issuer->not_after) {
        char wanted[CLOCK_TEXT_SIZE], found[CLOCK_TEXT_SIZE];
        rc = lint_add(lint, SEVERITY_WARNING, "not-after-beyond-issuer",
                      clock_text(wanted, issuer->not_after),
                      clock_text(found, child->not_after), "RFC 5280 section 6.1");
    }
    return rc;
}

static int lint_pairs(struct lint *lint)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i + 1 < lint->n; i++) {
        char name[CERTIFICATE_NAME_SIZE];
        if (!is_readable(lint->certificates[i]) || !is_readable(lint->certificates[i + 1]))
            continue;
        lint->where = certificate_name(name, lint->certificates[i], (int)i);
        rc = lint_order(lint, i);
        if (rc == 0)
            rc = lint_pair(lint, i);
        rc = rc > 0 ? 0 : rc;
        lint->where = NULL;
    }
    return rc;
}

/* A rule over the whole path, if it found something. */
static int add_of_path(struct lint *lint, enum severity severity,
                       const struct stir_error *judged)
{
    char name[CERTIFICATE_NAME_SIZE];
    size_t depth = judged->depth >= 0 ? (size_t)judged->depth : 0;

    if (judged->code == 0)
        return 0;
    if (judged->code < 0)
        return error_copy(lint->error, judged);
    lint->where = certificate_name(name, lint->certificates[depth], (int)depth);
    int rc = lint_add_judged(lint, severity, judged);
    lint->where = NULL;
    return rc;
}

/* Without SPC data: what rests on it is a notice. */
static int lint_delegation(struct lint *lint, const struct path *path)
{
    const struct delegation_policy policy = {SPC_UNKNOWN_INDETERMINATE,
                                             SPC_OVERHANG_CERTIFICATE, false};
    struct stir_error judged;

    error_clear(&judged);
    delegation_check_gaps(path, &judged);
    int rc = add_of_path(lint, SEVERITY_ERROR, &judged);
    if (rc < 0)
        return rc;
    error_clear(&judged);
    delegation_check_encompassed(path, 0, NULL, -1, &policy, NULL, &judged);
    return add_of_path(
        lint, judged.code == STIR_CODE_ENCOMPASS_UNKNOWN ? SEVERITY_NOTICE : SEVERITY_ERROR,
        &judged);
}

static int lint_path(struct lint *lint)
{
    struct path path = {.n = lint->n}; /* borrows */
    struct stir_error judged;

    memcpy(path.certificates, lint->certificates, lint->n * sizeof *path.certificates);
    error_clear(&judged);
    issuance_check_path_length(&path, &judged);
    int rc = add_of_path(lint, SEVERITY_ERROR, &judged);
    return rc < 0 ? rc : lint_delegation(lint, &path);
}

/* What each should be to the next. A list that begins with a CA is what an issuer has. */
static int lint_list(struct lint *lint)
{
    struct stir_error judged;

    if (!is_list(lint))
        return 0;
    lint->where = "list";
    if (!is_path(lint)) {
        error_clear(&judged);
        error_set(&judged, STIR_CODE_LIST_TOO_LONG,
                  "the certificate list has %zu certificates, wanted: at most %d", lint->n,
                  LIMIT_CERTIFICATES);
        return lint_add_judged(lint, SEVERITY_ERROR, &judged);
    }
    int rc = 0;
    if (lint->certificates[0]->ca)
        rc = lint_add(lint, SEVERITY_NOTICE, "signer-is-ca",
                      "an end entity first, where it is the list at an x5u", "a CA",
                      "RFC 9060 section 7");
    lint->where = NULL;
    if (rc == 0)
        rc = lint_pairs(lint);
    return rc == 0 ? lint_path(lint) : rc;
}

/* Takes der. */
static int take_certificate(void *arg, uint8_t *der, size_t len)
{
    struct lint *lint = arg;

    if (lint->n == LIMIT_LINT_CERTIFICATES) {
        free(der);
        return error_set(lint->error, STIR_E_LIMIT,
                         "there are more than %d certificates, which are not looked at",
                         LIMIT_LINT_CERTIFICATES);
    }
    int rc = certificate_take(der, len, &es256_gnutls, &lint->certificates[lint->n]);
    if (rc == 0)
        lint->n++;
    return rc == STIR_E_NOMEM ? error_no_memory(lint->error) : rc;
}

static int copy_certificate(struct lint *lint, const void *der, size_t len)
{
    uint8_t *copy = (uint8_t *)text_copy(der, len);

    return copy == NULL ? error_no_memory(lint->error) : take_certificate(lint, copy, len);
}

static int skip_certificate(void *arg, uint8_t *der, size_t len)
{
    (void)arg, (void)len;
    free(der);
    return 0;
}

/* Is the PEM what a verifier takes from an x5u (R8555-9.1-1, A-22)? */
static int lint_pem(struct lint *lint, const char *pem, size_t len)
{
    struct stir_error judged;

    error_clear(&judged);
    int rc = pem_list_each(pem, len, false, skip_certificate, NULL, &judged);
    if (rc == STIR_E_NOMEM)
        return error_no_memory(lint->error);
    lint->where = "list";
    rc = rc > 0 ? lint_add_judged(lint, SEVERITY_WARNING, &judged) : 0;
    lint->where = NULL;
    return rc;
}

static int lint_certificates(struct lint *lint)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < lint->n; i++)
        rc = lint_certificate(lint, i);
    return rc == 0 ? lint_list(lint) : rc;
}

/* ---- TNAuthLists ---- */

static int lint_tnauthlist(struct lint *lint, const void *der, size_t len)
{
    struct stir_scope *scope = NULL;
    struct stir_error judged;
    bool unknown = false;

    error_clear(&judged);
    lint->where = "TNAuthList";
    int rc = tnauthlist_parse((struct der){der, len}, &scope, &unknown, &judged);
    if (rc > 0)
        return lint_add_judged(lint, SEVERITY_ERROR, &judged);
    if (rc < 0)
        return error_no_memory(lint->error);
    if (unknown)
        rc = lint_add(lint, SEVERITY_WARNING, warning_name(WARNING_UNKNOWN_RANGE_EXTENSION),
                      "start and count alone", "members behind count", "RFC 8226 section 9");
    if (rc == 0)
        rc = profile_check_scope(scope, lint->profile, lint_add_finding, lint);
    scope_free(scope);
    return rc;
}

/* ---- Revocation lists ---- */

/* Its signature is nobody's to check here, and how old it is a precheck's to say. */
static int lint_crl(struct lint *lint, const void *der, size_t len)
{
    char name[CRL_NAME_SIZE];
    struct stir_error judged;
    struct crl *crl = NULL;

    error_clear(&judged);
    lint->where = "CRL";
    int rc = crl_new((struct der){der, len}, "", &crl, &judged);
    if (rc == STIR_E_NOMEM)
        return error_no_memory(lint->error);
    if (rc < 0)
        return lint_add(lint, SEVERITY_ERROR, "crl-syntax", NULL, judged.text, NULL);
    lint->where = crl_name(name, crl);
    rc = profile_check_crl(crl, lint->profile, lint_add_finding, lint);
    lint->where = NULL;
    crl_free(crl);
    return rc;
}

static int lint_crl_block(void *arg, uint8_t *der, size_t len)
{
    int rc = lint_crl(arg, der, len);

    free(der);
    return rc;
}

/* ---- By content ---- */

static int lint_content(struct lint *lint, const void *data, size_t len)
{
    int content = content_of(data, len, lint->error), rc = 0;

    switch (content) {
    case CONTENT_CERTIFICATES_PEM:
        rc = lint_pem(lint, data, len);
        if (rc == 0)
            rc = pem_list_each(data, len, true, take_certificate, lint, lint->error);
        return rc == 0 ? lint_certificates(lint) : rc;
    case CONTENT_CERTIFICATE:
        rc = copy_certificate(lint, data, len);
        return rc == 0 ? lint_certificates(lint) : rc;
    case CONTENT_CRL_PEM:
        return pem_blocks_each(data, len, PEM_CRL, true, lint_crl_block, lint, lint->error);
    case CONTENT_CRL:
        return lint_crl(lint, data, len);
    case CONTENT_TNAUTHLIST:
        return lint_tnauthlist(lint, data, len);
    case CONTENT_LINES:
        return lint_tokens(lint, data, len);
    default:
        return content < 0
                   ? content
                   : error_set(lint->error, STIR_E_SYNTAX,
                               "wanted certificates, a revocation list, a TNAuthList, a "
                               "PASSporT or an Identity value");
    }
}

/* What is broken as a whole (bad base64, too many) is bad input, not a finding. */
static int as_syntax(struct stir_error *error, int rc)
{
    if (rc <= 0)
        return rc;
    if (error != NULL)
        error->code = STIR_E_SYNTAX;
    return STIR_E_SYNTAX;
}

struct stir_rows *stir_lint(const void *data, size_t len, const char *profile,
                            struct stir_error *error)
{
    char room[SHOWN_SIZE];

    error_clear(error);
    if (data == NULL) {
        error_null(error, "data");
        return NULL;
    }
    int which = profile == NULL ? PROFILE_RFC : profile_of_name(profile);
    if (which < 0) {
        error_set(error, STIR_E_ARGUMENT, "profile: wanted rfc, atis80 or atis92, found \"%s\"",
                  shown(room, profile, strlen(profile)));
        return NULL;
    }
    struct lint lint = {rows_new(lint_columns), (enum profile)which, error, NULL, {NULL}, 0};
    int rc =
        lint.rows == NULL
            ? error_no_memory(error)
            : as_syntax(error, lint_content(&lint, data, len == STIR_NUL ? strlen(data) : len));
    for (size_t i = 0; i < lint.n; i++)
        certificate_free(lint.certificates[i]);
    if (rc != 0) {
        error_set(error, rc, "it could not be looked at"); /* unless more is known */
        stir_rows_free(lint.rows);
        return NULL;
    }
    return lint.rows;
}
