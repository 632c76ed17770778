/* Revocation lists in files: looked at again, taken in one step, never back. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/watch.h"
#include "tests/mint_crl.h"
#include "tests/scene.h"
#include "tests/tool.h"

static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL",
                               .key = "pa",
                               .ca = MINT_NO,
                               .key_usage = MINT_KU_CRL_SIGN};
#define PROVIDER "C=US,O=Provider,CN=SHAKEN 709J"
#define LIST(number) .idp_hex = MINT_IDP_INDIRECT, .number_hex = number
#define THE_DELEGATE                                                                           \
    {                                                                                          \
        {                                                                                      \
            .certificate = &mint_delegate, .issuer = PROVIDER                                  \
        }                                                                                      \
    }

/* A verifier whose lists are at a path, and a clock that the test moves. */
struct site_of_files {
    struct scene scene;
    char *folder, *path;
    struct stir_config *config;
    struct stir_verifier *verifier;
    struct watch watch;
    int64_t now;
};

static int64_t clock_of(void *arg)
{
    return *(const int64_t *)arg;
}

static void put(const struct site_of_files *site, const char *name, const struct mint_crl *list)
{
    tool_write(site->folder, name, mint_crl(list, &pa)->pem);
}

/* The file is there before it is configured; name "" configures the folder. */
static void open_site(struct site_of_files *site, const char *name)
{
    struct stir_error error;

    site->scene = (struct scene){.desc = "files"};
    site->folder = tool_folder();
    put(site, "a.crl", &(struct mint_crl){LIST("05")});
    cr_assert(asprintf(&site->path, "%s/%s", site->folder, name) > 0);
    site->config = scene_config(&site->scene);
    cr_assert_eq(stir_config_set_data(site->config, "crl_anchors", mint_make(&pa, NULL)->pem,
                                      STIR_NUL, &error),
                 0);
    cr_assert_eq(stir_config_set(site->config, "crl", site->path, &error), 0, "%s", error.text);
    site->verifier = stir_verifier_new(site->config, &error);
    cr_assert_not_null(site->verifier, "%s", error.text);
    cr_assert_eq(
        stir_verifier_supply(site->verifier, NULL, scene_body(&site->scene), STIR_NUL, &error),
        0);
    site->now = MINT_NOW;
    site->verifier->memory->clock = clock_of;
    site->verifier->memory->clock_arg = &site->now;
    watch_init(&site->watch, site->verifier);
}

static void close_site(struct site_of_files *site)
{
    watch_close(&site->watch);
    stir_verifier_free(site->verifier);
    stir_config_free(site->config);
    tool_folder_remove(site->folder);
    free(site->path);
}

/* A minute later. Was there something to be read? */
static bool look(struct site_of_files *site)
{
    site->now += 60;
    watch_look(&site->watch);
    bool busy = watch_is_busy(&site->watch);
    while (watch_step(&site->watch))
        continue;
    return busy;
}

static int code_of(struct site_of_files *site)
{
    struct stir_call *call = scene_call(&site->scene);
    struct stir_result *result = stir_verify(site->verifier, call, MINT_NOW, 0, NULL);
    int code = stir_result_code(result);

    stir_result_free(result);
    stir_call_free(call);
    return code;
}

static void expect_row(struct site_of_files *site, const char *column, const char *wanted)
{
    struct stir_rows *rows = stir_verifier_list(site->verifier, STIR_LIST_CRLS, NULL);
    const char *cell = stir_rows_text(rows, 0, column);

    cr_expect(cell != NULL && strstr(cell, wanted) != NULL
                  && (*wanted != '\0' || *cell == '\0'),
              "%s: %s, wanted %s", column, cell != NULL ? cell : "no row", wanted);
    stir_rows_free(rows);
}

