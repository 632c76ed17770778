/* fetch/cache: what is served when (R9111-1, R8224-7.2-1, A74-3, A-10, A-22), and against a
   model. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/cache.h"

enum { NOW = 1800000000, MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };

static const char url[] = "https://a.example/chain.pem";
static const struct http_meta no_fields;
static const struct cache_failure timed_out = {.why = STIR_FAILURE_TIMEOUT, .sentence = "slow"};
static const struct cache_failure cancelled = {.why = STIR_FAILURE_CANCELLED};

static struct cache *cache;
static struct cache_policy policy;

static void begin(void)
{
    cache = cache_new(NULL);
    cache_policy_init(&policy);
}

static void end(void)
{
    cache_free(cache);
}

TestSuite(cache, .init = begin, .fini = end);

static void put_as(enum fetch_kind kind, const char *at, const char *text,
                   const char *cache_control, int64_t now)
{
    struct http_meta meta = {0};
    struct body *body = body_new(text, strlen(text));
    struct cache_hit hit;

    http_meta_add(&meta, "cache-control", 13, cache_control, strlen(cache_control));
    http_meta_add(&meta, "etag", 4, "\"1\"", 3);
    cr_assert_eq(cache_put(cache, kind, at, &policy,
                           &(struct cache_response){200, &meta, body, now, now}, &hit),
                 0);
    cr_expect_eq(hit.state, CACHE_FRESH, "the waiters are served, whatever may be kept");
    cr_expect_eq(hit.body, body);
    cache_hit_clear(&hit);
    body_free(body);
}

static void put(const char *text, const char *cache_control, int64_t now)
{
    put_as(FETCH_CERTIFICATES, url, text, cache_control, now);
}

static enum cache_state state_at(int64_t now)
{
    struct cache_hit hit;
    enum cache_state state = cache_find(cache, FETCH_CERTIFICATES, url, now, &hit);

    cr_expect_eq(hit.body != NULL, state == CACHE_FRESH || state == CACHE_STALE);
    cache_hit_clear(&hit);
    return state;
}

static enum cache_state fail(const struct cache_failure *failure, int64_t now)
{
    struct cache_hit hit;

    cr_assert_eq(cache_fail(cache, FETCH_CERTIFICATES, url, failure, now, &hit), 0);
    enum cache_state state = hit.state;
    cache_hit_clear(&hit);
    return state;
}

static enum cache_state same_again(int64_t now)
{
    struct cache_hit hit;

    cache_put(cache, FETCH_CERTIFICATES, url, &policy,
              &(struct cache_response){304, &no_fields, NULL, now, now}, &hit);
    enum cache_state state = hit.state;
    cache_hit_clear(&hit);
    return state;
}

/* R8224-7.2-1, A-22: the whole body, with its digest, until it expires. */
Test(cache, fresh_and_old)
{
    struct cache_hit hit;

    cr_expect_eq(state_at(NOW), CACHE_MISS);
    put("chain", "max-age=172800", NOW);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, url, NOW + DAY, &hit), CACHE_FRESH);
    cr_expect_eq(hit.body->len, 5);
    cr_expect_arr_eq(hit.body->data, "chain", 5);
    cr_expect_eq(hit.fetched, NOW);
    cr_expect_eq(hit.expires, NOW + 2 * DAY);
    cache_hit_clear(&hit);
    cr_expect_eq(state_at(NOW + 2 * DAY - 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + 2 * DAY), CACHE_OLD);
}

/* R9111-1: the key is the whole URL, and what it is fetched for. "Cache keys that collide". */
Test(cache, key)
{
    static const char *const others[] = {
        "https://a.example/chain.pe",  "https://a.example/chain.pem2",
        "https://a.example/Chain.pem", "https://a.example:443/chain.pem",
        "http://a.example/chain.pem",  "",
    };
    struct cache_hit hit;

    put("chain", "", NOW);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, others[i], NOW, &hit), CACHE_MISS,
                     "%s", others[i]);
    for (unsigned kind = 0; kind < FETCH_KINDS; kind++) {
        cr_expect_eq(cache_find(cache, (enum fetch_kind)kind, url, NOW, &hit) == CACHE_FRESH,
                     kind == FETCH_CERTIFICATES);
        cache_hit_clear(&hit);
    }
}

