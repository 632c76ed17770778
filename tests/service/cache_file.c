/* service/cache_file: what the cache's file brings and keeps (policy cache_file), what it never
   does, and the listings of what there is. */
#include "service/cache_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/http_meta.h"
#include "service/retrieval.h"
#include "service/verifier.h"
#include "tests/help.h"
#include "tests/mint.h"
#include "tests/tool.h"
#include "stir.h"

static const char url[] = "https://a.example/c.pem";
static char *folder, path[256];
static struct snapshot *snapshot;
static int64_t now = 1800000000;

static int64_t clock_of_test(void *arg)
{
    (void)arg;
    return now;
}

static void begin(void)
{
    folder = tool_folder();
    snprintf(path, sizeof path, "%s/cache", folder);
    snapshot = snapshot_default();
}

static void end(void)
{
    snapshot_free(snapshot);
    tool_folder_remove(folder);
}

TestSuite(cache_file, .init = begin, .fini = end);

static struct memory *with_file(void)
{
    struct memory *memory = memory_new();

    memory->clock = clock_of_test;
    cr_assert_eq(cache_file_use(&memory->file, path), 0);
    return memory;
}

static void put(struct memory *memory, const char *text, const char *cache_control)
{
    struct http_meta meta = {0};
    struct body *body = body_new(text, strlen(text));
    struct cache_hit hit;

    http_meta_add(&meta, "cache-control", 13, cache_control, strlen(cache_control));
    http_meta_add(&meta, "etag", 4, "\"1\"", 3);
    cr_assert_eq(retrieval_put(memory, &snapshot->policy.cache, FETCH_CERTIFICATES, url,
                               &(struct cache_response){200, &meta, body, now, now}, &hit),
                 0);
    cache_hit_clear(&hit);
    body_free(body);
}

static enum cache_state find(struct memory *memory, struct cache_hit *hit)
{
    struct cache_hit own;

    if (hit == NULL)
        hit = &own;
    cr_assert_eq(retrieval_find(memory, snapshot, FETCH_CERTIFICATES, url, hit), 0);
    enum cache_state state = hit->state;
    if (hit == &own)
        cache_hit_clear(&own);
    return state;
}

static const char *list_of_one(void)
{
    static const char *pem;

    if (pem == NULL)
        pem = mint_pem_list(mint_make(&mint_delegate, &mint_spc_ca), NULL);
    return pem;
}

/* What one process got another has, with the life that it had, and then asks for again by its
   tag. */
Test(cache_file, from_another)
{
    struct memory *one = with_file();
    struct cache_validators validators;
    struct cache_counts counts;
    struct cache_hit hit;

    put(one, list_of_one(), "max-age=172800");
    memory_free(one);
    now += 86400;
    struct memory *other = with_file();
    cr_expect_eq(find(other, &hit), CACHE_FRESH);
    cr_expect_eq(hit.fetched, now - 86400);
    cr_expect_eq(hit.expires, now + 86400);
    cr_expect_eq(hit.body->len, strlen(list_of_one()));
    cache_hit_clear(&hit);
    /* One look-up, and no response: the next one is answered from memory. */
    cache_count(other->cache, &counts);
    cr_expect(counts.loaded == 1 && counts.hits == 0 && counts.misses == 0 && counts.put == 0);
    cr_expect_eq(find(other, NULL), CACHE_FRESH);
    cache_count(other->cache, &counts);
    cr_expect(counts.loaded == 1 && counts.hits == 1 && counts.misses == 0 && counts.put == 0);
    memory_free(other);
    now += 86400;
    other = with_file();
    cr_expect_eq(find(other, NULL), CACHE_OLD);
    cache_count(other->cache, &counts);
    cr_expect(counts.loaded == 0 && counts.misses == 1, "old, in the file too");
    cr_expect(cache_validators(other->cache, FETCH_CERTIFICATES, url, &validators));
    cr_expect_str_eq(validators.etag, "\"1\"");
    memory_free(other);
}

/* R9111-1: no-store is not stored; and no failure, and no rubbish is. */
Test(cache_file, not_kept)
{
    struct memory *one = with_file(), *other;
    struct cache_hit hit;

    put(one, list_of_one(), "no-store");
    memory_free(one);
    other = with_file();
    cr_expect_eq(find(other, NULL), CACHE_MISS);
    put(other, "<html>", "");
    retrieval_fail(other, FETCH_CERTIFICATES, url, STIR_FAILURE_TLS, NULL, &hit);
    cache_hit_clear(&hit);
    memory_free(other);
    one = with_file();
    cr_expect_eq(find(one, NULL), CACHE_MISS);
    memory_free(one);
}

/* What another process got in the meantime serves here too, where it expired or failed; what is
   there already is no news, so that a body in doubt is fetched again. */
