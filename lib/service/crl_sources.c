/* What source keys crl and crl_anchors name, read into a set. */
#include "service/crl_sources.h"

#include <string.h>

#include "base/limits.h"
#include "service/sources.h"

struct adding {
    struct crl_set set; /* what there was, and the new ones */
    const char *source;
};

/* Where a source's octets come from, and how they are read. */
struct source {
    const char *path; /* NULL: data */
    const void *data;
    size_t len, limit;
    source_reader *read;
};

static int add_list(void *arg, const char *data, size_t len, struct stir_error *error)
{
    struct adding *adding = arg;

    return crl_set_add(&adding->set, data, len, adding->source, error);
}

static int add_signers(void *arg, const char *data, size_t len, struct stir_error *error)
{
    struct adding *adding = arg;

    return anchors_add_crl_signers(&adding->set.signers, data, len, &es256_gnutls, error);
}

static int add(struct crl_set *set, const struct source *source, struct stir_error *error)
{
    struct adding adding = {.source = source->path == NULL ? "" : source->path};
    int rc = crl_set_copy(&adding.set, set);

    if (rc < 0)
        error_no_memory(error);
    else if (source->path != NULL)
        rc = sources_read(source->path, source->limit, source->read, &adding, error);
    else
        rc = source->read(&adding, source->data, source->len, error);
    if (rc != 0) {
        crl_set_free(&adding.set);
        return rc;
    }
    crl_set_free(set);
    *set = adding.set;
    return 0;
}

int crl_sources_add(struct crl_set *set, const char *path, const void *data, size_t len,
                    struct stir_error *error)
{
    const struct source source = {path, data, len, LIMIT_CRL, add_list};

    return add(set, &source, error);
}

int crl_sources_add_signers(struct crl_set *set, const char *path, const void *data, size_t len,
                            struct stir_error *error)
{
    const struct source source = {path, data, len, LIMIT_ANCHORS_FILE, add_signers};

    return add(set, &source, error);
}
