/*
 * Many calls at once in a poll(2) loop: none waits for the certificates of another.
 *
 * loop ANCHORS NOW [KEY=VALUE]... <CALLS
 *
 * A call is a line of the standard input, FROM TO IDENTITY: what for a SIP server is its socket.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stir.h>

enum { TIMEOUT_MS = 3000, CALL_SIZE = 65536 };

struct server {
    struct stir_verifier *verifier;
    struct stir_fetcher *fetcher;
    int64_t now;
    int waiting; /* calls */
    char input[CALL_SIZE];
    size_t len;
    bool ended; /* the input */
};

/* Local policy: what proved false is refused; what could not be found out goes on. */
static void answer(char *from, const struct stir_result *result)
{
    const char *phrase = NULL;
    int status = stir_result_sip_status(result, &phrase);

    if (stir_result_verdict(result) == STIR_INVALID && status != 0)
        printf("%s: refused, %d %s: %s\n", from, status, phrase, stir_result_detail(result));
    else
        printf("%s: goes on, %s: %s\n", from, stir_result_verstat(result),
               stir_code_name(stir_result_code(result)));
    free(from);
}

static struct stir_op *begin(struct server *server, char *line, struct stir_error *error)
{
    struct stir_call *call = stir_call_new();
    char *rest = NULL;

    stir_call_add_header(call, "From", strtok_r(line, " ", &rest), STIR_NUL);
    stir_call_add_header(call, "To", strtok_r(NULL, " ", &rest), STIR_NUL);
    stir_call_add_header(call, "Identity", rest, STIR_NUL);
    struct stir_op *op = stir_op_new(server->verifier, call, server->now, error);
    stir_call_free(call);
    return op;
}

/* Most calls are answered here, from memory; the others go to the fetcher. */
static void on_call(struct server *server, char *line)
{
    struct stir_error error = {0};
    char *from = strndup(line, strcspn(line, " "));
    struct stir_op *op = begin(server, line, &error);
    int rc = op != NULL ? stir_op_step(op, &error) : -1;

    if (rc == STIR_WANT
        && stir_fetcher_add(server->fetcher, op, TIMEOUT_MS, from, &error) == 0) {
        server->waiting++;
        return;
    }
    if (rc < 0)
        fprintf(stderr, "loop: %s\n", error.text);
    answer(from, op != NULL ? stir_op_result(op) : NULL);
    stir_op_free(op);
}

static void on_input(struct server *server)
{
    ssize_t n = read(0, server->input + server->len, CALL_SIZE - server->len);
    char *end;

    server->ended = n <= 0;
    server->len += n > 0 ? (size_t)n : 0;
    while ((end = memchr(server->input, '\n', server->len)) != NULL) {
        *end = '\0';
        on_call(server, server->input);
        server->len -= (size_t)(end + 1 - server->input);
        memmove(server->input, end + 1, server->len);
    }
}

/* One descriptor and one function to call: connections and timers are behind it. */
static int run(struct server *server, struct stir_error *error)
{
    struct pollfd fds[2] = {{0, POLLIN, 0}, {stir_fetcher_fd(server->fetcher), POLLIN, 0}};
    struct stir_op *op;
    void *from;

    while (!server->ended || server->waiting > 0) {
        fds[0].fd = server->ended ? -1 : 0;
        poll(fds, 2, -1);
        if (fds[0].revents != 0)
            on_input(server);
        if (fds[1].revents != 0 && stir_fetcher_dispatch(server->fetcher, error) < 0)
            return -1;
        while ((op = stir_fetcher_next(server->fetcher, &from)) != NULL) {
            answer(from, stir_op_result(op));
            stir_op_free(op);
            server->waiting--;
        }
    }
    return 0;
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
    struct stir_error error = {0};
    struct stir_config *config = stir_config_new();
    int rc = -1;

    if (argc < 3)
        return 2;
    server.now = atoll(argv[2]);
    if (configure(config, argv, &error) == 0
        && (server.verifier = stir_verifier_new(config, &error)) != NULL
        && (server.fetcher = stir_fetcher_new(server.verifier, &error)) != NULL)
        rc = run(&server, &error);
    if (rc < 0)
        fprintf(stderr, "loop: %s\n", error.text);
    stir_fetcher_free(server.fetcher);
    stir_verifier_free(server.verifier);
    stir_config_free(config);
    return rc < 0 ? 2 : 0;
}
