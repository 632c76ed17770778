/*
 * How long scopes of a thousand to a million intervals take: normalised, compared, looked up in;
 * measured by walking over the octets of their entries.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"
#include "number/scope.h"

/* n intervals of 50 in every 100 numbers, in no order; every second one only where thin. */
static struct stir_scope *make(size_t n, bool thin)
{
    struct stir_scope *scope = scope_new();

    if (scope == NULL || scope_reserve(scope, n, 16 * n) < 0)
        exit(1);
    for (size_t i = 0; i < n; i++) {
        uint64_t first = tn_make(11, 12000000000 + measure_random(n) * (thin ? 200 : 100));
        if (scope_add_range(scope, (struct tn_range){first, first + (thin ? 9 : 49)}) < 0)
            exit(1);
    }
    return scope;
}

struct pair {
    struct stir_scope *parent, *child, *made;
    size_t n;
};

static void walk(void *arg)
{
    const struct pair *pair = arg;

    measure_keep(measure_walk(pair->parent->ranges, pair->n * sizeof *pair->parent->ranges));
}

static void make_one(void *arg)
{
    struct pair *pair = arg;

    scope_free(pair->made);
    pair->made = make(pair->n, false);
}

static void normalise(void *arg)
{
    struct pair *pair = arg;

    measure_need(scope_normalise(pair->made) == 0, "scope_normalise");
}

static void compare(void *arg)
{
    struct pair *pair = arg;
    struct stir_scope *rest = NULL;

    measure_need(scope_subtract(pair->child, pair->parent, &rest) == 0, "scope_subtract");
    scope_free(rest);
}

static void look_up(void *arg)
{
    struct pair *pair = arg;

    for (size_t i = 0; i < pair->n; i++)
        measure_keep(
            scope_find(pair->parent, tn_make(11, 12000000000 + measure_random(pair->n * 100)))
            != NULL);
}

static void run(size_t n)
{
    struct pair pair = {make(n, false), make(n, true), NULL, n};

    measure_need(scope_normalise(pair.parent) == 0 && scope_normalise(pair.child) == 0,
                 "scope_normalise");
    struct contender contenders[] = {
        {"octets of the entries walked", NULL, walk, &pair, 0, 0},
        {"normalised (entries in no order)", make_one, normalise, &pair, 0, 0},
        {"compared with another", NULL, compare, &pair, 0, 0},
        {"looked up in, once an entry", NULL, look_up, &pair, 0, 0},
    };
    printf("scopes of %zu intervals:\n", n);
    measure(contenders, 4, n == 1000000 ? 5 : MEASURE_TURNS, 1);
    measure_print(contenders, 4);
    scope_free(pair.parent);
    scope_free(pair.child);
    scope_free(pair.made);
}

int main(void)
{
    for (size_t n = 1000; n <= 1000000; n *= 10)
        run(n);
    return 0;
}
