/* service/identities: policies numeric_user and number_plan are obeyed (A-34, R8224-8.3-2). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "stir.h"

/* What a value names under one setting; key NULL: without a verifier. */
static char *canonical(const char *key, const char *setting, const char *value,
                       struct stir_error *error)
{
    struct stir_verifier *verifier = NULL;

    if (key != NULL) {
        struct stir_config *config = stir_config_new();
        cr_assert_eq(stir_config_set(config, key, setting, NULL), 0);
        verifier = stir_verifier_new(config, NULL);
        stir_config_free(config);
    }
    char *text = stir_identity_canonical(verifier, value, STIR_NUL, error);
    stir_verifier_free(verifier);
    return text;
}

static const struct {
    const char *key, *setting, *value, *canonical;
} cases[] = {
    {NULL, NULL, "+1 (215) 555-1212", "12155551212"},
    {NULL, NULL, "\"Bob\" <sip:Bob@Example.com:5060>;tag=1", "sip:bob@example.com"},
    {NULL, NULL, "sip:12155551212@x", "12155551212"},
    {"numeric_user", "tn", "sip:12155551212@x", "12155551212"},
    {"numeric_user", "uri", "sip:12155551212@x", "sip:12155551212@x"},
    {"numeric_user", "uri", "sip:12155551212@x;user=phone", "12155551212"},
    {NULL, NULL, "2155551212", "12155551212"},
    {"number_plan", "nanp", "2155551212", "12155551212"},
    {"number_plan", "none", "2155551212", "2155551212"},
};

Test(identities, by_policy)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stir_error error;
        char *text = canonical(cases[i].key, cases[i].setting, cases[i].value, &error);
        cr_expect(text != NULL && strcmp(text, cases[i].canonical) == 0 && error.code == 0,
                  "%s=%s %s: %s %s", cases[i].key, cases[i].setting, cases[i].value, text,
                  error.text);
        free(text);
    }
}

Test(identities, failures)
{
    struct stir_error error;

    cr_assert_null(stir_identity_canonical(NULL, NULL, 0, &error));
    cr_assert_eq(error.code, STIR_E_ARGUMENT);
    cr_assert_null(stir_identity_canonical(NULL, "bob", STIR_NUL, &error));
    cr_assert_eq(error.code, STIR_E_SYNTAX);
    cr_assert_str_eq(error.text,
                     "\"bob\" is no identity: it is neither a URI nor a number of 1 "
                     "to 15 of 0-9 * # and separators");
    cr_assert_null(stir_identity_canonical(NULL, "911x", 4, NULL));
}

Test(identities, the_length_counts)
{
    char *text = stir_identity_canonical(NULL, "911x", 3, NULL);

    cr_assert_str_eq(text, "911");
    free(text);
}
