/* The store: one handle a file and process, writes that wait, records read back with care. */
#include "fetch/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "fetch/store_env.h"
#include "fetch/store_file.h"

enum {
    /* Octets that wait to be written: as the bodies of a warm-up between two flushes. */
    WAITING_MOST = 16 * 1024 * 1024,
    /* A key: the kind, and the URL or, where that is too long, its digest. */
    HASHED_KEY = 0x80
};

struct key {
    size_t len;
    uint8_t octets[STORE_KEY_MOST];
};

/* A record to be written: its octets are made then, by who may wait, since whoever puts one may
   not, and those of 16 MiB take 28 ms to copy and to hash. */
struct waiting {
    struct waiting *next;
    struct key key;
    struct store_record record; /* with references of its own */
    char *url;
    void *data;
    size_t len;
};

struct store {
    struct store *next; /* of the process's */
    atomic_uint references;
    pid_t process;
    struct file_identity identity;
    struct store_env *env;
    pthread_mutex_t lock; /* of what follows */
    struct waiting *first, **last;
    size_t octets;
    pthread_mutex_t flushing; /* one writes at a time, so that records keep their order */
    atomic_bool written;      /* since it was opened */
};

/*
 * The stores that this process has open. There is nothing else to hang this on: that a file is
 * open once is a property of the process, whatever verifiers it has.
 */
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct store *registry;
static pthread_once_t registry_once = PTHREAD_ONCE_INIT;

static void lock_registry(void)
{
    pthread_mutex_lock(&registry_lock);
}

static void unlock_registry(void)
{
    pthread_mutex_unlock(&registry_lock);
}

/* A child must not find it locked by a thread that it has not. */
static void guard_registry(void)
{
    pthread_atfork(lock_registry, unlock_registry, unlock_registry);
}

static struct store *find_open(const struct file_identity *identity)
{
    struct store *store = identity->exists ? registry : NULL;

    while (store != NULL
           && (store->process != getpid() || store->identity.device != identity->device
               || store->identity.inode != identity->inode))
        store = store->next;
    return store;
}

/* When a value came: that of a record that is damaged is the first to go. */
static int64_t time_of(const void *data, size_t len)
{
    struct store_record record;
    char *url;

    if (store_decode(data, len, NULL, &record, &url, NULL) != 0)
        return INT64_MIN;
    body_free(record.body);
    free(url);
    return record.received;
}

static struct store *store_new(const char *path, struct stir_error *error)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL) {
        error_no_memory(error);
        return NULL;
    }
    if (store_env_open(path, time_of, &store->env, error) != 0
        || store_file_judge(path, &store->identity, error) != 0) {
        store_env_close(store->env);
        free(store);
        return NULL;
    }
    atomic_init(&store->references, 1);
    store->process = getpid();
    store->last = &store->first;
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->flushing, NULL);
    return store;
}

struct store *store_open(const char *path, struct stir_error *error)
{
    struct file_identity identity;
    struct store *store = NULL;

    pthread_once(&registry_once, guard_registry);
    lock_registry();
    if (store_file_judge(path, &identity, error) == 0) {
        store = find_open(&identity);
        if (store != NULL) {
            atomic_fetch_add(&store->references, 1);
        } else if ((store = store_new(path, error)) != NULL) {
            store->next = registry;
            registry = store;
        }
    }
    unlock_registry();
    return store;
}

int store_check(const char *path, struct stir_error *error)
{
    struct file_identity identity;

    return store_file_judge(path, &identity, error);
}

struct store *store_ref(struct store *store)
{
    atomic_fetch_add(&store->references, 1);
    return store;
}

static void waiting_free(struct waiting *waiting)
{
    while (waiting != NULL) {
        struct waiting *next = waiting->next;
        body_free(waiting->record.body);
        free(waiting->url);
        free(waiting->data);
        free(waiting);
        waiting = next;
    }
}

/* In a child the parent's handle is left alone. */
static void close_store(struct store *store)
{
    if (store->process == getpid()) {
        store_flush(store, NULL);
        if (store->written)
            store_env_sync(store->env, NULL);
        store_env_close(store->env);
    }
    waiting_free(store->first);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->flushing);
    free(store);
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    lock_registry();
    const bool last = atomic_fetch_sub(&store->references, 1) == 1;
    if (last) {
        struct store **link = &registry;
        while (*link != store)
            link = &(*link)->next;
        *link = store->next;
        close_store(store);
    }
    unlock_registry();
}

static int check_process(const struct store *store, struct stir_error *error)
{
    if (store->process == getpid())
        return 0;
    return error_set(error, STIR_E_FORKED, "the cache file was opened before fork()");
}

static int key_of(enum fetch_kind kind, const char *url, struct key *key)
{
    const size_t len = strlen(url);

    key->octets[0] = (uint8_t)kind;
    if (len < STORE_KEY_MOST) {
        memcpy(key->octets + 1, url, len);
        key->len = 1 + len;
        return 0;
    }
    key->octets[0] |= HASHED_KEY;
    key->len = 1 + DIGEST_SHA256_SIZE;
    return digest_sha256(url, len, key->octets + 1);
}

/* The record is of that URL: keys of long ones are digests, and a file may hold anything. */
static int take_record(const void *data, size_t len, enum fetch_kind kind, const char *url,
                       struct cells *heads, struct store_record *record)
{
    char *found = NULL;
    int rc = store_decode(data, len, heads, record, &found, NULL);

    if (rc != 0)
        return rc == STIR_E_NOMEM ? rc : 0;
    const bool same = record->kind == kind && strcmp(found, url) == 0;
    free(found);
    record->url = url;
    if (same)
        return 1;
    body_free(record->body);
    record->body = NULL;
    return 0;
}

