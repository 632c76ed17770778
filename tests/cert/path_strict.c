/* cert/path_strict: the order of the list; tests/cert/path_any has what any makes of the same. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/mint.h"

CHANGE(leaf_other_issuer, spec.l.issuer_name = "C=US,O=Provider,CN=shaken 709K")
CHANGE(leaf_issuer_in_lower_case, spec.l.issuer_name = "C=US,O=Provider,CN=shaken  709j")

/* The order of the list, strict; auto is strict because the provider's CA has a list. */
static const struct path_case disorder[] = {
    {.desc = "issuers swapped (R9060-7-3)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 0,
     .list = "lsp",
     .says = "certificate 1 \"Test SHAKEN CA\" is not the issuer of certificate 0"},
    {.desc = "a stranger at the end (R9060-6-1)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 2,
     .list = "lpsx"},
    {.desc = "a stranger between", .code = STIR_CODE_PATH_ORDER, .depth = 1, .list = "lpxs"},
    {.desc = "the signer twice (A-22)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 0,
     .list = "llps",
     .says = "twice"},
    {.desc = "an issuer twice (A-22)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 1,
     .list = "lpps"},
    {.desc = "two certificates of an issuer",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 1,
     .list = "lpPs"},
    {.desc = "a cross-certificate, though there is another way (R9060-6-2)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 1,
     .list = "lAps"},
    {.desc = "the anchor twice (A-22)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 3,
     .list = "lpsrr"},
    {.desc = "something after the anchor (A-22)",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 3,
     .list = "lpsrx",
     .says = "trust anchor"},
    {.desc = "the root after an anchor below it",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 2,
     .list = "lpsr",
     .anchors = "s"},
    {.desc = "the issuer's name with another letter (R5280-6-1)",
     .change = leaf_other_issuer,
     .code = STIR_CODE_PATH_ORDER,
     .depth = 0,
     .list = "lps"},
    {.desc = "an unconfigured root in between",
     .code = STIR_CODE_PATH_ORDER,
     .depth = 2,
     .list = "lpsN"}};

Test(path_strict, auto_and_strict_takes_no_other_order)
{
    for (size_t i = 0; i < sizeof disorder / sizeof *disorder; i++) {
        struct built built;
        path_judge(&built, &disorder[i], PATH_ORDER_STRICT);
        path_expect(&built, &disorder[i], "strict");
        built_free(&built);
        path_judge(&built, &disorder[i], PATH_ORDER_AUTO);
        path_expect(&built, &disorder[i], "auto");
        built_free(&built);
    }
}

/* strict, the next must be the issuer; auto sees no list above the signer, and no issuer. */
Test(path_strict, a_gap_is_disorder)
{
    static const struct path_case gaps[] = {
        {.desc = "a gap", .code = STIR_CODE_PATH_ORDER, .depth = 0, .list = "ls"},
        {.desc = "a gap", .code = STIR_CODE_PATH_NO_ANCHOR, .depth = 0, .list = "ls"}};
    struct built built;

    path_judge(&built, &gaps[0], PATH_ORDER_STRICT);
    path_expect(&built, &gaps[0], "strict");
    built_free(&built);
    path_judge(&built, &gaps[1], PATH_ORDER_AUTO);
    path_expect(&built, &gaps[1], "auto");
    built_free(&built);
}

CHANGE(ca_issuer_in_capitals, spec.s.issuer_name = "C=US,O=TEST,CN=TEST SHAKEN ROOT")
CHANGE(ca_issuer_another, spec.s.issuer_name = "C=US,O=Test,CN=Test SHAKEN Boot")

/* RFC 5280 section 7.1: case and how many blanks there are make no other name, in the list and of
   an anchor beside it; a letter does. */
Test(path_strict, names_of_other_octets)
{
    static const struct path_case same[] = {
        {.desc = "of an issuer (R5280-6-1)",
         .change = leaf_issuer_in_lower_case,
         .list = "lps"},
        {.desc = "of an anchor (R5280-6-1)", .change = ca_issuer_in_capitals, .list = "lps"},
        {.desc = "another name",
         .change = ca_issuer_another,
         .code = STIR_CODE_PATH_NO_ANCHOR,
         .depth = 2,
         .list = "lps"}};

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
            struct built built;
            path_judge(&built, &same[i], order);
            path_expect(&built, &same[i], "names");
            built_free(&built);
        }
}
