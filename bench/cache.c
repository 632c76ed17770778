/*
 * What a call whose certificates are known asks of memory: URL to body, digest to path, and is it
 * of this epoch and this time? 10,000 URLs, eight threads, none of which may wait for another: by
 * what the same costs one thread alone. Times are the processor's.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "fetch/cache.h"
#include "service/path_cache.h"
#include "tests/mint.h"
#include "stir.h"

enum { URLS = 10000, LOOK_UPS = 80000, THREADS = 8, CLOCK = 1800000000, EPOCH = 1 };

/* One look-up, at most, in seconds. */
static const double goal = 1e-6;

struct bench {
    struct cache *cache;
    struct path_cache *paths;
};

/* One of 71 octets, as real ones have. A call's own lies in the processor's cache, as it was just
   read from the token: so it is made here, and not fetched from among 10,000. */
enum { URL_SIZE = 72 };
static const char pattern[URL_SIZE] =
    "https://certificates.example.com/2026/stir/000000000000000000000000.pem";

static void set_url(char url[URL_SIZE], size_t i)
{
    for (char *digit = url + URL_SIZE - sizeof ".pem" - 1; i > 0; i /= 10)
        *digit-- = (char)('0' + i % 10);
}

static void put_path(struct bench *bench, struct body *body, const struct stir_chain *chain)
{
    struct path path = {.certificates = {chain->certificates[0]}, .n = 1, .anchored = true};
    struct path_key key = {body->sha256, body, EPOCH, MINT_NOW, CLOCK};
    struct anchors anchors = {0};
    struct warnings warnings = {0};
    struct kept_path *kept;

    measure_need(
        path_cache_put(bench->paths, &key, chain, &anchors, &path, &warnings, NULL, &kept) == 0,
        "a path");
    kept_path_free(kept);
}

/* As of a live host. */
static void say(struct http_meta *meta)
{
    static const struct {
        const char *name, *value;
    } fields[] = {
        {"Date", "Thu, 14 Jan 2027 08:25:36 GMT"},
        {"Content-Type", "application/pem-certificate-chain"},
        {"Cache-Control", "public, max-age=86400"},
        {"ETag", "\"5d8c72a5edda8d6a5f0b3b1c6b2a3d4e\""},
        {"Last-Modified", "Mon, 04 Jan 2027 10:11:12 GMT"},
    };

    *meta = (struct http_meta){0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        http_meta_add(meta, fields[i].name, strlen(fields[i].name), fields[i].value,
                      strlen(fields[i].value));
}

static void fill(struct bench *bench)
{
    const char *pem = mint_make(&mint_delegate, NULL)->pem;
    struct stir_chain *chain = stir_chain_parse(pem, STIR_NUL, NULL);
    struct cache_policy policy;
    struct http_meta meta;
    char text[3000]; /* as a list of two has */
    char url[URL_SIZE];

    cache_policy_init(&policy);
    memset(text, 'x', sizeof text);
    say(&meta);
    for (int i = 0; i < URLS; i++) {
        memcpy(url, pattern, sizeof url);
        set_url(url, (size_t)i);
        memcpy(text, &i, sizeof i);
        struct body *body = body_new_in(cache_heads(bench->cache), text, sizeof text);
        measure_need(body != NULL
                         && cache_put(bench->cache, FETCH_CERTIFICATES, url, &policy,
                                      &(struct cache_response){200, &meta, body, CLOCK, CLOCK},
                                      NULL)
                                == 0,
                     "a body");
        put_path(bench, body, chain);
        body_free(body);
    }
    stir_chain_free(chain);
}

/* As an operation does it (retrieval_find(), credential_judge_list()). */
static void look_up(struct bench *bench, size_t i)
{
    struct turn turn = {0};
    struct kept_path *kept;
    struct cache_hit hit;
    char url[URL_SIZE];

    memcpy(url, pattern, sizeof url);
    set_url(url, i);
    measure_need(cache_find(bench->cache, FETCH_CERTIFICATES, url, CLOCK + 60, &hit)
                     == CACHE_FRESH,
                 "not in the cache");
    struct path_key key = {hit.body->sha256, hit.body, EPOCH, MINT_NOW, CLOCK + 60};
    measure_need(path_cache_find(bench->paths, &key, &turn, &kept) == 1, "no path");
    kept_path_free(kept);
    cache_hit_clear(&hit);
}

struct worker {
    struct bench *bench;
    uint64_t seed;
    int n;
};

static void *work(void *arg)
{
    struct worker *worker = arg;

    for (int i = 0; i < worker->n; i++) {
        worker->seed = worker->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        look_up(worker->bench, (size_t)(worker->seed >> 33) % URLS);
    }
    return NULL;
}

static void one_thread(void *arg)
{
    struct worker worker = {arg, 1, LOOK_UPS};

    work(&worker);
}

static void eight_threads(void *arg)
{
    struct worker workers[THREADS];
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){arg, i + 1, LOOK_UPS / THREADS};
        measure_need(pthread_create(&threads[i], NULL, work, &workers[i]) == 0, "a thread");
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    struct bench *bench = calloc(1, sizeof *bench);

    measure_need(bench != NULL && (bench->cache = cache_new(NULL)) != NULL
                     && (bench->paths = path_cache_new()) != NULL,
                 "memory");
    fill(bench);
    struct contender contenders[] = {
        {"80,000 look-ups, one thread", NULL, one_thread, bench, 0, 0},
        {"80,000 look-ups, eight threads", NULL, eight_threads, bench, 2, 0},
    };
    enum { N = sizeof contenders / sizeof *contenders };
    measure(contenders, N, 11, 1);
    int missed = measure_print(contenders, N);
    const double each = contenders[1].seconds / LOOK_UPS;
    printf("  one look-up, of eight threads: %.0f ns (goal %.0f%s)\n", each * 1e9, goal * 1e9,
           each > goal ? ": MISSED" : "");
    cache_free(bench->cache);
    path_cache_free(bench->paths);
    free(bench);
    return missed | (each > goal);
}
