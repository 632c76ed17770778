/* The kinds of lists that come from URLs. */
#include "service/feed_kind.h"

void feed_content_free(struct feed_content *content)
{
    crl_set_free(&content->crls);
    trusted_list_free(&content->trusted);
}

void feed_reading_end(struct feed_reading *reading)
{
    crl_set_reader_free(reading->crls);
    reading->crls = NULL;
}

const struct feed_kind *feed_kind_of(enum fetch_kind kind)
{
    static const struct feed_kind *const kinds[FETCH_KINDS] = {
        [FETCH_CRL] = &feed_crl,
        [FETCH_TRUSTED_LIST] = &feed_trusted,
    };

    return (unsigned)kind < FETCH_KINDS ? kinds[kind] : NULL;
}
