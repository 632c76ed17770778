/* One certificate on its way to be issued. */
#include "service/issuing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "crypto/random.h"
#include "rules/delegation.h"
#include "rules/issuance.h"

enum {
    DAY = 86400,
    /* How long a certificate lasts where nobody said, or its issuer's end if that is sooner. */
    DAYS_ISSUED = 365,
    DAYS_ROOT = 3650,
    /* 127 random bits, the first of them 1: always 16 octets, and positive. */
    SERIAL_SIZE = 16
};

/* ---- The draft ------------------------------------------------------------------------- */

void issuing_free(struct issuing *issuing)
{
    path_free(&issuing->path);
    snapshot_free(issuing->snapshot);
    result_free(issuing->result);
}

static const struct stir_certificate *parent_of(const struct issuing *issuing)
{
    const struct stir_chain *chain = issuing->issuer->chain;

    return chain == NULL || chain->n == 0 ? NULL : chain->certificates[0];
}

/* A given one gets the zero octet before it that keeps it positive. */
static int draft_serial(struct issuing *issuing, struct stir_error *error)
{
    const struct stir_request *request = issuing->request;
    uint8_t *serial = issuing->serial;
    size_t len = SERIAL_SIZE;

    if (request->serial_len > 0) {
        size_t zero = request->serial[0] >= 0x80;
        len = request->serial_len + zero;
        serial[0] = 0;
        memcpy(serial + zero, request->serial, request->serial_len);
    } else {
        if (random_octets(serial, len) < 0)
            return error_set(error, STIR_E_INTERNAL, "issuer: no random octets to be had");
        serial[0] = (uint8_t)((serial[0] & 0x7F) | 0x40);
    }
    issuing->draft.serial = (struct der){serial, len};
    return 0;
}

static void draft_times(struct issuing *issuing)
{
    const struct stir_request *request = issuing->request;
    const struct stir_certificate *parent = parent_of(issuing);
    struct certificate_draft *draft = &issuing->draft;
    int days = request->days > 0 ? request->days : parent != NULL ? DAYS_ISSUED : DAYS_ROOT;

    draft->not_before = request->has_not_before ? request->not_before : issuing->now;
    draft->not_after = draft->not_before + (int64_t)days * DAY;
    if (request->has_not_after)
        draft->not_after = request->not_after;
    else if (request->days == 0 && parent != NULL && parent->not_after < draft->not_after)
        draft->not_after = parent->not_after;
}

/* An issuer without SKI is refused; where that is overridden, its key stands for it. */
static void draft_akid(struct issuing *issuing)
{
    const struct stir_certificate *parent = parent_of(issuing);

    if (parent == NULL)
        return;
    issuing->draft.akid = parent->skid;
    if (parent->skid.data == NULL && certificate_key_id(parent->spki, issuing->akid) == 0)
        issuing->draft.akid = (struct der){issuing->akid, sizeof issuing->akid};
}

static int draft_all(struct issuing *issuing, struct stir_error *error)
{
    const struct stir_request *request = issuing->request;
    const struct stir_certificate *parent = parent_of(issuing);
    struct certificate_draft *draft = &issuing->draft;

    draft->subject = (struct der){request->subject, request->subject_len};
    draft->issuer = parent != NULL ? parent->subject : draft->subject;
    draft->spki = (struct der){request->spki, request->spki_len};
    draft->ca = request->ca_given ? request->ca : issuing->issuer->chain == NULL;
    /* Of a wish to be a CA that is not granted, the limit goes with it. */
    draft->path_length = draft->ca || !request->ca_asked ? request->path_length : -1;
    draft->scope = request->scope;
    draft->constraints = &request->constraints;
    draft->tnauthlist_url = request->tnauthlist_url;
    draft->crl_url = request->crl_url;
    draft->crl_issuer = (struct der){request->crl_issuer, request->crl_issuer_len};
    draft->policies = (struct der){request->policies.data, request->policies.len};
    draft_times(issuing);
    draft_akid(issuing);
    return draft_serial(issuing, error);
}

/* ---- What keeps a certificate from being written at all ---------------------------------- */

