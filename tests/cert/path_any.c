/* cert/path_any, and which order auto chooses: what strict refuses is put in order and what is
   not needed is left out, never past the limit of signature checks. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/limits.h"
#include "tests/build_path.h"
#include "tests/mint.h"

static const struct mint_extension unknown_critical[] = {{"1.2.3.4", true, "0500"}, {0}};
CHANGE(stranger_at_fault, spec.x.extensions = unknown_critical)
CHANGE(stranger_no_x509, spec.x.more_hex = "00")
CHANGE(renewed, spec.p.not_after = MINT_NOW - 1)
CHANGE(renewed_early, spec.P.not_before = MINT_NOW + 1; spec.P.not_after = MINT_NOT_AFTER + 1)
CHANGE(early_anchor, spec.R.not_before = MINT_NOW + 1; spec.R.not_after = MINT_NOT_AFTER + 1)
CHANGE(expired_above, spec.x.not_after = MINT_NOW - 1)
CHANGE(old_anchor, spec.R.not_after = MINT_NOW - 1)
CHANGE(corrupt_twin, spec.P.corrupt = true; spec.P.not_after = MINT_NOT_AFTER + 1)
CHANGE(twin_not_ca, spec.P.ca = MINT_NO; spec.P.not_after = MINT_NOT_AFTER + 1)

static const struct path_case ordered[] = {
    {.desc = "issuers swapped", .list = "lsp", .says = "path-order"},
    {.desc = "the anchor in the middle", .list = "lrsp", .says = "path-order"},
    {.desc = "a stranger at the end", .list = "lpsx", .says = "path-order"},
    {.desc = "a stranger between", .list = "lxps", .says = "path-order"},
    {.desc = "a stranger with a fault",
     .change = stranger_at_fault,
     .list = "lpsx",
     .says = "path-order"},
    {.desc = "the signer twice", .list = "llps", .says = "path-order"},
    {.desc = "an issuer twice", .list = "lpps", .says = "path-order"},
    {.desc = "two certificates of an issuer", .list = "lpPs", .says = "path-order"},
    {.desc = "one of them expired", .change = renewed, .list = "lpPs", .says = "path-order"},
    {.desc = "the same, first", .change = renewed, .list = "lPps", .says = "path-order"},
    {.desc = "one of them not signed by its issuer",
     .change = corrupt_twin,
     .list = "lPps",
     .says = "path-order"},
    {.desc = "one of them no CA's",
     .change = twin_not_ca,
     .list = "lPps",
     .says = "path-order"},
    {.desc = "the anchor twice", .list = "lpsrr", .says = "path-order"},
    {.desc = "something after the anchor", .list = "lpsrx", .says = "path-order"},
    {.desc = "the root after an anchor below it",
     .list = "lpsr",
     .anchors = "s",
     .says = "path-order"},
    {.desc = "a root that nobody configured", .list = "lpsN", .says = "path-order"},
    {.desc = "a cross-certificate that leads nowhere", .list = "lAps", .says = "path-order"},
    {.desc = "a cross-certificate that leads to the anchor",
     .list = "lpA",
     .anchors = "x",
     .says = "path-order"},
    {.desc = "an expired anchor and its renewal", .change = old_anchor, .anchors = "Rr"},
    {.desc = "the same, listed", .change = old_anchor, .anchors = "Rr", .list = "lpsR"},
    {.desc = "a renewal that is not valid yet",
     .change = renewed_early,
     .list = "lPps",
     .says = "path-order"},
    {.desc = "an anchor's renewal that is not valid yet",
     .change = early_anchor,
     .anchors = "Rr"},
    {.desc = "a way that ends in an expired anchor, and another",
     .change = expired_above,
     .list = "lAps",
     .anchors = "xr",
     .says = "path-order"}};

Test(path_any, orders_and_drops)
{
    for (size_t i = 0; i < sizeof ordered / sizeof *ordered; i++) {
        struct built built;
        path_judge(&built, &ordered[i], PATH_ORDER_ANY);
        path_expect(&built, &ordered[i], "any");
        built_free(&built);
    }
}

CHANGE(pair_fails_below_dead_end, spec.A.path_length = MINT_PATH_LENGTH(0))

static const struct path_case failing[] = {
    {.desc = "a block that is no X.509, needed or not",
     .change = stranger_no_x509,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 3,
     .list = "lpsx"},
    {.desc = "the signer is the first, wherever the leaf is",
     .code = STIR_CODE_SIGNER_IS_CA,
     .depth = 0,
     .list = "pls"},
    {.desc = "no issuer at all", .code = STIR_CODE_PATH_NO_ANCHOR, .depth = 0, .list = "lsx"},
    {.desc = "two ways that end nowhere",
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2,
     .list = "lpsAx",
     .anchors = "",
     .says = "CN=Test SHAKEN ROOT"},
    {.desc = "a candidate got further than no candidate",
     .code = STIR_CODE_AKID_MISMATCH,
     .depth = 2,
     .list = "lAxps",
     .anchors = "K"},
    {.desc = "two candidates: the one that got further",
     .change = twin_not_ca,
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2,
     .list = "lPps",
     .anchors = ""},
    {.desc = "a way that ends in an expired anchor, and no other",
     .change = expired_above,
     .code = STIR_CODE_CERT_EXPIRED,
     .depth = 2,
     .list = "lA",
     .anchors = "x"},
    {.desc = "a longer way that ends nowhere",
     .change = pair_fails_below_dead_end,
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 3,
     .list = "lApsr",
     .anchors = ""}};

Test(path_any, tells_of_what_got_furthest)
{
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        struct built built;
        path_judge(&built, &failing[i], PATH_ORDER_ANY);
        path_expect(&built, &failing[i], "any");
        cr_expect_eq(built.warnings.n, 0, "%s", failing[i].desc);
        built_free(&built);
    }
}

/* ---- auto ---- */

