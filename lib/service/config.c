/* struct stir_config: every setting is judged when it is made. */
#include "service/config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "service/crl_sources.h"
#include "service/signers.h"
#include "service/sources.h"
#include "spc/csv.h"
#include "spc/union.h"

struct stir_config *stir_config_new(void)
{
    struct stir_config *config = calloc(1, sizeof *config);

    if (config == NULL
        || (config->values = calloc(policy_key_count(), sizeof(char *))) == NULL) {
        free(config);
        return NULL;
    }
    policy_init(&config->policy);
    return config;
}

void stir_config_free(struct stir_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < policy_key_count(); i++)
        free(config->values[i]);
    free(config->values);
    trust_set_free(&config->trust);
    feed_urls_free(&config->urls);
    for (size_t i = 0; i < config->n_fetch_cas; i++)
        body_free(config->fetch_cas[i]);
    free(config->fetch_cas);
    spc_source_free(config->spc);
    decisions_free(&config->decisions);
    hooks_free(config->hooks);
    free(config);
}

struct adding_anchors {
    struct anchors anchors; /* what there was, and the new ones */
    struct anchor_origin origin;
};

static int add_anchors(void *arg, const char *pem, size_t len, struct stir_error *error)
{
    struct adding_anchors *adding = arg;

    return anchors_add_from(&adding->anchors, &adding->origin, pem, len, &es256_gnutls, error);
}

/* All or nothing: the anchors there were, and the new ones, in a set of their own first. */
static int set_anchors(struct stir_config *config, const char *path, const void *data,
                       size_t len, struct stir_error *error)
{
    struct adding_anchors adding = {.origin = {.until = INT64_MAX}};
    int rc = anchors_copy(&adding.anchors, &config->trust.anchors);

    shown(adding.origin.source, path != NULL ? path : "", path != NULL ? strlen(path) : 0);
    if (rc < 0)
        error_no_memory(error);
    else if (path != NULL)
        rc = sources_read(path, LIMIT_ANCHORS_FILE, add_anchors, &adding, error);
    else
        rc = add_anchors(&adding, data, len, error);
    if (rc != 0) {
        anchors_free(&adding.anchors);
        return rc;
    }
    anchors_free(&config->trust.anchors);
    config->trust.anchors = adding.anchors;
    return 0;
}

static int add_fetch_ca(void *arg, const char *pem, size_t len, struct stir_error *error)
{
    struct stir_config *config = arg;
    struct fetch_policy *scratch = fetch_policy_new();
    int rc = scratch == NULL ? error_no_memory(error)
                             : fetch_policy_add_ca(scratch, pem, len, error);

    fetch_policy_free(scratch);
    if (rc < 0)
        return rc;
    struct body *body = body_new(pem, len);
    struct body **more = realloc(config->fetch_cas, (config->n_fetch_cas + 1) * sizeof *more);
    if (more != NULL)
        config->fetch_cas = more;
    if (more == NULL || body == NULL) {
        body_free(body);
        return error_no_memory(error);
    }
    more[config->n_fetch_cas++] = body;
    return 0;
}

/* All or nothing. */
static int set_fetch_ca(struct stir_config *config, const char *path, const void *data,
                        size_t len, struct stir_error *error)
{
    size_t before = config->n_fetch_cas;
    int rc = path != NULL ? sources_read(path, LIMIT_ANCHORS_FILE, add_fetch_ca, config, error)
                          : add_fetch_ca(config, data, len, error);

    while (rc != 0 && config->n_fetch_cas > before)
        body_free(config->fetch_cas[--config->n_fetch_cas]);
    return rc;
}

static int add_decisions(void *arg, const char *text, size_t len, struct stir_error *error)
{
    return decisions_add_text(arg, text, len, error);
}

/* All or nothing, as of anchors. */
static int set_decisions(struct stir_config *config, const char *path, const void *data,
                         size_t len, struct stir_error *error)
{
    struct decisions decisions;
    int rc = decisions_copy(&decisions, &config->decisions);

    if (rc < 0)
        error_no_memory(error);
    else if (path != NULL)
        rc = sources_read(path, LIMIT_DECISIONS, add_decisions, &decisions, error);
    else if (len > LIMIT_DECISIONS)
        rc = error_set(error, STIR_E_LIMIT, "decisions: more than %d octets", LIMIT_DECISIONS);
    else
        rc = add_decisions(&decisions, data, len, error);
    if (rc != 0) {
        decisions_free(&decisions);
        return rc;
    }
    decisions_free(&config->decisions);
    config->decisions = decisions;
    return 0;
}

