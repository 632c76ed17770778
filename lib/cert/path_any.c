/* The path found in a list that need not be in order: a search from the signer up, which tries
   anchors before listed certificates; first only what is valid now, then, so that it can be said
   what is expired, everything. */
#include "cert/path_build.h"

#include "base/limits.h"

struct search {
    struct path_walk *walk;
    size_t candidates[LIMIT_CERTIFICATES]; /* indices into the list */
    size_t n;
    bool current_only;
    bool used[LIMIT_CERTIFICATES]; /* by index into the list */

    /* Of what failed, that which got furthest: its certificates, why, and how far. */
    struct path_walk furthest;
    struct stir_error failure;
    size_t reach;
};

enum { NOT_HERE = STIR_CODE_PATH_NO_ANCHOR };

/* Going on makes no sense. */
static bool ends_search(int rc)
{
    return rc <= 0 || rc == STIR_CODE_PATH_TOO_DEEP || rc == BUDGET_GONE;
}

/* The later in the order of checks, the further. */
static size_t rank(int code)
{
    static const int codes[] = {
        STIR_CODE_PATH_NO_ANCHOR, STIR_CODE_PATH_LENGTH,   0 /* a certificate's fault */,
        STIR_CODE_ISSUER_NOT_CA,  STIR_CODE_KEY_USAGE,     STIR_CODE_AKID_MISSING,
        STIR_CODE_SKID_MISSING,   STIR_CODE_AKID_MISMATCH, STIR_CODE_PATH_SIGNATURE};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return i;
    return 2;
}

/* candidate: the certificate that failed as issuer; NULL: the walk itself did. */
static void remember(struct search *search, const struct stir_certificate *candidate,
                     const struct stir_error *failure)
{
    size_t reach = search->walk->n * 16 + rank(failure->code);

    if (search->failure.code != 0 && reach <= search->reach && !ends_search(failure->code))
        return;
    search->furthest = *search->walk;
    if (candidate != NULL)
        path_push(&search->furthest, candidate);
    search->failure = *failure;
    search->reach = reach;
}

static int climb(struct search *search);

/* The path is whole where it ends at an anchor; otherwise it goes on from this issuer. */
static int go_on(struct search *search, bool is_anchor)
{
    struct stir_error failure = {0};

    if (!is_anchor)
        return climb(search);
    if (path_check_lengths(search->walk, &failure) == 0) {
        search->walk->anchored = true;
        return 0;
    }
    remember(search, NULL, &failure);
    return NOT_HERE;
}

static int try_issuer(struct search *search, const struct stir_certificate *issuer,
                      bool is_anchor)
{
    struct path_walk *walk = search->walk;
    struct stir_error failure = {0};
    int rc = certificate_fault(issuer, (int)walk->n, &failure);

    if (rc == 0)
        rc = path_check_issuer(walk, issuer, is_anchor, &failure);
    if (rc == BUDGET_GONE)
        return rc;
    if (rc != 0) {
        remember(search, issuer, &failure);
        return rc;
    }
    path_push(walk, issuer);
    rc = go_on(search, is_anchor);
    if (!ends_search(rc))
        walk->n--;
    return rc;
}

static int try_listed(struct search *search, const struct stir_certificate *child,
                      bool *found_any)
{
    int rc = NOT_HERE;

    for (size_t i = 0; i < search->n && !ends_search(rc); i++) {
        size_t at = search->candidates[i];
        const struct stir_certificate *issuer = search->walk->chain->certificates[at];
        if (search->used[at] || !path_is_issuer_name(search->walk, child, at)
            || (search->current_only && !path_is_current(search->walk, issuer)))
            continue;
        *found_any = true;
        search->used[at] = true;
        rc = try_issuer(search, issuer, false);
        search->used[at] = false;
    }
    return rc;
}

/* The sentence, for which a certificate is made text, waits for the one that got furthest. */
static void dead_end(struct search *search)
{
    struct stir_error failure = {0};

    if (path_check_lengths(search->walk, &failure) == 0)
        failure.code = STIR_CODE_PATH_NO_ANCHOR;
    remember(search, NULL, &failure);
}

