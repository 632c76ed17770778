/* cert/crl: what is a list has entries that are found, in any file it comes in. */
#include <stdlib.h>
#include <string.h>

#include "cert/crl_set.h"
#include "cert/name_canonical.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 64 * 1024;

static void expect_texts(const struct crl *crl)
{
    char number[CRL_NUMBER_SIZE], name[CRL_NAME_SIZE];

    FUZZ_ALWAYS(fuzz_is_line(crl->issuer_text) && fuzz_is_line(crl->fault.text));
    FUZZ_ALWAYS(fuzz_is_line(crl_number(number, crl)) && fuzz_is_line(crl_name(name, crl)));
    FUZZ_ALWAYS(crl->fault.code == 0 || crl->fault.code == STIR_CODE_STATUS_UNKNOWN);
}

/* Of the list's own issuer, each is found by its number; all of them are there. */
static void expect_entries(const struct crl *crl)
{
    const struct crl_entries *entries = &crl->entries;

    FUZZ_ALWAYS(entries->n <= entries->count && entries->n_issuers > 0);
    for (size_t i = 0; i < entries->n; i++) {
        const struct crl_entry *entry = &entries->sorted[i];
        FUZZ_ALWAYS(entry->issuer < entries->n_issuers && entry->len <= LIMIT_SERIAL);
        FUZZ_ALWAYS(crl->fault.code != 0 || crl_reason_name(entry->reason) != NULL);
        if (entry->issuer == 0)
            FUZZ_ALWAYS(
                crl_entries_find(entries, crl->issuer, (struct der){entry->serial, entry->len})
                != NULL);
    }
}

static void expect_list(const struct crl *crl)
{
    uint8_t *form = malloc(crl->issuer.len + 1);

    expect_texts(crl);
    expect_entries(crl);
    FUZZ_ALWAYS(crl_same_series(crl, crl) && crl_compare_age(crl, crl) == 0);
    if (form != NULL)
        FUZZ_ALWAYS(name_canonical(crl->issuer, form) <= crl->issuer.len);
    FUZZ_ALWAYS(name_canonical_equal(crl->issuer, crl->issuer));
    free(form);
}

/* In slices of a size that the input says, it comes to the same. */
static void expect_same_in_slices(const uint8_t *data, size_t len, int rc, size_t n,
                                  const struct stir_error *error)
{
    struct crl_set_reader *reader = crl_set_reader_new(data, len, "fuzz", SIZE_MAX);
    size_t slice = len > 0 ? 1 + data[len / 2] : 1;
    struct crl_set set = {0};
    struct stir_error found;
    int sliced = 1;

    error_clear(&found);
    while (reader != NULL && sliced == 1)
        sliced = crl_set_reader_step(reader, slice, &found);
    if (sliced == 0)
        sliced = crl_set_reader_take(reader, &set, &found);
    FUZZ_EXPECT(reader != NULL);
    if (reader != NULL)
        FUZZ_EXPECT(sliced == rc && set.n == n && strcmp(found.text, error->text) == 0);
    for (size_t i = 0; i < set.n; i++)
        expect_list(set.lists[i]);
    crl_set_free(&set);
    crl_set_reader_free(reader);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct crl_set set = {0}, copy = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = crl_set_add(&set, data, len, "fuzz", &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && (rc == 0) == (set.n > 0));
    FUZZ_ALWAYS(rc <= 0);
    expect_same_in_slices(data, len, rc, set.n, &error);
    for (size_t i = 0; i < set.n; i++)
        expect_list(set.lists[i]);
    if (rc == 0 && crl_set_copy(&copy, &set) == 0) {
        FUZZ_EXPECT(crl_set_add(&copy, data, len, "again", &error) == 0);
        FUZZ_EXPECT(crl_set_prepare(&copy) == 0);
        FUZZ_ALWAYS(crl_set_check_succession(&copy, &set, &error) == 0);
    }
    if (rc == 0 && set.lists[0]->fault.code != 0)
        rc = set.lists[0]->fault.code;
    crl_set_free(&copy);
    crl_set_free(&set);
    return rc;
}
