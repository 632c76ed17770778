/* What URLs gave, as rows. */
#include "service/cache_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { URL, SHA256, FETCHED, EXPIRES, USED, OCTETS, CODE, DETAIL, KIND, USES };

static const char *const columns[] = {"url",  "sha256", "fetched", "expires", "used", "octets",
                                      "code", "detail", "kind",    "uses",    NULL};

struct listing {
    struct stir_rows *rows;
    struct memory *memory;
    const struct cache_policy *policy;
    int rc; /* 0 or STIR_E_NOMEM */
};

/* Takes text; NULL: there was no memory for it. */
static void set(struct listing *listing, size_t column, char *text)
{
    if (text == NULL || rows_set(listing->rows, column, text) < 0)
        listing->rc = STIR_E_NOMEM;
    free(text);
}

static void set_time(struct listing *listing, size_t column, int64_t time)
{
    char room[CLOCK_TEXT_SIZE];

    if (rows_set(listing->rows, column, clock_text(room, time)) < 0)
        listing->rc = STIR_E_NOMEM;
}

static void set_sha256(struct listing *listing, const uint8_t *sha256)
{
    struct text text = {0};

    text_add_hex(&text, sha256, DIGEST_SHA256_SIZE);
    set(listing, SHA256, text_take(&text));
}

/* What an operation would say of it. */
static int code_of(enum fetch_kind kind, const struct cache_failure *failure)
{
    if (failure->code != 0)
        return failure->code;
    if (kind == FETCH_TNAUTHLIST)
        return STIR_CODE_TNAUTHLIST_UNREACHABLE;
    if (failure->status == 0 && failure->why == STIR_FAILURE_ADDRESS)
        return STIR_CODE_X5U_REFUSED;
    if (failure->status == 0
        && (failure->why == STIR_FAILURE_TOO_LARGE || failure->why == STIR_FAILURE_ENCODING))
        return STIR_CODE_X5U_BODY;
    return STIR_CODE_X5U_UNREACHABLE;
}

static void set_failure(struct listing *listing, enum fetch_kind kind,
                        const struct cache_failure *failure)
{
    if (rows_set(listing->rows, CODE, stir_code_name(code_of(kind, failure))) < 0
        || (failure->status != 0
                ? rows_setf(listing->rows, DETAIL, "status %d", failure->status)
                : rows_set(listing->rows, DETAIL, failure->sentence))
               < 0)
        listing->rc = STIR_E_NOMEM;
}

/* A row's cells that all kinds of them have. */
static bool begin(struct listing *listing, enum fetch_kind kind, const char *url,
                  int64_t fetched, int64_t expires)
{
    if (rows_add(listing->rows) < 0) {
        listing->rc = STIR_E_NOMEM;
        return false;
    }
    set(listing, URL, text_shown(url, strlen(url)));
    if (rows_set(listing->rows, KIND, fetch_kind_name(kind)) < 0)
        listing->rc = STIR_E_NOMEM;
    set_time(listing, FETCHED, fetched);
    set_time(listing, EXPIRES, expires);
    return listing->rc == 0;
}

static void set_body(struct listing *listing, const uint8_t *sha256, size_t octets)
{
    set_sha256(listing, sha256);
    if (rows_setf(listing->rows, OCTETS, "%zu", octets) < 0)
        listing->rc = STIR_E_NOMEM;
}

static bool add_kept(void *arg, const struct cache_row *row)
{
    struct listing *listing = arg;

    if (!begin(listing, row->kind, row->url, row->fetched, row->expires))
        return false;
    if (row->failure != NULL)
        set_failure(listing, row->kind, row->failure);
    else
        set_body(listing, row->sha256, row->octets);
    if (row->used != 0)
        set_time(listing, USED, row->used);
    if (rows_setf(listing->rows, USES, "%llu", (unsigned long long)row->uses) < 0)
        listing->rc = STIR_E_NOMEM;
    return listing->rc == 0;
}

/* Of the file, where memory has no body of that URL. */
static bool add_stored(void *arg, const struct store_record *record)
{
    struct listing *listing = arg;
    struct cache_validators validators;

    if (cache_validators(listing->memory->cache, record->kind, record->url, &validators))
        return true;
    struct cache_life life = cache_life_of(listing->policy, record->kind, &record->meta,
                                           record->requested, record->received, 0);
    if (!begin(listing, record->kind, record->url, record->received, life.expires))
        return false;
    set_body(listing, record->body->sha256, record->body->len);
    if (rows_set(listing->rows, USES, "0") < 0)
        listing->rc = STIR_E_NOMEM;
    return listing->rc == 0;
}

static int add_all(struct listing *listing, struct stir_error *error)
{
    struct stir_error trouble;

    error_clear(&trouble);
    cache_each(listing->memory->cache, add_kept, listing);
    struct store *store = cache_file_store(&listing->memory->file, &trouble);
    int rc = trouble.code == 0 ? 0 : error_copy(error, &trouble);
    if (store != NULL)
        rc = store_each(store, add_stored, listing, NULL, error);
    store_free(store);
    return listing->rc == 0 ? rc : error_no_memory(error);
}

struct stir_rows *cache_rows(struct memory *memory, const struct cache_policy *policy,
                             struct stir_error *error)
{
    struct listing listing = {rows_new(columns), memory, policy, 0};

    if (listing.rows == NULL) {
        error_no_memory(error);
        return NULL;
    }
    if (add_all(&listing, error) == 0) {
        rows_sort(listing.rows, URL);
        return listing.rows;
    }
    stir_rows_free(listing.rows);
    return NULL;
}
