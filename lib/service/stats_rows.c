/* What a verifier counted, as rows that Prometheus's text format is made of. */
#include "service/cache_rows.h"

static const char *const columns[] = {"name", "labels", "value", "type", "help", NULL};

/* One row; those of a name stand together. */
struct stat {
    const char *name, *labels, *type, *help;
    uint64_t value;
};

static int add(struct stir_rows *rows, const struct stat *stat)
{
    if (rows_add(rows) < 0 || rows_set(rows, 0, stat->name) < 0
        || rows_set(rows, 1, stat->labels) < 0
        || rows_setf(rows, 2, "%llu", (unsigned long long)stat->value) < 0
        || rows_set(rows, 3, stat->type) < 0 || rows_set(rows, 4, stat->help) < 0)
        return STIR_E_NOMEM;
    return 0;
}

static int add_all(struct stir_rows *rows, const struct stat *stats, size_t n)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add(rows, &stats[i]);
    return rc;
}

static int add_cache(struct stir_rows *rows, struct cache *cache)
{
    static const char looked[] = "Look-ups of URLs by what was found.";
    static const char came[] = "Responses by what they brought.";
    struct cache_counts n;

    cache_count(cache, &n);
    const struct stat stats[] = {
        {"stir_cache_lookups_total", "{result=\"fresh\"}", "counter", looked, n.hits},
        {"stir_cache_lookups_total", "{result=\"stale\"}", "counter", looked, n.stale},
        {"stir_cache_lookups_total", "{result=\"file\"}", "counter", looked, n.loaded},
        {"stir_cache_lookups_total", "{result=\"failed\"}", "counter", looked, n.failed},
        {"stir_cache_lookups_total", "{result=\"miss\"}", "counter", looked, n.misses},
        {"stir_cache_responses_total", "{result=\"new\"}", "counter", came, n.put},
        {"stir_cache_responses_total", "{result=\"same\"}", "counter", came, n.revalidated},
        {"stir_cache_responses_total", "{result=\"failed\"}", "counter", came, n.failures},
        {"stir_cache_evicted_total", "", "counter", "Entries pushed out by others.", n.evicted},
        {"stir_cache_urls", "", "gauge", "URLs that gave something.", n.urls},
        {"stir_cache_bodies", "", "gauge", "Different bodies kept.", n.bodies},
        {"stir_cache_body_octets", "", "gauge", "Octets of them.", n.body_octets},
        {"stir_cache_failures", "", "gauge", "URLs remembered as failed.", n.failures_kept},
        {"stir_cache_known_hosts", "", "gauge", "Hosts that served a good path.", n.hosts},
    };

    return add_all(rows, stats, sizeof stats / sizeof *stats);
}

static int add_flights(struct stir_rows *rows, struct flights *flights)
{
    static const char wanted[] = "URLs that had to be fetched, by what came of it at first.";
    struct flights_counts n;

    flights_count(flights, &n);
    const struct stat stats[] = {
        {"stir_fetches_wanted_total", "{result=\"begun\"}", "counter", wanted, n.begun},
        {"stir_fetches_wanted_total", "{result=\"joined\"}", "counter", wanted, n.joined},
        {"stir_fetches_wanted_total", "{result=\"refused\"}", "counter", wanted, n.refused},
        {"stir_fetches_wanted_total", "{result=\"full\"}", "counter", wanted, n.full},
        {"stir_fetches_taken_over_total", "", "counter",
         "Fetches of a loop not driven any more.", n.taken_over},
        {"stir_fetches_running", "", "gauge", "Fetches under way.", n.running},
        {"stir_fetches_waiting", "", "gauge", "Fetches that wait for a slot.", n.waiting},
    };

    return add_all(rows, stats, sizeof stats / sizeof *stats);
}

/* Is the file of key cache_file in use? No row where there is no such key. */
static int add_file(struct stir_rows *rows, struct cache_file *file)
{
    struct stir_error trouble;

    error_clear(&trouble);
    struct store *store = cache_file_store(file, &trouble);
    const struct stat stat = {"stir_cache_file_up", "", "gauge",
                              "Whether the file of key cache_file is in use.", store != NULL};
    store_free(store);
    return store == NULL && trouble.code == 0 ? 0 : add(rows, &stat);
}

struct stir_rows *stats_rows(struct memory *memory, struct stir_error *error)
{
    struct stir_rows *rows = rows_new(columns);

    if (rows != NULL && add_cache(rows, memory->cache) == 0
        && add_flights(rows, memory->flights) == 0 && add_file(rows, &memory->file) == 0)
        return rows;
    stir_rows_free(rows);
    error_no_memory(error);
    return NULL;
}
