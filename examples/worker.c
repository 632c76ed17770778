/*
 * A server that forks: the configuration is read once, before, and each worker makes a verifier
 * of its own from it.
 *
 * worker ANCHORS SPC CERTIFICATES NOW FROM TO IDENTITY [FROM TO IDENTITY]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stir.h>

static int supply(struct stir_verifier *verifier, const char *file, struct stir_error *error)
{
    struct stir_chain *chain = stir_chain_load(file, error);
    char *pem = chain != NULL ? stir_chain_pem(chain, error) : NULL;
    int rc = pem != NULL ? stir_verifier_supply(verifier, NULL, pem, STIR_NUL, error) : -1;

    free(pem);
    stir_chain_free(chain);
    return rc;
}

/* The status of a worker that judges one call. */
static int work(const struct stir_config *config, char **argv, char **of_call)
{
    struct stir_error error = {0};
    struct stir_call *call = stir_call_new();
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    struct stir_result *result = NULL;
    int status = 2;

    stir_call_add_header(call, "From", of_call[0], STIR_NUL);
    stir_call_add_header(call, "To", of_call[1], STIR_NUL);
    stir_call_add_header(call, "Identity", of_call[2], STIR_NUL);
    if (verifier != NULL && supply(verifier, argv[3], &error) == 0
        && (result = stir_verify(verifier, call, atoll(argv[4]), 0, &error)) != NULL)
        status = stir_result_verdict(result) == STIR_VALID ? 0 : 1;
    if (error.code != 0)
        fprintf(stderr, "worker: %s\n", error.text);
    stir_result_free(result);
    stir_verifier_free(verifier);
    stir_call_free(call);
    return status;
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();

    if (argc < 8 || argc % 3 != 2 || stir_config_set(config, "anchors", argv[1], &error) < 0
        || stir_config_set(config, "spc", argv[2], &error) < 0) {
        fprintf(stderr, "worker: %s\n", error.text);
        stir_config_free(config);
        return 2;
    }
    for (int i = 5; i < argc; i += 3) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            status = work(config, argv, argv + i);
            stir_config_free(config);
            exit(status);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
            return 2;
        printf("%s: worker says %d\n", argv[i], WEXITSTATUS(status));
    }
    stir_config_free(config);
    return 0;
}
