/* Flights: waiting in one of two queues, running in a loop, or over. */
#include "fetch/flights.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/keyed_hash.h"
#include "crypto/random.h"

enum { BUCKETS = 1024 };

/* A doubly linked list through records. */
struct list {
    struct flight_record *first, *last;
    size_t n;
};

/* One fetch, shared by the table and the holds on it. */
struct flight_record {
    unsigned references;
    struct flight_record *next;            /* in its bucket */
    struct flight_record *before, *behind; /* in its list */
    struct list *list;                     /* a queue, or running; NULL: it is over */
    uint64_t hash;
    enum fetch_kind kind;
    bool known;
    bool has_slot;
    struct slot_host *slot_host;
    struct flight_hold *hold; /* of the loop that runs it; NULL: it waits */
    int64_t joined, taken;    /* when last */
    struct flight_waiter *waiters, **last_waiter;
    const char *host;
    size_t url_len;
    char url[]; /* NUL, host, NUL */
};

/* What a loop has taken. It keeps the record, also when another loop has taken it over. */
struct flight_hold {
    struct flight open; /* first, so that it is found from there */
    struct flight_record *record;
    struct flight_loop *loop;
    struct flight_hold *next, **link; /* of the loop's */
};

enum { STRANGERS, KNOWN };

static const struct slot_fault no_fault;

struct flights {
    pthread_mutex_t lock; /* of all that follows, of records, holds, loops and waiters */
    struct slots *slots;
    uint8_t key[KEYED_HASH_KEY_SIZE];
    struct flight_record *buckets[BUCKETS];
    struct list queues[2], running;
    struct flights_counts counts;
};

static void append(struct list *list, struct flight_record *record)
{
    record->list = list;
    record->before = list->last;
    record->behind = NULL;
    *(list->last != NULL ? &list->last->behind : &list->first) = record;
    list->last = record;
    list->n++;
}

static void prepend(struct list *list, struct flight_record *record)
{
    record->list = list;
    record->before = NULL;
    record->behind = list->first;
    *(list->first != NULL ? &list->first->before : &list->last) = record;
    list->first = record;
    list->n++;
}

static void take_out(struct flight_record *record)
{
    struct list *list = record->list;

    *(record->before != NULL ? &record->before->behind : &list->first) = record->behind;
    *(record->behind != NULL ? &record->behind->before : &list->last) = record->before;
    record->list = NULL;
    list->n--;
}

static struct flight_record **bucket_of(struct flights *flights, uint64_t hash)
{
    return &flights->buckets[hash % BUCKETS];
}

static void record_free(struct flight_record *record)
{
    if (--record->references == 0)
        free(record);
}

/* It is over: nobody finds it any more. */
static void close_record(struct flights *flights, struct flight_record *record)
{
    struct flight_record **link = bucket_of(flights, record->hash);

    while (*link != record)
        link = &(*link)->next;
    *link = record->next;
    take_out(record);
    slots_host_free(flights->slots, record->slot_host);
    record->slot_host = NULL;
    record_free(record);
}

struct flights *flights_new(const struct slots_limits *limits)
{
    struct flights *flights = calloc(1, sizeof *flights);

    if (flights == NULL)
        return NULL;
    flights->slots = slots_new(limits);
    if (flights->slots == NULL || random_octets(flights->key, sizeof flights->key) < 0) {
        slots_free(flights->slots);
        free(flights);
        return NULL;
    }
    pthread_mutex_init(&flights->lock, NULL);
    return flights;
}

