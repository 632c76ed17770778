/*
 * rules/issuance: the checks one by one, on certificates of the mint; together they are
 * tests/service/issuer.c's. R8226-4-1, R8226-8-1, R9118-3-5, R5280-4.2.1.9, R5280-4.1-2.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "rules/issuance.h"
#include "tests/mint.h"

/* A delegate below a provider's CA below a root. */
struct specs {
    struct mint own, above, root;
};

static struct specs usual(void)
{
    return (struct specs){mint_delegate, mint_spc_ca, mint_root};
}

static struct stir_certificate *certificate_of(const struct mint *spec,
                                               const struct mint *issuer)
{
    const struct minted *minted = mint_make(spec, issuer);
    struct stir_certificate *certificate;

    cr_assert_eq(certificate_new(minted->der, minted->len, &es256_gnutls, &certificate), 0);
    return certificate;
}

static void make(struct path *path, const struct specs *specs)
{
    path->n = 3;
    path->certificates[0] = certificate_of(&specs->own, &specs->above);
    path->certificates[1] = certificate_of(&specs->above, &specs->root);
    path->certificates[2] = certificate_of(&specs->root, NULL);
}

static void nothing(struct specs *specs)
{
    (void)specs;
}
static void key_p384(struct specs *specs)
{
    specs->own.kind = MINT_P384;
}
static void key_p384_of_ca(struct specs *specs)
{
    specs->own.kind = MINT_P384;
    specs->own.ca = MINT_YES;
}
static void constraints(struct specs *specs)
{
    specs->own.constraints = "+attest,attest=A";
}
static void constraints_of_ca(struct specs *specs)
{
    specs->own.constraints = "+attest,attest=A";
    specs->own.ca = MINT_YES;
}
static void excludes(struct specs *specs)
{
    specs->own.constraints = "-rcd";
}
static void excludes_orig(struct specs *specs)
{
    specs->own.constraints = "-orig";
}
static void root_without_skid(struct specs *specs)
{
    specs->root.skid = "";
    specs->above.akid = "0011";
}
static void issuer_without_skid(struct specs *specs)
{
    specs->above.skid = "";
    specs->own.akid = "0011";
}
static void other_name(struct specs *specs)
{
    specs->own.issuer_name = "somebody";
}
static void unsigned_yet(struct specs *specs)
{
    specs->own.corrupt = true;
}
static void issuer_unsigned(struct specs *specs)
{
    specs->above.corrupt = true;
}
static void no_ca_below(struct specs *specs)
{
    specs->above.path_length = MINT_PATH_LENGTH(0);
}
static void no_ca_below_for_a_ca(struct specs *specs)
{
    no_ca_below(specs);
    specs->own.ca = MINT_YES;
}
static void renews_its_key(struct specs *specs)
{
    no_ca_below_for_a_ca(specs);
    specs->own.subject = specs->above.subject;
}
static void longer_than_issuer(struct specs *specs)
{
    specs->own.not_after = MINT_NOT_AFTER + 1;
}
static void longer_than_root(struct specs *specs)
{
    specs->own.not_after = specs->above.not_after = MINT_NOT_AFTER + 1;
}
static void ends_early(struct specs *specs)
{
    specs->own.not_after = MINT_NOT_BEFORE - 1;
}
static void root_expired(struct specs *specs)
{
    specs->root.not_after = MINT_NOW - 1;
}

static int times(const struct path *path, struct stir_error *error)
{
    return issuance_check_times(path, MINT_NOW, error);
}

