/* Paths that others made: 384 production SHAKEN certificates, libstirshaken's (x509-limbo's are in
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

/* ---- libstirshaken's certificates ---- */

/*
 * OpenSSL says yes to each of these under that CA, in 2022. None of them is a signer's: in its
 * leaves the extension holds the URL of a list in an IA5String.
 */
static const struct {
    const char *name, *anchor; /* of the file, and of its issuer's */
    int code;
    const char *why;
} libstirshaken[] = {
    {"43bcf23a709b17a5", "be6f69b01ca70bb8", STIR_CODE_CERT_SYNTAX, "serial number 0 (A-34)"},
    {"88f4b7cbaba5d1bd", "fb7bb16a37efaa63", STIR_CODE_TNAUTHLIST_SYNTAX, "no SEQUENCE"},
    {"8fde14c9a01e026e", "fb7bb16a37efaa63", STIR_CODE_TNAUTHLIST_SYNTAX, "no SEQUENCE"},
    {"081555f9d874013a", "081555f9d874013a", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"74975b7e44496bee", "74975b7e44496bee", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"82baa90adaca1923", "82baa90adaca1923", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"9976126937a75734", "9976126937a75734", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"be6f69b01ca70bb8", "be6f69b01ca70bb8", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"c59ee163cbb50a63", "c59ee163cbb50a63", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"e35dbe2b45e35cb9", "e35dbe2b45e35cb9", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
    {"fb7bb16a37efaa63", "fb7bb16a37efaa63", STIR_CODE_SIGNER_IS_CA, "R9060-4-6"},
};

static char *passport_pem(const char *name)
{
    char *relative = NULL;

    cr_assert_gt(asprintf(&relative, "passports/certs/%s.pem", name), 0);
    char *path = help_corpus(relative), *pem = help_read(path, NULL);
    cr_assert_not_null(pem, "%s", path);
    free(path);
    free(relative);
    return pem;
}

Test(path_corpora, certificates_of_libstirshaken)
{
    help_need_corpora();
    for (size_t i = 0; i < sizeof libstirshaken / sizeof *libstirshaken; i++) {
        char *list = passport_pem(libstirshaken[i].name);
        char *anchor = passport_pem(libstirshaken[i].anchor);
        struct built built;

        built_make(&built, list, (const char *const *)&anchor, 1, PATH_ORDER_ANY, 1650000000);
        cr_expect_eq(built.code, libstirshaken[i].code, "%s: %s; %s", libstirshaken[i].name,
                     built_said(&built), libstirshaken[i].why);
        cr_expect_eq(built.anchor_code, 0, "%s is no anchor", libstirshaken[i].anchor);
        built_free(&built);
        free(anchor);
        free(list);
    }
}
