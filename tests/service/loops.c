/* examples/loop, loop_uv: the shipped loops, run against a real server. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/help.h"
#include "tests/situation.h"
#include "tests/site.h"
#include "tests/tool.h"

static const struct {
    const char *desc, *path;
    const char *from;           /* NULL: the signer's */
    const char *said, *said_uv; /* by loop, by loop_uv */
} cases[] = {
    {"good", "/list.pem", NULL, "12155551234: goes on, TN-Validation-Passed: ok",
     "12155551234: TN-Validation-Passed, ok"},
    {"not there", "/status=404/x.pem", NULL,
     "12155551234: goes on, No-TN-Validation: x5u-unreachable",
     "12155551234: No-TN-Validation, x5u-unreachable"},
    {"another caller", "/delay=50/list.pem", "12155559999", "12155559999: refused, 438",
     "12155559999: No-TN-Validation, orig-mismatch"},
};
enum { CASES = sizeof cases / sizeof *cases };

/* A line a call: FROM TO IDENTITY. */
static void write_calls(struct server *server, const char *folder)
{
    static char lines[CASES * 4096];

    for (size_t i = 0; i < CASES; i++) {
        char *url = server_url(server, "good", cases[i].path);
        struct situation situation = {
            .desc = "", .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}};
        struct stage stage;
        situation.x5u = url;
        stage_set(&stage, &situation);
        tool_write(folder, "root.pem", stage.anchor);
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s %s %s\n",
                 cases[i].from != NULL ? cases[i].from : stage.from, "12155559876",
                 stage.identity);
        free(url);
    }
    tool_write(folder, "calls", lines);
}

static void run(const char *program, bool uv)
{
    struct server *server = help_server();
    char *folder = tool_folder(), *output = NULL, path[4096];
    const char *list = site_list();

    snprintf(path, sizeof path, "%s/examples/%s", getenv("top_builddir"), program);
    cr_assert_eq(access(path, X_OK), 0, "%s is not there", path);
    server_body(server, "*", list, strlen(list));
    write_calls(server, folder);
    int status = tool_run(folder, &output,
                          "cat calls | %s root.pem %lld fetch_allow=127.0.0.0/8 x5u_ports=%d"
                          " fetch_ca=%s spc_unknown=trust_issuer",
                          path, (long long)MINT_NOW, server_port(server, "good"),
                          server_ca_file(server, "good"));
    cr_expect_eq(status, 0, "%d: %s", status, output);
    for (size_t i = 0; i < CASES; i++) {
        const char *said = uv ? cases[i].said_uv : cases[i].said;
        cr_expect_not_null(strstr(output, said), "%s, %s: wanted %s, found %s", program,
                           cases[i].desc, said, output);
    }
    free(output);
    tool_folder_remove(folder);
}

Test(loops, poll)
{
    run("loop", false);
}

Test(loops, libuv)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/examples/loop_uv", getenv("top_builddir"));
    if (access(path, X_OK) != 0) {
        cr_assert_null(getenv("CI"), "libuv is missing");
        cr_skip_test("no libuv");
    }
    run("loop_uv", true);
}
