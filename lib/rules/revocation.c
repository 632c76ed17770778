/* Revocation of the certificates of a path: each is looked up in the lists that its issuer, or for
   all issuers the policy administrator, signed. */
#include "rules/revocation.h"

#include <stdio.h>

#include "base/clock.h"

/* What the lists say of one certificate. */
struct status {
    const struct stir_certificate *certificate, *issuer;
    size_t depth;
    int64_t now;
    unsigned reasons;     /* that usable lists which cover it have told of */
    const struct crl *by; /* a list that has it */
    const struct crl_entry *entry;
    struct stir_error
        doubt; /* the first list that concerns it and cannot be used; code 0: none */
};

static void doubt(struct status *status, const struct crl *crl, const char *why)
{
    char name[CERTIFICATE_NAME_SIZE], list[CRL_NAME_SIZE];

    error_set_at(&status->doubt, STIR_CODE_STATUS_UNKNOWN, (int)status->depth,
                 "%s: its status is not known: %s: %s",
                 certificate_name(name, status->certificate, (int)status->depth),
                 crl_name(list, crl), why);
}

/* R5280-5-1. Both ends are included, as with certificates. */
static bool is_current(struct status *status, const struct crl *crl)
{
    char time[CLOCK_TEXT_SIZE], why[80];
    bool early = status->now < crl->this_update;

    if (!early && status->now <= crl->next_update)
        return true;
    snprintf(why, sizeof why, "%s %s (RFC 5280 section 5.1.2.%d)",
             early ? "it is of" : "the next was due at",
             clock_text(time, early ? crl->this_update : crl->next_update), early ? 4 : 5);
    doubt(status, crl, why);
    return false;
}

static bool is_usable(struct status *status, const struct crl *crl)
{
    if (crl->fault.code == 0)
        return is_current(status, crl);
    doubt(status, crl, crl->fault.text);
    return false;
}

/* ---- Which lists concern it ---------------------------------------------------------------- */

enum concern {
    CONCERN_NONE,
    CONCERN_COVERS,  /* signed by who may speak for the certificate's issuer */
    CONCERN_UNSIGNED /* it would be, were it signed by one of those */
};

/* A name may have two keys: a list that names another one is another authority's. */
static bool is_of_other_key(const struct crl *crl, const struct stir_certificate *issuer)
{
    return crl->akid.data != NULL && issuer->skid.data != NULL
           && !der_equal(crl->akid, issuer->skid);
}

/* an indirect list by a CRL anchor is about all; any other one about its own issuer's. An
   indirect one that nobody known has signed concerns all, too: were it passed over, a forgotten
   CRL anchor would undo all revocation and nobody would know. */
static int concern_of(const struct status *status, const struct crl_set *lists,
                      const struct crl *crl)
{
    int rc;
    bool by_anchor = crl_set_signer(lists, crl, status->now, &rc) != NULL;

    if (rc < 0)
        return rc;
    if (crl->scope.indirect && by_anchor)
        return crl_is_about(crl, status->certificate, false) ? CONCERN_COVERS : CONCERN_NONE;
    if (crl_is_about(crl, status->certificate, true)) {
        rc = by_anchor ? 1 : crl_is_signed_by(crl, status->issuer);
        if (rc != 0)
            return rc < 0 ? rc : CONCERN_COVERS;
        return !crl->scope.indirect && is_of_other_key(crl, status->issuer) ? CONCERN_NONE
                                                                            : CONCERN_UNSIGNED;
    }
    return crl->scope.indirect && crl_is_about(crl, status->certificate, false)
               ? CONCERN_UNSIGNED
               : CONCERN_NONE;
}

/* ---- What they say ------------------------------------------------------------------------- */

static void look_up(struct status *status, const struct crl *crl)
{
    const struct crl_entry *entry = crl_entries_find(&crl->entries, status->certificate->issuer,
                                                     status->certificate->serial);

    if (entry != NULL && status->entry == NULL) {
        status->entry = entry;
        status->by = crl;
    }
    status->reasons |= crl->scope.reasons != 0 ? crl->scope.reasons : CRL_REASONS_ALL;
}

static int ask(struct status *status, const struct crl_set *lists, const struct crl *crl)
{
    int concern = concern_of(status, lists, crl);

    if (concern <= CONCERN_NONE)
        return concern;
    if (!is_usable(status, crl))
        return 0;
    if (concern == CONCERN_COVERS)
        look_up(status, crl);
    else
        doubt(status, crl,
              crl->scope.indirect
                  ? "none of the CRL anchors that are valid signed it (RFC 5280 section 6.3.3)"
                  : "the certificate's issuer did not sign it (RFC 5280 section 6.3.3)");
    return 0;
}

static int revoked(const struct status *status, struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE], list[CRL_NAME_SIZE], time[CLOCK_TEXT_SIZE];
    const struct crl_entry *entry = status->entry;

    return error_set_at(error, STIR_CODE_REVOKED, (int)status->depth,
                        "%s was %s on %s (%s) by %s (RFC 5280 section 6.3)",
                        certificate_name(name, status->certificate, (int)status->depth),
                        entry->reason == CRL_REASON_HOLD ? "put on hold" : "revoked",
                        clock_text(time, entry->date), crl_reason_name(entry->reason),
                        crl_name(list, status->by));
}

/* All reasons told of, and it is on none of the lists; or not. */
static int unknown(const struct status *status, enum status_policy policy,
                   struct stir_error *error)
{
    char name[CERTIFICATE_NAME_SIZE];

    if ((status->reasons & CRL_REASONS_ALL) == CRL_REASONS_ALL)
        return 0;
    if (status->doubt.code != 0)
        return error_copy(error, &status->doubt);
    if (status->reasons == 0 && policy == STATUS_PREFER)
        return 0;
    return error_set_at(error, STIR_CODE_STATUS_UNKNOWN, (int)status->depth,
                        "%s: its status is not known: %s (RFC 5280 section 6.3.3)",
                        certificate_name(name, status->certificate, (int)status->depth),
                        status->reasons == 0
                            ? "no CRL covers it, and policy status is require"
                            : "the CRLs that cover it are about some reasons only");
}

static int find_out(struct status *status, const struct crl_set *lists)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < lists->n; i++)
        rc = ask(status, lists, lists->lists[i]);
    return rc;
}

int revocation_check(const struct path *path, const struct crl_set *lists,
                     enum status_policy policy, int64_t now, struct stir_error *error)
{
    struct stir_error doubtful;
    int rc = 0;

    if (policy == STATUS_OFF || (policy == STATUS_PREFER && lists->n == 0))
        return 0;
    error_clear(&doubtful);
    for (size_t i = 0; rc == 0 && i + 1 < path->n; i++) {
        struct status status = {.certificate = path->certificates[i],
                                .issuer = path->certificates[i + 1],
                                .depth = i,
                                .now = now};
        error_clear(&status.doubt);
        rc = find_out(&status, lists);
        if (rc < 0)
            return error_set(error, rc, "the status of certificate %zu could not be judged", i);
        if (status.entry != NULL)
            rc = revoked(&status, error);
        else
            unknown(&status, policy, &doubtful);
    }
    return rc == 0 && doubtful.code != 0 ? error_copy(error, &doubtful) : rc;
}
