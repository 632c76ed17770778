/* Counting fetches, and remembering hosts that failed. */
#include "fetch/slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/keyed_hash.h"
#include "crypto/random.h"

enum { BUCKETS = 1024, NAME_MOST = 255 };

struct slot_host {
    struct slot_host *next;          /* in its bucket */
    struct slot_host *older, *newer; /* among the idle, where nobody refers to it */
    uint64_t hash;
    unsigned references;
    size_t running;
    unsigned failures; /* in a row; 0: it is well, as far as is known */
    int64_t failed, left_alone_until;
    struct slot_fault fault;
    size_t len;
    char name[];
};

struct slots {
    struct slots_limits limits;
    uint8_t key[KEYED_HASH_KEY_SIZE]; /* strangers choose the names */
    size_t running, strangers;
    struct slot_host *buckets[BUCKETS];
    struct slot_host *oldest, *newest; /* idle, remembered for having failed */
    size_t idle;
};

struct slots *slots_new(const struct slots_limits *limits)
{
    struct slots *slots = calloc(1, sizeof *slots);

    if (slots == NULL || random_octets(slots->key, sizeof slots->key) < 0) {
        free(slots);
        return NULL;
    }
    if (limits != NULL)
        slots->limits = *limits;
    if (slots->limits.all == 0)
        slots->limits.all = SLOTS_ALL;
    if (slots->limits.per_host == 0)
        slots->limits.per_host = SLOTS_PER_HOST;
    if (slots->limits.hosts == 0)
        slots->limits.hosts = SLOTS_HOSTS;
    return slots;
}

void slots_free(struct slots *slots)
{
    if (slots == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (slots->buckets[i] != NULL) {
            struct slot_host *host = slots->buckets[i];
            slots->buckets[i] = host->next;
            free(host);
        }
    free(slots);
}

static struct slot_host **bucket_of(struct slots *slots, uint64_t hash)
{
    return &slots->buckets[hash % BUCKETS];
}

static void forget(struct slots *slots, struct slot_host *host)
{
    struct slot_host **link = bucket_of(slots, host->hash);

    while (*link != host)
        link = &(*link)->next;
    *link = host->next;
    free(host);
}

static void wake_idle(struct slots *slots, struct slot_host *host)
{
    *(host->older != NULL ? &host->older->newer : &slots->oldest) = host->newer;
    *(host->newer != NULL ? &host->newer->older : &slots->newest) = host->older;
    slots->idle--;
}

static void lay_idle(struct slots *slots, struct slot_host *host)
{
    host->older = slots->newest;
    host->newer = NULL;
    *(slots->newest != NULL ? &slots->newest->newer : &slots->oldest) = host;
    slots->newest = host;
    slots->idle++;
    while (slots->idle > slots->limits.hosts) {
        struct slot_host *oldest = slots->oldest;
        wake_idle(slots, oldest);
        forget(slots, oldest);
    }
}

static struct slot_host *find(struct slots *slots, uint64_t hash, const char *name, size_t len)
{
    struct slot_host *host = *bucket_of(slots, hash);

    while (host != NULL
           && (host->hash != hash || host->len != len || memcmp(host->name, name, len) != 0))
        host = host->next;
    return host;
}

static struct slot_host *add(struct slots *slots, uint64_t hash, const char *name, size_t len)
{
    struct slot_host *host = calloc(1, sizeof *host + len);

    if (host == NULL)
        return NULL;
    host->hash = hash;
    host->len = len;
    memcpy(host->name, name, len);
    host->next = *bucket_of(slots, hash);
    *bucket_of(slots, hash) = host;
    return host;
}

struct slot_host *slots_host(struct slots *slots, const char *name)
{
    char lower[NAME_MOST];
    const size_t len = strnlen(name, NAME_MOST);

    for (size_t i = 0; i < len; i++)
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + ('a' - 'A')) : name[i];
    const uint64_t hash = keyed_hash(slots->key, lower, len);
    struct slot_host *host = find(slots, hash, lower, len);
    if (host == NULL)
        host = add(slots, hash, lower, len);
    else if (host->references == 0)
        wake_idle(slots, host);
    if (host != NULL)
        host->references++;
    return host;
}

void slots_host_free(struct slots *slots, struct slot_host *host)
{
    if (host == NULL || --host->references > 0)
        return;
    if (host->failures > 0)
        lay_idle(slots, host);
    else
        forget(slots, host);
}

int64_t slots_left_alone(const struct slot_host *host, int64_t now, struct slot_fault *fault)
{
    if (host->failures == 0 || now >= host->left_alone_until)
        return 0;
    if (fault != NULL)
        *fault = host->fault;
    return host->left_alone_until;
}

enum slot_state slots_take(struct slots *slots, struct slot_host *host, bool known, int64_t now)
{
    if (slots_left_alone(host, now, NULL) != 0)
        return SLOT_BACK_OFF;
    if (slots->running >= slots->limits.all
        || (!known && slots->strangers >= slots->limits.all / 2))
        return SLOT_NONE;
    if (host->running >= (host->failures > 0 ? 1 : slots->limits.per_host))
        return SLOT_HOST_FULL;
    host->running++;
    slots->running++;
    slots->strangers += !known;
    return SLOT_TAKEN;
}

static int64_t back_off(unsigned failures)
{
    int64_t time = SLOTS_BACK_OFF_LEAST_MS;

    while (failures-- > 1 && time < SLOTS_BACK_OFF_MOST_MS)
        time *= 2;
    return time < SLOTS_BACK_OFF_MOST_MS ? time : SLOTS_BACK_OFF_MOST_MS;
}

static void count_failure(struct slot_host *host, int64_t taken, int64_t now,
                          struct slot_fault fault)
{
    if (host->failures > 0 && taken <= host->failed)
        return; /* it ran beside the one that was counted */
    if (host->failures > 0 && now > host->left_alone_until + SLOTS_BACK_OFF_MOST_MS)
        host->failures = 0; /* that was another time */
    host->failures++;
    host->failed = now;
    host->left_alone_until = now + back_off(host->failures);
    host->fault = fault;
}

void slots_give(struct slots *slots, struct slot_host *host, bool known, int64_t taken,
                int64_t now, enum slot_end end, struct slot_fault fault)
{
    host->running--;
    slots->running--;
    slots->strangers -= !known;
    if (end == SLOT_GOOD)
        host->failures = 0;
    else if (end == SLOT_HOST_FAILED)
        count_failure(host, taken, now, fault);
}

size_t slots_running(const struct slots *slots)
{
    return slots->running;
}
