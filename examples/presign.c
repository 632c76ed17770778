/*
 * An authentication service: it asks whether a certificate may sign for the number, and only
 * then signs.
 *
 * presign ANCHORS SPC CERTIFICATES KEY X5U FROM TO NOW
 */
#include <stdio.h>
#include <stdlib.h>

#include <stir.h>

/* The credential; what is wrong with it is told here, at start, and not at the first call. */
static struct stir_signer *load(struct stir_verifier *verifier, char **argv,
                                struct stir_error *error)
{
    struct stir_chain *chain = stir_chain_load(argv[3], error);
    struct stir_key *key = chain != NULL ? stir_key_load(argv[4], error) : NULL;
    struct stir_signer *signer =
        key != NULL ? stir_signer_new(verifier, chain, key, argv[5], error) : NULL;

    stir_key_free(key);
    stir_chain_free(chain);
    return signer;
}

/* The Identity value for an INVITE about to leave, for free(3); NULL: it leaves unsigned. */
static char *identity_for(const struct stir_signer *signer, const struct stir_call *invite,
                          int64_t now, struct stir_error *error)
{
    struct stir_passport *passport = stir_passport_new("", invite, error);
    struct stir_result *result = NULL;
    char *identity = NULL;

    if (passport != NULL
        && (result = stir_signer_precheck(signer, passport, now, 0, error)) != NULL) {
        if (stir_result_verdict(result) == STIR_VALID)
            identity = stir_signer_sign(signer, passport, now, 0, error);
        else
            printf("unsigned, %s: %s\n", stir_code_name(stir_result_code(result)),
                   stir_result_detail(result));
    }
    stir_result_free(result);
    stir_passport_free(passport);
    return identity;
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    struct stir_call *invite = stir_call_new();
    struct stir_verifier *verifier = NULL;
    struct stir_signer *signer = NULL;
    char *identity = NULL;

    if (argc != 9)
        return 2;
    stir_call_add_header(invite, "From", argv[6], STIR_NUL);
    stir_call_add_header(invite, "To", argv[7], STIR_NUL);
    if (stir_config_set(config, "anchors", argv[1], &error) == 0
        && stir_config_set(config, "spc", argv[2], &error) == 0
        && (verifier = stir_verifier_new(config, &error)) != NULL
        && (signer = load(verifier, argv, &error)) != NULL
        && (identity = identity_for(signer, invite, atoll(argv[8]), &error)) != NULL)
        printf("Identity: %s\n", identity);
    if (error.code != 0)
        fprintf(stderr, "presign: %s\n", error.text);

    int status = error.code != 0 ? 2 : identity == NULL;
    free(identity);
    stir_signer_free(signer);
    stir_verifier_free(verifier);
    stir_call_free(invite);
    stir_config_free(config);
    return status;
}
