/* A dead host of a trusted list makes nobody's calls forged ones: what cannot be found out is
   indeterminate. */
#include "service/anchor_doubt.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

enum { WHY_SIZE = 200 };

/* The first URL that gave nothing; NULL: all did. */
static const struct feed_url *missing_url(const struct snapshot *snapshot)
{
    const struct feed_urls *urls = &snapshot->urls;

    for (size_t i = 0; i < urls->n; i++)
        if (urls->list[i].kind == FETCH_TRUSTED_LIST && !urls->list[i].there)
            return &urls->list[i];
    return NULL;
}

static const struct trusted_list *ended_list(const struct snapshot *snapshot, int64_t now)
{
    const struct trusted_lists *trusted = &snapshot->in_force.trusted;

    for (size_t i = 0; i < trusted->n; i++)
        if (trusted->lists[i].exp < now)
            return &trusted->lists[i];
    return NULL;
}

static void say_missing(const struct feed_url *url, struct memory *memory, char why[WHY_SIZE])
{
    char name[SHOWN_SIZE], detail[FEED_DETAIL_SIZE] = "";

    if (memory != NULL)
        feeds_detail(&memory->feeds, url, detail);
    snprintf(why, WHY_SIZE, "trusted list \"%s\" is not there yet%s%.80s",
             shown(name, url->url, strlen(url->url)), *detail != '\0' ? ": " : "", detail);
}

static void say_ended(const struct trusted_list *list, char why[WHY_SIZE])
{
    char end[CLOCK_TEXT_SIZE];

    snprintf(why, WHY_SIZE, "trusted list \"%s\" (sequence %lld) ended at %s",
             *list->source != '\0' ? list->source : "from memory", (long long)list->sequence,
             clock_text(end, list->exp));
}

/* False: none is missing. */
static bool find_missing(const struct snapshot *snapshot, struct memory *memory, int64_t now,
                         char why[WHY_SIZE])
{
    const struct feed_url *url = missing_url(snapshot);
    const struct trusted_list *ended = url == NULL ? ended_list(snapshot, now) : NULL;

    if (url != NULL)
        say_missing(url, memory, why);
    else if (ended != NULL)
        say_ended(ended, why);
    return url != NULL || ended != NULL;
}

int anchor_doubt(const struct snapshot *snapshot, struct memory *memory, int64_t now,
                 struct stir_error *finding)
{
    const int depth = finding->depth;
    char why[WHY_SIZE];

    if (finding->code != STIR_CODE_PATH_NO_ANCHOR || !find_missing(snapshot, memory, now, why))
        return finding->code;
    error_clear(finding);
    return error_set_at(finding, STIR_CODE_STATUS_UNKNOWN, depth,
                        "the path reaches no trust anchor, but %s", why);
}

int anchor_doubt_ready(const struct snapshot *snapshot, struct memory *memory, int64_t now,
                       struct stir_error *error)
{
    char why[WHY_SIZE];

    return find_missing(snapshot, memory, now, why)
               ? error_set(error, STIR_E_NOT_READY, "%s", why)
               : 0;
}