/* Takes source. */
static int add_source(struct stir_config *config, struct spc_source *source,
                      struct stir_error *error)
{
    struct spc_source *whole = source;

    if (config->spc != NULL) {
        whole = spc_source_union(config->spc, source);
        spc_source_free(source);
        if (whole == NULL)
            return error_no_memory(error);
    }
    spc_source_free(config->spc);
    config->spc = whole;
    return 0;
}

/* Takes csv. */
static int use_csv(struct stir_config *config, struct csv *csv, struct stir_error *error)
{
    struct stir_resolver resolver;

    csv_resolver(csv, &resolver);
    struct spc_source *source = spc_source_new(&resolver);
    if (source == NULL) {
        csv_free(csv);
        return error_no_memory(error);
    }
    return add_source(config, source, error);
}

static int set_spc(struct stir_config *config, const char *spec, const void *data, size_t len,
                   struct stir_error *error)
{
    struct csv *csv = NULL;
    char name[SHOWN_SIZE];

    if (config->own_resolver)
        return error_set(error, STIR_E_ARGUMENT,
                         "spc: a resolver is set, and answers in place of it");
    if (spec != NULL && strncmp(spec, "csv:", 4) != 0)
        return error_set(error, STIR_E_UNSUPPORTED,
                         "spc: wanted csv:FILE, found \"%s\", which is not in this version",
                         shown(name, spec, strlen(spec)));
    int rc = spec != NULL ? csv_load(spec + 4, &csv, error) : csv_parse(data, len, &csv, error);
    return rc < 0 ? rc : use_csv(config, csv, error);
}

/* A file that is there must be one of signers, or the mistake would show in service. */
static int check_signers_file(const char *path, struct stir_error *error)
{
    struct stir_error failure;

    error_clear(&failure);
    struct signers *signers = signers_new(path, &failure);
    if (signers == NULL)
        return error_copy(error, &failure);
    signers_free(signers);
    return 0;
}

static int set_policy(struct stir_config *config, const char *key, const char *value,
                      struct stir_error *error)
{
    size_t i;
    int rc = policy_key_find(key, &i, error);

    if (rc < 0)
        return rc;
    struct policy policy = config->policy;
    if ((rc = policy_set(&policy, i, value, error)) < 0)
        return rc;
    if (strcmp(policy_key_name(i), "signers_file") == 0
        && (rc = check_signers_file(value, error)) < 0)
        return rc;
    char *copy = text_copy(value, strlen(value));
    if (copy == NULL)
        return error_no_memory(error);
    free(config->values[i]);
    config->values[i] = copy;
    config->policy = policy;
    return 0;
}

/* What was read of a path is what the file was before: what is written to it meanwhile is seen
   later. What cannot be looked at again, like a pipe, is not. */
static int watch_file(struct stir_config *config, enum fetch_kind kind, const char *path,
                      const uint8_t *stamp, struct stir_error *error)
{
    return stamp == NULL ? 0 : feed_urls_add_file(&config->urls, kind, path, stamp, error);
}

static const uint8_t *stamp_of(const char *path, uint8_t room[DIGEST_SHA256_SIZE])
{
    return path != NULL && sources_stamp(path, room, NULL) == 0 ? room : NULL;
}

static int set_crl(struct stir_config *config, const char *path, const void *data, size_t len,
                   struct stir_error *error)
{
    if (path != NULL && feed_urls_is_one(path))
        return feed_urls_add(&config->urls, FETCH_CRL, path, error);
    uint8_t room[DIGEST_SHA256_SIZE];
    const uint8_t *stamp = stamp_of(path, room);
    int rc = crl_sources_add(&config->trust.crls, path, data, len, error);
    return rc == 0 ? watch_file(config, FETCH_CRL, path, stamp, error) : rc;
}

static int set_crl_anchors(struct stir_config *config, const char *path, const void *data,
                           size_t len, struct stir_error *error)
{
    return crl_sources_add_signers(&config->trust.crls, path, data, len, error);
}

