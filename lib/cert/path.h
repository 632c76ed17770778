/*
 * The certification path: a list of certificates in the order the signer gave, up to an anchor.
 *
 * Rigid (R9060-6-2): path_order strict takes the list as it stands; any orders it and drops
 * strangers, as verifiers of plain SHAKEN certificates do; auto is strict as soon as delegation
 * is in play. The three of design.md.
 */
#ifndef STIR_CERT_PATH_H
#define STIR_CERT_PATH_H

#include "base/budget.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/warnings.h"
#include "cert/anchors.h"
#include "cert/chain.h"
#include "number/scope.h"

enum path_order { PATH_ORDER_AUTO, PATH_ORDER_STRICT, PATH_ORDER_ANY };

enum { PATH_MOST = 11 }; /* LIMIT_CERTIFICATES and an anchor that is not in the list */

/* All zero is none. Signer first. Holds references. */
struct path {
    struct stir_certificate *certificates[PATH_MOST];
    size_t n;
    bool anchored; /* the last one is a configured anchor */
    /* Of a certificate that has both, only the list by reference counts (policy reference_list);
       otherwise both do, each by itself. */
    bool reference_only;
};

/* The lists that a certificate is held to, of which each must have a number. */
struct path_lists {
    const struct stir_scope *scopes[2];
    size_t n;
    bool complete; /* none of them is out of reach */
};
struct path_lists path_lists(const struct path *path, size_t depth);

void path_free(struct path *path);
/* Another path of the same certificates. */
void path_copy(struct path *to, const struct path *from);

/*
 * From the list to an anchor: the faults of its certificates, the signer (key, not a CA, key
 * usage), each pair (order, issuer is a CA, key usage, key identifiers, signature), depth, path
 * length, anchor. In that order; path is filled as far as it was built, with the certificate at
 * fault. 0, an enum stir_code (error.depth says which certificate), or negative.
 *
 * Times are left to path_check_times(), which can be asked again of a path that is kept; now only
 * decides between several ways to an anchor, of which one that is valid is taken.
 */
int path_build(struct path *path, const struct stir_chain *chain, const struct anchors *anchors,
               enum path_order order, int64_t now, struct warnings *warnings,
               struct stir_error *error);

/*
 * What was checked of the signatures in a list, by the child's certificate (as a pointer: the list
 * is held for as long) and the issuer's key; no verdict rests on time or anchors. All zero at
 * first; there is nothing to free.
 */
struct path_signatures {
    struct path_signature {
        const struct stir_certificate *child;
        uint8_t spki_sha256[32]; /* the issuer's key */
        bool good;
    } checks[LIMIT_SIGNATURE_CHECKS];
    size_t made; /* in all; of more than there is room for, the oldest gave way */
};
/*
 * The same in steps. BUDGET_GONE: the budget was gone before a signature that known does not have;
 * then path is empty, and warnings and error are as they were. Called again with the same chain,
 * anchors, order and known it gets to where it was without checking anything again, and a step
 * that was given anything makes at least one new check: so LIMIT_SIGNATURE_CHECKS steps suffice.
 * now may be another (then what is asked may be, too, and the count begins anew).
 */
int path_build_some(struct path *path, const struct stir_chain *chain,
                    const struct anchors *anchors, enum path_order order, int64_t now,
                    struct path_signatures *known, size_t *budget, struct warnings *warnings,
                    struct stir_error *error);
/*
 * Times: all certificates at now, the signer also at signed_at. STIR_CODE_CERT_EXPIRED,
 * STIR_CODE_CERT_NOT_YET_VALID. Both ends are inclusive.
 */
int path_check_times(const struct path *path, int64_t now, int64_t signed_at,
                     struct warnings *warnings, struct stir_error *error);
/* A certificate at this depth and its issuer: that is a CA and may sign certificates, and the key
   identifiers fit, of which an anchor may lack its own. 0 or an enum stir_code. */
int path_check_pair(const struct stir_certificate *child, const struct stir_certificate *issuer,
                    size_t depth, bool is_anchor, struct stir_error *error);
/* The same two: STIR_CODE_PATH_SIGNATURE. */
int path_check_signature(const struct stir_certificate *child,
                         const struct stir_certificate *issuer, size_t depth,
                         struct stir_error *error);
/* Is anything above the signer listed? Then it is a delegate (RFC 9060 section 4). */
bool path_is_delegated(const struct path *path);

#endif
