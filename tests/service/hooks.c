/* service/hooks: what happens behind calls is told to hook log. */
#include "service/hooks.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/verifier.h"
#include "tests/scene.h"

struct heard {
    enum stir_level level;
    char text[512];
    int times;
};

static void hear(void *arg, enum stir_level level, const char *text)
{
    struct heard *heard = arg;

    heard->level = level;
    heard->times++;
    snprintf(heard->text, sizeof heard->text, "%s", text);
}

static struct stir_config *config_with(struct heard *heard)
{
    static const struct scene good = {.desc = "good"};
    const struct stir_hooks hooks = {.size = sizeof hooks, .arg = heard, .log = hear};
    struct stir_error error;
    struct stir_config *config = scene_config(&good);

    cr_assert_eq(stir_config_set_hooks(config, &hooks, &error), 0, "%s", error.text);
    return config;
}

Test(hooks, a_fetch_that_failed)
{
    static const struct {
        const char *desc;
        struct cache_hit hit;
        int level; /* -1: nothing is said */
        const char *text;
    } cases[] = {
        {"it came", {.state = CACHE_FRESH}, -1, ""},
        {"a status",
         {.state = CACHE_FAILED, .failure = {.status = 404}},
         STIR_LOG_NOTICE,
         "https://h/\\x0A: status 404"},
        {"a kind",
         {.state = CACHE_FAILED, .failure = {.why = STIR_FAILURE_TLS}},
         STIR_LOG_NOTICE,
         "https://h/\\x0A: TLS"},
        {"a sentence",
         {.state = CACHE_FAILED, .failure = {.why = STIR_FAILURE_TLS, .sentence = "expired"}},
         STIR_LOG_NOTICE,
         "https://h/\\x0A: expired"},
        {"one nobody knows",
         {.state = CACHE_FAILED, .failure = {.why = (enum stir_failure)99}},
         STIR_LOG_NOTICE,
         "https://h/\\x0A: "},
        {"an old copy",
         {.state = CACHE_STALE, .failure = {.why = STIR_FAILURE_TIMEOUT}},
         STIR_LOG_WARNING,
         "https://h/\\x0A: timed out: a copy that has expired is used"},
    };
    struct heard heard = {0};
    const struct stir_hooks set = {.size = sizeof set, .arg = &heard, .log = hear};
    struct hooks *hooks = hooks_new(&set);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard = (struct heard){0};
        hooks_log_fetch(hooks, "https://h/\n", &cases[i].hit);
        cr_expect_eq(heard.times, cases[i].level >= 0, "%s", cases[i].desc);
        cr_expect_str_eq(heard.text, cases[i].text, "%s", cases[i].desc);
        if (cases[i].level >= 0)
            cr_expect_eq((int)heard.level, cases[i].level, "%s", cases[i].desc);
        hooks_log_fetch(NULL, "https://h/", &cases[i].hit); /* nobody listens */
    }
    hooks_free(hooks);
}

Test(hooks, configurations_and_files)
{
    struct heard heard = {0};
    struct stir_error error;
    struct stir_config *config = config_with(&heard);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    char folder[] = "/tmp/stir-hooks-XXXXXX", file[64];

    cr_assert_not_null(verifier, "%s", error.text);
    cr_expect_eq(heard.times, 0, "%s", heard.text);
    cr_assert_eq(stir_verifier_reload(verifier, config, &error), 0);
    cr_expect_str_eq(heard.text, "a new configuration is in force");
    cr_expect_eq(heard.level, STIR_LOG_NOTICE);

    cr_assert_not_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/cache", folder);
    cr_assert_eq(stir_config_set(config, "cache_file", file, &error), 0, "%s", error.text);
    int fd = open(file, O_CREAT | O_WRONLY, 0644); /* others may read it by now */
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(chmod(file, 0666), 0);
    cr_assert_eq(stir_verifier_reload(verifier, config, &error), 0);
    cr_expect_eq(heard.level, STIR_LOG_WARNING, "%s", heard.text);
    cr_expect_not_null(strstr(heard.text, "cache_file is not used"), "%s", heard.text);
    stir_verifier_free(verifier);
    stir_config_free(config);
    unlink(file);
    rmdir(folder);
}