static int climb(struct search *search)
{
    const struct path_walk *walk = search->walk;
    const struct stir_certificate *child = walk->certificates[walk->n - 1], *anchor;
    bool found_any = false;
    int rc = NOT_HERE;

    struct path_anchors anchors = path_anchors(walk, child, search->current_only);
    while (!ends_search(rc) && (anchor = path_next_anchor(walk, &anchors)) != NULL) {
        found_any = true;
        rc = try_issuer(search, anchor, true);
    }
    if (!ends_search(rc))
        rc = try_listed(search, child, &found_any);
    if (!found_any)
        dead_end(search);
    return rc;
}

/* What may be tried: not the signer, no second copy, nothing that an anchor stands for. */
static void list_candidates(struct search *search)
{
    const struct stir_chain *chain = search->walk->chain;
    bool is_anchor;

    for (size_t i = 1; i < chain->n; i++) {
        const struct stir_certificate *listed = path_listed(search->walk, i, &is_anchor);
        bool again = path_is_same(listed, chain->certificates[0]);
        for (size_t j = 1; j < i; j++)
            again = again || path_is_same(listed, chain->certificates[j]);
        if (!is_anchor && !again)
            search->candidates[search->n++] = i;
    }
}

/* The signer's fault, and blocks that are no X.509: those refuse the body, needed or not. */
static int check_faults(struct path_walk *walk, struct stir_error *error)
{
    const struct stir_chain *chain = walk->chain;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < chain->n; i++) {
        path_push(walk, chain->certificates[i]);
        if (i == 0 || chain->certificates[i]->fault.code == STIR_CODE_CERT_SYNTAX)
            rc = certificate_fault(chain->certificates[i], (int)i, error);
    }
    if (rc == 0)
        walk->n = 1;
    return rc;
}

int path_any(struct path_walk *walk, struct stir_error *error)
{
    struct search search = {.walk = walk, .current_only = true};

    walk->n = 0;
    walk->anchored = false;
    int rc = check_faults(walk, error);
    if (rc == 0)
        rc = path_check_signer(walk->certificates[0], error);
    if (rc != 0)
        return rc;
    list_candidates(&search);
    rc = climb(&search);
    if (!ends_search(rc)) {
        search.current_only = false;
        search.failure = (struct stir_error){0};
        rc = climb(&search);
    }
    if (rc == 0 || rc == BUDGET_GONE)
        return rc;
    *walk = search.furthest;
    if (search.failure.code == STIR_CODE_PATH_NO_ANCHOR)
        return path_no_anchor(walk, error);
    return error_copy(error, &search.failure);
}

/* ---- how the list differs ---- */

/* Where in the path the i-th of the list is; walk->n: nowhere. */
static size_t place(const struct path_walk *walk, size_t i)
{
    bool is_anchor;
    const struct stir_certificate *listed = path_listed(walk, i, &is_anchor);

    for (size_t depth = 0; depth < walk->n; depth++)
        if (walk->certificates[depth] == listed)
            return depth;
    return walk->n;
}

int path_any_warn(const struct path_walk *walk, struct warnings *warnings)
{
    bool seen[PATH_MOST] = {false}, disorder = false;
    size_t highest = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < walk->chain->n; i++) {
        size_t depth = place(walk, i);
        char name[CERTIFICATE_NAME_SIZE];
        if (depth == walk->n || seen[depth]) {
            rc = warnings_add(warnings, WARNING_PATH_ORDER,
                              "%s of the list is not needed and was left out (RFC 9060 section "
                              "6)",
                              certificate_name(name, walk->chain->certificates[i], (int)i));
            continue;
        }
        seen[depth] = true;
        disorder = disorder || depth < highest;
        highest = depth;
    }
    if (rc == 0 && disorder)
        rc = warnings_add(warnings, WARNING_PATH_ORDER,
                          "the list is not in order: the signer first, then each certificate's "
                          "issuer (RFC 9060 section 7)");
    return rc;
}