static int set_trusted_list(struct stir_config *config, const char *path, const void *data,
                            size_t len, struct stir_error *error)
{
    uint8_t room[DIGEST_SHA256_SIZE];
    int rc = trusted_sources_check_signers(&config->trust.trusted, error);

    if (rc == 0 && path != NULL && feed_urls_is_one(path))
        return feed_urls_add(&config->urls, FETCH_TRUSTED_LIST, path, error);
    const uint8_t *stamp = stamp_of(path, room);
    if (rc == 0)
        rc = trusted_sources_add(&config->trust.trusted, path, data, len, error);
    return rc == 0 ? watch_file(config, FETCH_TRUSTED_LIST, path, stamp, error) : rc;
}

static int set_trusted_list_signer(struct stir_config *config, const char *path,
                                   const void *data, size_t len, struct stir_error *error)
{
    return trusted_sources_add_signers(&config->trust.trusted, path, data, len, error);
}

/* Keys whose settings add: from a file (path), or from memory. */
struct source_key {
    const char *name;
    int (*set)(struct stir_config *config, const char *path, const void *data, size_t len,
               struct stir_error *error);
};

static const struct source_key *find_source(const char *key)
{
    static const struct source_key sources[] = {
        {"anchors", set_anchors},           {"trusted_list_signer", set_trusted_list_signer},
        {"trusted_list", set_trusted_list}, {"crl", set_crl},
        {"crl_anchors", set_crl_anchors},   {"fetch_ca", set_fetch_ca},
        {"decisions", set_decisions},       {"spc", set_spc},
    };

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].name, key) == 0)
            return &sources[i];
    return NULL;
}

/* Codes of judgement stay in the error; the function says that it was refused. */
static int refused(int rc)
{
    return rc > 0 ? STIR_E_REFUSED : rc;
}

int stir_config_set(struct stir_config *config, const char *key, const char *value,
                    struct stir_error *error)
{
    error_clear(error);
    if (config == NULL || key == NULL || value == NULL)
        return error_null(error, config == NULL ? "config" : key == NULL ? "key" : "value");
    const struct source_key *source = find_source(key);
    if (source != NULL)
        return refused(source->set(config, value, NULL, 0, error));
    return set_policy(config, key, value, error);
}

int stir_config_set_data(struct stir_config *config, const char *key, const void *data,
                         size_t len, struct stir_error *error)
{
    char name[SHOWN_SIZE];

    error_clear(error);
    if (config == NULL || key == NULL || data == NULL)
        return error_null(error, config == NULL ? "config" : key == NULL ? "key" : "data");
    if (len == STIR_NUL)
        len = strlen(data);
    const struct source_key *source = find_source(key);
    if (source != NULL)
        return refused(source->set(config, NULL, data, len, error));
    return error_set(error, STIR_E_ARGUMENT, "%s is no source that data can be given for",
                     shown(name, key, strlen(key)));
}

const char *stir_config_get(const struct stir_config *config, const char *key)
{
    size_t i;

    if (config == NULL || key == NULL || policy_key_find(key, &i, NULL) < 0)
        return NULL;
    return config->values[i] != NULL ? config->values[i] : policy_key_initial(i);
}

const char *stir_config_key(size_t i)
{
    return policy_key_name(i);
}

/* What a caller compiled against an older header sets ends before what this version added. */
static bool is_resolver(const struct stir_resolver *resolver)
{
    return resolver->size >= sizeof *resolver && resolver->answer != NULL;
}

int stir_config_set_resolver(struct stir_config *config, const struct stir_resolver *resolver,
                             struct stir_error *error)
{
    error_clear(error);
    if (config == NULL || resolver == NULL)
        return error_null(error, config == NULL ? "config" : "resolver");
    if (!is_resolver(resolver))
        return error_set(error, STIR_E_ARGUMENT,
                         "a resolver has its size set and an answer function");
    struct spc_source *source = spc_source_new(resolver);
    if (source == NULL)
        return error_no_memory(error);
    spc_source_free(config->spc);
    config->spc = source;
    config->own_resolver = true;
    return 0;
}

int stir_config_set_hooks(struct stir_config *config, const struct stir_hooks *hooks,
                          struct stir_error *error)
{
    error_clear(error);
    if (config == NULL || hooks == NULL)
        return error_null(error, config == NULL ? "config" : "hooks");
    if (hooks->size < offsetof(struct stir_hooks, first_seen))
        return error_set(error, STIR_E_ARGUMENT, "hooks have their size set");
    struct hooks *made = hooks_new(hooks);
    if (made == NULL)
        return error_no_memory(error);
    hooks_free(config->hooks);
    config->hooks = made;
    return 0;
}