/* R9111-1: no-store serves who waits, and for ten seconds who comes at the same time. */
Test(cache, no_store)
{
    put("chain", "no-store", NOW);
    cr_expect_eq(state_at(NOW + CACHE_HOLD - 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + CACHE_HOLD), CACHE_OLD);
    cr_expect_eq(fail(&timed_out, NOW + CACHE_HOLD), CACHE_FAILED, "never stale");
}

/* stale_if_error: an hour for certificates, and only after a refresh failed; A-10: none for lists
   by reference. */
Test(cache, stale_if_error)
{
    struct cache_hit hit;
    const int64_t end_of_life = NOW + DAY;

    put("chain", "", NOW);
    cr_expect_eq(state_at(end_of_life), CACHE_OLD, "no failure yet");
    cr_expect_eq(fail(&timed_out, end_of_life), CACHE_STALE);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, url, end_of_life + 29, &hit),
                 CACHE_STALE);
    cr_expect_str_eq(hit.failure.sentence, "slow");
    cr_expect_eq(hit.fetched, NOW);
    cache_hit_clear(&hit);
    cr_expect_eq(state_at(end_of_life + 30), CACHE_OLD, "the failure is forgotten: try again");
    cr_expect_eq(fail(&timed_out, end_of_life + HOUR - 1), CACHE_STALE);
    cr_expect_eq(state_at(end_of_life + HOUR - 1), CACHE_STALE);
    cr_expect_eq(state_at(end_of_life + HOUR), CACHE_FAILED);

    put_as(FETCH_TNAUTHLIST, url, "list", "max-age=60", NOW);
    cache_fail(cache, FETCH_TNAUTHLIST, url, &timed_out, NOW + 60, &hit);
    cr_expect_eq(hit.state, CACHE_FAILED);
    cache_hit_clear(&hit);
}

/* A failed refresh displaces nothing. */
Test(cache, failure_beside_what_is_good)
{
    put("chain", "", NOW);
    cr_expect_eq(fail(&timed_out, NOW + 60), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + 61), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + DAY - 1), CACHE_FRESH);
}

/* A dead URL is asked for less and less; a success begins anew. */
Test(cache, failures)
{
    struct cache_hit hit;

    cr_expect_eq(fail(&timed_out, NOW), CACHE_FAILED);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, url, NOW + 29, &hit), CACHE_FAILED);
    cr_expect_eq(hit.failure.why, STIR_FAILURE_TIMEOUT);
    cr_expect_eq(hit.expires, NOW + 30);
    cr_expect_eq(state_at(NOW + 30), CACHE_MISS);
    fail(&timed_out, NOW + 30);
    cr_expect_eq(state_at(NOW + 89), CACHE_FAILED, "twice in a row: twice as long");
    cr_expect_eq(state_at(NOW + 90), CACHE_MISS);
    fail(&timed_out, NOW + 90 + HOUR + 1);
    cr_expect_eq(state_at(NOW + 90 + HOUR + 31), CACHE_MISS, "long after: the first again");
    put("chain", "", NOW + 2 * DAY);
    cache_forget(cache, url);
    fail(&timed_out, NOW + 2 * DAY);
    cr_expect_eq(state_at(NOW + 2 * DAY + 30), CACHE_MISS, "after a success: the first again");
}

Test(cache, cancelled_is_not_remembered)
{
    cr_expect_eq(fail(&cancelled, NOW), CACHE_FAILED, "but ends those who wait");
    cr_expect_eq(state_at(NOW), CACHE_MISS);
}

Test(cache, forget_failures)
{
    put("chain", "", NOW - 2 * DAY);
    fail(&timed_out, NOW);
    cr_expect_eq(state_at(NOW), CACHE_FAILED);
    cache_forget_failures(cache);
    cr_expect_eq(state_at(NOW), CACHE_OLD);
}