CHANGE(plain, spec.p.tnauthlist = NULL; spec.l.tnauthlist = "709J")
CHANGE(by_reference, plain(); spec.p.stir_tn_list = "https://example.com/list")
CHANGE(malformed_list, plain(); spec.p.tnauthlist_hex = "3000")
CHANGE(stranger_listed, plain(); spec.x.tnauthlist = "709J")
CHANGE(stranger_malformed, plain(); spec.x.tnauthlist_hex = "3000")
CHANGE(stranger_by_http, plain(); spec.x.stir_tn_list = "http://example.com/list")
CHANGE(anchor_listed, plain(); spec.s.tnauthlist = "709J")

/* The pairs are twins: without a list any decides, with one strict does. */
static const struct path_case automatic[] = {
    {.desc = "no list above the signer", .change = plain, .list = "lsp", .says = "path-order"},
    {.desc = "a list above (A-22)", .code = STIR_CODE_PATH_ORDER, .depth = 0, .list = "lsp"},
    {.desc = "a list by reference above (R9060-4.1-3)",
     .change = by_reference,
     .code = STIR_CODE_PATH_ORDER,
     .depth = 0,
     .list = "lsp"},
    {.desc = "a list above that cannot be read",
     .change = malformed_list,
     .code = STIR_CODE_TNAUTHLIST_SYNTAX,
     .depth = 2,
     .list = "lsp"},
    {.desc = "a stranger", .change = plain, .list = "lpsx", .says = "path-order"},
    {.desc = "a stranger with a list",
     .change = stranger_listed,
     .code = STIR_CODE_PATH_ORDER,
     .depth = 2,
     .list = "lpsx"},
    {.desc = "a stranger with a list that cannot be read",
     .change = stranger_malformed,
     .code = STIR_CODE_TNAUTHLIST_SYNTAX,
     .depth = 3,
     .list = "lpsx"},
    {.desc = "a stranger with a list by http",
     .change = stranger_by_http,
     .code = STIR_CODE_TNAUTHLIST_REFERENCE,
     .depth = 3,
     .list = "lpsx"},
    {.desc = "a stranger below an anchor outside the list",
     .change = plain,
     .list = "lxp",
     .anchors = "s",
     .says = "path-order"},
    {.desc = "the same where that anchor has a list",
     .change = anchor_listed,
     .code = STIR_CODE_PATH_ORDER,
     .depth = 0,
     .list = "lxp",
     .anchors = "s"},
    {.desc = "in order, below an anchor that has a list",
     .change = anchor_listed,
     .list = "lp",
     .anchors = "s"}};

Test(path_any, auto_is_strict_where_delegation_is_in_play)
{
    for (size_t i = 0; i < sizeof automatic / sizeof *automatic; i++) {
        struct built built;
        path_judge(&built, &automatic[i], PATH_ORDER_AUTO);
        path_expect(&built, &automatic[i], "auto");
        built_free(&built);
    }
}

/* ---- path lengths and limits, on paths of their own ---- */

