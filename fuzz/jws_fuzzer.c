/* token/jws: what is taken is written the same, and base64url has one form of everything. */
#include <stdlib.h>
#include <string.h>

#include "base/base64url.h"
#include "fuzz/fuzz.h"
#include "token/jws.h"

const size_t fuzz_most = 70 * 1024;

static void expect_compact(struct jws *jws)
{
    FUZZ_ALWAYS(jws->header == NULL && jws->payload == NULL);
    if (jws_rebuild(jws, "{\"alg\":\"ES256\"}", "{}") == 0)
        FUZZ_ALWAYS(strcmp(jws->header, "{\"alg\":\"ES256\"}") == 0 && jws->payload_len == 2
                    && jws->signing_len < strlen(jws->token));
}

static void expect_same(const struct jws *jws, const uint8_t *data, size_t len)
{
    if (strlen(jws->header) != jws->header_len || strlen(jws->payload) != jws->payload_len)
        return; /* it holds a NUL, which no writer takes */
    char *input = jws_signing_input(jws->header, jws->payload);
    char *token = input == NULL ? NULL : jws_write(input, jws->signature, false);
    FUZZ_EXPECT(token != NULL);
    if (token != NULL)
        FUZZ_ALWAYS(strlen(token) == len && memcmp(token, data, len) == 0
                    && strlen(input) == jws->signing_len);
    free(token);
    free(input);
}

static void expect_base64url(const uint8_t *data, size_t len)
{
    char *text = base64url_encode(data, len);

    if (text == NULL)
        return;
    size_t size = base64url_decoded_size(strlen(text));
    FUZZ_ALWAYS(size == len);
    uint8_t *decoded = malloc(size + 1);
    if (decoded != NULL)
        FUZZ_ALWAYS(base64url_decode(text, strlen(text), decoded) == 0
                    && (len == 0 || memcmp(decoded, data, len) == 0));
    free(decoded);
    free(text);
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct jws jws = {0};
    struct stir_error error;

    error_clear(&error);
    int rc = jws_parse((const char *)data, len, &jws, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    FUZZ_ALWAYS(rc == 0 || rc == STIR_CODE_TOKEN_SYNTAX || rc == STIR_E_NOMEM);
    if (rc == 0 && jws.compact)
        expect_compact(&jws);
    else if (rc == 0)
        expect_same(&jws, data, len);
    jws_free(&jws);
    expect_base64url(data, len < 512 ? len : 512);
    return rc;
}
