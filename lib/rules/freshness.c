/* Is the token fresh (R8224-6.2-4, R7519-1, A-26)? */
#include "rules/freshness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* Seconds between the two, whatever they are. */
static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

static bool is_fresh(int64_t time, int64_t now, int64_t window)
{
    return window >= 0 && distance(time, now) <= (uint64_t)window;
}

/* "2015-09-25T19:12:25Z, 61 s before now, where 60 s are allowed" */
static const char *deviation(char room[128], int64_t time, int64_t now, int64_t window)
{
    char date[CLOCK_TEXT_SIZE];

    snprintf(room, 128, "%s, %" PRIu64 " s %s now, where %" PRId64 " s are allowed",
             clock_text(date, time), distance(time, now), time < now ? "before" : "after",
             window);
    return room;
}

static int check_iat(const struct passport *passport, int64_t now,
                     const struct freshness_policy *policy, struct stir_error *error)
{
    char room[128];

    if (is_fresh(passport->iat, now, policy->window))
        return 0;
    return error_set(error, STIR_CODE_STALE_IAT, "iat is %s (RFC 8224 section 6.2 step 4)",
                     deviation(room, passport->iat, now, policy->window));
}

/* The Date is changed on the way, so that alone decides only where policy says so. One
   that is fresh and differs from iat never does: then iat is what RFC 8224 goes by. */
static int check_date(const struct passport *passport, const char *date, int64_t now,
                      const struct freshness_policy *policy, struct warnings *warnings,
                      struct stir_error *error)
{
    struct stir_error found = {0};
    char room[128], name[SHOWN_SIZE];
    int64_t time;

    if (date == NULL)
        error_set(&found, STIR_CODE_STALE_DATE, "the call has no Date (RFC 8224 section 6.1)");
    else if (clock_parse_sip_date(date, strlen(date), &time) != 0)
        error_set(&found, STIR_CODE_STALE_DATE,
                  "Date \"%s\" is no date (RFC 3261 section 20.17)",
                  shown(name, date, strlen(date)));
    else if (!is_fresh(time, now, policy->window))
        error_set(&found, STIR_CODE_STALE_DATE, "Date is %s (RFC 8224 section 6.2 step 4)",
                  deviation(room, time, now, policy->window));
    if (found.code != 0)
        return policy->require_date
                   ? error_copy(error, &found)
                   : warnings_add(warnings, WARNING_DATE_DIFFERS, "%s", found.text);
    if (time == passport->iat)
        return 0;
    return warnings_add(warnings, WARNING_DATE_DIFFERS,
                        "Date is %" PRIu64 " s %s iat (RFC 8224 section 6.2 step 4)",
                        distance(time, passport->iat),
                        time < passport->iat ? "before" : "after");
}

static int check_validity(const struct passport *passport, int64_t now,
                          struct stir_error *error)
{
    char room[CLOCK_TEXT_SIZE];

    if (passport->has_exp && now >= passport->exp)
        return error_set(error, STIR_CODE_TOKEN_EXPIRED,
                         "exp is %s, which is not after now (RFC 7519 section 4.1.4)",
                         clock_text(room, passport->exp));
    if (passport->has_nbf && now < passport->nbf)
        return error_set(error, STIR_CODE_TOKEN_NOT_YET_VALID,
                         "nbf is %s, which is after now (RFC 7519 section 4.1.5)",
                         clock_text(room, passport->nbf));
    return 0;
}

int freshness_check(const struct passport *passport, const char *date, int64_t now,
                    const struct freshness_policy *policy, struct warnings *warnings,
                    struct stir_error *error)
{
    int rc = check_iat(passport, now, policy, error);

    if (rc == 0)
        rc = check_date(passport, date, now, policy, warnings, error);
    return rc != 0 ? rc : check_validity(passport, now, error);
}

int freshness_check_unsent(const struct passport *passport, int64_t now,
                           const struct freshness_policy *policy, struct stir_error *error)
{
    int rc = check_iat(passport, now, policy, error);

    return rc != 0 ? rc : check_validity(passport, now, error);
}
