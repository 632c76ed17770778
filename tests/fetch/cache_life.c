/* fetch/cache_life: for how long what came may be used, and a failure is remembered (R9111-1,
   A74-3, A-10). */
#include <criterion/criterion.h>
#include <string.h>

#include "fetch/cache_life.h"

enum { NOW = 1800000000, MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };

static struct http_meta cache_control(const char *value)
{
    struct http_meta meta = {0};

    if (value[0] != '\0')
        http_meta_add(&meta, "Cache-Control", 13, value, strlen(value));
    return meta;
}

static const struct {
    const char *desc, *value;
    enum fetch_kind kind;
    int64_t age, life, stale;
} lives[] = {
    {"A74-3: nothing said: a day", "", FETCH_CERTIFICATES, 0, DAY, HOUR},
    {"A74-3: less than a day said: a day", "max-age=60", FETCH_CERTIFICATES, 0, DAY, HOUR},
    {"A74-3: Age eats into less than a day: still a day from now", "max-age=90000",
     FETCH_CERTIFICATES, 80000, DAY, HOUR},
    {"more than a day said", "max-age=172800", FETCH_CERTIFICATES, 0, 2 * DAY, HOUR},
    {"R9111-1: Age counts", "max-age=172800", FETCH_CERTIFICATES, HOUR, 2 * DAY - HOUR, HOUR},
    {"ten years said: a week", "max-age=315360000", FETCH_CERTIFICATES, 0, 7 * DAY, HOUR},
    {"R9111-1: no-store is kept for calls that come together", "no-store, max-age=99999",
     FETCH_CERTIFICATES, 0, CACHE_HOLD, 0},
    {"R9111-1: no-cache is asked for again", "no-cache", FETCH_CERTIFICATES, 0, CACHE_HOLD, 0},
    {"must-revalidate is never stale", "max-age=172800, must-revalidate", FETCH_CERTIFICATES, 0,
     2 * DAY, 0},
    {"A-10: a list by reference, nothing said", "", FETCH_TNAUTHLIST, 0, CACHE_HOLD, 0},
    {"A-10: a list by reference has no floor", "max-age=60", FETCH_TNAUTHLIST, 0, MINUTE, 0},
    {"A-10: a list by reference, a day at most", "max-age=172800", FETCH_TNAUTHLIST, 0, DAY, 0},
    {"older than it may be when it comes", "max-age=60", FETCH_TNAUTHLIST, 100, CACHE_HOLD, 0},
    {"a CRL is not asked for all the time", "max-age=1", FETCH_CRL, 0, 300, DAY},
    {"a trusted list", "max-age=600", FETCH_TRUSTED_LIST, 0, 600, DAY},
};

Test(cache_life, times)
{
    struct cache_policy policy;

    cache_policy_init(&policy);
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        struct http_meta meta = cache_control(lives[i].value);
        meta.said |= HTTP_AGE;
        meta.age = lives[i].age;
        struct cache_life life = cache_life_of(&policy, lives[i].kind, &meta, NOW, NOW, 0);
        cr_expect_eq(life.expires - NOW, lives[i].life, "%s: %lld", lives[i].desc,
                     (long long)(life.expires - NOW));
        cr_expect_eq(life.stale_until - life.expires, lives[i].stale, "%s: stale %lld",
                     lives[i].desc, (long long)(life.stale_until - life.expires));
    }
}

/* A74-3 as a policy: another floor, and none; and what is above the ceiling. */
Test(cache_life, policy)
{
    static const struct {
        int64_t floor, said, life;
    } cases[] = {{0, 60, 60}, {600, 60, 600}, {600, 700, 700}, {30 * DAY, 60, 30 * DAY}};
    struct cache_policy policy;

    cache_policy_init(&policy);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_meta meta = {.said = HTTP_MAX_AGE, .max_age = cases[i].said};
        policy.of[FETCH_CERTIFICATES].floor = cases[i].floor;
        struct cache_life life = cache_life_of(&policy, FETCH_CERTIFICATES, &meta, NOW, NOW, 0);
        cr_expect_eq(life.expires - NOW, cases[i].life, "%zu: %lld", i,
                     (long long)(life.expires - NOW));
    }
}

