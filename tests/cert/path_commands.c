/* Paths: `stir path` and `openssl verify` on a few hundred of the chains that path_openssl bends;
   each difference has its reason in path_differences.h. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/cert/path_differences.h"
#include "tests/help.h"
#include "tests/tool.h"

/* Of the same 10,000, every so manieth. */
enum { CHAINS = 300, EVERY_SO_MANIETH = 33 };

enum { UNREADABLE = -1 };

/* openssl verify's error; 0: OK. */
static int judge_openssl(const char *folder)
{
    char *said;
    int status = tool_run(folder, &said,
                          "openssl verify -partial_chain -attime %lld -no-CApath -no-CAstore "
                          "-CAfile anchors.pem -untrusted list.pem signer.pem",
                          (long long)MINT_NOW);
    const char *error = strstr(said, "error ");
    int code = status == 0     ? 0
               : error == NULL ? UNREADABLE
                               : (int)strtol(error + strlen("error "), NULL, 10);

    cr_assert(status == 0 || code != 0, "%s", said);
    free(said);
    return code == 0 && status != 0 ? UNREADABLE : code;
}

/* The code that stir path prints; -1: it did not judge, and what it said is in *said. */
static int run_path(const char *folder, const char *anchors, char **said)
{
    int status = tool_run(folder, said,
                          "%s/tools/stir path --json --set path_order=any --now %lld --certs "
                          "list.pem%s",
                          getenv("top_builddir"), (long long)MINT_NOW, anchors);
    const char *found = strstr(*said, "\"code\": \"");
    char name[64];

    if (status == 2)
        return -1;
    cr_assert(found != NULL && sscanf(found + 9, "%63[^\"]", name) == 1, "%s", *said);
    for (int code = 0; code < 1100; code++)
        if (stir_code_name(code) != NULL && strcmp(stir_code_name(code), name) == 0) {
            cr_assert_eq(status == 0, code == 0, "%s", *said);
            return code;
        }
    cr_assert_fail("%s", *said);
    return -1;
}

/* An anchor that is refused is none: with the others, or with none at all. */
static int judge_ours(const struct bent *bent, const char *folder, char **said)
{
    struct text anchors = {0};

    for (size_t i = 0; i < bent->n_anchors; i++) {
        char one[64];
        snprintf(one, sizeof one, " --anchors anchor%zu.pem", i);
        if (run_path(folder, one, said) >= 0)
            text_add(&anchors, one);
        else
            cr_assert(strstr(*said, "--anchors: ") != NULL, "%s", *said);
        free(*said);
    }
    char *all = text_take(&anchors);
    *said = NULL;
    int code = *all == '\0' ? STIR_CODE_PATH_NO_ANCHOR : run_path(folder, all, said);
    free(all);
    return code;
}

static void write_files(const char *folder, const struct bent *bent)
{
    struct text anchors = {0};

    for (size_t i = 0; i < bent->n_anchors; i++) {
        char name[64];
        snprintf(name, sizeof name, "anchor%zu.pem", i);
        tool_write(folder, name, bent->anchors[i]->pem);
        text_add(&anchors, bent->anchors[i]->pem);
    }
    char *all = text_take(&anchors);
    tool_write(folder, "anchors.pem", all);
    free(all);
    tool_write(folder, "list.pem", mint_pem_list_n(bent->list, bent->n_list));
    tool_write(folder, "signer.pem", bent->list[0]->pem);
}

/* Beside what the table has: the command reads a PEM block as far as the certificate goes. */
static bool is_of_the_command(const struct bent *bent, int ours, int theirs)
{
    static const char *const behind[BEND_MOST] = {"octet_behind"};

    return ours != 0 && theirs == 0 && bend_has_all(bent, behind);
}

static void compare(uint64_t number, const char *folder, size_t *explained)
{
    struct bent bent;
    char *said;

    bend_some(&bent, number);
    write_files(folder, &bent);
    int theirs = judge_openssl(folder), ours = judge_ours(&bent, folder, &said);
    if ((ours == 0) != (theirs == 0)) {
        cr_expect(is_explained(&bent, ours, theirs) || is_of_the_command(&bent, ours, theirs),
                  "chain %llu: %s: ours %s, OpenSSL's %d: %s", (unsigned long long)number,
                  bend_names(&bent), stir_code_name(ours), theirs, said);
        ++*explained;
    }
    free(said);
}

/* A process for each part, for what the mint makes is kept until exit. */
static void compare_part(uint64_t part)
{
    char *folder;
    const size_t every = help_every();
    size_t explained = 0;

    tool_need("openssl");
    cr_assert_not_null(getenv("top_builddir"), "run by make check");
    folder = tool_folder();
    for (uint64_t i = part * CHAINS / 3; i < (part + 1) * CHAINS / 3; i += every)
        compare(i * EVERY_SO_MANIETH, folder, &explained);
    cr_expect_geq(explained, CHAINS / 60 / every, "%zu", explained);
    tool_folder_remove(folder);
}

Test(path_commands, first, .timeout = 600)
{
    compare_part(0);
}

Test(path_commands, second, .timeout = 600)
{
    compare_part(1);
}

Test(path_commands, third, .timeout = 600)
{
    compare_part(2);
}
