/* What the files that build paths share; for path.c, path_checks.c, path_strict.c and
   path_any.c alone. */
#ifndef STIR_CERT_PATH_BUILD_H
#define STIR_CERT_PATH_BUILD_H

#include "cert/path.h"

/* A path while it is being built: certificates borrowed from the list and the anchors. */
struct path_walk {
    const struct stir_chain *chain;
    const struct anchors *anchors;
    int64_t now;
    const struct stir_certificate *certificates[PATH_MOST];
    size_t n;
    bool anchored;
    int signatures; /* asked for so far, at most LIMIT_SIGNATURE_CHECKS */
    struct path_signatures *known;
    size_t *budget;
};

/* Each 0, the code that is wrong (with depth and sentence in error), BUDGET_GONE, or negative. */
int path_strict(struct path_walk *walk, struct stir_error *error);
int path_any(struct path_walk *walk, struct stir_error *error);
/* How the list differs from the path that path_any() found in it. 0 or STIR_E_NOMEM. */
int path_any_warn(const struct path_walk *walk, struct warnings *warnings);

/* Is it valid at walk->now? */
bool path_is_current(const struct path_walk *walk, const struct stir_certificate *certificate);
void path_push(struct path_walk *walk, const struct stir_certificate *certificate);
/* The i-th of the list, or the configured anchor that it stands for, then *is_anchor. */
const struct stir_certificate *path_listed(const struct path_walk *walk, size_t i,
                                           bool *is_anchor);

/* The first certificate: key, not a CA, key usage. */
int path_check_signer(const struct stir_certificate *signer, struct stir_error *error);
/* Certificate walk->n - 1 against a would-be issuer of that name, which is at depth walk->n: CA,
   key usage, key identifiers, signature. BUDGET_GONE before a signature that is not known. */
int path_check_issuer(struct path_walk *walk, const struct stir_certificate *issuer,
                      bool is_anchor, struct stir_error *error);
/* The path lengths of all that is in walk. */
int path_check_lengths(const struct path_walk *walk, struct stir_error *error);
/* That the last certificate in walk has no issuer: path-no-anchor. */
int path_no_anchor(const struct path_walk *walk, struct stir_error *error);

/* The next anchor, from *i on, that may have issued the certificate by its name; NULL: no more.
   Of anchors with one name and key only one, which is valid now if any is. */
const struct stir_certificate *path_next_anchor(const struct path_walk *walk,
                                                const struct stir_certificate *certificate,
                                                size_t *i);

#endif