/* R9111-1: validators are sent back, and 304 freshens what there is. */
Test(cache, revalidation)
{
    struct cache_validators validators;

    cr_expect_not(cache_validators(cache, FETCH_CERTIFICATES, url, &validators));
    put("chain", "", NOW);
    cr_expect(cache_validators(cache, FETCH_CERTIFICATES, url, &validators));
    cr_expect_str_eq(validators.etag, "\"1\"");
    cr_expect_str_eq(validators.last_modified, "");
    cr_expect_eq(state_at(NOW + DAY), CACHE_OLD);
    fail(&timed_out, NOW + DAY);
    cr_expect_eq(same_again(NOW + DAY + 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + 2 * DAY), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + 2 * DAY + 1), CACHE_OLD);
}

/* 304 of what is gone meanwhile: to be fetched without validators. */
Test(cache, same_as_nothing)
{
    struct cache_validators validators;

    cr_expect_eq(same_again(NOW), CACHE_MISS);
    cache_free(cache);
    cache = cache_new(&(struct cache_limits){.body_octets = 1000});
    put("chain", "", NOW);
    char large[900] = "";
    memset(large, 'x', sizeof large - 1);
    put_as(FETCH_CERTIFICATES, "https://b.example/", large, "", NOW);
    cr_expect_eq(state_at(NOW), CACHE_MISS, "its body was pushed out");
    cr_expect_not(cache_validators(cache, FETCH_CERTIFICATES, url, &validators));
    cr_expect_eq(same_again(NOW), CACHE_MISS);
    cr_expect_eq(state_at(NOW), CACHE_MISS);
}

static void limit(const char *text, int64_t until, bool for_good)
{
    struct body *body = body_new(text, strlen(text));

    (for_good ? cache_limit : cache_hasten)(cache, FETCH_CERTIFICATES, url, body->sha256,
                                            until);
    body_free(body);
}

/* R9111-1: never past the signer's notAfter, whatever else is said, and whatever failed. */
Test(cache, limit)
{
    put("chain", "max-age=172800", NOW);
    limit("another", NOW + MINUTE, true);
    cr_expect_eq(state_at(NOW + HOUR), CACHE_FRESH, "it was said of another body");
    limit("chain", NOW + HOUR, true);
    limit("chain", NOW + DAY, true);
    cr_expect_eq(state_at(NOW + HOUR - 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + HOUR), CACHE_OLD);
    cr_expect_eq(fail(&timed_out, NOW + HOUR), CACHE_FAILED, "not as stale either");
    cr_expect_eq(same_again(NOW + HOUR), CACHE_FRESH, "who waits learns that it is the same");
    cr_expect_eq(state_at(NOW + HOUR + CACHE_PAST_LIFE - 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + HOUR + CACHE_PAST_LIFE), CACHE_OLD);
    put("renewed", "", NOW + HOUR);
    cr_expect_eq(state_at(NOW + DAY), CACHE_FRESH, "the limit was the old body's");
}

Test(cache, hasten)
{
    put("chain", "", NOW);
    limit("chain", NOW + HOUR, false);
    cr_expect_eq(state_at(NOW + HOUR - 1), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + HOUR), CACHE_OLD);
    cr_expect_eq(fail(&timed_out, NOW + HOUR), CACHE_FAILED, "not as stale either");
    cr_expect_eq(same_again(NOW + HOUR), CACHE_FRESH);
    cr_expect_eq(state_at(NOW + HOUR + DAY - 1), CACHE_FRESH, "it was for that life");
}

/* The clock was set back: nobody knows how old it is. */
Test(cache, clock_set_back)
{
    put("chain", "", NOW);
    cr_expect_eq(state_at(NOW - CACHE_HOLD), CACHE_FRESH);
    cr_expect_eq(state_at(NOW - CACHE_HOLD - 1), CACHE_OLD);
    cache_forget(cache, NULL);
    fail(&timed_out, NOW);
    cr_expect_eq(state_at(NOW - CACHE_HOLD - 1), CACHE_MISS);
}

