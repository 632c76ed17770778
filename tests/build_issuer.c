/* A CA and its requests. */
#include "tests/build_issuer.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct above above_usual(void)
{
    return (struct above){{mint_spc_ca, mint_sti_ca, mint_root}};
}

static struct stir_chain *chain_above(const struct above *above)
{
    const struct minted *minted[ABOVE_MOST];
    struct stir_error error;
    size_t n = 0;

    while (n < ABOVE_MOST && above->certificates[n].subject != NULL)
        n++;
    for (size_t i = 0; i < n; i++)
        minted[i] =
            mint_make(&above->certificates[i], i + 1 < n ? &above->certificates[i + 1] : NULL);
    struct stir_chain *chain = stir_chain_parse(mint_pem_list_n(minted, n), STIR_NUL, &error);
    cr_assert_not_null(chain, "%s", error.text);
    return chain;
}

struct stir_key *key_named(const char *name, enum mint_kind kind)
{
    struct stir_error error;
    struct stir_key *key = stir_key_parse(mint_key_pem(name, kind), STIR_NUL, &error);

    cr_assert_not_null(key, "%s", error.text);
    return key;
}

void request_set_all(struct stir_request *request, const char *parts)
{
    char *copy = strdup(parts), *at = copy, *part;

    while ((part = strsep(&at, ";")) != NULL) {
        struct stir_error error;
        char *value = strchr(part, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        cr_assert_eq(stir_request_set(request, part, value, &error), 0, "%s", error.text);
    }
    free(copy);
}

struct stir_request *request_of(const char *parts)
{
    struct stir_key *key = key_named("subject", MINT_P256);
    struct stir_request *request = stir_request_new(key);

    request_set_all(request, parts);
    stir_key_free(key);
    return request;
}

struct stir_verifier *verifier_of(const char *csv, const char *anchors)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error;

    if (csv != NULL)
        cr_assert_eq(stir_config_set_data(config, "spc", csv, STIR_NUL, &error), 0, "%s",
                     error.text);
    if (anchors != NULL)
        cr_assert_eq(stir_config_set_data(config, "anchors", anchors, STIR_NUL, &error), 0,
                     "%s", error.text);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier, "%s", error.text);
    stir_config_free(config);
    return verifier;
}

struct stir_issuer *issuer_of(struct stir_verifier *verifier, const struct above *above,
                              const char *key_name)
{
    struct stir_key *key = key_named(key_name, MINT_P256);
    struct stir_chain *chain = chain_above(above);
    struct stir_error error;
    struct stir_issuer *issuer = stir_issuer_new(verifier, chain, key, &error);

    cr_assert_not_null(issuer, "%s", error.text);
    stir_chain_free(chain);
    stir_key_free(key);
    return issuer;
}

bool result_has_warning(const struct stir_result *result, const char *name)
{
    const char *warning;

    for (size_t i = 0; (warning = stir_result_warning(result, i)) != NULL; i++)
        if (strncmp(warning, name, strlen(name)) == 0 && warning[strlen(name)] == ':')
            return true;
    return false;
}

void issuer_expect(const char *desc, const struct stir_issuer *issuer,
                   const struct stir_request *request, int wanted, int depth,
                   const char *sentence, bool forcible)
{
    struct stir_error error;
    struct stir_result *result = stir_issuer_precheck(issuer, request, MINT_NOW, 0, &error);

    cr_assert_not_null(result, "%s: %s", desc, error.text);
    cr_expect_eq(stir_result_code(result), wanted, "%s: %s: %s", desc,
                 stir_code_name(stir_result_code(result)), stir_result_detail(result));
    cr_expect_eq(stir_result_verdict(result), wanted == 0 ? STIR_VALID : STIR_INVALID, "%s",
                 desc);
    if (wanted != 0)
        cr_expect_eq(stir_result_depth(result), depth, "%s: depth %d", desc,
                     stir_result_depth(result));
    if (sentence != NULL)
        cr_expect(strstr(stir_result_detail(result), sentence) != NULL, "%s: %s", desc,
                  stir_result_detail(result));

    struct stir_chain *chain = stir_issuer_issue(issuer, request, MINT_NOW, 0, &error);
    cr_expect_eq(chain != NULL, wanted == 0, "%s: %s", desc, error.text);
    cr_expect_eq(error.code, wanted, "%s: %s", desc, error.text);
    cr_expect_str_eq(error.text, wanted == 0 ? "" : stir_result_detail(result));
    stir_chain_free(chain);
    chain = stir_issuer_issue(issuer, request, MINT_NOW, STIR_FORCE, &error);
    cr_expect_eq(chain != NULL, forcible, "%s, forced: %s", desc, error.text);
    cr_expect_eq(error.code, forcible ? 0 : wanted, "%s, forced", desc);
    stir_chain_free(chain);
    stir_result_free(result);
}
