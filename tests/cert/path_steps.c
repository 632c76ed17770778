/* cert/path in steps: lists that cost many checks of signatures, how many they cost, and in how
   many steps; that steps end whatever the clock does. What the other suites about paths build is
   built in steps, too (tests/build_steps.h). */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/build_steps.h"
#include "tests/mint_look_alikes.h"

static struct anchors anchors;

static void trust(const char *pem)
{
    struct stir_error error;

    cr_assert_eq(anchors_add_pem(&anchors, pem, strlen(pem), &es256_gnutls, &error), 0, "%s",
                 error.text);
}

static struct stir_chain *read_list(const char *pem)
{
    struct stir_chain *chain = NULL;

    cr_assert_eq(chain_new(pem, strlen(pem), false, &es256_gnutls, &chain), 0);
    return chain;
}

/* ---- attacks ---- */

static const struct mint leaf = {.subject = "leaf", .key = "delegate", .tnauthlist = "709J"};
#define LOOK_ALIKES .leaf = &leaf, .n = 9, .kind
/* Of the look-alikes' own name and key identifier, so that it is tried for each of them. */
static const struct mint namesake = {
    .subject = "look-alike", .key = "root", .skid = "01", .ca = MINT_YES};

static const struct attack {
    const char *desc;
    struct mint_look_alikes list;
    enum path_order order;
    int code;
    size_t checks;
    size_t steps; /* of BUDGET_STEP; of 1 there are as many as checks */
} attacks[] = {
    {"none of nine signed the leaf: each is asked once, though there are two passes",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_STRANGERS},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_SIGNATURE,
     9,
     3},
    {"the same with P-384", /* five each: 24 are gone after five */
     {LOOK_ALIKES = MINT_P384, .keys = MINT_STRANGERS},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_SIGNATURE,
     9,
     2},
    {"the same with P-256, as usual lists have it: at once",
     {LOOK_ALIKES = MINT_P256, .keys = MINT_STRANGERS},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_SIGNATURE,
     9,
     1},
    {"the same, rigid: the first is wrong",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_STRANGERS},
     PATH_ORDER_STRICT,
     STIR_CODE_PATH_SIGNATURE,
     1,
     1},
    {"the last of nine signed the leaf and leads to an anchor",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_STRANGERS, .anchor = &mint_root},
     PATH_ORDER_AUTO,
     0,
     10,
     4},
    {"one key: each issued each, which leads nowhere",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_ONE_KEY},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_TOO_DEEP,
     10,
     4},
    {"one key, and an anchor of that name that issued none of them",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_ONE_KEY, .subject = "look-alike"},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_TOO_DEEP,
     20,
     5},
    {"one key, and the last leads to that anchor",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_ONE_KEY, .anchor = &namesake},
     PATH_ORDER_ANY,
     0,
     19,
     5},
    {"each with its own key, signed by the next: all that may be asked",
     {LOOK_ALIKES = MINT_P521, .keys = MINT_CIRCLE},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_TOO_DEEP,
     32,
     11},
    {"RSA", /* three each */
     {LOOK_ALIKES = MINT_RSA2048, .keys = MINT_CIRCLE},
     PATH_ORDER_ANY,
     STIR_CODE_PATH_TOO_DEEP,
     32,
     4},
};

static bool is_about_namesake(const struct attack *attack)
{
    return attack->list.anchor == &namesake || attack->list.subject != NULL;
}

static void expect_cost(const char *desc, const struct build *build, int code, size_t checks,
                        size_t in_steps)
{
    static const struct path_signatures none;
    struct build_steps once, steps, ones;

    build_steps(&once, build, &none, SIZE_MAX);
    cr_expect_eq(once.code, code, "%s: %s", desc, once.error.text);
    cr_expect_eq(once.known.made, checks, "%s: %zu checks", desc, once.known.made);
    build_steps(&steps, build, &none, BUDGET_STEP);
    cr_expect_eq(steps.steps, in_steps, "%s: %zu steps", desc, steps.steps);
    build_steps_expect_same(&once, &steps);
    build_steps(&ones, build, &none, 1);
    cr_expect_eq(ones.steps, checks > 0 ? checks : 1, "%s: %zu steps of 1", desc, ones.steps);
    build_steps_expect_same(&once, &ones);
    build_steps_free(&once);
    build_steps_free(&steps);
    build_steps_free(&ones);
}

Test(path_steps, attacks_cost_what_they_may)
{
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const struct attack *attack = &attacks[i];
        struct stir_chain *chain = read_list(mint_look_alikes(&attack->list));
        const struct build build = {chain, &anchors, attack->order, MINT_NOW};
        trust(mint_make(is_about_namesake(attack) ? &namesake : &mint_root, NULL)->pem);
        expect_cost(attack->desc, &build, attack->code, attack->checks, attack->steps);
        stir_chain_free(chain);
        anchors_free(&anchors);
    }
}

/* ---- lists that are no attack ---- */