Test(cache, forget)
{
    struct cache_counts counts;

    put("chain", "", NOW);
    put_as(FETCH_TNAUTHLIST, url, "list", "max-age=60", NOW);
    put_as(FETCH_CERTIFICATES, "https://b.example/", "b", "", NOW);
    cache_forget(cache, url);
    cr_expect_eq(state_at(NOW), CACHE_MISS);
    cache_count(cache, &counts);
    cr_expect_eq(counts.urls, 1);
    cache_forget(cache, NULL);
    cache_count(cache, &counts);
    cr_expect_eq(counts.urls + counts.bodies + counts.failures_kept, 0);
}

/* A URL too long to be kept is fetched each time; the longest that fits is kept. */
Test(cache, long_url)
{
    char text[CACHE_URL_SIZE + 2];
    struct cache_hit hit;

    memset(text, 'a', sizeof text);
    text[CACHE_URL_MOST + 1] = '\0';
    put_as(FETCH_CERTIFICATES, text, "chain", "", NOW);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, text, NOW, &hit), CACHE_MISS);
    cr_expect_eq(cache_fail(cache, FETCH_CERTIFICATES, text, &timed_out, NOW, NULL), 0);
    text[CACHE_URL_MOST] = '\0';
    put_as(FETCH_CERTIFICATES, text, "chain", "", NOW);
    cr_expect_eq(cache_find(cache, FETCH_CERTIFICATES, text, NOW, &hit), CACHE_FRESH);
    cache_hit_clear(&hit);
}

static const char *numbered(char room[64], const char *what, int i)
{
    snprintf(room, 64, "https://%s.example/%d.pem", what, i);
    return room;
}

/* 100,000 URLs with one body, each called twice at most once, do not push out 1,000 that serve
   calls; nor do 100,000 that fail. */
Test(cache, flood)
{
    struct cache_counts counts;
    struct cache_hit hit;
    char room[64];
    int fresh = 0;

    for (int i = 0; i < 1000; i++) {
        put_as(FETCH_CERTIFICATES, numbered(room, "real", i), room, "", NOW);
        cache_find(cache, FETCH_CERTIFICATES, room, NOW, &hit);
        cache_hit_clear(&hit);
    }
    for (int i = 0; i < 100000; i++) {
        put_as(FETCH_CERTIFICATES, numbered(room, "flood", i), "one body", "", NOW);
        cache_fail(cache, FETCH_CERTIFICATES, numbered(room, "dead", i), &timed_out, NOW, NULL);
    }
    for (int i = 0; i < 1000; i++) {
        fresh += cache_find(cache, FETCH_CERTIFICATES, numbered(room, "real", i), NOW, &hit)
                 == CACHE_FRESH;
        cache_hit_clear(&hit);
    }
    cr_expect_eq(fresh, 1000, "%d", fresh);
    cache_count(cache, &counts);
    cr_expect_eq(counts.urls, CACHE_URLS);
    cr_expect_eq(counts.failures_kept, CACHE_FAILURES);
    cr_expect_eq(counts.bodies, 1001, "one body is kept once");
}

/* Bodies are bounded in octets. */
Test(cache, octets)
{
    struct cache_counts counts;
    char room[64], text[10000];

    cache_free(cache);
    cache = cache_new(&(struct cache_limits){.body_octets = 1000 * 1000});
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 1000; i++) {
        text[0] = (char)('a' + i % 26);
        text[1] = (char)('a' + i / 26);
        put_as(FETCH_CERTIFICATES, numbered(room, "large", i), text, "", NOW);
        cache_count(cache, &counts);
        cr_assert_leq(counts.body_octets, 1000 * 1000);
    }
    cr_expect_gt(counts.bodies, 90);
}

Test(cache, hosts)
{
    char name[300];

    cr_expect_not(cache_host_is_known(cache, "a.example"));
    cache_know_host(cache, "A.example");
    cache_know_host(cache, "a.example");
    cr_expect(cache_host_is_known(cache, "a.EXAMPLE"));
    cr_expect_not(cache_host_is_known(cache, "b.a.example"));
    cr_expect_not(cache_host_is_known(cache, "example"));
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    cache_know_host(cache, name);
    cr_expect_not(cache_host_is_known(cache, name));
    struct cache_counts counts;
    cache_count(cache, &counts);
    cr_expect_eq(counts.hosts, 1);
}

