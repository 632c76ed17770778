/*
 * path_build() at once and in steps, which must come to the same: code, sentence, path, warnings,
 * and the signatures that were checked. Expects so with Criterion.
 */
#ifndef STIR_TESTS_BUILD_STEPS_H
#define STIR_TESTS_BUILD_STEPS_H

#include "cert/path.h"

struct build {
    const struct stir_chain *chain;
    const struct anchors *anchors;
    enum path_order order;
    int64_t now;
};

/* What came of it: build_steps_free() after. */
struct build_steps {
    int code;
    struct stir_error error;
    struct path path;
    struct warnings warnings;
    struct path_signatures known; /* known.made: how many were checked */
    size_t steps;
};

/* Step by step, each with this budget, from what known has. */
void build_steps(struct build_steps *steps, const struct build *build,
                 const struct path_signatures *known, size_t budget);
void build_steps_free(struct build_steps *steps);
void build_steps_expect_same(const struct build_steps *a, const struct build_steps *b);

/* path_build() in its place; then in steps of one check each. */
int build_also_in_steps(struct path *path, const struct build *build, struct warnings *warnings,
                        struct stir_error *error);
/* The same without checking anything again, where there are thousands of paths: each step is given
   what those before it would have left. */
int build_also_from_known(struct path *path, const struct build *build,
                          struct warnings *warnings, struct stir_error *error);

#endif
