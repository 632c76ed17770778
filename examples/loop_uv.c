/*
 * A fetcher in a libuv loop: its one descriptor is a uv_poll_t, and that is all.
 *
 * loop_uv ANCHORS NOW [KEY=VALUE]... <CALLS
 *
 * A call is a line, FROM TO IDENTITY; all are read before the loop begins.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <stir.h>

struct server {
    struct stir_verifier *verifier;
    struct stir_fetcher *fetcher;
    int64_t now;
    int waiting; /* calls */
    uv_poll_t poll;
    struct stir_error error;
};

static void answer(char *from, const struct stir_result *result)
{
    printf("%s: %s, %s: %s\n", from, stir_result_verstat(result),
           stir_code_name(stir_result_code(result)), stir_result_detail(result));
    free(from);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct server *server = poll->data;
    struct stir_op *op;
    void *from;

    (void)status;
    (void)events;
    if (stir_fetcher_dispatch(server->fetcher, &server->error) < 0)
        server->waiting = 0;
    while ((op = stir_fetcher_next(server->fetcher, &from)) != NULL) {
        answer(from, stir_op_result(op));
        stir_op_free(op);
        server->waiting--;
    }
    /* A server would go on; here the loop ends with the last call. */
    if (server->waiting <= 0)
        uv_poll_stop(poll);
}

static void add(struct server *server, char *line)
{
    struct stir_call *call = stir_call_new();
    char *rest = NULL, *from = strdup(strtok_r(line, " ", &rest));

    stir_call_add_header(call, "From", from, STIR_NUL);
    stir_call_add_header(call, "To", strtok_r(NULL, " ", &rest), STIR_NUL);
    stir_call_add_header(call, "Identity", rest, STIR_NUL);
    struct stir_op *op = stir_op_new(server->verifier, call, server->now, &server->error);
    if (op != NULL && stir_fetcher_add(server->fetcher, op, 3000, from, &server->error) == 0) {
        server->waiting++;
    } else {
        fprintf(stderr, "loop_uv: %s\n", server->error.text);
        stir_op_free(op);
        free(from);
    }
    stir_call_free(call);
}

static void run(struct server *server)
{
    uv_loop_t *loop = uv_default_loop();
    char line[65536];

    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        add(server, line);
    }
    server->poll.data = server;
    uv_poll_init(loop, &server->poll, stir_fetcher_fd(server->fetcher));
    uv_poll_start(&server->poll, UV_READABLE, on_readable);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&server->poll, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
}

static int configure(struct stir_config *config, char **argv, struct stir_error *error)
{
    int rc = stir_config_set(config, "anchors", argv[1], error);

    for (argv += 3; rc == 0 && *argv != NULL; argv++) {
        char *value = strchr(*argv, '=');
        if (value == NULL)
            return STIR_E_ARGUMENT;
        *value = '\0';
        rc = stir_config_set(config, *argv, value + 1, error);
    }
    return rc;
}

int main(int argc, char **argv)
{
    static struct server server;
    struct stir_config *config = stir_config_new();

    if (argc < 3)
        return 2;
    server.now = atoll(argv[2]);
    if (configure(config, argv, &server.error) == 0
        && (server.verifier = stir_verifier_new(config, &server.error)) != NULL
        && (server.fetcher = stir_fetcher_new(server.verifier, &server.error)) != NULL)
        run(&server);
    if (server.error.code != 0)
        fprintf(stderr, "loop_uv: %s\n", server.error.text);
    stir_fetcher_free(server.fetcher);
    stir_verifier_free(server.verifier);
    stir_config_free(config);
    return server.error.code != 0 ? 2 : 0;
}