/* None of these can be overridden. */
static int check_writable(const struct issuing *issuing, struct stir_error *error)
{
    const struct stir_issuer *issuer = issuing->issuer;
    const struct stir_chain *chain = issuer->chain;
    const struct stir_certificate *parent = parent_of(issuing);

    if (certificate_signature_by(key_kind(issuer->key)) == SIGNATURE_UNSUPPORTED)
        return error_set_at(error, STIR_CODE_CERT_ALGORITHM, parent == NULL ? 0 : 1,
                            "issuer: wanted an ECDSA key on P-256, P-384 or P-521, or an RSA "
                            "key of 2048 to 8192 bits (RFC 8226 section 4)");
    if (chain != NULL && chain->fault.code != 0)
        return error_copy(error, &chain->fault);
    if (chain != NULL && parent == NULL)
        return error_set(error, STIR_CODE_X5U_BODY, "issuer: no certificate in its chain");
    if (chain != NULL && chain->n >= LIMIT_CERTIFICATES)
        return error_set(error, STIR_CODE_LIST_TOO_LONG,
                         "issuer: with %zu certificates above it, a list would be longer than "
                         "%d",
                         chain->n, LIMIT_CERTIFICATES);
    if (parent != NULL && (parent->subject.data == NULL || parent->key == NULL))
        return error_set_at(error, STIR_CODE_CERT_SYNTAX, 1, "certificate 1: %s",
                            parent->fault.text);
    if (issuing->request->subject == NULL)
        return error_set_at(error, STIR_CODE_CERT_SYNTAX, 0,
                            "request: it names no subject (RFC 5280 section 4.1.2.6)");
    return 0;
}

static int read_back(struct issuing *issuing, struct stir_error *error)
{
    const struct stir_chain *chain = issuing->issuer->chain;
    struct path *path = &issuing->path;
    void *der = NULL;
    size_t len;
    int rc;

    rc = certificate_write_unsigned(&issuing->draft,
                                    certificate_signature_by(key_kind(issuing->issuer->key)),
                                    &der, &len, error);
    if (rc < 0)
        return rc;
    rc = certificate_new(der, len, issuing->snapshot->es256, &path->certificates[0]);
    free(der);
    if (rc < 0)
        return error_set(error, rc, "issuer: the certificate could not be read back");
    path->n = 1;
    for (size_t i = 0; chain != NULL && i < chain->n; i++)
        path->certificates[path->n++] = certificate_ref(chain->certificates[i]);
    return 0;
}

/* ---- What may be overridden ------------------------------------------------------------ */

static int check_wishes(const struct issuing *issuing, struct stir_error *error)
{
    const struct stir_request *request = issuing->request;

    if (request->unwanted.code != 0)
        return error_copy(error, &request->unwanted);
    if (request->ca_asked && !request->ca_given)
        return error_set_at(
            error, STIR_CODE_SIGNER_IS_CA, 0,
            "request: it asks to be a CA, which takes its issuer's word: set ca "
            "to yes or no (RFC 9060 section 8.1)");
    if (issuing->issuer->chain == NULL && !issuing->draft.ca)
        return error_set_at(error, STIR_CODE_ISSUER_NOT_CA, 0,
                            "request: a root is a CA, and ca is no (RFC 5280 section 4.2.1.9)");
    if (issuing->draft.path_length >= 0 && !issuing->draft.ca)
        return error_set_at(error, STIR_CODE_PATH_LENGTH, 0,
                            "request: only a CA has a path length (RFC 5280 section 4.2.1.9)");
    return 0;
}

static int check_issuer_key(const struct issuing *issuing, struct stir_error *error)
{
    const struct stir_issuer *issuer = issuing->issuer;
    char name[CERTIFICATE_NAME_SIZE];
    size_t len;
    const void *spki = key_spki(issuer->key, &len);

    if (issuer->chain != NULL && !issuer->key_fits)
        return error_set_at(error, STIR_CODE_SIGNER_KEY, 1,
                            "%s: the issuer's key is not the one it names (RFC 5280 section "
                            "6.1)",
                            certificate_name(name, issuing->path.certificates[1], 1));
    if (issuer->chain == NULL && !der_equal((struct der){spki, len}, issuing->draft.spki))
        return error_set_at(error, STIR_CODE_SIGNER_KEY, 0,
                            "request: a root is signed with its own key, and the issuer's is "
                            "another (RFC 5280 section 3.2)");
    return 0;
}

