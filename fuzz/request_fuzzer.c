/* stir_request_set(), stir_issuer_issue(): lines NAME=VALUE. What a CA issues for them is a
   certificate without fault that the CA's own scope encompasses. */
#include <stdlib.h>
#include <string.h>

#include "cert/chain.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 4 * 1024;

/* Of nobody. */
static const char key_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiZ7hoLpNOSgb7TU4\n"
    "sH2WIBnoaULabxsv3WlJcqmwAvihRANCAAS6fIYFl1a/50A/z59X5eo7ZJuDWFIA\n"
    "vsnImPlCKx5Vbs3vuCD4KeVtxuwIwsU+BVwvf+fFxKa6weh78Lp2EAgJ\n"
    "-----END PRIVATE KEY-----\n";

enum { NOW = 1767225600 };

static struct stir_request *read_request(const struct stir_key *key, char *text, int *rc)
{
    struct stir_request *request = stir_request_new(key);
    char *line, *rest = text, *value;

    *rc = request == NULL ? STIR_E_NOMEM : 0;
    while (*rc != STIR_E_NOMEM && (line = strsep(&rest, "\n")) != NULL) {
        struct stir_error error;
        if ((value = strchr(line, '=')) == NULL)
            continue;
        *value++ = '\0';
        *rc = stir_request_set(request, line, value, &error);
        FUZZ_ALWAYS(fuzz_is_line(error.text) && *rc == error.code && *rc <= 0);
    }
    return request;
}

static void expect_good(const struct stir_chain *chain, const struct stir_scope *above)
{
    const struct stir_certificate *made = stir_chain_certificate(chain, 0);

    FUZZ_EXPECT(made->fault.code == 0);
    if (made->scope != NULL && above != NULL)
        FUZZ_EXPECT(stir_scope_encompasses(above, made->scope, NULL, NULL) == STIR_YES);
    FUZZ_ALWAYS(above == NULL || made->scope != NULL || made->n_references > 0);
}

/* Below the CA, or where it has none, self-signed. */
static int issue(const struct stir_chain *ca, const struct stir_key *key,
                 const struct stir_request *request, struct stir_chain **made)
{
    struct stir_error error;
    struct stir_issuer *issuer = stir_issuer_new(NULL, ca, key, &error);

    *made = issuer == NULL ? NULL : stir_issuer_issue(issuer, request, NOW, 0, &error);
    FUZZ_ALWAYS(fuzz_is_line(error.text));
    stir_issuer_free(issuer);
    return *made != NULL ? 0 : error.code;
}

/* A CA with 1215555xxxx and no SPC. */
static int make_ca(const struct stir_key *key, struct stir_chain **ca)
{
    static const char *const settings[][2] = {
        {"subject", "CN=CA"}, {"range", "12155550000+10000"}, {"days", "30"}};
    struct stir_request *request = stir_request_new(key);
    int rc = request == NULL ? STIR_E_NOMEM : 0;

    for (size_t i = 0; rc == 0 && i < sizeof settings / sizeof *settings; i++)
        rc = stir_request_set(request, settings[i][0], settings[i][1], NULL);
    *ca = NULL;
    if (rc == 0)
        rc = issue(NULL, key, request, ca);
    stir_request_free(request);
    return rc;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct stir_error error;
    struct stir_key *key = stir_key_parse(key_pem, STIR_NUL, &error);
    struct stir_chain *ca = NULL, *made = NULL;
    struct stir_request *request = NULL;
    char *text = malloc(len + 1);
    int rc = key == NULL || text == NULL ? STIR_E_NOMEM : make_ca(key, &ca);

    if (rc == 0) {
        memcpy(text, data, len);
        text[len] = '\0';
        request = read_request(key, text, &rc);
    }
    if (rc != STIR_E_NOMEM && request != NULL && ca != NULL)
        rc = issue(ca, key, request, &made);
    if (made != NULL)
        expect_good(made, stir_certificate_scope(stir_chain_certificate(ca, 0)));
    stir_chain_free(made);
    stir_chain_free(ca);
    stir_request_free(request);
    stir_key_free(key);
    free(text);
    return rc;
}
