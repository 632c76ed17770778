/* sip/identity_header: an Identity value; what is taken, written anew, says the same. */
#include "sip/identity_header.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/passports.h"

const size_t fuzz_most = 70 * 1024;

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A signer writes the types it knows, which need no escapes. */
static bool is_written_as_it_is(const char *ppt)
{
    return ppt == NULL || strpbrk(ppt, "\"\\") == NULL;
}

static void expect_written(const struct identity_header *header)
{
    struct identity_header again = {0};
    char *value = identity_header_write(header->token, header->info, header->ppt);

    FUZZ_EXPECT(value != NULL);
    if (value != NULL) {
        int rc = identity_header_parse(value, strlen(value), &again, NULL);
        FUZZ_EXPECT(rc == 0);
        if (rc == 0)
            FUZZ_ALWAYS(is_same(again.token, header->token) && is_same(again.info, header->info)
                        && is_same(again.alg, "ES256"));
        if (rc == 0 && header->ppt != NULL && *header->ppt != '\0')
            FUZZ_ALWAYS(is_same(again.ppt, header->ppt));
    }
    identity_header_free(&again);
    free(value);
}

static void expect_passport(const char *value, size_t len)
{
    static const char *const pointers[] = {"/header/x5u", "/payload/orig/tn", "/payload/dest",
                                           "/parameters/info", ""};
    struct stir_error error;
    struct stir_passport *passport = stir_passport_parse(value, len, &error);

    FUZZ_ALWAYS(fuzz_is_line(error.text) && (passport == NULL) == (error.code != 0));
    for (size_t i = 0; passport != NULL && i < sizeof pointers / sizeof *pointers; i++)
        FUZZ_ALWAYS(fuzz_is_claim(stir_passport_unverified(passport, pointers[i])));
    stir_passport_free(passport);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct identity_header header = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = identity_header_parse((const char *)data, len, &header, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_CODE_IDENTITY_SYNTAX || rc == STIR_E_NOMEM);
    if (rc == 0) {
        FUZZ_ALWAYS(header.token != NULL);
        if (identity_header_check_info(&header, &error) == 0 && is_written_as_it_is(header.ppt))
            expect_written(&header);
    }
    identity_header_free(&header);
    expect_passport((const char *)data, len);
    return rc;
}
