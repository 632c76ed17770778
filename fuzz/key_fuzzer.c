/* stir_key_parse(): what is taken is written and read again as the same key. */
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 16 * 1024;

static int again(const struct stir_key *key)
{
    struct stir_error error;
    size_t len, len_again;
    const void *spki = key_spki(key, &len);
    char *pem = stir_key_pem(key, &error);
    struct stir_key *same = pem == NULL ? NULL : stir_key_parse(pem, STIR_NUL, &error);
    int rc = same == NULL ? error.code : 0;

    if (same != NULL) {
        const void *spki_again = key_spki(same, &len_again);
        FUZZ_ALWAYS(len == len_again && memcmp(spki, spki_again, len) == 0);
    }
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    stir_key_free(same);
    free(pem);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_error error;
    struct stir_key *key = stir_key_parse(data, len, &error);

    FUZZ_ALWAYS(fuzz_is_line(error.text) && (key == NULL) == (error.code != 0));
    if (key == NULL)
        return error.code;
    int rc = again(key);
    stir_key_free(key);
    return rc == STIR_E_NOMEM ? rc : 0;
}