static int check_faults(const struct issuing *issuing, struct stir_error *error)
{
    for (size_t depth = 0; depth < issuing->path.n; depth++) {
        int rc = certificate_fault(issuing->path.certificates[depth], (int)depth, error);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* Where the verifier has anchors, the chain must lead to one, which ends the path. */
static int check_anchor(struct issuing *issuing, struct stir_error *error)
{
    const struct anchors *anchors = &issuing->snapshot->in_force.anchors;
    struct path *path = &issuing->path;
    const struct stir_certificate *last = path->certificates[path->n - 1], *anchor;
    char name[CERTIFICATE_NAME_SIZE];

    if (path->n == 1 || anchors->n == 0 || anchors_same(anchors, last, issuing->now) != NULL)
        return 0;
    for (size_t i = 0;
         (anchor = anchors_by_subject(anchors, last->issuer, issuing->now, i)) != NULL; i++)
        if (certificate_is_signed_by(last, anchor->key) == 1) {
            path->certificates[path->n++] = certificate_ref(anchor);
            return 0;
        }
    return error_set_at(error, STIR_CODE_PATH_NO_ANCHOR, (int)path->n - 1,
                        "%s: is not issued by a configured anchor (RFC 9060 section 6)",
                        certificate_name(name, last, (int)path->n - 1));
}

/* What the SPC data says. To issue, an overhang is over-claiming whatever policy a verifier has,
   and not to know is left to the issuer, with a warning, unless policy says no. */
static int check_encompassed(struct issuing *issuing, struct stir_error *error)
{
    const struct delegation_policy *configured = &issuing->snapshot->policy.delegation;
    struct delegation_policy policy = {
        .unknown = configured->unknown == SPC_UNKNOWN_INVALID ? SPC_UNKNOWN_INVALID
                                                              : SPC_UNKNOWN_TRUST_ISSUER,
        .overhang = SPC_OVERHANG_CERTIFICATE,
    };

    return delegation_check_encompassed(&issuing->path, issuing->now, issuing->snapshot->spc,
                                        issuing->snapshot->policy.spc_db_max_age, &policy,
                                        &issuing->result->warnings, error);
}

/* A list by reference is not fetched here: what it holds is as unknown as missing SPC data. */
static int check_delegation(struct issuing *issuing, struct stir_error *error)
{
    struct stir_error found;
    int rc;

    error_clear(&found);
    rc = delegation_check_lists(&issuing->path, &found);
    if (rc == STIR_CODE_TNAUTHLIST_UNREACHABLE)
        rc =
            warnings_add(&issuing->result->warnings, WARNING_SCOPE_UNCHECKED, "%s", found.text);
    else if (rc != 0)
        error_copy(error, &found);
    return rc != 0 ? rc : check_encompassed(issuing, error);
}

static int check_path(struct issuing *issuing, struct stir_error *error)
{
    const struct path *path = &issuing->path;
    int rc = issuance_check_key(path, error);

    if (rc == 0)
        rc = check_faults(issuing, error);
    if (rc == 0)
        rc = issuance_check_constraints(path, error);
    if (rc == 0)
        rc = check_anchor(issuing, error);
    if (rc == 0)
        rc = issuance_check_issuers(path, error);
    if (rc == 0)
        rc = issuance_check_path_length(path, error);
    if (rc == 0)
        rc = issuance_check_times(path, issuing->now, error);
    return rc != 0 ? rc : check_delegation(issuing, error);
}

/* ---- Judging --------------------------------------------------------------------------- */

/* Entries of the set that a list will have. */
static size_t merged_entries(const struct stir_scope *scope)
{
    return scope->n_ranges + scope->n_spc_set + scope->n_literal_set;
}

static int warn(struct issuing *issuing, struct stir_error *error)
{
    struct warnings *warnings = &issuing->result->warnings;
    const struct stir_scope *scope = issuing->request->scope;
    int rc = issuance_warn(&issuing->path, warnings);

    if (rc == 0 && merged_entries(scope) < scope->n_entries)
        rc = warnings_add(warnings, WARNING_ENTRIES_MERGED,
                          "request: %zu entries adjoin or overlap, and are written as %zu",
                          scope->n_entries, merged_entries(scope));
    return rc < 0 ? error_no_memory(error) : 0;
}

static int begin(struct issuing *issuing, struct stir_error *error)
{
    const struct stir_issuer *issuer = issuing->issuer;

    if (issuer == NULL || issuing->request == NULL)
        return error_null(error, issuer == NULL ? "issuer" : "request");
    if (issuer->process != getpid())
        return error_set(error, STIR_E_FORKED,
                         "the issuer was made before fork(): make one in the child");
    if (issuer->verifier != NULL)
        issuing->snapshot = verifier_snapshot(issuer->verifier, error);
    else if ((issuing->snapshot = snapshot_default()) == NULL)
        return error_no_memory(error);
    if (issuing->snapshot == NULL)
        return STIR_E_FORKED;
    issuing->result = result_new(&issuing->snapshot->policy);
    if (issuing->result == NULL || scope_normalise(issuing->request->scope) < 0)
        return error_no_memory(error);
    issuing->result->is_precheck = true;
    return 0;
}

int issuing_judge(struct issuing *issuing, struct stir_error *error)
{
    struct stir_error found;
    int rc = begin(issuing, error);

    if (rc < 0)
        return rc;
    error_clear(&found);
    rc = check_writable(issuing, &found);
    issuing->writable = rc == 0;
    if (rc == 0)
        rc = draft_all(issuing, &found);
    if (rc == 0)
        rc = read_back(issuing, &found);
    if (rc == 0)
        rc = warn(issuing, &found);
    if (rc == 0)
        rc = check_wishes(issuing, &found);
    if (rc == 0)
        rc = check_issuer_key(issuing, &found);
    if (rc == 0)
        rc = check_path(issuing, &found);
    if (rc > 0)
        result_find(issuing->result, &found);
    return rc < 0 ? error_copy(error, &found) : 0;
}
