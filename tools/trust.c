/* What several commands take alike: anchors, SPC data and policy make a configuration. */
#include "trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int trust_set(struct stir_config *config, const char *option, const char *key,
              const char *value)
{
    struct stir_error error;

    if (stir_config_set(config, key, value, &error) >= 0)
        return 0;
    return complain("--%s: %s", option, error.text);
}

/* --set KEY=VALUE. That it has a = was seen when it was read. */
static int set_key(struct stir_config *config, const char *setting)
{
    size_t len = strcspn(setting, "=");
    char *key = strndup(setting, len);

    if (key == NULL)
        return complain_no_memory();
    int rc = trust_set(config, "set", key, setting + len + 1);
    free(key);
    return rc;
}

static int set_all(struct stir_config *config, const struct options *options,
                   const char *option, const char *key)
{
    const char *value;
    size_t i = 0;
    int rc = 0;

    while (rc == 0 && (value = option_next(options, option, &i)) != NULL)
        rc = key == NULL ? set_key(config, value) : trust_set(config, option, key, value);
    return rc;
}

/* Of a command that writes SPCs into certificates, --spc is one of those. */
static const char *spc_option(const struct command *command)
{
    for (const struct option *option = command->options; option->name != NULL; option++)
        if (strcmp(option->name, "spc-db") == 0)
            return "spc-db";
    return "spc";
}

struct stir_config *trust_config(const struct options *options)
{
    const struct {
        const char *option, *key; /* key NULL: it is in the value */
    } sources[] = {
        {"profile", "profile"},
        {"set", NULL},
        {"anchors", "anchors"},
        {"crl-anchors", "crl_anchors"},
        {"crl", "crl"},
        {spc_option(options->command), "spc"},
    };
    struct stir_config *config = stir_config_new();
    int rc = config == NULL ? complain_no_memory() : 0;

    for (size_t i = 0; rc == 0 && i < sizeof sources / sizeof *sources; i++)
        rc = set_all(config, options, sources[i].option, sources[i].key);
    if (rc != 0) {
        stir_config_free(config);
        config = NULL;
    }
    return config;
}

struct stir_verifier *trust_verifier(const struct options *options)
{
    struct stir_config *config = trust_config(options);
    struct stir_error error;

    if (config == NULL)
        return NULL;
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    stir_config_free(config);
    if (verifier == NULL)
        complain("%s", error.text);
    return verifier;
}

int trust_check(const struct options *options)
{
    const char *setting;
    size_t i = 0;
    int rc = 0;

    struct stir_config *config = stir_config_new();
    if (config == NULL)
        return complain_no_memory();
    while (rc == 0 && (setting = option_next(options, "set", &i)) != NULL)
        rc = set_key(config, setting);
    stir_config_free(config);
    return rc;
}

int trust_need_anchors(const struct options *options)
{
    const char *setting;
    size_t i = 0;

    while ((setting = option_next(options, "set", &i)) != NULL)
        if (strncmp(setting, "anchors=", 8) == 0)
            return 0;
    return option_need(options, "anchors");
}
