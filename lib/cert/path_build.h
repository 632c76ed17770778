/* What the files that build paths share; for path.c, path_checks.c, path_strict.c and
   path_any.c alone. */
#ifndef STIR_CERT_PATH_BUILD_H
#define STIR_CERT_PATH_BUILD_H

#include "cert/path.h"
#include "crypto/digest.h"

/* name_canonical_digest() of the list's certificates but of such as are no X.509: each name is
   made canonical once, not as often as it is compared. */
struct path_names {
    uint8_t subjects[LIMIT_CERTIFICATES][DIGEST_SHA256_SIZE];
    uint8_t issuers[LIMIT_CERTIFICATES][DIGEST_SHA256_SIZE];
};

/* A path while it is being built: certificates borrowed from the list and the anchors. */
struct path_walk {
    const struct stir_chain *chain;
    const struct anchors *anchors;
    const struct path_names *names;
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

/* 0 or STIR_E_INTERNAL. */
int path_names_make(struct path_names *names, const struct stir_chain *chain);
/* Is the i-th of the list called as the issuer of this one, which is of the list? */
bool path_is_issuer_name(const struct path_walk *walk,
                         const struct stir_certificate *certificate, size_t i);
/* certificate_is_self_issued() of one of the list. */
bool path_is_self_issued(const struct path_walk *walk,
                         const struct stir_certificate *certificate);
/* certificate_equal(), in a time that does not depend on how long they are. */
bool path_is_same(const struct stir_certificate *a, const struct stir_certificate *b);

/* The anchors that may have issued a certificate of the list by its name. Of those with one name
   and key only one, which is valid now if any is; of those with another key identifier than the
   certificate has of its issuer only the first, because the others would be refused alike. */
struct path_anchors {
    const struct stir_certificate *child;
    bool current_only; /* those that are valid now */
    const struct anchor_place *places;
    size_t n, at;
    bool misfit; /* one was given */
};
struct path_anchors path_anchors(const struct path_walk *walk,
                                 const struct stir_certificate *child, bool current_only);
/* NULL: no more. */
const struct stir_certificate *path_next_anchor(const struct path_walk *walk,
                                                struct path_anchors *anchors);

#endif
