/* One call from PEM to a judged path, for the suites about paths. */
#ifndef STIR_TESTS_BUILD_PATH_H
#define STIR_TESTS_BUILD_PATH_H

#include "cert/path.h"
#include "tests/mint.h"

struct built {
    int code; /* of path_build(), then of path_check_times() */
    struct stir_error error;
    struct path path;
    struct warnings warnings;
    int anchor_code; /* why an anchor was not taken; 0: all were */
};

/* A list of certificates and the anchors, both PEM; at is now and the time of signing. An anchor
   that the library does not take is none. In steps it must come to the same (build_steps.h).
   built_free() after. */
void built_make(struct built *built, const char *list, const char *const *anchors,
                size_t n_anchors, enum path_order order, int64_t at);
void built_free(struct built *built);
/* Is there a warning of that name? */
bool built_has_warning(const struct built *built, const char *name);
/* "path-order (depth 1): sentence": for messages; valid until the next call. */
const char *built_said(const struct built *built);

/*
 * Cases. Their certificates have letters: l the leaf (an enterprise's delegate), p the
 * provider's CA above it, s the STI-CA, r the root. x is a CA that has nothing to do with them;
 * R another certificate of the root's name and key, K one of its name and another key, N one of
 * another name and its key; P another certificate of the provider's CA; A the provider's CA
 * certified by x.
 */
struct path_specs {
    struct mint l, p, s, r, x, R, K, N, P, A;
};
extern struct path_specs spec;
/* As the mint has them. */
void path_reset(void);
/* Made once between two path_reset(): signatures differ from making to making. */
const struct minted *path_make(char letter);

struct path_case {
    const char *desc;
    void (*change)(void); /* of spec, after path_reset() */
    int code, depth;
    const char *list;    /* NULL: "lps" */
    const char *anchors; /* NULL: "r" */
    const char *says;    /* a part of the sentence or, where it is taken, the one warning */
};
#define CHANGE(name, statements)                                                               \
    static void name(void)                                                                     \
    {                                                                                          \
        statements;                                                                            \
    }

void path_judge(struct built *built, const struct path_case *test, enum path_order order);
/* Expects code, depth, sentence; of what is taken an anchor, and the warning or none. */
void path_expect(const struct built *built, const struct path_case *test, const char *order);

#endif
