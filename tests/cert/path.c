/* cert/path: what is taken under every order of policy, times, and the path as a value. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/mint.h"

/* ---- what is taken ---- */

CHANGE(larger_keys, spec.r.kind = MINT_P521; spec.s.kind = MINT_P384;
       spec.p.kind = MINT_RSA2048)
CHANGE(pss, spec.r.kind = MINT_RSA2048;
       spec.r.algorithm = spec.s.algorithm = MINT_RSA_PSS_SHA256)
CHANGE(no_key_usage, spec.l.key_usage = spec.p.key_usage = spec.s.key_usage = spec.r.key_usage =
                         MINT_KU_ABSENT)
CHANGE(plain_leaf, spec.l.basic_constraints = MINT_NO; spec.l.skid = "")
CHANGE(bare_anchor, spec.r.skid = spec.r.akid = ""; spec.s.akid = "01")
CHANGE(odd_identifiers, spec.p.skid = "01"; spec.s.skid = "0203040506070809")
CHANGE(lengths_fit, spec.p.path_length = MINT_PATH_LENGTH(0);
       spec.s.path_length = MINT_PATH_LENGTH(1); spec.r.path_length = MINT_PATH_LENGTH(2))
CHANGE(akid_serial_fits, spec.l.akid_serial_hex = spec.p.serial_hex = "42";
       spec.l.akid_issuer = mint_sti_ca.subject)
CHANGE(akid_serial_differs, akid_serial_fits(); spec.l.akid_serial_hex = "43")
CHANGE(akid_issuer_differs, akid_serial_fits(); spec.l.akid_issuer = "another")
/* SHAKEN's CP 1.3, and on the CA above another policy. */
static const struct mint_extension policies[] = {
    {"2.5.29.32", true, "300E300C060A6086480186FF09010103"}, {0}};
static const struct mint_extension other_policies[] = {
    {"2.5.29.32", false, "300630040602 2A03"}, {0}};
CHANGE(have_policies, spec.l.extensions = policies; spec.p.extensions = other_policies)
CHANGE(null_parameters, spec.p.ecdsa_null = true)

static const struct path_case accepted[] = {
    {.desc = "as it comes (R9060-4-1, R9060-4-5, R9060-7-3)"},
    {.desc = "the anchor in the list (A-22)", .list = "lpsr"},
    {.desc = "the anchor's key and name in another certificate (A-34)", .list = "lpsR"},
    {.desc = "an anchor that is not self-signed (A-34)", .list = "lps", .anchors = "s"},
    {.desc = "the same, outside the list", .list = "lp", .anchors = "s"},
    {.desc = "one name, two keys (A-33)", .anchors = "Kr"},
    {.desc = "one name, two keys, the other way round", .anchors = "rK"},
    {.desc = "one key, two names (A-33)", .anchors = "Nr", .list = "lpsr"},
    {.desc = "both certificates of the root", .anchors = "rR", .list = "lpsR"},
    {.desc = "larger keys and RSA above the signer (R8226-4-1, A-34)", .change = larger_keys},
    {.desc = "RSASSA-PSS (A-34)", .change = pss},
    {.desc = "no key usage anywhere (A-34)", .change = no_key_usage},
    {.desc = "a leaf without basic constraints and SKID (A-33)", .change = plain_leaf},
    {.desc = "an anchor without key identifiers (A-23)", .change = bare_anchor},
    {.desc = "the same, in the list (A-34)", .change = bare_anchor, .list = "lpsr"},
    {.desc = "identifiers are opaque (R5280-4.2.1.2, A-23)", .change = odd_identifiers},
    {.desc = "path lengths that just fit (R5280-4.2.1.9)", .change = lengths_fit},
    {.desc = "AKID with the issuer's serial number and issuer", .change = akid_serial_fits},
    {.desc = "AKID with another issuer of the issuer (A-23)",
     .change = akid_issuer_differs,
     .says = "akid-issuer-differs"},
    {.desc = "AKID with another serial number (A-23)",
     .change = akid_serial_differs,
     .says = "akid-issuer-differs"},
    {.desc = "certificate policies, which bind nobody unless a profile asks (R5280-4.2.1.4)",
     .change = have_policies},
    {.desc = "NULL as ECDSA parameters (A-33)",
     .change = null_parameters,
     .says = "ecdsa-null-parameters"}};

Test(path, takes_what_is_good_in_every_order_of_policy)
{
    static const char *const names[] = {"auto", "strict", "any"};

    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++)
        for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
            struct built built;
            path_judge(&built, &accepted[i], (enum path_order)order);
            path_expect(&built, &accepted[i], names[order]);
            built_free(&built);
        }
}