static int due_at(int64_t now, bool sweep)
{
    char taken[CACHE_URL_SIZE];
    enum fetch_kind kind;
    int n = 0;

    for (int i = 0; sweep && i < 64; i++)
        cache_sweep(cache, now);
    for (; cache_take_due(cache, &kind, taken); n++) {
        cr_expect_str_eq(taken, url);
        cr_expect_eq(kind, FETCH_CERTIFICATES);
    }
    return n;
}

/* Refresh ahead: what was used since it came, once, and by its use or by the sweep. */
Test(cache, due)
{
    const int64_t late = NOW + DAY - DAY / 10;

    put("chain", "", NOW);
    cr_expect_eq(due_at(late, true), 0, "not used since");
    state_at(NOW + 60);
    cr_expect_eq(due_at(NOW + 61, true), 0, "too early");
    cr_expect_eq(due_at(late, true), 1, "used long ago, found by the sweep");
    cr_expect_eq(due_at(late, true), 0, "queued already");
    state_at(late + 59);
    cr_expect_eq(due_at(late + 59, false), 0);
    state_at(late + 60);
    cr_expect_eq(due_at(late + 60, false), 1, "who took it is gone: found by its use");
    fail(&(struct cache_failure){.why = STIR_FAILURE_TLS}, late + 61);
    cr_expect_eq(due_at(late + 120, true), 0, "the refresh failed: not yet again");
    cr_expect_eq(due_at(late + 61 + 120, true), 1);
    same_again(late + 200);
    cr_expect_eq(due_at(late + DAY - DAY / 10, true), 0, "not used since it came again");
    cr_expect_eq(due_at(late + 200 + DAY, true), 0, "nor after it expired");
}

static bool add_up(void *arg, const struct cache_row *row)
{
    int *seen = arg;

    if (row->failure != NULL) {
        seen[1]++;
        cr_expect_null(row->sha256);
        cr_expect_eq(row->failure->why, STIR_FAILURE_TIMEOUT);
    } else {
        seen[0]++;
        cr_expect_str_eq(row->url, url);
        cr_expect_eq(row->octets, 5);
        cr_expect_eq(row->uses, 2);
        cr_expect_eq(row->used, NOW + 2);
        cr_expect_eq(row->expires, NOW + HOUR);
    }
    return true;
}

Test(cache, rows_and_counts)
{
    struct cache_counts counts;
    int seen[2] = {0};

    put("chain", "", NOW);
    limit("chain", NOW + HOUR, true);
    state_at(NOW + 1);
    state_at(NOW + 2);
    cache_fail(cache, FETCH_CERTIFICATES, "https://b.example/", &timed_out, NOW, NULL);
    cache_each(cache, add_up, seen);
    cr_expect_eq(seen[0], 1);
    cr_expect_eq(seen[1], 1);
    cache_count(cache, &counts);
    cr_expect_eq(counts.hits, 2);
    cr_expect_eq(counts.put, 1);
    cr_expect_eq(counts.failures, 1);
    cr_expect_eq(counts.misses + counts.stale + counts.failed + counts.revalidated, 0);
}

/* What is known of a URL, kept without any map. */
struct model {
    bool there;
    int body;
    int64_t received, expires, stale_until, limit;
    bool failed;
    int64_t failed_at, failed_until;
    unsigned nth;
};

static int64_t model_until(const struct model *m, int64_t until)
{
    int64_t limit = m->limit > m->received ? m->limit : m->received + CACHE_PAST_LIFE;

    return limit < until ? limit : until;
}

static enum cache_state model_state(const struct model *m, int64_t now)
{
    bool failed = m->failed && now < m->failed_until;

    if (m->there && now < model_until(m, m->expires))
        return CACHE_FRESH;
    if (failed && m->there && now < model_until(m, m->stale_until))
        return CACHE_STALE;
    return failed ? CACHE_FAILED : m->there ? CACHE_OLD : CACHE_MISS;
}

