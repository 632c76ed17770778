/* One call from PEM to a judged path. */
#include "tests/build_path.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/build_steps.h"

void built_make(struct built *built, const char *list, const char *const *anchors,
                size_t n_anchors, enum path_order order, int64_t at)
{
    struct stir_chain *chain = NULL;
    struct anchors taken = {0};
    struct stir_error refusal = {0};

    *built = (struct built){0};
    built->error.depth = -1;
    for (size_t i = 0; i < n_anchors; i++)
        if (anchors_add_pem(&taken, anchors[i], strlen(anchors[i]), &es256_gnutls, &refusal)
            != 0)
            built->anchor_code = refusal.code;
    if (chain_new(list, strlen(list), false, &es256_gnutls, &chain) != 0)
        abort();
    const struct build build = {chain, &taken, order, at};
    built->code = build_also_in_steps(&built->path, &build, &built->warnings, &built->error);
    if (built->code == 0)
        built->code = path_check_times(&built->path, at, at, &built->warnings, &built->error);
    stir_chain_free(chain);
    anchors_free(&taken);
}

void built_free(struct built *built)
{
    path_free(&built->path);
    warnings_free(&built->warnings);
}

bool built_has_warning(const struct built *built, const char *name)
{
    for (size_t i = 0; i < built->warnings.n; i++)
        if (strncmp(built->warnings.lines[i], name, strlen(name)) == 0
            && built->warnings.lines[i][strlen(name)] == ':')
            return true;
    return false;
}

const char *built_said(const struct built *built)
{
    static char said[400];
    const char *name = stir_code_name(built->code);

    snprintf(said, sizeof said, "%s (depth %d): %s", name != NULL ? name : "?",
             built->error.depth, built->error.text);
    return said;
}

/* ---- cases ---- */

struct path_specs spec;

static const struct minted *make(char letter)
{
    switch (letter) {
    case 'l':
        return mint_make(&spec.l, &spec.p);
    case 'p':
        return mint_make(&spec.p, &spec.s);
    case 'P':
        return mint_make(&spec.P, &spec.s);
    case 's':
        return mint_make(&spec.s, &spec.r);
    case 'r':
        return mint_make(&spec.r, NULL);
    case 'x':
        return mint_make(&spec.x, NULL);
    case 'A':
        return mint_make(&spec.A, &spec.x);
    case 'R':
        return mint_make(&spec.R, NULL);
    case 'K':
        return mint_make(&spec.K, NULL);
    case 'N':
        return mint_make(&spec.N, NULL);
    default:
        cr_assert_fail("no certificate %c", letter);
        return NULL;
    }
}

static const struct minted *made[128];

const struct minted *path_make(char letter)
{
    const struct minted **one = &made[(unsigned char)letter % 128];

    if (*one == NULL)
        *one = make(letter);
    return *one;
}

void path_reset(void)
{
    memset(made, 0, sizeof made);
    spec.l = mint_delegate;
    spec.p = spec.P = spec.A = mint_spc_ca;
    spec.s = spec.x = mint_sti_ca;
    spec.r = spec.R = spec.K = spec.N = mint_root;
    spec.x.subject = spec.x.key = "a stranger";
    spec.R.serial_hex = spec.P.serial_hex = "42";
    spec.K.key = "another root";
    spec.N.subject = "another name";
}

void path_judge(struct built *built, const struct path_case *test, enum path_order order)
{
    const char *list = test->list != NULL ? test->list : "lps";
    const char *anchors = test->anchors != NULL ? test->anchors : "r";
    const struct minted *certificates[16];
    const char *pems[8];
    size_t n = 0, n_anchors = 0;

    path_reset();
    if (test->change != NULL)
        test->change();
    for (; list[n] != '\0'; n++)
        certificates[n] = path_make(list[n]);
    for (; anchors[n_anchors] != '\0'; n_anchors++)
        pems[n_anchors] = path_make(anchors[n_anchors])->pem;
    built_make(built, mint_pem_list_n(certificates, n), pems, n_anchors, order, MINT_NOW);
}

void path_expect(const struct built *built, const struct path_case *test, const char *order)
{
    cr_expect_eq(built->code, test->code, "%s, %s: wanted %s, found %s", test->desc, order,
                 stir_code_name(test->code), built_said(built));
    if (test->code == 0)
        cr_expect(built->path.anchored, "%s, %s: no anchor", test->desc, order);
    else
        cr_expect_eq(built->error.depth, test->depth, "%s, %s: wanted depth %d, found %s",
                     test->desc, order, test->depth, built_said(built));
    if (test->code != 0 && test->says != NULL)
        cr_expect_not_null(strstr(built->error.text, test->says), "%s, %s: %s", test->desc,
                           order, built_said(built));
    if (test->code == 0)
        cr_expect_eq(test->says != NULL,
                     built->warnings.n > 0
                         && (test->says == NULL || built_has_warning(built, test->says)),
                     "%s, %s: warning %s", test->desc, order,
                     built->warnings.n > 0 ? built->warnings.lines[0] : "none");
}