Test(path, is_the_list_and_the_configured_anchor)
{
    static const struct path_case test = {.desc = "R in place of r", .list = "lpsR"};

    for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
        struct built built;
        path_judge(&built, &test, (enum path_order)order);
        cr_assert_eq(built.path.n, 4);
        for (size_t i = 0; i < 4; i++) {
            const struct minted *made = path_make("lpsr"[i]);
            const struct der found = built.path.certificates[i]->der;
            cr_expect(made->len == found.len && memcmp(found.data, made->der, found.len) == 0,
                      "certificate %zu", i);
        }
        cr_expect(path_is_delegated(&built.path));
        struct path copy;
        path_copy(&copy, &built.path);
        built_free(&built);
        cr_expect_eq(copy.n, 4);
        cr_expect(copy.anchored);
        path_free(&copy);
        cr_expect_eq(copy.n, 0);
    }
}

CHANGE(signer_named_as_anchor, spec.l = mint_root; spec.l.ca = MINT_NO; spec.p = mint_root)

Test(path, a_signer_stands_for_itself)
{
    /* An end entity of the anchor's own name and key is no anchor, and issued by it. */
    static const struct path_case test = {
        .desc = "the anchor's name and key", .change = signer_named_as_anchor, .list = "l"};

    for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
        struct built built;
        path_judge(&built, &test, (enum path_order)order);
        path_expect(&built, &test, "any order");
        cr_expect_eq(built.path.n, 2);
        built_free(&built);
    }
}

/* ---- times ---- */

/* R5280-4.1-2: both ends are inclusive. A-24: all at now, the signer also when it signed. */
Test(path, times_are_inclusive_and_the_signer_has_two)
{
    static const struct {
        const char *desc;
        int64_t now, signed_at;
        int code, depth;
    } times[] = {{"within", 0, 0, 0, -1},
                 {"the first second", -100, -100, 0, -1},
                 {"before the first second", -101, -101, STIR_CODE_CERT_NOT_YET_VALID, 0},
                 {"the last second", 100, 100, 0, -1},
                 {"after the last second", 101, 101, STIR_CODE_CERT_EXPIRED, 0},
                 {"signed too early", -100, -101, STIR_CODE_CERT_NOT_YET_VALID, 0},
                 {"signed too late", 100, 101, STIR_CODE_CERT_EXPIRED, 0},
                 {"judged too late", 101, 100, STIR_CODE_CERT_EXPIRED, 0}};
    struct built built;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct stir_error error = {0};
        path_reset();
        spec.l.not_before = MINT_NOW - 100;
        spec.l.not_after = MINT_NOW + 100;
        const struct minted *root = path_make('r');
        built_make(&built, mint_pem_list(path_make('l'), path_make('p'), path_make('s'), NULL),
                   (const char *const[]){root->pem}, 1, PATH_ORDER_STRICT, MINT_NOW);
        cr_assert_eq(built.code, 0, "%s", built_said(&built));
        int code = path_check_times(&built.path, MINT_NOW + times[i].now,
                                    MINT_NOW + times[i].signed_at, NULL, &error);
        cr_expect_eq(code, times[i].code, "%s: %s", times[i].desc, error.text);
        if (code != 0)
            cr_expect_eq(error.depth, times[i].depth, "%s", times[i].desc);
        built_free(&built);
    }
}

CHANGE(outlives, spec.s.not_after = MINT_NOW + 10)

Test(path, outliving_ones_issuer_is_a_warning)
{
    /* A-24, and its twin is the hierarchy as it comes, which warns of nothing. */
    static const struct path_case test = {.desc = "longer than its issuer",
                                          .change = outlives,
                                          .says = "not-after-beyond-issuer"};
    struct built built;

    path_judge(&built, &test, PATH_ORDER_STRICT);
    path_expect(&built, &test, "strict");
    built_free(&built);
}

Test(path, a_body_that_is_none_is_told_of)
{
    static const struct {
        const char *desc, *body;
        int code;
    } bodies[] = {{"nothing", "", STIR_CODE_X5U_BODY},
                  {"rubbish", "rubbish", STIR_CODE_X5U_BODY},
                  {"no X.509", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                   STIR_CODE_CERT_SYNTAX}};

    for (size_t i = 0; i < 3; i++) {
        struct built built;
        path_reset();
        built_make(&built, bodies[i].body, (const char *const[]){path_make('r')->pem}, 1,
                   PATH_ORDER_AUTO, MINT_NOW);
        cr_expect_eq(built.code, bodies[i].code, "%s: %s", bodies[i].desc, built_said(&built));
        built_free(&built);
    }
}
