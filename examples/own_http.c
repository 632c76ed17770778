/*
 * A server that has an HTTP client of its own (policy fetch=caller): the fetcher says what is
 * wanted, once for all calls that wait for it, and the client ends each want when it can, here
 * in a thread.
 *
 * own_http ANCHORS SPC FOLDER ADDRESS NOW FROM TO IDENTITY [FROM TO IDENTITY]...
 *
 * What stands for the client reads files of a folder that are called as the last part of the URL;
 * ADDRESS is what it would have resolved the host to.
 */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stir.h>

/* ---- The client ---------------------------------------------------------------------------- */

struct get {
    struct get *next;
    pthread_t thread;
    struct stir_want *want; /* its own from now on, until it is ended */
    const struct stir_verifier *verifier;
    const char *folder, *address;
};

static void get_file(struct get *get)
{
    struct stir_want *want = get->want;
    const char *name = strrchr(want->url, '/');
    char path[4096], *body = malloc(want->limit);
    FILE *file = NULL;

    if (name != NULL
        && snprintf(path, sizeof path, "%s%s", get->folder, name) < (int)sizeof path)
        file = fopen(path, "rb");
    if (body == NULL || file == NULL) {
        stir_want_fail(want, STIR_FAILURE_CONNECT);
    } else {
        size_t len = fread(body, 1, want->limit, file);
        /* Of a real response: freshness, validators and media type are in its fields. */
        stir_want_add_header(want, "Content-Type", want->accept, STIR_NUL);
        stir_want_add_header(want, "Cache-Control", "max-age=86400", STIR_NUL);
        stir_want_put(want, 200, body, len);
    }
    if (file != NULL)
        fclose(file);
    free(body);
}

static void *run_get(void *arg)
{
    struct get *get = arg;

    /* x5u is a stranger's choice: before every connect, also to where a proxy or a redirect
       leads. */
    if (stir_verifier_may_connect(get->verifier, get->address))
        get_file(get);
    else
        stir_want_fail(get->want, STIR_FAILURE_ADDRESS);
    return NULL;
}

/* Puts it in front of those that were begun. */
static void begin_get(struct get **begun, const struct get *what)
{
    struct get *get = malloc(sizeof *get);

    if (get != NULL) {
        *get = *what;
        get->next = *begun;
        if (pthread_create(&get->thread, NULL, run_get, get) == 0) {
            *begun = get;
            return;
        }
    }
    stir_want_fail(what->want, STIR_FAILURE_CANCELLED);
    free(get);
}

static void end_all(struct get *begun)
{
    while (begun != NULL) {
        struct get *next = begun->next;
        pthread_join(begun->thread, NULL);
        free(begun);
        begun = next;
    }
}

/* ---- The server ---------------------------------------------------------------------------- */

static int add_calls(struct stir_verifier *verifier, struct stir_fetcher *fetcher, int64_t now,
                     char **argv, struct stir_error *error)
{
    int waiting = 0;

    for (; argv[0] != NULL && argv[1] != NULL && argv[2] != NULL; argv += 3) {
        struct stir_call *call = stir_call_new();
        stir_call_add_header(call, "From", argv[0], STIR_NUL);
        stir_call_add_header(call, "To", argv[1], STIR_NUL);
        stir_call_add_header(call, "Identity", argv[2], STIR_NUL);
        struct stir_op *op = stir_op_new(verifier, call, now, error);
        stir_call_free(call);
        if (op == NULL || stir_fetcher_add(fetcher, op, 3000, argv[0], error) < 0) {
            stir_op_free(op);
            return -1;
        }
        waiting++;
    }
    return waiting;
}

static int run(struct stir_fetcher *fetcher, int waiting, struct get *get,
               struct stir_error *error)
{
    struct get *begun = NULL;
    struct pollfd fd = {stir_fetcher_fd(fetcher), POLLIN, 0};
    struct stir_op *op;
    void *from;

    while (waiting > 0) {
        poll(&fd, 1, -1);
        if (stir_fetcher_dispatch(fetcher, error) < 0)
            break;
        while ((get->want = stir_fetcher_want(fetcher)) != NULL) {
            printf("GET %s\n", get->want->url);
            begin_get(&begun, get);
        }
        for (; (op = stir_fetcher_next(fetcher, &from)) != NULL; waiting--) {
            printf("%s: %s\n", (char *)from,
                   stir_code_name(stir_result_code(stir_op_result(op))));
            stir_op_free(op);
        }
    }
    end_all(begun);
    return waiting == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    struct stir_verifier *verifier = NULL;
    struct stir_fetcher *fetcher = NULL;
    int rc = -1;

    if (argc < 9)
        return 2;
    if (stir_config_set(config, "anchors", argv[1], &error) == 0
        && stir_config_set(config, "spc", argv[2], &error) == 0
        && stir_config_set(config, "fetch", "caller", &error) == 0
        && (verifier = stir_verifier_new(config, &error)) != NULL
        && (fetcher = stir_fetcher_new(verifier, &error)) != NULL) {
        struct get get = {.verifier = verifier, .folder = argv[3], .address = argv[4]};
        rc = add_calls(verifier, fetcher, atoll(argv[5]), argv + 6, &error);
        if (rc > 0)
            rc = run(fetcher, rc, &get, &error);
    }
    if (rc < 0)
        fprintf(stderr, "own_http: %s\n", error.text);
    stir_fetcher_free(fetcher);
    stir_verifier_free(verifier);
    stir_config_free(config);
    return rc < 0 ? 2 : 0;
}
