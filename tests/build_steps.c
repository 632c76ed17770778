/* Paths built at once and in steps. */
#include "tests/build_steps.h"

#include <criterion/criterion.h>
#include <string.h>

/* One step. Where the budget is gone, nothing is to be seen of it. */
static int step(struct build_steps *to, const struct build *build, size_t *budget)
{
    size_t made = to->known.made, given = *budget;
    int rc = path_build_some(&to->path, build->chain, build->anchors, build->order, build->now,
                             &to->known, budget, &to->warnings, &to->error);

    to->steps++;
    if (rc != BUDGET_GONE)
        return rc;
    cr_expect_eq(*budget, 0);
    cr_expect_eq(to->path.n, 0, "a partial path of %zu", to->path.n);
    cr_expect_eq(to->warnings.n, 0, "%s", to->warnings.n > 0 ? to->warnings.lines[0] : "");
    cr_expect_eq(to->error.code, 0, "%s", to->error.text);
    cr_expect(given == 0 ? to->known.made == made : to->known.made > made,
              "%zu checks before, %zu after a step of %zu", made, to->known.made, given);
    return rc;
}

void build_steps(struct build_steps *steps, const struct build *build,
                 const struct path_signatures *known, size_t budget)
{
    *steps = (struct build_steps){.known = *known};
    error_clear(&steps->error);
    do {
        size_t left = budget;
        steps->code = step(steps, build, &left);
        cr_assert_leq(steps->steps, 2 * LIMIT_SIGNATURE_CHECKS, "it does not end");
    } while (steps->code == BUDGET_GONE && budget > 0);
}

void build_steps_free(struct build_steps *steps)
{
    path_free(&steps->path);
    warnings_free(&steps->warnings);
}

void build_steps_expect_same(const struct build_steps *a, const struct build_steps *b)
{
    cr_expect_eq(a->code, b->code, "%s, but %s", a->error.text, b->error.text);
    cr_expect_eq(a->error.code, b->error.code);
    cr_expect_eq(a->error.depth, b->error.depth, "%d, but %d: %s", a->error.depth,
                 b->error.depth, a->error.text);
    cr_expect_str_eq(a->error.text, b->error.text);
    cr_expect_eq(a->path.anchored, b->path.anchored);
    cr_assert_eq(a->path.n, b->path.n);
    for (size_t i = 0; i < a->path.n; i++)
        cr_expect_eq(a->path.certificates[i], b->path.certificates[i], "certificate %zu", i);
    cr_assert_eq(a->warnings.n, b->warnings.n);
    for (size_t i = 0; i < a->warnings.n; i++)
        cr_expect_str_eq(a->warnings.lines[i], b->warnings.lines[i]);
    cr_expect_eq(a->known.made, b->known.made);
}

static const struct path_signatures none;

static int hand_over(const struct build_steps *once, struct path *path,
                     struct warnings *warnings, struct stir_error *error)
{
    *path = once->path;
    *warnings = once->warnings;
    if (error != NULL && once->code != 0)
        *error = once->error;
    return once->code;
}

int build_also_in_steps(struct path *path, const struct build *build, struct warnings *warnings,
                        struct stir_error *error)
{
    struct build_steps once, again;

    build_steps(&once, build, &none, SIZE_MAX);
    build_steps(&again, build, &none, 1);
    build_steps_expect_same(&once, &again);
    cr_expect_eq(again.steps, again.known.made > 0 ? again.known.made : 1,
                 "%zu steps for %zu checks", again.steps, again.known.made);
    build_steps_free(&again);
    return hand_over(&once, path, warnings, error);
}

int build_also_from_known(struct path *path, const struct build *build,
                          struct warnings *warnings, struct stir_error *error)
{
    struct build_steps once, again;

    build_steps(&once, build, &none, SIZE_MAX);
    struct path_signatures known = once.known;
    for (known.made = 0; known.made < once.known.made; known.made++) {
        build_steps(&again, build, &known, 0);
        cr_expect_eq(again.code, BUDGET_GONE, "after %zu of %zu checks: %s", known.made,
                     once.known.made, again.error.text);
        build_steps_free(&again);
    }
    build_steps(&again, build, &known, 0);
    build_steps_expect_same(&once, &again);
    build_steps_free(&again);
    return hand_over(&once, path, warnings, error);
}
