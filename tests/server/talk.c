/*
 * talk FILE: the test server for a shell script, on standard input and output.
 *
 * It says where the server is, in one line: https://127.0.0.1:PORT, PORT and the file of its
 * CA. Then it answers a line each, until there are no more:
 *
 *   count PATH       how many requests came for it
 *   rule PATH RULE   what goes wrong there (tests/help_server.h)
 *
 * FILE is the body at every path. The status is 77 where the server cannot be started.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help_server.h"

static void serve_file(struct server *server, const char *path)
{
    static char body[1 << 20];
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    server_body(server, "*", body, fread(body, 1, sizeof body, file));
    fclose(file);
}

static void answer(struct server *server, char *line)
{
    const char *verb = strtok(line, " \n"), *path = strtok(NULL, " \n"),
               *rest = strtok(NULL, "\n");

    if (verb != NULL && path != NULL && strcmp(verb, "count") == 0) {
        printf("%u\n", server_count(server, path));
    } else if (verb != NULL && path != NULL && strcmp(verb, "rule") == 0) {
        server_rule(server, path, rest != NULL ? rest : "");
        printf("0\n");
    } else {
        printf("what?\n");
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *why;
    char line[4096];
    struct server *server = argc == 2 ? server_start(&why) : NULL;

    if (argc != 2)
        return 2;
    if (server == NULL) {
        fprintf(stderr, "the test server cannot be started: %s\n", why);
        return getenv("CI") != NULL ? 1 : 77;
    }
    serve_file(server, argv[1]);
    char *url = server_url(server, "good", "");
    printf("%s %d %s\n", url, server_port(server, "good"), server_ca_file(server, "good"));
    fflush(stdout);
    free(url);
    while (fgets(line, sizeof line, stdin) != NULL)
        answer(server, line);
    server_stop(server);
    return 0;
}
