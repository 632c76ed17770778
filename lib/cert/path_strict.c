/* The rigid path: the list as it stands, each certificate issued by the next, and no other
   (R9060-6-1, R9060-6-2, R9060-7-3, A-22). */
#include "cert/path_build.h"

/* All of the list is judged, what comes after an anchor too (R9060-6-1). */
static int check_faults(struct path_walk *walk, struct stir_error *error)
{
    int rc = 0;
    bool is_anchor;

    for (size_t i = 0; rc == 0 && i < walk->chain->n; i++) {
        path_push(walk, path_listed(walk, i, &is_anchor));
        rc = certificate_fault(walk->certificates[i], (int)i, error);
    }
    if (rc == 0)
        walk->n = 1;
    return rc;
}

static bool was_there(const struct path_walk *walk, const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < walk->n; i++)
        if (path_is_same(walk->certificates[i], certificate))
            return true;
    return false;
}

/* May the i-th, which is next, stand here? depth of a pair is the child's. */
static int check_order(const struct path_walk *walk, size_t i,
                       const struct stir_certificate *next, struct stir_error *error)
{
    const struct stir_certificate *child = walk->certificates[walk->n - 1];
    char name[CERTIFICATE_NAME_SIZE], above[CERTIFICATE_NAME_SIZE];
    int depth = (int)walk->n - 1;

    certificate_name(name, child, depth);
    certificate_name(above, next, depth + 1);
    if (walk->anchored)
        return error_set_at(error, STIR_CODE_PATH_ORDER, depth,
                            "%s comes after %s, which is a trust anchor and must end the list "
                            "(RFC 9060 section 6)",
                            above, name);
    if (was_there(walk, next))
        return error_set_at(error, STIR_CODE_PATH_ORDER, depth,
                            "%s is in the list twice (RFC 9060 section 7)", above);
    if (!path_is_issuer_name(walk, child, i)) {
        const char *issuer = stir_certificate_text(child, "issuer");
        return error_set_at(
            error, STIR_CODE_PATH_ORDER, depth,
            "%s is not the issuer of %s, which must come next (RFC 9060 section "
            "7): %s",
            above, name, issuer != NULL ? issuer : "");
    }
    return 0;
}

static int follow(struct path_walk *walk, size_t i, struct stir_error *error)
{
    bool is_anchor;
    const struct stir_certificate *next = path_listed(walk, i, &is_anchor);
    int rc = check_order(walk, i, next, error);

    if (rc == 0)
        rc = path_check_issuer(walk, next, is_anchor, error);
    path_push(walk, next);
    if (rc == 0)
        walk->anchored = is_anchor;
    return rc;
}

/* To an anchor outside the list. 0 where none has the issuer's name, too. Of several that fail,
   the one that got further is told of: a signature was compared after the identifiers were. */
static int reach_anchor(struct path_walk *walk, struct stir_error *error)
{
    const struct stir_certificate *child = walk->certificates[walk->n - 1], *anchor;
    struct stir_error best = {0};

    struct path_anchors anchors = path_anchors(walk, child, false);
    while ((anchor = path_next_anchor(walk, &anchors)) != NULL) {
        struct stir_error failure = {0};
        int rc = path_check_issuer(walk, anchor, true, &failure);
        if (rc == 0) {
            path_push(walk, anchor);
            walk->anchored = true;
            return 0;
        }
        if (rc == BUDGET_GONE)
            return rc;
        if (best.code == 0 || rc < 0 || rc == STIR_CODE_PATH_TOO_DEEP
            || (rc == STIR_CODE_PATH_SIGNATURE && best.code != rc))
            best = failure;
        if (rc < 0 || rc == STIR_CODE_PATH_TOO_DEEP)
            break;
    }
    return best.code == 0 ? 0 : error_copy(error, &best);
}

int path_strict(struct path_walk *walk, struct stir_error *error)
{
    walk->n = 0;
    walk->anchored = false;
    int rc = check_faults(walk, error);
    if (rc == 0)
        rc = path_check_signer(walk->certificates[0], error);
    for (size_t i = 1; rc == 0 && i < walk->chain->n; i++)
        rc = follow(walk, i, error);
    if (rc == 0 && !walk->anchored)
        rc = reach_anchor(walk, error);
    if (rc == 0)
        rc = path_check_lengths(walk, error);
    if (rc == 0 && !walk->anchored)
        rc = path_no_anchor(walk, error);
    return rc;
}
