/* Revocation lists from a URL: what a body becomes. */
#include <string.h>

#include "base/limits.h"
#include "service/feed_kind.h"

static int read_lists(struct feed_reading *reading, size_t budget, struct feed_content *content,
                      bool *more, struct stir_error *error)
{
    const struct body *body = reading->body;

    if (reading->crls == NULL)
        reading->crls =
            crl_set_reader_new(body->data, body->len, reading->url, LIMIT_FETCHED_PEM_CRL);
    if (reading->crls == NULL)
        return error_no_memory(error);
    int rc = crl_set_reader_step(reading->crls, budget, error);
    *more = rc == 1;
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return crl_set_reader_take(reading->crls, &content->crls, error);
}

/* Which follows which is asked of all series at once (crl_set_check_succession()). */
static int check(const struct feed_content *content, const struct trust_set *in_force,
                 int64_t now, struct stir_error *error)
{
    (void)content, (void)in_force, (void)now, (void)error;
    return 0;
}

static int add(struct trust_set *set, const struct feed_content *content)
{
    int rc = crl_set_add_all(&set->crls, &content->crls);

    return rc == 0 ? 1 : rc;
}

/* When the first of them ends. */
static int64_t end(const struct feed_content *content)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < content->crls.n; i++) {
        const struct crl *crl = content->crls.lists[i];
        if (crl->has_next_update && crl->next_update + 1 < first)
            first = crl->next_update + 1;
    }
    return first;
}

const struct feed_kind feed_crl = {"CRL", read_lists, check, add, end, false};
