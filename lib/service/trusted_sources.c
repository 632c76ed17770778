/* What source keys trusted_list and trusted_list_signer name. */
#include "service/trusted_sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "service/sources.h"

void trusted_lists_free(struct trusted_lists *lists)
{
    for (size_t i = 0; i < lists->n; i++)
        trusted_list_free(&lists->lists[i]);
    free(lists->lists);
    anchors_free(&lists->signers);
    *lists = (struct trusted_lists){0};
}

static int copy_list(struct trusted_list *to, const struct trusted_list *from)
{
    *to = *from;
    return anchors_copy(&to->anchors, &from->anchors);
}

int trusted_lists_copy(struct trusted_lists *to, const struct trusted_lists *from)
{
    *to = (struct trusted_lists){0};
    int rc = anchors_copy(&to->signers, &from->signers);

    if (rc == 0 && from->n > 0 && (to->lists = calloc(from->n, sizeof *to->lists)) == NULL)
        rc = STIR_E_NOMEM;
    for (size_t i = 0; rc == 0 && i < from->n; i++)
        if ((rc = copy_list(&to->lists[i], &from->lists[i])) == 0)
            to->n++;
    if (rc < 0)
        trusted_lists_free(to);
    return rc;
}

static struct trusted_list *find(const struct trusted_lists *lists,
                                 const uint8_t signer[DIGEST_SHA256_SIZE])
{
    for (size_t i = 0; i < lists->n; i++)
        if (memcmp(lists->lists[i].signer, signer, DIGEST_SHA256_SIZE) == 0)
            return &lists->lists[i];
    return NULL;
}

static int check_sequence(const struct trusted_list *next, const struct trusted_list *before,
                          struct stir_error *error)
{
    if (before == NULL || next->sequence >= before->sequence)
        return 0;
    error_set(error, STIR_CODE_REPLAYED,
              "the trusted list has sequence %lld, wanted: %lld, which is known, or more "
              "(ATIS-1000084)",
              (long long)next->sequence, (long long)before->sequence);
    return STIR_E_REFUSED;
}

/* Takes list on success. */
static int put(struct trusted_lists *lists, struct trusted_list *list, struct stir_error *error)
{
    struct trusted_list *before = find(lists, list->signer);
    int rc = check_sequence(list, before, error);

    if (rc < 0)
        return rc;
    if (before != NULL) {
        trusted_list_free(before);
        *before = *list;
        return 0;
    }
    struct trusted_list *longer = realloc(lists->lists, (lists->n + 1) * sizeof *longer);
    if (longer == NULL)
        return error_no_memory(error);
    lists->lists = longer;
    longer[lists->n++] = *list;
    return 0;
}

struct adding {
    struct trusted_lists lists; /* what there was, and the new ones */
    const char *source;
};

static int add_signers(void *arg, const char *data, size_t len, struct stir_error *error)
{
    struct adding *adding = arg;

    return anchors_add_list_signers(&adding->lists.signers, data, len, &es256_gnutls, error);
}

static int add_list(void *arg, const char *data, size_t len, struct stir_error *error)
{
    struct adding *adding = arg;
    struct trusted_list list;

    if (adding->lists.signers.n == 0)
        return error_set(error, STIR_E_ARGUMENT,
                         "trusted_list: no trusted_list_signer is set by whom to judge it");
    int rc = trusted_list_read(data, len, &adding->lists.signers, adding->source, &es256_gnutls,
                               &list, error);
    if (rc == 0 && (rc = put(&adding->lists, &list, error)) != 0)
        trusted_list_free(&list);
    return rc;
}

static int add(struct trusted_lists *lists, source_reader *read, size_t limit, const char *path,
               const void *data, size_t len, struct stir_error *error)
{
    struct adding adding = {.source = path == NULL ? "" : path};
    int rc = trusted_lists_copy(&adding.lists, lists);

    if (rc < 0)
        error_no_memory(error);
    else if (path != NULL)
        rc = sources_read(path, limit, read, &adding, error);
    else
        rc = read(&adding, data, len, error);
    if (rc != 0) {
        trusted_lists_free(&adding.lists);
        return rc;
    }
    trusted_lists_free(lists);
    *lists = adding.lists;
    return 0;
}

int trusted_sources_add_signers(struct trusted_lists *lists, const char *path, const void *data,
                                size_t len, struct stir_error *error)
{
    return add(lists, add_signers, LIMIT_ANCHORS_FILE, path, data, len, error);
}

int trusted_sources_add(struct trusted_lists *lists, const char *path, const void *data,
                        size_t len, struct stir_error *error)
{
    if (path != NULL && strncmp(path, "https://", 8) == 0)
        return error_set(error, STIR_E_UNSUPPORTED,
                         "trusted_list: from a URL is not in this version");
    return add(lists, add_list, LIMIT_TRUSTED_LIST, path, data, len, error);
}

int trusted_lists_check_succession(const struct trusted_lists *next,
                                   const struct trusted_lists *before, struct stir_error *error)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < next->n; i++)
        rc = check_sequence(&next->lists[i], find(before, next->lists[i].signer), error);
    return rc;
}

int trusted_lists_add_anchors(const struct trusted_lists *lists, struct anchors *anchors)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < lists->n; i++)
        rc = anchors_add_all(anchors, &lists->lists[i].anchors);
    return rc;
}
