/* A trusted CA list from a URL: what a body becomes (ATIS-1000084). */
#include "base/clock.h"
#include "base/error.h"
#include "service/feed_kind.h"

/* In one go: at its limits it takes 15 ms. */
static int read_list(struct feed_reading *reading, size_t budget, struct feed_content *content,
                     bool *more, struct stir_error *error)
{
    const struct body *body = reading->body;

    (void)budget;
    *more = false;
    return trusted_list_read(body->data, body->len, &reading->configured->trusted.signers,
                             reading->url, &es256_gnutls, &content->trusted, error);
}

/* One that ended must not take the place of one that has not; where there is none, its sequence
   at least is known by it. */
static int check(const struct feed_content *content, const struct trust_set *in_force,
                 int64_t now, struct stir_error *error)
{
    const struct trusted_list *list = &content->trusted;
    char end[CLOCK_TEXT_SIZE];

    if (list->exp < now && trusted_lists_lasts(&in_force->trusted, list, now)) {
        error_set(error, STIR_CODE_TOKEN_EXPIRED,
                  "the trusted list has sequence %lld and ended at %s (ATIS-1000084)",
                  (long long)list->sequence, clock_text(end, list->exp));
        return STIR_E_REFUSED;
    }
    return trusted_lists_check_next(&in_force->trusted, list, error);
}

/* While its signer is pinned. */
static int add(struct trust_set *set, const struct feed_content *content)
{
    if (!trusted_lists_have_signer(&set->trusted, &content->trusted))
        return 0;
    int rc = trusted_lists_add(&set->trusted, &content->trusted);
    return rc == 0 ? 1 : rc;
}

static int64_t end(const struct feed_content *content)
{
    return content->trusted.exp < INT64_MAX ? content->trusted.exp + 1 : INT64_MAX;
}

const struct feed_kind feed_trusted = {"trusted list", read_list, check, add, end, true};