Test(cache_file, from_another_since)
{
    struct memory *one = with_file(), *other = with_file();
    struct cache_hit hit;

    retrieval_fail(one, FETCH_CERTIFICATES, url, STIR_FAILURE_TIMEOUT, "slow", &hit);
    cache_hit_clear(&hit);
    cr_expect_eq(find(one, NULL), CACHE_FAILED);
    put(other, list_of_one(), "");
    cache_file_flush(other, true, NULL);
    cr_expect_eq(find(one, &hit), CACHE_FRESH, "after a failure");
    retrieval_doubt(one, FETCH_CERTIFICATES, url, hit.body->sha256);
    cache_hit_clear(&hit);
    now += 300;
    cr_expect_eq(find(one, NULL), CACHE_OLD, "in doubt");
    put(other, list_of_one(), "");
    cache_file_flush(other, true, NULL);
    cr_expect_eq(find(one, NULL), CACHE_FRESH, "got again by another");
    now += 86400;
    cr_expect_eq(find(one, NULL), CACHE_OLD);
    retrieval_fail(one, FETCH_CERTIFICATES, url, STIR_FAILURE_TIMEOUT, "slow", &hit);
    cache_hit_clear(&hit);
    cr_expect_eq(find(one, NULL), CACHE_STALE);
    put(other, list_of_one(), "");
    cache_file_flush(other, true, NULL);
    cr_expect_eq(find(one, NULL), CACHE_FRESH, "stale here");
    memory_free(one);
    memory_free(other);
}

/* Rubbish in the file is not there, and does not hinder a fetch. */
Test(cache_file, rubbish_in_it)
{
    struct store *store = store_open(path, NULL);
    struct store_record record = {.url = url, .requested = now, .received = now};

    record.body = body_new("<html>", 6);
    cr_assert_eq(store_put(store, &record, NULL), 0);
    body_free(record.body);
    store_flush(store, NULL);
    store_free(store);
    struct memory *memory = with_file();
    cr_expect_eq(find(memory, NULL), CACHE_MISS);
    put(memory, list_of_one(), "");
    cr_expect_eq(find(memory, NULL), CACHE_FRESH);
    memory_free(memory);
}

/* Policy judges the URL first: a file does not make an http URL good. */
Test(cache_file, refused_url)
{
    struct store *store = store_open(path, NULL);
    struct store_record record = {
        .url = "http://a.example/c.pem", .requested = now, .received = now};
    struct cache_hit hit;

    record.body = body_new(list_of_one(), strlen(list_of_one()));
    store_put(store, &record, NULL);
    body_free(record.body);
    store_free(store);
    struct memory *memory = with_file();
    retrieval_find(memory, snapshot, FETCH_CERTIFICATES, record.url, &hit);
    cr_expect_eq(hit.state, CACHE_FAILED);
    cr_expect_eq(hit.failure.code, STIR_CODE_X5U_REFUSED);
    cache_hit_clear(&hit);
    memory_free(memory);
}

/* Commits are gathered. */
Test(cache_file, flush)
{
    struct memory *memory = with_file();
    struct store *store = cache_file_store(&memory->file, NULL);

    put(memory, list_of_one(), "");
    cr_expect_eq(cache_file_flush(memory, false, NULL), 0);
    cr_expect_not(store_is_waiting(store), "the first at once");
    put(memory, list_of_one(), "");
    now += 4;
    cache_file_flush(memory, false, NULL);
    cr_expect(store_is_waiting(store));
    now += 1;
    cache_file_flush(memory, false, NULL);
    cr_expect_not(store_is_waiting(store));
    put(memory, list_of_one(), "");
    cache_file_flush(memory, true, NULL);
    cr_expect_not(store_is_waiting(store));
    store_free(store);
    memory_free(memory);
}

static struct stir_verifier *verifier_with(const char *file)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error = {0};

    cr_assert_eq(stir_config_set(config, "cache_file", file, &error), 0, "%s", error.text);
    cr_expect_str_eq(stir_config_get(config, "cache_file"), file);
    struct stir_verifier *verifier = stir_verifier_new(config, &error);
    cr_assert_not_null(verifier, "%s", error.text);
    stir_config_free(config);
    return verifier;
}

static void fill(void)
{
    struct memory *memory = with_file();

    put(memory, list_of_one(), "");
    memory_free(memory);
}

/* Key cache_file is obeyed: a listing has what is in the file, forgetting takes it out. */
Test(cache_file, list_and_forget)
{
    struct stir_error error = {0};
    char octets[24];

    fill();
    struct stir_verifier *verifier = verifier_with(path);
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_CACHE, &error);
    cr_assert_not_null(rows, "%s", error.text);
    cr_expect_str_eq(stir_rows_text(rows, 0, "url"), url);
    cr_expect_eq(strlen(stir_rows_text(rows, 0, "sha256")), 64);
    cr_expect_str_eq(stir_rows_text(rows, 0, "fetched"), "2027-01-15T08:00:00Z");
    cr_expect_str_eq(stir_rows_text(rows, 0, "expires"), "2027-01-16T08:00:00Z");
    cr_expect_str_eq(stir_rows_text(rows, 0, "used"), "");
    cr_expect_str_eq(stir_rows_text(rows, 0, "code"), "");
    cr_expect_str_eq(stir_rows_text(rows, 0, "kind"), "certificates");
    snprintf(octets, sizeof octets, "%zu", strlen(list_of_one()));
    cr_expect_str_eq(stir_rows_text(rows, 0, "octets"), octets);
    cr_expect_null(stir_rows_text(rows, 1, "url"));
    stir_rows_free(rows);
    cr_expect_eq(stir_verifier_forget(verifier, "https://b.example/", &error), 0);
    cr_expect_eq(stir_verifier_forget(verifier, url, &error), 0, "%s", error.text);
    rows = stir_verifier_list(verifier, STIR_LIST_CACHE, &error);
    cr_expect_null(stir_rows_text(rows, 0, "url"));
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    fill();
    verifier = verifier_with(path);
    cr_expect_eq(stir_verifier_forget(verifier, NULL, &error), 0);
    stir_verifier_free(verifier);
    struct memory *memory = with_file();
    cr_expect_eq(find(memory, NULL), CACHE_MISS);
    memory_free(memory);
}

