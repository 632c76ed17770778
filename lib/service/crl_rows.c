/* CRLs as rows. */
#include "service/crl_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { ISSUER, NUMBER, NEXT_UPDATE, ENTRIES, SOURCE, DETAIL };
static const char *const columns[] = {"issuer", "number", "next_update", "entries",
                                      "source", "detail", NULL};

/* What is wrong with the list, or else with what its URL gave last. */
static const char *detail_of(const struct crl *crl, struct crl_feeds *feeds, const char *url,
                             char room[CRL_FEED_DETAIL_SIZE])
{
    if (crl->fault.code != 0)
        return crl->fault.text;
    return url == NULL ? "" : crl_feeds_detail(feeds, url, room);
}

static int add_list(struct stir_rows *rows, const struct crl *crl, struct crl_feeds *feeds,
                    const char *url)
{
    char number[CRL_NUMBER_SIZE], time[CLOCK_TEXT_SIZE], detail[CRL_FEED_DETAIL_SIZE];
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

static int add_missing(struct stir_rows *rows, const char *url, struct crl_feeds *feeds)
{
    char detail[CRL_FEED_DETAIL_SIZE];
    int rc = rows_add(rows);
    char *source = text_shown(url, strlen(url));

    if (rc == 0)
        rc = source == NULL ? STIR_E_NOMEM : rows_set(rows, SOURCE, source);
    if (rc == 0)
        rc = rows_set(rows, DETAIL, crl_feeds_detail(feeds, url, detail));
    free(source);
    return rc;
}

/* The configured URL that the list is from; NULL: it is from a file. */
static const char *url_of(const struct crl_set *configured, const struct crl *crl)
{
    for (size_t i = 0; i < configured->n_urls; i++)
        if (strcmp(configured->urls[i], crl->source) == 0)
            return configured->urls[i];
    return NULL;
}

static bool has_given(const struct crl_set *set, const char *url)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->lists[i]->source, url) == 0)
            return true;
    return false;
}

static int fill(struct stir_rows *rows, const struct snapshot *snapshot,
                const struct crl_set *set, struct crl_feeds *feeds)
{
    const struct crl_set *configured = &snapshot->crls;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < set->n; i++)
        rc = add_list(rows, set->lists[i], feeds, url_of(configured, set->lists[i]));
    for (size_t i = 0; rc == 0 && i < configured->n_urls; i++)
        if (!has_given(set, configured->urls[i]))
            rc = add_missing(rows, configured->urls[i], feeds);
    return rc;
}

struct stir_rows *crl_rows(const struct snapshot *snapshot, struct crl_feeds *feeds,
                           struct stir_error *error)
{
    static const struct crl_set none;
    struct crl_view *view = crl_force_get(&snapshot->force);
    struct stir_rows *rows = rows_new(columns);

    if (rows == NULL || fill(rows, snapshot, view != NULL ? &view->set : &none, feeds) < 0) {
        stir_rows_free(rows);
        rows = NULL;
        error_no_memory(error);
    }
    crl_view_free(view);
    return rows;
}
