/* cert/tnauthlist: what it takes, written anew, is the same set, in one form only. */
#include <stdlib.h>
#include <string.h>

#include "cert/tnauthlist.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_covered(const struct stir_scope *child, const struct stir_scope *parent)
{
    struct stir_scope *rest = NULL;

    if (scope_subtract(child, parent, &rest) == 0)
        FUZZ_ALWAYS(rest == NULL);
    scope_free(rest);
    FUZZ_EXPECT(stir_scope_encompasses(parent, child, NULL, NULL) == STIR_YES);
}

static void expect_entries(const struct stir_scope *scope)
{
    struct stir_entry entry;
    struct stir_error error;
    size_t i = 0;

    for (; stir_scope_entry(scope, i, &entry); i++) {
        FUZZ_ALWAYS((entry.spc == NULL) == (entry.count > 0));
        FUZZ_ALWAYS(entry.spc == NULL || (*entry.spc != '\0' && fuzz_is_line(entry.spc)));
        /* Many entries would make this quadratic. */
        if (entry.spc == NULL && i < 64) {
            FUZZ_ALWAYS(strlen(entry.first) == strlen(entry.last));
            FUZZ_EXPECT(stir_scope_covers(scope, entry.first, &error) == STIR_YES);
            FUZZ_EXPECT(stir_scope_covers(scope, entry.last, &error) == STIR_YES);
        }
    }
    FUZZ_ALWAYS(i == scope->n_entries && i > 0);
}

static void expect_canonical(const struct stir_scope *scope, const void *der, size_t len)
{
    struct stir_scope *again = NULL;
    size_t again_len = 0;
    void *twice = NULL;

    FUZZ_EXPECT(tnauthlist_parse((struct der){der, len}, &again, NULL, NULL) == 0);
    if (again != NULL) {
        expect_covered(again, scope);
        expect_covered(scope, again);
        twice = tnauthlist_encode(again, &again_len, NULL);
        FUZZ_EXPECT(twice != NULL);
    }
    if (twice != NULL)
        FUZZ_ALWAYS(again_len == len && memcmp(twice, der, len) == 0);
    free(twice);
    scope_free(again);
}

/* In slices of a size that the input says, it comes to the same. */
static void expect_same_in_slices(const uint8_t *data, size_t len, int rc,
                                  const struct stir_scope *scope)
{
    struct tnauthlist_reader *reader = tnauthlist_reader_new((struct der){data, len});
    size_t slice = len > 0 ? 1 + data[len / 2] : 1;
    int sliced = 0;

    FUZZ_EXPECT(reader != NULL);
    while (reader != NULL && sliced == 0 && !tnauthlist_reader_is_done(reader)) {
        size_t budget = slice;
        sliced = tnauthlist_reader_step(reader, &budget, NULL);
    }
    if (reader != NULL)
        FUZZ_EXPECT(sliced == rc);
    if (reader != NULL && sliced == 0) {
        struct stir_scope *same = tnauthlist_reader_take(reader, NULL);
        FUZZ_EXPECT(scope != NULL);
        if (scope != NULL) {
            FUZZ_ALWAYS(same->n_entries == scope->n_entries);
            expect_covered(same, scope);
            expect_covered(scope, same);
        }
        scope_free(same);
    }
    tnauthlist_reader_free(reader);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_scope *scope = NULL;
    struct stir_error error;
    bool unknown = false;
    size_t der_len = 0;

    error_clear(&error);
    int rc = tnauthlist_parse((struct der){data, len}, &scope, &unknown, &error);
    FUZZ_ALWAYS((rc == 0) == (scope != NULL) && fuzz_is_line(error.text));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_CODE_TNAUTHLIST_SYNTAX || rc == STIR_E_NOMEM);
    expect_same_in_slices(data, len, rc, scope);
    if (rc != 0)
        return rc;
    expect_entries(scope);
    void *der = tnauthlist_encode(scope, &der_len, &error);
    FUZZ_EXPECT(der != NULL);
    if (der != NULL)
        expect_canonical(scope, der, der_len);
    free(der);
    scope_free(scope);
    return 0;
}
