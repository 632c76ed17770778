/* CRLs as rows. */
#include "service/crl_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { ISSUER, NUMBER, NEXT_UPDATE, ENTRIES, SOURCE, DETAIL };
static const char *const columns[] = {"issuer", "number", "next_update", "entries",
                                      "source", "detail", NULL};

/* What is wrong with the list, or else with what its URL or file gave last. */
static const char *detail_of(const struct crl *crl, struct feeds *feeds,
                             const struct feed_url *url, char room[FEED_DETAIL_SIZE])
{
    if (crl->fault.code != 0)
        return crl->fault.text;
    return url == NULL ? "" : feeds_detail(feeds, url, room);
}

static int add_list(struct stir_rows *rows, const struct crl *crl, struct feeds *feeds,
                    const struct feed_url *url)
{
    char number[CRL_NUMBER_SIZE], time[CLOCK_TEXT_SIZE], detail[FEED_DETAIL_SIZE];
    int rc = rows_add(rows);

    if (rc == 0)
        rc = rows_set(rows, ISSUER, crl->issuer_text);
    if (rc == 0)
        rc = rows_set(rows, NUMBER, crl_number(number, crl));
    if (rc == 0 && crl->has_next_update)
        rc = rows_set(rows, NEXT_UPDATE, clock_text(time, crl->next_update));
    if (rc == 0)
        rc = rows_setf(rows, ENTRIES, "%zu", crl->entries.count);
    if (rc == 0)
        rc = rows_set(rows, SOURCE, crl->source);
    return rc == 0 ? rows_set(rows, DETAIL, detail_of(crl, feeds, url, detail)) : rc;
}

static int add_missing(struct stir_rows *rows, const struct feed_url *url, struct feeds *feeds)
{
    char detail[FEED_DETAIL_SIZE];
    int rc = rows_add(rows);
    char *source = text_shown(url->url, strlen(url->url));

    if (rc == 0)
        rc = source == NULL ? STIR_E_NOMEM : rows_set(rows, SOURCE, source);
    if (rc == 0)
        rc = rows_set(rows, DETAIL, feeds_detail(feeds, url, detail));
    free(source);
    return rc;
}

/* The configured URL or file that the list is from; NULL: data, or a file in a folder. */
static const struct feed_url *url_of(const struct feed_urls *urls, const struct crl *crl)
{
    for (size_t i = 0; i < urls->n; i++)
        if (urls->list[i].kind == FETCH_CRL && strcmp(urls->list[i].url, crl->source) == 0)
            return &urls->list[i];
    return NULL;
}

static int fill(struct stir_rows *rows, const struct snapshot *snapshot, struct feeds *feeds)
{
    const struct crl_set *set = &snapshot->in_force.crls;
    const struct feed_urls *urls = &snapshot->urls;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < set->n; i++)
        rc = add_list(rows, set->lists[i], feeds, url_of(urls, set->lists[i]));
    for (size_t i = 0; rc == 0 && i < urls->n; i++)
        if (urls->list[i].kind == FETCH_CRL && !urls->list[i].there)
            rc = add_missing(rows, &urls->list[i], feeds);
    return rc;
}

struct stir_rows *crl_rows(const struct snapshot *snapshot, struct feeds *feeds,
                           struct stir_error *error)
{
    struct stir_rows *rows = rows_new(columns);

    if (rows == NULL || fill(rows, snapshot, feeds) < 0) {
        stir_rows_free(rows);
        rows = NULL;
        error_no_memory(error);
    }
    return rows;
}
