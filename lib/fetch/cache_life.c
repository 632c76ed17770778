/* How long things may be used, or are remembered to have failed. */
#include "fetch/cache_life.h"

#include <stdio.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

const char *fetch_kind_name(enum fetch_kind kind)
{
    static const char *const names[FETCH_KINDS] = {
        [FETCH_CERTIFICATES] = "certificates",
        [FETCH_TNAUTHLIST] = "tnauthlist",
        [FETCH_CRL] = "crl",
        [FETCH_TRUSTED_LIST] = "trusted_list",
    };

    return (unsigned)kind < FETCH_KINDS ? names[kind] : "";
}

void cache_policy_init(struct cache_policy *policy)
{
    static const struct cache_policy initial = {
        .of = {
            /* A74-3: a day where nothing or less is said, as of 24 % of live URLs. At most a week,
           since a host that says ten years must still be able to replace a list under its
           URL. */
            [FETCH_CERTIFICATES] = {DAY, 7 * DAY, HOUR},
            /* HTTP's rules, a day at most, never stale: numbers come and go. */
            [FETCH_TNAUTHLIST] = {0, DAY, 0},
            /* These say in themselves until when they hold; HTTP only says when to look again. */
            [FETCH_CRL] = {300, DAY, DAY},
            [FETCH_TRUSTED_LIST] = {300, DAY, DAY},
        }};

    *policy = initial;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* In the last tenth of its life, up to a twentieth earlier. */
static int64_t due_of(int64_t received, int64_t expires, uint64_t spread)
{
    const int64_t life = expires - received;

    if (life < 60)
        return INT64_MAX;
    return expires - life / 10 - (int64_t)(spread % (uint64_t)(life / 20));
}

struct cache_life cache_life_of(const struct cache_policy *policy, enum fetch_kind kind,
                                const struct http_meta *meta, int64_t requested,
                                int64_t received, uint64_t spread)
{
    const unsigned never_stale = HTTP_NO_STORE | HTTP_NO_CACHE | HTTP_MUST_REVALIDATE;
    const int64_t floor = policy->of[kind].floor;
    int64_t said = http_meta_lifetime(meta, received), life = CACHE_HOLD;

    if ((meta->said & (HTTP_NO_STORE | HTTP_NO_CACHE)) == 0) {
        if (said >= 0)
            life = most(life, said - http_meta_age(meta, requested, received));
        life = most(life, floor);
        life = least(life, most(policy->of[kind].ceiling, floor));
    }
    struct cache_life times = {.expires = received + life};
    times.stale_until = times.expires;
    if ((meta->said & never_stale) == 0)
        times.stale_until += policy->of[kind].stale_if_error;
    times.due = due_of(received, times.expires, spread);
    return times;
}

/* Seconds the first time, and the most: it doubles each time. */
struct life {
    int64_t least, most;
};

/* By who must act before it works again, and what trying costs. */
static struct life life_of(const struct cache_failure *failure)
{
    if (failure->code != 0) /* a file to be replaced */
        return (struct life){300, HOUR};
    if (failure->status >= 500 || failure->status == 429 || failure->status == 408)
        return (struct life){30, 600}; /* busy, by its own word */
    if (failure->status != 0) /* not there, or redirected: a file, or a URL that is wrong */
        return (struct life){300, HOUR};
    switch (failure->why) {
    case STIR_FAILURE_TIMEOUT: /* restarts and full lines pass in seconds */
    case STIR_FAILURE_CONNECT:
    case STIR_FAILURE_BROKEN:
        return (struct life){30, 600};
    case STIR_FAILURE_NAME: /* as long as name servers keep that there is none, at least */
        return (struct life){60, 600};
    case STIR_FAILURE_TLS: /* somebody must install a certificate */
    case STIR_FAILURE_ADDRESS:
    case STIR_FAILURE_ENCODING:
        return (struct life){120, HOUR};
    case STIR_FAILURE_TOO_LARGE: /* each try costs a whole download */
        return (struct life){HOUR, HOUR};
    case STIR_FAILURE_CANCELLED: /* says nothing of the URL */
        break;
    }
    return (struct life){0, 0};
}

int64_t cache_failure_life(const struct cache_failure *failure, unsigned nth)
{
    struct life life = life_of(failure);

    if (failure->retry_after > 0)
        return least(most(failure->retry_after, life.least), life.most);
    while (nth-- > 1 && life.least < life.most)
        life.least *= 2;
    return least(life.least, life.most);
}

const char *cache_failure_reason(const struct cache_failure *failure,
                                 char room[CACHE_REASON_SIZE])
{
    static const char *const kinds[] = {
        [STIR_FAILURE_CANCELLED] = "given up",       [STIR_FAILURE_TIMEOUT] = "timed out",
        [STIR_FAILURE_NAME] = "no address",          [STIR_FAILURE_ADDRESS] = "refused",
        [STIR_FAILURE_CONNECT] = "no connection",    [STIR_FAILURE_TLS] = "TLS",
        [STIR_FAILURE_TOO_LARGE] = "too large",      [STIR_FAILURE_BROKEN] = "broke off",
        [STIR_FAILURE_ENCODING] = "Content-Encoding"};

    if (*failure->sentence != '\0')
        return failure->sentence;
    if (failure->status != 0) {
        snprintf(room, CACHE_REASON_SIZE, "status %d", failure->status);
        return room;
    }
    return (unsigned)failure->why < sizeof kinds / sizeof *kinds ? kinds[failure->why] : "";
}
