/*
 * A provider's CA delegates numbers to an enterprise, but none that it does not hold itself.
 *
 * ca SPC CERTIFICATES KEY RANGE NOW
 */
#include <stdio.h>
#include <stdlib.h>

#include <stir.h>

/* The new certificate and those above it. */
static struct stir_chain *delegate(const struct stir_issuer *issuer, const struct stir_key *key,
                                   const char *range, int64_t now, struct stir_error *error)
{
    struct stir_request *request = stir_request_new(key);
    struct stir_chain *chain = NULL;

    if (stir_request_set(request, "subject", "CN=ACME delegate", error) == 0
        && stir_request_set(request, "range", range, error) == 0
        && stir_request_set(request, "must_exclude", "rcd", error) == 0
        && stir_request_set(request, "days", "30", error) == 0)
        chain = stir_issuer_issue(issuer, request, now, 0, error);
    stir_request_free(request);
    return chain;
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    struct stir_chain *above = NULL, *issued = NULL;
    struct stir_key *above_key = NULL, *key = NULL;
    struct stir_verifier *verifier = NULL;
    struct stir_issuer *issuer = NULL;
    char *pem = NULL;

    if (argc == 6 && stir_config_set(config, "spc", argv[1], &error) == 0
        && (verifier = stir_verifier_new(config, &error)) != NULL
        && (above = stir_chain_load(argv[2], &error)) != NULL
        && (above_key = stir_key_load(argv[3], &error)) != NULL
        && (key = stir_key_generate(&error)) != NULL
        && (issuer = stir_issuer_new(verifier, above, above_key, &error)) != NULL
        && (issued = delegate(issuer, key, argv[4], atoll(argv[5]), &error)) != NULL
        && (pem = stir_chain_pem(issued, &error)) != NULL)
        fputs(pem, stdout);
    else if (error.code > 0)
        printf("refused, %s: %s\n", stir_code_name(error.code), error.text);
    else
        fprintf(stderr, "ca: %s\n", error.text);

    int status = pem != NULL ? 0 : error.code > 0 ? 1 : 2;
    free(pem);
    stir_chain_free(issued);
    stir_issuer_free(issuer);
    stir_key_free(key);
    stir_key_free(above_key);
    stir_chain_free(above);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return status;
}
