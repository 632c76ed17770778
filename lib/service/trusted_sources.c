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

/* Takes list on success. */
static int append(struct trusted_lists *lists, struct trusted_list *list)
{
    struct trusted_list *longer = realloc(lists->lists, (lists->n + 1) * sizeof *longer);

    if (longer == NULL)
        return STIR_E_NOMEM;
    lists->lists = longer;
    longer[lists->n++] = *list;
    return 0;
}

/* Takes list on success. */
static int put(struct trusted_lists *lists, struct trusted_list *list, struct stir_error *error)
{
    struct trusted_list *before = find(lists, list->signer);

    if (before == NULL)
        return append(lists, list) < 0 ? error_no_memory(error) : 0;
    int rc = trusted_list_check_succession(list, before, error);
    if (rc < 0)
        return rc;
    trusted_list_free(before);
    *before = *list;
    return 0;
}

int trusted_lists_add(struct trusted_lists *lists, const struct trusted_list *list)
{
    struct trusted_list *before = find(lists, list->signer), copy;

    if (before != NULL && trusted_list_check_succession(list, before, NULL) != 0)
        return 0;
    int rc = copy_list(&copy, list);
    if (rc == 0 && (rc = put(lists, &copy, NULL)) < 0)
        trusted_list_free(&copy);
    return rc;
}

int trusted_sources_check_signers(const struct trusted_lists *lists, struct stir_error *error)
{
    return lists->signers.n > 0
               ? 0
               : error_set(error, STIR_E_ARGUMENT,
                           "trusted_list: no trusted_list_signer is set by whom to judge it");
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

    int rc = trusted_sources_check_signers(&adding->lists, error);
    if (rc == 0)
        rc = trusted_list_read(data, len, &adding->lists.signers, adding->source, &es256_gnutls,
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
    return add(lists, add_list, LIMIT_TRUSTED_LIST, path, data, len, error);
}

bool trusted_lists_lasts(const struct trusted_lists *lists, const struct trusted_list *list,
                         int64_t now)
{
    const struct trusted_list *known = find(lists, list->signer);

    return known != NULL && known->exp >= now;
}

int trusted_lists_check_next(const struct trusted_lists *before,
                             const struct trusted_list *next, struct stir_error *error)
{
    const struct trusted_list *known = find(before, next->signer);

    return known == NULL ? 0 : trusted_list_check_succession(next, known, error);
}

int trusted_lists_check_succession(const struct trusted_lists *next,
                                   const struct trusted_lists *before, struct stir_error *error)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < next->n; i++)
        rc = trusted_lists_check_next(before, &next->lists[i], error);
    return rc;
}

bool trusted_lists_have_signer(const struct trusted_lists *lists,
                               const struct trusted_list *list)
{
    for (size_t i = 0; i < lists->signers.n; i++)
        if (memcmp(lists->signers.certificates[i]->spki_sha256, list->signer,
                   DIGEST_SHA256_SIZE)
            == 0)
            return true;
    return false;
}

int trusted_lists_add_anchors(const struct trusted_lists *lists, struct anchors *anchors)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < lists->n; i++)
        rc = anchors_add_all(anchors, &lists->lists[i].anchors);
    return rc;
}