static const char *value_of(const struct stir_rows *rows, const char *name, const char *labels)
{
    const char *found;

    for (size_t i = 0; (found = stir_rows_text(rows, i, "name")) != NULL; i++)
        if (strcmp(found, name) == 0 && strcmp(stir_rows_text(rows, i, "labels"), labels) == 0)
            return stir_rows_text(rows, i, "value");
    return "none";
}

/* A file of others is refused when it is set; one that is damaged is done without, and said. */
Test(cache_file, trouble)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error = {0};

    fill();
    chmod(path, 0620);
    cr_expect_eq(stir_config_set(config, "cache_file", path, &error), STIR_E_FILE);
    cr_expect_not_null(strstr(error.text, "0600"), "%s", error.text);
    cr_expect_str_eq(stir_config_get(config, "cache_file"), "none");
    stir_config_free(config);
    chmod(path, 0600);
    cr_assert_eq(truncate(path, 8192), 0);
    struct stir_verifier *verifier = verifier_with(path);
    struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_STATS, &error);
    cr_expect_str_eq(value_of(rows, "stir_cache_file_up", ""), "0");
    stir_rows_free(rows);
    cr_expect_null(stir_verifier_list(verifier, STIR_LIST_CACHE, &error));
    cr_expect_eq(error.code, STIR_E_FILE);
    cr_expect_not_null(strstr(error.text, "damaged"), "%s", error.text);
    cr_expect_eq(stir_verifier_forget(verifier, url, &error), STIR_E_FILE);
    stir_verifier_free(verifier);
}

/* A reload keeps the file open, changes it, or ends its use. */
Test(cache_file, reload)
{
    struct stir_config *config = stir_config_new();
    struct stir_error error = {0};
    struct stir_rows *rows;

    fill();
    struct stir_verifier *verifier = verifier_with(path);
    stir_config_set(config, "cache_file", path, NULL);
    cr_expect_eq(stir_verifier_reload(verifier, config, &error), 0);
    rows = stir_verifier_list(verifier, STIR_LIST_CACHE, &error);
    cr_expect_not_null(stir_rows_text(rows, 0, "url"));
    stir_rows_free(rows);
    stir_config_set(config, "cache_file", "none", NULL);
    cr_expect_eq(stir_verifier_reload(verifier, config, &error), 0);
    rows = stir_verifier_list(verifier, STIR_LIST_CACHE, &error);
    cr_expect_null(stir_rows_text(rows, 0, "url"));
    stir_rows_free(rows);
    rows = stir_verifier_list(verifier, STIR_LIST_STATS, &error);
    cr_expect_str_eq(value_of(rows, "stir_cache_file_up", ""), "none");
    cr_expect_str_eq(value_of(rows, "stir_cache_urls", ""), "0");
    cr_expect_str_eq(value_of(rows, "stir_cache_lookups_total", "{result=\"fresh\"}"), "0");
    stir_rows_free(rows);
    cr_expect_null(stir_verifier_list(verifier, (enum stir_listing)99, &error));
    cr_expect_eq(error.code, STIR_E_ARGUMENT);
    stir_verifier_free(verifier);
    stir_config_free(config);
}

/* What failed is listed with its code and why. */
Test(cache_file, failures_are_listed)
{
    static const struct {
        enum stir_failure why;
        const char *code;
    } cases[] = {
        {STIR_FAILURE_TIMEOUT, "x5u-unreachable"},
        {STIR_FAILURE_ADDRESS, "x5u-refused"},
        {STIR_FAILURE_TOO_LARGE, "x5u-body"},
    };
    struct stir_verifier *verifier = verifier_with("none");
    struct cache_hit hit;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        retrieval_fail(verifier->memory, FETCH_CERTIFICATES, url, cases[i].why, "so it was",
                       &hit);
        cache_hit_clear(&hit);
        struct stir_rows *rows = stir_verifier_list(verifier, STIR_LIST_CACHE, NULL);
        cr_expect_str_eq(stir_rows_text(rows, 0, "code"), cases[i].code);
        cr_expect_str_eq(stir_rows_text(rows, 0, "detail"), "so it was");
        cr_expect_str_eq(stir_rows_text(rows, 0, "sha256"), "");
        stir_rows_free(rows);
    }
    stir_verifier_free(verifier);
}
