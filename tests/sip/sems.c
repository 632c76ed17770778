/*
 * What another implementation expects of 18 Identity values (corpora/passports, from the unit
 * tests of yeti-switch/sems), and where we refuse them (R8224-4-1 to R8224-4-5, A-18, A-34).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "json/value.h"
#include "rules/mirror.h"
#include "sip/identity_header.h"
#include "tests/help.h"
#include "token/jws.h"
#include "token/passport.h"

/*
 * SEMS tells four kinds of errors; ours say what is wrong. Its parser judges everything at once,
 * so it speaks of the first thing it looks at; where our order is another, or our rule is
 * stricter, "why" says so.
 */
static const struct {
    bool theirs;        /* expect_parse */
    const char *reason; /* expect_err; NULL: none is named */
    int ours;
    const char *why;
} table[] = {
    {true, NULL, STIR_CODE_ORIG_SYNTAX,
     "stricter: orig.tn is \"\", which is no number (R8224-8.3-1)"},
    {true, NULL, STIR_CODE_PPT_UNSUPPORTED, "div comes with a later version"},
    {false, NULL, STIR_CODE_IDENTITY_SYNTAX, "the same: = in the token (R8224-4-5)"},
    {false, "ERR_COMPACT_FORM", STIR_CODE_INFO_MISSING,
     "we rebuild compact tokens; this one has no info (R8224-4-3)"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_ALG_MISMATCH,
     "parameter alg is ES25, the token's ES256: we compare the two (R8224-4.1-2)"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_PPT_UNSUPPORTED, "the same: ppt is shake"},
    {false, "ERR_EQUAL_X5U", STIR_CODE_X5U_MISMATCH, "the same"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_ALG_UNSUPPORTED, "the same: the token's alg is ES266"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_PPT_UNSUPPORTED,
     "the same: of alg ES265 and ppt shakec we tell ppt first"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_TYP_NOT_PASSPORT,
     "of typ passpord, ppt and alg we tell typ first"},
    {false, "ERR_JWT_VALUE", STIR_CODE_JSON_SYNTAX, "the same: a broken JSON header"},
    {false, "ERR_JWT_VALUE", STIR_CODE_JSON_SYNTAX, "the same: unquoted values"},
    {false, "ERR_JWT_VALUE", STIR_CODE_TYP_NOT_PASSPORT,
     "typ is an array, and so not \"passport\""},
    {false, "ERR_JWT_VALUE", STIR_CODE_TYP_NOT_PASSPORT,
     "no ppt but pdt; typ passpord comes first"},
    {false, "ERR_JWT_VALUE", STIR_CODE_IAT_SYNTAX,
     "dest is a string and iat is missing, which comes first"},
    {false, "ERR_JWT_VALUE", STIR_CODE_IAT_SYNTAX, "the same with dest.tn a string"},
    {false, "ERR_UNSUPPORTED", STIR_CODE_ORIG_SYNTAX,
     "attest is N; orig.tn is \"\", which comes first"},
    {false, "ERR_JWT_VALUE", STIR_CODE_ORIG_SYNTAX, "the same: orig.tn is an object"},
};

static int judge_token(const struct identity_header *header, struct jws *jws,
                       struct passport *passport, struct stir_error *error)
{
    int rc = jws_parse(header->token, strlen(header->token), jws, error);

    if (rc == 0)
        rc = passport_parse_header(jws, passport, error);
    if (rc == 0)
        rc = passport_check_crit(passport, error);
    if (rc == 0)
        rc = passport_check_typ(passport, error);
    if (rc == 0)
        rc = passport_check_ppt(passport, error);
    if (rc == 0)
        rc = mirror_check_ppt(header, passport, NULL, error);
    if (rc == 0)
        rc = passport_check_alg(passport, error);
    if (rc == 0)
        rc = mirror_check_alg(header, passport, error);
    if (rc == 0)
        rc = passport_check_x5u(passport, false, error);
    if (rc == 0)
        rc = mirror_check_x5u(header, passport, error);
    if (rc == 0)
        rc = passport_parse_payload(jws, passport, error);
    return rc == 0 ? passport_check_claims(passport, false, error) : rc;
}

/* The stages header and token in the order of design.md. */
static int judge(const char *value, struct stir_error *error)
{
    struct identity_header header;
    struct jws jws = {0};
    struct passport passport = {0};
    int rc = identity_header_parse(value, strlen(value), &header, error);

    if (rc == 0 && !passport_ppt_is_supported(header.ppt))
        rc = error_set(error, STIR_CODE_PPT_UNSUPPORTED, "ppt is %s", header.ppt);
    if (rc == 0)
        rc = identity_header_check_info(&header, error);
    if (rc == 0)
        rc = judge_token(&header, &jws, &passport, error);
    passport_free(&passport);
    jws_free(&jws);
    identity_header_free(&header);
    return rc;
}

static void check(size_t i, const struct value *row)
{
    const char *parse = value_string(value_member(row, "expect_parse"));
    const char *reason = value_string(value_member(row, "expect_err"));
    struct stir_error error;

    cr_expect_eq(strcmp(parse, "TRUE") == 0, table[i].theirs, "%zu", i);
    cr_expect((reason == NULL) == (table[i].reason == NULL)
                  && (reason == NULL || strcmp(reason, table[i].reason) == 0),
              "%zu: %s", i, reason);
    error_clear(&error);
    int rc = judge(value_string(value_member(row, "identity")), &error);
    cr_expect_eq(rc, table[i].ours, "%zu (%s): %d %s", i, table[i].why, rc, error.text);
}

Test(sems, values)
{
    struct value *rows;
    size_t len;

    help_need_corpora();
    char *path = help_corpus("passports/sems-identity-header-cases.json");
    char *json = help_read(path, &len);
    cr_assert_not_null(json, "%s", path);
    cr_assert_eq(value_load(json, len, &rows, NULL), 0);
    cr_assert_eq(value_size(rows), sizeof table / sizeof *table);
    for (size_t i = 0; i < value_size(rows); i++)
        check(i, value_at(rows, i));
    value_free(rows);
    free(json);
    free(path);
}
