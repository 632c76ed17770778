/* The revocation lists of a configuration: how they come in, who signs them, which follows
   which. */
#include "cert/crl_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert/crl_steps.h"

static void free_lists(struct crl_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        crl_free(set->lists[i]);
    free(set->lists);
    set->lists = NULL;
    set->n = 0;
}

void crl_set_free(struct crl_set *set)
{
    free_lists(set);
    anchors_free(&set->signers);
}

/* Takes the list on success. */
static int append(struct crl_set *set, struct crl *crl)
{
    struct crl **longer = realloc(set->lists, (set->n + 1) * sizeof *longer);

    if (longer == NULL)
        return STIR_E_NOMEM;
    set->lists = longer;
    longer[set->n++] = crl;
    return 0;
}

static int append_all(struct crl_set *to, const struct crl_set *from)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < from->n; i++) {
        struct crl *crl = crl_ref(from->lists[i]);
        if ((rc = append(to, crl)) < 0)
            crl_free(crl);
    }
    return rc;
}

int crl_set_copy(struct crl_set *to, const struct crl_set *from)
{
    *to = (struct crl_set){0};
    int rc = anchors_copy(&to->signers, &from->signers);

    return rc == 0 ? append_all(to, from) : rc;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static bool is_usable(const struct crl *crl)
{
    return crl->fault.code == 0;
}

int crl_set_put(struct crl_set *set, struct crl *crl)
{
    for (size_t i = 0; i < set->n && is_usable(crl); i++) {
        struct crl **old = &set->lists[i], *older = crl;
        if (!is_usable(*old) || !crl_same_series(*old, crl))
            continue;
        if (crl_compare_age(crl, *old) >= 0) {
            older = *old;
            *old = crl;
        }
        crl_free(older);
        return 0;
    }
    return append(set, crl);
}

int crl_set_add_all(struct crl_set *set, const struct crl_set *from)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < from->n; i++) {
        struct crl *crl = crl_ref(from->lists[i]);
        if ((rc = crl_set_put(set, crl)) < 0)
            crl_free(crl);
    }
    return rc;
}

int crl_set_add_lists(struct crl_set *set, const struct crl_set *from, struct stir_error *error)
{
    struct crl_set sum = {0};
    int rc = append_all(&sum, set);

    if (rc == 0)
        rc = crl_set_add_all(&sum, from);
    if (rc < 0)
        rc = error_no_memory(error);
    else if (sum.n > LIMIT_CRLS)
        rc = error_set(error, STIR_E_LIMIT, "more than %d CRLs", LIMIT_CRLS);
    if (rc < 0) {
        free_lists(&sum);
        return rc;
    }
    free_lists(set);
    set->lists = sum.lists;
    set->n = sum.n;
    return 0;
}

/* ---- Signers ------------------------------------------------------------------------------- */

static bool is_valid(const struct stir_certificate *certificate, int64_t now)
{
    return certificate->not_before <= now && now <= certificate->not_after;
}

const struct stir_certificate *crl_set_signer(const struct crl_set *set, const struct crl *crl,
                                              int64_t now, int *rc)
{
    *rc = 0;
    for (size_t i = 0; i < set->signers.n; i++) {
        const struct stir_certificate *signer = set->signers.certificates[i];
        int good = is_valid(signer, now) ? crl_is_signed_by(crl, signer) : 0;
        if (good < 0)
            *rc = good;
        if (good == 1)
            return signer;
    }
    return NULL;
}

/* ---- Succession ---------------------------------------------------------------------------- */

/* 1: a configured signer of any time signed it; 0: none did; negative. */
static int is_signed(const struct crl_set *set, const struct crl *crl)
{
    int good = 0;

    for (size_t i = 0; good == 0 && i < set->signers.n; i++)
        good = crl_is_signed_by(crl, set->signers.certificates[i]);
    return good;
}

static int refuse(const struct crl *crl, const char *why, struct stir_error *error)
{
    char name[CRL_NAME_SIZE];

    error_set(error, STIR_CODE_STATUS_UNKNOWN, "%s: %s", crl_name(name, crl), why);
    return STIR_E_REFUSED;
}

static int check_successor(const struct crl_set *set, const struct crl *crl,
                           const struct crl *old, struct stir_error *error)
{
    char number[CRL_NUMBER_SIZE], why[CRL_NUMBER_SIZE + 80];

    if (crl->fault.code != 0)
        return refuse(crl, crl->fault.text, error);
    if (crl_compare_age(crl, old) < 0) {
        snprintf(why, sizeof why,
                 "it is older than %s%s, which is in force (RFC 5280 section "
                 "5.2.3)",
                 old->number.data != NULL ? "number " : "the one", crl_number(number, old));
        return refuse(crl, why, error);
    }
    int good = is_signed(set, crl);
    if (good < 0)
        return error_set(error, good, "the signature of a CRL could not be checked");
    return good == 1 ? 0
                     : refuse(crl, "none of the CRL anchors signed it (RFC 5280 section 6.3.3)",
                              error);
}

/* The one with a fault counts where there is none without. */
static const struct crl *successor(const struct crl_set *set, const struct crl *old)
{
    const struct crl *found = NULL;

    for (size_t i = 0; i < set->n; i++)
        if (crl_same_series(set->lists[i], old) && (found == NULL || !is_usable(found)))
            found = set->lists[i];
    return found;
}

int crl_set_prepare(const struct crl_set *set)
{
    int rc = 0;

    for (size_t i = 0; rc >= 0 && i < set->n; i++)
        rc = is_signed(set, set->lists[i]);
    return rc < 0 ? rc : 0;
}

int crl_set_drop(struct crl_set *set, const char *source)
{
    char *name = text_shown(source, strlen(source));
    size_t n = 0;

    if (name == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->lists[i]->source, name) == 0)
            crl_free(set->lists[i]);
        else
            set->lists[n++] = set->lists[i];
    set->n = n;
    free(name);
    return 0;
}

int crl_set_check_succession(const struct crl_set *set, const struct crl_set *old,
                             struct stir_error *error)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < old->n; i++) {
        const struct crl *next = successor(set, old->lists[i]);
        if (next != NULL && next != old->lists[i] && is_usable(old->lists[i])
            && is_signed(old, old->lists[i]) == 1)
            rc = check_successor(set, next, old->lists[i], error);
    }
    return rc;
}
