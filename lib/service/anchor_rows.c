/* STIR_LIST_ANCHORS: whom a verifier trusts, and by which list. */
#include "service/anchor_rows.h"

#include <string.h>

#include "base/clock.h"

enum { SUBJECT, SHA256, NOT_AFTER, SOURCE, UNTIL, SEQUENCE, STATE, DETAIL };
static const char *const columns[] = {"subject",  "sha256", "not_after", "source", "until",
                                      "sequence", "state",  "detail",    NULL};

struct listing {
    struct stir_rows *rows;
    const struct snapshot *snapshot;
    struct memory *memory;
};

static int add_certificate(struct stir_rows *rows, const struct stir_certificate *certificate)
{
    char not_after[CLOCK_TEXT_SIZE];
    const char *subject = stir_certificate_text(certificate, "subject");
    const char *sha256 = stir_certificate_text(certificate, "sha256");
    int rc = subject == NULL || sha256 == NULL ? STIR_E_NOMEM : rows_add(rows);

    if (rc == 0)
        rc = rows_set(rows, SUBJECT, subject);
    if (rc == 0)
        rc = rows_set(rows, SHA256, sha256);
    return rc == 0 ? rows_set(rows, NOT_AFTER, clock_text(not_after, certificate->not_after))
                   : rc;
}

static int say(struct stir_rows *rows, const char *source, const char *state)
{
    int rc = rows_set(rows, SOURCE, source);

    return rc == 0 ? rows_set(rows, STATE, state) : rc;
}

static int add_configured(const struct listing *listing)
{
    const struct anchors *anchors = &listing->snapshot->configured.anchors;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < anchors->n; i++) {
        rc = add_certificate(listing->rows, anchors->certificates[i]);
        if (rc == 0)
            rc = say(listing->rows, anchors->origins[i].source, "trusted");
    }
    return rc;
}

/* ---- Of trusted lists ---------------------------------------------------------------------- */

static bool is_from(const struct trusted_list *list, const char *url)
{
    char name[SHOWN_SIZE];

    return strcmp(shown(name, url, strlen(url)), list->source) == 0;
}

/* What is wrong with what its URL or file gave last; "" of one from memory. */
static const char *detail_of(const struct listing *listing, const struct trusted_list *list,
                             char room[FEED_DETAIL_SIZE])
{
    const struct feed_urls *urls = &listing->snapshot->urls;

    for (size_t i = 0; i < urls->n; i++)
        if (urls->list[i].kind == FETCH_TRUSTED_LIST && is_from(list, urls->list[i].url))
            return feeds_detail(&listing->memory->feeds, &urls->list[i], room);
    return "";
}

static int add_list(const struct listing *listing, const struct trusted_list *list)
{
    struct stir_rows *rows = listing->rows;
    const bool ended = list->exp < memory_now(listing->memory);
    char until[CLOCK_TEXT_SIZE], room[FEED_DETAIL_SIZE];
    const char *detail = detail_of(listing, list, room);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < list->anchors.n; i++) {
        rc = add_certificate(rows, list->anchors.certificates[i]);
        if (rc == 0)
            rc = say(rows, list->source, ended ? "ended" : "trusted");
        if (rc == 0)
            rc = rows_set(rows, UNTIL, clock_text(until, list->exp));
        if (rc == 0)
            rc = rows_setf(rows, SEQUENCE, "%lld", (long long)list->sequence);
        if (rc == 0)
            rc = rows_set(rows, DETAIL, detail);
    }
    return rc;
}

/* A URL that gave nothing, or of whose signer another source has a newer list. */
static int add_url(const struct listing *listing, const struct feed_url *url)
{
    const struct trusted_lists *trusted = &listing->snapshot->in_force.trusted;
    char name[SHOWN_SIZE], room[FEED_DETAIL_SIZE];

    for (size_t i = 0; i < trusted->n; i++)
        if (is_from(&trusted->lists[i], url->url))
            return 0;
    int rc = rows_add(listing->rows);
    if (rc == 0)
        rc = say(listing->rows, shown(name, url->url, strlen(url->url)),
                 url->there ? "superseded" : "missing");
    return rc == 0 ? rows_set(listing->rows, DETAIL,
                              feeds_detail(&listing->memory->feeds, url, room))
                   : rc;
}

static int add_lists(const struct listing *listing)
{
    const struct trusted_lists *trusted = &listing->snapshot->in_force.trusted;
    const struct feed_urls *urls = &listing->snapshot->urls;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < trusted->n; i++)
        rc = add_list(listing, &trusted->lists[i]);
    for (size_t i = 0; rc == 0 && i < urls->n; i++)
        if (urls->list[i].kind == FETCH_TRUSTED_LIST && !urls->list[i].file)
            rc = add_url(listing, &urls->list[i]);
    return rc;
}

struct stir_rows *anchor_rows(const struct snapshot *snapshot, struct memory *memory,
                              struct stir_error *error)
{
    struct listing listing = {rows_new(columns), snapshot, memory};
    int rc = listing.rows == NULL ? STIR_E_NOMEM : add_configured(&listing);

    if (rc == 0)
        rc = add_lists(&listing);
    if (rc == 0)
        return listing.rows;
    stir_rows_free(listing.rows);
    error_no_memory(error);
    return NULL;
}