void flights_free(struct flights *flights)
{
    if (flights == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (flights->buckets[i] != NULL)
            close_record(flights, flights->buckets[i]);
    slots_free(flights->slots);
    pthread_mutex_destroy(&flights->lock);
    free(flights);
}

static struct flight_record *find(struct flights *flights, uint64_t hash, enum fetch_kind kind,
                                  const char *url, size_t len)
{
    struct flight_record *record = *bucket_of(flights, hash);

    while (record != NULL
           && (record->hash != hash || record->kind != kind || record->url_len != len
               || memcmp(record->url, url, len) != 0))
        record = record->next;
    return record;
}

static void add_waiter(struct flight_record *record, struct flight_waiter *waiter)
{
    waiter->record = record;
    waiter->next = NULL;
    waiter->link = record->last_waiter;
    *record->last_waiter = waiter;
    record->last_waiter = &waiter->next;
}

/* Nobody waits for it: a stranger's that had to wait too long is not worth a fetch. */
static void drop_orphans(struct flights *flights, struct list *queue, int64_t now)
{
    for (struct flight_record *record = queue->first, *behind; record != NULL;
         record = behind) {
        behind = record->behind;
        if (record->waiters == NULL && now - record->joined > FLIGHTS_ORPHAN_MS)
            close_record(flights, record);
    }
}

static struct flight_record *record_new(const char *url, size_t len, const char *host)
{
    const size_t host_len = strlen(host);
    struct flight_record *record = calloc(1, sizeof *record + len + 1 + host_len + 1);

    if (record == NULL)
        return NULL;
    record->references = 1;
    memcpy(record->url, url, len);
    memcpy(record->url + len + 1, host, host_len);
    record->host = record->url + len + 1;
    record->url_len = len;
    record->last_waiter = &record->waiters;
    return record;
}

/* 1; STIR_E_REFUSED, STIR_E_LIMIT, STIR_E_NOMEM. */
static int begin(struct flights *flights, const struct flight_record *like, const char *url,
                 const char *host, struct flight_record **record, struct slot_fault *fault)
{
    struct list *queue = &flights->queues[like->known ? KNOWN : STRANGERS];
    struct slot_host *slot_host = slots_host(flights->slots, host);
    int rc = 1;

    *record = NULL;
    if (slot_host == NULL)
        return STIR_E_NOMEM;
    if (queue->n >= FLIGHTS_WAITING)
        drop_orphans(flights, queue, like->joined);
    if (slots_left_alone(slot_host, like->joined, fault) != 0) {
        flights->counts.refused++;
        rc = STIR_E_REFUSED;
    } else if (queue->n >= FLIGHTS_WAITING) {
        flights->counts.full++;
        rc = STIR_E_LIMIT;
    } else if ((*record = record_new(url, like->url_len, host)) == NULL) {
        rc = STIR_E_NOMEM;
    }
    if (rc < 0) {
        slots_host_free(flights->slots, slot_host);
        return rc;
    }
    (*record)->hash = like->hash;
    (*record)->kind = like->kind;
    (*record)->known = like->known;
    (*record)->slot_host = slot_host;
    (*record)->next = *bucket_of(flights, like->hash);
    *bucket_of(flights, like->hash) = *record;
    append(queue, *record);
    flights->counts.begun++;
    return 1;
}

/* Its host has become known while it waits. */
static void promote(struct flights *flights, struct flight_record *record)
{
    if (record->known || record->list != &flights->queues[STRANGERS])
        return;
    take_out(record);
    record->known = true;
    append(&flights->queues[KNOWN], record);
}

int flights_join(struct flights *flights, enum fetch_kind kind, const char *url,
                 const char *host, bool known, struct flight_waiter *waiter, int64_t now,
                 struct slot_fault *fault)
{
    const size_t len = strlen(url);
    struct flight_record like = {.kind = kind,
                                 .known = known,
                                 .joined = now,
                                 .url_len = len,
                                 .hash = keyed_hash(flights->key, url, len)};
    int rc = 0;

    pthread_mutex_lock(&flights->lock);
    struct flight_record *record = find(flights, like.hash, kind, url, len);
    if (record != NULL) {
        flights->counts.joined++;
        if (known)
            promote(flights, record);
    } else {
        rc = begin(flights, &like, url, host, &record, fault);
    }
    if (record != NULL) {
        record->joined = now;
        if (waiter != NULL)
            add_waiter(record, waiter);
    }
    pthread_mutex_unlock(&flights->lock);
    return rc;
}

bool flights_leave(struct flights *flights, struct flight_waiter *waiter)
{
    pthread_mutex_lock(&flights->lock);
    struct flight_record *record = waiter->record;
    if (record != NULL) {
        *waiter->link = waiter->next;
        *(waiter->next != NULL ? &waiter->next->link : &record->last_waiter) = waiter->link;
        waiter->record = NULL;
    }
    pthread_mutex_unlock(&flights->lock);
    return record != NULL;
}

void flights_enter(struct flights *flights, struct flight_loop *loop, int64_t now)
{
    pthread_mutex_lock(&flights->lock);
    loop->driven = now;
    loop->holds = NULL;
    pthread_mutex_unlock(&flights->lock);
}

void flights_drive(struct flights *flights, struct flight_loop *loop, int64_t now)
{
    pthread_mutex_lock(&flights->lock);
    loop->driven = now;
    pthread_mutex_unlock(&flights->lock);
}

static void hold_free(struct flight_hold *hold)
{
    *hold->link = hold->next;
    if (hold->next != NULL)
        hold->next->link = hold->link;
    record_free(hold->record);
    free(hold);
}

static void give_slot(struct flights *flights, struct flight_record *record, enum slot_end end,
                      struct slot_fault fault, int64_t now)
{
    if (record->has_slot)
        slots_give(flights->slots, record->slot_host, record->known, record->taken, now, end,
                   fault);
    record->has_slot = false;
}

void flights_exit(struct flights *flights, struct flight_loop *loop, int64_t now)
{
    pthread_mutex_lock(&flights->lock);
    while (loop->holds != NULL) {
        struct flight_record *record = loop->holds->record;
        if (record->hold == loop->holds && record->list != NULL) {
            give_slot(flights, record, SLOT_NOTHING, no_fault, now);
            record->hold = NULL;
            take_out(record);
            prepend(&flights->queues[record->known ? KNOWN : STRANGERS], record);
        }
        hold_free(loop->holds);
    }
    pthread_mutex_unlock(&flights->lock);
}

/* Out of memory: it stays where it is. */
static struct flight_hold *hold_new(struct flight_record *record, struct flight_loop *loop)
{
    struct flight_hold *hold = calloc(1, sizeof *hold);

    if (hold == NULL)
        return NULL;
    hold->open = (struct flight){
        .kind = record->kind, .url = record->url, .host = record->host, .known = record->known};
    hold->record = record;
    record->references++;
    hold->loop = loop;
    hold->next = loop->holds;
    hold->link = &loop->holds;
    if (loop->holds != NULL)
        loop->holds->link = &hold->next;
    loop->holds = hold;
    return hold;
}

static bool is_left_behind(const struct flight_record *record, const struct flight_loop *loop,
                           int64_t now)
{
    const struct flight_loop *other = record->hold->loop;

    return other != loop && now - other->driven > FLIGHTS_LEASE_MS;
}

/* A flight of a loop that is no longer driven, with its slot. */
static struct flight_hold *take_over(struct flights *flights, struct flight_loop *loop,
                                     int64_t now)
{
    struct flight_record *record = flights->running.first;

    while (record != NULL && !is_left_behind(record, loop, now))
        record = record->behind;
    struct flight_hold *hold = record == NULL ? NULL : hold_new(record, loop);
    if (hold == NULL)
        return NULL;
    hold->open.refused = record->hold->open.refused;
    hold->open.fault = record->hold->open.fault;
    record->hold = hold;
    record->taken = now;
    flights->counts.taken_over++;
    return hold;
}

/* The first in turn that may run, or that is refused since its host is left alone. */
static struct flight_hold *take_next(struct flights *flights, struct list *queue,
                                     struct flight_loop *loop, int64_t now)
{
    enum slot_state state = SLOT_HOST_FULL;
    struct flight_record *record = queue->first;

    while (record != NULL) {
        state = slots_take(flights->slots, record->slot_host, record->known, now);
        if (state != SLOT_HOST_FULL)
            break;
        record = record->behind;
    }
    if (record == NULL || state == SLOT_NONE)
        return NULL;
    record->has_slot = state == SLOT_TAKEN;
    record->taken = now;
    struct flight_hold *hold = hold_new(record, loop);
    if (hold == NULL) {
        give_slot(flights, record, SLOT_NOTHING, no_fault, now);
        return NULL;
    }
    if (state == SLOT_BACK_OFF) {
        hold->open.refused = true;
        slots_left_alone(record->slot_host, now, &hold->open.fault);
        flights->counts.refused++;
    }
    take_out(record);
    append(&flights->running, record);
    record->hold = hold;
    return hold;
}

struct flight *flights_take(struct flights *flights, struct flight_loop *loop, int64_t now)
{
    pthread_mutex_lock(&flights->lock);
    loop->driven = now;
    drop_orphans(flights, &flights->queues[KNOWN], now);
    drop_orphans(flights, &flights->queues[STRANGERS], now);
    struct flight_hold *hold = take_over(flights, loop, now);
    if (hold == NULL)
        hold = take_next(flights, &flights->queues[KNOWN], loop, now);
    if (hold == NULL)
        hold = take_next(flights, &flights->queues[STRANGERS], loop, now);
    pthread_mutex_unlock(&flights->lock);
    return hold == NULL ? NULL : &hold->open;
}

int64_t flights_due(struct flights *flights, const struct flight_loop *loop)
{
    int64_t due = INT64_MAX;

    pthread_mutex_lock(&flights->lock);
    for (struct flight_record *record = flights->running.first; record != NULL;
         record = record->behind) {
        const struct flight_loop *other = record->hold->loop;
        if (other != loop && other->driven + FLIGHTS_LEASE_MS + 1 < due)
            due = other->driven + FLIGHTS_LEASE_MS + 1;
    }
    pthread_mutex_unlock(&flights->lock);
    return due;
}

/* They wait for nothing any more. */
static struct flight_waiter *hand_out(struct flight_record *record)
{
    struct flight_waiter *waiters = record->waiters;

    for (struct flight_waiter *waiter = waiters; waiter != NULL; waiter = waiter->next)
        waiter->record = NULL;
    record->waiters = NULL;
    record->last_waiter = &record->waiters;
    return waiters;
}

struct flight_waiter *flights_finish(struct flights *flights, struct flight *flight,
                                     enum slot_end end, struct slot_fault fault, int64_t now)
{
    struct flight_hold *hold = (struct flight_hold *)flight;
    struct flight_waiter *waiters = NULL;

    pthread_mutex_lock(&flights->lock);
    struct flight_record *record = hold->record;
    const bool is_over = record->list == NULL;
    if (!is_over && (record->hold == hold || end == SLOT_GOOD)) {
        waiters = hand_out(record);
        give_slot(flights, record, end, fault, now);
        close_record(flights, record);
    }
    hold_free(hold);
    pthread_mutex_unlock(&flights->lock);
    return waiters;
}

void flights_count(struct flights *flights, struct flights_counts *counts)
{
    pthread_mutex_lock(&flights->lock);
    *counts = flights->counts;
    counts->running = flights->running.n;
    counts->waiting = flights->queues[KNOWN].n + flights->queues[STRANGERS].n;
    pthread_mutex_unlock(&flights->lock);
}
