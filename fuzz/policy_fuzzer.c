/* stir_config_set(): lines KEY=VALUE; a value that is taken is there, another changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

const size_t fuzz_most = 8 * 1024;

/* Keys that name files are not for a fuzzer. */
static bool is_source(const char *key)
{
    static const char *const keys[] = {
        "anchors",  "cache_file",   "crl", "crl_anchors",  "decisions",
        "fetch_ca", "signers_file", "spc", "trusted_list", "trusted_list_signer"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static int set(struct stir_config *config, const char *key, const char *value)
{
    struct stir_error error;
    const char *now = stir_config_get(config, key);
    char before[64];

    FUZZ_ALWAYS(now == NULL || strlen(now) < sizeof before);
    strcpy(before, now == NULL ? "" : now);
    int rc = stir_config_set(config, key, value, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text) && rc == error.code && rc <= 0);
    now = stir_config_get(config, key);
    FUZZ_ALWAYS(rc != 0 || (now != NULL && strcmp(now, value) == 0));
    FUZZ_ALWAYS(rc == 0 || strcmp(now == NULL ? "" : now, before) == 0);
    return rc;
}

static int set_all(struct stir_config *config, char *text)
{
    char *line, *rest = text, *value;
    int rc = 0;

    while ((line = strsep(&rest, "\n")) != NULL && rc != STIR_E_NOMEM) {
        if ((value = strchr(line, '=')) == NULL)
            continue;
        *value++ = '\0';
        if (!is_source(line))
            rc = set(config, line, value);
    }
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_config *config = stir_config_new();
    char *text = malloc(len + 1);
    int rc = config == NULL || text == NULL ? STIR_E_NOMEM : 0;

    if (rc == 0) {
        memcpy(text, data, len);
        text[len] = '\0';
        rc = set_all(config, text);
    }
    if (rc == 0) {
        struct stir_verifier *verifier = stir_verifier_new(config, NULL);
        FUZZ_EXPECT(verifier != NULL);
        rc = verifier == NULL ? STIR_E_NOMEM : 0;
        stir_verifier_free(verifier);
    }
    free(text);
    stir_config_free(config);
    return rc;
}