/* Refreshed ahead in the last tenth or a little before, and not all at once. */
Test(cache_life, due)
{
    struct cache_policy policy;
    struct http_meta meta = {0};
    int64_t earliest = INT64_MAX, latest = 0;

    cache_policy_init(&policy);
    for (uint64_t spread = 0; spread < 100000; spread += 7) {
        struct cache_life life =
            cache_life_of(&policy, FETCH_CERTIFICATES, &meta, NOW, NOW, spread);
        earliest = life.due < earliest ? life.due : earliest;
        latest = life.due > latest ? life.due : latest;
    }
    cr_expect_eq(latest, NOW + DAY - DAY / 10);
    cr_expect_eq(earliest, NOW + DAY - DAY / 10 - (DAY / 20 - 1), "%lld",
                 (long long)(earliest - NOW));
    struct cache_life life = cache_life_of(&policy, FETCH_TNAUTHLIST, &meta, NOW, NOW, 5);
    cr_expect_eq(life.due, INT64_MAX, "what lives for seconds is not refreshed ahead");
}

static const struct {
    const char *desc;
    struct cache_failure failure;
    int64_t first, second, most;
} failures[] = {
    {"cancelled is not remembered", {.why = STIR_FAILURE_CANCELLED}, 0, 0, 0},
    {"timeout", {.why = STIR_FAILURE_TIMEOUT}, 30, 60, 600},
    {"connect", {.why = STIR_FAILURE_CONNECT}, 30, 60, 600},
    {"name", {.why = STIR_FAILURE_NAME}, 60, 120, 600},
    {"TLS", {.why = STIR_FAILURE_TLS}, 120, 240, HOUR},
    {"address", {.why = STIR_FAILURE_ADDRESS}, 120, 240, HOUR},
    {"too large", {.why = STIR_FAILURE_TOO_LARGE}, HOUR, HOUR, HOUR},
    {"404", {.status = 404}, 300, 600, HOUR},
    {"a redirect", {.status = 302}, 300, 600, HOUR},
    {"500", {.status = 500}, 30, 60, 600},
    {"429", {.status = 429}, 30, 60, 600},
    {"503, and its twins say when", {.status = 503}, 30, 60, 600},
    {"at once: not before the least", {.status = 503, .retry_after = 1}, 30, 30, 30},
    {"in two minutes, each time", {.status = 503, .retry_after = 120}, 120, 120, 120},
    {"in a year: not after the most", {.status = 429, .retry_after = 31536000}, 600, 600, 600},
    {"a body of no use", {.code = STIR_CODE_X5U_BODY}, 300, 600, HOUR},
};

Test(cache_life, failures)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        const struct cache_failure *failure = &failures[i].failure;
        cr_expect_eq(cache_failure_life(failure, 1), failures[i].first, "%s", failures[i].desc);
        cr_expect_eq(cache_failure_life(failure, 2), failures[i].second, "%s",
                     failures[i].desc);
        cr_expect_eq(cache_failure_life(failure, 9), failures[i].most, "%s", failures[i].desc);
        cr_expect_eq(cache_failure_life(failure, 4000000000u), failures[i].most, "%s",
                     failures[i].desc);
    }
}

Test(cache_life, names)
{
    for (unsigned kind = 0; kind < FETCH_KINDS; kind++)
        for (unsigned other = 0; other < kind; other++)
            cr_expect_str_neq(fetch_kind_name((enum fetch_kind)kind),
                              fetch_kind_name((enum fetch_kind)other));
    cr_expect_str_eq(fetch_kind_name(FETCH_KINDS), "");
}
