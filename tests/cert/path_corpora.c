/* Paths that others made: 384 production SHAKEN certificates (x509-limbo's are in
   path_limbo.c). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "tests/build_path.h"
#include "tests/help.h"

/* PEM of shaken/FOLDER/NAME.pem; for free(3). */
static char *shaken_pem(const char *folder, const char *name)
{
    char *relative = NULL;

    if (asprintf(&relative, "shaken/%s/%s.pem", folder, name) < 0)
        abort();
    char *path = help_corpus(relative);
    char *pem = help_read(path, NULL);
    cr_assert_not_null(pem, "%s is not there", path);
    free(relative);
    free(path);
    return pem;
}

/* The order that the letters of indices say, "021": the PEMs of a path; for free(3). */
static char *in_order(char *const pems[3], const char *order)
{
    char *list = calloc(1, 65536);

    for (; *order != '\0'; order++)
        strcat(list, pems[*order - '0']);
    return list;
}

static const struct {
    const char *desc, *list;
    enum path_order order;
    int code;
    bool warns;
} arrangements[] = {{"as recorded, auto", "012", PATH_ORDER_AUTO, 0, false},
                    {"as recorded, strict", "012", PATH_ORDER_STRICT, 0, false},
                    {"without the root", "01", PATH_ORDER_AUTO, 0, false},
                    {"shuffled, any", "021", PATH_ORDER_ANY, 0, true},
                    {"shuffled, auto", "021", PATH_ORDER_AUTO, 0, true},
                    {"shuffled, strict", "021", PATH_ORDER_STRICT, STIR_CODE_PATH_ORDER, false},
                    {"without the CA", "02", PATH_ORDER_AUTO, STIR_CODE_PATH_NO_ANCHOR, false}};

static void judge_leaf(const struct value *leaf)
{
    const struct value *best = value_member(leaf, "best_path");
    const char *name = value_string(value_member(leaf, "sha256"));
    char *pems[3];
    int64_t at;

    cr_assert_eq(value_size(best), 3);
    cr_assert(value_integer(value_member(leaf, "at"), &at));
    for (size_t i = 0; i < 3; i++)
        pems[i] = shaken_pem(i == 0 ? "leaf" : "ca", value_string(value_at(best, i)));
    for (size_t i = 0; i < sizeof arrangements / sizeof *arrangements; i++) {
        char *list = in_order(pems, arrangements[i].list);
        struct built built;
        built_make(&built, list, (const char *const *)&pems[2], 1, arrangements[i].order, at);
        cr_expect_eq(built.code, arrangements[i].code, "%s, %s: %s", name, arrangements[i].desc,
                     built_said(&built));
        cr_expect_eq(built_has_warning(&built, "path-order"), arrangements[i].warns, "%s, %s",
                     name, arrangements[i].desc);
        if (built.code == 0)
            cr_expect_eq(built.path.n, 3, "%s, %s", name, arrangements[i].desc);
        built_free(&built);
        free(list);
    }
    for (size_t i = 0; i < 3; i++)
        free(pems[i]);
}

/* what real certificates do. */
Test(path_corpora, production_certificates_validate_where_they_are_recorded_to)
{
    size_t n = 0, len;

    help_need_corpora();
    char *path = help_corpus("shaken/leaf.jsonl"), *all = help_read(path, &len), *state;
    cr_assert_not_null(all);
    for (char *line = strtok_r(all, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        struct value *leaf;
        struct stir_error error = {0};
        cr_assert_eq(value_load(line, strlen(line), &leaf, &error), 0, "%s", error.text);
        judge_leaf(leaf);
        value_free(leaf);
        n++;
    }
    cr_expect_eq(n, 384);
    free(all);
    free(path);
}
