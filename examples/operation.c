/*
 * The same as verify, without I/O in the library: an operation says what it wants, and the
 * program gets it, here from files in a folder that are called as the last part of the URL.
 *
 * operation ANCHORS SPC FOLDER FROM TO IDENTITY NOW
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stir.h>

/* The body that the URL would give. It is read up to the limit that the want names. */
static void get(struct stir_want *want, const char *folder)
{
    const char *name = strrchr(want->url, '/');
    char path[4096], *body = malloc(want->limit);
    FILE *file = NULL;

    if (name != NULL && snprintf(path, sizeof path, "%s%s", folder, name) < (int)sizeof path)
        file = fopen(path, "rb");
    if (file == NULL || body == NULL)
        stir_want_fail(want, STIR_FAILURE_CONNECT);
    else
        stir_want_put(want, 0, body, fread(body, 1, want->limit, file));
    if (file != NULL)
        fclose(file);
    free(body);
}

/* In a server, what is wanted goes to an HTTP client and the thread to other calls: a want may
   be ended later, from any thread, and the operation then goes on. */
static int run(struct stir_op *op, const char *folder, struct stir_error *error)
{
    struct stir_want *want;
    int rc;

    while ((rc = stir_op_step(op, error)) == STIR_WANT)
        while ((want = stir_op_want(op)) != NULL)
            get(want, folder);
    return rc;
}

static void print(const struct stir_result *result)
{
    const struct stir_result *identity;
    const char *line;

    printf("%s: %s\n", stir_verdict_name(stir_result_verdict(result)),
           stir_result_detail(result));
    for (size_t i = 0; (identity = stir_result_identity(result, i)) != NULL; i++)
        printf("identity %zu, %s: %s\n", i, stir_result_x5u(identity),
               stir_code_name(stir_result_code(identity)));
    for (size_t i = 0; (line = stir_result_warning(result, i)) != NULL; i++)
        printf("warning: %s\n", line);
    if (stir_result_claim(result, "/orig/tn") != NULL)
        printf("calling number: %s\n", stir_result_claim(result, "/orig/tn"));
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    struct stir_call *call = stir_call_new();
    struct stir_verifier *verifier = NULL;
    struct stir_op *op = NULL;

    if (argc != 8)
        return 2;
    stir_call_add_header(call, "From", argv[4], STIR_NUL);
    stir_call_add_header(call, "To", argv[5], STIR_NUL);
    stir_call_add_header(call, "Identity", argv[6], STIR_NUL);
    if (stir_config_set(config, "anchors", argv[1], &error) == 0
        && stir_config_set(config, "spc", argv[2], &error) == 0
        && (verifier = stir_verifier_new(config, &error)) != NULL
        && (op = stir_op_new(verifier, call, atoll(argv[7]), &error)) != NULL
        && run(op, argv[3], &error) == 0)
        print(stir_op_result(op));
    else
        fprintf(stderr, "operation: %s\n", error.text);

    const struct stir_result *result = stir_op_result(op);
    int status = result == NULL ? 2 : stir_result_verdict(result) != STIR_VALID;
    stir_op_free(op);
    stir_verifier_free(verifier);
    stir_call_free(call);
    stir_config_free(config);
    return status;
}