/* A file is read again when it was written to, and not before. */
Test(watch, a_newer_list)
{
    struct site_of_files site;

    open_site(&site, "a.crl");
    cr_expect_not(look(&site), "it is as it was configured");
    cr_expect_eq(code_of(&site), STIR_CODE_OK);
    put(&site, "a.crl", &(struct mint_crl){LIST("06"), .revoked = THE_DELEGATE});
    cr_expect_eq(code_of(&site), STIR_CODE_OK, "no call looks at a file");
    cr_expect(look(&site));
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED);
    expect_row(&site, "number", "6");
    expect_row(&site, "source", site.path);
    expect_row(&site, "detail", "");
    cr_expect_not(look(&site), "it is as it was");
    close_site(&site);
}

/* Another file of that name is another one, too. */
Test(watch, a_file_in_its_place)
{
    struct site_of_files site;
    char beside[256];

    open_site(&site, "a.crl");
    put(&site, "new", &(struct mint_crl){LIST("06"), .revoked = THE_DELEGATE});
    snprintf(beside, sizeof beside, "%s/new", site.folder);
    cr_assert_eq(rename(beside, site.path), 0);
    cr_expect(look(&site));
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED);
    close_site(&site);
}

/* What is bad is refused, what there was stays, and the listing says why. */
Test(watch, what_is_bad_is_refused)
{
    static const struct {
        const char *desc;
        struct mint_crl list;
        const char *text, *says;
    } cases[] = {
        {"older", {LIST("04")}, NULL, "it is older than number 6"},
        {"nobody's", {LIST("07"), .corrupt = true}, NULL, "none of the CRL anchors"},
        {"no end", {LIST("07"), .next_update = -1}, NULL, "it has no nextUpdate"},
        {"rubbish", {LIST("07")}, "rubbish", "CRL"},
        {"nothing", {LIST("07")}, "", "CRL"},
        {"gone", {LIST("07")}, NULL, "No such file"},
    };
    struct site_of_files site;

    open_site(&site, "a.crl");
    put(&site, "a.crl", &(struct mint_crl){LIST("06"), .revoked = THE_DELEGATE});
    look(&site);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].text != NULL)
            tool_write(site.folder, "a.crl", cases[i].text);
        else
            put(&site, "a.crl", &cases[i].list);
        if (strcmp(cases[i].desc, "gone") == 0)
            unlink(site.path);
        look(&site);
        cr_expect_eq(code_of(&site), STIR_CODE_REVOKED, "%s", cases[i].desc);
        expect_row(&site, "number", "6");
        expect_row(&site, "detail", cases[i].says);
    }
    put(&site, "a.crl", &(struct mint_crl){LIST("07")});
    look(&site);
    cr_expect_eq(code_of(&site), STIR_CODE_OK, "a good one after the bad ones");
    expect_row(&site, "detail", "");
    close_site(&site);
}

/* Of a folder, what is put into it; what is taken out stays in force until a reload. */
Test(watch, a_folder)
{
    struct site_of_files site;
    struct stir_error error;
    char path[256];

    open_site(&site, "");
    cr_expect_not(look(&site));
    put(&site, "b.crl", &(struct mint_crl){LIST("06"), .revoked = THE_DELEGATE});
    cr_expect(look(&site));
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED);
    snprintf(path, sizeof path, "%s/b.crl", site.folder);
    unlink(path);
    cr_expect(look(&site));
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED);
    cr_expect_eq(stir_verifier_reload(site.verifier, site.config, &error), 0, "%s", error.text);
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED, "a reload of what names the folder");
    close_site(&site);
}

/* A loop does it; and it ends when it is closed in the middle. */
Test(watch, by_whoever_drives)
{
    struct site_of_files site;

    open_site(&site, "a.crl");
    put(&site, "a.crl", &(struct mint_crl){LIST("06"), .revoked = THE_DELEGATE});
    cr_expect_eq(stir_verifier_maintain(site.verifier, -1, NULL), 0);
    cr_expect_eq(code_of(&site), STIR_CODE_REVOKED);
    put(&site, "a.crl", &(struct mint_crl){LIST("07")});
    site.now += 60;
    watch_look(&site.watch);
    cr_expect(watch_step(&site.watch));
    cr_expect(watch_step(&site.watch));
    close_site(&site);
}