/* R5280-4.2.1.9: what an authority issues to itself, with a new key, does not count. */
Test(path_any, self_issued_certificates_have_no_length)
{
    static const struct {
        const char *desc, *name;
        int code;
    } cases[] = {{"the same name", "CA", 0}, {"another name", "CB", STIR_CODE_PATH_LENGTH}};
    const struct mint root = {.subject = "root"};

    for (size_t i = 0; i < 2; i++)
        for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
            struct mint ca = {
                .subject = "CA", .ca = MINT_YES, .path_length = MINT_PATH_LENGTH(0)};
            struct mint next = {.subject = cases[i].name, .key = "next", .ca = MINT_YES};
            struct mint leaf = {.subject = "leaf"};
            const char *list = mint_pem_list(mint_make(&leaf, &next), mint_make(&next, &ca),
                                             mint_make(&ca, &root), NULL);
            const char *anchor = mint_make(&root, NULL)->pem;
            struct built built;
            built_make(&built, list, &anchor, 1, (enum path_order)order, MINT_NOW);
            cr_expect_eq(built.code, cases[i].code, "%s: %s", cases[i].desc,
                         built_said(&built));
            if (cases[i].code != 0)
                cr_expect_eq(built.error.depth, 2);
            built_free(&built);
        }
}

/* CAs of one name and one key identifier, each issued by that name: n of them, with n_keys
   keys; the leaf is signed by the last key, and the last CA by the root where anchored. */
static void judge_mesh(struct built *built, size_t n, size_t n_keys, bool anchored)
{
    static const char *const keys[] = {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"};
    struct mint root = {.subject = "mesh", .key = "root", .skid = "01"}, cas[9] = {0};
    struct mint leaf = {.subject = "leaf", .akid = "01"};
    const struct minted *list[10];
    struct mint stranger = {.subject = "stranger"};
    const char *anchor = mint_make(anchored ? &root : &stranger, NULL)->pem;

    for (size_t i = 0; i < n; i++) {
        cas[i] = (struct mint){.subject = "mesh", .key = keys[i % n_keys], .ca = MINT_YES};
        cas[i].skid = cas[i].akid = "01";
        cas[i].serial_hex =
            (const char *const[]){"11", "12", "13", "14", "15", "16", "17", "18", "19"}[i];
    }
    list[0] = mint_make(&leaf, &cas[n - 1]);
    for (size_t i = 0; i < n; i++)
        list[i + 1] = mint_make(&cas[i], i + 1 < n  ? &cas[(i + 1) % n]
                                         : anchored ? &root
                                                    : &cas[0]);
    built_make(built, mint_pem_list_n(list, n + 1), &anchor, 1, PATH_ORDER_ANY, MINT_NOW);
}

Test(path_any, look_alikes_do_not_multiply_signature_checks)
{
    static const struct {
        const char *desc;
        size_t n, n_keys;
        bool anchored;
        int code;
    } meshes[] = {
        {"two, in a circle", 2, 2, false, STIR_CODE_PATH_NO_ANCHOR},
        {"nine with one key, which lead to the anchor", 9, 1, true, 0},
        {"nine with one key: each may have issued each", 9, 1, false, STIR_CODE_PATH_TOO_DEEP},
        {"nine with keys of their own: a circle", 9, 9, false, STIR_CODE_PATH_TOO_DEEP},
        {"three, which lead to the anchor", 3, 3, true, 0}};

    for (size_t i = 0; i < sizeof meshes / sizeof *meshes; i++) {
        struct built built;
        judge_mesh(&built, meshes[i].n, meshes[i].n_keys, meshes[i].anchored);
        cr_expect_eq(built.code, meshes[i].code, "%s: %s", meshes[i].desc, built_said(&built));
        if (meshes[i].code == STIR_CODE_PATH_TOO_DEEP) {
            cr_expect_eq(built.error.depth, -1, "%s", meshes[i].desc);
            cr_expect_not_null(strstr(built.error.text, "32"), "%s", built.error.text);
        }
        built_free(&built);
    }
}

/* LIMIT_CERTIFICATES, beyond which the anchor does not count; one more is refused. */
Test(path_any, ten_certificates_and_an_anchor)
{
    struct mint cas[11] = {{.subject = "0", .key = "0"}};
    const struct minted *list[11];
    const char *anchor = mint_make(&cas[0], NULL)->pem;

    for (size_t n = 10; n <= 11; n++)
        for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
            struct built built;
            struct mint leaf = {.subject = "leaf"};
            for (size_t i = 1; i < n; i++) {
                static const char *const names[] = {"0", "1", "2", "3", "4", "5",
                                                    "6", "7", "8", "9", "10"};
                cas[i] = (struct mint){.subject = names[i], .ca = MINT_YES};
                list[n - i] = mint_make(&cas[i], &cas[i - 1]);
            }
            list[0] = mint_make(&leaf, &cas[n - 1]);
            built_make(&built, mint_pem_list_n(list, n), &anchor, 1, (enum path_order)order,
                       MINT_NOW);
            cr_expect_eq(built.code, n <= LIMIT_CERTIFICATES ? 0 : STIR_CODE_LIST_TOO_LONG,
                         "%zu: %s", n, built_said(&built));
            if (n <= LIMIT_CERTIFICATES)
                cr_expect_eq(built.path.n, PATH_MOST);
            built_free(&built);
        }
}
