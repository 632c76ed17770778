/* cert/claim_constraints: both extensions; what is taken is written and read again. The first
   octet says which one it is. */
#include <stdlib.h>
#include <string.h>

#include "cert/claim_constraints.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_names(const struct claim_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        FUZZ_ALWAYS(names->names[i][0] != '\0' && fuzz_is_line(names->names[i]));
}

static void expect_sane(const struct claim_constraints *constraints)
{
    FUZZ_ALWAYS(constraints->present);
    FUZZ_ALWAYS(constraints->enhanced || constraints->must_exclude.n == 0);
    expect_names(&constraints->must_include);
    expect_names(&constraints->must_exclude);
    for (size_t i = 0; i < constraints->n_permitted; i++) {
        const struct claim_permit *permit = &constraints->permitted[i];
        FUZZ_ALWAYS(permit->name[0] != '\0' && fuzz_is_line(permit->name));
        for (size_t j = 0; j < permit->n_values; j++)
            FUZZ_ALWAYS(der_is_utf8(
                (struct der){(const uint8_t *)permit->values[j], strlen(permit->values[j])}));
        /* A claim listed twice has both lists united. */
        for (size_t j = 0; j < i && j < 64; j++)
            FUZZ_ALWAYS(strcmp(permit->name, constraints->permitted[j].name) != 0);
    }
}

static bool are_same(const struct claim_constraints *a, const struct claim_constraints *b)
{
    bool same = a->must_include.n == b->must_include.n && a->must_exclude.n == b->must_exclude.n
                && a->n_permitted == b->n_permitted;

    for (size_t i = 0; same && i < a->n_permitted; i++)
        same = strcmp(a->permitted[i].name, b->permitted[i].name) == 0
               && a->permitted[i].n_values == b->permitted[i].n_values;
    return same && claim_constraints_are_void(a) == claim_constraints_are_void(b);
}

static void expect_again(const struct claim_constraints *constraints, const void *der,
                         size_t len)
{
    struct claim_constraints again = {0};
    size_t again_len = 0;
    void *twice = NULL;

    int rc = claim_constraints_parse((struct der){der, len}, constraints->must_exclude.n > 0,
                                     &again, NULL);
    FUZZ_EXPECT(rc == 0);
    if (rc == 0) {
        FUZZ_ALWAYS(are_same(constraints, &again));
        twice = claim_constraints_encode(&again, &again_len, NULL);
    }
    if (twice != NULL)
        FUZZ_ALWAYS(again_len == len && memcmp(twice, der, len) == 0);
    free(twice);
    claim_constraints_free(&again);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct claim_constraints constraints = {0};
    struct stir_error error;
    size_t der_len = 0;

    if (len == 0)
        return 1;
    error_clear(&error);
    int rc = claim_constraints_parse((struct der){data + 1, len - 1}, data[0] & 1, &constraints,
                                     &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_CODE_CONSTRAINTS_SYNTAX || rc == STIR_E_NOMEM);
    if (rc == 0) {
        expect_sane(&constraints);
        void *der = claim_constraints_encode(&constraints, &der_len, &error);
        if (der != NULL)
            expect_again(&constraints, der, der_len);
        free(der);
    }
    claim_constraints_free(&constraints);
    return rc;
}
