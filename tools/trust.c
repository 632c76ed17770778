/* What several commands take alike: anchors, SPC data and policy make a configuration. */
#include "trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

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
        {"trusted-list-signer", "trusted_list_signer"},
        {"trusted-list", "trusted_list"},
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

static bool names_url(const struct options *options, const char *option)
{
    const char *value;
    size_t i = 0;

    while ((value = option_next(options, option, &i)) != NULL)
        if (strncmp(value, "https://", 8) == 0 || strncmp(value, "crl=https://", 12) == 0
            || strncmp(value, "trusted_list=https://", 21) == 0)
            return true;
    return false;
}

/* Lists at URLs come before the one call that is judged; if they do not, the verdict tells. */
static void fetch_lists(const struct options *options, struct stir_verifier *verifier)
{
    if (names_url(options, "crl") || names_url(options, "trusted-list")
        || names_url(options, "set"))
        stir_verifier_maintain(verifier, -1, NULL);
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
    else
        fetch_lists(options, verifier);
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
        if (strncmp(setting, "anchors=", 8) == 0 || strncmp(setting, "trusted_list=", 13) == 0)
            return 0;
    return option_is_given(options, "trusted-list") ? 0 : option_need(options, "anchors");
}

/* Where in [URL=]FILE the file begins: a URL has a scheme, and may have = in it; a file name
   behind one has none. */
static const char *file_of(const char *value)
{
    const char *last = strrchr(value, '=');
    size_t scheme = strcspn(value, ":=/");

    return last != NULL && scheme > 0 && value[scheme] == ':' ? last + 1 : value;
}

static int supply(struct stir_verifier *verifier, const char *option, const char *value)
{
    const char *file = file_of(value);
    struct stir_error error;
    char *url = NULL, *data = NULL;
    size_t len;
    int rc = 0;

    if (file > value && (url = strndup(value, (size_t)(file - value - 1))) == NULL)
        return complain_no_memory();
    rc = files_read(file, &data, &len);
    if (rc == 0 && stir_verifier_supply(verifier, url, data, len, &error) < 0)
        rc = complain("--%s %s: %s", option, value, error.text);
    free(data);
    free(url);
    return rc;
}

int trust_supply(const struct options *options, struct stir_verifier *verifier)
{
    const char *value;
    size_t i = 0, k = 0;
    int rc = 0;

    while (rc == 0 && (value = option_next(options, "tnauthlist", &k)) != NULL)
        rc = file_of(value) == value
                 ? complain("--tnauthlist %s: it is written URL=FILE", value)
                 : supply(verifier, "tnauthlist", value);
    if (strcmp(options->command->name, "verify")
        != 0) /* elsewhere --certs is a file to judge */
        return rc;
    while (rc == 0 && (value = option_next(options, "certs", &i)) != NULL)
        rc = supply(verifier, "certs", value);
    return rc;
}