static const char *const controls[] = {
    "",           "max-age=100",     "max-age=172800",
    "no-store",   "no-cache",        "max-age=90000, must-revalidate",
    "s-maxage=5", "max-age=9999999", "private"};
static const struct cache_failure kinds[] = {{.why = STIR_FAILURE_TIMEOUT},
                                             {.why = STIR_FAILURE_CANCELLED},
                                             {.status = 404},
                                             {.why = STIR_FAILURE_TOO_LARGE}};

static void model_put(struct model *m, const char *at, int which, unsigned control, int64_t now)
{
    struct http_meta meta = {0};
    char text[16];

    snprintf(text, sizeof text, "body %d", which);
    put_as(FETCH_CERTIFICATES, at, text, controls[control], now);
    http_meta_add(&meta, "cache-control", 13, controls[control], strlen(controls[control]));
    struct cache_life life = cache_life_of(&policy, FETCH_CERTIFICATES, &meta, now, now, 0);
    if (!m->there || m->body != which)
        m->limit = INT64_MAX;
    m->there = true;
    m->body = which;
    m->received = now;
    m->expires = life.expires;
    m->stale_until = life.stale_until;
    m->failed = false;
}

static void model_fail(struct model *m, const char *at, const struct cache_failure *failure,
                       int64_t now)
{
    cache_fail(cache, FETCH_CERTIFICATES, at, failure, now, NULL);
    if (cache_failure_life(failure, 1) == 0)
        return;
    m->nth = !m->failed || m->failed_until + HOUR < now ? 1 : m->nth + 1;
    m->failed = true;
    m->failed_at = now;
    m->failed_until = now + cache_failure_life(failure, m->nth);
}

static void model_limit(struct model *m, const char *at, int which, int64_t until)
{
    char text[16];

    snprintf(text, sizeof text, "body %d", which);
    struct body *body = body_new(text, strlen(text));
    cache_limit(cache, FETCH_CERTIFICATES, at, body->sha256, until);
    body_free(body);
    if (m->there && m->body == which && until < m->limit)
        m->limit = until;
}

/* 50,000 random steps on ten URLs. */
Test(cache, random)
{
    enum { URLS = 10 };
    struct model models[URLS] = {{0}};
    unsigned seed = 11;
    int64_t now = NOW;
    char at[64], text[16];
    int seen[5] = {0};

    for (int step = 0; step < 50000; step++) {
        const int u = rand_r(&seed) % URLS, which = rand_r(&seed) % 3;
        struct model *m = &models[u];
        struct cache_hit hit;
        numbered(at, "random", u);
        now += rand_r(&seed) % 10 == 0 ? rand_r(&seed) % (2 * HOUR) : rand_r(&seed) % 20;
        switch (rand_r(&seed) % 12) {
        case 0:
            model_put(m, at, which,
                      (unsigned)rand_r(&seed) % (sizeof controls / sizeof *controls), now);
            break;
        case 1:
            model_fail(m, at, &kinds[(unsigned)rand_r(&seed) % 4], now);
            break;
        case 2:
            model_limit(m, at, which, now + rand_r(&seed) % DAY - HOUR);
            break;
        case 3:
            if (rand_r(&seed) % 10 == 0) {
                cache_forget(cache, at);
                *m = (struct model){0};
            }
            break;
        }
        enum cache_state state = cache_find(cache, FETCH_CERTIFICATES, at, now, &hit);
        seen[state]++;
        cr_assert_eq(state, model_state(m, now), "step %d: %d, not %d", step, state,
                     model_state(m, now));
        if (hit.body != NULL) {
            snprintf(text, sizeof text, "body %d", m->body);
            cr_assert_arr_eq(hit.body->data, text, hit.body->len, "step %d", step);
        }
        cache_hit_clear(&hit);
    }
    for (int i = 0; i < 5; i++)
        cr_expect_gt(seen[i], 10, "state %d was seen %d times", i, seen[i]);
}
