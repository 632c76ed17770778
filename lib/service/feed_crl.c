/* Revocation lists from a URL: what a body becomes. */
#include <string.h>

#include "service/feed_kind.h"

static int read_lists(struct feed_content *content, const struct body *body, const char *url,
                      const struct trust_set *configured, struct stir_error *error)
{
    (void)configured;
    return crl_set_add(&content->crls, body->data, body->len, url, error);
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