static const struct {
    const char *desc;
    int (*check)(const struct path *path, struct stir_error *error);
    void (*bend)(struct specs *specs);
    int wanted, depth;
} cases[] = {
    {"P-256", issuance_check_key, nothing, 0, 0},
    {"P-384", issuance_check_key, key_p384, STIR_CODE_SIGNER_KEY, 0},
    {"P-384 of a CA", issuance_check_key, key_p384_of_ca, STIR_CODE_CERT_ALGORITHM, 0},
    {"no constraints", issuance_check_constraints, nothing, 0, 0},
    {"constraints", issuance_check_constraints, constraints, 0, 0},
    {"of a CA", issuance_check_constraints, constraints_of_ca, STIR_CODE_CONSTRAINTS_SYNTAX, 0},
    {"without rcd", issuance_check_constraints, excludes, 0, 0},
    {"without orig", issuance_check_constraints, excludes_orig, STIR_CODE_CONSTRAINTS_SYNTAX,
     0},
    {"a path", issuance_check_issuers, nothing, 0, 0},
    {"a root without SKI", issuance_check_issuers, root_without_skid, 0, 0},
    {"an issuer without SKI", issuance_check_issuers, issuer_without_skid,
     STIR_CODE_SKID_MISSING, 1},
    {"another issuer's name", issuance_check_issuers, other_name, STIR_CODE_PATH_ORDER, 0},
    {"not signed yet", issuance_check_issuers, unsigned_yet, 0, 0},
    {"an issuer that is not signed", issuance_check_issuers, issuer_unsigned,
     STIR_CODE_PATH_SIGNATURE, 1},
    {"a leaf where no CA may be", issuance_check_path_length, no_ca_below, 0, 0},
    {"a CA where no CA may be", issuance_check_path_length, no_ca_below_for_a_ca,
     STIR_CODE_PATH_LENGTH, 1},
    {"a new key of the same CA", issuance_check_path_length, renews_its_key, 0, 0},
    {"as long as all above", times, nothing, 0, 0},
    {"longer than its issuer", times, longer_than_issuer, STIR_CODE_CERT_EXPIRED, 0},
    {"longer than the root", times, longer_than_root, 0, 0},
    {"ends before it begins", times, ends_early, STIR_CODE_CERT_EXPIRED, 0},
    {"the root has expired", times, root_expired, STIR_CODE_CERT_EXPIRED, 2},
};

Test(issuance, checks)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct specs specs = usual();
        struct stir_error error = {0};
        struct path path = {0};

        cases[i].bend(&specs);
        make(&path, &specs);
        int rc = cases[i].check(&path, &error);
        cr_expect_eq(rc, cases[i].wanted, "%s: %d %s", cases[i].desc, rc, error.text);
        if (rc != 0)
            cr_expect_eq(error.depth, cases[i].depth, "%s: %d", cases[i].desc, error.depth);
        if (rc != 0)
            cr_expect(strstr(error.text, "(RFC ") != NULL, "%s", error.text);
        path_free(&path);
    }
}

static const struct {
    const char *desc, *constraints, *serial, *wanted; /* the one warning; NULL: none */
} warned[] = {
    {"nothing", NULL, "0102030405060708", NULL},
    {"7 octets", NULL, "01020304050607", "short-serial"},
    {"demanded, another forbidden", "+a,-b", "0102030405060708", NULL},
    {"demanded and forbidden", "+a,-a", "0102030405060708", "constraints-contradict"},
    {"rcdi", "-rcdi", "0102030405060708", "must-exclude-rcdi"},
    {"rcd", "-rcd", "0102030405060708", NULL},
    {"iat", "+iat", "0102030405060708", "must-include-baseline"},
};

Test(issuance, warnings)
{
    for (size_t i = 0; i < sizeof warned / sizeof *warned; i++) {
        struct specs specs = usual();
        struct warnings warnings = {0};
        struct path path = {0};

        specs.own.constraints = warned[i].constraints;
        specs.own.serial_hex = warned[i].serial;
        make(&path, &specs);
        cr_expect_eq(issuance_warn(&path, &warnings), 0);
        cr_expect_eq(warnings.n, warned[i].wanted != NULL, "%s: %zu", warned[i].desc,
                     warnings.n);
        if (warnings.n > 0 && warned[i].wanted != NULL)
            cr_expect_eq(strncmp(warnings.lines[0], warned[i].wanted, strlen(warned[i].wanted)),
                         0, "%s: %s", warned[i].desc, warnings.lines[0]);
        warnings_free(&warnings);
        path_free(&path);
    }
}