bool store_is_long(enum fetch_kind kind, size_t len)
{
    return kind == FETCH_TNAUTHLIST && len > STORE_LIST_MOST;
}

int store_get(struct store *store, enum fetch_kind kind, const char *url, struct cells *heads,
              struct store_record *record, struct stir_error *error)
{
    struct key key;
    void *data;
    size_t len;
    int rc = check_process(store, error);

    *record = (struct store_record){0};
    if (rc != 0)
        return rc;
    if (key_of(kind, url, &key) != 0)
        return error_no_memory(error);
    rc = store_env_read(store->env, key.octets, key.len, &data, &len, error);
    if (rc <= 0)
        return rc;
    if (store_is_long(kind, len)) {
        free(data);
        return 0;
    }
    rc = take_record(data, len, kind, url, heads, record);
    free(data);
    return rc < 0 ? error_no_memory(error) : rc;
}

/* NULL: out of memory, or it is none that the file can hold. */
static struct waiting *waiting_new(const struct store_record *record)
{
    const size_t len = strlen(record->url);
    struct waiting *waiting = len > CACHE_URL_MOST ? NULL : calloc(1, sizeof *waiting);

    if (waiting == NULL)
        return NULL;
    waiting->record = *record;
    waiting->record.body = body_ref(record->body);
    waiting->record.url = waiting->url = text_copy(record->url, len);
    if (waiting->url != NULL && key_of(record->kind, record->url, &waiting->key) == 0)
        return waiting;
    waiting_free(waiting);
    return NULL;
}

static size_t room_of(const struct waiting *waiting)
{
    return waiting->record.body->len + strlen(waiting->url) + sizeof *waiting;
}

int store_put(struct store *store, const struct store_record *record, struct stir_error *error)
{
    int rc = check_process(store, error);

    if (rc != 0)
        return rc;
    struct waiting *waiting = waiting_new(record);
    if (waiting == NULL)
        return error_no_memory(error);
    pthread_mutex_lock(&store->lock);
    /* A revocation list may be larger than the bound: one at a time. */
    const bool fits = store->octets == 0 || store->octets + room_of(waiting) <= WAITING_MOST;
    if (fits) {
        *store->last = waiting;
        store->last = &waiting->next;
        store->octets += room_of(waiting);
    }
    pthread_mutex_unlock(&store->lock);
    if (!fits)
        waiting_free(waiting);
    return 0;
}

bool store_is_waiting(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    const bool some = store->first != NULL;
    pthread_mutex_unlock(&store->lock);
    return some;
}

static struct waiting *take_waiting(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    struct waiting *first = store->first;
    store->first = NULL;
    store->last = &store->first;
    store->octets = 0;
    pthread_mutex_unlock(&store->lock);
    return first;
}

static int write_all(struct store *store, struct waiting *first, struct stir_error *error)
{
    size_t n = 0;

    for (const struct waiting *waiting = first; waiting != NULL; waiting = waiting->next)
        n++;
    if (n == 0)
        return 0;
    struct store_item *items = calloc(n, sizeof *items);
    if (items == NULL)
        return error_no_memory(error);
    n = 0;
    for (struct waiting *waiting = first; waiting != NULL; waiting = waiting->next) {
        waiting->data = store_encode(&waiting->record, &waiting->len);
        if (waiting->data == NULL) {
            free(items);
            return error_no_memory(error);
        }
        items[n++] = (struct store_item){waiting->key.octets, waiting->data, waiting->key.len,
                                         waiting->len};
    }
    store->written = true;
    int rc = store_env_write(store->env, items, n, error);
    free(items);
    return rc < 0 ? rc : 0;
}

int store_flush(struct store *store, struct stir_error *error)
{
    int rc = check_process(store, error);

    if (rc != 0)
        return rc;
    pthread_mutex_lock(&store->flushing);
    struct waiting *first = take_waiting(store);
    rc = write_all(store, first, error);
    pthread_mutex_unlock(&store->flushing);
    waiting_free(first);
    return rc;
}

int store_drop(struct store *store, const char *url, struct stir_error *error)
{
    struct store_item items[FETCH_KINDS] = {{0}};
    struct key keys[FETCH_KINDS];
    /* What waits is written first: it may be what is to go. */
    int rc = store_flush(store, error);

    if (rc != 0)
        return rc;
    store->written = true;
    if (url == NULL)
        return store_env_clear(store->env, error);
    for (unsigned kind = 0; kind < FETCH_KINDS; kind++) {
        if (key_of((enum fetch_kind)kind, url, &keys[kind]) != 0)
            return error_no_memory(error);
        items[kind] = (struct store_item){keys[kind].octets, NULL, keys[kind].len, 0};
    }
    rc = store_env_write(store->env, items, FETCH_KINDS, error);
    return rc < 0 ? rc : rc > 0;
}

struct each {
    bool (*visit)(void *arg, const struct store_record *record);
    void *arg;
    size_t damaged;
};

static bool visit_record(void *arg, const void *key, size_t key_len, const void *data,
                         size_t len)
{
    struct each *each = arg;
    struct store_record record;
    char *url;

    (void)key;
    (void)key_len;
    if (store_decode(data, len, NULL, &record, &url, NULL) != 0) {
        each->damaged++;
        return true;
    }
    bool more = each->visit(each->arg, &record);
    body_free(record.body);
    free(url);
    return more;
}

int store_each(struct store *store, bool (*visit)(void *arg, const struct store_record *record),
               void *arg, size_t *damaged, struct stir_error *error)
{
    struct each each = {visit, arg, 0};
    int rc = store_flush(store, error);

    if (rc == 0)
        rc = store_env_each(store->env, visit_record, &each, error);
    if (damaged != NULL)
        *damaged = each.damaged;
    return rc;
}