CHANGE(expired_above, spec.x.not_after = MINT_NOW - 1)
CHANGE(anchor_listed, spec.l.tnauthlist = "709J"; spec.p.tnauthlist = NULL;
       spec.s.tnauthlist = "709J")

static const struct listed {
    struct path_case list;
    enum path_order order;
    size_t checks;
} lists[] = {
    {{.desc = "a usual one"}, PATH_ORDER_AUTO, 3},
    {{.desc = "with its anchor", .list = "lpsr"}, PATH_ORDER_AUTO, 3},
    {{.desc = "nothing to check", .list = "pls", .code = STIR_CODE_SIGNER_IS_CA},
     PATH_ORDER_ANY,
     0},
    {{.desc = "a certificate that an anchor stands for", .anchors = "P"}, PATH_ORDER_ANY, 1},
    {{.desc = "the same, rigid", .anchors = "P", .code = STIR_CODE_PATH_ORDER},
     PATH_ORDER_STRICT,
     1},
    {{.desc = "an anchor cross-certified from elsewhere", .list = "lAps", .anchors = "p"},
     PATH_ORDER_ANY,
     1},
    {{.desc = "a cross-certificate that leads nowhere: the leaf under that key is known",
      .list = "lAps"},
     PATH_ORDER_ANY,
     3},
    {{.desc = "one that leads to an anchor", .list = "lAps", .anchors = "xr"},
     PATH_ORDER_ANY,
     2},
    {{.desc = "one that leads to an expired one",
      .change = expired_above,
      .list = "lAps",
      .anchors = "xr"},
     PATH_ORDER_ANY,
     3},
    {{.desc = "and there is no other: the second pass",
      .change = expired_above,
      .list = "lA",
      .anchors = "x"},
     PATH_ORDER_ANY,
     2},
    {{.desc = "searched, then rigid, below an anchor with a list",
      .change = anchor_listed,
      .list = "lp",
      .anchors = "s"},
     PATH_ORDER_AUTO,
     2},
    {{.desc = "the same in disorder",
      .change = anchor_listed,
      .code = STIR_CODE_PATH_ORDER,
      .list = "lxp",
      .anchors = "s"},
     PATH_ORDER_AUTO,
     2}};

/* anchors, and the list to be freed. */
static struct stir_chain *make(const struct path_case *test)
{
    const struct minted *certificates[16];
    const char *list = test->list != NULL ? test->list : "lps";
    const char *above = test->anchors != NULL ? test->anchors : "r";
    size_t n = 0;

    path_reset();
    if (test->change != NULL)
        test->change();
    for (; list[n] != '\0'; n++)
        certificates[n] = path_make(list[n]);
    for (; *above != '\0'; above++)
        trust(path_make(*above)->pem);
    return read_list(mint_pem_list_n(certificates, n));
}

Test(path_steps, usual_lists_take_one)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct stir_chain *chain = make(&lists[i].list);
        const struct build build = {chain, &anchors, lists[i].order, MINT_NOW};
        expect_cost(lists[i].list.desc, &build, lists[i].list.code, lists[i].checks, 1);
        stir_chain_free(chain);
        anchors_free(&anchors);
    }
}

/* ---- the clock goes on between steps ---- */

/* Steps before, as many as there are checks or fewer, then at MINT_NOW: as if all were then. */
static void expect_clock_is_free(const char *desc, struct stir_chain *chain)
{
    static const struct path_signatures none;
    const struct build before = {chain, &anchors, PATH_ORDER_ANY, MINT_NOW - 100};
    const struct build build = {chain, &anchors, PATH_ORDER_ANY, MINT_NOW};
    struct build_steps early, once, steps;

    build_steps(&early, &before, &none, SIZE_MAX);
    build_steps(&once, &build, &none, SIZE_MAX);
    for (size_t n = 0; n <= early.known.made; n += 1 + n / 4) {
        struct path_signatures known = early.known;
        known.made = n;
        build_steps(&steps, &build, &known, 1);
        cr_expect_leq(steps.known.made, n + LIMIT_SIGNATURE_CHECKS, "%s", desc);
        steps.known.made = once.known.made;
        build_steps_expect_same(&once, &steps);
        build_steps_free(&steps);
    }
    build_steps_free(&early);
    build_steps_free(&once);
}

Test(path_steps, clock_may_go_on)
{
    static const struct path_case crossed = {
        .change = expired_above, .list = "lAps", .anchors = "xr"};
    /* At first the leaf's issuer is found and followed around; then others are asked before, and
       more than known has room for in all. */
    const struct mint_look_alikes circle = {LOOK_ALIKES = MINT_P256, .keys = MINT_CIRCLE,
                                            .ending = 4};
    struct stir_chain *chain = make(&crossed);

    expect_clock_is_free("an anchor expires", chain);
    stir_chain_free(chain);
    chain = read_list(mint_look_alikes(&circle));
    expect_clock_is_free("issuers expire", chain);
    stir_chain_free(chain);
    anchors_free(&anchors);
}
